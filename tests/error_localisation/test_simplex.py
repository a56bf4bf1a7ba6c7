"""The exact simplex against plain enumeration."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.representative import few_or
from yusuan.error_localisation.simplex import BoundedSum, Simplex, integer_conflict

Problem = tuple[list[BoundedSum], list[tuple[int, int]]]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Two to four variables of few integer values, factors of a network or not."""
    count = draw(st.integers(2, 4))
    boxes = []
    for _ in range(count):
        low = draw(st.integers(-3, 3))
        boxes.append((low, low + draw(st.integers(0, 3))))
    lines: list[BoundedSum] = []
    for _ in range(draw(st.integers(1, 4))):
        factors = draw(st.lists(st.integers(-2, 2), min_size=count, max_size=count))
        low = draw(st.integers(-6, 6))
        terms = {n: f for n, f in enumerate(factors) if f}
        lines.append((terms, low, low + draw(st.integers(0, 2))))
    return lines, boxes


@settings(max_examples=few_or(100, 300), deadline=None)
@given(problems())
def test_a_solution_satisfies_and_a_proof_contradicts(problem: Problem) -> None:
    lines, boxes = problem
    simplex = Simplex(lines, boxes, [low for low, _ in boxes])
    proof = simplex.conflict()
    points = [
        point
        for point in product(*(range(low, high + 1) for low, high in boxes))
        if all(within(line, point) for line in lines)
    ]
    if proof is None:
        values = simplex.value[: len(boxes)]
        assert all(within(line, values) for line in lines)
        assert all(low <= v <= high for v, (low, high) in zip(values, boxes, strict=True))
        for number in range(len(boxes)):
            top, bottom = simplex.extreme(number, True), simplex.extreme(number, False)
            assert top is not None and bottom is not None
            assert all(bottom <= point[number] <= top for point in points)
    else:
        assert not points
        # What the proof names is enough: nothing else is needed for the contradiction.
        bounds, used = proof
        unbounded: list[tuple[int | None, int | None]] = [
            (
                low if (number, False) in bounds else None,
                high if (number, True) in bounds else None,
            )
            for number, (low, high) in enumerate(boxes)
        ]
        start = [low if low is not None else (high or 0) for low, high in unbounded]
        assert Simplex([lines[n] for n in used], unbounded, start).conflict() is not None


@pytest.mark.smoke
@settings(max_examples=few_or(100, 300), deadline=None)
@given(problems())
def test_whole_numbers(problem: Problem) -> None:
    lines, boxes = problem
    points = product(*(range(low, high + 1) for low, high in boxes))
    possible = any(all(within(line, point) for line in lines) for point in points)
    proof = integer_conflict(lines, boxes, [low for low, _ in boxes], float("inf"), 30)
    assert (proof is None) is possible


def within(line: BoundedSum, point: tuple[int, ...] | list[int | Fraction]) -> bool:
    terms, low, high = line
    total = sum(factor * point[number] for number, factor in terms.items())
    assert low is not None and high is not None
    return low <= total <= high
