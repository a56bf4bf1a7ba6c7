"""The answer to a translated query: rows of DuckDB as RDF terms, in the formats of SPARQL 1.1."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, TypeVar
from typing import Literal as OneOf
from urllib.parse import quote

import duckdb
import pyoxigraph as ox
from rdflib.term import BNode, Identifier, Literal, Variable

from yusuan.virtual_graph.algebra import Selection, Translation, translate
from yusuan.virtual_graph.mapping import Profile, VirtualGraph
from yusuan.virtual_graph.patterns import Dataset, constant
from yusuan.virtual_graph.relations import NotTranslated
from yusuan.virtual_graph.terms import (
    BOOLEAN,
    G_YEAR,
    NUMERIC,
    STRING,
    AnyTerm,
    BlankTerm,
    IriTerm,
    LiteralTerm,
    Term,
    quoted,
)

__all__ = ["MACROS", "RdfTerm", "RowsEngine", "SparqlAnswer", "solutions"]

RdfTerm = ox.NamedNode | ox.BlankNode | ox.Literal
_RESERVED = ":/?#[]@!$&'()*+,;="
_BATCH = 5_000
_JSON = ox.QueryResultsFormat.JSON

_KEPT = "iri_text(v)"
for _character in _RESERVED:
    _KEPT = f"replace({_KEPT}, '%{ord(_character):02X}', {quoted(_character)})"

MACROS = f"""
create or replace temp macro decimal_text(v, s) as case when v is null then null when s = 0
  then v::varchar else (case when v < 0 then '-' else '' end)
  || rtrim(rtrim(regexp_replace(lpad(abs(v::hugeint)::varchar, s + 1, '0'),
     '(.{{' || s || '}})$', '.\\1'), '0'), '.') end;
