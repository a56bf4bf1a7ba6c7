"""What the columns of the site are called and how they are shown: the files of ``publish/datasette``
plus the schemas. How a value reads is in ``yusuan.presentation``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from yusuan.database.sqlite import FEN_SUFFIX, corrected_views
from yusuan.presentation import query_columns, values_of
from yusuan.schema import Field, Resource, catalogue, data_path, read_yaml
from yusuan.schema.messages import message

__all__ = ["CORRECTED", "DisplayedColumn", "column", "resource_of", "settings", "table_settings"]

_NUMBERS = ("integer", "number")
_DOCUMENT_LISTS = frozenset({"ys:printedIn", "ys:supersededDocument"})
# Numbers that only identify; grouping their digits would make 2022 read 2,022.
_PLAIN = frozenset({"fiscal_year", "year", "page", "line"})


@dataclass(frozen=True, slots=True)
class DisplayedColumn:
    """What a column is called and how its values are shown: text, money (yuan), fen, number, unit,
    file, documents…"""

    title: str
    title_en: str
    description: str = ""
    description_en: str = ""
    format: str = "text"
    key: str | None = None
    """Resource whose primary key the values are."""
    values: str = ""
    """What its enumerated values are called by in ``presentation.yaml``."""
    names: str | None = None
    """The small list whose names the values are."""


CORRECTED = {
    "is_corrected": DisplayedColumn(*message("column-corrected"), format="boolean"),
    "correction": DisplayedColumn(*message("column-correction"), key="corrections"),
}
"""The columns that a view with corrections applied has besides those of its resource."""


def settings(name: str) -> Mapping[str, Any]:
    """A file of ``publish/datasette``."""
    result: Mapping[str, Any] = read_yaml(data_path("publish", "datasette", f"{name}.yaml"))
    return result


@cache
def resource_of(sql_name: str) -> Resource | None:
    """The resource behind an SQLite table."""
    return next((each for each in catalogue().resources if each.sql_name == sql_name), None)


def table_settings(resource: Resource) -> dict[str, Any]:
    """The display settings of a resource: its own, on top of those of its kind."""
    display = settings("display")
    merged = {**display["kinds"].get(resource.kind, {}), **display["tables"].get(resource.name, {})}
    if "main" not in merged:
        hidden = merged.get("hide", ())
        merged["main"] = [each.name for each in resource.fields if each.name not in hidden]
    return merged


def column(name: str, sql_table: str | None = None) -> DisplayedColumn:
    """The column of a table; without a table, that of a query result.

    A query's columns are those of ``presentation.yaml``, else the first resource's with that name.

    >>> column("printed", "facts").title, column("amount_fen", "facts").title
    ('印出的文字', '金额（元，以分计）')
    >>> column("amount_yuan").format, column("fact").key
    ('money', 'facts')
    """
    if sql_table is None:
        return _query_columns().get(name) or DisplayedColumn(name, "")
    return _columns(sql_table).get(name) or DisplayedColumn(name, "")


@cache
def _columns(sql_table: str) -> dict[str, DisplayedColumn]:
    if resource := resource_of(sql_table):
        return dict(_described(resource))
    view = next((each for each in corrected_views() if each.name == sql_table), None)
    return {**dict(_described(view.resource)), **CORRECTED} if view else {}


def _described(resource: Resource) -> Iterator[tuple[str, DisplayedColumn]]:
    for field in resource.fields:
        foreign = resource.key_of(field.name)
        key = (foreign.resource or resource.name) if foreign else None
        if field.name == resource.primary_key:
            key = resource.name
        own = f"{resource.name}.{field.name}"
        yield (
            field.name,
            DisplayedColumn(
                field.title,
                field.title_en,
                field.description or "",
                field.description_en or "",
                _format(field),
                key,
                own if values_of(own) else field.name,
            ),
        )
        if field.is_money:
            title = field.title.removesuffix("（元）")
            yield (
                field.name + FEN_SUFFIX,
                DisplayedColumn(f"{title}（元，以分计）", f"{field.title_en}, in 1/100 yuan",
                       *message("column-of-fen"), "number"),
            )  # fmt: skip


def _format(field: Field) -> str:
    if field.is_money:
        return "money"
    if field.type == "boolean":
        return "boolean"
    if field.property_url in _DOCUMENT_LISTS:
        return "documents"
    if field.name == "unit":
        return "unit"
    if field.type in _NUMBERS:
        return "plain" if field.name in _PLAIN else "number"
    return "text"


@cache
def _query_columns() -> dict[str, DisplayedColumn]:
    found: dict[str, DisplayedColumn] = {}
    keys: dict[str, set[str | None]] = {}
    for resource in catalogue().resources:
        for name, each in _columns(resource.sql_name).items():
            found.setdefault(name, each)
            keys.setdefault(name, set()).add(each.key)
    for name, resources in keys.items():
        # `code` is the key of many lists: a value alone does not say which, so no link.
        found[name] = replace(found[name], key=resources.pop() if len(resources) == 1 else None)
    for name, item in query_columns().items():
        found[name] = DisplayedColumn(
            item["title"],
            item["title@en"],
            format=item.get("format", "text"),
            key=item.get("key"),
            names=item.get("names"),
        )
    return found
