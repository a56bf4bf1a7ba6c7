"""Read documents in processes of their own, so that none can hang or crash the run.

A reader is reused for the next document; one that exceeds a limit or dies is replaced.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from yusuan.codes import code_list
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.schema import catalogue
from yusuan.schema.slugs import slug
from yusuan.sources import limits, read_document
from yusuan.sources.read import load_readers
from yusuan.tables.stubs import CODE_LISTS
from yusuan.workers.messages import Message, TaskError, reason_unread
from yusuan.workers.pool import Program, WorkerPool
from yusuan.workers.sandbox import OutOfProcessorTime, processor_limit
from yusuan.workers.serialization import RecordCodec

__all__ = ["Read", "Readers", "start"]

_AHEAD = 4
"""Documents per reader that may be finished before an earlier one is; of a single one, the next."""


_PARTS = frozenset({".pdf", ".zip", ".rar", ".7z"})
"""Formats whose pages or members each take their time, limited by ``limits.SECONDS`` alone."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document understood, or the reason why not, in one line.

    ``kind`` tells what became of it; failed is a mistake of ours.
    """

    path: Path
    kind: Literal["read", "refused", "memory", "late", "crashed", "failed"]
    disclosure: Disclosure | None
    error: str | None = None


class Readers:
    """Up to ``jobs`` reader processes; use as a context manager, from one thread: as long as there
    is no other, they are forks of this process and need not load what every document needs.

    ``seconds`` and ``memory`` (bytes beyond those of an idle reader) are for each document. Readers
    load beforehand what reads files with these ``suffixes``; without any, all formats.
    """

    def __init__(
        self,
        jobs: int = 1,
        *,
        seconds: float = limits.SECONDS,
        memory: int = limits.MEMORY,
        suffixes: Iterable[str] = (),
    ) -> None:
        self._jobs = jobs
        self._seconds = seconds
        self._memory = memory
        arguments = tuple(sorted({suffix.lower() for suffix in suffixes}))
        self._pool = WorkerPool(
            Program("yusuan.reading", arguments, memory=memory, starts_programs=True), jobs
        )

    def __enter__(self) -> Readers:
        self._pool.fork()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def idle(self) -> list[int]:
        """The numbers of the processes that have nothing to do."""
        return self._pool.idle

    def close(self) -> None:
        """End all readers, whatever they do."""
        self._pool.close()

    def read(self, paths: Sequence[Path]) -> Iterator[Read]:
        """Read documents, in the order given; the first are begun at once.

        Raises YusuanError when no reader can be started. Where connections cannot be handed
        to a child (Windows), documents are read in this process, without limits.
        """
        threads = ThreadPoolExecutor(self._jobs, "reading")
        ahead = 1 if self._jobs == 1 else _AHEAD * self._jobs
        begun = deque(threads.submit(self._read, path) for path in paths[: ahead + 1])
        return self._results(threads, begun, paths[ahead + 1 :])

    def _results(
        self, threads: ThreadPoolExecutor, begun: deque[Future[Read]], rest: Sequence[Path]
    ) -> Iterator[Read]:
        try:
            for path in rest:
                yield begun.popleft().result()
                begun.append(threads.submit(self._read, path))
            while begun:
                yield begun.popleft().result()
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _read(self, path: Path) -> Read:
        task = {"path": os.fsdecode(path)}
        try:
            disclosure = self._pool.ask_record(task, self._seconds, _codec(), Disclosure)
        except TaskError as error:
            why = reason_unread(error, printable(str(path)), self._seconds, self._memory)
            if error.outcome == "not-begun":
                raise YusuanError(why) from error
            return Read(path, error.outcome, None, printable(why))
        return Read(path, "read", disclosure)


@cache
def _codec() -> RecordCodec:
    return RecordCodec(Disclosure)


def start(*suffixes: str) -> Callable[[Mapping[str, Any], bytes], Message]:
    """In a worker: what reads and understands the document at a ``path``."""
    load_readers(suffixes)
    catalogue(), _codec(), slug("预算")  # what every document needs
    for name in (*CODE_LISTS, "administrative-division"):
        code_list(name)

    return lambda task, _: ({}, _codec().encode(_understood(Path(task["path"]))))


def _understood(path: Path) -> Disclosure:
    if path.suffix.lower() in _PARTS:
        return understand(read_document(path))
    try:
        with processor_limit(limits.PROCESSOR_SECONDS):
            return understand(read_document(path))
    except OutOfProcessorTime:
        raise YusuanError(
            f"{path}: takes more than {limits.PROCESSOR_SECONDS:g} seconds of a processor to read; "
            "is it a budget disclosure? Save the pages or sheets that matter in a new file"
        ) from None
