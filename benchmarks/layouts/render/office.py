"""Word documents and workbooks with real merged cells."""

from __future__ import annotations

import io

import docx
import openpyxl
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.layouts.model import Amount, Column, Disclosure, Table
from benchmarks.layouts.render.grid import Place, captions, places, size

__all__ = ["docx_file", "workbook", "xlsx_file"]


def docx_file(document: Disclosure) -> bytes:
    word = docx.Document()
    for block in document.blocks:
        if isinstance(block, Table):
            if not document.style.caption_inside:
                for line in captions(document, block):
                    word.add_paragraph(line)
            _, rows, columns = size(document, block)
            table = word.add_table(rows, columns)
            cells = table._cells
            for place in places(document, block):
                cell = cells[place.row * columns + place.column]
                if place.down * place.across > 1:
                    last = (place.row + place.down - 1) * columns + place.column + place.across - 1
                    cell = cell.merge(cells[last])
                cell.paragraphs[0].text = place.text
            for note in block.notes:
                word.add_paragraph(note)
            word.add_paragraph()
        elif block.startswith("#"):
            word.add_heading(block.lstrip("# "), level=min(block.count("#"), 3))
        elif block:
            word.add_paragraph(block)
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def xlsx_file(document: Disclosure) -> bytes:
    return workbook(document, document.tables)


def workbook(document: Disclosure, tables: list[Table]) -> bytes:
    """A cover, a table of contents, and the tables, each in a sheet of its own or all in one."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "封面"
    sheet.cell(1, 1, f"{document.name}{document.year}年部门{_kind(document)}公开表")
    toc = book.create_sheet("目录")
    toc.cell(1, 1, "目  录")
    for number, table in enumerate(tables, start=1):
        toc.cell(number + 1, 1, number)
        toc.cell(number + 1, 2, table.title)
    row = 1
    for number, table in enumerate(tables, start=1):
        if number == 1 or document.style.sheet_per_table:
            sheet = book.create_sheet(f"{number}{table.title}"[:28])
            row = 1
        row = _draw(document, table, sheet, row) + 3
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _kind(document: Disclosure) -> str:
    return "决算" if document.phase == "executed" else "预算"


def _draw(document: Disclosure, table: Table, sheet: Worksheet, top: int) -> int:
    """Draw a table from a row on; gives its last row."""
    width = len(table.columns)
    if not document.style.caption_inside:
        for line in captions(document, table):
            if line.startswith("单位：") and width > 1:
                sheet.cell(top, width, line)  # at the right end
            else:
                sheet.cell(top, 1, line)
                if line == table.title and width > 1:
                    sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
            top += 1
    last = top
    for place in places(document, table):
        row, column = top + place.row, place.column + 1
        cell = sheet.cell(row, column)
        _write(document, table, place, cell)
        if place.down * place.across > 1:
            sheet.merge_cells(
                start_row=row, end_row=row + place.down - 1,
                start_column=column, end_column=column + place.across - 1,
            )  # fmt: skip
        cell.alignment = Alignment(wrap_text=True)
        last = max(last, row)
    for note in table.notes:
        last += 1
        sheet.cell(last, 1, note)
    return last


def _write(document: Disclosure, table: Table, place: Place, cell: openpyxl.cell.Cell) -> None:
    style = document.style
    amount: Amount | None = place.amount
    if amount is None or not style.sheet_numbers or not any(map(str.isdigit, place.text)):
        cell.value = place.text or None
        return
    column = table.columns[place.column]
    assert isinstance(column, Column)
    cell.value = float(amount.value / (column.unit or table.unit or style.unit))
    cell.number_format = ("#,##0." if style.thousands else "0.") + "0" * style.decimals
