"""Judge printed numbers: what rounding explains, and for the rest which number is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from yusuan.locate.model import Cause, Change, Judgement, Quantity, Relation
from yusuan.locate.search import Search
from yusuan.locate.slips import Neighbours
from yusuan.locate.system import System, failing

__all__ = ["judge"]

Keyed = TypeVar("Keyed", Quantity, Relation)


def judge(
    quantities: Sequence[Quantity],
    relations: Sequence[Relation],
    *,
    seconds: float = 5.0,
    most: int = 5,
) -> Judgement:
    """Sort the relations that fail as printed into rounding and causes.

    ``seconds`` of CPU time bound the search, so that a busy machine finds the same; ``most`` bounds the
    numbers that one explanation changes. A
    relation over a quantity that is not given is left out; of equal keys the first counts.
    """
    until = time.thread_time() + seconds
    if any(each.step < 1 or each.half_step < 0 for each in quantities):
        quantities = [
            replace(each, step=max(1, each.step), half_step=max(0, each.half_step))
            for each in quantities
        ]
    # In one order, whichever they come in: of two proofs, each right, it decides which is found.
    keys = [*(each.key for each in quantities), *(each.key for each in relations)]
    given = {key: place for place, key in reversed([*enumerate(keys)])}
    quantities = sorted(_first_of_each(quantities), key=lambda each: each.key)
    relations = sorted(_first_of_each(relations), key=lambda each: each.key)
    wrong = failing(quantities, relations)
    if not wrong:
        return Judgement()
    system = System(quantities, relations, wrong)
    neighbours = Neighbours(system)
    first = system.first_conflicts()
    causes: list[Cause] = []
    for variables, rows in _components(system):
        own = [c for c in first if any(system.groups[g].variable in variables for g in c.groups)]
        causes += Search(system, rows, own, neighbours, until, most).causes()
    for conflict in first:
        if not conflict.groups:
            causes.append(Cause(conflict.relations, (), "tied"))
    told = {relation for cause in causes for relation in cause.violated}
    rounding = [key for key in system.failing if key not in told]
    causes = [_as_given(cause, given) for cause in causes]
    causes.sort(key=lambda cause: [given[key] for key in cause.violated])
    return Judgement(tuple(sorted(rounding, key=given.__getitem__)), tuple(causes))


def _as_given(cause: Cause, given: Mapping[str, int]) -> Cause:
    """With relations, and the places of one number, in the order they came in."""

    def change(each: Change) -> Change:
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


def _components(system: System) -> Iterator[tuple[set[int], list[int]]]:
    """The variables and rows that hang together with a relation that fails."""
    about: dict[int, list[int]] = {}
    for number, row in enumerate(system.rows):
        if row.about is not None:
            about.setdefault(system.groups[row.about].variable, []).append(number)
    seen: set[int] = set()
    hopeless = {row.relation: row.about for row in system.hopeless if row.terms}
    for relation in system.failing.values():
        start = [system.variable_of[key] for key, factor in relation.terms.items() if factor]
        if (
            relation.key in hopeless
        ):  # It says nothing of its numbers, but what it is about is wrong.
            group = hopeless[relation.key]
            start = [] if group is None else [system.groups[group].variable]
        elif relation.about in system.variable_of:
            start.append(system.variable_of[relation.about])
        if not start or any(variable in seen for variable in start):
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
