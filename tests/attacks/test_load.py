"""Honest visitors beside hostile ones, in small: nothing fails that was not planned."""

from __future__ import annotations

import asyncio

from tests.attacks.load import HOSTILE, VALID, run
from tests.attacks.serving import served
from tests.representative import few_or
from yusuan import Package


def test_no_answer_of_the_server_is_a_mistake(package: Package) -> None:
    with served(package.folder) as server:
        found = asyncio.run(run(server.url, honest=4, hostile=1, seconds=few_or(2, 4), pause=0.3))
        assert found.unplanned == {}
        assert found.honest["200"] >= few_or(4, 8)
        assert server.logged() < 20_000


def test_requests_are_of_many_kinds() -> None:
    assert len(set(VALID)) >= 12 and len(set(HOSTILE)) >= 50
