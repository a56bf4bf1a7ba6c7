"""Sheets written in every format that lists are passed around in."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from html import escape

import docx
import openpyxl
import xlwt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from tests.codebooks.layouts import Cell, Sheet
from tests.sources.makers import archive
from tests.sources.pdf_drawing import FONT

__all__ = ["FORMATS"]

Sheets = Sequence[Sheet]
_PAGE = 40
"""Rows between repeated headings in formats without pages."""
_SMALL = ParagraphStyle("small", fontName=FONT, fontSize=8, leading=10, wordWrap="CJK")
_TITLE = ParagraphStyle("title", parent=_SMALL, fontSize=14, leading=20, alignment=1)


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [cell.text if cell else "" for cell in row]


def _text_lines(sheets: Sheets, separator: str) -> list[str]:
    lines = []
    for sheet in sheets:
        lines += [sheet.title, ""]
        for start in range(0, len(sheet.body), _PAGE):
            rows = [*sheet.head, *sheet.body[start : start + _PAGE]]
            lines += [separator.join(_texts(row)) for row in rows]
            lines += [f"— {start // _PAGE + 1} —"]
    return lines


def tabs(sheets: Sheets) -> bytes:
    return "\n".join(_text_lines(sheets, "\t")).encode()


def spaces(sheets: Sheets) -> bytes:
    """Lines without columns: only whole codes can be told apart."""
    return "\n".join(_text_lines(sheets, "  ")).encode("gb18030")


def csv_file(sheets: Sheets, encoding: str = "utf-8-sig") -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    for sheet in sheets:
        writer.writerow([sheet.title])
        writer.writerows(map(_texts, sheet.head))
        writer.writerows(map(_texts, sheet.body))
    return stream.getvalue().encode(encoding)


def csv_gb18030(sheets: Sheets) -> bytes:
    return csv_file(sheets, "gb18030")


def _value(cell: Cell) -> str | float:
    return float(cell.text) if cell.number else cell.text


def xlsx_file(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, sheet in enumerate(sheets, start=1):
        page = book.create_sheet(f"表{number}")
        width = len(sheet.head[0])
        page.cell(1, 1, sheet.title)
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
        for r, row in enumerate([*sheet.head, *sheet.body], start=2):
            for c, cell in enumerate(row, start=1):
                if cell is None or not cell.text:
                    continue
                page.cell(r, c, _value(cell))
                if cell.down * cell.across > 1:
                    page.merge_cells(start_row=r, end_row=r + cell.down - 1, start_column=c,
                                     end_column=c + cell.across - 1)  # fmt: skip
    return _saved(book.save)


def xls_file(sheets: Sheets) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for number, sheet in enumerate(sheets, start=1):
        page = book.add_sheet(f"表{number}")
        page.write(0, 0, sheet.title)
        for r, row in enumerate([*sheet.head, *sheet.body], start=1):
            for c, cell in enumerate(row):
                if cell and cell.text:
                    page.write_merge(r, r + cell.down - 1, c, c + cell.across - 1, _value(cell))
    return _saved(book.save)


def ods_file(sheets: Sheets) -> bytes:
    def cell_xml(cell: Cell | None) -> str:
        if cell is None or not cell.text:
            return "<table:table-cell/>"
        kind = f'float" office:value="{cell.text}' if cell.number else "string"
        return (
            f'<table:table-cell office:value-type="{kind}" '
            f'table:number-rows-spanned="{cell.down}" table:number-columns-spanned="{cell.across}">'
            f"<text:p>{escape(cell.text)}</text:p></table:table-cell>"
        )

    tables = ""
    for number, sheet in enumerate(sheets, start=1):
        rows = [[Cell(sheet.title)], *sheet.head, *sheet.body]
        body = "".join(
            f"<table:table-row>{''.join(map(cell_xml, row))}</table:table-row>" for row in rows
        )
        tables += f'<table:table table:name="表{number}">{body}</table:table>'
    ns = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{ns}:office:1.0" xmlns:table="{ns}:table:1.0" '
        f'xmlns:text="{ns}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return archive({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": content.encode(),
        "META-INF/manifest.xml": manifest.encode(),
    })  # fmt: skip


def docx_file(sheets: Sheets) -> bytes:
    word = docx.Document()
    for sheet in sheets:
        word.add_heading(sheet.title, 1)
        rows = [*sheet.head, *sheet.body]
        width = len(rows[0])
        table = word.add_table(len(rows), width)
        cells = table._cells
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is None or not cell.text:
                    continue
                place = cells[r * width + c]
                if cell.down * cell.across > 1:
                    last = (r + cell.down - 1) * width + c + cell.across - 1
                    place = place.merge(cells[last])
                place.paragraphs[0].text = cell.text
    return _saved(word.save)


def html_file(sheets: Sheets) -> bytes:
    parts = []
    for sheet in sheets:
        rows = "\n".join(
            "<tr>" + "".join(
                f"<td rowspan='{cell.down}' colspan='{cell.across}'>{escape(cell.text)}</td>"
                for cell in row if cell is not None
            ) + "</tr>"
            for row in [*sheet.head, *sheet.body]
        )  # fmt: skip
        parts.append(f"<p align=center>{sheet.title}</p><table>{rows}</table>")
    return (
        "<html><head><meta charset='gb18030'></head><body><div><a href='/'>首页</a></div>"
        + "\n".join(parts) + "</body></html>"
    ).encode("gb18030")  # fmt: skip


def pdf_file(sheets: Sheets) -> bytes:
    return _pdf(sheets, ruled=True)


def pdf_unruled(sheets: Sheets) -> bytes:
    return _pdf(sheets, ruled=False)


def _pdf(sheets: Sheets, ruled: bool) -> bytes:
    """Tables over many pages, their headings on each, rows cut where a page ends."""
    stream = io.BytesIO()
    template = SimpleDocTemplate(stream, pagesize=A4, leftMargin=30, rightMargin=30,
                                 topMargin=50, bottomMargin=50)  # fmt: skip
    story: list[Flowable] = []
    for sheet in sheets:
        rows = [*sheet.head, *sheet.body]
        style = [("FONT", (0, 0), (-1, -1), FONT, 8), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                 ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)]  # fmt: skip
        if ruled:
            style.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
        else:
            style.append(("LINEBELOW", (0, len(sheet.head) - 1), (-1, len(sheet.head) - 1), 0.5,
                          colors.black))  # fmt: skip
        texts: list[list[object]] = []
        for r, row in enumerate(rows):
            texts.append(
                [
                    Paragraph(escape(t.replace(" ", "\xa0")), _SMALL) if t else ""
                    for t in _texts(row)
                ]
            )
            style += [
                ("SPAN", (c, r), (c + cell.across - 1, r + cell.down - 1))
                for c, cell in enumerate(row) if cell and cell.down * cell.across > 1
            ]  # fmt: skip
        total = sum(sheet.widths)
        widths = [max(26.0, 535 * width / total) for width in sheet.widths]
        story += [
            Paragraph(sheet.title, _TITLE),
            Table(texts, widths, repeatRows=len(sheet.head), style=style),
            PageBreak(),
        ]
    template.build(story, onFirstPage=_furniture, onLaterPages=_furniture)
    return stream.getvalue()


def _furniture(canvas: object, template: object) -> None:
    canvas.setFont(FONT, 8)  # type: ignore[attr-defined]
    canvas.drawString(40, 815, "政府收支分类科目")  # type: ignore[attr-defined]
    canvas.drawCentredString(300, 25, f"— {canvas.getPageNumber()} —")  # type: ignore[attr-defined]


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


FORMATS: dict[str, tuple[str, Callable[[Sheets], bytes]]] = {
    "tabs": ("txt", tabs),
    "spaces": ("txt", spaces),
    "csv": ("csv", csv_file),
    "csv-gb18030": ("csv", csv_gb18030),
    "xlsx": ("xlsx", xlsx_file),
    "xls": ("xls", xls_file),
    "ods": ("ods", ods_file),
    "docx": ("docx", docx_file),
    "html": ("html", html_file),
    "pdf": ("pdf", pdf_file),
    "pdf-unruled": ("pdf", pdf_unruled),
}
