"""How well an entity answers to a name, a code and the values of its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from yusuan.codes.names import leading_code
from yusuan.model.text import normal
from yusuan.serve.reconcile.asked import Query
from yusuan.serve.reconcile.register import (
    CODE,
    DEPARTMENT,
    Entity,
    Register,
    key_of,
    pairs_of,
    value_key,
)

__all__ = ["ScoredEntity", "candidates", "starting"]

_LEAST = 0.3
# Weighed closely: those that share most pairs with the name, by its rarest pairs.
_MOST_WEIGHED = 300
_MOST_SHARED = 20_000


@dataclass(frozen=True, slots=True)
class ScoredEntity:
    """``name``: how alike the names are (0 to 1); ``held``: which properties have the value asked
    for; ``match``: everything holds, and for nothing else."""

    entity: Entity
    score: float
    name: float | None
    held: dict[str, bool]
    match: bool


def candidates(known: Register, query: Query) -> list[ScoredEntity]:
    """The best first."""
    likeness = dict(_alike(known, query.text)) if query.text else {}
    holding = {
        pid: set[str]().union(*(known.values.get((pid, value_key(each)), ()) for each in values))
        for pid, values in query.conditions
    }
    found = []
    for each in likeness if query.text else set[str]().union(*holding.values()):
        entity = known.entities[each]
        if not _is_a(entity, query):
            continue
        held = {pid: each in ids for pid, ids in holding.items()}
        name = likeness.get(entity.id)
        share = sum(held.values()) / len(held) if held else 1.0
        score = share if name is None else name * (0.5 + 0.5 * share)
        found.append((score, entity, name, held))
    found.sort(key=lambda each: (-each[0], each[1].id))
    alone = sum(score >= 1 for score, *_ in found) == 1
    return [
        ScoredEntity(entity, round(100 * score, 1), name, held, alone and score >= 1)
        for score, entity, name, held in found[: query.limit]
    ]


def starting(known: Register, prefix: str) -> list[Entity]:
    """Entities whose name, code or identifier begins so; the shortest names first."""
    text = normal(prefix).lower()
    keys = {key_of(prefix, DEPARTMENT), key_of(prefix, CODE)} - {""}
    found = [
        entity
        for entity in known.entities.values()
        if text
        and (
            entity.id.lower().startswith(text)
            or entity.code.lower().startswith(text)
            or any(own.startswith(key) for own in entity.keys for key in keys)
        )
    ]
    return sorted(found, key=lambda entity: (len(entity.name), entity.id))


def _alike(known: Register, text: str) -> Iterator[tuple[str, float]]:
    """Entities with how much they are called so."""
    if text in known.entities:
        yield text, 1.0
        return
    coded = set(known.codes.get(text, ()))
    for each in coded:
        yield each, 1.0
    keys = {DEPARTMENT: key_of(text, DEPARTMENT), CODE: key_of(text, CODE)}
    code = leading_code(text)
    for each in _near(known, set(keys.values())):
        entity = known.entities[each]
        key = keys[CODE if CODE in entity.types else DEPARTMENT]
        alike = max(_dice(key, own) for own in entity.keys)
        if code and entity.code and code != entity.code:
            alike *= 0.9  # called the same, but another code is printed
        if alike >= _LEAST and each not in coded:
            yield each, alike


def _near(known: Register, keys: set[str]) -> set[str]:
    """Entities called exactly so, and those that share most with it."""
    pairs = {pair for key in keys for pair in pairs_of(key)}
    shared: Counter[str] = Counter()
    room = _MOST_SHARED
    for listed in sorted((known.pairs.get(pair, []) for pair in pairs), key=len):
        shared.update(listed[:room])
        room -= len(listed)
        if room <= 0:
            break
    exactly = {each for key in keys for each in known.names.get(key, ())}
    return exactly | {each for each, _ in shared.most_common(_MOST_WEIGHED)}


def _dice(one: str, other: str) -> float:
    if one == other:
        return 1.0
    first, second = pairs_of(one), pairs_of(other)
    # Never quite 1: the same pairs may stand in another order.
    return min(0.99, 2 * len(first & second) / (len(first) + len(second)))


def _is_a(entity: Entity, query: Query) -> bool:
    if not query.types:
        return True
    if query.all_types:
        return set(query.types) <= set(entity.types)
    return bool(set(query.types) & set(entity.types))
