"""A small store on disk: two years of a made-up department's budget, one named graph a year."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from yusuan.sparql import QueryPool

EX = "http://example.org/"
TIMEOUT = 1.5
DATA = """
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:y2023 { ex:a rdfs:label "示例部"@zh ; ex:amount 0.1 , 1234567890123.45 . }
ex:y2024 { ex:b rdfs:label "示例局"@zh ; ex:amount 0.2 , 1234567890123.46 . }
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store")
    written = ox.Store(str(path))
    written.load(DATA.encode(), format=ox.RdfFormat.TRIG)
    # Enough triples for a cartesian product to be hopeless.
    number = ox.NamedNode(EX + "n")
    written.extend(
        ox.Quad(ox.NamedNode(f"{EX}{i}"), number, ox.Literal(i), ox.NamedNode(EX + "numbers"))
        for i in range(500)
    )
    written.flush()
    del written
    return path


@pytest.fixture(scope="session")
def pool(store: Path) -> Iterator[QueryPool]:
    with QueryPool(
        store, timeout=TIMEOUT, memory=256 << 20, max_bytes=1 << 20, prefixes={"ex": EX, "n": EX}
    ) as shared:
        yield shared
