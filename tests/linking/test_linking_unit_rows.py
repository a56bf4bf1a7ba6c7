"""What a unit prints, against the row that its department's tables have of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import yusuan
from tests.disclosures import write
from tests.linking.documents import publish, with_units
from yusuan.model.findings import Finding
from yusuan.pipeline import check_sources

DEPARTMENT, UNIT = "浙江省水利厅", "浙江省水文中心"
WHOLE = f"{DEPARTMENT}2024年部门预算公开"
PART = f"{UNIT}2024年单位预算公开"

TABLES = """\
# {title}

目 录

部门收入总体情况表

单位：{unit}

单位名称\t合计\t一般公共预算拨款收入\t事业收入
{revenue}

一般公共预算“三公”经费支出表

单位：{unit}

单位名称\t“三公”经费合计\t因公出国（境）费\t公务用车购置及运行费\t\t\t公务接待费
\t\t\t小计\t公务用车购置费\t公务用车运行费\t
{three}
"""


def across(folder: Path) -> list[Finding]:
    rules = ("unit-row-differs", "unit-above-department")
    return [finding for finding in check_sources(folder).findings if finding.rule in rules]


def test_both_cells_of_a_contradiction_are_named(tmp_path: Path) -> None:
    with_units(tmp_path, WHOLE, {DEPARTMENT: 750, UNIT: 250})
    publish(tmp_path, PART, 260)
    [finding] = across(tmp_path)
    assert (finding.rule, finding.verdict) == ("unit-row-differs", "warning")
    assert (finding.printed, finding.expected) == ("260", "250")
    row = "部门支出总体情况表“2130301 行政运行”行"
    assert finding.message_zh.startswith(f"{row}“合计”列（第10行 C2）印为260万元")
    assert f"“{WHOLE}.md”{row}“合计”列（第11行 D3）为250万元" in finding.message_zh
    [other] = finding.evidence
    assert other.role == "counterpart" and other.printed == "250"
    assert other.fact and other.fact.split("-")[0] != finding.document


def test_what_agrees_is_no_finding(tmp_path: Path) -> None:
    with_units(tmp_path, WHOLE, {DEPARTMENT: 750, UNIT: 250})
    publish(tmp_path, PART, 250)
    assert across(tmp_path) == []


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("2504000", "rounding"), ("2506000", "truncation"), ("2494000", "warning"),
     ("2512000", "warning"), ("2500000", None)],
)  # fmt: skip
def test_what_rounding_explains_is_told_apart(
    printed: str, verdict: str | None, tmp_path: Path
) -> None:
    """The department prints 250 万元, which is 2,495,000 to 2,505,000 yuan, or cut off below 2,510,000."""
    with_units(tmp_path, WHOLE, {DEPARTMENT: 750, UNIT: 250})
    text = publish(tmp_path, PART, int(printed)).read_text("utf-8").replace("万元", "元")
    write(tmp_path, text, f"{PART}.md")
    assert [finding.verdict for finding in across(tmp_path)] == ([verdict] if verdict else [])


@pytest.mark.parametrize("listed", [f"{DEPARTMENT}本级", f"{DEPARTMENT}（机关）", "水利厅（本级）"])
def test_a_department_s_own_level_is_a_unit_of_it(listed: str, tmp_path: Path) -> None:
    with_units(tmp_path, WHOLE, {listed: 750, UNIT: 250})
    publish(tmp_path, f"{DEPARTMENT}2024年单位预算公开", 740)
    [finding] = across(tmp_path)
    assert (finding.rule, finding.printed, finding.expected) == ("unit-row-differs", "740", "750")


def test_a_row_of_the_whole_department_is_none_of_its_units(tmp_path: Path) -> None:
    rows = f"{DEPARTMENT}\t1000\t950\t50\n{DEPARTMENT}本级\t750\t750\t\n{UNIT}\t250\t200\t50"
    whole = TABLES.format(title=WHOLE, unit="万元", revenue=rows, three="")
    write(tmp_path, whole, f"{WHOLE}.md")
    publish(tmp_path, f"{DEPARTMENT}2024年单位预算公开", 750)
    assert across(tmp_path) == []


@pytest.mark.parametrize(
    ("revenue", "three", "expected"),
    [
        ("合计\t250\t200\t50", "合计\t3\t\t2\t\t2\t1", []),
        ("合计\t255\t205\t50", "合计\t3\t\t2\t\t2\t1", [("255", "250")]),
        ("合计\t250\t200\t50", "合计\t4\t\t2\t\t2\t2", [("4", "3")]),
    ],
    ids=["agree", "revenue", "three-public"],
)
def test_tables_that_list_units_without_codes(
    revenue: str, three: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    whole = TABLES.format(
        title=WHOLE, unit="万元",
        revenue=f"{DEPARTMENT}本级\t750\t750\t\n{UNIT}\t250\t200\t50\n合计\t1000\t950\t50",
        three=f"{DEPARTMENT}本级\t10\t\t6\t\t6\t4\n{UNIT}\t3\t\t2\t\t2\t1\n合计\t13\t\t8\t\t8\t5",
    )  # fmt: skip
    write(tmp_path, whole, f"{WHOLE}.md")
    part = TABLES.format(title=PART, unit="万元", revenue=revenue, three=three)
    write(tmp_path, part, f"{PART}.md")
    assert [(each.printed, each.expected) for each in across(tmp_path)] == expected


def test_rows_by_code_add_up_to_the_unit(tmp_path: Path) -> None:
    """The department prints the unit by function; the unit one function of them, and its total."""
    text = with_units(tmp_path, WHOLE, {DEPARTMENT: 750, UNIT: 250}).read_text("utf-8")
    more = f"{UNIT}\t2130305\t水利工程建设\t40\t40\t\n\t\t合 计\t1040"
    write(tmp_path, text.replace("\t\t合 计\t1000", more), f"{WHOLE}.md")
    publish(tmp_path, PART, 300, function="2130399\t其他水利支出")
    [finding] = across(tmp_path)
    assert (finding.printed, finding.expected) == ("300", "290")
    assert "等2处合计" in finding.message_zh and len(finding.evidence) == 2


def test_packages_that_are_joined_keep_both_cells(tmp_path: Path) -> None:
    with_units(tmp_path / "a", WHOLE, {DEPARTMENT: 750, UNIT: 250})
    publish(tmp_path / "b", PART, 260)
    built = [yusuan.build(tmp_path / name, tmp_path / f"{name}.out").folder for name in "ab"]
    linked = yusuan.link(built, tmp_path / "linked")
    again = yusuan.link([linked.folder], tmp_path / "again")
    for package in (linked, again):
        [finding] = [row for row in package.rows("findings") if row["rule"] == "unit-row-differs"]
        [other] = [row for row in package.rows("evidence") if row["finding"] == finding["finding"]]
        amounts = {row["fact"]: row["amount"] for row in package.rows("facts")}
        assert Decimal(amounts[finding["fact"]]) == 2_600_000
        assert Decimal(amounts[other["fact"]]) == 2_500_000
