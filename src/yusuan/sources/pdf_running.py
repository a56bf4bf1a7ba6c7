"""Running headers and footers: lines that several pages print at the same place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from yusuan.model.money import find_unit
from yusuan.model.text import normal
from yusuan.sources.pdf_page import Page, PageLine

__all__ = ["without_running_lines"]

_MARGIN = 0.12
"""Running lines stand within this share of the height from the top or the bottom."""
_MOST = 2
"""Lines of a running header or footer, at most."""
_PAGES = 3
_SAME = 4.0
"""Places that differ by less than this many points are the same."""
_TABLE = re.compile(r"表(?:\(.*\))?$|:")

_Key = tuple[bool, str]


def without_running_lines(pages: list[Page]) -> list[Page]:
    """The pages without lines that at least three of them have at one place in the margin.

    Numbers in them may differ (page numbers). The first page that has a line keeps it. Captions
    of tables stay: they can be the same on many pages and still tell tables apart.
    """
    seen: defaultdict[_Key, list[tuple[int, PageLine]]] = defaultdict(list)
    for page in pages:
        for at_top, line in _margins(page):
            seen[at_top, _pattern(line)].append((page.number, line))
    drop: set[tuple[int, int]] = set()
    for places in seen.values():
        for _, line in places:
            same = [(n, other) for n, other in places if abs(other.top - line.top) < _SAME]
            if len(same) >= _PAGES:
                drop.update((n, other.number) for n, other in same[1:])
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


def _margins(page: Page) -> Iterable[tuple[bool, PageLine]]:
    """The lines at the very top and bottom of a page, and whether at the top."""
    for at_top in (True, False):
        items = page.items if at_top else tuple(reversed(page.items))
        for item in items[:_MOST]:
            near = isinstance(item, PageLine) and (
                item.bottom < _MARGIN * page.height
                if at_top
                else item.top > (1 - _MARGIN) * page.height
            )
            if not near or not isinstance(item, PageLine) or _is_caption(item):
                break
            yield at_top, item


def _is_caption(line: PageLine) -> bool:
    text = normal(line.text)
    return bool(_TABLE.search(text)) or find_unit(line.text) is not None


def _pattern(line: PageLine) -> str:
    return re.sub(r"\d+", "0", normal(line.text))
