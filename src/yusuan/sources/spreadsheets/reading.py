"""Spreadsheets (XLSX, XLS, ODS): each sheet as paragraphs and grids of what it shows.

A position is the row of the sheet, with the number of the sheet for a page, both from 1;
hidden and empty ones count. What is hidden is left out and told.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile

from yusuan.lexicon.phrases import words_of
from yusuan.model.document import Block, Note, Paragraph, Position, column_letters
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.blocks import (
    Reading,
    SourceCell,
    SourceRow,
    check_area,
    check_width,
    is_above,
    table_blocks,
    title_of,
)
from yusuan.sources.containers import open_zip
from yusuan.sources.fragments import sheet_cell
from yusuan.sources.spreadsheets.cells import Sheet
from yusuan.sources.spreadsheets.ods import read_ods
from yusuan.sources.spreadsheets.xls import read_xls
from yusuan.sources.spreadsheets.xlsx import read_xlsx

__all__ = ["read_sheets"]

_NUMBER = re.compile(r"[-(]?[\d,]+(?:\.\d+)?\)?")
_FEWEST_ROWS = 3
"""Rows with numbers that make a table, beside which something can stand."""


def read_sheets(content: bytes, file: str) -> Reading:
    """Read all sheets; ``lines`` counts the rows down to the last printed one of every sheet.

    Raises YusuanError when the file is damaged, locked, shows nothing, or is too wide.
    """
    blocks: list[Block] = []
    notes: list[Note] = []
    number = lines = 0
    for number, sheet in enumerate(_sheets(content, file), start=1):
        place = f"{file}, sheet {sheet.name}"
        notes.extend(_hidden_notes(sheet, number))
        lines += sheet.rows[-1][0] + 1 if sheet.rows else 0
        if not sheet.hidden:
            rows, beside = _without_beside(_rows(sheet, number, place))
            notes.extend(_notes_beside(beside, number))
            blocks.extend(
                _with_caption(sheet.name, table_blocks(rows, blank_rows_end=True), number)
            )
    if not blocks and notes:
        raise YusuanError(f"{file}: all that it holds is hidden; show the sheets and save it again")
    if not blocks:
        raise YusuanError(f"{file}: all {number} sheets are empty")
    return Reading(tuple(blocks), lines, number, notes=tuple(notes))


def _sheets(content: bytes, file: str) -> Iterable[Sheet]:
    if not content.startswith(b"PK"):
        return read_xls(content, file)
    with open_zip(content, file) as container:
        if "content.xml" in container.namelist():
            return read_ods(container, file)
        return read_xlsx(container, file)


def _hidden_notes(sheet: Sheet, number: int) -> Iterator[Note]:
    """What is told of a sheet: hidden with numbers in it, as a whole, by rows or by columns.

    Rows and columns that stand together are one.
    """
    rows = {
        row for row, cells in sheet.rows if any(_holds_digit(box) for box in cells.values())
    }  # fmt: skip
    advice = message("show-if-published")
    if sheet.hidden:
        if rows:
            reason = message("hidden-sheet")
            yield Note("sheet", clean(sheet.name), reason, advice, number, hidden=True)
        return
    for first, last in _ranges(row for row in sorted(sheet.hidden_rows) if row in rows):
        name = _named("row-place", str(first + 1), str(last + 1))
        yield Note("row", name, message("rows-hidden"), advice, number, first + 1, hidden=True)
    columns = {
        column: row + 1 for row, cells in reversed(sheet.rows) if row not in sheet.hidden_rows
        for column, box in cells.items()
        if column in sheet.hidden_columns and _holds_digit(box)
    }  # fmt: skip
    for first, last in _ranges(sorted(columns)):
        name = _named("column-place", column_letters(first), column_letters(last))
        yield Note(
            "column", name, message("columns-hidden"), advice, number, columns[first], hidden=True
        )


def _without_beside(rows: list[SourceRow]) -> tuple[list[SourceRow], list[SourceRow]]:
    """The rows, and what stands beside their table and is no part of it.

    That is certain where from the headings on a whole column is blank, nothing to the right of
    it has a heading, and the sheet holds one table. Titles and units above stay.
    """
    nothing: tuple[list[SourceRow], list[SourceRow]] = rows, []
    head = next(
        (at for at, row in enumerate(rows) if len(row.printed()) > 1 and not is_above(row)), None
    )  # fmt: skip
    if head is None or any(title_of([row]) for row in rows[head:]):
        return nothing
    table = rows[head:]
    used = {column for row in table for column in row.filled()}
    for row in table:
        for column, box in row.printed():
            used.update(range(column, column + box.colspan))
    gap = next((column for column in range(min(used), max(used)) if column not in used), None)
    if gap is None:
        return nothing
    numbers = [
        at for at, row in enumerate(table)
        if any(column < gap and _NUMBER.fullmatch(box.text) for column, box in row.printed())
    ]  # fmt: skip
    if len(numbers) < _FEWEST_ROWS or not numbers[0]:
        return nothing
    if any(column > gap for row in table[: numbers[0]] for column in row.filled()):
        return nothing
    kept = [
        SourceRow(row.position, {column: box for column, box in row.cells.items() if column < gap})
        for row in table
    ]  # fmt: skip
    beside = [
        SourceRow(row.position, {column: box for column, box in row.cells.items() if column > gap})
        for row in table
    ]  # fmt: skip
    return [*rows[:head], *kept], beside


def _notes_beside(rows: list[SourceRow], number: int) -> Iterator[Note]:
    """What is told of numbers beside a table, by ranges of columns."""
    first: dict[int, tuple[str, int]] = {}
    for row in rows:
        for column, box in row.cells.items():
            if _holds_digit(box):
                address = (box.fragment or "").rpartition("!")[2]
                first.setdefault(column, (address.rstrip("0123456789"), row.position.line))
    for start, end in _ranges(sorted(first)):
        name = _named("column-place", first[start][0], first[end][0])
        reason, advice = message("beside-table"), message("head-column-beside-table")
        yield Note("column", name, reason, advice, number, first[start][1])


def _holds_digit(box: SourceCell) -> bool:
    return bool(re.search(r"\d", box.text)) or any(
        re.search(r"\d", run.text) for run in box.undisplayed
    )


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rising numbers as ranges, first and last.

    >>> list(_ranges([1, 2, 5]))
    [(1, 2), (5, 5)]
    """
    first = last = -2
    for number in numbers:
        if number != last + 1:
            if last >= 0:
                yield first, last
            first = number
        last = number
    if last >= 0:
        yield first, last


