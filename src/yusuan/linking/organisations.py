"""Organisations: what they were called, other names they go by, whose units they are, where they lie;
and how alike two names of organisations or projects are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise, permutations

from yusuan.facts.codes import DIVISIONS
from yusuan.facts.departments import name_key
from yusuan.linking.candidates import (
    DEPARTMENT,
    DOCUMENT,
    LinkCandidate,
    LinkingInput,
    code,
    settings,
)
from yusuan.model.keys import with_unique_keys
from yusuan.model.links import DoubtfulLink, OrganisationChange, OrganisationName
from yusuan.model.records import Department, DocumentRecord, Project
from yusuan.model.text import normal
from yusuan.narrative.organisation_names import division_of
from yusuan.schema.messages import message
from yusuan.schema.slugs import slug

__all__ = [
    "Renaming",
    "change_of",
    "core_name",
    "in_doubt",
    "likeness",
    "other_names",
    "place_links",
    "renamings",
    "unit_among",
    "unit_links",
    "united",
]


@lru_cache(maxsize=1 << 16)
def core_name(name: str) -> str:
    """A project's name without years, brackets and general words; "" where too little is left.

    >>> core_name("2024年法律援助工作经费（区级）"), core_name("项目经费")
    ('法律援助', '')
    """
    text = normal(name)
    for pattern in settings().project_noise:
        text = pattern.sub("", text)
    return text if len(text) >= settings().shortest_project else ""


@lru_cache(maxsize=1 << 16)
def place_and_rest(name: str) -> tuple[str | None, str]:
    """The code of the place that a name begins with, and the rest of the name, to which the kind of
    the place belongs where the list has another (县水利局)."""
    division, rest = division_of(normal(name), doubtful=True)
    return (division.code if division else None, rest)


def unit_among(names: Iterable[str], units: Collection[str]) -> str | None:
    """The budget unit of a table that has one of the names; None where there is none, or several.

    A place that only one of two names begins with tells them not apart, nor does "(本级)".

    >>> unit_among(["浙江省水利厅"], ["水利厅（本级）", "浙江省水文中心"])
    '水利厅（本级）'
    """
    forms = {_form(name) for name in names}
    found = [unit for unit in sorted(units) if any(_same(_form(unit), form) for form in forms)]
    return found[0] if len(found) == 1 else None


def _form(name: str) -> tuple[str | None, str]:
    return place_and_rest(settings().own_level.sub("", normal(name)))


def _same(one: tuple[str | None, str], two: tuple[str | None, str]) -> bool:
    return one[1] == two[1] != "" and (None in (one[0], two[0]) or one[0] == two[0])


_COMPARED = 400
"""Characters of a name; the longest of a project or item has a tenth."""


def likeness(one: Iterable[str], two: Iterable[str]) -> float:
    """How alike the most similar of two sets of names are: 0 to 1, two decimals.

    Of longer names only the beginnings are compared: the time grows with the product of lengths.
    """
    ones, others = ({name[:_COMPARED] for name in names} for names in (one, two))
    best = max(
        (SequenceMatcher(None, a, b, autojunk=False).ratio() for a in sorted(ones) for b in sorted(others)),
        default=0.0,
    )  # fmt: skip
    return round(best, 2)


@dataclass(frozen=True, slots=True)
class Renaming:
    """A candidate, with the names and the first year under the new one."""

    link: LinkCandidate
    names: tuple[str, str]
    year: int


def renamings(given: LinkingInput) -> Iterator[Renaming]:
    """What one organisation was called before, the surest way of telling it first."""
    documents = given.documents_by_department()
    projects = given.projects_by_department()
    places: dict[str | None, list[Department]] = defaultdict(list)
    for department in given.departments:
        places[department.division].append(department)
    stated = list(_stated(places, documents))
    yield from stated
    known = {(renaming.link.subject[1], renaming.link.object[1]) for renaming in stated}
    for department in given.departments:
        if (department.department, department.department) not in known:
            yield from _renamed_within(documents[department.department])
    places.pop(None, None)  # similar names say nothing where the place is not known
    for before, after in (pair for group in places.values() for pair in permutations(group, 2)):
        if (before.department, after.department) not in known:
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
                evidence = message(
                    "formerly-stated", year=document.fiscal_year, name=new, former=name
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


def _renamed_within(documents: Sequence[DocumentRecord]) -> Iterator[Renaming]:
    """One row under two names, of which neither document prints the other's."""
    for one, two in pairwise(documents):
        names = (one.names[0], two.names[0])
        rests = [{place_and_rest(name)[1] for name in d.all_names} for d in (one, two)]
        own = [place_and_rest(name)[1] for name in names]
        if one.fiscal_year < two.fiscal_year and own[0] not in rests[1] and own[1] not in rests[0]:
            evidence = message(
                "another-name-in-common", year=one.fiscal_year, name=names[0],
                later=two.fiscal_year, renamed=names[1],
            )  # fmt: skip
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
        {core_name(project.name) or normal(project.name) for project in projects[d.department]}
        for d in (before, after)
    )
    same = own & other
    carried = len(same) >= settings().carried_projects and 2 * len(same) >= len(own)
    method = "carried-projects" if carried else "similar"
    evidence = message(
        "similar-names", before=before.name, last=last.fiscal_year, after=after.name,
        first=first.fiscal_year, alike=alike, same=len(same),
    )  # fmt: skip
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
    link = LinkCandidate(
        kind="renamed", subject=(DEPARTMENT, pair[0]), object=(DEPARTMENT, pair[1]),
        method=method, evidence=evidence, likeness=alike,
    )  # fmt: skip
    return Renaming(link, names, year)


