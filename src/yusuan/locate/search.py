"""The causes within one component: conflicts, the fewest changes that undo them, their alternatives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product, zip_longest

from yusuan.locate.acts import Act, shifts, swap_with, swappable
from yusuan.locate.decide import Decider, Pins
from yusuan.locate.explain import Explainer
from yusuan.locate.hitting import Ask, Hitter, parts
from yusuan.locate.model import Cause, Explanation
from yusuan.locate.simplex import OutOfTime
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import Conflict, System
from yusuan.locate.units import scaled

__all__ = ["Search"]

_EXPLANATIONS = 50


@dataclass(slots=True)
class _Piece:
    """Conflicts with one cause, and all smallest sets of groups that undo them."""

    conflicts: list[Conflict]
    sets: list[frozenset[int]]
    complete: bool
    acts: tuple[Act, ...] = ()
    """What the sets are, one for one, where each is one act."""

    @property
    def groups(self) -> frozenset[int]:
        """What it frees while another piece is looked at: all, where nothing was found."""
        return self.sets[0] if self.sets else _groups(self.conflicts)


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
        self.assumed: list[_Piece] = []
        self.hopeless: list[Conflict] = []
        """Relations that contradict each other whatever the numbers are."""
        self.chosen: dict[frozenset[frozenset[int]], frozenset[int] | None] = {}
        self.found: dict[frozenset[frozenset[int]], _Piece] = {}

    def causes(self) -> list[Cause]:
        """Empty when rounding explains all."""
        searched = True
        pieces: list[_Piece] = []
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
            pieces.append(self.found.get(_name(part)) or _Piece(part, [], False))
        pieces += self.assumed
        try:
            if searched:
                pieces = [small for piece in pieces for small in self._split(piece)]
                pieces = self._join(pieces)
                self._add_swaps(pieces)
        except OutOfTime:
            searched = False
        told = set(self.decider.dropped)
        causes = [Cause(conflict.relations, (), "tied") for conflict in self.hopeless]
        for cause in [self._cause(piece, pieces, searched) for piece in pieces]:
            violated = tuple(relation for relation in cause.violated if relation not in told)
            told.update(violated)
            if violated:
                causes.append(replace(cause, violated=violated))
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
            rest = _groups(left)
            good = [
                act
                for act, own in zip(acts, groups, strict=True)
                if not self.decider.conflicts(own | rest, act.pins(self.system))
            ]
            if not good:
                return
            sets = [frozenset(act.values) for act in good]
            self.assumed.append(_Piece(hit, sets, True, tuple(good)))
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
        name = _name(part)
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
                free |= _groups(part) if choice is None else choice
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
                if _name(part) in self.found or choice is None:
                    continue
                others = self._choose_all() - choice
                hitter = Hitter(part, self._asking(others), self._weight, self.until)
                sets: list[frozenset[int]] = []
                for size in range(len(choice), self.most + 1):
                    sets = list(islice(hitter.sets(size), _EXPLANATIONS))
                    if sets:
                        break
                new = hitter.conflicts[len(part) :]
                self.known += new
                if any(not conflict.groups <= _groups(part) for conflict in new):
                    again = True
                    self._choose_all()
                    break
                whole = next(each for each in parts(self.known) if part[0] in each)
                self.chosen[_name(whole)] = choice
                complete = bool(sets) and len(sets) < _EXPLANATIONS
                self.found[_name(whole)] = _Piece(whole, sets, complete)

    def _asking(self, others: frozenset[int]) -> Ask:
        return lambda groups: self._ask(groups | others)

    def _split(self, piece: _Piece) -> list[_Piece]:
        """Independent causes: any choice for one goes with any choice for the other."""
        universe = sorted(frozenset().union(*piece.sets))
        if piece.acts or not piece.sets or len(piece.sets[0]) < 2:
            return [piece]
        links = [{one} for one in universe]
        links += [
            {one, other}
            for one in universe
            for other in universe
            if one < other and not any({one, other} <= each for each in piece.sets)
        ]
        plain = [c for c in piece.conflicts if c in self.plain]
        links += [set(c.groups.intersection(universe)) for c in plain]
        blocks = [
            _groups(part) for part in parts(Conflict(frozenset(link), ()) for link in links if link)
        ]
        sets = [sorted({each & block for each in piece.sets}, key=sorted) for block in blocks]
        count = 1
        for each in sets:
            count *= len(each)
        if len(blocks) < 2 or count != len(piece.sets):
            return [piece]
        small = [_Piece([], each, piece.complete) for each in sets]
        for conflict in piece.conflicts:
            hit = (n for n, each in enumerate(sets) if all(one & conflict.groups for one in each))
            small[next(hit, 0)].conflicts.append(conflict)
        return small if all(each.conflicts for each in small) else [piece]

    def _join(self, pieces: list[_Piece]) -> list[_Piece]:
        """Two causes that one swap explains are one."""
        for one in pieces:
            for other in pieces:
                if one is other or one.acts or other.acts or not one.sets or not other.sets:
                    continue
                free = self._free_elsewhere(pieces, one, other)
                both = [a | b for a, b in product(one.sets, other.sets)][:_EXPLANATIONS]
                if any(
                    swap_with(self.system, self.neighbours, a | b, free, self.decider, (x, y))
                    for a, b in product(one.sets, other.sets)
                    for x, y in product(sorted(a), sorted(b))
                ):
                    complete = one.complete and other.complete and len(both) < _EXPLANATIONS
                    joined = _Piece(one.conflicts + other.conflicts, both, complete)
                    rest = [piece for piece in pieces if piece is not one and piece is not other]
                    return self._join([*rest, joined])
        return pieces

    def _add_swaps(self, pieces: list[_Piece]) -> None:
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

    def _free_elsewhere(self, pieces: Iterable[_Piece], *own: _Piece) -> frozenset[int]:
        rest = [piece.groups for piece in pieces if not any(piece is each for each in own)]
        return frozenset().union(*rest)

    def _cause(self, piece: _Piece, pieces: Sequence[_Piece], searched: bool) -> Cause:
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


def _name(part: Sequence[Conflict]) -> frozenset[frozenset[int]]:
    return frozenset(conflict.groups for conflict in part)


def _groups(part: Iterable[Conflict]) -> frozenset[int]:
    return frozenset(group for conflict in part for group in conflict.groups)
