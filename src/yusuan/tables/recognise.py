"""Which standard table each grid of a document is, by title and shape, and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import PurePath

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.money import UNITS, unit_name
from yusuan.model.text import normal
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import joined, message
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
from yusuan.tables.records import Amount, ReadingProblem, StandardTable
from yusuan.tables.rows import read_rows, unreadable
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
    return with_statements(with_proven_units(places)), others


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


# Units


_ENOUGH = 3
"""Different amounts that two tables must share for one to prove the unit of the other."""
Places = Sequence[tuple[PrintedTable, StandardTable | None]]


def with_proven_units(places: Places) -> list[tuple[PrintedTable, StandardTable | None]]:
    """The tables, each that does not state one unit in the unit that its amounts prove.

    Those of the tables that do state one are the measure: where at least three different
    amounts, and half of all, are theirs in one unit, and fewer than half as many in any other,
    that unit is proven. What is not proven is read in the unit of the table before, or of the first
    that states one; either way it is told.
    """
    stated = {
        abs(amount.number.value) * (amount.unit or table.unit)
        for printed, table in places if table and printed.unit
        for amount in _amounts_of(table)
    }  # fmt: skip
    return [
        (printed, _in_proven_unit(printed, table, stated) if table and not printed.unit else table)
        for printed, table in places
    ]


def _amounts_of(table: StandardTable) -> list[Amount]:
    return [amount for row in table.rows for amount in row.amounts]


def _in_proven_unit(
    printed: PrintedTable, table: StandardTable, stated: set[Decimal]
) -> StandardTable:
    """The table in its proven unit, with the problem that it states none or several."""
    own = [amount for amount in _amounts_of(table) if amount.unit is None]
    if not own:
        return table
    proven = _proven_unit(
        [amount.number.value for amount in own], printed.units or tuple(UNITS.values()), stated
    )
    unit = proven or (
        table.unit if table.unit in (printed.units or (table.unit,)) else printed.units[0]
    )
    problem = _unit_problem(printed, unit, proven is not None, table.unit != 1)
    return replace(
        table, unit=unit, problems=(*table.problems, problem), unit_unproven=proven is None
    )


def _proven_unit(
    values: Sequence[Decimal], units: Sequence[int], stated: set[Decimal]
) -> int | None:
    numbers = {abs(value) for value in values if value}
    shared = {unit: sum(number * unit in stated for number in numbers) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    others = max((count for unit, count in shared.items() if unit != best), default=0)
    enough = shared[best] >= max(_ENOUGH, len(numbers) / 2)
    return best if enough and 2 * others < shared[best] else None


def _unit_problem(printed: PrintedTable, unit: int, proven: bool, before: bool) -> ReadingProblem:
    units = "/".join(map(unit_name, printed.units))
    said = message("unit-left-open", units=units) if units else message("unit-not-stated")
    how = "unit-proven" if proven else "unit-of-others" if before else "unit-taken"
    zh, en = joined(said, message(how, unit=unit_name(unit)))
    return ReadingProblem("unit-not-stated", printed.grid.position, None, "", zh, en)
