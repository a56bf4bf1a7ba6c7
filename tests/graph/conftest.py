"""The sample's graph, as files, as a store, and as one set of triples."""

from __future__ import annotations

import warnings
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import yusuan
from tests.conftest import ROOT

ONTOLOGY = ROOT / "ontology" / "yusuan.ttl"
SHAPES = ROOT / "ontology" / "shapes.ttl"


@pytest.fixture(scope="session")
def nquads(package: yusuan.Package) -> Path:
    return package.folder / "graph" / "budget.nq"


@pytest.fixture(scope="session")
def store(package: yusuan.Package) -> ox.Store:
    return ox.Store.read_only(str(package.folder / "graph" / "store"))


@pytest.fixture(scope="session")
def triples(nquads: Path) -> rdflib.Graph:
    """The triples of all named graphs together. Copy it before changing it."""
    merged = rdflib.Graph()
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        # rdflib's own N-Quads parser uses a name that rdflib deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(nquads, format="nquads")
    for subject, predicate, value, _ in dataset.quads():
        merged.add((subject, predicate, value))
    return merged


@pytest.fixture(scope="session")
def vocabulary() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY)


@pytest.fixture
def changeable(triples: rdflib.Graph) -> rdflib.Graph:
    """A copy of the sample's triples that a test may damage."""
    return rdflib.Graph() + triples
