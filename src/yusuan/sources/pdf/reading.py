"""PDF files: tables by their ruled lines or their alignment, and the lines of text around them.

A position gives the page and the printed line on that page, both from 1: lines are counted
over the full width of the page, texts on one baseline being one line (see ``page``). Pages that
are pictures of text can be read by a text recognition that the caller gives; those that could
not be read are told with what to do about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Protocol

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Block, Cell, Grid, Note, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.schema.messages import Texts, message
from yusuan.sources import limits
from yusuan.sources.blocks import Reading
from yusuan.sources.fragments import page_box
from yusuan.sources.pdf.glyphs import (
    Display,
    Frame,
    Glyph,
    display_of,
    is_garbled,
    without_overprints,
)
from yusuan.sources.pdf.hidden_text import HiddenTextCandidates, find_hidden_text, has_layers
from yusuan.sources.pdf.joining import PageSequence, join_pages
from yusuan.sources.pdf.markup import open_page, struck_by_annotations, struck_out
from yusuan.sources.pdf.page import PageCell, PageLayout, PageTable
from yusuan.sources.pdf.reading_order import in_reading_order
from yusuan.sources.pdf.rendering import are_drawn
from yusuan.sources.pdf.rulings import Ruling, drawn_lines, merged_rulings
from yusuan.sources.pdf.running_lines import RunningLines
from yusuan.sources.pdf.visibility import read_glyphs

__all__ = ["PageImage", "RecognisedPage", "RecognisedWord", "Recogniser", "page_blocks", "read_pdf"]

_DPI = 300
_COVERED = 0.3
"""A page without text is a scan if pictures take up this share of it."""
_STROKES = 200
"""A page without text is a drawing of text if it has this many curved shapes."""


def read_pdf(content: bytes, file: str, recogniser: Recogniser | None = None) -> Reading:
    """Read a PDF. Scanned pages are read by ``recogniser``; without one they are noted.

    Raises YusuanError when the file is broken, needs a password, or no page has text.
    """
    document = _open(content, file)
    document.init_forms()
    layers = has_layers(content)
    unread = _UnreadPages()
    displays: dict[int, Display] = {}
    try:
        count = len(document)
        if count > limits.PAGES:
            raise YusuanError(
                f"{file}: {count:,} pages; at most {limits.PAGES:,} are read. "
                "Save the pages that matter in a new file"
            )
        sequence = PageSequence(RunningLines(count))
        for number in range(1, count + 1):
            try:
                page, places = open_page(document, number - 1)
                candidates = find_hidden_text(page, layers)
                frame, glyphs = read_glyphs(page, candidates)
            except limits.Exceeded:
                unread.endless.append(number)
                continue
            seen = [glyph for glyph in glyphs if not glyph.hidden]
            unreadable = (
                unread.garbled if is_garbled(seen)
                else unread.scanned if _is_scanned(page, seen) else None
            )  # fmt: skip
            if unreadable is not None:
                if recogniser is None:
                    unreadable.append(number)
                    continue
                sequence.add(number, *_recognise_page(page, number, recogniser))
            else:
                displays[number] = display_of(page, frame)
                if candidates.recognised:
                    unread.recognised.append(number)
                hidden = [glyph for glyph in glyphs if glyph.hidden]
                lines = drawn_lines(candidates.drawn, frame)
                try:
                    are_seen = partial(_are_drawn, page, frame, candidates)
                    printed, lines = struck_out(without_overprints(seen), lines, are_seen)
                except limits.Exceeded:
                    unread.endless.append(number)
                    continue
                printed = struck_by_annotations(printed, places, frame) if places else printed
                if glyphs and all(glyph.struck for glyph in printed):
                    unread.unseen.append(number)
                sequence.add(number, frame.height, printed + hidden, merged_rulings(lines))
            page.close()
    except pdfium.PdfiumError as error:
        raise YusuanError(f"{file}: the PDF is damaged ({error}); get a fresh copy") from error
    finally:
        document.close()
    pages = sequence.read()
    if not any(page.items for page in pages):
        raise YusuanError(f"{file}: {unread.why_empty(count)}")
    blocks = [block for page in join_pages(pages) for block in page_blocks(page, displays)]
    notes = unread.notes()
    return Reading(tuple(blocks), sum(page.lines for page in pages), count, notes=tuple(notes))


def _are_drawn(
    page: pdfium.PdfPage, frame: Frame, candidates: HiddenTextCandidates, lines: Sequence[Ruling]
) -> list[bool]:
    candidates.allow_drawing(page)
    return are_drawn(page, frame, lines)


def _open(content: bytes, file: str) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise YusuanError(
                f"{file}: the PDF is protected by a password; save it without one and try again"
            ) from error
        raise YusuanError(
            f"{file}: not a PDF, or a damaged one; get a fresh copy and try again"
        ) from error


def page_blocks(page: PageLayout, displays: Mapping[int, Display] | None = None) -> Iterator[Block]:
    """The blocks of a page; a recognised image, which has no display, is in display order."""
    for item in in_reading_order(page.items):
        if isinstance(item, PageTable):
            yield _grid(item, page.number, displays or {})
        else:
            undisplayed = item.undisplayed
            for text in item.pieces:
                yield Paragraph(text, Position(item.number, page.number), undisplayed=undisplayed)
                undisplayed = ()


def _grid(table: PageTable, page: int, displays: Mapping[int, Display]) -> Grid:
    """The table as a grid with a cell in every place.

    A merged cell states its spans where it starts; blank cells fill the other places it
    covers, so that a cell's index in its row is its column. A cell without text takes the
    line of the first text in its row.
    """
    width = len(table.xs) - 1
    number = table.above + 1
    rows: list[tuple[Cell, ...]] = []
    by_row: dict[int, dict[int, PageCell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.span.row, {})[cell.span.column] = cell
    for row in range(table.height):
        starts = by_row.get(row, {})
        number = min(
            (cell.number for cell in starts.values() if cell.number and not cell.page),
            default=number,
        )
        blank = Position(number, page)
        rows.append(
            tuple(
                _cell(starts[column], blank, displays)
                if column in starts
                else Cell("", row, column, blank)
                for column in range(width)
            )
        )
    return Grid(tuple(rows), Position(table.above + 1, page), merged=True)


def _cell(cell: PageCell, blank: Position, displays: Mapping[int, Display]) -> Cell:
    span, page = cell.span, cell.page or blank.page or 1
    position = Position(cell.number, page) if cell.number else blank
    display = displays.get(page)
    box = display.box(cell.box) if display and cell.box else cell.box
    return Cell(
        cell.text, span.row, span.column, position,
        span.row_end - span.row, span.column_end - span.column,
        page_box(position.page or 1, box) if cell.text or cell.undisplayed else None, cell.undisplayed,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page rendered for recognition: 8-bit RGB, rows from the top, no padding."""

    page: int
    width: int
    height: int
    dpi: int
    pixels: bytes


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A piece of recognised text on one line, with its box in pixels from the top left."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """What an engine found on a page image. Without rulings all text is running text."""

    words: tuple[RecognisedWord, ...]
    rulings: tuple[Ruling, ...] = ()


class Recogniser(Protocol):
    """An engine that reads page images; lengths it gives are pixels of the image."""

    def __call__(self, image: PageImage) -> RecognisedPage: ...


def _is_scanned(page: pdfium.PdfPage, glyphs: list[Glyph]) -> bool:
    """Whether a page has something to read but no text for it; a blank page has not."""
    if not phrase("layout.stamp").fullmatch("".join(glyph.text for glyph in glyphs)):
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


def _recognise_page(
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


def _glyphs(word: RecognisedWord, scale: float) -> Iterator[Glyph]:
    """The characters of a word; engines give boxes of words, so each gets an equal part."""
    x0, x1, top, bottom = (v / scale for v in (word.x0, word.x1, word.top, word.bottom))
    step = (x1 - x0) / (len(word.text) or 1)
    baseline = bottom - 0.15 * (bottom - top)
    for index, char in enumerate(word.text):
        if not char.isspace():
            start = x0 + index * step
            yield Glyph(char, start, top, start + step, bottom, start, baseline)


def _page_ranges(pages: Iterable[int]) -> str:
    """Page numbers (ascending, at least one) in words.

    >>> _page_ranges([3]), _page_ranges([1, 2, 3, 5, 7, 8])
    ('page 3', 'pages 1-3, 5, 7-8')
    """
    numbers = list(pages)
    starts = [numbers[0]] + [b for a, b in pairwise(numbers) if b != a + 1]
    ends = [a for a, b in pairwise(numbers) if b != a + 1] + [numbers[-1]]
    parts = [f"{a}" if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True)]
    return f"page{'s' if len(numbers) > 1 else ''} {', '.join(parts)}"


@dataclass(slots=True)
class _UnreadPages:
    """Page numbers by reason: images without text, undecodable text, more than is sensible.

    ``unseen`` are pages whose text is all hidden or struck out; ``recognised`` are pages that were read, but from text that a program recognised in a picture.
    """

    scanned: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    endless: list[int] = field(default_factory=list)
    unseen: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)

    def notes(self) -> Iterator[Note]:
        """A note for each reason, where other pages could be read."""
        for pages, why, advice in self._reasons():
            name = "pages-not-read" if len(pages) > 1 else "page-not-read"
            reason = message(name, pages=_named(pages), why=why)
            printed = _page_ranges(pages)
            yield Note("page", printed, reason, advice, pages[0], pages=tuple(pages))
        if pages := self.recognised:
            name = "pages-recognised" if len(pages) > 1 else "page-recognised"
            reason, advice = message(name, pages=_named(pages)), message("compare-with-page")
            yield Note("page", _page_ranges(pages), reason, advice, pages[0])

    def why_empty(self, count: int) -> str:
        """Why none of ``count`` pages gave anything."""
        reasons = [
            f"{_page_ranges(pages)} {en}; {advice[1]}" for pages, (_, en), advice in self._reasons()
        ]
        if self.unseen:
            has = "have" if len(self.unseen) > 1 else "has"
            reasons.append(
                f"{_page_ranges(self.unseen)} {has} only text that is hidden or struck out; publish the "
                "valid version"
            )
        return "; ".join(reasons) or f"no text on any page (of {count})"

    def _reasons(self) -> Iterator[tuple[list[int], Texts, Texts]]:
        """Pages, why they were not read, and what to do; none for a reason without pages."""
        most = f"{limits.PAGE_OBJECTS:,}"
        for pages, one, several, advice in (
            (self.scanned, "page-without-text", "pages-without-text", "recognise-text"),
            (self.garbled, "page-undecodable", "pages-undecodable", "recognise-text"),
            (self.endless, "page-overfull", "pages-overfull", "save-pages-that-matter"),
        ):
            if pages:
                why = message(several if len(pages) > 1 else one, most=most)
                yield pages, why, message(advice)


def _named(pages: Iterable[int]) -> Texts:
    """Page numbers (ascending, at least one) as messages name them."""
    named = _page_ranges(pages)
    return named.partition(" ")[2], named
