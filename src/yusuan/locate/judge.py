"""Judge printed numbers: what rounding explains, and for the rest which number is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import islice

from yusuan.locate.decide import Decider
from yusuan.locate.explain import Explainer
from yusuan.locate.hitting import Ask, Hitter, parts
from yusuan.locate.model import Cause, Judgement, Quantity, Relation
from yusuan.locate.simplex import OutOfTime
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, System

__all__ = ["judge"]

_EXPLANATIONS = 50


def judge(
    quantities: Sequence[Quantity],
    relations: Sequence[Relation],
    *,
    seconds: float = 5.0,
    most: int = 5,
) -> Judgement:
    """Sort the relations that fail as printed into rounding and causes.

    ``seconds`` bounds the search, ``most`` the numbers that one explanation changes. A
    relation over a quantity that is not given is left out.
    """
    until = time.monotonic() + seconds
    system = System(quantities, relations)
    if not system.failing:
        return Judgement()
    neighbours = Neighbours(system)
    first = system.first_conflicts()
    causes: list[Cause] = []
    for variables, rows in _components(system):
        own = [c for c in first if any(system.groups[g].variable in variables for g in c.groups)]
        causes += _Search(system, rows, own, neighbours, until, most).causes()
    for conflict in first:
        if not conflict.groups:
            causes.append(Cause(conflict.relations, (), "tied"))
    told = {relation for cause in causes for relation in cause.violated}
    return Judgement(tuple(key for key in system.failing if key not in told), tuple(causes))


def _components(system: System) -> Iterable[tuple[set[int], list[int]]]:
    """The variables and rows that hang together with a relation that fails."""
    about: dict[int, list[int]] = {}
    for number, row in enumerate(system.rows):
        if row.about is not None:
            about.setdefault(system.groups[row.about].variable, []).append(number)
    seen: set[int] = set()
    for relation in system.failing.values():
        start = [system.variable_of[key] for key, factor in relation.terms.items() if factor]
        if relation.about in system.variable_of:
            start.append(system.variable_of[relation.about])
        if not start or start[0] in seen:
            continue
        variables, rows, queue = set(start), set(), list(start)
        while queue:
            variable = queue.pop()
            for number in (*system.rows_of.get(variable, ()), *about.get(variable, ())):
                if number not in rows:
                    rows.add(number)
                    row = system.rows[number]
                    new = [*row.terms]
                    if row.about is not None:
                        new.append(system.groups[row.about].variable)
                    queue += [each for each in new if each not in variables]
                    variables.update(new)
        seen |= variables
        yield variables, sorted(rows)


class _Search:
    """The causes within one component."""

    def __init__(
        self,
        system: System,
        rows: Sequence[int],
        first: Sequence[Conflict],
        neighbours: Neighbours,
        until: float,
        most: int,
    ) -> None:
        self.system = system
        self.until = until
        self.most = most
        self.decider = Decider(system, rows, until)
        self.known = [conflict for conflict in first if conflict.groups]
        self.explainer = Explainer(system, self.decider, neighbours)
        self.chosen: dict[frozenset[frozenset[int]], frozenset[int] | None] = {}
        self.weights: dict[int, float] = {}

    def causes(self) -> list[Cause]:
        """Empty when rounding explains all."""
        found: dict[frozenset[frozenset[int]], tuple[list[frozenset[int]], bool]] = {}
        searched = True
        try:
            self._first_choice()
            self._alternatives(found)
        except OutOfTime:
            searched = False
        return [self._cause(part, found, searched) for part in parts(self.known)]

    def _weight(self, group: int) -> float:
        """Groups in many conflicts first, then those in few relations."""
        if group not in self.weights:
            in_conflicts = sum(group in conflict.groups for conflict in self.known)
            variable = self.system.groups[group].variable
            self.weights[group] = len(self.system.rows_of.get(variable, ())) - 100 * in_conflicts
        return self.weights[group]

    def _choose(self, part: Sequence[Conflict]) -> frozenset[int] | None:
        """A smallest set that touches the conflicts known, None when it is too large."""
        name = _name(part)
        if name not in self.chosen:
            hitter = Hitter(part, lambda _: [], self._weight, self.until)
            self.chosen[name] = None
            for size in range(hitter.bound(), self.most + 1):
                choice = next(hitter.sets(size), None)
                if choice is not None:
                    self.chosen[name] = choice
                    break
        return self.chosen[name]

    def _first_choice(self) -> frozenset[int] | None:
        """Conflicts until smallest sets that touch them leave none; their union."""
        while True:
            free: set[int] = set()
            for part in parts(self.known):
                choice = self._choose(part)
                # Too many numbers to be found: take the part out of the game.
                free |= _groups(part) if choice is None else choice
            self.weights.clear()
            new = self.decider.conflicts(frozenset(free))
            if not new or any(not conflict.groups for conflict in new):
                return frozenset(free)
            self.known += new

    def _alternatives(
        self, found: dict[frozenset[frozenset[int]], tuple[list[frozenset[int]], bool]]
    ) -> None:
        """All smallest sets of each part, by the part."""
        again = True
        while again:
            again = False
            for part in parts(self.known):
                choice = self._choose(part)
                if _name(part) in found or choice is None:
                    continue
                free = self._first_choice()
                others = (free or frozenset()) - choice
                own = _groups(part)
                hitter = Hitter(part, self._asking(others), self._weight, self.until)
                sets: list[frozenset[int]] = []
                for size in range(len(choice), self.most + 1):
                    sets = list(islice(hitter.sets(size), _EXPLANATIONS))
                    if sets:
                        break
                new = hitter.conflicts[len(part) :]
                self.known += new
                if any(not conflict.groups <= own for conflict in new):
                    again = True
                    self._first_choice()
                    break
                whole = next(each for each in parts(self.known) if part[0] in each)
                self.chosen[_name(whole)] = choice
                found[_name(whole)] = (sets, bool(sets) and len(sets) < _EXPLANATIONS)

    def _asking(self, others: frozenset[int]) -> Ask:
        return lambda groups: self.decider.conflicts(groups | others)

    def _cause(
        self,
        part: Sequence[Conflict],
        found: dict[frozenset[frozenset[int]], tuple[list[frozenset[int]], bool]],
        searched: bool,
    ) -> Cause:
        own = _groups(part)
        relations = dict.fromkeys(r for conflict in part for r in conflict.relations)
        violated = [key for key in self.system.failing if key in relations]
        for link in self.system.links:
            linked = {self.system.group_of[key] for key, factor in link.terms.items() if factor}
            if link.key in self.system.failing and linked <= own and link.key not in relations:
                violated.append(link.key)
        sets, complete = found.get(_name(part), ([], False))
        others: frozenset[int] = frozenset()
        for rest in parts(self.known):
            if _name(rest) != _name(part):
                best = found.get(_name(rest), ([], False))[0]
                choice = best[0] if best else self._choose(rest)
                others |= choice or _groups(rest)
        explanations = []
        try:
            for groups in sets:
                explanations.append(self.explainer.explanation(groups, others))
        except OutOfTime:
            complete = False
        return self.explainer.cause(violated, explanations, searched and complete)


def _name(part: Sequence[Conflict]) -> frozenset[frozenset[int]]:
    return frozenset(conflict.groups for conflict in part)


def _groups(part: Iterable[Conflict]) -> frozenset[int]:
    return frozenset(group for conflict in part for group in conflict.groups)
