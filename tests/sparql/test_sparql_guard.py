"""What may go to the parser, judged from the tokens alone."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.sparql import guard
from yusuan.sparql.errors import BadQuery, QueryRefused, SparqlError


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service ?p 'SERVICE' }",
        'ASK { ?s ?p """a "quoted" SERVICE""" } # SERVICE',
        "ASK { ?s <http://example.org/SERVICE#x> ?o }",
        "PREFIX ex: <http://e/> ASK { ?s ex:service ex:public-service }",
        "SELECT * { ?s ?p ?o FILTER(?s < ?p && ?o > 1) }",
        "PREFIX insert: <http://e/> SELECT * { insert:a ?p 'DELETE WHERE' }",
        "ASK { ?部门 ?p '服务'@zh-Hans }",
        r"ASK { ?s ?p 'it\'s fine \u4E00' }",
        "SELECT * { VALUES (?x ?y) { (<http://e/a#b> <http://e/c#d>) } }",
        "SELECT * { VALUES (?x ?y) { (<urn:a:b> <urn:c:d>) } }",
        "ASK {" + "{" * 98 + "}" * 98 + "}",
    ],
)
def test_ordinary_queries_pass(query: str) -> None:
    assert guard.check(query).text == query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { sErViCe SILENT <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE#comment\n<http://e/>{ ?s ?p ?o } }",
        "SELECT * { # it's a quote\nSERVICE <http://e/> { ?s ?p ?o } }",
        r"SELECT * { \u0053ERVICE <http://e/> { ?s ?p ?o } }",
        r"SELECT * { S\U00000045RVICE <http://e/> { ?s ?p ?o } }",
        r"SELECT * { ?s ?p 'a\u0027 SERVICE <http://e/> {} #' }",
        # The parser needs no space after a keyword:
        "PREFIX ex: <http://e/> SELECT * { SERVICEex:a { ?s ?p ?o } }",
        "PREFIX : <http://e/> SELECT * { service:a { ?s ?p ?o } }",
        "PREFIX : <http://e/> SELECT * { ?s ?p 1SERVICE:a { ?s ?p ?o } }",
        "PREFIX e: <http://e/> SELECT * { ?s ?p e:o.SERVICE?x { ?s ?p ?o } }",
        # "ſ" is an "s" to whoever ignores case:
        "SELECT * { ſERVICE <http://e/> { ?s ?p ?o } }",
    ],
)
def test_service_is_found_however_it_is_spelt(query: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE is not allowed"):
        guard.check(query)


@pytest.mark.parametrize(
    "query",
    [
        # One reader sees an IRI, another a comparison and a comment.
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
        'SELECT * { ?a ?b ?c FILTER(?a<e:b#>"""\n) SERVICE <http://e/> { ?s ?p ?o } #"""\n}',
        "SELECT * { ?a ?b ?c FILTER(?a<<http://e/> && ?c<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(1<?b-'''>\n) SERVICE <http://e/> { } #'''\n}",
    ],
)
def test_text_that_could_be_an_iri_or_a_comparison_is_refused(query: str) -> None:
    with pytest.raises(BadQuery, match="ambiguous"):
        guard.check(query)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "delete where { ?s ?p ?o }",
        "PREFIX ex: <http://e/> # note\nLOAD <file:///etc/passwd>",
        "BASE <http://e/> CLEAR ALL",
        "WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP ALL",
        "CREATE GRAPH <http://e/>",
        "COPY <a:a> TO <a:b>",
    ],
)
def test_updates_are_refused_as_such(update: str) -> None:
    with pytest.raises(QueryRefused, match="read-only"):
        guard.check(update)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "empty"),
        ("ASK { ?s ?p '" + "x" * 100_000 + "' }", "at most 100000"),
        ("ASK " + "{" * 5000 + "}" * 5000, "100 deep"),
        ("ASK { FILTER(" + "(" * 5000 + "1", "100 deep"),
        ("ASK { ?s ?p " + "[" * 101, "100 deep"),
        ("ASK { ?s ?p " + "<<" * 101, "100 deep"),
        ("ASK { " + "{>>" * 5000, "100 deep"),
        ("ASK { ?s ?p 'open }", "never closed"),
        ("ASK { ?s ?p '\ud800' }", "Unicode"),
        (r"ASK { ?s ?p '\uD800' }", "not a Unicode character"),
    ],
)
def test_unreadable_queries_are_bad(query: str, sentence: str) -> None:
    with pytest.raises(BadQuery, match=sentence):
        guard.check(query)


def test_brackets_in_strings_iris_and_comments_do_not_nest() -> None:
    guard.check("ASK { ?s <http://e/((> '" + "(" * 500 + "' } #" + "{" * 500)


def test_a_from_clause_is_noticed() -> None:
    assert guard.check("SELECT * FROM <http://e/> { ?s ?p ?o }").has_from
    assert guard.check("SELECT (1 AS ?x)FROM NAMED<http://e/>{}").has_from
    assert not guard.check("PREFIX from: <http://e/> ASK { ?from from:a 'FROM' }").has_from


@pytest.mark.parametrize("unit", ["a.", "<", "<a", "'", '"""', "\\", "@a-", "a:%", "\\u0041", "-"])
def test_the_check_is_linear(unit: str) -> None:
    """Quadratic work on 90 kB would take minutes of processor time, not seconds."""
    started = time.process_time()
    with contextlib.suppress(SparqlError):
        guard.check("ASK " + unit * (90_000 // len(unit)))
    assert time.process_time() - started < 10


@given(st.text(alphabet=list("SERVICEservice<>\"'#{}()[]?:@^\\ \n.u05"), max_size=60))
def test_any_text_is_judged_without_surprise(text: str) -> None:
    try:
        assert guard.check(text).text == text
    except (BadQuery, QueryRefused) as error:
        assert str(error).endswith(".")
