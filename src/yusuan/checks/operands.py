"""The printed numbers that rules compare, wherever they stand, and what a rule says of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from yusuan.checks import location
from yusuan.checks.location import Location
from yusuan.checks.rounding import (
    NumberInterval,
    compare,
    half_of,
    of_claim,
    of_fact,
    of_money,
    step_of,
)
from yusuan.checks.rules import Rule
from yusuan.error_localisation import Relation, RoundedNumber
from yusuan.lexicon.units import UNITS
from yusuan.model.money import Money, to_fen
from yusuan.model.records import Claim, Fact
from yusuan.narrative.claims import stated

__all__ = ["AppliedRule", "Operand", "Operands", "Texts", "sum_of"]

Texts = tuple[str, str]
"""A text in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Operand:
    """One printed number. Amounts of money count in fen, all others in hundredths, so that
    whatever is added or compared is of one kind."""

    key: str
    document: str
    figure: NumberInterval
    printed: str
    decimals: int
    value: int
    source: Fact | Claim | Location

    @property
    def fact(self) -> str | None:
        return self.source.fact if isinstance(self.source, Fact) else None

    @property
    def claim(self) -> str | None:
        return self.source.claim if isinstance(self.source, Claim) else None

    @property
    def about(self) -> str:
        """What it is called within its document."""
        return self.key.removeprefix(f"{self.document}-")

    @property
    def place(self) -> Location:
        if isinstance(self.source, Fact):
            return location.of_fact(self.source)
        return location.of_claim(self.source) if isinstance(self.source, Claim) else self.source

    def quantity(self, printed_at: tuple[str, int, int] | None = None) -> RoundedNumber:
        """As the arithmetic sees it; ``spot`` is table, row and column, as printed."""
        table, row, column = printed_at or (None, None, None)
        exact = not self.figure.half_step
        return RoundedNumber(
            self.key, self.value,
            step_of(self.decimals, self.figure.unit),
            0 if exact else half_of(self.decimals, self.figure.unit),
            table, row, column,
            signed=isinstance(self.source, Claim) and self.source.measure == "change",
        )  # fmt: skip

    def spelled(self, value: int) -> str:
        """Another value in the way this one is printed: unit, decimals, separators."""
        number = Decimal(value) / 100 / self.figure.unit
        if isinstance(self.source, Claim) and (number < 0) == (self.source.value < 0):
            number = abs(number)  # words such as 减少 say the sign
        needed = max(-int(number.normalize().as_tuple().exponent), 0)
        places = max(self.decimals, needed) if self.decimals > 1 else needed
        separator = "," if "," in self.printed or "，" in self.printed else ""
        return format(number, f"{separator}.{places}f")


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A rule applied to printed numbers: the total that it speaks of, and what makes it up.

    ``expected`` is what the parts lead to, in the unit of the total. ``explained`` tells why a
    rate that holds is not what rounding gives, ``by_itself`` that there may be other parts than
    those listed: what it says is no evidence in other relations.
    """

    rule: Rule
    total: Operand
    parts: tuple[Operand, ...]
    relations: tuple[Relation, ...]
    expected: str
    key: str
    other: Texts | None = None
    listed: Texts | None = None
    explained: Literal["rounding", "truncation"] | None = None
    by_itself: bool = False

    @property
    def operands(self) -> tuple[Operand, ...]:
        return (self.total, *self.parts)

    def fails(self, values: Mapping[str, int]) -> bool:
        """Whether the numbers as printed (by key) do not satisfy it exactly.

        One number printed twice may be printed less precisely in one place.
        """
        if self.relations[0].identity:
            one, two = (operand.quantity() for operand in self.operands)
            if one.step != two.step:
                return abs(values[one.key] - values[two.key]) > one.half_step + two.half_step
        return any(not _holds(relation, values) for relation in self.relations)

    def cut_short(self) -> AppliedRule | None:
        """Of a relation that fails since one number was cut off instead of rounded: the relation
        with that number as its total. It must be printed less precisely than all others."""
        (relation, *more), parts = self.relations, self.parts
        plain = relation.terms == {self.total.key: -1, **{part.key: 1 for part in parts}}
        if more or not plain:
            return None
        if compare(self.total.figure, [part.figure for part in parts]) != "truncation":
            return None
        if len(parts) == 1 and parts[0].figure.half_step > self.total.figure.half_step:
            return sum_of(self.rule, *parts, (self.total,), identity=relation.identity)
        return self

    def fails_by_far(self, values: Mapping[str, int], free: Collection[str] = ()) -> bool:
        """Whether rounding cannot explain it either, each relation taken alone; one that rests
        on a number that is ``free`` holds for nothing."""
        slack = {operand.key: operand.quantity().half_step for operand in self.operands}
        for relation in self.relations:
            if relation.about in free:
                continue
            total = sum(factor * values[key] for key, factor in relation.terms.items())
            room = sum(abs(factor) * slack[key] for key, factor in relation.terms.items())
            if total + room < relation.low or total - room > relation.high:
                return True
        return False


def _holds(relation: Relation, values: Mapping[str, int]) -> bool:
    total = sum(factor * values[key] for key, factor in relation.terms.items())
    return relation.low <= total <= relation.high


def sum_of(
    rule: Rule,
    total: Operand,
    parts: tuple[Operand, ...],
    *,
    identity: bool = False,
    other: Texts | None = None,
    listed: Texts | None = None,
    by_itself: bool = False,
) -> AppliedRule:
    """``total = sum(parts)``; with ``identity`` the one part is the same number."""
    key = f"{rule.id} {total.key} {parts[0].key if identity else ''}".strip()
    terms = {total.key: -1}
    for part in parts:
        terms[part.key] = terms.get(part.key, 0) + 1
    whole = Decimal(sum(part.value for part in parts)) / 100
    return AppliedRule(
        rule, total, parts, (Relation(key, terms, identity=identity),),
        total.figure.number(whole), key, other, listed, by_itself=by_itself,
    )  # fmt: skip


class Operands:
    """All operands that rules are about, one for each printed number, by its identifier."""

    def __init__(self) -> None:
        self.by_key: dict[str, Operand] = {}

    def of_fact(self, fact: Fact) -> Operand | None:
        """None for an amount below a fen."""
        return self.by_key.get(fact.fact) or self._added(_item_of_fact(fact))

    def of_facts(self, facts: Sequence[Fact]) -> tuple[Operand, ...]:
        """All of them, or nothing."""
        found = tuple(operand for fact in facts if (operand := self.of_fact(fact)))
        return found if len(found) == len(facts) else ()

    def of_claim(self, claim: Claim) -> Operand | None:
        """None for a number with more decimals than a hundredth of its kind."""
        return self.by_key.get(claim.claim) or self._added(_item_of_claim(claim))

    def of_money(self, key: str, document: str, place: Location, money: Money) -> Operand | None:
        """An amount that is neither fact nor claim, such as one of a target form; None below
        a fen."""
        value, number = _in_fen(money.amount), money.number
        return self.by_key.get(key) or self._added(
            None if value is None
            else Operand(key, document, of_money(money), number.printed, number.decimals, value, place)
        )  # fmt: skip

    def _added(self, operand: Operand | None) -> Operand | None:
        if operand:
            self.by_key[operand.key] = operand
        return operand


def _in_fen(value: Decimal) -> int | None:
    """A number in hundredths; None when it has no whole number of them."""
    return to_fen(format(value, "f"))


def _item_of_fact(fact: Fact) -> Operand | None:
    """None for an amount below a fen."""
    value = _in_fen(fact.amount)
    if value is None:
        return None
    return Operand(
        fact.fact, fact.document, of_fact(fact), fact.printed, fact.decimals, value, fact
    )  # fmt: skip


def _item_of_claim(claim: Claim) -> Operand | None:
    """None for a number with more decimals than a hundredth of its kind."""
    figure = of_claim(claim)
    value = _in_fen(figure.value)
    if value is None:
        return None
    unit = UNITS.get(claim.unit, 1) if claim.amount is not None else 1
    decimals = claim.decimals if unit == figure.unit else 0
    return Operand(
        claim.claim, claim.document, figure, stated(claim), decimals, value, claim
    )  # fmt: skip
