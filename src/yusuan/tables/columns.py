"""Give each column of a grid its meaning under the schema of a standard table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from yusuan.model.document import Cell
from yusuan.model.money import parse_number
from yusuan.model.text import normal
from yusuan.schema.resource import Field, Resource, Side
from yusuan.schema.vocabulary import phase_named
from yusuan.tables.headings import HeadingPaths

__all__ = ["Block", "Column", "assign_columns", "match_column", "match_field", "split_blocks"]

_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "*"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it is, what is printed above it, the field and the phase that names."""

    index: int
    path: tuple[str, ...]
    field: Field | None
    role: str
    phase: str | None = None

    @property
    def label(self) -> str:
        return " / ".join(self.path)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of label columns with the amount columns that follow them.

    ``side`` names the block where tables are printed side by side.
    """

    side: str | None
    direction: str | None
    lead: tuple[Column, ...]
    amounts: tuple[Column, ...]


def match_field(
    resource: Resource, path: tuple[str, ...], taken: frozenset[str] = frozenset()
) -> tuple[int, Field] | None:
    """The field of a standard table that a heading path names, and how many headings agree.

    A heading of the schema may be a path itself ("公务用车购置及运行费/小计"); the longest
    match wins, so that a subtotal under a group is not taken for the grand total.
    """
    headings = [normal(part) for part in path]
    best: tuple[int, Field] | None = None
    for field in resource.fields:
        for heading in field.headings if field.name not in taken else ():
            parts = _parts(heading)
            if headings[-len(parts) :] == parts and (best is None or len(parts) > best[0]):
                best = (len(parts), field)
    return best


@cache
def _parts(heading: str) -> list[str]:
    """The levels of a declared heading in normal form; every column is held against all."""
    return [normal(part) for part in heading.split("/")]


def match_column(resource: Resource, path: tuple[str, ...]) -> Field | None:
    """The field a whole column names, whatever phase its heading states."""
    match = match_field(resource, path) or match_field(resource, _phase(path)[1])
    return match[1] if match else None


def assign_columns(
    resource: Resource, paths: HeadingPaths, body: list[tuple[Cell, ...]]
) -> list[Column]:
    """The columns of a grid, by heading first and by content where the two disagree."""
    columns: list[Column] = []
    for index, path in enumerate(paths):
        field = match_column(resource, path)
        role = _role(field, _texts(body, index))
        columns.append(Column(index, path, field, role, _phase(path)[0]))
    while columns and not columns[-1].path and not any(_texts(body, columns[-1].index)):
        columns.pop()
    return columns


def split_blocks(resource: Resource, columns: list[Column]) -> list[Block]:
    """Cut the columns into the tables printed side by side; most grids are one block.

    Without declared sides, a second run of columns with codes of its own is the second half
    of one long table; anything else after the amounts (a remark) belongs to the first.
    """
    groups: list[list[Column]] = []
    for column in columns:
        after_amount = bool(groups) and groups[-1][-1].role == "amount"
        if not groups or (column.role != "amount" and after_amount and column.path):
            groups.append([])
        groups[-1].append(column)
    groups = _merged(groups, bool(resource.sides))
    return [_block(resource, group) for group in groups]


def _merged(groups: list[list[Column]], sided: bool) -> list[list[Column]]:
    merged: list[list[Column]] = []
    for group in groups:
        roles = {column.role for column in group}
        own = "amount" in roles and (sided or "code" in roles)
        if merged and not own:
            merged[-1] += group
        else:
            merged.append(list(group))
    return merged


def _block(resource: Resource, group: list[Column]) -> Block:
    group = _one_field_each(resource, group)
    side = _side(resource, group)
    return Block(
        side.name if side else None,
        side.direction if side else resource.dimensions.get("direction"),
        tuple(column for column in group if column.role != "amount"),
        tuple(column for column in group if column.role == "amount"),
    )


def _one_field_each(resource: Resource, group: list[Column]) -> list[Column]:
    """Where two amount columns match one field, the closer match keeps it.

    The other gets the next field it matches: under 合计 and 三公经费/小计, the latter is the
    total of the three public expenses, the former that of the whole table.
    """
    result = list(group)
    for position, column in enumerate(group):
        rivals = [
            other for other in group
            if other is not column and other.field is column.field is not None
            and other.phase == column.phase and other.role == column.role == "amount"
        ]  # fmt: skip
        mine = _strength(resource, column)
        if column.field and any(_strength(resource, other) > mine for other in rivals):
            again = match_field(resource, column.path, frozenset({column.field.name}))
            result[position] = replace(column, field=again[1] if again else None)
    return result


def _strength(resource: Resource, column: Column) -> int:
    match = match_field(resource, column.path) or match_field(resource, _phase(column.path)[1])
    return match[0] if match else 0


def _phase(path: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The phase that a heading names (预算数, 决算数), and the path without it."""
    for part in path:
        phase = phase_named(part)
        if phase:
            return phase, tuple(other for other in path if other != part)
    return None, path


def _side(resource: Resource, group: list[Column]) -> Side | None:
    for side in resource.sides:
        words = {normal(heading) for heading in side.headings}
        if any(normal(part) in words for column in group for part in column.path):
            return side
    return None


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
