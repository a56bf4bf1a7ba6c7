"""What a budget prints, as its rows say it: facts and claims, and which of them its headline figures are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from yusuan.figures.definitions import FigureDefinition, Place, figure_definitions
from yusuan.model.text import normal, without_numbering
from yusuan.schema import catalogue
from yusuan.tables import is_repeat_key

__all__ = ["Budget", "ChosenFigure", "PrintedAmount", "PrintedBudget", "at_place", "chosen_figures"]

Row = Mapping[str, str]
_DERIVED = "change"
"""The item of amounts that compare two years."""
_LARGEST = 40
"""Digits of a number, and of its exponent."""


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget: a department's, or a unit's, of a year and phase; see ``budgets.yaml``.

    ``documents`` hold it, ``superseded`` are those whose tables others print anew.
    """

    budget: str
    title: str | None
    department: str
    fiscal_year: str
    phase: str
    kind: str | None
    part_of: str | None
    documents: tuple[str, ...]
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """A fact or a claim: its row, the amount in yuan, and how far rounding can have moved it; or a
    claim that counts things, with their number."""

    key: str
    row: Row
    amount: Decimal
    half_step: Decimal
    side: str = ""
    is_claim: bool = False

    def agrees(self, other: PrintedAmount) -> bool:
        """Whether both can be one amount, rounded."""
        return abs(self.amount - other.amount) <= self.half_step + other.half_step


@dataclass(slots=True)
class PrintedBudget:
    """A budget with the amounts of its own year and phase: facts by table, claims by subject.

    Only the first table of a kind counts, of the document that prints it last (``budgets.py``).
    """

    budget: Budget
    facts: dict[str, list[PrintedAmount]] = field(default_factory=dict)
    claims: dict[str, list[PrintedAmount]] = field(default_factory=dict)
    before: dict[str, list[PrintedAmount]] = field(default_factory=dict)
    """What is stated of the year before, of whatever phase: stocks are those of its end."""

    def add_fact(self, row: Row) -> None:
        """Take a fact, unless it is of another year or phase, or of a repeated table."""
        if (row["fiscal_year"], row["phase"]) != (self.budget.fiscal_year, self.budget.phase):
            return
        key = row["row"].removeprefix(f"{row['document']}-{row['table']}").removeprefix("-")
        if not row["column"] or row["item"] == _DERIVED or is_repeat_key(key):
            return
        found = PrintedAmount(
            row["fact"], row, _decimal(row["amount"]),
            Decimal(5).scaleb(-int(row["decimals"]) - 1) * int(row["unit"]),
            _side(row["table"], key),
        )  # fmt: skip
        self.facts.setdefault(row["table"], []).append(found)

    def add_claim(self, row: Row) -> None:
        """Take an amount or a count that a sentence states."""
        if row["fiscal_year"] == str(int(self.budget.fiscal_year) - 1):
            claims = self.before
        elif (row["fiscal_year"], row["phase"]) == (self.budget.fiscal_year, self.budget.phase):
            claims = self.claims
        else:
            return
        value = _decimal(row["value"])
        amount = _decimal(row["amount"]) if row["measure"] == "amount" else value
        step = Decimal(5).scaleb(_exponent(value) - 1) * (amount / value if value else 1)
        found = PrintedAmount(row["claim"], row, amount, abs(step), is_claim=True)
        claims.setdefault(row["subject"], []).append(found)


def at_place(place: Place, printed: PrintedBudget) -> list[PrintedAmount]:
    """The amounts of a budget that fit a place."""
    if place.phases and printed.budget.phase not in place.phases:
        return []
    if place.claim:
        found = printed.claims.get(place.claim, [])
        return found or (printed.before.get(place.claim, []) if place.stock else [])
    facts = printed.facts.get(place.table or "", [])
    if place.alone and len({fact.row["row"] for fact in facts}) != 1:
        return []
    return [fact for fact in facts if _fits(place, fact)]


def _fits(place: Place, fact: PrintedAmount) -> bool:
    if place.sides and fact.side not in place.sides:
        return False
    if any(fact.row[name] not in values for name, values in place.columns.items()):
        return False
    return not place.labels or without_numbering(normal(fact.row["row_label"])) in place.labels


def _side(table: str, key: str) -> str:
    """Which of the tables printed side by side a row is of, as its key says; the longest name."""
    names = (side.name for side in catalogue()[table].sides)
    fitting = [name for name in names if key == name or key.startswith(f"{name}-")]
    return max(fitting, key=len, default="")


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _decimal(text: str) -> Decimal:
    """A number of the package; raises ValueError for one of a size that no budget has."""
    value = Decimal(text)
    if not value.is_finite() or abs(value.adjusted()) > _LARGEST or len(text) > _LARGEST:
        raise ValueError(f"{text[:40]}: no amount of a budget")
    return value


# Which of them the headline figures are


@dataclass(frozen=True, slots=True)
class ChosenFigure:
    """A headline figure and the amount that it is; ``rank`` counts its places from 1."""

    definition: FigureDefinition
    amount: PrintedAmount
    rank: int

    @property
    def code(self) -> str:
        """What it is called by."""
        return self.definition.code


def chosen_figures(printed: PrintedBudget) -> Iterator[ChosenFigure]:
    """The figures that a budget prints, in the order of ``schemas/figures.yaml``.

    Nothing is added up, and a figure that is printed nowhere, or at no place clearly, has none.
    """
    for definition in figure_definitions():
        for rank, place in enumerate(definition.places, start=1):
            amount = _amount(place, printed)
            if amount is not None:
                yield ChosenFigure(definition, amount, rank)
                break


def _amount(place: Place, printed: PrintedBudget) -> PrintedAmount | None:
    """The one amount of a place: that of the fact which sums the others. None where several are
    left that differ by more than rounding."""
    found = _topmost(at_place(place, printed))
    if not found or not all(found[0].agrees(other) for other in found):
        return None
    return min(found, key=lambda each: (each.half_step, each.key))


def _topmost(found: Sequence[PrintedAmount]) -> list[PrintedAmount]:
    keys = {each.key for each in found}
    return [
        each
        for each in found
        if each.is_claim or keys.isdisjoint((each.row["row_total"], each.row["column_total"]))
    ]
