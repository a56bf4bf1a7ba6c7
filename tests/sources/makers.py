"""One small disclosure, written in every format that is read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from html import escape

import docx
import openpyxl
import xlwt

from tests.disclosures import ROWS, disclosure_text

__all__ = ["HEADINGS", "MAKERS", "PARAGRAPHS", "TABLE", "archive", "text_file"]

PARAGRAPHS = (
    "浙江省桐庐县水利局", "2023年部门预算公开", "目 录", "表3:", "部门支出总体情况表", "单位：万元",
)  # fmt: skip
HEADINGS = (
    (("项 目", 1, 4), ("支出预算", 1, 3)),
    (("功能分类科目编码", 1, 3), ("功能分类科目名称", 2, 1), ("合 计", 2, 1), ("基本支出", 2, 1),
     ("项目支出", 2, 1)),
    (("类", 1, 1), ("款", 1, 1), ("项", 1, 1)),
)  # fmt: skip
TABLE = (*HEADINGS, *(tuple((text, 1, 1) for text in row.split("\t")) for row in ROWS))
"""Rows of (text, rows covered, columns covered), as HTML lists them."""

Placed = list[tuple[int, int, str, int, int]]


def placed() -> Placed:
    """Row, column, text, rowspan and colspan of every cell of the table."""
    cells: Placed = []
    taken: set[tuple[int, int]] = set()
    for row, entries in enumerate(TABLE):
        column = 0
        for text, down, across in entries:
            while (row, column) in taken:
                column += 1
            cells.append((row, column, text, down, across))
            taken.update((row + i, column + j) for i in range(down) for j in range(across))
    return cells


def text_file() -> bytes:
    return disclosure_text().encode()


def docx_file() -> bytes:
    document = docx.Document()
    for text in PARAGRAPHS:
        document.add_paragraph(text)
    table = document.add_table(len(TABLE), 7)
    for row, column, text, down, across in placed():
        cell = table.cell(row, column)
        if down * across > 1:
            cell = cell.merge(table.cell(row + down - 1, column + across - 1))
        cell.text = text
    return _saved(document.save)


def xlsx_file() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, text in enumerate(PARAGRAPHS, start=1):
        sheet.cell(row, 1, text)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=7)
    for row, column, text, down, across in placed():
        at = row + len(PARAGRAPHS) + 1
        sheet.cell(at, column + 1, _number(text, column))
        if down * across > 1:
            sheet.merge_cells(
                start_row=at, end_row=at + down - 1,
                start_column=column + 1, end_column=column + across,
            )  # fmt: skip
    return _saved(book.save)


def xls_file() -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("支出表")
    for row, text in enumerate(PARAGRAPHS):
        sheet.write_merge(row, row, 0, 6, text)
    for row, column, text, down, across in placed():
        at = row + len(PARAGRAPHS)
        sheet.write_merge(at, at + down - 1, column, column + across - 1, _number(text, column))
    return _saved(book.save)


def ods_file() -> bytes:
    def cell(text: str, column: int, span: str = "") -> str:
        value = _number(text, column)
        kind = (
            f'office:value-type="float" office:value="{value}"'
            if isinstance(value, float) else 'office:value-type="string"'
        )  # fmt: skip
        return f"<table:table-cell {kind}{span}><text:p>{text}</text:p></table:table-cell>"

    rows = [f"<table:table-row>{cell(text, 0)}</table:table-row>" for text in PARAGRAPHS]
    by_place = {(row, column): (text, down, across) for row, column, text, down, across in placed()}
    for row in range(len(TABLE)):
        cells = ""
        for column in range(7):
            text, down, across = by_place.get((row, column), ("", 1, 1))
            span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
            cells += cell(text, column, span) if text else "<table:table-cell/>"
        rows.append(f"<table:table-row>{cells}</table:table-row>")
    rows.append(
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" '
        f'xmlns:text="{ns}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="支出表">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return archive({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest.encode(),
    })  # fmt: skip


def html_file(encoding: str = "utf-8") -> bytes:
    """A page of a portal: the article in a layout table, with navigation and scripts."""
    rows = "\n".join(
        "<tr>" + "".join(
            f"<td rowspan={down} colspan='{across}'>{escape(text) or '&nbsp;'}</td>"
            for text, down, across in row
        ) + "</tr>"
        for row in TABLE
    )  # fmt: skip
    body = "\n".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return f"""<!DOCTYPE html>
<html><head><meta charset="{encoding}"><title>门户</title><style>p {{color: red}}</style></head>
<body><nav><ul><li>首页</li></ul></nav><script>document.write("<p>2020年")</script>
<table><tr><td>
{body}
<table><tbody>
{rows}
</tbody></table>
</td></tr></table></body></html>""".encode(encoding)


def csv_file(delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    lines = [[text] for text in PARAGRAPHS] + [[""] * 7 for _ in TABLE]
    for row, column, text, _, _ in placed():
        lines[row + len(PARAGRAPHS)][column] = text
    return "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)


def archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return stream.getvalue()


def zip_file() -> bytes:
    return archive({"附件2.xlsx": xlsx_file(), "附件10/说明.txt": "没有表格。".encode()})


def _number(text: str, column: int) -> str | float:
    """Amounts are numbers in a sheet; codes are text, which keeps their leading zeros."""
    return float(text) if column > 3 and text.isdigit() else text


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


MAKERS: dict[str, Callable[[], bytes]] = {
    "docx": docx_file,
    "xlsx": xlsx_file,
    "xls": xls_file,
    "ods": ods_file,
    "html": html_file,
    "csv": csv_file,
    "zip": zip_file,
}
