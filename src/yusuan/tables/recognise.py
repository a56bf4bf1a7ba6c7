"""Which standard table each grid of a document is, by title and shape, and in which unit.

A table that states no unit, or leaves it open, is in the unit that its amounts prove.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import PurePath

from yusuan.codes import public_list
from yusuan.lexicon.numbers import numbers_in, parse_number
from yusuan.lexicon.units import UNITS, unit_name
from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
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
from yusuan.tables.columns import assign_columns, names_side, split_blocks
from yusuan.tables.empty import with_contradicted, with_statements
from yusuan.tables.headings import HeadingPaths, heading_rows, read_headings
from yusuan.tables.matching import match_column, read_qualifiers
from yusuan.tables.records import ReadingProblem, StandardTable
from yusuan.tables.rows import read_rows, unreadable
from yusuan.tables.stubs import is_code
from yusuan.tables.unrecognised import UnrecognisedGrid, amounts_in, unrecognised_in

__all__ = ["find_tables"]

_ENOUGH = 3
"""Different amounts that two tables must share for one to prove the unit of the other."""
_ENOUGH_SAID = 2
"""Different amounts that sentences must state for them to prove the unit of a table."""
_TELLING = 3
"""Digits of a stated amount that is not shared by chance: 123 and 12.3, but not 120 or 0.5."""
Places = Sequence[tuple[PrintedTable, StandardTable | None]]
_StatedNumbers = Mapping[tuple[int, int], set[Decimal]]
"""The numbers that sentences state, by their unit in yuan and their decimals."""


def with_proven_units(
    places: Places, sentences: Iterable[str] = ()
) -> list[tuple[PrintedTable, StandardTable | None]]:
    """The tables, each that does not state one unit in the unit that its amounts prove.

    Those of the tables that do state one are the measure: where at least three different
    amounts, and half of all, are theirs in one unit, and fewer than half as many in any other,
    that unit is proven. Else the ``sentences`` are, where they state at least two different amounts
    of three digits or more, also rounded, and none in any other unit; then the table is a measure
    for others. Then the cells of the table itself are, where most state one unit, and none another.
    What is not proven is read in the unit of the table before, or of the first that states or proves
    one, or in that of its own few cells; either way it is told.
    """
    found = list(places)
    left = {
        index: (printed, table)
        for index, (printed, table) in enumerate(places)
        if table and not printed.unit and _open_numbers(table)
    }
    stating = [table for printed, table in places if table and printed.unit]
    stated = {amount for table in stating for amount in _in_yuan(table, table.unit)}
    stated_numbers = _stated_numbers(sentences) if left else {}
    proven: dict[int, int] = {}
    for how in ("unit-proven", "unit-proven-by-text", "unit-proven-by-cells", "unit-proven"):
        for index in sorted(left.keys() - proven.keys()):
            printed, table = left[index]
            units, numbers = printed.units or tuple(UNITS.values()), _open_numbers(table)
            if how == "unit-proven":
                unit = _unit_of_tables(numbers, units, stated)
            elif how == "unit-proven-by-text":
                unit = _unit_of_sentences(numbers, units, stated_numbers)
            else:
                unit = _unit_of_cells(table, units)
            if unit:
                proven[index] = unit
                stated |= set() if how == "unit-proven" else _in_yuan(table, unit)
                found[index] = printed, _with_unit_reason(printed, table, unit, how)
    for index, (printed, table) in left.items():
        if index in proven:
            continue
        before = [proven[at] for at in sorted(proven) if at < index] or list(proven.values())
        unit = before[-1] if before and not stating else table.unit
        unit = unit if unit in (printed.units or (unit,)) else printed.units[0]
        how = "unit-of-others" if before or table.unit != 1 else "unit-taken"
        if how == "unit-taken" and len(own := _units_of_cells(table)) == 1:
            unit, how = *own, "unit-of-cells"
        found[index] = (
            printed,
            replace(_with_unit_reason(printed, table, unit, how), unit_unproven=True),
        )
    return found


def _with_unit_reason(
    printed: PrintedTable, table: StandardTable, unit: int, how: str
) -> StandardTable:
    """The table in a unit, with the problem that it states none or several, and how it was found."""
    units = "/".join(map(unit_name, printed.units))
    why = message("unit-left-open", units=units) if units else message("unit-not-stated")
    zh, en = joined(why, message(how, unit=unit_name(unit)))
    problem = ReadingProblem("unit-not-stated", printed.grid.position, None, "", zh, en)
    return replace(table, unit=unit, problems=(*table.problems, problem))


def _open_numbers(table: StandardTable) -> set[Decimal]:
    """The different numbers of a table that do not state their own unit, zero left out."""
    amounts = (amount for row in table.rows for amount in row.amounts if amount.unit is None)
    return {abs(amount.number.value) for amount in amounts if amount.number.value}


def _units_of_cells(table: StandardTable) -> Counter[int]:
    """How many amounts of a table state which unit themselves."""
    return Counter(
        amount.unit for row in table.rows for amount in row.amounts if amount.unit is not None
    )


def _unit_of_cells(table: StandardTable, units: Sequence[int]) -> int | None:
    """The unit that most amounts of a table state themselves, if it is the only one."""
    own = _units_of_cells(table)
    unit = next(iter(own), None)
    return unit if len(own) == 1 and unit in units and 2 * own.total() > table.amounts else None


def _in_yuan(table: StandardTable, unit: int) -> set[Decimal]:
    amounts = (amount for row in table.rows for amount in row.amounts)
    return {abs(amount.number.value) * (amount.unit or unit) for amount in amounts}


def _unit_of_tables(
    numbers: set[Decimal], units: Sequence[int], stated: set[Decimal]
) -> int | None:
    shared = {unit: sum(number * unit in stated for number in numbers) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    others = max((count for unit, count in shared.items() if unit != best), default=0)
    enough = shared[best] >= max(_ENOUGH, len(numbers) / 2)
    return best if enough and 2 * others < shared[best] else None


def _stated_numbers(sentences: Iterable[str]) -> _StatedNumbers:
    """The numbers of sentences that have a unit of money and enough digits to tell."""
    stated_numbers: dict[tuple[int, int], set[Decimal]] = defaultdict(set)
    for sentence in sentences:
        for lexeme in numbers_in(sentence):
            number = lexeme.number
            if number.unit and len(number.value.normalize().as_tuple().digits) >= _TELLING:
                stated_numbers[number.unit, number.decimals].add(abs(number.value))
    return stated_numbers


def _unit_of_sentences(
    numbers: set[Decimal], units: Sequence[int], stated_numbers: _StatedNumbers
) -> int | None:
    shared = {unit: _shared(numbers, unit, stated_numbers) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    alone = not any(count for unit, count in shared.items() if unit != best)
    return best if alone and shared[best] >= _ENOUGH_SAID else None


def _shared(numbers: set[Decimal], unit: int, stated_numbers: _StatedNumbers) -> int:
    """How many different stated amounts the numbers are in a unit, rounded as they are stated."""
    met: set[Decimal] = set()
    for (stated_unit, decimals), values in stated_numbers.items():
        step = Decimal(1).scaleb(-decimals)
        for number in numbers:
            value = (number * unit / stated_unit).quantize(step, ROUND_HALF_UP)
            if value in values:
                met.add(value * stated_unit)
    return len(met)


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
        resource, title = (
            (None, "") if _lacks_headings(paths) else _recognise(printed, paths, outside)
        )
        stated = printed.unit
        unit = stated or unit if resource else unit
        table = _read(resource, title, printed, count, paths, unit) if resource else None
        if table is None or any(row.direction is None for row in table.rows):
            others.append(
                UnrecognisedGrid(printed, paths, tuple(amounts_in(printed, paths, count)))
            )
            places.append((printed, None))
            continue
        unreadable_cells += sum(one.rule == "unreadable-amount" for one in table.problems)
        if unreadable_cells > limits.UNREADABLE:
            raise YusuanError(
                f"{document.file}, {_at(printed)}: more than {limits.UNREADABLE:,} cells of amount "
                "columns hold no amount; is this a department's budget?"
            )
        places.append((printed, table))
    stated_numbers = (paragraph.text for paragraph in document.paragraphs)
    return with_statements(with_proven_units(places, stated_numbers)), others


def _lacks_headings(paths: HeadingPaths) -> bool:
    """Whether half of what stands where headings should are amounts: what the columns are cannot be
    known, and a column of codes may be taken for amounts."""
    texts = [path[-1] for path in paths if path]
    numbers = [number for text in texts if (number := parse_number(text)) and number.decimals]
    return len(numbers) > 1 and 2 * len(numbers) >= len(texts)


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
        fitting = [
            (score, resource, title.line)
            for title, resource in product(titles, catalogue().tables)
            if (score := match_title(resource, title))
            and shapes[resource.name] > (_SHAPE_CLEAR if score >= CLEAR else _SHAPE_WEAK)
        ]
        listed = {found.name: _has_listed_codes(found, printed, paths) for _, found, _ in fitting}
        for score, resource, line in fitting:
            # The codes tell only where they are those of another table that the title fits.
            foreign = listed[resource.name] is False and any(listed.values())
            fit = score + shapes[resource.name] - foreign
            if best is None or fit > best[0]:
                best = (fit, resource, line)
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
    """Share of the headed columns that the table's schema knows; 0 without an amount column, or where
    a table of revenue and expenditure has the heading of neither.

    Unknown columns that any table may have (budget units, remarks, numbers of lines) do not count.
    """
    fields = [(match_column(resource, path), path) for path in paths if path]
    known = [field for field, _ in fields if field]
    if (
        resource.sides
        and "direction" not in resource.dimensions
        and not names_side(resource, paths)
    ):
        return 0.0
    if not any(field.role == "amount" for field in known):
        return 0.0
    unknown = [
        path for field, path in fields if not field and read_qualifiers(path).kind == "amount"
    ]
    return len(known) / (len(known) + len(unknown))


def _has_listed_codes(
    resource: Resource, printed: PrintedTable, paths: HeadingPaths
) -> bool | None:
    """Whether a code in the columns of codes is of the list that the table has there; None where
    there is no code in such a column."""
    found: list[bool] = []
    for column, path in enumerate(paths):
        field = match_column(resource, path) if path else None
        if field is None or field.role != "code" or not field.code_list:
            continue
        listed = public_list(field.code_list).by_code
        texts = (normal(row[column].text) for row in printed.grid.rows if column < len(row))
        found += [text in listed for text in texts if len(text) > 2 and is_code(text)]
    return any(found) if found else None


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
