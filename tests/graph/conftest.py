"""The sample's graph, as files, as a store, and as one set of triples."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import yusuan
from tests.conftest import ROOT
from yusuan.package import Verdict

ONTOLOGY = ROOT / "ontology" / "yusuan.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"


@pytest.fixture(scope="session")
def trig_file(package: yusuan.Package) -> Path:
    return package.folder / "graph" / "budget.trig"


@pytest.fixture(scope="session")
def store(package: yusuan.Package) -> ox.Store:
    return ox.Store.read_only(str(package.folder / "graph" / "store"))


@pytest.fixture(scope="session")
def triples(trig_file: Path) -> rdflib.Graph:
    """The triples of all named graphs together. Copy it before changing it."""
    merged = rdflib.Graph()
    dataset = rdflib.Dataset()
    dataset.parse(trig_file, format="trig")
    for subject, predicate, value, _ in dataset.quads():
        merged.add((subject, predicate, value))
    return merged


@pytest.fixture(scope="session")
def vocabulary() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


@contextmanager
def tables_valid() -> Iterator[None]:
    """`yusuan validate` finds the tables valid, unseen: their framework takes seconds each time.

    For tests of what it says of the graph; that it looks at the tables is tested elsewhere.
    """
    with pytest.MonkeyPatch.context() as patch:
        valid = Verdict(valid=True, resources=1, errors=())
        patch.setattr("yusuan.package.validate_package", lambda folder: valid)
        yield


@pytest.fixture
def graph_only() -> Iterator[None]:
    with tables_valid():
        yield


@pytest.fixture
def changeable(triples: rdflib.Graph) -> rdflib.Graph:
    """A copy of the sample's triples that a test may damage."""
    return rdflib.Graph() + triples
