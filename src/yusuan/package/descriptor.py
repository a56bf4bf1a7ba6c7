"""``datapackage.json``: derived from the schemas, in Frictionless and Fiscal Data Package terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from yusuan.model.records import Department, DocumentRecord
from yusuan.schema import Field, Resource, catalogue, data_path, read_yaml

__all__ = ["package_descriptor", "publication", "table_schema"]

SCHEMA_VERSION = "1"
_ENDING = re.compile(r"[a-z0-9]{1,20}")


def publication(base: str | None = None, licence: str | None = None) -> dict[str, Any]:
    """Publication metadata of ``publish/package.yaml`` with a user's overrides."""
    settings = dict(read_yaml(data_path("publish", "package.yaml")))
    if base:
        settings["base"] = base if base.endswith(("/", "#")) else f"{base}/"
    if licence:
        settings["licenses"] = [{"name": licence}]
    return settings


def package_descriptor(
    settings: Mapping[str, Any],
    documents: Sequence[DocumentRecord],
    departments: Sequence[Department],
    files: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The descriptor; ``files`` gives path → hash and bytes of every file of the package."""
    years = sorted({document.fiscal_year for document in documents})
    phases = sorted({document.phase for document in documents})
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        **{key: settings[key] for key in ("name", "title", "title@en", "description",
                                          "description@en", "keywords", "countryCode")},
        "languages": ["zh", "en"],
        "fiscalPeriod": {"start": f"{years[0]}-01-01", "end": f"{years[-1]}-12-31"},
        "phases": phases,
        "base": settings["base"],
        "schemaVersion": SCHEMA_VERSION,
        "licenses": settings["licenses"],
        "contributors": [
            {"title": department.name, "role": "publisher"} for department in departments
        ],
        "sources": [
            {"title": document.title or document.file, "path": source_path(document)}
            for document in documents
        ],
        "resources": [
            *(_tabular(resource, files[resource.path], settings)
              for resource in catalogue().resources),
            *(_source(document, files[source_path(document)]) for document in documents),
        ],
    }  # fmt: skip


def source_path(document: DocumentRecord) -> str:
    """Where the package keeps a source document: an ASCII name, so that every URL works."""
    ending = document.file.rpartition(".")[2].lower() if "." in document.file else ""
    suffix = f".{ending}" if _ENDING.fullmatch(ending) else ""
    return f"source/{document.document}{suffix}"


def table_schema(resource: Resource) -> dict[str, Any]:
    """The Frictionless Table Schema of a resource, with the Fiscal Data Package columnTypes."""
    schema: dict[str, Any] = {
        "fields": [_field(field) for field in resource.fields],
        "missingValues": [""],
        "primaryKey": resource.primary_key,
    }
    if resource.foreign_keys:
        schema["foreignKeys"] = [
            {"fields": key.field, "reference": {"resource": key.resource, "fields": key.reference}}
            for key in resource.foreign_keys
        ]
    return schema


def _tabular(
    resource: Resource, file: Mapping[str, Any], settings: Mapping[str, Any]
) -> dict[str, Any]:
    return _without_none({
        "name": resource.name,
        "title": resource.title,
        "title@en": resource.title_en,
        "description": resource.description,
        "description@en": resource.description_en,
        "profile": "tabular-data-resource",
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **file,
        "schema": table_schema(resource),
    })  # fmt: skip


def _source(document: DocumentRecord, file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": f"source-{document.document}",
        "title": document.file,
        "path": source_path(document),
        "format": source_path(document).rsplit(".", 1)[-1],
        "mediatype": document.media_type,
        **file,
    }


def _field(field: Field) -> dict[str, Any]:
    return _without_none({
        "name": field.name,
        "type": field.type,
        "title": field.title,
        "title@en": field.title_en,
        "description": field.description,
        "description@en": field.description_en,
        "columnType": field.column_type,
        "currency": field.currency,
        "constraints": dict(field.constraints) or None,
    })  # fmt: skip


def _without_none(items: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in items.items() if value is not None}
