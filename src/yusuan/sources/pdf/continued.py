"""What the end of a page tells of tables without lines at the top of the next."""

from __future__ import annotations

from yusuan.sources.pdf.evidence import NOTHING, TableEvidence
from yusuan.sources.pdf.lines import is_page_number
from yusuan.sources.pdf.page import Page, PageLine, PageTable
from yusuan.sources.pdf.table_detection import caption_evidence

__all__ = ["evidence_after"]

_FOOT = 0.92
"""Short lines below this share of the height are page numbers and footers."""
_MARGIN = 0.8
_SHORT = 16
_CAPTIONS = 4


def evidence_after(page: Page) -> TableEvidence:
    """The columns of a table that the page ends with, or the caption at its very end."""
    if page.open:
        return TableEvidence(title=True, unit=True, open=page.open)
    items = list(page.items)
    while items and _is_foot(items[-1], page):
        items.pop()
    if items and isinstance(items[-1], PageTable):
        return TableEvidence(edges=items[-1].xs)
    evidence = NOTHING
    for item in items[-_CAPTIONS:]:
        evidence = caption_evidence(item.line, evidence) if isinstance(item, PageLine) else NOTHING
    return evidence


def _is_foot(item: object, page: Page) -> bool:
    return (
        isinstance(item, PageLine)
        and len(item.text) <= _SHORT
        and (
            item.top > _FOOT * page.height
            or (item.top > _MARGIN * page.height and is_page_number(item.text))
        )
        and caption_evidence(item.line, NOTHING) == NOTHING
    )