def other_names(given: LinkingInput) -> list[OrganisationName]:
    """Each printed name of a department that is not the one it goes by, however surely its own."""
    documents = given.documents_by_department()
    found = [
        name
        for department in given.departments
        for name in _names_of(department, documents[department.department])
    ]
    return with_unique_keys(found, "alias")


def in_doubt(name: OrganisationName) -> DoubtfulLink | None:
    """The link that someone has to judge, where a name is not surely the department's."""
    if name.confidence >= settings().accept:
        return None
    return DoubtfulLink(
        link=f"alias-{name.alias}", kind="alias", subject_type=DEPARTMENT, subject=name.department,
        predicate=settings().predicates["alias"], object_type="name", object=name.name,
        method=name.method, confidence=name.confidence,
        evidence_zh=name.evidence_zh, evidence_en=name.evidence_en,
    )  # fmt: skip


def _names_of(
    department: Department, documents: Sequence[DocumentRecord]
) -> Iterator[OrganisationName]:
    for name in department.names:
        printing = [document for document in documents if name in document.all_names]
        if normal(name) == normal(department.name) or not printing:
            continue
        method, document = _surest_method(name, department, printing)
        by = settings().methods[method]
        evidence_zh, evidence_en = message(
            "name-printed", year=document.fiscal_year, name=name, department=department.name,
            method=(by.title, by.title_en),
        )  # fmt: skip
        yield OrganisationName(
            alias=f"{department.department}-{slug(normal(name))}",
            department=department.department, name=name, document=document.document,
            method=method, confidence=by.confidence,
            evidence_zh=evidence_zh, evidence_en=evidence_en,
        )  # fmt: skip


def _surest_method(
    name: str, department: Department, printing: Sequence[DocumentRecord]
) -> tuple[str, DocumentRecord]:
    """The surest method, with the earliest document that it rests on."""
    both = [document for document in printing if department.name in document.all_names]
    for document in both:
        if name in document.short_names:
            return "stated", document
    if both:
        return "same-document", both[0]
    alike = name_key(name) == name_key(department.name)
    return ("same-but-form" if alike else "shared-name"), printing[0]


