"""Quads in the layout of ``graph/budget.trig``, for tests that damage one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

__all__ = ["quads_of", "write_trig"]


def quads_of(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=ox.RdfFormat.TRIG))


def write_trig(path: Path, quads: Iterable[ox.Quad]) -> None:
    """In the order they are given in; a graph may be opened more than once."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for graph, found in groupby(quads, lambda quad: quad.graph_name):
            lines = "".join(f"{quad.triple} .\n" for quad in found)
            named = isinstance(graph, ox.NamedNode)
            stream.write(f"GRAPH {graph} {{\n{lines}}}\n" if named else lines)
