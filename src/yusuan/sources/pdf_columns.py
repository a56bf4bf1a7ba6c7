"""Columns of a table without upright lines: the gaps that all its rows have in common."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from yusuan.sources.pdf_words import TextLine, Word

__all__ = ["Extent", "close_cuts", "columns_of", "crossed", "edges_between"]

_NUMBER_AND_LABEL = re.compile(
    r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d\d)(?=[\u3400-\u9fff（(])"
)
_LOWER, _MIDDLE = 0.4, 0.3
_ALIGNED, _SEVERAL = 2.0, 3
Extent = tuple[float, float]
"""Left and right end of what is printed in a column."""


def columns_of(
    body: Sequence[TextLine], heading: Sequence[TextLine], gap: float, cuts: Sequence[float] = ()
) -> list[Extent] | None:
    """The columns of a table, from its rows and from the headings of columns left blank.

    Gaps narrower than ``gap`` points part nothing, except at ``cuts``. None if headings and
    rows do not fit.
    """
    columns = [
        _Column(start, end)
        for start, end in _united(((w.x0, w.x1) for line in body for w in line.words), gap, cuts)
    ]
    # From the bottom: a heading over what is a column already tells of no other.
    for word in sorted((w for line in heading for w in line.words), key=lambda word: -word.y):
        over = [column for column in columns if column.overlaps(word)]
        if not over and not _between(columns, word):
            columns.append(_Column(word.x0, word.x1, [word], blank=True))
            columns.sort(key=lambda column: column.start)
        if len(over) == 1:
            over[0].headings.append(word)
            _widen(columns, over[0], word)
    extents = _paired(columns)
    return extents if extents and all(a[1] <= b[0] for a, b in pairwise(extents)) else None


@dataclass(slots=True)
class _Column:
    """A column being found; ``blank`` if only a heading tells of it."""

    start: float
    end: float
    headings: list[Word] = field(default_factory=list)
    blank: bool = False

    def overlaps(self, word: Word) -> bool:
        return min(self.end, word.x1) > max(self.start, word.x0)


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


def _between(columns: list[_Column], word: Word) -> bool:
    """Whether a word stands over the gap between two columns that have headings below it."""
    right = next((i for i, column in enumerate(columns) if column.start > word.x), 0)
    if right == 0:
        return False
    low = word.y + _LOWER * word.glyphs[0].size
    beside = columns[right - 1], columns[right]
    below = [next((w.x for w in column.headings if w.y > low), None) for column in beside]
    if below[0] is None or below[1] is None:
        return False
    return abs(word.x - (below[0] + below[1]) / 2) < _MIDDLE * (below[1] - below[0])


def _widen(columns: list[_Column], column: _Column, word: Word) -> None:
    """Let a column reach as far as a heading over it alone, unless that meets another."""
    index = columns.index(column)
    start, end = min(column.start, word.x0), max(column.end, word.x1)
    left = columns[index - 1].end if index else start
    right = columns[index + 1].start if index + 1 < len(columns) else end
    if left <= start and end <= right:
        column.start, column.end = start, end


def _paired(columns: list[_Column]) -> list[Extent] | None:
    """The columns, where a heading beside what it stands for makes one with it.

    A heading may stand beside what its column holds (centred over numbers set right). So
    headings over nothing and columns under nothing that follow each other are paired.
    """
    extents: list[Extent] = []
    for headed, group in groupby(columns, key=lambda c: bool(c.headings) and not c.blank):
        run = list(group)
        blank = [c for c in run if c.blank]
        bare = [c for c in run if not c.blank]
        if headed or not blank or not bare:
            extents += [(c.start, c.end) for c in run]
        elif len(blank) == len(bare):
            extents += [
                (min(a.start, b.start), max(a.end, b.end))
                for a, b in zip(blank, bare, strict=True)
            ]  # fmt: skip
        else:
            return None
    return extents


def edges_between(
    columns: Sequence[Extent], heading: Sequence[TextLine], drawn: Sequence[float], ends: Extent
) -> tuple[float, ...]:
    """Edges of columns: upright lines drawn in the gaps, else the middle of each gap.

    Where headings over several columns reach into a gap, the middle of what they leave.
    """
    words = [word for line in heading for word in line.words]
    edges = [ends[0]]
    for (_, left), (right, _) in pairwise(columns):
        inside = [x for x in drawn if left <= x <= right]
        from_left = max([left, *(w.x1 for w in words if w.x0 < left < w.x1 < right)])
        from_right = min([right, *(w.x0 for w in words if left < w.x0 < right < w.x1)])
        if from_left <= from_right:
            left, right = from_left, from_right
        edges.append(inside[0] if inside else (left + right) / 2)
    return (*edges, ends[1])


def crossed(edges: Sequence[float], word: Word) -> tuple[int, int]:
    """First and last column that a word stands in; both the same if it crosses no edge."""
    first = bisect_right(edges, word.x0 + 0.5) - 1
    last = bisect_right(edges, word.x1 - 0.5) - 1
    most = len(edges) - 2
    return min(max(first, 0), most), min(max(last, 0), most)


def close_cuts(lines: Sequence[TextLine]) -> list[float]:
    """Where numbers end and labels begin with no gap between, in several lines at one place."""
    starts = [word.x0 for line in lines for word in line.words]
    found: list[Extent] = []
    for word in (word for line in lines for word in line.words):
        match = _NUMBER_AND_LABEL.match(word.text)
        if match is None or len(word.text) != len(word.glyphs):
            continue
        before, after = word.glyphs[match.end() - 1], word.glyphs[match.end()]
        found.append(((before.x1 + after.x0) / 2, after.x0))
        starts.append(after.x0)
    return [
        cut for cut, place in found
        if sum(abs(start - place) < _ALIGNED for start in starts) >= _SEVERAL
    ]  # fmt: skip
