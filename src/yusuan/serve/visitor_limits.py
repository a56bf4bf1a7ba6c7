"""What visitors may use: SQL in processes with limits, bodies of a limited size, a fair share.

``guarded`` goes around the whole application, and ``with_kept_home`` around that; ``VisitorsDatabase``
takes the place of Datasette's own database. The site's own queries (``Site.rows``) have nothing to do with either.
"""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qs

from datasette.database import Database, QueryInterrupted, Results
from datasette.views.base import DatasetteError

from yusuan.serve.connections import most_connections
from yusuan.serve.fair_queue import FairQueue, TooBusy, client_of
from yusuan.serve.language import SCOPE as LANGUAGE
from yusuan.sql import SqlError, SqlPool, SqlTimedOut, SqlUnavailable

__all__ = [
    "BUSY", "MOST_BYTES", "Lane", "VisitorsDatabase", "guarded", "rows_follow_by", "visitor",
    "with_kept_home",
]  # fmt: skip

MOST_BYTES = 1_000_000
"""Of a request's body; some pages take less."""
_MOST_HELD = 64 * MOST_BYTES
"""Of all bodies that arrive at a time."""
_BODY_SECONDS = 15.0
"""For the whole body, which a browser sends in much less."""
_SQL_SECONDS = 3.0
"""Of all statements of a request: a page asks for its rows, their number and several facets."""
_STREAM_SECONDS = {True: 30.0, False: 600.0}
"""The same of a CSV of all rows, which asks again for every 5,000; with SQL of the visitor or not."""
_WAIT_SECONDS = 4.0
"""To wait for a turn, all statements of a request together."""
_MOST_CELLS = 10_000
"""Of a page that shows the result of SQL."""
_MOST_ROWS = 200
"""Of the page of a table; JSON and CSV have more."""
_ANSWERED_AT_ONCE = 12
"""Requests of all visitors whose answer is made at a time: it is made in one thread."""
_ADMISSION_SECONDS = 20.0
"""To wait for that."""
_MOST_NAMES = 16
"""By which the home page is kept; a site has one or two."""
BUSY = {"Retry-After": "5"}

# What Datasette asks of every database for every page: statements without anything of a visitor's
# but bound names. They must not wait for visitors, and cost nothing.
_STRUCTURE = frozenset((
    "PRAGMA schema_version",
    "PRAGMA database_list;",
    "select 1 from sqlite_master where type='table' and name=?",
    "select name from sqlite_master where type='table'",
    "select name from sqlite_master where type='view'",
    "select * from sqlite_master WHERE type = 'table'",
    "select name from sqlite_master where type in ('table', 'view') and name = ? collate nocase",
    "select sql from sqlite_master where name = :n and type=:t",
    "select sql from sqlite_master where tbl_name = :n and type='index' and sql is not null",
    "select name from sqlite_master where rootpage = 0 and ( sql like '%VIRTUAL TABLE%USING FTS%' )"
    " or name in ('sqlite_stat1', 'sqlite_stat2', 'sqlite_stat3', 'sqlite_stat4')",
))  # fmt: skip
_DATA = re.compile(r"\.\w+$")
_SIZE = re.compile(rb"(^|&)_size=(?:max|[0-9]{4,}|[3-9][0-9]{2}|2(?!00)[0-9]{2})(?=&|$)")
_MOST_KNOWN = 2000
_MOST_KEPT, _MOST_KEPT_CHARACTERS = 200, 50_000
"""Answers that are kept for the next visitor, and the longest of them: a page of rows, its facets,
labels of keys. All together they take some ten million characters."""
_SORTED = re.compile(r" order by (?:\w+|\[[^\]]+\])(?: desc)?(?= limit \d+$)")
_NAMED = re.compile(r"[:@$](\w+)")


@dataclass(slots=True)
class Visit:
    """One request: who asks, whether with SQL of his own, and what it may still use."""

    client: str = ""
    written: bool = False
    page: bool = False
    """The answer to his SQL is a page, of which every cell costs time in this process."""
    seconds: float = _SQL_SECONDS
    wait: float = _WAIT_SECONDS
    started: bool = False
    """The answer has begun."""
    busy: bool = False
    """Something was refused only for now."""
    key: str = ""
    """The key of the table whose page is made; empty for anything else."""

    def fails(self, busy: bool = False) -> None:
        """A statement failed, ``busy`` only for now. Raises _Cut where the answer was begun."""
        if self.started:
            raise _Cut
        self.busy = self.busy or busy


_VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)


def rows_follow_by(key: str) -> None:
    """From now on, rows of the page of a table that are equal in what they are sorted by follow each
    other by the column ``key``, in SQL, as its next page expects. Datasette sorts only the pages
    after the first so, and rows between the two get lost."""
    if visit := _VISIT.get():
        visit.key = key


def visitor() -> str:
    """Who the request that is being answered comes from."""
    visit = _VISIT.get()
    return visit.client if visit else ""


@dataclass(slots=True)
class _Held:
    """Bytes of bodies that are arriving."""

    bytes: int = 0


@dataclass(slots=True)
class Lane:
    """A pool of processes with a fair queue before it."""

    pool: SqlPool
    places: int
    turns: FairQueue = field(init=False)
    threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self.turns = FairQueue(self.places)
        self.threads = ThreadPoolExecutor(self.places, thread_name_prefix="sql")


class VisitorsDatabase(Database):  # type: ignore[misc]  # Datasette has no types
    """Datasette's database whose statements run in child processes: ``written`` those that
    visitors wrote themselves, ``pages`` those that a page of a table is made with."""

    def __init__(self, datasette: Any, path: str, written: Lane, pages: Lane) -> None:
        super().__init__(datasette, path, is_mutable=False)
        self._known: dict[Hashable, Any] = {}
        self._kept: dict[Hashable, Any] = {}
        self._written = written
        self._pages = pages

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,
        custom_time_limit: int | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,
    ) -> Any:
        """As Datasette's own, which would run the statement in this process.

        Raises QueryInterrupted after the time of the request, DatasetteError (503) when no process is
        free, sqlite3.OperationalError with what SQLite says of the statement.
        """
        if (asked := " ".join(sql.split())) in _STRUCTURE:
            named = params.items() if isinstance(params, Mapping) else params or ()
            return await self._once(
                (asked, *named),
                lambda: Database.execute(self, sql, params, truncate, None, page_size, False),
            )
        visit = _VISIT.get() or Visit()
        lane = self._written if visit.written else self._pages
        if visit.seconds <= 0:
            visit.fails()
            raise _interrupted(sql, params)
        if visit.key:
            sql = _SORTED.sub(rf"\g<0>, {visit.key}", sql)
        most = self.ds.max_returned_rows
        rows = most + (1 if most == (page_size or self.ds.page_size) else 0) if truncate else None
        bound = _parameters(sql, params)
        key = sql, rows, *(bound.items() if isinstance(bound, Mapping) else bound)
        kept = None if visit.written else self._kept.pop(key, None)
        if kept is not None:
            self._kept[key] = kept  # as the latest
            return Results(list(kept.rows), kept.truncated, kept.description)
        seconds = min(visit.seconds, custom_time_limit / 1000 if custom_time_limit else 1e9)
        cells = _MOST_CELLS if visit.page else None
        run = partial(lane.pool.run, sql, bound, rows=rows, cells=cells, seconds=seconds)
        queued = time.monotonic()
        began = queued
        try:
            async with lane.turns.turn(visit.client, max(0.0, visit.wait)):
                began = time.monotonic()
                visit.wait -= began - queued
                answer = await asyncio.get_running_loop().run_in_executor(lane.threads, run)
        except SqlTimedOut:
            visit.fails()
            raise _interrupted(sql, params) from None
        except SqlUnavailable as error:
            visit.fails(busy=True)
            raise DatasetteError(str(error), title="Busy", status=503) from None
        except SqlError as error:
            visit.fails()
            raise sqlite3.OperationalError(str(error)) from None
        except TooBusy as busy:
            visit.fails(busy=True)
            raise DatasetteError(str(busy), title="Busy", status=503) from None
        finally:
            visit.seconds -= time.monotonic() - began
        cursor = _described(tuple(answer.columns))
        found = [sqlite3.Row(cursor, tuple(row)) for row in answer.rows]
        results = Results(found, answer.truncated, cursor.description)
        if not visit.written and _is_short(answer.rows):
            self._kept[key] = Results(list(found), answer.truncated, cursor.description)
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
        return results

    async def table_counts(self, limit: int = 10) -> Any:
        """Rows of each table, counted in this process and without a limit of time."""

        def counted(connection: sqlite3.Connection) -> dict[str, int]:
            names = connection.execute("select name from sqlite_master where type='table'")
            return {
                name: connection.execute(f"select count(*) from [{name}]").fetchone()[0]
                for (name,) in names.fetchall()
            }

        return await self._once("table_counts", lambda: self.execute_fn(counted))

    async def table_columns(self, table: str) -> Any:
        """As Datasette's own, asked once."""
        own = super().table_columns
        return list(await self._once(("columns", table), lambda: own(table)))

    async def primary_keys(self, table: str) -> Any:
        """As Datasette's own, asked once."""
        own = super().primary_keys
        return list(await self._once(("keys", table), lambda: own(table)))

    async def fts_table(self, table: str) -> Any:
        """None: the database has no index of words."""

    async def foreign_keys_for_table(self, table: str) -> Any:
        """As Datasette's own, asked once."""
        own = super().foreign_keys_for_table
        return [dict(key) for key in await self._once(("foreign", table), lambda: own(table))]

    async def hidden_table_names(self) -> Any:
        """As Datasette's own, asked once."""
        return list(await self._once("hidden", super().hidden_table_names))

    async def get_all_foreign_keys(self) -> Any:
        """As Datasette's own, asked once."""
        return await self._once("all foreign", super().get_all_foreign_keys)

    async def _once(self, key: Hashable, ask: Callable[[], Awaitable[Any]]) -> Any:
        """What was answered before: the file does not change. Every page asks the structure of
        every table, each time through another thread."""
        if key not in self._known:
            answer = await ask()
            if len(self._known) < _MOST_KNOWN:  # a visitor may ask for any name
                self._known[key] = answer
            return answer
        return self._known[key]


