"""Decide which standard table a printed grid is, by its title and by its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yusuan.model.document import Cell, Document
from yusuan.model.money import unit_name
from yusuan.schema import Resource, catalogue
from yusuan.tables.captions import PrintedTable, printed_tables
from yusuan.tables.columns import assign_columns, match_column, split_blocks
from yusuan.tables.headings import HeadingPaths, heading_rows, read_headings
from yusuan.tables.leftovers import amounts_in, left_in
from yusuan.tables.records import Problem, Table
from yusuan.tables.rows import read_rows

__all__ = ["Unrecognised", "find_tables", "title_match"]

_SHAPE_ALONE = 0.8
"""Without a title, this share of the columns must be known headings of one table only."""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A grid that is no standard table; ``amounts`` are its cells that hold amounts."""

    table: PrintedTable
    paths: HeadingPaths
    amounts: tuple[Cell, ...] = ()


def find_tables(document: Document) -> tuple[list[Table], list[Unrecognised]]:
    """The standard tables of a document, and the other grids, each in reading order."""
    tables: list[Table] = []
    others: list[Unrecognised] = []
    unit: int | None = None
    for printed in printed_tables(document):
        count = heading_rows(printed.grid)
        paths = read_headings(printed.grid, count)
        resource, title = _recognise(printed, paths)
        if resource is None:
            others.append(Unrecognised(printed, paths, tuple(amounts_in(printed, paths, count))))
            continue
        stated = printed.unit
        unit = stated or unit
        tables.append(_read(resource, title, printed, count, paths, unit, stated is not None))
    return tables, others


def _recognise(printed: PrintedTable, paths: HeadingPaths) -> tuple[Resource | None, str]:
    best: tuple[float, Resource, str] | None = None
    for resource in catalogue().tables:
        shape = _shape(resource, paths)
        length, title = title_match(resource, printed.titles)
        if not shape or (not length and not (shape >= _SHAPE_ALONE and _telling(resource, paths))):
            continue
        score = length + shape
        if best is None or score > best[0]:
            best = (score, resource, title)
    return (best[1], best[2]) if best else (None, "")


def title_match(resource: Resource, titles: list[str]) -> tuple[int, str]:
    """Length of the longest title match, and the line it stands in."""
    best = (0, "")
    for line in titles:
        for pattern in resource.titles:
            match = re.search(pattern, line)
            if match and len(match[0]) > best[0]:
                best = (len(match[0]), line)
        if best[0]:
            break  # the line nearest to the grid names it
    return best


def _shape(resource: Resource, paths: HeadingPaths) -> float:
    """Share of the headed columns that the table's schema knows; 0 without an amount column."""
    headed = [path for path in paths if path]
    fields = [match_column(resource, path) for path in headed]
    if not any(field and field.role == "amount" for field in fields):
        return 0.0
    return sum(field is not None for field in fields) / len(headed)


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
    stated: bool,
) -> Table:
    head, body = list(printed.grid.rows[:count]), list(printed.grid.rows[count:])
    columns = assign_columns(resource, paths, body)
    blocks = split_blocks(resource, columns)
    rows, problems = read_rows(blocks, head, body, nested=resource.nested)
    if not stated and any(row.amounts for row in rows):
        problems.append(_unit_not_stated(printed, unit))
    torn = {problem.position for problem in problems if problem.rule == "torn-row"}
    return Table(
        resource=resource,
        title=title,
        unit=unit or 1,
        organisation=printed.organisation,
        rows=tuple(rows),
        position=printed.grid.position,
        problems=tuple(problems),
        leftovers=tuple(left_in(resource, blocks, body, rows, torn)),
    )


def _unit_not_stated(printed: PrintedTable, unit: int | None) -> Problem:
    taken = unit_name(unit or 1)
    return Problem(
        "unit-not-stated", printed.grid.position, None, "",
        f"表上未注明计量单位，沿用前表，按{taken}计" if unit else "未注明计量单位，按元计",
        f"no unit is stated; {taken} is taken" + (" from the table before" if unit else ""),
    )  # fmt: skip
