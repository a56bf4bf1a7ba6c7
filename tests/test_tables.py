"""Grids are recognised by title and shape, and read row by row, whatever their layout."""

from pathlib import Path

import openpyxl
import pytest

from tests.disclosures import EXPENDITURE, ROWS, disclosure_text, write
from yusuan.model.document import Cell, Document, Grid, Paragraph, Position
from yusuan.narrative.disclosure import Disclosure, understand
from yusuan.schema import catalogue
from yusuan.sources import read_document
from yusuan.tables import StandardTable, find_tables
from yusuan.tables.captions import printed_tables


def read(folder: Path, text: str) -> list[StandardTable]:
    return find_tables(read_document(write(folder, text)))[0]


def amounts(table: StandardTable) -> dict[tuple[str, str], str]:
    """Every amount as printed, by row key and column."""
    return {
        (row.key, amount.field.name if amount.field else amount.column_label): amount.number.printed
        for row in table.rows
        for amount in row.amounts
    }


EXPECTED = {
    ("2130301", "total"): "100", ("2130301", "basic"): "100",
    ("2130306", "total"): "250", ("2130306", "project"): "250",
    ("total", "total"): "350", ("total", "basic"): "100", ("total", "project"): "250",
}  # fmt: skip


def test_a_table_under_a_title(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text())
    assert table.resource.name == "expenditure-summary"
    assert table.unit == 10_000
    assert amounts(table) == EXPECTED
    assert [row.row_type for row in table.rows] == ["detail", "detail", "total"]


def test_trailing_blanks_cut_off_by_an_editor(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text(rows=tuple(row.rstrip("\t") for row in ROWS)))
    assert amounts(table) == EXPECTED


def test_joined_codes_and_columns_in_another_order(tmp_path: Path) -> None:
    text = (
        "部门支出总体情况表\n\n单位：万元\n\n科目编码\t科目名称\t项目支出\t基本支出\t合计\n"
        "2130301\t行政运行\t\t100\t100\n2130306\t水利工程运行与维护\t250\t\t250\n"
        "合计\t\t250\t100\t350\n"
    )
    (table,) = read(tmp_path, disclosure_text(text))
    assert amounts(table) == EXPECTED


def test_a_row_with_the_code_in_two_cells_after_a_page_break(disclosure: Disclosure) -> None:
    table = next(t for t in disclosure.tables if t.resource.number == 6)
    row = next(row for row in table.rows if row.code == "30239")
    assert row.label == "其他交通费用"
    assert {a.field.name: a.cell.address for a in row.amounts if a.field} == {
        "total": "D28", "public": "F28",
    }  # fmt: skip


def test_a_heading_repeated_on_the_next_page_is_no_row(tmp_path: Path) -> None:
    heading = (
        "功能分类科目编码\t\t\t功能分类科目名称\t合 计\t基本支出\t项目支出\n类\t款\t项\t\t\t\t"
    )
    rows = (ROWS[0], heading, "1\t2\t3\t4\t5\t6\t7", *ROWS[1:])
    (table,) = read(tmp_path, disclosure_text(rows=rows))
    assert amounts(table) == EXPECTED


HEADS = "科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
FIRST = f"部门支出总体情况表\n\n单位：万元\n\n{HEADS}2130301\t行政运行\t100\t100\t\n"
REST = "2130306\t水利工程运行与维护\t250\t\t250\n合计\t\t350\t100\t250\n"


