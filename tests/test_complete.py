"""Tables and sections that a disclosure must have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

TITLES = {
    "revenue-summary": "部门收入总体情况表",
    "general-budget-expenditure": "一般公共预算支出情况表",
    "government-fund-expenditure": "政府性基金预算支出情况表",
    "state-capital-expenditure": "国有资本经营预算支出情况表",
    "expenditure-summary": "部门支出总体情况表",
}
SUMMARIES = """\
部门收支总体情况表

单位：万元

收 入\t\t支 出\t
项 目\t预算数\t项 目\t预算数
一、一般公共预算\t350\t213 农林水支出\t350
收 入 总 计\t350\t支 出 总 计\t350


财政拨款收支总体情况表

单位：万元

收 入\t\t支 出\t
项 目\t合计\t项 目\t合计
一、一般公共预算\t350\t213 农林水支出\t350
收 入 总 计\t350\t支 出 总 计\t350
"""
BASIC = """\
一般公共预算基本支出情况表

单位：万元

经济分类科目编码\t经济分类科目名称\t合 计\t人员经费\t公用经费
301\t工资福利支出\t100\t100\t
\t合 计\t100\t100\t
"""
THREE_PUBLIC = """\
一般公共预算“三公”经费支出情况表

单位：万元

合 计\t因公出国（境）费\t公务接待费
5\t\t5
"""
NARRATIVE = "### 三、关于2023年支出预算情况说明\n\n2023年支出预算350万元。"


def tables(*without: str, **filled: tuple[str, ...]) -> list[str]:
    """The tables that a budget must have, all in the layout of the expenditure table."""
    simple = [
        EXPENDITURE.replace("表3:\n\n", "").replace("部门支出总体情况表", title).format(
            unit="万元", rows="\n".join(filled.get(name.replace("-", "_"), ROWS))
        )
        for name, title in TITLES.items() if name not in without
    ]  # fmt: skip
    return [text for name, text in (("s", SUMMARIES), ("basic", BASIC), ("public", THREE_PUBLIC))
            if name not in without] + simple  # fmt: skip


def missing(folder: Path, *texts: str) -> list[Finding]:
    contents = compile_contents(
        [understand(read_document(write(folder, text, f"{n}.md"))) for n, text in enumerate(texts)]
    )
    return [f for f in check(contents) if f.rule in ("table-missing", "table-missing-executed")]


def test_nothing_is_missing_from_a_whole_disclosure(tmp_path: Path) -> None:
    assert missing(tmp_path, disclosure_text(*tables())) == []


@pytest.mark.parametrize(
    ("left_out", "table"),
    [("public", "three-public-expenses"), ("basic", "general-budget-basic-expenditure"),
     ("revenue-summary", "revenue-summary"),
     ("state-capital-expenditure", "state-capital-expenditure")],
)  # fmt: skip
def test_a_missing_table_is_named(tmp_path: Path, left_out: str, table: str) -> None:
    (finding,) = missing(tmp_path, disclosure_text(*tables(left_out)))
    assert (finding.verdict, finding.table, finding.line) == ("warning", table, None)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("本部门2023年没有国有资本经营预算支出，故国有资本经营预算支出情况表为空表。", None),
        ("本部门2023年没有国有资本经营预算支出。", "note"),
        ("本部门2023年国有资本经营预算0万元。", "warning"),
        ("本部门2023年国有资本经营预算20万元。", "warning"),
        ("本部门2023年没有政府性基金预算支出。", "warning"),
    ],
)
def test_a_table_that_is_said_to_be_empty_is_not_missing(
    tmp_path: Path, sentence: str, verdict: str | None
) -> None:
    text = disclosure_text(*tables("state-capital-expenditure"), narrative=sentence)
    assert [f.verdict for f in missing(tmp_path, text)] == ([verdict] if verdict else [])


def test_before_2020_no_table_on_state_capital_was_asked_for(tmp_path: Path) -> None:
    text = disclosure_text(*tables("state-capital-expenditure")).replace("2023", "2019")
    assert missing(tmp_path, text) == []


def test_of_one_table_alone_nothing_is_said(tmp_path: Path) -> None:
    assert missing(tmp_path, disclosure_text()) == []


def test_what_was_not_recognised_is_perhaps_the_missing_table(tmp_path: Path) -> None:
    strange = (
        THREE_PUBLIC.replace("合 计", "甲")
        .replace("因公出国（境）费", "乙")
        .replace("公务接待费", "丙")
    )
    (finding,) = missing(tmp_path, disclosure_text(*tables("public"), strange))
    assert (finding.verdict, finding.table) == ("note", "three-public-expenses")
    assert "未能识别的" in finding.message_zh and "可能就是该表" in finding.message_zh


def test_narrative_and_tables_in_two_files_are_one_disclosure(tmp_path: Path) -> None:
    """Each alone lacks what the other has."""
    empty = "本部门没有国有资本经营预算支出，故国有资本经营预算支出情况表为空表。"
    whole = disclosure_text(*tables("state-capital-expenditure"))
    told = disclosure_text("", narrative=f"{NARRATIVE}{empty}")
    assert missing(tmp_path, told, whole) == []


SECTIONS = (
    "本部门的主要职责是水利。", "内设机构3个。", "2023年支出预算350万元。", "“三公”经费预算5万元。",
    "机关运行经费预算20万元。", "政府采购预算30万元。", "国有资产占用情况：车辆3辆。", "绩效目标已设定。",
    "名词解释如下。",
)  # fmt: skip


@pytest.mark.parametrize(
    ("spoken", "lacks"),
    [
        (SECTIONS, None),
        (SECTIONS[:5] + SECTIONS[6:], "政府采购"),
        (SECTIONS[:6], "国有资产占用、预算绩效、名词解释"),
        (SECTIONS[:2], None),  # no narrative of a disclosure
    ],
)
def test_sections_that_the_narrative_does_not_have(
    tmp_path: Path, spoken: tuple[str, ...], lacks: str | None
) -> None:
    text = disclosure_text(narrative="## 第三部分 说明\n\n" + "\n\n".join(spoken))
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    found = [f.message_zh for f in check(contents) if f.rule == "section-missing"]
    assert [message.rpartition("：")[2].rstrip("。") for message in found] == (
        [lacks] if lacks else []
    )
