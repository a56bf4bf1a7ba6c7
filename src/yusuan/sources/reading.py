"""What a format's reader gives back."""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.model.document import Block, Note

__all__ = ["Reading"]


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
