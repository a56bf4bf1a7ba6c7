"""Headings of a table without lines: which columns each one stands over.

A heading that stands over several columns is centred above the headings of these columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from yusuan.sources.pdf_columns import crossed
from yusuan.sources.pdf_lattice import Span
from yusuan.sources.pdf_rulings import Ruling
from yusuan.sources.pdf_words import TextLine, Word, word_of

__all__ = ["heading_spans"]

_LEVEL = 0.4
"""Headings whose centres differ by less than this share of the font size stand level."""
_MOST_COLUMNS = 40
_MOST_DEPTH = 4
_LEADING = 1.35
"""Lines of one wrapped heading are this many font sizes apart at most."""
_CENTRED = 0.3
"""A heading stands off the middle of its columns by this share of their width at most."""
_Node = tuple[int, int, float, float]
"""First and last column, upper and lower edge."""


class _Unclear(Exception):
    """The headings cannot be told apart."""


def heading_spans(
    lines: Sequence[TextLine], edges: Sequence[float], rules: Sequence[Ruling], ends: tuple[float, float]
) -> tuple[tuple[float, ...], list[Span]] | None:
    """Edges of the rows of a head and its cells; None where that is unclear.

    ``ends`` are the upper and lower edge of the head; ``rules`` are level lines in it.
    """
    width = len(edges) - 1
    if width > _MOST_COLUMNS or not lines:
        return None
    words = [part for line in lines for word in line.words for part in _apart(word, edges)]
    size = max(line.size for line in lines)
    try:
        nodes = list(_Layout(edges, rules, size).nodes(0, width - 1, words, ends, 0))
    except _Unclear:
        return None
    return _as_spans(nodes, size)


def _apart(word: Word, edges: Sequence[float]) -> list[Word]:
    """Single ideographs over columns of their own (类 款 项) were taken for one spaced word."""
    first, last = crossed(edges, word)
    if first == last or len(word.glyphs) != last - first + 1:
        return [word]
    for glyph, column in zip(word.glyphs, range(first, last + 1), strict=True):
        middle = (edges[column] + edges[column + 1]) / 2
        if abs(glyph.x - middle) > glyph.size:
            return [word]
    return [word_of([glyph]) for glyph in word.glyphs]


class _Layout:
    """Divides a head from the top: headings over several columns, then what is below them."""

    def __init__(self, edges: Sequence[float], rules: Sequence[Ruling], size: float) -> None:
        self.edges, self.rules, self.size = edges, rules, size

    def nodes(
        self, first: int, last: int, words: list[Word], ends: tuple[float, float], depth: int
    ) -> Iterator[_Node]:
        """The cells of some columns between two heights."""
        if first == last:
            if any(crossed(self.edges, word)[0] != crossed(self.edges, word)[1] for word in words):
                raise _Unclear
            yield first, last, *ends
            return
        if depth > _MOST_DEPTH:
            raise _Unclear
        stacks = self._stacks(first, last, words)
        column = first
        for start, end, heading in self._spanning(first, last, stacks):
            for single in range(column, start):
                yield single, single, *ends
            below = [
                word for c in range(start, end + 1) for word in stacks[c]
                if word is not heading and word.y > heading.y
            ]  # fmt: skip
            below = list({id(word): word for word in below}.values())
            beside = [w for c in range(start, end + 1) for w in stacks[c]
                      if w is not heading and w.y <= heading.y + _LEVEL * self.size]  # fmt: skip
            if not below or beside:
                raise _Unclear
            edge = self._edge(heading, min(word.y for word in below), start, end)
            yield start, end, ends[0], edge
            yield from self.nodes(start, end, below, (edge, ends[1]), depth + 1)
            column = end + 1
        for single in range(column, last + 1):
            yield single, single, *ends

    def _stacks(self, first: int, last: int, words: list[Word]) -> dict[int, list[Word]]:
        """The words over each column from top to bottom; a word may be over several."""
        stacks: dict[int, list[Word]] = {column: [] for column in range(first, last + 1)}
        for word in sorted(words, key=lambda word: word.y):
            start, end = crossed(self.edges, word)
            for column in range(max(start, first), min(end, last) + 1):
                stacks[column].append(word)
        return stacks

    def _spanning(
        self, first: int, last: int, stacks: dict[int, list[Word]]
    ) -> list[tuple[int, int, Word]]:
        """The topmost headings over several columns, with these columns, from the left."""
        found: dict[int, tuple[set[int], Word]] = {}
        for column in range(first, last + 1):
            stack = stacks[column]
            if not stack:
                continue
            word = stack[0]
            core = [c for c in range(first, last + 1) if word in stacks[c]]
            lower = [
                w.y for c in core for w in stacks[c]
                if w is not word and w.y > word.y + _LEVEL * self.size
            ]  # fmt: skip
            if not lower:
                if len(core) > 1:
                    raise _Unclear
                continue
            reach = self._reach(core, min(lower), first, last, stacks)
            if len(core) == 1 and self._wraps(word, stack, sorted(reach), stacks):
                continue
            if len(core) > 1 or len(reach) > 1:
                found[id(word)] = (set(core) | reach, word)
        return self._shared(list(found.values()))

    def _reach(
        self, core: list[int], level: float, first: int, last: int, stacks: dict[int, list[Word]]
    ) -> set[int]:
        """Columns beside a heading that have nothing but headings level with those below it."""

        def is_orphan(column: int) -> bool:
            stack = stacks[column]
            return bool(stack) and stack[0].y > level - _LEVEL * self.size

        reach = set(core)
        for column in range(core[0] - 1, first - 1, -1):
            if not is_orphan(column):
                break
            reach.add(column)
        for column in range(core[-1] + 1, last + 1):
            if not is_orphan(column):
                break
            reach.add(column)
        return reach

    def _wraps(
        self, word: Word, stack: list[Word], reach: list[int], stacks: dict[int, list[Word]]
    ) -> bool:
        """Whether a heading is the first line of a longer one, rather than over several columns."""
        middle = (stacks[reach[0]][-1].x + stacks[reach[-1]][-1].x) / 2
        if abs(word.x - stack[1].x) < abs(word.x - middle) - 0.5:
            return True
        return len(stack) > 2 and stack[1].y - word.y <= _LEADING * self.size

    def _shared(self, found: list[tuple[set[int], Word]]) -> list[tuple[int, int, Word]]:
        """Headings whose reaches meet share the columns so that each stands in the middle."""
        found.sort(key=lambda item: item[1].x)
        result: list[tuple[int, int, Word]] = []
        run: list[tuple[set[int], Word]] = []
        for item in found:
            if run and not max(run[-1][0]) >= min(item[0]) - 0:
                result += self._cut(run)
                run = []
            run.append(item)
        if run:
            result += self._cut(run)
        return result

    def _cut(self, run: list[tuple[set[int], Word]]) -> list[tuple[int, int, Word]]:
        columns = sorted(set().union(*(reach for reach, _ in run)))
        start, end = columns[0], columns[-1]
        words = [word for _, word in run]
        best: tuple[float, list[tuple[int, int, Word]]] | None = None
        for cuts in combinations(range(start + 1, end + 1), len(words) - 1):
            bounds = [start, *cuts, end + 1]
            parts = [(a, b - 1, word) for (a, b), word in zip(pairwise(bounds), words, strict=True)]
            if all(self._covers(a, b, word) for a, b, word in parts):
                off = sum(self._off(a, b, word) for a, b, word in parts)
                if best is None or off < best[0]:
                    best = off, parts
        if best is None or any(self._off(a, b, word) > _CENTRED for a, b, word in best[1]):
            raise _Unclear
        return best[1]

    def _covers(self, first: int, last: int, word: Word) -> bool:
        start, end = crossed(self.edges, word)
        return first <= start and end <= last

    def _off(self, first: int, last: int, word: Word) -> float:
        """How far a word stands off the middle of columns, as a share of their width.

        A line drawn below the heading tells its columns best.
        """
        left, right = self.edges[first], self.edges[last + 1]
        return abs(word.x - (left + right) / 2) / (right - left)

    def _edge(self, heading: Word, below: float, first: int, last: int) -> float:
        """Where a heading ends and what it stands over begins."""
        drawn = [
            rule.at for rule in self.rules
            if heading.y < rule.at < below
            and min(rule.end, self.edges[last + 1]) > max(rule.start, self.edges[first])
        ]  # fmt: skip
        return drawn[0] if drawn else (heading.y + below) / 2


def _as_spans(nodes: list[_Node], size: float) -> tuple[tuple[float, ...], list[Span]]:
    """Cells as spans of rows; edges of different columns at nearly one height are one."""
    heights = sorted({y for _, _, top, bottom in nodes for y in (top, bottom)})
    edges: list[float] = []
    for y in heights:
        if not edges or y - edges[-1] > 0.6 * size:
            edges.append(y)

    def row(y: float) -> int:
        return min(range(len(edges)), key=lambda index: abs(edges[index] - y))

    spans = [Span(row(top), first, row(bottom), last + 1) for first, last, top, bottom in nodes]
    return tuple(edges), spans
