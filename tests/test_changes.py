"""Changes against the year before: parts against their total, and one year before for one amount."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import disclosure_text, write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

SECTION = "### 三、关于2023年支出预算情况说明\n\n"
PARTS = (
    "财政拨款支出预算350万元，比2022年预算{total}万元。其中：一般公共预算拨款支出预算50万元，"
    "比2022年预算减少5万元；政府性基金拨款支出预算300万元，比2022年预算{fund}万元；"
    "国有资本经营预算拨款支出预算0万元，比2022年预算增加0万元。"
)


def findings(folder: Path, narrative: str) -> list[Finding]:
    text = disclosure_text(narrative=f"{SECTION}{narrative}")
    found = check(compile_contents([understand(read_document(write(folder, text)))]))
    return [each for each in found if each.rule.startswith(("change-of", "year-before"))]


@pytest.mark.parametrize(
    ("total", "fund", "told"),
    [
        ("增加115", "增加120", []),
        ("增加116", "增加120", [("rounding", "115")]),
        ("增加125", "增加120", [("error", "115")]),
        ("减少115", "增加120", [("error", "115")]),
        ("减少45", "减少40", []),
    ],
)
def test_a_total_changes_by_what_its_parts_do(
    tmp_path: Path, total: str, fund: str, told: list[tuple[str, str]]
) -> None:
    found = findings(tmp_path, PARTS.format(total=total, fund=fund))
    assert [(f.verdict, f.expected) for f in found if f.rule == "change-of-appropriation"] == told
    assert all("应为增加" in f.message_zh for f in found) == total.startswith("减少1") or not found


def test_against_the_budget_of_this_year_is_another_thing(tmp_path: Path) -> None:
    """A change against 年初预算 says nothing of the year before."""
    text = PARTS.format(total="增加125", fund="增加120").replace(
        "比2022年预算减少", "比年初预算减少"
    )
    assert findings(tmp_path, text) == []


def test_parts_that_are_not_all_there_leave_a_doubt(tmp_path: Path) -> None:
    """What is not stated may have been there the year before."""
    head, _, _ = PARTS.format(total="增加125", fund="增加120").partition("；国有资本")
    assert [f.verdict for f in findings(tmp_path, head + "。")] == ["warning"]


@pytest.mark.parametrize(
    ("again", "verdict"),
    [
        ("增加50万元", None),
        ("增加80万元", "warning"),
        ("减少50万元", "warning"),
        ("增加51万元", "rounding"),
    ],
)
def test_one_amount_has_one_year_before(tmp_path: Path, again: str, verdict: str | None) -> None:
    text = (
        "2023年支出预算350万元，比上年预算增加50万元。\n\n### 四、其他说明\n\n"
        f"2023年支出预算350万元，比上年预算{again}。"
    )
    found = [f.verdict for f in findings(tmp_path, text) if f.rule == "year-before"]
    assert found == ([verdict] if verdict else [])


def test_another_amount_may_have_another_year_before(tmp_path: Path) -> None:
    text = (
        "2023年支出预算350万元，比上年预算增加50万元。\n\n### 四、其他说明\n\n"
        "2023年支出预算120万元，比上年预算增加80万元。"
    )
    assert [f for f in findings(tmp_path, text) if f.rule == "year-before"] == []


def test_the_year_before_that_is_stated_elsewhere(tmp_path: Path) -> None:
    text = (
        "2023年支出预算350万元，比上年预算增加50万元。\n\n### 四、其他说明\n\n"
        "2022年支出预算{}万元。"
    )
    assert findings(tmp_path, text.format(300)) == []
    [found] = findings(tmp_path, text.format(270))
    assert (found.verdict, found.printed, found.expected) == ("warning", "50", "80")
