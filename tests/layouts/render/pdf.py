"""PDFs with ruled tables that run over pages, their headings repeated on each."""

from __future__ import annotations

import io

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Drawn

from tests.layouts.model import Disclosure, Table
from tests.layouts.render.grid import captions, matrix, places, size

__all__ = ["pdf_file"]

FONT = "STSong-Light"
WIDTH = 780.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")
CELL = ParagraphStyle("cell", fontName=FONT, fontSize=7.5, leading=9, wordWrap="CJK")
CENTRED = ParagraphStyle("centred", parent=BODY, alignment=1)
RIGHT = ParagraphStyle("right", parent=BODY, alignment=2)


def pdf_file(document: Disclosure) -> bytes:
    """Low wide pages, so that tables run over; a table begins on a page of its own."""
    stream = io.BytesIO()
    height = 140.0 + 14 * document.style.page_rows
    template = SimpleDocTemplate(
        stream,
        pagesize=(landscape(A4)[0], height),
        leftMargin=30,
        rightMargin=30,
        topMargin=40,
        bottomMargin=40,
    )
    story: list[Flowable] = []
    for block in document.blocks:
        if isinstance(block, Table):
            story += [PageBreak(), *_table(document, block)]
        elif block:
            story.append(Paragraph(block.lstrip("# "), BODY))
    template.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return stream.getvalue()


def _page_number(canvas: object, template: object) -> None:
    canvas.setFont(FONT, 9)  # type: ignore[attr-defined]
    number = canvas.getPageNumber()  # type: ignore[attr-defined]
    canvas.drawCentredString(420, 20, f"- {number} -")  # type: ignore[attr-defined]


def _table(document: Disclosure, table: Table) -> list[Flowable]:
    story: list[Flowable] = []
    if not document.style.caption_inside:
        for line in captions(document, table):
            style = CENTRED if line == table.title else RIGHT if line.startswith("单位") else BODY
            story.append(Paragraph(line, style))
        story.append(Spacer(1, 4))
    above, _, columns = size(document, table)
    texts: list[list[object]] = [[""] * columns for _ in matrix(document, table)]
    style = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2),
    ]
    for place in places(document, table):
        texts[place.row][place.column] = Paragraph(place.text.replace(" ", "\xa0"), CELL)
        if place.down * place.across > 1:
            corner = (place.column + place.across - 1, place.row + place.down - 1)
            style.append(("SPAN", (place.column, place.row), corner))
    widths = _widths(matrix(document, table)[above - len(table.head) :], columns)
    repeated = above if document.style.repeat_head else 0
    story.append(Drawn(texts, widths, repeatRows=repeated, style=style))
    story += [Paragraph(note, BODY) for note in table.notes]
    return story


def _widths(rows: list[list[str]], columns: int) -> list[float]:
    """Wider columns for longer texts; numbers never wrap."""
    wants = []
    for column in range(columns):
        texts = [row[column] for row in rows]
        numbers = max((len(t) for t in texts if t and t.isascii()), default=0)
        words = max((len(t) for t in texts if not t.isascii()), default=0)
        wants.append(max(numbers * 4.4 + 6, min(words * 8, 110), 18))
    spare = max(WIDTH - sum(wants), 0) / columns
    scale = min(1.0, WIDTH / sum(wants))
    return [want * scale + min(spare, 40) for want in wants]
