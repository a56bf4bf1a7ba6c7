"""Layouts of other provinces and of final accounts, each as small as it can be."""

from pathlib import Path

import pytest

from tests.disclosures import COVER, ROWS, disclosure_text, write
from tests.test_tables import amounts, read
from yusuan.checks import check
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

THREE_BLOCKS = """\
收支预算总表 公开01表 部门： 江苏省某厅 单位：万元\t\t\t\t\t
收入\t\t支出\t\t\t
项目名称\t金额\t功能分类\t\t支出用途\t
\t\t功能科目名称\t金额\t项目名称\t金额
一、财政拨款\t330.37\t一、一般公共服务支出\t300.00\t一、基本支出\t200.00
1.一般公共预算\t330.37\t二、外交支出\t\t二、项目支出\t100.37
2.政府性基金预算\t\t三、社会保障和就业支出\t30.37\t三、单位预留机动经费\t30.00
当年收入小计\t330.37\t当年支出小计\t\t\t330.37
收入合计\t330.37\t支出合计\t\t\t330.37
"""

TWO_HALVES = """\
一般公共预算财政拨款基本支出决算表

单位：万元

经济分类科目编码\t科目名称\t决算数\t经济分类科目编码\t科目名称\t决算数
301\t工资福利支出\t30.50\t302\t商品和服务支出\t9.50
30101\t基本工资\t30.50\t30201\t办公费\t9.50
"""

ALTERNATING = """\
财政拨款“三公”经费支出决算表

单位：万元

合计\t\t公务用车购置及运行维护费\t\t公务接待费\t
预算数\t决算数\t预算数\t决算数\t预算数\t决算数
8.00\t6.50\t5.00\t4.00\t3.00\t2.50
"""


def contents_of(folder: Path, *tables: str, final: bool = False) -> PackageContents:
    text = disclosure_text(*tables)
    if final:
        text = text.replace("部门预算公开", "部门决算公开")
    return compile_contents([understand(read_document(write(folder, text)))])


def test_title_body_and_unit_inside_the_grid(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text(THREE_BLOCKS))
    assert (table.resource.name, table.unit) == ("revenue-expenditure-summary", 10_000)
    assert table.organisation == "江苏省某厅"


def test_three_blocks_side_by_side(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text(THREE_BLOCKS))
    printed = amounts(table)
    assert printed["revenue-general-public-budget", "amount"] == "330.37"
    assert printed["use-basic", "amount"] == "200.00"
    assert printed["use-total", "amount"] == "330.37"
    assert printed["use-current", "amount"] == "330.37"
    first = table.rows[0]
    assert first.amounts[0].cell.address == "B5"


def test_three_blocks_are_consistent_and_give_types_and_classes(tmp_path: Path) -> None:
    contents = contents_of(tmp_path, THREE_BLOCKS)
    assert [f.rule for f in check(contents) if f.verdict in ("error", "warning")] == []
    facts = {fact.key: fact for fact in contents.facts}
    assert facts["use-basic"].expenditure_type == "basic"
    assert facts["use-reserve"].expenditure_type == "reserve"
    social = next(f for f in contents.facts if f.row_label == "三、社会保障和就业支出")
    assert social.functional_code is None  # no code is printed
    assert social.function == "2023-208"


def test_one_table_in_two_halves(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text(TWO_HALVES))
    assert amounts(table) == {
        ("301", "total"): "30.50",
        ("302", "total"): "9.50",
        ("30101", "total"): "30.50",
        ("30201", "total"): "9.50",
    }


def test_budget_and_outturn_of_one_row_are_facts_of_two_phases(tmp_path: Path) -> None:
    contents = contents_of(tmp_path, ALTERNATING, final=True)
    found = {(fact.phase, fact.column): fact.printed for fact in contents.facts}
    assert found == {
        ("approved", "total"): "8.00",
        ("executed", "total"): "6.50",
        ("approved", "vehicles"): "5.00",
        ("executed", "vehicles"): "4.00",
        ("approved", "hospitality"): "3.00",
        ("executed", "hospitality"): "2.50",
    }
    rows = contents.rows["three-public-expenses"]
    assert [row["phase"] for row in rows] == ["approved", "executed"]
    assert check(contents) == []


