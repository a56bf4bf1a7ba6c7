"""Explanations of one cause: what each number should be, how likely that is, and how certain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from yusuan.locate.acts import Act
from yusuan.locate.decide import Decider, Pins
from yusuan.locate.model import Cause, Change, Explanation
from yusuan.locate.slips import Neighbours, costs
from yusuan.locate.system import System, rounded
from yusuan.locate.values import Reading, Values

__all__ = ["Explainer"]

_ACTS = frozenset({"swapped", "shifted"})
"""Slips that give several numbers their values at once."""


class Explainer:
    """Words sets of groups as explanations."""

    def __init__(self, system: System, decider: Decider, neighbours: Neighbours) -> None:
        self.system = system
        self.decider = decider
        self.neighbours = neighbours
        self.values = Values(system, decider, neighbours)

    def explanation(
        self, groups: frozenset[int], others: frozenset[int], act: Act | None = None
    ) -> tuple[Explanation, bool]:
        """With whether the relations leave one value for each; ``others`` are free elsewhere."""
        free = groups | others
        if act is None:
            readings = {group: self.values.read(group, free, {}) for group in sorted(groups)}
        else:
            readings = self._acted(act, free)
        if len(groups) > 1 and act is None:
            readings = self._jointly(readings, free)
        self._agree(readings)
        cost = sum(reading.cost for reading in readings.values())
        changes = tuple(self._change(reading) for reading in readings.values())
        return Explanation(changes, cost), all(reading.determined for reading in readings.values())

    def _acted(self, act: Act, free: frozenset[int]) -> dict[int, Reading]:
        """The values of an act, and what follows for those that it leaves open."""
        readings = {}
        places = sum(len(self.system.groups[group].keys) for group in act.values)
        cost = costs().places(round(places / len(act.values))) + costs().slip(act.kind, 10)
        for group in sorted(act.values, key=lambda g: (act.values[g] is None, g)):
            value = act.values[group]
            if value is None:
                reading = self.values.read(group, free, act.pins(self.system))
                reading.slip, reading.determined = act.kind, False
                left_over = self._left_over(act)
                if left_over is not None and _within(reading, left_over):
                    reading.proposed = left_over
                reading.cost = 0.0
            else:
                reading = Reading(group, value, value, value, act.kind, cost, False)
                cost = 0.0
            readings[group] = reading
        return {group: readings[group] for group in sorted(readings)}

    def _left_over(self, act: Act) -> int | None:
        """The one printed value that no cell of the act should have, if there is one."""
        printed = [self.system.groups[group].value for group in act.values]
        for value in act.values.values():
            if value in printed:
                printed.remove(value)
        return printed[0] if len(printed) == 1 else None

    def cause(
        self, violated: Sequence[str], found: Sequence[tuple[Explanation, bool]], searched: bool
    ) -> Cause:
        """The explanations in order, and how certain the first is."""
        ranked = sorted(found, key=lambda each: (each[0].cost, [c.key for c in each[0].changes]))
        if not ranked:
            certainty = "tied"
        elif len(ranked) == 1 and searched:
            certainty = "proven" if ranked[0][1] else "likely"
        elif (
            len(ranked) > 1 and ranked[1][0].cost - ranked[0][0].cost >= costs().margin and searched
        ):
            certainty = "likely"
        else:
            certainty = "tied"
        return Cause(tuple(violated), tuple(each for each, _ in ranked), certainty, searched)

    def _jointly(self, readings: dict[int, Reading], free: frozenset[int]) -> dict[int, Reading]:
        """Values that go together: the clearest first, the others given those; swaps as one act."""
        swapped = self._swap(readings, free)
        if swapped:
            readings = {**readings, **swapped}
        proposed: Pins = {}
        done: dict[int, Reading] = dict(swapped)
        for reading in swapped.values():
            self._pin(reading, proposed)
        while len(done) < len(readings):
            left = [each for group, each in readings.items() if group not in done]
            best = min(
                left, key=lambda each: (not each.determined, each.proposed is None, each.cost)
            )
            if not best.determined and proposed:
                again = self.values.read(best.group, free, proposed)
                best = again if again.low is not None or again.high is not None else best
            trial = dict(proposed)
            self._pin(best, trial)
            if (
                not best.determined
                and best.proposed is not None
                and self.decider.conflicts(free, trial)
            ):
                best.proposed, best.slip = None, "other"
            else:
                proposed = trial
            done[best.group] = best
        return {group: done[group] for group in sorted(done)}

    def _agree(self, readings: dict[int, Reading]) -> None:
        """One number that is wrong in several ways should be the same in all its places: as an
        act has it, else as is clearest."""
        together: dict[int, list[Reading]] = {}
        for reading in readings.values():
            together.setdefault(self.system.groups[reading.group].variable, []).append(reading)
        for same in together.values():
            sure = [each for each in same if each.proposed is not None]
            if len(same) < 2 or not sure:
                continue
            first = min(sure, key=lambda r: (r.slip not in _ACTS, not r.determined, r.cost))
            for each in same:
                step = self.system.groups[each.group].step
                value = rounded(first.proposed or 0, step)
                if each is not first and each.proposed != value:
                    each.proposed = value if _within(each, value) else None

    def _pin(self, reading: Reading, proposed: Pins) -> None:
        each = self.system.groups[reading.group]
        if reading.proposed is not None and each.variable in self.decider.pins:
            proposed[each.variable] = (reading.proposed - each.half, reading.proposed + each.half)

    def _swap(self, readings: dict[int, Reading], free: frozenset[int]) -> dict[int, Reading]:
        """The first pair of changes each of which can print what the other one should."""
        for one, other in combinations(sorted(readings), 2):
            pair = (readings[one], readings[other])
            first, second = self.system.groups[one], self.system.groups[other]
            if first.value == second.value or not self._same_table(one, other):
                continue
            if not (_within(pair[0], second.value) and _within(pair[1], first.value)):
                continue
            count = len(set(self.neighbours.beside(self.system.quantities[first.keys[0]])))
            cost = costs().places(len(first.keys)) + costs().slip("swapped", count)
            if cost >= pair[0].cost + pair[1].cost:
                continue
            known = all(reading.determined for reading in pair)
            new = {
                one: Reading(one, pair[0].low, pair[0].high, second.value, "swapped", cost, known),
                other: Reading(
                    other, pair[1].low, pair[1].high, first.value, "swapped", 0.0, known
                ),
            }
            proposed: Pins = {}
            for reading in new.values():
                self._pin(reading, proposed)
            if not self.decider.conflicts(free, proposed):
                return new
        return {}

    def _same_table(self, one: int, other: int) -> bool:
        tables = [
            {self.system.quantities[key].table for key in self.system.groups[group].keys} - {None}
            for group in (one, other)
        ]
        return bool(tables[0] & tables[1])

    def _change(self, reading: Reading) -> Change:
        keys = self.system.groups[reading.group].keys
        return Change(keys[0], reading.low, reading.high, reading.proposed, reading.slip, keys[1:])


def _within(reading: Reading, value: int) -> bool:
    return (reading.low is None or value >= reading.low) and (
        reading.high is None or value <= reading.high
    )
