"""The order in which what stands on a page is read: text set in columns, one column after the other.

A word processor sets tables and their captions in two or more columns of a page. From top to
bottom, over the whole page, a caption would stand before a table of the other column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from yusuan.lexicon.phrases import phrase
from yusuan.model.text import normal
from yusuan.sources.pdf.lines import GlyphLine
from yusuan.sources.pdf.page import PageItem, PageLine, PageTable

__all__ = ["in_reading_order"]

_GUTTER = 2.0
"""Two columns of a page are at least so many points apart."""


def in_reading_order(items: Sequence[PageItem]) -> list[PageItem]:
    """The items of a page, from its top; where tables with captions of their own stand side by side,
    those of the left column before those of the right.

    What reaches over the space between the columns is read where it stands. Tables side by side
    below one caption stay in their order.
    """
    gutter = _gutter([item for item in items if isinstance(item, PageTable)])
    if gutter is None:
        return list(items)
    ordered: list[PageItem] = []
    section: list[PageItem] = []
    for part in (part for item in items for part in _parts(item, gutter)):
        left, right = _extent(part)
        if left < gutter < right:
            ordered += [*_by_column(section, gutter), part]
            section = []
        else:
            section.append(part)
    return ordered + _by_column(section, gutter)


def _gutter(tables: Sequence[PageTable]) -> float | None:
    """The middle of the leftmost space that parts tables of which some stand side by side."""
    by_place = sorted(tables, key=lambda table: table.xs[0])
    for count in range(1, len(by_place)):
        left, right = by_place[:count], by_place[count:]
        start, end = max(table.xs[-1] for table in left), right[0].xs[0]
        beside = any(a.top < b.bottom and b.top < a.bottom for a in left for b in right)
        if end - start >= _GUTTER and (beside or _goes_up(left, right)):
            return (start + end) / 2
    return None


def _goes_up(left: Iterable[PageTable], right: Iterable[PageTable]) -> bool:
    """Whether tables on the right stand above some on the left and below others."""
    tops = [table.top for table in left]
    return any(min(tops) < table.top < max(tops) for table in right)


def _extent(item: PageItem) -> tuple[float, float]:
    if isinstance(item, PageTable):
        return item.xs[0], item.xs[-1]
    return item.line.x0, item.line.x1


def _parts(item: PageItem, gutter: float) -> list[PageItem]:
    """A line that the space between the columns parts, as two."""
    if isinstance(item, PageTable):
        return [item]
    own = [
        tuple(glyph for glyph in item.line.glyphs if (glyph.x < gutter) == left)
        for left in (True, False)
    ]
    if not all(own) or own[1][0].x0 - max(glyph.x1 for glyph in own[0]) < item.line.size:
        return [item]
    return [replace(item, line=GlyphLine(glyphs)) for glyphs in own]


def _by_column(section: Sequence[PageItem], gutter: float) -> list[PageItem]:
    """Left column before right, where both have tables with a title above them."""
    left = [item for item in section if _extent(item)[1] <= gutter]
    right = [item for item in section if _extent(item)[1] > gutter]
    if not (_has_titled_table(left) and _has_titled_table(right)):
        return list(section)
    return in_reading_order(left) + in_reading_order(right)


def _has_titled_table(items: Sequence[PageItem]) -> bool:
    titles = [
        item.top for item in items
        if isinstance(item, PageLine) and phrase("caption.title_end").search(normal(item.text))
    ]  # fmt: skip
    return (
        any(isinstance(item, PageTable) and item.top > min(titles) for item in items)
        if titles
        else False
    )
