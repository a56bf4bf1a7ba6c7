"""PDF files with a text layer: tables by their ruled lines, and the lines of text around them.

A position gives the page and the printed line on that page, both from 1: lines are counted
over the full width of the page, texts on one baseline being one line (see ``pdf_page``).
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.model.document import Block, Cell, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.sources.pdf_chars import read_glyphs
from yusuan.sources.pdf_continued import evidence_after
from yusuan.sources.pdf_decoding import is_garbled, once
from yusuan.sources.pdf_joining import join_pages
from yusuan.sources.pdf_page import Page, PageCell, PageTable, read_page
from yusuan.sources.pdf_rulings import read_rulings
from yusuan.sources.pdf_scanned import Recogniser, is_scanned, page_ranges, recognise_page
from yusuan.sources.pdf_unruled import NOTHING
from yusuan.sources.reading import Reading

__all__ = ["read_pdf"]


def read_pdf(content: bytes, file: str, recogniser: Recogniser | None = None) -> Reading:
    """Read a PDF. Scanned pages are read by ``recogniser``; without one they are noted.

    Raises YusuanError when the file is broken, needs a password, or no page has text.
    """
    document = _open(content, file)
    pages: list[Page] = []
    scanned: list[int] = []
    garbled: list[int] = []
    try:
        count = len(document)
        for number in range(1, count + 1):
            page = document[number - 1]
            frame, glyphs = read_glyphs(page)
            unreadable = (
                garbled if is_garbled(glyphs) else scanned if is_scanned(page, glyphs) else None
            )
            if unreadable is not None:
                if recogniser is None:
                    unreadable.append(number)
                    continue
                pages.append(read_page(number, *recognise_page(page, number, recogniser)))
            else:
                rulings = read_rulings(page, frame)
                before = evidence_after(pages[-1]) if pages else NOTHING
                pages.append(read_page(number, frame.height, once(glyphs), rulings, before))
            page.close()
    except pdfium.PdfiumError as error:
        raise YusuanError(f"{file}: the PDF is damaged ({error}); get a fresh copy") from error
    finally:
        document.close()
    if not any(page.items for page in pages):
        raise YusuanError(f"{file}: {_why_empty(scanned, garbled, count)}")
    blocks = [block for page in join_pages(pages) for block in _blocks(page)]
    notes = [f"{_missing(scanned)} and {_be(scanned)} not read"] if scanned else []
    notes += [_undecodable(garbled)] if garbled else []
    return Reading(tuple(blocks), sum(page.lines for page in pages), count, notes=tuple(notes))


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


def _undecodable(garbled: list[int]) -> str:
    return f"{page_ranges(garbled)}: the text layer cannot be decoded; OCR needed"


def _why_empty(scanned: list[int], garbled: list[int], count: int) -> str:
    if garbled:
        scans = f"; {_missing(scanned)}" if scanned else ""
        return f"{_undecodable(garbled)}{scans}"
    if not scanned:
        return f"none of its {count} pages has any text"
    return (
        f"{_missing(scanned)}; recognise the text first (OCR), for example by saving "
        "the file as a searchable PDF, and try again"
    )


def _be(pages: list[int]) -> str:
    return "were" if len(pages) > 1 else "was"


def _missing(scanned: list[int]) -> str:
    verb = "have" if len(scanned) > 1 else "has"
    return f"{page_ranges(scanned)} {verb} no text layer (scanned images)"


def _blocks(page: Page) -> Iterator[Block]:
    for item in page.items:
        if isinstance(item, PageTable):
            yield _grid(item, page.number)
        else:
            for text in item.pieces:
                yield Paragraph(text, Position(item.number, page.number))


def _grid(table: PageTable, page: int) -> Grid:
    """The table as a grid with a cell in every place.

    A merged cell states its spans where it starts; blank cells fill the other places it
    covers, so that a cell's index in its row is its column. A cell without text takes the
    line of the first text in its row.
    """
    width = len(table.xs) - 1
    number = table.above + 1
    rows: list[tuple[Cell, ...]] = []
    for row in range(table.height):
        starts = {cell.span.column: cell for cell in table.row(row)}
        number = min((cell.number for cell in starts.values() if cell.number), default=number)
        blank = Position(number, page)
        rows.append(
            tuple(
                _cell(starts[column], blank) if column in starts else Cell("", row, column, blank)
                for column in range(width)
            )
        )
    return Grid(tuple(rows), Position(table.above + 1, page), merged=True)


def _cell(cell: PageCell, blank: Position) -> Cell:
    span = cell.span
    position = Position(cell.number, blank.page) if cell.number else blank
    return Cell(
        cell.text, span.row, span.column, position,
        span.row_end - span.row, span.column_end - span.column,
    )  # fmt: skip
