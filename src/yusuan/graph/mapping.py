"""One table of the CSVW metadata as a function from a row to its triples.

The rules are those of csv2rdf, minimal mode (https://www.w3.org/TR/csv2rdf/): only what the
columns say, nothing about tables and rows. They are compiled once for each table, because a
package can have millions of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.model.errors import YusuanError

__all__ = ["TableMapping"]

Objects = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """What one column says: the objects come from its cell, or from a template over the row."""

    subject: int
    predicate: str
    column: str | None
    template: Template | None
    objects: Objects | None


class TableMapping:
    """The triples of a table's rows."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """``table`` is one of the tables of ``csv_metadata``."""
        schema = table["tableSchema"]
        self._url = table["url"]
        self._subjects: list[Template] = []
        self._statements: list[_Statement] = []
        places: dict[str, int] = {}
        for column in schema["columns"]:
            if column.get("suppressOutput"):
                continue
            about = column.get("aboutUrl") or schema.get("aboutUrl")
            if about is None:
                raise YusuanError(f"{self._url}, {column['name']}: no aboutUrl, so no subject")
            if about not in places:
                places[about] = len(self._subjects)
                self._subjects.append(Template(about))
            self._statements.append(_statement(column, places[about]))

    def triples(self, row: Mapping[str, str]) -> Iterator[str]:
        """Subject, predicate and object of each triple as N-Triples text, without the dot.

        A null (blank) cell says nothing. Raises YusuanError for a cell that is no value of
        its column's datatype.
        """
        subjects = [template.expand(row) for template in self._subjects]
        for statement in self._statements:
            subject = subjects[statement.subject]
            if subject is None:
                continue
            for value in self._objects(statement, row):
                yield f"{subject} {statement.predicate} {value}"

    def _objects(self, statement: _Statement, row: Mapping[str, str]) -> tuple[str, ...]:
        if statement.column is not None and not row[statement.column]:
            return ()
        if statement.template is not None:
            value = statement.template.expand(row)
            return () if value is None else (value,)
        # Without a template it is a column of literals, as _statement makes it.
        assert statement.column is not None
        assert statement.objects is not None
        try:
            return statement.objects(row[statement.column])
        except ValueError as error:
            first = next(iter(row.values()))
            raise YusuanError(f"{self._url}, {statement.column} of {first}: {error}") from None


def _statement(column: Mapping[str, Any], subject: int) -> _Statement:
    value_url = column.get("valueUrl")
    return _Statement(
        subject=subject,
        predicate=iri(column["propertyUrl"]),
        column=None if column.get("virtual") else column["name"],
        template=Template(value_url) if value_url else None,
        objects=None if value_url else _literals(column),
    )


def _literals(column: Mapping[str, Any]) -> Objects:
    datatype, lang = column["datatype"], column.get("lang")
    separator = column.get("separator")

    def one(text: str) -> str:
        if isinstance(datatype, dict):
            return typed(text, datatype["base"], datatype["@id"])
        return literal(text, lang) if datatype == "string" else typed(text, datatype)

    if separator:
        return lambda cell: tuple(one(item) for item in cell.split(separator) if item)
    return lambda cell: (one(cell),)
