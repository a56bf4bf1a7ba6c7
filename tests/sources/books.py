"""Small workbooks as XLSX, XLS and ODS, with looks and hidden parts, from one description."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

import openpyxl
import xlwt
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.utils.cell import coordinate_to_tuple

__all__ = ["WRITERS", "Book", "C", "Runs", "ods_book", "xls_book", "xlsx_book"]

Runs = tuple[tuple[str, str], ...]
"""Texts, each with its look: "", "struck", "raised", "white" or "red"."""


@dataclass(frozen=True)
class C:
    """A cell: a value or runs, its number format, its look; what ODS holds as shown."""

    value: str | float | Runs
    format: str = "General"
    struck: bool = False
    ink: str | None = None
    paper: str | None = None
    shown: str | None = None


@dataclass(frozen=True)
class Book:
    """One sheet, after it perhaps a hidden one; cells by address."""

    cells: Mapping[str, C | str | float]
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    hidden_sheet: Mapping[str, str | float] = field(default_factory=dict)
    zeros: bool = True

    def placed(self) -> list[tuple[int, int, C]]:
        return [
            (*coordinate_to_tuple(address), cell if isinstance(cell, C) else C(cell))
            for address, cell in self.cells.items()
        ]


def xlsx_book(book: Book) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "表"
    sheet.sheet_view.showZeros = book.zeros
    for row, column, cell in book.placed():
        if isinstance(cell.value, tuple):
            looks = {
                "": InlineFont(), "struck": InlineFont(strike=True),
                "raised": InlineFont(vertAlign="superscript"), "white": InlineFont(color="FFFFFFFF"),
                "red": InlineFont(color="FFFF0000"),
            }  # fmt: skip
            value = CellRichText([TextBlock(looks[look], text) for text, look in cell.value])
        else:
            value = cell.value
        there = sheet.cell(row, column, value)
        there.number_format = cell.format
        there.font = Font(strike=cell.struck or None, color=cell.ink)
        if cell.paper:
            there.fill = PatternFill("solid", fgColor=cell.paper)
    for row in book.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for letter in book.hidden_columns:
        sheet.column_dimensions[letter].hidden = True
    if book.hidden_sheet:
        other = made.create_sheet("上年")
        other.sheet_state = "veryHidden"
        for address, value in book.hidden_sheet.items():
            other[address] = value
    return _saved(made.save)


def xls_book(book: Book) -> bytes:
    made = xlwt.Workbook()
    sheet = made.add_sheet("表")
    sheet.show_zero_values = book.zeros
    colours = {"FFFFFF": 1, "000000": 0, "FF0000": 2}
    for row, column, cell in book.placed():
        style = xlwt.XFStyle()
        style.num_format_str = cell.format
        style.font = _xls_font("struck" if cell.struck else "")
        if cell.ink:
            style.font.colour_index = colours[cell.ink]
        if cell.paper:
            style.pattern.pattern = xlwt.Pattern.SOLID_PATTERN
            style.pattern.pattern_fore_colour = colours[cell.paper]
        if isinstance(cell.value, tuple):
            runs = [(text, _xls_font(look)) for text, look in cell.value]
            sheet.write_rich_text(row - 1, column - 1, runs, style)
        else:
            sheet.write(row - 1, column - 1, cell.value, style)
    for row in book.hidden_rows:
        sheet.row(row - 1).hidden = True
    for letter in book.hidden_columns:
        sheet.col(ord(letter) - 65).hidden = True
    if book.hidden_sheet:
        other = made.add_sheet("上年")
        other.visibility = 2
        for address, value in book.hidden_sheet.items():
            row, column = coordinate_to_tuple(address)
            other.write(row - 1, column - 1, value)
    return _saved(made.save)


def _xls_font(look: str) -> xlwt.Font:
    font = xlwt.Font()
    font.struck_out = look == "struck"
    font.escapement = (
        xlwt.Font.ESCAPEMENT_SUPERSCRIPT if look == "raised" else xlwt.Font.ESCAPEMENT_NONE
    )
    if look in ("white", "red"):
        font.colour_index = {"white": 1, "red": 2}[look]
    return font


def ods_book(book: Book) -> bytes:
    styles = {
        "struck": '<style:text-properties style:text-line-through-style="solid"/>',
        "raised": '<style:text-properties style:text-position="super 58%"/>',
        "white": '<style:text-properties fo:color="#ffffff"/>',
        "red": '<style:text-properties fo:color="#ff0000"/>',
    }
    automatic = "".join(
        f'<style:style style:name="{name}" style:family="text">{what}</style:style>'
        for name, what in styles.items()
    )
    cells: dict[tuple[int, int], str] = {}
    for row, column, cell in book.placed():
        name = f"c{row}-{column}"
        line = "solid" if cell.struck else "none"
        automatic += (
            f'<style:style style:name="{name}" style:family="table-cell">'
            + (f'<style:table-cell-properties fo:background-color="#{cell.paper}"/>' if cell.paper else "")
            + f'<style:text-properties style:text-line-through-style="{line}"'
            + (f' fo:color="#{cell.ink}"' if cell.ink else "") + "/></style:style>"
        )  # fmt: skip
        if isinstance(cell.value, tuple):
            said = "".join(
                f'<text:span text:style-name="{look}">{escape(text)}</text:span>' if look else escape(text)
                for text, look in cell.value
            )  # fmt: skip
        else:
            said = escape(_plain(cell.value) if cell.shown is None else cell.shown)
        value = (
            f'office:value-type="float" office:value="{cell.value}"'
            if isinstance(cell.value, (int, float)) else 'office:value-type="string"'
        )  # fmt: skip
        cells[row, column] = (
            f'<table:table-cell table:style-name="{name}" {value}><text:p>{said}</text:p>'
            "</table:table-cell>"
        )
    bottom, right = max(row for row, _ in cells), max(column for _, column in cells)
    columns = "".join(
        f"<table:table-column{_collapsed(chr(64 + column) in book.hidden_columns)}/>"
        for column in range(1, right + 1)
    )
    rows = "".join(
        f"<table:table-row{_collapsed(row in book.hidden_rows)}>"
        + "".join(cells.get((row, column), "<table:table-cell/>") for column in range(1, right + 1))
        + "</table:table-row>"
        for row in range(1, bottom + 1)
    )
    other = "".join(
        f'<table:table-row><table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell></table:table-row>"
        for value in book.hidden_sheet.values()
    )
    automatic += (
        '<style:style style:name="off" style:family="table"><style:table-properties '
        'table:display="false"/></style:style>'
    )
    tables = f'<table:table table:name="表">{columns}{rows}</table:table>'
    if other:
        tables += f'<table:table table:name="上年" table:style-name="off">{other}</table:table>'
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" '
        f'xmlns:text="{ns}:text:1.0" xmlns:style="{ns}:style:1.0" '
        f'xmlns:fo="{ns}:xsl-fo-compatible:1.0"><office:automatic-styles>{automatic}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    settings = (
        f'<office:document-settings xmlns:office="{ns}:office:1.0" xmlns:config="{ns}:config:1.0">'
        f'<config:config-item config:name="ShowZeroValues">{str(book.zeros).lower()}'
        "</config:config-item></office:document-settings>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as container:
        container.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        container.writestr("content.xml", content)
        container.writestr("settings.xml", settings)
    return stream.getvalue()


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.15g}"


def _collapsed(hidden: bool) -> str:
    return ' table:visibility="collapse"' if hidden else ""


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


WRITERS: dict[str, Callable[[Book], bytes]] = {
    "xlsx": xlsx_book, "xls": xls_book, "ods": ods_book,
}  # fmt: skip
