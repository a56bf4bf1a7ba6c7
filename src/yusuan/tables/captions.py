"""Bring together what belongs to one printed table: caption, grid, and its continuations."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from yusuan.model.document import Document, Grid, Paragraph
from yusuan.model.money import find_unit
from yusuan.model.text import clean, normal

__all__ = ["PrintedTable", "printed_tables"]

_ORGANISATION = re.compile(
    r"(?:编制|填报|预算|公开)?(?:部门|单位)(?:\s*[（(]\s*(?:单位|部门)\s*[）)])?\s*[:：]\s*(.+)"
)
_CAPTION_PARAGRAPHS = 8


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A grid with the paragraphs between it and the block before it."""

    caption: tuple[Paragraph, ...]
    grid: Grid

    @property
    def unit(self) -> int | None:
        """The unit the caption or the head of the grid states."""
        texts = [paragraph.text for paragraph in self.caption]
        texts += [cell.text for row in self.grid.rows[:3] for cell in row]
        return next((unit for text in texts if (unit := find_unit(text))), None)

    @property
    def organisation(self) -> str | None:
        """The body that the caption says drew the table up."""
        for paragraph in self.caption:
            match = _ORGANISATION.search(clean(paragraph.text))
            if match and find_unit(paragraph.text) is None:
                return match[1].strip()
        return None

    @property
    def titles(self) -> list[str]:
        """Caption lines, nearest first, then the first cells of the grid, in normal form."""
        near = [normal(paragraph.text) for paragraph in reversed(self.caption)]
        return near + [normal(cell.text) for row in self.grid.rows[:2] for cell in row[:1]]


def printed_tables(document: Document) -> list[PrintedTable]:
    """All grids of a document with their captions; grids with nothing between them are one."""
    tables: list[PrintedTable] = []
    caption: list[Paragraph] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            caption.append(block)
        elif tables and not caption:
            tables[-1] = replace(tables[-1], grid=_joined(tables[-1].grid, block))
        else:
            tables.append(PrintedTable(tuple(caption[-_CAPTION_PARAGRAPHS:]), block))
            caption = []
    return tables


def _joined(first: Grid, second: Grid) -> Grid:
    """Both grids as one; rows are numbered on, so that each cell keeps an address of its own."""
    offset = len(first.rows)
    moved = tuple(
        tuple(replace(cell, row=cell.row + offset) for cell in row) for row in second.rows
    )
    return replace(first, rows=first.rows + moved)
