"""No finding may depend on line breaks, file names or the order of tables."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

Found = list[tuple[str | None, ...]]
TITLE = "<h1>甲市水利局2024年部门预算</h1>"
REVENUE = """
<p>部门收支总体情况表</p><p>单位：万元</p>
<table><tr><td>收入</td><td>预算数</td><td>支出</td><td>预算数</td></tr>
<tr><td>一、一般公共预算拨款收入</td><td>1,500.00</td><td>农林水支出</td><td>1,300.00</td></tr>
<tr><td></td><td></td><td>住房保障支出</td><td>200.00</td></tr>
<tr><td>收入总计</td><td>1,500.00</td><td>支出总计</td><td>1,500.00</td></tr></table>
"""
EXPENDITURE = """
<p>部门支出总体情况表</p><p>单位：万元</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>基本支出</td><td>项目支出</td></tr>
<tr><td>213</td><td>农林水支出</td><td>1,300.00</td><td>900.00</td><td>400.00</td></tr>
<tr><td>21303</td><td>水利</td><td>1,300.00</td><td>900.00</td><td>400.00</td></tr>
<tr><td>2130301</td><td>行政运行</td><td>{one}</td><td>900.00</td><td></td></tr>
<tr><td>2130306</td><td>水利工程运行与维护</td><td>400.00</td><td></td><td>{two}</td></tr>
<tr><td>221</td><td>住房保障支出</td><td>200.00</td><td>200.00</td><td></td></tr>
<tr><td>22102</td><td>住房改革支出</td><td>200.00</td><td>200.00</td><td></td></tr>
<tr><td>2210201</td><td>住房公积金</td><td>200.00</td><td>200.00</td><td></td></tr>
<tr><td></td><td>合计</td><td>1,500.00</td><td>1,100.00</td><td>{three}</td></tr></table>
"""
GENERAL = EXPENDITURE.replace("部门支出总体情况表", "一般公共预算支出情况表")


def found(path: Path, html: str) -> Found:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<html><meta charset='utf-8'><body>{html}</body></html>", "utf-8")
    findings = check(compile_contents([understand(read_document(path))]))
    return sorted(
        (f.rule, f.verdict, f.printed, f.expected, f.proposed, f.certainty, f.slip, f.table)
        for f in findings
    )


def disclosure(wrong: str, order: Random | None = None) -> str:
    right = {"one": "900.00", "two": "400.00", "three": "400.00"}
    tables = [
        REVENUE,
        EXPENDITURE.format(**right | {wrong: "490.00"}),
        GENERAL.format(**right),
    ]
    if order:
        order.shuffle(tables)
    return TITLE + "".join(tables)


@pytest.mark.parametrize("wrong", ["one", "two", "three"])
def test_findings_are_of_the_numbers_alone(wrong: str, tmp_path: Path) -> None:
    html = disclosure(wrong)
    usual = found(tmp_path / "甲.html", html)
    assert "error" in {verdict for _, verdict, *_ in usual}
    assert found(tmp_path / "line" / "甲.html", html.replace("\n", "")) == usual
    assert found(tmp_path / "lines" / "甲.html", re.sub(r"(</t[dr]>)", "\\1\n\n", html)) == usual
    assert found(tmp_path / "another name 2019.html", html) == usual
    for seed in range(3):
        name = tmp_path / str(seed) / "甲.html"
        assert found(name, disclosure(wrong, Random(seed))) == usual
