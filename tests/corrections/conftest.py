"""A disclosure with one wrong total, its patch, and the sample with a signed patch."""

from __future__ import annotations

from pathlib import Path

import pytest

import yusuan
from tests.corrections.patches import propose, read_rows, sign, write_rows
from tests.disclosures import ROWS, disclosure_text, write

WRONG = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
"""353 where 350 is meant."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path, disclosure_text(rows=WRONG))


@pytest.fixture
def patch(source: Path, tmp_path: Path) -> Path:
    """As `check --propose` writes it: one row, not decided."""
    return propose(source, tmp_path / "patch.csv")


@pytest.fixture(scope="session")
def signed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's patch, every proposal accepted."""
    path = propose(sample, tmp_path_factory.mktemp("signed") / "签认.csv")
    write_rows(path, [sign(row) if row["proposed"] else row for row in read_rows(path)])
    return path


@pytest.fixture(scope="session")
def corrected(
    sample: Path, signed: Path, tmp_path_factory: pytest.TempPathFactory
) -> yusuan.Package:
    """The sample built with its signed patch. Read it, never write into it."""
    return yusuan.build(sample, tmp_path_factory.mktemp("corrected") / "package", patches=[signed])
