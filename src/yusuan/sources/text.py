"""Plain text and Markdown: tables between tabs, bars or aligned blanks, and paragraphs.

A run of lines with tabs (or bars) is one grid; a blank line ends it. Tables that only blanks
align are found by ``aligned_text``; those in HTML are read as in a web page. Page breaks are
form feeds, or lines that hold a page marker such as ``<!-- page 3 -->``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from yusuan.model.document import Block, Cell, Grid, Note, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.sources import limits
from yusuan.sources.aligned_text import PrintedPage, aligned_blocks
from yusuan.sources.encoding import decode
from yusuan.sources.fragments import text_line
from yusuan.sources.html import read_html
from yusuan.sources.markup import cells_of, inline, split_at_bars, without_comments
from yusuan.sources.reading import Reading, moved

__all__ = ["read_text"]

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
_PAGE_MARK = re.compile(r"(?:<!--\s*page\s+(\d{1,5})\s*-->|-{2,}\s*第?\s*(\d{1,5})\s*页\s*-{2,})")
_FOOTER = re.compile(r"[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")
_BAR_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*(?:\s*:?-+:?)?")
_DRAWN_RULE = re.compile(r"\+[+\-=|\s]{2,}|[\u2500-\u257f][\u2500-\u257f\s]{2,}")
"""A line of a table drawn with signs, which holds nothing."""
_LONGEST_MARK = 200
"""A page mark or number is no longer, nor is it looked for in what is."""


def read_text(content: bytes, file: str) -> Reading:
    """Read a text; it has pages only where page marks or form feeds tell them.

    Raises YusuanError when the bytes are no text, or a table is larger than any budget's.
    """
    text, encoding = decode(content, file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    lines = text.split("\n")
    reader = _Reader(file, 1 if "\f" in text else None)
    for block in reader.blocks(without_comments(text).split("\n")):
        reader.found.append(block)
    found = tuple(reader.found)
    return Reading(found, len(lines), reader.page, encoding, tuple(reader.notes))


@dataclass(slots=True)
class _Reader:
    """Walks the lines of a text. ``rows`` are those of the grid at hand, ``pages`` the text
    since the last grid, page by page."""

    file: str
    page: int | None
    found: list[Block] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    pages: list[PrintedPage] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    cells: int = 0
    barred: bool = False
    """Whether bars part the cells of the grid at hand."""

    def blocks(self, lines: list[str]) -> Iterator[Block]:
        barred = _between_bars(lines)
        number = 0
        while number < len(lines):
            number += 1
            raw = lines[number - 1]
            if "<table" in raw.lower() and (end := _end_of_table(lines, number)):
                yield from self._close()
                yield from self._html(lines[number - 1 : end], number)
                number = end
                continue
            *parts, line = raw.split("\f")
            for before in parts:
                yield from self._close_grid()
                if before.strip():
                    self._add(number, before)
                self.page = (self.page or 1) + 1
            sign = line.strip()
            if len(sign) <= _LONGEST_MARK:
                if mark := _PAGE_MARK.fullmatch(sign):
                    yield from self._close_grid()
                    self.page = int(mark[1] or mark[2])
                    continue
                if _FOOTER.fullmatch(sign):
                    continue  # a printed page number does not end the table it stands in
                if "|" in sign and _BAR_RULE.fullmatch(sign):
                    continue
                if _DRAWN_RULE.fullmatch(sign) and cells_of(sign) is None:
                    continue
            cells = _split(line, number in barred)
            if cells is None:
                yield from self._close_grid()
                if line.strip():
                    self._add(number, line)
                continue
            yield from self._close_text()
            self._count(cells, number)
            self.barred = self.barred if self.rows else "\t" not in line
            self.rows.append((number, cells))
        yield from self._close()

    def _add(self, number: int, line: str) -> None:
        if not self.pages or self.pages[-1].page != self.page:
            self.pages.append(PrintedPage(self.page))
        self.pages[-1].lines.append((number, line))

    def _count(self, cells: list[str], number: int) -> None:
        if len(cells) > limits.COLUMNS:
            raise YusuanError(
                f"{self.file}, line {number}: a row of {len(cells):,} columns; "
                f"budget tables have at most {limits.COLUMNS}. Is this the right file?"
            )
        self.cells += len(cells)
        if self.cells > limits.CELLS:
            raise YusuanError(
                f"{self.file}, line {number}: more than {limits.CELLS:,} cells so far; "
                "save the tables that matter in a file of their own"
            )

    def _close(self) -> Iterator[Block]:
        yield from self._close_grid()
        yield from self._close_text()

    def _close_grid(self) -> Iterator[Block]:
        if self.rows:
            yield _grid(self.rows, self.page, fixed=self.barred)
            self.rows.clear()

    def _close_text(self) -> Iterator[Block]:
        aligned = aligned_blocks(self.pages)
        if aligned is not None:
            blocks, notes = aligned
            self.notes += notes
            yield from blocks
        for page in self.pages if aligned is None else ():
            for number, line in page.lines:
                paragraph = _paragraph(number, line, page.page)
                if paragraph.text:
                    yield paragraph
        self.pages.clear()

    def _html(self, lines: list[str], first: int) -> Iterator[Block]:
        """The blocks of lines that hold a table in HTML, each at its line of the file."""

        def at(position: Position) -> Position:
            return Position(position.line + first - 1, self.page)

        reading = read_html("\n".join(lines).encode("utf-8", "replace"), self.file)
        for note in reading.notes:
            place = at(Position(note.line or 1))
            self.notes.append(replace(note, page=place.page, line=place.line))
        yield from (moved(block, at) for block in reading.blocks)


def _end_of_table(lines: list[str], first: int) -> int | None:
    """The line on which the table ends that begins on a line; None if it never does."""
    depth = 0
    for number, line in enumerate(lines[first - 1 :], start=first):
        depth += line.lower().count("<table") - line.lower().count("</table")
        if depth <= 0:
            return number
    return None


def _between_bars(lines: list[str]) -> frozenset[int]:
    """Lines of tables whose rows neither begin nor end in a bar: above and below a rule."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        sign = line.strip()
        if len(sign) > _LONGEST_MARK or "|" not in sign or not _BAR_RULE.fullmatch(sign):
            continue
        found.add(index)
        end = index + 1
        while end < len(lines) and "|" in lines[end]:
            end += 1
            found.update((end,))
    return frozenset(found)


def _split(line: str, barred: bool) -> list[str] | None:
    """Cells of a table line, or None for running text."""
    if "\t" in line and line.strip():
        return line.split("\t")
    cells = cells_of(line)
    if cells is None and barred and "|" in line:
        return split_at_bars(line.strip().removeprefix("|"))
    return cells


def _paragraph(number: int, line: str, page: int | None) -> Paragraph:
    heading = _HEADING.match(line)
    text, aside = inline(line)
    level = len(heading[1]) if heading else 0
    return Paragraph(clean(text), Position(number, page), level, aside)


def _grid(rows: list[tuple[int, list[str]]], page: int | None, *, fixed: bool) -> Grid:
    return Grid(
        tuple(
            tuple(
                Cell(clean(shown), row, column, Position(number, page), 1, 1, fragment, aside)
                for column, text in enumerate(cells)
                for shown, aside in (inline(text),)
            )
            for row, (number, cells) in enumerate(rows)
            for fragment in (text_line(number),)
        ),
        Position(rows[0][0], page),
        fixed=fixed,
    )
