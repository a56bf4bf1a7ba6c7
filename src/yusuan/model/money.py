"""Amounts of money and the units they are stated in, exactly. Nothing here is ever a float.

How numbers and units are written is in ``lexicon``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

__all__ = ["Money", "PrintedNumber", "plain", "to_fen", "yuan"]


_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, with the exact value and the decimals it was printed with.

    ``unit`` is what its 1 stands for in yuan, where the cell itself says so (6000000元); it
    wins over the unit of the table. ``note`` is the mark or remark behind the number.
    """

    printed: str
    value: Decimal
    decimals: int
    unit: int | None = None
    note: str = ""

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


def to_fen(text: str, unit: int = 1) -> int | None:
    """A decimal text times its unit in fen; None for a blank, for parts of a fen, and beyond
    the 64-bit integers of SQLite.

    >>> to_fen("96.5", 10000), to_fen(""), to_fen("0.001")
    (96500000, None, None)
    """
    if not text:
        return None
    fen = _EXACT.multiply(Decimal(text), unit * 100)
    whole = fen == fen.to_integral_value() and abs(fen) < 1 << 63
    return int(fen) if whole else None


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