def _with_caption(name: str, blocks: list[Block], number: int) -> list[Block]:
    """The blocks of a sheet; its name is the caption of a table that has none of its own.

    It also keeps the table apart from that of the sheet before.
    """
    above = list(takewhile(lambda block: isinstance(block, Paragraph), blocks))
    titled = any(
        isinstance(block, Paragraph) and words_of("table")[0] in block.text for block in above
    )
    if len(above) < len(blocks) and not titled:
        return [Paragraph(clean(name), Position(1, number)), *blocks]
    return blocks


def _rows(sheet: Sheet, number: int, place: str) -> list[SourceRow]:
    """The shown rows of a sheet that hold something, those that a merged cell reaches into, and
    between others one blank row for any number of them. Columns are counted as shown."""
    anchors, covered = _merges(sheet, place)
    shown: dict[int, dict[int, SourceCell]] = {}
    for row, _ in covered:
        if row not in sheet.hidden_rows:
            shown.setdefault(row, {})
    before = _ShownColumns(sheet.hidden_columns)
    for row, cells in sheet.rows:
        for column, box in cells.items():
            if (row, column) in covered:
                continue
            name = sheet_cell(sheet.name, row, column)
            top, left, down, across = anchors.get((row, column), (row, column, 1, 1))
            if top in sheet.hidden_rows or left in sheet.hidden_columns:
                continue
            check_width(left, place, f"row {row + 1:,}")
            boxes = shown.setdefault(top, {})
            boxes[before.shown(left)] = SourceCell(
                box.text, down, across, None, name, box.undisplayed, box.stored, box.doubt
            )  # fmt: skip
    rows: list[SourceRow] = []
    last = -1
    for row in sorted(shown):
        if any(between not in sheet.hidden_rows for between in range(last + 1, row)):
            rows.append(SourceRow(Position(row, number)))
        rows.append(SourceRow(Position(row + 1, number), shown[row]))
        last = row
    check_area(rows, place)
    return rows


class _ShownColumns:
    """Where a column stands among those that are shown."""

    def __init__(self, hidden: frozenset[int]) -> None:
        self._hidden = sorted(hidden)

    def shown(self, column: int) -> int:
        return column - bisect_left(self._hidden, column)


def _merges(
    sheet: Sheet, place: str
) -> tuple[dict[tuple[int, int], tuple[int, int, int, int]], set[tuple[int, int]]]:
    """For each merged cell its first shown place and how many shown rows and columns it covers,
    by its place in the file; and the places covered."""
    anchors: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    covered: set[tuple[int, int]] = set()
    places = 0
    for top, left, bottom, right in sheet.merges:
        places += (bottom - top + 1) * (right - left + 1)
        if places > limits.MERGED_PLACES:
            raise YusuanError(f"{place}, row {top + 1:,}: merged cells overlap; save it again")
        rows = [row for row in range(top, bottom + 1) if row not in sheet.hidden_rows]
        columns = [
            column for column in range(left, right + 1) if column not in sheet.hidden_columns
        ]  # fmt: skip
        if rows and columns:
            anchors[top, left] = (rows[0], columns[0], len(rows), len(columns))
        else:
            anchors[top, left] = (top, left, 1, 1)
        covered.update(
            (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )
    return anchors, covered - anchors.keys()


def _named(place: str, first: str, last: str) -> str:
    """Rows or columns of a sheet as they are told: 行3-5, 列B."""
    return message(place, place=first if first == last else f"{first}-{last}")[0]
