"""A package's graph against the SHACL shapes, in memory that does not grow with its budgets.

The engine is the ``shacl`` package; only ``violations`` knows it. Shapes look at one thing and
its neighbours, so a budget is judged with what stands in no budget (lists, departments, the
catalogue) beside it, and what stands in no budget with what it refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.graph.prefixes import VOCABULARY_GRAPH, expand
from yusuan.schema import data_path

__all__ = ["Violation", "graph_violations", "violations"]

_SLICE = 150_000
"""About how many statements of budgets are judged at once."""
_TYPE = ox.NamedNode(expand("rdf:type"))
_DEFAULT = ox.DefaultGraph()


class Violation(NamedTuple):
    """What a shape reports: the thing, the path (as in SPARQL; "" of the thing itself), why."""

    focus: str
    path: str
    constraint: str
    messages: tuple[str, ...]


def violations(ntriples: str) -> list[Violation]:
    """What the shapes report of a graph that is small enough for memory, as N-Triples."""
    report = _shapes().validate_text(ntriples, format="ntriples")
    return [
        Violation(
            result.focus_node.strip("<>"), (result.path or "").strip("<>"), result.component,
            tuple(result.messages),
        )
        for result in report.results
    ]  # fmt: skip


@cache
def _shapes():  # type: ignore[no-untyped-def]  # its type is the engine's own
    from shacl import Shapes  # only who validates needs it

    return Shapes.from_file(str(data_path("ontology", "shapes.ttl")))


def graph_violations(store_folder: Path) -> Iterator[Violation]:
    """What the shapes report of the store of a package (``graph/store``)."""
    store = ox.Store.read_only(str(store_folder))
    common = _triples(store, [_DEFAULT, ox.NamedNode(VOCABULARY_GRAPH)])
    yield from _own(store, [_DEFAULT], common + _types_of_neighbours(store))
    for graphs in _slices(store):
        yield from _own(store, graphs, common + _triples(store, graphs))


Graph = ox.NamedNode | ox.DefaultGraph


def _slices(store: ox.Store) -> Iterator[list[Graph]]:
    """The budgets, as many together as make a slice."""
    graphs: list[Graph] = []
    size = 0
    for graph in store.named_graphs():
        if not isinstance(graph, ox.NamedNode) or graph.value == VOCABULARY_GRAPH:
            continue
        graphs.append(graph)
        size += sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        if size >= _SLICE:
            yield graphs
            graphs, size = [], 0
    if graphs:
        yield graphs


def _triples(store: ox.Store, graphs: Iterable[Graph]) -> str:
    found = (store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=graph) for graph in graphs)
    return b"".join(text for text in found if text is not None).decode()


def _types_of_neighbours(store: ox.Store) -> str:
    """The classes of what the default graph refers to in budgets."""
    neighbours = {quad.object for quad in store.quads_for_pattern(None, None, None, _DEFAULT)
                  if isinstance(quad.object, ox.NamedNode)}  # fmt: skip
    return "".join(
        f"{quad.triple} .\n"
        for neighbour in neighbours
        for quad in store.quads_for_pattern(neighbour, _TYPE, None, None)
    )


def _own(store: ox.Store, graphs: list[Graph], ntriples: str) -> Iterator[Violation]:
    """What is reported of things that these graphs speak of; the rest is beside them."""
    for found in violations(ntriples):
        focus = ox.NamedNode(found.focus)
        if any(
            next(store.quads_for_pattern(focus, None, None, graph), None) is not None
            for graph in graphs
        ):
            yield found
