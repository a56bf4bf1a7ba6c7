"""Text with tabs, as the founding document is, and Markdown with pipe tables."""

from __future__ import annotations

from collections.abc import Callable

from tests.layouts.model import Disclosure, Table
from tests.layouts.render.grid import captions, matrix

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
            lines += [*draw(matrix(document, block)), ""]
            for note in block.notes:
                lines += [note, ""]
        elif block:
            lines += [block if heading else block.lstrip("# "), ""]
    return "\n".join(lines).encode()


def _tabs(rows: list[list[str]]) -> list[str]:
    return ["\t".join(row) for row in rows]


def _pipes(rows: list[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]
