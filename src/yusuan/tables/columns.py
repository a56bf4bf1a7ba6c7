"""Give each column of a grid its meaning under the schema of a standard table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from yusuan.codes import public_list
from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import UNITS
from yusuan.model.document import Cell
from yusuan.model.text import normal, without_numbering
from yusuan.schema.resource import Field, Resource, Side
from yusuan.schema.wording import wording
from yusuan.tables.headings import HeadingPaths
from yusuan.tables.matching import (
    HeadingQualifiers,
    match_field,
    match_qualifiers,
    of_other_list,
    read_qualifiers,
)

__all__ = ["ColumnBlock", "TableColumn", "assign_columns", "names_side", "split_blocks"]

_STUB_ROLES = frozenset({"code", "label", "project", "budget-unit-code", "budget-unit-name"})
"""Roles of the columns that stand before the amounts they are about."""
_DIGIT = re.compile(r"\d")
_FEW = 2
"""More different texts, most of them once and without a digit, are labels, whatever the heading."""
_DEEPEST = 99
"""More headings than ever stand above one column."""
_CUT_OFF = re.compile(r"\d[\d,]*\s+\.")
"""A number whose decimals a column too narrow for it cut off, its point on a line of its own."""
_CLASS = re.compile(r"\d{2,3}")
_WHOLE_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
_CODED = re.compile(r"\D?\d{2}|\d(?:\.0{1,2})?$")
"""How a text with a code begins, or is a part of one that lost its zero, perhaps shown with decimals."""


ColumnRole = Literal[
    "amount", "change", "code", "label", "project", "budget-unit-code", "budget-unit-name", "rate",
    "unit", "none",
]  # fmt: skip
"""What a column holds: a change is a difference the publisher derived, a unit what each row is
measured in; none is nothing of these."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column: where it is, what is printed above it, and what that means.

    ``years_before`` is how many years before the budget year its amounts are of, where ``year`` is
    the one that the heading states in full; ``unit`` is set where the heading states it.
    """

    index: int
    path: tuple[str, ...]
    field: Field | None
    role: ColumnRole
    phase: str | None = None
    years_before: int = 0
    unit: int | None = None
    year: int | None = None

    @property
    def label(self) -> str:
        """The headings from the top, as one text; empty without any."""
        return " / ".join(self.path)

    @property
    def has_amounts(self) -> bool:
        """Whether its cells are amounts, or differences of amounts."""
        return self.role in ("amount", "change")


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """A run of label columns with the amount columns that follow them.

    ``units`` are the columns that say what each row is measured in. ``side`` names the block
    where tables are printed side by side; ``end`` is the number of
    columns of the whole grid down to the last that holds something, ``width`` that of all.
    """

    side: str | None
    direction: str | None
    stub: tuple[TableColumn, ...]
    amounts: tuple[TableColumn, ...]
    end: int
    width: int
    units: tuple[TableColumn, ...] = ()

    @property
    def behind(self) -> tuple[TableColumn, ...]:
        """The columns of codes and labels that stand behind amounts, where none of the kind stands
        before them."""
        first = min((column.index for column in self.amounts), default=0)
        before = {column.role for column in self.stub if column.index < first}
        return tuple(
            column for column in self.stub
            if column.index > first and column.field is not None and column.role not in before
        )  # fmt: skip


def assign_columns(
    resource: Resource, paths: HeadingPaths, body: list[tuple[Cell, ...]]
) -> list[TableColumn]:
    """The columns of a grid, by heading first and by content where the two disagree."""
    qualifiers = [read_qualifiers(path) for path in paths]
    latest = _budget_year(qualifiers)
    columns: list[TableColumn] = []
    for index, (path, stated) in enumerate(zip(paths, qualifiers, strict=True)):
        field = match_qualifiers(resource, stated)[1]
        repeated = {normal(part) for part in path}  # headings again, after a page break
        texts = [text for text in _texts(body, index) if text not in repeated]
        if field and field.role == "code" and texts and not any(map(_CODED.match, texts)):
            field = next(iter(resource.with_role("label")), field)  # 功能分类科目 over names
        if field is None and not of_other_list(resource, stated):
            field = _field_of_codes(resource, texts)
        role = _role(resource, field, stated, texts)
        years_before = latest - stated.year if stated.year else stated.years_before or 0
        columns.append(
            TableColumn(
                index, path, field, role, stated.phase, years_before, stated.unit, stated.year
            )
        )
    columns = _without_classes(columns, body)
    columns = _with_adjusted(_with_withheld(columns, body))
    if not resource.sides:
        columns = _without_words(resource, columns)
    while columns and not columns[-1].path and not any(_texts(body, columns[-1].index)):
        columns.pop()
    return columns


def _field_of_codes(resource: Resource, texts: Sequence[str]) -> Field | None:
    """The column of codes that a column under an unknown heading is, as where the heading is cut
    off: all that it holds are codes of the list of the table, some of them below others."""
    field = next(iter(resource.with_role("code")), None)
    if field is None or not field.code_list or len(texts) < _FEW:
        return None
    if not all(_WHOLE_CODE.fullmatch(text) for text in texts):
        return None
    known, printed = public_list(field.code_list).by_code, set(texts)
    below = any(text[:-2] in printed for text in printed)
    return field if below and all(text[:3] in known for text in printed) else None


def _budget_year(qualifiers: list[HeadingQualifiers]) -> int:
    """The year that the years of headings are counted back from: the latest of them, or the one
    after it where another column is of this year by its heading (2023年执行数, 本年预算数)."""
    latest = max((stated.year for stated in qualifiers if stated.year), default=0)
    this = any(stated.years_before == 0 and not stated.year for stated in qualifiers)
    return latest + 1 if latest and this else latest


def _without_classes(columns: list[TableColumn], body: list[tuple[Cell, ...]]) -> list[TableColumn]:
    """The columns, those without heading before the labels that hold but two or three digits each
    as none: the classes of codes, whose heading stands over the levels beside them."""
    labels = (column.index for column in columns if column.role == "label")
    first = next(labels, 0)
    return [
        replace(column, role="none")
        if column.index < first and not column.path and column.role == "amount"
        and all(map(_CLASS.fullmatch, _texts(body, column.index)))
        else column
        for column in columns
    ]  # fmt: skip


def _with_withheld(columns: list[TableColumn], body: list[tuple[Cell, ...]]) -> list[TableColumn]:
    """The columns, those headed as amounts that hold only words (待定, 涉密) as amounts where the
    column before names the same rows: they are no labels."""
    found = list(columns)
    for before, column in pairwise(columns):
        headed = column.field is not None and column.field.role == "amount"
        if not headed or column.role != "label" or before.role != "label":
            continue
        rows = [cells for cells in body if column.index < len(cells) and cells[column.index].text]
        names = [normal(cells[before.index].text) for cells in rows]
        if all(name and not _CODED.match(name) for name in names):
            found[column.index] = replace(column, role="amount")
    return found


def _with_adjusted(columns: list[TableColumn]) -> list[TableColumn]:
    """The columns, 预算数 beside 年初预算数 of the same thing as the adjusted budget."""
    words = wording()

    def is_headed(column: TableColumn, among: frozenset[str]) -> bool:
        return column.role == "amount" and any(normal(part) in among for part in column.path)

    def about(column: TableColumn) -> tuple[str | None, int]:
        return column.field.name if column.field else None, column.years_before

    initial = {about(column) for column in columns if is_headed(column, words.initial_budget)}
    return [
        replace(column, phase="adjusted")
        if about(column) in initial and is_headed(column, words.adjusted_beside_initial)
        else column
        for column in columns
    ]


def _without_words(resource: Resource, columns: list[TableColumn]) -> list[TableColumn]:
    """The columns without those of words that say nothing of what the row is about: unknown
    ones where another is known, and 项目, 名称 where another has a heading of the table's own."""
    strength = {column.index: _rank(resource, column)[0] for column in columns}
    labels = [column for column in columns if column.field and column.role in ("label", "project")]
    own = [column for column in labels if strength[column.index]]

    def is_idle(column: TableColumn) -> bool:
        known = own if column.field else labels
        return (
            column.role == "label"
            and bool(column.path and known)
            and not (column.field and strength[column.index])
        )

    return [replace(column, role="none") if is_idle(column) else column for column in columns]


