"""Spreadsheets (XLSX, XLS, ODS): each sheet as paragraphs and grids.

A position is the row of the sheet, with the number of the sheet for a page, both from 1;
hidden sheets count and are read, empty ones only count.
"""

from __future__ import annotations

from yusuan.model.document import Block, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.sources import limits
from yusuan.sources.compound import refuse_circular
from yusuan.sources.fragments import sheet_cell
from yusuan.sources.layout import check_area, check_width, table_blocks
from yusuan.sources.reading import Reading
from yusuan.sources.sheet_cells import Sheet, read_cells
from yusuan.sources.sheet_size import refuse_bloated
from yusuan.sources.source_rows import Box, SourceRow

__all__ = ["read_sheets"]


def read_sheets(content: bytes, file: str) -> Reading:
    """Read all sheets; ``lines`` counts the rows down to the last printed one of every sheet.

    Raises YusuanError when the file is damaged, locked, holds nothing, or is too wide.
    """
    if content.startswith(b"PK"):
        refuse_bloated(content, file)
    else:
        refuse_circular(content, file)
    blocks: list[Block] = []
    number = lines = 0
    for number, sheet in enumerate(read_cells(content, file), start=1):
        rows = _rows(sheet, number, f"{file}, sheet {sheet.name}")
        blocks.extend(_named(sheet.name, table_blocks(rows, blank_rows_end=True), number))
        lines += sheet.rows[-1][0] + 1 if sheet.rows else 0
    if not blocks:
        raise YusuanError(f"{file}: all {number} sheets are empty")
    return Reading(tuple(blocks), lines, number)


def _named(name: str, blocks: list[Block], number: int) -> list[Block]:
    """The blocks of a sheet; its name is the caption of a table that has none of its own.

    It also keeps the table apart from that of the sheet before.
    """
    if blocks and isinstance(blocks[0], Grid):
        return [Paragraph(clean(name), Position(1, number)), *blocks]
    return blocks


def _rows(sheet: Sheet, number: int, place: str) -> list[SourceRow]:
    """The printed rows of a sheet, those that a merged cell reaches into, and between others
    one blank row for any number of them."""
    spans, covered = _merges(sheet, place)
    reached = {row for row, _ in covered}
    printed: dict[int, dict[int, Box]] = {row: {} for row in reached}
    for row, cells in sheet.rows:
        boxes = printed.setdefault(row, {})
        for column, text in cells.items():
            if (row, column) not in covered:
                check_width(column, place, f"row {row + 1:,}")
                name = sheet_cell(sheet.name, row, column)
                boxes[column] = Box(text, *spans.get((row, column), (1, 1)), fragment=name)
    rows: list[SourceRow] = []
    before = -1
    for row in sorted(printed):
        if row > before + 1:
            rows.append(SourceRow(Position(row, number)))
        rows.append(SourceRow(Position(row + 1, number), printed[row]))
        before = row
    check_area(rows, place)
    return rows


def _merges(
    sheet: Sheet, place: str
) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Rows and columns that each merged cell covers, by its place, and the places covered."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    places = 0
    for top, left, bottom, right in sheet.merges:
        spans[top, left] = (bottom - top + 1, right - left + 1)
        places += (bottom - top + 1) * (right - left + 1)
        if places > limits.MERGED_PLACES:
            raise YusuanError(f"{place}, row {top + 1:,}: merged cells overlap; save it again")
        covered.update(
            (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        )
    return spans, covered - spans.keys()
