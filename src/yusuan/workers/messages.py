"""What parent and worker say to each other: data, and why a task got no answer.

A message is a JSON object, a newline and bytes. Nothing is unpickled: whoever takes over a worker
can send no more than a wrong answer. Records go as bytes (``serialization``).
"""

from __future__ import annotations

import json
import signal
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

__all__ = [
    "BadReply", "Message", "PoolBusy", "PoolClosed", "TaskError", "TaskFailed", "TaskRefused",
    "TaskTooLarge", "TaskTooSlow", "WorkerDied", "WorkerNotStarted", "packed_message",
    "reason_unread", "unpacked_message",
]  # fmt: skip

Message = tuple[Mapping[str, Any], bytes]
"""An object of plain JSON values, and bytes of any kind."""


class BadReply(Exception):
    """A message that is no record, or not one of those expected."""


class TaskError(Exception):
    """A task got no answer; ``outcome`` is what became of it."""

    outcome: ClassVar[Literal["refused", "memory", "late", "crashed", "failed", "not-begun"]]


class TaskTooSlow(TaskError):
    """It took longer than allowed; the worker was killed."""

    outcome = "late"


class TaskTooLarge(TaskError):
    """It needed more memory than allowed."""

    outcome = "memory"


class WorkerDied(TaskError):
    """The worker crashed or was killed."""

    outcome = "crashed"

    def __init__(self, status: int, said: str = "") -> None:
        """``status`` is how it ended: an exit status, or the number of a signal, negative; ``said``
        the last line that it complained."""
        super().__init__(status, said)
        self.status, self.said = status, said

    @property
    def cause(self) -> str:
        """What ended it, by name.

        >>> WorkerDied(-9).cause, WorkerDied(1).cause
        ('SIGKILL', 'exit status 1')
        """
        if self.status >= 0:
            return f"exit status {self.status}"
        try:
            return signal.Signals(-self.status).name
        except ValueError:
            return f"signal {-self.status}"


class TaskRefused(TaskError):
    """The program in the worker gives a reason why there is no answer, and goes on."""

    outcome = "refused"

    def __init__(self, kind: str, reason: str = "") -> None:
        """``kind`` is a word that the program and its caller agree on, ``reason`` a sentence."""
        super().__init__(kind, reason)
        self.kind, self.reason = kind, reason


class TaskFailed(TaskError):
    """A mistake of ours: an error that nobody foresaw, or a reply that is none."""

    outcome = "failed"


class WorkerNotStarted(TaskError):
    """No worker could be started; the text says why."""

    outcome = "not-begun"


class PoolBusy(TaskError):
    """No worker came free in the waiting time."""

    outcome = "not-begun"


class PoolClosed(TaskError):
    """The pool was closed."""

    outcome = "not-begun"


def packed_message(header: Mapping[str, Any], content: bytes = b"") -> bytes:
    """A message as bytes."""
    return json.dumps(header).encode() + b"\n" + content


def unpacked_message(message: bytes) -> Message:
    """A message from bytes. Raises BadReply for anything else."""
    head, _, content = message.partition(b"\n")
    try:
        header = json.loads(head)
    except (ValueError, RecursionError) as error:
        raise BadReply(f"{type(error).__name__}: {str(error)[:200]}") from error
    if not isinstance(header, dict):
        raise BadReply("no object")
    return header, content


def reason_unread(
    error: TaskError, file: str, seconds: float, memory: int, expected: str = "a budget disclosure"
) -> str:
    """Why a file, ``expected`` to be something, was not read within ``seconds`` and ``memory``
    (bytes), in one line, and what to do."""
    match error:
        case TaskRefused():
            return error.reason
        case TaskTooSlow():
            return (
                f"{file}: not read within {seconds:g} seconds; is it {expected}? Save the pages "
                "or sheets that matter in a new file"
            )
        case TaskTooLarge():
            return (
                f"{file}: needs more than {memory >> 20} MB of memory to read; save the pages or "
                "sheets that matter in a new file"
            )
        case WorkerDied():
            return (
                f"{file}: ended the process that read it ({error.cause}); it is damaged, or needs "
                f"more than {memory >> 20} MB of memory. Open it in its program, save it in a new "
                "file and try again"
            )
        case TaskFailed():
            return (
                f"{file}: could not be read because of a mistake in yusuan ({error}); please "
                "report it together with this file"
            )
        case _:
            return f"{file}: no process can be started to read it: {error}"
