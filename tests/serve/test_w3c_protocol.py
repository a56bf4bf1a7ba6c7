"""All W3C tests of the SPARQL 1.1 Protocol, on the handler and on a running server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
import rdflib

from tests.serve.conftest import Server
from tests.serve.w3c import protocol, senders
from tests.serve.w3c.protocol import Answer, Case, Send, Sent
from tests.serve.w3c.service import SD, schema_problems, service_problems
from yusuan import Package
from yusuan.graph.prefixes import PREFIXES
from yusuan.sparql import QueryPool

CASES = protocol.protocol_cases()
QUERIES = [case for case in CASES if not case.is_update]
UPDATES = [case for case in CASES if case.is_update]
SERVICE = protocol.service_cases()
WITHOUT = f"the W3C tests are not at {protocol.FOLDER} (set YUSUAN_W3C)"
needs_them = pytest.mark.skipif(not CASES, reason=WITHOUT)


@pytest.fixture(scope="module", params=["handler", "server"])
def endpoint(
    request: pytest.FixtureRequest,
    package: Package,
    tmp_path_factory: pytest.TempPathFactory,
    start: Callable[[Package], AbstractContextManager[Server]],
) -> Iterator[tuple[Send, str]]:
    """How to send a request, and the address of the service."""
    folder = tmp_path_factory.mktemp("w3c")
    if request.param == "handler":
        protocol.build_store(folder / "store")
        with QueryPool(folder / "store", prefixes=PREFIXES) as pool:
            yield senders.to_handler(pool), senders.ENDPOINT
    else:
        with start(senders.package_with_their_data(package, folder / "package")) as server:
            url = f"{server.url}/-/sparql"
            yield senders.over_http(url), url


@needs_them
def test_the_manifests_are_read_whole() -> None:
    assert (len(QUERIES), len(UPDATES), len(SERVICE)) == (20, 14, 3)
    assert sum(len(case.requests) for case in CASES) == 39
    full = next(case for case in CASES if case.name == "query_dataset_full").requests[0]
    assert full.query_string.count("graph-uri=") == 3 and full.boolean is True


@needs_them
@pytest.mark.parametrize("case", QUERIES, ids=lambda case: case.name)
def test_a_query_test_of_the_w3c_passes(endpoint: tuple[Send, str], case: Case) -> None:
    assert protocol.problems(case, endpoint[0]) == []


@needs_them
@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_an_update_test_of_the_w3c_is_refused(endpoint: tuple[Send, str], case: Case) -> None:
    assert protocol.update_problems(case, endpoint[0]) == []


@needs_them
@pytest.mark.parametrize("test", SERVICE)
def test_a_service_description_test_of_the_w3c_passes(
    endpoint: tuple[Send, str], test: str
) -> None:
    send, address = endpoint
    get = Sent("GET", "", {}, b"", (2,), None, None)
    assert service_problems(test, lambda: send(get), address) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(500, "text/plain", b""), "status 500"),
        (Answer(200, "text/html", b""), "text/html is no boolean"),
        (Answer(200, "application/sparql-results+json", b'{"boolean": false}'), "not True"),
    ],
)
def test_a_wrong_answer_fails(answer: Answer, told: str) -> None:
    case = Case("query", "", (Sent("GET", "", {}, b"", (2, 3), "boolean", True),))
    (problem,) = protocol.problems(case, lambda _: answer)
    assert told in problem


def test_an_update_that_is_carried_out_fails() -> None:
    ask = Sent("POST", "", {}, b"", (2,), "boolean", True)
    case = Case("update", "", (Sent("POST", "", {}, b"", (2, 3), None, None), ask))
    done = Answer(200, "application/sparql-results+json", b'{"boolean": true}')
    assert len(protocol.update_problems(case, lambda _: done)) == 3


def test_a_description_outside_the_schema_fails() -> None:
    graph = rdflib.Graph()
    service = rdflib.URIRef("http://example.org/service")
    graph.add((service, SD.feature, SD.SPARQL11Query))
    graph.add((service, SD.nonsense, service))
    told = schema_problems(graph)
    assert any("no property" in each for each in told)
    assert any("its subject is no" in each for each in told)
    assert any("no sd:Service" in each for each in told)
