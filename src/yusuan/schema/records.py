"""The text of CSV cells as values, and rows as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from yusuan.schema.resource import Field, Resource

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["record_of", "typed"]

T = TypeVar("T", bound="DataclassInstance")


def typed(text: str, field: Field) -> Any:
    """The value of a CSV cell; None for a blank."""
    if text == "":
        return None
    if field.type == "integer":
        return int(text)
    if field.type == "number":
        return Decimal(text)
    if field.type == "boolean":
        return text == "true"
    if field.type == "date":
        return date.fromisoformat(text)
    return tuple(text.split(field.separator)) if field.separator else text


def record_of(kind: type[T], resource: Resource, row: Mapping[str, str]) -> T:
    """One row as a record: a blank list is empty, any other blank None."""
    values: dict[str, Any] = {}
    for own in fields(kind):
        if own.metadata.get("internal") or own.name not in row:
            continue
        field = resource.field(own.name)
        value = typed(row[own.name], field)
        values[own.name] = () if value is None and field.separator else value
    return kind(**values)
