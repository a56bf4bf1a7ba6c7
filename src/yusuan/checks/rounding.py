"""Printed figures as intervals: what rounding allows, and what it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, TypeVar

from yusuan.lexicon.units import UNITS, unit_name
from yusuan.model.money import Money, plain, to_fen
from yusuan.model.records import Claim, Fact

__all__ = [
    "NumberInterval",
    "compare",
    "cut_short",
    "fen_of",
    "half_of",
    "listed",
    "of_claim",
    "of_fact",
    "of_money",
    "rate_range",
    "step_of",
    "total_of",
]

_Number = TypeVar("_Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class NumberInterval:
    """A printed number: its value, and how far rounding may have moved it either way.

    Money is in yuan with ``unit`` the printed multiplier; other numbers have unit 1 and
    ``suffix`` what they count (%, 人, 辆).
    """

    value: Decimal
    half_step: Decimal
    unit: int = 1
    suffix: str = ""

    @property
    def unit_name(self) -> str:
        """The unit as printed beside the number ("万元", "%")."""
        return self.suffix or unit_name(self.unit)

    def number(self, value: Decimal | None = None) -> str:
        """A value in this figure's unit ("2492")."""
        return plain((self.value if value is None else value) / self.unit)

    def show(self) -> str:
        """The number with its unit ("2492万元")."""
        return self.number() + self.unit_name


def of_fact(fact: Fact) -> NumberInterval:
    return NumberInterval(fact.amount, fact.half_step, fact.unit)


def of_money(money: Money) -> NumberInterval:
    return NumberInterval(money.amount, money.half_step, money.unit)


def of_claim(claim: Claim) -> NumberInterval:
    half = Decimal(5).scaleb(-claim.decimals - 1)
    if claim.amount is None:
        # A head count of 60 is exact; only measured and computed numbers are rounded.
        return NumberInterval(claim.value, half if claim.unit == "%" else Decimal(0), 1, claim.unit)
    unit = UNITS.get(claim.unit, 1)
    return NumberInterval(claim.amount, half * unit, unit, claim.unit)


def compare(
    total: NumberInterval, parts: Sequence[NumberInterval]
) -> Literal["rounding", "truncation", "error"] | None:
    """Verdict on ``total = sum(parts)``: None when equal, else rounding, truncation or error.

    Every figure stands for the closed interval of values that print like it. The sum can
    hold if and only if the difference is within the sum of the half steps. Beyond that, a total
    printed less precisely than its parts may have been cut off at its last digit.
    """
    whole = sum((part.value for part in parts), Decimal(0))
    difference = abs(total.value - whole)
    if not difference:
        return None
    slack = total.half_step + sum((part.half_step for part in parts), Decimal(0))
    if difference <= slack:
        return "rounding"
    coarse, fine = total, parts
    if len(parts) == 1 and parts[0].half_step > total.half_step:
        (coarse,), fine, whole = parts, (total,), total.value
    finer = all(part.half_step < coarse.half_step for part in fine)
    cut = finer and cut_short(coarse.value, whole, 2 * coarse.half_step)
    return "truncation" if cut else "error"


def cut_short(printed: _Number, exact: _Number, step: _Number) -> bool:
    """Whether a number is an exact one cut off (截位) at a multiple of ``step``, and not rounded:
    nearer to zero, by less than one step, of the same sign."""
    off = abs(exact) - abs(printed)
    return off < step < 2 * off and printed * exact >= 0 and printed % step == 0


def rate_range(
    amount: NumberInterval, change: NumberInterval
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Rate of change in per cent from an amount and its change: exact, lowest, highest.

    None when the year before was zero or negative. The rate is monotonic in both figures,
    so its extremes are at the corners of the two intervals.
    """
    rates = []
    for a in (amount.value, amount.value - amount.half_step, amount.value + amount.half_step):
        for c in (change.value, change.value - change.half_step, change.value + change.half_step):
            before = a - c
            if before <= 0:
                return None
            rates.append(c / before * 100)
    return rates[0], min(rates), max(rates)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Commercial rounding (四舍五入)."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def fen_of(fact: Fact) -> int | None:
    """The amount in fen; None where it has no whole number of them (rule ``amount-below-fen``)."""
    return to_fen(plain(fact.amount))


def step_of(decimals: int, unit: int) -> int:
    """What one more in the last printed digit means, in fen; at least one."""
    return max(int(Decimal(unit * 100).scaleb(-decimals)), 1)


def half_of(decimals: int, unit: int) -> int:
    """How far rounding may have moved an amount, in fen: money has no part of a fen."""
    return step_of(decimals, unit) // 2


_MANY = 12


def listed(printed: Sequence[str]) -> tuple[str, str]:
    """The printed numbers as a sum, the middle left out when there are many."""
    shown = [*printed[:6], "…", *printed[-3:]] if len(printed) > _MANY else printed
    text = " + ".join(shown)
    return text, text


def total_of(facts: Sequence[Fact]) -> Decimal:
    """Sum in yuan."""
    return sum((fact.amount for fact in facts), start=Decimal(0))
