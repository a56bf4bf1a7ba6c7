"""Attacks on the endpoint: each gets a clear error in time, never part of an answer, and the
service answers the next visitor at once."""

import gzip
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.representative import few_or
from yusuan.sparql import QueryPool, Request, Response, handle

ENDPOINT = "https://example.org/-/sparql"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/amount> ?o }"
LIMIT = 0.5  # seconds of a query
MEMORY = 256 << 20

Statuses = tuple[int, ...]
SYNTAX: Statuses = (400,)
REFUSED: Statuses = (403,)
# Which limit a query meets first depends on the machine: time, memory, the size of the result,
# or the stack of the engine.
STOPPED: Statuses = (422, 500, 503)
LATE: Statuses = (503,)

ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
LONG = "x" * 1000


def filtered(condition: str) -> str:
    return "SELECT * { ?s ?p ?o FILTER(" + condition + ") }"


def doubled(function: str, times: int) -> str:
    """A text that grows at each step."""
    steps = " ".join(f"BIND({function.replace('@', f'?v{i}')} AS ?v{i + 1})" for i in range(times))
    return f"SELECT (STRLEN(?v{times}) AS ?n) {{ BIND('{LONG}' AS ?v0) {steps} }}"


def nested(opening: str, closing: str, times: int, core: str = "?s ?p ?o") -> str:
    return "SELECT * { " + opening * times + core + closing * times + " }"


def subqueries(times: int) -> str:
    return nested("{ SELECT * { ?a ?b ?c . ", " } }", times, ALL)


