"""Columns of a table without upright lines: the gaps that its rows have in common, and headings.

A heading may stand beside what its column holds: in the middle, over numbers set right. So
headings over nothing and columns under nothing are matched by their order and their places.
The edges of a column are then placed by drawn lines, else by how its texts are set.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from math import inf

from yusuan.sources.pdf.lines import TextLine, Word

__all__ = [
    "TextColumn",
    "adjusted_edges",
    "close_cuts",
    "columns_crossed",
    "columns_of",
    "edges_between",
    "number_cuts",
    "widen_columns",
]

_NUMBER_AND_LABEL = re.compile(
    r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{3,}\.\d|\d+\.\d{2,6})(?=[\u3400-\u9fff（(])"
)
"""A number with a label right behind it; 1.2 may be the number of the label itself."""
_DASH = re.compile("[-\u2212\u2013\u2014\u2500\uff0d/\uff0f]{1,4}")
"""Printed for nothing: behind a number it is that of the next column."""
_LOWER, _MIDDLE = 0.4, 0.3
_ALIGNED, _SEVERAL = 2.0, 3
_LEADING = 1.9
_TOUCHING = 0.5
"""A label less than so many font sizes behind a number may be in another column."""
_APART = 1.0
"""So many points are room between a column and the amounts behind it."""
_DECIMALS = re.compile(r"\d\.\d")
_CODE = re.compile(r"\d{1,12}")
_ALONE = 4.0
"""What it costs to leave a column without heading."""
_ASTRAY = 0.3
"""What it costs that numbers stand on the other side of the middle of their heading."""
_DOUBTS = 4
"""Headings that may be over several columns or over one of their own, at most."""
_Extent = tuple[float, float]
"""Left and right end of what is printed in a column."""

_PAD = 0.5
"""Room, in font sizes, between a text and the edge of its column."""
_FLUSH, _FLUSH_COLUMNS = 1.0, 2
"""Texts that begin within so many points begin at one place; so many columns show how they do."""


_WORD = re.compile(r"[^\W\d_]")


@dataclass(slots=True)
class TextColumn:
    """What is printed in a column: its rows from ``x0`` to ``x1``, its lowest headings.

    ``blank`` if only a heading tells of it; ``numbers`` if most of its rows are numbers;
    ``right`` whether these are set right or left, None if that cannot be seen, ``taken`` if it is taken to be so
    since numbers mostly are; ``shared`` if its lowest heading is over other columns too.
    """

    x0: float
    x1: float
    headings: list[Word] = field(default_factory=list)
    blank: bool = False
    numbers: bool = False
    right: bool | None = None
    taken: bool = False
    shared: bool = False

    def overlaps(self, word: Word) -> bool:
        return min(self.x1, word.x1) > max(self.x0, word.x0)

    @property
    def ends(self) -> _Extent:
        """Left and right end of rows and headings."""
        return (
            min([self.x0, *(word.x0 for word in self.headings)]),
            max([self.x1, *(word.x1 for word in self.headings)]),
        )


def columns_of(
    body: Sequence[TextLine], heading: Sequence[TextLine], gap: float, cuts: Sequence[float] = ()
) -> list[list[TextColumn]]:
    """The ways to see the columns of a table, from its rows and from headings.

    Gaps narrower than ``gap`` points part nothing, except at ``cuts``. There are several ways
    where a heading may stand over the gap between columns or over a blank column of its own;
    none if headings and rows do not fit.
    """
    words = [word for line in body for word in line.words if not word.is_total]
    rows: list[TextColumn] = []
    codes: list[list[Word]] = []
    for start, end in _united(((w.x0, w.x1) for w in words), gap, cuts):
        own = [word for word in words if start <= word.x <= end]
        if rows and _is_indented(codes[-1], own):
            own = codes.pop() + own
            start = rows.pop().x0
        rows.append(_column(own, start, end))
        codes.append(own)
    heads = [word for line in heading for word in line.words]
    lowest = _lowest(heads)
    rows = _with_dashes(rows, codes, lowest)
    loose = [w for w in lowest if not any(column.overlaps(w) for column in rows)]
    doubtful = [word for word in lowest if _is_between(word, heads)]
    doubtful = doubtful[:_DOUBTS]
    ways = []
    for alone in product((False, True), repeat=len(doubtful)):
        over = [w for w, own in zip(doubtful, alone, strict=True) if not own]
        columns = [replace(column, headings=[]) for column in rows]
        columns = _with_blank(columns, [w for w in loose if w not in over])
        _head(columns, [w for w in lowest if w not in over], heads)
        if all(a.x1 <= b.x0 for a, b in pairwise(columns)):
            ways.append(columns)
    return ways


def _column(words: Sequence[Word], start: float, end: float) -> TextColumn:
    numbers = [word for word in words if word.is_number]
    lefts = max(w.x0 for w in words) - min(w.x0 for w in words)
    rights = max(w.x1 for w in words) - min(w.x1 for w in words)
    numeric = 2 * len(numbers) > len(words)
    right: bool | None = None
    taken = False
    if abs(lefts - rights) > 1:
        right = rights < lefts
    elif not numeric:
        right = False
    elif not any(_CODE.fullmatch(word.text) for word in numbers):
        right = taken = True
    return TextColumn(start, end, numbers=numeric, right=right, taken=taken)


def _with_dashes(
    rows: Sequence[TextColumn], words: Sequence[Sequence[Word]], lowest: Sequence[Word]
) -> list[TextColumn]:
    """The columns, with dashes for nothing in the column whose numbers stand right of them.

    A spreadsheet sets texts left and numbers right. Of one column are dashes and numbers of which
    no line has both, unless more than one heading stands over them.
    """
    joined: list[TextColumn] = []
    before: Sequence[Word] = ()
    for column, own in zip(rows, words, strict=True):
        if joined and before and _is_dashed(before, own, joined[-1], column, lowest):
            joined[-1] = _column([*before, *own], joined[-1].x0, column.x1)
            before = ()
        else:
            joined.append(column)
            before = own
    return joined


def _is_dashed(
    dashes: Sequence[Word], numbers: Sequence[Word], one: TextColumn, other: TextColumn,
    lowest: Sequence[Word],
) -> bool:  # fmt: skip
    """Whether dashes set left and numbers set right share a column."""
    if not all(_DASH.fullmatch(word.text) for word in dashes) or not other.numbers:
        return False
    if any(abs(word.y - dash.y) < _ALIGNED for dash in dashes for word in numbers):
        return False
    return sum(TextColumn(one.x0, other.x1).overlaps(word) for word in lowest) < 2


def _is_indented(above: Sequence[Word], below: Sequence[Word]) -> bool:
    """Whether codes are of the same column as those left of them, set further in."""
    outer = {word.text for word in above}
    return all(
        len(word.text) > 2 and _CODE.fullmatch(word.text) for word in (*above, *below)
    ) and all(
        any(word.text.startswith(text) for text in outer)
        and not any(abs(word.y - other.y) < _ALIGNED for other in above)
        for word in below
    )


def _united(extents: Iterable[_Extent], gap: float, cuts: Sequence[float]) -> list[_Extent]:
    """Overlapping extents, and those less than a gap apart, as one."""
    united: list[_Extent] = []
    for start, end in sorted(extents):
        if (
            united
            and start - united[-1][1] < gap
            and not any(united[-1][1] - 0.5 <= cut <= start + 0.5 for cut in cuts)
        ):
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _lowest(words: Sequence[Word]) -> list[Word]:
    """The headings that none stands under, from the left."""
    return sorted(
        (
            word for word in words
            if not any(
                other.y > word.y + _LOWER * word.glyphs[0].size
                and min(other.x1, word.x1) > max(other.x0, word.x0)
                for other in words
            )
        ),
        key=lambda word: word.x,
    )  # fmt: skip


def _is_between(word: Word, words: Sequence[Word]) -> bool:
    """Whether a word may stand over the gap between two columns with headings below it."""
    low = word.y + _LOWER * word.glyphs[0].size
    left = max((w.x for w in words if w.y > low and w.x < word.x), default=None)
    right = min((w.x for w in words if w.y > low and w.x > word.x), default=None)
    if left is None or right is None:
        return False
    wrapped = any(
        0 < word.y - w.y < _LEADING * word.glyphs[0].size and abs(w.x - word.x) < _ALIGNED
        for w in words
    )
    return not wrapped and abs(word.x - (left + right) / 2) < _MIDDLE * (right - left)


def _with_blank(columns: Sequence[TextColumn], loose: Sequence[Word]) -> list[TextColumn]:
    """The columns with those that only headings tell of."""
    blank = [TextColumn(word.x0, word.x1, [word], blank=True) for word in loose]
    return sorted([*columns, *blank], key=lambda column: column.x0)


def _head(columns: list[TextColumn], lowest: Sequence[Word], heads: Sequence[Word]) -> None:
    """Give each column its lowest heading; pair blank columns with bare ones beside them."""
    for word in lowest:
        over = [column for column in columns if not column.blank and column.overlaps(word)]
        for column in over:
            column.shared = len(over) > 1
            column.headings += [word] if len(over) == 1 else []
    _pair(columns)
    for column in columns:
        if column.headings:
            _add_lines(column, columns, heads)


def _pair(columns: list[TextColumn]) -> None:
    """Make one of a heading over nothing and the column under nothing beside it, where it fits.

    Numbers all of one width, which may be set right or left, are set as the headings fit better.
    """
    left = [replace(c, right=False) if c.taken else c for c in columns]
    steps, left_steps = _steps(columns), _steps(left)
    sides = [column.x0 + column.x1 - 2 * column.headings[-1].x for column in columns
             if column.taken and column.headings and not column.blank]  # fmt: skip
    astray = sum(side > _ALIGNED for side in sides) - sum(side < -_ALIGNED for side in sides)
    if left_steps[-1][0] + _ASTRAY * astray < steps[-1][0]:
        columns[:], steps = left, left_steps
    _join(columns, steps)


def _steps(columns: Sequence[TextColumn]) -> list[tuple[float, int]]:
    """The least cost down to each column, and whether it is one with that before it (2) or not (1)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for index, column in enumerate(columns):
        alone = 0.0 if (column.headings and not column.blank) or column.shared else _ALONE
        best.append((best[-1][0] + (alone if not column.blank else _ALONE / 4), 1))
        if index:
            cost = best[index - 1][0] + _beside(columns[index - 1], column)
            if cost < best[-1][0]:
                best[-1] = (cost, 2)
    return best


