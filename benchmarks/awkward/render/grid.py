"""A table as rows of drawn cells, with the headings that merged cells cover left blank."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.awkward.document import Document, Line, Place, Table

__all__ = ["Drawn", "blocks", "captions", "grids"]


@dataclass
class Drawn:
    """A cell to draw: at a column, over so many rows and columns."""

    place: Place
    column: int
    across: int = 1
    down: int = 1
    heading: bool = False
    line: Line | None = None


def captions(table: Table) -> list[str]:
    return [text for text in (table.number, table.title, *table.above) if text]


def _head(table: Table) -> list[list[Drawn]]:
    taken: set[tuple[int, int]] = set()
    rows = []
    for number, heads in enumerate(table.head):
        column, row = 0, []
        for head in heads:
            while (number, column) in taken:
                column += 1
            row.append(Drawn(Place.of(head.text), column, head.across, head.down, True))
            taken |= {
                (number + i, column + j) for i in range(head.down) for j in range(head.across)
            }
            column += head.across
        rows.append(row)
    return rows


def _body(table: Table) -> list[list[Drawn]]:
    rows = []
    for number, line in enumerate(table.lines):
        row = [Drawn(place, column, line=line) for column, place in enumerate(line.places)]
        if number < len(table.undisplayed):
            first = len(table.columns) + 1
            row += [Drawn(place, first + i) for i, place in enumerate(table.undisplayed[number])]
        rows.append(row)
    return rows


def grids(table: Table) -> list[list[list[Drawn]]]:
    """The rows of each printed part: one, or two where the table is cut."""
    head, body = _head(table), _body(table)
    if not table.cut:
        return [[*head, *body]]
    again = head if "no-head-again" not in table.marks else []
    return [[*head, *body[: table.cut]], [*again, *body[table.cut :]]]


def blocks(document: Document) -> list[str | tuple[Table, list[list[Drawn]]]]:
    """Lines of text and the parts of tables, in reading order; a heading is "# text"."""
    found: list[str | tuple[Table, list[list[Drawn]]]] = [f"# {t}" for t in document.cover[:1]]
    found += document.cover[1:]
    for table in document.tables:
        lines = captions(table)
        found += [f"### {text}" if text == table.title else text for text in lines]
        for number, part in enumerate(grids(table)):
            if number:
                found.append("续表" if "cut-caption" in table.marks else "")
            found.append((table, part))
        found += table.below
    if document.sentences:
        kind = "部门预算"
        found += [
            f"## 第三部分 {document.year}年{kind}情况说明",
            f"### 一、关于{document.name}{document.year}年收支预算情况的总体说明",
            *(sentence.text for sentence in document.sentences),
        ]
    return found
