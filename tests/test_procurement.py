"""The procurement table: rows that share a category are rows of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from yusuan.pipeline import CheckedSources, check_sources

HEAD = "# 某县水利局2024年部门预算公开\n\n表14：\n\n### 政府采购预算表\n\n单位：万元\n\n"


def check(lines: list[str], folder: Path) -> CheckedSources:
    rule = "|" + "---|" * (lines[0].count("|") - 1)
    source = folder / "disclosure.md"
    source.write_text(HEAD + "\n".join([lines[0], rule, *lines[1:]]) + "\n", "utf-8")
    return check_sources(source)


def labels(checked: CheckedSources) -> list[str | None]:
    return list(dict.fromkeys(fact.row_label for fact in checked.contents.facts))


def errors(checked: CheckedSources) -> list[str]:
    return [f.rule for f in checked.findings if f.verdict == "error"]


NAMED = [
    "| 采购项目名称 | 采购品目 | 采购预算总额 | 财政拨款 |",
    "| 办公楼物业管理 | 服务 | 20.00 | 20.00 |",
    "| 资料印刷 | 服务 | 5.00 | 5.00 |",
    "| 车辆维修 | 服务 | 6.00 | 6.00 |",
    "| 堤防维修 | 工程 | 12.00 | 12.00 |",
    "| 合计 |  | 43.00 | 43.00 |",
]
PLAIN = ["|".join(["", *line.split("|")[2:]]) for line in NAMED]
PLAIN[-1] = "| 合计 | 43.00 | 43.00 |"


def test_each_row_stands_under_its_project(tmp_path: Path) -> None:
    checked = check(NAMED, tmp_path)
    assert labels(checked) == ["办公楼物业管理", "资料印刷", "车辆维修", "堤防维修", "合计"]
    assert not errors(checked)


def test_rows_of_one_category_all_count(tmp_path: Path) -> None:
    checked = check(PLAIN, tmp_path)
    assert len(checked.contents.facts) == 10
    assert not errors(checked)


@pytest.mark.parametrize("lines", [NAMED, PLAIN])
def test_a_total_that_is_not_their_sum_is_an_error(tmp_path: Path, lines: list[str]) -> None:
    wrong = [line.replace("43.00 | 43.00", "32.00 | 32.00") for line in lines]
    assert "column-sum" in errors(check(wrong, tmp_path))


@pytest.mark.parametrize("heading", ["采购组织形式", "组织形式", "采购方式"])
def test_the_form_of_procurement_is_no_part_of_what_is_procured(
    tmp_path: Path, heading: str
) -> None:
    lines = [
        f"| 采购物品名称 | {heading} | 总计 |",
        "| 台式计算机 | 分散自行组织 | 20.00 |",
        "| 租赁服务 | 部门集中采购 | 10.00 |",
        "| 合计 |  | 30.00 |",
    ]
    checked = check(lines, tmp_path)
    assert labels(checked) == ["台式计算机", "租赁服务", "合计"]
    assert not errors(checked)
