"""What links are found in: the small records of a package, without its amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yusuan.facts import Contents
from yusuan.facts.codes import Concept
from yusuan.facts.links import CodeChange
from yusuan.model.records import Department, DocumentRecord, Project
from yusuan.model.text import normal

__all__ = ["PHASES", "Material", "bodies_of", "material_of"]

PHASES = ("proposed", "approved", "adjusted", "executed")
"""The phases of a year, in their order."""


@dataclass(frozen=True, slots=True)
class Material:
    """``bodies`` are the budget units that the tables of a document list, in normal form."""

    departments: Sequence[Department]
    documents: Sequence[DocumentRecord]
    projects: Sequence[Project]
    concepts: Mapping[str, Sequence[Concept]]
    code_changes: Sequence[CodeChange]
    bodies: Mapping[str, frozenset[str]]

    def documents_by_department(self) -> dict[str, list[DocumentRecord]]:
        """The documents of each department, by year and phase."""
        found: dict[str, list[DocumentRecord]] = {d.department: [] for d in self.departments}
        for document in sorted(
            self.documents, key=lambda d: (d.fiscal_year, PHASES.index(d.phase))
        ):
            found[document.department].append(document)
        return found

    def projects_by_department(self) -> dict[str, list[Project]]:
        """The projects of each department; targets of the department as a whole are none."""
        found: dict[str, list[Project]] = {d.department: [] for d in self.departments}
        for project in self.projects:
            if project.kind == "project":
                found[project.department].append(project)
        return found


def material_of(contents: Contents) -> Material:
    """The material of what was just read."""
    return Material(
        departments=contents.departments,
        documents=contents.documents,
        projects=contents.projects,
        concepts=contents.concepts,
        code_changes=contents.code_changes,
        bodies=bodies_of((fact.document, fact.body) for fact in contents.facts),
    )


def bodies_of(pairs: Iterable[tuple[str, str | None]]) -> dict[str, frozenset[str]]:
    """Documents with the names of units that their rows print."""
    found: dict[str, set[str]] = defaultdict(set)
    for document, body in pairs:
        if body:
            found[document].add(body)
    return {document: frozenset(map(normal, names)) for document, names in found.items()}
