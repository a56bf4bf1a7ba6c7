"""One worker process, seen from the parent: start it, hand it a task, kill it when late."""

from dataclasses import asdict, dataclass
from pathlib import Path

from yusuan.process import worker as process

from .errors import BadQuery, NotAcceptable, SparqlError, TimedOut, TooLarge, WorkerCrashed
from .negotiate import available

_KINDS = {"solutions": "a table", "boolean": "a boolean", "graph": "a graph"}


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory`: bytes a query may take beyond an idle worker's; `max_bytes`: of one result."""

    memory: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Task:
    """A checked query with the media types to answer in.

    `dataset` is the (default, named) graph IRIs of the request, or None to leave it to the query;
    then `union` makes all graphs together the default graph. Relative IRIs are relative to `base`.
    """

    query: str
    results: str | None
    graph: str | None
    dataset: tuple[tuple[str, ...], tuple[str, ...]] | None
    union: bool
    base: str | None = None


def _version(store: Path) -> tuple[int, int]:
    """Changes when the store's directory is replaced by a newly built one."""
    try:
        found = (store / "CURRENT").stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


class Worker(process.Worker):
    """A process with a store open. Not thread-safe, as its base."""

    def __init__(self, store: Path, limits: Limits) -> None:
        """Start the process and wait until the store is open; raises WorkerCrashed."""
        self._store = store
        self._version = _version(store)
        self._limits = limits
        try:
            super().__init__(
                "yusuan.sparql.child", str(store), str(limits.memory), str(limits.max_bytes)
            )
        except process.WorkerGone:
            raise WorkerCrashed("A query process could not be started.") from None
        if "error" in self.ready:
            self.kill()
            raise WorkerCrashed("The data store could not be opened. It may need rebuilding.")

    def run(self, task: Task, seconds: float) -> tuple[str, bytes]:
        """The result's kind (`solutions`, `boolean`, `graph`) and its serialisation."""
        try:
            header, body = self.ask(asdict(task), seconds)
        except process.WorkerLate:
            raise TimedOut(
                f"The query was stopped after {seconds:g} seconds. "
                "Make it more specific, or add a LIMIT."
            ) from None
        except process.WorkerGone as gone:
            raise self._why(gone.last_words) from None
        if "error" in header:
            raise self._explain(header["error"], header["message"])
        return header["kind"], body

    def usable(self) -> bool:
        """Also whether the store is still the one it opened."""
        return super().usable() and _version(self._store) == self._version

    def _why(self, last_words: bytes) -> SparqlError:
        """Why the process is gone, judging by its last words."""
        if b"memory allocation" in last_words or b"bad_alloc" in last_words:
            return self._explain("memory", "")
        return WorkerCrashed(
            "The query made the query engine fail; it may be too long or too complex. "
            "Other queries are not affected."
        )

    def _explain(self, error: str, message: str) -> SparqlError:
        match error:
            case "syntax":
                return BadQuery(f"The query is not valid SPARQL 1.1: {message}.")
            case "value":
                return BadQuery(f"The query cannot be run: {message}.")
            case "format":
                return NotAcceptable(
                    f"This query returns {_KINDS[message]}, for which the request accepts no "
                    f"format. {available()}"
                )
            case "result":
                return TooLarge(
                    f"The result is larger than {self._limits.max_bytes} bytes. "
                    "Add a LIMIT, or ask for fewer columns."
                )
            case "memory":
                self.kill()
                return TooLarge(
                    f"The query needs more than {self._limits.memory >> 20} MiB of memory. "
                    "Make it more specific, or sort and group fewer rows."
                )
            case _:
                self.kill()
                return WorkerCrashed(f"The query engine failed ({message}).")
