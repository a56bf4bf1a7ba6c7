"""Printed numbers and their units, exactly. Nothing here is ever a float."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, localcontext

from yusuan.model.text import clean, normal

__all__ = [
    "UNITS",
    "Money",
    "PrintedNumber",
    "find_unit",
    "parse_number",
    "plain",
    "to_fen",
    "unit_name",
]

UNITS: dict[str, int] = {
    "元": 1,
    "百元": 100,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "亿元": 100_000_000,
}
"""Chinese units of account and how many yuan each is."""

_UNIT = re.compile(r"单位:?(?:人民币)?(?:\(人民币\))?(亿元|百万元|万元|千元|百元|元)")
_HEADING_UNIT = re.compile(r"[(\[](亿元|百万元|万元|千元|百元|元)[)\]]")
_NUMBER = re.compile(
    r"(?P<open>\()?\s*(?P<sign>[-+\N{MINUS SIGN}]|[\N{EN DASH}\N{FIGURE DASH}](?=\d))?\s*[¥]?\s*"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?\s*(?P<close>\))?"
)


_LONGEST = 24
"""Signs of the longest number taken for one; OCR that runs columns together gives longer ones."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, with the exact value and the decimals it was printed with."""

    printed: str
    value: Decimal
    decimals: int

    @property
    def half_step(self) -> Decimal:
        """Half a unit of the last printed digit: how far rounding can have moved the value."""
        return Decimal(5).scaleb(-self.decimals - 1)


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


def parse_number(text: str) -> PrintedNumber | None:
    """Read one printed number, or None when the text is anything else.

    Thousands separators (full or half width), a minus sign (or an en or figure dash right
    before the digits) and accounting brackets are understood. A blank, a dash or any other text
    is not a number: a blank is not zero.

    >>> parse_number("1，234.50").value, parse_number("(3)").value, parse_number("—")
    (Decimal('1234.50'), Decimal('-3'), None)
    """
    printed = clean(text)
    folded = unicodedata.normalize("NFKC", printed).strip()
    if len(folded) > _LONGEST:
        return None
    match = _NUMBER.fullmatch(folded)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    if match["open"] and match["sign"]:
        return None
    fraction = match["fraction"] or ""
    value = Decimal(match["digits"].replace(",", "") + fraction)
    negative = bool(match["open"]) or match["sign"] not in (None, "+")
    return PrintedNumber(printed, -value if negative else value, max(len(fraction) - 1, 0))


def find_unit(text: str) -> int | None:
    """The unit a caption states ("单位：万元"), in yuan, or None.

    >>> find_unit("单位: 万元"), find_unit("编制单位：某局")
    (10000, None)
    """
    folded = normal(text)
    match = _UNIT.search(folded) or _HEADING_UNIT.search(folded)
    return UNITS[match[1]] if match else None


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