def test_a_total_that_adds_the_balance_brought_forward(tmp_path: Path) -> None:
    table = (
        "收入支出决算总表\n\n单位：万元\n\n收入\t\t支出\t\n项目\t决算数\t项目\t决算数\n"
        "一、一般公共预算财政拨款收入\t90.00\t一、教育支出\t95.00\n"
        "本年收入合计\t90.00\t本年支出合计\t95.00\n"
        "年初结转和结余\t10.00\t年末结转和结余\t5.00\n总计\t100.00\t总计\t100.00\n"
    )
    assert [f.verdict for f in check(contents_of(tmp_path, table, final=True))] == []
    wrong = table.replace("总计\t100.00\t总计\t100.00", "总计\t100.00\t总计\t101.00")
    errors = [f for f in check(contents_of(tmp_path, wrong, final=True)) if f.verdict == "error"]
    assert {(f.rule, f.printed, f.expected) for f in errors} == {
        ("column-sum", "101.00", "100"),
    }


def test_nested_subtotals_are_not_counted_twice(tmp_path: Path) -> None:
    table = (
        "政府采购预算表\n\n单位：万元\n\n采购品目大类\t专项名称\t采购物品名称\t总计\n"
        "合计\t\t\t30.00\n一、货物A\t\t\t30.00\n\t办公设备购置费\t\t30.00\n"
        "\t\t台式计算机\t20.00\n\t\t家具用具\t10.00\n"
    )
    contents = contents_of(tmp_path, table)
    details = [fact for fact in contents.facts if not fact.is_total]
    assert sum(fact.amount for fact in details) == 300_000
    assert check(contents) == []


def test_narrative_and_tables_in_two_files_are_one_disclosure(tmp_path: Path) -> None:
    rows = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
    narrative = f"{COVER}\n### 三、支出预算情况说明\n\n2023年支出预算380万元。\n"
    paths = [
        write(tmp_path, disclosure_text(rows=rows), "tables.md"),
        write(tmp_path, narrative, "narrative.md"),
    ]
    contents = compile_contents([understand(read_document(path)) for path in paths])
    assert len(contents.departments) == 1
    errors = [(f.rule, f.printed) for f in check(contents) if f.verdict == "error"]
    assert errors == [("row-sum", "353"), ("narrative-table", "380")]


def test_a_text_that_states_no_number_of_a_budget_is_left_out(tmp_path: Path) -> None:
    paths = [
        write(tmp_path, disclosure_text(), "tables.md"),
        write(tmp_path, COVER.replace("2023", "2021") + "\n2021年支出预算附后。\n", "other.md"),
    ]
    contents = compile_contents([understand(read_document(path)) for path in paths])
    assert [document.file for document in contents.documents] == ["tables.md"]
    assert contents.orphans[0].startswith("other.md: no budget table found")


INITIAL_AND_ADJUSTED = """\
财政拨款“三公”经费支出决算表

单位：万元

项目\t年初预算数\t预算数\t执行数
合计\t10.00\t9.00\t7.50
一、公务用车购置及运行费\t6.00\t6.00\t4.50
二、公务接待费\t4.00\t3.00\t3.00
"""


def test_a_budget_beside_the_initial_one_is_the_adjusted_one(tmp_path: Path) -> None:
    facts = contents_of(tmp_path, INITIAL_AND_ADJUSTED, final=True).facts
    assert {(f.item, f.phase): f.printed for f in facts if f.item == "hospitality"} == {
        ("hospitality", "approved"): "4.00",
        ("hospitality", "adjusted"): "3.00",
        ("hospitality", "executed"): "3.00",
    }


