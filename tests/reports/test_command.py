"""``yusuan check`` as people and machines run it: what it writes, how it ends."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tests.conftest import ROOT
from tests.disclosures import disclosure_text, write
from tests.test_cli import run
from yusuan import Package
from yusuan.cli import main

WRONG = disclosure_text().replace("合 计\t350", "合 计\t530")


@pytest.mark.smoke
def test_a_report_and_a_badge_are_written_beside_the_list(sample: Path, tmp_path: Path) -> None:
    page, badge = tmp_path / "report.html", tmp_path / "badge.svg"
    result = run("check", sample, "--report", page, "--badge", badge, "--lang", "en")
    assert result.exit_code == 1
    assert "Errors" in result.output
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert "errors</title>" in badge.read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["badge.svg", "report.html"]


def test_a_package_is_reported_by_the_names_its_files_had(mixed: Package, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    printed = run("check", mixed.folder, "--report", page).output
    assert "一.pdf" in page.read_text("utf-8")
    for row in mixed.rows("documents"):  # in no sentence either
        assert f"{row['document']}." not in printed + page.read_text("utf-8")


def test_several_files_at_once_are_summed_up(tmp_path: Path) -> None:
    files = [write(tmp_path, disclosure_text().replace("2023", year), f"{year}.md")
             for year in ("2023", "2024")]  # fmt: skip
    result = run("check", *files)
    assert result.exit_code == 0
    assert "2份文件" in result.output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--report", "."], "a folder; name a file"),
        (["--report", "report.pdf"], "ends in .html"),
        (["--badge", "badge.png"], "ends in .svg"),
        (["--report", "none/report.html"], "no such folder"),
        (["--report", "in/report.html"], "lies in what is checked"),
        (["--format", "xml"], "'xml' is not one of"),
        (["--fail-on", "typo"], "'typo' is not one of"),
        (["missing.md"], "no such file or folder"),
        (["broken"], "not valid JSON"),
        (["bare"], "/title@en: missing"),
    ],
)
def test_what_cannot_run_exits_2_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("in", "broken", "bare"):
        Path(folder).mkdir()
    write(tmp_path / "in", WRONG)
    Path("broken", "datapackage.json").write_text("{")
    parts = dict.fromkeys(("base", "name", "title", "licenses", "resources"), "")
    Path("bare", "datapackage.json").write_text(json.dumps(parts))
    before = sorted(tmp_path.rglob("*"))
    result = run("check", "in", *options)
    assert result.exit_code == 2
    assert says in result.output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_that_may_not_be_written_is_told_before_the_work(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # no rights bind whoever is root
    monkeypatch.setattr(os, "access", lambda _, mode, **__: mode != os.W_OK)
    result = run("check", sample, "--report", tmp_path / "report.html")
    assert result.exit_code == 2
    assert "may not be written" in result.output


def test_a_mistake_of_ours_is_not_taken_for_findings(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(import_module("yusuan.cli.check"), "check_sources", fails)
    result = CliRunner().invoke(main, ["check", str(sample)])
    assert result.exit_code == 2
    assert "mistake in yusuan" in result.output


def test_the_verdict_stands_when_nobody_reads_to_the_end(tmp_path: Path) -> None:
    path = write(tmp_path, WRONG)
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "yusuan", "check", path, "--format", "json"],
        stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


def test_the_hook_stops_a_commit_of_wrong_figures(tmp_path: Path) -> None:
    """The hook's own files, entry and arguments, run by git as pre-commit would."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program = f"{shlex.quote(sys.executable)} -m {hook['entry']} {shlex.join(hook['args'])}"
    names = f"git diff --cached --name-only --diff-filter=d | grep -E {shlex.quote(hook['files'])}"
    environment = {**os.environ, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
                   "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}  # fmt: skip

    def run_git(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([git, "-c", "core.hooksPath=.git/hooks", *arguments], cwd=tmp_path,
                              env=environment, capture_output=True, text=True, check=False)  # fmt: skip

    run_git("init", "-q")
    script = tmp_path / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nfiles=$({names}) || exit 0\nexec {program} $files\n")
    script.chmod(0o755)
    (tmp_path / "code.py").write_text("x = 1\n")
    write(tmp_path, WRONG, "budget.md")
    run_git("add", ".")
    refused = run_git("commit", "-qm", "wrong")
    assert refused.returncode == 1
    assert "错误" in refused.stdout + refused.stderr
    run_git("rm", "--cached", "-q", "budget.md")
    assert run_git("commit", "-qm", "only code").returncode == 0
