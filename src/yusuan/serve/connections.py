"""Connections of strangers: how long each may take, how many there are, what is logged of them.

uvicorn waits for ever for a request that never ends and for a client that never reads. Here a
request's head, an idle connection and a reader have times of their own. When there are too many
connections, the address with most of them makes room: by the one that has kept the server waiting
longest, or its newest. (Bodies are timed where they are read, in ``visitor_limits``.)

``Guarded`` overrides methods of uvicorn's ``H11Protocol`` that uvicorn does not document, and reads
its attributes. Which versions have them is stated in pyproject.toml, with an upper bound;
``tests/serve/test_connections.py`` tries each method and attribute.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from yusuan.model.errors import YusuanError
from yusuan.serve.fair_queue import client_of
from yusuan.workers import system

__all__ = ["Guarded", "Sparing", "configured", "listening", "most_connections", "run"]

HEAD_SECONDS = 10.0
"""For the whole head of a request, from its first byte or the opening of the connection."""
IDLE_SECONDS = 20
"""Between two requests."""
READ_SECONDS = 20.0
"""For a client to take in what was sent, 64 kB or the last answer."""
LINGER_SECONDS = 2.0
"""For a client whose body was refused to notice, before the connection is cut."""
MOST_CONNECTIONS = 2000
_MOST_LINES = 20_000
"""Of a request: every header has one, every chunk of a body two. A body of a million chunks, each a
byte, takes long to put together."""
_ACCEPTED_AT_ONCE = 100
_SPARE = 50
_OTHER_FILES = 150 + _SPARE
"""Files for anything but connections, and those that were accepted at once."""


class _Closing:
    """A transport that closes only after a client who still sends has had time to read the answer:
    otherwise the system cuts the connection, and the answer with it."""

    def __init__(self, transport: asyncio.Transport, protocol: Guarded) -> None:
        self._transport = transport
        self._protocol = protocol
        self._closed = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        return self._closed or self._transport.is_closing()

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if (
            self._protocol.conn.their_state not in (h11.SEND_BODY, h11.ERROR)
            or not self._transport.can_write_eof()
        ):
            self._transport.close()
            return
        self._transport.write_eof()
        self._transport.resume_reading()
        self._protocol.loop.call_later(LINGER_SECONDS, self._transport.abort)


class Guarded(H11Protocol):
    """uvicorn's HTTP/1.1 with times for everything a client can be slow at."""

    waiting: dict[Guarded, None] = {}  # noqa: RUF012, one for all connections of the process
    """Connections that keep the server waiting, longest first."""
    by_client: dict[str, dict[Guarded, None]] = {}  # noqa: RUF012
    """Connections of each client, oldest first."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._timer: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._wire = transport
        self._lines = 0
        super().connection_made(_Closing(transport, self))  # type: ignore[arg-type]
        self._client = client_of((self.client or (None,))[0])
        self.by_client.setdefault(self._client, {})[self] = None
        self._wait(HEAD_SECONDS)
        if len(self.connections) > most_connections():
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done_waiting()
        own = self.by_client[self._client]
        del own[self]
        if not own:
            del self.by_client[self._client]
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return  # what still comes after a refusal
        self._lines += data.count(b"\r\n")
        if self._lines > _MOST_LINES:
            self.cut()
            return
        idle = self.timeout_keep_alive_task is not None
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._answering():
            self._done_waiting()
        elif self.cycle is not None and not self.cycle.response_complete:
            self._stop_timer()  # the body has its own time, but can make room
        elif idle:
            self._wait(HEAD_SECONDS)

    def on_response_complete(self) -> None:
        self._lines = 0
        super().on_response_complete()
        if not self._answering() and not self.transport.is_closing():
            self._wait(None)  # uvicorn times it

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._reading is None:
            self._reading = self.loop.call_later(READ_SECONDS, self.cut)
        self.waiting.setdefault(self)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._answering():
            self._done_waiting()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self.send_400_response("There are no web sockets here.")

    def cut(self) -> None:
        """End the connection at once."""
        self._done_waiting()
        self._wire.abort()

    def _make_room(self) -> None:
        most = max(self.by_client, key=lambda client: len(self.by_client[client]))
        longest = next((one for one in self.waiting if one._client == most), None)
        if longest is None:
            longest = next(reversed(self.by_client[most]))
        # All others of the client are being answered: some more are borne with.
        if longest is not self or len(self.connections) > most_connections() + _SPARE:
            longest.cut()

    def _answering(self) -> bool:
        """A whole request has come, and its answer has not gone."""
        cycle = self.cycle
        return cycle is not None and not cycle.more_body and not cycle.response_complete

    def _wait(self, seconds: float | None) -> None:
        self._done_waiting()
        self.waiting[self] = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self.cut)

    def _done_waiting(self) -> None:
        self.waiting.pop(self, None)
        self._stop_timer()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def most_connections() -> int:
    """How many connections may be open at a time, so that files remain for everything else."""
    files = system.most_files()
    if files is None:
        return 400
    return max(20, min(MOST_CONNECTIONS, files - _OTHER_FILES - _ACCEPTED_AT_ONCE))


class Sparing(logging.Filter):
    """Lets few records of a kind through a minute, so that no stranger can fill the disk.

    >>> spare = Sparing(most=1)
    >>> record = logging.LogRecord("x", logging.ERROR, "", 0, "went wrong", None, None)
    >>> spare.filter(record), spare.filter(record)
    (True, False)
    """

    def __init__(self, most: int = 5, seconds: float = 60.0) -> None:
        super().__init__()
        self._most = most
        self._seconds = seconds
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        kind = str(record.msg)[:80]
        now = time.monotonic()
        since, count = self._seen.get(kind, (now, 0))
        if now - since > self._seconds:
            if count > self._most:
                record.msg = f"{record.msg} (and {count - self._most} more like this before)"
            since, count = now, 0
        if len(self._seen) > 200:
            self._seen.clear()
        self._seen[kind] = since, count + 1
        return count < self._most


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any free port. Raises YusuanError where it cannot."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: only then asyncio sends small answers at once (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last server has just ended is free; one in use still is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Listening here makes a second server fail at once, before it says it is running.
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise YusuanError(
                f"port {port} on {host} is already in use; stop the other server, "
                f"or choose another port with --port {port + 1 if port < 65535 else port - 1}"
            ) from error
        raise YusuanError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return listener


def configured(app: Any) -> uvicorn.Config:
    """How uvicorn serves an ASGI application here."""
    return uvicorn.Config(
        app,
        http=Guarded,
        ws="none",
        backlog=_ACCEPTED_AT_ONCE,
        log_level="warning",
        lifespan="on",
        server_header=False,
        timeout_keep_alive=IDLE_SECONDS,
        # Ctrl-C should not wait for somebody's ten-second query.
        timeout_graceful_shutdown=2,
    )


def run(app: Any, listener: socket.socket) -> None:
    """Serve an ASGI application on a socket that listens, until interrupted."""
    system.allow_files(MOST_CONNECTIONS + _OTHER_FILES + _ACCEPTED_AT_ONCE)
    for name in ("uvicorn.error", "asyncio", "yusuan.serve"):
        logging.getLogger(name).addFilter(Sparing())
    uvicorn.Server(configured(app)).run(sockets=[listener])
