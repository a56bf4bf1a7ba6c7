"""Indicator rows of target forms, and target values as operator, number and unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from yusuan.model.document import Position
from yusuan.model.money import parse_number
from yusuan.model.text import normal, unwrapped
from yusuan.narrative.passages import reading
from yusuan.narrative.target_labels import Rows

__all__ = ["TargetRow", "read_rows", "read_target_value"]

_DATE = re.compile(r"^[年月日]")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator row; ``name`` and ``text`` are None where the form was left blank.

    ``operator`` and ``unit`` are those printed in columns of their own; ``period`` heads the
    indicators where a form has those of several periods side by side.
    """

    level1: str | None
    level2: str | None
    name: str | None
    text: str | None
    position: Position
    operator: str | None = None
    unit: str | None = None
    weight: Decimal | None = None
    period: str | None = None

    def target(self) -> tuple[str | None, Decimal | None, str | None]:
        """Operator, number and unit, from the text and the columns beside it."""
        operator, value, unit = read_target_value(self.text)
        if value is None:
            return None, None, None
        return operator or _operators().get(normal(self.operator or "")), value, unit or self.unit


def read_target_value(text: str | None) -> tuple[str | None, Decimal | None, str | None]:
    """Operator, number and unit of a target, each None where the text states none.

    >>> read_target_value(">=1.75 万元"), read_target_value("95%以上")
    (('≥', Decimal('1.75'), '万元'), ('≥', Decimal('95'), '%'))
    >>> read_target_value("有效提升"), read_target_value("2022年1月15日")
    ((None, None, None), (None, None, None))
    """
    match = _value().match(normal(text)) if text else None
    if match is None or _DATE.match(match["unit"]):
        return None, None, None
    number = parse_number(match["number"])
    if number is None:  # commas that part no thousands, or more digits than a number has
        return None, None, None
    before, after = match["before"], match["after"]
    signs = {_operators()[word] for word in (before, after) if word}
    if len(signs) > 1:
        return None, None, None
    return next(iter(signs), None), number.value, match["unit"] or None


@cache
def _operators() -> dict[str, str]:
    """Each spelling of an operator, and the operator."""
    known: dict[str, list[str]] = reading()["target_operators"]
    return {normal(word): sign for sign, words in known.items() for word in (sign, *words)}


@cache
def _value() -> re.Pattern[str]:
    words = sorted(_operators(), key=len, reverse=True)
    either = "|".join(map(re.escape, words))
    return re.compile(
        rf"^(?P<before>{either})?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
        rf"(?P<unit>[^\d,.;，。；、~-]{{0,8}}?)\)?(?P<after>{either})?$"
    )


def read_rows(
    body: Rows, columns: dict[str, list[int]], above: Rows, before: TargetRow | None
) -> Iterator[TargetRow]:
    """The indicators of a form. A level printed once for several rows holds for all of them;
    ``before`` is the row that a page break separates from them."""
    count = len(columns["level3"])
    blocks = [
        {name: at[min(block, len(at) - 1)] for name, at in columns.items()}
        for block in range(count)
    ]  # fmt: skip
    periods = [_period(above, block["level3"]) if count > 1 else None for block in blocks]
    for block, period in zip(blocks, periods, strict=True):
        level1 = before.level1 if before and count == 1 else None
        level2 = before.level2 if before and count == 1 else None
        for row in body:
            at = {name: unwrapped(row[column].text) or None for name, column in block.items()}
            if not any(at.get(name) for name in ("level1", "level2", "level3", "value")):
                continue
            if at.get("level1"):
                level1, level2 = at["level1"], None
            filled = bool(at.get("level3"))
            level2 = at.get("level2") or (level2 if filled else None)
            weight = parse_number((at.get("weight") or "").rstrip("%％分"))
            yield TargetRow(
                level1, level2, at.get("level3"), at.get("value"), row[0].position,
                at.get("operator"), at.get("unit"), weight.value if weight else None, period,
            )  # fmt: skip


def _period(above: Rows, column: int) -> str | None:
    """The heading over one of several blocks of indicators: 年度目标, 中期目标."""
    for row in reversed(above):
        for cell in reversed(row[: column + 1]):
            if cell.text and re.search(r"(?:年度|中期|实施期|长期)", cell.text):
                return normal(cell.text) if len(cell.text) < 30 else None
            if cell.text:
                break
    return None
