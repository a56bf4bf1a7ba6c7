"""Gansu, Guangxi and Liaoning: documents with many small oddities at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Leaf, make_budget
from benchmarks.layouts.layouts.north import FUND, GPB, of_source
from benchmarks.layouts.model import Cell, Column, Disclosure, Style, Table, heads
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


def gansu() -> Disclosure:
    """Blank rows and columns in the grid, slashes for zero, remarks as last rows, 合计 with wide blanks."""
    style = Style(
        decimals=2,
        zero="/",
        thousands=True,
        one_line_caption=True,
        negative="−",
        cut_text=True,
        page_rows=12,
    )
    document = Disclosure("gansu", "甘肃省陇渠县体育局", 2023, "approved", style)
    budget = make_budget(61, "sport", "100", fund=True, carry=True, vehicle_purchase=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda x: x.total), budget.sum(lambda x: x.carry)
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    one = Table(
        "revenue-expenditure-summary", "2023年部门收支总体情况表", heads("收　　入>2 支　　出>2", "项　　目 预算数 项　　目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="表一",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", fund, "government-fund"),
        income("三、国有资本经营预算拨款收入", ZERO), income("四、其他收入", Decimal(52_300), "other-income"),
        income("五、调减收入", Decimal(-52_300)), ["", ""],
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    right += [["", ""]] * (len(left) - len(right))
    side_by_side(
        one, [*left, income("本年收入合计", whole - carry), ["", ""], income("上年结转", carry, "carry-over"), income("收入总计", whole)],
        [*right, spent("本年支出合计", whole), ["", ""], spent("年终结转", ZERO), spent("支出总计", whole)],
    )  # fmt: skip
    two = Table(
        "expenditure-summary", "2023年部门支出总体情况表", heads("科目编码 科目名称 合计 基本支出 项目支出 备注"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), ""], number="表三",
    )  # fmt: skip
    two.row(["", "合　　　计", ""], basic_and_project(every), "合计")
    for code, name, u in budget.functions(every, (3, 5, 7)):
        two.row(
            [
                code,
                "　" * (len(code) - 3) + name,
                "含上年结转" if total(u, lambda x: x.carry) else "",
            ],
            basic_and_project(u),
            name,
            code,
        )
        if len(code) == 3:
            two.add(*[""] * 6)  # a blank row that separates nothing
    three = Table(
        "general-budget-expenditure", "2023年一般公共预算支出情况表",
        heads("功能分类科目>2 2023年预算>3 备注v2", "科目编码 科目名称 合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), ""], dims=GPB, number="表五",
    )  # fmt: skip
    function_rows(three, budget, budget.of("gpb"), basic_and_project, codes="indented", indent="　", totals="last", after=("",),
                  total_label="合计", total_in="code")  # fmt: skip
    three.add(
        Cell("注：1.本表按功能分类科目列示；2.金额单位为万元，四舍五入保留2位小数。", 6),
        None,
        None,
        None,
        None,
        None,
    )
    four = Table(
        "general-budget-basic-expenditure", "2023年一般公共预算基本支出情况表",
        heads("经济分类科目>2 基本支出>3", "科目编码 科目名称 小计 人员经费 公用经费"),
        ["", "", Column("小计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表六",
    )  # fmt: skip
    economic_rows(four, budget, indent="　　", totals="last", total_in="code")
    five = Table(
        "three-public-expenses", "2023年“三公”经费、会议费、培训费支出情况表",
        heads("单位名称v3 “三公”经费>6 会议费v3 培训费v3", "合计v2 因公出国（境）费用v2 公务用车购置和运行维护费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行维护费"),
        ["", *(Column(h, {"item": i}) for h, i in (
            ("合计", "three-public"), ("因公出国（境）费用", "overseas-travel"), ("小计", "vehicles"), ("公务用车购置费", "vehicle-purchase"),
            ("公务用车运行维护费", "vehicle-operation"), ("公务接待费", "hospitality"), ("会议费", "meetings"), ("培训费", "training")))],
        number="表七",
    )  # fmt: skip
    values = [*three_public_row(budget), Decimal(36_000), budget.economic["30216"]]
    five.row(["合　　计"], values, "合计")
    five.row([document.name], values, document.name)
    six = Table(
        "government-fund-expenditure", "2023年政府性基金预算支出情况表", heads("科目编码 科目名称 合计 基本支出 项目支出 备注"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), ""], dims=FUND, number="表八",
    )  # fmt: skip
    function_rows(
        six,
        budget,
        budget.of("fund"),
        basic_and_project,
        totals="last",
        total_in="code",
        after=("",),
    )
    seven = Table(
        "operating-expenses", "2023年部门管理转移支付和机关运行经费情况表", heads("项目名称 金额"), ["", Column("金额")], number="表九", loose=True,
    )  # fmt: skip
    seven.kind = ".*"
    seven.row(["合计"], [budget.economic_sum("302")], "合计")
    seven.row(["机关运行经费"], [budget.economic_sum("302")], "机关运行经费")
    cover(document, [one, two, three, four, five, six, seven])
    narrative(document, budget)
    return document


def guangxi() -> Disclosure:
    """The narrative first, with figures and table names in it; the tables at the end, in 元, some in 万元."""
    style = Style(unit=1, decimals=2, zero="0", caption_inside=True, cut_text=True)
    document = Disclosure(
        "guangxi", "广西壮族自治区桂岭县水务局", 2022, "approved", style, body_word="单位"
    )
    budget = make_budget(62, "water", "0.01", fund=False, carry=False, vehicle_purchase=True)
    every = list(budget.leaves)
    whole = budget.sum(lambda x: x.total)
    one = Table(
        "revenue-expenditure-summary", "单位收支总体情况表", heads("收入>2 支出>2", "项目 金额（元） 项目 金额（元）"),
        ["", Column("金额（元）"), "", Column("金额（元）")], number="附表1",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款", whole, "general-public-budget"), income("二、政府性基金预算拨款", ZERO, "government-fund"),
        income("三、国有资本经营预算拨款", ZERO, "state-capital"), income("四、财政专户管理资金", ZERO, "fiscal-account"), income("五、单位资金", ZERO),
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    side_by_side(one, [*left, income("本年收入合计", whole), income("上年结转结余", ZERO, "carry-over"), income("收入总计", whole)],
                 [*right, spent("本年支出合计", whole), spent("结转下年", ZERO), spent("支出总计", whole)])  # fmt: skip
    two = Table(
        "expenditure-summary", "单位支出总体情况表", heads("功能分类科目编码 功能分类科目名称 合计（元） 基本支出（元） 项目支出（元）"),
        ["", "", Column("合计（元）"), Column("基本支出（元）", BASIC), Column("项目支出（元）", PROJECT)], number="附表3",
    )  # fmt: skip
    function_rows(two, budget, every, basic_and_project, totals="first", total_in="code")
    three = Table(
        "general-budget-expenditure", "一般公共预算支出情况表", heads("科目编码>3 科目名称v2 总计v2 基本支出>3 项目支出v2", "类 款 项 小计 人员经费 公用经费"),
        ["", "", "", "", Column("总计"), Column("小计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC), Column("项目支出", PROJECT)],
        dims=GPB, number="附表5",
    )  # fmt: skip

    def five_parts(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "basic", "personnel", "public", "project")

    function_rows(three, budget, every, five_parts, codes="split", totals="first")
    four = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出情况表",
        heads("部门预算经济分类>3 政府预算经济分类>3 一般公共预算基本支出>3", "类 款 科目名称 类 款 科目名称 合计 人员经费 公用经费"),
        ["", "", "", "", "", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="附表6",
    )  # fmt: skip
    basic = [budget.economic_sum(), budget.economic_sum("301") + budget.economic_sum("303")]
    four.row(["", "", "合计", "", "", ""], [basic[0], basic[1], basic[0] - basic[1]], "合计")
    for code in sorted(budget.economic):
        value, own = budget.economic[code], budget.is_personnel(code)
        other = ["501", "01", "工资奖金津补贴"] if own else ["502", "01", "办公经费"]
        four.row(
            [code[:3], code[3:], ECONOMIC[code], *other],
            [value, value if own else ZERO, ZERO if own else value],
            ECONOMIC[code],
            code,
        )
    five = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出情况表",
        heads("项目 2021年预算数 2022年预算数 增减额 增减比例"), ["", Column("2021年预算数", previous=1), Column("2022年预算数"), Column("增减额", optional=True), ""],
        number="附表7", unit=10_000,
    )  # fmt: skip
    budget_values = three_public_row(budget, lambda v: (v / 100).to_integral_value() * 100)
    for label, now, item in zip(
        ("合计", "（一）因公出国（境）费", "（二）公务用车购置及运行费", "其中：1.公务用车购置费", "2.公务用车运行费", "（三）公务接待费"),
        budget_values, ("three-public", "overseas-travel", "vehicles", "vehicle-purchase", "vehicle-operation", "hospitality"), strict=True,
    ):  # fmt: skip
        five.row([label, "0.00%" if now else "—"], [now, now, ZERO], label, item=item)
    six = Table(
        "government-fund-expenditure", "政府性基金预算支出情况表", heads("科目编码v2 科目名称v2 本年政府性基金预算支出>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="附表8",
    )  # fmt: skip
    no_data(
        six,
        "",
        blank_rows=3,
        note="注：桂岭县水务局2022年没有使用政府性基金预算拨款安排的支出，故本表无数据。",
    )
    tables = [one, two, three, four, five, six]
    document.blocks += [
        f"# {document.name}", f"# {document.year}年单位预算公开", "# 目  录",
        "第一部分 单位概况………………1", "第二部分 单位预算情况说明………………3", "第三部分 单位预算公开表………………8",
        *(f"{t.number}  {t.title}………………{8 + i}" for i, t in enumerate(tables)),
        "## 第一部分 单位概况", "一、主要职能：贯彻执行国家有关水务工作的方针政策。",
        "## 第二部分 单位预算情况说明",
        f"一、收支预算总体情况。2022年收支总预算{whole / 10_000:.2f}万元（详见附表1《单位收支总体情况表》）。",
        f"二、支出预算情况。2022年支出预算{whole / 10_000:.2f}万元，其中：基本支出{budget.sum(lambda x: x.basic) / 10_000:.2f}万元，"
        f"项目支出{budget.sum(lambda x: x.project) / 10_000:.2f}万元（详见附表3《单位支出总体情况表》）。",
        "三、机构人员情况。编制56人，实有在职人员52人，离退休人员31人；公务用车3辆。",
        "## 第三部分 单位预算公开表",
    ]  # fmt: skip
    document.blocks += tables
    return document


def liaoning() -> Disclosure:
    """千元, whole numbers, totals first in the code column, names of units with indents, last year in rows."""
    style = Style(
        unit=1_000,
        decimals=1,
        zero="",
        one_line_caption=False,
        sheet_numbers=True,
        repeat_head=False,
    )
    document = Disclosure("liaoning", "辽宁省凌河县交通运输局", 2020, "approved", style)
    budget = make_budget(63, "road", "100", fund=True, business=True, carry=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda x: x.total), budget.sum(lambda x: x.carry)
    one = Table(
        "revenue-expenditure-summary", "2020年部门收支预算总表",
        heads("收入>2 支出>2", "项目 2020年预算 项目 2020年预算"), ["", Column("2020年预算"), "", Column("2020年预算")], number="表1",
    )  # fmt: skip
    left = [
        income("一、财政拨款收入", of_source(every, "gpb"), "fiscal-appropriation"), income("二、纳入预算管理的政府性基金收入", of_source(every, "fund")),
        income("三、纳入专户管理的行政事业性收费", None), income("四、事业收入", of_source(every, "business"), "business-income"),
        income("五、其他收入", of_source(every, "other"), "other-income"), income("六、上年结转", carry, "carry-over"),
    ]  # fmt: skip
    right = [
        spent("一、基本支出", budget.sum(lambda x: x.basic)), spent("（一）工资福利支出", budget.sum(lambda x: x.personnel)),
        spent("（二）商品和服务支出", budget.sum(lambda x: x.public)), spent("二、项目支出", budget.sum(lambda x: x.project)), ["", ""], ["", ""],
    ]  # fmt: skip
    side_by_side(one, [*left, income("收入合计", whole)], [*right, spent("支出合计", whole)])
    two = Table(
        "revenue-summary", "2020年部门收入预算总表",
        heads("单位名称 收入合计 财政拨款收入 政府性基金收入 事业收入 其他收入 上年结转"),
        ["", Column("收入合计"), Column("财政拨款收入", {"fund_source": "fiscal-appropriation"}), Column("政府性基金收入", FUND),
         Column("事业收入", {"fund_source": "business-income"}), Column("其他收入", {"fund_source": "other-income"}),
         Column("上年结转", {"fund_source": "carry-over"})], direction="revenue", number="表2",
    )  # fmt: skip
    parts = [whole, *(of_source(every, s) for s in ("gpb", "fund", "business", "other")), carry]
    for name in ("合计", document.name, f"  {document.name}本级"):
        two.row([name], parts, name.strip())
    three = Table(
        "expenditure-summary", "2020年部门支出预算总表",
        heads("功能科目>4 支出合计v2 基本支出v2 项目支出v2", "类 款 项 科目名称"),
        ["", "", "", "", *amounts_of("支出合计", "基本支出", "项目支出")], number="表3",
    )  # fmt: skip
    function_rows(
        three, budget, every, basic_and_project, codes="split", totals="first", indent="  "
    )
    four = Table(
        "general-budget-expenditure", "2020年一般公共预算支出预算表", heads("科目编码 科目（单位）名称 合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=GPB, number="表5",
    )  # fmt: skip
    function_rows(
        four,
        budget,
        budget.of("gpb"),
        basic_and_project,
        totals="first",
        total_in="code",
        indent="  ",
    )
    five = Table(
        "general-budget-basic-expenditure", "2020年一般公共预算基本支出预算表",
        heads("经济分类科目编码 经济分类科目名称 合计 人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(five, budget, totals="first", total_in="name", indent="  ")
    six = Table(
        "three-public-expenses", "2020年“三公”经费预算表", heads("年度v2 “三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"),
        ["", *(Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）费", "overseas-travel"), ("小计", "vehicles"),
            ("公务用车购置费", "vehicle-purchase"), ("公务用车运行费", "vehicle-operation"), ("公务接待费", "hospitality")))], number="表7",
    )  # fmt: skip
    six.row(["2020年预算"], three_public_row(budget), "")
    cover(document, [one, two, three, four, five, six])
    narrative(document, budget)
    return document


LAYOUTS = {"gansu": gansu, "guangxi": guangxi, "liaoning": liaoning}
