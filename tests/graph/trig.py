"""Quads in the layout of ``graph/budget.trig``, for tests that damage one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from yusuan.graph.layout import in_graph

__all__ = ["quads_of", "write_trig"]


def quads_of(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TRIG))


def write_trig(path: Path, quads: Iterable[ox.Quad]) -> None:
    """In the order they are given in; a graph may be opened more than once."""
    with path.open("wb") as stream:
        for graph, found in groupby(quads, lambda quad: quad.graph_name):
            lines = "".join(f"{quad.triple} .\n" for quad in found)
            named = str(graph) if isinstance(graph, ox.NamedNode) else ""
            stream.write(in_graph(lines.encode(), named.encode()))
