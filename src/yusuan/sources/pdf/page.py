"""One PDF page: its tables with the text of their cells, and the lines of text around them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yusuan.lexicon.numbers import parse_number
from yusuan.model.document import Run
from yusuan.model.text import clean
from yusuan.sources.fragments import Box
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import PIECE_GAP, GlyphLine, TextLine, cell_text, is_full, lines_of
from yusuan.sources.pdf.markup import (
    UndisplayedGlyph,
    raised_marks,
    split_undisplayed,
    undisplayed_runs,
)
from yusuan.sources.pdf.ruled_tables import SLIVER, Lattice, Span, find_lattices, split_stacked
from yusuan.sources.pdf.rulings import SNAP, Ruling
from yusuan.sources.pdf.table_detection import find_unruled_tables
from yusuan.sources.pdf.unruled_tables import NO_EVIDENCE, TableEvidence

__all__ = ["PageCell", "PageItem", "PageLayout", "PageLine", "PageTable", "read_page"]

_CLOSING = frozenset("）)】》”、，。；：,;")
_CLOSE = 0.2
"""Gap, in font sizes, of characters that are printed together."""
_SMALL = 0.1
"""This share of the ideographs of a page is its small text."""
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
_CROWDED = 3
"""So many numbers in cells that have one already are no accident."""


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of text outside the tables. ``number`` counts the printed lines of the page;
    ``undisplayed`` is that of its paragraph, ``running`` tells that it is a running head or foot."""

    line: GlyphLine
    number: int
    top: float
    bottom: float
    undisplayed: tuple[Run, ...] = ()
    running: bool = False

    @property
    def text(self) -> str:
        return clean(self.line.text)

    @property
    def pieces(self) -> list[str]:
        """The texts of the line that stand far apart; a label stays with what it introduces."""
        return [clean(piece.text) for piece in self.line.parts(PIECE_GAP, keep="：:")]


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell as printed.

    ``number`` is the line its text starts on, None where it has none. ``full`` tells that its
    last line has no room for one more character, so that its text may go on elsewhere. ``box``
    is left, top, right and bottom of the cell in the frame of its page. ``undisplayed`` is that of
    the ``Cell``; ``page`` is set where that is not the page of the table.
    """

    span: Span
    text: str
    number: int | None
    full: bool
    box: Box | None = None
    undisplayed: tuple[Run, ...] = ()
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of one page: edges of columns and rows in points, cells by row and column.

    ``above`` is the number of printed lines of the page that stand above the table, ``open_left``,
    ``open_right``, ``ruled``, ``open_top`` and ``open_bottom`` are those of its lattice.
    """

    xs: tuple[float, ...]
    top: float
    bottom: float
    height: int
    cells: tuple[PageCell, ...]
    above: int
    open_left: frozenset[int] = frozenset()
    open_right: frozenset[int] = frozenset()
    ruled: bool = False
    open_top: bool = False
    open_bottom: bool = False

    def row(self, index: int) -> list[PageCell]:
        """The cells that start in a row; a negative index counts from the last."""
        index %= self.height
        return [cell for cell in self.cells if cell.span.row == index]

    def shifted(self, rows: int) -> tuple[PageCell, ...]:
        """The cells, moved down by some rows."""
        return tuple(
            replace(
                cell,
                span=Span(
                    cell.span.row + rows, cell.span.column,
                    cell.span.row_end + rows, cell.span.column_end,
                ),
            )
            for cell in self.cells
        )  # fmt: skip