def unit_links(given: LinkingInput) -> Iterator[LinkCandidate]:
    """Documents of units with that of their department, of the same year and phase; and the
    departments."""
    wholes = [d for d in given.documents if (d.kind or "").startswith(settings().whole)]
    near = _WholeIndex(wholes, given)
    units: dict[tuple[str, str], LinkCandidate] = {}
    for part in given.documents:
        if (part.kind or "").startswith(settings().whole):
            continue
        found = [
            (whole, method) for whole in near.of(part) if (method := _method(part, whole, given))
        ]  # fmt: skip
        if not found:
            continue
        sure = max(settings().methods[method].confidence for _, method in found)
        best = [pair for pair in found if settings().methods[pair[1]].confidence == sure]
        several = len({whole.department for whole, _ in best}) > 1
        for whole, method in best:
            how = "ambiguous" if several else method
            said = _evidence(part, whole, method)
            yield LinkCandidate(
                kind="part-of", subject=(DOCUMENT, part.document),
                object=(DOCUMENT, whole.document), method=how, evidence=said,
            )  # fmt: skip
            if part.department != whole.department:
                pair = (part.department, whole.department)
                unit = LinkCandidate(
                    kind="unit-of", subject=(DEPARTMENT, pair[0]), object=(DEPARTMENT, pair[1]),
                    method=how, evidence=said,
                )  # fmt: skip
                if pair not in units or units[pair].confidence < unit.confidence:
                    units[pair] = unit
    yield from units.values()


class _WholeIndex:
    """The departments' documents that a unit's may belong to, found without comparing all."""

    def __init__(self, wholes: Iterable[DocumentRecord], given: LinkingInput) -> None:
        self._found: dict[tuple[int, str, str], dict[str, DocumentRecord]] = defaultdict(dict)
        for whole in wholes:
            listed = given.budget_units.get(whole.document, frozenset())
            names = {normal(name) for name in whole.names} | listed
            for key in {whole.department} | names | {place_and_rest(name)[1] for name in names}:
                time = (whole.fiscal_year, whole.phase)
                self._found[(*time, key)][whole.document] = whole

    def of(self, part: DocumentRecord) -> Iterable[DocumentRecord]:
        """Documents of the same year and phase that have a name, or its beginning, in common."""
        names = {normal(name) for name in part.all_names}
        rests = {place_and_rest(name)[1] for name in names}
        keys = {part.department} | names
        keys |= {rest[:length] for rest in rests for length in range(1, len(rest) + 1)}
        found: dict[str, DocumentRecord] = {}
        for key in sorted(keys):
            found.update(self._found.get((part.fiscal_year, part.phase, key), {}))
        return found.values()


def _method(part: DocumentRecord, whole: DocumentRecord, given: LinkingInput) -> str | None:
    """What tells that a document is of a unit of another's department, the surest first."""
    listed = given.budget_units.get(whole.document, frozenset())
    names = {normal(name) for name in part.all_names}
    stated = (part.kind or "").startswith(settings().part)
    if part.department == whole.department:
        return "own-level" if stated else None
    places = {place_and_rest(name) for name in names}
    above = {place_and_rest(name) for name in whole.names}
    if not _one_place({place for place, _ in places}, {place for place, _ in above}):
        return None
    if names & listed or {rest for _, rest in places} & {place_and_rest(b)[1] for b in listed}:
        return "listed" if stated else "unit-not-stated"
    if stated and any(
        rest != own and rest.startswith(own) for _, rest in places for _, own in above
    ):
        return "name-begins"
    return None


def _one_place(parts: set[str | None], wholes: set[str | None]) -> bool:
    """Whether two organisations may be of one place: a name without a place says nothing against it."""
    known, others = parts - {None}, wholes - {None}
    return not known or not others or bool(known & others)


def _evidence(part: DocumentRecord, whole: DocumentRecord, method: str) -> tuple[str, str]:
    by = settings().methods[method]
    return message(
        "part-and-whole", part=part.names[0], kind=part.kind or message("not-stated"),
        whole=whole.names[0], of=whole.kind, year=part.fiscal_year, method=(by.title, by.title_en),
    )  # fmt: skip


def place_links(given: LinkingInput) -> Iterator[LinkCandidate]:
    """The divisions of departments with every division above them, up to the province."""
    places = {place.concept: place for place in given.concepts.get(DIVISIONS, ())}
    for concept in dict.fromkeys(each.division_concept for each in given.departments):
        own = places.get(concept or "")
        above = places.get(own.parent or "") if own else None
        while own and above:
            yield LinkCandidate(
                kind="within",
                subject=(code(DIVISIONS), own.concept),
                object=(code(DIVISIONS), above.concept),
                method="division-code",
                evidence=message(
                    "division-below",
                    division=f"{own.code}{own.name or ''}",
                    code=own.code,
                    above=f"{above.code}{above.name or ''}",
                    above_code=above.code,
                    year=above.year,
                ),
            )
            above = places.get(above.parent or "")
