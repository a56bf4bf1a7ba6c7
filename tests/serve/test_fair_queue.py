"""Who is answered next, when one client asks for more than there is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from yusuan.serve.fair_queue import FairQueue, TooBusy
from yusuan.serve.visitor_limits import guarded


def _scope(client: str) -> dict[str, Any]:
    return {
        "type": "http",
        "path": "/",
        "query_string": b"",
        "headers": [],
        "client": (client, 1),
    }


async def _ask(app: Any, client: str) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    await app(_scope(client), receive, send)
    return int(sent[0]["status"])


def test_a_flood_from_one_address_waits_behind_another_visitor() -> None:
    answered: list[str] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        answered.append(scope["client"][0])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def flood() -> list[int]:
        app = guarded(slow)
        many = [asyncio.create_task(_ask(app, "192.0.2.1")) for _ in range(1500)]
        await asyncio.sleep(0)
        assert await _ask(app, "192.0.2.2") == 200
        before = len(answered)
        for task in many:
            task.cancel()
        # Those that were being answered, and not the thousand that waited.
        assert before < 40
        return [task.result() for task in many if task.done() and not task.cancelled()]

    refused = asyncio.run(flood())
    assert refused.count(503) > 300 and {200, 503} >= set(refused)


def test_a_place_is_free_as_soon_as_the_answer_begins() -> None:
    """A client may take long to read; that keeps nobody waiting."""
    reading = asyncio.Event()

    async def download(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["client"][0] == "192.0.2.1":
            await reading.wait()

    async def read() -> int:
        app = guarded(download)
        slow = [asyncio.create_task(_ask(app, "192.0.2.1")) for _ in range(100)]
        await asyncio.sleep(0)
        status = await _ask(app, "192.0.2.2")
        reading.set()
        await asyncio.gather(*slow)
        return status

    assert asyncio.run(read()) == 200


@pytest.mark.parametrize(("waiting", "refused"), [(4, 0), (5, 1)])
def test_who_waits_with_most_makes_room_for_others(waiting: int, refused: int) -> None:
    async def ask(queue: FairQueue, client: str, done: asyncio.Event) -> str:
        try:
            async with queue.turn(client):
                await done.wait()
        except TooBusy:
            return "busy"
        return "served"

    async def full() -> tuple[str, list[str]]:
        queue, done = FairQueue(1, wait=5.0, most_waiting=5), asyncio.Event()
        greedy = [asyncio.create_task(ask(queue, "a", done)) for _ in range(1 + waiting)]
        await asyncio.sleep(0)
        modest = asyncio.create_task(ask(queue, "b", done))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.set()
        return await modest, list(await asyncio.gather(*greedy))

    modest, greedy = asyncio.run(full())
    assert modest == "served" and greedy.count("busy") == refused
