"""Queries through worker processes: right answers, and no harm from wrong queries."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from yusuan.sparql import (
    BadQuery,
    NotAcceptable,
    QueryPool,
    QueryTooLarge,
    QueryTooSlow,
    ServiceBusy,
    SparqlError,
    WorkerCrashed,
    choose,
)
from yusuan.workers.pool import Worker

EX = "http://example.org/"
TIMEOUT = 1.5  # of the shared pool

COUNT = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}amount> ?o }}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"
SPIN = ENDLESS.replace("COUNT(*)", "SUM(STRLEN(STR(?c5)))")


def value(body: bytes, name: str = "n") -> str:
    (row,) = json.loads(body)["results"]["bindings"]
    text: str = row[name]["value"]
    return text


@pytest.mark.smoke
def test_decimals_come_back_exactly(pool: QueryPool) -> None:
    body = pool.run(f"SELECT (SUM(?o) AS ?n) {{ ?s <{EX}amount> ?o }}").body
    assert Decimal(value(body)) == Decimal("2469135780247.21")
    assert json.loads(body)["results"]["bindings"][0]["n"]["datatype"].endswith("#decimal")


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("json", '{"head":'),
        ("xml", "<?xml"),
        ("csv", "label\r\n示例局"),
        ("tsv", '?label\n"示例局"@zh'),
    ],
)
def test_tables_in_every_format(pool: QueryPool, name: str, start: str) -> None:
    query = """
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label { ?s rdfs:label ?label } ORDER BY DESC(?s)
    """
    result = pool.run(query, choose(None, name))
    assert result.kind == "solutions"
    assert result.body.decode().startswith(start)
    assert "示例部" in result.body.decode()


@pytest.mark.smoke
@pytest.mark.parametrize("name", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_graphs_in_every_format(pool: QueryPool, name: str) -> None:
    result = pool.run(f"DESCRIBE <{EX}a>", choose(None, name))
    assert result.kind == "graph"
    assert "示例部" in result.body.decode()
    assert b"1234567890123.45" in result.body


def test_ask(pool: QueryPool) -> None:
    assert json.loads(pool.run("ASK {}").body) == {"head": {}, "boolean": True}


def test_a_format_of_the_other_family_is_not_acceptable(pool: QueryPool) -> None:
    with pytest.raises(NotAcceptable, match="returns a graph"):
        pool.run("CONSTRUCT WHERE { ?s ?p ?o }", choose("text/csv"))
    with pytest.raises(NotAcceptable, match="returns a table"):
        pool.run("SELECT * {}", choose("text/turtle"))


@pytest.mark.parametrize(
    ("clause", "default", "named", "count"),
    [
        ("", (), (), 4),
        (f"FROM <{EX}y2023>", (), (), 2),
        (f"FROM <{EX}y2023> FROM <{EX}y2024>", (), (), 4),
        (f"FROM NAMED <{EX}y2023>", (), (), 0),
        ("FROM <file:///etc/passwd>", (), (), 0),
        ("FROM <http://127.0.0.1:9/>", (), (), 0),
        ("", (EX + "y2023",), (), 2),
        ("", (), (EX + "y2023",), 0),
        (f"FROM <{EX}y2023> FROM <{EX}y2024>", (EX + "y2024",), (), 2),
    ],
)
def test_the_dataset(
    pool: QueryPool, clause: str, default: tuple[str, ...], named: tuple[str, ...], count: int
) -> None:
    query = COUNT.replace("{", clause + " {", 1)
    result = pool.run(query, default_graphs=default, named_graphs=named)
    assert value(result.body) == str(count)


def test_named_graphs_of_the_request(pool: QueryPool) -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}amount> ?o }} }}"
    assert value(pool.run(query).body) == "4"
    assert value(pool.run(query, named_graphs=[EX + "y2023"]).body) == "2"
    assert value(pool.run(query, default_graphs=[EX + "y2023"]).body) == "0"


def test_mistakes_are_explained(pool: QueryPool) -> None:
    with pytest.raises(BadQuery, match=r"not valid SPARQL 1\.1: error at 1:"):
        pool.run("SELECT WHERE")
    with pytest.raises(BadQuery, match="cannot be run"):
        pool.run("ASK {}", default_graphs=["not an IRI"])


@pytest.mark.parametrize("query", [
    "SELECT (COUNT(*) AS ?n) { ?s ex:amount ?o }",
    "PREFIX : <http://example.org/> SELECT (COUNT(*) AS ?n) { ?s (ex:amount|:none|n:none) ?o }",
    "BASE <http://other.example/> SELECT (COUNT(*) AS ?n) { ?s ex:amount ?o . FILTER(<x> != 'ex:y') }",
    "prefix n:<http://example.org/am> SELECT (COUNT(*) AS ?n) { ?s n:ount ?o }",
])  # fmt: skip
def test_known_prefixes_need_no_declaration_and_may_have_one(pool: QueryPool, query: str) -> None:
    assert value(pool.run(query).body) == "4"


def test_what_is_wrong_is_told_at_its_line_and_of_which_prefix(pool: QueryPool) -> None:
    with pytest.raises(BadQuery, match=r"error at 2:\d+: (?!.*declared)"):
        pool.run("SELECT * { ?s ex:amount ?o .\n ?o ex:b }")
    told = (
        r"error at 1:\d+\. The prefix eg: is not declared; begin the query with PREFIX eg: <…>\.$"
    )
    for query in ("ASK { ?s eg:amount ?o }", "ASK { ?s ex:amount ?o ; eg:amount ?o }"):
        with pytest.raises(BadQuery, match=told):
            pool.run(query)


DOUBLING = "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(24))
# Answered correctly, if the machine is quick enough (an invalid regex is an unbound value).
HARMLESS = {
    "nested blank nodes": "ASK { ?s ?p " + "[ ?p " * 99 + "1" + "]" * 99 + " }",
    "path explosion": "SELECT (COUNT(*) AS ?n) { ?a (!<a:b>|^!<a:b>)* ?b . ?c (!<a:b>)* ?d }",
    "a regex bomb": "ASK { ?s ?p ?o FILTER(REGEX('" + "a" * 30_000 + "!', '^(a+)+$')) }",
    "a regex of huge size": "ASK { FILTER(REGEX('a', '((a{1000}){1000}){1000}')) }",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_only_looks_hostile_is_answered_whole_or_stopped(pool: QueryPool, name: str) -> None:
    try:
        found = json.loads(pool.run(HARMLESS[name]).body)
    except SparqlError as error:
        assert 400 <= error.status < 600 and str(error).endswith(".")
    else:
        assert "boolean" in found or found["results"]["bindings"]
    assert value(pool.run(COUNT).body) == "4"


def test_reading_a_file_as_a_graph_finds_nothing(pool: QueryPool) -> None:
    query = "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"
    assert json.loads(pool.run(query).body)["results"]["bindings"] == []


def test_too_much_memory_is_named_as_the_reason(store: Path) -> None:
    doubling = f"SELECT (STRLEN(?v24) AS ?n) {{ BIND('{'x' * 1000}' AS ?v0) {DOUBLING} }}"
    with QueryPool(store, memory=64 << 20) as small, pytest.raises(QueryTooLarge, match="64 MiB"):
        small.run(doubling)


def test_a_result_is_whole_or_an_error(store: Path) -> None:
    query = "SELECT * { ?s ?p ?o }"
    with QueryPool(store) as ample:
        size = len(ample.run(query).body)
    with QueryPool(store, max_bytes=size) as exact:
        assert len(exact.run(query).body) == size
    with QueryPool(store, max_bytes=size - 1) as short, pytest.raises(QueryTooLarge, match="LIMIT"):
        short.run(query)


def test_a_slow_query_leaves_the_other_worker_free(store: Path) -> None:
    with ThreadPoolExecutor() as threads:
        with QueryPool(store, timeout=60, workers=2) as two:
            slow = threads.submit(two.run, SPIN)
            for _ in range(5):
                assert value(two.run(COUNT).body) == "4"
            assert not slow.done()
        with pytest.raises(SparqlError):
            slow.result()


def test_when_all_workers_are_taken_the_answer_is_busy(store: Path) -> None:
    with QueryPool(store, timeout=2, wait=0.1, workers=1) as one, ThreadPoolExecutor() as threads:
        slow = threads.submit(one.run, SPIN)
        time.sleep(0.5)
        with pytest.raises(ServiceBusy):
            one.run("ASK {}")
        with pytest.raises(QueryTooSlow):
            slow.result()
        assert value(one.run(COUNT).body) == "4"


def test_many_threads_share_a_pool(pool: QueryPool) -> None:
    def ask(number: int) -> str:
        return value(pool.run(f"SELECT ({number} AS ?n) {{}}").body)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(100))) == [str(n) for n in range(100)]


def test_closing_ends_running_queries(store: Path) -> None:
    closing = QueryPool(store, timeout=30)
    failures: list[SparqlError] = []

    def run() -> None:
        try:
            closing.run(SPIN)
        except SparqlError as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.7)
    closing.close()
    thread.join(15)  # well before the query's own 30 seconds
    assert not thread.is_alive()
    assert isinstance(failures[0], WorkerCrashed)
    with pytest.raises(WorkerCrashed, match="shutting down"):
        closing.run("ASK {}")


def test_a_missing_store_is_said_to_be_missing(tmp_path: Path) -> None:
    with QueryPool(tmp_path / "none") as empty, pytest.raises(WorkerCrashed, match="store"):
        empty.run("ASK {}")
    assert not (tmp_path / "none").exists()


def test_reading_leaves_the_store_as_it_was(store: Path) -> None:
    def data() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in store.iterdir() if p.suffix in (".sst", ".log")}

    before = data()
    with QueryPool(store) as fresh:
        fresh.run(COUNT)
    assert data() == before


@pytest.mark.skipif(sys.platform != "linux", reason="the lock on sockets needs Linux")
def test_a_locked_process_opens_no_connection() -> None:
    code = """
