"""Pages that are pictures of text, and the place where text recognition can be plugged in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.rulings import Ruling, merged_rulings

__all__ = ["PageImage", "Recognised", "Recogniser", "Word", "is_scanned", "page_ranges",
           "recognise_page"]  # fmt: skip

_DPI = 300
_COVERED = 0.3
"""A page without text is a scan if pictures take up this share of it."""
_STROKES = 200
"""A page without text is a drawing of text if it has this many curved shapes."""
_STAMP = re.compile(r"[\d\W_第页共]*")
"""What is printed over a scanned page without making it readable: page numbers."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page rendered for recognition: 8-bit RGB, rows from the top, no padding."""

    page: int
    width: int
    height: int
    dpi: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of recognised text on one line, with its box in pixels from the top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Recognised:
    """What an engine found on a page image. Without rulings all text is running text."""

    words: tuple[Word, ...]
    rulings: tuple[Ruling, ...] = ()


class Recogniser(Protocol):
    """An engine that reads page images; lengths it gives are pixels of the image."""

    def __call__(self, image: PageImage) -> Recognised: ...


def is_scanned(page: pdfium.PdfPage, glyphs: list[Glyph]) -> bool:
    """Whether a page has something to read but no text for it; a blank page has not."""
    if not _STAMP.fullmatch("".join(glyph.text for glyph in glyphs)):
        return False
    left, bottom, right, top = page.get_cropbox()
    covered = 0.0
    curves = 0
    for item in page.get_objects(max_depth=4):
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = item.get_bounds()
            wide = min(x1, right) - max(x0, left)
            high = min(y1, top) - max(y0, bottom)
            covered += max(wide, 0) * max(high, 0)
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            curves += raw.FPDFPath_CountSegments(item.raw) > 8
    return covered >= _COVERED * (right - left) * (top - bottom) or curves >= _STROKES


def recognise_page(
    page: pdfium.PdfPage, number: int, recogniser: Recogniser
) -> tuple[float, list[Glyph], list[Ruling]]:
    """Height in points, characters and lines of a page, as an engine reads its image."""
    scale = _DPI / 72
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    try:
        image = PageImage(number, bitmap.width, bitmap.height, _DPI, _packed(bitmap))
    finally:
        bitmap.close()
    found = recogniser(image)
    glyphs = [glyph for word in found.words for glyph in _glyphs(word, scale)]
    rulings = [
        Ruling(line.horizontal, line.at / scale, line.start / scale, line.end / scale)
        for line in found.rulings
    ]
    return image.height / scale, glyphs, merged_rulings(rulings)


def _packed(bitmap: pdfium.PdfBitmap) -> bytes:
    """The pixels of a bitmap without the padding at the end of each row, three bytes each."""
    data, row = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    rows = [data[start : start + row] for start in range(0, len(data), bitmap.stride)]
    return b"".join(rows[: bitmap.height])


def _glyphs(word: Word, scale: float) -> Iterator[Glyph]:
    """The characters of a word; engines give boxes of words, so each gets an equal part."""
    x0, x1, top, bottom = (v / scale for v in (word.x0, word.x1, word.top, word.bottom))
    step = (x1 - x0) / (len(word.text) or 1)
    baseline = bottom - 0.15 * (bottom - top)
    for index, char in enumerate(word.text):
        if not char.isspace():
            start = x0 + index * step
            yield Glyph(char, start, top, start + step, bottom, start, baseline)


def page_ranges(pages: Iterable[int]) -> str:
    """Page numbers (ascending, at least one) in words.

    >>> page_ranges([3]), page_ranges([1, 2, 3, 5, 7, 8])
    ('page 3', 'pages 1-3, 5, 7-8')
    """
    numbers = list(pages)
    starts = [numbers[0]] + [b for a, b in pairwise(numbers) if b != a + 1]
    ends = [a for a, b in pairwise(numbers) if b != a + 1] + [numbers[-1]]
    parts = [f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True)]
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(parts)}"
