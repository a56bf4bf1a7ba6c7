"""Join what page breaks part: running lines out, rows and columns back to their table.

What the end of a page tells of tables without lines at the top of the next is told here too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.lexicon.units import find_unit
from yusuan.model.text import normal
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import WORD_GAP, GlyphLine, is_page_number
from yusuan.sources.pdf.page import PageCell, PageItem, PageLayout, PageLine, PageTable, read_page
from yusuan.sources.pdf.ruled_tables import Span, band
from yusuan.sources.pdf.rulings import Ruling
from yusuan.sources.pdf.running_lines import (
    PAGES_AHEAD,
    RunningLines,
    may_be_running_head,
    without_running_lines,
)
from yusuan.sources.pdf.split_columns import join_split_columns, row_edges_by_table
from yusuan.sources.pdf.split_rows import join_split_row, usual_decimals
from yusuan.sources.pdf.table_detection import caption_evidence, is_continued
from yusuan.sources.pdf.unruled_tables import NO_EVIDENCE, TableEvidence

__all__ = ["PageSequence", "join_pages"]

_NUMBER_MARGIN = 0.15
"""Page numbers stand within this share of the height from the top or the bottom."""
_NEAR = 2.5
"""A line this many font sizes from a table, at most, can be a row of it."""
_ALIGNED = 5.0
"""Edges of columns on two pages that differ by less than this many points are the same."""

_FOOT = 0.92
"""Short lines below this share of the height are page numbers and footers."""
_FOOT_MARGIN = 0.8
_SHORT = 16
_CAPTIONS = 4
_EARLIER = 40
"""Of so many tables before it a page may hold further columns."""


@dataclass(frozen=True, slots=True)
class _PageContent:
    """What is printed on a page: its characters and the lines drawn on it."""

    number: int
    height: float
    glyphs: list[Glyph]
    rulings: Sequence[Ruling]


@dataclass(slots=True)
class PageSequence:
    """The pages of a document, each read with what the pages around it tell of it.

    What runs along the margins is told by pages that follow, so that a page is read when these
    are known.
    """

    running: RunningLines
    pages: list[PageLayout] = field(default_factory=list)
    _waiting: deque[_PageContent] = field(default_factory=deque)
    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _head: frozenset[str] = frozenset()
    """Headings of the table that the last page but one ends with."""
    _last: tuple[_PageContent, list[GlyphLine], TableEvidence] | None = None

    def add(
        self, number: int, height: float, glyphs: list[Glyph], rulings: Sequence[Ruling] = ()
    ) -> None:
        """The next page. ``height`` in points, ``rulings`` merged."""
        self.running.note(number, height, glyphs)
        self._waiting.append(_PageContent(number, height, glyphs, rulings))
        if len(self._waiting) > PAGES_AHEAD:
            self._read(self._waiting.popleft())

    def read(self) -> list[PageLayout]:
        """All pages, before they are joined."""
        while self._waiting:
            self._read(self._waiting.popleft())
        return self.pages

    def _read(self, page: _PageContent) -> None:
        running = self.running.of(page.number)
        before = _evidence_after(self.pages[-1], self._head) if self.pages else NO_EVIDENCE
        self._head = before.head
        read = self._layout(page, running, before)
        self.pages.append(read)
        self._rows = [*self._rows[-_EARLIER:], *row_edges_by_table(read)]
        if self._last and read.began:
            self.pages[-2] = self._layout(*self._last, read.began)
        self._last = page, running, before

    def _layout(
        self,
        page: _PageContent,
        running: list[GlyphLine],
        before: TableEvidence,
        after: tuple[float, ...] | None = None,
    ) -> PageLayout:
        return read_page(
            page.number, page.height, page.glyphs, page.rulings,
            before, after, self._rows, running,
        )  # fmt: skip


def join_pages(pages: list[PageLayout]) -> list[PageLayout]:
    """The pages without page numbers, with rows and columns at page breaks as they belong."""
    numbers = [page.number for page in pages]
    pages = join_split_columns([_without_number(page) for page in without_running_lines(pages)])
    taken = set(numbers) - {page.number for page in pages}
    usual = usual_decimals(
        item for page in pages for item in page.items if isinstance(item, PageTable)
    )
    for index in range(len(pages) - 1):
        between = range(pages[index].number + 1, pages[index + 1].number)
        if taken.issuperset(between):
            pages[index], pages[index + 1] = _join(pages[index], pages[index + 1], usual)
    return pages


def _without_number(page: PageLayout) -> PageLayout:
    def is_number(item: PageItem) -> bool:
        return (
            isinstance(item, PageLine)
            and (
                item.top < _NUMBER_MARGIN * page.height
                or item.bottom > (1 - _NUMBER_MARGIN) * page.height
            )
            and is_page_number(item.text)
        )

    items = list(page.items)
    for end in (0, -1):
        if items and is_number(items[end]):
            items.pop(end)
    return replace(page, items=tuple(items))


def _join(
    before: PageLayout, after: PageLayout, usual: int | None
) -> tuple[PageLayout, PageLayout]:
    above, below = list(before.items), list(after.items)
    _drop_captions(above, below)
    _drop_head(above, below, after.height)
    _adopt_last(above, below)
    _adopt_first(above, below)
    if above and below and isinstance(above[-1], PageTable) and isinstance(below[0], PageTable):
        upper, lower = _aligned(above[-1], below[0])
        start, rest = join_split_row(upper, lower, (before.number, after.number), usual)
        above[-1:] = [start] if start else []
        below[:1] = [rest] if rest else []
    return replace(before, items=tuple(above)), replace(after, items=tuple(below))


def _drop_captions(above: list[PageItem], below: list[PageItem]) -> None:
    """Take away a caption that says a table goes on (续表), with the unit repeated below it.

    Nothing else may stand between it and the table, and the page before must end with one.
    """
    count = next((i for i, item in enumerate(below) if isinstance(item, PageTable)), 0)
    lead = [item for item in below[:count] if isinstance(item, PageLine)]
    says_so = [is_continued(line.text) for line in lead]
    if not any(says_so) or not above or not isinstance(above[-1], PageTable):
        return
    if all(
        go_on or find_unit(line.text) is not None for line, go_on in zip(lead, says_so, strict=True)
    ):
        del below[:count]


def _drop_head(above: list[PageItem], below: list[PageItem], height: float) -> None:
    """Take away a running head that stands on this page only: lines in the margin, which are no
    captions, between two parts of a table."""
    count = next((i for i, item in enumerate(below) if isinstance(item, PageTable)), 0)
    upper, lower = above[-1] if above else None, below[count] if below else None
    if not (count and isinstance(upper, PageTable) and isinstance(lower, PageTable)):
        return
    lines = [item.line for item in below[:count] if isinstance(item, PageLine)]
    if may_be_running_head(lines, height) and _goes_on(upper, lower):
        del below[:count]


def _goes_on(upper: PageTable, lower: PageTable) -> bool:
    """Whether a table has the columns of the one above it, and no head or the same one again, and
    is no whole table of its own: those begin or end with a total."""
    pairs = list(zip(upper.xs, lower.xs, strict=False))
    apart = any(abs(one - other) > _ALIGNED for one, other in pairs)
    if len(upper.xs) != len(lower.xs) or (apart and (upper.ruled or lower.ruled)):
        return False
    head, last = _row_texts(upper, 0), _row_texts(upper, upper.height - 1)
    rows = [_row_texts(lower, row) for row in range(lower.height)]
    first = next((row for row in rows if any(map(_is_amount, row))), None)
    if first is None or any(map(_is_total, first)):
        return False
    return first is rows[0] or (rows[0] == head and not any(map(_is_total, last)))


def _row_texts(table: PageTable, row: int) -> list[str]:
    return [normal(cell.text) for cell in table.row(row) if cell.text]


def _is_amount(text: str) -> bool:
    number = parse_number(text)
    return number is not None and number.decimals > 0


def _is_total(text: str) -> bool:
    return bool(phrase("layout.total").search(text))


def _adopt_last(above: list[PageItem], below: list[PageItem]) -> None:
    """Give a table its last row, printed under its bottom line because the page ended."""
    if len(above) < 2 or not below or not isinstance(below[0], PageTable):
        return
    table, line = above[-2:]
    if isinstance(table, PageTable) and isinstance(line, PageLine):
        cells = _as_row(table, line, line.top - table.bottom)
        if cells:
            above[-2:] = [
                replace(
                    table, bottom=line.bottom, height=table.height + 1,
                    cells=(*table.cells, *_moved_to(cells, table.height)),
                )
            ]  # fmt: skip


def _adopt_first(above: list[PageItem], below: list[PageItem]) -> None:
    """Give a table its first row, printed over its top line because a page began."""
    if len(below) < 2 or not above or not isinstance(above[-1], PageTable):
        return
    line, table = below[:2]
    if isinstance(table, PageTable) and isinstance(line, PageLine):
        cells = _as_row(table, line, table.top - line.bottom)
        if cells:
            below[:2] = [
                replace(
                    table, top=line.top, height=table.height + 1,
                    cells=(*cells, *table.shifted(1)), above=line.number - 1,
                )
            ]  # fmt: skip


def _moved_to(cells: list[PageCell], row: int) -> list[PageCell]:
    return [
        replace(cell, span=Span(row, cell.span.column, row + 1, cell.span.column_end))
        for cell in cells
    ]


def _as_row(table: PageTable, line: PageLine, distance: float) -> list[PageCell]:
    """The line as a row of the table, or nothing unless each word lies in a column of its own.

    A row has at least two words, one of them a number: a caption or remark is none.
    """
    words = line.line.parts(WORD_GAP)
    if distance > _NEAR * line.line.size or len(words) < 2:
        return []
    texts: dict[int, str] = {}
    for word in words:
        column = band(table.xs, (word.x0 + word.x1) / 2)
        inside = table.xs[column] - 2 <= word.x0 and word.x1 <= table.xs[column + 1] + 2
        if column in texts or not inside:
            return []
        texts[column] = word.text
    if not any(parse_number(text) for text in texts.values()):
        return []
    return [
        PageCell(
            Span(0, column, 1, column + 1), texts.get(column, ""),
            line.number if column in texts else None, False,
            (table.xs[column], line.top, table.xs[column + 1], line.bottom),
        )
        for column in range(len(table.xs) - 1)
    ]  # fmt: skip


def _aligned(upper: PageTable, lower: PageTable) -> tuple[PageTable, PageTable]:
    """Both parts of a table with the same columns, where one shows fewer edges than the other.

    A page on which only merged cells are printed shows fewer column edges than the table has.
    """
    if len(upper.xs) == len(lower.xs):
        return upper, lower
    if len(upper.xs) > len(lower.xs):
        return upper, _with_columns(lower, upper.xs)
    return _with_columns(upper, lower.xs), lower


def _with_columns(table: PageTable, xs: tuple[float, ...]) -> PageTable:
    """The table over finer columns; unchanged unless all its edges are among them."""
    place = [_nearest(xs, x) for x in table.xs]
    if None in place or place[0] != 0 or place[-1] != len(xs) - 1 or len(set(place)) < len(place):
        return table
    at = [index or 0 for index in place]
    cells = tuple(
        replace(
            cell,
            span=Span(
                cell.span.row, at[cell.span.column], cell.span.row_end, at[cell.span.column_end]
            ),
        )
        for cell in table.cells
    )
    return replace(table, xs=xs, cells=cells)


def _nearest(xs: tuple[float, ...], x: float) -> int | None:
    right = bisect_left(xs, x)
    near = [index for index in (right - 1, right) if 0 <= index < len(xs)]
    best = min(near, key=lambda index: abs(xs[index] - x))
    return best if abs(xs[best] - x) <= _ALIGNED else None


def _headings(table: PageTable) -> frozenset[str]:
    """The texts above the first row with a number that has decimals, in normal form."""
    amounts = [cell.span.row for cell in table.cells if _is_amount(cell.text)]
    first = min(amounts, default=0)
    return frozenset(
        normal(cell.text) for cell in table.cells if cell.text and cell.span.row < first
    )


def _evidence_after(page: PageLayout, head: frozenset[str]) -> TableEvidence:
    """The columns of a table that the page ends with, or the caption at its very end.

    ``head`` are the headings of the table that goes on on the page, if one does.
    """
    if page.open:
        return TableEvidence(title=True, unit=True, open=page.open)
    items = list(page.items)
    while items and _is_footer(items[-1], page):
        items.pop()
    if items and isinstance(items[-1], PageTable):
        table = items[-1]
        whole = next((item for item in items if isinstance(item, PageTable)), None) is table
        return TableEvidence(
            edges=table.xs, head=_headings(table) or (head if whole else frozenset())
        )
    evidence = NO_EVIDENCE
    for item in items[-_CAPTIONS:]:
        evidence = (
            caption_evidence(item.line, evidence) if isinstance(item, PageLine) else NO_EVIDENCE
        )
    return evidence


def _is_footer(item: object, page: PageLayout) -> bool:
    return isinstance(item, PageLine) and (
        item.running
        or (
            len(item.text) <= _SHORT
            and (
                item.top > _FOOT * page.height
                or (item.top > _FOOT_MARGIN * page.height and is_page_number(item.text))
            )
            and caption_evidence(item.line, NO_EVIDENCE) == NO_EVIDENCE
        )
    )