def split_blocks(resource: Resource, columns: list[TableColumn], width: int) -> list[ColumnBlock]:
    """Cut the columns, of ``width`` that the grid has, into the tables printed side by side.

    Most grids are one block.

    Without declared sides, a second run of columns with codes of its own, or with the heading
    of the first labels again, is the second half of one long table; anything else after the amounts (a remark) belongs to the first.
    Where amounts stand first and labels last, each block ends with its labels.
    """
    groups: list[list[TableColumn]] = []
    told = [column for column in columns if column.has_amounts or column.role in _STUB_ROLES]
    labels_last = bool(told) and told[0].has_amounts and not told[-1].has_amounts
    for column in columns:
        before = groups[-1] if groups else []
        if labels_last:
            begins = column.has_amounts and any(c.role in _STUB_ROLES for c in before)
        else:
            after_amount = any(other.has_amounts for other in before)
            begins = column.role in _STUB_ROLES and after_amount and bool(column.path)
        if not groups or begins:
            groups.append([])
        groups[-1].append(column)
    groups = _merged(groups, bool(resource.sides))
    return [_block(resource, group, len(columns), width) for group in groups]


def _merged(groups: list[list[TableColumn]], sided: bool) -> list[list[TableColumn]]:
    merged: list[list[TableColumn]] = []
    for group in groups:
        roles = {column.role for column in group}
        again = {column.path for column in groups[0] if column.role == "label"}
        half = "code" in roles or any(c.role == "label" and c.path in again for c in group)
        named = bool(merged) and any(column.role in _STUB_ROLES for column in merged[-1])
        own = bool(roles & {"amount", "change"}) and (sided or (half and named))
        if merged and not own:
            merged[-1] += group
        else:
            merged.append(list(group))
    return merged


