"""The unit of a table that states none, or leaves it open: taken from where amounts prove it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from yusuan.model.money import UNITS, unit_name
from yusuan.tables.captions import PrintedTable
from yusuan.tables.records import Amount, Problem, Table

__all__ = ["with_proven_units"]

_ENOUGH = 3
"""Different amounts that two tables must share for one to prove the unit of the other."""
Places = Sequence[tuple[PrintedTable, Table | None]]


def with_proven_units(places: Places) -> list[tuple[PrintedTable, Table | None]]:
    """The tables, each that does not state one unit in the unit that its amounts prove.

    Those of the tables that do state one are the measure: where at least three different
    amounts, and half of all, are theirs in one unit, and fewer than half as many in any other,
    that unit is proven. What is not proven is read in the unit of the table before, or of the first
    that states one; either way it is told.
    """
    stated = {
        abs(amount.number.value) * (amount.unit or table.unit)
        for printed, table in places if table and printed.unit
        for amount in _amounts(table)
    }  # fmt: skip
    return [
        (printed, _told(printed, table, stated) if table and not printed.unit else table)
        for printed, table in places
    ]


def _amounts(table: Table) -> list[Amount]:
    return [amount for row in table.rows for amount in row.amounts]


def _told(printed: PrintedTable, table: Table, stated: set[Decimal]) -> Table:
    """The table in its proven unit, with the problem that it states none or several."""
    own = [amount for amount in _amounts(table) if amount.unit is None]
    if not own:
        return table
    proven = _proven(
        [amount.number.value for amount in own], printed.units or tuple(UNITS.values()), stated
    )
    unit = proven or (
        table.unit if table.unit in (printed.units or (table.unit,)) else printed.units[0]
    )
    problem = _problem(printed, unit, proven is not None, table.unit != 1)
    return replace(table, unit=unit, problems=(*table.problems, problem))


def _proven(values: Sequence[Decimal], units: Sequence[int], stated: set[Decimal]) -> int | None:
    numbers = {abs(value) for value in values if value}
    shared = {unit: sum(number * unit in stated for number in numbers) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    others = max((count for unit, count in shared.items() if unit != best), default=0)
    enough = shared[best] >= max(_ENOUGH, len(numbers) / 2)
    return best if enough and 2 * others < shared[best] else None


def _problem(printed: PrintedTable, unit: int, proven: bool, before: bool) -> Problem:
    taken = unit_name(unit)
    named = "/".join(map(unit_name, printed.units))
    zh = f"表上计量单位印作“{named}”，未定" if named else "表上未注明计量单位"
    en = f"the unit is left open ({named})" if named else "no unit is stated"
    if proven:
        how = (
            f"，与他表相同的金额表明为{taken}",
            f"; amounts printed in other tables too show {taken}",
        )
    elif before:
        how = f"，沿用他表，按{taken}计", f"; {taken} is taken from the other tables"
    else:
        how = f"，按{taken}计", f"; {taken} is taken"
    return Problem("unit-not-stated", printed.grid.position, None, "", zh + how[0], en + how[1])
