"""A source document as read: paragraphs and grids of cells, each with its position.

This is the only shape later steps see, whatever the file format was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

__all__ = [
    "ArchiveMember",
    "Block",
    "Cell",
    "Document",
    "Grid",
    "Note",
    "Paragraph",
    "Position",
    "Run",
    "UnreadScope",
    "displayed",
    "merged",
]


@dataclass(frozen=True, slots=True)
class Position:
    """Where something is printed: page (None where the format has none) and line, both from 1."""

    line: int
    page: int | None = None

    def __lt__(self, other: Position) -> bool:
        """Reading order: page, then line."""
        return (self.page or 0, self.line) < (other.page or 0, other.line)

    def __gt__(self, other: Position) -> bool:
        return other < self


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text of one look.

    ``hidden``: a reader of the page does not see it (white on white, painted over, switched
    off). ``struck``: a line is drawn through it. ``raised``: it is set smaller and higher, as
    the mark of a footnote is.
    """

    text: str
    hidden: bool = False
    struck: bool = False
    raised: bool = False


_MARKED = re.compile(r"[\d)）\]】\u4e00-\u9fff%％]\s*$")
"""What a raised mark of a footnote stands behind; behind a letter it is a power (m²)."""
_CENTS = re.compile(r"\s*[.．]\d")
"""Decimals set higher, as on a price; no mark begins so."""
_NUMBER = re.compile(r"\s*[-+−－(（]?\d")
"""What a raised mark may stand before."""


def displayed(runs: Iterable[Run]) -> tuple[str, tuple[Run, ...]]:
    """What runs say to a reader of the page, and the runs that are no part of that.

    What is hidden or struck out is left aside, and so is a raised mark behind a number or a
    Chinese word. This is the one place that decides it, for every format.

    >>> displayed([Run("580.00", struck=True), Run("600.00"), Run("1", raised=True)])[0]
    '600.00'
    >>> displayed([Run("m"), Run("2", raised=True)])[0]
    'm2'
    """
    shown, undisplayed = "", []
    runs = [*runs]
    if not any(run.hidden or run.struck or run.raised for run in runs):
        return "".join([run.text for run in runs]), ()
    for run, following in zip_longest(runs, runs[1:]):
        mark = run.raised and bool(_MARKED.search(shown)) and not _CENTS.match(run.text)
        if run.raised and not shown.strip() and following and not following.raised:
            mark = _NUMBER.match(following.text) is not None  # ¹600.00
        if run.hidden or run.struck or mark:
            undisplayed.append(run)
        else:
            shown += run.text
    return shown, tuple(run for run in undisplayed if run.text.strip())


def merged(runs: Iterable[Run]) -> list[Run]:
    """The runs with neighbours of one look as one, blank ones left out."""
    found: list[Run] = []
    for run in runs:
        last = found[-1] if found else None
        if last and (last.hidden, last.struck, last.raised) == (run.hidden, run.struck, run.raised):
            found[-1] = Run(last.text + run.text, run.hidden, run.struck, run.raised)
        elif run.text:
            found.append(run)
    return found


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. ``row`` and ``column`` count from 0 within its grid.

    ``text`` is what a reader of the page sees; ``undisplayed`` is what else the file holds there (see
    ``displayed``). ``stored`` is the value in the file where the page shows another one, such as
    a number rounded by its format. ``doubt`` says why nobody can tell what the page shows, such
    as a formula without a result (zh, en): then the text is no amount.

    ``fragment`` names the cell in its file as the standard of the format has it (see
    ``sources.fragments``); None where the format has no name for a cell.
    """

    text: str
    row: int
    column: int
    position: Position
    rowspan: int = 1
    colspan: int = 1
    fragment: str | None = None
    undisplayed: tuple[Run, ...] = ()
    stored: str | None = None
    doubt: tuple[str, str] | None = None

    @property
    def address(self) -> str:
        """Spreadsheet-style address within the grid: column letters, then the row from 1."""
        return f"{column_letters(self.column)}{self.row + 1}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A printed table: rows of cells, as many in each row as the source has.

    ``merged`` tells whether the format states merged cells itself (HTML, DOCX); where it
    does not (tab-separated text), blank cells stand in for them. ``fixed`` tells that each row
    has a cell for each column; in text parted by tabs, which a scan may have given, not. There
    it is so where all rows are ``even``.
    """

    rows: tuple[tuple[Cell, ...], ...]
    position: Position
    merged: bool = False
    fixed: bool = True

    @property
    def even(self) -> bool:
        """Whether all rows have as many cells."""
        return len({len(row) for row in self.rows}) == 1

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((cell.column + cell.colspan for row in self.rows for cell in row), default=0)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of running text; ``level`` is the heading level (0 for body text), ``undisplayed`` what
    is there and not seen (see ``displayed``)."""

    text: str
    position: Position
    level: int = 0
    undisplayed: tuple[Run, ...] = ()


Block = Paragraph | Grid

UnreadScope = Literal["page", "member", "sheet", "table", "row", "column", "cell"]
"""How much of a file a reader did not read; a member is one of an archive."""


@dataclass(frozen=True, slots=True)
class Note:
    """A part of a file that was not read: ``scope`` is page, member, sheet, row, column or cell.

    ``printed`` names it, so that a reader finds it (the name of a sheet, "行 8"); ``line`` is
    where it stands on its page or sheet. Texts in pairs (zh, en). ``hidden``: the file holds
    it, and a reader of the page does not see it. ``pages`` are all pages that were not read.
    """

    scope: UnreadScope
    printed: str
    reason: tuple[str, str]
    advice: tuple[str, str]
    page: int | None = None
    line: int | None = None
    hidden: bool = False
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """A file of an archive that was read, and the first of its pages."""

    name: str
    page: int


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    ``id`` is the first twelve hex digits of the SHA-256, so that the same bytes always
    have the same identifier and a corrected file has another.
    """

    file: str
    content: bytes
    sha256: str
    media_type: str
    blocks: tuple[Block, ...]
    lines: int
    encoding: str | None = None
    pages: int | None = None
    notes: tuple[Note, ...] = ()
    title: str | None = None
    """How the file names itself where that is not printed: the ``<title>`` of a web page."""
    members: tuple[ArchiveMember, ...] = ()
    """Of an archive, in reading order."""

    @property
    def id(self) -> str:
        """What the document is called by in keys and IRIs."""
        return self.sha256[:12]

    @property
    def paragraphs(self) -> Iterator[Paragraph]:
        """Its lines of running text, in reading order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    @property
    def grids(self) -> Iterator[Grid]:
        """Its grids, in reading order."""
        return (block for block in self.blocks if isinstance(block, Grid))


@lru_cache(maxsize=1 << 10)
def column_letters(column: int) -> str:
    """Spreadsheet letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
