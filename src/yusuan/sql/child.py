"""What a worker does that runs SQL. It may be killed at any moment; it reads the database and nothing
else. Its memory is limited twice: SQLite's own (`hard_heap_limit`, which it notices and survives)
and that of the process.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from typing import Any

from yusuan.sql.functions import DecimalSum, add_functions, packed, unpacked
from yusuan.workers.messages import Message, TaskRefused

__all__ = ["start"]

# What a statement may do: read, and ask for the structure of the database.
_READS = frozenset((
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
))  # fmt: skip
_PRAGMAS = frozenset((
    "compile_options", "database_list", "foreign_key_list", "function_list", "index_info",
    "index_list", "index_xinfo", "max_page_count", "page_count", "page_size", "schema_version",
    "table_info", "table_list", "table_xinfo",
))  # fmt: skip
_FUNCTIONS = frozenset(("load_extension", "fts3_tokenizer"))
# https://sqlite.org/limits.html; far above what pages and people need, far below what hurts.
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 10 << 20,  # bytes of a text, a blob or a row
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 250,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 250,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    # A pattern of many stars is tried in ways beyond number, and no limit of time interrupts it.
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 10_000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 5,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_OPERATIONS = 1000
"""Steps of SQLite's machine between two looks at the clock."""
_CELL = 16
"""Bytes that a cell costs beside its text."""
_FEW = 20
"""Rows that are given however many columns they have."""


def start(
    database: str, memory: int, max_bytes: int
) -> Callable[[Mapping[str, Any], bytes], Message]:
    """What runs statements. ``database`` is a file to open, or the number of one that is open
    already; a statement may use half of the ``memory``, a result have ``max_bytes``.

    Raises sqlite3.Error when the database cannot be opened.
    """
    opened = _opened(database, memory)
    return lambda task, _: answer(opened, task, max_bytes)


def _opened(database: str, memory: int) -> sqlite3.Connection:
    path = f"/proc/self/fd/{database}" if database.isdigit() else database
    opened = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, isolation_level=None)
    for pragma in (
        f"hard_heap_limit = {memory // 2}",
        "query_only = 1",
        # Sorting must not fill the disk.
        "temp_store = MEMORY",
        "mmap_size = 0",
        "cache_size = -4000",
        "trusted_schema = 0",
    ):
        opened.execute(f"PRAGMA {pragma}").fetchall()
    opened.execute("SELECT 1 FROM sqlite_master").fetchone()
    opened.text_factory = lambda text: str(text, "utf-8", "replace")
    add_functions(opened)
    for limit, value in _LIMITS.items():
        opened.setlimit(limit, value)
    opened.set_authorizer(_authorised)
    return opened


def _authorised(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if (first or "").lower() in _PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and (first, second) == ("pragma_database_list", "file"):
        return sqlite3.SQLITE_IGNORE  # null: where the file is on this machine is nobody's concern
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_UPDATE and first == "sqlite_master":
        # Asked when a function such as json_each is used as a table; the file is read-only anyhow.
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY


def answer(opened: sqlite3.Connection, task: Mapping[str, Any], max_bytes: int) -> Message:
    """Run one statement. Raises TaskRefused: time, memory, result, or sql with the reason."""
    deadline = time.monotonic() + task["limit"]
    opened.set_progress_handler(lambda: time.monotonic() > deadline, _OPERATIONS)
    try:
        return _run(opened, task, max_bytes)
    except MemoryError:
        raise TaskRefused("memory") from None
    except sqlite3.OperationalError as error:
        if str(error) == "interrupted":
            raise TaskRefused("time") from None
        failed = str(error).startswith("user-defined aggregate")
        raise TaskRefused("sql", DecimalSum.refusal if failed else str(error)) from None
    # ValueError: a NUL in the text; Warning: two statements; OverflowError: a huge integer.
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        if isinstance(error, sqlite3.DataError) and "too big" in str(error):
            raise TaskRefused("sql", "a text or blob is too long") from None
        raise TaskRefused("sql", str(error)) from None
    except RecursionError:
        raise TaskRefused("sql", "the statement is nested too deeply") from None


def _run(opened: sqlite3.Connection, task: Mapping[str, Any], max_bytes: int) -> Message:
    parameters = task["parameters"]
    if isinstance(parameters, dict):
        given: Any = {name: unpacked(value) for name, value in parameters.items()}
    else:
        given = [unpacked(value) for value in parameters]
    cursor = opened.cursor()
    try:
        cursor.execute(task["sql"], given)
        columns = [column[0] for column in cursor.description or ()]
        most = task["rows"]
        if most is not None and task["cells"] is not None:
            most = min(most, max(_FEW, task["cells"] // max(1, len(columns))))
        rows: list[list[Any]] = []
        size, truncated = 0, False
        for row in cursor:
            if most is not None and len(rows) >= most:
                truncated = True
                break
            size += sum(map(_size, row))
            if size > max_bytes:
                raise TaskRefused("result")
            rows.append([packed(value) for value in row])
    finally:
        cursor.close()
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return {"columns": columns, "truncated": truncated}, body


def _size(value: object) -> int:
    # At most four bytes of UTF-8 for a character; a blob is sent in base 64.
    if isinstance(value, str):
        return _CELL + (len(value) if value.isascii() else 3 * len(value))
    return _CELL + (4 * len(value) // 3 if isinstance(value, bytes) else 8)