create or replace temp macro year_text(v) as case when v is not null then lpad(v::varchar, 4, '0') end;
create or replace temp macro iri_text(v) as url_encode(v);
create or replace temp macro iri_text_reserved(v) as {_KEPT};
create or replace temp macro toward_zero(v, d) as v::hugeint // d::hugeint;
create or replace temp macro quotient(a, b) as case when b <> 0 then a // b end;
create or replace temp macro next_down(v, d) as
  (v::hugeint // d) - (case when v < 0 and v::hugeint % d <> 0 then 1 else 0 end);
create or replace temp macro next_up(v, d) as
  (v::hugeint // d) + (case when v > 0 and v::hugeint % d <> 0 then 1 else 0 end);
create or replace temp macro half_up(v, d) as next_down(2 * v::hugeint + d, 2 * d);
"""
"""What SQL that is made of queries calls; each connection needs them."""


@dataclass(frozen=True)
class SparqlAnswer:
    """An answer that is read as it is written: ``kind`` as in the protocol, and the SQL that gives it."""

    kind: OneOf["solutions", "boolean", "graph"]
    sql: tuple[str, ...]
    variables: tuple[str, ...] = ()
    rows: Iterable[tuple[RdfTerm | None, ...]] = ()
    triples: Iterable[ox.Triple] = ()

    def items(self) -> Iterator[object]:
        """Its rows or triples."""
        yield from self.triples if self.kind == "graph" else self.rows

    def write(self, sink: IO[bytes], media_type: str) -> None:
        """Write the whole answer in a format of SPARQL results, or of RDF for a graph."""
        if self.kind == "graph":
            ox.serialize(self.triples, sink, ox.RdfFormat.from_media_type(media_type))
            return
        format_ = ox.QueryResultsFormat.from_media_type(media_type)
        if format_ == _JSON:
            for part in self._json():
                sink.write(part)
            return
        given = BytesIO(b"".join(self._json()))
        ox.parse_query_results(given, _JSON).serialize(sink, format_)

    def _json(self) -> Iterator[bytes]:
        """SPARQL 1.1 Query Results JSON Format, some rows at a time."""
        if self.kind == "boolean":
            found = any(True for _ in self.rows)
            yield json.dumps({"head": {}, "boolean": found}).encode()
            return
        head = json.dumps({"vars": self.variables}, ensure_ascii=False)
        yield f'{{"head":{head},"results":{{"bindings":['.encode()
        rows, start = iter(self.rows), ""
        while part := list(islice(rows, _BATCH)):
            texts = (json.dumps(self._binding(row), ensure_ascii=False) for row in part)
            yield (start + ",".join(texts)).encode()
            start = ","
        yield b"]}}"

    def _binding(self, row: Sequence[RdfTerm | None]) -> dict[str, dict[str, str]]:
        pairs = zip(self.variables, row, strict=True)
        return {name: _json_term(term) for name, term in pairs if term is not None}


def _json_term(term: RdfTerm) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        return {**found, "xml:lang": term.language}
    return found if term.datatype.value == STRING else {**found, "datatype": term.datatype.value}


class RowsEngine:
    """Answers queries from the rows of a package: no other file, no network, no writing."""

    def __init__(self, path: Path, memory: int) -> None:
        """``path`` is a file that ``write_rows`` made; queries may take ``memory`` bytes."""
        limit = f"{memory >> 20}MB"
        config: dict[str, Any] = {"threads": 1, "memory_limit": limit, "temp_directory": ""}
        self._con = duckdb.connect(str(path), read_only=True, config=config)
        self._con.execute(MACROS)
        self._con.execute("set enable_progress_bar = false")
        self._con.execute("set enable_external_access = false")
        self._con.execute("set lock_configuration = true")
        found = json.loads(self._con.execute("select mapping from mapping").fetchall()[0][0])
        profile = Profile.from_json(found["profile"])
        self._graph = VirtualGraph.of_tables(found["tables"], profile, found["families"])

    def translation(self, query: str, dataset: Dataset, base: str | None = None) -> Translation:
        """A query as SQL. Raises NotTranslated."""
        return translate(query, self._graph, dataset, base)

    def answer(self, query: str, dataset: Dataset, base: str | None = None) -> SparqlAnswer:
        """The answer to a query that is valid SPARQL 1.1.

        Raises NotTranslated for one that is to be answered otherwise, MemoryError for one that needs
        too much.
        """
        translation = self.translation(query, dataset, base)
        sql = tuple(selection.sql for selection in translation.selections)
        rows = self._solved(translation)
        match translation.form:
            case "select":
                # The first row shows what the engine makes of it: an overflow, or no memory.
                return SparqlAnswer("solutions", sql, translation.variables, _begun(rows))
            case "ask":
                return SparqlAnswer("boolean", sql, (), _begun(rows))
            case "construct":
                return SparqlAnswer("graph", sql, triples=_begun(_constructed(translation, rows)))
            case "describe":
                return SparqlAnswer(
                    "graph", sql, triples=_begun(self._described(translation, rows))
                )

    def _solved(self, translation: Translation) -> Iterator[tuple[RdfTerm | None, ...]]:
        try:
            yield from solutions(self._con, translation)
        except duckdb.OutOfMemoryException:
            raise MemoryError from None
        except duckdb.Error as error:  # a number too large for its type, a query too large to plan
            raise NotTranslated(f"what the engine of the rows refuses: {error}") from error

    def _described(
        self, translation: Translation, rows: Iterable[Sequence[RdfTerm | None]]
    ) -> Iterator[ox.Triple]:
        """What is said of each thing (section 16.4)."""
        named = dict.fromkeys(translation.described)
        for row in rows:
            named |= {term.value: None for term in row if isinstance(term, ox.NamedNode)}
        for iri in named:
            query = f"SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}"
            for predicate, object_ in self._solved(translate(query, self._graph, Dataset())):
                assert isinstance(predicate, ox.NamedNode) and object_ is not None
                yield ox.Triple(ox.NamedNode(iri), predicate, object_)


T = TypeVar("T")


def _begun(items: Iterator[T]) -> Iterator[T]:
    """The same items; the first is asked for now, so that what is wrong is known before any is sent."""
    first = list(islice(items, 1))
    return chain(first, items)


def _constructed(
    translation: Translation, rows: Iterable[Sequence[RdfTerm | None]]
) -> Iterator[ox.Triple]:
    """The triples of a template (section 16.2), each once; blank nodes are new for each solution."""
    made: dict[ox.Triple, None] = {}
    for row in rows:
        values = dict(zip(translation.variables, row, strict=True))
        blanks: dict[str, ox.BlankNode] = {}
        for triple in translation.template:
            subject, predicate, object_ = (_of_template(node, values, blanks) for node in triple)
            if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
                continue
            if subject is not None and object_ is not None:
                made[ox.Triple(subject, predicate, object_)] = None
    yield from made


def _of_template(
    node: Identifier, values: Mapping[str, RdfTerm | None], blanks: dict[str, ox.BlankNode]
) -> RdfTerm | None:
    match node:
        case Variable():
            return values[str(node)]
        case BNode():
            return blanks.setdefault(str(node), ox.BlankNode())
        case Literal():
            shape = constant(node)
            assert isinstance(shape, LiteralTerm)
            text, datatype = str(node), ox.NamedNode(shape.datatype)
            if shape.language:
                return ox.Literal(text, language=shape.language)
            return ox.Literal(text, datatype=datatype)
        case _:
            return ox.NamedNode(str(node))


def solutions(
    con: duckdb.DuckDBPyConnection, translation: Translation
) -> Iterator[tuple[RdfTerm | None, ...]]:
    """The solutions of a translated query, in its order."""
    for selection in translation.selections:
        yield from _of_selection(con, selection)


def _of_selection(
    con: duckdb.DuckDBPyConnection, selection: Selection
) -> Iterator[tuple[RdfTerm | None, ...]]:
    cursor = con.execute(selection.sql)
    made = list(zip(selection.places, selection.shapes, strict=True))
    while rows := cursor.fetchmany(_BATCH):
        for row in rows:
            yield tuple(
                None if places is None or shape is None
                else _term(shape, [row[place] for place in places])
                for places, shape in made
            )  # fmt: skip


def _term(shape: Term, values: Sequence[Any]) -> RdfTerm | None:
    if any(value is None for value in values):
        return None
    match shape:
        case IriTerm():
            return ox.NamedNode(_iri(shape, values))
        case BlankTerm():
            return ox.BlankNode(values[0])
        case AnyTerm():
            return _any(*values)
        case LiteralTerm():
            return _literal(shape, values[0])


def _iri(shape: IriTerm, values: Sequence[str]) -> str:
    iri = shape.texts[0]
    for value, spelling, text in zip(values, shape.spellings, shape.texts[1:], strict=True):
        if spelling == "encoded":
            value = quote(value, "")
        elif spelling == "encoded reserved":
            value = quote(value, _RESERVED)
        iri += value + text
    return iri


def _any(kind: str, text: str) -> RdfTerm:
    if kind == "I":
        return ox.NamedNode(text)
    if kind == "B":
        return ox.BlankNode(text)
    if kind[0] == "@":
        return ox.Literal(text, language=kind[1:])
    return ox.Literal(text, datatype=ox.NamedNode(kind))


def _literal(shape: LiteralTerm, value: Any) -> ox.Literal:
    if shape.language:
        return ox.Literal(value, language=shape.language)
    datatype = ox.NamedNode(shape.datatype)
    if shape.datatype in NUMERIC:
        return ox.Literal(_decimal(int(value), shape.scale), datatype=datatype)
    if shape.datatype == BOOLEAN:
        return ox.Literal("true" if value else "false", datatype=datatype)
    if shape.datatype == G_YEAR:
        return ox.Literal(f"{value:04d}", datatype=datatype)
    return ox.Literal(value, datatype=datatype)


def _decimal(value: int, scale: int) -> str:
    if not scale:
        return str(value)
    digits = f"{abs(value):0{scale + 1}d}"
    text = f"{digits[:-scale]}.{digits[-scale:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text