def _interrupted(sql: str, params: Any) -> QueryInterrupted:
    return QueryInterrupted(sqlite3.OperationalError("interrupted"), sql, params)


def _is_short(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the answer to a statement of a page is kept, for the file does not change."""
    lengths = (len(str(value)) for row in rows for value in row)
    return all(length <= _MOST_KEPT_CHARACTERS for length in accumulate(lengths))


def _parameters(sql: str, params: Any) -> Mapping[str, Any] | Sequence[Any]:
    if params is None:
        return ()
    if not isinstance(params, Mapping):
        return list(params)
    found = {}
    for name in set(_NAMED.findall(sql)):
        try:
            found[name] = params[name]  # Datasette's magic parameters are made when they are asked
        except KeyError:
            continue
    return found


@cache
def _nothing() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


def _described(columns: tuple[str, ...]) -> sqlite3.Cursor:
    """A cursor with these columns, which the rows that Datasette wants are made with."""
    listed = ", ".join('null as "' + name.replace('"', '""') + '"' for name in columns)
    return _nothing().execute(f"select {listed or 'null limit 0'}")


def guarded(app: Any) -> Any:
    """An ASGI application before which each request is known as a visit, waits for its turn, its
    body is read within limits, and answers say when to come again."""
    held = _Held()
    # Half of the connections stay free for requests that have not come yet.
    admission = FairQueue(_ANSWERED_AT_ONCE, _ADMISSION_SECONDS, most_connections() // 2)

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        visit = _visit(scope)
        if not _DATA.search(scope["path"]):
            shorter = _SIZE.sub(rb"\1_size=%d" % _MOST_ROWS, scope.get("query_string", b""))
            scope = {**scope, "query_string": shorter}

        turn = AsyncExitStack()

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                await turn.aclose()  # how long the client takes to read is another matter
                visit.started = True
                if visit.busy and message["status"] == 503:
                    added = [(k.lower().encode(), v.encode()) for k, v in BUSY.items()]
                    message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        token = _VISIT.set(visit)
        size = 0
        try:
            refused = _unusable(scope)
            if refused is None and _has_body(scope):
                body = bytearray()
                refused = await _collect(scope, receive, body, held)
                size = len(body)
                receive = _replayed(bytes(body), receive)
                body.clear()
            if refused is None:
                try:
                    await turn.enter_async_context(admission.turn(visit.client))
                except TooBusy:
                    refused = 503, "The server is busy; try again in a moment."
            if refused is None:
                await app(scope, receive, sending)
            else:
                await _refuse(send, *refused)
        except _Cut:
            pass
        finally:
            await turn.aclose()
            held.bytes -= size
            _VISIT.reset(token)

    return wrapped


def with_kept_home(app: Any) -> Any:
    """An ASGI application whose home page, which is the same for everybody who calls the site by one
    name as long as the package is, is made once: whoever asks again waits for no turn and takes no
    processor."""
    kept: dict[Hashable, Sequence[Any]] = {}

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if not _asks_for_home(scope):
            await app(scope, receive, send)
            return
        # The page has its own address in it.
        hosts = (value for name, value in scope["headers"] if name.lower() == b"host")
        called = (scope.get("scheme"), scope.get(LANGUAGE), *hosts)
        if page := kept.get(called):
            for message in page:
                await send(message)
            return
        made: list[Any] = []

        async def noting(message: Any) -> None:
            made.append(message)
            await send(message)

        await app(scope, receive, noting)
        if _is_whole_page(made):
            if len(kept) >= _MOST_NAMES:  # a visitor may call the site anything
                kept.pop(next(iter(kept)))
            kept[called] = made

    return wrapped


def _asks_for_home(scope: Mapping[str, Any]) -> bool:
    """Without anything that another page might be made for: a question, a cookie, credentials."""
    return (
        scope["type"] == "http"
        and (scope["method"], scope["path"]) == ("GET", "/")
        and scope.get("raw_path") in (None, b"/")
        and not scope.get("query_string")
        and not _has_body(scope)
        and not any(name.lower() in (b"cookie", b"authorization") for name, _ in scope["headers"])
    )


def _is_whole_page(messages: Sequence[Mapping[str, Any]]) -> bool:
    return (
        bool(messages)
        and messages[0].get("status") == 200
        and not any(name.lower() == b"set-cookie" for name, _ in messages[0].get("headers", ()))
        and messages[-1]["type"] == "http.response.body"
        and not messages[-1].get("more_body")
    )


class _Cut(BaseException):
    """An answer that was begun cannot be finished, and ends without its end: so it is known to be
    incomplete. No ``Exception``, of which Datasette would write a line into the CSV, as if it were
    data, and another into the log."""


def _visit(scope: Mapping[str, Any]) -> Visit:
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    written = "sql" in asked or "_where" in asked
    client = (scope.get("client") or (None,))[0]
    visit = Visit(client_of(client), written, "sql" in asked and not _DATA.search(scope["path"]))
    if "_stream" in asked:
        visit.seconds = _STREAM_SECONDS[written]
    return visit


def _unusable(scope: Mapping[str, Any]) -> tuple[int, str] | None:
    """A refusal of parameters that Datasette would fail on."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    for name, values in asked.items():
        for value in values:
            if name == "_timelimit" and not re.fullmatch("[0-9]{1,9}", value):
                return 400, "_timelimit is a number of milliseconds."
            if name == "_through" and not _is_json(value, {"table", "column", "value"}):
                return 400, "_through is a JSON object with table, column and value."
            listed = name.endswith(("__in", "__notin")) and value.startswith("[")
            if listed and not _is_json(value, set()):
                return 400, f"{name[:60]} is a list in JSON, or values with commas between them."
    return None


def _is_json(text: str, keys: set[str]) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return not keys or (isinstance(value, dict) and keys <= value.keys())


def _has_body(scope: Mapping[str, Any]) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


async def _collect(
    scope: Mapping[str, Any], receive: Any, body: bytearray, held: _Held
) -> tuple[int, str] | None:
    """Read a body as it arrives; a refusal when it is too long, too slow, or too much in all."""
    too_long = 413, f"The request is too long; at most {MOST_BYTES} bytes are read."
    for name, value in scope["headers"]:
        if name == b"content-length" and int(value) > MOST_BYTES:
            return too_long
    refused = None
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    break
                part = message.get("body", b"")
                if len(body) + len(part) > MOST_BYTES:
                    refused = too_long
                    break
                if held.bytes + len(part) > _MOST_HELD:
                    refused = 503, "The server is busy; try again in a moment."
                    break
                body += part
                held.bytes += len(part)
                if not message.get("more_body"):
                    return None
    except TimeoutError:
        refused = 408, f"The request took longer than {_BODY_SECONDS:g} seconds to arrive."
    held.bytes -= len(body)
    body.clear()
    return refused or (400, "The request ended too early.")


def _replayed(body: bytes, receive: Any) -> Any:
    waiting = [body]

    async def replayed() -> Any:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed


async def _refuse(send: Any, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        # What still arrives is not read.
        "connection": "close",
        **(BUSY if status == 503 else {}),
    }
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
