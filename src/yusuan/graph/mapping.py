"""One table of the CSVW metadata as a function from a row to its statements.

The rules are those of csv2rdf, minimal mode (https://www.w3.org/TR/csv2rdf/): only what the
columns say, nothing about tables and rows. They are compiled once for each table, and what a
column says of a cell is remembered, because a package can have millions of rows in which most
cells repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yusuan.graph.terms import Template, iri, literal, typed
from yusuan.model.errors import YusuanError

__all__ = ["TableMapping"]

Objects = Callable[[str], tuple[str, ...]]
Expand = Callable[[Sequence[str]], str | None]

_REMEMBERED = 20_000
"""Cells of a column whose statements are kept; a column of unique cells is emptied when full."""


class _Column:
    """What one column says of a cell: predicates with their objects, as text."""

    __slots__ = ("_objects", "_predicate", "said")

    def __init__(self, predicate: str, objects: Objects) -> None:
        self._predicate = iri(predicate)
        self._objects = objects
        self.said: dict[str, tuple[str, ...]] = {}

    def say(self, cell: str) -> tuple[str, ...]:
        """Remembers and returns it; raises ValueError for no value of the datatype."""
        if len(self.said) >= _REMEMBERED:
            self.said.clear()
        said = tuple(f" {self._predicate} {value}" for value in self._objects(cell))
        self.said[cell] = said
        return said


@dataclass(slots=True)
class _Subject:
    """What a row says of one subject: by its cells, and by templates over the row."""

    template: Template
    cells: list[tuple[int, _Column]] = field(default_factory=list)
    links: list[tuple[str | Template, Template]] = field(default_factory=list)


class TableMapping:
    """The statements of a table's rows."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """``table`` is one of the tables of ``csv_metadata``."""
        schema = table["tableSchema"]
        self._url = table["url"]
        self.columns = [c["name"] for c in schema["columns"] if not c.get("virtual")]
        places = {name: place for place, name in enumerate(self.columns)}
        subjects: dict[str, _Subject] = {}
        for column in schema["columns"]:
            if column.get("suppressOutput"):
                continue
            about = column.get("aboutUrl") or schema.get("aboutUrl")
            if about is None:
                raise YusuanError(f"{self._url}, {column['name']}: no aboutUrl, so no subject")
            subject = subjects.setdefault(about, _Subject(Template(about)))
            _add(column, subject, places)
        self._subjects = [
            (
                subject.template.over(places),
                [
                    (_over(predicate, places), template.over(places))
                    for predicate, template in subject.links
                ],
                subject.cells,
            )
            for subject in subjects.values()
        ]

    def lines(self, cells: Sequence[str], graph: str = "") -> str:
        """The statements of a row, each a line of N-Quads; ``graph`` is a term or nothing.

        ``cells`` stand in the order of ``columns``. A null (blank) cell says nothing. Raises
        YusuanError for a cell that is no value of its column's datatype.
        """
        end = f" {graph} .\n" if graph else " .\n"
        text = ""
        for subject_of, links, columns in self._subjects:
            subject = subject_of(cells)
            if subject is None:
                continue
            statements: list[str] = []
            for predicate, value_of in links:
                if value := value_of(cells):
                    said = predicate if isinstance(predicate, str) else f" {predicate(cells)} "
                    statements.append(said + value)
            for at, column in columns:
                if cell := cells[at]:
                    statements += column.said.get(cell) or self._say(column, at, cells)
            if statements:
                text += subject + (end + subject).join(statements) + end
        return text

    def _say(self, column: _Column, at: int, cells: Sequence[str]) -> tuple[str, ...]:
        try:
            return column.say(cells[at])
        except ValueError as error:
            name = self.columns[at]
            raise YusuanError(f"{self._url}, {name} of {cells[0]}: {error}") from None


def _add(column: Mapping[str, Any], subject: _Subject, places: Mapping[str, int]) -> None:
    name, value_url = column["name"], column.get("valueUrl")
    if value_url is None:
        subject.cells.append((places[name], _Column(column["propertyUrl"], _literals(column))))
        return
    template, predicate = Template(value_url), _predicate(column["propertyUrl"])
    if template.variables == (name,) and isinstance(
        predicate, str
    ):  # a printed column of which only its own cell matters
        expand = template.over({name: 0})
        made = _Column(column["propertyUrl"], lambda cell: (expand((cell,)) or "",))
        subject.cells.append((places[name], made))
    else:
        subject.links.append((predicate, template))


def _predicate(url: str) -> str | Template:
    """A property is the same in all rows, or made of the row's cells like any other IRI."""
    template = Template(url)
    return template if template.variables else f" {iri(url)} "


def _over(predicate: str | Template, places: Mapping[str, int]) -> str | Expand:
    return predicate if isinstance(predicate, str) else predicate.over(places)


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
