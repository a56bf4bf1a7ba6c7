"""Error localisation: what rounding explains, and for the rest which number is wrong.

The fewest numbers are looked for whose change fulfils all relations (Fellegi and Holt, A systematic
approach to automatic edit and imputation, 1976), in each connected component by itself.

Of groups that conflict, the smallest sets that hit every conflict are diagnoses; conflicts are asked
for as they are needed (Reiter, A theory of diagnosis from first principles, 1987).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product, zip_longest
from typing import TypeVar

from yusuan.error_localisation.compound_errors import (
    CompoundError,
    shifted_runs,
    swap_candidates,
    swap_explains,
    wrong_units,
)
from yusuan.error_localisation.constraints import Conflict, ConstraintSystem, failing
from yusuan.error_localisation.error_patterns import Neighbours
from yusuan.error_localisation.explanations import Explainer
from yusuan.error_localisation.feasibility import Bounds, FeasibilityChecker
from yusuan.error_localisation.records import (
    Cause,
    Explanation,
    Localisation,
    NumberChange,
    Relation,
    RoundedNumber,
)
from yusuan.error_localisation.simplex import OutOfTime

__all__ = ["localise"]

EXPLANATIONS = 50
"""So many explanations of a cause are listed at most."""

FindConflicts = Callable[[frozenset[int]], list[Conflict]]
"""The conflicts that are left when these groups may be anything."""


def connected(conflicts: Iterable[Conflict]) -> list[list[Conflict]]:
    """Conflicts that share groups, together; in the order of their smallest group."""
    merged: list[tuple[set[int], list[Conflict]]] = []
    for conflict in conflicts:
        groups, own = set(conflict.groups), [conflict]
        rest = []
        for part in merged:
            if part[0] & groups:
                groups |= part[0]
                own = part[1] + own
            else:
                rest.append(part)
        merged = [*rest, (groups, own)]
    return [own for groups, own in sorted(merged, key=lambda part: min(part[0], default=-1))]


class HittingSetSearch:
    """Finds the sets of groups that hit all conflicts and leave none when asked.

    ``weight`` says which groups to try first, those of least weight; ``until`` is CPU time of the thread.
    """

    def __init__(
        self,
        conflicts: Sequence[Conflict],
        ask: FindConflicts,
        weight: Callable[[int], float],
        until: float,
    ) -> None:
        self.conflicts = list(conflicts)
        self.ask = ask
        self.weight = weight
        self.until = until

    def sets(self, size: int) -> Iterator[frozenset[int]]:
        """Each set once. Conflicts that answers bring are kept in ``conflicts``. Raises OutOfTime."""
        yield from self._extend(frozenset(), frozenset(), size)

    def bound(self) -> int:
        """A number of groups below which no set touches all conflicts."""
        return self._packing(self.conflicts, frozenset())

    def _packing(self, conflicts: Iterable[Conflict], barred: frozenset[int]) -> int:
        """How many of these have no group in common."""
        used: set[int] = set()
        count = 0
        for groups in sorted((c.groups - barred for c in conflicts), key=len):
            if not groups & used:
                used |= groups
                count += 1
        return count

    def _extend(
        self, chosen: frozenset[int], barred: frozenset[int], left: int
    ) -> Iterator[frozenset[int]]:
        if time.thread_time() > self.until:
            raise OutOfTime
        while True:
            not_hit = [c for c in self.conflicts if not c.groups & chosen]
            if not_hit:
                break
            found = self.ask(chosen)
            if not found:
                yield chosen
                return
            self.conflicts += found
        if left == 0 or self._packing(not_hit, barred) > left:
            return
        choices = min((c.groups - barred for c in not_hit), key=lambda g: (len(g), sorted(g)))
        for group in sorted(choices, key=lambda g: (self.weight(g), g)):
            yield from self._extend(chosen | {group}, barred, left - 1)
            barred |= {group}


@dataclass(slots=True)
class ConflictCluster:
    """Conflicts with one cause, and all smallest sets of groups that undo them."""

    conflicts: list[Conflict]
    sets: list[frozenset[int]]
    complete: bool
    errors: tuple[CompoundError, ...] = ()
    """What the sets are, one for one, where each is one compound error."""

    @property
    def groups(self) -> frozenset[int]:
        """What it frees while another cluster is looked at: all, where nothing was found."""
        return self.sets[0] if self.sets else groups_in(self.conflicts)


def split_independent(
    cluster: ConflictCluster, failing: Sequence[Conflict]
) -> list[ConflictCluster]:
    """Independent causes: any choice for one goes with any choice for the other."""
    universe = sorted(frozenset().union(*cluster.sets))
    if cluster.errors or not cluster.sets or len(cluster.sets[0]) < 2:
        return [cluster]
    links = [{one} for one in universe]
    links += [
        {one, other}
        for one in universe
        for other in universe
        if one < other and not any({one, other} <= each for each in cluster.sets)
    ]
    plain = [c for c in cluster.conflicts if c in failing]
    links += [set(c.groups.intersection(universe)) for c in plain]
    blocks = [
        groups_in(part)
        for part in connected(Conflict(frozenset(link), ()) for link in links if link)
    ]
    sets = [sorted({each & block for each in cluster.sets}, key=sorted) for block in blocks]
    count = 1
    for each in sets:
        count *= len(each)
    if len(blocks) < 2 or count != len(cluster.sets):
        return [cluster]
    small = [ConflictCluster([], each, cluster.complete) for each in sets]
    for conflict in cluster.conflicts:
        hit = (n for n, each in enumerate(sets) if all(one & conflict.groups for one in each))
        small[next(hit, 0)].conflicts.append(conflict)
    own = all(any(conflict in plain for conflict in each.conflicts) for each in small)
    return small if own else [cluster]


def attach_implied(
    clusters: list[ConflictCluster], failing: Sequence[Conflict]
) -> list[ConflictCluster]:
    """A number that only sums failing elsewhere prove wrong belongs to the cause there."""
    for cluster in clusters:
        if cluster.errors or any(conflict in failing for conflict in cluster.conflicts):
            continue
        relations = {r for conflict in cluster.conflicts for r in conflict.relations}
        for other in clusters:
            shared = (c for c in other.conflicts if c in failing)
            if (
                other is cluster
                or other.errors
                or not any(relations & {*c.relations} for c in shared)
            ):
                continue
            both = [a | b for a, b in product(other.sets, cluster.sets)]
            complete = cluster.complete and other.complete and len(both) <= EXPLANATIONS
            joined = ConflictCluster(
                other.conflicts + cluster.conflicts, both[:EXPLANATIONS], complete
            )
            rest = [each for each in clusters if each is not cluster and each is not other]
            return attach_implied([*rest, joined], failing)
    return clusters


def cluster_key(part: Sequence[Conflict]) -> frozenset[frozenset[int]]:
    """What conflicts are told apart by: their groups."""
    return frozenset(conflict.groups for conflict in part)


def groups_in(part: Iterable[Conflict]) -> frozenset[int]:
    """All groups of these conflicts."""
    return frozenset(group for conflict in part for group in conflict.groups)


Keyed = TypeVar("Keyed", RoundedNumber, Relation)


def localise(
    numbers: Sequence[RoundedNumber],
    relations: Sequence[Relation],
    *,
    seconds: float = 4.5,
    max_changes: int = 5,
) -> Localisation:
    """Sort the relations that fail as printed into rounding and causes.

    ``seconds`` of CPU time bound the search, so that a busy machine finds the same;
    ``max_changes`` bounds the numbers that one explanation changes. A relation over a number that
    is not given is left out; of equal keys the first counts.
    """
    until = time.thread_time() + seconds
    if any(each.step < 1 or each.half_step < 0 for each in numbers):
        numbers = [
            replace(each, step=max(1, each.step), half_step=max(0, each.half_step))
            for each in numbers
        ]
    # In one order, whichever they come in: of two proofs, each right, it decides which is found.
    keys = [*(each.key for each in numbers), *(each.key for each in relations)]
    given = {key: place for place, key in reversed([*enumerate(keys)])}
    numbers = sorted(_first_of_each(numbers), key=lambda each: each.key)
    relations = sorted(_first_of_each(relations), key=lambda each: each.key)
    wrong = failing(numbers, relations)
    if not wrong:
        return Localisation()
    system = ConstraintSystem(numbers, relations, wrong)
    neighbours = Neighbours(system)
    first = system.first_conflicts()
    causes: list[Cause] = []
    for variables, constraints in _components(system):
        own = [c for c in first if any(system.groups[g].variable in variables for g in c.groups)]
        causes += ComponentSearch(system, constraints, own, neighbours, until, max_changes).causes()
    for conflict in first:
        if not conflict.groups:
            causes.append(Cause(conflict.relations, (), "tied"))
    explained = {relation for cause in causes for relation in cause.violated}
    rounding = [key for key in system.failing if key not in explained]
    causes = [_as_given(cause, given) for cause in causes]
    causes.sort(key=lambda cause: [given[key] for key in cause.violated])
    return Localisation(tuple(sorted(rounding, key=given.__getitem__)), tuple(causes))


def _as_given(cause: Cause, given: Mapping[str, int]) -> Cause:
    """With relations, and the places of one number, in the order they came in."""

    def change(each: NumberChange) -> NumberChange:
        key, *together = sorted((each.key, *each.together), key=given.__getitem__)
        return replace(each, key=key, together=tuple(together))

    explanations = tuple(
        replace(each, changes=tuple(sorted(map(change, each.changes), key=lambda c: given[c.key])))
        for each in cause.explanations
    )
    violated = tuple(sorted(cause.violated, key=given.__getitem__))
    return replace(cause, violated=violated, explanations=explanations)


def _first_of_each(things: Sequence[Keyed]) -> list[Keyed]:
    return list({each.key: each for each in reversed(things)}.values())


def _components(system: ConstraintSystem) -> Iterator[tuple[set[int], list[int]]]:
    """The variables and constraints connected with a relation that fails, component by component."""
    about: dict[int, list[int]] = {}
    for number, constraint in enumerate(system.constraints):
        if constraint.about is not None:
            about.setdefault(system.groups[constraint.about].variable, []).append(number)
    seen: set[int] = set()
    unsatisfiable = {
        constraint.relation: constraint.about
        for constraint in system.unsatisfiable
        if constraint.terms
    }
    for relation in system.failing.values():
        start = [system.variable_of[key] for key, factor in relation.terms.items() if factor]
        if relation.key in unsatisfiable:
            # It says nothing of its numbers, but what it is about is wrong.
            group = unsatisfiable[relation.key]
            start = [] if group is None else [system.groups[group].variable]
        elif relation.about in system.variable_of:
            start.append(system.variable_of[relation.about])
        if not start or any(variable in seen for variable in start):
            continue
        variables, constraints, queue = set(start), set(), list(start)
        while queue:
            variable = queue.pop()
            for number in (*system.constraints_of.get(variable, ()), *about.get(variable, ())):
                if number not in constraints:
                    constraints.add(number)
                    constraint = system.constraints[number]
                    new = [*constraint.terms]
                    if constraint.about is not None:
                        new.append(system.groups[constraint.about].variable)
                    queue += [each for each in new if each not in variables]
                    variables.update(new)
        seen |= variables
        yield variables, sorted(constraints)


class ComponentSearch:
    """Searches the component of these constraints (indexes) for its causes.

    ``first`` are conflicts within single relations.
    """

    def __init__(
        self,
        system: ConstraintSystem,
        constraints: Sequence[int],
        first: Sequence[Conflict],
        neighbours: Neighbours,
        until: float,
        max_changes: int,
    ) -> None:
        self.system = system
        self.neighbours = neighbours
        self.until = until
        self.max_changes = max_changes
        self.checker = FeasibilityChecker(system, constraints, until)
        self.explainer = Explainer(system, self.checker, neighbours)
        self.known = [conflict for conflict in first if conflict.groups]
        self.plain: list[Conflict] = list(self.known)
        self.assumed: list[ConflictCluster] = []
        self.unsatisfiable: list[Conflict] = []
        """Relations that contradict each other whatever the numbers are."""
        self.chosen: dict[frozenset[frozenset[int]], frozenset[int] | None] = {}
        self.found: dict[frozenset[frozenset[int]], ConflictCluster] = {}

    def causes(self) -> list[Cause]:
        """Empty when rounding explains all."""
        searched = True
        clusters: list[ConflictCluster] = []
        try:
            if not self.known:
                self.known = self._ask(frozenset())
                self.plain = list(self.known)
                if not self.known and not self.unsatisfiable:
                    return []
            self._assume_compound_errors()
            self._choose_all()
            self._alternatives()
        except OutOfTime:
            searched = False
        for part in connected(self.known):
            clusters.append(self.found.get(cluster_key(part)) or ConflictCluster(part, [], False))
        clusters = [*attach_implied(clusters, self.plain), *self.assumed]
        try:
            if searched:
                clusters = [
                    small
                    for cluster in clusters
                    for small in split_independent(cluster, self.plain)
                ]
                clusters = self._join(clusters)
                self._add_swaps(clusters)
        except OutOfTime:
            searched = False
        reported = set(self.checker.dropped)
        causes = [Cause(conflict.relations, (), "tied") for conflict in self.unsatisfiable]
        for cause in [self._cause(cluster, clusters, searched) for cluster in clusters]:
            if self.checker.dropped.issuperset(cause.violated):
                continue
            violated = tuple(relation for relation in cause.violated if relation not in reported)
            causes.append(replace(cause, violated=violated or cause.violated))
            reported.update(violated)
        return causes

    def _ask(self, free: frozenset[int]) -> list[Conflict]:
        """Conflicts with what is assumed elsewhere."""
        bounds: Bounds = {}
        for cluster in self.assumed:
            free |= cluster.groups
            bounds |= cluster.errors[0].bounds(self.system)
        while True:
            found = self.checker.conflicts(free, bounds)
            unsatisfiable = [conflict for conflict in found if not conflict.groups]
            if not unsatisfiable:
                return found
            for conflict in unsatisfiable:
                self.unsatisfiable.append(conflict)
                self.checker.dropped.update(conflict.relations)

    def _assume_compound_errors(self) -> None:
        """A table in a wrong unit, or rows shifted: one error, however many numbers."""
        while errors := self._compound_errors():
            groups = [frozenset(error.values) for error in errors]
            hit = [conflict for conflict in self.known if conflict.groups & groups[0]]
            left = [conflict for conflict in self.known if not conflict.groups & groups[0]]
            rest = groups_in(left)
            good = [
                error
                for error, own in zip(errors, groups, strict=True)
                if not self.checker.conflicts(own | rest, error.bounds(self.system))
            ]
            if not good:
                return
            sets = [frozenset(error.values) for error in good]
            self.assumed.append(ConflictCluster(hit, sets, True, tuple(good)))
            self.known = left

    def _compound_errors(self) -> list[CompoundError]:
        for kind in (wrong_units, shifted_runs):
            if errors := kind(self.system, self.neighbours, self.known):
                return errors
        return []

    def _weight(self, group: int) -> float:
        """Groups in many conflicts first, then those in few relations."""
        in_conflicts = sum(group in conflict.groups for conflict in self.known)
        variable = self.system.groups[group].variable
        return len(self.system.constraints_of.get(variable, ())) - 100 * in_conflicts

    def _choose(self, part: Sequence[Conflict]) -> frozenset[int] | None:
        """A smallest set that touches the conflicts known, None when it is too large."""
        name = cluster_key(part)
        if name not in self.chosen:
            self.chosen[name] = None
            search = HittingSetSearch(part, lambda _: [], self._weight, self.until)
            for size in range(search.bound(), self.max_changes + 1):
                choice = next(search.sets(size), None)
                if choice is not None:
                    self.chosen[name] = choice
                    break
        return self.chosen[name]

    def _choose_all(self) -> frozenset[int]:
        """Ask for conflicts until smallest sets that touch them leave none; their union."""
        while True:
            free: frozenset[int] = frozenset()
            for part in connected(self.known):
                choice = self._choose(part)
                # More wrong numbers than are searched: leave the part out.
                free |= groups_in(part) if choice is None else choice
            new = self._ask(free)
            if not new:
                return free
            self.known += new

    def _alternatives(self) -> None:
        """All smallest sets of each part; parts that turn out to hang together are done again."""
        again = True
        while again:
            again = False
            for part in connected(self.known):
                choice = self._choose(part)
                if cluster_key(part) in self.found or choice is None:
                    continue
                others = self._choose_all() - choice
                search = HittingSetSearch(part, self._asking(others), self._weight, self.until)
                sets: list[frozenset[int]] = []
                for size in range(len(choice), self.max_changes + 1):
                    sets = list(islice(search.sets(size), EXPLANATIONS))
                    if sets:
                        break
                new = search.conflicts[len(part) :]
                self.known += new
                if any(not conflict.groups <= groups_in(part) for conflict in new):
                    again = True
                    self._choose_all()
                    break
                whole = next(each for each in connected(self.known) if part[0] in each)
                self.chosen[cluster_key(whole)] = choice
                complete = bool(sets) and len(sets) < EXPLANATIONS
                self.found[cluster_key(whole)] = ConflictCluster(whole, sets, complete)

    def _asking(self, others: frozenset[int]) -> FindConflicts:
        return lambda groups: self._ask(groups | others)

    def _join(self, clusters: list[ConflictCluster]) -> list[ConflictCluster]:
        """Two causes that one swap explains are one."""
        for one in clusters:
            for other in clusters:
                if one is other or one.errors or other.errors or not one.sets or not other.sets:
                    continue
                free = self._free_elsewhere(clusters, one, other)
                both = [a | b for a, b in product(one.sets, other.sets)][:EXPLANATIONS]
                if any(
                    swap_explains(self.system, self.neighbours, a | b, free, self.checker, (x, y))
                    for a, b in product(one.sets, other.sets)
                    for x, y in product(sorted(a), sorted(b))
                ):
                    complete = one.complete and other.complete and len(both) < EXPLANATIONS
                    joined = ConflictCluster(one.conflicts + other.conflicts, both, complete)
                    rest = [
                        cluster
                        for cluster in clusters
                        if cluster is not one and cluster is not other
                    ]
                    return self._join([*rest, joined])
        return clusters

    def _add_swaps(self, clusters: list[ConflictCluster]) -> None:
        """Explanations of one more change, where two of the changes are a swap."""
        for cluster in clusters:
            if cluster.errors or not cluster.sets:
                continue
            free = self._free_elsewhere(clusters, cluster)
            plain = [conflict for conflict in cluster.conflicts if conflict in self.plain]
            kept = {each - {group} for each in cluster.sets[:5] for group in each}
            for rest in sorted(kept, key=sorted):
                not_hit = [conflict for conflict in plain if not conflict.groups & rest]
                for pair in swap_candidates(self.system, self.neighbours, not_hit, self.until):
                    groups = rest | set(pair)
                    if len(groups) != len(rest) + 2 or any(each <= groups for each in cluster.sets):
                        continue
                    if swap_explains(
                        self.system, self.neighbours, groups, free, self.checker, pair
                    ):
                        cluster.sets.append(groups)

    def _free_elsewhere(
        self, clusters: Iterable[ConflictCluster], *own: ConflictCluster
    ) -> frozenset[int]:
        rest = [cluster.groups for cluster in clusters if not any(cluster is each for each in own)]
        return frozenset().union(*rest)

    def _cause(
        self, cluster: ConflictCluster, clusters: Sequence[ConflictCluster], searched: bool
    ) -> Cause:
        plain = [conflict for conflict in cluster.conflicts if conflict in self.plain]
        relations = {r for conflict in plain or cluster.conflicts for r in conflict.relations}
        violated = [key for key in self.system.failing if key in relations]
        if not violated:  # Each relation can be printed so, only all together cannot.
            violated = sorted(relations)
        others = self._free_elsewhere(clusters, cluster)
        found: list[tuple[Explanation, bool]] = []
        complete = cluster.complete
        try:
            for groups, error in zip_longest(cluster.sets, cluster.errors):
                found.append(self.explainer.explanation(groups, others, error))
        except OutOfTime:
            complete = False
        return self.explainer.cause(violated, found, searched and complete)
