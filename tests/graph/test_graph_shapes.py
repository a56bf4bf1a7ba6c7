"""The SHACL shapes accept the sample, and report each of the faults they are for."""

from __future__ import annotations

import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

from tests.graph.conftest import SHAPES
from yusuan.graph.prefixes import PREFIXES, expand

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
FACT = "fact/7a12ebf01553-three-public-expenses-total"


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(SHAPES)


def faults(data: rdflib.Graph, shapes: rdflib.Graph) -> set[tuple[str, str]]:
    """Focus node (without base) and path (or "-") of everything the shapes report."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return {
        (
            str(report.value(result, SH.focusNode)).partition("/id/")[2],
            str(report.value(result, SH.resultPath) or "-"),
        )
        for result in report.objects(None, SH.result)
    }


def test_the_sample_conforms(triples: rdflib.Graph, shapes: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(triples, shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


@pytest.mark.parametrize(
    ("fault", "update", "path"),
    [
        ("no amount", "DELETE WHERE { $fact ys:amount ?x }", "ys:amount"),
        ("two amounts", "INSERT DATA { $fact ys:amount 1.5 }", "ys:amount"),
        ("amount as a double",
         "DELETE { $fact ys:amount ?x } INSERT { $fact ys:amount 965000e0 } "
         "WHERE { $fact ys:amount ?x }", "ys:amount"),
        ("blank printed",
         'DELETE { $fact ys:printed ?x } INSERT { $fact ys:printed " " } '
         "WHERE { $fact ys:printed ?x }", "ys:printed"),
        ("no cell",
         "DELETE { $fact prov:wasDerivedFrom ?x ; ys:cell ?x } WHERE { $fact ys:cell ?x }",
         "prov:wasDerivedFrom"),
        ("two cells", "INSERT DATA { $fact prov:wasDerivedFrom <urn:x> }", "prov:wasDerivedFrom"),
        ("no department", "DELETE WHERE { $fact ys:department ?x }", "ys:department"),
        ("year as a number",
         "DELETE { $fact ys:fiscalYear ?x } INSERT { $fact ys:fiscalYear 2022 } "
         "WHERE { $fact ys:fiscalYear ?x }", "ys:fiscalYear"),
        ("no phase", "DELETE WHERE { $fact ys:phase ?x }", "ys:phase"),
        ("both directions", "INSERT DATA { $fact ys:direction <urn:x> }", "ys:direction"),
        ("no unit", "DELETE WHERE { $fact ys:unitMultiplier ?x }", "ys:unitMultiplier"),
        ("no dataset", "DELETE WHERE { $fact qb:dataSet ?x }", "qb:dataSet"),
        ("no source", "DELETE WHERE { $fact prov:hadPrimarySource ?x }", "prov:hadPrimarySource"),
        ("a function no list has", "INSERT DATA { $fact ys:function <urn:x> }", "ys:function"),
    ],
)  # fmt: skip
def test_a_damaged_fact_is_reported(
    fault: str, update: str, path: str, changeable: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    [fact] = [s for s in set(changeable.subjects()) if str(s).endswith(FACT)]
    changeable.update(PREFIX + update.replace("$fact", f"<{fact}>"))
    assert (FACT, expand(path)) in faults(changeable, shapes), fault


@pytest.mark.parametrize(
    ("fault", "update", "path"),
    [
        ("cell without address", "DELETE { ?s ys:address ?x }", "ys:address"),
        ("cell without line", "DELETE { ?s ys:line ?x }", "ys:line"),
        ("cell on two lines", "INSERT { ?s ys:line 9999 }", "ys:line"),
        ("concept without code", "DELETE { ?s skos:notation ?x }", "skos:notation"),
        ("concept below two", "INSERT { ?s skos:broader <urn:x>, <urn:y> }", "skos:broader"),
        ("document without digest", "DELETE { ?s ys:sha256 ?x }", "ys:sha256"),
        ("unknown measure", 'INSERT { ?s ys:measure "ratio" }', "ys:measure"),
        ("project without year", "DELETE { ?s ys:fiscalYear ?x }", "ys:fiscalYear"),
        ("indicator of no project", "DELETE { ?s ys:project ?x }", "ys:project"),
        ("holding without source", "DELETE { ?s prov:hadPrimarySource ?x }",
         "prov:hadPrimarySource"),
        ("published table without state", "DELETE { ?s ys:state ?x }", "ys:state"),
        ("finding in one language", "DELETE { ?s rdfs:comment ?x }", "rdfs:comment"),
        ("dataset without structure", "DELETE { ?s qb:structure ?x }", "qb:structure"),
        ("budget without publisher", "DELETE { ?s dcterms:publisher ?x }", "dcterms:publisher"),
    ],
)  # fmt: skip
def test_other_damage_is_reported(
    fault: str, update: str, path: str, changeable: rdflib.Graph, shapes: rdflib.Graph
) -> None:
    """One subject of the class the fault names is damaged."""
    kinds = {
        "cell": "ys:Cell", "concept": "skos:Concept", "document": "ys:Document",
        "unknown": "ys:Claim", "project": "ys:Project", "indicator": "ys:Indicator",
        "holding": "ys:Holding", "finding": "ys:Finding", "dataset": "qb:DataSet",
        "budget": "dcat:Dataset", "published": "ys:PublishedTable",
    }  # fmt: skip
    kind = kinds[fault.split()[0]]
    scheme = "; skos:inScheme ?scheme" if kind == "skos:Concept" else ""
    chosen = f"SELECT ?s {{ ?s a {kind} {scheme} }} ORDER BY ?s LIMIT 1"
    changeable.update(f"{PREFIX}{update} WHERE {{ {{ {chosen} }} OPTIONAL {{ ?s {path} ?x }} }}")
    assert any(found == expand(path) for _, found in faults(changeable, shapes)), fault
