"""One sum of money under two names: function and economic item, basic expenditure and 三公 items,
the classes of a list and its total; and a part that prints the number of its parent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

BASIC = """\
甲市民政局2025年度部门决算

一般公共预算财政拨款基本支出决算表

单位：万元

| 经济分类科目编码 | 科目名称 | 决算数 | 经济分类科目编码 | 科目名称 | 决算数 |
| --- | --- | --- | --- | --- | --- |
| 301 | 工资福利支出 | 500.00 | 302 | 商品和服务支出 | {goods} |
| 30101 | 基本工资 | 300.00 | 30201 | 办公费 | 40.00 |
| 30102 | 津贴补贴 | 200.00 | 30217 | 公务接待费 | {hospitality} |
| | | | 30231 | 公务用车运行维护费 | 11.69 |
| | | | 30299 | 其他商品和服务支出 | {other} |
| | | | 310 | 资本性支出 | 7.00 |
| | | | 31003 | 专用设备购置 | 7.00 |
| 人员经费合计 | | {personnel} | 公用经费合计 | | {public} |
"""

THREE = """
财政拨款“三公”经费支出决算表

单位：万元

| 合计 | 因公出国（境）费 | 公务用车购置及运行维护费 | | | 公务接待费 |
| --- | --- | --- | --- | --- | --- |
| | | 小计 | 公务用车购置费 | 公务用车运行维护费 | |
| {total} | | {vehicles} | | {vehicles} | {hospitality} |
"""


def findings(folder: Path, text: str) -> list[Finding]:
    return check(compile_contents([understand(read_document(write(folder, text)))]))


def basic(**printed: str) -> str:
    right = {"goods": "60.00", "hospitality": "8.31", "other": "0.00", "personnel": "500.00",
             "public": "67.00"}  # fmt: skip
    return BASIC.format(**right | printed)


def test_classes_add_up_to_the_total_of_their_list(tmp_path: Path) -> None:
    assert [f for f in findings(tmp_path, basic()) if f.verdict == "error"] == []
    [wrong] = [f for f in findings(tmp_path, basic(public="76.00")) if f.verdict == "error"]
    assert wrong.rule == "public-costs-classes" and wrong.expected == "67"
    [wrong] = [f for f in findings(tmp_path, basic(personnel="600.00")) if f.verdict == "error"]
    assert wrong.rule == "personnel-classes" and wrong.expected == "500"


def test_a_child_that_repeats_its_parent_is_named(tmp_path: Path) -> None:
    """40.00 + 8.31 + 11.69 are the 60.00 of the class already, and 67.00 has 60.00 in it."""
    [wrong] = [f for f in findings(tmp_path, basic(other="60.00")) if f.verdict == "error"]
    assert wrong.fact and wrong.fact.endswith("30299-total")
    assert (wrong.slip, wrong.proposed) == ("total-copied", "0.00")


def test_a_child_that_is_all_of_its_parent_is_right(tmp_path: Path) -> None:
    text = (
        basic(goods="60.00", hospitality="", other="60.00")
        .replace("40.00", "")
        .replace("11.69", "")
    )
    assert [f for f in findings(tmp_path, text) if f.verdict == "error"] == []


@pytest.mark.parametrize(
    ("vehicles", "hospitality", "told"),
    [
        ("11.69", "8.31", []),
        ("19.56", "9.00", []),  # the other direction: project money
        ("11.69", "0.30", [("30217", "0.3")]),
        ("9.56", "8.31", [("30231", "9.56")]),
        ("11.69", "", [("30217", "0")]),  # a blank that the total does without
    ],
)
def test_basic_expenditure_is_within_the_three_public_expenses(
    tmp_path: Path, vehicles: str, hospitality: str, told: list[tuple[str, str]]
) -> None:
    total = f"{float(vehicles) + float(hospitality or 0):.2f}"
    text = basic() + THREE.format(total=total, vehicles=vehicles, hospitality=hospitality)
    found = [f for f in findings(tmp_path, text) if f.rule.endswith("within-three-public")]
    assert [((f.fact or "").split("-")[-2], f.expected) for f in found] == told
    assert {f.verdict for f in found} <= {"warning"}


FUNCTIONS = """\
甲市民政局2024年部门预算

一般公共预算支出表

单位：万元

| 功能分类科目编码 | 功能分类科目名称 | 合计 | 基本支出 | 项目支出 |
| --- | --- | --- | --- | --- |
| 2080201 | 行政运行 | {rest} | {rest} | |
| 2080505 | 机关事业单位基本养老保险缴费支出 | {pension} | {pension} | |
| 2210201 | 住房公积金 | 20{cents} | 20{cents} | |
| | 合计 | 200{cents} | 200{cents} | |

一般公共预算基本支出表

单位：万元

| 经济分类科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费 |
| --- | --- | --- | --- | --- |
| 301 | 工资福利支出 | 200{cents} | 200{cents} | |
| 30101 | 基本工资 | {wages} | {wages} | |
| 30108 | 机关事业单位基本养老保险缴费 | {item} | {item} | |
| 30113 | 住房公积金 | 20{cents} | 20{cents} | |
| | 合计 | 200{cents} | 200{cents} | |
"""


@pytest.mark.parametrize(
    ("pension", "item", "cents", "verdict"),
    [
        (39, 39, "", None),
        (39, 38, "", "rounding"),  # whole 万元, each rounded on its own
        (39, 36, "", "warning"),
        (39, 38, ".00", "warning"),  # printed to the hundredth, that is no rounding
    ],
)
def test_one_payment_as_function_and_as_economic_item(
    tmp_path: Path, pension: int, item: int, cents: str, verdict: str | None
) -> None:
    text = FUNCTIONS.format(pension=f"{pension}{cents}", rest=f"{180 - pension}{cents}",
                            item=f"{item}{cents}", wages=f"{180 - item}{cents}", cents=cents)  # fmt: skip
    found = [f for f in findings(tmp_path, text) if f.rule != "unlisted-codes"]
    told = [(f.rule, f.verdict) for f in found if f.verdict != "note" and f.rule != "table-missing"]
    assert told == ([("pension-items", verdict)] if verdict else [])


@pytest.mark.parametrize(
    ("offices", "institutions", "item", "rules"),
    [
        ("12.00", "8.00", "20.00", []),
        ("20.00", "", "20.00", []),  # a body of one kind prints one function
        ("", "", "20.00", []),
        ("12.00", "8.00", "18.00", ["medical-insurance-items"]),
        ("12.00", "", "18.00", ["medical-insurance-items"]),
    ],
)
def test_medical_insurance_is_paid_under_two_functions(
    tmp_path: Path, offices: str, institutions: str, item: str, rules: list[str]
) -> None:
    functions = {"2101101": ("行政单位医疗", offices), "2101102": ("事业单位医疗", institutions)}
    rows = "".join(
        f"| {code} | {name} | {amount} | {amount} | |\n"
        for code, (name, amount) in functions.items()
        if amount
    )
    text = FUNCTIONS.format(
        pension="39.00", rest="141.00", item="39.00", wages="141.00", cents=".00"
    )
    text = text.replace("| 2210201 |", f"{rows}| 2210201 |")
    text = text.replace(
        "| 30113 |", f"| 30110 | 职工基本医疗保险缴费 | {item} | {item} | |\n| 30113 |"
    )
    found = [f.rule for f in findings(tmp_path, text) if f.rule.endswith("-items")]
    assert found == rules
