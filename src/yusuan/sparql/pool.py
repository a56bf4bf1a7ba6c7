"""Queries from all threads of a server, run by a few worker processes.

When none comes free in time the query is answered "busy".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from yusuan.workers.messages import (
    PoolBusy,
    PoolClosed,
    TaskError,
    TaskFailed,
    TaskRefused,
    TaskTooLarge,
    TaskTooSlow,
    WorkerNotStarted,
)
from yusuan.workers.pool import Program, WorkerPool

from . import guard
from .entail import Families, entailed
from .errors import (
    BadQuery,
    NotAcceptable,
    QueryTooLarge,
    QueryTooSlow,
    ServiceBusy,
    SparqlError,
    WorkerCrashed,
)
from .negotiate import DEFAULT, Choice, available
from .tokens import undeclared

_WIDER = 10
"""How much longer a query may become by what follows from the vocabulary."""
_MOST_PREFIXES = 5
"""Undeclared prefixes that are told."""
_KINDS = {"solutions": "a table", "boolean": "a boolean", "graph": "a graph"}


Engine = Literal["rows", "store"]
"""What answered a query: SQL over the rows of the package, or the store of its statements."""


@dataclass(frozen=True, slots=True)
class Task:
    """A checked query with the media types to answer in.

    `dataset` is the (default, named) graph IRIs of the request, or None to leave it to the query;
    then `union` makes all graphs together the default graph. Relative IRIs are relative to `base`.
    """

    query: str
    entailed: str
    """The query with what follows from the vocabulary written out, for a store."""
    results: str | None
    graph: str | None
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None
    union: bool
    base: str | None = None
    explain: bool = False
    """Whether to say how it is answered, instead of answering it."""


@dataclass(frozen=True, slots=True)
class Result:
    """A complete result. `kind` is `solutions` (SELECT), `boolean` (ASK) or `graph`."""

    kind: str
    media_type: str
    body: bytes
    engine: Engine = "store"


class QueryPool:
    """Runs SPARQL 1.1 queries over the Oxigraph store in a directory; never writes to it.

    Use as a context manager, or call `close()`. `run` may be called from any thread. Processes
    start on first use, and again after one was killed or crashed or the store was replaced.
    """

    def __init__(
        self,
        store: Path,
        *,
        rows: Path | None = None,
        workers: int = 2,
        timeout: float = 10.0,
        wait: float = 2.0,
        memory: int = 1 << 30,
        max_bytes: int = 32 << 20,
        max_query: int = guard.MAX_BYTES,
        max_depth: int = guard.MAX_DEPTH,
        families: Families | None = None,
        prefixes: Mapping[str, str] | None = None,
    ) -> None:
        """`timeout` and `wait` in seconds: to run, and before that for a free worker.

        `rows` is the file of the rows of the same package: from them a query is answered that can be. `memory` is what a query may use on top of an idle worker, `max_bytes` limits a result,
        `max_query` (bytes) and `max_depth` (brackets) a query's text. Queries by a property of
        `families` find what is said with those below it as well. `prefixes` (namespaces by name)
        need not be declared in a query; what it declares itself holds.
        """
        self._timeout = timeout
        self._memory = memory
        self._max_bytes = max_bytes
        self._pool = WorkerPool(
            Program(
                "yusuan.sparql.child",
                (str(store), max_bytes, str(rows or ""), memory),
                memory=memory,
            ),
            workers, wait=wait, version=lambda: _version(store),
        )  # fmt: skip
        self._max_query = max_query
        self._max_depth = max_depth
        self._families = families or {}
        self._prefixes = prefixes or {}

    def run(
        self,
        query: str,
        choice: Choice = DEFAULT,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
        explain: bool = False,
    ) -> Result:
        """Run one query; raises a SparqlError (see `errors`), never returns part of a result.

        The dataset (SPARQL 1.1 Protocol section 2.1.4) is `default_graphs` and `named_graphs`
        when either is given, else the query's FROM and FROM NAMED, else every graph in the store
        with their union as the default graph. Graphs are looked up in the store, never fetched.
        Without a BASE of its own a query is relative to `base`, an absolute IRI. To `explain` it is to
        give, as plain text, the SQL that answers it, or why the store does.
        """
        checked = guard.check(query, max_bytes=self._max_query, max_depth=self._max_depth)
        given = bool(default_graphs or named_graphs)
        missing = undeclared(checked.text)
        known = [name for name in missing if name in self._prefixes]
        prologue = "".join(f"PREFIX {name}: <{self._prefixes[name]}> " for name in known)
        text = f"{prologue}\n{checked.text}" if known else checked.text
        task = Task(
            query=text,
            entailed=self._entailed(text),
            results=choice.results.media_type if choice.results else None,
            graph=choice.graph.media_type if choice.graph else None,
            dataset=(tuple(default_graphs), tuple(named_graphs)) if given else None,
            union=not checked.has_from,
            base=base,
            explain=explain,
        )
        try:
            kind, engine, body = self._run(task)
        except _Unreadable as error:
            unknown = [name for name in missing if name not in known]
            raise BadQuery(_told(str(error), bool(known), unknown)) from None
        if explain:
            return Result(kind, "text/plain; charset=utf-8", body, engine)
        chosen = choice.graph if kind == "graph" else choice.results
        assert chosen is not None  # else the worker had refused
        return Result(kind, chosen.content_type, body, engine)

    def close(self) -> None:
        """End all workers; queries still running elsewhere fail with WorkerCrashed."""
        self._pool.close()

    def __enter__(self) -> "QueryPool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _entailed(self, query: str) -> str:
        """The query with what follows by the property hierarchy. It has passed the guard and must
        pass it again, longer and deeper as it is; else it runs as it was."""
        wide = entailed(query, self._families)
        if wide != query:
            try:
                guard.check(wide, max_bytes=_WIDER * self._max_query, max_depth=self._max_depth + 1)
            except SparqlError:
                return query
        return wide

    def _run(self, task: Task) -> tuple[str, Engine, bytes]:
        """The result's kind (`solutions`, `boolean`, `graph`), what gave it, and its serialisation."""
        try:
            header, body = self._pool.ask(asdict(task), self._timeout)
        except TaskError as error:
            raise self._explained(error) from None
        return header["kind"], header["engine"], body

    def _explained(self, error: TaskError) -> SparqlError:
        """The same for whoever sent the query."""
        match error:
            case TaskRefused(kind="syntax"):
                return _Unreadable(error.reason)
            case TaskRefused(kind="format"):
                return NotAcceptable(
                    f"This query returns {_KINDS[error.reason]}, for which the request accepts "
                    f"no format. {available()}"
                )
            case TaskRefused(kind="result"):
                return QueryTooLarge(
                    f"The result is larger than {self._max_bytes} bytes. "
                    "Add a LIMIT, or ask for fewer columns."
                )
            case TaskRefused():
                return BadQuery(f"The query cannot be run: {error.reason}.")
            case TaskTooSlow():
                return QueryTooSlow(
                    f"The query was stopped after {self._timeout:g} seconds. "
                    "Make it more specific, or add a LIMIT."
                )
            case TaskTooLarge():
                return QueryTooLarge(
                    f"The query needs more than {self._memory >> 20} MiB of memory. "
                    "Make it more specific, or sort and group fewer rows."
                )
            case TaskFailed():
                return WorkerCrashed(f"The query engine failed ({str(error).partition(' ')[0]}).")
            case WorkerNotStarted():
                return WorkerCrashed("The data store could not be opened. It may need rebuilding.")
            case PoolBusy():
                return ServiceBusy("The server is busy with other queries; try again in a moment.")
            case PoolClosed():
                return WorkerCrashed("The query service is shutting down.")
            case _:
                return WorkerCrashed(
                    "The query made the query engine fail; it may be too long or too complex. "
                    "Other queries are not affected."
                )


class _Unreadable(BadQuery):
    """What the parser says of a query."""


_LINE = re.compile(r"(?<=\berror at )\d+(?=:)")


def _told(reason: str, shifted: bool, unknown: Sequence[str]) -> str:
    """What the parser says, with the lines of the query as it was sent, one less where prefixes were
    declared in a line above it; and what to write for prefixes that nothing declares."""
    if shifted:
        reason = _LINE.sub(lambda line: str(int(line[0]) - 1), reason)
    hint = "".join(
        f" The prefix {name}: is not declared; begin the query with PREFIX {name}: <…>."
        for name in unknown[:_MOST_PREFIXES]
    )
    if hint and "Prefix not found" in reason:  # what else the parser expected is no help then
        reason = ":".join(reason.split(":")[:2])
    return f"The query is not valid SPARQL 1.1: {reason}.{hint}"


def _version(store: Path) -> tuple[int, int]:
    """Changes when the store's directory is replaced by a newly built one."""
    try:
        found = (store / "CURRENT").stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns
