"""The same project in the budgets and accounts of several years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from yusuan.linking.candidate import PROJECT, Candidate
from yusuan.linking.material import PHASES, Material
from yusuan.linking.names import likeness, plain_project
from yusuan.linking.settings import settings
from yusuan.model.records import Project
from yusuan.model.text import normal

__all__ = ["project_links"]

Time = tuple[int, int]


def project_links(
    material: Material, organisations: Sequence[frozenset[str]]
) -> Iterator[Candidate]:
    """Each project with the same one in the nearest budget before it that has it.

    ``organisations`` are sets of departments that are one organisation. A project that no
    earlier budget has under its name is compared with those that have no successor.
    """
    projects = material.projects_by_department()
    phases = {document.document: document.phase for document in material.documents}
    for departments in organisations:
        budgets: dict[Time, list[Project]] = defaultdict(list)
        for department in sorted(departments):
            for project in projects[department]:
                time = (project.fiscal_year, PHASES.index(phases[project.document]))
                budgets[time].append(project)
        times = sorted(budgets)
        for index, time in enumerate(times):
            earlier = [budgets[before] for before in reversed(times[:index])]
            yield from _links(budgets[time], earlier)


def _links(own: Sequence[Project], earlier: Sequence[Sequence[Project]]) -> Iterator[Candidate]:
    left = []
    for project in own:
        found = list(_same(project, earlier))
        yield from found
        if not found:
            left.append(project)
    taken = {name for project in own for name in _exact(project) | _plain(project)}
    for project in left:
        yield from _alike(project, earlier, taken)


def _alike(
    project: Project, earlier: Sequence[Sequence[Project]], taken: set[str]
) -> Iterator[Candidate]:
    """Similar projects of the nearest earlier budget with any, that have no successor by name."""
    for budget in earlier:
        found = [
            _candidate(project, before, "similar", alike)
            for before in budget
            if not (_exact(before) | _plain(before)) & taken
            and (alike := likeness(_plain(project), _plain(before)))
            >= settings().similar["project"]
        ]
        if found:
            yield from found
            return


def _same(project: Project, earlier: Sequence[Sequence[Project]]) -> Iterator[Candidate]:
    """The project of the nearest earlier budget with the same name, or else the same words."""
    for budget in earlier:
        for method, names in (("same-name", _exact), ("same-words", _plain)):
            same = [other for other in budget if names(project) & names(other)]
            if same:
                for other in same:
                    yield _candidate(project, other, "ambiguous" if len(same) > 1 else method)
                return


def _exact(project: Project) -> set[str]:
    return {normal(name) for name in (project.name, *project.names)}


def _plain(project: Project) -> set[str]:
    return {plain_project(name) for name in (project.name, *project.names)} - {""}


def _candidate(one: Project, two: Project, method: str, alike: float = 1.0) -> Candidate:
    told = settings().methods[method]
    shown = f"：相似度 {alike}" if method == "similar" else ""
    shown_en = f", likeness {alike}" if method == "similar" else ""
    return Candidate(
        kind="same-project", subject=(PROJECT, one.project), object=(PROJECT, two.project),
        method=method, likeness=alike,
        evidence=(
            f"{one.fiscal_year}年“{one.name}”与{two.fiscal_year}年“{two.name}”，{told.title}{shown}",
            f'"{one.name}" of {one.fiscal_year} and "{two.name}" of {two.fiscal_year}: '
            f"{told.title_en}{shown_en}",
        ),
    )  # fmt: skip
