"""All resources of the package, in publication order, read once from ``schemas/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from yusuan.files.data import data_path, read_yaml
from yusuan.model.errors import YusuanError
from yusuan.schema.overlay import Overlay, overlay_folder
from yusuan.schema.resource import Resource, resource_from

__all__ = ["Catalogue", "catalogue"]

_CORE = (
    "facts", "budgets", "figures", "spending", "revenue", "revisions", "table-revisions",
    "documents", "departments", "units", "projects", "indicators", "claims",
    "holdings", "glossary", "published-tables", "code-links", "code-changes", "findings",
    "evidence", "corrections", "unrecognised", "links", "organisation-changes",
    "organisation-names", "links-to-review",
)  # fmt: skip


class Catalogue:
    """The resources by name and by kind: core, table, list, classification."""

    def __init__(self, resources: tuple[Resource, ...]) -> None:
        self.resources = resources
        self._by_name = {resource.name: resource for resource in resources}

    def __getitem__(self, name: str) -> Resource:
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(self._by_name)
            raise YusuanError(f"{name}: no such resource; there are {known}") from None

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def of_kind(self, kind: str) -> tuple[Resource, ...]:
        return tuple(resource for resource in self.resources if resource.kind == kind)

    @property
    def derived(self) -> tuple[Resource, ...]:
        """What is derived from the others (``yusuan.figures``)."""
        return tuple(resource for resource in self.resources if resource.derived_from)

    @property
    def tables(self) -> tuple[Resource, ...]:
        """The standard tables, in their official order."""
        return self.of_kind("table")


def catalogue() -> Catalogue:
    """The catalogue of the installed ``schemas/``, with the user's own words if there are any."""
    return _catalogue(overlay_folder())


@cache
def _catalogue(own: str | None) -> Catalogue:
    schemas = data_path("schemas")
    overlay = Overlay(own, schemas)
    core = [resource_from(read_yaml(schemas / "resources" / f"{name}.yaml"), "core")
            for name in _CORE]  # fmt: skip
    tables = sorted(
        _folder(schemas / "tables", "table", overlay), key=lambda table: table.number or 0
    )
    rows_from: dict[str, Sequence[Mapping[str, str | None]]] = {
        "tables": _table_rows(tables),
        "figures": _figure_rows(schemas),
    }
    lists = _folder(schemas / "lists", "list", overlay, rows_from)
    classifications = _folder(schemas / "codes", "classification", overlay)
    return Catalogue((*core, *tables, *lists, *classifications))


def _folder(
    folder: Path,
    kind: str,
    overlay: Overlay,
    rows_from: Mapping[str, Sequence[Mapping[str, str | None]]] | None = None,
) -> list[Resource]:
    resources = []
    for path in sorted(folder.glob("[!_]*.yaml")):
        descriptor = overlay.merged(read_yaml(path), folder.name, path.name)
        if descriptor.get("package") is False:  # a list that no fact refers to
            continue
        if base := descriptor.get("extends"):
            descriptor = _merge(read_yaml(folder / f"{base}.yaml"), descriptor)
        if source := descriptor.get("rowsFrom"):
            descriptor["rows"] = (rows_from or {})[source]
        resources.append(resource_from(descriptor, kind))
    return resources


def _merge(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**base, **own}
    merged["foreignKeys"] = [*base.get("foreignKeys", ()), *own.get("foreignKeys", ())]
    merged["links"] = [
        {key: value.replace("{resource}", own["name"]) for key, value in link.items()}
        for link in (*base.get("links", ()), *own.get("links", ()))
    ]
    return merged


def _table_rows(tables: list[Resource]) -> list[dict[str, str]]:
    return [
        {"code": table.name, "name": table.title, "name_en": table.title_en} for table in tables
    ]


def _figure_rows(schemas: Path) -> list[dict[str, str | None]]:
    return [
        {key: figure.get(key) for key in ("code", "name", "name_en", "parent")}
        for figure in read_yaml(schemas / "figures.yaml")["figures"]
    ]
