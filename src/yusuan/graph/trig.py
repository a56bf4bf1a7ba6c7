"""A package as TriG: its rows by the CSVW mapping, then what is said about it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from yusuan.graph.budgets import budget_graphs
from yusuan.graph.catalogue import CUBE, catalogue_lines, cube_lines
from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.layout import in_graph
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import PROLOGUE
from yusuan.graph.terms import checked_base
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["DOCUMENT", "rows_trig", "trig"]

DOCUMENT = "document"
"""The column that puts a row into the graph of its document's budget."""


def trig(package: Package) -> Iterator[bytes]:
    """A package as the parts of a TriG file: prefixes, the catalogue, the rows, the cubes.

    The same package gives the same parts, and memory does not grow with their number. Raises
    YusuanError for a file, cell or base that no RDF can be made of.
    """
    checked_base(package.base)
    yield PROLOGUE
    for line in catalogue_lines(package):
        yield line.encode()
    cubes: dict[tuple[str, ...], None] = {}
    yield from rows_trig(package, catalogue().resources, cubes)
    for graph, lines in groupby(cube_lines(package, cubes), itemgetter(0)):
        yield in_graph("".join(line for _, line in lines).encode(), graph.encode())


def rows_trig(
    package: Package,
    resources: Iterable[Resource],
    cubes: dict[tuple[str, ...], None] | None = None,
) -> Iterator[bytes]:
    """What the rows of some resources say, to be read after ``PROLOGUE``.

    ``cubes`` is given what facts have in the columns ``CUBE``, so that nobody need read them again.
    """
    metadata = catalogue_metadata(package.base)
    tables = {table["url"]: table for table in metadata["tables"]}
    graphs = budget_graphs(package)
    for resource in resources:
        mapping = TableMapping(tables[resource.path])
        within = mapping.columns.index(DOCUMENT) if DOCUMENT in mapping.columns else None
        cube = itemgetter(*map(mapping.columns.index, CUBE)) if resource.name == "facts" else None
        for rows in package.batches(resource.name):
            if cube and cubes is not None:
                cubes.update(dict.fromkeys(map(cube, rows)))
            blocks = mapping.blocks(rows)
            if within is None:
                yield "".join(blocks).encode()
                continue
            said = zip(map(itemgetter(within), rows), blocks, strict=True)
            for document, found in groupby(said, itemgetter(0)):  # blank for a file not read
                graph = _graph(graphs, document, resource) if document else ""
                yield in_graph("".join(block for _, block in found).encode(), graph.encode())


def _graph(graphs: dict[str, str], document: str, resource: Resource) -> str:
    try:
        return graphs[document]
    except KeyError:
        raise YusuanError(
            f"{resource.path}: document {document} is not among the package's documents"
        ) from None
