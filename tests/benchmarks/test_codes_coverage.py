"""On real disclosures no code in doubt passes in silence, and the share known does not fall."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.codes_coverage import STATES, coverage, lines, unresolved

from tests.coded import budget
from tests.conftest import ROOT
from yusuan.pipeline import CheckedSources, check_sources


@pytest.fixture
def checked(corpus_checked: CheckedSources) -> CheckedSources:
    return corpus_checked


def test_every_unresolved_code_of_the_corpus_is_a_finding(checked: CheckedSources) -> None:
    assert [item.pair for item in unresolved(checked) if not item.findings] == []


def test_of_the_corpus_at_most_two_codes_in_a_hundred_are_unresolved(
    checked: CheckedSources,
) -> None:
    total: Counter[str] = sum(coverage(checked).values(), Counter())
    assert total.total() > 350
    assert total["conflict"] == 0
    assert total["unresolved"] / total.total() < 0.02


def test_the_report_counts_each_state(tmp_path: Path) -> None:
    pairs = [("2210201", "住房公积金"), ("2210101", "住房公积金"), ("2130397", "独有"),
             ("2130305", "水利工程建设")]  # fmt: skip
    budget(tmp_path, "水利厅", pairs)
    checked = check_sources(tmp_path)
    states = dict.fromkeys(STATES, 1) | {"learnt": 0}
    assert coverage(checked)["expenditure-function", 2024] == {
        state: count for state, count in states.items() if count
    }
    report = list(lines(checked))
    assert report[1].split()[-2:] == ["50.0", "%"]
    assert report[-2].endswith("2130397 独有: new; unlisted-codes")
    assert report[-1].endswith("2210101 住房公积金: conflict; code-name, unlisted-codes")


def test_the_figures_of_the_page_on_code_lists_are_those_measured(checked: CheckedSources) -> None:
    found: dict[str, Counter[str]] = {}
    for (name, _), states in coverage(checked).items():
        for key in (name, "all"):
            found[key] = found.get(key, Counter()) + states
    shown = ("in year", "other year", "conflict", "unresolved")
    page = (ROOT / "docs" / "codes.md").read_text("utf-8")
    page = re.sub(r" \(\d+\)", "", page)  # what it was before
    for name, states in found.items():
        cells = (states.total(), *(states[state] for state in shown))
        assert f"| {name} | {' | '.join(map(str, cells))} |\n" in page
