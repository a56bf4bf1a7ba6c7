"""Running heads and feet: what stands in the margin of several pages at one place, whatever it says.

They are known before the tables of a page are looked for, since one right above a table without
lines would be taken for its head, and one below it for a row; and again when all pages are read,
since one may stand on few pages, far apart. A table that repeats its head at the top of each page
does the same, but for the page that it begins on, where its head stands further down.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import NamedTuple

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import find_unit
from yusuan.model.text import normal
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import PIECE_GAP, GlyphLine, lines_of, starts_entry
from yusuan.sources.pdf.page import PageLayout, PageLine, PageTable
from yusuan.sources.pdf.table_detection import caption_evidence
from yusuan.sources.pdf.unruled_tables import NO_EVIDENCE

__all__ = ["PAGES_AHEAD", "RunningLines", "may_be_running_head", "without_running_lines"]

PAGES_AHEAD = 2
"""So many pages that follow tell, with all before, which lines of a page are running lines."""
_RUNNING_MARGIN = 0.12
"""Running lines stand within this share of the height from the top or the bottom."""
_HEIGHT = 792.0
"""Of a sheet of text: a page of few lines, as text has them, has margins like others."""
_MOST = 2
"""Lines of a running header or footer, at most."""
_PAGES = 3
_SAME = 4.0
"""Places that differ by less than this many points are the same."""
_LABEL = re.compile(r"[\u4e00-\u9fff)]:")
"""A label and what it introduces, unlike the time and the address that a browser prints."""
_BROWSER = re.compile(r"(?:https?|file)://\S+\s*\d{1,4}/\d{1,4}$|\d{4}/\d\d?/\d\d? ?\d\d?:\d\d")
"""Address and page, or date and time, as browsers print them at the edges of what they print on:
of a sheet that is larger than that, somewhere in the middle."""
_SENTENCE = re.compile("[。；;]")
_TITLES = 4
"""Lines at the top of a document among which its title stands."""


class _EdgeLine(NamedTuple):
    """A line at the top or bottom of a page. ``place``: points from that edge of the page."""

    at_top: bool
    place: float
    pattern: str
    line: GlyphLine


@dataclass(slots=True)
class RunningLines:
    """Which lines of a page are running lines, by the pages before it and the next few.

    ``pages`` is how many the document has.
    """

    pages: int
    _edges: dict[int, list[_EdgeLine]] = field(default_factory=dict)
    _places: defaultdict[tuple[bool, str], list[tuple[int, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _inside: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Lines that stand further inside of pages, with where they begin."""
    _numbers: list[int] = field(default_factory=list)
    _titles: frozenset[str] = frozenset()
    """The lines among which the title of the document stands, once a page with text was seen."""
    _first: int | None = None

    def note(self, number: int, height: float, glyphs: Iterable[Glyph]) -> None:
        """Look at a page; pages come in their order."""
        lines = lines_of(
            glyph for glyph in glyphs if not (glyph.turn or glyph.hidden or glyph.struck)
        )
        edges = list(_edge_lines(lines, height))
        self._edges[number] = edges
        self._numbers.append(number)
        for edge in edges:
            self._places[edge.at_top, edge.pattern].append((number, edge.place))
        if self._first is None and lines:
            self._titles, self._first = _titles(lines), number
        at_edge = {id(edge.line) for edge in edges}
        for line in lines:
            pointed = any(glyph.text == "." for glyph in line.glyphs)  # mostly a row with amounts
            if not pointed and id(line) not in at_edge:
                self._inside[_pattern(line)].add(round(line.x0 / _SAME))

    def of(self, number: int) -> list[GlyphLine]:
        """The running lines of a page, which is then forgotten."""
        return [edge.line for edge in self._edges.pop(number) if self._is_running(edge, number)]

    def _is_running(self, edge: _EdgeLine, number: int) -> bool:
        if edge.at_top and number != self._first and normal(edge.line.text) in self._titles:
            return True
        enough = min(_PAGES, max(self.pages - 1, 2))
        places = self._places[edge.at_top, edge.pattern]
        same = {n for n, place in places if abs(place - edge.place) < _SAME}
        sides = {n for n in self._numbers if n % 2 == number % 2}  # left or right pages of a book
        if len(same) < enough and not (same == sides and len(same) > 1):
            return False
        return not (_has_amount(edge.line) or self._is_head(edge.line))

    def _is_head(self, line: GlyphLine) -> bool:
        """Whether a line stands inside of another page as well, where it is the head of a table."""
        at = round(line.x0 / _SAME)
        return not self._inside[_pattern(line)].isdisjoint((at - 1, at, at + 1))


