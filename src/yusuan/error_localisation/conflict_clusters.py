"""Conflicts with one cause, and the smallest sets of groups that undo them: hitting sets.

A diagnosis is a smallest set that hits every conflict, and conflicts are asked for as they are
needed (Reiter, A theory of diagnosis from first principles, 1987).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from yusuan.error_localisation.compound_errors import CompoundError
from yusuan.error_localisation.constraints import Conflict
from yusuan.error_localisation.simplex import OutOfTime

__all__ = [
    "EXPLANATIONS",
    "ConflictCluster",
    "FindConflicts",
    "HittingSetSearch",
    "attach_implied",
    "cluster_key",
    "connected",
    "groups_in",
    "split_independent",
]

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
