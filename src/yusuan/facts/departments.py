"""Which documents speak of the same department, and what it is called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from yusuan.facts.codes import concept_id
from yusuan.model.records import Department
from yusuan.model.text import slug
from yusuan.narrative.disclosure import Disclosure
from yusuan.narrative.divisions import Division, division_of

__all__ = ["match_departments"]


def match_departments(disclosures: Sequence[Disclosure]) -> tuple[list[Department], list[str]]:
    """The departments, and for each disclosure the id of its department.

    All names in one document are names of one body; documents that share a name (in the
    same place, 管理委员会 or not) are of the same body.
    """
    groups: list[set[int]] = []
    owner: dict[tuple[str | None, str], int] = {}
    for index, disclosure in enumerate(disclosures):
        keys = _keys(disclosure)
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
    ids = [""] * len(disclosures)
    taken: dict[str, int] = defaultdict(int)
    for members in groups:
        if not members:
            continue
        department = _department([disclosures[index] for index in sorted(members)])
        taken[department.department] += 1
        if (count := taken[department.department]) > 1:
            department = _renamed(department, count)
        departments.append(department)
        for index in members:
            ids[index] = department.department
    return departments, ids


def _keys(disclosure: Disclosure) -> set[tuple[str | None, str]]:
    """What the names have in common with those of other documents of the same body.

    A name that states no place (省检察院) says nothing where another name of the document
    does: every province has one.
    """
    keys = {_key(name) for name in disclosure.identity.names}
    return {key for key in keys if key[0]} or keys


def _key(name: str) -> tuple[str | None, str]:
    division, rest = division_of(name)
    for word in ("管理委员会", "管委会"):
        rest = rest.replace(word, "")
    return (division.code if division else None, rest)


def _department(disclosures: list[Disclosure]) -> Department:
    names = list(dict.fromkeys(name for d in disclosures for name in d.identity.all_names))
    name = disclosures[0].identity.name
    division, rest = _division(names)
    year = max(disclosure.identity.fiscal_year for disclosure in disclosures)
    return Department(
        department=f"{division.code if division else 'cn'}-{slug(division_of(name)[1] or rest)}",
        name=name,
        names=tuple(names),
        division=division.code if division else None,
        division_name=division.name if division else None,
        division_concept=concept_id(year, division.code) if division else None,
    )


def _division(names: list[str]) -> tuple[Division | None, str]:
    """The most local division any of the names begins with."""
    found = [division_of(name) for name in names]
    return max(found, key=lambda item: len(item[0].code.rstrip("0")) if item[0] else 0)


def _renamed(department: Department, count: int) -> Department:
    return replace(department, department=f"{department.department}-{count}")
