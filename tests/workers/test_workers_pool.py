"""Workers answer within limits, and whatever a task does costs that task only."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from yusuan.workers.messages import (
    PoolBusy,
    PoolClosed,
    TaskError,
    TaskFailed,
    TaskRefused,
    TaskTooLarge,
    TaskTooSlow,
    WorkerDied,
    WorkerNotStarted,
)
from yusuan.workers.pool import Program, WorkerPool
from yusuan.workers.serialization import RecordCodec

MODULE = "tests.workers.program"
MB = 1 << 20
PATIENCE = 60.0
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(Program(MODULE, memory=256 * MB)) as made:
        yield made


def ask(pool: WorkerPool, do: str, limit: float = PATIENCE, **more: Any) -> int:
    """The number of the process that obeyed."""
    header, _ = pool.ask({"do": do, **more}, limit)
    number: int = header["process"]
    return number


def test_values_and_bytes_come_back_from_one_process(pool: WorkerPool) -> None:
    said = {"元": [1, None, "\udc80", 0.5]}
    content = bytes(range(256)) * 5000
    header, back = pool.ask({"do": "echo", "say": said}, PATIENCE, content)
    assert (header["said"], back) == (said, content)
    assert ask(pool, "echo", say="") == header["process"] == pool.idle[0] != os.getpid()


@pytest.mark.parametrize(
    ("do", "error", "says"),
    [("refuse", TaskRefused, "not a sentence"), ("mistake", TaskRefused, "a.pdf: damaged")],
)
def test_a_reason_ends_no_process(
    pool: WorkerPool, do: str, error: type[TaskError], says: str
) -> None:
    before = ask(pool, "echo", say="")
    with pytest.raises(error, match=says):
        ask(pool, do)
    assert ask(pool, "echo", say="") == before


@pytest.mark.parametrize(
    ("task", "error", "says"),
    [
        ({"do": "fail"}, TaskFailed, r"KeyError in \w+\.py, line \d+: 'nobody"),
        ({"do": "garbage"}, TaskFailed, "gave no reply"),
        ({"do": "flood"}, WorkerDied, None),
        ({"do": "die"}, WorkerDied, None),
        ({"do": "abort"}, TaskTooLarge, None),
        ({"do": "sleep", "seconds": 60, "limit": 0.3}, TaskTooSlow, None),
        pytest.param({"do": "take", "bytes": 300 * MB}, TaskTooLarge, None, marks=linux),
    ],
)
def test_a_process_that_did_wrong_is_replaced(
    pool: WorkerPool, task: dict[str, Any], error: type[TaskError], says: str | None
) -> None:
    before = ask(pool, "echo", say="")
    with pytest.raises(error, match=says):
        pool.ask(task, task.get("limit", PATIENCE))
    assert ask(pool, "echo", say="") != before


@linux
@pytest.mark.parametrize(("kept", "same"), [(32, True), (96, False)])
def test_one_that_keeps_a_quarter_of_its_memory_is_replaced(kept: int, same: bool) -> None:
    with WorkerPool(Program(MODULE, memory=256 * MB)) as fresh:
        before = ask(fresh, "keep", bytes=kept * MB)
        assert (ask(fresh, "echo", say="") == before) is same


@linux
def test_it_opens_no_socket_and_writes_no_file(pool: WorkerPool, tmp_path: Path) -> None:
    with pytest.raises(TaskFailed, match="PermissionError"):
        ask(pool, "connect")
    with pytest.raises(TaskFailed, match="OSError"):
        ask(pool, "write", path=str(tmp_path / "large"))


def test_one_that_starts_programs_may_write_files(tmp_path: Path) -> None:
    with WorkerPool(Program(MODULE, starts_programs=True)) as writing:
        ask(writing, "write", path=str(tmp_path / "large"))
    assert (tmp_path / "large").stat().st_size == MB


def test_a_program_that_cannot_start_says_why() -> None:
    with WorkerPool(Program(MODULE, ("a.db",))) as broken:
        with pytest.raises(WorkerNotStarted, match=r"OSError: cannot open a\.db"):
            ask(broken, "echo", say="")
        assert broken.idle == []


def test_another_version_takes_another_process() -> None:
    version = [1]
    with WorkerPool(Program(MODULE), version=lambda: version[0]) as one:
        before = ask(one, "echo", say="")
        assert ask(one, "echo", say="") == before
        version[0] = 2
        assert ask(one, "echo", say="") != before


def test_what_is_no_record_ends_the_process(pool: WorkerPool) -> None:
    before = ask(pool, "echo", say="")
    with pytest.raises(TaskFailed, match="gave no reply"):
        pool.ask_record({"do": "echo", "say": ""}, PATIENCE, RecordCodec(Program), Program)
    assert ask(pool, "echo", say="") != before


def test_who_waits_is_told_that_it_is_busy_or_closed() -> None:
    with ThreadPoolExecutor() as threads:
        one = WorkerPool(Program(MODULE), wait=0.1)
        slow = threads.submit(ask, one, "sleep", seconds=60)
        while not one.busy:
            time.sleep(0.01)
        with pytest.raises(PoolBusy):
            ask(one, "echo", say="")
        one._wait = None
        waiting = threads.submit(ask, one, "echo", say="")
        time.sleep(0.2)
        one.close()
        with pytest.raises(WorkerDied):
            slow.result()
        with pytest.raises(PoolClosed):
            waiting.result()
        with pytest.raises(PoolClosed):
            ask(one, "echo", say="")


def test_where_there_are_no_processes_tasks_are_answered_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("yusuan.workers.pool._PROCESSES", False)
    with WorkerPool(Program(MODULE)) as here:
        assert ask(here, "echo", say="") == os.getpid()
        with pytest.raises(TaskRefused, match=r"a\.pdf: damaged"):
            ask(here, "mistake")
        with pytest.raises(TaskFailed, match="KeyError"):
            ask(here, "fail")
