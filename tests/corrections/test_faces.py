"""A correction in the package, the database, the graph, the site and the commands."""

from __future__ import annotations

import asyncio
import sqlite3
import warnings
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from click.testing import CliRunner, Result

import yusuan
from tests.conftest import ROOT
from tests.corrections.patches import read_rows, sign, write_rows
from tests.graph.csvw.convert import minimal_triples
from tests.graph.test_graph_restore import same_after_the_round_trip
from tests.representative import few_or
from yusuan.cli import main
from yusuan.graph.prefixes import PREFIXES, PROLOGUE
from yusuan.graph.trig import rows_trig
from yusuan.schema import catalogue
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of

VEHICLES = "7a12ebf01553-three-public-expenses-vehicles"
PREFIX = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_only_the_corrections_differ_from_a_package_without_a_patch(
    corrected: yusuan.Package, package: yusuan.Package
) -> None:
    for resource in catalogue().resources:
        one, two = (each.folder / resource.path for each in (corrected, package))
        assert (one.read_bytes() == two.read_bytes()) == (resource.name != "corrections")


@pytest.mark.usefixtures("quick_framework")
def test_the_package_has_both_values_and_is_valid(corrected: yusuan.Package) -> None:
    rows = corrected.corrections.set_index("correction")
    assert rows.loc[VEHICLES, "published_amount"] == Decimal(965000)
    assert rows.loc[VEHICLES, "corrected_amount"] == Decimal(640000)
    assert rows.loc[VEHICLES, "patch"] == "签认.csv"
    assert len(rows) == 5
    assert yusuan.validate_package(corrected.folder).valid


def test_the_views_have_the_corrected_numbers(corrected: yusuan.Package) -> None:
    with closing(sqlite3.connect(corrected.folder / "budget.db")) as connection:
        ask = connection.execute
        changed = ask(
            "SELECT v.fact, v.amount, v.amount_fen, f.amount FROM facts_corrected v "
            "JOIN facts f USING (fact) WHERE v.is_corrected = ?", ["1"],
        ).fetchall()  # fmt: skip
        assert changed == [(VEHICLES, 640_000, 64_000_000, 965_000)]
        others = "SELECT count(*) FROM facts_corrected v JOIN facts f USING (fact, amount_fen)"
        assert ask(others).fetchone()[0] == ask("SELECT count(*) - 1 FROM facts").fetchone()[0]
        rate = "SELECT value, amount FROM claims_corrected WHERE correction = ?"
        assert ask(rate, ["7a12ebf01553-operating-expenses-rate"]).fetchone() == ("-11.18", None)


@pytest.fixture(scope="module")
def triples(corrected: yusuan.Package) -> rdflib.Graph:
    dataset, merged = rdflib.Dataset(), rdflib.Graph()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(corrected.folder / "graph" / "budget.trig", format="trig")
    for subject, predicate, value, _ in dataset.quads():
        merged.add((subject, predicate, value))
    return merged


def test_the_graph_says_who_revised_what(triples: rdflib.Graph) -> None:
    found = triples.query(
        PREFIX + "SELECT ?printed ?amount ?value ?unit ?day ?who ?file { ?c a ys:Correction ; "
        "prov:wasRevisionOf ?fact ; ys:printed ?printed ; prov:value ?value ; ys:valueUnit ?unit ; "
        "dcterms:date ?day ; prov:wasAttributedTo [ a prov:Agent ; rdfs:label ?who ] ; "
        "prov:wasDerivedFrom [ ys:fileName ?file ] . ?fact a qb:Observation ; ys:amount ?amount }"
    )
    assert [tuple(map(str, row)) for row in found] == [  # type: ignore[arg-type]
        ("96.5", "965000", "64", "万元", "2026-03-01", "预算科", "签认.csv")
    ]


