"""A whole table in another unit: one slip, however many numbers it printed."""

from __future__ import annotations

from collections.abc import Sequence

from yusuan.locate.acts import Act
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, Group, System, rounded

__all__ = ["scaled"]

_POWERS = (10, 100, 1000, 10**4, 10**8)
_FEWEST = 4


def scaled(system: System, neighbours: Neighbours, conflicts: Sequence[Conflict]) -> list[Act]:
    """The table that differs from other tables by one power of ten wherever both print a number.

    Three quarters of its contradictions, and at least four, must say so.
    """
    votes: dict[tuple[str, int, bool], int] = {}
    against: dict[str, int] = {}
    for conflict in conflicts:
        if len(conflict.groups) != 2:
            continue
        one, other = (system.groups[group] for group in sorted(conflict.groups))
        if one.variable != other.variable:
            continue
        for inner, outer in ((one, other), (other, one)):
            for table in sorted(_tables(system, inner) - _tables(system, outer)):
                against[table] = against.get(table, 0) + 1
                for power in _POWERS:
                    for larger in (True, False):
                        if _differ(inner, outer, power, larger):
                            vote = (table, power, larger)
                            votes[vote] = votes.get(vote, 0) + 1
    enough = {
        vote: count
        for vote, count in votes.items()
        if count >= _FEWEST and 4 * count >= 3 * against[vote[0]]
    }
    # Of two tables that contradict only each other either may be the wrong one.
    most = max(enough.values(), default=0)
    best = [vote for vote in sorted(enough) if enough[vote] == most]
    return [_act(system, neighbours, *vote) for vote in best]


def _tables(system: System, group: Group) -> set[str]:
    tables = (system.quantities[key].table for key in group.keys)
    return {table for table in tables if table is not None}


def _differ(inner: Group, outer: Group, power: int, larger: bool) -> bool:
    """Whether the inner value is a power of ten larger (smaller) than the outer."""
    great, small = (inner, outer) if larger else (outer, inner)
    if not great.value or great.value == small.value:
        return False
    return abs(great.value - power * small.value) <= great.half + power * small.half


def _act(system: System, neighbours: Neighbours, table: str, power: int, larger: bool) -> Act:
    values: dict[int, int | None] = {}
    for (name, kind, _), line in sorted(neighbours.lines.items()):
        if name != table or kind != "row":
            continue
        for _, key in line:
            group = system.group_of[key]
            value = system.groups[group].value
            if value:
                values[group] = rounded(value, power) // power if larger else value * power
    return Act("unit", values)
