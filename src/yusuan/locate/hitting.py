"""Smallest sets of groups that touch every conflict, with conflicts that come as one asks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from yusuan.locate.simplex import OutOfTime
from yusuan.locate.system import Conflict

__all__ = ["Ask", "Hitter", "parts"]

Ask = Callable[[frozenset[int]], list[Conflict]]


def parts(conflicts: Iterable[Conflict]) -> list[list[Conflict]]:
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


class Hitter:
    """Finds the sets of ``size`` groups that touch all conflicts and leave none when asked.

    ``weight`` says which groups to try first.
    """

    def __init__(
        self,
        conflicts: Sequence[Conflict],
        ask: Ask,
        weight: Callable[[int], float],
        until: float,
    ) -> None:
        self.conflicts = list(conflicts)
        self.ask = ask
        self.weight = weight
        self.until = until

    def sets(self, size: int) -> Iterator[frozenset[int]]:
        """Each set once. Conflicts that answers bring are kept in ``conflicts``."""
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
            open_ = [c for c in self.conflicts if not c.groups & chosen]
            if open_:
                break
            found = self.ask(chosen)
            if not found:
                yield chosen
                return
            self.conflicts += found
        if left == 0 or self._packing(open_, barred) > left:
            return
        choices = min((c.groups - barred for c in open_), key=lambda g: (len(g), sorted(g)))
        for group in sorted(choices, key=lambda g: (self.weight(g), g)):
            yield from self._extend(chosen | {group}, barred, left - 1)
            barred |= {group}
