"""In which unit a table is that states none, or leaves it open: what its amounts prove."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from yusuan.lexicon.numbers import numbers_in
from yusuan.lexicon.units import UNITS, unit_name
from yusuan.schema.messages import joined, message
from yusuan.tables.captions import PrintedTable
from yusuan.tables.records import ReadingProblem, StandardTable

__all__ = ["Places", "with_proven_units"]

_ENOUGH = 3
"""Different amounts that two tables must share for one to prove the unit of the other."""
_ENOUGH_SAID = 2
"""Different amounts that sentences must state for them to prove the unit of a table."""
_TELLING = 3
"""Digits of a stated amount that is not shared by chance: 123 and 12.3, but not 120 or 0.5."""
Places = Sequence[tuple[PrintedTable, StandardTable | None]]
_Said = Mapping[tuple[int, int], set[Decimal]]
"""The numbers that sentences state, by their unit in yuan and their decimals."""


def with_proven_units(
    places: Places, sentences: Iterable[str] = ()
) -> list[tuple[PrintedTable, StandardTable | None]]:
    """The tables, each that does not state one unit in the unit that its amounts prove.

    Those of the tables that do state one are the measure: where at least three different
    amounts, and half of all, are theirs in one unit, and fewer than half as many in any other,
    that unit is proven. Else the ``sentences`` are, where they state at least two different amounts
    of three digits or more, also rounded, and none in any other unit; then the table is a measure
    for others. What is not proven is read in the unit of the table before, or of the first that
    states or proves one; either way it is told.
    """
    found = list(places)
    left = {
        index: (printed, table)
        for index, (printed, table) in enumerate(places)
        if table and not printed.unit and _open_numbers(table)
    }
    stating = [table for printed, table in places if table and printed.unit]
    stated = {amount for table in stating for amount in _in_yuan(table, table.unit)}
    said = _said(sentences) if left else {}
    proven: dict[int, int] = {}
    for how in ("unit-proven", "unit-proven-by-text", "unit-proven"):
        for index in sorted(left.keys() - proven.keys()):
            printed, table = left[index]
            units, numbers = printed.units or tuple(UNITS.values()), _open_numbers(table)
            if how == "unit-proven":
                unit = _unit_of_tables(numbers, units, stated)
            else:
                unit = _unit_of_sentences(numbers, units, said)
            if unit:
                proven[index] = unit
                stated |= set() if how == "unit-proven" else _in_yuan(table, unit)
                found[index] = printed, _told(printed, table, unit, how)
    for index, (printed, table) in left.items():
        if index in proven:
            continue
        before = [proven[at] for at in sorted(proven) if at < index] or list(proven.values())
        unit = before[-1] if before and not stating else table.unit
        unit = unit if unit in (printed.units or (unit,)) else printed.units[0]
        how = "unit-of-others" if before or table.unit != 1 else "unit-taken"
        found[index] = printed, replace(_told(printed, table, unit, how), unit_unproven=True)
    return found


def _told(printed: PrintedTable, table: StandardTable, unit: int, how: str) -> StandardTable:
    """The table in a unit, with the problem that it states none or several, and how it was found."""
    units = "/".join(map(unit_name, printed.units))
    why = message("unit-left-open", units=units) if units else message("unit-not-stated")
    zh, en = joined(why, message(how, unit=unit_name(unit)))
    problem = ReadingProblem("unit-not-stated", printed.grid.position, None, "", zh, en)
    return replace(table, unit=unit, problems=(*table.problems, problem))


def _open_numbers(table: StandardTable) -> set[Decimal]:
    """The different numbers of a table that do not state their own unit, zero left out."""
    amounts = (amount for row in table.rows for amount in row.amounts if amount.unit is None)
    return {abs(amount.number.value) for amount in amounts if amount.number.value}


def _in_yuan(table: StandardTable, unit: int) -> set[Decimal]:
    amounts = (amount for row in table.rows for amount in row.amounts)
    return {abs(amount.number.value) * (amount.unit or unit) for amount in amounts}


def _unit_of_tables(
    numbers: set[Decimal], units: Sequence[int], stated: set[Decimal]
) -> int | None:
    shared = {unit: sum(number * unit in stated for number in numbers) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    others = max((count for unit, count in shared.items() if unit != best), default=0)
    enough = shared[best] >= max(_ENOUGH, len(numbers) / 2)
    return best if enough and 2 * others < shared[best] else None


def _said(sentences: Iterable[str]) -> _Said:
    """The numbers of sentences that have a unit of money and enough digits to tell."""
    said: dict[tuple[int, int], set[Decimal]] = defaultdict(set)
    for sentence in sentences:
        for lexeme in numbers_in(sentence):
            number = lexeme.number
            if number.unit and len(number.value.normalize().as_tuple().digits) >= _TELLING:
                said[number.unit, number.decimals].add(abs(number.value))
    return said


def _unit_of_sentences(numbers: set[Decimal], units: Sequence[int], said: _Said) -> int | None:
    shared = {unit: _shared(numbers, unit, said) for unit in units}
    best = max(shared, key=lambda unit: shared[unit])
    alone = not any(count for unit, count in shared.items() if unit != best)
    return best if alone and shared[best] >= _ENOUGH_SAID else None


def _shared(numbers: set[Decimal], unit: int, said: _Said) -> int:
    """How many different stated amounts the numbers are in a unit, rounded as they are stated."""
    met: set[Decimal] = set()
    for (stated_unit, decimals), values in said.items():
        step = Decimal(1).scaleb(-decimals)
        for number in numbers:
            value = (number * unit / stated_unit).quantize(step, ROUND_HALF_UP)
            if value in values:
                met.add(value * stated_unit)
    return len(met)
