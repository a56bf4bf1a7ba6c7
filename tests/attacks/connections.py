"""Connections that are opened and not used as they should be, by the thousand.

``python -m tests.attacks.connections --package PACKAGE`` starts a server of the package and attacks it;
``--url http://127.0.0.1:PORT/`` attacks one that runs (on this machine only). Every kind lasts
``--seconds``; a visitor asks for the page meanwhile. Printed: what the visitor met, how many of the
connections were still open at the end, how much the server wrote into its log, and its memory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import resource
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["KINDS", "Result", "attacked"]

_DRIP_SECONDS = 2.0
_HEAD = b"Host: 127.0.0.1\r\nUser-Agent: attack\r\n"


@dataclass(slots=True)
class Result:
    """What came of an attack: seconds of each answer to the visitor, failures, connections that the
    server had not closed in the end."""

    kind: str
    tried: int
    answers: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    open: int = 0

    @property
    def slowest(self) -> float:
        return max(self.answers, default=float("inf"))


_Attack = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Nothing is sent at all."""
    await reader.read(1)


async def _half_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A request whose last line never comes, a header at a time."""
    writer.write(b"GET / HTTP/1.1\r\n" + _HEAD)
    while not reader.at_eof():
        writer.write(b"X-More: 1\r\n")
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRIP_SECONDS):
                await reader.read(1000)


async def _idle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One good request, then silence."""
    writer.write(b"GET /static/icon.svg HTTP/1.1\r\n" + _HEAD + b"\r\n")
    while await reader.read(1 << 16):
        pass


async def _slow_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A body that comes a byte at a time."""
    writer.write(
        b"POST /-/sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 100000\r\n" + _HEAD + b"\r\n"
    )
    while not reader.at_eof():
        writer.write(b"#")
        await writer.drain()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DRIP_SECONDS):
                await reader.read(1000)


async def _no_reader(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A long answer is asked for, and not read."""
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    writer.write(b"GET /-/static/cm-editor-6.0.1.bundle.js HTTP/1.1\r\n" + _HEAD + b"\r\n")
    ends = time.monotonic() + 3600
    while not writer.transport.is_closing() and time.monotonic() < ends:
        await asyncio.sleep(_DRIP_SECONDS)
        writer.write(b"\r\n")  # fails once the server has cut the connection


async def _flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Good requests, more of them than can be answered."""
    while not reader.at_eof():
        writer.write(b"GET / HTTP/1.1\r\n" + _HEAD + b"\r\n")
        await writer.drain()
        await reader.read(1 << 16)


KINDS: dict[str, _Attack] = {
    "silent": _silent,
    "half-head": _half_head,
    "idle": _idle,
    "slow-body": _slow_body,
    "no-reader": _no_reader,
    "flood": _flood,
}


async def attacked(url: str, kind: str, number: int, seconds: float, path: str = "/") -> Result:
    """Hold ``number`` connections of a kind for ``seconds``, and visit a page meanwhile."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise SystemExit("only a server on this machine is attacked")
    result = Result(kind, number)
    held: set[int] = set()

    async def one(which: int) -> None:
        try:
            wire = socket.socket()
            wire.setblocking(False)
            # What nobody reads must not find room in the buffers of the system.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            await asyncio.get_running_loop().sock_connect(wire, (host, port))
            reader, writer = await asyncio.open_connection(sock=wire)
        except OSError:
            return
        held.add(which)
        try:
            await KINDS[kind](reader, writer)
        except OSError:
            pass
        finally:
            held.discard(which)
            writer.close()

    attackers = []
    ends = time.monotonic() + seconds
    for which in range(number):
        attackers.append(asyncio.create_task(one(which)))
        if which % 100 == 99:
            await asyncio.sleep(0.3)
    while time.monotonic() < ends:
        await _visit(host, port, path, result)
        await asyncio.sleep(0.25)
    result.open = len(held)
    for attacker in attackers:
        attacker.cancel()
    await asyncio.gather(*attackers, return_exceptions=True)
    return result


async def _visit(host: str, port: int, path: str, result: Result) -> None:
    started = time.monotonic()
    try:
        async with asyncio.timeout(20):
            # Who attacks has another address; all of 127.0.0.0/8 is this machine.
            own = ("127.0.0.2", 0) if host == "127.0.0.1" and sys.platform == "linux" else None
            reader, writer = await asyncio.open_connection(host, port, local_addr=own)
            writer.write(
                b"GET %s HTTP/1.1\r\nConnection: close\r\n" % path.encode() + _HEAD + b"\r\n"
            )
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError) as error:
        result.failures.append(type(error).__name__)
        return
    if answer.startswith(b"HTTP/1.1 200"):
        result.answers.append(time.monotonic() - started)
    else:
        result.failures.append(answer[:30].decode("latin-1") or "no answer")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path)
    parser.add_argument("--url")
    parser.add_argument("--number", type=int, default=1500)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--path", default="/")
    parser.add_argument("--files", type=int, help="how many the server may have open")
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    given = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print("kind | connections | answers | slowest | failures | open at the end")
    failed = 0
    with contextlib.ExitStack() as stack:
        if given.url is None:
            from tests.attacks.serving import served

            server = stack.enter_context(served(given.package, given.files))
            given.url = server.url
        for kind in ("nobody", *given.kinds):
            number = 0 if kind == "nobody" else given.number
            found = asyncio.run(attacked(given.url, kind, number, given.seconds, given.path))
            failed += bool(found.failures)
            print(
                f"{kind} | {found.tried} | {len(found.answers)} | {found.slowest:.2f} s | "
                f"{len(found.failures)} {sorted(set(found.failures))} | {found.open}",
                flush=True,
            )
        if given.package is not None:
            print(f"log: {server.logged()} bytes; most memory: {server.peak() >> 20} MiB")
    print("\ntest | tried | failed")
    print(f"slow clients | {len(given.kinds) * given.number} | {failed}")
    return failed


if __name__ == "__main__":
    sys.exit(main())
