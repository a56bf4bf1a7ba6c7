"""A worker from within: ``serve`` limits the process, then answers tasks until the parent is gone.

A program is a module with a function ``start``, which takes the arguments of its ``Program`` and
gives a function that answers a task (plain JSON values, and bytes) with the same kind of thing. It
may raise YusuanError or TaskRefused, after which the worker goes on.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.workers import system
from yusuan.workers.messages import Message, TaskRefused, packed_message, unpacked_message

__all__ = ["Answer", "Program", "answered", "forked", "main", "serve", "started"]

Answer = Callable[[Mapping[str, Any], bytes], Message]
_LONGEST = 1_000
_NO_MEMORY: Message = ({"error": "memory", "last": True}, b"")


@dataclass(frozen=True, slots=True)
class Program:
    """What workers run, and what they may use.

    ``memory`` is what a task may take beyond an idle worker's, in bytes. A program that
    ``starts_programs`` (LibreOffice) may write files and make sockets of this machine's file system;
    others get neither. Workers are ``nice`` to others, and inherit ``open_files`` by number.
    """

    module: str
    arguments: tuple[str | int, ...] = ()
    memory: int = 1 << 30
    starts_programs: bool = False
    nice: int = 0
    open_files: tuple[int, ...] = ()


def main() -> None:
    """Serve the program that the command line names, over the connection that it names."""
    serve(Connection(int(sys.argv[1])), Program(**json.loads(sys.argv[2])))


def serve(connection: Connection, program: Program) -> None:
    """Limit this process and run a program; over the connection first say that it is ready, then
    answer each task."""
    if program.starts_programs:
        signal.signal(signal.SIGTERM, _end)
        system.forbid_network()
    else:
        system.forbid_sockets()
    system.lower_priority(program.nice)
    try:
        # What every task needs is not charged to the first one.
        answer = started(program)
    except Exception as error:
        reason = f"{type(error).__name__}: {printable(str(error))[:_LONGEST]}"
        connection.send_bytes(packed_message({"error": "start", "reason": reason}))
        return
    system.limit_memory(program.memory)
    if not program.starts_programs:
        system.forbid_writing()
    _answer_all(connection, answer, program.memory)


def started(program: Program) -> Answer:
    """What answers the tasks of a program; raises what its ``start`` raises."""
    answer: Answer = import_module(program.module).start(*program.arguments)
    return answer


def _answer_all(connection: Connection, answer: Answer, memory: int) -> None:
    idle = system.mapped()
    try:
        connection.send_bytes(packed_message({"answer": {}}))
        while True:
            envelope, content = unpacked_message(connection.recv_bytes())
            # Should the parent die meanwhile, the kernel ends a worker that hangs in native code.
            with system.time_limit(envelope["seconds"]):
                header, found = answered(answer, envelope["task"], content)
                del content
                system.release_memory()
                # What is kept from one task would be missing for the next.
                if idle is not None and (system.mapped() or 0) - idle > memory // 4:
                    header = {**header, "last": True}
                try:
                    message = packed_message(header, found)
                except MemoryError:
                    header = _NO_MEMORY[0]
                    message = packed_message(header)
                connection.send_bytes(message)
            if header.get("last"):
                return
            del header, found, message
    except (EOFError, OSError):  # the parent is gone
        return


def answered(answer: Answer, task: Mapping[str, Any], content: bytes) -> Message:
    """The reply to one task; every exception becomes one. After the ``last`` one the process is not
    to be used again."""
    try:
        header, found = answer(task, content)
        return {"answer": header}, found
    except TaskRefused as refused:
        return {"error": refused.kind, "reason": refused.reason}, b""
    except YusuanError as error:
        return {"error": "refused", "reason": printable(str(error))[:_LONGEST]}, b""
    except MemoryError:
        return _NO_MEMORY
    except (SystemExit, KeyboardInterrupt):
        raise
    except BaseException as error:  # the panics of native libraries are not Exceptions
        reason = f"{type(error).__name__} in {_place(error)}"
        return {"error": "failed", "reason": reason, "last": True}, b""


def forked(connection: Connection, stderr: int, program: Program) -> NoReturn:
    """Go on as a worker in a process that was just forked, and end it: what it inherited beside the
    connection, the files that the program names and ``stderr`` is given up, as in a new process."""
    if sys.platform == "win32":
        raise OSError("no process can be forked on this system")
    status = 1
    try:
        os.setsid()
        for number in signal.valid_signals():
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(stderr, 2)
        kept = {0, 1, 2, connection.fileno(), *program.open_files}
        for file in list(Path("/proc/self/fd").iterdir()):
            if int(file.name) not in kept:
                with contextlib.suppress(OSError):  # the listing itself
                    os.close(int(file.name))
        sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
        os.environ["RUST_BACKTRACE"] = "0"
        gc.freeze()  # what is shared with the parent is not garbage here
        serve(connection, program)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


_OURS = str(Path(__file__).parents[1])


def _place(error: BaseException) -> str:
    """The line of ours that an error came from, and what it said there."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_OURS)] or frames
    said = printable(str(error))[:100]
    return f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}: {said}"


def _end(number: int, frame: FrameType | None) -> None:
    """Leave at once, but so that a conversion under way is stopped and cleaned up."""
    raise SystemExit(128 + number)
