"""What a CKAN should hold for a package: computed from the package and the profile alone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yusuan.package import Package
from yusuan.portals.about import PackageDescription, about
from yusuan.portals.ckan_dictionary import datastore_fields
from yusuan.portals.files import PublishedFile, package_files
from yusuan.portals.profile import profile
from yusuan.schema import Resource, catalogue

__all__ = [
    "DataStoreTable",
    "DesiredResource",
    "desired_dataset",
    "desired_resources",
    "subject_name",
]

_LONGEST_NAME = 100
_MOST_LINES = 30
"""Budgets whose headline figures stand in the notes."""


@dataclass(frozen=True, slots=True)
class DataStoreTable:
    """A DataStore table: ``fields`` as datastore_create takes them, and how many rows."""

    resource: Resource
    fields: tuple[dict[str, Any], ...]
    count: int


@dataclass(frozen=True, slots=True)
class DesiredResource:
    """A file of ``size`` bytes, the CKAN fields that describe it, and its DataStore table if it is
    one."""

    path: str
    file: Path
    size: int
    fields: dict[str, str]
    table: DataStoreTable | None = None

    @property
    def linked(self) -> bool:
        """Whether the portal has a link to the file, and not the file."""
        return "url" in self.fields

    def at(self, site: str) -> DesiredResource:
        """The same as a link to where the file lies below ``site``, which ends in a slash."""
        return replace(self, fields={**self.fields, "url": site + quote(self.path), "url_type": ""})

    @property
    def upload(self) -> tuple[str, Path, str]:
        return self.file.name, self.file, self.fields["mimetype"]


def subject_name(package: Package) -> tuple[str, str]:
    """Name and title of the organization: the department's; the package's if there are more."""
    facts = about(package)
    if len(facts.departments) != 1:
        return _name(facts.name), facts.title
    department = facts.departments[0]
    return _shortened(_name(department["department"]), _LONGEST_NAME), department["name"]


def desired_dataset(package: Package, licences: Collection[str]) -> dict[str, Any]:
    """Name, title, notes, licence, tags and extras; ``licences`` are the ids CKAN knows."""
    settings = profile("ckan")
    facts = about(package)
    values = _values(facts, subject_name(package)[0])
    template: Mapping[str, Any] = settings["dataset"]
    extras = {key: text.format_map(values) for key, text in template["extras"].items()}
    wanted = settings["licences"].get(facts.licence.get("name"), ())
    unknown = settings["licences"]["unknown"]
    return {
        "name": _dataset_name(
            template["name" if len(facts.departments) == 1 else "name_of_several"], values
        ),
        "title": template["title"].format_map(values),
        "notes": template["notes"].format_map(values).strip(),
        "license_id": next((id_ for id_ in wanted if id_ in licences), unknown),
        "tags": [tag for tag in map(_tag, facts.keywords) if tag],
        "extras": {key: text for key, text in extras.items() if text},
    }


def desired_resources(package: Package) -> list[DesiredResource]:
    """Tables with rows, source documents, and the files the profile lists, in this order."""
    endings = tuple(profile("ckan")["files"])
    described = {item["name"]: item for item in package.descriptor["resources"]}
    tables, others = [], []
    for file in package_files(package):
        item = described.get(file.resource or "", {})
        fields = _fields(file, item)
        if file.resource is not None and file.resource in catalogue():
            resource = catalogue()[file.resource]
            count = sum(1 for _ in package.rows(resource.name))
            if count:
                table = DataStoreTable(resource, tuple(datastore_fields(resource)), count)
                tables.append(
                    DesiredResource(file.path, package.file(file.path), file.size, fields, table)
                )
        elif file.resource or file.path.endswith(endings):
            others.append(DesiredResource(file.path, package.file(file.path), file.size, fields))
    return tables + others


def _fields(file: PublishedFile, item: Mapping[str, Any]) -> dict[str, str]:
    values = {
        "title": file.title, "title_en": file.title_en, "format": file.format,
        "media_type": file.media_type, "sha256": file.sha256, "path": file.path,
        "description": item.get("description", ""),
        "description_en": item.get("description@en", ""),
    }  # fmt: skip
    template: Mapping[str, str] = profile("ckan")["resource"]
    return {key: text.format_map(values).strip() for key, text in template.items()}


def listed(lines: Iterable[str]) -> str:
    """Lines as a list in Markdown, which CKAN shows notes in, no more than a page holds."""
    return "\n".join(f"- {line}" for line in islice(lines, _MOST_LINES))


def _values(facts: PackageDescription, subject: str) -> dict[str, str]:
    return {
        "subject": subject,
        "department_ids": " ".join(sorted(row["department"] for row in facts.departments)),
        "base_digest": hashlib.sha256(facts.base.encode()).hexdigest()[:8],
        "department_names": "、".join(row["name"] for row in facts.departments),
        "package": facts.name,
        "title": facts.full_title,
        "title_en": facts.full_title_en,
        "description": facts.description,
        "description_en": facts.description_en,
        "figures": listed(zh for zh, _ in facts.figures),
        "figures_en": listed(en for _, en in facts.figures),
        "years": facts.years_text,
        "year_first": facts.years[0],
        "year_last": facts.years[-1],
        "phases": "-".join(facts.phases),
        "phase_names": "、".join(facts.phase_names),
        "divisions": " ".join(sorted(facts.divisions)),
        "division_names": "、".join(name for _, name in sorted(facts.divisions.items())),
        "base": facts.base,
        "schema_version": facts.schema_version,
        "start": facts.period[0],
        "end": facts.period[1],
        "licence": facts.licence.get("title") or facts.licence.get("name", ""),
        "licence_url": facts.licence.get("path", ""),
    }


def _dataset_name(template: str, values: Mapping[str, str]) -> str:
    """The name within CKAN's limit; the subject gives way to the rest."""
    rest = len(template.format_map({**values, "subject": ""}))
    subject = _shortened(values["subject"], max(_LONGEST_NAME - rest, 10))
    return _name(template.format_map({**values, "subject": subject}))[:_LONGEST_NAME]


def _shortened(name: str, length: int) -> str:
    """A name cut to a length, closed with a digest so that two long names stay apart.

    >>> _shortened("a" * 30, 20)
    'aaaaaaaaaaa-3a54fc0c'
    """
    if len(name) <= length:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: length - 9].rstrip('-')}-{digest}"


def _name(text: str) -> str:
    """Lower-case ASCII letters, digits, hyphens and underscores: all CKAN allows in a name."""
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")


def _tag(keyword: str) -> str:
    """A keyword as CKAN allows it (letters of any script, digits, space, ``-_.``), or nothing."""
    tag = re.sub(r"[^\w \-.]+", " ", keyword).strip()[:100]
    return tag if len(tag) > 1 else ""
