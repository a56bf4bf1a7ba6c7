"""Columns of a table without upright lines: the gaps that all its rows have in common."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from yusuan.sources.pdf_words import TextLine, Word

__all__ = ["Extent", "columns_of", "crossed", "edges_between"]

Extent = tuple[float, float]
"""Left and right end of what is printed in a column."""


def columns_of(
    body: Sequence[TextLine], heading: Sequence[TextLine], gap: float
) -> list[Extent] | None:
    """The columns of a table, from its rows and from the headings of columns left blank.

    Gaps narrower than ``gap`` points part nothing. None if headings and rows do not fit.
    """
    extents = _united(((word.x0, word.x1) for line in body for word in line.words), gap)
    headings: list[list[Word]] = [[] for _ in extents]
    lone: list[Word] = []
    for word in sorted((w for line in heading for w in line.words), key=lambda word: -word.y):
        over = [i for i, extent in enumerate(extents) if _overlap(extent, word) > 0]
        for index in over:
            headings[index].append(word)
        if not over and not _between(extents, headings, word):
            lone.append(word)
    columns = _with_headings(
        extents, [bool(words) for words in headings],
        _united(((word.x0, word.x1) for word in lone), gap),
    )  # fmt: skip
    return _widened(columns, heading) if columns else None


def _between(extents: list[Extent], headings: list[list[Word]], word: Word) -> bool:
    """Whether a word stands over the gap between two columns that have headings below it."""
    right = next((i for i, extent in enumerate(extents) if extent[0] > word.x), 0)
    if right == 0:
        return False
    below = [next((w for w in headings[i] if w.y > word.y), None) for i in (right - 1, right)]
    if below[0] is None or below[1] is None:
        return False
    middle = (below[0].x + below[1].x) / 2
    return abs(word.x - middle) < 0.3 * (below[1].x - below[0].x)


def _widened(columns: list[Extent], heading: Sequence[TextLine]) -> list[Extent]:
    """Columns that reach as far as headings over one of them alone."""
    wide = list(columns)
    for word in (word for line in heading for word in line.words):
        over = [i for i, extent in enumerate(columns) if _overlap(extent, word) > 0]
        if len(over) == 1:
            index = over[0]
            start, end = min(wide[index][0], word.x0), max(wide[index][1], word.x1)
            left = wide[index - 1][1] if index else start
            right = wide[index + 1][0] if index + 1 < len(wide) else end
            if left <= start and end <= right:
                wide[index] = (start, end)
    return wide


def _united(extents: Iterable[Extent], gap: float) -> list[Extent]:
    """Overlapping extents, and those less than a gap apart, as one."""
    united: list[Extent] = []
    for start, end in sorted(extents):
        if united and start - united[-1][1] < gap:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return united


def _overlap(extent: Extent, word: Word) -> float:
    return min(extent[1], word.x1) - max(extent[0], word.x0)


def _with_headings(
    extents: list[Extent], headed: list[bool], lone: list[Extent]
) -> list[Extent] | None:
    """Columns with those that only a heading tells of.

    A heading may stand beside what its column holds (centred over numbers set right). So
    headings over nothing and columns under nothing that follow each other are paired.
    """
    everything = sorted(
        [(extent, headed[index], False) for index, extent in enumerate(extents)]
        + [(extent, False, True) for extent in lone]
    )
    columns: list[Extent] = []
    run: list[tuple[Extent, bool]] = []

    def close() -> bool:
        headings = [extent for extent, is_heading in run if is_heading]
        bare = [extent for extent, is_heading in run if not is_heading]
        run.clear()
        if not headings or not bare:
            columns.extend(headings or bare)
            return True
        if len(headings) != len(bare):
            return False
        columns.extend(
            (min(a[0], b[0]), max(a[1], b[1])) for a, b in zip(headings, bare, strict=True)
        )
        return True

    for extent, has_heading, is_heading in everything:
        if has_heading:
            if not close():
                return None
            columns.append(extent)
        else:
            run.append((extent, is_heading))
    if not close():
        return None
    return columns if all(a[1] <= b[0] for a, b in pairwise(columns)) else None


def edges_between(
    columns: Sequence[Extent], drawn: Sequence[float], ends: Extent
) -> tuple[float, ...]:
    """Edges of columns: upright lines drawn in the gaps, else the middle of each gap."""
    edges = [ends[0]]
    for (_, left), (right, _) in pairwise(columns):
        inside = [x for x in drawn if left <= x <= right]
        edges.append(inside[0] if inside else (left + right) / 2)
    return (*edges, ends[1])


def crossed(edges: Sequence[float], word: Word) -> tuple[int, int]:
    """First and last column that a word stands in; both the same if it crosses no edge."""
    first = bisect_right(edges, word.x0 + 0.5) - 1
    last = bisect_right(edges, word.x1 - 0.5) - 1
    most = len(edges) - 2
    return min(max(first, 0), most), min(max(last, 0), most)