def _block(resource: Resource, group: list[TableColumn], end: int, width: int) -> ColumnBlock:
    group = _one_field_each(resource, group)
    side = _side(resource, group)
    return ColumnBlock(
        side.name if side else None,
        side.direction if side else resource.dimensions.get("direction"),
        tuple(column for column in group if column.role in _STUB_ROLES),
        tuple(column for column in group if column.has_amounts),
        end,
        width,
        tuple(column for column in group if column.role == "unit"),
    )


def _one_field_each(resource: Resource, group: list[TableColumn]) -> list[TableColumn]:
    """Where two amount columns match one field, the closer match keeps it.

    The other gets the next field it matches: under 合计 and 三公经费/小计, the latter is the
    total of the three public expenses, the former that of the whole table. Of two columns headed
    alike, or by a word for a sum alone (合计, 小计), the first keeps it; the second is the sum of the
    columns behind it where these are all parts of one, else what it is cannot be known.
    """
    best: dict[tuple[str, str | None, int], tuple[int, int]] = {}
    ranks = [_rank(resource, column) for column in group]
    for column, rank in zip(group, ranks, strict=True):
        if key := _claim(column):
            best[key] = max(rank, best.get(key, rank))
    result = list(group)
    for position, (column, rank) in enumerate(zip(group, ranks, strict=True)):
        key = _claim(column)
        if key and best[key] > rank:
            again = match_field(resource, column.path, frozenset({key[0]}))
            result[position] = replace(column, field=again[1] if again else None)
        elif key and any((c.path, _claim(c)) == (column.path, key) for c in result[:position]):
            result[position] = replace(column, field=None)
        elif key and _is_sum(column):
            others = [
                at for at, c in enumerate(result[:position]) if _is_sum(c) and _claim(c) == key
            ]
            if others:
                field = _sum_of_following(resource, group, position)
                result[position] = replace(column, field=field)
            if others and field == column.field:
                again = match_field(resource, group[others[0]].path, frozenset({key[0]}))
                result[others[0]] = replace(group[others[0]], field=again[1] if again else None)
    return result


def _is_sum(column: TableColumn) -> bool:
    """Whether nothing but a word for a sum stands above a column, perhaps with a year or a phase."""
    path = read_qualifiers(column.path).without_phase
    return len(path) == 1 and path[0] in wording().generic


