"""The causes within one component: conflicts, the fewest changes that undo them, their alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product, zip_longest

from yusuan.locate.acts import Act, shifts, swap_with, swappable
from yusuan.locate.decide import Decider, Pins
from yusuan.locate.explain import Explainer
from yusuan.locate.hitting import Ask, Hitter, parts
from yusuan.locate.model import Cause, Explanation
from yusuan.locate.pieces import EXPLANATIONS, Piece, attach, groups_of, name_of, split
from yusuan.locate.simplex import OutOfTime
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, System
from yusuan.locate.units import scaled

__all__ = ["Search"]


class Search:
    """Searches the component of these rows; ``first`` are conflicts within single relations."""

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
        self.neighbours = neighbours
        self.until = until
        self.most = most
        self.decider = Decider(system, rows, until)
        self.explainer = Explainer(system, self.decider, neighbours)
        self.known = [conflict for conflict in first if conflict.groups]
        self.plain: list[Conflict] = list(self.known)
        self.assumed: list[Piece] = []
        self.hopeless: list[Conflict] = []
        """Relations that contradict each other whatever the numbers are."""
        self.chosen: dict[frozenset[frozenset[int]], frozenset[int] | None] = {}
        self.found: dict[frozenset[frozenset[int]], Piece] = {}

    def causes(self) -> list[Cause]:
        """Empty when rounding explains all."""
        searched = True
        pieces: list[Piece] = []
        try:
            if not self.known:
                self.known = self._ask(frozenset())
                self.plain = list(self.known)
                if not self.known and not self.hopeless:
                    return []
            self._assume_acts()
            self._choose_all()
            self._alternatives()
        except OutOfTime:
            searched = False
        for part in parts(self.known):
            pieces.append(self.found.get(name_of(part)) or Piece(part, [], False))
        pieces = [*attach(pieces, self.plain), *self.assumed]
        try:
            if searched:
                pieces = [small for piece in pieces for small in split(piece, self.plain)]
                pieces = self._join(pieces)
                self._add_swaps(pieces)
        except OutOfTime:
            searched = False
        told = set(self.decider.dropped)
        causes = [Cause(conflict.relations, (), "tied") for conflict in self.hopeless]
        for cause in [self._cause(piece, pieces, searched) for piece in pieces]:
            if self.decider.dropped.issuperset(cause.violated):
                continue
            violated = tuple(relation for relation in cause.violated if relation not in told)
            causes.append(replace(cause, violated=violated or cause.violated))
            told.update(violated)
        return causes

    def _ask(self, free: frozenset[int]) -> list[Conflict]:
        """Conflicts with what is assumed elsewhere."""
        pins: Pins = {}
        for piece in self.assumed:
            free |= piece.groups
            pins |= piece.acts[0].pins(self.system)
        while True:
            found = self.decider.conflicts(free, pins)
            hopeless = [conflict for conflict in found if not conflict.groups]
            if not hopeless:
                return found
            for conflict in hopeless:
                self.hopeless.append(conflict)
                self.decider.dropped.update(conflict.relations)

    def _assume_acts(self) -> None:
        """A table in a wrong unit, or rows shifted: one act, however many numbers."""
        while acts := self._acts():
            groups = [frozenset(act.values) for act in acts]
            hit = [conflict for conflict in self.known if conflict.groups & groups[0]]
            left = [conflict for conflict in self.known if not conflict.groups & groups[0]]
            rest = groups_of(left)
            good = [
                act
                for act, own in zip(acts, groups, strict=True)
                if not self.decider.conflicts(own | rest, act.pins(self.system))
            ]
            if not good:
                return
            sets = [frozenset(act.values) for act in good]
            self.assumed.append(Piece(hit, sets, True, tuple(good)))
            self.known = left

    def _acts(self) -> list[Act]:
        for kind in (scaled, shifts):
            if acts := kind(self.system, self.neighbours, self.known):
                return acts
        return []

    def _weight(self, group: int) -> float:
        """Groups in many conflicts first, then those in few relations."""
        in_conflicts = sum(group in conflict.groups for conflict in self.known)
        variable = self.system.groups[group].variable
        return len(self.system.rows_of.get(variable, ())) - 100 * in_conflicts

    def _choose(self, part: Sequence[Conflict]) -> frozenset[int] | None:
        """A smallest set that touches the conflicts known, None when it is too large."""
        name = name_of(part)
        if name not in self.chosen:
            self.chosen[name] = None
            hitter = Hitter(part, lambda _: [], self._weight, self.until)
            for size in range(hitter.bound(), self.most + 1):
                choice = next(hitter.sets(size), None)
                if choice is not None:
                    self.chosen[name] = choice
                    break
        return self.chosen[name]

    def _choose_all(self) -> frozenset[int]:
        """Ask for conflicts until smallest sets that touch them leave none; their union."""
        while True:
            free: frozenset[int] = frozenset()
            for part in parts(self.known):
                choice = self._choose(part)
                # More wrong numbers than are searched: take the part out of the game.
                free |= groups_of(part) if choice is None else choice
            new = self._ask(free)
            if not new:
                return free
            self.known += new

    def _alternatives(self) -> None:
        """All smallest sets of each part; parts that turn out to hang together are done again."""
        again = True
        while again:
            again = False
            for part in parts(self.known):
                choice = self._choose(part)
                if name_of(part) in self.found or choice is None:
                    continue
                others = self._choose_all() - choice
                hitter = Hitter(part, self._asking(others), self._weight, self.until)
                sets: list[frozenset[int]] = []
                for size in range(len(choice), self.most + 1):
                    sets = list(islice(hitter.sets(size), EXPLANATIONS))
                    if sets:
                        break
                new = hitter.conflicts[len(part) :]
                self.known += new
                if any(not conflict.groups <= groups_of(part) for conflict in new):
                    again = True
                    self._choose_all()
                    break
                whole = next(each for each in parts(self.known) if part[0] in each)
                self.chosen[name_of(whole)] = choice
                complete = bool(sets) and len(sets) < EXPLANATIONS
                self.found[name_of(whole)] = Piece(whole, sets, complete)

    def _asking(self, others: frozenset[int]) -> Ask:
        return lambda groups: self._ask(groups | others)

    def _join(self, pieces: list[Piece]) -> list[Piece]:
        """Two causes that one swap explains are one."""
        for one in pieces:
            for other in pieces:
                if one is other or one.acts or other.acts or not one.sets or not other.sets:
                    continue
                free = self._free_elsewhere(pieces, one, other)
                both = [a | b for a, b in product(one.sets, other.sets)][:EXPLANATIONS]
                if any(
                    swap_with(self.system, self.neighbours, a | b, free, self.decider, (x, y))
                    for a, b in product(one.sets, other.sets)
                    for x, y in product(sorted(a), sorted(b))
                ):
                    complete = one.complete and other.complete and len(both) < EXPLANATIONS
                    joined = Piece(one.conflicts + other.conflicts, both, complete)
                    rest = [piece for piece in pieces if piece is not one and piece is not other]
                    return self._join([*rest, joined])
        return pieces

    def _add_swaps(self, pieces: list[Piece]) -> None:
        """Explanations of one more change, where two of the changes are a swap."""
        for piece in pieces:
            if piece.acts or not piece.sets:
                continue
            free = self._free_elsewhere(pieces, piece)
            plain = [conflict for conflict in piece.conflicts if conflict in self.plain]
            kept = {each - {group} for each in piece.sets[:5] for group in each}
            for rest in sorted(kept, key=sorted):
                open_ = [conflict for conflict in plain if not conflict.groups & rest]
                for pair in swappable(self.system, self.neighbours, open_):
                    groups = rest | set(pair)
                    if len(groups) != len(rest) + 2 or any(each <= groups for each in piece.sets):
                        continue
                    if swap_with(self.system, self.neighbours, groups, free, self.decider, pair):
                        piece.sets.append(groups)

    def _free_elsewhere(self, pieces: Iterable[Piece], *own: Piece) -> frozenset[int]:
        rest = [piece.groups for piece in pieces if not any(piece is each for each in own)]
        return frozenset().union(*rest)

    def _cause(self, piece: Piece, pieces: Sequence[Piece], searched: bool) -> Cause:
        plain = [conflict for conflict in piece.conflicts if conflict in self.plain]
        relations = {r for conflict in plain or piece.conflicts for r in conflict.relations}
        violated = [key for key in self.system.failing if key in relations]
        if not violated:  # Each relation can be printed so, only all together cannot.
            violated = sorted(relations)
        others = self._free_elsewhere(pieces, piece)
        found: list[tuple[Explanation, bool]] = []
        complete = piece.complete
        try:
            for groups, act in zip_longest(piece.sets, piece.acts):
                found.append(self.explainer.explanation(groups, others, act))
        except OutOfTime:
            complete = False
        return self.explainer.cause(violated, found, searched and complete)
