"""Blank cells: told by themselves, without spoiling the sums and shares that rest on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import COVER, disclosure_text, write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

ROWS = (
    "208\t\t\t社会保障和就业支出\t60\t60\t",
    "208\t05\t\t行政事业单位养老支出\t60\t60\t",
    "208\t05\t05\t机关事业单位基本养老保险缴费支出\t60\t60\t",
    "213\t\t\t农林水支出\t350.4\t100.2\t250.2",
    "213\t03\t\t水利\t350.4\t100.2\t250.2",
    "213\t03\t01\t行政运行\t100.2\t100.2\t",
    "213\t03\t06\t水利工程运行与维护\t250.2\t\t250.2",
    "\t\t\t合 计\t410.4\t160.2\t250.2",
)


def found(folder: Path, *rows: str, narrative: str = "") -> list[Finding]:
    text = disclosure_text(rows=rows or ROWS, narrative=narrative)
    contents = compile_contents([understand(read_document(write(folder, text)))])
    return [f for f in check(contents) if f.rule not in ("unlisted-codes", "code-name")]


def told(findings: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.verdict, f.expected) for f in findings]


def test_a_blank_subtotal_is_the_only_finding(tmp_path: Path) -> None:
    """Neither the sum of its row nor that of the class above fails for want of it."""
    rows = (*ROWS[:4], "213\t03\t\t水利\t350.4\t100.2\t", *ROWS[5:])
    assert told(found(tmp_path, *rows)) == [("subtotal-missing", "warning", "250.2")]


def test_what_is_blank_is_best_known_from_its_own_row(tmp_path: Path) -> None:
    """The rows below are each rounded; the total less the other column is what was left out."""
    rows = (
        ROWS[3],
        "213\t03\t\t水利\t350.4\t100.2\t",
        *ROWS[5:6],
        "213\t03\t06\t水利工程运行与维护\t125.1\t\t125.1",
        "213\t03\t07\t长江黄河等流域管理\t125.2\t\t125.2",
        "\t\t\t合 计\t350.4\t100.2\t250.2",
    )
    [finding] = [f for f in found(tmp_path, *rows) if f.verdict == "warning"]
    assert (finding.rule, finding.expected) == ("subtotal-missing", "250.2")
    assert "（见该行其他列）" in finding.message_zh


def test_a_class_over_blank_subtotals_stays_in_its_total(tmp_path: Path) -> None:
    """213 sums a blank 21303 and the codes below that; it is not in a wrong column."""
    rows = (
        *ROWS[:3], ROWS[3], "213\t03\t\t水利\t350.4\t100.2\t", *ROWS[5:7],
        "\t\t\t合 计\t450.4\t160.2\t290.2",
    )  # fmt: skip
    findings = found(tmp_path, *rows)
    assert {f.rule for f in findings if f.verdict == "error"} == {"column-sum"}
    assert {f.proposed for f in findings if f.verdict == "error"} == {"250.2", "410.4"}


def test_a_blank_row_is_of_the_phase_its_columns_are_of(tmp_path: Path) -> None:
    text = (
        COVER.replace("预算公开", "部门决算公开").replace("# 目 录", "")
        + """
表6:

一般公共预算财政拨款基本支出决算表

单位：万元

科目编码\t科目名称\t决算数
301\t工资福利支出\t30.5
30101\t基本工资\t20.5
30102\t津贴补贴\t10
303\t对个人和家庭的补助\t
30302\t退休费\t7.5
"""
    )
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    warned = [f for f in check(contents) if f.rule == "subtotal-missing"]
    assert [(f.line, f.expected) for f in warned] == [(16, "7.5")]


def test_a_number_wrong_in_two_tables_is_named_in_both(tmp_path: Path) -> None:
    """Revenue by code is printed again as expenditure by code; both copies are wrong."""
    revenue = """\
表2:

部门收入总体情况表

单位：万元

功能分类科目编码\t\t\t功能分类科目名称\t总计\t财政拨款收入
类\t款\t项\t\t\t
213\t03\t01\t行政运行\t190\t100
213\t03\t06\t水利工程运行与维护\t250\t250
\t\t\t合 计\t350\t350
"""
    expenditure = disclosure_text(rows=(
        "213\t03\t01\t行政运行\t190\t100\t", "213\t03\t06\t水利工程运行与维护\t250\t\t250",
        "\t\t\t合 计\t350\t100\t250",
    )).removeprefix(COVER)  # fmt: skip
    path = write(tmp_path, f"{COVER}\n{revenue}\n{expenditure}")
    contents = compile_contents([understand(read_document(path))])
    [finding] = [f for f in check(contents) if f.verdict == "error"]
    [again] = [each for each in finding.evidence if each.role == "repetition"]
    assert (finding.printed, finding.proposed) == ("190", "100")
    assert (again.printed, again.proposed) == ("190", "100")
    assert again.fact != finding.fact
    assert "另有1处印有同一数：部门支出总体情况表" in finding.message_zh


def test_a_share_is_not_blamed_for_the_total_it_is_of(tmp_path: Path) -> None:
    """39.04 % is 160.2 of 410.4, which the table misprints and no sentence repeats."""
    sentence = "### 三、关于2023年支出预算情况说明\n\n2023年其中：基本支出160.2万元，占39.04%。"
    rows = (*ROWS[:-1], "\t\t\t合 计\t401.4\t160.2\t250.2")
    assert [f.rule for f in found(tmp_path, *rows, narrative=sentence)] == ["row-sum"]
    assert found(tmp_path, narrative=sentence) == []


def test_a_share_may_be_of_the_total_that_an_earlier_section_states(tmp_path: Path) -> None:
    """The table of that total is missing, which is not the fault of the share."""
    sentences = (
        "### 三、2023年一般公共预算支出情况说明\n\n"
        "#### （一）规模情况\n\n2023年一般公共预算支出480万元。\n\n"
        "#### （二）结构情况\n\n农林水支出（类）350.4万元，占{share}%。"
    )
    assert found(tmp_path, narrative=sentences.format(share="73.0")) == []
    [finding] = found(tmp_path, narrative=sentences.format(share="58.9"))
    assert finding.rule == "share"


THREE_PUBLIC = """
表8:

