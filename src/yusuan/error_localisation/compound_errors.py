"""One error that makes several numbers wrong: a whole table in another unit, a run of a column
shifted, two numbers swapped."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from yusuan.error_localisation.constraints import (
    Conflict,
    Constraint,
    ConstraintSystem,
    ValueGroup,
    rounded,
)
from yusuan.error_localisation.error_patterns import Neighbours
from yusuan.error_localisation.feasibility import FeasibilityChecker
from yusuan.error_localisation.simplex import OutOfTime

__all__ = ["CompoundError", "shifted_runs", "swap_candidates", "swap_explains", "wrong_units"]

_SHORTEST_SHIFT = 3
"""So many cells of a column make a run that was shifted."""
_POWERS = (10, 100, 1000, 10**4, 10**8)
"""What a unit may be mistaken by."""
_FEWEST = 4
"""So many numbers must differ alike from other tables before the whole table is in a wrong unit."""


@dataclass(frozen=True, slots=True)
class CompoundError:
    """One error in several places: the right values of its groups, None where it says nothing."""

    kind: Literal["unit", "swapped", "shifted"]
    values: Mapping[int, int | None]

    def bounds(self, system: ConstraintSystem) -> dict[int, tuple[int, int]]:
        """The values as bounds of variables."""
        return {
            system.groups[group].variable: (value - system.groups[group].half, value + system.groups[group].half)
            for group, value in self.values.items()
            if value is not None
        }  # fmt: skip


def swap_explains(
    system: ConstraintSystem,
    neighbours: Neighbours,
    groups: frozenset[int],
    free: frozenset[int],
    checker: FeasibilityChecker,
    pair: tuple[int, int],
) -> bool:
    """Whether a pair of the groups explains all if swapped; ``free`` may be anything."""
    one, other = pair
    first, second = system.groups[one], system.groups[other]
    if first.variable == second.variable or first.value == second.value:
        return False
    if not {first.variable, second.variable} <= checker.bounds.keys():
        return False  # No relation that fails has to do with both.
    beside = (near for key in first.keys for near in neighbours.beside(system.numbers[key]))
    if not any(system.group_of[near] == other for near in beside):
        return False
    error = CompoundError("swapped", {one: second.value, other: first.value})
    return not checker.conflicts(groups | free, error.bounds(system))


def swap_candidates(
    system: ConstraintSystem, neighbours: Neighbours, conflicts: Sequence[Conflict], until: float
) -> Iterator[tuple[int, int]]:
    """Pairs in one row or column whose swap repairs a relation that fails, without proof of the rest.
    Raises OutOfTime past ``until``, in CPU seconds of this thread."""
    constraints = {constraint.relation: constraint for constraint in system.constraints}
    lone = [c for c in conflicts if len(c.relations) == 1 and c.relations[0] in constraints]
    if not lone:
        return
    conflict = min(lone, key=lambda c: (len(c.groups), c.relations))
    constraint = constraints[conflict.relations[0]]
    own = {system.groups[g].variable: g for g in sorted(conflict.groups)}
    if not constraint.terms.keys() <= own.keys():
        return
    ends = {v: (system.groups[g].low, system.groups[g].high) for v, g in own.items()}
    low, high = system.span(constraint, ends)
    seen = set()
    for one in (own[variable] for variable in constraint.terms):
        first = system.groups[one]
        for key in first.keys:
            if time.thread_time() > until:
                raise OutOfTime
            for near in neighbours.beside(system.numbers[key]):
                other = system.group_of[near]
                second = system.groups[other]
                factor = constraint.terms[first.variable] - constraint.terms.get(second.variable, 0)
                by = factor * (second.value - first.value)
                pair = (min(one, other), max(one, other))
                if (
                    by
                    and low + by <= constraint.high
                    and high + by >= constraint.low
                    and pair not in seen
                ):
                    seen.add(pair)
                    yield pair


def shifted_runs(
    system: ConstraintSystem, neighbours: Neighbours, conflicts: Sequence[Conflict]
) -> list[CompoundError]:
    """Runs of a column whose cells each print what the next one above, or below, should.

    All relations of a run must be possible again; the cell at its end may be anything. Of the
    errors that undo most conflicts all that undo the same ones.
    """
    if len(conflicts) < _SHORTEST_SHIFT:
        return []
    found: dict[tuple[int, ...], list[CompoundError]] = {}
    constraints = {constraint.relation: constraint for constraint in system.constraints}
    broken: dict[int, list[Constraint | None]] = {}
    for conflict in conflicts:
        constraint = (
            constraints.get(conflict.relations[0]) if len(conflict.relations) == 1 else None
        )
        if constraint or len({system.groups[group].variable for group in conflict.groups}) == 1:
            for group in conflict.groups:
                broken.setdefault(group, []).append(constraint)
    for (_, kind, _), line in sorted(neighbours.lines.items()):
        if kind != "column" or len(line) < _SHORTEST_SHIFT:
            continue
        cells = [system.group_of[key] for _, key in line]
        for order in (cells, cells[::-1]):
            for first, last in _runs(system, order, broken):
                error = _shifted(order[first : last + 1], system)
                if error is not None:
                    hit = _repaired(error, system, conflicts)
                    if len(hit) >= _SHORTEST_SHIFT and error not in found.setdefault(hit, []):
                        found[hit].append(error)
    if not found:
        return []
    best = min(found, key=lambda hit: (-len(hit), hit))
    fewest = min(len(error.values) for error in found[best])
    return [error for error in found[best] if len(error.values) == fewest]


def _runs(
    system: ConstraintSystem,
    cells: Sequence[int],
    broken: Mapping[int, Sequence[Constraint | None]],
) -> list[tuple[int, int]]:
    """Where each cell may be what the next one prints, and some cannot be what they print.

    ``broken`` has the relations of a group that fail alone, None for another print of it.
    """
    own = {system.groups[group].variable for group in cells}

    def apart(constraint: Constraint, variable: int) -> bool:
        return not any(v in own and v != variable for v in constraint.terms)

    def wrong(index: int) -> bool:
        group = cells[index]
        variable = system.groups[group].variable
        return any(
            constraint is None or apart(constraint, variable)
            for constraint in broken.get(group, ())
        )

    def fits(index: int) -> bool:
        each, value = system.groups[cells[index]], system.groups[cells[index + 1]].value
        moved = (value - each.half, value + each.half)
        beside = (system.constraints[n] for n in system.constraints_of.get(each.variable, ()))
        return _meet(system.bounds_of(each.variable, frozenset({cells[index]})), moved) and all(
            _possible(system, constraint, {each.variable: moved})
            for constraint in beside
            if apart(constraint, each.variable)
        )

    marked = [index for index in range(len(cells) - 1) if wrong(index) and fits(index)]
    runs: list[tuple[int, int]] = []
    while marked:
        start = end = marked[0]
        while start and fits(start - 1):
            start -= 1
        while end < len(cells) - 1 and (end in marked or fits(end)):
            end += 1
        inner = [index for index in marked if index < end]
        if len(inner) >= _SHORTEST_SHIFT - 1:
            firsts = {start, inner[0], max(start, inner[0] - 1)}
            lasts = {inner[-1], inner[-1] + 1, end}
            runs += [(first, last) for first in sorted(firsts) for last in sorted(lasts)]
        marked = marked[len(inner) :]
    return runs


def _meet(rest: tuple[int | None, int | None], interval: tuple[int, int]) -> bool:
    low, high = rest
    return (low is None or low <= interval[1]) and (high is None or high >= interval[0])


def _possible(
    system: ConstraintSystem, constraint: Constraint, bounds: Mapping[int, tuple[int, int]]
) -> bool:
    """Whether a relation can hold, all but the variables given as they are printed."""
    ends = {}
    for variable in constraint.terms:
        low, high = bounds.get(variable) or system.bounds_of(variable)
        if low is None or high is None or low > high:
            first = system.groups[system.groups_of[variable][0]]
            low, high = first.low, first.high
        ends[variable] = (low, high)
    low, high = system.span(constraint, ends)
    return low <= constraint.high and high >= constraint.low


def _shifted(ordered: Sequence[int], system: ConstraintSystem) -> CompoundError | None:
    """What the cells should be when each prints the value of the one before."""
    values: dict[int, int | None] = {}
    for group, after in pairwise(ordered):
        if group in values:
            return None
        if system.groups[after].value != system.groups[group].value:
            values[group] = system.groups[after].value
    if len(values) < _SHORTEST_SHIFT - 1 or ordered[-1] in values:
        return None
    if system.groups[ordered[0]].value == system.groups[ordered[-1]].value:
        return None  # The last would be right as it is, and nothing have moved into it.
    return CompoundError("shifted", {**values, ordered[-1]: None})


def _repaired(
    error: CompoundError, system: ConstraintSystem, conflicts: Sequence[Conflict]
) -> tuple[int, ...]:
    """The conflicts that the error undoes; none when a relation of it stays impossible, or gets so."""
    bounds = error.bounds(system)
    groups = frozenset(error.values)
    variables = {system.groups[group].variable for group in groups}
    unbounded = variables - bounds.keys()
    if not all(
        _meet(system.bounds_of(variable, groups), interval) for variable, interval in bounds.items()
    ):
        return ()
    for number in sorted({n for v in variables for n in system.constraints_of.get(v, ())}):
        constraint = system.constraints[number]
        if (
            not unbounded & constraint.terms.keys()
            and constraint.about not in groups
            and not _possible(system, constraint, bounds)
        ):
            return ()
    return tuple(n for n, conflict in enumerate(conflicts) if conflict.groups & groups)


def wrong_units(
    system: ConstraintSystem, neighbours: Neighbours, conflicts: Sequence[Conflict]
) -> list[CompoundError]:
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
    return [_wrong_unit(system, neighbours, *vote) for vote in best]


def _tables(system: ConstraintSystem, group: ValueGroup) -> set[str]:
    tables = (system.numbers[key].table for key in group.keys)
    return {table for table in tables if table is not None}


def _differ(inner: ValueGroup, outer: ValueGroup, power: int, larger: bool) -> bool:
    """Whether the inner value is a power of ten larger (smaller) than the outer."""
    great, small = (inner, outer) if larger else (outer, inner)
    if not great.value or great.value == small.value:
        return False
    return abs(great.value - power * small.value) <= great.half + power * small.half


def _wrong_unit(
    system: ConstraintSystem, neighbours: Neighbours, table: str, power: int, larger: bool
) -> CompoundError:
    values: dict[int, int | None] = {}
    for (name, kind, _), line in sorted(neighbours.lines.items()):
        if name != table or kind != "row":
            continue
        for _, key in line:
            group = system.group_of[key]
            value = system.groups[group].value
            if value:
                values[group] = rounded(value, power) // power if larger else value * power
    return CompoundError("unit", values)