@pytest.mark.parametrize(
    "caption",
    [
        "续表\n", "（续）\n", "续上表\n", "接上表\n", "续表1\n", "续表\n\n单位：万元\n",
        "部门支出总体情况表（续）\n", "表3 部门支出总体情况表（续表）\n\n单位：万元\n",
        "续表3：部门支出总体情况表\n", "续表：部门支出总体情况表\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("heads", [HEADS, ""])
def test_a_table_goes_on_under_a_line_that_says_so(
    tmp_path: Path, caption: str, heads: str
) -> None:
    (table,) = read(tmp_path, disclosure_text(FIRST, f"{caption}\n{heads}{REST}"))
    assert amounts(table) == EXPECTED


@pytest.mark.parametrize(
    ("caption", "heads"),
    [
        ("续表\n\n单位：元\n", HEADS), ("财政拨款支出表（续）\n", HEADS), ("续表：财政拨款支出表\n", HEADS),
        ("续建项目\n", HEADS),
        ("续表\n", "科目编码\t科目名称\t合计\t人员经费\t公用经费\n"),
    ],
)  # fmt: skip
def test_what_says_or_looks_otherwise_is_another_table(
    tmp_path: Path, caption: str, heads: str
) -> None:
    tables = read(tmp_path, disclosure_text(FIRST, f"{caption}\n{heads}{REST}"))
    assert [a for a in amounts(tables[0]) if a[0] != "2130301"] == []


def test_an_unknown_heading_keeps_its_amounts_and_is_reported(tmp_path: Path) -> None:
    text = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS)).replace("项目支出", "机动经费")
    (table,) = read(tmp_path, disclosure_text(text))
    assert amounts(table)["2130306", "支出预算 / 机动经费"] == "250"
    assert table.problems == ()
    (left,) = table.unrecognised
    assert (left.scope, left.printed, left.cell, left.numbers) == (
        "column", "支出预算 / 机动经费", "G5", 2,
    )  # fmt: skip


def test_a_torn_row_is_reported_with_its_line(tmp_path: Path) -> None:
    (table,) = read(
        tmp_path, disclosure_text(rows=(*ROWS[:1], "213\t03\t06\t250.5\t水利\t", ROWS[2]))
    )
    assert [problem.rule for problem in table.problems] == ["torn-row"]
    assert "250.5" in table.problems[0].printed


def test_without_any_unit_the_table_says_so(tmp_path: Path) -> None:
    text = disclosure_text().replace("单位：万元\n", "")
    (table,) = read(tmp_path, text)
    assert table.unit == 1
    assert [problem.rule for problem in table.problems] == ["unit-not-stated"]


def test_a_code_printed_twice_gives_two_rows(tmp_path: Path) -> None:
    (table,) = read(tmp_path, disclosure_text(rows=(ROWS[0], ROWS[0], ROWS[2])))
    assert [row.key for row in table.rows] == ["2130301", "2130301-2", "total"]


@pytest.mark.parametrize(
    "title", ["一般公共预算支出情况表", "一般公共预算支出表", "表5：一般公共预算支出预算表"]
)
def test_titles_vary(tmp_path: Path, title: str) -> None:
    text = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS)).replace(
        "部门支出总体情况表", title
    )
    (table,) = read(tmp_path, disclosure_text(text))
    assert table.resource.name == "general-budget-expenditure"


def test_every_standard_table_of_the_sample_is_recognised_once(disclosure: Disclosure) -> None:
    names = [table.resource.name for table in disclosure.tables]
    assert names == [resource.name for resource in catalogue().tables[:9]]


def test_the_sample_prints_136_amounts(disclosure: Disclosure) -> None:
    assert sum(len(row.amounts) for table in disclosure.tables for row in table.rows) == 136


def test_blank_rows_stay(disclosure: Disclosure) -> None:
    funds = next(table for table in disclosure.tables if table.resource.number == 9)
    assert [row.code for row in funds.rows] == ["2120801", "2121399", "2121401"]
    assert all(not row.amounts for row in funds.rows)


SPENDING = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
BY_UNIT = """\
部门支出总表（分单位）

单位：万元

单位名称\t合计\t基本支出\t项目支出
水务局本级\t250\t50\t200
水文站\t100\t50\t50
"""


def test_two_tables_of_one_kind_are_both_kept(tmp_path: Path) -> None:
    """Expenditure by function and by unit: the keys of the further one's rows say so."""
    path = write(tmp_path, disclosure_text(SPENDING, BY_UNIT))
    first, second = understand(read_document(path)).tables
    assert (first.number, second.number) == (1, 2)
    assert amounts(first) == EXPECTED
    assert amounts(second)["table-2-shui-wen-zhan", "total"] == "100"


def test_a_table_that_prints_rows_again_is_reported(tmp_path: Path) -> None:
    path = write(tmp_path, disclosure_text(SPENDING, "说明如下。", SPENDING))
    (table,) = understand(read_document(path)).tables
    assert amounts(table) == EXPECTED
    assert [problem.rule for problem in table.problems] == ["repeated-table"]


