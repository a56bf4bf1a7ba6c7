"""A forked worker is held as one that is started anew: in a process that has a single thread."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

SCRIPT = """
import os, signal, sys, threading
from yusuan.workers.messages import TaskError
from yusuan.workers.pool import Program, WorkerPool

sys.path.insert(0, ".")
open("README.md")
os.environ["RUST_BACKTRACE"] = "1"
signal.signal(signal.SIGTERM, lambda *_: print("parent"))


def told(pool, **task):
    try:
        return pool.ask(task, 60.0)[0]
    except TaskError as error:
        return f"{type(error).__name__} {error}"


with WorkerPool(Program("tests.workers.program", memory=256 << 20)) as pool:
    pool.fork()
    print("forked", len(pool.idle), told(pool, do="look"))
    print("socket", told(pool, do="connect"))
for do in ({"do": "take", "bytes": 300 << 20}, {"do": "die"}, {"do": "sleep", "seconds": 60, "limit": 0.3},
           {"do": "write", "path": "/tmp/never"}):
    with WorkerPool(Program("tests.workers.program", memory=256 << 20)) as pool:
        pool.fork()
        (pid,) = pool.idle
        try:
            pool.ask(do, do.get("limit", 60.0))
        except TaskError as error:
            print(do["do"], type(error).__name__)
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            print("gone")
threading.Thread(target=threading.Event().wait, daemon=True).start()
with WorkerPool(Program("tests.workers.program")) as pool:
    pool.fork()
    print("threads", pool.idle)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux are workers forked")
def test_a_forked_worker_is_limited_and_inherits_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.stderr == ""
    # the three standard files and its connection; the signals of a new process
    look = {"files": 4, "term": True, "leader": True, "backtrace": "0"}
    lines = done.stdout.splitlines()
    assert lines[0] == f"forked 1 {look}"
    assert lines[1].startswith("socket TaskFailed PermissionError")
    assert lines[2:] == [
        "take TaskTooLarge", "gone", "die WorkerDied", "gone",
        "sleep TaskTooSlow", "gone", "write TaskFailed", "gone", "threads []",
    ]  # fmt: skip
