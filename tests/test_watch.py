"""``yusuan check --watch``: each file by itself, and again once it has changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.disclosures import disclosure_text, write
from yusuan.cli.main import main
from yusuan.sources.changes import SourceChanges


def touched(path: Path, content: str) -> None:
    """Write a file as if a second later."""
    then = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(content, "utf-8")
    os.utime(path, ns=(then + 10**9, then + 10**9))


def test_what_changed_is_told_once_it_is_no_longer_written(tmp_path: Path) -> None:
    one, two = tmp_path / "1.md", tmp_path / "2.md"
    one.write_text("a")
    (tmp_path / "notes.tmp").write_text("no format of ours")
    changes = SourceChanges([tmp_path])
    assert changes.look() == [one]
    assert changes.look() == []
    touched(one, "ab")
    assert changes.look() == []  # it may still be written
    touched(one, "abc")
    touched(two, "b")
    assert changes.look() == []
    assert changes.look() == [one, two]
    assert changes.look() == []
    one.unlink()
    assert changes.look() == []
    touched(one, "abc")
    assert [changes.look(), changes.look()] == [[], [one]]


def test_a_folder_may_be_emptied_and_filled(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    changes = SourceChanges([tmp_path / "in"])
    assert changes.look() == []
    (tmp_path / "in").rmdir()
    assert changes.look() == []
    (tmp_path / "in").mkdir()
    assert changes.look() == []
    touched(tmp_path / "in" / "1.md", "a")
    assert [changes.look(), changes.look()] == [[], [tmp_path / "in" / "1.md"]]


def watching(
    folder: Path, steps: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """What ``check --watch`` prints while the steps are taken, one between two looks."""
    todo = iter(steps)

    def step(_: float) -> None:
        action = next(todo, None)
        if action is None:
            raise KeyboardInterrupt
        action()

    monkeypatch.setattr("yusuan.checking.sleep", step)
    result = CliRunner().invoke(main, ["check", str(folder), "--watch", "--lang", "en"])
    assert result.exit_code == 0
    return result.output.splitlines()


def test_a_file_is_checked_again_when_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = disclosure_text()
    path = write(tmp_path, right)
    (tmp_path / "other.txt").write_text("nothing of a budget", "utf-8")
    wait = str
    lines = watching(
        tmp_path,
        [lambda: touched(path, right + "\n"), wait, wait, lambda: touched(path, "no more"), wait],
        monkeypatch,
    )
    seen = [line for line in lines if line.startswith("== ")]
    assert [line.rpartition("/")[2] for line in seen] == [path.name, "other.txt", *[path.name] * 2]
    first, again = (lines.index(line) for line in seen[:2])
    assert lines[first + 1 : again]  # what is found in the file
    errors = [line for line in lines if line.startswith("Error: ")]
    assert [path.name in line for line in errors] == [False, True]


def test_watching_prints_text_only(tmp_path: Path) -> None:
    for more in (["--format", "json"], ["--badge", str(tmp_path / "b.svg")]):
        result = CliRunner().invoke(main, ["check", str(tmp_path), "--watch", *more])
        assert result.exit_code == 2
        assert "leave out" in result.output


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["check", str(tmp_path / "none"), "--watch"])
    assert result.exit_code == 2
    assert "no such file or folder" in result.output
