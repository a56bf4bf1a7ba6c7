"""Rounded numbers and relations as a system: one variable a number, however often it is printed.

Identities are not constraints of the system: all places that identities link, of whatever step,
are one variable. The places that print the same value at the same step are one group, and
to change a group is one change. So ``x = 5, 5, 7`` is one variable with two groups, and at
most one of the two can be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from yusuan.error_localisation.records import Relation, RoundedNumber

__all__ = [
    "Conflict",
    "Constraint",
    "ConstraintSystem",
    "ValueGroup",
    "agree",
    "failing",
    "rounded",
]


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Places that print one number with the same value at the same step."""

    variable: int
    value: int
    step: int
    half: int
    keys: tuple[str, ...]

    @property
    def low(self) -> int:
        """The least number that is printed so."""
        return self.value - self.half

    @property
    def high(self) -> int:
        """The greatest number that is printed so."""
        return self.value + self.half


@dataclass(frozen=True, slots=True)
class Constraint:
    """A relation over variables; void when the group ``about`` is wrong."""

    relation: str
    terms: Mapping[int, int]
    low: int
    high: int
    about: int | None
    groups: tuple[int, ...]
    """The groups of the places that the relation names, with ``about``."""
    computed: int | None = None
    between: tuple[int, int] | None = None
    mistaken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Groups (indexes) that cannot all be right, and the keys of the relations that prove it."""

    groups: frozenset[int]
    relations: tuple[str, ...]


def rounded(value: int, step: int) -> int:
    """To a multiple of ``step``, half away from zero."""
    magnitude = (2 * abs(value) + step) // (2 * step) * step
    return magnitude if value >= 0 else -magnitude


def agree(one: RoundedNumber | ValueGroup, other: RoundedNumber | ValueGroup) -> bool:
    """Whether both can print one number."""
    if one.step == other.step:
        return one.value == other.value
    fine, coarse = (one, other) if one.step < other.step else (other, one)
    if not fine.half_step if isinstance(fine, RoundedNumber) else not fine.half:
        return coarse.value == rounded(fine.value, coarse.step) or coarse.value == fine.value
    half = [
        each.half_step if isinstance(each, RoundedNumber) else each.half for each in (one, other)
    ]
    return abs(one.value - other.value) <= sum(half)


class ConstraintSystem:
    """Numbers and relations, indexed by variable; of equal keys the first number counts, and relations
    over unknown numbers are left out."""

    def __init__(
        self,
        numbers: Sequence[RoundedNumber],
        relations: Sequence[Relation],
        failing: Mapping[str, Relation],
    ) -> None:
        self.failing = failing
        self.numbers: dict[str, RoundedNumber] = {}
        for printed in numbers:
            self.numbers.setdefault(printed.key, printed)
        self.links: list[Relation] = []
        plain: list[Relation] = []
        for relation in relations:
            if all(key in self.numbers for key, factor in relation.terms.items() if factor):
                (self.links if _is_link(relation) else plain).append(relation)
        self.variable_of = self._variables()
        self.groups: list[ValueGroup] = []
        self.group_of: dict[str, int] = {}
        self._make_groups()
        self.groups_of: dict[int, list[int]] = {}
        for number, group in enumerate(self.groups):
            self.groups_of.setdefault(group.variable, []).append(number)
        constraints = [self._constraint(relation) for relation in plain]
        self.constraints = [
            constraint
            for constraint in constraints
            if constraint.low <= constraint.high and constraint.terms
        ]
        self.unsatisfiable = [
            constraint
            for constraint in constraints
            if constraint.low > constraint.high or not constraint.terms
        ]
        """Relations that no numbers satisfy, or that are about none."""
        self.constraints_of: dict[int, list[int]] = {}
        for number, constraint in enumerate(self.constraints):
            for variable in constraint.terms:
                self.constraints_of.setdefault(variable, []).append(number)

    def _variables(self) -> dict[str, int]:
        parent = {key: key for key in self.numbers}

        def root(key: str) -> str:
            while parent[key] != key:
                parent[key] = parent[parent[key]]
                key = parent[key]
            return key

        for link in self.links:
            one, other = (root(key) for key, factor in link.terms.items() if factor)
            parent[other] = one
        numbers: dict[str, int] = {}
        return {key: numbers.setdefault(root(key), len(numbers)) for key in self.numbers}

    def _make_groups(self) -> None:
        members: dict[tuple[int, int, int, int], list[str]] = {}
        for key, each in self.numbers.items():
            kind = (self.variable_of[key], each.value, max(1, each.step), max(0, each.half_step))
            members.setdefault(kind, []).append(key)
        for (variable, value, step, half), keys in members.items():
            for key in keys:
                self.group_of[key] = len(self.groups)
            self.groups.append(ValueGroup(variable, value, step, half, tuple(keys)))

    def _constraint(self, relation: Relation) -> Constraint:
        terms: dict[int, int] = {}
        groups: dict[int, None] = {}
        for key, factor in relation.terms.items():
            if factor:
                variable = self.variable_of[key]
                terms[variable] = terms.get(variable, 0) + factor
                groups[self.group_of[key]] = None
        about = None if relation.about is None else self.group_of.get(relation.about)
        if about is not None:
            groups[about] = None
        terms = {variable: factor for variable, factor in terms.items() if factor}
        return Constraint(
            relation.key, terms, relation.low, relation.high, about, tuple(groups),
            relation.computed, relation.between, relation.mistaken,
        )  # fmt: skip

    def span(
        self, constraint: Constraint, bounds: Mapping[int, tuple[int, int]]
    ) -> tuple[int, int]:
        """The least and the greatest that the sum can be, each variable within its bounds."""
        low = high = 0
        for variable, factor in constraint.terms.items():
            least, most = bounds[variable]
            low += factor * (least if factor > 0 else most)
            high += factor * (most if factor > 0 else least)
        return low, high

    def bounds_of(
        self, variable: int, free: frozenset[int] = frozenset()
    ) -> tuple[int | None, int | None]:
        """The least and greatest value that the groups that are not free allow; both None when all are free."""
        low: int | None = None
        high: int | None = None
        for number in self.groups_of[variable]:
            if number not in free:
                group = self.groups[number]
                low = group.low if low is None else max(low, group.low)
                high = group.high if high is None else min(high, group.high)
        return low, high

    def first_conflicts(self) -> list[Conflict]:
        """What cannot be right already in two places of one number, or in one relation."""
        found = []
        links: dict[frozenset[int], list[str]] = {}
        around: dict[int, list[str]] = {}
        for link in self.links:
            keys = [key for key, factor in link.terms.items() if factor]
            links.setdefault(frozenset(self.group_of[key] for key in keys), []).append(link.key)
            around.setdefault(self.variable_of[keys[0]], []).append(link.key)
        for numbers in self.groups_of.values():
            for one, other in combinations(numbers, 2):
                if not agree(self.groups[one], self.groups[other]):
                    both = frozenset((one, other))
                    # Without a link of their own it is the chain of links that contradicts.
                    by = links.get(both) or around[self.groups[one].variable]
                    found.append(Conflict(both, tuple(by)))
        for constraint in self.unsatisfiable:
            if constraint.relation in self.failing:
                # Numbers whose factors cancel out may be printed twice, and differ.
                groups = (
                    constraint.groups
                    if constraint.low <= 0 <= constraint.high
                    else (constraint.about,)
                )
                held = frozenset(group for group in groups if group is not None)
                found.append(Conflict(held, (constraint.relation,)))
        own: dict[int, tuple[int, int]]
        for number, constraint in enumerate(self.constraints):
            relation = constraint.relation
            if relation not in self.failing:
                continue
            own = {
                self.groups[group].variable: (self.groups[group].low, self.groups[group].high)
                for group in constraint.groups
                if group != constraint.about or self.groups[group].variable in constraint.terms
            }
            low, high = self.span(self.constraints[number], own)
            if low > constraint.high or high < constraint.low:
                found.append(Conflict(frozenset(constraint.groups), (relation,)))
        return found


def failing(numbers: Sequence[RoundedNumber], relations: Sequence[Relation]) -> dict[str, Relation]:
    """The relations that do not hold as printed, by key, in the order given."""
    first: dict[str, RoundedNumber] = {}
    for printed in numbers:
        first.setdefault(printed.key, printed)
    found = {}
    for relation in relations:
        terms = [(first.get(key), factor) for key, factor in relation.terms.items() if factor]
        total = 0
        for each, factor in terms:
            if each is None:
                break
            total += factor * each.value
        else:
            if relation.identity and _is_link(relation):
                one, other = (each for each, _ in terms)
                holds = not total or (one is not None and other is not None and agree(one, other))
            else:
                holds = relation.low <= total <= relation.high
            if not holds:
                found[relation.key] = relation
    return found


def _is_link(relation: Relation) -> bool:
    """Whether a relation says that two printed numbers are one."""
    if not relation.identity or relation.low or relation.high or relation.about is not None:
        return False
    return sorted(factor for factor in relation.terms.values() if factor) == [-1, 1]
