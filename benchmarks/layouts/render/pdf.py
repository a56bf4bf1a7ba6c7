"""PDFs whose tables run over pages, their headings repeated or not; with a full grid or without.

``Look`` says what is drawn of the grid. Tables without one are set as they are published: numbers
at the right, names at the left, headings in the middle, totals letter-spaced, on pages that hold
running text as well. Size, room and place of the text differ from layout to layout.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Drawn

from benchmarks.layouts.model import Disclosure, Table
from benchmarks.layouts.render.grid import captions, matrix, places, size

__all__ = ["LOOKS", "Look", "pdf_file", "pdf_with"]

FONT = "STSong-Light"
WIDTH = 780.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
BODY = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")
CENTRED = ParagraphStyle("centred", parent=BODY, alignment=1)
RIGHT = ParagraphStyle("right", parent=BODY, alignment=2)
SHADE, HEAD_SHADE = colors.Color(0.93, 0.95, 0.98), colors.Color(0.75, 0.82, 0.9)
Commands = list[tuple[object, ...]]


@dataclass(frozen=True)
class Look:
    """``lines``: grid, rows, three (三线表) or none; ``shades`` behind the head and every other row."""

    lines: str = "grid"
    shades: bool = False

    @property
    def grid(self) -> bool:
        return self.lines == "grid"


LOOKS = {
    "pdf-shaded": Look("none", shades=True),
    "pdf-horizontal": Look("rows"),
    "pdf-three-line": Look("three"),
    "pdf-unruled": Look("none"),
}


@dataclass(frozen=True)
class Setting:
    """How the text of a document is set in its tables, in points."""

    font: float = 7.5
    beside: float = 2.0
    above: float = 3.0
    place: str = "MIDDLE"
    own_page: bool = True
    spaced: bool = False

    def style(self, alignment: int = 0) -> ParagraphStyle:
        return ParagraphStyle(
            f"cell{alignment}", fontName=FONT, fontSize=self.font, leading=1.2 * self.font,
            wordWrap="CJK", alignment=alignment,
        )  # fmt: skip


def pdf_file(document: Disclosure) -> bytes:
    """Fully ruled tables."""
    return _file(document, Look())


def pdf_with(look: Look) -> Callable[[Disclosure], bytes]:
    """What renders a document with less than a full grid."""
    return lambda document: _file(document, look)


def _setting(document: Disclosure, look: Look) -> Setting:
    if look.grid:
        return Setting()
    seed = crc32(document.layout.encode())
    return Setting(
        font=(7.0, 7.5, 8.0)[seed % 3],
        beside=(3.0, 4.0, 5.4)[seed // 3 % 3],
        above=(1.5, 2.5, 4.0)[seed // 9 % 3],
        place=("MIDDLE", "TOP", "BOTTOM", "MIDDLE")[seed // 27 % 4],
        own_page=seed // 108 % 3 == 0,
        spaced=True,
    )


def _file(document: Disclosure, look: Look) -> bytes:
    """Low wide pages, so that tables run over."""
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
    setting = _setting(document, look)
    story: list[Flowable] = []
    for block in document.blocks:
        if isinstance(block, Table):
            story += [PageBreak() if setting.own_page else Spacer(1, 10)]
            story += _table(document, block, look, setting)
        elif block:
            story.append(Paragraph(block.lstrip("# "), BODY))
    template.build(story, onFirstPage=_page_number, onLaterPages=_page_number)
    return stream.getvalue()


def _page_number(canvas: object, template: object) -> None:
    canvas.setFont(FONT, 9)  # type: ignore[attr-defined]
    number = canvas.getPageNumber()  # type: ignore[attr-defined]
    canvas.drawCentredString(420, 20, f"- {number} -")  # type: ignore[attr-defined]


def _table(document: Disclosure, table: Table, look: Look, setting: Setting) -> list[Flowable]:
    story: list[Flowable] = []
    if not document.style.caption_inside:
        for line in captions(document, table):
            style = CENTRED if line == table.title else RIGHT if line.startswith("单位") else BODY
            story.append(Paragraph(line, style))
        story.append(Spacer(1, 4))
    above, rows, columns = size(document, table)
    texts: list[list[object]] = [[""] * columns for _ in range(rows)]
    style: Commands = [
        ("VALIGN", (0, 0), (-1, -1), setting.place),
        ("LEFTPADDING", (0, 0), (-1, -1), setting.beside),
        ("RIGHTPADDING", (0, 0), (-1, -1), setting.beside),
        ("TOPPADDING", (0, 0), (-1, -1), setting.above),
        ("BOTTOMPADDING", (0, 0), (-1, -1), setting.above),
        *_drawn(look, above, above - len(table.head), rows),
    ]
    widths = _widths(matrix(document, table)[above - len(table.head) :], columns, setting)
    for place in places(document, table):
        text = place.text.replace(" ", "\xa0")
        alignment = 0
        if not look.grid:
            alignment = 1 if place.row < above or _is_total(text) else 2 if place.amount else 0
        if setting.spaced and _is_total(text):
            width = sum(widths[place.column : place.column + place.across])
            text = _letter_spaced(text, width, setting)
        texts[place.row][place.column] = Paragraph(text, setting.style(alignment))
        if place.row < above:
            corner = (place.column + place.across - 1, place.row + place.down - 1)
            style.append(("VALIGN", (place.column, place.row), corner, "MIDDLE"))
        if place.down * place.across > 1:
            corner = (place.column + place.across - 1, place.row + place.down - 1)
            style.append(("SPAN", (place.column, place.row), corner))
    repeated = above if document.style.repeat_head else 0
    story.append(Drawn(texts, widths, repeatRows=repeated, style=style))
    story += [Paragraph(note, BODY) for note in table.notes]
    return story


def _letter_spaced(text: str, width: float, setting: Setting) -> str:
    """The text with up to four blanks between its characters, as far as there is room."""
    room = width - 2 * setting.beside - len(text) * setting.font - 1
    return ("\xa0" * min(4, int(max(0.0, room) / setting.font))).join(text)


def _is_total(text: str) -> bool:
    return text in ("合计", "总计", "小计")


def _drawn(look: Look, above: int, captioned: int, rows: int) -> Commands:
    """The lines and shades of a look; captions within the table have none."""
    if look.grid:
        return [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    style: Commands = []
    first, black = (0, captioned), colors.black
    if look.lines == "rows":
        style += [("LINEBELOW", first, (-1, -1), 0.5, black),
                  ("LINEABOVE", first, (-1, captioned), 0.5, black)]  # fmt: skip
    elif look.lines == "three":
        style += [("LINEABOVE", first, (-1, captioned), 1.5, black),
                  ("LINEBELOW", (0, above - 1), (-1, above - 1), 0.75, black),
                  ("LINEBELOW", (0, rows - 1), (-1, rows - 1), 1.5, black)]  # fmt: skip
    if look.shades:
        style += [("BACKGROUND", first, (-1, above - 1), HEAD_SHADE)]
        style += [("BACKGROUND", (0, row), (-1, row), SHADE) for row in range(above + 1, rows, 2)]
    return style


def _widths(rows: list[list[str]], columns: int, setting: Setting) -> list[float]:
    """Wider columns for longer texts; numbers never wrap."""
    wants = []
    for column in range(columns):
        texts = [row[column] for row in rows]
        numbers = max((len(t) for t in texts if t and t.isascii()), default=0)
        words = max((len(t) for t in texts if not t.isascii()), default=0)
        digit, room = setting.font * 0.587, 2 * setting.beside + 2
        wants.append(max(numbers * digit + room, min(words * 8, 110), 18))
    spare = max(WIDTH - sum(wants), 0) / columns
    scale = min(1.0, WIDTH / sum(wants))
    return [want * scale + min(spare, 40) for want in wants]
