"""Characters, lines and tables of PDF pages made by hand, in points, without a PDF around them."""

from __future__ import annotations

from collections.abc import Sequence

from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import GlyphLine, TextLine, text_line
from yusuan.sources.pdf.page import PageCell, PageLayout, PageLine, PageTable
from yusuan.sources.pdf.ruled_tables import Span

SIZE = 10.0
"""Of the font of all that is printed here: an ideograph is as wide, a letter half as wide."""


def glyph(text: str, x: float, y: float = 100.0, size: float = SIZE) -> Glyph:
    """A character with its left end at x and its baseline at y."""
    width = size / 2 if text.isascii() else size
    return Glyph(text, x, y - size, x + width, y, x, y)


def glyphs(text: str, x: float, y: float = 100.0, size: float = SIZE) -> list[Glyph]:
    """A text of which the characters touch."""
    found: list[Glyph] = []
    for char in text:
        found.append(glyph(char, found[-1].x1 if found else x, y, size))
    return found


def apart(texts: Sequence[str], gap: float, x: float = 0.0, y: float = 100.0) -> list[Glyph]:
    """Texts with so many points between each and the next."""
    found: list[Glyph] = []
    for text in texts:
        found += glyphs(text, found[-1].x1 + gap if found else x, y)
    return found


def line(*texts: tuple[float, str], y: float = 100.0, gap: float = 0.6) -> TextLine:
    """A line of texts that each begin at an x, cut into words at gaps of so many font sizes."""
    return text_line(printed(*texts, y=y), gap)


def printed(*texts: tuple[float, str], y: float = 100.0) -> GlyphLine:
    return GlyphLine(tuple(char for x, text in texts for char in glyphs(text, x, y)))


def page_line(text: str, top: float = 100.0, x: float = 60.0) -> PageLine:
    """A line outside of tables, as high as its font."""
    return PageLine(printed((x, text), y=top + SIZE), 1, top, top + SIZE)


def page(*items: PageLine | PageTable, number: int = 1, height: float = 1000.0) -> PageLayout:
    return PageLayout(number, height, items, len(items))


def table(
    rows: Sequence[Sequence[str]], xs: Sequence[float] = (), full: bool = False, top: float = 0.0
) -> PageTable:
    """A ruled table of rows 20 points high; ``full``: its texts fill their cells."""
    xs = tuple(xs) or tuple(100.0 * column for column in range(len(rows[0]) + 1))
    cells = tuple(
        PageCell(
            Span(row, column, row + 1, column + 1), text, row + 1, full,
            (xs[column], top + 20.0 * row, xs[column + 1], top + 20.0 * (row + 1)),
        )
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )  # fmt: skip
    return PageTable(xs, top, top + 20.0 * len(rows), len(rows), cells, 0, ruled=True)
