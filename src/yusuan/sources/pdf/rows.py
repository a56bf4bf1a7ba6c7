"""Rows of a table without lines: which printed lines are one row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yusuan.sources.pdf.edges import crossed
from yusuan.sources.pdf.words import OWN_START, TextLine

__all__ = ["begins_row", "edges_of_rows", "rows_of"]

_BESIDE = 0.85
"""Lines nearer than this many font sizes stand beside each other: parts of one row."""
_HALF, _MOST_BESIDE = 0.6, 1.1
"""So do lines nearer than this share of the distance between rows, and these font sizes."""
_REGULAR = 0.95
_SAME, _FEW = 1.15, 1
_NEARER = 0.8
"""A wrapped line stands nearer to its row than this share of the distance between rows."""
_MOSTLY = 0.7
_LONGEST_REST = 4
"""Where rows and lines are equally far apart, a rest of so many characters is no entry."""

Row = list[TextLine]


def rows_of(lines: Sequence[TextLine], edges: Sequence[float]) -> list[Row]:
    """Lines, from top to bottom, grouped into rows.

    A label may run over several lines, with the numbers beside the first, the last or the
    middle. Its lines stand nearer to each other than rows do; where they do not, only a short
    rest of a label that filled its column is taken for one.
    """
    pitch, certain = _pitch(lines, edges)
    chains: list[Row] = []
    for line in lines:
        if chains and line.y - chains[-1][-1].y < _near(line, pitch, certain):
            chains[-1].append(line)
        else:
            chains.append([line])
    centred = any(not _counts([chain[0]]) and _counts(chain) for chain in chains)
    rows = [row for chain in chains for row in _split(chain, edges, centred)]
    return _wrapped(_nearest(rows, pitch), edges, pitch)


def begins_row(head: Sequence[TextLine], body: Sequence[TextLine], edges: Sequence[float]) -> bool:
    """Whether the last line above the first row with a number is of that row, or one itself.

    A label without numbers stands as far from the lines above and below it as rows do.
    """
    line = head[-1]
    gap = body[0].y - line.y
    pitch, certain = _pitch(body, edges)
    if gap < _near(line, pitch, certain):
        return True
    return (
        len(head) > 1
        and len(line.words) == 1
        and gap < _SAME * pitch
        and line.y - head[-2].y > _REGULAR * pitch
    )


def _near(line: TextLine, pitch: float, certain: bool) -> float:
    """Lines nearer than this, in points, stand beside each other."""
    half = _HALF * pitch if certain else min(_HALF * pitch, _MOST_BESIDE * line.size)
    return max(_BESIDE * line.size, half)


def _split(chain: Row, edges: Sequence[float], centred: bool) -> list[Row]:
    """Lines that stand near each other, cut where a column gets its second number.

    Numbers stand at the first line of their row, or (``centred``) in the middle of it.
    """
    start = anchor = 0
    for index, line in enumerate(chain):
        if not _collide(chain[start:index], line, edges):
            if _counts([line]):
                anchor = index
            continue
        cut = index
        if centred:
            above = chain[anchor].y - chain[start].y
            cut = min(
                range(anchor + 1, index + 1),
                key=lambda i: (
                    abs(chain[i - 1].y - chain[anchor].y - above) - (chain[i].y - chain[i - 1].y)
                ),
            )
        return [chain[start:cut], *_split(chain[cut:], edges, centred)]
    return [chain]


def _collide(row: Row, line: TextLine, edges: Sequence[float]) -> bool:
    """Whether both have a number in one column."""
    columns = {crossed(edges, word)[0] for word in line.words if word.is_number}
    return any(
        word.is_number and crossed(edges, word)[0] in columns
        for other in row
        for word in other.words
    )


def _pitch(lines: Sequence[TextLine], edges: Sequence[float]) -> tuple[float, bool]:
    """The distance between rows, and whether it is seen more than once or twice.

    It is the least distance between numbers, or starts of entries, of one column.
    """
    last: dict[int, float] = {}
    steps: list[float] = []
    for line in lines:
        for word in line.words:
            if word.is_number or OWN_START.match(word.text):
                column, _ = crossed(edges, word)
                if column in last:
                    steps.append(line.y - last[column])
                last[column] = line.y
    least = min(steps, default=float("inf"))
    return least, sum(step < _SAME * least for step in steps) > _FEW


def _counts(row: Row) -> bool:
    return any(word.is_number for line in row for word in line.words)


def _is_rest(row: Row) -> bool:
    """Whether a row could be a piece of another: one text, no entry of its own."""
    line = row[0]
    single = len(row) == len(line.words) == 1
    return single and not (_counts(row) or line.starts_entry or line.is_total)


def _nearest(rows: list[Row], pitch: float) -> list[Row]:
    """Lines of labels joined with the row that they stand clearly nearest to."""
    joined: list[Row] = []
    pending: Row = []
    for index, row in enumerate(rows):
        if not _is_rest(row):
            joined.append([*pending, *row])
            pending = []
            continue
        before = row[0].y - rows[index - 1][-1].y if index else float("inf")
        after = rows[index + 1][0].y - row[0].y if index + 1 < len(rows) else float("inf")
        if min(before, after) >= _NEARER * pitch or 0.9 * max(before, after) < min(before, after):
            joined.append([*pending, *row])
            pending = []
        elif after < before:
            pending += row
        else:
            joined[-1].extend([*pending, *row])
            pending = []
    return joined


def _wrapped(rows: list[Row], edges: Sequence[float], pitch: float) -> list[Row]:
    """Rests of labels that fill their column joined with them, where rows have no other mark.

    Where nearly every row has a number, what has none is a rest; else only a short one is. What
    stands as far below as rows do is a row.
    """
    ends: dict[int, float] = {}
    for word in (word for row in rows for line in row for word in line.words):
        column, last = crossed(edges, word)
        if column == last:
            ends[column] = max(word.x1, ends.get(column, word.x1))
    numbered = sum(_counts(row) for row in rows) >= _MOSTLY * len(rows)
    joined: list[Row] = []
    for row in rows:
        near = bool(joined) and row[0].y - joined[-1][-1].y < _REGULAR * pitch
        if near and _is_rest(row) and _runs_on(joined[-1], row[0], edges, ends, numbered):
            joined[-1].extend(row)
        else:
            joined.append(row)
    return joined


def _runs_on(
    row: Row, rest: TextLine, edges: Sequence[float], ends: dict[int, float], numbered: bool
) -> bool:
    """Whether a line goes on with the label above it, which has no room for more."""
    word = rest.words[0]
    column, last = crossed(edges, word)
    above = [w for line in row for w in line.words if crossed(edges, w) == (column, column)]
    return (
        column == last
        and bool(above)
        and (numbered or len(word.text) <= _LONGEST_REST)
        and len(word.text) <= len(above[-1].text)
        and not above[-1].is_number
        and ends[column] - above[-1].x1 < rest.size
        and abs(above[-1].x0 - word.x0) < 2.5 * rest.size
    )


def edges_of_rows(rows: Sequence[Row]) -> list[float]:
    """The heights that part rows: half way between the middles of their lines."""
    return [
        (max(line.y for line in above) + min(line.y for line in below)) / 2
        for above, below in pairwise(rows)
    ]
