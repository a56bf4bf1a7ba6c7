"""The standard tables of one document as a page shows them: as published, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yusuan.model.money import unit_name
from yusuan.schema import Field, Resource

__all__ = ["PrintedCell", "PrintedRow", "PrintedSide", "TableView", "table_view"]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """One cell; for an amount also the id of its fact and where the printed grid has it."""

    text: str
    numeric: bool
    fact: str
    address: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    anchor: str
    row_type: str
    values: tuple[PrintedCell, ...]
    page: str
    line: str

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(value.address for value in self.values if value.address)


@dataclass(frozen=True, slots=True)
class PrintedSide:
    """Rows under one side of a table printed as two; the only group has no title."""

    title: str
    title_en: str
    lines: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """``blank`` are the columns in which the document prints nothing, or which it does not have;
    they are named below the table instead of shown."""

    resource: Resource
    columns: tuple[Field, ...]
    blank: tuple[Field, ...]
    units: tuple[str, ...]
    groups: tuple[PrintedSide, ...]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def table_view(
    resource: Resource,
    rows: Sequence[Row],
    addresses: Mapping[str, str],
    directions: Sequence[Row],
) -> TableView:
    """Arrange a document's rows of a standard table.

    ``addresses`` maps the id of a fact (row id and column, hyphenated) to its
    cell; ``directions``
    are the rows of that code list and give the sides their order and names.
    """
    own = [field for field in resource.fields if field.role]
    shown = [field for field in own if any(row[field.name] for row in rows)]
    units = dict.fromkeys(unit_name(int(row["unit"])) for row in rows)
    return TableView(
        resource=resource,
        columns=tuple(shown),
        blank=tuple(field for field in own if field not in shown) if rows else (),
        units=tuple(units),
        groups=tuple(
            PrintedSide(title, title_en, tuple(_line(row, shown, addresses) for row in part))
            for title, title_en, part in _parts(resource, rows, directions)
            if part
        ),
    )


def _parts(
    resource: Resource, rows: Sequence[Row], directions: Sequence[Row]
) -> list[tuple[str, str, list[Row]]]:
    if not resource.sides:
        return [("", "", list(rows))]
    return [
        (side["name"], side["name_en"], [row for row in rows if row["direction"] == side["code"]])
        for side in directions
    ]


def _line(row: Row, fields: Sequence[Field], addresses: Mapping[str, str]) -> PrintedRow:
    return PrintedRow(
        anchor=row["row"],
        row_type=row["row_type"],
        values=tuple(_value(row, field, addresses) for field in fields),
        page=row["page"],
        line=row["line"],
    )


def _value(row: Row, field: Field, addresses: Mapping[str, str]) -> PrintedCell:
    fact = f"{row['row']}-{field.name.replace('_', '-')}"
    return PrintedCell(row[field.name], field.role == "amount", fact, addresses.get(fact, ""))
