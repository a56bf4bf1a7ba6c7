"""Columns of a table without upright lines: the gaps that its rows have in common, and headings.

A heading may stand beside what its column holds: in the middle, over numbers set right. So
headings over nothing and columns under nothing are matched by their order and their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from math import inf

from yusuan.sources.pdf.words import TextLine, Word

__all__ = ["Column", "Extent", "close_cuts", "columns_of"]

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
_CODE = re.compile(r"\d{1,12}")
_ALONE = 4.0
"""What it costs to leave a column without heading."""
_DOUBTS = 4
"""Headings that may be over several columns or over one of their own, at most."""
Extent = tuple[float, float]
"""Left and right end of what is printed in a column."""


@dataclass(slots=True)
class Column:
    """What is printed in a column: its rows from ``x0`` to ``x1``, its lowest headings.

    ``blank`` if only a heading tells of it; ``numbers`` if most of its rows are numbers;
    ``right`` whether these are set right or left, None if that cannot be seen; ``shared`` if its lowest heading is over other columns too.
    """

    x0: float
    x1: float
    headings: list[Word] = field(default_factory=list)
    blank: bool = False
    numbers: bool = False
    right: bool | None = None
    shared: bool = False

    def overlaps(self, word: Word) -> bool:
        return min(self.x1, word.x1) > max(self.x0, word.x0)

    @property
    def ends(self) -> Extent:
        """Left and right end of rows and headings."""
        return (
            min([self.x0, *(word.x0 for word in self.headings)]),
            max([self.x1, *(word.x1 for word in self.headings)]),
        )


def columns_of(
    body: Sequence[TextLine], heading: Sequence[TextLine], gap: float, cuts: Sequence[float] = ()
) -> list[list[Column]]:
    """The ways to see the columns of a table, from its rows and from headings.

    Gaps narrower than ``gap`` points part nothing, except at ``cuts``. There are several ways
    where a heading may stand over the gap between columns or over a blank column of its own;
    none if headings and rows do not fit.
    """
    words = [word for line in body for word in line.words if not word.is_total]
    rows: list[Column] = []
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


def _column(words: Sequence[Word], start: float, end: float) -> Column:
    numbers = [word for word in words if word.is_number]
    lefts = max(w.x0 for w in words) - min(w.x0 for w in words)
    rights = max(w.x1 for w in words) - min(w.x1 for w in words)
    numeric = 2 * len(numbers) > len(words)
    right: bool | None = None
    if abs(lefts - rights) > 1:
        right = rights < lefts
    elif not numeric:
        right = False
    elif not any(_CODE.fullmatch(word.text) for word in numbers):
        right = True
    return Column(start, end, numbers=numeric, right=right)


def _with_dashes(
    rows: Sequence[Column], words: Sequence[Sequence[Word]], lowest: Sequence[Word]
) -> list[Column]:
    """The columns, with dashes for nothing in the column whose numbers stand right of them.

    A spreadsheet sets texts left and numbers right. Of one column are dashes and numbers of which
    no line has both, unless more than one heading stands over them.
    """
    joined: list[Column] = []
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
    dashes: Sequence[Word], numbers: Sequence[Word], one: Column, other: Column,
    lowest: Sequence[Word],
) -> bool:  # fmt: skip
    """Whether dashes set left and numbers set right share a column."""
    if not all(_DASH.fullmatch(word.text) for word in dashes) or not other.numbers:
        return False
    if any(abs(word.y - dash.y) < _ALIGNED for dash in dashes for word in numbers):
        return False
    return sum(Column(one.x0, other.x1).overlaps(word) for word in lowest) < 2


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


def _united(extents: Iterable[Extent], gap: float, cuts: Sequence[float]) -> list[Extent]:
    """Overlapping extents, and those less than a gap apart, as one."""
    united: list[Extent] = []
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


def _with_blank(columns: Sequence[Column], loose: Sequence[Word]) -> list[Column]:
    """The columns with those that only headings tell of."""
    blank = [Column(word.x0, word.x1, [word], blank=True) for word in loose]
    return sorted([*columns, *blank], key=lambda column: column.x0)


def _head(columns: list[Column], lowest: Sequence[Word], heads: Sequence[Word]) -> None:
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


def _pair(columns: list[Column]) -> None:
    """Make one of a heading over nothing and the column under nothing beside it, where it fits."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for index, column in enumerate(columns):
        alone = 0.0 if (column.headings and not column.blank) or column.shared else _ALONE
        best.append((best[-1][0] + (alone if not column.blank else _ALONE / 4), 1))
        if index:
            cost = best[index - 1][0] + _beside(columns[index - 1], column)
            if cost < best[-1][0]:
                best[-1] = (cost, 2)
    index = len(columns)
    while index:
        step = best[index][1]
        index -= step
        if step == 2:
            one, other = columns[index : index + 2]
            rows, heading = (other, one) if one.blank else (one, other)
            rows.headings = heading.headings
            columns[index : index + 2] = [rows]


def _beside(one: Column, other: Column) -> float:
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


def _add_lines(column: Column, columns: Sequence[Column], heads: Sequence[Word]) -> None:
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
    where numbers end and a dash for nothing follows."""
    starts = [word.x0 for line in lines for word in line.words]
    found: list[Extent] = []
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
    return cuts + [
        (number.x1 + dash.x0) / 2
        for line in lines for number, dash in pairwise(line.words)
        if number.is_number and _DASH.fullmatch(dash.text)
    ]  # fmt: skip
