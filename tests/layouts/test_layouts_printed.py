"""Disclosures printed by an office program or a browser, or saved again, are read whole as well.

``python -m benchmarks.layouts.score --format printed-docx`` tells what is missed of every layout. Here
a few layouts are read in the formats that the machine can make, for each thing that printing does to
a table: the first of each, in a full run all.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import PRINTED, missing, print_all
from benchmarks.layouts.score import explain, score

from tests.representative import few_or

READ = {
    # rows and headings cut by page breaks, unit codes and justified numbers among them
    "printed-docx": ("gansu", "hubei", "ministry", "sichuan", "tianjin"),
    # headings of two rows parted by a page break
    "printed-docx-wide": ("sichuan",),
    # labels and codes that go on on the next page
    "printed-docx-narrow": ("hubei", "chongqing-final"),
    # tables right below each other, rows that no line closes, a page wider than its paper
    "printed-html": ("fujian", "provincial-yuan", "shaanxi"),
    # date, title, address and number at the edges of each page
    "printed-html-edges": ("gansu", "ministry"),
    # small type of a wide sheet fitted to the page
    "printed-xlsx": ("beijing",),
    # page columns of a sheet with all tables, titles on either page
    "printed-xlsx-cut": ("fujian", "shandong"),
    # no lines, headings and dashes set left, labels right behind numbers
    "printed-xlsx-bare": ("ministry", "beijing"),
    "saved-docx": ("gansu", "ministry"),
}


UNCLEAR_HEADS = ("printed-xlsx-bare",)
"""Prints without lines in which several ways to see a head are as good: such a table is told, whole,
and none of its amounts is read for another."""


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the office program keeps its settings between the tests."""
    return tmp_path_factory.mktemp("office") / "profile"


@pytest.mark.parametrize("name", READ)
def test_all_amounts_are_read(name: str, tmp_path: Path, profile: Path) -> None:
    if lacking := missing(name):
        pytest.skip(f"{lacking} is not installed")
    layouts = READ[name][: few_or(1, len(READ[name]))]
    paths = print_all([LAYOUTS[layout]() for layout in layouts], name, tmp_path, profile)
    assert name in PRINTED
    for layout, path in paths.items():
        result = score(layout, name, path)
        told = "\n".join(explain(result))
        assert result.expected > 50
        if name in UNCLEAR_HEADS:
            assert {what for _, what in result.misses} <= {"missing, told"}, told
            assert not result.errors and not result.foreign, told
            assert result.right > result.expected // 2
            continue
        assert result.passes, told
