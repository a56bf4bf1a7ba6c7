"""Workers seen from the parent: processes that answer tasks within limits, a few to a pool.

A worker is a fresh interpreter: the parent may be a server with threads, and a fork of one may
inherit locks held for ever. Nor is it multiprocessing's: that would run the main module of whoever
called us once more. Only a command that has a single thread yet may ``fork`` its first workers,
which then need not load what it has loaded.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, TypeVar

from yusuan.workers import system
from yusuan.workers.child import Program, answered, forked, started
from yusuan.workers.messages import (
    BadReply,
    Message,
    PoolBusy,
    PoolClosed,
    TaskError,
    TaskFailed,
    TaskRefused,
    TaskTooLarge,
    TaskTooSlow,
    WorkerDied,
    WorkerNotStarted,
    packed_message,
    unpacked_message,
)
from yusuan.workers.serialization import RecordCodec

__all__ = ["Program", "Worker", "WorkerPool"]

START_SECONDS = 60.0
"""For a worker to load its libraries; it takes one second unless the disk sleeps."""
_GRACE_SECONDS = 2.0
"""How long after the parent should have killed it a worker ends itself."""
_EXIT_SECONDS = 1.0
"""Time to stop what it started itself; one that is stuck in native code does not hear."""
_LAST_WORDS = 4000
_OVERHEAD = 1 << 20
_NO_MEMORY = re.compile(rb"memory allocation|bad_alloc|MemoryError|out of memory|annot allocate")
"""What allocators and interpreters say as they die for want of memory."""
_PROCESSES = not system.PLAIN
_NO_PROCESSES = "connections cannot be handed to a child on this system"
"""Whether connections can be handed to a child; else tasks are answered here, without limits."""

_T = TypeVar("_T")


class _Answering(Protocol):
    """A worker, or what stands in for one."""

    version: object

    @property
    def pid(self) -> int: ...
    def ask(self, task: Mapping[str, Any], seconds: float, content: bytes) -> Message: ...
    def usable(self) -> bool: ...
    def kill(self) -> None: ...
    def interrupt(self) -> None: ...


class Worker:
    """A process that answers tasks one after another. Not thread-safe, but for ``interrupt``:
    whoever holds it has it alone, and throws it away once not ``usable``."""

    def __init__(self, program: Program, version: object = None, *, fork: bool = False) -> None:
        """Start the process and wait until it is ready; ``version`` is kept for the pool. Raises
        WorkerNotStarted.

        The process has our module search path and a session of its own, so that Ctrl-C reaches
        only us.
        """
        start = _forked if fork else _interpreter
        self.version = version
        # No honest reply is longer than what a task may hold; a worker taken over has no limit.
        self._longest = program.memory + _OVERHEAD
        self._killed = False
        self._owes = True
        theirs: Any  # on Windows it is of another type
        self._connection, theirs = multiprocessing.Pipe()
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115, lives as long as self
        try:
            self._process = start(program, theirs, self._stderr)
        except OSError as error:
            self._connection.close()
            self._stderr.close()
            raise WorkerNotStarted(str(error)) from error
        finally:
            theirs.close()
        self._await_start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, task: Mapping[str, Any], seconds: float, content: bytes = b"") -> Message:
        """The answer to a task (plain JSON values, and bytes): the same kind of thing.

        Raises TaskTooSlow after ``seconds``, TaskTooLarge, WorkerDied, TaskRefused or TaskFailed.
        """
        deadline = time.monotonic() + seconds
        self._owes = True
        try:
            # Both sides write at the same place of the file: what it says next stands alone.
            self._stderr.seek(0)
            self._stderr.truncate()
            envelope = {"task": task, "seconds": seconds + _GRACE_SECONDS}
            self._connection.send_bytes(packed_message(envelope, content))
        except OSError:
            raise self._death() from None
        header, answer = self._receive(deadline)
        self._owes = False
        if header.get("last"):  # it ends now, and must not be taken for alive
            self.kill()
        return _answer(header), answer

    def usable(self) -> bool:
        """Whether the process lives and owes no answer (as it does when the caller was
        interrupted)."""
        return not self._owes and not self._killed and self._process.poll() is None

    def kill(self) -> None:
        """End the process; one at work is asked first, since it may have started others. Calling it
        again does nothing."""
        if self._killed:
            return
        self._killed = True
        try:
            if self._owes:
                self.interrupt()
            else:
                self._process.kill()
                self._process.wait()
        finally:
            self._connection.close()
            self._stderr.close()

    def interrupt(self) -> None:
        """End the process, at the latest after a second, also from another thread: ``ask`` there
        then raises WorkerDied."""
        self._process.terminate()
        try:
            self._process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await_start(self) -> None:
        try:
            header, _ = self._receive(time.monotonic() + START_SECONDS)
            _answer(header)
        except TaskTooSlow:
            raise WorkerNotStarted("it was not ready in time; try again") from None
        except TaskRefused as refused:
            self.kill()
            raise WorkerNotStarted(refused.reason) from None
        except WorkerDied as died:
            raise WorkerNotStarted(died.said or died.cause) from died
        except TaskError as error:
            self.kill()
            raise WorkerNotStarted(type(error).__name__) from error
        self._owes = False

    def _receive(self, deadline: float) -> Message:
        try:
            late = not self._connection.poll(max(0.0, deadline - time.monotonic()))
            message = b"" if late else self._connection.recv_bytes(self._longest)
        except (EOFError, OSError):
            raise self._death() from None
        if late:
            self.kill()
            raise TaskTooSlow
        try:
            return unpacked_message(message)
        except BadReply as error:
            self.kill()
            raise TaskFailed(f"its process gave no reply: {error}") from error

    def _death(self) -> TaskError:
        """Why the process is gone, by its exit status and what it said last."""
        try:
            status = self._process.wait(_EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # it closed the connection, but lives
            status = self._process.wait()
        self._stderr.seek(max(0, self._stderr.seek(0, os.SEEK_END) - _LAST_WORDS))
        said = self._stderr.read()
        self.kill()
        if _NO_MEMORY.search(said):
            return TaskTooLarge()
        return WorkerDied(status, said.decode("utf-8", "replace").strip().rpartition("\n")[2])


def _interpreter(
    program: Program, connection: Connection, stderr: IO[bytes]
) -> subprocess.Popen[bytes]:
    search_path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
    return subprocess.Popen(
        # -P: the folder it starts in holds no modules of ours.
        [sys.executable, "-P", "-c", "from yusuan.workers.child import main; main()",
         str(connection.fileno()), json.dumps(asdict(program))],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=stderr,
        pass_fds=(connection.fileno(), *program.open_files),
        env={**os.environ, "PYTHONPATH": search_path, "RUST_BACKTRACE": "0"},
        start_new_session=True,
    )  # fmt: skip


def _forked(program: Program, connection: Connection, stderr: IO[bytes]) -> _Fork:
    if sys.platform == "win32":
        raise OSError(_NO_PROCESSES)
    pid = os.fork()
    if not pid:
        forked(connection, stderr.fileno(), program)
    return _Fork(pid)


class _Fork:
    """A forked process, with what ``Worker`` uses of ``subprocess.Popen``."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._status: int | None = None
        self._lock = threading.Lock()

    def poll(self) -> int | None:
        if sys.platform == "win32":
            raise OSError(_NO_PROCESSES)
        with self._lock:
            if self._status is None:
                try:
                    found, status = os.waitpid(self.pid, os.WNOHANG)
                except ChildProcessError:  # somebody else waited for it
                    self._status = 0
                else:
                    self._status = os.waitstatus_to_exitcode(status) if found else None
            return self._status

    def wait(self, timeout: float | None = None) -> int:
        began, pause = time.monotonic(), 0.0005
        while (status := self.poll()) is None:
            if timeout is not None and time.monotonic() - began > timeout:
                raise subprocess.TimeoutExpired("worker", timeout)
            time.sleep(pause)
            pause = min(2 * pause, 0.05)
        return status

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        if sys.platform == "win32":
            raise OSError(_NO_PROCESSES)
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        if self.poll() is None:  # as long as it was not waited for, its number is no other's
            os.kill(self.pid, number)


