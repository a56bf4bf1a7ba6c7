"""Ruled lines in, lattices of cells out.

Lines that touch make one lattice. Its lines cut the plane into elementary boxes; boxes with
no line between them are one cell. So a merged cell needs no special care, and a table whose
outer lines are missing is closed by the extent of those it has. Tables that a page prints one
right below the other, as web pages do, make one lattice, which is taken apart at their titles.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from yusuan.model.document import Position
from yusuan.sources import limits
from yusuan.sources.blocks import SourceCell, SourceRow, is_above, title_of
from yusuan.sources.pdf.rulings import SNAP, TOUCH, Ruling

__all__ = [
    "SLIVER",
    "Lattice",
    "Span",
    "Walls",
    "band",
    "cells_between",
    "find_lattices",
    "same_rows",
    "split_stacked",
    "walls_of",
]

_COVERS = 0.6
"""A line that runs along this share of a box's side closes the side."""


SLIVER = 7.0
"""Columns and rows narrower than this hold no text: they come from borders within borders. Where
the text of a page is smaller than that, its width takes this place."""


_LEVEL, _HEAD, _FEWEST_EDGES = 1.5, 3, 3
"""Rows of two parts of a table: edges this near are level; the head is as high as so many rows."""


_OVERHANG = 8.0
"""Lines that stick out this far beyond the outermost crossing line end at an open edge."""


@dataclass(frozen=True, slots=True)
class Span:
    """Rows and columns of a lattice that one cell takes up; the ends are not included."""

    row: int
    column: int
    row_end: int
    column_end: int

    def holds(self, row: int, column: int) -> bool:
        return self.row <= row < self.row_end and self.column <= column < self.column_end


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table: edges of its columns (xs) and rows (ys), ascending, and its cells.

    Every elementary box belongs to exactly one cell. ``open_left`` and ``open_right`` are the rows
    without a line at that end, where others have one; ``ruled`` tells that its lines are drawn,
    ``open_top`` and ``open_bottom`` that the upright ones go on beyond the last level one there.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[Span, ...]
    open_left: frozenset[int] = frozenset()
    open_right: frozenset[int] = frozenset()
    ruled: bool = False
    open_top: bool = False
    open_bottom: bool = False

    @property
    def top(self) -> float:
        return self.ys[0]

    @property
    def bottom(self) -> float:
        return self.ys[-1]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies within the outer edges."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]

    def box_at(self, x: float, y: float) -> tuple[int, int]:
        """Row and column of the elementary box that holds a point."""
        return band(self.ys, y), band(self.xs, x)


def band(edges: tuple[float, ...], value: float) -> int:
    """Which interval of ascending edges a value falls in; outer values count as the nearest."""
    return min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)


def find_lattices(
    rulings: Iterable[Ruling], rows: Sequence[tuple[float, ...]] = (), sliver: float = SLIVER
) -> list[Lattice]:
    """The tables that ruled lines draw, from top to bottom.

    A frame around one box, a table of one column (text between lines), and a lattice drawn
    inside a cell of another are no tables of their own; but one column with the ``rows`` of a
    table of another page is the last column of that. What is narrower than ``sliver`` is neither
    row nor column.
    """
    found = [
        lattice for group in _touching([line for line in rulings if not line.shade])
        if (lattice := _lattice(group, rows, sliver)) is not None
    ]  # fmt: skip
    found.sort(key=lambda lattice: (lattice.top, lattice.xs[0]))
    return [lattice for lattice in found if not any(_inside(lattice, other) for other in found)]


def _inside(inner: Lattice, outer: Lattice) -> bool:
    return inner is not outer and all(
        outer.xs[0] < x < outer.xs[-1] and outer.ys[0] < y < outer.ys[-1]
        for x in (inner.xs[0], inner.xs[-1])
        for y in (inner.ys[0], inner.ys[-1])
    )