def test_the_graph_conforms_and_has_no_blank_nodes(triples: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(ROOT / "ontology" / "shapes.ttl")
    corrections = [s for s in set(triples.subjects()) if "id/correction/" in str(s)]
    looked_at = few_or(corrections, None)
    conforms, _, text = pyshacl.validate(triples, shacl_graph=shapes, focus_nodes=looked_at)
    assert conforms and corrections, text
    assert not [node for node in triples.all_nodes() if isinstance(node, rdflib.BNode)]


@pytest.mark.parametrize(
    "update",
    [
        "DELETE { ?s prov:wasAttributedTo ?x } WHERE { ?s prov:wasAttributedTo ?x }",
        "DELETE { ?s prov:wasRevisionOf ?x } WHERE { ?s prov:wasRevisionOf ?x }",
        "DELETE { ?s prov:value ?x } INSERT { ?s prov:value 1e0 } WHERE { ?s prov:value ?x }",
        "INSERT { ?s ys:correctedAmount 1.5 } WHERE { ?s ys:correctedAmount ?x }",
    ],
)
def test_a_damaged_correction_is_reported(triples: rdflib.Graph, update: str) -> None:
    shapes = rdflib.Graph().parse(ROOT / "ontology" / "shapes.ttl")
    damaged = rdflib.Graph() + triples
    damaged.update(PREFIX + update)
    corrections = [s for s in set(triples.subjects()) if "id/correction/" in str(s)]
    conforms, _, text = pyshacl.validate(damaged, shacl_graph=shapes, focus_nodes=corrections)
    assert not conforms
    assert "id/correction/" in text


def test_another_csvw_processor_gets_the_same_triples(corrected: yusuan.Package) -> None:
    resource = catalogue()["corrections"]
    said = b"".join((PROLOGUE, *rows_trig(corrected, [resource])))
    ours = {
        ox.Triple(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(said, format=ox.RdfFormat.TRIG)
    }
    assert ours == minimal_triples(corrected.folder)[resource.path]


def test_the_site_shows_a_correction_with_its_row(corrected: yusuan.Package) -> None:
    app = create_app(corrected.folder)

    async def text(path: str) -> str:
        answer = await app.client.get(path, headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        return str(answer.text)

    async def visit() -> None:
        row = await text(f"/budget/facts/{VEHICLES}")
        assert "公布 <b>96.5</b>，更正为 <b>64</b> 万元；预算科，2026-03-01" in row
        other = await text("/budget/facts/7a12ebf01553-three-public-expenses-total")
        assert "已签认更正" not in other
        assert "预算事实（含签认的更正）" in await text("/budget")
        assert "640,000" in await text("/budget/facts_corrected?is_corrected=1")
        assert VEHICLES in await text(f"/id/fact/{VEHICLES}")
        assert "预算科" in await text("/id/reviewer/%E9%A2%84%E7%AE%97%E7%A7%91")

    with asyncio.Runner() as runner:
        runner.run(visit())
    site_of(app).close()


def test_from_check_to_build_as_an_office_does_it(source: Path, tmp_path: Path) -> None:
    patch, out = tmp_path / "patch.csv", tmp_path / "out"
    proposed = run("check", source, "--propose", patch)
    assert proposed.exit_code == 1
    assert f"{patch}: 1 proposed correction\n" in proposed.output
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row)])
    built = run("build", source, "-o", out, "--patch", patch)
    assert built.exit_code == 0
    assert "Corrections: 1 applied, 0 rejected, 0 undecided" in built.output
    assert "With the corrected numbers: 0 errors, as published: 1; all" in built.output
    assert "Findings: 1 error" in built.output
    again = run("check", out, "--propose", patch)
    assert "kept what reviewers filled in for 1" in again.output


def test_a_correction_that_makes_it_worse_is_told(
    source: Path, patch: Path, tmp_path: Path
) -> None:
    (row,) = read_rows(patch)
    basic = row["fact"].replace("-total-total", "-total-basic")
    own = {**row, "fact": basic, "printed": "100", "proposed": "", "finding": ""}
    write_rows(patch, [sign(row), sign(own, corrected="10")])
    built = run("build", source, "-o", tmp_path / "out", "--patch", patch)
    assert "With the corrected numbers: 1 error, as published: 1" in built.output
    assert 'Not there before: Table "部门支出总体情况表"' in built.output


def test_a_patch_that_does_not_fit_leaves_the_earlier_package_alone(
    source: Path, patch: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    yusuan.build(source, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, printed="1")])
    result = run("build", source, "-o", out, "--patch", patch)
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {patch}, line 2: expects “1”")
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_nothing_is_read_when_the_patch_cannot_be_written(source: Path, tmp_path: Path) -> None:
    result = run("check", source, "--propose", source)
    assert result.exit_code == 2
    assert "only a patch is overwritten" in result.output
    assert "印为" not in result.output


def test_the_graph_gives_the_corrections_back(corrected: yusuan.Package, tmp_path: Path) -> None:
    """Who corrected, and by which patch, is said of them, not of the correction."""
    same_after_the_round_trip(corrected, tmp_path)
