"""Whether all relations can hold once some groups are free; if not, what contradicts what."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yusuan.locate.simplex import Line, OutOfTime, Simplex, whole_conflict
from yusuan.locate.system import Conflict, Group, Row, System

if TYPE_CHECKING:
    from yusuan.locate.lp import Deviations

__all__ = ["Decider", "Pins", "Proposed"]

Pins = dict[int, tuple[int | None, int | None]]
Proposed = Mapping[int, tuple[int | None, int | None]]


class Decider:
    """Decides for the rows (indexes) of one component of a system.

    Where every number is exact only the rows of free variables need solving. With intervals
    HiGHS answers and the exact simplex proves: a solution is rounded to integers and put into
    every row; for a contradiction the few rows of the ray are solved again.
    """

    def __init__(self, system: System, rows: Sequence[int], until: float) -> None:
        self.system = system
        self.rows = list(rows)
        self.until = until
        variables = sorted({v for number in rows for v in system.rows[number].terms})
        self.pins: Pins = {variable: system.pin(variable) for variable in variables}
        self.exact = not any(
            system.groups[group].half
            for variable in variables
            for group in system.groups_of[variable]
        )
        self.plural = [variable for variable in variables if len(system.groups_of[variable]) > 1]
        self.base = {v: system.groups[system.groups_of[v][0]].value for v in variables}
        self.failing = [n for n in self.rows if system.rows[n].relation in system.failing]
        self.column = {variable: column for column, variable in enumerate(variables)}
        self.dropped: set[str] = set()
        """Relations that count no more: no numbers satisfy them all."""
        self._lp: Deviations | None = None
        self._boxes: Pins = {}
        self._void: set[int] = set()

    def conflicts(self, free: frozenset[int], proposed: Proposed | None = None) -> list[Conflict]:
        """What contradicts each other when ``free`` may be anything; empty when nothing does.

        ``proposed`` are bounds for variables that are free. Conflicts name the groups that are
        not free; with ``proposed`` only whether there are any means something.
        """
        pins = self._pinned(free, proposed or {})
        for variable, (low, high) in pins.items():
            if low is not None and high is not None and low > high:
                return [Conflict(frozenset(self.system.groups_of[variable]) - free, ())]
        if self.exact:
            return self._by_elimination(free, pins)
        return self._by_lp(free, pins)

    def span(
        self, free: frozenset[int], variable: int, proposed: Proposed | None = None
    ) -> tuple[int | None, int | None]:
        """The least and greatest a variable can be, when ``free`` resolves all conflicts."""
        pins = self._pinned(free, proposed or {})
        if not self.exact:
            found = []
            self._set(free, pins)
            assert self._lp is not None
            for up in (False, True):
                extreme = self._lp.extreme(self.column[variable], up, self._left())
                found.append(None if extreme is None else self.base[variable] + round(extreme))
            return found[0], found[1]
        lines, order = self._lines(free, pins, [v for v in pins if pins[v] == (None, None)])
        if variable not in order:
            return pins.get(variable, (None, None))
        simplex = Simplex([line for line, _ in lines], *self._boxed(order, pins), self.until)
        if simplex.conflict() is not None:
            return None, None
        number = order.index(variable)
        low, high = simplex.extreme(number, False), simplex.extreme(number, True)
        return None if low is None else -(-low // 1), None if high is None else high // 1

    def _left(self) -> float:
        return max(0.0, min(self.until - time.thread_time(), 1e6))

    def _pinned(self, free: frozenset[int], proposed: Proposed) -> Pins:
        """The bounds that differ from how it was printed, or could."""
        touched = dict.fromkeys(self.plural)
        for group in sorted(free):
            if self.system.groups[group].variable in self.pins:
                touched[self.system.groups[group].variable] = None
        pins = {variable: self.system.pin(variable, free) for variable in touched}
        for variable, (low, high) in proposed.items():
            pins[variable] = (low, high)
        return pins

    def _holder(self, variable: int, free: frozenset[int], upper: bool) -> int:
        """The group that bounds a variable."""
        groups = self.system.groups
        held = [number for number in self.system.groups_of[variable] if number not in free]
        if upper:
            return min(held, key=lambda number: (groups[number].high, number))
        return min(held, key=lambda number: (-groups[number].low, number))

    def _by_elimination(self, free: frozenset[int], pins: Pins) -> list[Conflict]:
        found = []
        system = self.system
        touched = dict.fromkeys(self.failing)
        for variable in pins:
            touched.update(dict.fromkeys(system.rows_of.get(variable, ())))
        unbounded = [v for v, pin in pins.items() if pin == (None, None)]
        for number in sorted(touched):
            row = system.rows[number]
            if self._is_void(row, free) or any(v in unbounded for v in row.terms):
                continue
            at = {v: pins.get(v, self.pins[v]) for v in row.terms}
            low, high = system.span(row, at)  # type: ignore[arg-type]
            if low > row.high or high < row.low:
                held = {self._holder(v, free, False) for v in row.terms if not self._given(v, free)}
                about = set() if row.about is None else {row.about}
                found.append(Conflict(frozenset(held | about), (row.relation,)))
        if found:
            return found
        lines, order = self._lines(free, pins, unbounded)
        return self._prove(lines, order, pins, free)

    def _is_void(self, row: Row, free: frozenset[int]) -> bool:
        return row.about in free or row.relation in self.dropped

    def _given(self, variable: int, free: frozenset[int]) -> bool:
        """Whether no printed value bounds a variable."""
        return all(number in free for number in self.system.groups_of[variable])

    def _lines(
        self, free: frozenset[int], pins: Pins, unbounded: Sequence[int]
    ) -> tuple[list[tuple[Line, int]], list[int]]:
        """The rows of free variables, and their variables, the free ones first."""
        numbers = sorted({n for v in unbounded for n in self.system.rows_of.get(v, ())})
        return self._numbered(numbers, free, pins)

    def _numbered(
        self, numbers: Sequence[int], free: frozenset[int], pins: Pins
    ) -> tuple[list[tuple[Line, int]], list[int]]:
        rows = [
            (self.system.rows[n], n)
            for n in numbers
            if not self._is_void(self.system.rows[n], free)
        ]
        variables = {v for row, _ in rows for v in row.terms}
        order = sorted(variables, key=lambda v: (pins.get(v) != (None, None), v))
        index = {variable: number for number, variable in enumerate(order)}
        lines: list[tuple[Line, int]] = [
            (({index[v]: factor for v, factor in row.terms.items()}, row.low, row.high), n)
            for row, n in rows
        ]
        return lines, order

    def _boxed(
        self, order: Sequence[int], pins: Pins, start: Mapping[int, int] | None = None
    ) -> tuple[list[tuple[int | None, int | None]], list[int]]:
        """Bounds of these variables, and values within."""
        boxes = [pins.get(variable, self.pins[variable]) for variable in order]
        values = []
        for variable, (low, high) in zip(order, boxes, strict=True):
            value = (start or self.base)[variable]
            value = value if low is None else max(low, value)
            values.append(value if high is None else min(high, value))
        return boxes, values

    def _prove(
        self,
        lines: Sequence[tuple[Line, int]],
        order: Sequence[int],
        pins: Pins,
        free: frozenset[int],
        start: Mapping[int, int] | None = None,
    ) -> list[Conflict]:
        boxes, values = self._boxed(order, pins, start)
        bare = [line for line, _ in lines]
        if self.exact:
            proof = whole_conflict(bare, boxes, values, self.until)
        else:
            proof = Simplex(bare, boxes, values, self.until).conflict()
        if proof is None:
            return []
        rows = [self.system.rows[lines[each][1]] for each in proof[1]]
        held = {
            self._holder(order[number], free, upper)
            for number, upper in proof[0]
            if not self._given(order[number], free)
        }
        held |= {row.about for row in rows if row.about is not None}
        return [Conflict(frozenset(held), tuple(row.relation for row in rows))]

    def _set(self, free: frozenset[int], pins: Pins) -> None:
        """Bring the linear program to the bounds asked for."""
        if self._lp is None:
            lines = []
            for number in self.rows:
                row = self.system.rows[number]
                at = sum(factor * self.base[v] for v, factor in row.terms.items())
                terms = {self.column[v]: factor for v, factor in row.terms.items()}
                lines.append((terms, row.low - at, row.high - at))
            scale = max(
                _step(self.system.groups[g]) for v in self.pins for g in self.system.groups_of[v]
            )
            from yusuan.locate.lp import Deviations  # slow to load, and seldom needed

            self._lp = Deviations(lines, len(self.pins), scale)
            self._boxes = dict.fromkeys(self.pins, (0, 0))
        for variable, held in self.pins.items():
            pin = pins.get(variable, held)
            low, high = pin
            base = self.base[variable]
            box = (None if low is None else low - base, None if high is None else high - base)
            if box != self._boxes[variable]:
                self._lp.box(self.column[variable], *box)
                self._boxes[variable] = box
        for line, number in enumerate(self.rows):
            void = self._is_void(self.system.rows[number], free)
            if void != (number in self._void):
                self._lp.hold(line, not void)
                (self._void.add if void else self._void.discard)(number)

    def _by_lp(self, free: frozenset[int], pins: Pins) -> list[Conflict]:
        self._set(free, pins)
        assert self._lp is not None
        if self._left() <= 0:
            raise OutOfTime
        deviations, support = self._lp.solve(self._left())
        start = None
        if deviations is not None:
            start = {v: self.base[v] + round(deviations[c]) for v, c in self.column.items()}
            if self._holds(start, free, pins):
                return []
        elif support:
            lines, order = self._numbered([self.rows[line] for line in support], free, pins)
            found = self._prove(lines, order, pins, free)
            if found:
                return found
        lines, order = self._numbered(self.rows, free, pins)
        return self._prove(lines, order, pins, free, start)

    def _holds(self, at: Mapping[int, int], free: frozenset[int], pins: Pins) -> bool:
        for variable, held in self.pins.items():
            low, high = pins.get(variable, held)
            if (low is not None and at[variable] < low) or (
                high is not None and at[variable] > high
            ):
                return False
        for number in self.rows:
            row = self.system.rows[number]
            if not self._is_void(row, free):
                total = sum(factor * at[v] for v, factor in row.terms.items())
                if not row.low <= total <= row.high:
                    return False
        return True


def _step(group: Group) -> int:
    return max(group.step, group.half, 1)
