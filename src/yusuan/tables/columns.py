"""Give each column of a grid its meaning under the schema of a standard table."""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.model.document import Cell
from yusuan.model.money import parse_number
from yusuan.model.text import normal
from yusuan.schema.resource import Field, Resource
from yusuan.tables.headings import HeadingPaths

__all__ = ["Block", "Column", "assign_columns", "match_field", "split_blocks"]

_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "*"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it is, what is printed above it, and the field that names."""

    index: int
    path: tuple[str, ...]
    field: Field | None
    role: str

    @property
    def label(self) -> str:
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of label columns with the amount columns that follow them."""

    direction: str | None
    lead: tuple[Column, ...]
    amounts: tuple[Column, ...]


def match_field(resource: Resource, path: tuple[str, ...]) -> Field | None:
    """The field of a standard table that a heading path names.

    A heading of the schema may be a path itself ("公务用车购置及运行费/小计"); the longest
    match wins, so that a subtotal under a group is not taken for the grand total.
    """
    headings = [normal(part) for part in path]
    best: tuple[int, Field] | None = None
    for field in resource.fields:
        for heading in field.headings:
            parts = [normal(part) for part in heading.split("/")]
            if headings[-len(parts) :] == parts and (best is None or len(parts) > best[0]):
                best = (len(parts), field)
    return best[1] if best else None


def assign_columns(
    resource: Resource, paths: HeadingPaths, body: list[tuple[Cell, ...]]
) -> list[Column]:
    """The columns of a grid, by heading first and by content where the two disagree."""
    columns: list[Column] = []
    for index, path in enumerate(paths):
        field = match_field(resource, path) if path else None
        columns.append(Column(index, path, field, _role(field, _texts(body, index))))
    while columns and not columns[-1].path and not any(_texts(body, columns[-1].index)):
        columns.pop()
    return columns


def split_blocks(resource: Resource, columns: list[Column]) -> list[Block]:
    """Cut the columns into the tables printed side by side; most grids are one block."""
    groups: list[list[Column]] = []
    for column in columns:
        after_amount = bool(groups) and groups[-1][-1].role == "amount"
        if not groups or (column.role != "amount" and after_amount and column.path):
            groups.append([])
        groups[-1].append(column)
    if not resource.sides and len(groups) > 1:
        groups = [[column for group in groups for column in group]]
    return [
        Block(
            _direction(resource, group),
            tuple(column for column in group if column.role != "amount"),
            tuple(column for column in group if column.role == "amount"),
        )
        for group in groups
    ]


def _direction(resource: Resource, group: list[Column]) -> str | None:
    for side in resource.sides:
        words = {normal(heading) for heading in side.headings}
        if any(normal(part) in words for column in group for part in column.path):
            return side.direction
    return resource.dimensions.get("direction")


def _texts(body: list[tuple[Cell, ...]], index: int) -> list[str]:
    texts = [normal(row[index].text) for row in body if index < len(row)]
    return [text for text in texts if text not in _NOTHING]


def _role(field: Field | None, texts: list[str]) -> str:
    """What a column holds. Its cells overrule its heading: OCR loses headings, not content."""
    numbers = sum(1 for text in texts if parse_number(text))
    if field is not None and field.role == "amount":
        return "label" if texts and not numbers else "amount"
    if field is not None and field.role:
        return field.role
    return "amount" if numbers and 2 * numbers > len(texts) else "label"
