"""Requests whose heads or bodies are too long, malformed, or not what they say.

``python -m tests.attacks.bodies PACKAGE`` starts a server of the package and prints what each met.
"""

from __future__ import annotations

import contextlib
import re
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["BODIES", "Met", "send"]

_MB = 1 << 20
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
_QUERY = b"Content-Type: application/sparql-query\r\n"


@dataclass(frozen=True, slots=True)
class Body:
    """A head, then ``times`` times a part. ``statuses`` that are right; 0 is a cut connection."""

    head: bytes
    part: bytes = b""
    times: int = 0
    statuses: tuple[int, ...] = (413,)
    most: int = 8 * _MB
    """Bytes that the server may let the client send before it has said no (what the system's
    buffers hold is among them)."""


def _post(path: str, *lines: bytes) -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n" % (path.encode(), b"".join(lines))


def _length(size: int) -> bytes:
    return b"Content-Length: %d\r\n" % size


_CHUNKED = b"Transfer-Encoding: chunked\r\n"
_CHUNK = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
_WRONG = (400, 404, 405, 0)

BODIES: dict[str, Body] = {
    "100 MB for SPARQL": Body(_post("/-/sparql", _QUERY, _length(100 * _MB)), b"x" * _MB, 100),
    "100 MB for reconciliation": Body(_post("/-/reconcile", _FORM, _length(100 * _MB)), b"x" * _MB, 100),
    "100 MB for a page": Body(_post("/", _FORM, _length(100 * _MB)), b"x" * _MB, 100),
    "100 MB for a table": Body(_post("/budget/facts", _FORM, _length(100 * _MB)), b"x" * _MB, 100),
    "100 MB in chunks": Body(_post("/-/sparql", _QUERY, _CHUNKED), _CHUNK, 1600),
    "100 MB in chunks for a page": Body(_post("/", _FORM, _CHUNKED), _CHUNK, 1600),
    "a million chunks of a byte": Body(_post("/-/sparql", _QUERY, _CHUNKED), b"1\r\nx\r\n" * 1000, 1500, (413, 0)),
    "a chunk of 10^15 bytes": Body(_post("/-/sparql", _QUERY, _CHUNKED), b"38D7EA4C68000\r\n" + b"x" * _MB, 20, (413, 400)),
    "a chunk extension without end": Body(_post("/-/sparql", _QUERY, _CHUNKED, b"\r\n1;"), b"x" * _MB, 20, _WRONG),
    "10^30 bytes": Body(_post("/-/sparql", _QUERY, _length(10**30)), b"x" * _MB, 20, (413, 400, 0)),
    "a negative length": Body(_post("/-/sparql", _QUERY, _length(-1)), b"x", 1, (400,)),
    "a length in words": Body(_post("/-/sparql", _QUERY, b"Content-Length: many\r\n"), b"x", 1, (400,)),
    "two lengths": Body(_post("/-/sparql", _QUERY, _length(1), _length(2)), b"x", 1, (400,)),
    "a length and chunks": Body(_post("/-/sparql", _QUERY, _length(1), _CHUNKED), b"0\r\n\r\n", 1, (400,)),
    "a GET with 100 MB": Body(_post("/", _length(100 * _MB)).replace(b"POST", b"GET"), b"x" * _MB, 100),
    "a bomb of gzip": Body(_post("/-/sparql", _QUERY, b"Content-Encoding: gzip\r\n", _length(4)), b"\x1f\x8b\x08\0", 1, (400,)),
    "an address of 1 MB": Body(b"GET /?", b"x" * 1000, 1000, _WRONG),
    "a header of 1 MB": Body(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", b"x" * 1000, 1000, _WRONG),
    "a million headers": Body(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n", b"X: y\r\n" * 1000, 1000, _WRONG),
    "no HTTP at all": Body(b"\x16\x03\x01\x02\0" + b"\xff" * 500, statuses=_WRONG),
    "an upgrade to a web socket": Body(
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        statuses=(200, 400, 426),
    ),
    "10,000 fields": Body(
        _post("/-/sparql", _FORM, _length(60_000)), b"a=1&b=" + b"2&c=3&" * 9_999, 1, (400,)
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Met:
    """The status (0: the connection was cut), bytes sent until it came, and seconds."""

    status: int
    sent: int
    seconds: float

    def failure(self, body: Body) -> str | None:
        """Why the attack succeeded; None when it failed."""
        if self.status not in body.statuses:
            return f"was answered with {self.status}"
        if self.sent > body.most:
            return f"{self.sent >> 20} MiB were taken"
        return f"took {self.seconds:.1f} s" if self.seconds > 5 else None


def send(url: str, body: Body) -> Met:
    """Send a request as long as the server lets us, then read its answer."""
    parts = urlsplit(url)
    started, sent, answer = time.monotonic(), 0, b""
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=15) as wire,
        contextlib.suppress(OSError),
    ):
        for piece in _pieces(body):
            wire.sendall(piece)
            sent += len(piece)
            wire.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                answer = wire.recv(1 << 16)
            wire.settimeout(15)
            if answer:
                break
        else:
            answer = wire.recv(1 << 16)
    found = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return Met(int(found[1]) if found else 0, sent, time.monotonic() - started)


def _pieces(body: Body) -> Iterator[bytes]:
    yield body.head
    for _ in range(body.times):
        yield body.part


def main() -> int:
    from tests.attacks.serving import served

    failed = 0
    with served(Path(sys.argv[1])) as server:
        before = server.peak()
        print("request | status | sent | seconds | verdict")
        for name, body in BODIES.items():
            met = send(server.url, body)
            failure = met.failure(body)
            failed += failure is not None
            print(
                f"{name} | {met.status} | {met.sent} | {met.seconds:.2f} | {failure or 'ok'}",
                flush=True,
            )
        grown = server.peak() - before
        print(f"\nlog: {server.logged()} bytes; memory grew by {grown >> 20} MiB")
    print("\ntest | tried | failed")
    print(f"bodies | {len(BODIES)} | {failed}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
