"""What ``schemas/figures.yaml`` says: the headline figures of a budget and where each may be
printed, and the tables that spending and revenue are taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from yusuan.schema import data_path, read_yaml

__all__ = ["BreakdownDefinition", "FigureDefinition", "Place", "breakdown", "figure_definitions"]

_OWN = ("table", "claim", "side", "label", "phase", "alone", "coded", "stock")
"""What a place says besides the columns of facts."""


@dataclass(frozen=True, slots=True)
class Place:
    """A table and what its facts must say, or the subject of a claim.

    ``columns`` are columns of facts with the values that fit; ``alone`` asks that the table has
    amounts in one row only, ``coded`` that some fact of the place names a function; ``stock`` takes
    a claim of what stood on a day, which may be in the year before.
    """

    table: str | None
    claim: str | None = None
    sides: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    alone: bool = False
    coded: bool = False
    stock: bool = False
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FigureDefinition:
    """A headline figure: its code, its names, what it is a part of, where it may be printed.

    Its measure is ``amount``, in yuan, or ``count``, a number of things.
    """

    code: str
    name: str
    name_en: str
    parent: str | None
    places: tuple[Place, ...]
    measure: str = "amount"


@dataclass(frozen=True, slots=True)
class BreakdownDefinition:
    """How spending or revenue is taken apart.

    ``totals`` are codes of figures; ``apart`` says of facts that they are not in the first of
    them. A cover is some tables that hold each amount once.
    """

    direction: str
    totals: tuple[str, ...]
    apart: Mapping[str, str]
    covers: tuple[tuple[Place, ...], ...]
    refined_by: tuple[tuple[Place, ...], ...]


@cache
def figure_definitions() -> tuple[FigureDefinition, ...]:
    """The headline figures in their order."""
    return tuple(
        FigureDefinition(
            code=each["code"],
            name=each["name"],
            name_en=each["name_en"],
            parent=each.get("parent"),
            places=tuple(map(_place, each["places"])),
            measure=each.get("measure", "amount"),
        )
        for each in _read()["figures"]
    )


@cache
def breakdown(name: str) -> BreakdownDefinition:
    """The definition of ``spending`` or ``revenue``."""
    entry = _read()[name]
    return BreakdownDefinition(
        direction=entry["direction"],
        totals=tuple(entry["totals"]),
        apart=entry.get("apart", {}),
        covers=tuple(tuple(map(_place, cover)) for cover in entry["covers"]),
        refined_by=tuple(tuple(map(_place, finer)) for finer in entry["refined_by"]),
    )


def _read() -> Any:
    return read_yaml(data_path("schemas", "figures.yaml"))


def _place(entry: Mapping[str, Any]) -> Place:
    return Place(
        table=entry.get("table"),
        claim=entry.get("claim"),
        sides=_values(entry.get("side")),
        labels=_values(entry.get("label")),
        phases=_values(entry.get("phase")),
        alone=bool(entry.get("alone")),
        coded=bool(entry.get("coded")),
        stock=bool(entry.get("stock")),
        columns={name: _values(value) for name, value in entry.items() if name not in _OWN},
    )


def _values(entry: str | list[str] | None) -> frozenset[str]:
    return frozenset([entry] if isinstance(entry, str) else entry or ())