BRACKETS = {
    "nested braces": (nested("{", "}", 5000), SYNTAX),
    "nested parentheses": (filtered("(" * 5000 + "1" + ")" * 5000), SYNTAX),
    "nested paths": ("ASK { ?s " + "(" * 5000 + "<a:b>" + ")*" * 5000 + " ?o }", SYNTAX),
    "nested collections": ("ASK { ?s ?p " + "( " * 5000 + "1" + " )" * 5000 + " }", SYNTAX),
    "nested blank nodes": ("ASK { ?s ?p " + "[ ?p " * 5000 + "1" + "]" * 5000 + " }", SYNTAX),
    "nested functions": (filtered("STR(" * 5000 + "?o" + ")" * 5000), SYNTAX),
    "nested optionals": (nested("OPTIONAL { ", " }", 5000), SYNTAX),
    "nested unions": (nested("{ {} UNION { ", " } }", 5000), SYNTAX),
    "nested subqueries": (nested("{ SELECT * { ", " } }", 5000), SYNTAX),
    "nested minus": (nested("?s ?p ?o MINUS { ", " }", 5000), SYNTAX),
    "nested exists": (nested("FILTER EXISTS { ", " }", 5000), SYNTAX),
    "quoted triples": ("ASK { " + "<<" * 5000 + " }", SYNTAX),
    "braces never closed": ("SELECT * " + "{" * 50_000, SYNTAX),
    "braces never opened": ("SELECT * " + "}" * 50_000, SYNTAX),
    "braces behind escapes": (r"SELECT * " + r"\u007B" * 5000, SYNTAX),
}
LENGTH = {
    "a long literal": ("ASK { ?s ?p '" + "x" * 200_000 + "' }", SYNTAX),
    "a long IRI": ("ASK { ?s ?p <http://e/" + "x" * 200_000 + "> }", SYNTAX),
    "a long variable": ("ASK { ?s ?p ?" + "x" * 200_000 + " }", SYNTAX),
    "a long comment": ("#" + "x" * 200_000 + "\nASK {}", SYNTAX),
    "a function of somebody else's": ("SELECT (<http://127.0.0.1:1/f>('x') AS ?x) {}", SYNTAX),
    "a literal never closed": ("ASK { ?s ?p '" + "x" * 90_000, SYNTAX),
    "huge VALUES": ("SELECT * { VALUES ?x { " + "1 " * 200_000 + "} }", (413,)),
    "a long sum": (filtered("1+" * 40_000 + "1"), STOPPED),
    "many negations": (filtered("!" * 90_000 + "1"), STOPPED),
    "many unions": ("SELECT * { " + "{ ?a ?b ?c } UNION " * 5000 + "{} }", STOPPED),
    "many optionals": ("SELECT * { " + "OPTIONAL { ?a ?b ?c } " * 4000 + "}", STOPPED),
    "many triples": (
        "SELECT * { " + "".join(f"?s ?p{i} ?o{i} . " for i in range(1000)) + "}",
        STOPPED,
    ),
    "a long path": ("ASK { ?s " + "<a:b>/" * 5000 + "<a:b> ?o }", STOPPED),
    "a long disjunction": (filtered("||".join(["?o=1"] * 15_000)), STOPPED),
}
PRODUCTS = {
    "a cartesian product": (f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}", LATE),
    "a sorted product": (f"SELECT * {{ {ALL} }} ORDER BY ?c ?f ?i LIMIT 1", STOPPED),
    "a distinct product": (f"SELECT DISTINCT * {{ {ALL} }}", STOPPED),
    "a grouped product": (
        f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {ALL} }} GROUP BY ?a ?d ?g",
        STOPPED,
    ),
    "a product in subqueries": (subqueries(20), STOPPED),
    "a product of optionals": (
        "SELECT (COUNT(*) AS ?n) { "
        + "".join(f"OPTIONAL {{ ?a{i} ?b{i} ?c{i} }} " for i in range(8))
        + "}",
        LATE,
    ),
    "a product of unions": (
        "SELECT (COUNT(*) AS ?n) { " + "{ ?a ?b ?c } UNION { ?d ?e ?f } " * 8 + "}",
        STOPPED,
    ),
    "a product with nothing left": (f"SELECT * {{ {ALL} FILTER(?c + ?f + ?i + ?l < -1) }}", LATE),
    "an offset without end": (f"SELECT * {{ {ALL} }} OFFSET 999999999999 LIMIT 1", LATE),
    "a VALUES product": (
        "SELECT (COUNT(*) AS ?n) { "
        + "".join(f"VALUES ?x{i} {{ {'1 ' * 1000} }} " for i in range(9))
        + "}",
        STOPPED,
    ),
    "a product in EXISTS": (
        f"SELECT (COUNT(*) AS ?n) {{ {ALL} FILTER NOT EXISTS {{ ?c ?m ?l . ?f ?n ?i }} }}",
        LATE,
    ),
    "a product in MINUS": (f"SELECT (COUNT(*) AS ?n) {{ ?a ?p ?o MINUS {{ {ALL} }} }}", STOPPED),
    "a product over all graphs": (
        "SELECT (COUNT(*) AS ?n) { GRAPH ?x { ?a ?b ?c } GRAPH ?y { ?d ?e ?f } GRAPH ?z { ?g ?h ?i } }",
        LATE,
    ),
    "a paired comparison": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?c) < STR(?f) && CONTAINS(STR(?i), STR(?a))) }",
        LATE,
    ),
    "a path explosion": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<a:b>|^!<a:b>)* ?b . ?c (!<a:b>|^!<a:b>)* ?d . ?e (!<a:b>|^!<a:b>)* ?f }",
        STOPPED,
    ),
    "a path of paths": (
        "SELECT (COUNT(*) AS ?n) { ?a (((!<a:b>|^!<a:b>)*/(!<a:b>|^!<a:b>)*)*/(!<a:b>|^!<a:b>)*)* ?b . ?c (!<a:b>|^!<a:b>)* ?d . ?e ?f ?g }",
        STOPPED,
    ),
    "a path from nowhere": (
        "SELECT (COUNT(*) AS ?n) { ?a <a:b>* ?b . ?c <a:b>* ?d . ?e <a:b>? ?f }",
        LATE,
    ),
}
GROWTH = {
    "doubling text": (doubled("CONCAT(@, @)", 24), STOPPED),
    "replacing text": (doubled(f"REPLACE(@, 'x', '{'x' * 100}')", 8), STOPPED),
    "encoding text": (doubled("ENCODE_FOR_URI(CONCAT(@, '%', @))", 24), STOPPED),
    "a replacement bomb": (
        f"SELECT (REPLACE('{'a' * 9000}', 'a?', '{'x' * 60_000}') AS ?x) {{}}",
        STOPPED,
    ),
    "joined text": (f"SELECT (GROUP_CONCAT(STR(?l)) AS ?n) {{ {ALL} }}", STOPPED),
    "joined long text": (
        f"SELECT (GROUP_CONCAT(?x; SEPARATOR='{LONG}') AS ?n) {{ ?a ?b ?c . ?d ?e ?f BIND('{LONG}' AS ?x) }}",
        STOPPED,
    ),
    "distinct sums": (f"SELECT (SUM(DISTINCT ?x) AS ?n) {{ {ALL} BIND(RAND() AS ?x) }}", STOPPED),
    "hashes of everything": (
        f"SELECT (MAX(SHA512(CONCAT(STR(?c), '{LONG}', STR(?f), STR(?i)))) AS ?n) {{ {ALL} }}",
        LATE,
    ),
    "a regex for every row": (
        f"SELECT (COUNT(*) AS ?n) {{ {ALL} FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?i), STR(?l), '{LONG}'), '^(x+x+)+y$')) }}",
        LATE,
    ),
    "a new regex for every row": (
        f"SELECT (COUNT(*) AS ?n) {{ {ALL} FILTER(REGEX('{LONG}', CONCAT('(x{{1,50}}){{1,50}}', STR(?c), STR(?f)))) }}",
        LATE,
    ),
    "a large result": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", (422,)),
    "a large graph": ("CONSTRUCT { ?a ?d ?c . ?a ?e ?f } WHERE { ?a ?b ?c . ?d ?e ?f }", STOPPED),
    "a graph of new nodes": (
        "CONSTRUCT { [] ?b [ ?e [ ?h ?i ] ] } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        STOPPED,
    ),
    "a description of everything": (f"DESCRIBE * {{ {ALL} }}", STOPPED),
}
OUTSIDE = {
    "SERVICE": ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    "SERVICE in mixed case": (
        "SELECT * { sErViCe SILENT <http://127.0.0.1/> { ?s ?p ?o } }",
        REFUSED,
    ),
    "SERVICE after a comment": (
        "SELECT * { #\rSERVICE#\n<http://127.0.0.1/> { ?s ?p ?o } }",
        REFUSED,
    ),
    "SERVICE escaped": (r"SELECT * { \u0053ERVICE <http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    "SERVICE with a long s": ("SELECT * { ſERVICE <http://127.0.0.1/> { ?s ?p ?o } }", REFUSED),
    "SERVICE with a variable": ("SELECT * { ?x ?p ?o SERVICE ?x { ?s ?q ?r } }", REFUSED),
    "SERVICE in a subquery": (
        "SELECT * { { SELECT * { OPTIONAL { SERVICE<http://127.0.0.1/>{ ?s ?p ?o } } } } }",
        REFUSED,
    ),
    "SERVICE in EXISTS": ("ASK { FILTER EXISTS { SERVICE <file:///etc/passwd> {} } }", REFUSED),
    "SERVICE glued to a prefix": (
        "PREFIX e: <http://127.0.0.1/> SELECT * { SERVICEe:x { ?s ?p ?o } }",
        REFUSED,
    ),
    "LOAD": ("LOAD <file:///etc/passwd>", REFUSED),
    "LOAD into a graph": (
        "PREFIX e: <a:b> load silent <http://127.0.0.1/> INTO GRAPH e:x",
        REFUSED,
    ),
    "LOAD after a query": ("ASK {} ; LOAD <file:///etc/passwd>", SYNTAX),
    "INSERT": ("INSERT DATA { <a:a> <a:b> <a:c> }", REFUSED),
    "DELETE": ("#\nDELETE WHERE { ?s ?p ?o }", REFUSED),
    "CLEAR after a base": ("BASE <http://e/> CLEAR ALL", REFUSED),
    "an update after a query": ("ASK {} ; DELETE WHERE { ?s ?p ?o }", SYNTAX),
    "a NUL": ("ASK { \0 }", SYNTAX),
    "a lone surrogate": (r"ASK { ?s ?p '\uD800' }", SYNTAX),
    "two readings": ("SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }", (400, 403)),
}
ATTACKS = {**BRACKETS, **LENGTH, **PRODUCTS, **GROWTH, **OUTSIDE}


@pytest.fixture(scope="module")
def guarded(store: Path) -> Iterator[QueryPool]:
    with QueryPool(store, timeout=LIMIT, memory=MEMORY, max_bytes=1 << 20) as pool:
        yield pool


@pytest.fixture(scope="module")
def hasty(store: Path) -> Iterator[QueryPool]:
    """For queries that would take hours: they are late sooner here."""
    limit = few_or(LIMIT / 2, LIMIT)
    with QueryPool(store, timeout=limit, memory=MEMORY, max_bytes=1 << 20) as pool:
        yield pool


def ask(pool: QueryPool, query: str) -> Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"query": query}, errors="surrogatepass").encode()
    response = handle(Request("POST", "", headers, body), pool, ENDPOINT)
    assert response is not None
    return response


