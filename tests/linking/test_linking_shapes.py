"""The shapes report links that lack what every link has."""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import SH

import yusuan
from tests.graph.conftest import SHAPES
from tests.linking.documents import publish
from yusuan.graph.prefixes import PREFIXES, expand

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

FAULTS = [
    ("ys:Link", "rdf:subject", "DELETE { ?s rdf:subject ?x }"),
    ("ys:Link", "rdf:predicate", "INSERT { ?s rdf:predicate ys:other }"),
    ("ys:Link", "rdf:object", "DELETE { ?s rdf:object ?x }"),
    ("ys:Link", "ys:linkKind", 'INSERT { ?s ys:linkKind "guess" }'),
    ("ys:Link", "ys:linkMethod", "DELETE { ?s ys:linkMethod ?x }"),
    ("ys:Link", "ys:confidence", "DELETE { ?s ys:confidence ?x } INSERT { ?s ys:confidence 0.2 }"),
    ("ys:Link", "rdfs:comment", "DELETE { ?s rdfs:comment ?x }"),
    ("org:ChangeEvent", "org:originalOrganization",
     "DELETE { ?s org:originalOrganization ?x } INSERT { ?s org:originalOrganization <urn:x> }"),
    ("org:ChangeEvent", "org:resultingOrganization", "DELETE { ?s org:resultingOrganization ?x }"),
    ("org:ChangeEvent", "ys:nameBefore", "DELETE { ?s ys:nameBefore ?x }"),
    ("org:ChangeEvent", "ys:fiscalYear", "DELETE { ?s ys:fiscalYear ?x }"),
]  # fmt: skip


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> rdflib.Graph:
    """The links of a renamed department, without the facts."""
    folder = tmp_path_factory.mktemp("renamed")
    publish(folder / "sources", "淳安县水利局2023年部门预算公开")
    publish(folder / "sources", "淳安县水利和河湖局2024年部门预算公开",
            narrative="淳安县水利和河湖局由原淳安县水利局更名而来。")  # fmt: skip
    package = yusuan.build(folder / "sources", folder / "out")
    merged = rdflib.Graph()
    for name in ("links", "organisation-changes", "departments", "codes"):
        merged.parse(package.folder / "graph" / f"{name}.ttl")
    assert len(list(ox.parse(path=package.folder / "graph" / "links.ttl"))) > 20
    return merged


def reported(graph: rdflib.Graph) -> set[tuple[str, str]]:
    """Focus node and path of what the shapes of links report."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert isinstance(report, rdflib.Graph)
    return {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath)))
        for result in report.objects(None, SH.result)
        if "/id/link/" in str(report.value(result, SH.focusNode))
        or "/id/organisation-change/" in str(report.value(result, SH.focusNode))
    }


def test_links_as_they_are_conform(graph: rdflib.Graph) -> None:
    assert reported(graph) == set()


@pytest.mark.parametrize(("kind", "path", "update"), FAULTS, ids=lambda value: value[:30])
def test_a_damaged_link_is_reported(kind: str, path: str, update: str, graph: rdflib.Graph) -> None:
    damaged = rdflib.Graph() + graph
    subject = min(map(str, damaged.subjects(rdflib.RDF.type, rdflib.URIRef(expand(kind)))))
    damaged.update(
        f"{PREFIX}{update} WHERE {{ VALUES ?s {{ <{subject}> }} OPTIONAL {{ ?s {path} ?x }} }}"
    )
    assert (subject, expand(path)) in reported(damaged)
