"""SQL that wants all memory, all time, or what it may not have.

``python -m tests.attacks.sql PACKAGE`` runs every statement under the limits of the site and prints
what was tried, what failed, and how much memory the process that ran it took at most (Linux).
"""

from __future__ import annotations

import contextlib
import re
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from yusuan.sql import BadSql, SqlError, SqlLimits, SqlPool

__all__ = ["ATTACKS", "MEMORY", "Outcome", "attack", "serves"]

MEMORY = 256 << 20
"""Bytes that the process of a statement may take, all in all."""

Kind = Literal["refused", "stopped", "bounded"]
"""Not run at all; stopped by a limit; or answered, if within the limits."""

_ENDLESS = "with recursive r(n) as (select 1 union all select n+1 from r)"
_TWINS = "facts a, facts b, facts c, facts d"
_LONG = "hex(zeroblob(4000000))"


def _pattern(piece: str) -> str:
    """A pattern of many stars, as long as patterns may be."""
    return (piece * 200)[:480]


def _nested(times: int, opening: str, core: str, closing: str) -> str:
    return f"select {opening * times}{core}{closing * times}"


ATTACKS: dict[str, tuple[str, Kind]] = {
    # Texts that grow
    "printf, a width of 500 million": ("select printf('%.*c',500000000,'x')", "bounded"),
    "printf, padded": ("select printf('%2000000000d', 1)", "bounded"),
    "printf, in every row": (f"{_ENDLESS} select sum(length(printf('%.*c',9000000,'x'))) from r", "stopped"),
    "zeroblob, 2 GB": ("select zeroblob(2000000000)", "stopped"),
    "zeroblob as text": ("select hex(zeroblob(1000000000))", "stopped"),
    "randomblob, 1 GB": ("select randomblob(1000000000)", "stopped"),
    "randomblob, joined": ("select " + "||".join(["randomblob(9000000)"] * 100), "stopped"),
    "replace, a bomb": (
        "select replace(replace(replace(hex(zeroblob(5000)),'0',hex(zeroblob(500))),"
        "'0',hex(zeroblob(500))),'0','xxxxxxxxxx')",
        "stopped",
    ),
    "group_concat, endless": (f"{_ENDLESS} select group_concat(n) from r", "stopped"),
    "group_concat of blobs": (f"{_ENDLESS} select group_concat(hex(randomblob(1000000))) from r", "stopped"),
    "text that doubles": (
        "with recursive d(t) as (select 'x' union all select t||t from d) select max(length(t)) from d",
        "stopped",
    ),
    "quote of a blob": ("select quote(zeroblob(9000000))", "stopped"),
    "char with many arguments": (f"select char({','.join(['9'] * 20_000)})", "stopped"),
    "a text of 10 MB in every row": (f"select {_LONG} from {_TWINS}", "stopped"),
    # Rows without end
    "a recursion without end": (f"{_ENDLESS} select count(*) from r", "stopped"),
    "a recursion, all its rows": (f"{_ENDLESS} select n from r", "bounded"),
    "a recursion of blobs": (
        "with recursive r(n) as (select randomblob(9000000) union all select randomblob(9000000) from r)"
        " select n from r",
        "stopped",
    ),
    "a recursion that remembers": (
        "with recursive r(n) as (select 1 union select n+1 from r) select count(*) from r",
        "stopped",
    ),
    "a recursion that branches": (
        "with recursive r(n) as (select 1 union all select n+1 from r union all select n+2 from r)"
        " select sum(n) from r",
        "stopped",
    ),
    "a recursion, sorted": (f"{_ENDLESS} select randomblob(1000) from r order by 1", "stopped"),
    "a recursion, distinct": (f"{_ENDLESS} select distinct hex(randomblob(500)) from r", "bounded"),
    "a recursion, grouped": (f"{_ENDLESS} select n, count(*) from r group by hex(randomblob(99))", "stopped"),
    "a recursion in a window": (
        f"{_ENDLESS} select group_concat(n) over (order by n desc rows unbounded preceding) from r",
        "stopped",
    ),
    "a product": (f"select count(*) from {_TWINS}", "stopped"),
    "a product, all its rows": (f"select * from {_TWINS}", "stopped"),
    "a product, sorted": (f"select * from {_TWINS} order by a.fact||d.fact desc", "stopped"),
    "a product, distinct": (f"select distinct a.fact||b.fact||c.fact from {_TWINS}", "bounded"),
    "a product, grouped": (f"select a.fact||b.fact||c.fact as f, count(*) from {_TWINS} group by f", "stopped"),
    "a product in a subquery of each row": (
        f"select (select count(*) from {_TWINS} where a.fact < z.fact) from facts z",
        "stopped",
    ),
    "a product that is materialised": (
        f"with m as materialized (select a.*, b.fact as g from {_TWINS}) select count(*) from m x, m y",
        "stopped",
    ),
    "a product of json_each": (
        "select count(*) from json_each(:list) a, json_each(:list) b, json_each(:list) c, json_each(:list) d",
        "stopped",
    ),
    # JSON
    "json, 5 MB deep": ("select json(replace(hex(zeroblob(1000000)),'0','['))", "bounded"),
    "json_group_array, endless": (f"{_ENDLESS} select json_group_array(n) from r", "stopped"),
    "json_group_object of blobs": (
        f"{_ENDLESS} select json_group_object(n, hex(randomblob(100000))) from r",
        "stopped",
    ),
    "json_tree of a long list": (
        "select count(*) from json_tree('['||replace(hex(zeroblob(1000000)),'0','1,')||'1]') a, facts b, facts c",
        "stopped",
    ),
    # Patterns, which nothing interrupts
    "like, many stars": (f"select {_LONG} like '{_pattern('%0')}1'", "bounded"),
    "like, many stars and places": (f"select {_LONG} like '{_pattern('%_0')}1'", "bounded"),
    "glob, many stars": (f"select {_LONG} glob '{_pattern('*0')}1'", "bounded"),
    "glob, many classes": (f"select {_LONG} glob '{_pattern('*[0-9]')}x'", "bounded"),
    "like, a pattern of 1 MB": ("select 'x' like replace(hex(zeroblob(500000)),'0','%a')", "refused"),
    "like, in every row": (
        f"{_ENDLESS} select count(*) from r where {_LONG}||n like '{_pattern('%0')}1'",
        "stopped",
    ),
    "instr, in every row": (f"{_ENDLESS} select sum(instr({_LONG}, {_LONG}||'1')) from r", "stopped"),
    # Our own functions
    "decimal_sum of 1e999999999": ("select decimal_sum('1e999999999')", "refused"),
    "decimal_sum of 1e-999999999": ("select decimal_sum('1e-999999999')", "refused"),
    "decimal_sum of a million digits": ("select decimal_sum(replace(hex(zeroblob(500000)),'0','9'))", "refused"),
    "decimal_sum of Infinity and NaN": ("select decimal_sum(value) from json_each('[\"NaN\",\"Infinity\"]')", "refused"),
    "decimal_sum, endless": (f"{_ENDLESS} select decimal_sum(n) from r", "stopped"),
    "yuan of a long text": (f"select yuan({_LONG})", "refused"),
    "yuan, endless": (f"{_ENDLESS} select max(yuan(n)) from r", "stopped"),
    # The statement itself
    "a statement of 5 MB": ("select 1 --" + "x" * 5_000_000, "refused"),
    "nested a thousand times": (_nested(1000, "(", "1", ")"), "refused"),
    "abs nested a thousand times": (_nested(1000, "abs(", "1", ")"), "refused"),
    "a thousand unions": (" union all ".join(["select 1"] * 1000), "refused"),
    "a thousand columns": ("select " + ",".join(["1"] * 1000), "refused"),
    "all columns many times": ("select " + ",".join(["a.*"] * 300) + " from facts a", "refused"),
    "a thousand tables": ("select 1 from " + ",".join(f"facts f{i}" for i in range(1000)), "refused"),
    "views of views": (
        "with a as (select * from facts_corrected), b as (select * from a, a x, a y),"
        " c as (select * from b, b x), d as (select * from c, c x) select count(*) from d, d x",
        "stopped",
    ),
    # What no visitor may do
    "attach another file": ("attach '/etc/passwd' as other", "refused"),
    "vacuum into a file": ("vacuum into '/tmp/yusuan-attack.db'", "refused"),
    "a pragma that writes": ("pragma query_only = 0", "refused"),
    "a pragma that lifts the limit": ("pragma hard_heap_limit = 0", "refused"),
    "an extension": ("select load_extension('libc.so.6')", "refused"),
    "delete": ("delete from facts", "refused"),
    "a temporary table": ("create temp table t as select * from facts", "refused"),
    "two statements": ("select 1; select 2", "refused"),
    "a NUL": ("select '\0'", "refused"),
    "nothing": (";", "bounded"),
}  # fmt: skip

