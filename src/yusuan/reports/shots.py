"""The parts of PDF pages that a report shows, each file drawn by one process with limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.model.document import Cell, Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.reports.report import CheckReport
from yusuan.reports.spots import CellSpot, Spot, TextSpot
from yusuan.reports.words import VERDICTS, table_title
from yusuan.show.crops import Crop, Mark, Shot, cut, page_workers
from yusuan.sources.archive import member_named
from yusuan.sources.fragments import ARCHIVE_TYPES, Box, PagePlace, page_place, split_member
from yusuan.tables.captions import PrintedTable
from yusuan.tables.headings import heading_rows

__all__ = ["PageFigure", "caption_of", "shots_of"]

_MOST = 400
"""Parts of pages in one report; what comes later, and is milder, is shown as text."""
_CLUE = 12
"""Characters before a number to find it by."""

Group = tuple[str, str | None, int, int]
"""A document, the member of an archive, a page, and a table (0 for running text)."""


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A part of a PDF page; ``spots`` are by the id of the mark."""

    page: int
    caption: str
    shot: Shot
    spots: Mapping[str, Spot]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to cut out of a page for a finding."""

    finding: str
    document: str
    member: str | None
    crop: Crop
    caption: str
    spots: Mapping[str, Spot]


def shots_of(
    report: CheckReport, spots: Mapping[str, Sequence[Spot]]
) -> tuple[Mapping[str, list[PageFigure]], list[str]]:
    """The parts of pages by finding, and sentences on the files that could not be drawn.

    ``spots`` are by finding.
    """
    files: dict[tuple[str, str | None], list[_Asked]] = defaultdict(list)
    worst = sorted(report.findings, key=lambda finding: VERDICTS.index(finding.verdict))
    wanted = [asked for f in worst for asked in _asked(report, f.finding, spots[f.finding])]
    for asked in wanted[:_MOST]:
        files[asked.document, asked.member].append(asked)
    figures: dict[str, list[PageFigure]] = defaultdict(list)
    failures = []
    with page_workers() as pool:
        for (key, member), those in files.items():
            document = report.document(key)
            try:
                content = document.content
                if member:
                    content = member_named(content, member, document.file)
                shots = cut(pool, content, [asked.crop for asked in those], document.file)
            except YusuanError as error:
                failures.append(str(error))
                continue
            for asked, shot in zip(those, shots, strict=True):
                if shot:
                    found = {mark.id for strip in shot.strips for mark in strip.marks}
                    shown = {name: spot for name, spot in asked.spots.items() if name in found}
                    figure = PageFigure(asked.crop.page, asked.caption, shot, shown)
                    figures[asked.finding].append(figure)
    return figures, failures


def _asked(report: CheckReport, finding: str, spots: Sequence[Spot]) -> Iterator[_Asked]:
    """The cells of one table on one page are shown together."""
    groups: dict[Group, dict[str, tuple[Spot, Mark]]] = defaultdict(dict)
    for number, spot in enumerate(spots):
        name = f"m{number}"
        document = report.document(spot.document)
        if isinstance(spot, TextSpot):
            page = spot.paragraph.position.page
            if document.media_type == "application/pdf" and page:
                before, part, _ = spot.pieces
                mark = Mark(name, None, spot.paragraph.text, part, before[-_CLUE:])
                groups[spot.document, None, page, 0][name] = spot, mark
            continue
        member, place = _place(document, spot.cell)
        if place and place.box:
            group = (spot.document, member, place.page, id(spot.table))
            groups[group][name] = spot, Mark(name, place.box)
    for (key, member, page, _), marked in groups.items():
        marks = tuple(mark for _, mark in marked.values())
        crop, caption = Crop(page, marks), ""
        first = next(spot for spot, _ in marked.values())
        if isinstance(first, CellSpot):
            document, table = report.document(key), first.table
            turn = _turn(document, table.grid.rows[first.row])
            crop = Crop(page, marks, _head(document, table, page), turn)
            caption = caption_of(first, report.lang)
        shown = {name: spot for name, (spot, _) in marked.items()}
        yield _Asked(finding, key, member, crop, caption, shown)


def caption_of(spot: CellSpot, lang: str) -> str:
    """What the table of a cell is called: as officials do, else as it is printed."""
    if spot.standard:
        return table_title(spot.standard, lang)
    titles = [clean(line.text) for line in spot.table.caption if "表" in line.text]
    return titles[-1] if titles else ""


def _place(document: Document, cell: Cell) -> tuple[str | None, PagePlace | None]:
    """The member of an archive and the place on a page that a cell is at."""
    member, fragment = None, cell.fragment
    if document.media_type in ARCHIVE_TYPES and fragment:
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