import socket
from yusuan.workers.system import forbid_sockets
forbid_sockets()
try:
    socket.socket()
except PermissionError:
    print("refused")
"""
    path = str(Path(__file__).parents[2] / "src")
    found = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, capture_output=True, text=True
    )
    assert found.stdout == "refused\n"


def test_a_worker_that_died_idle_is_replaced(store: Path) -> None:
    with QueryPool(store, workers=1) as one:
        one.run("ASK {}")
        worker = one._pool._slots.queue[0]
        assert isinstance(worker, Worker)
        worker.interrupt()
        worker._process.wait()
        assert value(one.run(COUNT).body) == "4"


def test_an_interrupted_query_does_not_answer_the_next(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with QueryPool(store, workers=1) as one:
        one.run("ASK {}")
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Worker, "_receive", interrupted)
            one.run("ASK {}")
        assert value(one.run(COUNT).body) == "4"


def test_a_rebuilt_store_is_read_afresh(tmp_path: Path) -> None:
    def build(path: Path, triples: int) -> None:
        built = ox.Store(str(path))
        name = ox.NamedNode(EX + "amount")
        built.extend(ox.Quad(ox.NamedNode(EX), name, ox.Literal(i)) for i in range(triples))
        built.flush()

    build(tmp_path / "store", 1)
    build(tmp_path / "next", 3)
    with QueryPool(tmp_path / "store", workers=1) as one:
        assert value(one.run(COUNT).body) == "1"
        (tmp_path / "store").rename(tmp_path / "old")
        (tmp_path / "next").rename(tmp_path / "store")
        assert value(one.run(COUNT).body) == "3"
