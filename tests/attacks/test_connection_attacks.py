"""Slow clients and long bodies: neither stops the service, nor fills the memory or the log."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.attacks.bodies import BODIES, send
from tests.attacks.connections import KINDS, attacked
from tests.attacks.serving import Served, served
from tests.representative import few_or
from yusuan import Package
from yusuan.serve import visitor_limits
from yusuan.serve.connections import listening, most_connections

FILES = 450
"""The server may have so many open; the connections of an attack are more than that."""
NUMBER = 450

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such limits")


@pytest.fixture(scope="module")
def server(package: Package) -> Iterator[Served]:
    with served(package.folder, FILES) as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_a_visitor_is_served_beside_slow_clients(server: Served, kind: str) -> None:
    logged = server.logged()
    path = "/-/versions.json"
    found = asyncio.run(attacked(server.url, kind, NUMBER, few_or(1.8, 3), path))
    assert found.failures == []
    assert found.answers and found.slowest < 10
    if kind != "no-reader":  # who does not even see that the connection was cut
        assert found.open < NUMBER  # some had to make room
    assert server.logged() - logged < 10_000


@pytest.fixture(scope="module")
def unended(server: Served) -> Iterator[Future[float]]:
    """The seconds after which a connection is cut whose head does not end: it waits meanwhile."""

    def waited() -> float:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as wire:
            wire.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
            wire.settimeout(20)
            started = time.monotonic()
            with contextlib.suppress(ConnectionResetError):
                assert wire.recv(1) == b""
            return time.monotonic() - started

    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(waited)


@pytest.mark.usefixtures("unended")
@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_refused_before_it_has_come(server: Served, name: str) -> None:
    before = server.peak()
    met = send(server.url, BODIES[name])
    assert met.failure(BODIES[name]) is None
    assert server.peak() - before < 20 << 20


def test_a_head_that_does_not_end_is_not_waited_for(unended: Future[float]) -> None:
    assert 5 < unended.result() < 15


def answers(server: Served, request: bytes) -> list[bytes]:
    """The statuses of all answers, until the server closes or for a second."""
    host, port = server.url.removeprefix("http://").split(":")
    found = b""
    with socket.create_connection((host, int(port))) as wire, contextlib.suppress(TimeoutError):
        wire.sendall(request)
        wire.settimeout(1)
        while piece := wire.recv(1 << 16):
            found += piece
    return re.findall(rb"HTTP/1\.1 (\d+)", found)


def test_what_is_hidden_in_a_body_is_no_request(server: Served) -> None:
    """Where a body ends is said in two ways: a proxy may understand the other one."""
    hidden = b"GET /-/versions HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head = b"POST /-/sparql HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n"
    assert answers(server, head + b"\r\n0\r\n\r\n" + hidden) == [b"415", b"200"]
    both = head + b"Content-Length: %d\r\n\r\n0\r\n\r\n" % (5 + len(hidden)) + hidden
    assert answers(server, both) == [b"400"]


@pytest.mark.parametrize("path", ["/search", "/budget/facts.json", "/budget"])
def test_parameters_are_so_many_at_most(server: Served, path: str) -> None:
    """Each page reads all of them again for each of them: 2,000 kept the site busy for ten seconds."""
    few, many = ("&".join(["_col=fact"] * number) for number in (200, 201))
    assert httpx.get(f"{server.url}{path}?{few}", timeout=30).status_code == 200
    refused = httpx.get(f"{server.url}{path}?{many}", timeout=30)
    assert refused.status_code == 400 and "200 parameters" in refused.text


@pytest.mark.parametrize("begun", [True, False])
def test_an_answer_that_cannot_be_finished_ends_without_a_word(begun: bool) -> None:
    """Datasette would write why into the CSV, as if it were data, and a line for each into the log."""
    sent: list[Any] = []

    async def page(scope: Any, receive: Any, send: Any) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            visit = visitor_limits._VISIT.get()
            assert visit is not None
            visit.fails(busy=True)
            raise ValueError("busy")
        except Exception as error:
            await send({"type": "http.response.body", "body": str(error).encode()})

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ("::1", 1)}
    asyncio.run(visitor_limits.guarded(page)(scope, None, send))
    assert sent == ([b""] if begun else [b"busy"])


def test_small_answers_are_sent_at_once() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            # asyncio sets TCP_NODELAY on sockets whose protocol it knows.
            assert accepted.proto == socket.IPPROTO_TCP


def test_connections_leave_files_for_everything_else() -> None:
    import resource

    assert 20 <= most_connections() < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
