"""Headings of a table without lines: which columns each one stands over.

Every way to divide a head into cells is weighed: a heading stands in the middle of the columns
it is over and of the height it has, above headings of its own, or over one column down to the
rows. The best way that leaves nothing far off its place is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import inf
from typing import Literal

from yusuan.model.text import normal
from yusuan.schema.wording import wording
from yusuan.sources.pdf.columns import columns_crossed
from yusuan.sources.pdf.lines import TextLine, Word, pieces_at
from yusuan.sources.pdf.ruled_tables import Span
from yusuan.sources.pdf.rulings import Ruling

__all__ = ["TableHead", "heading_spans"]

_LEVEL = 0.4
"""Headings whose centres differ by less than this share of the font size stand level."""
_MOST_COLUMNS = 40
_LINES = 3
"""Lines of a heading over several columns, at most."""
_LEADING = 1.9
"""Lines of one wrapped heading are this many font sizes apart at most."""
_REACH = 0.6
"""A heading may reach over the edge of its columns by this many font sizes."""
_MOSTLY = 0.8
_SAME_START = 0.3
"""Headings set left start at one place, more or less so many font sizes."""
_FAR = 1.6
"""So much off its place, in font sizes, no heading over several columns stands."""
_WORST = 3.0
_BLANK, _OVER, _CROSSED = 0.8, 0.2, 3.0
"""What a place without heading costs, a heading over several columns, and a line through one."""
_ALONE = 2.0
"""What it costs that 小计 stands beside the headings it must be below one of."""
_RARE = 0.3
"""What it costs that headings set in the middle stand at the top or the bottom of their cells."""
_CLEARLY = 0.15
"""How much better than the next the best way is to see which headings are below another."""
_LEVELLED, _CENTRED, _ASTRAY = 0.5, 0.25, 0.5
"""What each font size off the middle costs, up and down and sideways, and between lines."""


@dataclass(frozen=True, slots=True)
class TableHead:
    """Edges of the rows of a head, its cells, and how far they are from where they should be.

    ``clear`` tells that no other way to divide it is nearly as good.
    """

    ys: tuple[float, ...]
    spans: tuple[Span, ...]
    cost: float
    clear: bool = True


@dataclass(frozen=True, slots=True)
class _HeaderNode:
    """A heading over columns ``first`` to ``last``; what is below it is told by ``below``.

    ``cut`` are the heights between which it ends and what it is over begins.
    """

    first: int
    last: int
    below: tuple[_HeaderNode, ...] = ()
    cut: tuple[float, float] = (0.0, 0.0)


_Across = Literal["left", "middle", "right"]
_Down = Literal["top", "middle", "bottom"]
_Weighed = tuple[float, tuple[_HeaderNode, ...]]
_NONE: _Weighed = (inf, ())


def heading_spans(
    lines: Sequence[TextLine],
    edges: Sequence[float],
    rules: Sequence[Ruling],
    ends: tuple[float, float],
    amounts: frozenset[int] = frozenset(),
) -> TableHead | None:
    """The head of a table; None where there is no good way to divide it.

    ``ends`` are the upper and lower edge of the head; ``rules`` are level lines in it; ``amounts``
    the columns that hold amounts: each has a heading of its own.
    """
    if len(edges) - 1 > _MOST_COLUMNS or not lines:
        return None
    ways = [
        _HeaderTreeSearch(lines, edges, rules, ends, amounts, across, down)
        for across, down in product(_ways_across(lines, edges), _ways_down(lines))
    ]
    found = [(search, *search.best()) for search in ways]
    _, cost, nodes = min(found, key=lambda weighed: weighed[1])
    if cost == inf or cost > _WORST + len(edges) / 3:
        return None
    near = [search for search, least, _ in found if least < cost + _CLEARLY]
    clear = all(
        search.best(group)[0] >= cost + _CLEARLY
        for group, search in product(set(_groups(nodes)), near)
    )
    head = _as_head(nodes, ends, cost)
    return replace(head, clear=clear) if head else None


def _groups(nodes: Sequence[_HeaderNode]) -> Iterator[tuple[int, int]]:
    """The columns of the headings that have others below them."""
    for node in nodes:
        if node.below:
            yield node.first, node.last
            yield from _groups(node.below)


def _ways_across(lines: Sequence[TextLine], edges: Sequence[float]) -> list[_Across]:
    """How headings may be set over others."""
    size = max(line.size for line in lines)
    words = _pieces(lines, edges)
    ways: list[_Across] = ["middle"]
    if _are_flush([(word.x0, word.y) for word in words], size):
        ways.append("left")
    if _are_flush([(-word.x1, word.y) for word in words], size):
        ways.append("right")
    return ways


def _ways_down(lines: Sequence[TextLine]) -> list[_Down]:
    """How headings may be set beside others of several levels."""
    return ["middle", "top", "bottom"] if len(lines) > 1 else ["middle"]


def _pieces(lines: Sequence[TextLine], edges: Sequence[float]) -> list[Word]:
    words = [p for line in lines for word in line.words for p in pieces_at(word, edges)]
    return sorted(words, key=lambda word: word.y)


class _HeaderTreeSearch:
    """Weighs the ways to divide a head from the top, where its headings are set in one way."""

    def __init__(
        self, lines: Sequence[TextLine], edges: Sequence[float], rules: Sequence[Ruling],
        ends: tuple[float, float], amounts: frozenset[int] = frozenset(),
        across: _Across = "middle", down: _Down = "middle",
    ) -> None:  # fmt: skip
        self.edges, (self.top, self.bottom) = edges, ends
        self.size = max(line.size for line in lines)
        self.rules = [rule for rule in rules if ends[0] + 2 < rule.at < ends[1] - 2]
        self.amounts, self.across, self.down = amounts, across, down
        self.words = _pieces(lines, edges)
        self.place = [columns_crossed(edges, word) for word in self.words]
        self.barred: tuple[int, int] | None = None
        self.known: dict[tuple[int, int, float], _Weighed] = {}

    def best(self, barred: tuple[int, int] | None = None) -> _Weighed:
        """The best way, without a heading over the columns that are ``barred``."""
        self.barred, self.known = barred, {}
        cost, nodes = self.parts(0, len(self.edges) - 2, self.top, 1)
        rare = self.across == "middle" != self.down
        return cost + (_RARE if rare else 0.0), nodes

    def parts(self, first: int, last: int, top: float, least: int) -> _Weighed:
        """The best way to divide columns below ``top`` into at least so many cells."""
        best: dict[int, _Weighed] = {last + 1: (0.0, ())}
        for start in range(last, first - 1, -1):
            best[start] = _NONE
            for end in range(start, last + 1):
                if least > 1 and (start, end) == (first, last):
                    continue
                rest = best[end + 1]
                if rest[0] == inf:
                    continue
                cost, node = self.node(start, end, top)
                if cost + rest[0] < best[start][0]:
                    best[start] = (cost + rest[0], node + rest[1])
        return best[first]

    def node(self, first: int, last: int, top: float) -> _Weighed:
        """One heading over columns, down to the rows or with headings of its own below it."""
        key = (first, last, top)
        if key not in self.known:
            own = self._own(first, last, top)
            if own is None:
                self.known[key] = _NONE
            else:
                leaf = self._leaf(first, last, top, own), (_HeaderNode(first, last),)
                over = _NONE
                if first < last and own and (first, last) != self.barred:
                    over = self._over(first, last, own, top)
                self.known[key] = min(leaf, over, key=lambda weighed: weighed[0])
        return self.known[key]

    def _own(self, first: int, last: int, top: float) -> list[Word] | None:
        """The words over columns below a height; None if one reaches far out of them."""
        own = []
        left, right = self.edges[first], self.edges[last + 1]
        for word, (start, end) in zip(self.words, self.place, strict=True):
            if word.y <= top or end < first or start > last:
                continue
            if not left <= word.x <= right:
                if min(word.x1, right) - max(word.x0, left) > _REACH * self.size:
                    return None
                continue
            if max(left - word.x0, word.x1 - right) > _REACH * self.size:
                return None
            own.append(word)
        return own

    def _leaf(self, first: int, last: int, top: float, own: list[Word]) -> float:
        if not own:
            return _BLANK if first == last else inf
        size, middle = self.size, (self.edges[first] + self.edges[last + 1]) / 2
        off = abs(own[0].x - middle)
        if last > first and (last - first > 1 or off > size or {first, last} <= self.amounts or any(
            b.y - a.y < _LEVEL * size for a, b in pairwise(own)
        )):  # fmt: skip
            return inf
        cost = _LEVELLED * min(self._off_level(top, own) / size, 3.0)
        cost += _CENTRED * min(off / size, 2.0) if self.across == "middle" else 0
        cost += sum(max(0.0, (b.y - a.y) / size - _LEADING) for a, b in pairwise(own))
        cost += _ASTRAY * sum(
            min(abs(a.x - b.x) / size, abs(a.x0 - b.x0) / size, 3.0) for a, b in pairwise(own)
        )
        cost += _OVER * 2 if last > first else 0
        cost += _ALONE if top == self.top and normal(own[-1].text) in wording().subtotals else 0
        cost += _CROSSED if any(_sums_others(word) for word in own[1:]) else 0
        for rule in self.rules:
            inside = own[0].y - size < rule.at < own[-1].y + size
            if top + 2 < rule.at and self._along(rule, first, last) > _MOSTLY:
                cost += _CROSSED if not inside or len(own) > 1 else _CROSSED / 2
        return cost

    def _off_level(self, top: float, own: Sequence[Word]) -> float:
        """How far a heading that has none below it is off its height; below another it may stand
        at the bottom of its cell as well."""
        middle = abs((own[0].y + own[-1].y) / 2 - (top + self.bottom) / 2)
        upper = abs(own[0].y - min(word.y for word in self.words if word.y > top))
        lower = abs(own[-1].y - self.words[-1].y)
        if top > self.top:
            return min(middle, lower)
        return {"middle": middle, "top": upper, "bottom": lower}[self.down]

    def _over(self, first: int, last: int, own: list[Word], top: float) -> _Weighed:
        best = _NONE
        first_line = min(word.y for word in self.words if word.y > top)
        off_level = _LEVELLED * min((own[0].y - first_line) / self.size, 3.0)
        for count in range(1, min(_LINES, len(own) - 1) + 1):
            lines, rest = own[:count], own[count:]
            if any(b.y - a.y < _LEVEL * self.size for a, b in pairwise(own[: count + 1])):
                break
            if any(b.y - a.y > _LEADING * self.size for a, b in pairwise(lines)):
                break
            cut = (lines[-1].y, rest[0].y)
            drawn = [r.at for r in self.rules
                     if cut[0] < r.at < cut[1] and self._along(r, first, last) > _MOSTLY]  # fmt: skip
            off = max(self._off(first, last, word, rest, bool(drawn)) for word in lines)
            if off > _FAR:
                continue
            edge = drawn[0] if drawn else sum(cut) / 2
            cost, below = self.parts(first, last, edge, 2)
            cost += off + _OVER + off_level
            cost += _ALONE if any(self._is_subtotal(node) for node in below[1:-1]) else 0
            if cost < best[0]:
                cut = (drawn[0] - 0.1, drawn[0] + 0.1) if drawn else cut
                best = (cost, (_HeaderNode(first, last, below, cut),))
        return best

    def _is_subtotal(self, node: _HeaderNode) -> bool:
        """Whether a heading is 小计, which is the first or the last of its group."""
        own = (w for w, place in zip(self.words, self.place, strict=True)
               if place == (node.first, node.last))  # fmt: skip
        return not node.below and any(normal(word.text) in wording().subtotals for word in own)

    def _along(self, rule: Ruling, first: int, last: int) -> float:
        left, right = self.edges[first], self.edges[last + 1]
        return (min(rule.end, right) - max(rule.start, left)) / (right - left)

    def _off(self, first: int, last: int, word: Word, below: Sequence[Word], drawn: bool) -> float:
        """How far a heading stands off the middle of its columns.

        The outer edges are as uncertain as the columns are wide, and the middle of the lowest
        headings of the outer columns is as good; a line drawn below it tells its columns best.
        Where headings are set left, it starts where the first heading below it does (set right, it
        ends where the last does); so may any whose first column is the sum of the others (小计).
        """
        edges = self.edges
        if self.across == "left":
            starts = [w.x0 for w in below if columns_crossed(edges, w)[0] == first]
            return abs(word.x0 - min(starts, default=inf)) / self.size
        if self.across == "right":
            stops = [w.x1 for w in below if columns_crossed(edges, w)[1] == last]
            return abs(word.x1 - max(stops, default=-inf)) / self.size
        off = abs(word.x - (edges[first] + edges[last + 1]) / 2)
        sums = [w for w in below if _sums_others(w) and columns_crossed(edges, w)[0] == first]
        off = min([off, *(abs(word.x0 - w.x0) for w in sums[:1])])
        outer = [
            max(
                (w for w in below if columns_crossed(edges, w) == (c, c)),
                key=lambda w: w.y,
                default=None,
            )
            for c in (first, last)
        ]
        if outer[0] and outer[1]:
            off = min(off, abs(word.x - (outer[0].x + outer[1].x) / 2))
        ends = (edges[first + 1] - edges[first] + edges[last + 1] - edges[last]) / 2
        return (0.2 if drawn else 1.0) * max(0.0, off / (self.size + 0.1 * ends))


def _are_flush(places: Sequence[tuple[float, float]], size: float) -> bool:
    """Whether headings over others start where the first of those does, as spreadsheets set text
    unless they are told otherwise. ``places`` are where headings start, and their heights; or where
    they end, counted from the right.

    Of the lower headings those belong to an upper one that start at it or behind it, before the
    next. An upper one whose first starts elsewhere is set in the middle, or stands over none.
    """
    near, level = _SAME_START * size, _LEVEL * size
    found = False
    for start, y in places:
        further = min((x for x, at in places if x > start + near and at <= y + level), default=inf)
        below = [x for x, at in places if at > y + level and start - near <= x < further - near]
        if below and min(below) > start + near:
            return False
        found = found or bool(below)
    return found


def _sums_others(word: Word) -> bool:
    """Whether a heading is 小计 or 合计 alone: below another it is no second line of that."""
    return normal(word.text) in (*wording().subtotals, *wording().sums)


def _as_head(
    nodes: tuple[_HeaderNode, ...], ends: tuple[float, float], cost: float
) -> TableHead | None:
    """Cells as spans of rows, with the fewest rows that part each heading from those below it."""
    common: list[tuple[float, float]] = []
    for lower, upper in sorted(_cuts(nodes)):
        if common and lower < common[-1][1]:
            common[-1] = (lower, min(upper, common[-1][1]))
        else:
            common.append((lower, upper))
    ys = (ends[0], *(sum(cut) / 2 for cut in common), ends[1])
    if any(a >= b for a, b in pairwise(ys)):
        return None
    spans = list(_spans(nodes, 0, ys))
    return TableHead(ys, tuple(spans), cost)


def _cuts(nodes: tuple[_HeaderNode, ...]) -> Iterator[tuple[float, float]]:
    for node in nodes:
        if node.below:
            yield node.cut
            yield from _cuts(node.below)


def _spans(nodes: tuple[_HeaderNode, ...], row: int, ys: tuple[float, ...]) -> Iterator[Span]:
    for node in nodes:
        if not node.below:
            yield Span(row, node.first, len(ys) - 1, node.last + 1)
            continue
        end = next(i for i, y in enumerate(ys) if i > row and node.cut[0] < y < node.cut[1])
        yield Span(row, node.first, end, node.last + 1)
        yield from _spans(node.below, end, ys)
