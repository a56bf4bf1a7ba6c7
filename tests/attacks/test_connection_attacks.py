"""Slow clients and long bodies: neither stops the service, nor fills the memory or the log."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.attacks.bodies import BODIES, send
from tests.attacks.connections import KINDS, attacked
from tests.attacks.serving import Served, served
from tests.representative import few_or
from yusuan import Package
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


def test_small_answers_are_sent_at_once() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            # asyncio sets TCP_NODELAY on sockets whose protocol it knows.
            assert accepted.proto == socket.IPPROTO_TCP


def test_connections_leave_files_for_everything_else() -> None:
    import resource

    assert 20 <= most_connections() < resource.getrlimit(resource.RLIMIT_NOFILE)[0]
