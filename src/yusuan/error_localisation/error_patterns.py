"""Error patterns: how a number goes wrong, which values a printed one may stand for, and how likely
each is.

The kinds are codes of ``schemas/lists/slips.yaml``, their costs those of ``schemas/slips-costs.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from yusuan.error_localisation.constraints import ConstraintSystem, rounded
from yusuan.error_localisation.records import RoundedNumber
from yusuan.schema import data_path, read_yaml

__all__ = ["Costs", "ErrorPattern", "Neighbours", "costs", "digit_errors", "likeliest_digit_error"]

_UNITS = (10, 100, 1000, 10000)


@dataclass(frozen=True, slots=True)
class Costs:
    """Natural logarithms of how unlikely things are, from ``schemas/slips-costs.yaml``."""

    patterns: dict[str, float]
    change: float
    together: float
    each_more: float
    margin: float
    value_margin: float
    rate: float
    miscalculated: float
    inexact: float

    def pattern(self, kind: str, outcomes: int = 1) -> float:
        """An error of this kind that could as well have given ``outcomes`` numbers."""
        return self.patterns[kind] + math.log(max(1, outcomes))

    def places(self, count: int) -> float:
        """One number wrong in so many places."""
        return self.change + (self.together + self.each_more * (count - 2) if count > 1 else 0.0)


@cache
def costs() -> Costs:
    """The costs of the installation.

    Raises YusuanError where the file is missing or no valid YAML.
    """
    data = read_yaml(data_path("schemas", "slips-costs.yaml"))
    total = sum(data["often"].values())
    return Costs(
        {kind: -math.log(often / total) for kind, often in data["often"].items()},
        float(data["change"]),
        float(data["together"]),
        float(data["each-more"]),
        float(data["margin"]),
        float(data["value-margin"]),
        float(data["rate"]),
        float(data["miscalculated"]),
        float(data["inexact"]),
    )


def digit_errors(printed: RoundedNumber) -> Iterator[tuple[int, str, int]]:
    """Values from which the printed one comes by one error, its kind, and how many others could."""
    step = max(1, printed.step)
    if printed.value % step:
        step = 1
    number = abs(printed.value) // step
    sign = step if printed.value >= 0 else -step
    text = str(number)
    if printed.value:
        yield -printed.value, "sign", 1
        for power in _UNITS:
            yield printed.value * power, "unit", 2 * len(_UNITS)
            for less in (printed.value // power, -(-printed.value // power)):
                # nothing is nothing in any unit, and a single digit is hardly rounded from many
                if abs(rounded(less, step)) >= (
                    step if less * power == printed.value else 10 * step
                ):
                    yield rounded(less, step), "unit", 2 * len(_UNITS)
    if printed.half_step:
        yield printed.value - printed.step, "rounding-too-far", 2
        yield printed.value + printed.step, "rounding-too-far", 2
    if not number:
        return
    for at, digit in enumerate(text):
        for new in "0123456789":
            if new != digit and not (at == 0 and new == "0" and len(text) > 1):
                yield sign * int(text[:at] + new + text[at + 1 :]), "digit", 9 * len(text)
        turned = text[:at] + text[at + 1 : at + 2] + digit + text[at + 2 :]
        if turned != text and turned[0] != "0":
            yield sign * int(turned), "transposition", max(1, len(text) - 1)
        if len(text) > 1 and text[:at] + text[at + 1 :] and (text[:at] + text[at + 1 :])[0] != "0":
            shorter = text[:at] + text[at + 1 :]
            yield sign * int(shorter), "extra-digit", 10 * len(text)
    for at in range(len(text) + 1):
        for new in "0123456789":
            if at or new != "0":
                yield sign * int(text[:at] + new + text[at:]), "missing-digit", len(text) + 1


class ErrorPattern(NamedTuple):
    """The number that was meant, how another came to be printed, and how unlikely that is."""

    value: int
    kind: str
    cost: float


def likeliest_digit_error(
    printed: int, could_be: tuple[int, int, int], step: int = 1
) -> ErrorPattern | None:
    """The likeliest error of digits from a number that was worked out, or one between the two
    bounds that rounding leaves; of equally likely ones the nearest to it. None when there is none."""
    value, low, high = could_be
    patterns = (
        ErrorPattern(meant, kind, costs().pattern(kind, outcomes))
        for meant, kind, outcomes in digit_errors(RoundedNumber("", printed, step))
        if low <= meant <= high
    )
    return min(patterns, key=lambda each: (each.cost, abs(each.value - value)), default=None)


class Neighbours:
    """Where else a value is printed, and what a total is the sum of."""

    def __init__(self, system: ConstraintSystem) -> None:
        self.system = system
        self.at: dict[tuple[str, int, int], int] = {}
        self.values: dict[str, dict[int, int]] = {}
        self.sizes: dict[str, int] = {}
        self.lines: dict[tuple[str, str, int], list[tuple[int, str]]] = {}
        for key, each in system.numbers.items():
            if each.table is None:
                continue
            count = self.values.setdefault(each.table, {})
            count[each.value] = count.get(each.value, 0) + 1
            self.sizes[each.table] = self.sizes.get(each.table, 0) + 1
            if each.row is not None and each.column is not None:
                self.at.setdefault((each.table, each.row, each.column), each.value)
                self.lines.setdefault((each.table, "row", each.row), []).append((each.column, key))
                self.lines.setdefault((each.table, "column", each.column), []).append(
                    (each.row, key)
                )
        for line in self.lines.values():
            line.sort()

    def sources(self, printed: RoundedNumber) -> Iterator[tuple[str, int]]:
        """Kinds of copying that gave the printed value, whatever the right one is."""
        if printed.table is None or not printed.value:
            return
        if printed.row is not None and printed.column is not None:
            beside = (
                self.at.get((printed.table, printed.row, printed.column + d)) for d in (-1, 1)
            )
            if printed.value in beside:
                yield "neighbour-column", 2
            above = (self.at.get((printed.table, printed.row + d, printed.column)) for d in (-1, 1))
            if printed.value in above:
                yield "neighbour-row", 2
        if self.values[printed.table][printed.value] > 1:
            yield "copied", self.sizes[printed.table]
        if printed.value in self.totals(printed):
            yield "total-copied", 1

    def totals(self, printed: RoundedNumber) -> Iterator[int]:
        """What the sums print that a number is a part of, with others."""
        variable = self.system.variable_of[printed.key]
        for number in self.system.constraints_of.get(variable, ()):
            constraint = self.system.constraints[number]
            own = constraint.terms[variable]
            whole = [v for v, factor in constraint.terms.items() if factor == -own]
            if constraint.low == constraint.high and len(whole) == 1 and len(constraint.terms) > 2:
                yield self.system.groups[self.system.groups_of[whole[0]][0]].value

    def parts(self, printed: RoundedNumber) -> Iterator[tuple[int, str, int]]:
        """Values of a total from which the printed one comes by a part left out, or twice."""
        variable = self.system.variable_of[printed.key]
        for number in self.system.constraints_of.get(variable, ()):
            constraint = self.system.constraints[number]
            own = constraint.terms[variable]
            others = [v for v, factor in constraint.terms.items() if factor == -own]
            if constraint.low != constraint.high or abs(own) != 1 or len(others) < 2:
                continue
            for part in others:
                value = self.system.groups[self.system.groups_of[part][0]].value
                if value:
                    yield printed.value + value, "parts-left-out", len(others)
                    yield printed.value - value, "parts-twice", len(others)

    def beside(self, printed: RoundedNumber) -> Iterable[str]:
        """The places in the same row or column of the same table."""
        if printed.table is None or printed.row is None or printed.column is None:
            return []
        lines = [
            self.lines.get((printed.table, "row", printed.row), []),
            self.lines.get((printed.table, "column", printed.column), []),
        ]
        return [key for line in lines for _, key in line if key != printed.key]
