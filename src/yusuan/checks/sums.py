"""What the families of sums share: comparing a total with its parts, and showing them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yusuan.checks import place
from yusuan.checks.figures import Figure, compare, of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.model.records import Fact

__all__ = ["listed", "sum_hit", "sum_of", "total_of"]


def sum_hit(rule: Rule, total: Fact, parts: Sequence[Fact]) -> Iterator[Hit]:
    figure = of_fact(total)
    figures = [of_fact(part) for part in parts]
    verdict = compare(figure, figures)
    if verdict:
        expected = sum((part.value for part in figures), start=Decimal(0))
        yield Hit(
            rule=rule, document=total.document, place=place.of_fact(total), verdict=verdict,
            fact=total.fact, printed=total.printed, expected=figure.number(expected),
            unit=figure.unit_name, parts=listed(parts),
        )  # fmt: skip


def listed(facts: Sequence[Fact]) -> tuple[str, str]:
    """The printed numbers as a sum, the middle left out when there are many."""
    shown = [fact.printed for fact in facts]
    if len(shown) > 12:
        shown = [*shown[:6], "…", *shown[-3:]]
    text = " + ".join(shown)
    return text, text


def sum_of(figures: Sequence[Figure]) -> Figure:
    """The figures' sum as one figure in the first one's unit."""
    first = figures[0]
    return Figure(
        sum((f.value for f in figures), start=Decimal(0)),
        sum((f.half_step for f in figures), start=Decimal(0)),
        first.unit,
        first.suffix,
    )


def total_of(facts: Sequence[Fact]) -> Decimal:
    """Sum in yuan."""
    return sum((fact.amount for fact in facts), start=Decimal(0))