一般公共预算“三公”经费支出情况表

单位：万元

合计\t因公出国（境）费\t公务接待费
{row}
"""


def test_an_amount_stated_over_a_blank_cell(tmp_path: Path) -> None:
    """An error where the row adds up without it; else the blank may have been forgotten."""
    sentence = (
        "### 八、关于2023年“三公”经费支出情况说明\n\n"
        "2023年“三公”经费{total}万元，其中：因公出国（境）费8万元，公务接待费21.9万元。"
    )
    for row, total, verdict in (("21.9\t\t21.9", "21.9", "error"), ("29.9\t\t21.9", "29.9", None)):
        text = disclosure_text(THREE_PUBLIC.format(row=row), narrative=sentence.format(total=total))
        contents = compile_contents([understand(read_document(write(tmp_path, text)))])
        blank = [f for f in check(contents) if f.rule == "stated-over-blank"]
        assert [f.verdict for f in blank] == [verdict or "warning"]
        assert "为空白" in blank[0].message_zh


FINAL_BASIC = (
    COVER.replace("预算公开", "部门决算公开").replace("# 目 录", "")
    + """
表6:

一般公共预算财政拨款基本支出决算表

单位：万元

人员经费\t\t\t公用经费\t\t
科目编码\t科目名称\t决算数\t科目编码\t科目名称\t决算数
301\t工资福利支出\t30.5\t302\t商品和服务支出\t{goods}
30101\t基本工资\t30.5\t30201\t办公费\t9.1
303\t对个人和家庭的补助\t7.5\t\t\t
30302\t退休费\t7.5\t\t\t
人员经费合计\t\t{personnel}\t公用经费合计\t\t9.1
"""
)


@pytest.mark.parametrize(
    ("goods", "personnel", "expected"),
    [
        ("9.1", "83", [("code-sum", "83", "38")]),
        # the only class of its side is blank, while those of the other side are summed
        ("", "38", [("subtotal-missing", None, "9.1")]),
    ],
)
def test_the_two_totals_of_basic_expenditure_sum_their_own_columns(
    tmp_path: Path, goods: str, personnel: str, expected: list[tuple[str, str | None, str]]
) -> None:
    """A final account has no grand total: 人员经费合计 and 公用经费合计 stand side by side."""
    text = FINAL_BASIC.format(goods=goods, personnel=personnel)
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    told = [(f.rule, f.printed, f.expected) for f in check(contents)
            if f.rule in ("code-sum", "subtotal-missing", "column-sum")]  # fmt: skip
    assert told == expected


def test_a_blank_part_is_known_though_the_schema_groups_it_under_another(tmp_path: Path) -> None:
    """事业收入 is a part of 单位资金, which this table has no column for."""
    rows = "\n".join((
        "213\t\t\t农林水支出\t350\t250\t",
        "213\t03\t\t水利\t350\t250\t100",
        "213\t03\t01\t行政运行\t350\t250\t100",
        "\t\t\t合 计\t350\t250\t100",
    ))  # fmt: skip
    text = f"""{COVER}
表二：

部门收入总体情况表

单位：万元

功能分类科目编码\t\t\t功能分类科目名称\t合计\t一般公共预算拨款\t事业收入
类\t款\t项\t\t\t\t
{rows}
"""
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    sums = [(f.rule, f.expected) for f in check(contents)
            if f.rule in ("row-sum", "subtotal-missing")]  # fmt: skip
    assert sums == [("subtotal-missing", "100")]


def test_a_part_is_not_blamed_for_a_whole_that_is_misprinted(tmp_path: Path) -> None:
    """40 is more than the misprinted 35, not more than the 350 it should be."""
    narrative = THREE_PUBLIC.format(row="40\t18.1\t21.9")
    rows = (
        "213\t03\t01\t行政运行\t100\t100\t", "213\t03\t06\t水利工程运行与维护\t250\t\t250",
        "\t\t\t合 计\t35\t100\t250",
    )  # fmt: skip
    text = disclosure_text(rows=rows) + narrative
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    errors = [f for f in check(contents) if f.verdict == "error"]
    assert [(f.rule, f.printed, f.proposed) for f in errors] == [("row-sum", "35", "350")]
