"""However an amount is written, it is read at its own cell, in its own unit, or told there."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from tests.disclosures import COVER, write
from yusuan.facts import compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document
from yusuan.tables import StandardTable, find_tables

CELLS = {("213", "total"): 1000, ("213", "basic"): 600, ("213", "project"): 400,
         ("2130301", "total"): 600, ("2130301", "basic"): 600,
         ("2130305", "total"): 400, ("2130305", "project"): 400,
         ("total", "total"): 1000, ("total", "basic"): 600, ("total", "project"): 400}  # fmt: skip
"""Row key and column of each amount of the table below, in the unit of the table."""


def table_text(cells: dict[tuple[str, str], str], unit: str = "单位：万元", below: str = "") -> str:
    def row(code: str, label: str) -> str:
        key = code or "total"
        columns = (cells.get((key, column), "") for column in ("total", "basic", "project"))
        return "| " + " | ".join((code, label, *columns)) + " |"

    return "\n".join([
        "### 一般公共预算支出情况表", "", unit, "", "| 科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 |",
        "|---|---|---|---|---|", row("213", "农林水支出"), row("2130301", "行政运行"),
        row("2130305", "水利工程建设"), row("", "合计"), "", below, "",
    ])  # fmt: skip


def read(folder: Path, *tables: str) -> list[StandardTable]:
    return find_tables(read_document(write(folder, COVER + "\n\n" + "\n\n".join(tables))))[0]


def yuan(table: StandardTable) -> dict[tuple[str, str], Decimal]:
    return {
        (row.key, amount.field.name): amount.number.value * (amount.unit or table.unit)
        for row in table.rows
        for amount in row.amounts
        if amount.field
    }


def told(table: StandardTable) -> set[str]:
    return {problem.printed for problem in table.problems if problem.rule == "unreadable-amount"}


FORMS = {
    "plain": "{:,.2f}", "own unit": "{:,.2f}万元", "without 元": "{:,.2f}万", "mark": "{:,.2f}①",
    "raised": "{:,.2f}²", "remark": "{:,.2f}（含结转）", "note": "{:,.2f}注1", "yuan sign": "￥{:,.2f}",
    "apostrophe": "'{:,.2f}", "trailing": "{:,.2f}*",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_cell_keeps_its_amount_and_its_characters(tmp_path: Path, form: str) -> None:
    printed = {key: form.format(value) for key, value in CELLS.items()}
    (table,) = read(tmp_path, table_text(printed))
    assert yuan(table) == {key: value * 10_000 for key, value in CELLS.items()}
    texts = {amount.number.printed for row in table.rows for amount in row.amounts}
    assert texts == set(printed.values())


@pytest.mark.parametrize("unit", ["", "单位：元", "单位：万元"])
def test_the_unit_of_a_cell_wins_and_counts_once(tmp_path: Path, unit: str) -> None:
    printed = {key: f"{value * 10_000}元" for key, value in CELLS.items()}
    printed["213", "total"] = "1,000.00 万元"
    (table,) = read(tmp_path, table_text(printed, unit))
    assert yuan(table) == {key: value * 10_000 for key, value in CELLS.items()}
    assert not table.problems  # every amount says its own unit


def test_capital_numerals_fill_a_table(tmp_path: Path) -> None:
    words = {1000: "壹仟", 600: "陆佰", 400: "肆佰"}
    (table,) = read(tmp_path, table_text({key: words[value] for key, value in CELLS.items()}))
    assert yuan(table) == {key: value * 10_000 for key, value in CELLS.items()}


def test_a_table_proves_its_decimal_comma(tmp_path: Path) -> None:
    printed = {key: f"{v:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
               for key, v in CELLS.items()}  # fmt: skip
    (table,) = read(tmp_path, table_text(printed))
    assert yuan(table) == {key: value * 10_000 for key, value in CELLS.items()}


def test_a_lone_decimal_comma_is_told(tmp_path: Path) -> None:
    printed = {key: f"{value:,.2f}" for key, value in CELLS.items()} | {("213", "basic"): "600,5"}
    (table,) = read(tmp_path, table_text(printed))
    assert ("213", "basic") not in yuan(table)
    assert told(table) == {"600,5"}


@pytest.mark.parametrize("text", ["6E+02", "600.00 580.00", "壹万贰仟", "600(50)", "60%"])
def test_what_has_two_readings_is_told_at_its_cell(tmp_path: Path, text: str) -> None:
    printed = {key: f"{value:,.2f}" for key, value in CELLS.items()} | {("213", "basic"): text}
    (table,) = read(tmp_path, table_text(printed))
    assert set(yuan(table)) == set(CELLS) - {("213", "basic")}
    assert told(table) == {text}


@pytest.mark.parametrize(
    "below", ["（以上金额单位：万元）", "注：本表金额以万元为单位", "说明：金额单位均为万元。", "上表单位:万元"]
)  # fmt: skip
def test_the_unit_may_stand_below_the_table(tmp_path: Path, below: str) -> None:
    (table,) = read(tmp_path, table_text({k: f"{v}.00" for k, v in CELLS.items()}, "", below))
    assert yuan(table) == {key: value * 10_000 for key, value in CELLS.items()}
    assert not table.problems


def test_the_unit_of_the_next_table_is_not_that_of_the_one_above(tmp_path: Path) -> None:
    printed = {key: f"{value}.00" for key, value in CELLS.items()}
    other = table_text(printed).replace("一般公共预算支出情况表", "政府性基金预算支出情况表")
    first, second = read(tmp_path, table_text(printed, ""), other)
    assert (first.unit, second.unit) == (10_000, 10_000)
    (problem,) = first.problems  # equal amounts prove it, and it is told
    assert problem.rule == "unit-not-stated"


@pytest.mark.parametrize("unit", ["单位：元/万元", "单位：万元（元）", "（单位：元、万元）"])
@pytest.mark.parametrize("factor", [1, 10_000])
def test_an_open_unit_is_decided_by_the_amounts_of_another_table(
    tmp_path: Path, unit: str, factor: int
) -> None:
    measure = {key: f"{value}.00" for key, value in CELLS.items()}
    own = {key: f"{value * 10_000 // factor}" for key, value in CELLS.items()}
    other = table_text(measure).replace("一般公共预算支出情况表", "部门支出总体情况表")
    found = read(tmp_path, other, table_text(own, unit))
    assert yuan(found[1]) == {key: value * 10_000 for key, value in CELLS.items()}
    assert [problem.rule for problem in found[1].problems] == ["unit-not-stated"]


def test_an_open_unit_that_nothing_proves_is_told(tmp_path: Path) -> None:
    printed = {key: f"{value}.00" for key, value in CELLS.items()}
    (table,) = read(tmp_path, table_text(printed, "单位：元/万元"))
    assert [problem.rule for problem in table.problems] == ["unit-not-stated"]
    assert "元/万元" in table.problems[0].detail_zh


def test_a_code_in_a_blank_form_is_no_amount(tmp_path: Path) -> None:
    text = table_text({}).replace("|  | 合计 |  |", "|  |  | 2050205 |")
    (table,) = read(tmp_path, text)
    assert yuan(table) == {}
    assert told(table) == {"2050205"}
    contents = compile_contents([understand(read_document(tmp_path / "disclosure.md"))])
    assert [each.state for each in contents.published_tables] == ["data"]


def test_a_number_like_a_class_is_an_amount(tmp_path: Path) -> None:
    printed = {("total", "project"): "213"}
    (table,) = read(tmp_path, table_text(printed))
    assert yuan(table) == {("total", "project"): 2_130_000}


NARRATIVE = "\n\n## 第三部分 情况说明\n\n### 一、收支预算情况的总体说明\n\n{}\n"


def claims(folder: Path, text: str) -> list[tuple[str | None, int, Decimal | None]]:
    printed = {key: f"{value}.00" for key, value in CELLS.items()}
    whole = COVER + "\n\n" + table_text(printed) + NARRATIVE.format(text)
    found = compile_contents([understand(read_document(write(folder, whole)))]).claims
    return [(each.subject_label, each.fiscal_year, each.amount) for each in found]


@pytest.mark.parametrize("cut", range(1, len("1,200.50") + 1))
def test_a_line_break_at_any_place_of_a_number(tmp_path: Path, cut: int) -> None:
    number = "1,200.50"
    text = f"桐庐县水利局收入总计{number[:cut]}\n{number[cut:]}万元，支出总计1,200.50万元。"
    value = Decimal(12_005_000)
    assert [amount for _, _, amount in claims(tmp_path, text)] == [value, value]


@pytest.mark.parametrize(
    ("text", "year"),
    [("2021年度桐庐县水利局，收入总计100万元。", 2021), ("2022年，收入总计100万元；支出总计90万元。", 2022),
     ("截至2021年底，收入总计100万元。", 2021), ("与2021年相比，收入总计100万元。", 2023),
     ("2023年，收入总计100万元。", 2023)],
)  # fmt: skip
def test_a_statement_is_of_the_year_it_names(tmp_path: Path, text: str, year: int) -> None:
    assert {found for _, found, _ in claims(tmp_path, text)} == {year}


TELLING = {("213", "total"): 1234.56, ("213", "basic"): 934.06, ("213", "project"): 300.5,
           ("total", "total"): 1234.56, ("total", "basic"): 934.06, ("total", "project"): 300.5}  # fmt: skip
"""Amounts in 万元 that no others are like by chance."""
SAID = "\n## 说明\n\n支出预算{}万元，其中：项目支出{}万元。"


def printed_in(factor: int, amounts: Mapping[tuple[str, str], float]) -> dict[tuple[str, str], str]:
    return {key: f"{Decimal(str(v)) * 10_000 / factor:,.2f}" for key, v in amounts.items()}


@pytest.mark.parametrize(
    "unit", ["金额：万元", "金额:万元", "单位:万 元", "（万元）", "计量单位：人民币万元"]
)
def test_how_a_caption_states_its_unit(tmp_path: Path, unit: str) -> None:
    (table,) = read(tmp_path, table_text(printed_in(10_000, TELLING), unit))
    assert yuan(table) == {key: Decimal(str(v)) * 10_000 for key, v in TELLING.items()}
    assert not table.problems


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("", 1),
        ("", 1_000),
        ("", 10_000),
        ("单位：元/万元", 1),
        ("单位：元/万元", 10_000),
        ("单位：元、千元", 1_000),
    ],
)
@pytest.mark.parametrize("said", [("1,234.56", "300.50"), ("1234.6", "300.5"), ("1235", "301")])
def test_a_unit_is_proven_by_what_sentences_state(
    tmp_path: Path, unit: str, factor: int, said: tuple[str, str]
) -> None:
    text = table_text(printed_in(factor, TELLING), unit, SAID.format(*said))
    (table,) = read(tmp_path, text)
    assert yuan(table) == {key: Decimal(str(v)) * 10_000 for key, v in TELLING.items()}
    assert not table.unit_unproven
    assert [problem.rule for problem in table.problems] == ["unit-not-stated"]


@pytest.mark.parametrize(
    "said",
    [
        ("1234.56", "300.51"),  # one amount alone
        ("1234.56", "1,234.56"),  # twice the same
        ("1300", "300"),  # digits that chance may give
    ],
)
def test_sentences_that_state_too_little_prove_no_unit(
    tmp_path: Path, said: tuple[str, str]
) -> None:
    (table,) = read(tmp_path, table_text(printed_in(10_000, TELLING), "", SAID.format(*said)))
    assert table.unit_unproven


def test_sentences_that_fit_two_units_prove_none(tmp_path: Path) -> None:
    said = SAID.format("1234.56", "300.5") + "其他支出1234.56元。"
    (table,) = read(tmp_path, table_text(printed_in(10_000, TELLING), "", said))
    assert table.unit_unproven


def test_a_table_that_sentences_prove_is_the_measure_of_others(tmp_path: Path) -> None:
    first = table_text(printed_in(10_000, TELLING), "", SAID.format("1234.56", "300.5"))
    others = {key: value + 7 for key, value in TELLING.items()}
    other = table_text(printed_in(10_000, others), "").replace("一般公共预算", "政府性基金预算")
    found = read(tmp_path, other, first)
    assert [(table.unit, table.unit_unproven) for table in found] == [
        (10_000, True),
        (10_000, False),
    ]
