"""``yusuan codes export``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from yusuan.codes import code_list, list_names
from yusuan.codes.about import about
from yusuan.codes.entries import COLUMNS, STATUSES, write_entries
from yusuan.files.atomic import whole_folder
from yusuan.graph.lists import lists_lines
from yusuan.graph.terms import checked_base
from yusuan.graph.turtle import turtle
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted
from yusuan.package.descriptor import publication

__all__ = ["export"]

_INTEGERS = ("valid_from", "valid_to", "level")
_REQUIRED = ("list", "valid_from", "code", "level", "status")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--list", "wanted", metavar="LIST", multiple=True,
              help="A list to write; may be repeated. Otherwise all of them.")  # fmt: skip
@click.option("--base", metavar="IRI", help="Base of every IRI; as for yusuan build.")
def export(folder: Path, wanted: tuple[str, ...], base: str | None) -> None:
    """Write whole lists, with your own versions, into a new folder.

    A CSV file a list, `datapackage.json` (Frictionless) and `codes.ttl`: the lists in SKOS,
    their levels and correspondences in XKOS.

    \b
    Example:
      yusuan codes export lists/
      yusuan codes export lists/ --list expenditure-function --list cofog
    """
    if folder.exists():
        raise YusuanError(f"{folder}: already there; name a new folder")
    names = list(dict.fromkeys(wanted)) or list(list_names())
    lists = [code_list(name) for name in names]
    iris = checked_base(publication(base)["base"])
    with whole_folder(folder) as target:
        rows = sum(write_entries(target / f"{known.name}.csv", known.entries) for known in lists)
        text = turtle(map(str.encode, lists_lines(names, iris)), iris)
        (target / "codes.ttl").write_text(text, "utf-8", newline="\n")
        descriptor = _descriptor(names)
        (target / "datapackage.json").write_text(
            json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8"
        )
    click.echo(f"{folder}: {counted(len(names), 'list')}, {counted(rows, 'row')}")


def _descriptor(names: list[str]) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "profile": "data-package",
        "name": "code-lists",
        "title": "科目和代码表",
        "title@en": "Code lists",
        "resources": [_resource(name) for name in names],
    }


def _resource(name: str) -> dict[str, Any]:
    told = about(name)
    return {
        "name": name,
        "title": told.title,
        "title@en": told.title_en,
        "description": told.completeness,
        "description@en": told.completeness_en,
        "profile": "tabular-data-resource",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "sources": [{"title": told.origin or name}],
        "schema": {
            "fields": [_field(column) for column in COLUMNS],
            "missingValues": [""],
            "primaryKey": ["code", "valid_from", "status"],
        },
    }


def _field(column: str) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column in _REQUIRED else {}
    if column == "status":
        constraints["enum"] = list(STATUSES)
    field: dict[str, Any] = {
        "name": column,
        "type": "integer" if column in _INTEGERS else "string",
    }
    return {**field, "constraints": constraints} if constraints else field
