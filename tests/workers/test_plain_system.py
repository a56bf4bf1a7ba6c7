"""What stands in for Linux where there is none (Windows), switched on here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLE

SESSION = """
import sys, time
from pathlib import Path
from yusuan.desk.session import DeskSession
folder = Path(sys.argv[1])
folder.mkdir()
session = DeskSession(folder)
with session.arriving("a.txt") as path:
    path.write_bytes(Path(sys.argv[2]).read_bytes())
session.check()
while session.phase != "idle":
    time.sleep(0.01)
print(session.problem, session.state("en")["counts"]["error"])
"""


def plainly(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A program of ours on a system without processes with limits, locks and exchange of names."""
    environment = {**os.environ, "YUSUAN_PLAIN_SYSTEM": "1", "PYTHONPATH": str(ROOT / "src"),
                   "XDG_CACHE_HOME": str(folder / "cache")}  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], env=environment, capture_output=True, text=True
    )


def test_check_build_and_rebuild_give_the_same(
    tmp_path: Path, package: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "package"
    for _ in range(2):  # the second takes the place of the first, in two steps
        built = plainly(tmp_path, "-m", "yusuan", "build", str(SAMPLE), "-o", str(output))
        assert (built.returncode, built.stderr) == (0, "")
    folder = package.folder  # type: ignore[attr-defined]
    for path in sorted((folder / "data").iterdir()):
        assert (output / "data" / path.name).read_bytes() == path.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".yusuan")] == []
    checked = plainly(tmp_path, "-m", "yusuan", "check", str(SAMPLE), "--format", "json")
    assert checked.returncode == 1
    assert json.loads(checked.stdout)["findings"]


def test_a_killed_builder_s_folder_is_put_back(tmp_path: Path) -> None:
    """Between the two steps the old package has another name."""
    before = tmp_path / ".yusuan-package-12345678.before"
    before.mkdir()
    (before / "datapackage.json").write_text("{}")
    script = "from pathlib import Path; from yusuan.files.atomic import sweep; sweep(Path(r'{}'))"
    assert plainly(tmp_path, "-c", script.format(tmp_path)).returncode == 0
    assert [path.name for path in tmp_path.iterdir() if path.name != "cache"] == ["package"]


def test_the_desk_works(tmp_path: Path) -> None:
    found = plainly(tmp_path, "-c", SESSION, str(tmp_path / "desk"), str(SAMPLE))
    assert found.stderr == ""
    assert int(found.stdout) > 0
