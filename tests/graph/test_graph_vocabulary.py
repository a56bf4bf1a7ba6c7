"""The vocabulary declares every term that the schemas use, in two languages."""

from __future__ import annotations

import re

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from tests.conftest import ROOT
from tests.graph.conftest import SHAPES
from yusuan.graph.prefixes import PREFIXES, VOCABULARY, VOCABULARY_GRAPH
from yusuan.linking.candidates import settings
from yusuan.schema import catalogue

QB = rdflib.Namespace(PREFIXES["qb"])
YS = rdflib.Namespace(VOCABULARY)
PROPERTY_KINDS = {QB.DimensionProperty, QB.MeasureProperty, QB.AttributeProperty}

OBEU = "http://data.openbudgets.eu/"
SAID_ELSEWHERE = {
    "skipsLevels", "totalSpending", "totalRevenue", "drawnFrom", "functionalClassDimension",
    "functionDimension", "expenditureTypeDimension", "economicItemDimension", "fundSourceDimension",
}  # fmt: skip
"""Terms in no column of a resource: of a list (``codes.lists``), of the derived cubes and budgets."""


def used_in_schemas() -> dict[str, set[str]]:
    """Every ys: name that the schemas mention, with the resources that do."""
    used: dict[str, set[str]] = {}
    for resource in catalogue().resources:
        names = [resource.rdf_type, *(field.property_url for field in resource.fields)]
        for link in resource.links:
            names += [link.property_url, link.value_url]
        for name in names:
            if name and name.startswith("ys:"):
                used.setdefault(name.removeprefix("ys:"), set()).add(resource.name)
    for predicate in settings().predicates.values():
        if predicate.startswith(VOCABULARY):
            used.setdefault(predicate.removeprefix(VOCABULARY), set()).add("links")
    return used


@pytest.mark.parametrize(("term", "resources"), sorted(used_in_schemas().items()))
def test_a_term_of_the_schemas_is_declared(
    term: str, resources: set[str], vocabulary: rdflib.Graph
) -> None:
    where = ", ".join(sorted(resources))
    assert (YS[term], RDF.type, None) in vocabulary, (
        f"ys:{term} is used by the schema of {where} but not declared in ontology/yusuan.ttl; "
        "add it there with its labels, or correct the name in schemas/"
    )


def test_nothing_is_declared_that_nobody_uses(vocabulary: rdflib.Graph) -> None:
    declared = {
        str(term).removeprefix(VOCABULARY)
        for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
        for term in vocabulary.subjects(RDF.type, kind)
    }
    assert declared == set(used_in_schemas()) | SAID_ELSEWHERE


def test_every_term_is_explained_in_chinese_and_english(vocabulary: rdflib.Graph) -> None:
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in vocabulary.subjects(RDF.type, kind):
            for predicate in (RDFS.label, RDFS.comment):
                languages = [
                    text.language
                    for text in vocabulary.objects(term, predicate)
                    if isinstance(text, rdflib.Literal)
                ]
                assert sorted(map(str, languages)) == ["en", "zh"], f"{term} {predicate}"


def test_the_ontology_states_its_version(vocabulary: rdflib.Graph) -> None:
    assert vocabulary.value(rdflib.URIRef(VOCABULARY_GRAPH), OWL.versionInfo)


def test_each_component_of_the_structure_is_of_one_kind(vocabulary: rdflib.Graph) -> None:
    """A structure has a measure, and a component is what its property is declared to be; those
    of OpenBudgets.eu are declared there. A property is of one kind in all structures."""
    kinds = {QB.dimension: QB.DimensionProperty, QB.measure: QB.MeasureProperty,
             QB.attribute: QB.AttributeProperty}  # fmt: skip
    found: set[rdflib.term.Node] = set()
    structures = set(vocabulary.subjects(RDF.type, QB.DataStructureDefinition))
    assert len(structures) == 4
    pairs = [(each, part) for each in structures for part in vocabulary.objects(each, QB.component)]
    assert {each for each, part in pairs if part == YS.componentAmount} == structures
    for _, component in pairs:
        [(predicate, term)] = [
            (kind, o) for kind in kinds for o in vocabulary.objects(component, kind)
        ]
        if str(term).startswith(OBEU):
            continue
        declared = PROPERTY_KINDS & set(vocabulary.objects(term, RDF.type))
        assert declared == {kinds[predicate]}, term
        found.add(term)
    everything = {term for kind in PROPERTY_KINDS for term in vocabulary.subjects(RDF.type, kind)}
    assert found == everything


def test_literals_and_links_are_declared_as_such(
    vocabulary: rdflib.Graph, triples: rdflib.Graph
) -> None:
    for subject, predicate, value in triples:
        if not str(predicate).startswith(VOCABULARY):
            continue
        if not isinstance(value, rdflib.Literal):
            assert (predicate, RDF.type, OWL.ObjectProperty) in vocabulary, (subject, predicate)
        else:
            assert (predicate, RDF.type, OWL.DatatypeProperty) in vocabulary, (subject, predicate)
            expected = RDF.langString if value.language else value.datatype or rdflib.XSD.string
            assert (predicate, RDFS.range, expected) in vocabulary, (predicate, value)


def test_there_are_no_blank_nodes_in_the_vocabulary(vocabulary: rdflib.Graph) -> None:
    assert not [node for node in vocabulary.all_nodes() if isinstance(node, rdflib.BNode)]


def test_the_shapes_speak_of_declared_terms_only(vocabulary: rdflib.Graph) -> None:
    used = set(re.findall(r"\bys:(\w+)", SHAPES.read_text("utf-8")))
    assert {name for name in used if (YS[name], None, None) not in vocabulary} == set()


def test_prefixes_mean_the_same_everywhere(vocabulary: rdflib.Graph) -> None:
    for path in sorted((ROOT / "ontology").glob("*.ttl")):
        text = path.read_text("utf-8")
        for prefix, namespace in re.findall(r"@prefix ([\w-]+): <([^>]+)>", text):
            assert PREFIXES.get(prefix, namespace) == namespace, f"{path.name}: {prefix}"
    assert str(SKOS) == PREFIXES["skos"]
