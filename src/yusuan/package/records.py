"""Rows of a package as the records they were written from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from yusuan.package.read import Package, typed
from yusuan.schema import Resource, catalogue

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["record_of", "records"]

T = TypeVar("T", bound="DataclassInstance")


def records(package: Package, name: str, kind: type[T]) -> Iterator[T]:
    """The rows of a resource as records; what is in no column has its default."""
    resource = catalogue()[name]
    for row in package.rows(name):
        yield record_of(kind, resource, row)


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