def test_a_budget_without_an_initial_one_is_the_initial_one(tmp_path: Path) -> None:
    text = INITIAL_AND_ADJUSTED.replace("年初预算数", "调整预算数")
    facts = contents_of(tmp_path, text, final=True).facts
    assert {f.phase for f in facts if f.printed == "9.00"} == {"approved"}


THREE_PUBLIC_WITH_COUNTS = """\
一般公共预算“三公”经费支出表

单位：万元

| 合计 | 因公出国（境）费 | | | 公务用车 | | | 公务接待费 | | |
|---|---|---|---|---|---|---|---|---|---|
| | 团组数（个） | 人次数 | 金额 | 购置数（辆） | 保有量 | 运行费 | 批次 | 人次 | 金额 |
| 8.00 | 1 | 2 | 1.00 | 0 | 3 | 4.00 | 41 | 512 | 3.00 |
"""


def test_counts_beside_the_three_public_expenses_are_no_amounts(tmp_path: Path) -> None:
    contents = contents_of(tmp_path, THREE_PUBLIC_WITH_COUNTS)
    assert {fact.column: fact.printed for fact in contents.facts} == {
        "total": "8.00", "overseas": "1.00", "vehicle_operation": "4.00", "hospitality": "3.00",
    }  # fmt: skip
    (left,) = contents.unrecognised
    assert left.numbers == 6


BLANK_ROW_IN_THE_HEAD = """\
<p>甲区财政局2024年度部门决算</p><p>财政拨款“三公”经费支出决算表</p><p>单位：万元</p>
<table>
<tr><td colspan=2>合计</td><td colspan=2>公务接待费</td></tr>
{blank}
<tr><td>预算数</td><td>决算数</td><td>预算数</td><td>决算数</td></tr>
<tr><td>0.95</td><td></td><td>0.95</td><td></td></tr>
</table>
"""


def test_a_blank_row_between_headings_is_one_of_them(tmp_path: Path) -> None:
    blank = "<tr><td></td><td></td><td></td><td></td></tr>"
    for times in (0, 1, 2):
        text = f"<html>{BLANK_ROW_IN_THE_HEAD.format(blank=blank * times)}</html>"
        path = write(tmp_path, text, "page.html")
        contents = compile_contents([understand(read_document(path))])
        assert {(f.column, f.phase, f.printed) for f in contents.facts} == {
            ("total", "approved", "0.95"), ("hospitality", "approved", "0.95"),
        }  # fmt: skip


SUMMARY_BY_EXPENDITURE_TYPE = """\
单位财务收支预算总表

单位：元

| 本年收入 | | 本年支出 | | | | |
|---|---|---|---|---|---|---|
| 项目 | 预算数 | 项目 | 预算数 | | | |
| | | | 合计 | 基本支出 | | 项目支出 |
| | | | | 人员经费 | 公用经费 | |
| 一、财政拨款收入 | 171 | 一、一般公共服务支出 | 127 | 60 | 24 | 43 |
| 二、事业收入 | | 二、社会保障和就业支出 | 44 | 40 | 3 | 1 |
| 收入总计 | 171 | 支出总计 | 171 | 100 | 27 | 44 |
"""


def test_a_summary_may_divide_spending_by_type(tmp_path: Path) -> None:
    contents = contents_of(tmp_path, SUMMARY_BY_EXPENDITURE_TYPE)
    spent = {
        fact.column: (fact.printed, fact.expenditure_type)
        for fact in contents.facts
        if fact.row_label == "一、一般公共服务支出"
    }
    assert spent == {
        "amount": ("127", None), "personnel": ("60", "personnel"), "public": ("24", "public"),
        "project": ("43", "project"),
    }  # fmt: skip
    assert not [finding for finding in check(contents) if finding.verdict == "error"]
    wrong = contents_of(tmp_path, SUMMARY_BY_EXPENDITURE_TYPE.replace("| 24 |", "| 29 |"))
    assert [f.printed for f in check(wrong) if f.verdict == "error"] == ["29"]