PageItem = PageLine | PageTable


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page as read; ``items`` are in reading order, ``lines`` counts all printed lines.

    ``open`` are lines at its end that may be the start of a table, ``began`` the columns of
    a table at its top that the page before began.
    """

    number: int
    height: float
    items: tuple[PageItem, ...]
    lines: int
    open: tuple[TextLine, ...] = ()
    began: tuple[float, ...] | None = None


def read_page(
    number: int, height: float, glyphs: list[Glyph], rulings: Sequence[Ruling],
    before: TableEvidence = NO_EVIDENCE, after: tuple[float, ...] | None = None,
    rows: Sequence[tuple[float, ...]] = (), running: Sequence[GlyphLine] = (),
) -> PageLayout:  # fmt: skip
    """Sort the characters of a page into the cells of its tables and the lines around them.

    The printed lines of a page are counted from 1 at its top, over its full width: texts on
    one baseline are one line, in whatever cells they stand. What is hidden, struck out or the
    mark of a footnote makes no lines and no tables. ``rows`` are the heights between the rows of
    tables on earlier pages, of which this page may hold the last column. The lines ``running`` along
    the margin are of no table.
    """
    glyphs, undisplayed = split_undisplayed(glyphs)
    printed = lines_of(glyph for glyph in glyphs if not glyph.turn)
    if marks := raised_marks(printed):
        undisplayed += marks
        taken = {id(mark.glyph) for mark in marks}
        glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
        printed = lines_of(glyph for glyph in glyphs if not glyph.turn)
    baselines = [min(glyph.origin_y for glyph in line.glyphs) for line in printed]
    margin = {id(glyph) for line in running for glyph in line.glyphs}
    glyphs = [glyph for glyph in glyphs if id(glyph) not in margin] if margin else glyphs
    sliver = _sliver(glyphs)
    ruled = find_lattices(rulings, rows, sliver)
    inside, outside = _shared_out(glyphs, ruled)
    tables = [_table(lattice, own, baselines) for lattice, own in zip(ruled, inside, strict=True)]
    apart = [
        split_stacked(
            lattice, ((cell.span, cell.text) for cell in table.cells), rulings, rows, sliver
        )
        for lattice, table in zip(ruled, tables, strict=True)
    ]
    if any(len(parts) > 1 for parts in apart):
        ruled = [part for parts in apart for part in parts]
        inside, outside = _shared_out(glyphs, ruled)
        tables = [_table(*own, baselines) for own in zip(ruled, inside, strict=True)]
    crowded = [i for i, table in enumerate(tables) if _is_crowded(table)]
    loose = outside + [glyph for i in crowded for glyph in inside[i]]
    found = find_unruled_tables(loose, rulings, ruled, [ruled[i] for i in crowded], before, after)
    lattices = ruled
    if found.tables:
        lattices = found.kept + found.tables
        inside, outside = _shared_out(glyphs, lattices)
        tables = [_table(*own, baselines) for own in zip(lattices, inside, strict=True)]
    lines = _lines(outside, baselines)
    for line in running:
        (own,) = _lines(list(line.glyphs), baselines)
        lines.append(replace(own, running=True))
    if undisplayed:
        tables, lines = _with_undisplayed(undisplayed, lattices, tables, lines)
    items: list[PageItem] = [*tables, *lines]
    items.sort(key=lambda item: item.top)
    return PageLayout(number, height, tuple(items), len(baselines), found.open, found.began)


def _sliver(glyphs: Sequence[Glyph]) -> float:
    """How narrow a row or column can be on a page: as the small text of it, set to fit a page."""
    widths = sorted(glyph.x1 - glyph.x0 for glyph in glyphs if _IDEOGRAPH.match(glyph.text))
    small = widths[int(_SMALL * len(widths))] if widths else SLIVER
    return min(SLIVER, max(small, SNAP))


def _shared_out(
    glyphs: Sequence[Glyph], lattices: Sequence[Lattice]
) -> tuple[list[list[Glyph]], list[Glyph]]:
    """The characters in each lattice, and those in none."""
    inside: list[list[Glyph]] = [[] for _ in lattices]
    outside: list[Glyph] = []
    edges = [
        (table.xs[0], table.ys[0], table.xs[-1], table.ys[-1], own)
        for table, own in zip(lattices, inside, strict=True)
    ]
    for glyph in glyphs:
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        for left, top, right, bottom, own in edges:
            if left <= x <= right and top <= y <= bottom:
                own.append(glyph)
                break
        else:
            outside.append(glyph)
    return inside, outside


def _is_crowded(table: PageTable) -> bool:
    """Whether cells hold several numbers each, so that lines of the table must be missing."""
    counts = [
        sum(parse_number(part) is not None for part in cell.text.split())
        for cell in table.cells if " " in cell.text
    ]  # fmt: skip
    return sum(count - 1 for count in counts if count > 1) >= _CROWDED


def _number(baselines: list[float], y: float) -> int:
    """The printed line that a baseline belongs to."""
    return max(bisect_right(baselines, y), 1)


def _lines(glyphs: list[Glyph], baselines: list[float]) -> list[PageLine]:
    found: list[PageLine] = []
    for turn in range(4):
        own = [glyph for glyph in glyphs if glyph.turn == turn]
        place = {glyph.upright(): glyph for glyph in own} if turn else {}
        for line in lines_of(place or own):
            printed = [place[glyph] for glyph in line.glyphs] if turn else line.glyphs
            number = _number(baselines, printed[0].origin_y)
            top, bottom = min(g.top for g in printed), max(g.bottom for g in printed)
            found.append(PageLine(line, number, top, bottom))
    return found


def _table(lattice: Lattice, glyphs: list[Glyph], baselines: list[float]) -> PageTable:
    owner = {
        (row, column): cell
        for cell in lattice.cells
        for row in range(cell.row, cell.row_end)
        for column in range(cell.column, cell.column_end)
    }
    held: defaultdict[Span, list[Glyph]] = defaultdict(list)
    before: Glyph | None = None
    for glyph in glyphs:
        at = before if before and _hangs(glyph, before) else glyph
        held[owner[lattice.box_at(at.x, at.y)]].append(glyph)
        before = glyph._replace(x0=at.x0, x1=at.x1) if at is before else glyph
    return PageTable(
        lattice.xs, lattice.top, lattice.bottom, len(lattice.ys) - 1,
        tuple(_cell(span, lattice, held[span], baselines) for span in lattice.cells),
        bisect_right(baselines, lattice.top), lattice.open_left, lattice.open_right, lattice.ruled,
        lattice.open_top, lattice.open_bottom,
    )  # fmt: skip


def _with_undisplayed(
    undisplayed: Sequence[UndisplayedGlyph], lattices: Sequence[Lattice], tables: Sequence[PageTable],
    lines: Sequence[PageLine],
) -> tuple[list[PageTable], list[PageLine]]:  # fmt: skip
    """Tables and lines with what is put aside, each at its cell or line; elsewhere it is lost."""
    in_cell: defaultdict[tuple[int, int], list[UndisplayedGlyph]] = defaultdict(list)
    on_line: defaultdict[int, list[UndisplayedGlyph]] = defaultdict(list)
    for one in undisplayed:
        x, y = one.at.x, one.at.y
        home = next((i for i, lattice in enumerate(lattices) if lattice.holds(x, y)), None)
        if home is not None:
            row, column = lattices[home].box_at(x, y)
            spans = enumerate(cell.span for cell in tables[home].cells)
            in_cell[home, next(i for i, span in spans if span.holds(row, column))].append(one)
            continue
        near = [i for i, line in enumerate(lines) if line.top <= y <= line.bottom]
        if near:
            on_line[min(near, key=lambda i: abs(lines[i].line.x0 - x))].append(one)
    found = list(tables)
    for (home, index), own in in_cell.items():
        cells = list(found[home].cells)
        span = cells[index].span
        width = lattices[home].xs[span.column_end] - lattices[home].xs[span.column]
        cells[index] = replace(cells[index], undisplayed=_runs(own, width))
        found[home] = replace(found[home], cells=tuple(cells))
    return found, [
        replace(line, undisplayed=_runs(on_line[i], line.line.x1 - line.line.x0))
        if i in on_line
        else line
        for i, line in enumerate(lines)
    ]


def _runs(own: Sequence[UndisplayedGlyph], width: float) -> tuple[Run, ...]:
    return undisplayed_runs(own, lambda glyphs: clean(cell_text(glyphs, width)))


def _hangs(glyph: Glyph, before: Glyph) -> bool:
    """Whether a closing sign stands right after a character: word processors let it hang over
    the edge of the cell, but it stays with what it closes."""
    return (
        glyph.text in _CLOSING
        and abs(glyph.origin_y - before.origin_y) < 1
        and abs(glyph.origin_x - before.x1) < _CLOSE * glyph.size
    )


def _cell(span: Span, lattice: Lattice, glyphs: list[Glyph], baselines: list[float]) -> PageCell:
    width = lattice.xs[span.column_end] - lattice.xs[span.column]
    first = min((glyph.origin_y for glyph in glyphs), default=None)
    return PageCell(
        span,
        clean(cell_text(glyphs, width)),
        None if first is None else _number(baselines, first),
        bool(glyphs) and is_full(lines_of(glyphs)[-1], width),
        (
            lattice.xs[span.column], lattice.ys[span.row],
            lattice.xs[span.column_end], lattice.ys[span.row_end],
        ),
    )  # fmt: skip
