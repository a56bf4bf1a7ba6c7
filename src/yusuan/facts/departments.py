"""Which documents speak of the same department, and what it is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

from yusuan.facts.codes import concept_id
from yusuan.model.records import Department
from yusuan.narrative.organisation_names import (
    Division,
    division_of,
    name_form,
    name_match,
    place_key,
    without_management,
)
from yusuan.schema.slugs import slug

__all__ = ["NameKey", "NamedDocument", "match_departments", "name_key", "table_owner_keys"]


class NamedDocument(Protocol):
    """What a document calls its department; ``names`` in full, the cover's first."""

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def all_names(self) -> tuple[str, ...]: ...

    @property
    def fiscal_year(self) -> int: ...

    @property
    def phase(self) -> str: ...


NameKey = tuple[str | None, str]
"""What names of one organisation have in common (``name_key``)."""


def match_departments(
    documents: Sequence[NamedDocument], known: Sequence[Iterable[NameKey]] = ()
) -> tuple[list[Department], list[str]]:
    """The departments, and for each document the id of its department.

    All names in one document are names of one organisation; documents that share a name (in the
    same place, 管理委员会, (本级) or not) are of the same organisation, and so are those that share one
    of the keys ``known`` of them, if any.
    """
    groups: list[set[int]] = []
    owner: dict[NameKey, int] = {}
    for index, document in enumerate(documents):
        keys = _keys(document) | set(known[index] if known else ())
        joined = {owner[key] for key in keys if key in owner}
        group = min(joined) if joined else len(groups)
        if not joined:
            groups.append(set())
        groups[group].add(index)
        for other in joined - {group}:
            groups[group] |= groups[other]
            groups[other] = set()
            owner = {key: group if value == other else value for key, value in owner.items()}
        owner.update(dict.fromkeys(keys, group))
    departments: list[Department] = []
    ids = [""] * len(documents)
    taken: dict[str, int] = defaultdict(int)
    for members in groups:
        if not members:
            continue
        department = _department([documents[index] for index in sorted(members)])
        taken[department.department] += 1
        if (count := taken[department.department]) > 1:
            department = _renamed(department, count)
        departments.append(department)
        for index in members:
            ids[index] = department.department
    return departments, ids


def _keys(document: NamedDocument) -> set[NameKey]:
    """What the names have in common with those of other documents of the same organisation.

    A name that states no place (省检察院) says nothing where another name of the document
    does: every province has one.
    """
    keys = {name_key(name) for name in document.names}
    return {key for key in keys if key[0]} or keys


def name_key(name: str) -> NameKey:
    """What names of one organisation have in common: the places, and the rest without 管理委员会.

    A level without a name (省) is no place.
    """
    places, rest = name_form(name)
    named = [place_key(place) for place in places if len(place) > 1]
    return ("".join(named) or None, without_management(rest))


def table_owner_keys(
    documents: Sequence[NamedDocument], tabled: Sequence[bool]
) -> list[set[NameKey]]:
    """For each document the keys of the one that has its tables, though under another name.

    That is certain where a document without tables has, of all with tables of its year and
    phase, exactly one organisation whose name can be its own in another form: without the place, or
    a short form (省文联 of 甲省文学艺术界联合会).
    """
    found: list[set[NameKey]] = [set() for _ in documents]
    times: dict[tuple[int, str], list[int]] = defaultdict(list)
    for index, document in enumerate(documents):
        times[document.fiscal_year, document.phase].append(index)
    for index, document in enumerate(documents):
        if tabled[index]:
            continue
        others = [other for other in times[document.fiscal_year, document.phase] if tabled[other]]
        if any(_keys(document) & _keys(documents[other]) for other in others):
            continue
        organisations: dict[frozenset[NameKey], None] = {}
        for other in others:
            names = documents[other].names
            if any(name_match(one, two) for one in document.all_names for two in names):
                organisations[frozenset(_keys(documents[other]))] = None
        if len(organisations) == 1:
            found[index] = set(next(iter(organisations)))
    return found


def _department(documents: list[NamedDocument]) -> Department:
    names = list(dict.fromkeys(name for d in documents for name in d.all_names))
    name = documents[0].names[0]
    year = max(document.fiscal_year for document in documents)
    division, rest = _division(names, year)
    return Department(
        department=f"{division.code if division else 'cn'}-{slug(division_of(name, year)[1] or rest)}",
        name=name,
        names=tuple(names),
        division=division.code if division else None,
        division_name=division.name if division else None,
        division_concept=concept_id(year, division.code) if division else None,
    )


def _division(names: list[str], year: int) -> tuple[Division | None, str]:
    """The most local division of a year that any of the names begins with."""
    found = [division_of(name, year) for name in names]
    return max(found, key=lambda item: len(item[0].code.rstrip("0")) if item[0] else 0)


def _renamed(department: Department, count: int) -> Department:
    return replace(department, department=f"{department.department}-{count}")
