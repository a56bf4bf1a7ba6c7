"""Give each column of a grid its meaning under the schema of a standard table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from yusuan.model.document import Cell
from yusuan.model.money import parse_number
from yusuan.model.text import normal
from yusuan.schema.resource import Field, Resource, Side
from yusuan.schema.vocabulary import names_of
from yusuan.schema.wording import wording
from yusuan.tables.headings import HeadingPaths
from yusuan.tables.marks import Marks, read_marks

__all__ = ["Block", "Column", "assign_columns", "match_column", "match_field", "split_blocks"]

_LISTS = {"fund_source": "fund-sources", "expenditure_type": "expenditure-types", "item": "items"}
_LEADS = frozenset({"code", "label", "project", "body-code", "body-name"})
"""Roles of the columns that stand before the amounts they are about."""
_BARE = (("预算数",), ("金额",), ("合计",))
"""What a heading means that only states a year, a phase or a unit."""
_NOTHING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "*"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it is, what is printed above it, and what that means.

    ``role`` is amount, change (a difference the publisher derived), code, label, project,
    body-code, body-name, rate, or none where it holds nothing of these. ``back`` is how many
    years before the budget year its amounts are of; ``unit`` is set where the heading states it.
    """

    index: int
    path: tuple[str, ...]
    field: Field | None
    role: str
    phase: str | None = None
    back: int = 0
    unit: int | None = None

    @property
    def label(self) -> str:
        return " / ".join(self.path)

    @property
    def has_amounts(self) -> bool:
        return self.role in ("amount", "change")


@dataclass(frozen=True, slots=True)
class Block:
    """A run of label columns with the amount columns that follow them.

    ``side`` names the block where tables are printed side by side; ``end`` is the number of
    columns of the whole grid.
    """

    side: str | None
    direction: str | None
    lead: tuple[Column, ...]
    amounts: tuple[Column, ...]
    end: int


@cache
def _synonyms(list_name: str, code: str) -> tuple[str, ...]:
    return tuple(name for name, named in names_of(list_name).items() if named == code)


def _headings(resource: Resource, field: Field) -> tuple[str, ...]:
    """The headings of a field, with all names of the concept that it alone stands for."""
    if len(field.dimensions) != 1:
        return field.headings
    ((dimension, code),) = field.dimensions.items()
    list_name = _LISTS.get(dimension)
    alone = [other for other in resource.fields if other.dimensions == field.dimensions] == [field]
    return (*field.headings, *_synonyms(list_name, code)) if list_name and alone else field.headings


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
        for heading in _headings(resource, field) if field.name not in taken else ():
            parts = [normal(part) for part in heading.split("/")]
            if headings[-len(parts) :] == parts and (best is None or len(parts) > best[0]):
                best = (len(parts), field)
    return best


def match_column(resource: Resource, path: tuple[str, ...]) -> Field | None:
    """The field a whole column names, whatever year, phase and unit its heading states."""
    return _match(resource, read_marks(path))[1]


def assign_columns(
    resource: Resource, paths: HeadingPaths, body: list[tuple[Cell, ...]]
) -> list[Column]:
    """The columns of a grid, by heading first and by content where the two disagree."""
    marks = [read_marks(path) for path in paths]
    latest = max((mark.year for mark in marks if mark.year), default=0)
    columns: list[Column] = []
    for index, (path, mark) in enumerate(zip(paths, marks, strict=True)):
        field = _match(resource, mark)[1]
        role = _role(field, mark, _texts(body, index))
        back = latest - mark.year if mark.year else mark.back or 0
        columns.append(Column(index, path, field, role, mark.phase, back, mark.unit))
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
        after_amount = bool(groups) and any(other.has_amounts for other in groups[-1])
        if not groups or (column.role in _LEADS and after_amount and column.path):
            groups.append([])
        groups[-1].append(column)
    groups = _merged(groups, bool(resource.sides))
    return [_block(resource, group, len(columns)) for group in groups]


def _merged(groups: list[list[Column]], sided: bool) -> list[list[Column]]:
    merged: list[list[Column]] = []
    for group in groups:
        roles = {column.role for column in group}
        own = bool(roles & {"amount", "change"}) and (sided or "code" in roles)
        if merged and not own:
            merged[-1] += group
        else:
            merged.append(list(group))
    return merged


