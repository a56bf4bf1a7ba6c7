"""A disclosure whose printed numbers are places that can be overwritten one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from benchmarks.layouts import model
from benchmarks.layouts.model import Amount, Column, Style, Table
from benchmarks.layouts.render import FORMATS

__all__ = ["Address", "Draft", "Figure", "Place", "all_places", "draw", "places", "printed"]

Address = tuple[int, int, int]
"""Block, row (0 in a paragraph), cell or part."""


@dataclass(frozen=True)
class Figure:
    """A number in running text: true value (money in yuan) and how it is printed.

    ``kind`` is amount, share, change, rate, count, staff, procurement, target-amount or date.
    """

    value: Decimal
    unit: str
    decimals: int
    kind: str = "amount"
    text: str = ""


Paragraph = list["str | Figure"]


@dataclass(frozen=True)
class Place:
    """One printed number: what is printed there in a document without errors."""

    address: Address
    printed: str
    value: Decimal
    """In the unit printed."""
    step: Decimal
    kind: str
    table: Table | None = None
    label: str = ""
    code: str | None = None
    column: Column | None = None


@dataclass
class Draft:
    """A whole document before it is printed. ``format`` is a name of ``FORMATS``."""

    layout: str
    name: str
    year: int
    phase: str
    style: Style
    format: str
    rng: Random
    narrative_decimals: int = 2
    rate_decimals: int = 2
    blocks: list[str | Table | Paragraph] = field(default_factory=list)

    def table(self, kind: str) -> Table | None:
        return next((b for b in self.blocks if isinstance(b, Table) and b.kind == kind), None)


def half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def printed(style: Style, value: Decimal, unit: int, decimals: int) -> str:
    """An amount rounded half up on its own, in the way of the style."""
    shown = half_up(value / unit, decimals)
    if value and not shown:
        return f"{shown.copy_abs():.{decimals}f}"
    return replace(style, decimals=decimals, unit=1).number(shown)


def places(draft: Draft) -> Iterator[Place]:
    """Every number that is printed, in reading order; blanks and dashes are none."""
    for number, block in enumerate(draft.blocks):
        if isinstance(block, Table):
            yield from _in_table(draft, number, block)
        elif isinstance(block, list):
            for part, item in enumerate(block):
                if isinstance(item, Figure):
                    yield _in_text(draft, (number, 0, part), item)


def all_places(draft: Draft) -> Iterator[Address]:
    """Every place that a number may be printed at, those left blank too."""
    for number, block in enumerate(draft.blocks):
        if isinstance(block, Table):
            for row, line in enumerate(block.body):
                yield from (
                    (number, row, at) for at, cell in enumerate(line) if isinstance(cell, Amount)
                )
        elif isinstance(block, list):
            yield from ((number, 0, part) for part, item in enumerate(block)
                        if isinstance(item, Figure) and item.kind != "date")  # fmt: skip


def _unit_of(draft: Draft, table: Table, column: Column) -> tuple[int, int]:
    """Unit and decimals of a column: another unit than the document's has two decimals."""
    unit = column.unit or table.unit or draft.style.unit
    return unit, draft.style.decimals if unit == draft.style.unit else 2


def _in_table(draft: Draft, number: int, table: Table) -> Iterator[Place]:
    for row, line in enumerate(table.body):
        for at, (cell, column) in enumerate(zip(line, table.columns, strict=True)):
            if not isinstance(cell, Amount):
                continue
            assert isinstance(column, Column)
            unit, decimals = _unit_of(draft, table, column)
            text = printed(draft.style, cell.value, unit, decimals)
            if any(map(str.isdigit, text)):
                yield Place((number, row, at), text, half_up(cell.value / unit, decimals),
                            Decimal(1).scaleb(-decimals), "cell", table, cell.label, cell.code,
                            column)  # fmt: skip


def _in_text(draft: Draft, address: Address, item: Figure) -> Place:
    if item.kind == "date":
        return Place(address, item.text, item.value, Decimal(1), "date")
    factor = {"万元": 10_000, "元": 1}.get(item.unit, 1)
    shown = half_up(item.value / factor, item.decimals)
    return Place(address, f"{shown:f}", shown, Decimal(1).scaleb(-item.decimals), item.kind)


def draw(
    draft: Draft, changes: Mapping[Address, str], without: frozenset[int] = frozenset()
) -> bytes:
    """The document with other texts at some places, and without some blocks."""
    own = {place.address: place.printed for place in places(draft)} | dict(changes)
    blocks: list[str | Table] = []
    for number, block in enumerate(draft.blocks):
        if number in without:
            continue
        if isinstance(block, Table):
            body = [
                [
                    own.get((number, row, at), "" if isinstance(cell, Amount) else cell)
                    for at, cell in enumerate(line)
                ]
                for row, line in enumerate(block.body)
            ]
            blanks = _blanks(draft, number, block, changes)
            for (row, at), text in blanks.items():
                body[row][at] = text
            blocks.append(replace(block, body=body))
        elif isinstance(block, list):
            blocks.append("".join(
                item if isinstance(item, str) else own[number, 0, part] + _unit_text(item)
                for part, item in enumerate(block)
            ))  # fmt: skip
        else:
            blocks.append(block)
    document = model.Disclosure(
        draft.layout, draft.name, draft.year, draft.phase, draft.style, blocks
    )
    return FORMATS[draft.format][1](document)


def _blanks(
    draft: Draft, number: int, table: Table, changes: Mapping[Address, str]
) -> dict[tuple[int, int], str]:
    """What is printed for zero, where nothing else is written over it."""
    return {
        (row, at): draft.style.zero
        for row, line in enumerate(table.body)
        for at, cell in enumerate(line)
        if isinstance(cell, Amount) and not cell.value and draft.style.zero != "0"
        and (number, row, at) not in changes
    }  # fmt: skip


def _unit_text(item: Figure) -> str:
    return "" if item.kind == "date" else item.unit
