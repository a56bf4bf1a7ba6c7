"""Amounts of money and the units they are stated in, exactly. Nothing here is ever a float.

How numbers are written is in ``model.numbers``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext

from yusuan.model.numbers import UNITS, PrintedNumber, parse_number
from yusuan.model.text import normal

__all__ = [
    "UNITS",
    "Money",
    "PrintedNumber",
    "find_unit",
    "find_units",
    "parse_number",
    "plain",
    "to_fen",
    "unit_name",
    "yuan",
]

_UNIT = re.compile(
    r"(?:单位(?:均|都)?(?:为|是)?:?(?:人民币)?(?:\(人民币\))?|以人民币|以(?=[^以]{1,3}为(?:计[量价])?单位)"
    r"|金额均?(?:以|为))(亿元|百万元|万元|千元|百元|元)"
)
_FURTHER_UNIT = re.compile(r"\)?[/、或(]\(?(亿元|百万元|万元|千元|百元|元)")
_HEADING_UNIT = re.compile(r"[(\[](亿元|百万元|万元|千元|百元|元)[)\]]")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that is no cell of a table: its number as printed, and the unit in yuan."""

    number: PrintedNumber
    unit: int

    @property
    def amount(self) -> Decimal:
        """In yuan."""
        return self.number.value * self.unit

    @property
    def half_step(self) -> Decimal:
        """How far rounding can have moved the amount, in yuan."""
        return self.number.half_step * self.unit

    def agrees(self, other: Money) -> bool:
        """Whether both can be one amount, rounded."""
        return abs(self.amount - other.amount) <= self.half_step + other.half_step


def find_unit(text: str) -> int | None:
    """The unit a caption states ("单位：万元"), in yuan, or None where it states none or several.

    >>> find_unit("单位: 万元"), find_unit("编制单位：某局"), find_unit("单位：元/万元")
    (10000, None, None)
    """
    units = find_units(text)
    return units[0] if len(units) == 1 else None


def find_units(text: str) -> tuple[int, ...]:
    """The units a caption leaves open ("单位：元/万元"), in yuan; mostly one or none.

    >>> find_units("（单位：元、万元）"), find_units("以上金额单位：万元")
    ((1, 10000), (10000,))
    """
    folded = normal(text)
    match = _UNIT.search(folded) or _HEADING_UNIT.search(folded)
    found: list[int] = []
    while match:
        found.append(UNITS[match[1]])
        match = _FURTHER_UNIT.match(folded, match.end())
    return tuple(dict.fromkeys(found))


def to_fen(text: str, unit: int = 1) -> int | None:
    """A decimal text times its unit in fen; None for a blank, for parts of a fen, and beyond
    the 64-bit integers of SQLite.

    >>> to_fen("96.5", 10000), to_fen(""), to_fen("0.001")
    (96500000, None, None)
    """
    if not text:
        return None
    with localcontext(prec=60):
        fen = Decimal(text) * unit * 100
    whole = fen == fen.to_integral_value() and abs(fen) < 1 << 63
    return int(fen) if whole else None


def unit_name(unit: int) -> str:
    """The Chinese name of a multiplier.

    >>> unit_name(10000)
    '万元'
    """
    return next((name for name, factor in UNITS.items() if factor == unit), f"{unit}元")


def plain(value: Decimal) -> str:
    """A decimal without exponent and without needless zeros: the spelling used in every file.

    >>> plain(Decimal("965000.00")), plain(Decimal("1E+4"))
    ('965000', '10000')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def yuan(fen: int | None) -> str | None:
    """Fen as a yuan text with two decimals, for showing sums; the SQL function of this name.

    >>> yuan(96500000), yuan(-5), yuan(None)
    ('965000.00', '-0.05', None)
    """
    if fen is None:
        return None
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
