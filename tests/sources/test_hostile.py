"""Poisonous files cost one finding each, in good time and memory, and never the run."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.fuzz import cpu_seconds
from click.testing import CliRunner

from tests.sources.hostile import CASES, HARMLESS, Case, write_hostile
from tests.sources.makers import csv_file
from yusuan.cli import main
from yusuan.reading import Readers

SECONDS = 10.0
MEMORY = 2**30
NOT_FOR_USERS = re.compile(r"Traceback|Error\(|0x[0-9a-f]{6}|<[a-z_.]+ object|b'|\\x")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers() as shared:
        yield shared


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case.name))
def test_one_clear_finding_or_no_harm(case: Case, readers: Readers, tmp_path: Path) -> None:
    path = write_hostile(case, tmp_path)
    good = tmp_path / "good.csv"
    good.write_bytes(csv_file())
    start = cpu_seconds(readers)
    bad, fine = readers.read([path, good])
    assert bad.kind not in ("late", "failed")
    assert cpu_seconds(readers) - start < SECONDS
    assert fine.disclosure is not None
    if bad.disclosure is None:
        message = bad.error or ""
        assert case.name.split("\n")[0] in message
        assert re.search(case.says or "no budget table|no department name", message), message
        assert len(message.splitlines()) == 1 and message.isprintable()
        assert not NOT_FOR_USERS.search(message)
    else:
        assert case.says == HARMLESS


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited where the system tells it")
def test_no_reader_can_take_more_than_a_gigabyte(readers: Readers, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_bytes(csv_file())
    list(readers.read([good]))
    (process,) = readers.idle
    limits = Path(f"/proc/{process}/limits").read_text()
    match = re.search(r"Max address space +(\d+)", limits)
    assert match and int(match[1]) < MEMORY


def test_the_good_file_beside_them_is_checked(tmp_path: Path) -> None:
    chosen = ("pipe.pdf", "far.xls", "xref-loop.pdf", "bomb.zip", "nothing.pdf", "empty.pdf")
    for case in CASES:
        if case.name in chosen:
            write_hostile(case, tmp_path)
    (tmp_path / "good.csv").write_bytes(csv_file())
    result = CliRunner().invoke(
        main, ["check", str(tmp_path), "--fail-on", "never", "--lang", "en"]
    )
    assert result.exit_code == 0
    assert "浙江省桐庐县水利局2023年部门预算公开: " in result.output
    assert f"left out: {len(chosen)} files" in result.output
    for name in chosen:
        assert result.output.count(f"- {name}: ") == 1
