"""Poisonous files cost one finding each, in good time and memory, and never the run."""

import re
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.sources.hostile import CASES, HARMLESS, Case, pdf_file, write_hostile
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
    start = time.monotonic()
    bad, fine = readers.read([path, good])
    assert time.monotonic() - start < SECONDS
    assert fine.disclosure is not None
    if bad.disclosure is None:
        message = bad.error or ""
        assert case.name.split("\n")[0] in message
        assert re.search(case.says or "no budget table|no department name", message), message
        assert len(message.splitlines()) == 1 and message.isprintable()
        assert not NOT_FOR_USERS.search(message)
    else:
        assert case.says == HARMLESS


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in other units elsewhere")
def test_none_of_them_took_a_gigabyte(readers: Readers) -> None:
    readers.close()  # the last reader is counted, too
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < MEMORY


def test_the_good_file_beside_them_is_checked(tmp_path: Path) -> None:
    chosen = ("pipe.pdf", "far.xls", "laughing-forms.pdf", "bomb.zip", "nothing.pdf", "empty.pdf")
    for case in CASES:
        if case.name in chosen:
            write_hostile(case, tmp_path)
    (tmp_path / "good.pdf").write_bytes(pdf_file())
    result = CliRunner().invoke(main, ["check", str(tmp_path), "--fail-on", "never"])
    assert result.exit_code == 0
    assert "浙江省临安县水利局2023年部门预算" in result.output
    left_out = [line for line in result.output.splitlines() if line.startswith("Left out: ")]
    assert len(left_out) == len(chosen)
    for name in chosen:
        assert sum(f"/{name}: " in line for line in left_out) == 1
