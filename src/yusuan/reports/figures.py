"""The pictures and tables that a report shows beside a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.model.document import Cell, Document
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.text import clean
from yusuan.reports.report import Report
from yusuan.reports.spots import CellSpot, Places, TextSpot, spots_of
from yusuan.reports.words import table_title
from yusuan.show.crops import Crop, Mark, Shot, cut
from yusuan.show.excerpt import ShownRow, excerpt
from yusuan.sources.archive import member_named
from yusuan.sources.fragments import Box, PagePlace, page_place, split_member
from yusuan.tables.captions import PrintedTable
from yusuan.tables.headings import heading_rows

__all__ = ["PageFigure", "TableFigure", "TextFigure", "Figure", "figures_of"]

_MOST_SHOTS = 400
"""Parts of pages in one report; what comes later, and is milder, is shown as text."""
_NEAR, _SMALL = 2, 14
"""Rows shown above and below a marked one; tables of so few rows are shown whole."""
_LINES, _LONGEST = 1, 600
"""Paragraphs shown above and below a marked one, and characters of one."""
_CLUE = 12
"""Characters before a number to find it by."""

Spot = CellSpot | TextSpot


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A part of a PDF page; ``spots`` are by the id of the mark."""

    page: int
    caption: str
    shot: Shot
    spots: Mapping[str, Spot]


@dataclass(frozen=True, slots=True)
class TableFigure:
    """Rows of a table; ``spots`` are by the mark of the cell. ``below`` rows follow."""

    page: int | None
    caption: str
    rows: Sequence[ShownRow]
    width: int
    below: int
    spots: Mapping[str, Spot]


@dataclass(frozen=True, slots=True)
class TextFigure:
    """Lines of a text: number, what stands before the mark, the mark, what follows."""

    page: int | None
    lines: Sequence[tuple[int, str, str, str]]
    spot: TextSpot


Figure = PageFigure | TableFigure | TextFigure


def figures_of(report: Report) -> tuple[dict[str, list[Figure]], list[str]]:
    """The figures of each finding by its id, and what could not be drawn, as sentences."""
    places = {key: Places(found.document) for key, found in report.contents.disclosures.items()}
    spots = {finding.finding: spots_of(report, finding, places) for finding in report.findings}
    shots, failures = _all_shots(report, spots)
    figures: dict[str, list[Figure]] = {}
    for finding in report.findings:
        own = spots[finding.finding]
        drawn = shots.get(finding.finding, [])
        done = {id(spot) for figure in drawn for spot in figure.spots.values()}
        rest = [spot for spot in own if id(spot) not in done]
        figures[finding.finding] = [*drawn, *_as_text(report, rest)]
    return figures, failures


def _all_shots(
    report: Report, spots: Mapping[str, list[Spot]]
) -> tuple[dict[str, list[PageFigure]], list[str]]:
    """The figures that are parts of PDF pages, each file drawn by one process."""
    wanted: dict[tuple[str, str | None], list[tuple[str, Crop, dict[str, Spot], str]]] = (
        defaultdict(list)
    )
    number = 0
    for finding in sorted(report.findings, key=_mildness):
        for member, crop, marked, caption in _crops(report, spots[finding.finding]):
            if number < _MOST_SHOTS:
                document = next(iter(marked.values())).document
                wanted[document, member].append((finding.finding, crop, marked, caption))
                number += 1
    figures: dict[str, list[PageFigure]] = defaultdict(list)
    failures = []
    for (key, member), asked in wanted.items():
        document = report.document(key)
        try:
            content = document.content
            if member:
                content = member_named(content, member, document.file)
            shots = cut(content, [crop for _, crop, _, _ in asked], document.file)
        except YusuanError as error:
            failures.append(str(error))
            continue
        for (finding, crop, marked, caption), shot in zip(asked, shots, strict=True):
            if shot:
                found = {mark.id for strip in shot.strips for mark in strip.marks}
                shown = {name: spot for name, spot in marked.items() if name in found}
                figures[finding].append(PageFigure(crop.page, caption, shot, shown))
    return figures, failures


def _mildness(finding: Finding) -> int:
    return ("error", "warning", "rounding", "note").index(finding.verdict)


