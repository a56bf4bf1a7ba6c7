"""Exact money in SQLite, which has no decimals: text for reading, integer fen for sums."""

from __future__ import annotations

from decimal import Decimal

__all__ = ["FEN_SUFFIX", "to_fen", "yuan"]

FEN_SUFFIX = "_fen"
"""Each money column ``x`` (exact text) has a companion ``x_fen`` (integer, 1/100 yuan)."""


def to_fen(text: str, unit: int = 1) -> int | None:
    """A decimal text times its unit in fen; None for a blank, or for less than a fen.

    >>> to_fen("96.5", 10000), to_fen(""), to_fen("0.001")
    (96500000, None, None)
    """
    if not text:
        return None
    fen = Decimal(text) * unit * 100
    return int(fen) if fen == fen.to_integral_value() else None


def yuan(fen: int | None) -> str | None:
    """Fen as a yuan text with two decimals, for showing sums; the SQL function of this name.

    >>> yuan(96500000), yuan(-5), yuan(None)
    ('965000.00', '-0.05', None)
    """
    if fen is None:
        return None
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
