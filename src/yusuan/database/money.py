"""Exact money in SQLite, which has no decimals: text for reading, integer fen for sums."""

from __future__ import annotations

__all__ = ["FEN_SUFFIX", "yuan"]

FEN_SUFFIX = "_fen"
"""Each money column ``x`` (exact text) has a companion ``x_fen`` (integer, 1/100 yuan)."""


def yuan(fen: int | None) -> str | None:
    """Fen as a yuan text with two decimals, for showing sums; the SQL function of this name.

    >>> yuan(96500000), yuan(-5), yuan(None)
    ('965000.00', '-0.05', None)
    """
    if fen is None:
        return None
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"