def _edge_lines(lines: Sequence[GlyphLine], height: float) -> Iterator[_EdgeLine]:
    """The lines at the very top and bottom of a page, up to a caption."""
    margin = _RUNNING_MARGIN * max(height, _HEIGHT)
    for at_top in (True, False):
        for line in (lines if at_top else lines[::-1])[:_MOST]:
            place = line.top if at_top else height - line.top
            if _is_caption(line) or (place > margin and not _BROWSER.search(normal(line.text))):
                break
            yield _EdgeLine(at_top, place, _pattern(line), line)


def _titles(lines: Sequence[GlyphLine]) -> frozenset[str]:
    """The lines above the first caption of a page, among which the title of a document stands."""
    above = list(takewhile(lambda line: not _is_caption(line), lines))
    if len(above) == len(lines) or len(above) > _TITLES:
        return frozenset()
    return frozenset(normal(line.text) for line in above if len(line.parts(PIECE_GAP)) == 1)


def may_be_running_head(lines: Sequence[GlyphLine], height: float) -> bool:
    """Whether lines at the top of a page can be a running head that stands there only."""
    margin = _RUNNING_MARGIN * max(height, _HEIGHT)
    return len({line.baseline for line in lines}) <= _MOST and not any(
        line.top > margin or _is_caption(line) or _has_amount(line) or starts_entry(line.text)
        or _SENTENCE.search(line.text) for line in lines
    )  # fmt: skip


def _has_amount(line: GlyphLine) -> bool:
    """Whether a line has a number with decimals, as a row of a table has and no running line."""
    numbers = (parse_number(word) for word in line.text.split())
    return any(number and number.decimals > 0 for number in numbers)


def _is_caption(line: GlyphLine) -> bool:
    """Whether a line names a table, its body or its unit."""
    return (
        bool(_LABEL.search(normal(line.text)))
        or find_unit(line.text) is not None
        or caption_evidence(line, NO_EVIDENCE) != NO_EVIDENCE
    )


def _pattern(line: GlyphLine) -> str:
    return re.sub(r"\d+", "0", normal(line.text))


# When all pages are read


def without_running_lines(pages: Sequence[PageLayout]) -> list[PageLayout]:
    """The pages without running lines: those known before, those that at least three pages, or both
    of two, have at one place in the margin, and those that browsers print above or below all else.

    Numbers in them may differ (page numbers). The first page keeps a line at its top, which may
    name the document. Captions of tables stay: they can be the same on many pages and still tell
    tables apart.
    """
    enough = min(_PAGES, max(len(pages), 2))
    seen: defaultdict[tuple[bool, str], list[tuple[int, PageLine]]] = defaultdict(list)
    drop: set[tuple[int, int]] = set()
    known: set[tuple[bool, str]] = set()
    for index, page in enumerate(pages):
        for line in (item for item in page.items if isinstance(item, PageLine) and item.running):
            key = line.top < page.height / 2, _pattern(line.line)
            if not key[0] or key in known or (index and _in_table(pages[index - 1], page)):
                drop.add((page.number, line.number))
            known.add(key)
        for at_top, line in _margins(page):
            seen[at_top, _pattern(line.line)].append((page.number, line))
    for (at_top, _), places in seen.items():
        for _, line in places:
            same = [(n, other) for n, other in places if abs(other.top - line.top) < _SAME]
            if len(same) >= enough:
                drop.update((n, other.number) for n, other in same[1 if at_top else 0 :])
    return [
        replace(
            page,
            items=tuple(
                item for item in page.items
                if not (isinstance(item, PageLine) and (page.number, item.number) in drop)
            ),
        )
        for page in pages
    ]  # fmt: skip


def _in_table(before: PageLayout, page: PageLayout) -> bool:
    """Whether a page begins with a table, as the one before ends with one, running lines apart."""
    above, below = (
        [item for item in each.items if not (isinstance(item, PageLine) and item.running)]
        for each in (before, page)
    )
    ends = bool(above and below)
    return ends and isinstance(above[-1], PageTable) and isinstance(below[0], PageTable)


def _margins(page: PageLayout) -> Iterable[tuple[bool, PageLine]]:
    """The lines at the very top and bottom of a page, and whether at the top."""
    for at_top in (True, False):
        items = page.items if at_top else tuple(reversed(page.items))
        for item in items[:_MOST]:
            if not isinstance(item, PageLine) or _is_caption(item.line):
                break
            share = item.bottom / page.height if at_top else 1 - item.top / page.height
            if share >= _RUNNING_MARGIN and not _BROWSER.search(normal(item.text)):
                break
            yield at_top, item