def test_years_alone_are_headings_of_amounts(tmp_path: Path) -> None:
    text = (
        "2023年部门收支总表\n\n单位：万元\n\n"
        "收入\t\t\t支出\t\t\n"
        "项目\t2022年\t2023年\t项目\t2022年\t2023年\n"
        "一、一般公共预算\t300\t350\t一、农林水支出\t300\t350\n"
        "收入总计\t300\t350\t支出总计\t300\t350\n"
    )
    (table,) = read(tmp_path, disclosure_text(text))
    totals = [row for row in table.rows if row.row_type == "total"]
    found = [(row.direction, row.years_before, row.amounts[0].number.printed) for row in totals]
    assert sorted(found) == [
        ("expenditure", 0, "350"), ("expenditure", 1, "300"),
        ("revenue", 0, "350"), ("revenue", 1, "300"),
    ]  # fmt: skip


def test_a_sum_in_a_heading_adds_nothing(tmp_path: Path) -> None:
    text = (
        "一般公共预算支出表\n\n单位：万元\n\n"
        "科目编码\t科目名称\t合计\t基本支出小计\t人员经费支出\t项目支出小计\n"
        "2130301\t行政运行\t100\t80\t80\t20\n"
    )
    (table,) = read(tmp_path, disclosure_text(text))
    assert amounts(table) == {
        ("2130301", "total"): "100", ("2130301", "basic"): "80",
        ("2130301", "personnel"): "80", ("2130301", "project"): "20",
    }  # fmt: skip


def test_what_is_counted_below_a_counted_line_is_no_amount(tmp_path: Path) -> None:
    text = (
        "机构运行信息表\n\n单位：万元\n\n项目\t决算数\n三、国有资产占用情况\t—\n"
        "（一）车辆数合计（辆）\t4\n1.机要通信用车\t1\n2.应急保障用车\t3\n"
        "（二）单价100万元以上设备（台，套）\t2\n四、机关运行经费\t164.54\n"
    )
    (table,) = read(tmp_path, disclosure_text(text))
    assert [row.label for row in table.rows if row.amounts] == ["四、机关运行经费"]


