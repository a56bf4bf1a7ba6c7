"""The headline figures of a budget: which of the amounts that it prints each is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yusuan.figures.definitions import FigureDefinition, Place, figure_definitions
from yusuan.figures.printed import PrintedAmount, PrintedBudget, at_place

__all__ = ["ChosenFigure", "chosen_figures"]


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
