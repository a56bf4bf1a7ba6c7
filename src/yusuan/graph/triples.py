"""A package as N-Quads: its rows by the CSVW mapping, then what is said about it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yusuan.graph.budgets import budget_graphs
from yusuan.graph.catalogue import catalogue_quads
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.terms import checked_base
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["DOCUMENT", "quads", "rows_quads"]

DOCUMENT = "document"
"""The column that puts a row into the graph of its document's budget."""


def quads(package: Package) -> Iterator[str]:
    """Every quad of a package as a line of N-Quads, in the order of resources and rows.

    The lines of a row come as one text.

    The same package gives the same lines. Memory does not grow with the rows.
    Raises YusuanError for a file, cell or base that no RDF can be made of.
    """
    checked_base(package.base)
    yield from catalogue_quads(package)
    yield from rows_quads(package, catalogue().resources)


def rows_quads(package: Package, resources: Iterable[Resource]) -> Iterator[str]:
    """The quads of some resources, the lines of each row as one text."""
    metadata = csv_metadata(package.base, catalogue().resources)
    tables = {table["url"]: table for table in metadata["tables"]}
    graphs = budget_graphs(package)
    for resource in resources:
        mapping = TableMapping(tables[resource.path])
        within = mapping.columns.index(DOCUMENT) if DOCUMENT in mapping.columns else None
        for cells in package.records(resource.name):
            document = "" if within is None else cells[within]  # blank for a file not read
            yield mapping.lines(cells, _graph(graphs, document, resource) if document else "")


def _graph(graphs: dict[str, str], document: str, resource: Resource) -> str:
    try:
        return graphs[document]
    except KeyError:
        raise YusuanError(
            f"{resource.path}: document {document} is not among the package's documents"
        ) from None
