"""The pictures and tables that a report shows beside a finding."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yusuan.reports.report import CheckReport
from yusuan.reports.shots import PageFigure, caption_of, shots_of
from yusuan.reports.spots import CellSpot, Places, Spot, TextSpot, spots_of
from yusuan.show.excerpt import ShownRow, excerpt
from yusuan.tables.headings import heading_rows

__all__ = ["Figure", "TableFigure", "TextFigure", "figures_of", "spots_in"]

_NEAR, _SMALL = 2, 14
"""Rows shown above and below a marked one; tables of so few rows are shown whole."""
_LINES, _LONGEST = 1, 300
"""Paragraphs shown above and below a marked one, and characters before and after a number."""


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


def figures_of(report: CheckReport) -> tuple[Mapping[str, Sequence[Figure]], list[str]]:
    """The figures of each finding by its id, and what could not be drawn, as sentences."""
    places = {key: Places(found.document) for key, found in report.contents.disclosures.items()}
    spots = {finding.finding: spots_of(report, finding, places) for finding in report.findings}
    shots, failures = shots_of(report, spots)
    figures: dict[str, list[Figure]] = {}
    for name, own in spots.items():
        drawn = shots.get(name, [])
        done = {id(spot) for figure in drawn for spot in figure.spots.values()}
        rest = [spot for spot in own if id(spot) not in done]
        figures[name] = [*drawn, *_as_text(rest, report.lang)]
    return figures, failures


def spots_in(figure: Figure) -> Iterable[Spot]:
    """What is marked in a figure."""
    return [figure.spot] if isinstance(figure, TextFigure) else figure.spots.values()


def _as_text(spots: Sequence[Spot], lang: str) -> list[Figure]:
    """Tables and lines for what is on no page: one figure for the cells of each table."""
    tables: dict[int, list[CellSpot]] = defaultdict(list)
    lines: list[Figure] = []
    for spot in spots:
        if isinstance(spot, CellSpot):
            tables[id(spot.table)].append(spot)
        else:
            lines.append(_text(spot))
    return [*(_table(cells, lang) for cells in tables.values()), *lines]


def _table(spots: Sequence[CellSpot], lang: str) -> TableFigure:
    table = spots[0].table
    count = len(table.grid.rows)
    wanted = set(range(count)) if count <= _SMALL else set()
    for spot in spots:
        wanted |= set(range(max(0, spot.row - _NEAR), min(count, spot.row + _NEAR + 1)))
    marked: dict[str, Spot] = {f"m{number}": spot for number, spot in enumerate(spots)}
    marks = {(spot.row, spot.index): f"m{number}" for number, spot in enumerate(spots)}
    last = max(*wanted, heading_rows(table.grid) - 1)
    return TableFigure(
        page=spots[0].cell.position.page,
        caption=caption_of(spots[0], lang),
        rows=tuple(excerpt(table, wanted, marks)),
        width=table.grid.width,
        below=count - last - 1,
        spots=marked,
    )


def _text(spot: TextSpot) -> TextFigure:
    lines = []
    for at in range(max(0, spot.at - _LINES), min(len(spot.paragraphs), spot.at + _LINES + 1)):
        paragraph = spot.paragraphs[at]
        before, part, after = spot.pieces if at == spot.at else (paragraph.text, "", "")
        if len(before) > _LONGEST:
            before = f"…{before[-_LONGEST:]}" if part else f"{before[:_LONGEST]}…"
        if len(after) > _LONGEST:
            after = f"{after[:_LONGEST]}…"
        lines.append((paragraph.position.line, before, part, after))
    return TextFigure(spot.paragraph.position.page, tuple(lines), spot)
