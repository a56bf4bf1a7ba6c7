"""Tables with their metadata as RDF, in standard or minimal mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection

from tests.graph.csvw import common, names
from tests.graph.csvw.datatypes import datatype_iri, value_of
from tests.graph.csvw.formats import FormatError
from tests.graph.csvw.locate import Table, located
from tests.graph.csvw.metadata import INHERITED
from tests.graph.csvw.names import CSVW

_C = rdflib.Namespace(CSVW)
_STRING: dict[str, Any] = {"base": "string"}


def converted(group: dict[str, Any], tables: list[Table], minimal: bool) -> rdflib.Graph:
    """The graph of a table group."""
    graph = rdflib.Graph()
    node = _node(group)
    if not minimal:
        graph.add((node, rdflib.RDF.type, _C.TableGroup))
        _annotate(graph, node, group, group["base"], group["language"])
    for table in tables:
        if not table.told.get("suppressOutput"):
            convert_table(graph, group, table, None if minimal else node)
    return graph


def minimal_triples(folder: Path) -> dict[str, set[ox.Triple]]:
    """The triples of every table of a package in minimal mode, by the path of the table."""
    site = "https://package.example/"
    names.FILES[site] = folder
    try:
        group, tables = located(site + "csv-metadata.json")
    finally:
        del names.FILES[site]
    found = {}
    for table in tables:
        graph = rdflib.Graph()
        convert_table(graph, group, table, None)
        lines = graph.serialize(format="nt", encoding="utf-8")
        quads = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
        found[table.url.removeprefix(site)] = {quad.triple for quad in quads}
    return found


def _node(told: dict[str, Any]) -> Any:
    return rdflib.URIRef(told["@id"]) if "@id" in told else rdflib.BNode()


def _annotate(
    graph: rdflib.Graph, node: Any, told: dict[str, Any], base: str, language: str | None
) -> None:
    for name, value in told.get("annotations", {}).items():
        common.say(graph, node, name, value, base, language)
    for note in told.get("notes", []):
        common.say(graph, node, CSVW + "note", note, base, language)


def convert_table(graph: rdflib.Graph, group: dict[str, Any], table: Table, parent: Any) -> None:
    """The triples of a table; only those of its cells without a parent."""
    node = _node(table.told)
    if parent is not None:
        graph.add((parent, _C.table, node))
        graph.add((node, rdflib.RDF.type, _C.Table))
        graph.add((node, _C.url, rdflib.URIRef(table.url)))
        _annotate(graph, node, table.told, group["base"], group["language"])
        for comment in table.parsed.comments:
            if comment:
                graph.add((node, rdflib.RDFS.comment, rdflib.Literal(comment)))
    for number, (line, texts) in enumerate(table.parsed.rows, start=1):
        row = _Row(graph, group, table, number, line, texts)
        subjects = row.say()
        if parent is None:
            continue
        place = rdflib.BNode()
        graph.add((node, _C.row, place))
        graph.add((place, rdflib.RDF.type, _C.Row))
        graph.add((place, _C.rownum, rdflib.Literal(str(number), datatype=names.XSD + "integer")))
        graph.add((place, _C.url, rdflib.URIRef(f"{table.url}#row={line}")))
        for title in row.titles():
            graph.add((place, _C.title, title))
        for subject in subjects:
            graph.add((place, _C.describes, subject))


class _Row:
    """The cells of a row: their values, and the triples of them."""

    def __init__(
        self, graph: rdflib.Graph, group: dict[str, Any], table: Table, number: int, line: int,
        texts: list[str],
    ) -> None:  # fmt: skip
        self.graph, self.group, self.table = graph, group, table
        self.default = rdflib.BNode()
        self.cells: dict[str, list[tuple[str, Any]] | None] = {}
        self.shared = {"_row": str(number), "_sourceRow": str(line)}
        for place, column in enumerate(table.columns):
            if not column.get("virtual") or "default" in column:
                text = texts[place] if place < len(texts) and not column.get("virtual") else ""
                self.cells[column["name"]] = self._values(column, text)
        self.shared.update({
            name: ",".join(text for text, _ in values)
            for name, values in self.cells.items() if values is not None
        })  # fmt: skip

    def told(self, name: str, column: dict[str, Any], default: Any = None) -> Any:
        """An inherited property: of the column, schema, table or group, the first that has it."""
        assert name in INHERITED
        levels = (column, self.table.told.get("tableSchema", {}), self.table.told,
                  self.group.get("tableSchema", {}) if not self.table.own_schema else {}, self.group)  # fmt: skip
        return next((level[name] for level in levels if name in level), default)

    def _values(self, column: dict[str, Any], text: str) -> list[tuple[str, Any]] | None:
        """The values with their datatypes; None for a null cell."""
        datatype = self.told("datatype", column, _STRING)
        base = datatype["base"]
        if base not in ("string", "json", "xml", "html", "any", "anyAtomicType"):
            text = " ".join(text.split()) if base != "normalizedString" else text
        text = text or self.told("default", column, "")
        nulls = self.told("null", column, [""])
        separator = self.told("separator", column)
        if separator:
            if text == "":
                return []
            if text in nulls:
                return None
            parts = text.split(separator)
            if base not in ("string", "anyAtomicType", "any"):
                parts = [part.strip() for part in parts]
            return [self._one(part, datatype) for part in parts if part not in nulls]
        return None if text in nulls else [self._one(text, datatype)]

    def _one(self, text: str, datatype: dict[str, Any]) -> tuple[str, Any]:
        try:
            return value_of(text, datatype), datatype
        except FormatError:
            return text, None

    def say(self) -> list[Any]:
        """Adds the triples; returns the subjects, in order."""
        subjects: dict[Any, None] = {}
        for place, column in enumerate(self.table.columns):
            about = self._url("aboutUrl", column, place)
            subject = rdflib.URIRef(about) if about else self.default
            if column.get("suppressOutput"):
                continue
            if (objects := self._objects(column, place)) is None:
                continue
            subjects[subject] = None
            predicate = self._url("propertyUrl", column, place) or (
                f"{self.table.url}#{column['name']}"
            )
            for value in objects:
                self.graph.add((subject, rdflib.URIRef(predicate), value))
        return list(subjects)

    def _objects(self, column: dict[str, Any], place: int) -> list[Any] | None:
        values = self.cells.get(column["name"])
        if self.told("valueUrl", column) is not None:
            if values is None and not column.get("virtual"):
                return None
            return [rdflib.URIRef(self._url("valueUrl", column, place) or "")]
        if values is None:
            return None
        nodes: list[Any] = [self._literal(text, datatype, column) for text, datatype in values]
        if self.told("separator", column) and self.told("ordered", column):
            start = rdflib.BNode()
            Collection(self.graph, start, nodes)
            return [start] if nodes else [rdflib.RDF.nil]
        return nodes

    def _literal(self, text: str, datatype: Any, column: dict[str, Any]) -> rdflib.Literal:
        language = self.told("lang", column)
        if datatype is None:
            return rdflib.Literal(text)
        if datatype["base"] == "string" and "@id" not in datatype:
            return rdflib.Literal(text, lang=None if language in (None, "und") else language)
        return rdflib.Literal(text, datatype=datatype_iri(datatype), normalize=False)

    def _url(self, name: str, column: dict[str, Any], place: int) -> str | None:
        template = self.told(name, column)
        if template is None:
            return None
        own = {"_name": _unescaped(column["name"]), "_column": str(place + 1),
               "_sourceColumn": str(place + 1 + self.table.skipped)}  # fmt: skip
        filled = names.filled(template, {**self.shared, **own})
        return urljoin(self.table.url, names.expanded(filled))

    def titles(self) -> list[rdflib.Literal]:
        wanted = self.table.told.get("tableSchema", {}).get("rowTitles", [])
        columns = {column["name"]: column for column in self.table.columns}
        return [
            self._literal(text, _STRING, columns[name])
            for name in wanted if name in columns
            for text, _ in self.cells.get(name) or []
        ]  # fmt: skip


def _unescaped(name: str) -> str:
    return unquote(name)
