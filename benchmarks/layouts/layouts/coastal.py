"""Zhejiang, Fujian and, from further inland, Henan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Leaf, make_budget
from benchmarks.layouts.layouts.north import CAPITAL, FUND, GPB, of_source
from benchmarks.layouts.model import Column, Disclosure, Style, Table, heads
from benchmarks.layouts.parts import (
    BASIC,
    PROJECT,
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
    sums,
    three_public_row,
    total,
)

PERSONNEL = {"expenditure_type": "personnel"}
PUBLIC = {"expenditure_type": "public"}
ZERO = Decimal(0)


def zhejiang() -> Disclosure:
    """Zhejiang: printed zeros, revenue by unit and source, last year's figures beside the three public."""
    style = Style(decimals=2, zero="0", one_line_caption=True)
    document = Disclosure("zhejiang", "浙江省兰浦县体育局", 2025, "approved", style)
    budget = make_budget(31, "sport", "100", fund=True, business=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    now = whole - carry
    gpb, fund, business, other = (of_source(every, s) for s in ("gpb", "fund", "business", "other"))
    one = Table(
        "revenue-expenditure-summary", "部门收支预算总表", heads("收_入>2 支_出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="表1",
    )  # fmt: skip
    left = [
        income("一、一般公共预算", gpb, "general-public-budget"), income("二、政府性基金预算", fund, "government-fund"),
        income("三、国有资本经营预算", ZERO, "state-capital"), income("四、专户资金", ZERO, "fiscal-account"),
        income("五、事业收入（不含专户资金）", business), income("六、事业单位经营收入", ZERO, "operating-income"),
        income("七、上级补助收入", ZERO, "superior-subsidy"), income("八、附属单位上缴收入", ZERO, "subordinate-remittance"),
        income("九、其他收入", other, "other-income"),
    ]  # fmt: skip
    right = by_class(budget, every)
    right += [["", ""]] * (len(left) - len(right))
    side_by_side(
        one, [*left, income("本年收入合计", now), income("十、上年结转", carry, "carry-over"), income("收入总计", whole)],
        [*right, spent("本年支出合计", whole), spent("结转下年", ZERO), spent("支出总计", whole)],
    )  # fmt: skip
    two = Table(
        "revenue-summary", "部门收入预算总表",
        heads("单位编码v2 单位名称v2 总计v2 一般公共预算v2 政府性基金预算v2 国有资本经营预算v2 专户资金v2 事业收入v2 其他收入v2 上年结转>3",
              "小计 一般公共预算 政府性基金预算"),
        ["", "", Column("总计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND),
         Column("国有资本经营预算", CAPITAL), Column("专户资金", {"fund_source": "fiscal-account"}),
         Column("事业收入", {"fund_source": "business-income"}), Column("其他收入", {"fund_source": "other-income"}),
         Column("上年结转/小计", {"fund_source": "carry-over"}), Column("上年结转/一般公共预算"), Column("上年结转/政府性基金预算")],
        direction="revenue", number="表2",
    )  # fmt: skip
    old = [
        carry,
        budget.sum(lambda leaf: leaf.carry, "gpb"),
        budget.sum(lambda leaf: leaf.carry, "fund"),
    ]
    for code, name in (("", "合计"), ("127001", document.name)):
        two.row([code, name], [whole, gpb, fund, ZERO, ZERO, business, other, *old], name)
    three = Table(
        "expenditure-summary", "部门支出预算总表",
        heads("科目编码v2 科目名称v2 合计v2 基本支出>2 项目支出v2 事业单位经营支出v2 上缴上级支出v2 对附属单位补助支出v2", "人员支出 日常公用支出"),
        ["", "", Column("合计"), Column("人员支出", PERSONNEL), Column("日常公用支出", PUBLIC), Column("项目支出", PROJECT), "", "", ""],
        number="表3",
    )  # fmt: skip

    def four_parts(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "personnel", "public", "project")

    function_rows(
        three, budget, every, four_parts, indent="  ", total_in="code", after=("", "", "")
    )
    four = Table(
        "fiscal-appropriation-summary", "财政拨款收支预算总表",
        heads("收_入>2 支_出>5", "项目 预算数 项目 合计 一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", Column("预算数"), "", Column("合计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND),
         Column("国有资本经营预算", CAPITAL)], number="表4",
    )  # fmt: skip

    def parts(u: Sequence[Leaf]) -> list[Decimal]:
        g, f = (total((x for x in u if x.source == s), lambda x: x.total) for s in ("gpb", "fund"))
        return [g + f, g, f, ZERO]

    own = budget.of("gpb", "fund")
    left = [
        income("一、当年财政拨款收入", gpb + fund), income("（一）一般公共预算", gpb, "general-public-budget"),
        income("（二）政府性基金预算", fund, "government-fund"), income("（三）国有资本经营预算", ZERO),
        income("二、上年结转", carry, "carry-over"),
    ]  # fmt: skip
    right = by_class(budget, own, parts)
    height = max(len(left), len(right))
    left += [["", ""]] * (height - len(left))
    right += [[""] * 5] * (height - len(right))
    side_by_side(
        four,
        [*left, income("收入总计", gpb + fund + carry)],
        [*right, spent("支出总计", *parts(own))],
    )
    five = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads("科目编码v2 科目名称v2 合计v2 基本支出>3 项目支出v2", "小计 人员支出 日常公用支出"),
        ["", "", Column("合计"), Column("小计", BASIC), Column("人员支出", PERSONNEL), Column("日常公用支出", PUBLIC),
         Column("项目支出", PROJECT)], dims=GPB, number="表5",
    )  # fmt: skip
    function_rows(
        five, budget, budget.of("gpb"),
        lambda u: sums(u, "total", "basic", "personnel", "public", "project"),
        indent="  ", total_in="code",
    )  # fmt: skip
    six = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表", heads("经济科目编码 经济科目名称 合计 人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(six, budget, indent="  ", totals="first", total_in="code")
    seven = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads("项目 2024年预算数 2025年预算数 增减额 增减%"),
        ["", Column("2024年预算数", previous=1), Column("2025年预算数"), Column("增减额", optional=True), "%"], number="表7",
    )  # fmt: skip
    for label, before, after, item in zip(
        ("合计", "1．因公出国（境）费用", "2．公务用车购置及运行维护费", "其中：公务用车购置费", "公务用车运行维护费", "3．公务接待费"),
        three_public_row(budget, budget.near), three_public_row(budget),
        ("three-public", "overseas-travel", "vehicles", "vehicle-purchase", "vehicle-operation", "hospitality"), strict=True,
    ):  # fmt: skip
        rate = f"{(after - before) / before * 100:.2f}%" if before else "—"
        seven.row([label, rate], [before, after, after - before], label, item=item)
    eight = Table(
        "government-fund-expenditure", "政府性基金预算支出表", heads("科目编码 科目名称 合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="表8",
    )  # fmt: skip
    function_rows(eight, budget, budget.of("fund"), basic_and_project, total_in="code")
    nine = Table(
        "state-capital-expenditure", "国有资本经营预算支出表", heads("科目编码 科目名称 合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=CAPITAL, number="表9",
    )  # fmt: skip
    no_data(
        nine,
        "国有资本经营预算",
        note="备注：本单位没有国有资本经营预算拨款安排的支出，故本表无数据。",
    )
    ten = Table(
        ".*project.*", "部门项目支出预算表",
        heads("单位名称 项目名称 功能科目名称 合计 一般公共预算 政府性基金预算 单位资金 项目概述"),
        ["", "", "", Column("合计"), Column("一般公共预算"), Column("政府性基金预算"), Column("单位资金"), ""],
        number="表10", loose=True,
    )  # fmt: skip

    def spread(leaves: Sequence[Leaf]) -> list[Decimal]:
        values = [
            total((x for x in leaves if x.source == s), lambda x: x.project)
            for s in ("gpb", "fund", "business")
        ]
        return [sum(values, ZERO), *values]

    ten.row(["合计", "", "", ""], spread([leaf for _, leaf, _ in budget.projects]), "合计")
    for name, leaf, _ in budget.projects:
        ten.row(
            [document.name, name, leaf.name, "根据年度计划，开展12项工作，服务群众约3500人次。"],
            spread([leaf]),
            name,
        )
    cover(document, [one, two, three, four, five, six, seven, eight, nine, ten])
    narrative(document, budget)
    return document


def fujian() -> Disclosure:
    """Fujian: captions in the grid, dashes, economic items by basic and project, units in headings."""
    style = Style(
        decimals=2, zero="—", caption_inside=True, one_line_caption=True, sheet_per_table=False
    )
    document = Disclosure("fujian", "福建省闽屿县水务局", 2023, "approved", style)
    budget = make_budget(32, "water", "100", fund=True, carry=False)
    every = list(budget.leaves)
    whole = budget.sum(lambda leaf: leaf.total)
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    one = Table(
        "revenue-expenditure-summary", f"{document.year}年度收支预算总表", heads("收入>2 支出>2", "收入项目类别 预算数 支出项目类别 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="附表1",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", fund, "government-fund"),
        income("三、国有资本经营预算拨款收入", ZERO), income("四、财政专户管理资金收入", ZERO), income("五、单位资金收入", ZERO),
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    side_by_side(
        one, [*left, income("本年收入合计", whole), income("上年结转结余", ZERO), income("收入合计", whole)],
        [*right, spent("本年支出合计", whole), spent("结转下年", ZERO), spent("支出合计", whole)],
    )  # fmt: skip
    two = Table(
        "revenue-summary", f"{document.year}年度收入预算总表",
        heads("科目编码 科目名称 总计 上年结转结余 一般公共预算拨款收入 政府性基金预算拨款收入 国有资本经营预算拨款收入 单位资金收入 备注"),
        ["", "", Column("总计"), "", Column("一般公共预算拨款收入", GPB), Column("政府性基金预算拨款收入", FUND), "", "", ""],
        direction="revenue", number="附表2",
    )  # fmt: skip
    function_rows(
        two, budget, every, lambda u: [of_source(u, "gpb") + of_source(u, "fund"), of_source(u, "gpb"), of_source(u, "fund")],
        before=(), after=("", "", "", ""), total_in="code", totals="last", levels=(3, 5, 7),
    )  # fmt: skip
    three = Table(
        "expenditure-summary", f"{document.year}年度支出预算总表", heads("科目编码 科目名称 合计 基本支出 项目支出 备注"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), ""], number="附表3",
    )  # fmt: skip
    function_rows(
        three, budget, every, basic_and_project, total_in="code", totals="last", after=("",)
    )
    five = Table(
        "general-budget-expenditure", f"{document.year}年度一般公共预算拨款支出预算表", heads("科目编码v2 科目名称v2 合计v2 其中：>2", "基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=GPB, number="附表5",
    )  # fmt: skip
    function_rows(five, budget, budget.of("gpb"), basic_and_project, total_in="code", totals="last")
    six = Table(
        "government-fund-expenditure", f"{document.year}年度政府性基金预算拨款支出预算表", heads("科目编码v2 科目名称v2 合计v2 其中：>2", "基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="附表6",
    )  # fmt: skip
    function_rows(six, budget, budget.of("fund"), basic_and_project, total_in="code", totals="last")
    seven = Table(
        ".*", f"{document.year}年度一般公共预算支出经济分类情况表", heads("科目编码v2 科目名称v2 合计v2 其中：>2", "基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=GPB, number="附表8", loose=True,
    )  # fmt: skip
    project = budget.sum(lambda leaf: leaf.project, "gpb")
    seven.row(
        ["合计", ""], [budget.economic_sum() + project, budget.economic_sum(), project], "合计"
    )
    for code in ("301", "302", "303", "310"):
        own = project if code == "302" else ZERO
        seven.row(
            [code, ECONOMIC[code]],
            [budget.economic_sum(code) + own, budget.economic_sum(code), own],
            ECONOMIC[code],
            code,
        )
    eight = Table(
        "general-budget-basic-expenditure", f"{document.year}年度一般公共预算基本支出经济分类情况表",
        heads("科目编码v2 科目名称v2 合计v2 其中：>2", "人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="附表9",
    )  # fmt: skip
    economic_rows(eight, budget, total_in="code", totals="last")
    nine = Table(
        "three-public-expenses", f"{document.year}年度一般公共预算“三公”经费支出预算表", heads("项目 当年预算数"),
        ["", Column("当年预算数")], number="附表10",
    )  # fmt: skip
    for label, value, item in zip(
        ("合计", "1、因公出国（境）经费", "2、公务接待费", "3、公务用车费", "其中：（1）公务用车运行费", "（2）公务用车购置费"),
        (budget.three_public, budget.overseas, budget.hospitality, budget.vehicles + budget.purchase, budget.vehicles, budget.purchase),
        ("three-public", "overseas-travel", "hospitality", "vehicles", "vehicle-operation", "vehicle-purchase"), strict=True,
    ):  # fmt: skip
        nine.row([label], [value], label, item=item)
    ten = Table(
        ".*procurement.*", f"{document.year}年度政府采购预算表", heads("采购项目 采购目录 数量 单价（元） 金额（元）"),
        ["", "", "", "", Column("金额（元）", unit=1)], number="附表11",
    )  # fmt: skip
    for label, count, price in (("台式计算机", 12, 4800), ("激光打印机", 5, 1560)):
        ten.row([label, "A02010105", str(count), f"{price:.2f}"], [Decimal(count * price)], label)
    ten.row(["合计", "", "17", ""], [Decimal(12 * 4800 + 5 * 1560)], "合计")
    cover(document, [one, two, three, five, six, seven, eight, nine, ten])
    narrative(document, budget)
    return document


def henan() -> Disclosure:
    """Henan: one decimal, sources as columns of the spending side, 其中 columns, small levels only."""
    style = Style(decimals=1, zero="", one_line_caption=True)
    document = Disclosure(
        "henan", "河南省洛禾县交通运输局", 2020, "approved", style, body_word="部门"
    )
    budget = make_budget(33, "road", "1000", fund=True, carry=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    one = Table(
        "revenue-expenditure-summary", "收支预算总表",
        heads("收_入>2 支_出>5", "项_目v2 金_额v2 项_目v2 合计v2 本年支出>2 上年结转v2", "一般公共预算 政府性基金"),
        ["", Column("金额"), "", Column("合计"), Column("一般公共预算", GPB), Column("政府性基金", FUND), Column("上年结转", {"fund_source": "carry-over"})],
        number="预算01表",
    )  # fmt: skip

    def parts(u: Sequence[Leaf], measure: str = "total") -> list[Decimal]:
        g, f = of_source(u, "gpb"), of_source(u, "fund")
        c = total(u, lambda x: x.carry)
        return [g + f + c, g, f, c]

    def some(part: str) -> list[Decimal]:
        """Sources of one kind of spending; carried money is project money."""
        g, f = (
            total((x for x in every if x.source == s), lambda x: getattr(x, part))
            for s in ("gpb", "fund")
        )
        if part == "project":
            old = [budget.sum(lambda leaf: leaf.carry, s) for s in ("gpb", "fund")]
            return [g + f, g - old[0], f - old[1], sum(old)]
        return [g + f, g, f, ZERO]

    left = [
        income("一、财政拨款", gpb, "fiscal-appropriation"), income("二、政府性基金", fund, "government-fund"),
        income("三、专户管理的教育收费", None), income("四、其他各项收入", None),
        income("本年收入小计", gpb + fund), income("加：上年结转", carry, "carry-over"),
        income("收入合计", whole, None, "收 入 合 计"),
    ]  # fmt: skip
    right = [
        spent("一、基本支出", *some("basic")), spent("1、工资福利支出", *some("personnel")),
        spent("2、商品和服务支出", *some("public")), spent("二、项目支出", *some("project")),
        ["", "", "", "", ""], ["", "", "", "", ""], spent("支出合计", *parts(every), printed="支 出 合 计"),
    ]  # fmt: skip
    side_by_side(one, left, right)
    two = Table(
        "expenditure-summary", "支出预算总表",
        heads("科目编码>3 单位（科目名称）v2 总计v2 基本支出>3 项目支出>2", "类 款 项 小计 工资福利支出 商品和服务支出 小计 其中：专项资金"),
        ["", "", "", "", Column("总计"), Column("基本支出/小计", BASIC), Column("工资福利支出"), Column("商品和服务支出"),
         Column("项目支出/小计", PROJECT), ""],
        number="预算03表",
    )  # fmt: skip

    def five_parts(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "basic", "personnel", "public", "project")

    two.row(["", "", "", "合计", ""], five_parts(every), "合计")
    two.row(["", "", "", document.name, ""], five_parts(every), document.name)
    for code, _, u in budget.functions(every, (7,)):
        two.row([code[:3], code[3:5], code[5:], u[0].name, ""], five_parts(u), u[0].name, code)
    three = Table(
        "general-budget-expenditure", "一般公共预算支出预算表",
        heads("科目编码>3 科目名称v2 总计v2 基本支出v2 项目支出v2", "类 款 项"),
        ["", "", "", "", *amounts_of("总计", "基本支出", "项目支出")], dims=GPB, number="预算05表",
    )  # fmt: skip
    function_rows(
        three,
        budget,
        budget.of("gpb"),
        basic_and_project,
        codes="split",
        levels=(7,),
        totals="first",
    )
    four = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出预算表",
        heads("部门预算支出经济分类科目>3 政府预算支出经济分类科目>3 金额v2", "类 款 科目名称 类 款 科目名称"),
        ["", "", "", "", "", "", Column("金额", BASIC)], dims=GPB, number="预算06表",
    )  # fmt: skip
    four.row(["", "", "合计", "", "", ""], [budget.economic_sum()], "合计")
    for code in sorted(budget.economic):
        other = (
            ("501", "01", "工资奖金津补贴")
            if budget.is_personnel(code)
            else ("502", "01", "办公经费")
        )
        four.row(
            [code[:3], code[3:], ECONOMIC[code], *other],
            [budget.economic[code]],
            ECONOMIC[code],
            code,
        )
    five = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出情况表", heads("项_目 2020年“三公”经费预算数"),
        ["", Column("2020年“三公”经费预算数")], number="预算07表",
    )  # fmt: skip
    for label, value, item in zip(
        ("共计", "1、因公出国（境）费用", "2、公务接待费", "3、公务用车费", "其中：（1）公务用车运行维护费", "（2）公务用车购置"),
        (budget.three_public, budget.overseas, budget.hospitality, budget.vehicles + budget.purchase, budget.vehicles, budget.purchase),
        ("three-public", "overseas-travel", "hospitality", "vehicles", "vehicle-operation", "vehicle-purchase"), strict=True,
    ):  # fmt: skip
        five.row([label], [value or None], label, item=item)
    five.notes.append(
        "注：按照有关规定，“三公”经费包括因公出国（境）费、公务用车购置及运行费和公务接待费。"
    )
    six = Table(
        "government-fund-expenditure", "政府性基金预算支出情况表",
        heads("科目编码>3 单位（科目名称）v2 总计v2 基本支出v2 项目支出v2", "类 款 项"),
        ["", "", "", "", *amounts_of("总计", "基本支出", "项目支出")], dims=FUND, number="预算08表",
    )  # fmt: skip
    function_rows(
        six,
        budget,
        budget.of("fund"),
        basic_and_project,
        codes="split",
        levels=(7,),
        totals="first",
    )
    cover(document, [one, two, three, four, five, six])
    narrative(document, budget)
    return document


LAYOUTS = {"zhejiang": zhejiang, "fujian": fujian, "henan": henan}
