"""Budget tables without subtotals, as the smallest departments print them, and project tables."""

from __future__ import annotations

from decimal import Decimal

from benchmarks.errors.page import Draft
from benchmarks.errors.truth import Department, function_names
from benchmarks.layouts.budget import split
from benchmarks.layouts.model import Amount, Column, Table, heads
from benchmarks.layouts.parts import (
    amounts_of,
    basic_and_project,
    by_class,
    economic_rows,
    function_rows,
    income,
    no_data,
    side_by_side,
    spent,
    three_public_row,
    total,
)

__all__ = ["plain_tables", "project_table"]

FEN = Decimal("0.01")
APART = "功能分类科目编码>3 功能分类科目名称v2"


def plain_tables(draft: Draft, department: Department) -> list[Table]:
    """Ten tables of rows by 类款项, the total last."""
    return [
        _summary(department), _revenue(department), _expenditure(department), _fiscal(department),
        _general(department), _basic(department), project_table(draft, department),
        _three_public(department), _special(department, "fund"), _special(department, "capital"),
    ]  # fmt: skip


def _summary(department: Department) -> Table:
    table = Table(
        "revenue-expenditure-summary", "部门收支总体情况表", heads("收_入>2 支_出>2", "项目 预算数 功能分类 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="表1:",
    )  # fmt: skip

    def of(*sources: str) -> Decimal | None:
        return department.sum(lambda leaf: leaf.total, *sources) or None

    left = [
        income("财政拨款（补助）", of("gpb", "fund", "capital")), income("一般公共预算", of("gpb")),
        income("政府性基金预算", of("fund")), income("国有资本经营预算", of("capital")),
        income("财政专户（教育收费）", None), income("事业收入", None), income("单位其他资金收入", None),
    ]  # fmt: skip
    right = by_class(department, department.leaves, coded=True, every=True)
    side_by_side(table, left, right)
    side_by_side(
        table,
        [income("收入总计", of(), None, "收 入 总 计")],
        [spent("支出总计", of(), printed="支 出 总 计")],
    )
    return table


def _revenue(department: Department) -> Table:
    table = Table(
        "revenue-summary", "部门（单位）收入总体情况表",
        heads(f"{APART} 总计v2 一般公共预算拨款v2 政府性基金预算拨款v2 国有资本经营预算v2 事业收入v2", "类 款 项"),
        ["", "", "", "", Column("总计"), Column("一般公共预算拨款"), Column("政府性基金预算拨款"),
         Column("国有资本经营预算"), ""],
        direction="revenue", number="表2:",
    )  # fmt: skip

    def values(under: list) -> list[Decimal]:  # type: ignore[type-arg]
        parts = [
            total((x for x in under if x.source == s), lambda leaf: leaf.total)
            for s in ("gpb", "fund", "capital")
        ]
        return [sum(parts), *parts]  # type: ignore[list-item]

    function_rows(table, department, department.leaves, values, levels=(7,), codes="apart",
                  totals="last", after=("",))  # fmt: skip
    return table


def _expenditure(department: Department) -> Table:
    table = Table(
        "expenditure-summary", "部门（单位）支出总体情况表", heads(f"{APART} 支出预算>3", "类 款 项 合计 基本支出 项目支出"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], number="表3:",
    )  # fmt: skip
    function_rows(
        table,
        department,
        department.leaves,
        basic_and_project,
        levels=(7,),
        codes="apart",
        totals="last",
    )
    return table


def _fiscal(department: Department) -> Table:
    table = Table(
        "fiscal-appropriation-summary", "财政拨款收支预算总体情况表",
        heads("财政拨款收入>2 财政拨款支出>5", "项目 合计 功能分类 合计 一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", Column("合计"), "", Column("合计"), Column("一般公共预算"), Column("政府性基金预算"), Column("国有资本经营预算")],
        number="表4:",
    )  # fmt: skip
    sources = ("gpb", "fund", "capital")

    def parts(under: list) -> list[Decimal]:  # type: ignore[type-arg]
        found = [
            total((x for x in under if x.source == s), lambda leaf: leaf.total) for s in sources
        ]
        return [sum(found), *found]  # type: ignore[list-item]

    whole = parts(list(department.leaves))
    names = ("财政拨款（补助）", "一般公共预算", "政府性基金预算", "国有资本经营预算")
    left = [income(name, value or None) for name, value in zip(names, whole, strict=True)]
    side_by_side(
        table, left, by_class(department, department.leaves, parts, coded=True, every=True)
    )
    side_by_side(table, [income("收入总计", whole[0])], [spent("支出总计", *whole)])
    return table


def _general(department: Department) -> Table:
    table = Table(
        "general-budget-expenditure", "一般公共预算支出情况表", heads(f"{APART} 一般公共预算支出>3", "类 款 项 合计 基本支出 项目支出"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], number="表5:",
    )  # fmt: skip
    function_rows(
        table,
        department,
        department.of("gpb"),
        basic_and_project,
        levels=(7,),
        codes="apart",
        totals="last",
    )
    return table


def _basic(department: Department) -> Table:
    table = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出情况表",
        heads("经济分类科目编码>2 经济分类科目名称v2 一般公共预算基本支出>3", "类 款 合计 人员经费 公用经费"),
        ["", "", "", *amounts_of("合计", "人员经费", "公用经费")], number="表6:",
    )  # fmt: skip
    economic_rows(table, department, codes="split", totals="last")
    return table


def project_table(draft: Draft, department: Department) -> Table:
    """A row for each project of the general public budget, spread over kinds of spending."""
    kinds = ("工资福利支出", "商品和服务支出", "资本性支出", "其他支出")
    table = Table(
        "general-budget-project-expenditure", "一般公共预算项目支出情况表",
        heads(f"科目编码>3 科目v2 项目名称v2 项目支出合计v2 {' '.join(f'{kind}v2' for kind in kinds)}", "类 款 项"),
        ["", "", "", "", "", Column("项目支出合计"), *map(Column, kinds)], number="表7:",
    )  # fmt: skip
    sums = [Decimal(0)] * 5
    for project in department.list_of_projects:
        spread = [Decimal(0)] * 4
        used = draft.rng.sample(range(4), draft.rng.choice((1, 2)))
        for index, part in zip(used, split(project.amount, len(used), draft.rng, FEN), strict=True):
            spread[index] = part
        values = [project.amount, *spread]
        sums = [a + b for a, b in zip(sums, values, strict=True)]
        code = project.leaf.code
        table.row(
            [code[:3], code[3:5], code[5:], function_names()[code], project.name],
            values,
            project.name,
            code,
        )
    table.row(["", "", "", "", "合计"], sums, "合计")
    return table


def _three_public(department: Department) -> Table:
    words = ("合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行费", "公务接待费")
    table = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出情况表",
        heads("合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"),
        list(map(Column, words)), number="表8:",
    )  # fmt: skip
    table.add(*(Amount(value, "") for value in three_public_row(department)))
    return table


def _special(department: Department, source: str) -> Table:
    kind, name, number = {
        "fund": ("government-fund-expenditure", "政府性基金预算", "表9:"),
        "capital": ("state-capital-expenditure", "国有资本经营预算", "表10:"),
    }[source]
    table = Table(
        kind, f"{name}支出情况表", heads(f"{APART} {name}支出>3", "类 款 项 合计 基本支出 项目支出"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], number=number,
    )  # fmt: skip
    if department.of(source):
        function_rows(
            table,
            department,
            department.of(source),
            basic_and_project,
            levels=(7,),
            codes="apart",
            totals="last",
        )
    else:
        no_data(table, name + "拨款")
    return table
