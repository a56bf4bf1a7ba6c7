"""Tables that count the balance brought forward (上年结转) beside others that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from yusuan.pipeline import check_sources

PAGE = """# 某市图书馆2023年部门预算公开

部门收支总表

单位：万元

| 收入项目 | 预算数 | 支出项目 | 预算数 |
|---|---|---|---|
| 一般公共预算拨款收入 | 1,000.00 | 文化旅游体育与传媒支出 | 1,200.00 |
| 本年收入合计 | 1,000.00 | 本年支出合计 | 1,200.00 |
| 上年结转 | 200.00 | 年终结转 | |
| 收入总计 | 1,200.00 | 支出总计 | 1,200.00 |

部门收入总表

单位：万元

| 科目编码 | 科目名称 | 合计 | 一般公共预算拨款收入 |
|---|---|---|---|
| 207 | 文化旅游体育与传媒支出 | {revenue} | {revenue} |
| | 合计 | {revenue} | {revenue} |

部门支出总表

单位：万元

| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |
|---|---|---|---|---|
| 207 | 文化旅游体育与传媒支出 | {spending} | 900.00 | {projects} |
| | 合计 | {spending} | 900.00 | {projects} |

财政拨款收支总表

单位：万元

| 收入项目 | 预算数 | 支出项目 | 合计 | 一般公共预算拨款 |
|---|---|---|---|---|
| 一、本年收入 | 1,000.00 | 一、本年支出 | 1,200.00 | 1,200.00 |
| 一般公共预算拨款 | 1,000.00 | 文化旅游体育与传媒支出 | 1,200.00 | 1,200.00 |
| 二、上年结转 | 200.00 | 二、结转下年 | | |
| 收入总计 | 1,200.00 | 支出总计 | 1,200.00 | 1,200.00 |

一般公共预算支出表

单位：万元

| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |
|---|---|---|---|---|
| 207 | 文化旅游体育与传媒支出 | {general} | 900.00 | {parts} |
| | 合计 | {general} | 900.00 | {parts} |
"""


def errors(
    folder: Path, revenue: str = "1,000.00", spending: str = "1,200.00", general: str = "1,000.00"
) -> set[str]:
    def rest(total: str) -> str:
        return f"{float(total.replace(',', '')) - 900:,.2f}"

    text = PAGE.format(revenue=revenue, spending=spending, projects=rest(spending),
                       general=general, parts=rest(general))  # fmt: skip
    path = folder / "budget.md"
    path.write_text(text, "utf-8")
    return {each.rule for each in check_sources(path).findings if each.verdict == "error"}


@pytest.mark.parametrize("revenue", ["1,000.00", "1,200.00"])
@pytest.mark.parametrize(
    ("spending", "general"),
    [("1,000.00", "1,000.00"), ("1,200.00", "1,000.00"), ("1,200.00", "1,200.00")],
)
def test_a_table_may_count_the_balance_or_not(
    tmp_path: Path, revenue: str, spending: str, general: str
) -> None:
    # One that says 1,200 of 一般公共预算拨款收入 contradicts the 1,000 of the other tables.
    found = errors(tmp_path, revenue, spending, general)
    assert not found - ({"revenue-fund-sources"} if revenue == "1,200.00" else set())


def test_another_difference_is_an_error(tmp_path: Path) -> None:
    assert "totals-agree" in errors(tmp_path, revenue="1,010.00")
    assert {"totals-agree", "class-agrees-expenditure"} <= errors(tmp_path, spending="1,190.00")
    assert "general-budget-agrees" in errors(tmp_path, general="1,190.00")