def _single_thread() -> bool:
    """Whether this process has but one thread, native ones included; False where nobody knows."""
    try:
        return (
            not system.PLAIN
            and sys.platform == "linux"
            and len(list(Path("/proc/self/task").iterdir())) == 1
        )
    except OSError:
        return False


class _Here:
    """Answers tasks in this process, without limits, one at a time."""

    _one = threading.Lock()  # parsers such as PDFium are not safe for threads

    def __init__(self, program: Program, version: object) -> None:
        self.version = version
        self._answer = started(program)

    @property
    def pid(self) -> int:
        return os.getpid()

    def ask(self, task: Mapping[str, Any], seconds: float, content: bytes) -> Message:
        with self._one:
            header, answer = answered(self._answer, task, content)
        return _answer(header), answer

    def usable(self) -> bool:
        return True

    def kill(self) -> None:
        pass

    def interrupt(self) -> None:
        pass


def _answer(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reply says. Raises TaskTooLarge, TaskFailed or TaskRefused."""
    answer, kind, reason = header.get("answer"), header.get("error"), str(header.get("reason"))
    if isinstance(answer, dict):
        return answer
    if kind == "memory":
        raise TaskTooLarge
    if isinstance(kind, str) and kind != "failed":
        raise TaskRefused(kind, reason)
    raise TaskFailed(reason)


class WorkerPool:
    """A few workers that run one program. They start when first needed, and again after one was
    killed or crashed. Use as a context manager, or call ``close``.

    Several, so one slow task does not hold up everyone; few, so a flood of slow tasks cannot eat
    the machine.
    """

    def __init__(
        self, program: Program, workers: int = 1, *, wait: float | None = None,
        version: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        """``wait`` is how many seconds to wait for a free one of the ``workers``; None: for ever.
        A worker is replaced when ``version`` gives something else than as it started. Raises
        ValueError for a pool without a worker."""
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._program = program
        self._wait = wait
        self._version = version
        # Last in, first out: the worker used last has warm caches, unneeded ones never start.
        self._slots: queue.LifoQueue[_Answering | None] = queue.LifoQueue()
        for _ in range(workers):
            self._slots.put(None)
        self._lock = threading.Lock()
        self._running: set[_Answering] = set()
        self._closed = False

    def fork(self) -> None:
        """Start all workers now, as forks of this process, once the program was started here, of which
        they then load nothing again. This needs a process of one thread, on Linux, where that is
        known: elsewhere, and after one ended, they start as ever."""
        if not _single_thread():
            return
        with contextlib.suppress(Exception):  # told when a worker is needed
            started(self._program)
        slots: list[_Answering | None] = []
        for _ in range(self._slots.qsize()):
            worker = self._slots.get_nowait()
            if worker is None and _single_thread():
                with contextlib.suppress(WorkerNotStarted):
                    worker = Worker(self._program, self._version(), fork=True)
            slots.append(worker)
        for worker in slots:
            self._slots.put(worker)

    def ask(self, task: Mapping[str, Any], seconds: float, content: bytes = b"") -> Message:
        """The answer to a task, from any thread. Raises a TaskError: PoolBusy, PoolClosed,
        WorkerNotStarted, and what ``Worker.ask`` raises."""
        with self._worker() as worker:
            return worker.ask(task, seconds, content)

    def ask_record(
        self, task: Mapping[str, Any], seconds: float, codec: RecordCodec, expected: type[_T]
    ) -> _T:
        """Like ``ask``, for an answer that is a record of the class ``expected``. A worker that
        sends anything else is ended, and TaskFailed is raised."""
        with self._worker() as worker:
            _, content = worker.ask(task, seconds, b"")
            try:
                record: _T = codec.decode(content, expected)
            except BadReply as error:
                worker.kill()
                raise TaskFailed(f"its process gave no reply: {error}") from error
            return record

    @property
    def idle(self) -> list[int]:
        """The numbers of the processes that have nothing to do."""
        return [worker.pid for worker in list(self._slots.queue) if worker is not None]

    @property
    def busy(self) -> list[int]:
        """The numbers of the processes at work."""
        return [worker.pid for worker in list(self._running)]

    def close(self) -> None:
        """End all workers; tasks still running in other threads fail with WorkerDied."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for worker in running:
            worker.interrupt()
        while not self._slots.empty():
            idle = self._slots.get()
            if idle is not None:
                idle.kill()
        self._slots.put(None)  # for who waits, to be told

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _worker(self) -> Iterator[_Answering]:
        """A worker for one task."""
        if self._closed:
            raise PoolClosed
        try:
            worker = self._slots.get(timeout=self._wait)
        except queue.Empty:
            raise PoolBusy from None
        try:
            if self._closed:
                raise PoolClosed
            version = self._version()
            if worker is not None and not (worker.usable() and worker.version == version):
                worker.kill()
                worker = None
            if worker is None:
                worker = (Worker if _PROCESSES else _Here)(self._program, version)
            with self._lock:
                if self._closed:
                    raise PoolClosed
                self._running.add(worker)
            yield worker
        finally:
            self._release(worker)

    def _release(self, worker: _Answering | None) -> None:
        with self._lock:
            if worker is not None:
                self._running.discard(worker)
            closed = self._closed
            self._slots.put(None if closed else worker)
        if closed and worker is not None:
            worker.kill()
