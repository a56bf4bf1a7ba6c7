"""Performance target tables (项目支出绩效目标表): a form's head and its indicator rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yusuan.model.document import Cell, Position
from yusuan.model.money import find_unit, parse_number
from yusuan.model.text import normal, unwrapped
from yusuan.narrative.passages import reading
from yusuan.tables.captions import PrintedTable
from yusuan.tables.recognise import Unrecognised

__all__ = ["TargetRow", "TargetTable", "find_targets", "is_target_table", "read_target_value"]

_VALUE = re.compile(
    r"^(?P<operator>≥|≤|>=|<=|=|>|<|大于等于|小于等于|不低于|不少于|不超过|不高于)?"
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>[^\d,.;，。；]{0,8})$"
)
_OPERATORS = {">=": "≥", "大于等于": "≥", "不低于": "≥", "不少于": "≥",
              "<=": "≤", "小于等于": "≤", "不超过": "≤", "不高于": "≤"}  # fmt: skip
_MONTHS = re.compile(r"^[年月日]")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator row; ``name`` and ``text`` are None where the form was left blank."""

    level1: str | None
    level2: str | None
    name: str | None
    text: str | None
    position: Position


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One project's form. Amounts are in yuan."""

    project: str
    total: Decimal | None
    appropriation: Decimal | None
    other: Decimal | None
    goal: str | None
    rows: tuple[TargetRow, ...]
    position: Position


def is_target_table(table: PrintedTable) -> bool:
    """Whether a grid is a performance target form: it has the three indicator levels."""
    labels = {normal(cell.text) for row in table.grid.rows for cell in row}
    return bool(labels & _labels("level3")) and bool(labels & _labels("level1"))


def find_targets(others: list[Unrecognised]) -> Iterator[TargetTable]:
    """The target forms among the grids that are no standard table."""
    for other in others:
        if is_target_table(other.table):
            yield _read(other.table)


def read_target_value(text: str | None) -> tuple[str | None, Decimal | None, str | None]:
    """Operator, number and unit of a target, each None where the text states none.

    >>> read_target_value(">=1.75 万元")
    ('≥', Decimal('1.75'), '万元')
    >>> read_target_value("有效提升"), read_target_value("2022年1月15日"), read_target_value("1,2,3")
    ((None, None, None), (None, None, None), (None, None, None))
    """
    match = _VALUE.match(normal(text)) if text else None
    if match is None or _MONTHS.match(match["unit"]):
        return None, None, None
    operator = match["operator"]
    number = parse_number(match["number"])
    if number is None:  # commas that part no thousands, or more digits than a number has
        return None, None, None
    return (
        _OPERATORS.get(operator, operator) if operator else None,
        number.value,
        match["unit"] or None,
    )


def _labels(name: str) -> frozenset[str]:
    return frozenset(normal(label) for label in reading()["target_labels"][name])


def _read(table: PrintedTable) -> TargetTable:
    rows = list(table.grid.rows)
    start = next(
        index for index, row in enumerate(rows)
        if any(normal(cell.text) in _labels("level3") for cell in row)
    )  # fmt: skip
    head = rows[:start]
    unit = next((u for row in head for cell in row if (u := find_unit(cell.text))), None)
    factor = unit or table.unit or 1
    amounts = {
        name: value * factor if (value := _number_after(head, name)) is not None else None
        for name in ("total", "appropriation", "other")
    }
    return TargetTable(
        project=unwrapped(_text_after(head, "project") or ""),
        goal=_text_after(head, "goal"),
        rows=tuple(_indicator_rows(rows[start], rows[start + 1 :])),
        position=table.grid.position,
        **amounts,
    )


def _label_of(text: str) -> str:
    """A label cell's text without lead-in and colon: "其中: 财政拨款" → "财政拨款"."""
    return normal(text).removeprefix("其中:").rstrip(":")


def _after(head: list[tuple[Cell, ...]], name: str) -> Iterator[str]:
    """Texts that follow a label: the rest of its own cell, then the cells to its right."""
    everything = frozenset().union(*(_labels(other) for other in reading()["target_labels"]))
    for row in head:
        for index, cell in enumerate(row):
            own = next((w for w in _labels(name) if _label_of(cell.text).startswith(w)), None)
            if own is None:
                continue
            rest = _label_of(cell.text)[len(own) :].lstrip(":")
            if rest:
                yield rest
            for right in row[index + 1 :]:
                if any(_label_of(right.text).startswith(word) for word in everything):
                    break
                if right.text:
                    yield right.text


def _text_after(head: list[tuple[Cell, ...]], name: str) -> str | None:
    return next(iter(_after(head, name)), None)


def _number_after(head: list[tuple[Cell, ...]], name: str) -> Decimal | None:
    text = _text_after(head, name)
    number = parse_number(text) if text else None
    return number.value if number else None


def _indicator_rows(heading: tuple[Cell, ...], body: list[tuple[Cell, ...]]) -> Iterator[TargetRow]:
    where = {
        name: next((cell.column for cell in heading if normal(cell.text) in _labels(name)), None)
        for name in ("level1", "level2", "level3", "value")
    }
    level1: str | None = None
    for row in body:
        if not any(cell.text for cell in row):
            continue
        at = {
            name: (unwrapped(row[column].text) or None)
            if column is not None and column < len(row)
            else None
            for name, column in where.items()
        }
        level1 = at["level1"] or level1
        yield TargetRow(level1, at["level2"], at["level3"], at["value"], row[0].position)
