"""Numbers with a unit in running text, each with the words that lead up to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yusuan.model.money import UNITS, parse_number

__all__ = ["Quantity", "quantities"]

_QUANTITY = re.compile(
    r"(?<![\d.A-Za-z])(?P<sign>-)?(?P<number>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|百万元|万元|千元|元|个百分点|%|％|平方米|公顷|辆|台（套）|台\(套\)|台|套|架|艘"
    r"|人次|人|个|项|家|次|户|处|件|批)(?P<after>以上|及以上|以下|以内)?"
)
_LOOK_BACK = 1_000
"""Characters before a number that can say what it is about; no sentence is longer."""
_SENTENCE_END = re.compile(r"[。；;\n]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated number. ``before`` runs from the number before it, or the sentence's start."""

    value: Decimal
    decimals: int
    unit: str
    printed: str
    before: str
    start: int
    end: int
    first_in_sentence: bool

    @property
    def is_money(self) -> bool:
        return self.unit in UNITS

    @property
    def amount(self) -> Decimal | None:
        """In yuan, for money."""
        return self.value * UNITS[self.unit] if self.is_money else None


def quantities(text: str) -> Iterator[Quantity]:
    """All quantities of a text. A threshold ("50万元以上") names something and is no quantity."""
    last_end = 0
    for match in _QUANTITY.finditer(text):
        number = parse_number(match["number"].replace("，", ","))
        if number is None or match["after"]:
            continue
        before = text[max(last_end, match.start() - _LOOK_BACK) : match.start()]
        breaks = list(_SENTENCE_END.finditer(before))
        first = bool(breaks) or last_end == 0
        if breaks:
            before = before[breaks[-1].end() :]
        value = -number.value if match["sign"] else number.value
        unit = {"％": "%", "台(套)": "台（套）"}.get(match["unit"], match["unit"])
        yield Quantity(
            value, number.decimals, unit, match[0], before, match.start(), match.end(), first
        )
        last_end = match.end()
