"""A package as TriG: its rows by the CSVW mapping, then what is said about it as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from operator import itemgetter

from yusuan.graph.budgets import budget_graphs
from yusuan.graph.catalogue import catalogue_lines
from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.cube_tables import DATASET_COLUMNS, cube_rows, cube_tables
from yusuan.graph.layout import in_graph
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import PROLOGUE
from yusuan.graph.terms import checked_base
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue

__all__ = ["DOCUMENT", "rows_trig", "trig"]

_BATCH = 1_000
"""Rows that are mapped together."""
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
    datasets: dict[tuple[str, ...], None] = {}
    yield from rows_trig(package, catalogue().resources, datasets)
    graphs = budget_graphs(package)
    for table in cube_tables(package.base):
        rows = cube_rows(package, table, datasets)
        yield from _table_trig(TableMapping(table), _batches(rows), graphs)


def rows_trig(
    package: Package,
    resources: Iterable[Resource],
    datasets: dict[tuple[str, ...], None] | None = None,
) -> Iterator[bytes]:
    """What the rows of some resources say, to be read after ``PROLOGUE``.

    ``datasets`` is given what facts have in the columns ``DATASET_COLUMNS``, so that nobody need read
    them again.
    """
    metadata = catalogue_metadata(package.base)
    tables = {table["url"]: table for table in metadata["tables"]}
    graphs = budget_graphs(package)
    for resource in resources:
        mapping = TableMapping(tables[resource.path])
        batches = package.batches(resource.name)
        if resource.name == "facts" and datasets is not None:
            batches = _noted(batches, mapping.columns, datasets)
        yield from _table_trig(mapping, batches, graphs)


def _batches(rows: Iterator[list[str]]) -> Iterator[list[list[str]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _noted(
    batches: Iterable[list[list[str]]], columns: list[str], datasets: dict[tuple[str, ...], None]
) -> Iterator[list[list[str]]]:
    of_dataset = itemgetter(*map(columns.index, DATASET_COLUMNS))
    for rows in batches:
        datasets.update(dict.fromkeys(map(of_dataset, rows)))
        yield rows


def _table_trig(
    mapping: TableMapping, batches: Iterable[list[list[str]]], graphs: dict[str, str]
) -> Iterator[bytes]:
    """What the rows of a table say, each in the graph of its document where it has one."""
    within = mapping.columns.index(DOCUMENT) if DOCUMENT in mapping.columns else None
    for rows in batches:
        blocks = mapping.blocks(rows)
        if within is None:
            yield "".join(blocks).encode()
            continue
        said = zip(map(itemgetter(within), rows), blocks, strict=True)
        for document, found in groupby(said, itemgetter(0)):  # blank for a file not read
            graph = _graph(graphs, document, mapping.url) if document else ""
            yield in_graph("".join(block for _, block in found).encode(), graph.encode())


def _graph(graphs: dict[str, str], document: str, path: str) -> str:
    try:
        return graphs[document]
    except KeyError:
        raise YusuanError(
            f"{path}: document {document} is not among the package's documents"
        ) from None
