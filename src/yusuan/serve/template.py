"""What the templates may call: titles, order and links of columns and rows."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from yusuan.presentation import value_label, values_of
from yusuan.schema.messages import message
from yusuan.serve.cells import cell, entity_path
from yusuan.serve.display import DisplayedColumn, column, resource_of, settings, table_settings
from yusuan.serve.questions import question_of

__all__ = ["order_of", "template_globals"]


def template_globals() -> dict[str, Any]:
    """The names every template knows."""
    return {
        "column_of": column,
        "key_of": _key,
        "label_of": _label,
        "operators": settings("display")["filters"],
        "order_of": order_of,
        "question_of": question_of,
        "resource_of": resource_of,
        "row_entity": _row_entity,
        "values_of": values_of,
    }


def order_of(table: str, names: list[str]) -> list[tuple[int, bool]]:
    """The order to show a table's columns in, and whether each is shown at first: the main
    columns, the key, then the rest.

    >>> order_of("items", ["code", "name", "name_en", "parent"])
    [(0, True), (1, True), (2, True), (3, True)]
    """
    resource = resource_of(table)
    main = table_settings(resource)["main"] if resource else names
    # Long keys say little to a reader, but lead to the entity: they come last of the main ones.
    last = [resource.primary_key] if resource and resource.primary_key not in main else []
    wanted = [name for name in dict.fromkeys([*main, *last]) if name in names]
    rest = [name for name in names if name not in wanted]
    return [(names.index(name), True) for name in wanted] + [
        (names.index(name), False) for name in rest
    ]


def _key(table: str, key: str) -> Markup | None:
    """A row's key as a link to its entity."""
    resource = resource_of(table)
    if resource is None:
        return None
    return cell(resource.primary_key, key, column(resource.primary_key, table))


def _label(name: str, value: object, described: DisplayedColumn) -> str | None:
    """How a value reads in a facet; None where the value itself, or its row's label, will do."""
    if words := value_label(name, value):
        return words[0]
    if described.format == "boolean" and value is not None:
        return message("yes" if value else "no")[0]
    return None


def _row_entity(table: str, key: str) -> str | None:
    resource = resource_of(table)
    return entity_path(resource, key) if resource else None
