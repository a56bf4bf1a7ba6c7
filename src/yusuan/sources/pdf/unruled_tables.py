"""One table without a full grid of lines: printed lines in, the same lattice as of a ruled one out.

Columns come from the gaps that all rows share, rows from the distances between lines and from
level lines or shades, where there are some. Whatever does not fit gives no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from yusuan.sources.pdf.columns import Column, close_cuts, columns_of
from yusuan.sources.pdf.edges import crossed, edges_between, nudged, widen
from yusuan.sources.pdf.evidence import TableEvidence, fits, has_broken_numbers, has_groups
from yusuan.sources.pdf.headings import Head, heading_spans
from yusuan.sources.pdf.rows import Row, begins_row, edges_of_rows, rows_of
from yusuan.sources.pdf.ruled_tables import Lattice, Span, Walls, cells_between, walls_of
from yusuan.sources.pdf.rulings import Ruling
from yusuan.sources.pdf.words import OWN_START, TextLine, text_line

__all__ = ["opened_lattice", "unruled_lattice"]

_GAPS = ((8, 0.12), (3, 0.4), (1, 0.5))
"""Numbers of rows, and the gap between columns, in font sizes, that as many rows share."""
_WORD = 0.6
"""Gap between words, in font sizes."""
_HEADING = 0.35
"""Gap between headings: these fill their columns."""
_MANY = 3
_THROUGH = 0.6
"""A level line along this share of the table's width goes through."""
_NUMBERING = re.compile(r"[一二三四五六七八九十]+[、.]|[（(].{1,2}[）)]|\d{1,2}[、.]|[①-⑳]")
_COLUMN = 0.3


def unruled_lattice(
    lines: Sequence[TextLine], rulings: Sequence[Ruling], evidence: TableEvidence
) -> Lattice | None:
    """The table that lines from top to bottom make, its head first; None when unsure."""
    size = max(line.size for line in lines)
    level = [rule for rule in rulings if rule.horizontal
             and lines[0].top - 2 * size < rule.at < lines[-1].bottom + 2 * size]  # fmt: skip
    start = _first_row(lines, level)
    if start is None:
        return None
    found: list[tuple[float, Lattice]] = []
    for edges in _edges(lines[:start], lines[start:], rulings, evidence, size):
        table = _over(edges, lines[:start], lines[start:], level, evidence)
        if table is not None:
            found.append(table)
    # Columns that only a heading tells of must explain it clearly better.
    best = min(found, key=lambda table: table[0] + _COLUMN * len(table[1].xs), default=None)
    return best[1] if best else None


def opened_lattice(
    lines: Sequence[TextLine], rulings: Sequence[Ruling], edges: tuple[float, ...]
) -> Lattice | None:
    """The start of a table, perhaps its head only, that has its columns from the next page."""
    if any(line.is_data for line in lines):
        return unruled_lattice(lines, rulings, TableEvidence(edges=edges))
    head = [text_line(line.line, _HEADING, heading=True) for line in lines]
    found = heading_spans(head, edges, [rule for rule in rulings if rule.horizontal],
                          (lines[0].top, lines[-1].bottom))  # fmt: skip
    return Lattice(edges, found.ys, found.spans) if found else None


def _over(
    edges: tuple[float, ...], head: Sequence[TextLine], body: Sequence[TextLine],
    level: Sequence[Ruling], evidence: TableEvidence,
) -> tuple[float, Lattice] | None:  # fmt: skip
    """The table over columns, and how far its headings are off their places."""
    head = [text_line(line.line, _HEADING, heading=True) for line in head]
    body = [text_line(line.line, _WORD, edges) for line in body]
    while head and begins_row(head, body, edges):
        body.insert(0, text_line(head.pop().line, _WORD, edges))
    if not fits(body, edges, evidence, bool(head)):
        return None
    width = edges[-1] - edges[0]
    through = sorted({
        rule.at for rule in level
        if min(rule.end, edges[-1]) - max(rule.start, edges[0]) >= _THROUGH * width
    })  # fmt: skip
    rows, ruled = _rows(body, edges, through)
    if has_broken_numbers(rows) or (not ruled and has_groups(body, edges)):
        return None
    return _lattice(head, rows, edges, level, through, ruled)


def _first_row(lines: Sequence[TextLine], level: Sequence[Ruling]) -> int | None:
    """Index of the first line below the head: the first with a number, or entries before it."""
    first = next((i for i, line in enumerate(lines) if line.is_data), None)
    if first is None:
        return None
    while first > 0 and OWN_START.match(lines[first - 1].words[0].text):
        first -= 1
    # Labels alone below a line drawn through are rows without numbers, no part of the head.
    left, right = min((r.start for r in level), default=0), max((r.end for r in level), default=0)
    through = [r.at for r in level if r.start < left + 3 and r.end > right - 3]
    for index in range(1, first):
        above, below = lines[index - 1].y, lines[index].y
        drawn = [at for at in through if at < below]
        alone = all(len(line.words) == 1 for line in lines[index:first])
        if len(drawn) > 1 and drawn[-1] > above and alone:
            return index
    return first


