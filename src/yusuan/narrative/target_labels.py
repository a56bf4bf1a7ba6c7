"""The labels of target forms: what a cell names, and the cell that answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from yusuan.model.document import Cell, Grid
from yusuan.model.money import UNITS, parse_number
from yusuan.model.text import clean, normal, without_numbering
from yusuan.narrative.passages import reading

__all__ = ["Label", "Rows", "answers", "label_of", "matrix"]

Rows = list[tuple[Cell, ...]]

_ASIDE = re.compile(r"^(?:[(\[][^()\[\]]{0,14}[)\]])+")
_UNIT = re.compile(rf"[(\[](?:单位:)?({'|'.join(sorted(UNITS, key=len, reverse=True))})[)\]]")


@dataclass(frozen=True, slots=True)
class Label:
    """A cell that holds a label: its name in ``schemas/narrative.yaml``, what follows it in the
    same cell, and the unit it states, in yuan."""

    name: str
    rest: str
    unit: int | None


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    """Spelling and name of every label, the longest first."""
    known = [
        (normal(spelling), name)
        for name, spellings in reading()["target_labels"].items()
        for spelling in spellings
    ]
    return tuple(sorted(known, key=lambda item: len(item[0]), reverse=True))


@cache
def label_of(text: str) -> Label | None:
    """The label a cell holds, if it holds one: alone, before a colon, or before a number.

    >>> label_of("其中：财政拨款"), label_of("其他资金 0").rest, label_of("总体目标完成情况较好")
    (Label(name='appropriation', rest='', unit=None), '0', None)
    """
    short = without_numbering(normal(text)).removeprefix("其中:")
    for spelling, name in _spellings():
        if not short.startswith(spelling):
            continue
        rest = short[len(spelling) :]
        aside = _ASIDE.match(rest)
        behind = rest[aside.end() :] if aside else rest
        unit = _UNIT.search(aside[0]) if aside else None
        if not behind or behind.startswith(":") or parse_number(behind):
            return Label(name, behind.lstrip(":"), UNITS[unit[1]] if unit else None)
    return None


def matrix(grid: Grid) -> Rows:
    """The rows of a grid, all of one width."""
    rows: Rows = []
    for row in grid.rows:
        blanks = tuple(
            Cell("", row[0].row, column, row[0].position)
            for column in range(len(row), grid.width)
        )  # fmt: skip
        rows.append((*row, *blanks))
    return rows


def answers(rows: Sequence[tuple[Cell, ...]], name: str) -> Iterator[tuple[Cell, str, int | None]]:
    """Label cell, text and unit of what stands behind a label: in the same cell, in the cells
    to its right up to the next label, or else in the cell below it."""
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            label = label_of(cell.text)
            if label is None or label.name != name:
                continue
            if label.rest:
                yield cell, _behind_colon(cell.text) or label.rest, label.unit
                continue
            right = next((other for other in row[column + cell.colspan :] if other.text), None)
            if right is not None and label_of(right.text) is None:
                yield cell, right.text, label.unit
                continue
            below = rows[index + 1][column] if index + 1 < len(rows) else None
            if below is not None and below.text and label_of(below.text) is None:
                yield cell, below.text, label.unit


def _behind_colon(text: str) -> str:
    """What follows a label in its own cell, as printed."""
    parts = re.split(r"[：:]", clean(text))
    return parts[-1].strip() if len(parts) == 2 or parts[0] == "其中" else ""