def _join(columns: list[TextColumn], steps: Sequence[tuple[float, int]]) -> None:
    """Join columns as the steps say, from the last."""
    index = len(columns)
    while index:
        step = steps[index][1]
        index -= step
        if step == 2:
            one, other = columns[index : index + 2]
            rows, heading = (other, one) if one.blank else (one, other)
            rows.headings = heading.headings
            columns[index : index + 2] = [rows]


def _beside(one: TextColumn, other: TextColumn) -> float:
    """How unlike it is that two columns are a heading and what it is over, side by side.

    What is set right stands right of the middle of its column, where the heading is; what is
    set left, left of it.
    """
    if one.blank == other.blank:
        return inf
    rows = other if one.blank else one
    if rows.headings or rows.shared:
        return inf
    right = one.blank
    return 0.0 if rows.right == right else 1.0 if rows.right is None else 2.0


def _add_lines(column: TextColumn, columns: Sequence[TextColumn], heads: Sequence[Word]) -> None:
    """The lines of a wrapped heading above its last."""
    for word in reversed(heads):
        last = column.headings[0]
        size = last.glyphs[0].size
        if (
            0 < last.y - word.y < _LEADING * size
            and abs(word.x - last.x) < size
            and not any(other.overlaps(word) for other in columns if other is not column)
        ):
            column.headings.insert(0, word)


