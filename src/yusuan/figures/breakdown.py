"""Spending and revenue of a budget without overlap: leaves, each a printed amount, which with one
stated residual add up to the printed total."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from yusuan.figures.definitions import BreakdownDefinition, Place
from yusuan.figures.printed import ChosenFigure, PrintedAmount, PrintedBudget, at_place
from yusuan.schema import catalogue

__all__ = ["TOLERANCE", "Breakdown", "function_code", "take_apart"]

TOLERANCE = Decimal("0.005")
"""The share of the total that the residual may be without the next cover being tried."""
_PREFIXED = ("economic_code", "government_economic_code")
_NESTED = {"fund_source": "fund-sources", "expenditure_type": "expenditure-types"}

Leaves = list[PrintedAmount]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The leaves of a total. ``slack`` is how much of the residual rounding explains."""

    total: ChosenFigure
    leaves: Sequence[PrintedAmount]

    @property
    def residual(self) -> Decimal:
        """What the total holds more than the leaves, in yuan; negative where it holds less."""
        return self.total.amount.amount - sum((leaf.amount for leaf in self.leaves), Decimal(0))

    @property
    def slack(self) -> Decimal:
        """In yuan."""
        return sum((leaf.half_step for leaf in self.leaves), self.total.amount.half_step)


def take_apart(
    definition: BreakdownDefinition,
    printed: PrintedBudget,
    figures: Mapping[str, ChosenFigure],
) -> Breakdown | None:
    """The leaves of a budget's spending or revenue; None where it prints no total, or no part."""
    code = next((code for code in definition.totals if code in figures), None)
    if code is None:
        return None
    found = []
    for cover in definition.covers:
        for leaves in _covers(cover, printed, definition.direction):
            if code == definition.totals[0]:
                leaves = [leaf for leaf in leaves if not _agrees(leaf, definition.apart)]
            if leaves:
                found.append(Breakdown(figures[code], leaves))
    best = _best(found)
    if best is None:
        return None
    leaves = list(best.leaves)
    for finer in definition.refined_by:
        for parts in _all_leaves(finer, printed, definition.direction):
            leaves = _refined(leaves, parts)
    return Breakdown(best.total, leaves)


def function_code(leaf: PrintedAmount) -> str:
    """The code of the function an amount is for, printed or of the class its row names."""
    return leaf.row["functional_code"] or leaf.row["function"].partition("-")[2]


def _best(found: Sequence[Breakdown]) -> Breakdown | None:
    """The first that leaves what rounding explains, else a small residual, else the smallest."""
    for each in found:
        if abs(each.residual) <= each.slack:
            return each
    for each in found:
        if abs(each.residual) <= TOLERANCE * abs(each.total.amount.amount):
            return each
    return min(found, key=lambda each: abs(each.residual), default=None)


# Which amounts of a table hold each yuan once


def _covers(cover: Sequence[Place], printed: PrintedBudget, direction: str) -> Iterator[Leaves]:
    """The ways in which some tables hold each amount once: what the first column of amounts sums,
    without and with the subtotals of which nothing finer is printed; and, where that is printed
    in two ways side by side, each of them."""
    together: Leaves = []
    subtotals: Leaves = []
    for place in cover:
        families = _families(place, printed, direction)
        if place.coded and not any(map(function_code, sum(families.values(), Leaves()))):
            return
        own = [leaves for (is_main, _), leaves in families.items() if is_main]
        together += sum(own, Leaves())
        subtotals += _lowest_subtotals(place, printed, direction)
    yield together
    if subtotals:
        yield [*together, *subtotals]
    if len(cover) == 1:
        yield from families.values()


def _all_leaves(finer: Sequence[Place], printed: PrintedBudget, direction: str) -> Iterator[Leaves]:
    """What may divide leaves further: the main columns of all tables, then any others."""
    main: Leaves = []
    others = []
    for place in finer:
        for (is_main, _), leaves in _families(place, printed, direction).items():
            if is_main:
                main += leaves
            others.append(leaves)
    yield main
    yield from others


def _families(
    place: Place, printed: PrintedBudget, direction: str
) -> dict[tuple[bool, frozenset[str]], Leaves]:
    """The amounts of a table that sum no others and are not zero, by whether the first column of
    amounts sums them, and by what their columns say."""
    table = place.table or ""
    found: dict[tuple[bool, frozenset[str]], Leaves] = defaultdict(list)
    for fact in at_place(place, printed):
        row = fact.row
        if row["is_total"] == "true" or row["direction"] != direction or not fact.amount:
            continue
        found[_family(table, row["column"])].append(fact)
    return found


def _lowest_subtotals(place: Place, printed: PrintedBudget, direction: str) -> Leaves:
    """The amounts of subtotals that name a function or a fund source of which the table prints
    nothing finer in their column."""
    facts = [
        fact for fact in at_place(place, printed)
        if fact.row["row_type"] in ("detail", "subtotal") and fact.row["direction"] == direction
    ]  # fmt: skip
    totals = {fact.row[name] for fact in facts for name in ("row_total", "column_total")}
    coarser: set[tuple[str, str]] = set()
    """Column, and a function or a source that something finer of this column is printed of."""
    for fact in facts:
        column, code, source = fact.row["column"], function_code(fact), fact.row["fund_source"]
        coarser.update((column, code[:length]) for length in range(1, len(code)))
        coarser.update((column, above) for above in _and_above("fund-sources", source) - {source})
    return [
        fact for fact in facts
        if fact.row["row_type"] == "subtotal" and fact.amount and fact.key not in totals
        and _family(place.table or "", fact.row["column"])[0]
        and (function_code(fact) or (direction == "revenue" and fact.row["fund_source"]))
        and (fact.row["column"], function_code(fact) or fact.row["fund_source"]) not in coarser
    ]  # fmt: skip


