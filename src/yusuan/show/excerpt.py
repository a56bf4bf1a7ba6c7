"""A part of a printed table, ready to be drawn as HTML: some rows, some cells marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yusuan.tables.captions import PrintedTable
from yusuan.tables.headings import heading_rows

__all__ = ["ShownCell", "ShownRow", "excerpt"]


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell to draw; the spans end at the last row and column that are drawn."""

    text: str
    rowspan: int
    colspan: int
    mark: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row to draw, with the line of the source; ``left_out`` rows before it are not drawn."""

    line: int
    cells: tuple[ShownCell, ...]
    heading: bool
    left_out: int

    @property
    def here(self) -> bool:
        """Whether one of the cells is marked."""
        return any(cell.mark for cell in self.cells)


def excerpt(
    printed: PrintedTable, wanted: Iterable[int], marks: Mapping[tuple[int, int], str]
) -> Iterator[ShownRow]:
    """The heading rows of a table and the rows wanted, by their index in the grid.

    ``marks`` are by the index of the row in the grid and that of the cell in the row.
    """
    grid = printed.grid.rows
    head, width = heading_rows(printed.grid), printed.grid.width
    kept = {*range(head), *(index for index in wanted if 0 <= index < len(grid))}
    covered: set[tuple[int, int]] = set()
    before = -1
    for index in sorted(kept):
        end = index + 1
        while end in kept and (index >= head or end < head):
            end += 1
        cells: list[ShownCell] = []
        place = 0
        for number, cell in enumerate(grid[index]):
            if (index, cell.column) in covered and not cell.text:
                continue
            # A cell that is merged with one in a row left out has nothing to stand below.
            free = sum((index, column) not in covered for column in range(place, cell.column))
            cells += [_BLANK] * free
            down = max(1, min(cell.rowspan, end - index))
            across = max(1, min(cell.colspan, width - cell.column))
            covered.update((index + i, cell.column + j) for i in range(down) for j in range(across))
            cells.append(ShownCell(cell.text, down, across, marks.get((index, number), "")))
            place = cell.column + across
        yield ShownRow(grid[index][0].position.line, tuple(cells), index < head, index - before - 1)
        before = index


_BLANK = ShownCell("", 1, 1, "")
