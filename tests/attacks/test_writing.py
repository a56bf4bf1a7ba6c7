"""Files and folders that are whole or not there; the killing itself is ``tests.attacks.kills``."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.kills import leftovers
from yusuan.files.atomic import named, settle, sweep, whole_file, whole_folder, whole_set
from yusuan.model.errors import YusuanError
from yusuan.workers import system
from yusuan.workers.signals import Ended

MAKES = """
import os, sys, time
from pathlib import Path
from yusuan.files.atomic import whole_folder
with whole_folder(Path(sys.argv[1])) as made:
    (made / "a").write_text("new")
    print("made", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("exchanging", [True, False])
def test_a_folder_takes_the_place_of_another(
    exchanging: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanging:
        monkeypatch.setattr(system, "exchanged", lambda one, other: False)
    target = tmp_path / "target"
    for text in ("old", "new"):
        with whole_folder(target) as made:
            (made / "a").write_text(text)
        assert (target / "a").read_text() == text
        assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "target") as made:
        (made / "a").write_text("old")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "target") as made:
        (made / "a").write_text("new")
        raise ZeroDivisionError
    assert (tmp_path / "target" / "a").read_text() == "old" and not leftovers(tmp_path)


@pytest.mark.parametrize(("kill", "left"), [("terminate", 0), ("kill", 1)])
def test_what_a_killed_process_leaves_is_swept_by_the_next(
    kill: str, left: int, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", MAKES, str(tmp_path / "target")], stdout=subprocess.PIPE
    ) as running:
        assert running.stdout is not None and running.stdout.readline() == b"made\n"
        sweep(tmp_path)
        assert len(leftovers(tmp_path)) == 2 - 1, "what a running process makes stays"
        getattr(running, kill)()
    assert len(leftovers(tmp_path)) == left and not (tmp_path / "target").exists()
    with whole_file(tmp_path / "other") as made:
        made.write_text("x")
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_what_was_replaced_is_put_back_when_nothing_came_in_its_place(tmp_path: Path) -> None:
    before = tmp_path / ".yusuan-target-abcd1234.before"
    before.mkdir()
    (before / "a").write_text("old")
    sweep(tmp_path)
    assert (tmp_path / "target" / "a").read_text() == "old" and not leftovers(tmp_path)


def test_files_of_a_set_are_all_new_or_all_old(tmp_path: Path) -> None:
    with whole_set(tmp_path) as made:
        for name in ("one", "two"):
            (made / name).mkdir()
            (made / name / "a.csv").write_text(name)
    with pytest.raises(ZeroDivisionError), whole_set(tmp_path) as made:
        (made / "one").mkdir()
        (made / "one" / "a.csv").write_text("half")
        raise ZeroDivisionError
    assert (tmp_path / "one" / "a.csv").read_text() == "one"
    committed = tmp_path / ".committed" / "two"  # as a kill after the commit leaves it
    committed.mkdir(parents=True)
    (committed / "a.csv").write_text("later")
    settle(tmp_path)
    assert (tmp_path / "two" / "a.csv").read_text() == "later" and not leftovers(tmp_path)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told_with_the_name_of_the_file(tmp_path: Path) -> None:
    with (
        pytest.raises(YusuanError, match=r"names\.csv: cannot be written: No space left"),
        whole_file(tmp_path / "names.csv") as made,
        named(made),
        Path("/dev/full").open("w") as stream,
    ):
        stream.write("x" * 100_000)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError("IO error: No space left on device: While appending to file"), "No space left on"),
        (OSError("IO error: While opening a file"), "IO error: While opening a file"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (sqlite3.OperationalError("database or disk is full"), "No space left on device"),
        (sqlite3.OperationalError("disk I/O error"), "disk I/O error"),
    ],
)
def test_errors_of_libraries_are_told_with_the_file_and_the_reason(
    error: Exception, said: str, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    with (
        pytest.raises(YusuanError, match=f"target/store: cannot be written: {said}"),
        whole_folder(target) as made,
        named(made / "store"),
    ):
        raise error
    assert not list(tmp_path.iterdir())


def test_a_signal_while_the_new_folder_is_made_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tempfile.mkdtemp

    def told(*arguments: Any, **options: Any) -> str:
        folder = made(*arguments, **options)
        os.kill(os.getpid(), signal.SIGTERM)
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", told)
    with pytest.raises(Ended), whole_folder(tmp_path / "package"):
        pass
    assert not list(tmp_path.iterdir())