def close_cuts(lines: Sequence[TextLine]) -> list[float]:
    """Where numbers end and labels begin with no gap between, in several lines at one place, and
    where numbers end and a dash for nothing follows; never within a number of another line."""
    starts = [word.x0 for line in lines for word in line.words]
    found: list[_Extent] = []
    for word in (word for line in lines for word in line.words):
        match = _NUMBER_AND_LABEL.match(word.text)
        if match is None or len(word.text) != len(word.glyphs):
            continue
        before, after = word.glyphs[match.end() - 1], word.glyphs[match.end()]
        found.append(((before.x1 + after.x0) / 2, after.x0))
        starts.append(after.x0)
    found += [
        ((number.x1 + label.x0) / 2, label.x0)
        for line in lines for number, label in pairwise(line.words)
        if label.x0 - number.x1 < _TOUCHING * line.size
        and _NUMBER_AND_LABEL.match(number.text + label.text)
    ]  # fmt: skip
    cuts = [
        cut for cut, place in found
        if sum(abs(start - place) < _ALIGNED for start in starts) >= _SEVERAL
    ]  # fmt: skip
    gaps = {
        (number.x1, dash.x0)
        for line in lines for number, dash in pairwise(line.words)
        if number.is_number and _DASH.fullmatch(dash.text)
    }  # fmt: skip
    # A cut part way through its first or last character tears nothing.
    within = {
        (word.glyphs[0].x, word.glyphs[-1].x, word.is_number)
        for line in lines for word in line.words
    }  # fmt: skip
    whole = [cut for cut in cuts if not any(a < cut < b for a, b, number in within if number)]
    return whole + [
        sum(gap) / 2
        for gap in sorted(gaps)
        if not any(
            a < sum(gap) / 2 < b and (number or a > gap[0] or b < gap[1]) for a, b, number in within
        )
    ]


