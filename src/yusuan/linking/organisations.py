"""Organisations that were renamed, as their documents state it or as their names let suppose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from yusuan.linking.candidate import DEPARTMENT, Candidate
from yusuan.linking.material import Material
from yusuan.linking.names import likeness, place_and_rest, plain_project
from yusuan.linking.settings import settings
from yusuan.model.links import OrganisationChange
from yusuan.model.records import Department, DocumentRecord, Project
from yusuan.model.text import normal

__all__ = ["Renaming", "change_of", "renamings", "united"]


@dataclass(frozen=True, slots=True)
class Renaming:
    """A candidate, with the names and the first year under the new one."""

    link: Candidate
    names: tuple[str, str]
    year: int


def renamings(material: Material) -> Iterator[Renaming]:
    """What one organisation was called before, the surest way of telling it first."""
    documents = material.documents_by_department()
    projects = material.projects_by_department()
    places: dict[str | None, list[Department]] = defaultdict(list)
    for department in material.departments:
        places[department.division].append(department)
    stated = list(_stated(places, documents))
    yield from stated
    told = {(renaming.link.subject[1], renaming.link.object[1]) for renaming in stated}
    for department in material.departments:
        if (department.department, department.department) not in told:
            yield from _within(documents[department.department])
    places.pop(None, None)  # similar names say nothing where the place is not known
    for before, after in (pair for group in places.values() for pair in permutations(group, 2)):
        if (before.department, after.department) not in told:
            yield from _similar(before, after, documents, projects)


def change_of(renaming: Renaming) -> OrganisationChange:
    """The row of a renaming that holds."""
    link = renaming.link
    return OrganisationChange(
        change=f"{link.object[1]}-{renaming.year}", before=link.subject[1], after=link.object[1],
        name_before=renaming.names[0], name_after=renaming.names[1], fiscal_year=renaming.year,
        method=link.method, confidence=link.confidence, evidence_zh=link.evidence[0],
        evidence_en=link.evidence[1],
    )  # fmt: skip


def united(
    departments: Sequence[Department], changes: Sequence[OrganisationChange]
) -> list[frozenset[str]]:
    """The departments in sets that are one organisation."""
    sets = {d.department: frozenset({d.department}) for d in departments}
    for change in changes:
        both = sets[change.before] | sets[change.after]
        sets.update(dict.fromkeys(both, both))
    return list(dict.fromkeys(sets.values()))


def _stated(
    places: Mapping[str | None, Sequence[Department]],
    documents: Mapping[str, Sequence[DocumentRecord]],
) -> Iterator[Renaming]:
    seen = set()
    for after in (department for group in places.values() for department in group):
        for document in documents[after.department]:
            for name in document.former_names:
                before = _called(name, after, places[after.division])
                pair = (before.department, after.department)
                if pair in seen:
                    continue
                seen.add(pair)
                new = document.names[0]
                evidence = (
                    f"{document.fiscal_year}年文件写明“{new}”原为“{name}”",
                    f'the document of {document.fiscal_year} states that "{new}" was "{name}"',
                )
                yield _renaming(pair, (name, new), document.fiscal_year, "stated", evidence)


def _called(name: str, after: Department, neighbours: Sequence[Department]) -> Department:
    """The department of a former name, of the same place; or the one that had it itself."""
    place, rest = place_and_rest(name)
    for other in neighbours:
        if other is after:
            continue
        rests = {place_and_rest(own)[1] for own in other.names}
        if place in (None, other.division) and rest in rests:
            return other
    return after


def _within(documents: Sequence[DocumentRecord]) -> Iterator[Renaming]:
    """One row under two names, of which neither document prints the other's."""
    for one, two in pairwise(documents):
        names = (one.names[0], two.names[0])
        rests = [{place_and_rest(name)[1] for name in d.all_names} for d in (one, two)]
        own = [place_and_rest(name)[1] for name in names]
        if one.fiscal_year < two.fiscal_year and own[0] not in rests[1] and own[1] not in rests[0]:
            evidence = (
                f"{one.fiscal_year}年“{names[0]}”，{two.fiscal_year}年“{names[1]}”，另有同一名称",
                f'"{names[0]}" in {one.fiscal_year}, "{names[1]}" in {two.fiscal_year}, '
                "and another name that both have",
            )
            pair = (one.department, two.department)
            yield _renaming(pair, names, two.fiscal_year, "shared-name", evidence)


def _similar(
    before: Department,
    after: Department,
    documents: Mapping[str, Sequence[DocumentRecord]],
    projects: Mapping[str, Sequence[Project]],
) -> Iterator[Renaming]:
    """Similar names in one place, the one ending before the other begins."""
    last, first = documents[before.department][-1], documents[after.department][0]
    if last.fiscal_year >= first.fiscal_year:
        return
    rests = [{place_and_rest(name)[1] for name in d.names} for d in (before, after)]
    alike = likeness(*rests)
    if alike < settings().similar["organisation"]:
        return
    own, other = (
        {plain_project(project.name) or normal(project.name) for project in projects[d.department]}
        for d in (before, after)
    )
    same = own & other
    carried = len(same) >= settings().carried_projects and 2 * len(same) >= len(own)
    method = "carried-projects" if carried else "similar"
    evidence = (
        f"“{before.name}”至{last.fiscal_year}年，“{after.name}”自{first.fiscal_year}年，"
        f"名称相似度 {alike}，相同项目 {len(same)} 个",
        f'"{before.name}" until {last.fiscal_year}, "{after.name}" from {first.fiscal_year}; '
        f"likeness of names {alike}, projects in common {len(same)}",
    )
    pair = (before.department, after.department)
    yield _renaming(
        pair, (before.name, after.name), first.fiscal_year, method, evidence,
        1.0 if carried else alike,
    )  # fmt: skip


def _renaming(
    pair: tuple[str, str],
    names: tuple[str, str],
    year: int,
    method: str,
    evidence: tuple[str, str],
    alike: float = 1.0,
) -> Renaming:
    link = Candidate(
        kind="renamed", subject=(DEPARTMENT, pair[0]), object=(DEPARTMENT, pair[1]),
        method=method, evidence=evidence, likeness=alike,
    )  # fmt: skip
    return Renaming(link, names, year)
