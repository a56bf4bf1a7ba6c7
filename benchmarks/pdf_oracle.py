"""The tables of a PDF as pdfplumber reads them, and as we do, in one comparable form."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pdfplumber
import pypdfium2 as pdfium

from yusuan.sources.pdf.page import PageTable, read_page
from yusuan.sources.pdf.rulings import read_rulings
from yusuan.sources.pdf.visibility import read_glyphs

Row = tuple[str, ...]
"""The texts of a row from left to right, empty cells and all blanks left out."""


def plain(text: str | None) -> str:
    """A text without blanks; radicals as ideographs, which is how fonts print them."""
    folded = (
        unicodedata.normalize("NFKC", char) if "\u2e80" <= char < "\u2fe0" else char
        for char in text or ""
    )
    return "".join("".join(folded).split())


def row_of(texts: Iterator[str | None]) -> Row:
    return tuple(filter(None, map(plain, texts)))


def oracle_rows(path: Path, visible_only: bool = True) -> Iterator[list[Row]]:
    """The rows of each page's tables by pdfplumber, rows without any text left out.

    White shades draw lines for pdfplumber; ``visible_only`` takes them away first. Its
    tables of one column (paragraphs with a shade behind them) are no tables here.
    """
    with pdfplumber.open(path) as document:
        for page in document.pages:
            seen = page.filter(is_visible) if visible_only else page
            tables = (table.extract() for table in seen.find_tables())
            rows = (row_of(iter(row)) for table in tables if len(table[0]) > 1 for row in table)
            yield [row for row in rows if row]


def is_visible(item: dict[str, object]) -> bool:
    if item["object_type"] != "rect" or item.get("stroke"):
        return True
    colour = item.get("non_stroking_color")
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    return not (parts and all(part == 1 for part in parts) and len(parts) in (1, 3))


def our_rows(path: Path) -> Iterator[list[Row]]:
    """The same by our reader, before anything is mended at page breaks."""
    document = pdfium.PdfDocument(path)
    for number, page in enumerate(document, start=1):
        frame, glyphs = read_glyphs(page)
        read = read_page(number, frame.height, glyphs, read_rulings(page, frame))
        tables = (item for item in read.items if isinstance(item, PageTable))
        rows = (
            row_of(cell.text for cell in table.row(index))
            for table in tables
            for index in range(table.height)
        )
        yield [row for row in rows if row]
    document.close()
