"""The DataStore side of a resource: typed columns, data dictionary, exact values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from yusuan.package import Package
from yusuan.portals.profile import profile
from yusuan.schema import Field, Resource

__all__ = ["datastore_fields", "datastore_rows"]


def datastore_fields(resource: Resource) -> list[dict[str, Any]]:
    """The ``fields`` of datastore_create: id, PostgreSQL type, and the data dictionary."""
    return [_field(field) for field in resource.fields]


def datastore_rows(package: Package, resource: Resource) -> Iterator[list[dict[str, Any]]]:
    """The rows in batches. Numbers travel as text, because JSON numbers may become floats."""
    size = profile("ckan")["batch"]
    batch: list[dict[str, Any]] = []
    for row in package.rows(resource.name):
        batch.append({field.name: _value(row[field.name], field) for field in resource.fields})
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _field(field: Field) -> dict[str, Any]:
    kind: Mapping[str, str] = profile("ckan")["types"][field.type]
    notes = [f"{field.title_en}."]
    notes += [text for text in (field.description, field.description_en) if text]
    info = {"label": field.title, "notes": "\n".join(notes)}
    if override := kind.get("override"):
        info["type_override"] = override
    return {"id": field.name, "type": kind["type"], "info": info}


def _value(text: str, field: Field) -> Any:
    """A cell as JSON; a blank is null.

    >>> from yusuan.schema import catalogue
    >>> _value("96.50", catalogue()["facts"].field("amount"))
    '96.50'
    """
    if text == "":
        return None
    if field.type == "integer":
        return int(text)
    if field.type == "boolean":
        return text == "true"
    return text