def _sum_of_following(
    resource: Resource, group: Sequence[TableColumn], position: int
) -> Field | None:
    """The field whose parts the next columns are, of the same phase and year, if no column with a
    heading of its own is it."""
    own = group[position]
    parts: list[Field] = []
    for column in group[position + 1 :]:
        alike = (column.phase, column.years_before) == (own.phase, own.years_before)
        if not alike or column.role != "amount" or column.field is None or _is_sum(column):
            break
        parts.append(column.field)
    below = {name for part in parts for name in part.sum_of}
    names = [part.name for part in parts if part.name not in below]
    taken = {column.field.name for column in group if column.field and column.field != own.field}
    wholes = [
        field for field in resource.with_role("amount")
        if field.name not in taken and field.sum_of
        and set(names[: len(field.sum_of)]) == set(field.sum_of)
    ]  # fmt: skip
    return wholes[0] if len(wholes) == 1 else None


def _claim(column: TableColumn) -> tuple[str, str | None, int] | None:
    """What no two amount columns can both be: a field in a phase and year."""
    if column.field is None or column.role != "amount":
        return None
    return column.field.name, column.phase, column.years_before


def _rank(resource: Resource, column: TableColumn) -> tuple[int, int]:
    """How many headings agree with the field, then how few there are; no heading is the least."""
    if not column.path:
        return 0, -_DEEPEST
    return match_qualifiers(resource, read_qualifiers(column.path))[0], -len(column.path)


def names_side(resource: Resource, paths: HeadingPaths) -> bool:
    """Whether some heading is that of a side of a table."""
    words = {normal(heading) for side in resource.sides for heading in side.headings}
    named = {_classified(heading) for heading in words} - {None}
    texts = {normal(part) for path in paths for part in path}
    return bool(texts & words) or any(_classified(text) in named for text in texts)


def _side(resource: Resource, group: list[TableColumn]) -> Side | None:
    """The side that a group is headed as, by the classification of its labels first."""
    lists = [of for c in group if c.role == "label" and c.path and (of := _classified(c.path[-1]))]
    for side in resource.sides if lists else ():
        if lists[0] in {_classified(heading) for heading in side.headings}:
            return side
    for side in resource.sides:
        words = {normal(heading) for heading in side.headings}
        if any(normal(part) in words for column in group for part in column.path):
            return side
    return None


def _classified(heading: str) -> str | None:
    """The code list whose classification a heading names."""
    text = normal(heading)
    return next((found for word, found in wording().classifications.items() if word in text), None)


def _texts(body: list[tuple[Cell, ...]], index: int) -> list[str]:
    texts = [normal(row[index].text) for row in body if index < len(row)]
    return [text for text in texts if text and text not in wording().nothing]


def _is_code(qualifiers: HeadingQualifiers) -> bool:
    """Whether a heading that names no field is that of codes of some other list."""
    endings = wording().code_endings
    return any(part.endswith(endings) for part in qualifiers.path)


def _role(
    resource: Resource, field: Field | None, qualifiers: HeadingQualifiers, texts: list[str]
) -> ColumnRole:
    """What a column holds. Its cells overrule its heading: OCR loses headings, not content."""
    numbers = sum(1 for text in texts if parse_number(text) or _CUT_OFF.fullmatch(text))
    measures = bool(qualifiers.path) and qualifiers.path[-1] in wording().unit_columns
    if (
        measures
        and not set(texts).isdisjoint(UNITS)
        and {*UNITS, *wording().counted_in} >= set(texts)
    ):
        return "unit"
    if field is not None and field.role == "amount":
        several = len(set(texts)) > max(_FEW, len(texts) // 2)
        numbered = any(_DIGIT.search(without_numbering(text)) for text in texts)
        return "label" if several and not (numbers or numbered) else "amount"
    if field is not None and field.role:
        return field.role
    kind = qualifiers.kind
    if kind == "remark" or kind == "count":
        return "none"
    if _is_code(qualifiers) or of_other_list(resource, qualifiers):
        return "none"
    if kind != "amount":
        return kind
    return "amount" if numbers and 2 * numbers > len(texts) else "label"
