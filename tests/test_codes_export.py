"""Whole lists as a data package and as SKOS with XKOS, from the same entries."""

from __future__ import annotations

import json
from pathlib import Path

import pyshacl
import pytest
import rdflib
from click.testing import CliRunner
from frictionless import Package
from rdflib import RDF, SKOS

from tests.graph.conftest import SHAPES
from yusuan.cli import main
from yusuan.codes import code_list
from yusuan.codes.entries import COLUMNS
from yusuan.graph.prefixes import PREFIXES

XKOS = rdflib.Namespace(PREFIXES["xkos"])
NAMES = ("expenditure-economic-department", "expenditure-economic-government", "revenue", "items",
         "fund-sources")  # fmt: skip


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "lists"
    chosen = [part for name in NAMES for part in ("--list", name)]
    result = CliRunner().invoke(main, ["codes", "export", str(folder), *chosen])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="module")
def graph(exported: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(exported / "codes.ttl")


def test_the_stock_framework_finds_the_lists_valid(exported: Path) -> None:
    assert Package(str(exported / "datapackage.json")).validate().valid
    described = json.loads((exported / "datapackage.json").read_text("utf-8"))
    assert [resource["name"] for resource in described["resources"]] == list(NAMES)


def test_every_entry_is_a_concept(graph: rdflib.Graph) -> None:
    entries = sum(len(code_list(name).entries) for name in NAMES)
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == entries


def test_the_shapes_accept_the_lists(graph: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, text


def test_a_small_list_has_the_names_it_has_in_packages(graph: rdflib.Graph) -> None:
    """And the ways in which documents print each value."""
    [concept] = graph.subjects(SKOS.notation, rdflib.Literal("vehicle-operation"))
    assert str(concept).endswith("/def/item/vehicle-operation")
    assert str(graph.value(concept, SKOS.broader)).endswith("/def/item/vehicles")
    assert rdflib.Literal("公务用车运行费", lang="zh") in set(graph.objects(concept, SKOS.altLabel))


def test_a_moved_code_is_associated_and_a_reused_one_is_not(graph: rdflib.Graph) -> None:
    pairs = {
        tuple(str(graph.value(association, end)).rpartition("/")[2]
              for end in (XKOS.sourceConcept, XKOS.targetConcept))
        for association in graph.subjects(RDF.type, XKOS.ConceptAssociation)
    }  # fmt: skip
    assert ("2017-30311", "2018-30113") in pairs
    assert ("2018-50103", "2018-30113") in pairs
    assert ("2007-311", "2018-311") not in pairs


def test_a_folder_that_is_there_is_left_alone(exported: Path) -> None:
    result = CliRunner().invoke(main, ["codes", "export", str(exported)])
    assert result.exit_code == 2
    assert "already there" in result.output


@pytest.mark.parametrize("base", ["not an iri", "javascript:x", "http:///a"])
def test_a_base_that_makes_no_iris_is_refused(base: str, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    result = CliRunner().invoke(main, ["codes", "export", str(folder), "--base", base])
    assert result.exit_code == 2
    assert "not usable as the base of IRIs" in result.output
    assert list(tmp_path.iterdir()) == []


def row(code: str, parent: str, level: int, name: str, since: int = 2024) -> str:
    return f"mine,{since},2024,{code},{parent},{level},{name},,official,seeded"


@pytest.mark.parametrize(
    ("rows", "proof", "shape"),
    [
        ([row("201", "", 1, "甲"), row("20105", "20109", 2, "乙")], "(orphan)", "from a list"),
        ([row("201", "", 1, "甲"), row("20105", "", 2, "乙")], "(orphan)", "of the first level"),
        ([row("201", "", 1, "甲"), row("20101", "20102", 2, "乙"), row("20102", "20101", 2, "丙")],
         "(cycle)", "No concept is below itself"),
        ([row("201", "", 1, "甲"), row("2010101", "201", 3, "乙")], "not one level up",
         "more than one level below"),
        ([row("201", "", 1, "甲"), row("201", "", 1, "乙", 2023)], "(overlap)",
         "two concepts in one year"),
    ],
)  # fmt: skip
def test_what_the_check_finds_the_shapes_find(
    rows: list[str], proof: str, shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of the user with one fault each."""
    monkeypatch.setenv("YUSUAN_CODES", str(tmp_path / "own"))
    (tmp_path / "own" / "mine").mkdir(parents=True)
    text = "\n".join([",".join(COLUMNS), *rows, ""])
    (tmp_path / "own" / "mine" / "2024.csv").write_text(text, "utf-8")
    told = {"file": "a", "sha256": "0" * 64, "imported": "2026-01-01", "rows": len(rows)}
    (tmp_path / "own" / "mine" / "2024.json").write_text(json.dumps(told), "utf-8")
    checked = CliRunner().invoke(main, ["codes", "check"])
    assert checked.exit_code == 1
    assert proof in checked.output
    target = tmp_path / "lists"
    assert (
        CliRunner().invoke(main, ["codes", "export", str(target), "--list", "mine"]).exit_code == 0
    )
    graph = rdflib.Graph().parse(target / "codes.ttl")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert not conforms
    assert shape in report
