"""Read documents in processes of their own, so that none can hang or crash the run.

A reader is reused for the next document; one that exceeds a limit or dies is replaced. What was read
can be kept, so that the next run need not read it again.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from yusuan.codes import code_list
from yusuan.codes.store import own_folder
from yusuan.files.cache import cache_folder
from yusuan.files.data import data_path
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.schema import catalogue
from yusuan.schema.overlay import overlay_folder
from yusuan.schema.slugs import slug
from yusuan.sources import limits, read_document
from yusuan.sources.files import read_file
from yusuan.sources.read import load_readers
from yusuan.tables.stubs import CODE_LISTS
from yusuan.workers.messages import BadReply, Message, TaskError, reason_unread
from yusuan.workers.pool import Program, WorkerPool
from yusuan.workers.serialization import RecordCodec
from yusuan.workers.system import OutOfProcessorTime, processor_limit

__all__ = ["KeptReadings", "Read", "Readers", "start"]

_AHEAD = 4
"""Documents per reader that may be finished before an earlier one is; of a single one, the next."""


_MOST_KEPT = 1 << 30
"""Bytes of kept readings; a document takes some tens of thousands."""
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
    load beforehand what reads files with these ``suffixes``; without any, all formats. What is in
    ``kept`` is not read, and what is read is put there.
    """

    def __init__(
        self,
        jobs: int = 1,
        *,
        seconds: float = limits.SECONDS,
        memory: int = limits.MEMORY,
        suffixes: Iterable[str] = (),
        kept: KeptReadings | None = None,
    ) -> None:
        self._jobs = jobs
        self._kept = kept
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
        if self._kept:
            self._kept.tidy()

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
        if self._kept and (known := self._kept.of(path)):
            return Read(path, "read", known)
        try:
            disclosure = self._pool.ask_record(task, self._seconds, _codec(), Disclosure)
        except TaskError as error:
            why = reason_unread(error, printable(str(path)), self._seconds, self._memory)
            if error.outcome == "not-begun":
                raise YusuanError(why) from error
            return Read(path, error.outcome, None, printable(why))
        if self._kept:
            self._kept.keep(path, disclosure)
        return Read(path, "read", disclosure)


class KeptReadings:
    """What readers made of documents, in the user's cache folder or another: by the bytes and the name of the
    file, our program, its data and the user's own lists and schemas.

    Nothing depends on it: what is missing or broken is read, and where the folder cannot be
    written nothing is kept. The content of a document itself is not kept.
    """

    def __init__(self, most_bytes: int = _MOST_KEPT, folder: Path | None = None) -> None:
        """``folder`` takes the place of the user's cache folder."""
        self._most_bytes = most_bytes
        self._folder = folder
        self._ready = self._program()

    def of(self, path: Path) -> Disclosure | None:
        """What was made of a file, or None where that is not known."""
        with suppress(OSError, RuntimeError, ValueError, zlib.error, BadReply, YusuanError):
            content = read_file(path)
            file = self._file(path, sha256(content).hexdigest())
            found: Disclosure = _codec().decode(zlib.decompress(file.read_bytes()), Disclosure)
            os.utime(file)
            return replace(found, document=replace(found.document, content=content))
        return None

    def keep(self, path: Path, disclosure: Disclosure) -> None:
        """Keep what was made of a file."""
        with suppress(OSError, RuntimeError, TypeError):
            file = self._file(path, disclosure.document.sha256)
            bare = replace(disclosure, document=replace(disclosure.document, content=b""))
            file.parent.mkdir(0o700, parents=True, exist_ok=True)
            partial = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
            try:
                partial.write_bytes(zlib.compress(_codec().encode(bare), 1))
                partial.replace(file)
            finally:
                partial.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what was used longest ago, where too much is kept."""
        with suppress(OSError, RuntimeError):
            files = [(each.stat(), each) for each in self._place().iterdir()]
            total = sum(status.st_size for status, _ in files)
            for status, file in sorted(files, key=lambda each: each[0].st_mtime_ns):
                if total <= self._most_bytes:
                    break
                file.unlink(missing_ok=True)
                total -= status.st_size

    def _file(self, path: Path, digest: str) -> Path:
        key = sha256(b"\0".join((self._ready, digest.encode(), os.fsencode(path.name))))
        return self._place() / key.hexdigest()[:40]

    def _place(self) -> Path:
        return self._folder or cache_folder() / "readings"

    @staticmethod
    def _program() -> bytes:
        """The hash of all that a reading depends on besides the file."""
        own = [own_folder(), *([Path(named)] if (named := overlay_folder()) else [])]
        return sha256(_installed() + _content_of(own)).digest()


@cache
def _installed() -> bytes:
    """The hash of our program, its data and the versions of the libraries that it uses."""
    found = sha256(sys.version.encode())
    with suppress(PackageNotFoundError):
        for name in sorted(requires("yusuan") or ()):
            package = re.split(r"[^\w.-]", name)[0]
            with suppress(PackageNotFoundError):
                found.update(f"{package} {version(package)}\n".encode())
    return found.digest() + _content_of([Path(__file__).parent, data_path("schemas")])


def _content_of(folders: Iterable[Path]) -> bytes:
    """The hash of the code and data files below folders."""
    found = sha256()
    for file in sorted(each for folder in folders for each in folder.rglob("*")):
        if file.suffix in (".py", ".yaml", ".csv", ".json") and file.is_file():
            found.update(f"{file}\n".encode("utf-8", "surrogateescape"))
            found.update(sha256(file.read_bytes()).digest())
    return found.digest()


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
