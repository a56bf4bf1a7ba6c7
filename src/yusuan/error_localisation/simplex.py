"""Exact feasibility of linear relations over bounded variables, with the proof when there is none.

The general simplex of Dutertre and de Moura (2006): every relation gets a variable of its own,
bounds are only on variables, and a row of the tableau that cannot be repaired names the bounds
that contradict each other. Numbers are integers, and fractions where a division leaves them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from fractions import Fraction

__all__ = ["BoundedSum", "OutOfTime", "Simplex", "integer_conflict"]

Number = int | Fraction
Bound = Number | None
BoundedSum = tuple[Mapping[int, int], int | None, int | None]
"""Factors by variable, least and greatest sum."""


class OutOfTime(Exception):
    """The time allowed is over."""


def _divide(one: Number, other: Number) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        quotient, rest = divmod(one, other)
        return Fraction(one, other) if rest else quotient
    result = Fraction(one) / other
    return result.numerator if result.denominator == 1 else result


def _size(number: Number) -> Number:
    return number if number >= 0 else -number


def _whole(number: Number) -> Number:
    if isinstance(number, Fraction) and number.denominator == 1:
        return number.numerator
    return number


Proof = tuple[list[tuple[int, bool]], list[int]]
"""Bounds ``(variable, whether its upper one)`` and indexes of sums that contradict each other."""


def integer_conflict(
    lines: Sequence[BoundedSum],
    boxes: Sequence[tuple[Bound, Bound]],
    start: Sequence[int],
    until: float,
    depth: int = 8,
) -> Proof | None:
    """As ``Simplex.conflict``, for variables that are integers: by trying both sides of a fraction.

    Below ``depth`` fractions a solution is taken to be one. Raises OutOfTime past ``until``, in
    seconds of CPU time of the thread.
    """
    simplex = Simplex(lines, boxes, start, until)
    proof = simplex.conflict()
    split = next((n for n in range(len(boxes)) if isinstance(simplex.value[n], Fraction)), None)
    if proof is not None or split is None or not depth:
        return proof
    bounds: set[tuple[int, bool]] = set()
    used: set[int] = set()
    for up in (False, True):
        low, high = boxes[split]
        edge = simplex.value[split] // 1 + up
        side = list(boxes)
        side[split] = (edge, high) if up else (low, edge)
        moved = list(start)
        moved[split] = edge
        proof = integer_conflict(lines, side, moved, until, depth - 1)
        if proof is None:
            return None
        bounds |= {bound for bound in proof[0] if bound != (split, not up)}
        used |= set(proof[1])
    return sorted(bounds), sorted(used)


class Simplex:
    """Variables are numbered from 0 in the order in which they should rather move.

    ``boxes`` are the bounds of each variable (None: no bound), ``start`` values within them.
    """

    def __init__(
        self,
        lines: Sequence[BoundedSum],
        boxes: Sequence[tuple[Bound, Bound]],
        start: Sequence[int],
        until: float = float("inf"),
    ) -> None:
        self.until = until
        self.count = len(boxes)
        self.low: list[Bound] = [*(low for low, _ in boxes), *(line[1] for line in lines)]
        self.high: list[Bound] = [*(high for _, high in boxes), *(line[2] for line in lines)]
        self.value: list[Number] = list(start)
        self.rows: dict[int, dict[int, Number]] = {}
        self.columns: dict[int, dict[int, None]] = {number: {} for number in range(len(boxes))}
        for offset, (terms, _, _) in enumerate(lines):
            basic = self.count + offset
            self.rows[basic] = dict(terms)
            self.value.append(sum(factor * start[number] for number, factor in terms.items()))
            for number in terms:
                self.columns[number][basic] = None

    def conflict(self) -> Proof | None:
        """None when all can hold, and then ``value`` shows how.

        Else the bounds and sums that contradict each other. Raises OutOfTime.
        """
        while True:
            if time.thread_time() > self.until:
                raise OutOfTime
            basic = self._broken()
            if basic is None:
                return None
            low, high = self.low[basic], self.high[basic]
            up = low is not None and self.value[basic] < low
            row = self.rows[basic]
            entering = min(
                (j for j, a in row.items() if self._moves(j, (a > 0) == up)), default=None
            )
            if entering is None:
                return self._proof(basic, up)
            target = low if up else high
            assert target is not None
            self._shift(entering, _divide(target - self.value[basic], row[entering]))
            self._pivot(basic, entering)

    def extreme(self, number: int, up: bool) -> Bound:
        """The greatest (least) value that a variable can have, None when there is no limit.

        Call it after ``conflict`` found none. Raises OutOfTime.
        """
        while True:
            if time.thread_time() > self.until:
                raise OutOfTime
            goal = self.rows.get(number, {number: 1})
            moving = min(
                (j for j, a in goal.items() if self._moves(j, (a > 0) == up)), default=None
            )
            if moving is None:
                return self.value[number]
            rising = (goal[moving] > 0) == up
            own = self.high[moving] if rising else self.low[moving]
            best: Bound = None if own is None else _size(own - self.value[moving])
            leaving = None
            for basic in sorted(self.columns[moving]):
                factor = self.rows[basic][moving]
                limit = self.high[basic] if (factor > 0) == rising else self.low[basic]
                if limit is not None:
                    room = _size(_divide(limit - self.value[basic], factor))
                    if best is None or room < best:
                        best, leaving = room, basic
            if best is None:
                return None
            self._shift(moving, best if rising else -best)
            if leaving is not None:
                self._pivot(leaving, moving)

    def _broken(self) -> int | None:
        found = None
        for basic in self.rows:
            low, high, value = self.low[basic], self.high[basic], self.value[basic]
            if ((low is not None and value < low) or (high is not None and value > high)) and (
                found is None or basic < found
            ):
                found = basic
        return found

    def _moves(self, number: int, up: bool) -> bool:
        limit = self.high[number] if up else self.low[number]
        return limit is None or (self.value[number] < limit if up else self.value[number] > limit)

    def _proof(self, basic: int, up: bool) -> Proof:
        bounds, lines = [], []
        for number, upper in [
            (basic, not up),
            *((j, (a > 0) == up) for j, a in self.rows[basic].items()),
        ]:
            if number < self.count:
                bounds.append((number, upper))
            else:
                lines.append(number - self.count)
        return sorted(bounds), sorted(lines)

    def _shift(self, number: int, by: Number) -> None:
        self.value[number] = _whole(self.value[number] + by)
        for basic in self.columns[number]:
            self.value[basic] = _whole(self.value[basic] + self.rows[basic][number] * by)

    def _pivot(self, basic: int, entering: int) -> None:
        """Solve the row of ``basic`` for ``entering`` and put it into the others."""
        row = self.rows.pop(basic)
        factor = row.pop(entering)
        solved = {number: _divide(-a, factor) for number, a in row.items()}
        solved[basic] = _divide(1, factor)
        for number in row:
            del self.columns[number][basic]
        using = self.columns.pop(entering)
        del using[basic]
        self.columns[basic] = {}
        for other in using:
            line = self.rows[other]
            times = line.pop(entering)
            for number, a in solved.items():
                new = line.get(number, 0) + times * a
                if new:
                    line[number] = _whole(new)
                    self.columns[number][other] = None
                elif number in line:
                    del line[number]
                    del self.columns[number][other]
        self.rows[entering] = solved
        for number in solved:
            self.columns[number][entering] = None