def number_cuts(lines: Sequence[TextLine]) -> list[float]:
    """Where columns of amounts begin right behind what stands left of them in all lines, however
    near: between a long label and an amount there may be less room than between words."""
    words = [word for line in lines for word in line.words]
    amounts = [word for word in words if word.is_number and _DECIMALS.search(word.text)]
    cuts: list[float] = []
    for start, end in _united(((word.x0, word.x1) for word in amounts), 0.0, ()):
        left = max((word.x1 for word in words if word.x0 < start and word.x < start), default=start)
        several = sum(start <= word.x <= end for word in amounts) >= _SEVERAL
        if several and start - left > _APART:
            cuts.append((start + left) / 2)
    return cuts


def edges_between(
    columns: Sequence[TextColumn], heads: Sequence[Word], drawn: Sequence[float], ends: _Extent,
    size: float,
) -> tuple[float, ...]:  # fmt: skip
    """Edges of columns: upright lines drawn in the gaps, else where the texts suggest them.

    Numbers stand at the right of their column and labels at the left, headings in the middle:
    so where one edge of a column is known, its heading tells the other. Where headings are set
    left as well, as in a spreadsheet, a column begins where its heading does.
    """
    edges = [ends[0]]
    begins = _headings_left(columns)
    heads = [word for word in heads if _WORD.search(word.text)]  # 1, 2 stand in the middle
    for column, following in pairwise(columns):
        left, right = column.ends[1], following.ends[0]
        if left > right:
            left, right = column.x1, following.x0
        inside = [x for x in drawn if left - 1 <= x <= right + 1]
        pad = min(_PAD * size, (right - left) / 2)
        wished = []
        over = [w.x0 for w in heads if column.x1 - 1 <= w.x0 <= following.x1]
        if column.numbers and column.right:
            wished.append(column.x1 + pad)
        elif begins and over:
            wished.append(min(following.ends[0], *over) - pad)
        elif column.headings:
            wished.append(2 * column.headings[-1].x - edges[-1])
        if following.right is False:
            wished.append(following.x0 - pad)
        elif following.headings and following.right:
            wished.append(2 * following.headings[-1].x - following.x1 - _PAD * size)
        wish = sum(wished) / len(wished) if wished else (left + right) / 2
        edges.append(inside[0] if inside else min(max(wish, left + pad), right - pad))
    return (*edges, ends[1])


def _headings_left(columns: Sequence[TextColumn]) -> bool:
    """Whether headings begin where the texts below them do, in several columns and in none not."""
    places = [
        abs(min(word.x0 for word in column.headings) - column.x0)
        for column in columns
        if column.headings and column.right is False
    ]
    return len(places) >= _FLUSH_COLUMNS and max(places) < _FLUSH


def columns_crossed(edges: Sequence[float], word: Word) -> tuple[int, int]:
    """First and last column that a word stands in; both the same if it crosses no edge."""
    first = bisect_right(edges, word.x0 + 0.5) - 1
    last = bisect_right(edges, word.x1 - 0.5) - 1
    most = len(edges) - 2
    return min(max(first, 0), most), min(max(last, 0), most)


def widen_columns(columns: Sequence[TextColumn], words: Iterable[Word]) -> None:
    """Let columns reach as far as the texts over them that stand alone in their lines."""
    for word in words:
        over = [index for index, column in enumerate(columns) if column.overlaps(word)]
        if len(over) != 1:
            continue
        column, before, after = columns[over[0]], columns[: over[0]], columns[over[0] + 1 :]
        if all(other.ends[1] < word.x0 for other in before) and all(
            word.x1 < other.ends[0] for other in after
        ):
            column.x0, column.x1 = min(column.x0, word.x0), max(column.x1, word.x1)


def adjusted_edges(
    edges: tuple[float, ...], body: Sequence[TextLine], size: float
) -> tuple[float, ...]:
    """The edges of the page before, moved into the gaps near by where words stand over them."""
    taken = sorted(
        (word.x0, word.x1)
        for line in body for word in line.words if word.is_number or len(line.words) > 1
    )  # fmt: skip
    numbers = [word for line in body for word in line.words if word.is_number]
    moved = list(edges)
    for index, edge in enumerate(edges):
        over = [(x0, x1) for x0, x1 in taken if x0 + 0.5 < edge < x1 - 0.5]
        if index in (0, len(edges) - 1) or not over:
            continue
        places = [min(x0 for x0, _ in over) - 1, max(x1 for _, x1 in over) + 1]
        free = [at for at in places if not any(x0 < at < x1 for x0, x1 in taken)
                and edges[index - 1] < at < edges[index + 1]]  # fmt: skip
        moved[index] = min(free, key=lambda at: abs(at - edge), default=edge)
    moved[0] = min([edges[0], *(word.x0 - size / 2 for word in numbers)])
    moved[-1] = max([edges[-1], *(word.x1 + size / 2 for word in numbers)])
    return tuple(moved)
