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
_LEADING = 1.8
"""Lines of one wrapped heading are this many font sizes apart at most."""
_CENTRED = 0.3
"""A heading stands off the middle by this share of the width of its outer columns at most."""
_MOSTLY = 0.8
_Node = tuple[int, int, float, float]
"""First and last column, upper and lower edge."""
_Stacks = dict[int, list[Word]]
"""The words over each column from top to bottom; a word may be over several."""
_Over = tuple[int, int, Word]
"""First and last column that a heading stands over."""
_Reach = tuple[set[int], Word]
"""The columns that a heading may stand over."""


class _Unclear(Exception):
    """The headings cannot be told apart."""


def heading_spans(
    lines: Sequence[TextLine],
    edges: Sequence[float],
    rules: Sequence[Ruling],
    ends: tuple[float, float],
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
        spanning = self._spanning(stacks, sum(ends) / 2)
        for start, end, heading in spanning:
            yield from self._singles(range(column, start), stacks, ends)
            heading, below = self._whole(heading, start, end, stacks, sum(ends) / 2)
            level = [
                w.y for a, b, other in spanning if abs(other.y - heading.y) < _LEVEL * self.size
                for c in range(a, b + 1) for w in stacks[c] if w.y > heading.y + _LEVEL * self.size
            ]  # fmt: skip
            edge = self._edge(heading, min(level), start, end)
            yield start, end, ends[0], edge
            yield from self.nodes(start, end, below, (edge, ends[1]), depth + 1)
            column = end + 1
        yield from self._singles(range(column, last + 1), stacks, ends)

    def _singles(
        self, columns: range, stacks: _Stacks, ends: tuple[float, float]
    ) -> Iterator[_Node]:
        """Columns with a heading of their own through the whole height."""
        for column in columns:
            if any(crossed(self.edges, word) != (column, column) for word in stacks[column]):
                raise _Unclear
            yield column, column, *ends

    def _whole(
        self, heading: Word, start: int, end: int, stacks: _Stacks, middle: float
    ) -> tuple[Word, list[Word]]:
        """The last line of a heading over some columns, and the words below it."""
        words = {id(w): w for c in range(start, end + 1) for w in stacks[c] if w is not heading}
        below = [word for word in words.values() if word.y > heading.y + _LEVEL * self.size]
        if not below or len(below) < len(words):
            raise _Unclear
        inner = self._spanning(self._stacks(start, end, below), middle)
        if len(inner) == 1 and inner[0][:2] == (start, end):
            next_line = inner[0][2]
            if next_line.y - heading.y <= _LEADING * self.size:
                stacks = self._stacks(start, end, below)
                return self._whole(next_line, start, end, stacks, middle)
        return heading, below

    def _stacks(self, first: int, last: int, words: list[Word]) -> _Stacks:
        stacks: _Stacks = {column: [] for column in range(first, last + 1)}
        for word in sorted(words, key=lambda word: word.y):
            start, end = crossed(self.edges, word)
            for column in range(max(start, first), min(end, last) + 1):
                stacks[column].append(word)
        return stacks

    def _spanning(self, stacks: _Stacks, middle: float) -> list[_Over]:
        """The topmost headings over several columns, with these columns, from the left.

        ``middle`` is the height at which headings through the whole head are centred.
        """
        found: list[_Reach] = []
        tops = {id(stack[0]): stack[0] for stack in stacks.values() if stack}
        for word in sorted(tops.values(), key=lambda word: word.y):
            core = [column for column, words in stacks.items() if word in words]
            lower = [
                w.y for c in core for w in stacks[c]
                if w is not word and w.y > word.y + _LEVEL * self.size
            ]  # fmt: skip
            if not lower:
                if len(core) > 1 and not any(set(core) <= other for other, _ in found):
                    raise _Unclear
                continue
            stack = stacks[core[0]]
            if len(core) == 1 and self._is_wrapped(stack):
                continue
            reach = self._reach(core, word, min(lower), stacks)
            over = any(set(core) <= other and word.y > top.y + _LEVEL * self.size
                       for other, top in found)  # fmt: skip
            if len(reach) > 1 and not over:
                found.append((reach, word))
        return self._shared(found, stacks, middle)

    def _is_wrapped(self, stack: list[Word]) -> bool:
        """Whether words are three or more lines of one heading: as far apart, one middle."""
        gaps = [b.y - a.y for a, b in pairwise(stack)]
        offs = [abs(word.x - stack[0].x) for word in stack]
        return (
            len(stack) > 2
            and max(gaps) <= min(_LEADING * self.size, min(gaps) + 0.1 * self.size)
            and max(offs) < self.size / 2
        )

    def _reach(self, core: list[int], word: Word, level: float, stacks: _Stacks) -> set[int]:
        """Columns beside a heading that have nothing but headings below it.

        These stand level with what is below the heading, or have others below themselves; one
        that goes through to the bottom of the head stands higher, in the middle of it.
        """

        def is_orphan(column: int) -> bool:
            stack = stacks.get(column, [])
            least = word.y if len(stack) > 1 else level - 2 * _LEVEL * self.size
            return bool(stack) and stack[0].y > least + _LEVEL * self.size

        reach = set(core)
        for step in (-1, 1):
            column = core[0 if step < 0 else -1] + step
            while is_orphan(column):
                reach.add(column)
                column += step
        return reach

    def _shared(self, found: list[_Reach], stacks: _Stacks, middle: float) -> list[_Over]:
        """Headings whose reaches meet share the columns so that each stands in the middle."""
        found.sort(key=lambda item: item[1].x)
        runs: list[list[_Reach]] = []
        for item in found:
            if runs and runs[-1][-1][0] & item[0]:
                runs[-1].append(item)
            else:
                runs.append([item])
        return [part for run in runs for part in self._cut(run, stacks, middle)]

    def _cut(self, run: list[_Reach], stacks: _Stacks, middle: float) -> list[_Over]:
        """The columns of each heading of a run; at its ends may be headings of their own."""
        columns = sorted(set().union(*(reach for reach, _ in run)))
        words = [word for _, word in run]
        through = [
            len(stacks[c]) == 1 and abs(stacks[c][0].y - middle) < _LEVEL * self.size
            for c in columns
        ]
        most_left = next((i for i, open_ in enumerate(through) if not open_), 0)
        most_right = next((i for i, open_ in enumerate(reversed(through)) if not open_), 0)
        tried: list[tuple[float, list[_Over]]] = []
        for left in range(most_left + 1):
            for right in range(most_right + 1):
                tried += self._tilings(columns[left], columns[-1 - right], words, stacks)
        tried.sort(key=lambda item: item[0])
        if tried and tried[0][0] <= 1:
            return [(a, b, word) for a, b, word in tried[0][1] if a < b]
        for item in run:  # the first line of a heading that goes on below
            column, last = crossed(self.edges, item[1])
            if column == last and abs(stacks[column][1].x - item[1].x) < self.size:
                others = [other for other in run if other is not item]
                return self._shared(others, stacks, middle) if others else []
        raise _Unclear

    def _tilings(
        self, start: int, end: int, words: list[Word], stacks: _Stacks
    ) -> Iterator[tuple[float, list[_Over]]]:
        """Every way to share columns among headings, and how far the worst is off its middle."""
        for cuts in combinations(range(start + 1, end + 1), len(words) - 1):
            bounds = [start, *cuts, end + 1]
            parts = [(a, b - 1, word) for (a, b), word in zip(pairwise(bounds), words, strict=True)]
            if all(self._covers(a, b, word) for a, b, word in parts):
                yield max(self._off(a, b, word, stacks) for a, b, word in parts), parts

    def _covers(self, first: int, last: int, word: Word) -> bool:
        start, end = crossed(self.edges, word)
        return first <= start and end <= last

    def _off(self, first: int, last: int, word: Word, stacks: _Stacks) -> float:
        """How far a word stands off the middle of columns; beyond 1 it does not belong there.

        A line drawn below the heading tells its columns best. Else the edges are as uncertain
        as the columns are wide, and the middle of the headings below is as good.
        """
        edges = self.edges
        for rule in self.rules:
            under = min(rule.end, edges[last + 1]) - max(rule.start, edges[first])
            if (
                0 < rule.at - word.y < 2 * self.size
                and under > _MOSTLY * (edges[last + 1] - edges[first])
                and under > _MOSTLY * (rule.end - rule.start)
            ):
                return 0.0
        by_edges = abs(word.x - (edges[first] + edges[last + 1]) / 2)
        below = [stack[-1].x for stack in (stacks[first], stacks[last]) if stack]
        by_words = abs(word.x - sum(below) / len(below)) if below else by_edges
        ends = (edges[first + 1] - edges[first] + edges[last + 1] - edges[last]) / 2
        return min(by_edges, by_words) / (_CENTRED * ends + self.size / 2)

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
