"""A wide sheet that was printed in page columns: the left columns on one page, the others on more.

Spreadsheet programs cut a sheet so where it is not fitted to the width of the page. The parts have
their rows at the same heights, and the right ones lack titles, or have half of one. They are put
side by side again, on the page of the leftmost part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.lexicon.units import find_unit
from yusuan.model.document import Position
from yusuan.model.text import normal
from yusuan.sources.blocks import SourceCell, SourceRow, is_above, title_of
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import GlyphLine
from yusuan.sources.pdf.page import PageCell, PageItem, PageLayout, PageLine, PageTable
from yusuan.sources.pdf.ruled_tables import Span, same_rows

__all__ = ["join_split_columns", "row_edges_by_table"]

_SAME = 1.5
"""Edges and lines that differ by less than this many points are at one place."""

_HEAD_ROWS = 4
"""Title, number, body and unit stand in so many rows at the top of a table, where it holds them."""


@dataclass
class _SheetPart:
    """A page with the leftmost part of tables, and the pages put beside it so far."""

    page: PageLayout
    xs: tuple[float, ...]
    parts: int = 0


def join_split_columns(pages: Sequence[PageLayout]) -> list[PageLayout]:
    """The pages, those that hold right parts of tables joined to those with the left ones."""
    widest = max((table.xs[-1] for page in pages for table in _tables(page)), default=0.0)
    result: list[_SheetPart] = []
    run: list[_SheetPart] = []  # pages below each other in one sheet
    for page in pages:
        tables = _tables(page)
        xs = tables[-1].xs if tables else ()
        left = min(run, key=lambda part: part.parts, default=None)
        if left and xs and not _equal(xs, left.xs):
            joined = _joined(left.page, page, widest)
            if joined:
                left.page, left.parts = joined, left.parts + 1
                continue
        part = _SheetPart(page, xs)
        result.append(part)
        run = [*run, part] if run and xs and _equal(xs, run[0].xs) else [part] if xs else []
    return [part.page for part in result]


def row_edges_by_table(page: PageLayout) -> list[tuple[float, ...]]:
    """The heights between the rows of each table of a page."""
    return [row_edges(table) for table in _tables(page)]


def _tables(page: PageLayout) -> list[PageTable]:
    return [item for item in page.items if isinstance(item, PageTable)]


def _equal(one: Sequence[float], two: Sequence[float]) -> bool:
    return len(one) == len(two) and all(abs(a - b) < _SAME for a, b in zip(one, two, strict=True))


def _joined(left: PageLayout, right: PageLayout, widest: float) -> PageLayout | None:
    """Both pages as one, or None where the second is no right part of the first."""
    pairs = _pairs(_tables(left), _tables(right), widest)
    if not pairs or any(_both_headed(one, two) for one, two in pairs):
        return None
    _, first = pairs[0]
    shift = max(one.xs[-1] for one, _ in pairs) - first.xs[0]
    own = [line for line in _lines(left) if not _spilled(line, pairs, to_right=True)]
    more = [
        _moved(line, shift) for line in _lines(right) if not _spilled(line, pairs, to_right=False)
    ]  # fmt: skip
    if _titled(own, more, [one.bottom for one, _ in pairs]):
        return None
    whole = {id(one): _side_by_side(one, two, right.number) for one, two in pairs}
    items: list[PageItem] = [whole.get(id(table), table) for table in _tables(left)]
    items += _merged_lines(own, more)
    items.sort(key=lambda item: item.top)
    return replace(left, items=tuple(items))


def _lines(page: PageLayout) -> list[PageLine]:
    return [item for item in page.items if isinstance(item, PageLine)]


def _pairs(
    left: Sequence[PageTable], right: Sequence[PageTable], widest: float
) -> list[tuple[PageTable, PageTable]]:
    """Each table of the right page with the one of the same rows at its left; none if one of
    them has none, goes on downwards, or would have had room there."""
    pairs: list[tuple[PageTable, PageTable]] = []
    for two in right:
        one = next((t for t in left if same_rows(row_edges(t), row_edges(two))), None)
        if one is None or not (one.ruled and two.ruled) or _texts(one, 0) == _texts(two, 0):
            return []
        pairs.append((one, two))
    room = all(one.xs[-1] + two.xs[1] - two.xs[0] <= widest + _SAME for one, two in pairs)
    return [] if room else pairs


def row_edges(table: PageTable) -> tuple[float, ...]:
    """The heights between the rows of a table, as far as cells tell them."""
    edges: dict[int, float] = {}
    for cell in table.cells:
        if cell.box:
            edges[cell.span.row], edges[cell.span.row_end] = cell.box[1], cell.box[3]
    return tuple(edges[row] for row in sorted(edges))


def _texts(table: PageTable, row: int) -> list[str]:
    return [normal(cell.text) for cell in table.row(row) if cell.text]


def _spilled(
    line: PageLine, pairs: Sequence[tuple[PageTable, PageTable]], *, to_right: bool
) -> bool:
    """Whether a line is the end of a text that reaches over the edge between the two parts: it
    stands in the other part too."""
    for one, two in pairs:
        table = one if to_right else two
        over = line.line.x1 > one.xs[-1] if to_right else line.line.x0 < two.xs[0]
        level = table.top < (line.top + line.bottom) / 2 < table.bottom
        if (
            level
            and over
            and any(normal(line.text) in normal(c.text) for c in (*one.cells, *two.cells))
        ):
            return True
    return False


def _titled(own: Sequence[PageLine], more: Sequence[PageLine], bottoms: Sequence[float]) -> bool:
    """Whether the second page names tables of its own: it states above one of them what the
    first states there too. ``bottoms`` are the lower ends of the tables.

    What goes on at the height of half a title is the other half. A title set in the middle of a
    sheet may stand on the second page alone.
    """

    def above(line: PageLine) -> int:
        return sum(bottom <= line.top for bottom in bottoms)

    for line in more:
        text = normal("".join(glyph.text for glyph in _new(line, own)))
        at = _level(line, own)
        same_level = [other for other in own if above(other) == above(line)]
        before = same_level if at is None else [own[at]]
        if _states_title(text) and any(_states_title(normal(other.text)) for other in before):
            return True
        for states in (_states_number, _states_body, _states_unit):
            if states(text) and any(states(normal(other.text)) for other in same_level):
                return True
    return False


def _both_headed(left: PageTable, right: PageTable) -> bool:
    """Whether both tables hold a title, a number, a body or a unit of their own in their first
    rows: then the second is no part of the first."""
    heads = [
        [text for row in range(_HEAD_ROWS) for text in _texts(table, row)]
        for table in (left, right)
    ]
    return any(
        all(any(map(states, texts)) for texts in heads)
        for states in (_states_title, _states_number, _states_body, _states_unit)
    )


def _level(line: PageLine, lines: Sequence[PageLine]) -> int | None:
    return next((i for i, other in enumerate(lines) if abs(other.top - line.top) < _SAME), None)


def _new(line: PageLine, lines: Sequence[PageLine]) -> list[Glyph]:
    """The characters of a line that the one at its height lacks: what stands on the edge of the
    paper is printed on both pages."""
    at = _level(line, lines)
    known = lines[at].line.glyphs if at is not None else ()
    return [
        g for g in line.line.glyphs
        if not any(g.text == k.text and abs(g.x0 - k.x0) < g.size / 2 for k in known)
    ]  # fmt: skip


def _states_number(text: str) -> bool:
    return bool(phrase("layout.table_number").match(text) and re.search("[表附]", text))


def _states_title(text: str) -> bool:
    row = SourceRow(Position(1), {0: SourceCell(text)})
    return bool(title_of([row])) and not _states_number(text)


def _states_unit(text: str) -> bool:
    return find_unit(text) is not None


def _states_body(text: str) -> bool:
    rest = phrase("layout.unit_of_sheet").sub("", text)
    return is_above(SourceRow(Position(1), {0: SourceCell(rest)})) and ":" in rest


def _moved(line: PageLine, right: float) -> PageLine:
    glyphs = tuple(
        g._replace(x0=g.x0 + right, x1=g.x1 + right, origin_x=g.origin_x + right)
        for g in line.line.glyphs
    )
    return replace(line, line=GlyphLine(glyphs))


def _merged_lines(own: Sequence[PageLine], more: Sequence[PageLine]) -> list[PageLine]:
    """The lines of both pages, those at one height as one."""
    lines = list(own)
    for line in more:
        at = _level(line, lines)
        if at is None:
            lines.append(line)
            continue
        glyphs = sorted([*lines[at].line.glyphs, *_new(line, lines)], key=lambda glyph: glyph.x0)
        lines[at] = replace(lines[at], line=GlyphLine(tuple(glyphs)))
    return lines


def _side_by_side(left: PageTable, right: PageTable, page: int) -> PageTable:
    """Both tables as one, over the rows of both. Columns that the sheet repeats on each page
    (its labels) stand once."""
    again = _repeated_columns(left, right)
    edges = sorted({*row_edges(left), *row_edges(right)})
    ys = [y for y, before in zip_longest(edges, [None, *edges[:-1]])
          if y is not None and (before is None or y - before >= _SAME)]  # fmt: skip
    width = len(left.xs) - 1
    shift = left.xs[-1] - right.xs[again]
    cells = [_over(cell, ys) for cell in left.cells]
    cells += [
        replace(
            _over(cell, ys, width - again), page=cell.page or page,
        )
        for cell in right.cells if cell.span.column >= again
    ]  # fmt: skip
    xs = (*left.xs, *(x + shift for x in right.xs[again + 1 :]))
    if not again:
        cells = _across(cells, width, left, right, ys)
        above = sum(y < row_edges(right)[0] - _SAME for y in ys)  # rows of one merged heading
        cells = [
            replace(cell, span=replace(cell.span, column_end=len(xs) - 1))
            if cell.span.column_end == width and cell.span.row_end <= above
            else cell
            for cell in cells
        ]
    cells.sort(key=lambda cell: (cell.span.row, cell.span.column))
    return replace(
        left, xs=xs, height=len(ys) - 1, cells=tuple(cells),
        open_right=_rows(right, right.open_right, ys),
    )  # fmt: skip


def _rows(table: PageTable, rows: frozenset[int], ys: Sequence[float]) -> frozenset[int]:
    """Rows of a part as rows of the whole table."""
    edges = row_edges(table)
    middles = [(edges[row] + edges[row + 1]) / 2 for row in rows if row + 1 < len(edges)]
    return frozenset(
        row for row in range(len(ys) - 1) if any(ys[row] < y < ys[row + 1] for y in middles)
    )


def _across(
    cells: Sequence[PageCell], edge: int, left: PageTable, right: PageTable, ys: Sequence[float]
) -> list[PageCell]:
    """The cells, those as one that no line parts where the paper ended: merged headings. So is a
    heading over several columns with the blank beside it that stands over others."""
    rows = _rows(left, left.open_right, ys) & _rows(right, right.open_left, ys)
    rest = {cell.span.row: cell for cell in cells if cell.span.column == edge}
    joined: list[PageCell] = []
    taken: set[int] = set()
    for cell in cells:
        other = rest.get(cell.span.row)
        if (
            other and cell.span.column_end == edge
            and (cell.span.row in rows or _goes_on(cell, other, rest))
            and cell.span.row_end == other.span.row_end
        ):  # fmt: skip
            taken.add(id(other))
            span = replace(cell.span, column_end=other.span.column_end)
            cell = replace(
                cell,
                span=span,
                text=cell.text + other.text,
                undisplayed=cell.undisplayed + other.undisplayed,
            )
        joined.append(cell)
    return [cell for cell in joined if id(cell) not in taken]


def _goes_on(heading: PageCell, blank: PageCell, rest: Mapping[int, PageCell]) -> bool:
    """Whether a blank in the first rows, above others than numbers, is the end of a heading."""
    below = rest.get(blank.span.row_end)
    wide = heading.span.column_end - heading.span.column > 1
    return (
        wide and bool(heading.text) and not blank.text
        and heading.span.row_end < _HEAD_ROWS
        and below is not None
        and not any(parse_number(text) for text in (heading.text, below.text))
    )  # fmt: skip


def _repeated_columns(left: PageTable, right: PageTable) -> int:
    count = 0
    while count < min(len(left.xs), len(right.xs)) - 2:
        one, two = ([(c.span.row, normal(c.text)) for c in table.cells
                     if c.span.column == count and c.text] for table in (left, right))  # fmt: skip
        if len(one) < 2 or one != two:
            break
        count += 1
    return count


def _over(cell: PageCell, ys: Sequence[float], right: int = 0) -> PageCell:
    """The cell over the rows of the whole table, so many columns further right."""
    span = cell.span
    top, bottom = (cell.box[1], cell.box[3]) if cell.box else (ys[0], ys[0])
    row, end = (min(range(len(ys)), key=lambda i: abs(ys[i] - y)) for y in (top, bottom))
    return replace(
        cell, span=Span(row, span.column + right, max(end, row + 1), span.column_end + right)
    )
