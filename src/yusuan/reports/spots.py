"""Where in its source each finding is: the cell named, those it contradicts, those in doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from yusuan.model.document import Cell, Document, Paragraph
from yusuan.model.findings import Evidence, Finding
from yusuan.model.records import Claim, Fact
from yusuan.model.text import normal
from yusuan.reports.report import CheckReport
from yusuan.tables.captions import PrintedTable, printed_tables

__all__ = ["CellSpot", "Places", "Spot", "TextSpot", "spots_of"]

_NUMBER = re.compile(r"[-+]?\d[\d,，.]*")
NAMED, CONTRADICTED, CANDIDATE = "named", "contradicted", "candidate"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """``role`` is named, contradicted or candidate, ``number`` which explanation a candidate
    belongs to, ``proposed`` what is to be printed beside it."""

    document: str
    role: str
    number: int | None = None
    proposed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpot(_Spot):
    """A cell; ``row`` and ``index`` are its place in the grid, ``standard`` names its table."""

    table: PrintedTable
    row: int
    index: int
    standard: str | None = None

    @property
    def cell(self) -> Cell:
        return self.table.grid.rows[self.row][self.index]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpot(_Spot):
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


Spot = CellSpot | TextSpot


class Places:
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


def spots_of(report: CheckReport, finding: Finding, places: Mapping[str, Places]) -> list[Spot]:
    """The spots of a finding, the one it names first, none twice."""
    found: list[Spot] = []
    seen: set[object] = set()
    for spot in _all(report, finding, places):
        key = (
            (id(spot.table), spot.row, spot.index) if isinstance(spot, CellSpot)
            else (spot.document, spot.at, spot.part)
        )  # fmt: skip
        if key not in seen:
            seen.add(key)
            found.append(spot)
    return found


def _all(report: CheckReport, finding: Finding, places: Mapping[str, Places]) -> Iterator[Spot]:
    candidates = [entry for entry in finding.evidence if entry.role == "candidate"]
    if finding.certainty == "tied":
        for entry in candidates:
            yield from _evidence(report, entry, CANDIDATE, places)
    yield from _named(report, finding, places)
    for entry in finding.evidence:
        if entry.role == "repetition":
            yield from _evidence(report, entry, NAMED, places)
    for entry in finding.evidence:
        if entry.role in ("contradiction", "counterpart"):
            yield from _evidence(report, entry, CONTRADICTED, places)


def _named(report: CheckReport, finding: Finding, places: Mapping[str, Places]) -> Iterator[Spot]:
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
            yield CellSpot(document=document, role=role, proposed=proposed,
                           table=table, row=row, index=index, standard=finding.table)  # fmt: skip
        if found := here.text(*where):
            yield TextSpot(document=document, role=role, proposed=proposed, paragraphs=found[0],
                           at=found[1], part=finding.printed or "")  # fmt: skip


def _evidence(
    report: CheckReport, entry: Evidence, role: str, places: Mapping[str, Places]
) -> Iterator[Spot]:
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
    places: Mapping[str, Places],
) -> Iterator[Spot]:
    """The cell of a fact, or the line of a claim."""
    here = places[about.document]
    if isinstance(about, Fact):
        if cell := here.cell(about.page, about.line, about.cell, about.fragment, about.printed):
            yield CellSpot(document=about.document, role=role, number=number, proposed=proposed,
                           table=cell[0], row=cell[1], index=cell[2], standard=about.table)  # fmt: skip
    elif text := here.text(about.page, about.line):
        yield TextSpot(document=about.document, role=role, number=number, proposed=proposed,
                       paragraphs=text[0], at=text[1], part=about.printed)  # fmt: skip
