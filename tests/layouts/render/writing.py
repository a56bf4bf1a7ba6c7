"""Text with tabs, as the founding document is, and Markdown with pipe tables."""

from __future__ import annotations

from collections.abc import Callable

from tests.layouts.model import Disclosure, Table
from tests.layouts.render.grid import captions, matrix, size

__all__ = ["markdown_file", "text_file"]


def text_file(document: Disclosure) -> bytes:
    return _written(document, _tabs, heading=False)


def markdown_file(document: Disclosure) -> bytes:
    return _written(document, _pipes, heading=True)


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
