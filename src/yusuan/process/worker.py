"""Children that answer tasks one after another, and a few of them shared by the threads of a server.

Both ends of the connection are here. A task is JSON; a reply is JSON, a newline and bytes. Nothing is
unpickled: whoever takes over a child can send no more than a wrong answer.
"""

from __future__ import annotations

import json
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from yusuan.process.child import Child

__all__ = [
    "Pool", "PoolBusy", "PoolClosed", "Reply", "Worker", "WorkerGone", "WorkerLate", "answer_tasks",
    "send_reply",
]  # fmt: skip

START_SECONDS = 30.0
# How long after the parent should have killed it a worker ends itself.
_GRACE_SECONDS = 2.0

Reply = tuple[Mapping[str, Any], bytes]


class WorkerLate(Exception):
    """No answer in time; the worker was killed."""


class WorkerGone(Exception):
    """The worker could not be started, crashed or was killed; ``last_words`` is what it said."""

    def __init__(self, last_words: bytes = b"") -> None:
        super().__init__(last_words)
        self.last_words = last_words


class PoolBusy(Exception):
    """No worker came free in the waiting time."""


class PoolClosed(Exception):
    """The pool was closed."""


def send_reply(connection: Connection, reply: Reply) -> None:
    """In the child: one message to the parent."""
    header, body = reply
    connection.send_bytes(json.dumps(header).encode() + b"\n" + body)


def answer_tasks(
    connection: Connection, answer: Callable[[dict[str, Any]], tuple[Reply, bool]]
) -> None:
    """In the child: say that it is ready, then answer each task until the parent is gone, or until
    ``answer`` says with False that this process should not be used again."""
    send_reply(connection, ({"ready": True}, b""))
    while True:
        try:
            task = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return
        # Should the parent die while a query runs, the kernel still ends it: the engine never
        # returns to Python in between, so nothing gentler would be noticed.
        signal.setitimer(signal.ITIMER_REAL, task["seconds"])
        reply, healthy = answer(task)
        signal.setitimer(signal.ITIMER_REAL, 0)
        header, body = reply
        send_reply(connection, (header if healthy else {**header, "last": True}, body))
        if not healthy:
            return


class Worker:
    """A child seen from the parent. Not thread-safe: whoever holds it has it alone, and throws it
    away once not ``usable``."""

    def __init__(self, module: str, *arguments: str, files: Sequence[int] = ()) -> None:
        """Start ``python -m module FD arguments…`` with the open ``files`` and wait until it is
        ready; ``ready`` is what it says then. Raises WorkerGone."""
        try:
            self._child = Child(module, *arguments, files=files)
        except OSError:
            raise WorkerGone from None
        self._waiting = False
        try:
            self.ready, _ = self._receive(time.monotonic() + START_SECONDS)
        except WorkerLate:
            raise WorkerGone from None

    @property
    def pid(self) -> int:
        return self._child.process.pid

    def ask(self, task: Mapping[str, Any], seconds: float) -> Reply:
        """The answer to a task. Raises WorkerLate after ``seconds``, WorkerGone at a crash."""
        deadline = time.monotonic() + seconds
        self._waiting = True
        try:
            message = {**task, "seconds": seconds + _GRACE_SECONDS}
            self._child.send(json.dumps(message).encode())
        except OSError:
            raise self._post_mortem() from None
        header, body = self._receive(deadline)
        self._waiting = False
        if header.get("last"):  # it ends now, and must not be taken for alive
            self.kill()
        return header, body

    def usable(self) -> bool:
        """Whether the process lives and owes no answer (as it does when the caller was
        interrupted)."""
        return not self._waiting and self._child.lives()

    def kill(self) -> None:
        """End the process; calling it again does nothing."""
        self._child.kill()

    def interrupt(self) -> None:
        """Like kill, but from another thread: ``ask`` there then raises WorkerGone."""
        self._child.interrupt()

    def _receive(self, deadline: float) -> Reply:
        try:
            head, _, body = self._child.receive(deadline).partition(b"\n")
        except TimeoutError:
            self.kill()
            raise WorkerLate from None
        except (EOFError, OSError):
            raise self._post_mortem() from None
        return json.loads(head), body

    def _post_mortem(self) -> WorkerGone:
        _, last_words = self._child.last_words()
        self.kill()
        return WorkerGone(last_words)


_W = TypeVar("_W", bound=Worker)


class Pool(Generic[_W]):
    """A few workers. They start when first needed, and again after one was killed or crashed.

    Several, so one slow task does not hold up everyone; few, so a flood of slow tasks cannot eat
    the machine.
    """

    def __init__(self, start: Callable[[], _W], workers: int, wait: float) -> None:
        """``wait`` is how many seconds to wait for a free one of the ``workers``."""
        if workers < 1:
            raise ValueError("a pool needs at least one worker")
        self._start = start
        self._wait = wait
        # Last in, first out: the worker used last has warm caches, unneeded ones never start.
        self._slots: queue.LifoQueue[_W | None] = queue.LifoQueue()
        for _ in range(workers):
            self._slots.put(None)
        self._lock = threading.Lock()
        self._running: set[_W] = set()
        self._closed = False

    @contextmanager
    def worker(self) -> Iterator[_W]:
        """A worker for one task, from any thread. Raises PoolBusy, PoolClosed, WorkerGone."""
        if self._closed:
            raise PoolClosed
        try:
            worker = self._slots.get(timeout=self._wait)
        except queue.Empty:
            raise PoolBusy from None
        try:
            if worker is not None and not worker.usable():
                worker.kill()
                worker = None
            if worker is None:
                worker = self._start()
            with self._lock:
                if self._closed:
                    raise PoolClosed
                self._running.add(worker)
            yield worker
        finally:
            self._release(worker)

    def close(self) -> None:
        """End all workers; tasks still running elsewhere fail with WorkerGone."""
        with self._lock:
            self._closed = True
            for worker in self._running:
                worker.interrupt()
        while True:
            try:
                idle = self._slots.get_nowait()
            except queue.Empty:
                return
            if idle is not None:
                idle.kill()

    def _release(self, worker: _W | None) -> None:
        with self._lock:
            if worker is not None:
                self._running.discard(worker)
            if not self._closed:
                self._slots.put(worker)
                return
        if worker is not None:
            worker.kill()