_PARAMETERS = {"list": "[" + "1," * 200_000 + "1]"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attack. ``peak``: bytes of the process that ran it; None: not known."""

    name: str
    answer: str
    refused: bool
    stopped: bool
    seconds: float
    peak: int | None

    def failure(self, limit: float) -> str | None:
        """Why the attack succeeded; None when it failed."""
        kind = ATTACKS[self.name][1]
        if self.seconds > limit + 1:
            return f"took {self.seconds:.1f} s"
        if self.peak is not None and self.peak > MEMORY:
            return f"took {self.peak >> 20} MiB"
        if kind == "refused" and not self.refused:
            return f"was not refused: {self.answer}"
        if kind == "stopped" and not self.stopped:
            return f"was not stopped: {self.answer}"
        return None


def attack(pool: SqlPool, name: str) -> Outcome:
    """Run one of the attacks."""
    sql, _ = ATTACKS[name]
    # Bytes of arguments count too; where there are none, none are sent.
    parameters = _PARAMETERS if ":list" in sql else {}
    refused = stopped = False
    with _Watch(pool) as watch:
        started = time.monotonic()
        try:
            found = pool.run(sql, parameters, rows=5000)
            answer = f"{len(found.rows)} rows"
        except SqlError as error:
            refused, stopped, answer = isinstance(error, BadSql), True, str(error)
        seconds = time.monotonic() - started
    return Outcome(name, answer, refused, stopped, seconds, watch.peak)


def serves(pool: SqlPool, seconds: float = 2.0) -> bool:
    """Whether the next visitor is answered soon, and rightly."""
    started = time.monotonic()
    found = pool.run("select count(*) = count(fact) and count(*) > 0 from facts").rows
    return found == [[1]] and time.monotonic() - started < seconds


class _Watch:
    """The most memory of the processes of a pool while it is open."""

    def __init__(self, pool: SqlPool) -> None:
        self.peak: int | None = None
        self._pool = pool
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        for process in self._pool._pool.idle:
            # Counting starts anew.
            with contextlib.suppress(OSError):
                Path(f"/proc/{process}/clear_refs").write_text("5")
        while not self._end.wait(0.005):
            for process in self._pool._pool.busy:
                found = _most(process)
                if found is not None:
                    self.peak = max(self.peak or 0, found)


def _most(pid: int) -> int | None:
    """The most resident memory that a process ever had."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) << 10 if found else None


def main() -> int:
    limits = SqlLimits()
    pool = SqlPool(Path(sys.argv[1]) / "budget.db", limits=limits)
    assert serves(pool, 30)
    failed = highest = 0
    print("statement | seconds | MiB | answer")
    for name in ATTACKS:
        outcome = attack(pool, name)
        failure = outcome.failure(limits.seconds)
        if not serves(pool):
            failure = failure or "the next visitor was not served"
        failed += failure is not None
        highest = max(highest, outcome.peak or 0)
        peak = f"{outcome.peak / (1 << 20):.0f}" if outcome.peak else "-"
        print(
            f"{name} | {outcome.seconds:.2f} | {peak} | {failure or 'ok'}: {outcome.answer[:90]}",
            flush=True,
        )
    pool.close()
    print("\ntest | tried | failed | most memory")
    print(f"SQL | {len(ATTACKS)} | {failed} | {highest >> 20} MiB")
    return failed


if __name__ == "__main__":
    sys.exit(main())