def _block(resource: Resource, group: list[Column], end: int) -> Block:
    group = _one_field_each(resource, group)
    side = _side(resource, group)
    return Block(
        side.name if side else None,
        side.direction if side else resource.dimensions.get("direction"),
        tuple(column for column in group if column.role in _LEADS),
        tuple(column for column in group if column.has_amounts),
        end,
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
            and (other.phase, other.back) == (column.phase, column.back)
            and other.role == column.role == "amount"
        ]  # fmt: skip
        mine = _strength(resource, column)
        if column.field and any(_strength(resource, other) > mine for other in rivals):
            again = match_field(resource, column.path, frozenset({column.field.name}))
            result[position] = replace(column, field=again[1] if again else None)
    return result


def _strength(resource: Resource, column: Column) -> int:
    return _match(resource, read_marks(column.path))[0]


def _match(resource: Resource, marks: Marks) -> tuple[int, Field | None]:
    """How many headings agree with the field that a path names, and the field.

    A last heading such as 小计 belongs to the one above it, unless the schema says otherwise.
    """
    if marks.kind not in ("amount", "remark", "count") or _other_list(resource, marks):
        return 0, None
    short = marks.without
    while len(short) > 1 and short[-1] in wording().generic:
        short = short[:-1]
    bare = [] if marks.path and marks.path[-1:] == marks.without[-1:] else list(_BARE)
    paths = [marks.path, marks.without, short, *bare]
    found = [match_field(resource, path) for path in paths]
    matches = [match for match in found if match and _belongs(resource, match, marks.without)]
    long = [match for match in matches if match[0] > 1]
    own = [match for match in found[2:3] if match in matches and match[1].role == "amount"]
    named = next(iter(long or own or matches), None)
    return named or _common(resource, marks.path)


def _common(resource: Resource, path: tuple[str, ...]) -> tuple[int, Field | None]:
    """The code or label column of any table, by the end of its heading."""
    last, words = path[-1] if path else "", wording()
    if last.endswith(words.code_endings):
        return 1, next(iter(resource.with_role("code")), None)
    if last in words.labels or last.endswith(words.label_endings):
        return 1, next(iter(resource.with_role("label")), None)
    return 0, None


def _other_list(resource: Resource, marks: Marks) -> bool:
    """Whether the headings name another classification than that of the table's rows."""
    own = {field.code_list for field in resource.with_role("code")}
    text = "".join(marks.path[-1:])
    named = next((found for word, found in wording().classifications.items() if word in text), None)
    return bool(own and named and named not in own)


def _belongs(resource: Resource, match: tuple[int, Field], path: tuple[str, ...]) -> bool:
    """Whether no heading above names a column that the field is no part of.

    Under 上年结转, 一般公共预算 is not the column of that name.
    """
    length, field = match
    for depth in range(1, len(path) - length + 1):
        above = match_field(resource, path[:depth])
        if above and above[1].role == "amount" and not _is_part(resource, field, above[1]):
            return False
    return True


def _is_part(resource: Resource, field: Field, whole: Field) -> bool:
    return field is whole or any(
        _is_part(resource, field, resource.field(name)) for name in whole.sum_of
    )


def _side(resource: Resource, group: list[Column]) -> Side | None:
    for side in resource.sides:
        words = {normal(heading) for heading in side.headings}
        if any(normal(part) in words for column in group for part in column.path):
            return side
    return None


def _texts(body: list[tuple[Cell, ...]], index: int) -> list[str]:
    texts = [normal(row[index].text) for row in body if index < len(row)]
    return [text for text in texts if text not in _NOTHING]


def _role(field: Field | None, marks: Marks, texts: list[str]) -> str:
    """What a column holds. Its cells overrule its heading: OCR loses headings, not content."""
    numbers = sum(1 for text in texts if parse_number(text))
    if field is not None and field.role == "amount":
        return "label" if texts and not numbers else "amount"
    if field is not None and field.role:
        return field.role
    if marks.kind in ("remark", "count"):
        return "none"
    if marks.kind != "amount":
        return marks.kind
    return "amount" if numbers and 2 * numbers > len(texts) else "label"
