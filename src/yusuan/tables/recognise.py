"""Which standard table each grid of a document is, by title and shape, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from pathlib import PurePath

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import normal
from yusuan.schema import Resource, catalogue
from yusuan.sources import limits
from yusuan.tables.captions import (
    CLEAR,
    PrintedTable,
    Title,
    match_title,
    printed_tables,
    read_title,
    title_groups,
)
from yusuan.tables.columns import assign_columns, split_blocks
from yusuan.tables.empty import with_contradicted, with_statements
from yusuan.tables.headings import HeadingPaths, heading_rows, read_headings
from yusuan.tables.matching import match_column, read_qualifiers
from yusuan.tables.records import StandardTable
from yusuan.tables.rows import read_rows, unreadable
from yusuan.tables.units import with_proven_units
from yusuan.tables.unrecognised import UnrecognisedGrid, amounts_in, unrecognised_in

__all__ = ["find_tables"]

_SHAPE_ALONE = 0.8
"""Without a title, this share of the columns must be known headings of one table only."""
_SHAPE_CLEAR = 0.2
"""Below a title, more than this share."""
_SHAPE_WEAK = 0.5
"""Where the title stands in the middle of a line, more than this share."""


def find_tables(document: Document) -> tuple[list[StandardTable], list[UnrecognisedGrid]]:
    """The standard tables of a document, and the other grids, each in reading order.

    Raises YusuanError for a document with more than ``limits.UNREADABLE`` cells of amount columns that
    hold no amount.
    """
    others: list[UnrecognisedGrid] = []
    places: list[tuple[PrintedTable, StandardTable | None]] = []
    tables = printed_tables(document)
    unreadable_cells = 0
    unit = next((printed.unit for printed in tables if printed.unit), None)
    outside = _outside_titles(document) if len(tables) == 1 else []
    for printed in tables:
        count = heading_rows(printed.grid)
        paths = read_headings(printed.grid, count)
        resource, title = _recognise(printed, paths, outside)
        if resource is None:
            others.append(
                UnrecognisedGrid(printed, paths, tuple(amounts_in(printed, paths, count)))
            )
            places.append((printed, None))
            continue
        stated = printed.unit
        unit = stated or unit
        table = _read(resource, title, printed, count, paths, unit)
        unreadable_cells += sum(one.rule == "unreadable-amount" for one in table.problems)
        if unreadable_cells > limits.UNREADABLE:
            raise YusuanError(
                f"{document.file}, {_at(printed)}: more than {limits.UNREADABLE:,} cells of amount "
                "columns hold no amount; is this a department's budget?"
            )
        places.append((printed, table))
    said = (paragraph.text for paragraph in document.paragraphs)
    return with_statements(with_proven_units(places, said)), others


def _at(printed: PrintedTable) -> str:
    position = printed.grid.position
    page = f"page {position.page}, " if position.page else ""
    return f"{page}line {position.line}"


def _outside_titles(document: Document) -> list[Title]:
    """What may be the title of the only table of a document though it is not printed: the
    title of a web page and the name of the file, in their parts."""
    names = (document.title or "", PurePath(document.file).stem)
    parts = [part for name in names for part in re.split(r"[_|—\s]+", name) if part]
    return [title for title in map(read_title, [*parts, *map(normal, names)]) if title.core]


def _recognise(
    printed: PrintedTable, paths: HeadingPaths, outside: Sequence[Title]
) -> tuple[Resource | None, str]:
    """The standard table that a grid is, and the line that names it.

    The line nearest to the grid that clearly names a table decides between those of the right
    shape; a line that only contains a title needs a shape that fits well. Where none does, a
    title ``outside`` the page may.
    """
    shapes = {resource.name: _shape(resource, paths) for resource in catalogue().tables}
    best: tuple[float, Resource, str] | None = None
    for titles in title_groups(printed):
        for title, resource in product(titles, catalogue().tables):
            score, shape = match_title(resource, title), shapes[resource.name]
            enough = _SHAPE_CLEAR if score >= CLEAR else _SHAPE_WEAK
            if score and shape > enough and (best is None or score + shape > best[0]):
                best = (score + shape, resource, title.line)
        if best and best[0] >= CLEAR:
            break
    if best:
        return best[1], best[2]
    clear = [
        (score + shapes[resource.name], resource)
        for title, resource in product(outside, catalogue().tables)
        if (score := match_title(resource, title)) >= CLEAR and shapes[resource.name] > _SHAPE_CLEAR
    ]
    if clear:
        return max(clear, key=lambda found: found[0])[1], ""
    alone = [
        resource for resource in catalogue().tables
        if shapes[resource.name] >= _SHAPE_ALONE and _telling(resource, paths)
    ]  # fmt: skip
    return (max(alone, key=lambda found: shapes[found.name]), "") if alone else (None, "")


def _shape(resource: Resource, paths: HeadingPaths) -> float:
    """Share of the headed columns that the table's schema knows; 0 without an amount column.

    Unknown columns that any table may have (budget units, remarks, numbers of lines) do not count.
    """
    fields = [(match_column(resource, path), path) for path in paths if path]
    known = [field for field, _ in fields if field]
    if not any(field.role == "amount" for field in known):
        return 0.0
    unknown = [
        path for field, path in fields if not field and read_qualifiers(path).kind == "amount"
    ]
    return len(known) / (len(known) + len(unknown))


def _telling(resource: Resource, paths: HeadingPaths) -> bool:
    """Whether some heading is an amount column of this table and of no other."""
    for path in paths:
        known = [table for table in catalogue().tables if path and match_column(table, path)]
        field = match_column(resource, path) if path else None
        if field and field.role == "amount" and known == [resource]:
            return True
    return False


def _read(
    resource: Resource,
    title: str,
    printed: PrintedTable,
    count: int,
    paths: HeadingPaths,
    unit: int | None,
) -> StandardTable:
    head, body = list(printed.grid.rows[:count]), list(printed.grid.rows[count:])
    columns = assign_columns(resource, paths, body)
    blocks = split_blocks(resource, columns, len(paths))
    fixed = printed.grid.fixed or printed.grid.even
    rows, problems = read_rows(blocks, head, body, nested=resource.nested, fixed=fixed)
    headed = frozenset(
        column.field.name for block in blocks for column in block.amounts if column.field
    )
    rows, contradicted = with_contradicted(resource, rows, headed)
    problems += map(unreadable, contradicted)
    torn = {problem.cell for problem in problems if problem.rule == "torn-row"}
    return StandardTable(
        resource=resource,
        title=title,
        caption=printed.as_printed(title),
        unit=unit or 1,
        organisation=printed.organisation,
        rows=tuple(rows),
        position=printed.grid.position,
        problems=tuple(problems),
        unrecognised=tuple(unrecognised_in(resource, blocks, paths, body, rows, torn)),
        columns=headed,
    )
