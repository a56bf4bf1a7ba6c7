"""Text with tabs, as the founding document is, or aligned by blanks, and Markdown with pipe tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from benchmarks.layouts.model import Amount, Disclosure, Table
from benchmarks.layouts.render.grid import captions, matrix, places, size

__all__ = ["aligned_file", "markdown_file", "text_file"]

_PAGE_WIDTH = 110
_GAP = 2


def text_file(document: Disclosure) -> bytes:
    return _written(document, _tabs, heading=False)


def markdown_file(document: Disclosure) -> bytes:
    return _written(document, _pipes, heading=True)


def aligned_file(document: Disclosure) -> bytes:
    """Text as a fixed-pitch printer sets it: columns apart by blanks alone, amounts to the right.

    A Chinese character is as wide as two others. A form feed begins a page.
    """
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            if not document.style.caption_inside:
                lines += [line.center(_PAGE_WIDTH - _wide(line) + len(line)).rstrip()
                          for line in captions(document, block)]  # fmt: skip
            lines += [*_columns(document, block), *block.notes, ""]
        else:
            lines.append(block.lstrip("# "))
    return "\n".join(lines).encode()


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _columns(document: Disclosure, table: Table) -> list[str]:
    """The rows of a table; the text of a merged cell in its first row, over its columns."""
    above, rows, columns = size(document, table)
    found = places(document, table)
    width = [4] * columns
    for across in range(1, columns + 1):
        for place in found:
            if place.across == across:
                own = range(place.column, place.column + across)
                lacks = _wide(place.text) - sum(width[c] for c in own) - _GAP * (across - 1)
                if lacks > 0 and (across == 1 or place.row >= above - len(table.head)):
                    width[own[-1]] += lacks
    left = [sum(width[:c]) + _GAP * c for c in range(columns)]
    lines: list[list[tuple[int, str]]] = [[] for _ in range(rows)]
    for place in found:
        room = left[place.column + place.across - 1] + width[place.column + place.across - 1]
        spare = room - left[place.column] - _wide(place.text)
        shift = (
            spare if isinstance(place.amount, Amount) else spare // 2 if place.row < above else 0
        )
        if place.text.strip():
            lines[place.row].append((left[place.column] + max(shift, 0), place.text))
    return [_set(line) for line in lines]


def _set(pieces: list[tuple[int, str]]) -> str:
    text, reached = "", 0
    for start, piece in sorted(pieces):
        text += " " * (start - reached) + piece
        reached = start + _wide(piece)
    return text


def _written(
    document: Disclosure, draw: Callable[[list[list[str]]], list[str]], heading: bool
) -> bytes:
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            if not document.style.caption_inside:
                for line in captions(document, block):
                    lines += [line, ""]
            rows = matrix(document, block, repeat=heading and document.style.repeat_merged)
            for number, part in enumerate(_pages(document, block, rows)):
                if number:
                    lines += [f"<!-- page {number + 1} -->", ""]
                if number and document.style.repeat_caption and not document.style.caption_inside:
                    lines += [text for line in captions(document, block) for text in (line, "")]
                lines += [*draw(part), ""]
            for note in block.notes:
                lines += [note, ""]
        elif block:
            lines += [block if heading else block.lstrip("# "), ""]
    return "\n".join(lines).encode()


def _pages(document: Disclosure, table: Table, rows: list[list[str]]) -> list[list[list[str]]]:
    """The rows as they stand on pages, where the style cuts tables."""
    above, _, _ = size(document, table)
    most = document.style.page_rows
    if not document.style.cut_text or len(rows) <= above + most:
        return [rows]
    head = rows[:above] if document.style.repeat_head else []
    cuts = range(above + most, len(rows), most)
    return [rows[: above + most], *([*head, *rows[cut : cut + most]] for cut in cuts)]


def _tabs(rows: list[list[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]


def _pipes(rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]
