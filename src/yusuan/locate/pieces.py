"""What belongs to one cause: conflicts, and the sets of numbers that undo them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from yusuan.locate.acts import Act
from yusuan.locate.hitting import parts
from yusuan.locate.system import Conflict

__all__ = ["EXPLANATIONS", "Piece", "attach", "groups_of", "name_of", "split"]

EXPLANATIONS = 50
"""So many explanations of a cause are listed at most."""


@dataclass(slots=True)
class Piece:
    """Conflicts with one cause, and all smallest sets of groups that undo them."""

    conflicts: list[Conflict]
    sets: list[frozenset[int]]
    complete: bool
    acts: tuple[Act, ...] = ()
    """What the sets are, one for one, where each is one act."""

    @property
    def groups(self) -> frozenset[int]:
        """What it frees while another piece is looked at: all, where nothing was found."""
        return self.sets[0] if self.sets else groups_of(self.conflicts)


def split(piece: Piece, failing: Sequence[Conflict]) -> list[Piece]:
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
    plain = [c for c in piece.conflicts if c in failing]
    links += [set(c.groups.intersection(universe)) for c in plain]
    blocks = [
        groups_of(part) for part in parts(Conflict(frozenset(link), ()) for link in links if link)
    ]
    sets = [sorted({each & block for each in piece.sets}, key=sorted) for block in blocks]
    count = 1
    for each in sets:
        count *= len(each)
    if len(blocks) < 2 or count != len(piece.sets):
        return [piece]
    small = [Piece([], each, piece.complete) for each in sets]
    for conflict in piece.conflicts:
        hit = (n for n, each in enumerate(sets) if all(one & conflict.groups for one in each))
        small[next(hit, 0)].conflicts.append(conflict)
    own = all(any(conflict in plain for conflict in each.conflicts) for each in small)
    return small if own else [piece]


def attach(pieces: list[Piece], failing: Sequence[Conflict]) -> list[Piece]:
    """A number that only sums failing elsewhere prove wrong belongs to the cause there."""
    for piece in pieces:
        if piece.acts or any(conflict in failing for conflict in piece.conflicts):
            continue
        relations = {r for conflict in piece.conflicts for r in conflict.relations}
        for other in pieces:
            shared = (c for c in other.conflicts if c in failing)
            if other is piece or other.acts or not any(relations & {*c.relations} for c in shared):
                continue
            both = [a | b for a, b in product(other.sets, piece.sets)]
            complete = piece.complete and other.complete and len(both) <= EXPLANATIONS
            joined = Piece(other.conflicts + piece.conflicts, both[:EXPLANATIONS], complete)
            rest = [each for each in pieces if each is not piece and each is not other]
            return attach([*rest, joined], failing)
    return pieces


def name_of(part: Sequence[Conflict]) -> frozenset[frozenset[int]]:
    return frozenset(conflict.groups for conflict in part)


def groups_of(part: Iterable[Conflict]) -> frozenset[int]:
    return frozenset(group for conflict in part for group in conflict.groups)
