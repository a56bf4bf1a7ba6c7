"""Slips that make several numbers wrong at once: two swapped, a run of a column shifted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from yusuan.locate.decide import Decider
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, System

__all__ = ["Act", "shift", "swap_with", "swappable"]

_SHORTEST_SHIFT = 3


@dataclass(frozen=True, slots=True)
class Act:
    """One slip: the right values of its groups, None where it says nothing."""

    kind: str
    values: Mapping[int, int | None]

    def pins(self, system: System) -> dict[int, tuple[int, int]]:
        """The values as bounds of variables."""
        return {
            system.groups[group].variable: (value - system.groups[group].half, value + system.groups[group].half)
            for group, value in self.values.items()
            if value is not None
        }  # fmt: skip


def swap_with(
    system: System,
    neighbours: Neighbours,
    groups: frozenset[int],
    free: frozenset[int],
    decider: Decider,
    pair: frozenset[int] | None = None,
) -> Act | None:
    """The first pair of the groups that explains all if swapped; ``free`` may be anything."""
    for one, other in [sorted(pair)] if pair else combinations(sorted(groups), 2):
        first, second = system.groups[one], system.groups[other]
        if first.variable == second.variable or first.value == second.value:
            continue
        beside = {
            system.group_of[near]
            for key in first.keys
            for near in neighbours.beside(system.quantities[key])
        }
        if other not in beside:
            continue
        act = Act("swapped", {one: second.value, other: first.value})
        if not decider.conflicts(groups | free, act.pins(system)):
            return act
    return None


def swappable(
    system: System, neighbours: Neighbours, conflicts: Sequence[Conflict]
) -> Iterator[frozenset[int]]:
    """Pairs in one row or column whose swap repairs a relation that fails, without proof of the rest."""
    rows = {row.relation: row for row in system.rows}
    lone = [c for c in conflicts if len(c.relations) == 1 and c.relations[0] in rows]
    if not lone:
        return
    conflict = min(lone, key=lambda c: (len(c.groups), c.relations))
    row = rows[conflict.relations[0]]
    own = {system.groups[g].variable: g for g in sorted(conflict.groups)}
    if not row.terms.keys() <= own.keys():
        return
    ends = {v: (system.groups[g].low, system.groups[g].high) for v, g in own.items()}
    low, high = system.span(row, ends)
    seen = set()
    for one in (own[variable] for variable in row.terms):
        first = system.groups[one]
        for key in first.keys:
            for near in neighbours.beside(system.quantities[key]):
                other = system.group_of[near]
                second = system.groups[other]
                factor = row.terms[first.variable] - row.terms.get(second.variable, 0)
                by = factor * (second.value - first.value)
                pair = frozenset((one, other))
                if by and low + by <= row.high and high + by >= row.low and pair not in seen:
                    seen.add(pair)
                    yield pair


def shift(system: System, neighbours: Neighbours, conflicts: Sequence[Conflict]) -> Act | None:
    """A run of a column whose cells each print what the next one above, or below, should.

    All relations of the run must be possible again; the cell at its end may be anything.
    """
    suspects = {group for conflict in conflicts for group in conflict.groups}
    if len(conflicts) < _SHORTEST_SHIFT:
        return None
    best: tuple[int, int, Act] | None = None
    for (_, kind, _), line in sorted(neighbours.lines.items()):
        if kind != "column" or len(line) < _SHORTEST_SHIFT:
            continue
        cells = [system.group_of[key] for _, key in line]
        for run in _runs([group in suspects for group in cells]):
            for first in range(max(0, run[0] - 1), run[0] + 2):
                for last in range(run[1] - 1, min(len(cells) - 1, run[1] + 1) + 1):
                    for up in (False, True):
                        act = _shifted(cells[first : last + 1], system, up)
                        hit = 0 if act is None else _repaired(act, system, conflicts)
                        if act and hit >= _SHORTEST_SHIFT:
                            rank = (-hit, len(act.values), act)
                            if best is None or rank[:2] < best[:2]:
                                best = rank
    return best[2] if best else None


def _runs(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """First and last index of each run of marks, single gaps allowed."""
    runs: list[tuple[int, int]] = []
    for index, mark in enumerate(marks):
        if mark and runs and index - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], index)
        elif mark:
            runs.append((index, index))
    return [run for run in runs if run[1] - run[0] + 1 >= _SHORTEST_SHIFT]


def _shifted(cells: Sequence[int], system: System, up: bool) -> Act | None:
    """What the cells should be when each prints its neighbour's value."""
    ordered = list(reversed(cells)) if up else list(cells)
    values: dict[int, int | None] = {}
    for group, after in pairwise(ordered):
        if group in values:
            return None
        if system.groups[after].value != system.groups[group].value:
            values[group] = system.groups[after].value
    if len(values) < _SHORTEST_SHIFT - 1 or ordered[-1] in values:
        return None
    return Act("shifted", {**values, ordered[-1]: None})


def _repaired(act: Act, system: System, conflicts: Sequence[Conflict]) -> int:
    """How many conflicts the act undoes; 0 when a relation of it stays impossible, or gets so."""
    pins = act.pins(system)
    groups = frozenset(act.values)
    variables = {system.groups[group].variable for group in groups}
    loose = variables - pins.keys()
    for variable, pin in pins.items():
        low, high = system.pin(variable, groups)
        if low is not None and high is not None and (low > pin[1] or high < pin[0]):
            return 0
    for number in sorted({n for v in variables for n in system.rows_of.get(v, ())}):
        row = system.rows[number]
        if loose & row.terms.keys() or row.about in groups:
            continue
        at = {v: pins.get(v) or system.pin(v) for v in row.terms}
        low, high = system.span(row, at)  # type: ignore[arg-type]
        if low > row.high or high < row.low:
            return 0
    return sum(1 for conflict in conflicts if conflict.groups & groups)
