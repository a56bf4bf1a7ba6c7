"""What ``Guarded`` takes from uvicorn, one thing at a time.

uvicorn does not promise any of it. A failure here after an upgrade says which part of
``serve/connections.py`` has to follow, or which bound pyproject.toml needs.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from yusuan.serve import connections

pytestmark = pytest.mark.smoke

METHODS = ("connection_made", "connection_lost", "data_received", "on_response_complete",
           "pause_writing", "resume_writing", "handle_websocket_upgrade", "send_400_response")  # fmt: skip
ATTRIBUTES = (
    "client",
    "conn",
    "connections",
    "cycle",
    "loop",
    "timeout_keep_alive_task",
    "transport",
)
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
REQUEST_LINE = b"GET / HTTP/1.1\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """`/` is answered at once, `/slow` after one second, `/large` with 32 MB; bodies are refused."""
    if scope["type"] == "lifespan":
        for _ in range(2):
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
        return
    status, body = 200, b"answer"
    if scope["path"] == "/slow":
        await asyncio.sleep(1)
    elif scope["path"] == "/large":
        body = b"x" * (32 << 20)
    elif scope["method"] == "POST":
        status, body = 413, b"too large"
    headers = [(b"content-length", str(len(body)).encode())]
    if status != 200:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """A server with short times and room for three connections."""
    for name, value in {"HEAD_SECONDS": 0.4, "IDLE_SECONDS": 1.6, "READ_SECONDS": 0.6}.items():
        monkeypatch.setattr(connections, name, value)
    monkeypatch.setattr(connections, "most_connections", lambda: 3)
    server = uvicorn.Server(connections.configured(app))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            deadline = time.monotonic() + 20
            while not server.started:
                assert thread.is_alive() and time.monotonic() < deadline, "uvicorn did not start"
                time.sleep(0.02)
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join(20)
    assert not connections.Guarded.waiting


@contextlib.contextmanager
def opened(address: tuple[str, int], sent: bytes = b"") -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=10) as wire:
        wire.sendall(sent)
        yield wire


def received(wire: socket.socket, enough: bytes = b"answer") -> bytes:
    """What comes until it ends with `enough` or the connection does."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while not got.endswith(enough) and (data := wire.recv(1 << 16)):
            got += data
    return got


def test_what_guarded_overrides_and_reads_is_there() -> None:
    """Elsewhere a method of another name would never be called, and nothing would tell."""
    loop = asyncio.new_event_loop()
    try:
        protocol = H11Protocol(connections.configured(app), ServerState(), {}, loop)
    finally:
        loop.close()
    missing = [name for name in METHODS if not callable(getattr(H11Protocol, name, None))]
    missing += [name for name in ATTRIBUTES if not hasattr(protocol, name)]
    assert not missing, (
        f"serve/connections.py uses what H11Protocol of uvicorn {uvicorn.__version__} lacks"
    )


@pytest.mark.parametrize("start", [b"", REQUEST_LINE], ids=["silent", "half a head"])
def test_a_head_has_a_time(address: tuple[str, int], start: bytes) -> None:
    started = time.monotonic()
    with opened(address, start) as wire:
        assert received(wire) == b""
    assert 0.3 < time.monotonic() - started < 5


def test_an_open_connection_is_used_again_and_has_a_time_between_requests_and_for_the_next_head(
    address: tuple[str, int],
) -> None:
    with opened(address) as wire:
        for _ in range(2):
            wire.sendall(GET)
            assert received(wire).endswith(b"answer")
            time.sleep(0.6)  # longer than for a head, shorter than between requests
        wire.sendall(REQUEST_LINE)
        started = time.monotonic()
        assert received(wire) == b""
        assert 0.3 < time.monotonic() - started < 5
    with opened(address, GET) as wire:
        assert received(wire).endswith(b"answer")
        started = time.monotonic()
        assert received(wire) == b""
        assert 1.3 < time.monotonic() - started < 10


def test_who_does_not_read_is_cut(address: tuple[str, int]) -> None:
    with opened(address, GET.replace(b"/ ", b"/large ")) as wire:
        time.sleep(1.5)
        assert len(received(wire)) < 32 << 20


def test_a_slow_answer_has_no_time(address: tuple[str, int]) -> None:
    with opened(address, GET.replace(b"/ ", b"/slow ")) as wire:
        assert received(wire).endswith(b"answer")


def test_who_waits_longest_makes_room_and_not_who_is_being_answered(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 30.0)
    with contextlib.ExitStack() as stack:
        answered = stack.enter_context(opened(address, GET.replace(b"/ ", b"/slow ")))
        time.sleep(0.3)
        first, second = (stack.enter_context(opened(address, REQUEST_LINE)) for _ in range(2))
        time.sleep(0.3)
        last = stack.enter_context(opened(address, GET))
        assert received(last).endswith(b"answer")
        assert received(first) == b""
        second.sendall(GET.removeprefix(REQUEST_LINE))
        assert received(second).endswith(b"answer")
        assert received(answered).endswith(b"answer")


def test_who_still_sends_a_body_reads_why_it_was_refused(address: tuple[str, int]) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n\r\n"
    with opened(address, head) as wire, contextlib.suppress(ConnectionError):
        for _ in range(20):
            wire.sendall(b"x" * 50_000)
        assert received(wire, b"too large").startswith(b"HTTP/1.1 413")


def test_a_head_of_many_lines_is_cut(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_MOST_LINES", 50)
    with opened(address, REQUEST_LINE + b"X: y\r\n" * 60) as wire:
        assert received(wire) == b""


def test_there_are_no_web_sockets(address: tuple[str, int]) -> None:
    """They have no times of ours: whoever asks for one gets an answer in plain HTTP."""
    asks = (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")  # fmt: skip
    with opened(address, asks) as wire:
        assert received(wire).startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
