"""Running headers and footers: lines that several pages print at the same place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from yusuan.model.money import find_unit
from yusuan.model.text import normal
from yusuan.sources.pdf.evidence import NOTHING
from yusuan.sources.pdf.page import Page, PageLine
from yusuan.sources.pdf.table_detection import caption_evidence

__all__ = ["without_running_lines"]

_MARGIN = 0.12
"""Running lines stand within this share of the height from the top or the bottom."""
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

_Key = tuple[bool, str]


def without_running_lines(pages: list[Page]) -> list[Page]:
    """The pages without lines that at least three of them, or both of two, have at one place in
    the margin, whatever these say, or that browsers print above or below all else.

    Numbers in them may differ (page numbers). The first page keeps a line at its top, which may
    name the document. Captions of tables stay: they can be the same on many pages and still tell
    tables apart.
    """
    enough = min(_PAGES, max(len(pages), 2))
    seen: defaultdict[_Key, list[tuple[int, PageLine]]] = defaultdict(list)
    for page in pages:
        for at_top, line in _margins(page):
            seen[at_top, _pattern(line)].append((page.number, line))
    drop: set[tuple[int, int]] = set()
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


def _margins(page: Page) -> Iterable[tuple[bool, PageLine]]:
    """The lines at the very top and bottom of a page, and whether at the top."""
    for at_top in (True, False):
        items = page.items if at_top else tuple(reversed(page.items))
        for item in items[:_MOST]:
            if not isinstance(item, PageLine) or _is_caption(item):
                break
            share = item.bottom / page.height if at_top else 1 - item.top / page.height
            if share >= _MARGIN and not _BROWSER.search(normal(item.text)):
                break
            yield at_top, item


def _is_caption(line: PageLine) -> bool:
    """Whether a line names a table, its body or its unit."""
    return (
        bool(_LABEL.search(normal(line.text)))
        or find_unit(line.text) is not None
        or caption_evidence(line.line, NOTHING) != NOTHING
    )


def _pattern(line: PageLine) -> str:
    return re.sub(r"\d+", "0", normal(line.text))
