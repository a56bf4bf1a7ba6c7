"""Workbooks of Excel 97 and before (XLS): values, formats, fonts and what is hidden, by xlrd.

The records are those of [MS-XLS] 2.4. xlrd keeps no formulas, so that the few things known
only from their records are looked up here.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from decimal import Decimal

import xlrd

from yusuan.model.document import Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.compound import refuse_circular
from yusuan.sources.number_format import parse_format
from yusuan.sources.sheet_cells import (
    Cells,
    Look,
    Sheet,
    formula_box,
    number_box,
    text_box,
    to_decimal,
    too_many_sheets,
    unreadable,
    unseen,
)
from yusuan.sources.source_rows import Box

__all__ = ["read_xls"]

_FLAT_TWIPS = 30
"""Twentieths of a point below which a row shows nothing."""
_NARROW = 51
"""256ths of a sign below which a column shows nothing."""
_BOUND_SHEET, _BEGIN, _END, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0006


def read_xls(content: bytes, file: str) -> Iterator[Sheet]:
    """The sheets of a workbook in order.

    Raises YusuanError when the file is damaged, locked, or exceeds a limit.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        refuse_circular(content, file)
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, on_demand=True, ragged_rows=True,
            logfile=io.StringIO(),
        )  # fmt: skip
        if book.nsheets > limits.SHEETS:
            raise too_many_sheets(file, book.nsheets)
        looks = [_look(book, xf) for xf in book.xf_list]
        pending = _never_computed(content)
        for index in range(book.nsheets):
            yield _sheet(book, index, looks, file, pending.get(index, frozenset()))
            book.unload_sheet(index)
    except (YusuanError, MemoryError):
        raise
    except Exception as error:  # whatever a damaged record leads to
        if "encrypted" in str(error).lower():
            raise YusuanError(f"{file}: locked with a password; save it without one") from error
        raise unreadable(file, "damaged") from error


def _look(book: xlrd.Book, xf: xlrd.formatting.XF) -> Look:
    """The look of a style (XF record): number format, font, and fill where it is solid."""
    found = book.format_map.get(xf.format_key)
    code = found.format_str if found is not None else "General"
    font = book.font_list[xf.font_index]
    ink = _colour(book, font.colour_index)
    pattern = xf.background.fill_pattern
    paper = "FFFFFF" if pattern == 0 else None
    if pattern == 1:
        paper = _colour(book, xf.background.pattern_colour_index)
    return Look(parse_format(code), bool(font.struck_out), unseen(ink, paper), paper)


def _colour(book: xlrd.Book, index: int) -> str | None:
    """A colour of the palette as RRGGBB; None for that of the system."""
    channels = book.colour_map.get(index)
    return None if channels is None else "".join(f"{channel:02X}" for channel in channels)


def _sheet(
    book: xlrd.Book, index: int, looks: list[Look], file: str, pending: frozenset[tuple[int, int]]
) -> Sheet:
    sheet = book.sheet_by_index(index)
    cells = Cells(f"{file}, sheet {sheet.name}")
    zeros = bool(getattr(sheet, "show_zero_values", 1))
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if (row, column) in pending:
                cells.add(row, column, formula_box(""))
            elif kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                look = looks[sheet.cell_xf_index(row, column)]
                runs = sheet.rich_text_runlist_map.get((row, column))
                box = _box(book, kind, value, look, zeros, runs)
                cells.add(row, column, box)
    hidden_rows = {
        row for row, info in sheet.rowinfo_map.items()
        if info.hidden or (not info.has_default_height and info.height < _FLAT_TWIPS)
    }  # fmt: skip
    hidden_columns = {
        column for column, info in sheet.colinfo_map.items()
        if info.hidden or info.width < _NARROW
    }  # fmt: skip
    merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return cells.sheet(
        sheet.name, merges, hidden=bool(sheet.visibility), hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )  # fmt: skip


def _box(
    book: xlrd.Book, kind: int, value: str | float, look: Look, zeros: bool,
    runs: list[tuple[int, int]] | None,
) -> Box | None:  # fmt: skip
    """What a cell shows; ``runs`` are places in a text from which another font holds."""
    plain = Look(None, look.struck, look.hidden, look.paper)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number: Decimal = to_decimal(value)
        return number_box(number, look, date1904=book.datemode == 1, zeros=zeros)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return text_box("TRUE" if value else "FALSE", plain)
    if kind == xlrd.XL_CELL_ERROR:
        return text_box(xlrd.error_text_from_code.get(int(value), "#ERR!"), plain)
    text = str(value)
    if not runs:
        return text_box(text, look)
    parts: list[tuple[Run, str | None, bool]] = [(Run(text[: runs[0][0]]), None, False)]
    for (start, font_index), (end, _) in zip(runs, [*runs[1:], (len(text), 0)], strict=True):
        font = book.font_list[font_index]
        run = Run(text[start:end], struck=bool(font.struck_out), raised=font.escapement == 1)
        parts.append((run, _colour(book, font.colour_index) or "000000", True))
    return text_box(parts, look)


def _never_computed(content: bytes) -> dict[int, frozenset[tuple[int, int]]]:
    """Places of formulas by sheet, where none in the workbook has a result.

    Libraries write such files, to be computed when they are opened.
    """
    stream = content
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        document = xlrd.compdoc.CompDoc(content, logfile=io.StringIO())
        for name in ("Workbook", "Book"):
            memory, base, size = document.locate_named_stream(name)
            if memory:
                stream = memory[base : base + size]
                break
    starts: list[int] = []
    for kind, data in _records(stream, 0):
        if kind == _BOUND_SHEET and len(data) >= 6:
            start, _, of_charts = struct.unpack_from("<IBB", data)
            if not of_charts:
                starts.append(start)
        elif kind == _END:
            break
    found: dict[int, frozenset[tuple[int, int]]] = {}
    for index, start in enumerate(starts):
        places: set[tuple[int, int]] = set()
        depth = 0
        for kind, data in _records(stream, start):
            if kind == _BEGIN:
                depth += 1
            elif kind == _END:
                depth -= 1
                if depth <= 0:
                    break
            elif kind == _FORMULA and len(data) >= 14:
                row, column, _, result = struct.unpack_from("<HHH8s", data)
                if result[0] != 3 or result[6:8] != b"\xff\xff":
                    return {}
                places.add((row, column))
        found[index] = frozenset(places)
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and data of each record from a place on."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size
