"""What a wrong number should be, how likely that is, and how certain: imputation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from yusuan.error_localisation.compound_errors import CompoundError
from yusuan.error_localisation.constraints import ConstraintSystem, ValueGroup, rounded
from yusuan.error_localisation.error_patterns import Neighbours, costs, digit_errors
from yusuan.error_localisation.feasibility import Bounds, FeasibilityChecker, Proposed
from yusuan.error_localisation.records import (
    Cause,
    Certainty,
    Explanation,
    NumberChange,
    RoundedNumber,
)

__all__ = ["Explainer", "Imputation", "Imputer", "likeliest"]

_MANY = 400
"""A range of more values than these is not gone through."""
_WORST_ROUNDING = 12.0
"""The cost of a sum that rounding cannot explain."""
_COMPOUND = frozenset({"swapped", "shifted"})
"""Error patterns that give several numbers their values at once."""


@dataclass(slots=True)
class Imputation:
    """What a group that must be wrong should be: ``low`` and ``high`` bound the printed value, None where
    nothing does; ``proposed`` is the likeliest, None where several are; ``cost`` is a negative logarithm."""

    group: int
    low: int | None
    high: int | None
    proposed: int | None
    slip: str | None
    cost: float
    determined: bool
    """Whether the relations leave one value."""


class Imputer:
    """Imputes the groups of an explanation one by one."""

    def __init__(
        self, system: ConstraintSystem, checker: FeasibilityChecker, neighbours: Neighbours
    ) -> None:
        self.system = system
        self.checker = checker
        self.neighbours = neighbours
        plain = [each for each in system.numbers.values() if not each.signed]
        below = sum(each.value < 0 for each in plain)
        self.negative = math.log((len(plain) + 1) / (below + 0.5))
        """How unlikely it is that a number is below zero, going by the others."""

    def impute(self, group: int, free: frozenset[int], proposed: Proposed) -> Imputation:
        """What a free group should be, with other variables at what is proposed.

        Raises OutOfTime.
        """
        each = self.system.groups[group]
        if each.variable not in self.checker.bounds:
            return self._outside_sums(group, free)
        low, high = self._printed_bounds(each, free, proposed)
        implied = self._implied(each.variable, free, proposed)
        likely = self._likely(group, low, high)
        if low is not None and high is not None and (high - low) // each.step < _MANY:
            grid = range(low, high + 1, each.step)
        else:
            grid = range(0)
        likely = {
            t: (kind, cost + self._rounding_cost(t, implied)) for t, (kind, cost) in likely.items()
        }
        for value in grid:
            if value != each.value and value not in likely:
                cost = costs().pattern("other") + self._rounding_cost(value, implied)
                likely[value] = ("other", cost + _digits(each, value))
        for kind, outcomes in self._sources(each):
            for value in grid:
                cost = (
                    costs().pattern(kind, outcomes)
                    + math.log(len(grid))
                    + self._rounding_cost(value, implied)
                )
                if value != each.value and cost < likely[value][1]:
                    likely[value] = (kind, cost)
        below = self._negative_cost(each)
        likely = {t: (kind, cost + below * (t < 0)) for t, (kind, cost) in likely.items()}
        base = costs().places(len(each.keys))
        if len(grid) == 1:
            kind, cost = likely.get(grid[0], ("other", 0.0))
            return Imputation(group, low, high, grid[0], kind, base + cost, True)
        if not grid:
            # The wider its bounds, the less the error pattern says; unbounded, any value would do.
            likely[each.value] = ("other", costs().pattern("other") + _scarcity(each, low, high))
            for kind, outcomes in self._sources(each):
                if costs().pattern(kind, outcomes) < likely[each.value][1]:
                    likely[each.value] = (kind, costs().pattern(kind, outcomes))
            if high is not None and high < 0:
                base += below
        ranked = sorted((cost, value, kind) for value, (kind, cost) in likely.items())
        total = base - math.log(sum(math.exp(-cost) for cost, _, _ in ranked))
        best = ranked[0]
        clear = len(ranked) == 1 or ranked[1][0] - best[0] >= costs().value_margin
        found = best[1] if clear and best[1] != each.value else None
        anything = {"other", *(kind for kind, _ in self._sources(each))}
        if found is None and best[2] in anything:
            found = self._exact_sum(low, high, implied)
        kind = best[2] if found is not None or best[2] in anything else "other"
        return Imputation(group, low, high, found, kind, total, False)

    def _outside_sums(self, group: int, free: frozenset[int]) -> Imputation:
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
                return Imputation(group, value, value, value, kind, base + cost, True)
        computed = self._computed(group, free)
        if computed is None:
            return Imputation(
                group, None, None, None, "other", base + costs().pattern("other"), True
            )
        value, low, high = computed
        ways = [(costs().miscalculated + _digits(each, value), "miscalculated", value)]
        ways += [(cost, kind, v) for v, (kind, cost) in self._likely(group, low, high).items()]
        if abs(value - each.value) <= each.step:
            ways.append((costs().miscalculated, "rounding-too-far", value))
        mistaken = {
            v
            for constraint in self.system.constraints
            if constraint.about == group
            for v in constraint.mistaken
        }
        off = min((abs(v - each.value) for v in mistaken), default=2 * each.step)
        if off <= each.step:
            inexact = costs().inexact if off else 0.0
            cost = costs().pattern("wrong-base", len(mistaken)) + inexact
            ways.append((cost, "wrong-base", value))
        cost, kind, meant = min(ways, key=lambda way: (way[0], abs(way[2] - value)))
        return Imputation(group, meant, meant, meant, kind, base + cost, True)

    def _computed(self, group: int, free: frozenset[int]) -> tuple[int, int, int] | None:
        """What the relations about a number make of it, with the least and the most that rounding
        allows, where they agree and rest on none that may be wrong."""
        values = set()
        low, high = -math.inf, math.inf
        for constraint in self.system.constraints:
            if constraint.about == group and constraint.computed is not None:
                if free.intersection(constraint.groups) - {group}:
                    return None
                values.add(constraint.computed)
                least, most = constraint.between or (constraint.computed, constraint.computed)
                low, high = max(low, least), min(high, most)
        return (values.pop(), int(low), int(high)) if len(values) == 1 else None

    def _printed_bounds(
        self, each: ValueGroup, free: frozenset[int], proposed: Proposed
    ) -> tuple[int | None, int | None]:
        """The least and greatest that can be printed."""
        for number in self.system.groups_of[each.variable]:
            kept = self.system.groups[number]
            if number not in free and (
                kept.step == each.step or (kept.step < each.step and not kept.half)
            ):
                value = rounded(kept.value, each.step)
                return value, value
        low, high = self.checker.span(free, each.variable, proposed)
        first = None if low is None else -(-(low - each.half) // each.step) * each.step
        last = None if high is None else (high + each.half) // each.step * each.step
        if first is not None and last is not None and first > last:
            return low, high  # Printed so it cannot be: the step is not the one of this value.
        return first, last

    def _likely(
        self, group: int, low: int | None, high: int | None
    ) -> dict[int, tuple[str, float]]:
        """Values within bounds by the likeliest error pattern to the printed one."""
        each = self.system.groups[group]
        found: dict[int, tuple[str, float]] = {}
        patterns = list(digit_errors(self._first(each)))
        for key in each.keys:
            patterns += self.neighbours.parts(self.system.numbers[key])
        for value, kind, outcomes in patterns:
            within = (low is None or value >= low) and (high is None or value <= high)
            if within and value != each.value:
                cost = costs().pattern(kind, outcomes)
                if value not in found or cost < found[value][1]:
                    found[value] = (kind, cost)
        return found

    def _first(self, each: ValueGroup) -> RoundedNumber:
        return self.system.numbers[each.keys[0]]

    def _negative_cost(self, each: ValueGroup) -> float:
        """How unlikely it is that a number printed above zero should be below it."""
        return self.negative if each.value >= 0 and not self._first(each).signed else 0.0

    def _sources(self, each: ValueGroup) -> Sequence[tuple[str, int]]:
        return [
            source
            for key in each.keys
            for source in self.neighbours.sources(self.system.numbers[key])
        ]

    def _implied(
        self, variable: int, free: frozenset[int], proposed: Proposed
    ) -> list[tuple[float, float, float]]:
        """What each relation says at the printed values: least, most, and the spread of rounding."""
        found = []
        seen = set()
        for number in self.system.constraints_of.get(variable, ()):
            constraint = self.system.constraints[number]
            same = (frozenset(constraint.terms.items()), constraint.low, constraint.high)
            if constraint.about in free or same in seen:
                continue
            seen.add(same)  # The same sum in a second table is no further evidence.
            rest, spread = 0.0, 0.0
            # A total of one part is that part, so that rounding leaves nothing between them.
            twice = len(constraint.terms) == 2 and sum(constraint.terms.values()) == 0
            for other, factor in constraint.terms.items():
                if other == variable:
                    spread += (
                        factor * self.system.groups[self.system.groups_of[other][0]].half
                    ) ** 2
                    continue
                low, high = proposed.get(other) or self.system.bounds_of(other, free)
                if low is None or high is None:
                    break
                rest += factor * (low + high) / 2
                spread += (factor * (high - low) / 2) ** 2
            else:
                own = constraint.terms[variable]
                ends = sorted(((constraint.low - rest) / own, (constraint.high - rest) / own))
                found.append((ends[0], ends[1], 0.0 if twice else spread / 3 / own**2))
        return found

    def _rounding_cost(self, value: int, implied: Sequence[tuple[float, float, float]]) -> float:
        """How unlikely it is that rounding alone left the sums so."""
        total = 0.0
        for low, high, spread in implied:
            off = max(low - value, value - high, 0.0)
            if off:
                total += min(_WORST_ROUNDING, off * off / 2 / spread) if spread else _WORST_ROUNDING
        return total

    def _exact_sum(
        self,
        low: int | None,
        high: int | None,
        implied: Sequence[tuple[float, float, float]],
    ) -> int | None:
        """The value at which every sum comes out as printed, where there is one."""
        if not implied:
            return None
        values = {end for low_, high_, _ in implied for end in (low_, high_)}
        value = round(next(iter(values)))
        within = (low is None or value >= low) and (high is None or value <= high)
        return value if len(values) == 1 and within else None


def _scarcity(each: ValueGroup, low: int | None, high: int | None) -> float:
    """How few of all numbers with as many digits lie within the bounds."""
    if low is None or high is None:
        return 0.0
    largest = max(abs(low), abs(high))
    return max(0.0, _digits(each, largest) - math.log(max(1, (high - low) // each.step + 1)))


def _digits(each: ValueGroup, value: int) -> float:
    """Any number of as many digits could have been printed."""
    size = max(abs(each.value), abs(value)) // each.step
    return len(str(size)) * math.log(10)


class Explainer:
    """Makes explanations of sets of groups: what each should be, and what that costs together."""

    def __init__(
        self, system: ConstraintSystem, checker: FeasibilityChecker, neighbours: Neighbours
    ) -> None:
        self.system = system
        self.checker = checker
        self.neighbours = neighbours
        self.imputer = Imputer(system, checker, neighbours)

    def explanation(
        self, groups: frozenset[int], others: frozenset[int], error: CompoundError | None = None
    ) -> tuple[Explanation, bool]:
        """The changes of these groups with their cost, and whether the relations leave one value for each.

        ``others`` are groups that are free elsewhere. Raises OutOfTime.
        """
        free = groups | others
        if error is None:
            imputations = {group: self.imputer.impute(group, free, {}) for group in sorted(groups)}
        else:
            imputations = self._compound(error, free)
        if len(groups) > 1 and error is None:
            imputations = self._jointly(imputations, free)
        self._agree(imputations)
        cost = sum(imputation.cost for imputation in imputations.values())
        changes = tuple(self._change(imputation) for imputation in imputations.values())
        return Explanation(changes, cost), all(
            imputation.determined for imputation in imputations.values()
        )

    def _compound(self, error: CompoundError, free: frozenset[int]) -> dict[int, Imputation]:
        """The values of a compound error, and what follows for those that it leaves open."""
        imputations = {}
        places = sum(len(self.system.groups[group].keys) for group in error.values)
        cost = costs().places(round(places / len(error.values))) + costs().pattern(error.kind, 10)
        for group in sorted(error.values, key=lambda g: (error.values[g] is None, g)):
            value = error.values[group]
            if value is None:
                imputation = self.imputer.impute(group, free, error.bounds(self.system))
                imputation.slip, imputation.determined = error.kind, False
                left_over = self._left_over(error)
                if left_over is not None and _within(imputation, left_over):
                    imputation.proposed = left_over
                imputation.cost = 0.0
            else:
                imputation = Imputation(group, value, value, value, error.kind, cost, False)
                cost = 0.0
            imputations[group] = imputation
        return {group: imputations[group] for group in sorted(imputations)}

    def _left_over(self, error: CompoundError) -> int | None:
        """The one printed value that no cell of the error should have, if there is one."""
        printed = [self.system.groups[group].value for group in error.values]
        for value in error.values.values():
            if value in printed:
                printed.remove(value)
        return printed[0] if len(printed) == 1 else None

    def cause(
        self, violated: Sequence[str], found: Sequence[tuple[Explanation, bool]], searched: bool
    ) -> Cause:
        """The explanations in order, and how certain the first is."""
        ranked = sorted(found, key=lambda each: (each[0].cost, [c.key for c in each[0].changes]))
        if not ranked:
            certainty: Certainty = "tied"
        elif len(ranked) == 1 and searched:
            certainty = "proven" if ranked[0][1] else "likely"
        elif (
            len(ranked) > 1 and ranked[1][0].cost - ranked[0][0].cost >= costs().margin and searched
        ):
            certainty = "likely"
        else:
            certainty = "tied"
        return Cause(tuple(violated), tuple(each for each, _ in ranked), certainty, searched)

    def _jointly(
        self, imputations: dict[int, Imputation], free: frozenset[int]
    ) -> dict[int, Imputation]:
        """Values that go together: the clearest first, the others given those; swaps as one error."""
        swapped = self._swap(imputations, free)
        if swapped:
            imputations = {**imputations, **swapped}
        proposed: Bounds = {}
        done: dict[int, Imputation] = dict(swapped)
        for imputation in swapped.values():
            self._propose(imputation, proposed)
        while len(done) < len(imputations):
            left = [each for group, each in imputations.items() if group not in done]
            best = min(
                left, key=lambda each: (not each.determined, each.proposed is None, each.cost)
            )
            if not best.determined and proposed:
                again = self.imputer.impute(best.group, free, proposed)
                best = again if again.low is not None or again.high is not None else best
            trial = dict(proposed)
            self._propose(best, trial)
            if (
                not best.determined
                and best.proposed is not None
                and self.checker.conflicts(free, trial)
            ):
                best.proposed, best.slip = None, "other"
            else:
                proposed = trial
            done[best.group] = best
        return {group: done[group] for group in sorted(done)}

    def _agree(self, imputations: dict[int, Imputation]) -> None:
        """One number that is wrong in several ways should be the same in all its places: as a
        compound error has it, else as is clearest."""
        together: dict[int, list[Imputation]] = {}
        for imputation in imputations.values():
            together.setdefault(self.system.groups[imputation.group].variable, []).append(
                imputation
            )
        for same in together.values():
            sure = [each for each in same if each.proposed is not None]
            if len(same) < 2 or not sure:
                continue
            first = min(sure, key=lambda r: (r.slip not in _COMPOUND, not r.determined, r.cost))
            for each in same:
                step = self.system.groups[each.group].step
                value = rounded(first.proposed or 0, step)
                if each is not first and each.proposed != value:
                    each.proposed = value if _within(each, value) else None

    def _propose(self, imputation: Imputation, proposed: Bounds) -> None:
        each = self.system.groups[imputation.group]
        if imputation.proposed is not None and each.variable in self.checker.bounds:
            proposed[each.variable] = (
                imputation.proposed - each.half,
                imputation.proposed + each.half,
            )

    def _swap(
        self, imputations: dict[int, Imputation], free: frozenset[int]
    ) -> dict[int, Imputation]:
        """The first pair of changes each of which can print what the other one should."""
        for one, other in combinations(sorted(imputations), 2):
            pair = (imputations[one], imputations[other])
            first, second = self.system.groups[one], self.system.groups[other]
            if first.value == second.value or not self._same_table(one, other):
                continue
            if not (_within(pair[0], second.value) and _within(pair[1], first.value)):
                continue
            count = len(set(self.neighbours.beside(self.system.numbers[first.keys[0]])))
            cost = costs().places(len(first.keys)) + costs().pattern("swapped", count)
            if cost >= pair[0].cost + pair[1].cost:
                continue
            known = all(imputation.determined for imputation in pair)
            new = {
                one: Imputation(
                    one, pair[0].low, pair[0].high, second.value, "swapped", cost, known
                ),
                other: Imputation(
                    other, pair[1].low, pair[1].high, first.value, "swapped", 0.0, known
                ),
            }
            proposed: Bounds = {}
            for imputation in new.values():
                self._propose(imputation, proposed)
            if not self.checker.conflicts(free, proposed):
                return new
        return {}

    def _same_table(self, one: int, other: int) -> bool:
        tables = [
            {self.system.numbers[key].table for key in self.system.groups[group].keys} - {None}
            for group in (one, other)
        ]
        return bool(tables[0] & tables[1])

    def _change(self, imputation: Imputation) -> NumberChange:
        keys = self.system.groups[imputation.group].keys
        return NumberChange(
            keys[0], imputation.low, imputation.high, imputation.proposed, imputation.slip, keys[1:]
        )


def _within(imputation: Imputation, value: int) -> bool:
    return (imputation.low is None or value >= imputation.low) and (
        imputation.high is None or value <= imputation.high
    )


def likeliest(cause: Cause) -> tuple[Explanation, ...]:
    """The explanations of a cause that are not clearly less likely than the first, in their order."""
    if not cause.explanations:
        return ()
    limit = cause.explanations[0].cost + costs().margin
    return tuple(each for each in cause.explanations if each.cost < limit)
