"""The rows of a package by the CSVW metadata as terms of pyoxigraph or of rdflib, one by one.

This is what a programmer writes first; nothing is remembered from row to row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from yusuan.graph.csvw import csv_metadata
from yusuan.graph.terms import Template, datatype_iri
from yusuan.package import Package
from yusuan.schema import catalogue

_GRAPH = "id/budget/{department}/{fiscal_year}/{phase}"

Literal = tuple[str, str, str | None]
"""Text, datatype and language."""


def statements(package: Package) -> Iterator[tuple[str, str, str | Literal, str | None]]:
    """Subject, predicate, object and graph of every row's statements; IRIs as they are."""
    metadata = csv_metadata(package.base, catalogue().resources)
    template = Template(package.base + _GRAPH)
    graphs = {row["document"]: _iri(template, row) for row in package.rows("documents")}
    for resource, table in zip(catalogue().resources, metadata["tables"], strict=True):
        schema = table["tableSchema"]
        columns = [column for column in schema["columns"] if not column.get("suppressOutput")]
        compiled = [_compiled(column, schema.get("aboutUrl")) for column in columns]
        for row in package.rows(resource.name):
            graph = graphs.get(row.get("document", ""))
            for column, about, predicate, value in compiled:
                cell = row.get(column["name"], "")
                if not cell and not column.get("virtual"):
                    continue
                subject, said = _iri(about, row), _iri(predicate, row)
                if not subject or not said:
                    continue
                if value is not None:
                    if target := _iri(value, row):
                        yield subject, said, target, graph
                    continue
                separator = column.get("separator")
                for text in cell.split(separator) if separator else (cell,):
                    kind = datatype_iri(column["datatype"])
                    yield subject, said, (text, kind, column.get("lang")), graph


def _compiled(column: dict[str, Any], about: str) -> tuple[Any, Template, Template, Any]:
    value = column.get("valueUrl")
    return (
        column, Template(column.get("aboutUrl") or about), Template(column["propertyUrl"]),
        Template(value) if value else None,
    )  # fmt: skip


def _iri(template: Template, row: dict[str, str]) -> str | None:
    term = template.expand(row)
    return term and term[1:-1]
