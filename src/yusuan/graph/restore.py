"""A graph back into the CSV files of its package, byte for byte.

Nothing here knows a table: the CSVW metadata say what each statement came from.
``yusuan.graph.mapping`` is turned round, and as general: templates are matched instead of expanded,
and a column's cell is the value that the mapping would have made of it. A package has tens of
millions of statements, so they stand by subject in a database on disk, in the order of the file.
Rows stand in the order in which the file first mentions them, which is that of the package; so do
the values of a cell that holds several. A table that is not in the graph, such as the links that
someone has yet to judge, does not come back. What is derived from the others is derived anew.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from yusuan.files.atomic import whole_folder
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.prefixes import expand
from yusuan.graph.terms import Template, datatype_iri
from yusuan.model.errors import YusuanError
from yusuan.package.write import write_derived
from yusuan.schema import catalogue

__all__ = ["TableInverse", "restore"]

_BATCH = 20_000
_LAST = "\U0010ffff"


class StatementObject(NamedTuple):
    """The object of a statement: an IRI (no datatype), or a literal in the spelling it has."""

    text: str
    datatype: str | None
    language: str | None


class StatementIndex:
    """An index of a TriG or N-Quads file. Use it in ``with``; it is gone afterwards.

    Which named graph a statement is in makes no difference.
    """

    def __init__(self, path: Path) -> None:
        """Raises YusuanError when the file cannot be read or is no TriG (N-Quads if it ends in nq)."""
        self._database = sqlite3.connect("")  # a private file of SQLite's own, removed on closing
        self._database.execute(
            "CREATE TABLE said (subject TEXT, predicate TEXT, text TEXT, datatype TEXT, "
            "language TEXT)"
        )
        kind = ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.TRIG
        try:
            quads = iter(ox.parse(path=str(path), format=kind))
            while batch := list(islice(_rows(quads), _BATCH)):
                self._database.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", batch)
        except (OSError, SyntaxError) as error:
            self.close()
            raise YusuanError(f"{path}: cannot be read as {kind.name}: {error}") from error
        self._database.execute("CREATE INDEX by_subject ON said (subject)")

    def __enter__(self) -> StatementIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def subjects(self, predicate: str, prefix: str = "") -> Iterator[str]:
        """The subjects below a prefix that a predicate is said of, in the order of the file."""
        query = (
            "SELECT DISTINCT subject FROM said WHERE subject >= ? AND subject < ? "
            "AND predicate = ? ORDER BY rowid"
        )
        with closing(self._database.execute(query, (prefix, prefix + _LAST, predicate))) as found:
            for (subject,) in found:
                yield subject

    def of(self, subject: str) -> Mapping[str, list[StatementObject]]:
        """What is said of a subject: the different values of each predicate, in order."""
        query = (
            "SELECT predicate, text, datatype, language FROM said WHERE subject = ? ORDER BY rowid"
        )
        row_statements: dict[str, dict[StatementObject, None]] = {}
        for predicate, *value in self._database.execute(query, (subject,)):
            row_statements.setdefault(predicate, {})[StatementObject(*value)] = None
        return {predicate: list(values) for predicate, values in row_statements.items()}


def _rows(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode):
            continue  # a package says nothing about blank nodes
        if isinstance(value, ox.Literal):
            yield (subject.value, quad.predicate.value, value.value, value.datatype.value,
                   value.language)  # fmt: skip
        elif isinstance(value, ox.NamedNode):
            yield subject.value, quad.predicate.value, value.value, None, None


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
        row_statements = [
            column.predicate for column in self._columns if column.name == schema["primaryKey"]
        ]
        row_statements += [predicate for predicate, _ in self._constants]
        if not row_statements:
            raise YusuanError(f"{self.url}: nothing is said of every row; give it an rdfType")
        self.key = row_statements[0]
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
        row_statements = {column.name for column in self._columns} | set(self.subject.variables)
        for column in self._columns:
            row_statements.update(column.template.variables if column.template else ())
        if lost := [name for name in self.names if name not in row_statements]:
            raise YusuanError(f"{self.url}: {', '.join(lost)} would be lost; give it a propertyUrl")

    def row(self, subject: str, statements: StatementIndex) -> dict[str, str] | None:
        """The cells of the subject's row by column, or None when it is of another table.

        Raises YusuanError when the graph says more of a cell than one can hold.
        """
        cells = self.subject.match(subject)
        row_statements = statements.of(subject)
        if cells is None or any(StatementObject(value, None, None) not in row_statements.get(predicate, ())
                                for predicate, value in self._constants):  # fmt: skip
            return None
        waiting = dict(self._abouts)
        while ready := [about for about, template in waiting.items()
                        if all(cells.get(name) for name in template.variables)]:  # fmt: skip
            for about in ready:
                expanded = waiting.pop(about).expand(cells)
                assert expanded is not None
                iri = expanded[1:-1]
                row_statements = statements.of(iri)
                for column in self._columns:
                    if column.about == about:
                        self._fill(cells, column, row_statements.get(column.predicate, []), iri)
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


_CATALOG = "id/catalog"


def restore(graph: Path, folder: Path) -> int:
    """Write ``data/*.csv`` below a folder that is not there yet or empty; returns the rows.

    ``graph`` is the ``budget.trig`` of a package, or the same as N-Quads (``.nq``). Nothing is written when it is not whole.
    Raises YusuanError for a file that is neither or holds no package.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise YusuanError(f"{folder}: already there; name a new or empty folder")
    if graph.exists() and not graph.is_file():  # a pipe would be waited for
        raise YusuanError(f"{graph}: no regular file; give the graph/budget.trig of a package")
    if not folder.parent.is_dir():
        raise YusuanError(f"{folder.parent}: no such folder; make it first")
    with whole_folder(folder, 0o755) as made, StatementIndex(graph) as statements:
        return _write(statements, _base(statements, graph), made)


def _base(statements: StatementIndex, graph: Path) -> str:
    """The prefix of every IRI of the package, from the only catalogue there is."""
    kind = expand("rdf:type")
    catalog = expand("dcat:Catalog")
    found = [
        subject for subject in statements.subjects(expand("dcat:dataset"))
        if subject.endswith(_CATALOG)
        and any(value.text == catalog for value in statements.of(subject).get(kind, ()))
    ]  # fmt: skip
    if len(found) != 1:
        raise YusuanError(
            f"{graph}: holds {len(found) or 'no'} catalogues of budgets; "
            "give the graph/budget.trig of one package"
        )
    return found[0].removesuffix(_CATALOG)


def _write(statements: StatementIndex, base: str, folder: Path) -> int:
    printed = [resource for resource in catalogue().resources if not resource.derived_from]
    described = csv_metadata(base, printed)["tables"]
    tables = [TableInverse(table) for table in described if "aboutUrl" in table["tableSchema"]]
    together: dict[tuple[str, str], list[TableInverse]] = {}
    for table in tables:
        together.setdefault((table.about, table.key), []).append(table)
    count = 0
    with ExitStack() as stack:
        writers: dict[str, Any] = {}
        for table in tables:
            path = folder / table.url
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[table.url] = csv.writer(stream, lineterminator="\n")
            writers[table.url].writerow(table.names)
        for (about, key), candidates in together.items():
            for subject in statements.subjects(key, about.partition("{")[0]):
                for table in candidates:
                    if (row := table.row(subject, statements)) is not None:
                        writers[table.url].writerow(row.values())
                        count += 1
                        break
    return count + write_derived(folder)
