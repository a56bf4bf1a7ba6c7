"""The SHACL shapes accept the sample, and report each of the faults they are for."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import pytest
import rdflib
from click.testing import CliRunner
from rdflib.namespace import SH

import yusuan
from tests.graph.trig import quads_of, write_trig
from tests.representative import FULL
from yusuan.cli import main
from yusuan.graph.prefixes import PREFIXES, expand
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.graph.validate import graph_violations, violations
from yusuan.model.errors import YusuanError

PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass(frozen=True)
class Fault:
    """``update`` damages ``?s``, one subject of a class, whose value at ``path`` is ``?x``."""

    name: str
    kind: str
    update: str
    path: str


FAULTS = [
    Fault(*row)
    for row in (
        ("no amount", "qb:Observation", "DELETE { ?s ys:amount ?x }", "ys:amount"),
        ("two amounts", "qb:Observation", "INSERT { ?s ys:amount 1.5 }", "ys:amount"),
        ("amount as a double", "qb:Observation",
         "DELETE { ?s ys:amount ?x } INSERT { ?s ys:amount 965000e0 }", "ys:amount"),
        ("blank printed", "qb:Observation",
         'DELETE { ?s ys:printed ?x } INSERT { ?s ys:printed " " }', "ys:printed"),
        ("no cell", "qb:Observation", "DELETE { ?s ys:cell ?x }", "ys:cell"),
        ("two cells", "qb:Observation", "INSERT { ?s ys:cell <urn:x> }", "ys:cell"),
        ("no department", "qb:Observation", "DELETE { ?s ys:department ?x }", "ys:department"),
        ("year as a number", "qb:Observation",
         "DELETE { ?s ys:fiscalYear ?x } INSERT { ?s ys:fiscalYear 2022 }", "ys:fiscalYear"),
        ("no phase", "qb:Observation", "DELETE { ?s ys:phase ?x }", "ys:phase"),
        ("both directions", "qb:Observation", "INSERT { ?s ys:direction <urn:x> }",
         "ys:direction"),
        ("no unit", "qb:Observation", "DELETE { ?s ys:unitMultiplier ?x }", "ys:unitMultiplier"),
        ("no dataset", "qb:Observation", "DELETE { ?s qb:dataSet ?x }", "qb:dataSet"),
        ("no source", "ys:Cell", "DELETE { ?s prov:hadPrimarySource ?x }",
         "prov:hadPrimarySource"),
        ("a function no list has", "qb:Observation", "INSERT { ?s ys:function <urn:x> }",
         "ys:function"),
        ("cell without address", "ys:Cell", "DELETE { ?s ys:address ?x }", "ys:address"),
        ("cell without line", "ys:Cell", "DELETE { ?s ys:line ?x }", "ys:line"),
        ("cell on two lines", "ys:Cell", "INSERT { ?s ys:line 9999 }", "ys:line"),
        ("concept without code", "skos:Concept", "DELETE { ?s skos:notation ?x }",
         "skos:notation"),
        ("concept below two", "skos:Concept", "INSERT { ?s skos:broader <urn:x>, <urn:y> }",
         "skos:broader"),
        ("document without digest", "ys:Document", "DELETE { ?s ys:sha256 ?x }", "ys:sha256"),
        ("unknown measure", "ys:Claim", 'INSERT { ?s ys:measure "ratio" }', "ys:measure"),
        ("project without year", "ys:Project", "DELETE { ?s ys:fiscalYear ?x }", "ys:fiscalYear"),
        ("indicator of no project", "ys:Indicator", "DELETE { ?s ys:project ?x }", "ys:project"),
        ("holding without source", "ys:Holding", "DELETE { ?s prov:hadPrimarySource ?x }",
         "prov:hadPrimarySource"),
        ("published table without state", "ys:PublishedTable", "DELETE { ?s ys:state ?x }",
         "ys:state"),
        ("finding in one language", "ys:Finding", "DELETE { ?s rdfs:comment ?x }", "rdfs:comment"),
        ("finding that points nowhere", "ys:Finding", "DELETE { ?s oa:hasTarget ?x }",
         "oa:hasTarget"),
        ("name of nobody", "ys:OrganisationName", "DELETE { ?s rdf:subject ?x }", "rdf:subject"),
        ("name without method", "ys:OrganisationName", "DELETE { ?s ys:linkMethod ?x }",
         "ys:linkMethod"),
        ("name of another kind", "ys:OrganisationName",
         "DELETE { ?s rdf:predicate ?x } INSERT { ?s rdf:predicate rdfs:label }", "rdf:predicate"),
        ("dataset of two structures", "qb:DataSet", "INSERT { ?s qb:structure <urn:x> }",
         "qb:structure"),
        ("dataset without currency", "qb:DataSet", "DELETE { ?s obeu-attribute:currency ?x }",
         "obeu-attribute:currency"),
        ("budget without publisher", "dcat:Dataset", "DELETE { ?s dcterms:publisher ?x }",
         "dcterms:publisher"),
    )
]  # fmt: skip

ALSO = {
    "skos:Concept": "?s skos:inScheme ?scheme .",
    "qb:DataSet": "?s dcterms:source ?document .",
    "qb:Observation": "?s ys:direction ?direction ; ys:amount ?amount ; ys:function ?function .",
}
"""What the subject must have beside its class, for every fault of that class to be one."""


@pytest.fixture(scope="module")
def cubes(triples: rdflib.Graph) -> str:
    return cube_shapes(triples.serialize(format="nt"))


@pytest.fixture(scope="module")
def shapes(cubes: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=hand_written() + cubes)


@pytest.fixture(scope="module")
def damaged(triples: rdflib.Graph) -> tuple[rdflib.Graph, dict[str, str]]:
    """The sample with every fault at a subject of its own, and these subjects by fault."""
    graph = rdflib.Graph() + triples
    subjects = {}
    used: Counter[str] = Counter()
    for fault in FAULTS:
        found = graph.query(
            f"{PREFIX} SELECT DISTINCT ?s {{ ?s a {fault.kind} . {ALSO.get(fault.kind, '')} }} "
            f"ORDER BY ?s OFFSET {used[fault.kind]} LIMIT 1"
        )
        [[subject]] = [tuple(row) for row in found]  # type: ignore[misc]
        subjects[fault.name] = str(subject)
        used[fault.kind] += 1
    for fault in FAULTS:
        at = f"VALUES ?s {{ <{subjects[fault.name]}> }}"
        graph.update(f"{PREFIX}{fault.update} WHERE {{ {at} OPTIONAL {{ ?s {fault.path} ?x }} }}")
    return graph, subjects


@pytest.fixture(scope="module")
def report(damaged: tuple[rdflib.Graph, dict[str, str]], shapes: rdflib.Graph) -> rdflib.Graph:
    """What pySHACL reports of the damaged sample."""
    _, report, _ = pyshacl.validate(damaged[0], shacl_graph=shapes)
    assert isinstance(report, rdflib.Graph)
    return report


@pytest.fixture(scope="module")
def reported(report: rdflib.Graph) -> set[tuple[str, str]]:
    """Focus node and path of everything the shapes report of the damaged sample."""
    return {
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath)))
        for result in report.objects(None, SH.result)
    }


def test_the_sample_conforms(triples: rdflib.Graph, vocabulary: rdflib.Graph, cubes: str) -> None:
    """The fast engine says so; that pySHACL says the same as it is tested below."""
    assert violations((triples + vocabulary).serialize(format="nt"), cubes) == []


def test_the_shapes_are_shapes(triples: rdflib.Graph) -> None:
    """By the shapes of SHACL itself; those of one structure, since all are made alike."""
    lines = triples.serialize(format="nt").splitlines(keepends=True)
    one = [line for line in lines if "/def/structure/" not in line or "/three-public" in line]
    text = hand_written() + cube_shapes("".join(one if not FULL else lines))
    shapes = rdflib.Graph().parse(data=text)
    assert pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)[0]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_damage_is_reported_where_it_is(
    fault: Fault, damaged: tuple[rdflib.Graph, dict[str, str]], reported: set[tuple[str, str]]
) -> None:
    assert (damaged[1][fault.name], expand(fault.path)) in reported


@pytest.mark.smoke
def test_the_fast_engine_says_what_pyshacl_says(
    damaged: tuple[rdflib.Graph, dict[str, str]], report: rdflib.Graph, cubes: str
) -> None:
    """The same things, for the same constraints, as often: of each of the faults above."""
    theirs = Counter(
        (str(report.value(result, SH.focusNode)),
         str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH)))
        for result in report.objects(None, SH.result)
    )  # fmt: skip
    ours = Counter(
        (found.focus, found.constraint)
        for found in violations(damaged[0].serialize(format="nt"), cubes)
    )
    assert ours == theirs
    assert set(damaged[1].values()) <= {focus for focus, _ in ours}


def test_a_graph_is_judged_some_budgets_at_a_time(
    package: yusuan.Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two budgets, and faults in one of them and in what stands in none."""
    text = (package.folder / "graph" / "budget.trig").read_text("utf-8")
    other = text.replace("7a12ebf01553", "0123456789ab").replace("/2022/approved", "/2022/executed")
    graph = tmp_path / "two.trig"
    graph.write_text(text + other, "utf-8", newline="\n")
    monkeypatch.setattr("yusuan.graph.validate._SIZE", graph.stat().st_size // 2)
    assert list(graph_violations(graph)) == []
    fact = f"{package.base}id/fact/0123456789ab-three-public-expenses-total"
    concept = f"{package.base}def/phase/executed"
    lost = (f"<{fact}> <{expand('ys:amount')}>", f"<{concept}> <{expand('skos:notation')}>")
    write_trig(graph, [quad for quad in quads_of(graph) if not str(quad).startswith(lost)])
    found = {(v.focus, v.path) for v in graph_violations(graph)}
    assert found == {(fact, expand("ys:amount")), (concept, expand("skos:notation"))}


@pytest.mark.usefixtures("graph_only")
def test_the_command_tells_what_the_graph_breaks(package: yusuan.Package, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    shutil.copytree(package.folder, folder)
    whole = CliRunner().invoke(main, ["validate", str(folder), "--graph"])
    assert whole.exit_code == 0, whole.output
    assert "the graph conforms" in whole.output
    graph = folder / "graph" / "budget.trig"
    text = graph.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in text if not line.startswith("  ys:phase ")]
    assert len(kept) < len(text)
    graph.write_text("".join(kept), "utf-8")
    damaged = CliRunner().invoke(main, ["validate", str(folder), "--graph"])
    assert damaged.exit_code == 1
    assert "budget phase: exactly one" in damaged.output


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda text: text[: len(text) * 2 // 3], "it ends in the middle of a graph or a statement"),
        (lambda text: text.replace('ys:printed "', 'ys:printed "\n', 1), "Line jumps are not allowed"),
        (lambda text: text.replace("GRAPH ", "", 1), "not a valid predicate"),
        (lambda text: "no graph .\n", "not a valid subject"),
        (lambda text: "no graph", "it ends in the middle of a graph or a statement"),
    ],
    ids=["cut", "literal", "layout", "text", "no statement"],
)  # fmt: skip
def test_a_file_that_is_no_graph_of_ours_is_told_in_a_sentence(
    damage: Callable[[str], str], why: str, package: yusuan.Package, tmp_path: Path
) -> None:
    text = (package.folder / "graph" / "budget.trig").read_text("utf-8")
    graph = tmp_path / "budget.trig"
    graph.write_text(damage(text), "utf-8", newline="\n")
    with pytest.raises(YusuanError) as told:
        list(graph_violations(graph))
    assert str(told.value).startswith(f"{graph}: not a graph as `yusuan build` writes it (")
    assert why in str(told.value)


@pytest.mark.usefixtures("graph_only")
def test_the_command_tells_that_a_file_is_no_graph(package: yusuan.Package, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    shutil.copytree(package.folder, folder)
    graph = folder / "graph" / "budget.trig"
    graph.write_text("no graph", "utf-8")
    told = CliRunner().invoke(main, ["validate", str(folder), "--graph"])
    assert told.exit_code == 2
    assert f"{graph}: not a graph as `yusuan build` writes it (" in told.output
