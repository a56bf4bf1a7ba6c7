"""The rows of a package in a DuckDB file: the tables of its CSV files, and the statements that no row
holds; made once, and then only read."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyoxigraph as ox

from yusuan.graph.budgets import budget_graphs
from yusuan.graph.catalogue import catalogue_lines
from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.cube_tables import DATASET_COLUMNS, DATASETS, cube_rows, cube_tables
from yusuan.graph.families import families
from yusuan.graph.prefixes import PROLOGUE, VOCABULARY_GRAPH, expand
from yusuan.graph.terms import Template, datatype_iri
from yusuan.graph.trig import DOCUMENT
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import data_path
from yusuan.virtual_graph.mapping import (
    GRAPHS,
    WHOLE_NUMBERS,
    Profile,
    StatementKind,
    key_columns,
    list_table,
    table_name,
    template_columns,
    value_column,
)
from yusuan.virtual_graph.terms import BOOLEAN, DECIMAL, G_YEAR, INTEGER, PLACES, quoted

__all__ = [
    "Statement",
    "add_statements",
    "statement_of",
    "write_rows",
    "write_statements",
]

_TYPE = expand("rdf:type")
_DERIVED_INTEGERS = WHOLE_NUMBERS - {INTEGER}
_DIGITS, _MOST_DIGITS = 18, 36
"""Digits of a number that 64 bits hold for certain, and 128."""
_ROWS = 100_000
"""Rows that are put into a table together."""
_PART = 2_000_000
"""Characters of statements that are parsed together."""
_MOST_STEMS = 100
"""Beginnings of IRIs that are kept for a predicate; more are made shorter until they are as few."""
_FEW = 8
"""Subjects or objects of a predicate that are kept as they are."""
_UNRESERVED = r"^[A-Za-z0-9._~-]*$"
_RESERVED_TOO = r"^[A-Za-z0-9._~:/?#\[\]@!$&''()*+,;=-]*$"


class Statement(NamedTuple):
    """A statement as a row: graph (None for the unnamed one), subject and its kind, predicate, kind and
    text of the object."""

    g: str | None
    s: str
    sk: str
    p: str
    k: str
    o: str


def write_rows(package: Package, path: Path) -> None:
    """Write the rows of a package, and its other statements, into a new DuckDB file.

    Raises YusuanError for a file of the package that is missing or is not what its schema says.
    """
    metadata = catalogue_metadata(package.base)
    with _new_file(path) as con:
        loader = _Loader(package, con)
        for table in metadata["tables"]:
            loader.load(table)
        for table in cube_tables(package.base):
            loader.load_cube(table)
        loader.write_graphs()
        statements = _statements(package, metadata)
        kinds = add_statements(con, statements)
        profile = Profile(
            plain=frozenset(loader.plain),
            plain_reserved=frozenset(loader.plain_reserved),
            scales=loader.scales,
            statements=tuple(kinds),
            empty=frozenset(loader.empty),
            disjoint=frozenset(loader.disjoint(_all_tables(package.base))),
            long=frozenset(loader.long),
        )
        _write_mapping(con, _all_tables(package.base), profile)


def write_statements(store: ox.Store, path: Path) -> None:
    """Write a file that holds the quads of a store alone, as data of tests are."""
    quads = (
        statement_of(
            quad, graph.value if isinstance(graph := quad.graph_name, ox.NamedNode) else None
        )
        for quad in store
    )
    with _new_file(path) as con:
        profile = Profile(statements=tuple(add_statements(con, quads)))
        con.execute(f"create table {GRAPHS} (document varchar, graph varchar)")
        _write_mapping(con, (), profile)


@contextmanager
def _new_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(config={"threads": 1, "memory_limit": "300MB"})
    try:
        # Small blocks: there are many tables, and most have few rows.
        con.execute(f"attach {quoted(str(path))} as package (block_size 16384)")
        con.execute("use package")
        con.execute("set enable_progress_bar = false")
        yield con
        con.execute("checkpoint")
    finally:
        con.close()


class _Loader:
    """Makes tables of the CSV files, and notes what their values are like."""

    def __init__(self, package: Package, con: duckdb.DuckDBPyConnection) -> None:
        self._package = package
        self._con = con
        self.plain: set[tuple[str, str]] = set()
        self.plain_reserved: set[tuple[str, str]] = set()
        self.scales: dict[tuple[str, str], int] = {}
        self.empty: set[str] = set()
        self.long: set[tuple[str, str]] = set()
        self._digits: dict[tuple[str, str], int] = {}

    def load(self, table: Mapping[str, Any]) -> None:
        """The columns of a table that say something, typed as they are said."""
        next(self._package.records(table_name(table)), None)  # raises where the columns are others
        file = self._package.file(table["url"])
        names = ", ".join(f"'{column['name']}': 'VARCHAR'" for column in _of_cells(table))
        self._make(
            table,
            file,
            f"read_csv({quoted(str(file))}, auto_detect = false, header = true, delim = ',', "
            f"quote = '\"', escape = '\"', nullstr = '', max_line_size = 8000000, "
            f"columns = {{{names}}})",
        )

    def load_cube(self, table: Mapping[str, Any]) -> None:
        """A table that no file of the package holds."""
        names = [column["name"] for column in _of_cells(table)]
        columns = ", ".join(f'"{name}" varchar' for name in names)
        self._con.execute(f"create or replace temp table read ({columns})")
        datasets: Iterable[tuple[str, ...]] = ()
        if table["url"] == DATASETS:
            chosen = ", ".join(f'"{column}"' for column in DATASET_COLUMNS)
            found = self._con.execute(
                f"select distinct {chosen} from facts order by all"
            ).fetchall()
            datasets = [tuple(map(str, each)) for each in found]
        rows = cube_rows(self._package, table, datasets)
        _insert(self._con, "read", names, ([cell or None for cell in row] for row in rows))
        self._make(table, Path(str(table["url"])), "read")

    def _make(self, table: Mapping[str, Any], file: Path, given: str) -> None:
        """A table of what ``given`` (SQL) holds as text; ``file`` is named in errors."""
        name, schema = table_name(table), table["tableSchema"]
        columns, in_iris = _of_cells(table), template_columns(table)
        said = [column for column in columns if column["name"] in in_iris
                or not column.get("suppressOutput") or column["name"] == DOCUMENT]  # fmt: skip
        if all(column["name"] == DOCUMENT for column in said):
            self.empty.add(name)
            return
        chosen = ", ".join(f'"{column["name"]}"' for column in said)
        # As text first: what the values are like decides the types, and most columns stay text.
        self._con.execute(f'create table "{name}" as select {chosen} from {given}')
        self._note(name, said, in_iris)
        try:
            for column in said:
                self._give_type(name, column, in_iris)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise YusuanError(
                f"{file}: a value that its column cannot have ({reason}); build the package anew"
            ) from None
        key = ", ".join(f'"{each}"' for each in key_columns(table))
        if key and self._one(f'select count(distinct ({key})) < count(*) from "{name}"'):
            raise YusuanError(f"{file}: a key in the column {key} stands twice; build it anew")
        for column in said:
            if column.get("separator"):
                self._write_list(name, schema, column)

    def _note(
        self, name: str, columns: Iterable[Mapping[str, Any]], in_iris: Mapping[str, set[str]]
    ) -> None:
        tests = ["count(*)"]
        asked: list[tuple[str, str]] = []
        for column in columns:
            at = f'"{column["name"]}"'
            for sign in in_iris.get(column["name"], ()):
                pattern = _RESERVED_TOO if sign else _UNRESERVED
                tests.append(f"coalesce(bool_and(regexp_matches({at}, '{pattern}')), true)")
                asked.append((sign, column["name"]))
            if datatype_iri(column["datatype"]) == DECIMAL:
                tests.append(f"coalesce(max(length(rtrim(split_part({at}, '.', 2), '0'))), 0)")
                asked.append(("scale", column["name"]))
                tests.append(f"coalesce(max(length(split_part({at}, '.', 1))), 0)")
                asked.append(("digits", column["name"]))
        asked_of = f'select {", ".join(tests)} from "{name}"'
        count, *found = self._con.execute(asked_of).fetchall()[0]
        if not count:
            self.empty |= {name, *(list_table(name, column["name"]) for column in columns)}
        for (kind, column_name), value in zip(asked, found, strict=True):
            if kind == "scale":
                self.scales[name, column_name] = value
            elif kind == "digits":
                self._digits[name, column_name] = value + self.scales[name, column_name]
                if self._digits[name, column_name] > _MOST_DIGITS or (
                    self.scales[name, column_name] > PLACES
                ):
                    self.long.add((name, column_name))
            elif value:
                (self.plain_reserved if kind == "+" else self.plain).add((name, column_name))

    def _give_type(self, table: str, column: Mapping[str, Any], in_iris: Container[str]) -> None:
        """Make a column of texts one of values; where its text stands in IRIs too, beside it."""
        name, datatype = f'"{column["name"]}"', datatype_iri(column["datatype"])
        if column.get("separator") or (table, column["name"]) in self.long:
            return
        if datatype == DECIMAL:
            scale = self.scales[table, column["name"]]
            # The digits as they are: a number of SQL has fewer places, or rounds.
            digits = f"rpad(left(split_part({name}, '.', 2), {scale}), {scale}, '0')"
            kind = "hugeint" if self._digits[table, column["name"]] > _DIGITS else "bigint"
            value = f"cast(split_part({name}, '.', 1) || {digits} as {kind})"
        elif datatype in WHOLE_NUMBERS:
            kind, value = "bigint", f"cast({name} as bigint)"
        elif datatype == G_YEAR:
            kind, value = "integer", f"cast({name} as integer)"
        elif datatype == BOOLEAN:
            kind, value = "boolean", f"cast({name} as boolean)"
        else:
            return
        own = value_column(column, in_iris)
        if own == column["name"]:
            self._con.execute(f'alter table "{table}" alter {name} type {kind} using {value}')
        else:
            self._con.execute(f'alter table "{table}" add column "{own}" {kind}')
            self._con.execute(f'update "{table}" set "{own}" = {value}')

    def _write_list(self, name: str, schema: Mapping[str, Any], column: Mapping[str, Any]) -> None:
        about = column.get("aboutUrl") or schema["aboutUrl"]
        kept = dict.fromkeys(Template(about).variables)
        if any(each["name"] == DOCUMENT for each in schema["columns"]):
            kept[DOCUMENT] = None
        chosen = ", ".join(f'"{each}"' for each in kept)
        at = column["name"]
        self._con.execute(
            f'create table "{list_table(name, at)}" as select * from (select distinct {chosen}, '
            f'unnest(string_split("{at}", {quoted(column["separator"])})) as "{at}" '
            f'from "{name}") where "{at}" <> \'\''
        )
        for plain in (self.plain, self.plain_reserved):
            plain |= {(list_table(name, at), each) for each in kept if (name, each) in plain}

    def write_graphs(self) -> None:
        """The named graph of each document."""
        rows = ([key, graph[1:-1]] for key, graph in budget_graphs(self._package).items())
        self._con.execute(f"create table {GRAPHS} (document varchar, graph varchar)")
        _insert(self._con, GRAPHS, ("document", "graph"), rows)

    def disjoint(self, given: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, ...]]:
        """The templates of several tables with which no two of them have the same key."""
        tables: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
        for table in given:
            name, keys = table_name(table), key_columns(table)
            about = table["tableSchema"].get("aboutUrl")
            if about and len(keys) == 1 and name not in self.empty:
                template = Template(about)
                if template.variables == keys:
                    start, end = template.around
                    tables[start[1:], end[:-1]].append((name, keys[0]))
        for texts, members in tables.items():
            all_ = " union all ".join(f'select "{key}" as k from "{name}"' for name, key in members)
            if len(members) > 1 and self._one(f"select count(*) = count(distinct k) from ({all_})"):
                yield texts

    def _one(self, sql: str) -> Any:
        return self._con.execute(sql).fetchall()[0][0]


def _of_cells(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [column for column in table["tableSchema"]["columns"] if not column.get("virtual")]


def _statements(package: Package, metadata: Mapping[str, Any]) -> Iterator[Statement]:
    """What no row of a table says: catalogue, vocabulary, and links by predicates of their own."""
    yield from _parsed(("", line) for line in catalogue_lines(package))
    for quad in ox.parse(path=str(data_path("ontology", "yusuan.ttl")), format=ox.RdfFormat.TURTLE):
        yield statement_of(quad, VOCABULARY_GRAPH)
    for table in metadata["tables"]:
        yield from _linked(package, table)


def _linked(package: Package, table: Mapping[str, Any]) -> Iterator[Statement]:
    schema = table["tableSchema"]
    for column in schema["columns"]:
        predicate = Template(column.get("propertyUrl", ""))
        if not predicate.variables or column.get("suppressOutput"):
            continue
        about = Template(column.get("aboutUrl") or schema["aboutUrl"])
        value = Template(column["valueUrl"])
        for row in package.rows(table_name(table)):
            made = [template.expand(row) for template in (about, predicate, value)]
            if all(made):
                s, p, o = (term[1:-1] for term in made if term)
                yield Statement(None, s, "I", p, "I", o)


def _parsed(lines: Iterable[tuple[str, str]]) -> Iterator[Statement]:
    """Lines of Turtle, each in a graph or in none (""), as statements."""
    for graph, texts in _parts(lines):
        text = PROLOGUE + "".join(texts).encode()
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, lenient=True):
            yield statement_of(quad, graph[1:-1] or None)


def _parts(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str]]]:
    graphs: dict[str, list[str]] = defaultdict(list)
    size = 0
    for graph, line in lines:
        graphs[graph].append(line)
        size += len(line)
        if size > _PART:
            yield from graphs.items()
            graphs, size = defaultdict(list), 0
    yield from graphs.items()


def statement_of(quad: ox.Quad | ox.Triple, graph: str | None) -> Statement:
    subject, object_ = quad.subject, quad.object
    assert not isinstance(subject, ox.Triple) and not isinstance(object_, ox.Triple)
    sk = "I" if isinstance(subject, ox.NamedNode) else "B"
    if isinstance(object_, ox.Literal):
        datatype = object_.datatype.value
        kind = f"@{object_.language}" if object_.language else datatype
        kind = INTEGER if kind in _DERIVED_INTEGERS else kind
        return Statement(graph, subject.value, sk, quad.predicate.value, kind, object_.value)
    kind = "I" if isinstance(object_, ox.NamedNode) else "B"
    return Statement(graph, subject.value, sk, quad.predicate.value, kind, object_.value)


def add_statements(
    con: duckdb.DuckDBPyConnection, statements: Iterable[Statement]
) -> list[StatementKind]:
    """Make the table of statements, each once in a graph; and what kinds of them there are."""
    names = Statement._fields
    con.execute(f"create temp table given ({', '.join(f'{name} varchar' for name in names)})")
    _insert(con, "given", names, iter(statements))
    con.execute(f"""create table statements as
        with once as (select distinct * from given),
        scales as (select p, k, sk, max(length(rtrim(split_part(o, '.', 2), '0')))::integer as scale
                   from once where k = {quoted(DECIMAL)} group by all)
        select once.*,
          case when k in ({quoted(INTEGER)}, {quoted(G_YEAR)}) then try_cast(o as hugeint)
               when k = {quoted(DECIMAL)} then try_cast(split_part(o, '.', 1)
                 || rpad(left(split_part(o, '.', 2), scale), scale, '0') as hugeint) end as n,
          case when k = {quoted(BOOLEAN)} then cast(o as boolean) end as b
        from once left join scales using (p, k, sk) order by p, k, s""")
    con.execute("drop table given")

    def stems(column: str) -> str:
        """Whole IRIs where these are few, else what they begin with."""
        begun = f"list(distinct regexp_replace({column}, '[^/#]*$', ''))"
        whole = f"list(distinct {column})"
        return f"case when count(distinct {column}) <= {_FEW} then {whole} else {begun} end"

    rows = con.execute(f"""select p, sk, k, {stems("s")}, {stems("(case when k = 'I' then o end)")},
          coalesce(max(case when k = {quoted(DECIMAL)} then length(rtrim(split_part(o, '.', 2), '0'))
            end), 0), count(*) > count(distinct (s, o)),
          bool_or(n is null and k in ({quoted(INTEGER)}, {quoted(G_YEAR)}, {quoted(DECIMAL)})),
          case when p = {quoted(_TYPE)} and k = 'I' then o else '' end as kind
        from statements group by p, sk, k, kind order by p, sk, k, kind""").fetchall()
    return [
        StatementKind(
            p, sk, k, _few(subjects), _few(objects), scale, repeated, kind, long or scale > PLACES
        )
        for p, sk, k, subjects, objects, scale, repeated, long, kind in rows
    ]


def _insert(
    con: duckdb.DuckDBPyConnection,
    table: str,
    names: Sequence[str],
    rows: Iterator[Sequence[str | None]],
) -> None:
    """Put rows into a table."""
    import pandas as pd  # loaded only where a file of rows is written

    while part := list(islice(rows, _ROWS)):
        con.register("part", pd.DataFrame(part, columns=list(names), dtype=object))
        con.execute(f'insert into "{table}" select * from part')
        con.unregister("part")


def _few(stems: Iterable[str | None]) -> frozenset[str]:
    found = {stem for stem in stems if stem is not None}
    while len(found) > _MOST_STEMS:
        longest = max(stem.count("/") for stem in found)
        found = {
            stem.rstrip("/#").rpartition("/")[0] + "/" if stem.count("/") == longest else stem
            for stem in found
        }
    return frozenset(found)


def _write_mapping(
    con: duckdb.DuckDBPyConnection, tables: Sequence[Mapping[str, Any]], profile: Profile
) -> None:
    """What the tables say and are like, beside them: who answers from the file needs no schemas."""
    text = json.dumps({"tables": tables, "profile": profile.as_json(), "families": families()})
    con.execute("create table mapping as select ? as mapping", [text])


def _all_tables(base: str) -> list[Mapping[str, Any]]:
    return [*catalogue_metadata(base)["tables"], *cube_tables(base)]
