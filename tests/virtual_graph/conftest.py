"""The rows of a package of several documents, and its statements in a store for comparison."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

import yusuan
from tests.conftest import ROOT
from tests.virtual_graph.comparison import materialised
from tests.virtual_graph.queries import Vocabulary
from yusuan.graph.families import families
from yusuan.graph.prefixes import VOCABULARY_GRAPH
from yusuan.graph.write import GRAPH, load_trig
from yusuan.virtual_graph import ROWS
from yusuan.virtual_graph.answers import RowsEngine


@pytest.fixture(scope="session")
def engine(mixed: yusuan.Package) -> RowsEngine:
    return RowsEngine(mixed.file(ROWS), 1 << 30)


def statements_of(package: yusuan.Package) -> ox.Store:
    """All statements of a package, its vocabulary with them."""
    store = ox.Store()
    load_trig(store, package.file(GRAPH))
    store.bulk_load(
        path=package.file("graph/vocabulary.ttl"),
        format=ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(VOCABULARY_GRAPH),
    )
    return store


@pytest.fixture(scope="session")
def statements(mixed: yusuan.Package) -> ox.Store:
    return statements_of(mixed)


@pytest.fixture(scope="session")
def made_of(statements: ox.Store) -> Vocabulary:
    """What queries are made of. The statements then get what follows from the vocabulary."""
    vocabulary = Vocabulary.of(statements, Random(1))
    materialised(statements, families())
    return vocabulary


@pytest.fixture(scope="session")
def corpus_engine(corpus_linked: yusuan.Package) -> RowsEngine:
    return RowsEngine(corpus_linked.file(ROWS), 1 << 30)


@pytest.fixture(scope="session")
def corpus_statements(corpus_linked: yusuan.Package) -> ox.Store:
    store = statements_of(corpus_linked)
    materialised(store, families())
    return store


@pytest.fixture(scope="session")
def reference() -> Path:
    """Standards and their tests, which are not part of this repository."""
    folder = Path(os.environ.get("YUSUAN_REFERENCE", ROOT.parent / "shared" / "reference"))
    if not folder.is_dir():
        pytest.skip(f"the reference specifications are not at {folder} (set YUSUAN_REFERENCE)")
    return folder
