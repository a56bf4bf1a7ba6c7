"""SQL over the rows gives the answers that the statements give, as multisets of terms."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
import yaml
from benchmarks.graph_queries import queries
from benchmarks.w3c_sparql import outcome, query_tests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import yusuan
from tests.conftest import ROOT
from tests.representative import few_or
from tests.virtual_graph.comparison import differs, seen
from tests.virtual_graph.queries import MadeQuery, Vocabulary, made_query
from yusuan.graph.families import families
from yusuan.graph.prefixes import PREFIXES
from yusuan.virtual_graph.answers import RowsEngine
from yusuan.virtual_graph.patterns import Dataset
from yusuan.virtual_graph.relations import NotTranslated
from yusuan.virtual_graph.rows import write_statements

QUESTIONS = sorted((ROOT / "publish" / "queries").glob("*.rq"))
EXAMPLES = yaml.safe_load((ROOT / "publish/datasette/sparql-examples.yaml").read_text("utf-8"))
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def compared(query: MadeQuery, engine: RowsEngine, statements: ox.Store) -> str:
    """What is different between the answer from the rows and that of the statements."""
    answer = engine.answer(query.whole, Dataset())
    rows = list(answer.rows)  # raises, where it does, before there are solutions to hold
    solved = statements.query(query.text, use_default_graph_as_union=True)
    assert isinstance(solved, ox.QuerySolutions)
    return differs(query, answer.variables, rows, solved)


@settings(
    max_examples=few_or(80, 1_000),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(seed=st.integers(0, 1_000_000))
def test_generated_queries(
    seed: int, engine: RowsEngine, made_of: Vocabulary, statements: ox.Store
) -> None:
    query = made_query(made_of, Random(seed))
    with suppress(NotTranslated):  # the statements answer it; how few these are is another test
        assert compared(query, engine, statements) == "", query.whole


def test_few_generated_queries_are_not_translated(engine: RowsEngine, made_of: Vocabulary) -> None:
    left = []
    for seed in range(100):
        query = made_query(made_of, Random(seed))
        try:
            engine.translation(query.whole, Dataset())
        except NotTranslated as reason:
            left.append(str(reason))
    assert len(left) <= 5, left


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda path: path.stem)
def test_questions(query: Path, corpus_engine: RowsEngine, corpus_statements: ox.Store) -> None:
    text = query.read_text("utf-8")
    assert compared(MadeQuery(text), corpus_engine, corpus_statements) == ""


@pytest.mark.parametrize("example", EXAMPLES["examples"], ids=lambda example: example["id"])
def test_examples(
    example: dict[str, str], corpus_linked: yusuan.Package, corpus_engine: RowsEngine,
    corpus_statements: ox.Store,
) -> None:  # fmt: skip
    text = PROLOGUE + example["query"].replace("${base}", corpus_linked.base)
    if "CONSTRUCT" in text:
        found = {*corpus_engine.answer(text, Dataset()).triples}
        solved = corpus_statements.query(text, use_default_graph_as_union=True)
        assert isinstance(solved, ox.QueryTriples)
        expected = {*solved}
        # A variable for a verb does not find what follows from the vocabulary.
        assert found and found <= expected
        assert {triple.predicate.value for triple in expected - found} <= {*families()}
        return
    assert compared(MadeQuery(text), corpus_engine, corpus_statements) == ""


@pytest.mark.parametrize("name", queries(""))
def test_the_queries_of_the_benchmark(
    name: str, corpus_linked: yusuan.Package, corpus_engine: RowsEngine, corpus_statements: ox.Store
) -> None:
    text = queries(corpus_linked.base)[name]
    limit = re.search(r"LIMIT (\d+)", text)
    query = MadeQuery(text[: limit.start()] if limit else text, limit and int(limit[1]))
    assert compared(query, corpus_engine, corpus_statements) == ""


WITHOUT_DEFECT = frozenset(
    f"property-path/zero_or_{steps}_set_{end}"
    for steps in ("one", "more")
    for end in ("start", "end")
)
"""Tests in which the engine of the statements is not as the W3C has it, and the rows are: a path of no
step from a node that the graph does not hold."""


def test_the_tests_of_the_w3c(reference: Path) -> None:
    tests = list(query_tests(reference / "w3c" / "sparql11"))[:: few_or(3, 1)]
    outcomes = {test.name: outcome(test) for test in tests}
    assert {name for name, found in outcomes.items() if found == "different"} <= WITHOUT_DEFECT
    assert sum(found == "equal" for found in outcomes.values()) >= few_or(38, 124)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (REPLACE('a', 'a', 'b') AS ?x) {}",
        "SELECT * { ?x <http://e/p>* ?y }",
        "SELECT (GROUP_CONCAT(?x) AS ?y) { VALUES ?x { 'a' 'b' } }",
        "SELECT * { GRAPH ?g { } }",
    ],
)
def test_what_has_no_exact_counterpart_is_not_translated(query: str, engine: RowsEngine) -> None:
    with pytest.raises(NotTranslated):
        engine.translation(query, Dataset())


def test_properties_of_one_row_are_columns_of_one_table(engine: RowsEngine) -> None:
    """No table is joined with itself, however many properties of a fact are asked for."""
    (selection,) = engine.translation(
        PROLOGUE + "SELECT ?d ?a ?c { ?f ys:rowLabel ?l ; ys:decimals 2 ; ys:amount ?a ; ys:department ?d "
        "OPTIONAL { ?f ys:economicCode ?c } }", Dataset(),
    ).selections  # fmt: skip
    assert selection.sql.count('"facts"') == 1 and "join" not in selection.sql


def test_a_graph_is_a_set(engine: RowsEngine, statements: ox.Store, made_of: Vocabulary) -> None:
    """What is said with two properties below one of others is said once with that."""
    query = MadeQuery(PROLOGUE + "SELECT ?s ?o { ?s prov:wasDerivedFrom ?o }")
    assert compared(query, engine, statements) == ""
    assert [*engine.answer(query.text, Dataset()).rows]


def test_amounts_are_exact(engine: RowsEngine) -> None:
    text = (PROLOGUE + "SELECT (SUM(?a) AS ?sum) (SUM(?a) / 3 AS ?part) (ROUND(SUM(?a) / 7) AS ?r) "
            "{ VALUES ?a { 0.1 0.2 9007199254740993.01 -0.005 } }")  # fmt: skip
    ((total, part, rounded),) = engine.answer(text, Dataset()).rows
    assert [each and each.value for each in (total, part, rounded)] == [
        "9007199254740993.305", "3002399751580331.101666666666666666", "1286742750677285",
    ]  # fmt: skip


def test_an_answer_is_read_as_it_is_seen(engine: RowsEngine) -> None:
    decimal = ox.Literal("1.50", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    assert seen(decimal) == ("1.5", "decimal") and seen(ox.BlankNode()) == seen(ox.BlankNode())


@pytest.mark.parametrize("number", ["9" * 40, f"0.{'3' * 19}"])
def test_numbers_that_sql_does_not_hold_are_left_to_the_statements(
    number: str, tmp_path: Path
) -> None:
    store, name = ox.Store(), ox.NamedNode("http://example.org/of")
    for text in ("1.5", number):
        decimal = ox.Literal(
            text, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
        )
        store.add(ox.Quad(ox.NamedNode(f"http://example.org/{text}"), name, decimal))
    write_statements(store, tmp_path / "rows.duckdb")
    with pytest.raises(NotTranslated, match="digits"):
        RowsEngine(tmp_path / "rows.duckdb", 1 << 30).translation(
            "SELECT * { ?s <http://example.org/of> ?o }", Dataset()
        )
