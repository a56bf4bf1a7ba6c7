"""Queries from all threads of a server, run by a few worker processes.

When none comes free in time the query is answered "busy".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from yusuan.process.worker import Pool, PoolBusy, PoolClosed

from . import guard
from .entail import Families, entailed
from .errors import Busy, SparqlError, WorkerCrashed
from .negotiate import DEFAULT, Choice
from .worker import Limits, Task, Worker

_WIDER = 10
"""How much longer a query may become by what follows from the vocabulary."""
_CLOSED = "The query service is shutting down."


@dataclass(frozen=True, slots=True)
class Result:
    """A complete result. `kind` is `solutions` (SELECT), `boolean` (ASK) or `graph`."""

    kind: str
    media_type: str
    body: bytes


class QueryPool:
    """Runs SPARQL 1.1 queries over the Oxigraph store in a directory; never writes to it.

    Use as a context manager, or call `close()`. `run` may be called from any thread. Processes
    start on first use, and again after one was killed or crashed or the store was replaced.
    """

    def __init__(
        self,
        store: Path,
        *,
        workers: int = 2,
        timeout: float = 10.0,
        wait: float = 2.0,
        memory: int = 1 << 30,
        max_bytes: int = 32 << 20,
        max_query: int = guard.MAX_BYTES,
        max_depth: int = guard.MAX_DEPTH,
        families: Families | None = None,
    ) -> None:
        """`timeout` and `wait` in seconds: to run, and before that for a free worker.

        `memory` is what a query may use on top of an idle worker, `max_bytes` limits a result,
        `max_query` (bytes) and `max_depth` (brackets) a query's text. Queries by a property of
        `families` find what is said with those below it as well.
        """
        self._timeout = timeout
        limits = Limits(memory, max_bytes)
        self._pool = Pool(lambda: Worker(store, limits), workers, wait)
        self._max_query = max_query
        self._max_depth = max_depth
        self._families = families or {}

    def run(
        self,
        query: str,
        choice: Choice = DEFAULT,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        base: str | None = None,
    ) -> Result:
        """Run one query; raises a SparqlError (see `errors`), never returns part of a result.

        The dataset (SPARQL 1.1 Protocol section 2.1.4) is `default_graphs` and `named_graphs`
        when either is given, else the query's FROM and FROM NAMED, else every graph in the store
        with their union as the default graph. Graphs are looked up in the store, never fetched.
        Without a BASE of its own a query is relative to `base`, an absolute IRI.
        """
        checked = guard.check(query, max_bytes=self._max_query, max_depth=self._max_depth)
        given = bool(default_graphs or named_graphs)
        task = Task(
            query=self._entailed(checked.text),
            results=choice.results.media_type if choice.results else None,
            graph=choice.graph.media_type if choice.graph else None,
            dataset=(tuple(default_graphs), tuple(named_graphs)) if given else None,
            union=not checked.has_from,
            base=base,
        )
        kind, body = self._run(task)
        chosen = choice.graph if kind == "graph" else choice.results
        assert chosen is not None  # else the worker had refused
        return Result(kind, chosen.content_type, body)

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

    def _run(self, task: Task) -> tuple[str, bytes]:
        try:
            with self._pool.worker() as worker:
                return worker.run(task, self._timeout)
        except PoolBusy:
            raise Busy("The server is busy with other queries; try again in a moment.") from None
        except PoolClosed:
            raise WorkerCrashed(_CLOSED) from None
