"""Of which year the amounts of a column are, that the differences between years are of the later
one, and that rates are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import write
from yusuan.checks import check
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

ROWS = [("“三公”经费合计", "12.5", "10"), ("公务接待费", "4.5", "3"), ("公务用车购置及运行费", "8", "7")]  # fmt: skip


def contents(folder: Path, headings: list[str], rows: list[list[str]]) -> PackageContents:
    table = [headings, ["---"] * len(headings), *rows]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in table)
    text = f"# 己县水利局2025年部门预算公开\n\n## 一般公共预算“三公”经费支出预算表\n\n单位：万元\n\n{lines}\n"
    return compile_contents([understand(read_document(write(folder, text, "budget.md")))])


def years(found: PackageContents) -> dict[str, set[int]]:
    """The years of facts by the heading of their column."""
    columns = {fact.column_label for fact in found.facts}
    return {c: {f.fiscal_year for f in found.facts if f.column_label == c} for c in columns}


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize(
    ("before", "this", "change"),
    [
        ("2024年预算数", "2025年预算数", "增减额"),
        ("上年预算数", "本年预算数", "增减额"),
        ("2024年执行数", "2025年预算数", "2025年比2024年增减"),
        ("2024年预算数", "本年预算数", "比上年增减额"),
    ],
)
def test_a_change_is_of_the_later_year(
    before: str, this: str, change: str, later_first: bool, tmp_path: Path
) -> None:
    headings = ["项目", *([this, before] if later_first else [before, this]), change]
    rows = [[name, *([two, one] if later_first else [one, two]), "-1"] for name, one, two in ROWS]
    rows.append(["培训费", *(["", "2"] if later_first else ["2", ""]), "-2"])  # none this year
    found = contents(tmp_path, headings, rows)
    assert years(found) == {before: {2024}, this: {2025}, change: {2025}}
    changes = [fact for fact in found.facts if fact.column_label == change]
    assert {fact.phase for fact in changes} == {"approved"}
    assert len(changes) == len(rows)


@pytest.mark.parametrize(
    "heading", ["增减%", "增长率", "增减幅度（%）", "同比增长%", "2025年比2024年增减%"]
)
@pytest.mark.parametrize("rates", [("+5.2%", "-3.1%", "12.5%"), ("5.2", "-3.1", "+12.5"), ("△3.1%", "—", "")])  # fmt: skip
def test_rates_are_told_however_written(
    heading: str, rates: tuple[str, str, str], tmp_path: Path
) -> None:
    headings = ["项目", "2024年预算数", "2025年预算数", heading]
    rows = [[*row, rate] for row, rate in zip(ROWS, rates, strict=True)]
    rows[1:1] = [headings]  # again, as after a page break
    found = contents(tmp_path, headings, [list(row) for row in rows])
    assert heading not in years(found)
    (told,) = found.unrecognised
    assert (told.scope, told.printed) == ("column", heading)
    assert told.numbers == sum(any(c.isdigit() for c in rate) for rate in rates)


@pytest.mark.parametrize("heading", ["增减比例", "变动率", "同比", "占总额", "与2024年比"])
def test_rates_below_a_heading_that_is_unknown_are_told(heading: str, tmp_path: Path) -> None:
    rows = [[*row, rate] for row, rate in zip(ROWS, ("-12.0%", "△33.3%", "（0.5％）"), strict=True)]
    found = contents(tmp_path, ["项目", "2024年预算数", "2025年预算数", heading], rows)
    assert [(told.printed, told.numbers) for told in found.unrecognised] == [(heading, 3)]
    assert len(found.facts) == 2 * len(ROWS)


@pytest.mark.parametrize(
    ("one", "two", "stated", "said"),
    [
        ("2024年预算数", "2024年执行数", {2024}, 1),  # a table left from the year before
        ("2026年预算数", "2025年执行数", {2026, 2025}, 0),
        ("2023年执行数", "2024年预算数", {2023, 2024}, 1),
        ("预算数", "上年预算数", {2025, 2024}, 0),
    ],
)
def test_a_heading_says_the_year_whatever_the_document_is_of(
    one: str, two: str, stated: set[int], said: int, tmp_path: Path
) -> None:
    found = contents(tmp_path, ["项目", one, two], [list(row) for row in ROWS])
    assert set().union(*years(found).values()) == stated
    rules = [finding.rule for finding in check(found)]
    assert rules.count("table-of-another-year") == said


def test_a_cell_of_one_year_that_cannot_be_read_makes_no_sum_of_that_year_wrong(
    tmp_path: Path,
) -> None:
    text = (
        "# 己县水利局2025年部门预算公开\n\n## 一般公共预算支出表\n\n单位：万元\n\n"
        "| 科目编码 | 科目名称 | 2024年执行数 | 2025年预算数 |\n|---|---|---|---|\n"
        "| 213 | 农林水支出 | 80 | 88 |\n| 21303 | 水利 | 80 | 88 |\n"
        "| 2130301 | 行政运行 | 详见附表 | 50 |\n| 2130305 | 水利工程建设 | 36 | 38 |\n"
        "| | 合计 | 80 | 88 |\n"
    )
    found = compile_contents([understand(read_document(write(tmp_path, text, "budget.md")))])
    assert [finding.rule for finding in check(found)] == ["unreadable-amount"]
    assert len(found.facts) == 9
