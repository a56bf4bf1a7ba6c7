"""What links are found in, by which methods, and a link before it is judged.

Kinds, methods and thresholds are those of ``schemas/linking.yaml``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from yusuan.facts import PackageContents
from yusuan.facts.codes import CodeChange, Concept
from yusuan.model.records import Department, DocumentRecord, Project
from yusuan.model.text import normal
from yusuan.schema import data_path, read_yaml

__all__ = [
    "BUDGET",
    "DEPARTMENT",
    "DOCUMENT",
    "PHASES",
    "PROJECT",
    "LinkCandidate",
    "LinkingInput",
    "LinkingMethod",
    "LinkingSettings",
    "budget_units_of",
    "code",
    "linking_input",
    "settings",
]


@dataclass(frozen=True, slots=True)
class LinkingMethod:
    """How a link was found, and how sure that makes it (0 to 1)."""

    name: str
    confidence: Decimal
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class LinkingSettings:
    """What ``schemas/linking.yaml`` says; ``accept`` is the least confidence (0 to 1) of a link that holds."""

    accept: Decimal
    predicates: Mapping[str, str]
    methods: Mapping[str, LinkingMethod]
    whole: str
    part: str
    project_noise: tuple[re.Pattern[str], ...]
    own_level: re.Pattern[str]
    shortest_project: int
    similar: Mapping[str, float]
    carried_projects: int


@cache
def settings() -> LinkingSettings:
    """The settings of the installation.

    Raises YusuanError where the file is missing or no valid YAML.
    """
    given = read_yaml(data_path("schemas", "linking.yaml"))
    return LinkingSettings(
        accept=Decimal(str(given["accept"])),
        predicates={kind: each["predicate"] for kind, each in given["kinds"].items()},
        methods={
            name: LinkingMethod(
                name, Decimal(str(each["confidence"])), each["title"], each["title@en"]
            )
            for name, each in given["methods"].items()
        },
        whole=given["whole"],
        part=given["part"],
        project_noise=tuple(re.compile(pattern) for pattern in given["project_noise"]),
        own_level=re.compile(given["own_level"]),
        shortest_project=given["shortest_project"],
        similar=given["similar"],
        carried_projects=given["carried_projects"],
    )


BUDGET, DEPARTMENT, DOCUMENT, PROJECT = "budget", "department", "document", "project"
"""What a key is of, as the IRIs below ``id/`` begin."""


def code(list_name: str) -> str:
    """What the keys of a code list are of."""
    return f"code/{list_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCandidate:
    """What a link would say, how it was found and what that rests on.

    Subject and object are what the key is of, and the key. ``likeness`` (0 to 1) is 1 unless names
    were compared. ``evidence`` comes in zh and en.
    """

    kind: str
    subject: tuple[str, str]
    object: tuple[str, str]
    method: str
    evidence: tuple[str, str]
    likeness: float = 1.0

    @property
    def confidence(self) -> Decimal:
        """That of the method times the likeness (0 to 1, two decimals)."""
        sure = settings().methods[self.method].confidence * Decimal(str(self.likeness))
        return sure.quantize(Decimal("0.01"))

    @property
    def accepted(self) -> bool:
        """Whether it is sure enough to be a link of the graph."""
        return self.confidence >= settings().accept

    def columns(self) -> dict[str, Any]:
        """The columns of its row."""
        (subject_type, subject), (object_type, target) = self.subject, self.object
        own, other = (key.replace("/", "-") for key in (subject, target))
        prefix = f"{subject_type.partition('/')[2]}-" if "/" in subject_type else ""
        return {
            "link": f"{self.kind}-{prefix}{own}--{other}",
            "kind": self.kind,
            "subject_type": subject_type,
            "subject": subject,
            "predicate": settings().predicates[self.kind],
            "object_type": object_type,
            "object": target,
            "method": self.method,
            "confidence": self.confidence,
            "evidence_zh": self.evidence[0],
            "evidence_en": self.evidence[1],
        }


PHASES = ("proposed", "approved", "adjusted", "executed")
"""The phases of a year, in their order."""


@dataclass(frozen=True, slots=True)
class LinkingInput:
    """What links are found in: the small records of a package, without its amounts.

    ``budget_units`` are those that the tables of a document list, by document, in normal form.
    """

    departments: Sequence[Department]
    documents: Sequence[DocumentRecord]
    projects: Sequence[Project]
    concepts: Mapping[str, Sequence[Concept]]
    code_changes: Sequence[CodeChange]
    budget_units: Mapping[str, frozenset[str]]

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


def linking_input(contents: PackageContents) -> LinkingInput:
    """The linking input of what was just read."""
    return LinkingInput(
        departments=contents.departments,
        documents=contents.documents,
        projects=contents.projects,
        concepts=contents.concepts,
        code_changes=contents.code_changes,
        budget_units=budget_units_of((fact.document, fact.body) for fact in contents.facts),
    )


def budget_units_of(pairs: Iterable[tuple[str, str | None]]) -> dict[str, frozenset[str]]:
    """Documents with the names of units that their rows print."""
    found: dict[str, set[str]] = defaultdict(set)
    for document, unit in pairs:
        if unit:
            found[document].add(unit)
    return {document: frozenset(map(normal, names)) for document, names in found.items()}
