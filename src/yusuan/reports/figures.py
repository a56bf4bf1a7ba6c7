"""The pictures and tables that a report shows beside a finding: the cell named, those it contradicts,
those in doubt, each in a part of its PDF page, in its table or in its text.

Each PDF file is drawn by one process with limits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from yusuan.model.document import Cell, Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Evidence, Finding
from yusuan.model.records import Claim, Fact
from yusuan.model.text import clean, normal
from yusuan.reports.report import VERDICTS, CheckReport, table_title
from yusuan.show.crops import Crop, CropPictures, Mark, cut, page_workers
from yusuan.show.excerpt import ShownRow, excerpt
from yusuan.sources.archive import member_named
from yusuan.sources.fragments import ARCHIVE_TYPES, Box, PagePlace, page_place, split_member
from yusuan.tables.captions import PrintedTable, printed_tables
from yusuan.tables.headings import heading_rows

__all__ = [
    "Figure",
    "MarkedCell",
    "MarkedLine",
    "MarkedPlace",
    "PageFigure",
    "PrintedCells",
    "TableFigure",
    "TextFigure",
    "caption_of",
    "figures_of",
    "marked_places",
    "page_figures",
    "places_in",
]

_NUMBER = re.compile(r"[-+]?\d[\d,，.]*")
NAMED, CONTRADICTED, CANDIDATE = "named", "contradicted", "candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class _MarkedPlace:
    """``role`` is named, contradicted or candidate, ``number`` which explanation a candidate
    belongs to, ``proposed`` what is to be printed beside it."""

    document: str
    role: str
    number: int | None = None
    proposed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedCell(_MarkedPlace):
    """A cell; ``row`` and ``index`` are its place in the grid, ``standard`` names its table."""

    table: PrintedTable
    row: int
    index: int
    standard: str | None = None

    @property
    def cell(self) -> Cell:
        return self.table.grid.rows[self.row][self.index]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLine(_MarkedPlace):
    """A line of text and the number in it; ``at`` is its place among the paragraphs."""

    paragraphs: tuple[Paragraph, ...]
    at: int
    part: str

    @property
    def paragraph(self) -> Paragraph:
        return self.paragraphs[self.at]

    @property
    def pieces(self) -> tuple[str, str, str]:
        """What stands before the number, the number, what follows; all in the first if the
        number is not in the line."""
        text = self.paragraph.text
        # The unit may stand on the next line; and 0.6 is not in 10.6.
        alone = _NUMBER.match(self.part)
        tried = [part for part in (self.part, alone and alone[0]) if part]
        found = next(
            filter(None, (re.search(rf"(?<![\d.,]){re.escape(part)}", text) for part in tried)),
            None,
        )
        if found is None:
            return text, "", ""
        return text[: found.start()], found[0], text[found.end() :]


MarkedPlace = MarkedCell | MarkedLine


class PrintedCells:
    """The cells and lines of a document by where they are printed."""

    def __init__(self, document: Document) -> None:
        self._document = document

    @cached_property
    def _cells(self) -> Mapping[tuple[int | None, int], list[tuple[PrintedTable, int, int]]]:
        found: dict[tuple[int | None, int], list[tuple[PrintedTable, int, int]]] = defaultdict(list)
        for table in printed_tables(self._document):
            for row, cells in enumerate(table.grid.rows):
                for index, cell in enumerate(cells):
                    found[cell.position.page, cell.position.line].append((table, row, index))
        return found

    @cached_property
    def _paragraphs(self) -> tuple[Paragraph, ...]:
        return tuple(self._document.paragraphs)

    def cell(
        self,
        page: int | None,
        line: int | None,
        address: str | None,
        fragment: str | None,
        printed: str = "",
    ) -> tuple[PrintedTable, int, int] | None:
        """The table, row and number of a cell; of several tables that stand on one line of a web
        page, the one where the cell prints what it should."""
        found = [
            (cell, (table, row, index))
            for table, row, index in self._cells.get((page, line or 0), ())
            if (cell := table.grid.rows[row][index]).address == address
            and fragment in (None, cell.fragment)
        ]
        own = [place for cell, place in found if printed and printed in cell.text]
        return next(iter([*own, *(place for _, place in found)]), None)

    def printing(
        self, page: int | None, line: int | None, printed: str
    ) -> list[tuple[PrintedTable, int, int]]:
        """The cells of a line of a table that print a text or a part of it; else the first."""
        row = self._cells.get((page, line or 0), [])
        words = normal(printed)
        own = [(normal(table.grid.rows[r][i].text), (table, r, i)) for table, r, i in row]
        exact = [place for text, place in own if text and text in words]
        return exact or [place for text, place in own if text][:1]

    def text(self, page: int | None, line: int | None) -> tuple[tuple[Paragraph, ...], int] | None:
        """The paragraphs of the document, and which of them begins at a line."""
        for at, paragraph in enumerate(self._paragraphs):
            if (paragraph.position.page, paragraph.position.line) == (page, line):
                return self._paragraphs, at
        return None


def marked_places(
    report: CheckReport, finding: Finding, places: Mapping[str, PrintedCells]
) -> list[MarkedPlace]:
    """The marked places of a finding, the one it names first, none twice."""
    found: list[MarkedPlace] = []
    seen: set[object] = set()
    for marked_place in _all_marked(report, finding, places):
        key = (
            (id(marked_place.table), marked_place.row, marked_place.index) if isinstance(marked_place, MarkedCell)
            else (marked_place.document, marked_place.at, marked_place.part)
        )  # fmt: skip
        if key not in seen:
            seen.add(key)
            found.append(marked_place)
    return found


def _all_marked(
    report: CheckReport, finding: Finding, places: Mapping[str, PrintedCells]
) -> Iterator[MarkedPlace]:
    candidates = [entry for entry in finding.evidence if entry.role == "candidate"]
    if finding.certainty == "tied":
        for entry in candidates:
            yield from _evidence(report, entry, CANDIDATE, places)
    yield from _named_places(report, finding, places)
    for entry in finding.evidence:
        if entry.role == "repetition":
            yield from _evidence(report, entry, NAMED, places)
    for entry in finding.evidence:
        if entry.role in ("contradiction", "counterpart"):
            yield from _evidence(report, entry, CONTRADICTED, places)


def _named_places(
    report: CheckReport, finding: Finding, places: Mapping[str, PrintedCells]
) -> Iterator[MarkedPlace]:
    role, proposed = NAMED, finding.proposed
    about = report.about(finding)
    if about is not None:
        yield from _printed(about, role, None, proposed, places)
    elif finding.document in places:
        document, here = finding.document, places[finding.document]
        where = (finding.page, finding.line)
        cell = (
            here.cell(*where, finding.cell, None, finding.printed or "") if finding.cell else None
        )
        for table, row, index in [cell] if cell else here.printing(*where, finding.printed or ""):
            yield MarkedCell(document=document, role=role, proposed=proposed,
                           table=table, row=row, index=index, standard=finding.table)  # fmt: skip
        if found := here.text(*where):
            yield MarkedLine(document=document, role=role, proposed=proposed, paragraphs=found[0],
                           at=found[1], part=finding.printed or "")  # fmt: skip


def _evidence(
    report: CheckReport, entry: Evidence, role: str, places: Mapping[str, PrintedCells]
) -> Iterator[MarkedPlace]:
    about = report.about(entry)
    if about is None:
        return
    proposed = None if role == CONTRADICTED else entry.proposed
    yield from _printed(about, role, entry.explanation, proposed, places)


def _printed(
    about: Fact | Claim,
    role: str,
    number: int | None,
    proposed: str | None,
    places: Mapping[str, PrintedCells],
) -> Iterator[MarkedPlace]:
    """The cell of a fact, or the line of a claim."""
    here = places[about.document]
    if isinstance(about, Fact):
        if cell := here.cell(about.page, about.line, about.cell, about.fragment, about.printed):
            yield MarkedCell(document=about.document, role=role, number=number, proposed=proposed,
                           table=cell[0], row=cell[1], index=cell[2], standard=about.table)  # fmt: skip
    elif text := here.text(about.page, about.line):
        yield MarkedLine(document=about.document, role=role, number=number, proposed=proposed,
                       paragraphs=text[0], at=text[1], part=about.printed)  # fmt: skip


_MOST_CROPS = 400
"""Parts of pages in one report; what comes later, and is milder, is shown as text."""
_CLUE = 12
"""Characters before a number to find it by."""

_CropGroup = tuple[str, str | None, int, int]
"""A document, the member of an archive, a page, and a table (0 for running text)."""


@dataclass(frozen=True, slots=True)
class PageFigure:
    """A part of a PDF page; ``marked_places`` are by the id of the mark."""

    page: int
    caption: str
    pictures: CropPictures
    marked_places: Mapping[str, MarkedPlace]


@dataclass(frozen=True, slots=True)
class _CropRequest:
    """What to cut out of a page for a finding."""

    finding: str
    document: str
    member: str | None
    crop: Crop
    caption: str
    marked_places: Mapping[str, MarkedPlace]


def page_figures(
    report: CheckReport, marked_places: Mapping[str, Sequence[MarkedPlace]]
) -> tuple[Mapping[str, list[PageFigure]], list[str]]:
    """The parts of pages by finding, and sentences on the files that could not be drawn.

    ``marked_places`` are by finding.
    """
    files: dict[tuple[str, str | None], list[_CropRequest]] = defaultdict(list)
    worst = sorted(report.findings, key=lambda finding: VERDICTS.index(finding.verdict))
    wanted = [
        request
        for f in worst
        for request in _crop_requests(report, f.finding, marked_places[f.finding])
    ]
    for request in wanted[:_MOST_CROPS]:
        files[request.document, request.member].append(request)
    figures: dict[str, list[PageFigure]] = defaultdict(list)
    failures = []
    with page_workers() as pool:
        for (key, member), those in files.items():
            document = report.document(key)
            try:
                content = document.content
                if member:
                    content = member_named(content, member, document.file)
                crops = cut(pool, content, [request.crop for request in those], document.file)
            except YusuanError as error:
                failures.append(str(error))
                continue
            for request, pictures in zip(those, crops, strict=True):
                if pictures:
                    found = {mark.id for strip in pictures.strips for mark in strip.marks}
                    shown = {
                        name: marked_place
                        for name, marked_place in request.marked_places.items()
                        if name in found
                    }
                    figure = PageFigure(request.crop.page, request.caption, pictures, shown)
                    figures[request.finding].append(figure)
    return figures, failures


def _crop_requests(
    report: CheckReport, finding: str, marked_places: Sequence[MarkedPlace]
) -> Iterator[_CropRequest]:
    """The cells of one table on one page are shown together."""
    groups: dict[_CropGroup, dict[str, tuple[MarkedPlace, Mark]]] = defaultdict(dict)
    for number, marked_place in enumerate(marked_places):
        name = f"m{number}"
        document = report.document(marked_place.document)
        if isinstance(marked_place, MarkedLine):
            page = marked_place.paragraph.position.page
            if document.media_type == "application/pdf" and page:
                before, part, _ = marked_place.pieces
                mark = Mark(name, None, marked_place.paragraph.text, part, before[-_CLUE:])
                groups[marked_place.document, None, page, 0][name] = marked_place, mark
            continue
        member, place = _place(document, marked_place.cell)
        if place and place.box:
            group = (marked_place.document, member, place.page, id(marked_place.table))
            groups[group][name] = marked_place, Mark(name, place.box)
    for (key, member, page, _), marked in groups.items():
        marks = tuple(mark for _, mark in marked.values())
        crop, caption = Crop(page, marks), ""
        first = next(marked_place for marked_place, _ in marked.values())
        if isinstance(first, MarkedCell):
            document, table = report.document(key), first.table
            turn = _turn(document, table.grid.rows[first.row])
            crop = Crop(page, marks, _head(document, table, page), turn)
            caption = caption_of(first, report.lang)
        shown = {name: marked_place for name, (marked_place, _) in marked.items()}
        yield _CropRequest(finding, key, member, crop, caption, shown)


def caption_of(marked_place: MarkedCell, lang: str) -> str:
    """What the table of a cell is called: as officials do, else as it is printed."""
    if marked_place.standard:
        return table_title(marked_place.standard, lang)
    titles = [clean(line.text) for line in marked_place.table.caption if "表" in line.text]
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


_NEAR, _SMALL = 2, 14
"""Rows shown above and below a marked one; tables of so few rows are shown whole."""
_LINES, _LONGEST = 1, 300
"""Paragraphs shown above and below a marked one, and characters before and after a number."""


@dataclass(frozen=True, slots=True)
class TableFigure:
    """Rows of a table; ``marked_places`` are by the mark of the cell. ``below`` rows follow."""

    page: int | None
    caption: str
    rows: Sequence[ShownRow]
    width: int
    below: int
    marked_places: Mapping[str, MarkedPlace]


@dataclass(frozen=True, slots=True)
class TextFigure:
    """Lines of a text: number, what stands before the mark, the mark, what follows."""

    page: int | None
    lines: Sequence[tuple[int, str, str, str]]
    marked_place: MarkedLine


Figure = PageFigure | TableFigure | TextFigure


def figures_of(report: CheckReport) -> tuple[Mapping[str, Sequence[Figure]], list[str]]:
    """The figures of each finding by its id, and what could not be drawn, as sentences."""
    places = {
        key: PrintedCells(found.document) for key, found in report.contents.disclosures.items()
    }
    places_by_finding = {
        finding.finding: marked_places(report, finding, places) for finding in report.findings
    }
    crops, failures = page_figures(report, places_by_finding)
    figures: dict[str, list[Figure]] = {}
    for name, own in places_by_finding.items():
        drawn = crops.get(name, [])
        done = {
            id(marked_place) for figure in drawn for marked_place in figure.marked_places.values()
        }
        rest = [marked_place for marked_place in own if id(marked_place) not in done]
        figures[name] = [*drawn, *_as_text(rest, report.lang)]
    return figures, failures


def places_in(figure: Figure) -> Iterable[MarkedPlace]:
    """What is marked in a figure."""
    return (
        [figure.marked_place] if isinstance(figure, TextFigure) else figure.marked_places.values()
    )


def _as_text(marked_places: Sequence[MarkedPlace], lang: str) -> list[Figure]:
    """Tables and lines for what is on no page: one figure for the cells of each table."""
    tables: dict[int, list[MarkedCell]] = defaultdict(list)
    lines: list[Figure] = []
    for marked_place in marked_places:
        if isinstance(marked_place, MarkedCell):
            tables[id(marked_place.table)].append(marked_place)
        else:
            lines.append(_text(marked_place))
    return [*(_table(cells, lang) for cells in tables.values()), *lines]


def _table(marked_places: Sequence[MarkedCell], lang: str) -> TableFigure:
    table = marked_places[0].table
    count = len(table.grid.rows)
    wanted = set(range(count)) if count <= _SMALL else set()
    for marked_place in marked_places:
        wanted |= set(
            range(max(0, marked_place.row - _NEAR), min(count, marked_place.row + _NEAR + 1))
        )
    marked: dict[str, MarkedPlace] = {
        f"m{number}": marked_place for number, marked_place in enumerate(marked_places)
    }
    marks = {
        (marked_place.row, marked_place.index): f"m{number}"
        for number, marked_place in enumerate(marked_places)
    }
    last = max(*wanted, heading_rows(table.grid) - 1)
    return TableFigure(
        page=marked_places[0].cell.position.page,
        caption=caption_of(marked_places[0], lang),
        rows=tuple(excerpt(table, wanted, marks)),
        width=table.grid.width,
        below=count - last - 1,
        marked_places=marked,
    )


def _text(marked_place: MarkedLine) -> TextFigure:
    lines = []
    for at in range(
        max(0, marked_place.at - _LINES),
        min(len(marked_place.paragraphs), marked_place.at + _LINES + 1),
    ):
        paragraph = marked_place.paragraphs[at]
        before, part, after = (
            marked_place.pieces if at == marked_place.at else (paragraph.text, "", "")
        )
        if len(before) > _LONGEST:
            before = f"…{before[-_LONGEST:]}" if part else f"{before[:_LONGEST]}…"
        if len(after) > _LONGEST:
            after = f"{after[:_LONGEST]}…"
        lines.append((paragraph.position.line, before, part, after))
    return TextFigure(marked_place.paragraph.position.page, tuple(lines), marked_place)
