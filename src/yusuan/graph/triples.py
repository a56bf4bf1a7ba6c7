"""A package as N-Quads: its rows by the CSVW mapping, then what is said about it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import itemgetter

from yusuan.graph.budgets import budget_graphs
from yusuan.graph.catalogue import CUBE, catalogue_quads, cube_quads
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.terms import checked_base
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["DOCUMENT", "quads", "rows_quads"]

DOCUMENT = "document"
"""The column that puts a row into the graph of its document's budget."""


def quads(package: Package) -> Iterator[bytes]:
    """Every quad of a package as a line of N-Quads: the catalogue, the rows, the cubes.

    The lines of a row come together. The same package gives the same lines, whose number
    memory does not grow with. Raises YusuanError for a file, cell or base that no RDF can be
    made of.
    """
    checked_base(package.base)
    for line in catalogue_quads(package):
        yield line.encode()
    cubes: dict[tuple[str, ...], None] = {}
    yield from rows_quads(package, catalogue().resources, cubes)
    for line in cube_quads(package, cubes):
        yield line.encode()


def rows_quads(
    package: Package,
    resources: Iterable[Resource],
    cubes: dict[tuple[str, ...], None] | None = None,
) -> Iterator[bytes]:
    """The quads of some resources, the lines of each row together.

    ``cubes`` is given what facts have in the columns ``CUBE``, so that nobody need read them again.
    """
    metadata = csv_metadata(package.base, catalogue().resources)
    tables = {table["url"]: table for table in metadata["tables"]}
    graphs = {document: graph.encode() for document, graph in budget_graphs(package).items()}
    for resource in resources:
        mapping = TableMapping(tables[resource.path])
        within = mapping.columns.index(DOCUMENT) if DOCUMENT in mapping.columns else None
        cube = itemgetter(*map(mapping.columns.index, CUBE)) if resource.name == "facts" else None
        for cells in package.records(resource.name):
            if cube and cubes is not None:
                cubes[cube(cells)] = None
            document = "" if within is None else cells[within]  # blank for a file not read
            yield mapping.lines(cells, _graph(graphs, document, resource) if document else b"")


def _graph(graphs: dict[str, bytes], document: str, resource: Resource) -> bytes:
    try:
        return graphs[document]
    except KeyError:
        raise YusuanError(
            f"{resource.path}: document {document} is not among the package's documents"
        ) from None
