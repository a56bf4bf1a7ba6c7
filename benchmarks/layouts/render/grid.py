"""A table as places on a grid, which every renderer draws."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.layouts.model import COVERED, Amount, Cell, Column, Disclosure, Table

__all__ = ["Place", "captions", "matrix", "places", "size"]


@dataclass(frozen=True)
class Place:
    row: int
    column: int
    text: str
    down: int = 1
    across: int = 1
    amount: Amount | None = None


def captions(document: Disclosure, table: Table) -> list[str]:
    """Number, title, body and unit of a table, a line each, as the style has them."""
    style = document.style
    names = {1: "元", 10_000: "万元"}
    unit = style.unit_form.format(names[table.unit] if table.unit else style.unit_name)
    body = style.body_form.format(word=document.body_word, name=document.name)
    if style.unit_in_title:
        lines = [table.number, f"{table.title}（{unit}）", body]
    elif style.one_line_caption:
        lines = [table.number, table.title, f"{body}    {unit}"]
    else:
        lines = [table.number, table.title, body, unit]
    return [line for line in lines if line]


def size(document: Disclosure, table: Table) -> tuple[int, int, int]:
    """Rows above the body (captions inside counted), all rows, columns."""
    above = len(table.head)
    if document.style.caption_inside:
        above += len(captions(document, table))
    return above, above + len(table.body), len(table.columns)


def places(document: Disclosure, table: Table) -> list[Place]:
    """Every printed cell, top left place first."""
    width = len(table.columns)
    found: list[Place] = []
    offset = 0
    if document.style.caption_inside:
        for text in captions(document, table):
            found.append(Place(offset, 0, text, 1, width))
            offset += 1
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.head):
        column = 0
        for head in line:
            while (row, column) in taken:
                column += 1
            found.append(Place(row + offset, column, head.text, head.down, head.across))
            taken |= {(row + i, column + j) for i in range(head.down) for j in range(head.across)}
            column += head.across
        assert all(c in {c for r, c in taken if r == row} for c in range(width)), (table.title, row)
        assert max(c for r, c in taken) < width, (table.title, row)
    offset += len(table.head)
    for row, cells in enumerate(table.body, start=offset):
        for column, cell in enumerate(cells):
            if cell is COVERED:
                continue
            if isinstance(cell, Amount):
                meaning = table.columns[column]
                assert isinstance(meaning, Column), (table.title, column)
                found.append(
                    Place(row, column, document.text_of(table, meaning, cell), amount=cell)
                )
            elif isinstance(cell, Cell):
                found.append(Place(row, column, cell.text, cell.down, cell.across))
            else:
                found.append(Place(row, column, cell))
    return found


def matrix(document: Disclosure, table: Table, repeat: bool = False) -> list[list[str]]:
    """Texts row by row; what a merged cell covers is blank, or with ``repeat`` its text again."""
    _, rows, columns = size(document, table)
    texts = [[""] * columns for _ in range(rows)]
    for place in places(document, table):
        texts[place.row][place.column] = place.text
        for row in range(place.row, place.row + place.down if repeat else 0):
            for column in range(place.column, place.column + place.across):
                texts[row][column] = place.text
    return texts
