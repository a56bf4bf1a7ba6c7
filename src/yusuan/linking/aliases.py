"""The other names of an organisation: what tells that they are its names, and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yusuan.facts.departments import name_key
from yusuan.linking.candidate import DEPARTMENT
from yusuan.linking.material import Material
from yusuan.linking.settings import settings
from yusuan.model.keys import with_unique_keys
from yusuan.model.links import DoubtfulLink, OrganisationName
from yusuan.model.records import Department, DocumentRecord
from yusuan.model.text import normal, slug

__all__ = ["in_doubt", "other_names"]


def other_names(material: Material) -> list[OrganisationName]:
    """Each printed name of a department that is not the one it goes by, however surely its own."""
    documents = material.documents_by_department()
    found = [
        name
        for department in material.departments
        for name in _of(department, documents[department.department])
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


def _of(department: Department, documents: Sequence[DocumentRecord]) -> Iterator[OrganisationName]:
    for name in department.names:
        printing = [document for document in documents if name in document.all_names]
        if normal(name) == normal(department.name) or not printing:
            continue
        method, document = _told(name, department, printing)
        told = settings().methods[method]
        yield OrganisationName(
            alias=f"{department.department}-{slug(normal(name))}",
            department=department.department, name=name, document=document.document,
            method=method, confidence=told.confidence,
            evidence_zh=f"{document.fiscal_year}年文件印有“{name}”；与“{department.name}”：{told.title}",
            evidence_en=f'the document of {document.fiscal_year} prints "{name}"; '
            f'with "{department.name}": {told.title_en}',
        )  # fmt: skip


def _told(
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
