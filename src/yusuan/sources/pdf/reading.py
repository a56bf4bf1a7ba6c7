"""PDF files with a text layer: tables by their ruled lines, and the lines of text around them.

A position gives the page and the printed line on that page, both from 1: lines are counted
over the full width of the page, texts on one baseline being one line (see ``page``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.model.document import Block, Cell, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.fragments import page_box
from yusuan.sources.pdf.annotations import deleted, open_page
from yusuan.sources.pdf.continued import evidence_after
from yusuan.sources.pdf.decoding import is_garbled, once
from yusuan.sources.pdf.display import Display, display_of
from yusuan.sources.pdf.evidence import NOTHING, TableEvidence
from yusuan.sources.pdf.glyphs import Frame, Glyph
from yusuan.sources.pdf.joining import join_pages
from yusuan.sources.pdf.markup import struck_out
from yusuan.sources.pdf.page import Page, PageCell, PageTable, read_page
from yusuan.sources.pdf.rendering import are_drawn
from yusuan.sources.pdf.rulings import Ruling, drawn_lines, merged_rulings
from yusuan.sources.pdf.scanned import Recogniser, is_scanned, recognise_page
from yusuan.sources.pdf.split_columns import rows_of
from yusuan.sources.pdf.suspects import Suspects, find_suspects, has_layers
from yusuan.sources.pdf.unread import Unread
from yusuan.sources.pdf.visibility import read_glyphs
from yusuan.sources.reading import Reading

__all__ = ["page_blocks", "read_pdf"]

_EARLIER = 40
"""Of so many tables before it a page may hold further columns."""


def read_pdf(content: bytes, file: str, recogniser: Recogniser | None = None) -> Reading:
    """Read a PDF. Scanned pages are read by ``recogniser``; without one they are noted.

    Raises YusuanError when the file is broken, needs a password, or no page has text.
    """
    document = _open(content, file)
    document.init_forms()
    layers = has_layers(content)
    pages: list[Page] = []
    unread = Unread()
    displays: dict[int, Display] = {}
    rows: list[tuple[float, ...]] = []
    last: tuple[int, float, list[Glyph], list[Ruling], TableEvidence] | None = None
    try:
        count = len(document)
        if count > limits.PAGES:
            raise YusuanError(
                f"{file}: {count:,} pages; at most {limits.PAGES:,} are read. "
                "Save the pages that matter in a new file"
            )
        for number in range(1, count + 1):
            try:
                page, places = open_page(document, number - 1)
                suspects = find_suspects(page, layers)
                frame, glyphs = read_glyphs(page, suspects)
            except limits.Exceeded:
                unread.endless.append(number)
                continue
            seen = [glyph for glyph in glyphs if not glyph.hidden]
            unreadable = (
                unread.garbled if is_garbled(seen)
                else unread.scanned if is_scanned(page, seen) else None
            )  # fmt: skip
            if unreadable is not None:
                if recogniser is None:
                    unreadable.append(number)
                    continue
                pages.append(read_page(number, *recognise_page(page, number, recogniser)))
            else:
                displays[number] = display_of(page, frame)
                if suspects.recognised:
                    unread.recognised.append(number)
                hidden = [glyph for glyph in glyphs if glyph.hidden]
                lines = drawn_lines(suspects.drawn, frame)
                try:
                    are_seen = partial(_are_drawn, page, frame, suspects)
                    printed, lines = struck_out(once(seen), lines, are_seen)
                except limits.Exceeded:
                    unread.endless.append(number)
                    continue
                printed = deleted(printed, places, frame) if places else printed
                before = evidence_after(pages[-1]) if pages else NOTHING
                if glyphs and all(glyph.struck for glyph in printed):
                    unread.unseen.append(number)
                given = number, frame.height, printed + hidden, merged_rulings(lines), before
                pages.append(read_page(*given, rows=rows))
                rows = [*rows[-_EARLIER:], *rows_of(pages[-1])]
                if last and pages[-1].began:
                    pages[-2] = read_page(*last, after=pages[-1].began, rows=rows)
                last = given
            page.close()
    except pdfium.PdfiumError as error:
        raise YusuanError(f"{file}: the PDF is damaged ({error}); get a fresh copy") from error
    finally:
        document.close()
    if not any(page.items for page in pages):
        raise YusuanError(f"{file}: {unread.why_empty(count)}")
    blocks = [block for page in join_pages(pages) for block in page_blocks(page, displays)]
    notes = unread.notes()
    return Reading(tuple(blocks), sum(page.lines for page in pages), count, notes=tuple(notes))


def _are_drawn(
    page: pdfium.PdfPage, frame: Frame, suspects: Suspects, lines: Sequence[Ruling]
) -> list[bool]:
    suspects.allow_drawing(page)
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


def page_blocks(page: Page, displays: Mapping[int, Display] | None = None) -> Iterator[Block]:
    """The blocks of a page; a recognised image, which has no display, is in display order."""
    for item in page.items:
        if isinstance(item, PageTable):
            yield _grid(item, page.number, displays or {})
        else:
            aside = item.aside
            for text in item.pieces:
                yield Paragraph(text, Position(item.number, page.number), aside=aside)
                aside = ()


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
        page_box(position.page or 1, box) if cell.text or cell.aside else None, cell.aside,
    )  # fmt: skip
