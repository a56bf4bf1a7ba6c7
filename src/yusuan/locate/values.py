"""Which value a wrong number most probably should have, and how likely it went wrong so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yusuan.locate.decide import Decider, Proposed
from yusuan.locate.model import Quantity
from yusuan.locate.slips import Neighbours, costs, digit_slips
from yusuan.locate.system import Group, System, rounded

__all__ = ["Reading", "Values"]

_MANY = 400
_WORST_NOISE = 12.0


@dataclass(slots=True)
class Reading:
    """What a group that must be wrong could be: bounds of the printed value, likeliest first."""

    group: int
    low: int | None
    high: int | None
    proposed: int | None
    slip: str | None
    cost: float
    determined: bool
    """Whether the relations leave one value."""


class Values:
    """Reads the groups of an explanation."""

    def __init__(self, system: System, decider: Decider, neighbours: Neighbours) -> None:
        self.system = system
        self.decider = decider
        self.neighbours = neighbours
        plain = [each for each in system.quantities.values() if not each.signed]
        below = sum(each.value < 0 for each in plain)
        self.negative = math.log((len(plain) + 1) / (below + 0.5))
        """How unlikely it is that a number is below zero, going by the others."""

    def read(self, group: int, free: frozenset[int], proposed: Proposed) -> Reading:
        """What a free group could be, with other variables at what is proposed."""
        each = self.system.groups[group]
        if each.variable not in self.decider.pins:
            return self._apart(group, free)
        low, high = self._bounds(each, free, proposed)
        centres = self._centres(each.variable, free, proposed)
        likely = self._likely(group, low, high)
        if low is not None and high is not None and (high - low) // each.step < _MANY:
            grid = range(low, high + 1, each.step)
        else:
            grid = range(0)
        likely = {t: (kind, cost + self._noise(t, centres)) for t, (kind, cost) in likely.items()}
        for value in grid:
            if value != each.value and value not in likely:
                cost = costs().slip("other") + self._noise(value, centres)
                likely[value] = ("other", cost + _digits(each, value))
        for kind, outcomes in self._sources(each):
            for value in grid:
                cost = (
                    costs().slip(kind, outcomes) + math.log(len(grid)) + self._noise(value, centres)
                )
                if value != each.value and cost < likely[value][1]:
                    likely[value] = (kind, cost)
        below = self._below(each)
        likely = {t: (kind, cost + below * (t < 0)) for t, (kind, cost) in likely.items()}
        base = costs().places(len(each.keys))
        if len(grid) == 1:
            kind, cost = likely.get(grid[0], ("other", 0.0))
            return Reading(group, low, high, grid[0], kind, base + cost, True)
        if not grid:
            # The wider its bounds, the less the slip says; unbounded, any value would do.
            likely[each.value] = ("other", costs().slip("other") + _scarcity(each, low, high))
            for kind, outcomes in self._sources(each):
                if costs().slip(kind, outcomes) < likely[each.value][1]:
                    likely[each.value] = (kind, costs().slip(kind, outcomes))
            if high is not None and high < 0:
                base += below
        ranked = sorted((cost, value, kind) for value, (kind, cost) in likely.items())
        total = base - math.log(sum(math.exp(-cost) for cost, _, _ in ranked))
        best = ranked[0]
        clear = len(ranked) == 1 or ranked[1][0] - best[0] >= costs().value_margin
        found = best[1] if clear and best[1] != each.value else None
        anything = {"other", *(kind for kind, _ in self._sources(each))}
        if found is None and best[2] in anything:
            found = self._exact_sum(low, high, centres)
        kind = best[2] if found is not None or best[2] in anything else "other"
        return Reading(group, low, high, found, kind, total, False)

    def _apart(self, group: int, free: frozenset[int]) -> Reading:
        """A number that no relation adds up, such as a rate."""
        each = self.system.groups[group]
        base = costs().places(len(each.keys)) - costs().change + costs().rate
        for other in self.system.groups_of[each.variable]:
            kept = self.system.groups[other]
            if other not in free and kept.step <= each.step:
                value = rounded(kept.value, each.step)
                kind, cost = self._likely(group, value, value).get(
                    value, ("other", _digits(each, value))
                )
                return Reading(group, value, value, value, kind, base + cost, True)
        computed = self._computed(group, free)
        if computed is None:
            return Reading(group, None, None, None, "other", base + costs().slip("other"), True)
        value, low, high = computed
        ways = [(costs().miscalculated + _digits(each, value), "miscalculated", value)]
        ways += [(cost, kind, v) for v, (kind, cost) in self._likely(group, low, high).items()]
        if abs(value - each.value) <= each.step:
            ways.append((costs().miscalculated, "rounding-too-far", value))
        mistaken = {v for row in self.system.rows if row.about == group for v in row.mistaken}
        off = min((abs(v - each.value) for v in mistaken), default=2 * each.step)
        if off <= each.step:
            inexact = costs().inexact if off else 0.0
            cost = costs().slip("wrong-base", len(mistaken)) + inexact
            ways.append((cost, "wrong-base", value))
        cost, kind, meant = min(ways, key=lambda way: (way[0], abs(way[2] - value)))
        return Reading(group, meant, meant, meant, kind, base + cost, True)

    def _computed(self, group: int, free: frozenset[int]) -> tuple[int, int, int] | None:
        """What the relations about a number make of it, with the least and the most that rounding
        allows, where they agree and rest on none that may be wrong."""
        values = set()
        low, high = -math.inf, math.inf
        for row in self.system.rows:
            if row.about == group and row.computed is not None:
                if free.intersection(row.groups) - {group}:
                    return None
                values.add(row.computed)
                least, most = row.between or (row.computed, row.computed)
                low, high = max(low, least), min(high, most)
        return (values.pop(), int(low), int(high)) if len(values) == 1 else None

    def _bounds(
        self, each: Group, free: frozenset[int], proposed: Proposed
    ) -> tuple[int | None, int | None]:
        """The least and greatest that can be printed."""
        for number in self.system.groups_of[each.variable]:
            kept = self.system.groups[number]
            if number not in free and (
                kept.step == each.step or (kept.step < each.step and not kept.half)
            ):
                value = rounded(kept.value, each.step)
                return value, value
        low, high = self.decider.span(free, each.variable, proposed)
        first = None if low is None else -(-(low - each.half) // each.step) * each.step
        last = None if high is None else (high + each.half) // each.step * each.step
        if first is not None and last is not None and first > last:
            return low, high  # Printed so it cannot be: the step is not the one of this value.
        return first, last

    def _likely(
        self, group: int, low: int | None, high: int | None
    ) -> dict[int, tuple[str, float]]:
        """Values within bounds by the likeliest slip to the printed one."""
        each = self.system.groups[group]
        found: dict[int, tuple[str, float]] = {}
        slips = list(digit_slips(self._first(each)))
        for key in each.keys:
            slips += self.neighbours.parts(self.system.quantities[key])
        for value, kind, outcomes in slips:
            within = (low is None or value >= low) and (high is None or value <= high)
            if within and value != each.value:
                cost = costs().slip(kind, outcomes)
                if value not in found or cost < found[value][1]:
                    found[value] = (kind, cost)
        return found

    def _first(self, each: Group) -> Quantity:
        return self.system.quantities[each.keys[0]]

    def _below(self, each: Group) -> float:
        """How unlikely it is that a number printed above zero should be below it."""
        return self.negative if each.value >= 0 and not self._first(each).signed else 0.0

    def _sources(self, each: Group) -> Sequence[tuple[str, int]]:
        return [
            source
            for key in each.keys
            for source in self.neighbours.sources(self.system.quantities[key])
        ]

    def _centres(
        self, variable: int, free: frozenset[int], proposed: Proposed
    ) -> list[tuple[float, float, float]]:
        """What each relation says at the printed values: least, most, and the spread of rounding."""
        found = []
        seen = set()
        for number in self.system.rows_of.get(variable, ()):
            row = self.system.rows[number]
            same = (frozenset(row.terms.items()), row.low, row.high)
            if row.about in free or same in seen:
                continue
            seen.add(same)  # The same sum in a second table is no further evidence.
            rest, spread = 0.0, 0.0
            # A total of one part is that part, so that rounding leaves nothing between them.
            twice = len(row.terms) == 2 and sum(row.terms.values()) == 0
            for other, factor in row.terms.items():
                if other == variable:
                    spread += (
                        factor * self.system.groups[self.system.groups_of[other][0]].half
                    ) ** 2
                    continue
                low, high = proposed.get(other) or self.system.pin(other, free)
                if low is None or high is None:
                    break
                rest += factor * (low + high) / 2
                spread += (factor * (high - low) / 2) ** 2
            else:
                own = row.terms[variable]
                ends = sorted(((row.low - rest) / own, (row.high - rest) / own))
                found.append((ends[0], ends[1], 0.0 if twice else spread / 3 / own**2))
        return found

    def _noise(self, value: int, centres: Sequence[tuple[float, float, float]]) -> float:
        """How unlikely it is that rounding alone left the sums so."""
        total = 0.0
        for low, high, spread in centres:
            off = max(low - value, value - high, 0.0)
            if off:
                total += min(_WORST_NOISE, off * off / 2 / spread) if spread else _WORST_NOISE
        return total

    def _exact_sum(
        self,
        low: int | None,
        high: int | None,
        centres: Sequence[tuple[float, float, float]],
    ) -> int | None:
        """The value at which every sum comes out as printed, where there is one."""
        if not centres:
            return None
        values = {end for low_, high_, _ in centres for end in (low_, high_)}
        value = round(next(iter(values)))
        within = (low is None or value >= low) and (high is None or value <= high)
        return value if len(values) == 1 and within else None


def _scarcity(each: Group, low: int | None, high: int | None) -> float:
    """How few of all numbers with as many digits lie within the bounds."""
    if low is None or high is None:
        return 0.0
    largest = max(abs(low), abs(high))
    return max(0.0, _digits(each, largest) - math.log(max(1, (high - low) // each.step + 1)))


def _digits(each: Group, value: int) -> float:
    """Any number of as many digits could have been printed."""
    size = max(abs(each.value), abs(value)) // each.step
    return len(str(size)) * math.log(10)