def serves(pool: QueryPool) -> bool:
    """Whether a visitor is answered within two seconds, with all there is."""
    started = time.monotonic()
    found = json.loads(ask(pool, COUNT).body)["results"]["bindings"][0]["n"]["value"]
    return found == "4" and time.monotonic() - started < 2


def test_there_are_many_attacks() -> None:
    assert len(ATTACKS) >= 40
    assert len({query for query, _ in ATTACKS.values()}) == len(ATTACKS)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_an_error_in_time_and_harms_nobody(
    guarded: QueryPool, hasty: QueryPool, name: str
) -> None:
    query, expected = ATTACKS[name]
    pool = hasty if name in PRODUCTS else guarded
    assert serves(pool)
    started = time.monotonic()
    response = ask(pool, query)
    took = time.monotonic() - started
    sentence = response.body.decode()
    assert response.status in expected, sentence[:300]
    assert response.headers["Content-Type"].startswith("text/plain")
    assert sentence.endswith(".\n") and "Traceback" not in sentence
    assert took < LIMIT + 1
    assert serves(pool)


@pytest.mark.parametrize("header", ["Accept", "Accept-Encoding", "If-None-Match"])
def test_a_long_header_costs_little(guarded: QueryPool, header: str) -> None:
    assert serves(guarded)
    headers = {header: "*/*, " + ",".join(f"a{i}/b;q=0.{i}" for i in range(10_000))}
    started = time.process_time()
    response = handle(Request("GET", urlencode({"query": COUNT}), headers), guarded, ENDPOINT)
    assert response is not None and response.status == 200
    assert time.process_time() - started < 1


def test_a_compressed_body_is_not_unpacked(guarded: QueryPool) -> None:
    bomb = gzip.compress(b"ASK {} #" + b" " * (100 << 20), 1)[:390_000]
    headers = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    response = handle(Request("POST", "", headers, bomb), guarded, ENDPOINT)
    assert response is not None and response.status == 400
    assert b"UTF-8" in response.body


def test_a_flood_is_turned_away_and_passes(store: Path) -> None:
    slow = PRODUCTS["a cartesian product"][0]
    with (
        QueryPool(store, timeout=LIMIT, wait=0.2, memory=MEMORY) as pool,
        ThreadPoolExecutor(12) as threads,
    ):
        assert serves(pool)
        started = time.monotonic()
        answers = list(threads.map(lambda _: ask(pool, slow), range(24)))
        # Two at a time run to their limit, those that wait in vain are told to come again.
        assert {answer.status for answer in answers} == {503}
        assert any("Retry-After" in answer.headers for answer in answers)
        assert time.monotonic() - started < 12 * (LIMIT + 1)
        assert serves(pool)
