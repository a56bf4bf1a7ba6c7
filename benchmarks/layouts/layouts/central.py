"""Budgets of central ministries, and provinces that print the same nine tables."""

from __future__ import annotations

from decimal import Decimal

from benchmarks.layouts.budget import Budget, make_budget
from benchmarks.layouts.model import Amount, Column, Disclosure, Style, Table, heads
from benchmarks.layouts.parts import (
    BASIC,
    amounts_of,
    basic_and_project,
    by_class,
    cover,
    economic_rows,
    function_rows,
    income,
    narrative,
    no_data,
    side_by_side,
    spent,
    three_public_row,
    total,
)

SOURCES = {
    "gpb": "general-public-budget", "fund": "government-fund", "capital": "state-capital",
    "business": "business-income", "other": "other-income",
}  # fmt: skip
FISCAL = ("gpb", "fund", "capital")


def summary(document: Disclosure, budget: Budget) -> Table:
    table = Table(
        "revenue-expenditure-summary", "收支总表", heads("收入>2 支出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="公开01表",
    )  # fmt: skip
    now, carry = budget.sum(lambda leaf: leaf.current), budget.sum(lambda leaf: leaf.carry)
    names = {
        "gpb": "一、一般公共预算拨款收入", "fund": "二、政府性基金预算拨款收入",
        "capital": "三、国有资本经营预算拨款收入", "business": "四、事业收入", "other": "五、其他收入",
    }  # fmt: skip
    left = [
        income(
            name[2:], budget.sum(lambda leaf: leaf.current, source) or None, SOURCES[source], name
        )
        for source, name in names.items()
    ]
    left += [["", ""], ["", ""]]
    left += [
        income("本年收入合计", now), income("使用非财政拨款结余", None),
        income("上年结转", carry, "carry-over"), ["", ""], income("收入总计", now + carry, None, "收 入 总 计"),
    ]  # fmt: skip
    right = by_class(budget, budget.leaves)
    right += [["", ""]] * (7 - len(right))
    right += [
        spent("本年支出合计", now + carry), spent("结转下年", None), ["", ""], ["", ""],
        spent("支出总计", now + carry, printed="支 出 总 计"),
    ]  # fmt: skip
    side_by_side(table, left, right)
    return table


def revenue(document: Disclosure, budget: Budget) -> Table:
    table = Table(
        "revenue-summary", "收入总表",
        heads(
            "科目>2 合计v2 上年结转v2 一般公共预算拨款收入v2 政府性基金预算拨款收入v2 国有资本经营预算拨款收入v2 "
            "事业收入>2 事业单位经营收入v2 上级补助收入v2 附属单位上缴收入v2 其他收入v2 使用非财政拨款结余v2",
            "科目编码 科目名称 金额 其中：教育收费",
        ),
        ["", "", Column("合计"), Column("上年结转", {"fund_source": "carry-over"}),
         Column("一般公共预算拨款收入", {"fund_source": "general-public-budget"}),
         Column("政府性基金预算拨款收入", {"fund_source": "government-fund"}),
         Column("国有资本经营预算拨款收入", {"fund_source": "state-capital"}),
         Column("金额", {"fund_source": "business-income"}), "",
         Column("事业单位经营收入", {"fund_source": "operating-income"}), "", "",
         Column("其他收入", {"fund_source": "other-income"}), ""],
        direction="revenue", number="公开02表",
    )  # fmt: skip

    def values(leaves: list) -> list[Decimal | None]:
        def of(source: str) -> Decimal:
            return total((x for x in leaves if x.source == source), lambda leaf: leaf.current)

        return [
            total(leaves, lambda leaf: leaf.total), total(leaves, lambda leaf: leaf.carry),
            of("gpb"), of("fund"), of("capital"), of("business"), None, of("other"),
        ]  # fmt: skip

    rows = budget.functions(budget.leaves, (3, 5, 7))
    for code, name, leaves in rows:
        texts = [code, "\u3000" * ((len(code) - 3) // 2) + name, "", "", "", ""]
        table.row(texts, values(leaves), name, code)
    table.row(["合计", "", "", "", "", ""], values(list(budget.leaves)), "合计")
    return table


def expenditure(document: Disclosure, budget: Budget) -> Table:
    table = Table(
        "expenditure-summary", "支出总表",
        heads("科目编码 科目名称 合计 基本支出 项目支出 上缴上级支出 事业单位经营支出 对附属单位补助支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), "", "", ""], number="公开03表",
    )  # fmt: skip
    function_rows(table, budget, budget.leaves, basic_and_project, indent="\u3000", totals="last",
                  total_in="code", after=("", "", ""))  # fmt: skip
    return table


def fiscal(document: Disclosure, budget: Budget) -> Table:
    sources = [SOURCES[source] for source in FISCAL]
    table = Table(
        "fiscal-appropriation-summary", "财政拨款收支总表",
        heads("收入>2 支出>5", "项目 预算数 项目 合计 一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", Column("预算数"), "", Column("合计"),
         *(Column(h, {"fund_source": s}) for h, s in
           zip(("一般公共预算", "政府性基金预算", "国有资本经营预算"), sources, strict=True))],
        number="公开04表",
    )  # fmt: skip

    def parts(leaves: list) -> list[Decimal]:
        split = [
            total((x for x in leaves if x.source == s), lambda leaf: leaf.total) for s in FISCAL
        ]
        return [sum(split), *split]

    own = budget.of(*FISCAL)
    now = [budget.sum(lambda leaf: leaf.current, s) for s in FISCAL]
    carry = [budget.sum(lambda leaf: leaf.carry, s) for s in FISCAL]
    names = ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")

    def lines(values: list[Decimal], plain: bool) -> list:
        return [
            income(name, value or None, source if plain else None, f"（{number}）{name}")
            for number, name, value, source in zip("一二三", names, values, sources, strict=True)
        ]

    left = [
        income("本年收入", sum(now), None, "一、本年收入"), *lines(now, True),
        income("上年结转", sum(carry), "carry-over", "二、上年结转"), *lines(carry, False),
    ]  # fmt: skip
    right = [spent("本年支出", *parts(list(own)), printed="一、本年支出")]
    right += by_class(budget, own, parts, brackets=True)
    height = max(len(left), len(right) + 1)
    left += [["", ""]] * (height - len(left))
    right += [[""] * 5] * (height - 1 - len(right))
    right.append(["二、结转下年", "", "", "", ""])
    left.append(income("收入总计", sum(now) + sum(carry), None, "收 入 总 计"))
    right.append(spent("支出总计", *parts(list(own)), printed="支 出 总 计"))
    side_by_side(table, left, right)
    return table


def general(document: Disclosure, budget: Budget) -> Table:
    """This year's budget beside last year's outturn, with change and per cent."""
    year = document.year
    table = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads(
            f"功能分类科目>2 {year - 1}年执行数v2 {year}年预算数>3 {year}年预算数比{year - 1}年执行数>2",
            "科目编码 科目名称 小计 基本支出 项目支出 增减额 增减%",
        ),
        ["", "", Column(f"{year - 1}年执行数", phase="executed", previous=1),
         *amounts_of("小计", "基本支出", "项目支出"), Column("增减额", optional=True), "%"],
        dims={"fund_source": "general-public-budget"}, number="公开05表",
    )  # fmt: skip
    leaves = budget.of("gpb")
    before = {leaf.code: budget.near(leaf.total) for leaf in leaves}

    def line(code: str, label: str, under: list, texts: list[str]) -> None:
        old = sum((before[leaf.code] for leaf in under), Decimal(0))
        now = basic_and_project(under)
        change = now[0] - old
        rate = f"{change / old * 100:.2f}" if old else ""
        table.row([*texts, rate], [old, *now, change], label, code or None)

    for code, name, under in budget.functions(leaves, (3, 5, 7)):
        line(code, name, under, [code, "\u3000" * ((len(code) - 3) // 2) + name])
    line("", "合计", list(leaves), ["合计", ""])
    return table


def basic(document: Disclosure, budget: Budget) -> Table:
    table = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表",
        heads(f"部门预算支出经济分类科目>2 {document.year}年基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"})],
        dims={"fund_source": "general-public-budget"}, number="公开06表",
    )  # fmt: skip
    economic_rows(table, budget, indent="\u3000", totals="last", total_in="code")
    return table


def three_public(document: Disclosure, budget: Budget) -> Table:
    """Two years side by side, six columns each, one row."""
    items = (
        "three-public",
        "overseas-travel",
        "vehicles",
        "vehicle-purchase",
        "vehicle-operation",
        "hospitality",
    )
    words = ("合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行费", "公务接待费")
    year = document.year
    half = "合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2"
    low = "小计 公务用车购置费 公务用车运行费"
    table = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads(f"{year - 1}年预算数>6 {year}年预算数>6", f"{half} {half}", f"{low} {low}"),
        [Column(w, {"item": i}, "approved", back) for back in (1, 0) for w, i in zip(words, items, strict=True)],
        number="公开07表",
    )  # fmt: skip
    values = [*three_public_row(budget, budget.near), *three_public_row(budget)]
    table.add(*(Amount(value, "") for value in values))
    return table


def special(
    budget: Budget, kind: str, title: str, over: str, source: str, number: str, name: str
) -> Table:
    """The fund and the state capital table, which may be empty."""
    table = Table(
        kind, title, heads(f"科目编码v2 科目名称v2 {over}>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")],
        dims={"fund_source": SOURCES[source]}, number=number,
    )  # fmt: skip
    if budget.of(source):
        function_rows(table, budget, budget.of(source), basic_and_project, indent="\u3000", totals="last",
                      total_in="code")  # fmt: skip
    else:
        no_data(table, name + "拨款")
        table.body.append(("合计", "", "", "", ""))
    return table


def nine_tables(document: Disclosure, budget: Budget) -> list[Table]:
    return [
        summary(document, budget), revenue(document, budget), expenditure(document, budget),
        fiscal(document, budget), general(document, budget), basic(document, budget),
        three_public(document, budget),
        special(budget, "government-fund-expenditure", "政府性基金预算支出表",
                f"{document.year}年政府性基金预算支出", "fund", "公开08表", "政府性基金预算"),
        special(budget, "state-capital-expenditure", "国有资本经营预算支出表",
                f"{document.year}年国有资本经营预算支出", "capital", "公开09表", "国有资本经营预算"),
    ]  # fmt: skip


def ministry() -> Disclosure:
    """A central body in 2024: nine tables, 万元 with two decimals, blanks for zero."""
    document = Disclosure(
        "ministry", "国家沙洲水务局", 2024, "approved", Style(one_line_caption=True)
    )
    budget = make_budget(1, "water", "100", fund=False, capital=True, business=True)
    cover(document, nine_tables(document, budget))
    narrative(document, budget)
    return document


def provincial_yuan() -> Disclosure:
    """The same tables in 元 with separators and printed zeros, captions inside the grid."""
    style = Style(unit=1, thousands=True, zero="0", caption_inside=True)
    document = Disclosure("provincial-yuan", "陕西省青原县水务局", 2023, "approved", style)
    budget = make_budget(2, "water", "0.01", fund=True)
    cover(document, nine_tables(document, budget))
    narrative(document, budget)
    return document


LAYOUTS = {"ministry": ministry, "provincial-yuan": provincial_yuan}
