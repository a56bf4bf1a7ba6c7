"""Plain text and Markdown: tab-separated and pipe tables between paragraphs.

A run of lines with tabs (or pipes) is one grid; a blank line ends it. Page breaks are
form feeds, or lines that hold a page marker such as ``<!-- page 3 -->``.
"""

from __future__ import annotations

import re

from yusuan.model.document import Block, Cell, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.sources import limits
from yusuan.sources.encoding import decode
from yusuan.sources.fragments import text_line
from yusuan.sources.reading import Reading

__all__ = ["read_text"]

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
_PAGE_MARK = re.compile(r"(?:<!--\s*page\s+(\d{1,5})\s*-->|-{2,}\s*第?\s*(\d{1,5})\s*页\s*-{2,})")
_FOOTER = re.compile(r"[-—–]\s*\d{1,3}\s*[-—–]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?")
_PIPE_RULE = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)*(?:\s*:?-{2,}:?)?")
_LONGEST_MARK = 200
"""A page mark or number is no longer, nor is it looked for in what is."""


def read_text(content: bytes, file: str) -> Reading:
    """Read a text; it has pages only where page marks or form feeds tell them."""
    text, encoding = decode(content, file)
    blocks: list[Block] = []
    rows: list[tuple[int, list[str]]] = []
    count = 0
    page: int | None = 1 if "\f" in text else None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")

    def close_grid() -> None:
        if rows:
            piped = "\t" not in lines[rows[0][0] - 1]
            blocks.append(_grid(rows, page, fixed=piped))
            rows.clear()

    for number, raw in enumerate(lines, start=1):
        *parts, line = raw.split("\f")
        for before in parts:
            close_grid()
            if before.strip():
                blocks.append(Paragraph(clean(before), Position(number, page)))
            page = (page or 1) + 1
        sign = line.strip()
        if len(sign) <= _LONGEST_MARK:
            if mark := _PAGE_MARK.fullmatch(sign):
                close_grid()
                page = int(mark[1] or mark[2])
                continue
            if _FOOTER.fullmatch(sign):
                continue  # a printed page number does not end the table it stands in
        if "|" in sign and _PIPE_RULE.fullmatch(sign):
            continue
        cells = _split(line)
        if cells is None:
            close_grid()
            if line.strip():
                heading = _HEADING.match(line)
                level = len(heading[1]) if heading else 0
                blocks.append(Paragraph(clean(line), Position(number, page), level))
            continue
        if len(cells) > limits.COLUMNS:
            raise YusuanError(
                f"{file}, line {number}: a row of {len(cells):,} columns; "
                f"budget tables have at most {limits.COLUMNS}. Is this the right file?"
            )
        count += len(cells)
        if count > limits.CELLS:
            raise YusuanError(
                f"{file}, line {number}: more than {limits.CELLS:,} cells so far; "
                "save the tables that matter in a file of their own"
            )
        rows.append((number, cells))
    close_grid()
    return Reading(tuple(blocks), len(lines), page, encoding)


def _split(line: str) -> list[str] | None:
    """Cells of a table line, or None for running text."""
    if "\t" in line and line.strip():
        return line.split("\t")
    stripped = line.strip()
    if stripped.startswith("|") and stripped.endswith("|") and len(stripped) > 1:
        return stripped[1:-1].split("|")
    return None


def _grid(rows: list[tuple[int, list[str]]], page: int | None, *, fixed: bool) -> Grid:
    return Grid(
        tuple(
            tuple(
                Cell(clean(text), row, column, Position(number, page), fragment=fragment)
                for column, text in enumerate(cells)
            )
            for row, (number, cells) in enumerate(rows)
            for fragment in (text_line(number),)
        ),
        Position(rows[0][0], page),
        fixed=fixed,
    )
