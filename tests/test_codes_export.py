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
from yusuan.graph.prefixes import PREFIXES

XKOS = rdflib.Namespace(PREFIXES["xkos"])
NAMES = ("expenditure-economic-department", "expenditure-economic-government", "revenue")


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
