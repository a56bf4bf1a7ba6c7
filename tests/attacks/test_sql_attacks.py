"""SQL of strangers: each attack is refused or stopped in time and within memory, and harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.attacks.sql import ATTACKS, attack, serves
from tests.serve.conftest import Server, start  # noqa: F401
from yusuan import Package
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of
from yusuan.sql import BadSql, SqlLimits, SqlPool, SqlTimedOut, SqlTooLarge

LIMIT = 0.15  # seconds of a statement


@pytest.fixture(scope="module")
def pool(package: Package) -> Iterator[SqlPool]:
    made = SqlPool(package.folder / "budget.db", workers=1, limits=SqlLimits(seconds=LIMIT))
    yield made
    made.close()


def test_there_are_many_attacks() -> None:
    assert len(ATTACKS) >= 40
    assert len({sql for sql, _ in ATTACKS.values()}) == len(ATTACKS)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fails_and_the_next_visitor_is_served(pool: SqlPool, name: str) -> None:
    assert serves(pool, 30)
    assert attack(pool, name).failure(LIMIT) is None
    assert serves(pool)


@pytest.mark.smoke
def test_our_own_functions_still_add_exactly(pool: SqlPool) -> None:
    found = pool.run(
        "select decimal_sum(column1), yuan(5) from (values ('0.1'), ('0.2'), (null), ('1e20'))"
    )
    assert found.rows == [["100000000000000000000.3", "0.05"]]
    assert pool.run(
        "select sum(column1), avg(column1) from (values (0.1), (0.2), (219553500))"
    ).rows == [[219553500.3, 73184500.1]]
    assert pool.run(f"select decimal_sum('{'9' * 40}.{'9' * 40}')").rows == [
        ["9" * 40 + "." + "9" * 40]
    ]
    with pytest.raises(BadSql, match="more than 40 digits"):
        pool.run(f"select decimal_sum('{'9' * 41}')")


@pytest.mark.smoke
def test_what_is_asked_for_comes_as_it_is(pool: SqlPool) -> None:
    found = pool.run(
        "select :text as a, x'00ff' as a, 1.5 as b, null, 9223372036854775807", {"text": "元\0"}
    )
    assert list(found.columns)[:3] == ["a", "a", "b"]
    assert found.rows == [["元\0", b"\x00\xff", 1.5, None, 2**63 - 1]]
    assert pool.run("select ?", [b"\x00"]).rows == [[b"\x00"]]
    one = pool.run("select value from json_each('[1,2]')", rows=1)
    assert one.rows == [[1]] and one.truncated
    assert not pool.run("select value from json_each('[1,2]')", rows=2).truncated


def test_each_limit_says_so(package: Package) -> None:
    tight = SqlLimits(seconds=0.2, max_bytes=1000)
    endless = "with recursive r(n) as (select 1 union all select n+1 from r)"
    made = SqlPool(package.folder / "budget.db", workers=1, limits=tight)
    with contextlib.closing(made):
        with pytest.raises(SqlTimedOut, match=r"after 0\.2 seconds"):
            made.run(f"{endless} select count(*) from r")
        with pytest.raises(SqlTooLarge, match="larger than"):
            made.run(f"{endless} select n from r")
    patient = SqlPool(package.folder / "budget.db", workers=1, limits=SqlLimits(memory=64 << 20))
    with contextlib.closing(patient), pytest.raises(SqlTooLarge, match="than 64 MiB of memory"):
        patient.run("select hex(zeroblob(4000000)) as t from facts a order by t||a.fact")


def test_the_pages_of_the_site_start_no_process_for_sql(package: Package) -> None:
    """What Datasette asks about the structure of the database is answered at once."""
    app = create_app(package.folder)
    site = site_of(app)

    async def visited() -> list[int]:
        return [
            (await app.client.get(path)).status_code for path in ("/", "/budget", "/-/vocabulary")
        ]

    assert asyncio.run(visited()) == [200, 200, 200]
    for pool in (site.written, site.tables):
        assert not pool._pool.idle
    site.close()


def test_with_six_hostile_clients_the_home_page_comes(
    start: Callable[..., contextlib.AbstractContextManager[Server]],  # noqa: F811
) -> None:
    hostile = "with recursive r(n) as (select 1 union all select n+1 from r) select count(*) from r"
    with start() as server, ThreadPoolExecutor(6) as clients:
        assert httpx.get(server.url).status_code == 200
        asked = [
            clients.submit(
                httpx.get, f"{server.url}/budget.json", params={"sql": hostile}, timeout=30
            )
            for _ in range(6)
        ]
        while not all(each.done() for each in asked):
            answer = httpx.get(server.url, timeout=10)
            assert answer.status_code == 200
            assert answer.elapsed.total_seconds() < 2
        assert {each.result().status_code for each in asked} <= {400, 503}
