"""What a format's reader gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from yusuan.model.document import Block, Note, Paragraph, Position

__all__ = ["Reading", "moved"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Blocks in reading order, the number of lines, and what the format knows of itself.

    ``notes`` tell which parts of the file could not be read; ``title`` is how the file names
    itself where that is not printed.
    """

    blocks: tuple[Block, ...]
    lines: int
    pages: int | None = None
    encoding: str | None = None
    notes: tuple[Note, ...] = ()
    title: str | None = None


def moved(block: Block, to: Callable[[Position], Position]) -> Block:
    """A block with all its positions changed, as where its file is a part of another."""
    if isinstance(block, Paragraph):
        return replace(block, position=to(block.position))
    rows = tuple(
        tuple(replace(cell, position=to(cell.position)) for cell in row) for row in block.rows
    )
    return replace(block, position=to(block.position), rows=rows)
