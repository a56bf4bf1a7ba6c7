"""A program that does whatever it is told, as one that a hostile file took over."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.workers.messages import Message, TaskRefused

__all__ = ["start"]


def start(*arguments: str) -> Callable[[Mapping[str, Any], bytes], Message]:
    """What obeys the word of a task."""
    if arguments:
        raise OSError(f"cannot open {arguments[0]}")
    held: list[bytes] = []

    def answer(task: Mapping[str, Any], content: bytes) -> Message:
        match task["do"]:
            case "echo":
                return {"said": task["say"], "process": os.getpid()}, content
            case "look":
                files = [file for file in Path("/proc/self/fd").iterdir() if file.exists()]
                return {
                    "files": len(files),
                    "term": signal.getsignal(signal.SIGTERM) == signal.SIG_DFL,
                    "leader": os.getsid(0) == os.getpid(),
                    "backtrace": os.environ["RUST_BACKTRACE"],
                }, b""
            case "sleep":
                time.sleep(task["seconds"])
            case "take":
                bytearray(task["bytes"])
            case "keep":
                held.append(bytes(task["bytes"]))
            case "die":
                os.kill(os.getpid(), signal.SIGSEGV)
            case "abort":
                sys.stderr.write("memory allocation of 9 bytes failed\n")
                os._exit(1)
            case "refuse":
                raise TaskRefused("syntax", "not a sentence")
            case "mistake":
                raise YusuanError("a.pdf: damaged")
            case "fail":
                raise KeyError("nobody\nthought of it")
            case "garbage":
                os.write(int(sys.argv[1]), b"\0\0\0\4\xff\xfe\0\1")
            case "flood":
                os.write(int(sys.argv[1]), b"\x7f\xff\xff\xff")
                time.sleep(60)
            case "connect":
                socket.socket()
            case "write":
                Path(task["path"]).write_bytes(b"x" * (1 << 20))
        return {"process": os.getpid()}, b""

    return answer
