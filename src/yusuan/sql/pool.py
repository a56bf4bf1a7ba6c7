"""SQL statements from all threads of a server, run by a few worker processes."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yusuan.sql.functions import Value, packed, unpacked
from yusuan.workers.messages import TaskError, TaskRefused, WorkerNotStarted
from yusuan.workers.pool import Program, WorkerPool

__all__ = [
    "Answer",
    "BadSql",
    "SqlCrashed",
    "SqlError",
    "SqlLimits",
    "SqlPool",
    "SqlTimedOut",
    "SqlTooLarge",
    "SqlUnavailable",
]  # fmt: skip

_LOG = logging.getLogger("yusuan.serve")
_LATE_SECONDS = 0.3
"""How long after its limit a worker is killed: SQLite stops by itself, but not within a function."""


class SqlError(Exception):
    """A statement gave no result; the message is a sentence that may be shown to its author."""


class BadSql(SqlError):
    """SQLite refuses the statement."""


class SqlTimedOut(SqlError):
    """It ran longer than allowed."""


class SqlTooLarge(SqlError):
    """It needs more memory, or its result more bytes, than allowed."""


class SqlUnavailable(SqlError):
    """No process was free, or none could be started; the same statement may succeed later."""


class SqlCrashed(SqlError):
    """The process that ran it failed; other statements are not affected."""


@dataclass(frozen=True, slots=True)
class SqlLimits:
    """Of one statement: ``seconds`` to run; ``memory`` (bytes) on top of an idle process, which
    takes some 20 MB; ``max_bytes`` of its result."""

    seconds: float = 3.0
    memory: int = 192 << 20
    max_bytes: int = 8 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """``truncated``: there are more rows than were asked for."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    truncated: bool


class SqlPool:
    """Runs single statements over an SQLite file, which nobody writes any more.

    The file is opened once: should another take its name, this pool goes on with the old one.
    ``run`` may be called from any thread.
    """

    def __init__(
        self, database: Path, *, workers: int = 2, wait: float = 2.0, nice: int = 0,
        limits: SqlLimits | None = None,
    ) -> None:  # fmt: skip
        """``wait``: seconds for a free one of the ``workers``, which are ``nice`` to others."""
        self.limits = limits or SqlLimits()
        self._file = os.open(database, os.O_RDONLY)
        # By its number, the file that was opened is meant, whatever has its name by now.
        named = str(self._file) if Path("/proc/self/fd").is_dir() else str(database.resolve())
        self._pool = WorkerPool(
            Program(
                "yusuan.sql.child", (named, self.limits.memory, self.limits.max_bytes),
                memory=self.limits.memory, nice=nice, open_files=(self._file,),
            ), workers, wait=wait,
        )  # fmt: skip

    def run(
        self,
        sql: str,
        parameters: Mapping[str, Value] | Sequence[Value] = (),
        *,
        rows: int | None = None,
        cells: int | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """The result of one statement, at most ``rows`` rows of it, and fewer when these have more than
        ``cells`` cells; ``seconds`` can only be less than the limit. Raises a SqlError, never returns part of what was asked."""
        limit = min(self.limits.seconds, seconds or self.limits.seconds)
        given = (
            {name: packed(value) for name, value in parameters.items()}
            if isinstance(parameters, Mapping)
            else [packed(value) for value in parameters]
        )
        task = {"sql": sql, "parameters": given, "rows": rows, "cells": cells, "limit": limit}
        try:
            header, body = self._pool.ask(task, limit + _LATE_SECONDS)
        except TaskRefused as refused:
            raise self._error(refused.kind, limit, refused.reason) from None
        except TaskError as error:
            if isinstance(error, WorkerNotStarted):
                _LOG.error("no process for SQL could be started: %s", error)
                raise SqlUnavailable(
                    "The database cannot be opened now; try again later. It may need rebuilding."
                ) from None
            raise self._error(error.outcome, limit) from None
        found = [[unpacked(value) for value in row] for row in json.loads(body)]
        return Answer(header["columns"], found, header["truncated"])

    def close(self) -> None:
        """End the processes; statements still running elsewhere fail with SqlCrashed."""
        self._pool.close()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _error(self, kind: str, limit: float, message: str = "") -> SqlError:
        match kind:
            case "sql":
                return BadSql(message)
            case "time" | "late":
                return SqlTimedOut(f"The query was stopped after {limit:g} seconds.")
            case "memory":
                return SqlTooLarge(
                    f"The query needs more than {self.limits.memory >> 20} MiB of memory. "
                    "Make it more specific, or sort and group fewer rows."
                )
            case "result":
                return SqlTooLarge(
                    f"The result is larger than {self.limits.max_bytes >> 20} MiB. "
                    "Add a LIMIT, or ask for fewer columns."
                )
            case "not-begun":
                return SqlUnavailable(
                    "The server is busy with other queries; try again in a moment."
                )
            case _:
                return SqlCrashed(
                    "The query made the database fail. Other queries are not affected."
                )