def _edges(
    head: Sequence[TextLine], body: Sequence[TextLine], rulings: Sequence[Ruling],
    evidence: TableEvidence, size: float,
) -> Iterator[tuple[float, ...]]:  # fmt: skip
    """The ways to see the edges of columns."""
    if evidence.edges is not None:
        yield nudged(evidence.edges, body, size)
        if not head:
            return
    counted = [line for line in body if line.counts_columns]
    head = [text_line(line.line, _HEADING, heading=True) for line in (*head, *counted)]
    body = [line for line in body if line not in counted]
    if not body:
        return
    count = sum(line.is_data for line in body)
    gap = next((gap for least, gap in _GAPS if count >= least), _GAPS[-1][1])
    cuts = close_cuts(body)
    rows = [text_line(line.line, gap, cuts) for line in body
            if len(line.words) > 1 or line.words[0].is_number]  # fmt: skip
    top, bottom = (head or body)[0].top, body[-1].bottom
    near = [
        rule for rule in rulings if rule.horizontal and top - 2 * size < rule.at < bottom + size
    ]
    upright = sorted(
        rule.at for rule in rulings
        if not rule.horizontal and not rule.shade and rule.start < bottom and rule.end > top
    )  # fmt: skip
    words = [word for line in (*head, *body) for word in line.words]
    left = min(word.x0 for word in words) - size / 2
    right = max(word.x1 for word in words) + size / 2
    wide = [rule for rule in near if rule.end - rule.start >= _THROUGH * (right - left)]
    ends = min([left, *(r.start for r in wide)]), max([right, *(r.end for r in wide)])
    alone = [line.words[0] for line in body if len(line.words) == 1]
    for columns in columns_of(rows, head, gap * size, cuts):
        widen(columns, [word for word in alone if not word.is_number])
        heads = [word for line in head for word in line.words]
        yield edges_between(_with_numbering(columns, rows), heads, upright, ends, size)


def _with_numbering(columns: list[Column], lines: Sequence[TextLine]) -> list[Column]:
    """Columns where the number of a list is none of its own."""
    for index, (one, other) in enumerate(pairwise(columns)):
        texts = [word.text for line in lines for word in line.words if one.x0 <= word.x <= one.x1]
        if texts and all(_NUMBERING.fullmatch(text) for text in texts):
            joined = replace(other, x0=one.x0, headings=[*one.headings, *other.headings])
            return _with_numbering([*columns[:index], joined, *columns[index + 2 :]], lines)
    return columns


def _rows(
    body: Sequence[TextLine], edges: tuple[float, ...], through: Sequence[float]
) -> tuple[list[Row], bool]:
    """The rows, and whether drawn lines alone part them."""
    bands: list[list[TextLine]] = []
    for line in body:
        if bands and not any(bands[-1][-1].y < at < line.y for at in through):
            bands[-1].append(line)
        else:
            bands.append([line])
    rows: list[Row] = []
    ruled = True
    for lines in bands:
        if len(bands) > 1 and _is_one_row(lines, edges):
            rows.append(list(lines))
        else:
            rows += rows_of(lines, edges)
            ruled = False
    return rows, ruled and len(bands) > 1


def _is_one_row(lines: Sequence[TextLine], edges: tuple[float, ...]) -> bool:
    """Whether lines between two drawn lines are one row: no column has two numbers."""
    seen: set[int] = set()
    for line in lines:
        columns = {crossed(edges, word)[0] for word in line.words if word.is_number}
        if columns & seen:
            return False
        seen |= columns
    return len(lines) < _MANY or len(seen) > 0


def _lattice(
    head: Sequence[TextLine], rows: list[Row], edges: tuple[float, ...],
    level: Sequence[Ruling], through: Sequence[float], ruled: bool,
) -> tuple[float, Lattice] | None:  # fmt: skip
    size = max(line.size for row in rows for line in row)
    first, last = rows[0], rows[-1]
    bottom = max(line.bottom for line in last)
    ys = [_drawn(through, y, size) for y in edges_of_rows(rows)]
    end = next((at for at in through if bottom - 2 < at < bottom + size), bottom)
    top = min(line.top for line in first)
    spans: list[Span] = []
    above: tuple[float, ...] = ()
    found: Head | None = None
    if head:
        upper = min(line.top for line in head)
        start = max((at for at in through if upper - size < at < upper + 2), default=upper)
        low, high = max(line.y for line in head), min(line.y for line in first)
        between = [at for at in through if low < at < high]
        found = heading_spans(
            head, edges, level, (start, between[0] if between else (low + high) / 2)
        )
        if found is None:
            return None
        above, spans = found.ys[:-1], list(found.spans)
        ys.insert(0, found.ys[-1])
    else:
        ys.insert(0, max((at for at in through if top - size < at < top + 2), default=top))
    heights = (*ys, end)
    cells = _body_cells(rows, edges, heights, level if ruled else None)
    if cells is None:
        return None
    down = len(above)
    spans += [Span(c.row + down, c.column, c.row_end + down, c.column_end) for c in cells]
    ascending = all(a < b for a, b in pairwise((*above, *heights)))
    if not ascending:
        return None
    return found.cost if found else 0.0, Lattice(edges, (*above, *heights), tuple(spans))


def _drawn(through: Sequence[float], y: float, size: float) -> float:
    return min((at for at in through if abs(at - y) < size), key=lambda at: abs(at - y), default=y)


def _body_cells(
    rows: list[Row], edges: tuple[float, ...], ys: tuple[float, ...], level: Sequence[Ruling] | None
) -> list[Span] | None:
    """Cells of the rows; a text over several columns has one cell if nothing else is there.

    With ``level`` lines, rows without a line between them are one cell.
    """
    width, height = len(edges) - 1, len(rows)
    upright: Walls = {(edge, row) for edge in range(width + 1) for row in range(height)}
    for index, row in enumerate(rows):
        taken = [crossed(edges, word) for line in row for word in line.words]
        for first, last in set(taken):
            if first == last:
                continue
            if sum(a <= last and b >= first for a, b in taken) > 1:
                return None
            upright -= {(edge, index) for edge in range(first + 1, last + 1)}
    if level is None:
        flat: Walls = {(edge, column) for edge in range(height + 1) for column in range(width)}
    else:
        flat = walls_of(list(level), ys, edges)
    return cells_between(height, width, upright, flat)
