"""Tables that a page prints one right below the other, so that their lines make one lattice.

Web pages print them so, with the title of each in rows of its own that reach over all its columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from yusuan.model.document import Position
from yusuan.sources.pdf.ruled_tables import SLIVER, Lattice, Span, find_lattices
from yusuan.sources.pdf.rulings import Ruling
from yusuan.sources.source_rows import Box, SourceRow, is_above, title_of

__all__ = ["Printed", "unstacked"]

Printed = tuple[Span, str]
"""A cell of a lattice and its text."""


def unstacked(
    lattice: Lattice, cells: Iterable[Printed], rulings: Sequence[Ruling],
    rows: Sequence[tuple[float, ...]] = (), sliver: float = SLIVER,
) -> list[Lattice]:  # fmt: skip
    """The tables of one lattice from top to bottom, each of the lines between its ends only.

    ``rulings`` are those of the page, ``rows`` and ``sliver`` as for ``find_lattices``. A table begins with rows
    of one text each over several columns (title, body, unit), a title among them, below a row
    that is none of these.
    """
    starts = _starts(lattice, cells) if lattice.ruled else []
    if not starts:
        return [lattice]
    left, right = lattice.xs[0] - sliver, lattice.xs[-1] + sliver
    near = [line for line in rulings if _crosses(line, left, right)]
    heights = [lattice.top, *(lattice.ys[row] for row in starts), lattice.bottom]
    return [
        part for top, bottom in pairwise(heights)
        for part in find_lattices(_between(near, top, bottom, sliver), rows, sliver)
    ]  # fmt: skip


def _starts(lattice: Lattice, cells: Iterable[Printed]) -> list[int]:
    """The rows below the first at which a table begins."""
    printed: defaultdict[int, list[Printed]] = defaultdict(list)
    covered: set[int] = set()
    for span, text in cells:
        if text:
            printed[span.row].append((span, text))
            covered.update(range(span.row + 1, span.row_end))
    starts: list[int] = []
    run: list[SourceRow] = []
    height = len(lattice.ys) - 1
    for row in range(1, height + 1):
        caption = _caption(printed[row]) if row < height and row not in covered else None
        if caption is not None:
            run.append(caption)
            continue
        first = row - len(run)
        if run and _caption(printed[first - 1]) is None and title_of(run):
            starts.append(first)
        run = []
    return starts


def _caption(cells: Sequence[Printed]) -> SourceRow | None:
    """The row of one text over several columns that stands above a table; None for any other."""
    if len(cells) != 1 or cells[0][0].column_end - cells[0][0].column < 2:
        return None
    row = SourceRow(Position(1), {0: Box(cells[0][1])})
    return row if is_above(row) else None


def _crosses(line: Ruling, left: float, right: float) -> bool:
    return line.start < right and line.end > left if line.horizontal else left < line.at < right


def _between(rulings: Iterable[Ruling], top: float, bottom: float, sliver: float) -> list[Ruling]:
    """The lines between two heights; upright ones are cut there."""
    found: list[Ruling] = []
    for line in rulings:
        if line.horizontal:
            if top - sliver < line.at < bottom + sliver:
                found.append(line)
        elif min(line.end, bottom) - max(line.start, top) > sliver:
            found.append(replace(line, start=max(line.start, top), end=min(line.end, bottom)))
    return found
