"""The W3C's tests of SPARQL 1.1 queries, translated to SQL over their data as a table of statements.

``python -m benchmarks.w3c_sparql FOLDER`` (the folder of the tests, in YUSUAN_REFERENCE
``w3c/sparql11``) counts, by folder of tests, which queries are translated and whether their answers
are those of Oxigraph: the same multiset of solutions, or the same graph.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyoxigraph as ox

from yusuan.virtual_graph.algebra import translate
from yusuan.virtual_graph.answers import MACROS, solutions
from yusuan.virtual_graph.mapping import Profile, VirtualGraph
from yusuan.virtual_graph.patterns import Dataset
from yusuan.virtual_graph.relations import NotTranslated
from yusuan.virtual_graph.rows import Statement, add_statements, statement_of

_MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QUERY = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


class QueryTest(NamedTuple):
    """A query with the files of its default graph and of its named ones."""

    name: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]


def query_tests(folder: Path) -> Iterator[QueryTest]:
    """All tests of the answers to queries below a folder."""
    for manifest in sorted(folder.rglob("manifest.ttl")):
        about: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        base = manifest.resolve().as_uri()
        for quad in ox.parse(path=str(manifest), format=ox.RdfFormat.TURTLE, base_iri=base):
            about[quad.subject][quad.predicate.value].append(quad.object)
        for subject, said in about.items():
            if ox.NamedNode(f"{_MANIFEST}QueryEvaluationTest") not in said[_TYPE.value]:
                continue
            action = about[said[f"{_MANIFEST}action"][0]]
            if not action[f"{_QUERY}query"] or action[f"{_QUERY}serviceData"]:
                continue
            query, data, graphs = (
                [Path(str(each).strip("<>").removeprefix("file://")) for each in action[name]]
                for name in (f"{_QUERY}query", f"{_QUERY}data", f"{_QUERY}graphData")
            )
            name = f"{manifest.parent.name}/{str(subject).strip('<>').rpartition('#')[2]}"
            yield QueryTest(name, query[0], tuple(data), tuple(graphs))


def loaded(test: QueryTest) -> ox.Store:
    """The data of a test in a store."""
    store = ox.Store()
    for files, named in ((test.data, False), (test.graphs, True)):
        for file in files:
            format_ = ox.RdfFormat.from_extension(file.suffix[1:])
            graph = ox.NamedNode(file.as_uri()) if named else ox.DefaultGraph()
            store.bulk_load(path=str(file), format=format_, base_iri=file.as_uri(), to_graph=graph)
    return store


def rows_of(store: ox.Store) -> tuple[duckdb.DuckDBPyConnection, VirtualGraph]:
    """The quads of a store as a table of statements, and its virtual graph."""
    con = duckdb.connect(config={"threads": 1})
    con.execute(MACROS)
    kinds = add_statements(con, _statements(store))
    return con, VirtualGraph.of_tables((), Profile(statements=tuple(kinds)))


def _statements(store: ox.Store) -> Iterator[Statement]:
    for quad in store:
        graph = quad.graph_name
        yield statement_of(quad, graph.value if isinstance(graph, ox.NamedNode) else None)


def outcome(test: QueryTest) -> str:
    """``equal``, ``different``, ``not translated``, or ``no test`` where Oxigraph has no answer."""
    store = loaded(test)
    text, base = test.query.read_text("utf-8"), test.query.as_uri()
    try:
        expected = store.query(text, base_iri=base)
        if not isinstance(expected, ox.QuerySolutions):
            return _other_form(store, expected, text, base)
        names = [variable.value for variable in expected.variables]
        rows = [tuple(solution[place] for place in range(len(names))) for solution in expected]
        del expected  # it must end in this thread, not with the traceback of what is raised below
    except (ValueError, SyntaxError, RuntimeError):
        return "no test"
    con, graph = rows_of(store)
    try:
        translation = translate(text, graph, Dataset(unnamed_only=True), base)
    except NotTranslated as reason:
        return f"not translated: {reason}"
    found = list(solutions(con, translation))
    order = [translation.variables.index(name) for name in names]
    return "equal" if Counter(map(_seen, rows)) == Counter(
        _seen(tuple(row[place] for place in order)) for row in found
    ) else "different"  # fmt: skip


def _other_form(store: ox.Store, expected: object, text: str, base: str) -> str:
    if not isinstance(expected, ox.QueryBoolean):
        return "not translated: another form"
    con, graph = rows_of(store)
    try:
        translation = translate(text, graph, Dataset(unnamed_only=True), base)
    except NotTranslated as reason:
        return f"not translated: {reason}"
    found = any(True for _ in solutions(con, translation))
    return "equal" if found == bool(expected) else "different"


def _seen(row: tuple[object, ...]) -> tuple[object, ...]:
    """A solution for comparing: blank nodes have no names, and numbers no spelling."""
    return tuple("_:" if isinstance(term, ox.BlankNode) else _plain(term) for term in row)


def _plain(term: object) -> object:
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#decimal"):
        whole, point, places = term.value.partition(".")
        return whole + (point + places).rstrip("0").rstrip("."), "decimal"
    return term


def main() -> None:
    folder = Path(sys.argv[1])
    by_folder: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    for test in query_tests(folder):
        result = outcome(test)
        by_folder[test.name.partition("/")[0]][result.partition(":")[0]] += 1
        if result.startswith("not"):
            reasons[result] += 1
        if result == "different":
            print(test.name, result)
    for name, counts in sorted(by_folder.items()):
        print(name, dict(counts))
    print(dict(sum(by_folder.values(), Counter())))
    for reason, count in reasons.most_common(40):
        print(count, reason)


if __name__ == "__main__":
    main()
