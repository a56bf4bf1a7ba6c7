"""The lists as SKOS and XKOS: hierarchy, levels, validity, links."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SKOS
from rdflib.collection import Collection
from rdflib.namespace import SH

import yusuan
from tests.graph.conftest import SHAPES
from yusuan.graph.prefixes import PREFIXES, VOCABULARY

XKOS = rdflib.Namespace(PREFIXES["xkos"])
YS = rdflib.Namespace(VOCABULARY)
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def test_each_list_has_its_levels_in_order(triples: rdflib.Graph, package: yusuan.Package) -> None:
    scheme = rdflib.URIRef(f"{package.base}id/list/expenditure-function/2022")
    start = triples.value(scheme, XKOS.levels)
    assert start is not None
    levels = list(Collection(triples, start))
    assert [triples.value(level, XKOS.depth).toPython() for level in levels] == [1, 2, 3]  # type: ignore[union-attr]
    assert triples.value(scheme, XKOS.numberOfLevels).toPython() == 3  # type: ignore[union-attr]
    members = [set(triples.objects(level, SKOS.member)) for level in levels]
    assert set().union(*members) == set(triples.subjects(SKOS.inScheme, scheme))


def test_narrower_is_broader_turned_round(triples: rdflib.Graph) -> None:
    down = set(triples.subject_objects(SKOS.narrower))
    assert down == {(above, below) for below, above in triples.subject_objects(SKOS.broader)}
    tops = set(triples.subject_objects(SKOS.topConceptOf))
    assert tops == {(top, scheme) for scheme, top in triples.subject_objects(SKOS.hasTopConcept)}


def test_a_function_matches_its_cofog_concept(
    triples: rdflib.Graph, package: yusuan.Package
) -> None:
    function = rdflib.URIRef(f"{package.base}id/code/expenditure-function/2022-20805")
    target = rdflib.URIRef(f"{package.base}id/code/cofog/1999-10.2")
    assert (function, SKOS.closeMatch, target) in triples
    [association] = triples.subjects(XKOS.sourceConcept, function)
    assert (association, RDF.type, XKOS.ConceptAssociation) in triples
    assert (association, XKOS.targetConcept, target) in triples
    item = rdflib.URIRef(f"{package.base}id/code/expenditure-function/2022-2080505")
    assert triples.value(item, YS.cofog) == target
    assert triples.value(item, YS.validFrom).toPython() == rdflib.Literal("2018", datatype=rdflib.XSD.gYear).toPython()  # type: ignore[union-attr]  # fmt: skip


def test_a_department_is_in_a_county_and_a_province(triples: rdflib.Graph) -> None:
    found = triples.query(
        PREFIX
        + """SELECT ?name { ?department a org:FormalOrganization ;
        dcterms:spatial/skos:broader* ?place . ?place ys:level ?level ; skos:prefLabel ?name }
        ORDER BY ?level"""
    )
    assert [str(row[0]) for row in found] == ["新疆维吾尔自治区", "巴音郭楞蒙古自治州", "库尔勒市"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("fault", "update"),
    [
        ("cycle", "INSERT DATA { $208 skos:broader $2080505 . $2080505 skos:narrower $208 }"),
        ("orphan", "DELETE WHERE { $2080505 skos:broader ?x }"),
        ("other scheme", "DELETE { $2080505 skos:inScheme ?x } INSERT { $2080505 skos:inScheme ?y } "
                         "WHERE { $2080505 skos:inScheme ?x . ?y a skos:ConceptScheme "
                         "FILTER (?x != ?y) }"),
        ("level", "DELETE { $208 ys:level ?x } INSERT { $208 ys:level 9 } "
                  "WHERE { $208 ys:level ?x }"),
        ("two names", 'INSERT DATA { $208 skos:prefLabel "甲"@zh }'),
        ("ends twice", 'INSERT DATA { $208 ys:validTo "1990"^^xsd:gYear }'),
        ("link to nothing", "INSERT DATA { <urn:link> a xkos:ConceptAssociation }"),
        ("level without concepts", "INSERT DATA { <urn:level> a xkos:ClassificationLevel }"),
    ],
)  # fmt: skip
def test_a_list_that_is_no_tree_is_reported(
    fault: str, update: str, changeable: rdflib.Graph, package: yusuan.Package
) -> None:
    damaged = ["urn:link", "urn:level"]
    for code in ("2080505", "208"):
        term = f"{package.base}id/code/expenditure-function/2022-{code}"
        update = update.replace(f"${code}", f"<{term}>")
        damaged.append(term)
    changeable.update(PREFIX + update)
    shapes = rdflib.Graph().parse(SHAPES)
    _, report, _ = pyshacl.validate(changeable, shacl_graph=shapes, focus_nodes=damaged)
    assert isinstance(report, rdflib.Graph)
    assert list(report.objects(None, SH.result)), fault
