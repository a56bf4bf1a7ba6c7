"""One table of the CSVW metadata as a function from a graph back to the rows.

It is ``yusuan.graph.mapping`` turned round, and as general: templates are matched instead of
expanded, and a column's cell is the value that the mapping would have made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yusuan.graph.csvw import datatype_iri
from yusuan.graph.prefixes import expand
from yusuan.graph.statements import StatementIndex, StatementObject
from yusuan.graph.terms import Template
from yusuan.model.errors import YusuanError

__all__ = ["TableInverse"]

_LANG_STRING = expand("rdf:langString")
_STORED_AS = {expand("xsd:nonNegativeInteger"): expand("xsd:integer")}
"""Stores keep the value of some datatypes only, as a value of the datatype it derives from."""


@dataclass(frozen=True, slots=True)
class _ColumnOfStatement:
    """A statement of the mapping: its cell is a literal's text, or in the IRI of a template."""

    name: str
    about: str
    predicate: str
    template: Template | None
    datatype: str
    language: str | None
    separator: str | None

    @property
    def key(self) -> tuple[object, ...]:
        """What tells literals of two columns apart in the graph."""
        return self.about, self.predicate, self.datatype, self.language


class TableInverse:
    """The row of a table that a subject comes from."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """``table`` is one of the tables of ``csv_metadata``.

        Raises YusuanError for a mapping that loses a column, or cannot be turned round.
        """
        schema = table["tableSchema"]
        self.url: str = table["url"]
        self.names = [column["name"] for column in schema["columns"] if not column.get("virtual")]
        self.about: str = schema["aboutUrl"]
        self.subject = Template(self.about)
        self._abouts: dict[str, Template] = {self.about: self.subject}
        self._columns: list[_ColumnOfStatement] = []
        self._constants: list[tuple[str, str]] = []
        for column in schema["columns"]:
            self._add(column)
        # What a literal holds whole needs no telling apart in an IRI made of several cells, but
        # for a literal of the very thing that the IRI leads to.
        plain = {
            column.name for column in self._columns
            if column.template is None and column.name not in self._abouts[column.about].variables
        }  # fmt: skip
        self._columns = [
            column for column in self._columns
            if column.name or column.template is None or not plain.issuperset(column.template.variables)
        ]  # fmt: skip
        said = [column.predicate for column in self._columns if column.name == schema["primaryKey"]]
        said += [predicate for predicate, _ in self._constants]
        if not said:
            raise YusuanError(f"{self.url}: nothing is said of every row; give it an rdfType")
        self.key = said[0]
        """A predicate that every subject of the table has."""
        self._check()

    def _add(self, column: Mapping[str, Any]) -> None:
        if column.get("suppressOutput"):
            return
        about = column.get("aboutUrl") or self.about
        template = Template(column["valueUrl"]) if "valueUrl" in column else None
        if column.get("virtual") and about != self.about:
            return  # said of something that other rows may speak of as well
        if column.get("virtual") and template is not None and not template.variables:
            self._constants.append((column["propertyUrl"], column["valueUrl"]))
            return
        self._abouts.setdefault(about, Template(about))
        language = column.get("lang")
        self._columns.append(
            _ColumnOfStatement(
                "" if column.get("virtual") else column["name"], about, column["propertyUrl"],
                template, _LANG_STRING if language else _stored(datatype_iri(column.get("datatype", ""))),
                language, column.get("separator"),
            )
        )  # fmt: skip

    def _check(self) -> None:
        literals = [column.key for column in self._columns if column.template is None]
        if len(literals) > len(set(literals)):
            raise YusuanError(f"{self.url}: two columns say the same; give one another propertyUrl")
        said = {column.name for column in self._columns} | set(self.subject.variables)
        for column in self._columns:
            said.update(column.template.variables if column.template else ())
        if lost := [name for name in self.names if name not in said]:
            raise YusuanError(f"{self.url}: {', '.join(lost)} would be lost; give it a propertyUrl")

    def row(self, subject: str, statements: StatementIndex) -> dict[str, str] | None:
        """The cells of the subject's row by column, or None when it is of another table.

        Raises YusuanError when the graph says more of a cell than one can hold.
        """
        cells = self.subject.match(subject)
        said = statements.of(subject)
        if cells is None or any(StatementObject(value, None, None) not in said.get(predicate, ())
                                for predicate, value in self._constants):  # fmt: skip
            return None
        waiting = dict(self._abouts)
        while ready := [about for about, template in waiting.items()
                        if all(cells.get(name) for name in template.variables)]:  # fmt: skip
            for about in ready:
                expanded = waiting.pop(about).expand(cells)
                assert expanded is not None
                iri = expanded[1:-1]
                said = statements.of(iri)
                for column in self._columns:
                    if column.about == about:
                        self._fill(cells, column, said.get(column.predicate, []), iri)
        return {name: cells.get(name, "") for name in self.names}

    def _fill(
        self,
        cells: dict[str, str],
        column: _ColumnOfStatement,
        values: list[StatementObject],
        subject: str,
    ) -> None:
        if column.template is not None:
            matched = [found for value in values if value.datatype is None
                       and (found := column.template.match(value.text)) is not None]  # fmt: skip
            if len(matched) > 1:
                raise self._too_many(column, subject)
            for found in matched:
                cells.update(found)
            return
        texts = [value.text for value in values
                 if _stored(value.datatype) == column.datatype
                 and value.language == column.language]  # fmt: skip
        if column.separator is None and len(texts) > 1:
            raise self._too_many(column, subject)
        cells[column.name] = (column.separator or "").join(texts)

    def _too_many(self, column: _ColumnOfStatement, subject: str) -> YusuanError:
        return YusuanError(
            f"<{subject}>: several values of <{column.predicate}>, but {self.url} holds one; "
            "restore the graph of one package at a time"
        )


def _stored(datatype: str | None) -> str:
    return _STORED_AS.get(datatype or "", datatype or "")
