"""Whether all relations can hold once some groups are free; if not, which groups conflict."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yusuan.error_localisation.constraints import Conflict, Constraint, ConstraintSystem, ValueGroup
from yusuan.error_localisation.simplex import BoundedSum, OutOfTime, Simplex, integer_conflict

if TYPE_CHECKING:
    from yusuan.error_localisation.linear_program import LinearProgram

__all__ = ["Bounds", "FeasibilityChecker", "Proposed"]

Bounds = dict[int, tuple[int | None, int | None]]
"""The least and the greatest value of a variable, None where it has no bound."""
Proposed = Mapping[int, tuple[int | None, int | None]]


class FeasibilityChecker:
    """Checks the constraints (indexes) of one component of a system.

    Where every number is exact only the constraints of free variables need solving. With intervals
    HiGHS answers and the exact simplex proves: a solution is rounded to integers and put into
    every constraint; for a contradiction the few constraints of the ray are solved again.
    """

    def __init__(self, system: ConstraintSystem, constraints: Sequence[int], until: float) -> None:
        self.system = system
        self.constraints = list(constraints)
        self.until = until
        variables = sorted({v for number in constraints for v in system.constraints[number].terms})
        self.bounds: Bounds = {variable: system.bounds_of(variable) for variable in variables}
        self.exact = not any(
            system.groups[group].half
            for variable in variables
            for group in system.groups_of[variable]
        )
        self.plural = [variable for variable in variables if len(system.groups_of[variable]) > 1]
        self.base = {v: system.groups[system.groups_of[v][0]].value for v in variables}
        self.failing = [
            n for n in self.constraints if system.constraints[n].relation in system.failing
        ]
        self.column = {variable: column for column, variable in enumerate(variables)}
        self.dropped: set[str] = set()
        """Relations that count no more: no numbers satisfy them all."""
        self._lp: LinearProgram | None = None
        self._boxes: Bounds = {}
        self._void: set[int] = set()

    def conflicts(self, free: frozenset[int], proposed: Proposed | None = None) -> list[Conflict]:
        """What contradicts each other when ``free`` may be anything; empty when nothing does.

        ``proposed`` are bounds for variables that are free. Conflicts name the groups that are
        not free; with ``proposed`` only whether there are any means something. Raises OutOfTime.
        """
        bounds = self._bounds_with(free, proposed or {})
        for variable, (low, high) in bounds.items():
            if low is not None and high is not None and low > high:
                return [Conflict(frozenset(self.system.groups_of[variable]) - free, ())]
        if self.exact:
            return self._by_elimination(free, bounds)
        return self._by_lp(free, bounds)

    def span(
        self, free: frozenset[int], variable: int, proposed: Proposed | None = None
    ) -> tuple[int | None, int | None]:
        """The least and greatest a variable can be, when ``free`` resolves all conflicts.

        Raises OutOfTime.
        """
        bounds = self._bounds_with(free, proposed or {})
        if not self.exact:
            found = []
            self._set(free, bounds)
            assert self._lp is not None
            for up in (False, True):
                extreme = self._lp.extreme(self.column[variable], up, self._left())
                found.append(None if extreme is None else self.base[variable] + round(extreme))
            return found[0], found[1]
        lines, order = self._lines(free, bounds, [v for v in bounds if bounds[v] == (None, None)])
        if variable not in order:
            return bounds.get(variable, (None, None))
        simplex = Simplex([line for line, _ in lines], *self._boxed(order, bounds), self.until)
        if simplex.conflict() is not None:
            return None, None
        number = order.index(variable)
        low, high = simplex.extreme(number, False), simplex.extreme(number, True)
        return None if low is None else -(-low // 1), None if high is None else high // 1

    def _left(self) -> float:
        return max(0.0, min(self.until - time.thread_time(), 1e6))

    def _bounds_with(self, free: frozenset[int], proposed: Proposed) -> Bounds:
        """The bounds that differ from how it was printed, or could."""
        touched = dict.fromkeys(self.plural)
        for group in sorted(free):
            if self.system.groups[group].variable in self.bounds:
                touched[self.system.groups[group].variable] = None
        bounds = {variable: self.system.bounds_of(variable, free) for variable in touched}
        for variable, (low, high) in proposed.items():
            bounds[variable] = (low, high)
        return bounds

    def _holder(self, variable: int, free: frozenset[int], upper: bool) -> int:
        """The group that bounds a variable."""
        groups = self.system.groups
        held = [number for number in self.system.groups_of[variable] if number not in free]
        if upper:
            return min(held, key=lambda number: (groups[number].high, number))
        return min(held, key=lambda number: (-groups[number].low, number))

    def _by_elimination(self, free: frozenset[int], bounds: Bounds) -> list[Conflict]:
        found = []
        system = self.system
        touched = dict.fromkeys(self.failing)
        for variable in bounds:
            touched.update(dict.fromkeys(system.constraints_of.get(variable, ())))
        unbounded = [v for v, interval in bounds.items() if interval == (None, None)]
        for number in sorted(touched):
            constraint = system.constraints[number]
            if self._is_void(constraint, free) or any(v in unbounded for v in constraint.terms):
                continue
            at = {v: bounds.get(v, self.bounds[v]) for v in constraint.terms}
            low, high = system.span(constraint, at)  # type: ignore[arg-type]
            if low > constraint.high or high < constraint.low:
                held = {
                    self._holder(v, free, False)
                    for v in constraint.terms
                    if not self._given(v, free)
                }
                about = set() if constraint.about is None else {constraint.about}
                found.append(Conflict(frozenset(held | about), (constraint.relation,)))
        if found:
            return found
        lines, order = self._lines(free, bounds, unbounded)
        return self._prove(lines, order, bounds, free)

    def _is_void(self, constraint: Constraint, free: frozenset[int]) -> bool:
        return constraint.about in free or constraint.relation in self.dropped

    def _given(self, variable: int, free: frozenset[int]) -> bool:
        """Whether no printed value bounds a variable."""
        return all(number in free for number in self.system.groups_of[variable])

    def _lines(
        self, free: frozenset[int], bounds: Bounds, unbounded: Sequence[int]
    ) -> tuple[list[tuple[BoundedSum, int]], list[int]]:
        """The constraints of free variables, and their variables, the free ones first."""
        numbers = sorted({n for v in unbounded for n in self.system.constraints_of.get(v, ())})
        return self._numbered(numbers, free, bounds)

    def _numbered(
        self, numbers: Sequence[int], free: frozenset[int], bounds: Bounds
    ) -> tuple[list[tuple[BoundedSum, int]], list[int]]:
        constraints = [
            (self.system.constraints[n], n)
            for n in numbers
            if not self._is_void(self.system.constraints[n], free)
        ]
        variables = {v for constraint, _ in constraints for v in constraint.terms}
        order = sorted(variables, key=lambda v: (bounds.get(v) != (None, None), v))
        index = {variable: number for number, variable in enumerate(order)}
        lines: list[tuple[BoundedSum, int]] = [
            (
                (
                    {index[v]: factor for v, factor in constraint.terms.items()},
                    constraint.low,
                    constraint.high,
                ),
                n,
            )
            for constraint, n in constraints
        ]
        return lines, order

    def _boxed(
        self, order: Sequence[int], bounds: Bounds, start: Mapping[int, int] | None = None
    ) -> tuple[list[tuple[int | None, int | None]], list[int]]:
        """Bounds of these variables, and values within."""
        boxes = [bounds.get(variable, self.bounds[variable]) for variable in order]
        values = []
        for variable, (low, high) in zip(order, boxes, strict=True):
            value = (start or self.base)[variable]
            value = value if low is None else max(low, value)
            values.append(value if high is None else min(high, value))
        return boxes, values

    def _prove(
        self,
        lines: Sequence[tuple[BoundedSum, int]],
        order: Sequence[int],
        bounds: Bounds,
        free: frozenset[int],
        start: Mapping[int, int] | None = None,
    ) -> list[Conflict]:
        boxes, values = self._boxed(order, bounds, start)
        bare = [line for line, _ in lines]
        if self.exact:
            proof = integer_conflict(bare, boxes, values, self.until)
        else:
            proof = Simplex(bare, boxes, values, self.until).conflict()
        if proof is None:
            return []
        constraints = [self.system.constraints[lines[each][1]] for each in proof[1]]
        held = {
            self._holder(order[number], free, upper)
            for number, upper in proof[0]
            if not self._given(order[number], free)
        }
        held |= {constraint.about for constraint in constraints if constraint.about is not None}
        return [Conflict(frozenset(held), tuple(constraint.relation for constraint in constraints))]

    def _set(self, free: frozenset[int], bounds: Bounds) -> None:
        """Bring the linear program to the bounds asked for."""
        if self._lp is None:
            lines = []
            for number in self.constraints:
                constraint = self.system.constraints[number]
                at = sum(factor * self.base[v] for v, factor in constraint.terms.items())
                terms = {self.column[v]: factor for v, factor in constraint.terms.items()}
                lines.append((terms, constraint.low - at, constraint.high - at))
            scale = max(
                _step(self.system.groups[g]) for v in self.bounds for g in self.system.groups_of[v]
            )
            from yusuan.error_localisation.linear_program import (
                LinearProgram,  # slow to load, and seldom needed
            )

            self._lp = LinearProgram(lines, len(self.bounds), scale)
            self._boxes = dict.fromkeys(self.bounds, (0, 0))
        for variable, held in self.bounds.items():
            interval = bounds.get(variable, held)
            low, high = interval
            base = self.base[variable]
            box = (None if low is None else low - base, None if high is None else high - base)
            if box != self._boxes[variable]:
                self._lp.box(self.column[variable], *box)
                self._boxes[variable] = box
        for line, number in enumerate(self.constraints):
            void = self._is_void(self.system.constraints[number], free)
            if void != (number in self._void):
                self._lp.hold(line, not void)
                (self._void.add if void else self._void.discard)(number)

    def _by_lp(self, free: frozenset[int], bounds: Bounds) -> list[Conflict]:
        self._set(free, bounds)
        assert self._lp is not None
        if self._left() <= 0:
            raise OutOfTime
        deviations, support = self._lp.solve(self._left())
        start = None
        if deviations is not None:
            start = {v: self.base[v] + round(deviations[c]) for v, c in self.column.items()}
            if self._holds(start, free, bounds):
                return []
        elif support:
            lines, order = self._numbered(
                [self.constraints[line] for line in support], free, bounds
            )
            found = self._prove(lines, order, bounds, free)
            if found:
                return found
        lines, order = self._numbered(self.constraints, free, bounds)
        return self._prove(lines, order, bounds, free, start)

    def _holds(self, at: Mapping[int, int], free: frozenset[int], bounds: Bounds) -> bool:
        for variable, held in self.bounds.items():
            low, high = bounds.get(variable, held)
            if (low is not None and at[variable] < low) or (
                high is not None and at[variable] > high
            ):
                return False
        for number in self.constraints:
            constraint = self.system.constraints[number]
            if not self._is_void(constraint, free):
                total = sum(factor * at[v] for v, factor in constraint.terms.items())
                if not constraint.low <= total <= constraint.high:
                    return False
        return True


def _step(group: ValueGroup) -> int:
    return max(group.step, group.half, 1)