@cache
def _family(table: str, column: str) -> tuple[bool, frozenset[str]]:
    resource = catalogue()[table]
    amounts = resource.with_role("amount")
    above = {part: field.name for field in reversed(amounts) for part in field.sum_of}
    top = column
    while top in above:
        top = above[top]
    return top == amounts[0].name, frozenset(resource.field(column).dimensions)


def _agrees(leaf: PrintedAmount, said: Mapping[str, str]) -> bool:
    return bool(said) and all(leaf.row[name] == value for name, value in said.items())


# Finer amounts in place of coarser ones


Said = tuple[str, ...]
"""What a row says of each dimension: function, ``_PREFIXED``, project, ``_NESTED``."""


def _said(amount: PrintedAmount) -> Said:
    row = amount.row
    return (function_code(amount), *(row[name] for name in _PREFIXED), row["project"],
            *(row[name] for name in _NESTED))  # fmt: skip


@dataclass(slots=True)
class _Below:
    """What is left below a leaf: the groups of parts by what they say, and what they add up to."""

    groups: Sequence[Said]
    count: int = 0
    amount: Decimal = Decimal(0)
    half_steps: Decimal = Decimal(0)

    def add(self, part: PrintedAmount, sign: int = 1) -> None:
        self.count += sign
        self.amount += sign * part.amount
        self.half_steps += sign * part.half_step


def _refined(leaves: Leaves, parts: Leaves) -> Leaves:
    """The leaves, those that parts divide further with the same sum replaced by these."""
    index = _Parts(parts, {leaf.key for leaf in leaves})
    below = {said: _Below(index.below(said)) for said in map(_said, leaves)}
    above: dict[Said, list[_Below]] = defaultdict(list)
    for each in below.values():
        for group in each.groups:
            above[group].append(each)
            for part in index.groups[group]:
                each.add(part)
    refined: Leaves = []
    for leaf in leaves:
        found = below[_said(leaf)]
        slack = leaf.half_step + found.half_steps
        if found.count and abs(found.amount - leaf.amount) <= slack:
            own = index.take(found.groups)
            for part in own:
                for other in above[_said(part)]:
                    other.add(part, -1)
            refined += own
        else:
            refined.append(leaf)
    return refined


class _Parts:
    """Parts by what they say, of which those below a leaf are found without going through all."""

    def __init__(self, parts: Leaves, used: set[str]) -> None:
        self.groups: dict[Said, Leaves] = defaultdict(list)
        self._order: dict[str, tuple[int, int]] = {}
        codes: dict[str, int] = {}
        for number, part in enumerate(parts):
            code = codes.setdefault(function_code(part), len(codes))
            if part.key not in used and part.key not in self._order:
                self._order[part.key] = code, number
                self.groups[_said(part)].append(part)
        self._sorted = [
            sorted(self.groups, key=lambda said, at=at: said[at])  # type: ignore[misc]
            for at in range(2 + len(_PREFIXED))
        ]
        self._words = [[said[at] for said in each] for at, each in enumerate(self._sorted)]

    def below(self, leaf: Said) -> list[Said]:
        """What says all that a leaf says, and more: looked for among the fewest that begin with
        what it says of one dimension."""
        ranges = []
        for at, words in enumerate(self._words):
            first = bisect_left(words, leaf[at])
            ranges.append((bisect_left(words, leaf[at] + "\U0010ffff", first) - first, at, first))
        count, at, first = min(ranges)
        return [
            said for said in self._sorted[at][first : first + count]
            if said != leaf and _is_below(said, leaf)
        ]  # fmt: skip

    def take(self, groups: Sequence[Said]) -> Leaves:
        """All that is left of some groups, by code, in the order of the table; they are used."""
        taken = [part for group in groups for part in self.groups[group]]
        for group in groups:
            self.groups[group] = []
        return sorted(taken, key=lambda part: self._order[part.key])


def _is_below(part: Said, leaf: Said) -> bool:
    """Whether a part says all that a leaf says; it may say more."""
    prefixed = 1 + len(_PREFIXED)
    return (
        all(map(str.startswith, part[:prefixed], leaf))
        and leaf[prefixed] in ("", part[prefixed])
        and all(
            not said or said in _and_above(values, own)
            for values, own, said in zip(
                _NESTED.values(), part[prefixed + 1 :], leaf[prefixed + 1 :], strict=True
            )
        )
    )


@cache
def _and_above(values: str, code: str) -> frozenset[str]:
    """A code of a list with those above it."""
    parents: dict[str, str | None] = {
        row["code"]: row.get("parent") for row in catalogue()[values].rows
    }
    found: set[str] = set()
    at: str | None = code
    while at and at not in found:
        found.add(at)
        at = parents.get(at)
    return frozenset(found)
