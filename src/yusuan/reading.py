"""Read documents in processes of their own, so that none can hang or crash the run.

A reader is reused for the next document; one that exceeds a limit or dies is replaced.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from types import TracebackType

from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.narrative.disclosure import Disclosure
from yusuan.process import Child
from yusuan.process.serialization import BadReply
from yusuan.reader import READY, Reply, answer, unpacked
from yusuan.sources import limits

__all__ = ["Read", "Readers"]

_HERE = sys.platform == "win32"
_AHEAD = 4
"""Documents per reader that may be finished before an earlier one is."""


@dataclass(frozen=True, slots=True)
class Read:
    """A document understood, or the reason why not, in one line.

    ``kind`` tells what became of it: read, refused, memory, late, crashed, or failed, which
    is a mistake of ours.
    """

    path: Path
    kind: str
    disclosure: Disclosure | None
    error: str | None = None


class Readers:
    """Up to ``jobs`` reader processes; use as a context manager, from one thread.

    ``seconds`` and ``memory`` (bytes beyond those of an idle reader) are for each document.
    """

    def __init__(
        self,
        jobs: int = 1,
        *,
        seconds: float = limits.SECONDS,
        memory: int = limits.MEMORY,
    ) -> None:
        self._jobs = jobs
        self._seconds = seconds
        self._memory = memory
        self._idle: list[Child] = []
        self._busy: dict[int, _Task] = {}

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all readers, whatever they do."""
        for child in (*self._idle, *(task.child for task in self._busy.values())):
            child.kill()
        self._idle.clear()
        self._busy.clear()

    def read(self, paths: Sequence[Path]) -> Iterator[Read]:
        """Read documents, in the order given.

        Raises YusuanError when no reader can be started. Where connections cannot be handed
        to a child (Windows), documents are read in this process, without limits.
        """
        if _HERE:
            yield from (_read(path, answer(path), 0) for path in paths)
            return
        waiting = deque(enumerate(paths))
        done: dict[int, Read] = {}
        for number in range(len(paths)):
            while number not in done:
                while waiting and len(self._busy) < self._jobs and (
                    waiting[0][0] < number + _AHEAD * self._jobs
                ):  # fmt: skip
                    index, path = waiting.popleft()
                    self._busy[index] = self._begin(path)
                done.update(self._finished())
            yield done.pop(number)

    def _begin(self, path: Path) -> _Task:
        while self._idle:
            child = self._idle.pop()
            try:
                child.send(os.fsencode(path))
            except OSError:  # it died while it had nothing to do
                child.kill()
                continue
            return _Task(path, child, time.monotonic() + self._seconds, started=True)
        try:
            child = Child("yusuan.reader", str(self._seconds), str(self._memory))
        except OSError as error:
            raise YusuanError(f"no process can be started to read documents: {error}") from error
        return _Task(path, child, time.monotonic() + limits.START_SECONDS, started=False)

    def _finished(self) -> Iterator[tuple[int, Read]]:
        """What is done, late or dead by now; waits until something is."""
        deadline = min(task.deadline for task in self._busy.values())
        children = [task.child.connection for task in self._busy.values()]
        ready = wait(children, max(0.0, deadline - time.monotonic()))
        now = time.monotonic()
        for index, task in list(self._busy.items()):
            if task.child.connection in ready:
                result = self._received(task)
            elif now >= task.deadline:
                result = self._late(task)
            else:
                continue
            if result is not None:
                del self._busy[index]
                yield index, result

    def _received(self, task: _Task) -> Read | None:
        """The result of a task, or None when the reader only now begins with it."""
        try:
            message = task.child.connection.recv_bytes()
            if not task.started:
                assert message == READY
                task.child.send(os.fsencode(task.path))
                task.started = True
                task.deadline = time.monotonic() + self._seconds
                return None
            reply = unpacked(message)
        except (EOFError, OSError):
            return self._dead(task)
        except BadReply as error:
            task.child.kill()
            return _read(task.path, Reply("failed", f"its reader gave no reply: {error}"), 0)
        if reply.last:
            task.child.kill()
        else:
            self._idle.append(task.child)
        return _read(task.path, reply, self._memory)

    def _late(self, task: _Task) -> Read:
        task.child.kill()
        if not task.started:
            raise YusuanError("a process that reads documents did not start in time; try again")
        return Read(
            task.path, "late", None,
            f"{_shown(task.path)}: not read within {self._seconds:g} seconds; is it a budget "
            "disclosure? Save the pages or sheets that matter in a new file",
        )  # fmt: skip

    def _dead(self, task: _Task) -> Read:
        status, said = task.child.last_words()
        task.child.kill()
        if not task.started:
            reason = printable(said.decode("utf-8", "replace").strip().rpartition("\n")[2])
            raise YusuanError(f"a process to read documents could not start: {reason or status}")
        if b"memory allocation" in said or b"bad_alloc" in said:
            return _read(task.path, Reply("memory", ""), self._memory)
        return Read(
            task.path, "crashed", None,
            f"{_shown(task.path)}: ended the process that read it ({_cause(status)}); it is "
            f"damaged, or needs more than {self._memory // limits.MB} MB of memory. Open it in "
            "its program, save it in a new file and try again",
        )  # fmt: skip


@dataclass(slots=True)
class _Task:
    """A reader and the document it reads, once it has ``started``."""

    path: Path
    child: Child
    deadline: float
    started: bool


def _read(path: Path, reply: Reply, memory: int) -> Read:
    match reply.kind:
        case "read":
            return Read(path, "read", reply.value)
        case "refused":
            return Read(path, "refused", None, reply.value)
        case "memory":
            return Read(
                path, "memory", None,
                f"{_shown(path)}: needs more than {memory // limits.MB} MB of memory to read; "
                "save the pages or sheets that matter in a new file",
            )  # fmt: skip
        case _:
            return Read(
                path, "failed", None,
                f"{_shown(path)}: could not be read because of a mistake in yusuan "
                f"({reply.value}); please report it together with this file",
            )  # fmt: skip


def _shown(path: Path) -> str:
    return printable(str(path))


def _cause(status: int) -> str:
    """What ended a process, by its exit status."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
