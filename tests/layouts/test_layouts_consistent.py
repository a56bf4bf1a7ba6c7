"""The generated disclosures themselves: complete, different, and true to the figures behind them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from benchmarks.layouts.layouts import LAYOUTS
from benchmarks.layouts.render import FORMATS, UNRULED, render
from benchmarks.layouts.render.grid import matrix


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_expected_amount_is_printed_as_such(layout: str) -> None:
    document = LAYOUTS[layout]()
    printed = {text for table in document.tables for row in matrix(document, table) for text in row}
    assert len(document.expected) > 50
    assert all(expected.printed in printed for expected in document.expected)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_the_same_each_time(layout: str) -> None:
    assert LAYOUTS[layout]().expected == LAYOUTS[layout]().expected


@pytest.mark.parametrize("layout", LAYOUTS)
def test_total_of_expenditure_is_the_sum_of_its_functions(layout: str) -> None:
    document = LAYOUTS[layout]()
    for table in document.tables:
        found = [e for e in document.expected if e.title == table.title and e.heading == "基本支出"]
        totals = [e.amount for e in found if e.label == "合计"]
        leaves = [e.amount for e in found if e.code and len(e.code) == 7]
        if len(totals) == 1 and leaves:
            assert sum(leaves, Decimal(0)) == totals[0], table.title


def test_every_format_can_be_rendered(tmp_path) -> None:  # type: ignore[no-untyped-def]
    document = LAYOUTS["ministry"]()
    assert all(
        render(document, name, tmp_path).stat().st_size > 500 for name in (*FORMATS, *UNRULED)
    )
