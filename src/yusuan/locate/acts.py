"""Slips that make several numbers wrong at once: two swapped, a run of a column shifted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.locate.decide import Decider
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, Row, System

__all__ = ["Act", "shifts", "swap_with", "swappable"]

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
    pair: tuple[int, int],
) -> bool:
    """Whether a pair of the groups explains all if swapped; ``free`` may be anything."""
    one, other = pair
    first, second = system.groups[one], system.groups[other]
    if first.variable == second.variable or first.value == second.value:
        return False
    if not {first.variable, second.variable} <= decider.pins.keys():
        return False  # No relation that fails has to do with both.
    beside = (near for key in first.keys for near in neighbours.beside(system.quantities[key]))
    if not any(system.group_of[near] == other for near in beside):
        return False
    act = Act("swapped", {one: second.value, other: first.value})
    return not decider.conflicts(groups | free, act.pins(system))


def swappable(
    system: System, neighbours: Neighbours, conflicts: Sequence[Conflict]
) -> Iterator[tuple[int, int]]:
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
                pair = (min(one, other), max(one, other))
                if by and low + by <= row.high and high + by >= row.low and pair not in seen:
                    seen.add(pair)
                    yield pair


def shifts(system: System, neighbours: Neighbours, conflicts: Sequence[Conflict]) -> list[Act]:
    """Runs of a column whose cells each print what the next one above, or below, should.

    All relations of a run must be possible again; the cell at its end may be anything. Of the
    acts that undo most conflicts all that undo the same ones.
    """
    if len(conflicts) < _SHORTEST_SHIFT:
        return []
    found: dict[tuple[int, ...], list[Act]] = {}
    rows = {row.relation: row for row in system.rows}
    broken: dict[int, list[Row | None]] = {}
    for conflict in conflicts:
        row = rows.get(conflict.relations[0]) if len(conflict.relations) == 1 else None
        if row or len({system.groups[group].variable for group in conflict.groups}) == 1:
            for group in conflict.groups:
                broken.setdefault(group, []).append(row)
    for (_, kind, _), line in sorted(neighbours.lines.items()):
        if kind != "column" or len(line) < _SHORTEST_SHIFT:
            continue
        cells = [system.group_of[key] for _, key in line]
        for order in (cells, cells[::-1]):
            for first, last in _runs(system, order, broken):
                act = _shifted(order[first : last + 1], system)
                if act is not None:
                    hit = _repaired(act, system, conflicts)
                    if len(hit) >= _SHORTEST_SHIFT and act not in found.setdefault(hit, []):
                        found[hit].append(act)
    if not found:
        return []
    best = min(found, key=lambda hit: (-len(hit), hit))
    fewest = min(len(act.values) for act in found[best])
    return [act for act in found[best] if len(act.values) == fewest]


def _runs(
    system: System, cells: Sequence[int], broken: Mapping[int, Sequence[Row | None]]
) -> list[tuple[int, int]]:
    """Where each cell may be what the next one prints, and some cannot be what they print.

    ``broken`` has the relations of a group that fail alone, None for another print of it.
    """
    own = {system.groups[group].variable for group in cells}

    def apart(row: Row, variable: int) -> bool:
        return not any(v in own and v != variable for v in row.terms)

    def wrong(index: int) -> bool:
        group = cells[index]
        variable = system.groups[group].variable
        return any(row is None or apart(row, variable) for row in broken.get(group, ()))

    def fits(index: int) -> bool:
        each, value = system.groups[cells[index]], system.groups[cells[index + 1]].value
        moved = (value - each.half, value + each.half)
        beside = (system.rows[n] for n in system.rows_of.get(each.variable, ()))
        return _meet(system.pin(each.variable, frozenset({cells[index]})), moved) and all(
            _possible(system, row, {each.variable: moved})
            for row in beside
            if apart(row, each.variable)
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


def _meet(rest: tuple[int | None, int | None], pin: tuple[int, int]) -> bool:
    low, high = rest
    return (low is None or low <= pin[1]) and (high is None or high >= pin[0])


def _possible(system: System, row: Row, pins: Mapping[int, tuple[int, int]]) -> bool:
    """Whether a relation can hold, all but the variables given as they are printed."""
    ends = {}
    for variable in row.terms:
        low, high = pins.get(variable) or system.pin(variable)
        if low is None or high is None or low > high:
            first = system.groups[system.groups_of[variable][0]]
            low, high = first.low, first.high
        ends[variable] = (low, high)
    low, high = system.span(row, ends)
    return low <= row.high and high >= row.low


def _shifted(ordered: Sequence[int], system: System) -> Act | None:
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
    return Act("shifted", {**values, ordered[-1]: None})


def _repaired(act: Act, system: System, conflicts: Sequence[Conflict]) -> tuple[int, ...]:
    """The conflicts that the act undoes; none when a relation of it stays impossible, or gets so."""
    pins = act.pins(system)
    groups = frozenset(act.values)
    variables = {system.groups[group].variable for group in groups}
    loose = variables - pins.keys()
    if not all(_meet(system.pin(variable, groups), pin) for variable, pin in pins.items()):
        return ()
    for number in sorted({n for v in variables for n in system.rows_of.get(v, ())}):
        row = system.rows[number]
        if (
            not loose & row.terms.keys()
            and row.about not in groups
            and not _possible(system, row, pins)
        ):
            return ()
    return tuple(n for n, conflict in enumerate(conflicts) if conflict.groups & groups)
