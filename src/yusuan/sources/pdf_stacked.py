"""Tables that a page prints one right below the other, so that their lines make one grid.

Web pages print them so, with the title of each in rows of its own that reach over all its columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from yusuan.model.document import Position
from yusuan.sources.pdf_lattice import Span
from yusuan.sources.pdf_page import Item, Page, PageCell, PageTable
from yusuan.sources.source_rows import Box, SourceRow, is_above, title_of

__all__ = ["unstacked"]


def unstacked(page: Page) -> Page:
    """The page with each table of one grid as one of its own, with its rows and columns only.

    A table begins with rows of one text each over several columns (title, body, unit), a title
    among them, below a row that is none of these.
    """
    items: list[Item] = []
    for item in page.items:
        starts = _starts(item) if isinstance(item, PageTable) else []
        if isinstance(item, PageTable) and starts:
            rows = [0, *starts, item.height]
            items += [_part(item, first, end) for first, end in pairwise(rows)]
        else:
            items.append(item)
    return page if len(items) == len(page.items) else replace(page, items=tuple(items))


def _starts(table: PageTable) -> list[int]:
    """The rows below the first at which a table begins."""
    if not table.ruled:
        return []
    printed: defaultdict[int, list[PageCell]] = defaultdict(list)
    covered: set[int] = set()
    for cell in table.cells:
        if cell.text:
            printed[cell.span.row].append(cell)
            covered.update(range(cell.span.row + 1, cell.span.row_end))
    starts: list[int] = []
    run: list[SourceRow] = []
    for row in range(1, table.height + 1):
        source = _caption(printed[row]) if row < table.height and row not in covered else None
        if source is not None:
            run.append(source)
            continue
        first = row - len(run)
        if run and _caption(printed[first - 1]) is None and title_of(run):
            starts.append(first)
        run = []
    return starts


def _caption(cells: Sequence[PageCell]) -> SourceRow | None:
    """The row of one text over several columns that stands above a table; None for any other."""
    if len(cells) != 1 or cells[0].span.column_end - cells[0].span.column < 2:
        return None
    row = SourceRow(Position(1), {0: Box(cells[0].text)})
    return row if is_above(row) else None


def _part(table: PageTable, first: int, end: int) -> PageTable:
    """Some rows of a grid as a table, without the column edges that only others have."""
    inside = [
        replace(
            cell,
            span=Span(
                max(cell.span.row, first) - first, cell.span.column,
                min(cell.span.row_end, end) - first, cell.span.column_end,
            ),
        )
        for cell in table.cells if cell.span.row < end and cell.span.row_end > first
    ]  # fmt: skip
    left, right = 0, len(table.xs) - 1
    for cell in inside:  # the rest of a wider table above or below is no column of this
        if not cell.text and cell.span.row == 0 and cell.span.row_end == end - first:
            left = cell.span.column_end if cell.span.column == left == 0 else left
            right = cell.span.column if cell.span.column_end == right else right
    inside = [c for c in inside if left <= c.span.column and c.span.column_end <= right]
    edges = sorted({edge for c in inside for edge in (c.span.column, c.span.column_end)})
    at = {edge: index for index, edge in enumerate(edges)}
    cells = tuple(
        replace(
            cell,
            span=replace(
                cell.span, column=at[cell.span.column], column_end=at[cell.span.column_end]
            ),
        )
        for cell in inside
    )
    boxes = [cell.box for cell in cells if cell.box]
    numbers = [cell.number for cell in cells if cell.number]
    return replace(
        table,
        xs=tuple(table.xs[edge] for edge in edges),
        top=min(box[1] for box in boxes) if first else table.top,
        bottom=max(box[3] for box in boxes) if end < table.height else table.bottom,
        height=end - first,
        cells=cells,
        above=min(numbers) - 1 if first and numbers else table.above,
        open_left=frozenset(row - first for row in table.open_left if first <= row < end),
        open_right=frozenset(row - first for row in table.open_right if first <= row < end),
        open_top=table.open_top and not first,
        open_bottom=table.open_bottom and end == table.height,
    )
