"""Workbooks: Excel's two formats, and OpenDocument."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.awkward.document import Document, Place, Stored, Table
from benchmarks.awkward.render.grid import Drawn, captions, grids

__all__ = ["ods_file", "xls_file", "xlsx_file"]

Placed = tuple[int, Drawn]
"""A row from 0 and a cell."""


def _sheets(document: Document) -> Iterator[tuple[str, list[tuple[Table, int]]]]:
    """The sheets with tables, each table with its first row."""
    if document.sheet_per_table:
        for table in document.tables:
            yield table.number or table.title[:12] or "Sheet2", [(table, 0)]
        return
    row, found = 0, []
    for table in document.tables:
        found.append((table, row))
        row += _height(table) + 2
    yield "公开表", found


def _hidden_sheets(document: Document) -> Iterator[tuple[str, list[tuple[Table, int]]]]:
    for number, table in enumerate(document.unseen, start=1):
        yield f"上年模板{number}", [(table, 0)]


def _height(table: Table) -> int:
    return len(captions(table)) + sum(len(g) + 1 for g in grids(table)) + len(table.below)


def _content(table: Table, first: int) -> tuple[list[tuple[int, str]], list[Placed]]:
    """Lines of text at their rows, and cells at theirs."""
    texts = [(first + i, text) for i, text in enumerate(captions(table))]
    row, cells = first + len(texts), []
    for number, rows in enumerate(grids(table)):
        if number:
            if "cut-caption" in table.marks:
                texts.append((row, "续表"))
            row += 1
        for line in rows:
            cells += [(row, cell) for cell in line]
            row += 1
    texts += [(row + i, text) for i, text in enumerate(table.below)]
    return texts, cells


def _rows_of(cells: list[Placed], look: str) -> set[int]:
    return {row for row, cell in cells if cell.line and cell.line.look == look}


# --- xlsx -------------------------------------------------------------------------------------


def xlsx_file(document: Document) -> bytes:
    book = openpyxl.Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "封面"
    for row, text in enumerate(document.cover, start=1):
        cover.cell(row, 1, text)
    if not document.cover:
        book.remove(cover)
    if "1904" in document.marks:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for name, tables in (*_sheets(document), *_hidden_sheets(document)):
        sheet = book.create_sheet(name)
        for table, first in tables:
            _xlsx_table(sheet, table, first)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xlsx_table(sheet: Worksheet, table: Table, first: int) -> None:
    texts, cells = _content(table, first)
    for row, text in texts:
        sheet.cell(row + 1, 1, text)
    for row, cell in cells:
        at = sheet.cell(row + 1, cell.column + 1)
        _xlsx_cell(at, cell)
        if cell.across * cell.down > 1:
            sheet.merge_cells(start_row=row + 1, end_row=row + cell.down,
                              start_column=cell.column + 1, end_column=cell.column + cell.across)  # fmt: skip
    for row in _rows_of(cells, "hidden"):
        sheet.row_dimensions[row + 1].hidden = True
    for row in _rows_of(cells, "flat"):
        sheet.row_dimensions[row + 1].height = 0
    for column, look in table.hidden_columns.items():
        dimension = sheet.column_dimensions[get_column_letter(column + 1)]
        if look == "hidden":
            dimension.hidden = True
        else:
            dimension.width = 0.05
    if "hidden-sheet" in table.marks:
        sheet.sheet_state = "hidden"
    if "very-hidden-sheet" in table.marks:
        sheet.sheet_state = "veryHidden"


_INLINE = {"sup": {"vertAlign": "superscript"}, "strike": {"strike": True},
           "white": {"color": "FFFFFFFF"}, "": {}, "run": {"b": True}, "sub": {"vertAlign": "subscript"}}  # fmt: skip


def _xlsx_cell(at: openpyxl.cell.Cell, cell: Drawn) -> None:
    place = cell.place
    stored = place.stored
    if stored is None:
        if any(piece.look for piece in place.pieces if piece.look != "break"):
            at.value = CellRichText(
                *(TextBlock(InlineFont(**_INLINE[p.look]), p.text) for p in place.pieces)
            )
        else:
            text = "".join("\n" if p.look == "break" else p.text for p in place.pieces)
            at.value = text or None
            if text.startswith(("=", "#")):
                at.data_type = "s"
    elif stored.kind == "number":
        at.value = stored.value
    elif stored.kind == "formula":
        at.value = f"={stored.value}"
    elif stored.kind == "error":
        at.value, at.data_type = stored.value, "e"
    if stored is not None:
        at.number_format = stored.format
    if place.colour == "white":
        at.font = Font(color="FFFFFFFF")
        at.fill = PatternFill("solid", fgColor="FFFFFFFF")
    if place.colour == "strike" or (cell.line and cell.line.look == "strike"):
        at.font = Font(strike=True)


_ERRORS = {"#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
"""Codes of errors ([MS-XLS] 2.5.10)."""

# --- xls --------------------------------------------------------------------------------------


def xls_file(document: Document) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    if document.cover:
        cover = book.add_sheet("封面")
        for row, text in enumerate(document.cover):
            cover.write(row, 0, text)
    if "1904" in document.marks:
        book.dates_1904 = True
    styles: dict[tuple[str, str], xlwt.XFStyle] = {}
    for name, tables in (*_sheets(document), *_hidden_sheets(document)):
        sheet = book.add_sheet(name)
        for table, first in tables:
            _xls_table(sheet, table, first, styles)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xls_table(sheet: xlwt.Worksheet, table: Table, first: int,
               styles: dict[tuple[str, str], xlwt.XFStyle]) -> None:  # fmt: skip
    texts, cells = _content(table, first)
    for row, text in texts:
        sheet.write(row, 0, text)
    for row, cell in cells:
        place, stored = cell.place, cell.place.stored
        look = place.colour or ("strike" if cell.line and cell.line.look == "strike" else "")
        style = _xls_style(styles, stored.format if stored else "General", look)
        last_row, last_column = row + cell.down - 1, cell.column + cell.across - 1
        if cell.across * cell.down > 1:
            sheet.write_merge(row, last_row, cell.column, last_column, place.text, style)
        elif stored and stored.kind == "number":
            sheet.write(row, cell.column, Decimal(stored.value), style)
        elif stored and stored.kind == "error":
            sheet.row(row).set_cell_error(cell.column, _ERRORS[str(stored.value)], style)
        elif any(piece.look not in ("", "break") for piece in place.pieces):
            runs = [(p.text, _xls_style(styles, "General", p.look).font) for p in place.pieces]
            sheet.write_rich_text(row, cell.column, runs, style)
        else:
            text = "".join("\n" if p.look == "break" else p.text for p in place.pieces)
            if text:
                sheet.write(row, cell.column, text, style)
    for row in _rows_of(cells, "hidden"):
        sheet.row(row).hidden = True
    for column, hidden in table.hidden_columns.items():
        if hidden == "hidden":
            sheet.col(column).hidden = True
        else:
            sheet.col(column).width = 0
    if "hidden-sheet" in table.marks:
        sheet.visibility = 1
    if "very-hidden-sheet" in table.marks:
        sheet.visibility = 2


def _xls_style(styles: dict[tuple[str, str], xlwt.XFStyle], form: str, look: str) -> xlwt.XFStyle:
    if (form, look) not in styles:
        style = xlwt.XFStyle()
        style.num_format_str = form
        font = xlwt.Font()
        if look == "white":
            font.colour_index = xlwt.Style.colour_map["white"]
        font.struck_out = look == "strike"
        if look == "sup":
            font.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT
        if look == "run":
            font.bold = True
        style.font = font
        styles[form, look] = style
    return styles[form, look]


# --- ods --------------------------------------------------------------------------------------

_NS = "urn:oasis:names:tc:opendocument:xmlns"
_FO = f"{_NS}:xsl-fo-compatible:1.0"
_SPANS = {"sup": "Tsup", "strike": "Tstrike", "white": "Twhite", "run": "Tbold"}
_STYLES = (
    '<style:style style:name="Tsup" style:family="text"><style:text-properties '
    'style:text-position="super 58%"/></style:style>'
    '<style:style style:name="Tstrike" style:family="text"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="Twhite" style:family="text"><style:text-properties '
    'fo:color="#ffffff"/></style:style>'
    '<style:style style:name="Tbold" style:family="text"><style:text-properties '
    'fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Cstrike" style:family="table-cell"><style:text-properties '
    'style:text-line-through-style="solid" style:text-line-through-type="single"/></style:style>'
    '<style:style style:name="Cwhite" style:family="table-cell"><style:text-properties '
    'fo:color="#ffffff"/></style:style>'
    '<style:style style:name="Tahidden" style:family="table"><style:table-properties '
    'table:display="false"/></style:style>'
    '<style:style style:name="Conarrow" style:family="table-column"><style:table-column-properties'
    ' style:column-width="0cm"/></style:style>'
)


def ods_file(document: Document) -> bytes:
    sheets = []
    if document.cover:
        rows = "".join(
            f"<table:table-row>{_ods_text(text)}</table:table-row>" for text in document.cover
        )
        sheets.append(f'<table:table table:name="封面">{rows}</table:table>')
    for name, tables in (*_sheets(document), *_hidden_sheets(document)):
        sheets.append(_ods_sheet(name, tables))
    content = (
        f'<office:document-content xmlns:office="{_NS}:office:1.0" xmlns:table="{_NS}:table:1.0" '
        f'xmlns:text="{_NS}:text:1.0" xmlns:style="{_NS}:style:1.0" xmlns:fo="{_FO}" '
        f'office:version="1.2"><office:automatic-styles>{_STYLES}</office:automatic-styles>'
        f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def _ods_text(text: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p>'
        "</table:table-cell>"
    )


def _ods_sheet(name: str, tables: list[tuple[Table, int]]) -> str:
    rows: dict[int, dict[int, str]] = {}
    hidden: set[int] = set()
    columns: dict[int, str] = {}
    for table, first in tables:
        texts, cells = _content(table, first)
        for row, text in texts:
            rows.setdefault(row, {})[0] = _ods_text(text)
        for row, cell in cells:
            rows.setdefault(row, {})[cell.column] = _ods_cell(cell)
            for i in range(cell.down):
                for j in range(cell.across):
                    if i or j:
                        rows.setdefault(row + i, {})[cell.column + j] = (
                            "<table:covered-table-cell/>"
                        )
        hidden |= _rows_of(cells, "hidden")
        columns.update(table.hidden_columns)
    width = max(max(cells, default=0) for cells in rows.values()) + 1
    lines = []
    for column in range(width):
        look = columns.get(column)
        lines.append("<table:table-column" + {
            None: "/>", "hidden": ' table:visibility="collapse"/>',
            "narrow": ' table:style-name="Conarrow"/>',
        }[look])  # fmt: skip
    for row in range(max(rows) + 1):
        state = ' table:visibility="collapse"' if row in hidden else ""
        cells = rows.get(row, {})
        inside = "".join(cells.get(column, "<table:table-cell/>") for column in range(width))
        lines.append(f"<table:table-row{state}>{inside}</table:table-row>")
    marks = {mark for table, _ in tables for mark in table.marks}
    style = ' table:style-name="Tahidden"' if marks & {"hidden-sheet", "very-hidden-sheet"} else ""
    return f"<table:table table:name={quoteattr(name)}{style}>{''.join(lines)}</table:table>"


def _ods_cell(cell: Drawn) -> str:
    place: Place = cell.place
    stored: Stored | None = place.stored
    kind = 'office:value-type="string"'
    if stored and stored.kind == "number":
        kind = f'office:value-type="float" office:value="{stored.value}"'
    elif stored and stored.kind == "formula":
        kind = f'table:formula="of:={stored.value}"'
    elif stored and stored.kind == "error":
        kind = 'table:formula="of:=[.#REF!]" office:value-type="string" office:string-value=""'
    look = place.colour or ("strike" if cell.line and cell.line.look == "strike" else "")
    style = f' table:style-name="C{look}"' if look else ""
    span = f' table:number-rows-spanned="{cell.down}"' * (cell.down > 1)
    span += f' table:number-columns-spanned="{cell.across}"' * (cell.across > 1)
    inside = "".join(
        "</text:p><text:p>" if p.look == "break"
        else f'<text:span text:style-name="{_SPANS[p.look]}">{escape(p.text)}</text:span>' if p.look
        else escape(p.text)
        for p in place.pieces
    )  # fmt: skip
    if stored and stored.kind == "error":
        inside = escape(str(stored.value))
    paragraph = f"<text:p>{inside}</text:p>" if inside else ""
    return f"<table:table-cell {kind}{style}{span}>{paragraph}</table:table-cell>"
