"""Numbers with a unit in running text, each with the words that lead up to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from yusuan.model.money import UNITS, Money, PrintedNumber, parse_number

__all__ = ["Quantity", "quantities"]

_QUANTITY = re.compile(
    r"(?<![\d.A-Za-z])(?P<sign>-)?(?P<number>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*"
    r"(?P<unit>亿元|百万元|万元|千元|元|个百分点|%|％|平方米|公顷|辆|台（套）|台\(套\)|台|套|架|艘"
    r"|人次|人|名|个|项|家|次|户|处|件|批次|批)(?P<after>\s*(?:[（(]含[）)])?(?:及?以[上下内]|左右))?"
)
_LOOK_BACK = 1_000
"""Characters before a number that can say what it is about; no sentence is longer."""
_SENTENCE_END = re.compile(r"[。；;\n]")
_RANGE = re.compile(r"\d\s*[-~—–～至到]\s*$")
_CODE = re.compile(r"[（(]$")
_CLAUSE_END = re.compile(r"[，,。；;：:\n]|\d")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A stated number. ``before`` runs from the number before it, or the sentence's start;
    ``after`` to the end of its clause."""

    value: Decimal
    decimals: int
    unit: str
    printed: str
    before: str
    after: str
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

    @property
    def money(self) -> Money | None:
        """The amount with its precision, for money."""
        number = PrintedNumber(
            self.printed.removesuffix(self.unit).strip(), self.value, self.decimals
        )
        return Money(number, UNITS[self.unit]) if self.is_money else None


def quantities(text: str) -> Iterator[Quantity]:
    """All quantities of a text. A threshold ("50万元以上"), a range ("2-3次") and the number
    of a code ("（01项）") name something and are no quantities."""
    last_end = 0
    for match in _QUANTITY.finditer(text):
        number = parse_number(match["number"].replace("，", ","))
        ahead = text[: match.start()] + (match["sign"] or "")
        if number is None or match["after"] or _RANGE.search(ahead):
            continue
        if _CODE.search(ahead) and text[match.end() : match.end() + 1] in ("）", ")"):
            continue
        before = text[max(last_end, match.start() - _LOOK_BACK) : match.start()]
        breaks = list(_SENTENCE_END.finditer(before))
        first = bool(breaks) or last_end == 0
        if breaks:
            before = before[breaks[-1].end() :]
        value = -number.value if match["sign"] else number.value
        unit = {"％": "%", "台(套)": "台（套）"}.get(match["unit"], match["unit"])
        yield Quantity(
            value, number.decimals, unit, match[0], before, _after(text, match.end()),
            match.start(), match.end(), first,
        )  # fmt: skip
        last_end = match.end()


def _after(text: str, start: int) -> str:
    end = _CLAUSE_END.search(text, start)
    return text[start : end.start() if end else len(text)]
