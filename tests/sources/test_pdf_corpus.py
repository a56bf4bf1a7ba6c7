"""Real disclosures: the same tables as pdfplumber reads, and a place for every cell.

The corpus is not part of this repository; without it these tests are skipped. The suite takes one
document of each folder, a full run all.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from benchmarks.pdf_oracle import oracle_rows, our_rows

from tests.conftest import some_of
from yusuan.model.document import Grid
from yusuan.sources import read_document

IDENTICAL = 1.0
"""Share of the table rows that must be identical to pdfplumber's."""


@pytest.fixture(scope="module")
def files(corpus: Path) -> list[Path]:
    found = some_of(corpus)
    if not found:
        pytest.skip(f"no PDF below {corpus}")
    return found


def test_rows_are_those_of_pdfplumber(files: list[Path]) -> None:
    same = total = 0
    differences: list[str] = []
    for path in files:
        pages = zip(oracle_rows(path), our_rows(path), strict=True)
        for number, (oracle, ours) in enumerate(pages, start=1):
            theirs, own = Counter(oracle), Counter(ours)
            same += (theirs & own).total()
            total += max(theirs.total(), own.total())
            differences += [f"{path.name} p.{number} pdfplumber: {row}" for row in theirs - own]
            differences += [f"{path.name} p.{number} yusuan: {row}" for row in own - theirs]
    assert same >= IDENTICAL * total, "\n".join(differences)


def test_every_cell_has_its_place(files: list[Path]) -> None:
    for path in files:
        document = read_document(path)
        assert document.pages
        for block in document.blocks:
            assert block.position.page is not None
            assert 1 <= block.position.page <= document.pages
            if not isinstance(block, Grid):
                continue
            for index, row in enumerate(block.rows):
                assert [cell.column for cell in row] == list(range(block.width))
                assert all(cell.row == index for cell in row)
                assert all(cell.position.line >= block.position.line for cell in row)
