"""An installed wheel works far from the checkout: its data files travel with it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, SAMPLE


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked as an installer would, in an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", folder, ROOT],
        check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = folder.glob("yusuan-*.whl")
    target = folder / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(installed: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program with nothing of the checkout on its path."""
    code = "import sys, yusuan; assert yusuan.__file__.startswith(sys.argv.pop(1)); import yusuan.cli; yusuan.cli.main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", code, installed, *arguments],
        env={**os.environ, "PYTHONPATH": str(installed)}, cwd=installed.parent,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.smoke
def test_the_wheel_carries_schemas_ontology_and_publish_files(installed: Path) -> None:
    data = installed / "yusuan" / "data"
    assert (data / "schemas" / "resources" / "facts.yaml").is_file()
    assert (data / "ontology" / "yusuan.ttl").is_file()
    assert (data / "publish" / "package.yaml").is_file()
    editor = data / "publish" / "datasette" / "static" / "yasgui"
    assert {file.name for file in editor.iterdir()} == {
        "yasgui.min.js", "yasgui.min.css", "LICENSE.txt", "THIRD-PARTY.txt", "README.md",
    }  # fmt: skip
    assert (installed / "yusuan" / "py.typed").is_file()


def test_the_installed_program_builds_and_publishes(installed: Path, tmp_path: Path) -> None:
    built = run(installed, "build", SAMPLE, "--output", tmp_path / "package")
    assert built.returncode == 0, built.stderr
    assert "136 facts" in built.stdout
    published = run(installed, "publish", "static", tmp_path / "package", tmp_path / "site")
    assert published.returncode == 0, published.stderr
    assert (tmp_path / "site" / "index.html").is_file()