def book(folder: Path, sheets: dict[str, list[list[str]]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


@pytest.mark.parametrize("number", ["3", "03", "03 ", "3.", "表3 ", "3-"])
def test_a_sheet_name_is_a_title_whatever_the_sheet_before_ends_with(
    number: str, tmp_path: Path
) -> None:
    three = "2023年“三公”经费预算5.07万元，其中：公务接待费5.07万元。"
    rows = [["单位：万元"], ["科目编码", "科目名称", "合计"], ["2130301", "行政运行", "100"]]
    path = book(
        tmp_path,
        {"说明": [["桐庐县水利局2023年部门预算"], [three]], f"{number}支出总表": rows},
    )
    (table,) = find_tables(read_document(path))[0]
    assert table.resource.name == "expenditure-summary"
    assert table.title.replace(" ", "") == f"{number}支出总表".replace(" ", "")


HEAD_OF_THREE = ["合计", "因公出国（境）费", "公务用车购置费"]
REST_OF_THREE = ["公务用车运行费", "公务接待费"]


def pages(*grids: list[list[str]]) -> Document:
    """Paragraphs are titles on page 1; each grid stands on a page of its own."""
    blocks: list[Paragraph | Grid] = [
        Paragraph(text, Position(at, 1))
        for at, text in enumerate(["三公经费支出表", "单位：万元"], 1)
    ]
    for page, rows in enumerate(grids, start=1):
        cells = tuple(
            tuple(
                Cell(text, row, column, Position(row + 3, page))
                for column, text in enumerate(texts)
            )
            for row, texts in enumerate(rows)
        )
        blocks.append(Grid(cells, Position(3, page)))
    return Document("a.pdf", b"", "0", "application/pdf", tuple(blocks), 9, pages=len(grids))


def test_the_next_page_column_of_a_table_without_labels_stands_beside_it() -> None:
    left, right = [HEAD_OF_THREE, ["6.00", "", "1.00"]], [REST_OF_THREE, ["2.00", "3.00"]]
    (table,) = find_tables(pages(left, right))[0]
    assert amounts(table) == {
        ("", "total"): "6.00", ("", "vehicle_purchase"): "1.00",
        ("", "vehicle_operation"): "2.00", ("", "hospitality"): "3.00",
    }  # fmt: skip
    assert not table.problems


@pytest.mark.parametrize(
    "right",
    [[HEAD_OF_THREE, ["7.00", "", "1.00"]], [REST_OF_THREE, ["2.00", "3.00"], ["1.00", ""]],
     [["2.00", "3.00"], ["1.00", "1.00"]]],
)  # fmt: skip
def test_what_has_other_rows_or_the_same_headings_stands_not_beside(right: list[list[str]]) -> None:
    printed = printed_tables(pages([HEAD_OF_THREE, ["6.00", "", "1.00"]], right))[0]
    assert printed.grid.width == len(HEAD_OF_THREE)


@pytest.mark.parametrize(
    "first", ["\t合计\t1,400.00\t1,100.00\t300.00", "2130301\t行政运行\t1,100.00\t1,100.00\t"]
)
def test_a_table_without_headings_gives_no_amounts(first: str, tmp_path: Path) -> None:
    rows = [
        first,
        "213\t农林水支出\t1,400.00\t1,100.00\t300.00",
        "21303\t水利\t1,400.00\t1,100.00\t300.00",
    ]
    text = "部门支出总体情况表\n\n单位：万元\n\n" + "\n".join(rows)
    tables, others = find_tables(read_document(write(tmp_path, disclosure_text(text))))
    assert not [amount for table in tables for row in table.rows for amount in row.amounts]
    assert [other.amounts for other in others] and others[0].amounts


def test_a_table_of_both_sides_has_the_heading_of_one(tmp_path: Path) -> None:
    """As where columns of a page are read in the wrong order: the title is another table's."""
    text = "部门收支总表\n\n单位：万元\n\n科目编码\t科目名称\t合计\t基本支出\n2130301\t行政运行\t100\t100\n"
    tables, _ = find_tables(read_document(write(tmp_path, disclosure_text(text))))
    assert "revenue-expenditure-summary" not in [table.resource.name for table in tables]


PARENTS = (
    "\t农林水支出\t350\t100\t250", "\t水利\t350\t100\t250", "2130301\t行政运行\t100\t100\t",
    "2130306\t水利工程运行与维护\t250\t\t250",
    "\t社会保障和就业支出\t70\t70\t", "\t某年的养老支出\t70\t70\t", "2080501\t行政单位离退休\t70\t70\t",
    "\t合计\t420\t170\t250",
)  # fmt: skip


def test_levels_that_print_their_names_alone_are_no_budget_units(tmp_path: Path) -> None:
    head = "部门支出总体情况表\n\n单位：万元\n\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
    (table,) = read(tmp_path, disclosure_text(head + "\n".join(PARENTS)))
    rows = {row.label: row for row in table.rows}
    assert not [row.budget_unit for row in table.rows if row.budget_unit]
    assert rows["农林水支出"].code is None and rows["农林水支出"].parent is None
    assert rows["水利"].parent == rows["农林水支出"].anchor
    assert rows["行政运行"].parent == rows["水利"].anchor
    assert rows["某年的养老支出"].parent == rows["社会保障和就业支出"].anchor
    assert rows["社会保障和就业支出"].parent is None


def test_units_above_codes_stay_budget_units(tmp_path: Path) -> None:
    head = "部门支出总体情况表\n\n单位：万元\n\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"
    lines = ["\t桐庐县水利局\t100\t100\t", "2130301\t行政运行\t100\t100\t",
             "\t桐庐县水文站\t250\t\t250", "2130301\t行政运行\t250\t\t250"]  # fmt: skip
    (table,) = read(tmp_path, disclosure_text(head + "\n".join(lines)))
    assert [row.budget_unit for row in table.rows if row.code] == ["桐庐县水利局", "桐庐县水文站"]


def test_a_side_without_a_heading_leaves_the_table_to_be_told(tmp_path: Path) -> None:
    """Whether its amounts are revenue or expenditure is printed nowhere."""
    text = (
        "部门收支总表\n\n单位：万元\n\n收入\t\t其他\t\n项目\t预算数\t项目\t预算数\n"
        "一、一般公共预算\t350\t一、农林水支出\t350\n收入总计\t350\t总计\t350\n"
    )
    tables, (other,) = find_tables(read_document(write(tmp_path, disclosure_text(text))))
    assert not tables
    assert len(other.amounts) == 4
