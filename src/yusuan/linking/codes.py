"""Codes that stay what they are from one year's list to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from yusuan.codes.keys import same_key
from yusuan.facts.codes import Concept
from yusuan.linking.candidate import Candidate, code
from yusuan.linking.material import Material
from yusuan.linking.names import likeness
from yusuan.linking.settings import settings

__all__ = ["code_links"]


def code_links(material: Material) -> Iterator[Candidate]:
    """Each code with that of the year before that prints it, under the same name.

    Codes that were renamed or moved are in ``code-changes``; one with another name that no
    list explains may have been used again.
    """
    explained = {(change.list, change.from_concept) for change in material.code_changes}
    explained |= {(change.list, change.to_concept) for change in material.code_changes}
    for name, concepts in material.concepts.items():
        by_code: dict[str, list[Concept]] = defaultdict(list)
        for concept in concepts:
            by_code[concept.code].append(concept)
        for editions in by_code.values():
            for before, after in pairwise(sorted(editions, key=lambda each: each.year)):
                told = {(name, before.concept), (name, after.concept)} <= explained
                if before.name and after.name and not told:
                    yield from _candidate(name, before, after, (before.name, after.name))


def _candidate(
    name: str, before: Concept, after: Concept, names: tuple[str, str]
) -> Iterator[Candidate]:
    one, two = names
    same = same_key(one) == same_key(two)
    alike = 1.0 if same else likeness([one], [two])
    if alike < settings().similar["code"]:
        return  # the code was used again for something else
    yield Candidate(
        kind="same-code",
        subject=(code(name), after.concept),
        object=(code(name), before.concept),
        method="same-code-and-name" if same else "similar",
        likeness=alike,
        evidence=(
            f"{after.code}：{after.year}年“{two}”，{before.year}年“{one}”",
            f'{after.code}: "{two}" in {after.year}, "{one}" in {before.year}',
        ),
    )
