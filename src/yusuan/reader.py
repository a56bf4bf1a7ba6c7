"""The process that reads documents: ``python -m yusuan.reader FD SECONDS MEMORY``.

It may hang, crash or be killed on a poisonous file; whatever it does costs that file only.
Over the connection FD it first says that it is ready, then answers each path with one
``Reply``, as data.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.process.sandbox import forbid_network, limit_memory, mapped
from yusuan.process.serialization import BadReply, RecordCodec
from yusuan.schema import catalogue
from yusuan.sources import limits, read_document

__all__ = ["READY", "Reply", "answer", "packed", "unpacked"]

READY = b"ready"
_GRACE_SECONDS = 2.0
"""How long after the parent should have killed it a reader ends itself."""
_LONGEST = 1_000


class Reply(NamedTuple):
    """``kind``: read (with the disclosure), refused, memory or failed (with a message).

    After the ``last`` one the process ends: it holds memory that the next document may need.
    """

    kind: str
    value: Any
    last: bool = False


@cache
def _codec() -> RecordCodec:
    return RecordCodec(Disclosure)


def packed(reply: Reply) -> bytes:
    """A reply as a message."""
    return _codec().encode(tuple(reply))


def unpacked(message: bytes) -> Reply:
    """A reply from a message. Raises BadReply for anything else."""
    parts = _codec().decode(message, tuple)
    if len(parts) == 3 and type(parts[0]) is str and type(parts[2]) is bool:
        expected = Disclosure if parts[0] == "read" else str
        if isinstance(parts[1], expected):
            return Reply(*parts)
    raise BadReply("no reply of a reader")


class _OutOfTime(BaseException):
    """A document takes more of the processor than it may; no parser catches this."""


_PARTS = frozenset({".pdf", ".zip", ".rar", ".7z"})
"""Formats whose pages or members each take their time."""


def answer(path: Path) -> Reply:
    """Read and understand one document; every exception becomes a reply."""
    try:
        with _limited_processor(path):
            return Reply("read", understand(read_document(path)))
    except _OutOfTime:
        return Reply(
            "refused",
            f"{printable(str(path))}: takes more than {limits.PROCESSOR_SECONDS:g} seconds of a "
            "processor to read; is it a budget disclosure? Save the pages or sheets that matter in "
            "a new file",
        )
    except YusuanError as error:
        return Reply("refused", printable(str(error))[:_LONGEST])
    except MemoryError:
        return Reply("memory", "", last=True)
    except Exception as error:
        return Reply("failed", f"{type(error).__name__} in {_place(error)}")


@contextlib.contextmanager
def _limited_processor(path: Path) -> Iterator[None]:
    """Within, _OutOfTime is raised once the processor was used too long (where it can be told)."""
    if not hasattr(signal, "SIGPROF") or path.suffix.lower() in _PARTS:
        yield
        return
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _out_of_time)
    signal.setitimer(signal.ITIMER_PROF, limits.PROCESSOR_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _out_of_time(number: int, frame: FrameType | None) -> None:
    raise _OutOfTime


def _place(error: Exception) -> str:
    """The line of ours that an error came from, and what it said there."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "yusuan" in frame.filename] or frames
    said = printable(str(error))[:100]
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}: {said}"


def _end(number: int, frame: FrameType | None) -> None:
    """Leave at once, but so that a conversion under way is stopped and cleaned up."""
    raise SystemExit(128 + number)


def main() -> None:
    connection = Connection(int(sys.argv[1]))
    seconds, memory = float(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGTERM, _end)
    forbid_network()
    catalogue(), _codec()  # what every document needs is not charged to the first one
    limit_memory(memory)
    idle = mapped()
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        connection.send_bytes(READY)
        while True:
            path = Path(os.fsdecode(connection.recv_bytes()))
            # Should the parent die meanwhile, the kernel ends a reader that hangs.
            signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE_SECONDS)
            reply = answer(path)
            grown = idle is not None and (mapped() or 0) - idle > memory // 4
            reply = reply._replace(last=reply.last or grown)
            try:
                message = packed(reply)
            except MemoryError:
                reply = Reply("memory", "", last=True)
                message = packed(reply)
            connection.send_bytes(message)
            signal.setitimer(signal.ITIMER_REAL, 0)
            if reply.last:
                return
            del reply, message


if __name__ == "__main__":
    from yusuan import reader  # replies must name the module that the parent knows, not __main__

    reader.main()
