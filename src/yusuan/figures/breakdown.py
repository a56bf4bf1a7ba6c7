"""Spending and revenue of a budget without overlap: leaves, each a printed amount, which with one
stated residual add up to the printed total."""

from __future__ import annotations

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
    return [
        fact for fact in facts
        if fact.row["row_type"] == "subtotal" and fact.amount and fact.key not in totals
        and _family(place.table or "", fact.row["column"])[0]
        and (function_code(fact) or (direction == "revenue" and fact.row["fund_source"]))
        and not any(_is_finer(other, fact) for other in facts)
    ]  # fmt: skip


def _is_finer(other: PrintedAmount, than: PrintedAmount) -> bool:
    """Whether an amount of the same column is for a function or of a source below another's."""
    if other.row["column"] != than.row["column"]:
        return False
    code, own = function_code(than), function_code(other)
    if code:
        return own != code and own.startswith(code)
    source = than.row["fund_source"]
    return other.row["fund_source"] != source and source in _and_above(
        "fund-sources", other.row["fund_source"]
    )


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


def _refined(leaves: Leaves, parts: Leaves) -> Leaves:
    """The leaves, those that parts divide further with the same sum replaced by these."""
    by_code: dict[str, Leaves] = defaultdict(list)
    for part in parts:
        by_code[function_code(part)].append(part)
    used = {leaf.key for leaf in leaves}
    refined: Leaves = []
    for leaf in leaves:
        own = [part for part in _below(leaf, by_code) if part.key not in used]
        slack = sum((part.half_step for part in own), leaf.half_step)
        whole = sum((part.amount for part in own), Decimal(0))
        if own and abs(whole - leaf.amount) <= slack:
            used.update(part.key for part in own)
            refined += own
        else:
            refined.append(leaf)
    return refined


def _below(leaf: PrintedAmount, by_code: Mapping[str, Leaves]) -> Iterator[PrintedAmount]:
    """The parts that say all that a leaf says, and more."""
    code = function_code(leaf)
    for own, parts in by_code.items():
        if own.startswith(code):
            for part in parts:
                says_more = [own != code, *_compared(leaf.row, part.row)]
                if None not in says_more and any(says_more):
                    yield part


def _compared(leaf: Mapping[str, str], part: Mapping[str, str]) -> Iterator[bool | None]:
    """Of each dimension whether the part says more of it; None where it says another thing."""
    for name in _PREFIXED:
        yield part[name] != leaf[name] if part[name].startswith(leaf[name]) else None
    yield part["project"] != leaf["project"] if leaf["project"] in ("", part["project"]) else None
    for name, values in _NESTED.items():
        known = not leaf[name] or leaf[name] in _and_above(values, part[name])
        yield part[name] != leaf[name] if known else None


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