def _crops(
    report: Report, spots: Iterable[Spot]
) -> list[tuple[str | None, Crop, dict[str, Spot], str]]:
    """What to cut out of pages: the cells of one table on one page together."""
    groups: dict[tuple[object, ...], list[tuple[str, Spot, Mark]]] = defaultdict(list)
    for number, spot in enumerate(spots):
        name = f"m{number}"
        document = report.document(spot.document)
        if isinstance(spot, TextSpot):
            if document.media_type == "application/pdf" and spot.paragraph.position.page:
                page = spot.paragraph.position.page
                before, part, _ = spot.pieces
                mark = Mark(name, None, spot.paragraph.text, part, before[-_CLUE:])
                groups[spot.document, None, page, None].append((name, spot, mark))
            continue
        member, place = _place(document, spot.cell)
        if place and place.box:
            key = (spot.document, member, place.page, id(spot.table))
            groups[key].append((name, spot, Mark(name, place.box)))
    crops = []
    for (key, member, page, _), group in groups.items():
        marked = {name: spot for name, spot, _ in group}
        cells = [spot for _, spot, _ in group if isinstance(spot, CellSpot)]
        head, turn, caption = None, 0, ""
        if cells:
            document = report.document(str(key))
            table = cells[0].table
            turn = _turn(document, table.grid.rows[cells[0].row])
            head = _head(document, table, int(str(page)))
            caption = _caption(report, cells[0])
        marks = tuple(mark for _, _, mark in group)
        crop = Crop(int(str(page)), marks, head, turn)
        crops.append((member if isinstance(member, str) else None, crop, marked, caption))
    return crops


def _place(document: Document, cell: Cell) -> tuple[str | None, PagePlace | None]:
    """The member of an archive and the place on a page that a cell is at."""
    member, fragment = None, cell.fragment
    if document.media_type == "application/zip" and fragment:
        member, fragment = split_member(fragment)
    elif document.media_type != "application/pdf":
        return None, None
    return member, page_place(fragment) if fragment else None


def _head(document: Document, table: PrintedTable, page: int) -> Box | None:
    """The box of the headings of a table, where they are on a page."""
    boxes = [
        place.box
        for row in table.grid.rows[: heading_rows(table.grid)]
        for cell in row
        if (place := _place(document, cell)[1]) and place.page == page and place.box and cell.text
    ]
    if not boxes:
        return None
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _turn(document: Document, row: Sequence[Cell]) -> int:
    """How far to turn a page counter-clockwise so that a row of a table is upright."""
    boxes = [place.box for cell in row if (place := _place(document, cell)[1]) and place.box]
    across = sum(after[0] - before[0] for before, after in pairwise(boxes))
    down = sum(after[1] - before[1] for before, after in pairwise(boxes))
    if abs(across) >= abs(down):
        return 0 if across >= 0 else 180
    return 90 if down > 0 else 270


def _caption(report: Report, spot: CellSpot) -> str:
    """What the table is called: as officials do, else as it is printed."""
    if spot.standard:
        return table_title(spot.standard, report.lang)
    table = spot.table
    titles = [clean(paragraph.text) for paragraph in table.caption if "表" in paragraph.text]
    return titles[-1] if titles else ""


def _as_text(report: Report, spots: Sequence[Spot]) -> list[Figure]:
    """Tables and lines for what is on no page: one figure for the cells of each table."""
    tables: dict[int, list[CellSpot]] = defaultdict(list)
    figures: list[Figure] = []
    for spot in spots:
        if isinstance(spot, CellSpot):
            tables[id(spot.table)].append(spot)
        else:
            figures.append(_text(spot))
    return [*(_table(report, cells) for cells in tables.values()), *figures]


def _table(report: Report, spots: Sequence[CellSpot]) -> TableFigure:
    table = spots[0].table
    count = len(table.grid.rows)
    wanted = set(range(count)) if count <= _SMALL else set()
    for spot in spots:
        wanted |= set(range(spot.row - _NEAR, spot.row + _NEAR + 1))
    marked: dict[str, Spot] = {f"m{number}": spot for number, spot in enumerate(spots)}
    marks = {(spot.row, spot.index): f"m{number}" for number, spot in enumerate(spots)}
    rows = tuple(excerpt(table, wanted, marks))
    last = max(index for index in {*wanted, heading_rows(table.grid) - 1} if index < count)
    return TableFigure(
        spots[0].cell.position.page, _caption(report, spots[0]), rows, table.grid.width, count - last - 1, marked
    )  # fmt: skip


def _text(spot: TextSpot) -> TextFigure:
    lines = []
    for at in range(max(0, spot.at - _LINES), min(len(spot.paragraphs), spot.at + _LINES + 1)):
        paragraph = spot.paragraphs[at]
        before, part, after = paragraph.text, "", ""
        if at == spot.at:
            before, part, after = spot.pieces
        room = _LONGEST // 2
        before = (
            before if len(before) <= room else f"…{before[-room:]}" if part else f"{before[:room]}…"
        )
        after = after if len(after) <= room else f"{after[:room]}…"
        lines.append((paragraph.position.line, before, part, after))
    return TextFigure(spot.paragraph.position.page, tuple(lines), spot)
