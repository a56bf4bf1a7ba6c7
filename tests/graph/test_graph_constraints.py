"""The integrity constraints of the Data Cube vocabulary: each that can be broken is told.

They are held by shapes made of the structures (``yusuan.graph.shapes``); `yusuan validate --graph`
names the constraint, and pySHACL says the same.
"""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import rdflib.compare
from click.testing import CliRunner, Result
from rdflib.namespace import SH

import yusuan
from tests.conftest import ROOT
from tests.graph.conftest import ONTOLOGY, tables_valid
from tests.graph.trig import quads_of, write_trig
from yusuan.cli import main
from yusuan.graph.prefixes import PREFIXES
from yusuan.graph.shapes import CONSTRAINTS, cube_shapes, hand_written, package_shapes
from yusuan.graph.validate import graph_violations

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
FACT = "GRAPH ?g {{ ?s a qb:Observation ; {} }} FILTER (STRENDS(STR(?s), '-{}'))"


def of_fact(end: str, old: str, new: str = "") -> str:
    """An update of one fact of the table of the three public expenses."""
    put = f"INSERT {{ GRAPH ?g {{ ?s {new} }} }}" if new else ""
    where = FACT.format(old, f"three-public-expenses-{end}")
    return f"DELETE {{ GRAPH ?g {{ ?s {old} }} }} {put} WHERE {{ {where} }}"


BREAKS = {
    "IC-0": of_fact("total", "ys:amount ?x", 'ys:amount "viel"^^xsd:decimal'),
    "IC-1": of_fact("vehicles", "qb:dataSet ?x"),
    "IC-2": """INSERT { GRAPH ?g { ?d qb:structure ?other } }
        WHERE { GRAPH ?g { ?d qb:structure ?s } ?other a qb:DataStructureDefinition
        FILTER (STRENDS(STR(?s), "/revenue-summary") && STRENDS(STR(?other), "/expenditure-summary")) }""",
    "IC-3": "INSERT DATA { <urn:structure> a qb:DataStructureDefinition }",
    "IC-4": "INSERT DATA { <urn:dimension> a qb:DimensionProperty }",
    "IC-5": "INSERT DATA { <urn:coded> a qb:DimensionProperty ; rdfs:range skos:Concept }",
    "IC-6": "INSERT DATA { <urn:c> qb:dimension ys:phase ; qb:componentRequired false }",
    "IC-7": "INSERT DATA { <urn:key> a qb:SliceKey }",
    "IC-8": "INSERT DATA { ys:SpendingStructure qb:sliceKey <urn:slice-key> . "
            "<urn:slice-key> a qb:SliceKey ; qb:componentProperty ys:table }",
    "IC-9": "DELETE { GRAPH ?g { ?s qb:sliceStructure ?key } } WHERE { GRAPH ?g { "
            "?s qb:sliceStructure ?key } FILTER (CONTAINS(STR(?s), '/slice/figures/')) }",
    "IC-10": "DELETE { GRAPH ?g { ?s ys:phase ?x } } WHERE { GRAPH ?g { ?s a qb:Slice ; ys:phase ?x } "
             "FILTER (CONTAINS(STR(?s), '/slice/revenue/')) }",
    "IC-11": of_fact("hospitality", "ys:direction ?x"),
    "IC-12": """INSERT { GRAPH ?g { ?t ys:cell ?cell } } WHERE { GRAPH ?g {
        ?s ys:cell ?cell . ?t a qb:Observation }
        FILTER (STRENDS(STR(?s), "-three-public-expenses-total"))
        FILTER (STRENDS(STR(?t), "-three-public-expenses-vehicles")) }""",
    "IC-13": of_fact("vehicle-operation", "ys:printed ?x"),
    "IC-14": of_fact("vehicle-operation", "ys:amount ?x"),
    "IC-18": "INSERT { GRAPH ?g { ?s qb:observation ?o } } WHERE { GRAPH ?g { ?s a qb:Slice . ?o ys:part "
             "'residual' FILTER (CONTAINS(STR(?s), '/slice/spending/') && CONTAINS(STR(?o), '/revenue/')) } }",
    "IC-19": of_fact("hospitality", "ys:phase ?x", "ys:phase <urn:phase>"),
    "attached": """DELETE { GRAPH ?g { ?d obeu-dimension:organization ?x } }
        WHERE { GRAPH ?g { ?d obeu-dimension:organization ?x ; qb:structure ?s }
        FILTER (STRENDS(STR(?s), "/revenue-summary")) }""",
    "absent": """INSERT { GRAPH ?g { ?s ys:project ?p } } WHERE { GRAPH ?g {
        ?s a qb:Observation . ?p a ys:Project } FILTER (STRENDS(STR(?s), "-three-public-expenses-hospitality")) }""",
}  # fmt: skip


