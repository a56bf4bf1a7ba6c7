"""Who is served next, when strangers want more than there is.

A queue in order of arrival lets a few greedy clients fill all places. Here the client who used
least in the last minute goes first, and who used much never takes the last free place.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

__all__ = ["FairQueue", "TooBusy", "client_of"]

_HALF_LIFE = 30.0
"""Seconds after which what somebody used counts half."""
_MUCH = 1.0
"""Seconds of use that make a client one who never takes the last place."""
_MOST_REMEMBERED = 5_000


class TooBusy(Exception):
    """No place came free in time; the message is a sentence for the visitor."""

    def __init__(self) -> None:
        super().__init__("The server is busy with other queries; try again in a moment.")


class FairQueue:
    """``places`` for tasks that run at a time. For one event loop; not thread-safe."""

    def __init__(self, places: int, wait: float = 4.0, most_waiting: int = 200) -> None:
        """``wait`` is how many seconds somebody waits before being told to come again; when
        ``most_waiting`` tasks wait, the client with most of them loses its last."""
        self._free = places
        self._wait = wait
        self._most_waiting = most_waiting
        self._spare = 1 if places > 1 else 0
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        self._used: dict[str, tuple[float, float]] = {}
        self._running: dict[str, list[float]] = {}

    @asynccontextmanager
    async def turn(self, client: str, wait: float | None = None) -> AsyncIterator[None]:
        """A place for one task of a client. Raises TooBusy."""
        await self._take(client, self._wait if wait is None else min(wait, self._wait))
        started = time.monotonic()
        self._running.setdefault(client, []).append(started)
        try:
            yield
        finally:
            self._leave(client, started)

    def used(self, client: str) -> float:
        """Seconds that a client has used, what is long ago counted less."""
        now = time.monotonic()
        seconds, at = self._used.get(client, (0.0, now))
        running = sum(now - started for started in self._running.get(client, ()))
        return float(seconds * 0.5 ** ((now - at) / _HALF_LIFE)) + running

    async def _take(self, client: str, wait: float) -> None:
        if self._may_start(client) and not self._waiting:
            self._free -= 1
            return
        if sum(map(len, self._waiting.values())) >= self._most_waiting:
            self._make_room(client)
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(place)
        self._start_next()
        try:
            async with asyncio.timeout(wait):
                await place
        except BaseException as error:
            self._forget(client, place)
            if place.done() and not place.cancelled() and not place.exception():
                self._free += 1  # it came just then
                self._start_next()
            if isinstance(error, TimeoutError):
                raise TooBusy from None
            raise

    def _make_room(self, client: str) -> None:
        """Refuse the last task of the client with most waiting. Raises TooBusy when that is ours."""
        longest = max(self._waiting, key=lambda other: len(self._waiting[other]))
        if len(self._waiting[longest]) <= len(self._waiting.get(client, ())) + 1:
            raise TooBusy
        place = self._waiting[longest].pop()
        if not place.done():
            place.set_exception(TooBusy())

    def _leave(self, client: str, started: float) -> None:
        running = self._running[client]
        used = self.used(client)  # with this task, as long as it is among those that run
        running.remove(started)
        if not running:
            del self._running[client]
        else:
            used -= sum(time.monotonic() - other for other in running)
        if len(self._used) >= _MOST_REMEMBERED:
            self._used.clear()
        self._used[client] = (used, time.monotonic())
        self._free += 1
        self._start_next()

    def _may_start(self, client: str) -> bool:
        return self._free > (self._spare if self.used(client) > _MUCH else 0)

    def _start_next(self) -> None:
        while self._free and self._waiting:
            client = min(self._waiting, key=self.used)
            if not self._may_start(client):
                return
            place = self._waiting[client].popleft()
            if not self._waiting[client]:
                del self._waiting[client]
            if not place.done():
                self._free -= 1
                place.set_result(None)

    def _forget(self, client: str, place: asyncio.Future[None]) -> None:
        line = self._waiting.get(client)
        if line is not None and place in line:
            line.remove(place)
            if not line:
                del self._waiting[client]


def client_of(address: str | None) -> str:
    """Who a request comes from: an IPv4 address, or the network of an IPv6 address, of which a
    single client has as many as it likes.

    >>> client_of("192.0.2.7"), client_of("2001:db8:1:2:3::4"), client_of(None)
    ('192.0.2.7', '2001:db8:1:2::/64', '')
    """
    try:
        known = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if known.version == 4:
        return str(known)
    return str(ipaddress.ip_network((int(known) >> 64 << 64, 64)))
