"""What sums have in common, to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yusuan.model.records import Fact

__all__ = ["listed", "total_of"]

_MANY = 12


def listed(printed: Sequence[str]) -> tuple[str, str]:
    """The printed numbers as a sum, the middle left out when there are many."""
    shown = [*printed[:6], "…", *printed[-3:]] if len(printed) > _MANY else printed
    text = " + ".join(shown)
    return text, text


def total_of(facts: Sequence[Fact]) -> Decimal:
    """Sum in yuan."""
    return sum((fact.amount for fact in facts), start=Decimal(0))
