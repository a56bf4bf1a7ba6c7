"""Fifty visitors, a fifth of them hostile, against the same visitors alone.

``python -m tests.attacks.load PACKAGE`` starts a server and lets the honest ones ask for pages, tables,
files, SQL and SPARQL, first alone, then beside the hostile ones; a minute each, and on this machine
only. Each visitor has an address of its own in 127.0.0.0/8, unless ``--one-address`` is given.
Printed: answers by status, what was not planned, and how long valid requests took.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx

from tests.attacks.serving import served
from tests.attacks.sql import ATTACKS

__all__ = ["Run", "run"]

_LONGEST = 170.0
"""Seconds of both runs together."""
_SPARQL = quote("SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } LIMIT 20")
VALID = (
    "/",
    "/budget/facts",
    "/budget/facts.json?_size=50&_shape=array",
    "/budget/facts.csv?_size=max",
    "/budget/departments",
    "/budget/figures?figure__exact=expenditure-total",
    "/budget/spending.json?_shape=array",
    "/budget/budgets",
    "/budget/documents.json",
    "/budget/findings-by-severity",
    "/budget.json?sql=select+count(*)+from+facts",
    "/budget?sql=select+row_label,yuan(sum(amount_fen))+from+facts+group+by+1+limit+20",
    "/-/package/datapackage.json",
    "/-/package/data/facts.csv",
    "/-/vocabulary",
    "/id/catalog",
    f"/-/sparql?format=json&query={_SPARQL}",
    "/static/icon.svg",
)
_PRODUCT = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
_SORTED = quote("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 1")
HOSTILE = (
    *(f"/budget.json?sql={quote(sql)}" for sql, kind in ATTACKS.values() if len(sql) < 4000),
    f"/-/sparql?format=json&query={_PRODUCT}",
    f"/-/sparql?format=json&query={_SORTED}",
    "/budget/facts?_size=max",
    "/budget/facts.json?_size=max&_labels=on&_facet=fact&_facet=row_label&_facet=column_label",
    "/budget/facts.csv?_stream=on&_where=" + quote("(select count(*) from facts a, facts b, facts c) > 0"),
    "/budget/facts?row_label__glob=" + quote("*[0-9]*[0-9]*[0-9]*[0-9]*[0-9]*x"),
    "/budget/facts?_sort=nothing",
    "/budget/facts.json?_timelimit=x",
    "/budget/facts.json?_next=%00",
    "/budget?sql=" + quote("with recursive r(n) as (select 1 union all select n+1 from r) select n,n,n,n,n,n,n,n from r"),
    "/-/reconcile?queries=" + quote('{"q":{"query":"' + "部门" * 500 + '"}}'),
    "/id/" + "x" * 3000,
)  # fmt: skip


@dataclass(slots=True)
class Run:
    """What the honest and the hostile visitors met."""

    seconds: list[float] = field(default_factory=list)
    honest: Counter[str] = field(default_factory=Counter)
    hostile: Counter[str] = field(default_factory=Counter)
    unplanned: Counter[str] = field(default_factory=Counter)

    def percentile(self, percent: int) -> float:
        return statistics.quantiles(self.seconds, n=100)[percent - 1] if self.seconds else 0.0


async def run(
    url: str, honest: int, hostile: int, seconds: float, pause: float, one_address: bool = False
) -> Run:
    """Let visitors ask for some seconds; ``pause`` is what an honest one waits on average."""
    found = Run()
    ends = time.monotonic() + seconds

    async def visitor(number: int, paths: Sequence[str], wait: float) -> None:
        choice = random.Random(number)
        address = None if one_address else f"127.0.{1 + number // 200}.{1 + number % 200}"
        transport = httpx.AsyncHTTPTransport(local_address=address)
        async with httpx.AsyncClient(base_url=url, transport=transport, timeout=60) as client:
            while time.monotonic() < ends:
                path = choice.choice(paths)
                started = time.monotonic()
                try:
                    answer = await client.get(path)
                except httpx.HTTPError as error:
                    status, planned = type(error).__name__, paths is HOSTILE
                else:
                    status = str(answer.status_code)
                    planned = answer.status_code < 500 or "retry-after" in answer.headers
                    # SPARQL says with 503 that a query was stopped, with 500 that it broke the engine.
                    planned = planned or (path.startswith("/-/sparql") and paths is HOSTILE)
                (found.honest if paths is VALID else found.hostile)[status] += 1
                if not planned:
                    found.unplanned[f"{status} {path[:60]}"] += 1
                if paths is VALID:
                    found.seconds.append(time.monotonic() - started)
                await asyncio.sleep(wait * choice.uniform(0.5, 1.5))

    visitors = [visitor(number, VALID, pause) for number in range(honest)]
    visitors += [visitor(honest + number, HOSTILE, 0.01) for number in range(hostile)]
    await asyncio.gather(*visitors)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=2.0)
    parser.add_argument("--one-address", action="store_true")
    given = parser.parse_args()
    seconds = min(given.seconds, _LONGEST / 2)
    hostile = given.clients // 5
    honest = given.clients - hostile
    unplanned = tried = 0
    with served(given.package) as server:
        with contextlib.suppress(httpx.HTTPError):  # what starts with the first request
            for path in VALID:
                httpx.get(server.url + path, timeout=60)
        for name, enemies in (("alone", 0), ("beside hostile ones", hostile)):
            found = asyncio.run(
                run(server.url, honest, enemies, seconds, given.pause, given.one_address)
            )
            unplanned += found.unplanned.total()
            tried += found.honest.total() + found.hostile.total()
            print(
                f"{honest} honest visitors {name}: {len(found.seconds)} requests, median "
                f"{found.percentile(50):.2f} s, p95 {found.percentile(95):.2f} s, "
                f"{dict(found.honest)}; hostile {dict(found.hostile)}; "
                f"not planned {dict(found.unplanned)}",
                flush=True,
            )
        print(f"log: {server.logged()} bytes; memory of the server: {server.peak() >> 20} MiB")
    print("\ntest | tried | failed")
    print(f"load, a fifth hostile | {tried} | {unplanned}")
    return unplanned


if __name__ == "__main__":
    sys.exit(main())
