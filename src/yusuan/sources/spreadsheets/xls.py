"""Workbooks of Excel 97 and before (XLS): values, formats, fonts and what is hidden, by xlrd.

The records are those of [MS-XLS] 2.4. xlrd keeps no formulas, so that the few things known
only from their records are looked up here.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import xlrd

from yusuan.model.document import Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import SourceCell
from yusuan.sources.containers import refuse_circular
from yusuan.sources.spreadsheets.cells import (
    CellStyle,
    Sheet,
    SheetCells,
    formula_cell,
    number_cell,
    same_colour,
    text_cell,
    to_decimal,
    too_many_sheets,
    unreadable,
)
from yusuan.sources.spreadsheets.conditional_format import (
    CellRange,
    Condition,
    ConditionalFormat,
    applied,
    comparison,
)
from yusuan.sources.spreadsheets.number_format import BUILT_IN, NumberFormat, parse_format

__all__ = ["read_xls"]

_FLAT_TWIPS = 30
"""Twentieths of a point below which a row shows nothing."""
_NARROW = 51
"""256ths of a sign below which a column shows nothing."""
_BOUND_SHEET, _BEGIN, _END, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0006
_CONDITIONAL, _RULE = 0x01B0, 0x01B1
_HAS_NUMBER, _HAS_FONT, _HAS_PATTERN = 1 << 25, 1 << 26, 1 << 29
_HAS_OWN_NUMBER = 1 << 32
_STRUCK = 0x80
_OPERATORS = {
    1: "between", 2: "notBetween", 3: "equal", 4: "notEqual", 5: "greaterThan", 6: "lessThan",
    7: "greaterThanOrEqual", 8: "lessThanOrEqual",
}  # fmt: skip


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
        looks = [_cell_style(book, xf) for xf in book.xf_list]
        looked_up = _sheet_records(content, book)
        # Libraries write formulas without results, to be computed when the file is opened.
        computed = any(records.computed for records in looked_up)
        for index in range(book.nsheets):
            records = looked_up[index] if index < len(looked_up) else _Records()
            pending = frozenset() if computed else frozenset(records.pending)
            yield _sheet(book, index, looks, file, pending, records.rules)
            book.unload_sheet(index)
    except (YusuanError, MemoryError):
        raise
    except Exception as error:  # whatever a damaged record leads to
        if "encrypted" in str(error).lower():
            raise YusuanError(f"{file}: locked with a password; save it without one") from error
        raise unreadable(file, "damaged") from error


def _cell_style(book: xlrd.Book, xf: xlrd.formatting.XF) -> CellStyle:
    """The look of a style (XF record): number format, font, and fill where it is solid."""
    found = book.format_map.get(xf.format_key)
    code = found.format_str if found is not None else "General"
    font = book.font_list[xf.font_index]
    ink = _colour(book, font.colour_index)
    pattern = xf.background.fill_pattern
    paper = "FFFFFF" if pattern == 0 else None
    if pattern == 1:
        paper = _colour(book, xf.background.pattern_colour_index)
    return CellStyle(parse_format(code), bool(font.struck_out), same_colour(ink, paper), paper)


def _colour(book: xlrd.Book, index: int) -> str | None:
    """A colour of the palette as RRGGBB; None for that of the system."""
    channels = book.colour_map.get(index)
    return None if channels is None else "".join(f"{channel:02X}" for channel in channels)


def _sheet(
    book: xlrd.Book, index: int, looks: list[CellStyle], file: str, pending: frozenset[tuple[int, int]],
    rules: list[ConditionalFormat],
) -> Sheet:  # fmt: skip
    sheet = book.sheet_by_index(index)
    cells = SheetCells(f"{file}, sheet {sheet.name}")
    zeros = bool(getattr(sheet, "show_zero_values", 1))
    papers: dict[tuple[int, int], str | None] = {}
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if (row, column) in pending:
                cells.add(row, column, formula_cell(""))
            elif kind not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                look = looks[sheet.cell_xf_index(row, column)]
                runs = sheet.rich_text_runlist_map.get((row, column))
                box = _box(book, kind, value, look, zeros, runs)
                cells.add(row, column, box)
                if look.paper != "FFFFFF":
                    papers[row, column] = look.paper
    hidden_rows = {
        row for row, info in sheet.rowinfo_map.items()
        if info.hidden or (not info.has_default_height and info.height < _FLAT_TWIPS)
    }  # fmt: skip
    hidden_columns = {
        column for column, info in sheet.colinfo_map.items()
        if info.hidden or info.width < _NARROW
    }  # fmt: skip
    merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
    shown = cells.sheet(
        sheet.name, merges, hidden=bool(sheet.visibility), hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )  # fmt: skip
    return applied(shown, rules, papers, cells.place)


def _box(
    book: xlrd.Book, kind: int, value: str | float, look: CellStyle, zeros: bool,
    runs: list[tuple[int, int]] | None,
) -> SourceCell | None:  # fmt: skip
    """What a cell shows; ``runs`` are places in a text from which another font holds."""
    plain = CellStyle(None, look.struck, look.hidden, look.paper)
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        number: Decimal = to_decimal(value)
        return number_cell(number, look, date1904=book.datemode == 1, zeros=zeros)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return text_cell("TRUE" if value else "FALSE", plain)
    if kind == xlrd.XL_CELL_ERROR:
        return text_cell(xlrd.error_text_from_code.get(int(value), "#ERR!"), plain)
    text = str(value)
    if not runs:
        return text_cell(text, look)
    parts: list[tuple[Run, str | None, bool]] = [(Run(text[: runs[0][0]]), None, False)]
    for (start, font_index), (end, _) in zip(runs, [*runs[1:], (len(text), 0)], strict=True):
        font = book.font_list[font_index]
        run = Run(text[start:end], struck=bool(font.struck_out), raised=font.escapement == 1)
        parts.append((run, _colour(book, font.colour_index) or "000000", True))
    return text_cell(parts, look)


@dataclass(slots=True)
class _Records:
    """What is known of one sheet only from its records: places of formulas that have no result,
    and conditional formats."""

    pending: set[tuple[int, int]] = field(default_factory=set)
    computed: bool = False
    rules: list[ConditionalFormat] = field(default_factory=list)


def _sheet_records(content: bytes, book: xlrd.Book) -> list[_Records]:
    """The records of each sheet with cells, in order."""
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
    return [_of_sheet(stream, start, book) for start in starts]


def _of_sheet(stream: bytes, start: int, book: xlrd.Book) -> _Records:
    found = _Records()
    areas: tuple[CellRange, ...] = ()
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
                found.computed = True
            found.pending.add((row, column))
        elif kind == _CONDITIONAL:
            areas = _areas(data)
        elif kind == _RULE:
            rule = _rule(data, areas, book)
            if rule.matters:
                found.rules.append(rule)
    return found


def _areas(data: bytes) -> tuple[CellRange, ...]:
    """The ranges of a CondFmt ([MS-XLS] 2.4.56)."""
    (count,) = struct.unpack_from("<H", data, 12)
    found = (struct.unpack_from("<HHHH", data, 14 + 8 * at) for at in range(count))
    return tuple((top, left, bottom, right) for top, bottom, left, right in found)


def _rule(data: bytes, areas: tuple[CellRange, ...], book: xlrd.Book) -> ConditionalFormat:
    """A CF ([MS-XLS] 2.4.42): what it changes stands in a DXFN (2.5.85), in blocks that its
    flags announce."""
    kind, operator, first, second, flags, more = struct.unpack_from("<BBHHIH", data)
    flags |= more << 32
    at = 12
    ink = paper = None
    form: NumberFormat | None = None
    struck = False
    if flags & _HAS_NUMBER:
        of_user = flags & _HAS_OWN_NUMBER
        size = struct.unpack_from("<H", data, at)[0] if of_user else 2
        index = 0 if of_user else data[at + 1]
        code = _unicode(data[at + 2 : at + size]) if of_user else BUILT_IN.get(index, "General")
        form = parse_format(code)
        at += size
    if flags & _HAS_FONT:
        style, colour, unchanged = (
            struct.unpack_from(code, data, at + place)[0]
            for code, place in (("<I", 68), ("<i", 80), ("<I", 88))
        )
        struck = bool(style & _STRUCK) and not unchanged & _STRUCK
        ink = _colour(book, colour) if colour >= 0 else None
        at += 118
    at += sum(size for bit, size in ((27, 8), (28, 8)) if flags & 1 << bit)
    if flags & _HAS_PATTERN:
        (colours,) = struct.unpack_from("<H", data, at + 2)
        paper = _colour(book, colours >> 7 & 0x7F)
    test: Condition = lambda _: None  # noqa: E731
    end = len(data) - second
    operands = [_constant(data[end - first : end]), _constant(data[end:])]
    stated = [one for one in operands[: 2 if second else 1] if one is not None]
    if kind == 1 and operator in _OPERATORS and len(stated) == (2 if second else 1):
        test = comparison(_OPERATORS[operator], stated)
    return ConditionalFormat(areas, test, ink, paper, struck, form)


def _constant(tokens: bytes) -> str | None:
    """The number of a formula that is one ([MS-XLS] 2.5.198.66 and 79)."""
    if len(tokens) == 3 and tokens[0] == 0x1E:
        return str(struct.unpack_from("<H", tokens, 1)[0])
    if len(tokens) == 9 and tokens[0] == 0x1F:
        return str(to_decimal(struct.unpack_from("<d", tokens, 1)[0]))
    return None


def _unicode(data: bytes) -> str:
    """An XLUnicodeString ([MS-XLS] 2.5.294)."""
    wide = data[2] & 1
    return data[3:].decode("utf-16-le" if wide else "latin-1", "replace")


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Kind and data of each record from a place on."""
    while start + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + size]
        start += 4 + size
