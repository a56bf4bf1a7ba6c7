"""All links of a package, and what stays the same from one budget to another: projects, budgets and
their accounts, codes. Links that hold, and those that someone has to judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.codes.names import same_key
from yusuan.facts.codes import Concept
from yusuan.facts.contents import disclosure_keys
from yusuan.linking.candidates import (
    BUDGET,
    PHASES,
    PROJECT,
    LinkCandidate,
    LinkingInput,
    code,
    settings,
)
from yusuan.linking.organisations import (
    change_of,
    core_name,
    in_doubt,
    likeness,
    other_names,
    place_links,
    renamings,
    unit_links,
    united,
)
from yusuan.model.links import DoubtfulLink, OrganisationChange, OrganisationName, RecordLink
from yusuan.model.records import Project
from yusuan.model.text import normal
from yusuan.schema.messages import NOTHING, message

__all__ = ["FoundLinks", "find_links"]

Time = tuple[int, int]
"""Year, and place of the phase in the year."""


def project_links(
    given: LinkingInput, organisations: Sequence[frozenset[str]]
) -> Iterator[LinkCandidate]:
    """Each project with the same one in the nearest budget before it that has it.

    ``organisations`` are sets of departments that are one organisation. A project that no
    earlier budget has under its name is compared with those that have no successor.
    """
    projects = given.projects_by_department()
    phases = {document.document: document.phase for document in given.documents}
    for departments in organisations:
        budgets: dict[Time, list[Project]] = defaultdict(list)
        for department in sorted(departments):
            for project in projects[department]:
                time = (project.fiscal_year, PHASES.index(phases[project.document]))
                budgets[time].append(project)
        times = sorted(budgets)
        for index, time in enumerate(times):
            earlier = [budgets[before] for before in reversed(times[:index])]
            yield from _links_before(budgets[time], earlier)


def _links_before(
    own: Sequence[Project], earlier: Sequence[Sequence[Project]]
) -> Iterator[LinkCandidate]:
    left = []
    for project in own:
        found = list(_same(project, earlier))
        yield from found
        if not found:
            left.append(project)
    taken = {name for project in own for name in _printed_names(project) | _core_names(project)}
    for project in left:
        yield from _alike(project, earlier, taken)


def _alike(
    project: Project, earlier: Sequence[Sequence[Project]], taken: set[str]
) -> Iterator[LinkCandidate]:
    """Similar projects of the nearest earlier budget with any, that have no successor by name."""
    for budget in earlier:
        found = [
            _project_link(project, before, "similar", alike)
            for before in budget
            if not (_printed_names(before) | _core_names(before)) & taken
            and (alike := likeness(_core_names(project), _core_names(before)))
            >= settings().similar["project"]
        ]
        if found:
            yield from found
            return


def _same(project: Project, earlier: Sequence[Sequence[Project]]) -> Iterator[LinkCandidate]:
    """The project of the nearest earlier budget with the same name, or else the same words."""
    for budget in earlier:
        for method, names in (("same-name", _printed_names), ("same-words", _core_names)):
            same = [other for other in budget if names(project) & names(other)]
            if same:
                for other in same:
                    yield _project_link(project, other, "ambiguous" if len(same) > 1 else method)
                return


def _printed_names(project: Project) -> set[str]:
    return {normal(name) for name in (project.name, *project.names)}


def _core_names(project: Project) -> set[str]:
    return {core_name(name) for name in (project.name, *project.names)} - {""}


def _project_link(one: Project, two: Project, method: str, alike: float = 1.0) -> LinkCandidate:
    by = settings().methods[method]
    shown = message("likeness", alike=alike) if method == "similar" else NOTHING
    return LinkCandidate(
        kind="same-project", subject=(PROJECT, one.project), object=(PROJECT, two.project),
        method=method, likeness=alike,
        evidence=message(
            "link-same-project", year=one.fiscal_year, name=one.name, other_year=two.fiscal_year,
            other=two.name, method=(by.title, by.title_en), likeness=shown,
        ),
    )  # fmt: skip


def outturn_links(given: LinkingInput) -> Iterator[LinkCandidate]:
    """The accounts of a department and year with each earlier phase of the same year, those of
    a department (部门) and those of its own unit (单位) apart."""
    found = dict.fromkeys(disclosure_keys(given.documents).values())
    for department, year, phase, scope in found:
        unit = "/unit" if scope == "unit" else ""
        for before in PHASES[:-1] if phase == PHASES[-1] else ():
            if (department, year, before, scope) in found:
                yield LinkCandidate(
                    kind="outturn-of",
                    subject=(BUDGET, f"{department}/{year}/{phase}{unit}"),
                    object=(BUDGET, f"{department}/{year}/{before}{unit}"),
                    method="same-budget",
                    evidence=message("link-outturn", year=year),
                )


def code_links(given: LinkingInput) -> Iterator[LinkCandidate]:
    """Each code with that of the year before that prints it, under the same name.

    Codes that were renamed or moved are in ``code-changes``; one with another name that no
    list explains may have been used again.
    """
    explained = {(change.list, change.from_concept) for change in given.code_changes}
    explained |= {(change.list, change.to_concept) for change in given.code_changes}
    for name, concepts in given.concepts.items():
        by_code: dict[str, list[Concept]] = defaultdict(list)
        for concept in concepts:
            by_code[concept.code].append(concept)
        for editions in by_code.values():
            for before, after in pairwise(sorted(editions, key=lambda each: each.year)):
                known = {(name, before.concept), (name, after.concept)} <= explained
                if before.name and after.name and not known:
                    yield from _code_link(name, before, after, (before.name, after.name))


def _code_link(
    name: str, before: Concept, after: Concept, names: tuple[str, str]
) -> Iterator[LinkCandidate]:
    one, two = names
    same = same_key(one) == same_key(two)
    alike = 1.0 if same else likeness([one], [two])
    if alike < settings().similar["code"]:
        return  # the code was used again for something else
    yield LinkCandidate(
        kind="same-code",
        subject=(code(name), after.concept),
        object=(code(name), before.concept),
        method="same-code-and-name" if same else "similar",
        likeness=alike,
        evidence=message(
            "link-same-code",
            code=after.code,
            year=after.year,
            name=two,
            before=before.year,
            former=one,
        ),
    )


@dataclass(frozen=True, slots=True)
class FoundLinks:
    """The links of a package with changes and names of organisations; ``review`` may hold, and stays out of the graph."""

    links: list[RecordLink]
    changes: list[OrganisationChange]
    names: list[OrganisationName]
    review: list[DoubtfulLink]


def find_links(given: LinkingInput) -> FoundLinks:
    """The links of everything in a package, by kind, each once under its surest method."""
    renamed = list(renamings(given))
    changes = _first_each(change_of(each) for each in renamed if each.link.accepted)
    organisations = united(given.departments, changes)
    found: list[LinkCandidate] = [
        *(each.link for each in renamed if not each.link.accepted),
        *place_links(given),
        *unit_links(given),
        *project_links(given, organisations),
        *outturn_links(given),
        *code_links(given),
    ]
    names = other_names(given)
    doubtful = [link for name in names if (link := in_doubt(name))]
    best: dict[str, LinkCandidate] = {}
    for candidate in found:
        key = candidate.columns()["link"]
        if key not in best or best[key].confidence < candidate.confidence:
            best[key] = candidate
    return FoundLinks(
        links=[RecordLink(**each.columns()) for each in best.values() if each.accepted],
        changes=changes,
        names=[name for name in names if in_doubt(name) is None],
        review=[
            *(DoubtfulLink(**each.columns()) for each in best.values() if not each.accepted),
            *doubtful,
        ],
    )


def _first_each(changes: Iterable[OrganisationChange]) -> list[OrganisationChange]:
    """One row a change: of those with one key the first, which is the surest."""
    found: dict[str, OrganisationChange] = {}
    for change in changes:
        found.setdefault(change.change, change)
    return list(found.values())