def _touching(rulings: list[Ruling]) -> list[list[Ruling]]:
    """Lines grouped by whether a chain of crossings connects them."""
    parent = list(range(len(rulings)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    upright = sorted((line.at, index) for index, line in enumerate(rulings) if not line.horizontal)
    for index, line in enumerate(rulings):
        if line.horizontal:
            first = bisect_left(upright, (line.start - TOUCH, -1))
            last = bisect_right(upright, (line.end + TOUCH, len(rulings)))
            for _, other in upright[first:last]:
                if rulings[other].start - TOUCH <= line.at <= rulings[other].end + TOUCH:
                    parent[root(index)] = root(other)
    groups: defaultdict[int, list[Ruling]] = defaultdict(list)
    for index, line in enumerate(rulings):
        groups[root(index)].append(line)
    return list(groups.values())


def same_rows(one: Sequence[float], two: Sequence[float]) -> bool:
    """Whether two parts of a table have their rows at the same heights.

    In the head, one of them may have lines that the other lacks, also the uppermost.
    """
    if min(len(one), len(two)) < _FEWEST_EDGES or abs(one[-1] - two[-1]) > _LEVEL:
        return False
    tall = max((b - a for a, b in pairwise(one)), default=0.0)
    head = max(one[0], two[0]) + _HEAD * tall
    common = sum(any(abs(y - other) <= _LEVEL for other in two) for y in one)
    return (
        common >= _FEWEST_EDGES
        and abs(one[0] - two[0]) <= _HEAD * tall
        and all(
            y < head or any(abs(y - other) <= _LEVEL for other in edges)
            for ys, edges in ((one, two), (two, one))
            for y in ys
        )
    )


def _lattice(
    rulings: list[Ruling], rows: Sequence[tuple[float, ...]], sliver: float
) -> Lattice | None:
    level = [line for line in rulings if line.horizontal]
    upright = [line for line in rulings if not line.horizontal]
    if not level or not upright:
        return None
    xs, ys = _edges(upright, level, sliver), _edges(level, upright, sliver)
    column = len(xs) == 2 and any(same_rows(ys, other) for other in rows)
    if not (column or 3 <= len(xs) <= limits.COLUMNS) or not 2 <= len(ys) <= limits.ROWS_RULED:
        return None
    if (len(xs) - 1) * (len(ys) - 1) > limits.PAGE_CELLS:
        return None
    walls_x, walls_y = walls_of(upright, xs, ys), walls_of(level, ys, xs)
    cells = cells_between(len(ys) - 1, len(xs) - 1, walls_x, walls_y)
    columns = {(cell.column, cell.column_end) for cell in cells}
    if not column and len(columns) < 2:
        return None
    left, right = (_open_rows(walls_x, edge, len(ys) - 1) for edge in (0, len(xs) - 1))
    drawn = [line.at for line in level]
    open_top, open_bottom = ys[0] < min(drawn) - SNAP, ys[-1] > max(drawn) + SNAP
    return Lattice(xs, ys, tuple(cells), left, right, True, open_top, open_bottom)


def _open_rows(walls: Walls, edge: int, height: int) -> frozenset[int]:
    """The rows along which an edge is not drawn; none where it is drawn nowhere."""
    rows = frozenset(row for row in range(height) if (edge, row) not in walls)
    return rows if len(rows) < height else frozenset()


def _edges(lines: list[Ruling], crossing: list[Ruling], sliver: float) -> tuple[float, ...]:
    """Positions of parallel lines, closed where at least two crossing lines overhang."""
    edges: list[float] = []
    for at in sorted(line.at for line in lines):
        if not edges or at - edges[-1] >= sliver:
            edges.append(at)
    starts = sorted(line.start for line in crossing)[:2]
    ends = sorted(line.end for line in crossing)[-2:]
    if len(starts) == 2 and max(starts) < edges[0] - _OVERHANG:
        edges.insert(0, min(starts))
    if len(ends) == 2 and min(ends) > edges[-1] + _OVERHANG:
        edges.append(max(ends))
    return tuple(edges)


Walls = set[tuple[int, int]]
"""Pairs (edge, interval): along which intervals of the crossing edges an edge is drawn."""


def walls_of(lines: list[Ruling], edges: tuple[float, ...], across: tuple[float, ...]) -> Walls:
    """The walls that parallel lines draw: place of the edge, and of the interval ``across`` it."""
    walls: Walls = set()
    for line in lines:
        edge = min(range(len(edges)), key=lambda index: abs(edges[index] - line.at))
        for interval, (start, end) in enumerate(pairwise(across)):
            if min(end, line.end) - max(start, line.start) >= _COVERS * (end - start):
                walls.add((edge, interval))
    return walls


def cells_between(height: int, width: int, walls_x: Walls, walls_y: Walls) -> list[Span]:
    """Boxes with no wall between them as cells; what is no rectangle is cut into rectangles."""
    taken: set[tuple[int, int]] = set()
    cells: list[Span] = []
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            end = column + 1
            while end < width and (end, row) not in walls_x and (row, end) not in taken:
                end += 1
            below = row + 1
            while below < height and _open(below, column, end, walls_x, walls_y):
                below += 1
            taken.update((r, c) for r in range(row, below) for c in range(column, end))
            cells.append(Span(row, column, below, end))
    return cells


def _open(row: int, column: int, end: int, walls_x: Walls, walls_y: Walls) -> bool:
    """Whether the boxes of a row from column to end belong to the cell above them."""
    return all((row, c) not in walls_y for c in range(column, end)) and all(
        (c, row) not in walls_x for c in range(column + 1, end)
    )


_Printed = tuple[Span, str]
"""A cell of a lattice and its text."""


def split_stacked(
    lattice: Lattice, cells: Iterable[_Printed], rulings: Sequence[Ruling],
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


def _starts(lattice: Lattice, cells: Iterable[_Printed]) -> list[int]:
    """The rows below the first at which a table begins."""
    printed: defaultdict[int, list[_Printed]] = defaultdict(list)
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


def _caption(cells: Sequence[_Printed]) -> SourceRow | None:
    """The row of one text over several columns that stands above a table; None for any other."""
    if len(cells) != 1 or cells[0][0].column_end - cells[0][0].column < 2:
        return None
    row = SourceRow(Position(1), {0: SourceCell(cells[0][1])})
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
