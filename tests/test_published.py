"""Which tables a document prints: with data, without, and said to be empty."""

from __future__ import annotations

from pathlib import Path

import pytest

import yusuan
from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.model.records import PublishedTable
from yusuan.pipeline import CheckedSources, check_sources

STANDARD = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
FUND = "表8:\n\n{title}\n\n单位：万元\n\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n{rows}"
TITLE = "政府性基金预算支出表"
SENTENCE = "说明：本部门没有政府性基金预算拨款安排的支出，故本表无数据。"
BODY = "2130301\t行政运行\t{0}\t{0}\t\n\t合计\t{0}\t{0}\t\n"


def checked(folder: Path, *parts: str) -> CheckedSources:
    return check_sources(write(folder, disclosure_text(STANDARD, *parts)))


def fund_table(folder: Path, *parts: str) -> PublishedTable:
    tables = {table.table: table for table in checked(folder, *parts).contents.published_tables}
    assert tables["expenditure-summary"].state == "data"
    assert tables["expenditure-summary"].statement is None
    return tables["government-fund-expenditure"]


def fund(rows: str = "\t\t\t\t\n", title: str = TITLE) -> str:
    return FUND.format(title=title, rows=rows)


@pytest.mark.parametrize(
    ("parts", "statement"),
    [
        ((fund() + f"\n{SENTENCE}\n",), SENTENCE),
        ((fund(f"{SENTENCE}\t\t\t\t\n"),), SENTENCE),
        ((fund().replace("单位：万元", f"单位：万元\n\n{SENTENCE}"),), SENTENCE),
        ((fund("无数据\t\t\t\t\n"),), "无数据"),
        ((fund("无\t\t\t\t\n\t合计\t\t\t\n"),), "无"),
        ((fund("本年没有使用政府性基金预算拨款安排的支出\t\t\t\t\n"),),
         "本年没有使用政府性基金预算拨款安排的支出"),
        ((fund() + "\n注：本部门2023年未安排政府性基金预算支出。\n",),
         "注：本部门2023年未安排政府性基金预算支出。"),
        ((fund() + "\n此表为空\n",), "此表为空"),
        ((fund(title=f"{TITLE}（此表为空表）"),), f"{TITLE}（此表为空表）"),
        ((fund() + "\n说明：本部门没有政府性基金预算拨款\n\n安排的支出，故本表无数据。\n",), SENTENCE),
    ],
    ids=["below", "row", "caption", "a-word", "a-word-above-the-total", "only-row", "note", "plain", "title", "wrapped"],
)  # fmt: skip
def test_a_table_that_is_said_to_be_empty(
    parts: tuple[str, ...], statement: str, tmp_path: Path
) -> None:
    table = fund_table(tmp_path, *parts)
    assert (table.state, table.rows, table.amounts) == ("stated-empty", 0, 0)
    assert table.statement == statement
    assert table.statement_line is not None
    printed = (tmp_path / "disclosure.md").read_text("utf-8").splitlines()
    assert printed[table.statement_line - 1].strip()[:2] == statement[:2]


def test_a_table_printed_without_amounts_and_without_a_word_is_empty(tmp_path: Path) -> None:
    table = fund_table(tmp_path, fund(), "### 六、政府性基金情况说明\n\n本部门没有此项支出。\n")
    assert (table.state, table.statement, table.title) == ("empty", None, TITLE)


def test_a_sentence_below_a_title_is_said_of_the_table_that_follows(tmp_path: Path) -> None:
    empty, full = fund(), fund(BODY.format(5), "国有资本经营预算支出表")
    tables = checked(tmp_path, empty, full.replace("单位：", f"{SENTENCE}\n\n单位："))
    states = {t.table: t.state for t in tables.contents.published_tables}
    assert states["government-fund-expenditure"] == "empty"
    assert states["state-capital-expenditure"] == "data"
    assert [f.table for f in tables.findings if f.rule == "stated-empty-with-amounts"] == [
        "state-capital-expenditure"
    ]


def test_a_supposition_says_nothing_of_a_table_with_amounts(tmp_path: Path) -> None:
    text = fund(BODY.format(5)) + "\n注：如本表为空表，则表示没有此项支出。\n"
    found = checked(tmp_path, text)
    assert [f.rule for f in found.findings if f.rule == "stated-empty-with-amounts"] == []
    assert fund_table(tmp_path, text).statement is None


def test_zeros_do_not_contradict_that_a_table_is_empty_and_amounts_do(tmp_path: Path) -> None:
    zeros = checked(tmp_path, fund(BODY.format("0.00")) + f"\n{SENTENCE}\n")
    (table,) = [t for t in zeros.contents.published_tables if t.table.startswith("government-f")]
    assert (table.state, table.amounts) == ("stated-empty", 4)
    assert "stated-empty-with-amounts" not in {finding.rule for finding in zeros.findings}
    other = checked(tmp_path, fund(BODY.format(5)) + f"\n{SENTENCE}\n")
    (finding,) = [f for f in other.findings if f.rule == "stated-empty-with-amounts"]
    assert (finding.verdict, finding.table) == ("warning", "government-fund-expenditure")
    assert SENTENCE in finding.message_zh
    (table,) = [t for t in other.contents.published_tables if t.table.startswith("government-f")]
    assert (table.state, table.statement) == ("data", SENTENCE)


def test_a_label_with_such_a_character_is_a_row(tmp_path: Path) -> None:
    table = fund_table(tmp_path, fund("\t无形资产购置支出\t\t\t\n"))
    assert (table.state, table.rows, table.statement) == ("empty", 1, None)


def test_sums_of_some_rows_are_totals_that_no_sum_counts_twice(tmp_path: Path) -> None:
    revenue = "收入总表\n\n单位：万元\n\n项目\t金额\n{rows}"
    rows = "公共财政拨款资金\t90\n其他资金小计\t10\n本年收入合计\t100\n上年结转\t5\n收入总计\t105\n"
    facts = checked(tmp_path, revenue.format(rows=rows)).contents.facts
    own = [fact for fact in facts if fact.table == "revenue-summary"]
    assert [(fact.row_type, fact.is_total, fact.fund_source) for fact in own] == [
        ("detail", False, "general-public-budget"), ("subtotal", True, "other-income"),
        ("subtotal", True, None), ("detail", False, "carry-over"), ("total", True, None),
    ]  # fmt: skip


def test_every_table_is_in_the_package_with_as_many_facts_as_it_says(
    package: yusuan.Package,
) -> None:
    tables = list(package.rows("published-tables"))
    facts = list(package.rows("facts"))
    assert {row["table"] for row in facts} <= {row["table"] for row in tables}
    for row in tables:
        own = sum(fact["table"] == row["table"] for fact in facts)
        assert (int(row["amounts"]), row["state"]) == (own, "data" if own else row["state"])


def test_the_corpus_says_of_no_table_with_amounts_that_it_is_empty(
    corpus_checked: CheckedSources,
) -> None:
    found = corpus_checked
    assert [f for f in found.findings if f.rule == "stated-empty-with-amounts"] == []
    states = {t.table: t.state for t in found.contents.published_tables if t.state != "data"}
    assert set(states) == {"government-fund-expenditure", "state-capital-expenditure"}
    said = [t for t in found.contents.published_tables if t.state == "stated-empty"]
    assert len(said) == 10
    assert all(t.statement and t.amounts == 0 for t in said)