TWICE_HEADED = """\
一般公共预算支出表

单位：万元

| 科目编码 | 科目名称 | 合计 | 基本支出 | 基本支出 |
|---|---|---|---|---|
| 21303 | 水利 | 1,000 | 600 | 400 |
| 2130301 | 行政运行 | 600 | 600 | |
| 2130305 | 水利工程建设 | 400 | | 400 |
| | 合计 | 1,000 | 600 | 400 |
"""


def test_of_two_columns_headed_alike_the_second_is_told(tmp_path: Path) -> None:
    contents = contents_of(tmp_path, TWICE_HEADED)
    assert {f.printed for f in contents.facts if f.column == "basic"} == {"600"}
    assert {f.printed for f in contents.facts if f.column is None} == {"400"}
    (left,) = contents.unrecognised
    assert (left.scope, left.printed, left.cell) == ("column", "基本支出", "E2")
    assert not [finding for finding in check(contents) if finding.verdict == "error"]


def test_below_the_beginning_of_a_heading_the_sum_is_no_total(tmp_path: Path) -> None:
    """A heading that the next column cut off: the column is told, and no total of the table."""
    grid = "| 单位名称 | “三公”经费合计 | {0} | {0} |\n|---|---|---|---|\n| | | 小计 | 购置费 |\n| 某局 | 48 | 36 | 17 |\n"
    for heading, columns in (
        ("公务用车购置及运行费", ["total", "vehicles"]),
        ("公务用车购置及运行", ["total"]),
    ):
        table = f"“三公”经费预算表\n\n单位：万元\n\n{grid.format(heading)}"
        contents = contents_of(tmp_path, table)
        named = {
            fact.printed: fact.column for fact in contents.facts if fact.printed in ("48", "36")
        }
        assert [column for column in named.values() if column] == columns
        assert (
            ("36" in named and named["36"] is None)
            == bool(contents.unrecognised)
            == (len(columns) == 1)
        )


@pytest.mark.parametrize("title", ["一般公共预算支出表", "附表5 | 一般公共预算支出表 | 单位：万元"])
def test_a_title_at_the_foot_of_the_table_before_is_that_of_the_next(
    title: str, tmp_path: Path
) -> None:
    """As where a web page is printed, and the page ends below the title."""

    def table(rows: list[list[str]]) -> str:
        cells = (
            "".join(f"<td colspan={5 if len(row) == 1 else 1}>{text}</td>" for text in row)
            for row in rows
        )
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"

    head = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
    rows = [row.split("\t") for row in ROWS]
    foot = [[text] for text in title.split(" | ")]
    unit = "" if "单位" in title else "<p>单位：万元</p>"
    page = (
        f"<p>己县水利局2023年部门预算公开</p><p>部门支出总表</p><p>单位：万元</p>{table(head + rows + foot)}"
        f"{unit}{table(head + rows)}"
    )
    found = understand(read_document(write(tmp_path, page, "page.html")))
    assert [t.resource.name for t in found.tables] == [
        "expenditure-summary",
        "general-budget-expenditure",
    ]
    assert [t.amounts for t in found.tables] == [found.tables[0].amounts] * 2
    assert not [row for t in found.tables for row in t.rows if "表" in (row.label or "")]


def test_a_line_of_the_contents_is_no_project(tmp_path: Path) -> None:
    titles = "目录\n\n四、信息化运维项目经费情况说明\n\n五、名词解释\n"
    said = f"{titles}\n信息化运维项目经费情况说明\n\n一、项目概述\n\n维护办公系统。\n"
    assert not contents_of(tmp_path, disclosure_text(narrative=titles)).projects
    (project,) = contents_of(tmp_path, disclosure_text(narrative=said)).projects
    assert project.names == ("信息化运维",)
