"""Edges of the columns of a table without upright lines, and what stands over them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from yusuan.sources.pdf.columns import Column, Extent
from yusuan.sources.pdf.words import TextLine, Word

__all__ = ["crossed", "edges_between", "nudged", "widen"]

_PAD = 0.5
"""Room, in font sizes, between a text and the edge of its column."""
_FLUSH, _SEVERAL = 1.0, 2
"""Texts that begin within so many points begin at one place; so many columns show how they do."""


_WORD = re.compile(r"[^\W\d_]")


def edges_between(
    columns: Sequence[Column], heads: Sequence[Word], drawn: Sequence[float], ends: Extent,
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


def _headings_left(columns: Sequence[Column]) -> bool:
    """Whether headings begin where the texts below them do, in several columns and in none not."""
    places = [
        abs(min(word.x0 for word in column.headings) - column.x0)
        for column in columns
        if column.headings and column.right is False
    ]
    return len(places) >= _SEVERAL and max(places) < _FLUSH


def crossed(edges: Sequence[float], word: Word) -> tuple[int, int]:
    """First and last column that a word stands in; both the same if it crosses no edge."""
    first = bisect_right(edges, word.x0 + 0.5) - 1
    last = bisect_right(edges, word.x1 - 0.5) - 1
    most = len(edges) - 2
    return min(max(first, 0), most), min(max(last, 0), most)


def widen(columns: Sequence[Column], words: Iterable[Word]) -> None:
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


def nudged(edges: tuple[float, ...], body: Sequence[TextLine], size: float) -> tuple[float, ...]:
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