@pytest.fixture(scope="module")
def broken(package: yusuan.Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's package with every constraint broken in its graph."""
    folder = tmp_path_factory.mktemp("broken") / "package"
    shutil.copytree(package.folder, folder)
    graph = folder / "graph" / "budget.trig"
    store = ox.Store()
    store.load(path=graph, format=ox.RdfFormat.TRIG)
    for name, update in BREAKS.items():
        before = sorted(map(str, store))
        store.update(PREFIX + update)
        assert sorted(map(str, store)) != before, name
    write_trig(graph, sorted(store, key=str))
    return folder


@pytest.fixture(scope="module")
def told(broken: Path) -> Result:
    with tables_valid():
        return CliRunner().invoke(main, ["validate", str(broken), "--graph"])


@pytest.mark.parametrize("name", [name for name in BREAKS if name.startswith("IC")])
def test_the_command_names_each_constraint_that_is_broken(name: str, told: Result) -> None:
    assert told.exit_code == 1
    assert f"{name}：" in told.output or f"（{name}）" in told.output
    assert f"{name}: " in told.output or f"({name})" in told.output


def test_the_documentation_says_what_holds_each_constraint() -> None:
    text = (ROOT / "docs" / "shapes.md").read_text("utf-8")
    shapes = package_shapes("http://example.org/")
    for name, shape in CONSTRAINTS.items():
        if shape:
            [row] = [line for line in text.splitlines() if line.startswith(f"| {name} ")]
            assert f"`{shape}`" in row
            assert f"{shape.removesuffix('…')}" in shapes


def test_every_constraint_that_can_be_broken_is(told: Result) -> None:
    held = {name for name, shape in CONSTRAINTS.items() if shape}
    assert held == {name for name in BREAKS if name.startswith("IC")}
    assert list(CONSTRAINTS) == [f"IC-{number}" for number in range(22)]


def test_what_is_attached_to_a_dataset_is_looked_for_there(told: Result) -> None:
    # It was given a second structure (IC-2), which says the same.
    [line] = {line for line in told.output.splitlines() if "organization:" in line}
    assert "/id/dataset/7a12ebf01553/revenue-summary>" in line


def test_a_fact_says_nothing_that_its_structure_has_not(told: Result) -> None:
    [line] = [line for line in told.output.splitlines() if "the structure has no project" in line]
    assert "-three-public-expenses-hospitality>" in line


def test_pyshacl_says_the_same(broken: Path) -> None:
    path = broken / "graph" / "budget.trig"
    data = rdflib.Dataset(default_union=True)
    data.parse(path, format="trig")
    merged = rdflib.Graph()
    for subject, predicate, value, _ in data.quads():
        merged.add((subject, predicate, value))
    merged.parse(ONTOLOGY)
    shapes = rdflib.Graph().parse(data=hand_written() + cube_shapes(merged.serialize(format="nt")))
    conforms, report, _ = pyshacl.validate(merged, shacl_graph=shapes)
    assert not conforms
    assert isinstance(report, rdflib.Graph)
    theirs = Counter(
        (str(report.value(result, SH.focusNode)),
         str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH)))
        for result in report.objects(None, SH.result)
    )  # fmt: skip
    assert Counter((found.focus, found.constraint) for found in graph_violations(path)) == theirs


def test_the_shapes_are_published_with_the_graph(package: yusuan.Package) -> None:
    published = (package.folder / "graph" / "shapes.ttl").read_text("utf-8")
    graph = quads_of(package.folder / "graph" / "budget.trig")
    links = (str(quad.triple) for quad in graph if isinstance(quad.object, ox.NamedNode))
    alone = "".join(f"{link} .\n" for link in links)
    shapes = [rdflib.Graph().parse(data=text)
              for text in (published, hand_written() + cube_shapes(alone))]  # fmt: skip
    assert rdflib.compare.isomorphic(*shapes)
    assert f"<{package.base}def/structure/three-public-expenses>" in published


def test_shapes_have_names() -> None:
    """Lists and paths apart, for which SHACL leaves no choice."""
    graph = rdflib.Graph().parse(data=hand_written() + cube_shapes(""))
    nameless = {
        predicate for subject, predicate in graph.subject_predicates()
        if isinstance(subject, rdflib.BNode)
    }  # fmt: skip
    assert nameless <= {rdflib.RDF.first, rdflib.RDF.rest, SH.inversePath, SH.oneOrMorePath}
