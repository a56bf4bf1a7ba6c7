"""Guangdong, Hunan and Hubei."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Budget, Leaf, make_budget
from benchmarks.layouts.layouts.north import CAPITAL, FUND, GPB, of_source
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

GOVERNMENT = {
    "30101": "[50101]工资奖金津补贴", "30102": "[50101]工资奖金津补贴", "30103": "[50101]工资奖金津补贴",
    "30108": "[50102]社会保障缴费", "30109": "[50102]社会保障缴费", "30110": "[50102]社会保障缴费",
    "30113": "[50103]住房公积金", "30302": "[50905]离退休费", "30305": "[50901]社会福利和救助",
    "31002": "[50306]设备购置", "30216": "[50203]培训费", "30217": "[50206]公务接待费",
    "30231": "[50208]公务用车运行维护费", "30299": "[50299]其他商品和服务支出",
}  # fmt: skip


def guangdong() -> Disclosure:
    """Guangdong: vertical lists, codes in brackets before the names, both economic classifications."""
    style = Style(zero="0", one_line_caption=False)
    document = Disclosure("guangdong", "广东省云溪县水务局", 2024, "approved", style)
    budget = make_budget(21, "water", "100", fund=True, carry=False)
    every = list(budget.leaves)
    whole = budget.sum(lambda leaf: leaf.total)
    heading = "2024年预算"
    one = Table(
        "revenue-expenditure-summary", "收支总体情况表",
        heads("收入>2 支出>2", f"项目 {heading} 项目 {heading}"),
        ["", Column(heading), "", Column(heading)], number="表1",
    )  # fmt: skip
    zero = Decimal(0)
    sources = [
        income("一、一般公共预算拨款", of_source(every, "gpb"), "general-public-budget"),
        income("二、政府性基金预算拨款", of_source(every, "fund"), "government-fund"),
        income("三、国有资本经营预算拨款", zero, "state-capital"),
        income("四、财政专户拨款", zero), income("五、其他资金", zero, "other-income"),
    ]  # fmt: skip
    left = [*sources, *[["", ""]] * 2]
    right = by_class(budget, every)
    right += [["", ""]] * (len(left) - len(right))
    left += [income("本年收入合计", whole), income("六、上级补助收入", zero), income("七、上年结转", zero, "carry-over"),
             income("收入总计", whole)]  # fmt: skip
    right += [
        spent("本年支出合计", whole),
        spent("对附属单位补助支出", zero),
        spent("结转下年", zero),
        spent("支出总计", whole),
    ]
    side_by_side(one, left, right)
    two = Table("revenue-summary", "收入总体情况表", heads(f"项目 {heading}"), ["", Column(heading)],
                direction="revenue", number="表2")  # fmt: skip
    for cells in [
        *sources,
        income("本年收入合计", whole),
        income("七、上年结转", zero, "carry-over"),
        income("收入总计", whole),
    ]:
        two.add(*cells)
    three = Table(
        "expenditure-summary",
        "支出总体情况表",
        heads(f"项目 {heading}"),
        ["", Column(heading)],
        number="表3",
    )
    e = budget.economic_sum
    for label, value in (
        ("一、基本支出", e()), ("工资福利支出", e("301")), ("商品和服务支出", e("302")),
        ("对个人和家庭的补助", e("303")), ("资本性支出", e("310")), ("二、项目支出", whole - e()),
        ("本年支出合计", whole), ("三、结转下年", zero), ("支出总计", whole),
    ):  # fmt: skip
        three.row([label], [value], label)
    four = Table(
        "fiscal-appropriation-summary", "财政拨款收支总体情况表",
        heads("收入>2 支出>2", f"项目 {heading} 项目 {heading}"),
        ["", Column(heading), "", Column(heading)], number="表4",
    )  # fmt: skip
    left = [*sources[:3], *[["", ""]] * 4]
    right = by_class(budget, every)
    right += [["", ""]] * (len(left) - len(right))
    left = left[: len(right)] + [["", ""]] * (len(right) - len(left))
    side_by_side(four, [*left, income("本年收入合计", whole), income("收入总计", whole)],
                 [*right, spent("本年支出合计", whole), spent("支出总计", whole)])  # fmt: skip
    five = Table(
        "general-budget-expenditure", "一般公共预算支出情况表（按功能分类科目）",
        heads("功能科目名称v2 一般公共预算支出>3", "小计 基本支出 项目支出"),
        ["", *amounts_of("小计", "基本支出", "项目支出")], dims=GPB, number="表5",
    )  # fmt: skip
    five.row(["合计"], basic_and_project(budget.of("gpb")), "合计")
    for code, name, u in budget.functions(budget.of("gpb"), (3, 5, 7)):
        five.row([f"[{code}]{name}"], basic_and_project(u), name, code)
    six = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出情况表（按支出经济分类科目）",
        heads(f"部门预算支出经济科目编码及名称 政府预算支出经济科目编码及名称 {heading}"),
        ["", "", Column(heading, BASIC)], dims=GPB, number="表6",
    )  # fmt: skip
    six.row(["合计", ""], [e()], "合计")
    for code in sorted({c[:3] for c in budget.economic} | set(budget.economic)):
        other = GOVERNMENT.get(code, "[50201]办公经费") if len(code) == 5 else ""
        six.row([f"[{code}]{ECONOMIC[code]}", other], [e(code)], ECONOMIC[code], code)
    seven = Table(
        "three-public-expenses", "财政拨款安排的行政经费及“三公”经费预算表",
        heads(f"项目 {heading}"), ["", Column(heading)], number="表7",
    )  # fmt: skip
    tp, overseas, cars, purchase, running, meals = three_public_row(budget)
    for label, value, item in (
        ("行政经费", e("302"), ""), ("“三公”经费", tp, "three-public"), ("其中：（一）因公出国（境）支出", overseas, "overseas-travel"),
        ("（二）公务用车购置及运行维护支出", cars, "vehicles"), ("1.公务用车购置", purchase, "vehicle-purchase"),
        ("2.公务用车运行维护费", running, "vehicle-operation"), ("（三）公务接待费支出", meals, "hospitality"),
    ):  # fmt: skip
        seven.row([label], [value], label, **({"item": item} if item else {}))
    eight = Table(
        "government-fund-expenditure", "政府性基金预算支出情况表",
        heads("功能科目名称v2 政府性基金预算支出>3", "小计 基本支出 项目支出"),
        ["", *amounts_of("小计", "基本支出", "项目支出")], dims=FUND, number="表8",
    )  # fmt: skip
    eight.row(["合计"], basic_and_project(budget.of("fund")), "合计")
    for code, name, u in budget.functions(budget.of("fund"), (3, 5, 7)):
        eight.row([f"[{code}]{name}"], basic_and_project(u), name, code)
    nine = Table(
        "state-capital-expenditure", "国有资本经营预算支出情况表",
        heads("功能科目名称v2 国有资本经营预算支出>3", "小计 基本支出 项目支出"),
        ["", *amounts_of("小计", "基本支出", "项目支出")], dims=CAPITAL, number="表9",
    )  # fmt: skip
    no_data(nine, "", note="注：本表无数据，故为空表。")
    ten = _guangdong_units(
        "部门预算基本支出预算表", "表10",
        [("合计", e())] + [(f"{ECONOMIC[c]}", e(c)) for c in ("301", "302", "303", "310")], document.name,
    )  # fmt: skip
    eleven = _guangdong_units(
        "部门预算项目支出及其他支出预算表", "表11",
        [("合计", whole - e())] + [(name, value) for name, _, value in budget.projects], document.name,
        kind=".*project.*", funds={n for n, leaf, _ in budget.projects if leaf.source == "fund"},
        fund_sum=of_source(every, "fund"),
    )  # fmt: skip
    cover(document, [one, two, three, four, five, six, seven, eight, nine, ten, eleven])
    narrative(document, budget)
    return document


def _guangdong_units(
    title: str, number: str, rows: list[tuple[str, Decimal]], name: str, kind: str = ".*",
    funds: set[str] | None = None, fund_sum: Decimal = Decimal(0),
) -> Table:  # fmt: skip
    """Spending by item with a wide heading of sources."""
    table = Table(
        kind, title,
        heads("支出项目类别（资金使用单位）v2 总计v2 财政拨款>4 财政专户拨款v2 其他资金v2",
              "合计 一般公共预算拨款 政府性基金预算拨款 国有资本经营预算拨款"),
        ["", Column("总计"), Column("合计"), Column("一般公共预算拨款", GPB), Column("政府性基金预算拨款", FUND), "", "", ""],
        number=number, loose=True,
    )  # fmt: skip
    lines = [rows[0], (name, rows[0][1]), *rows[1:]]
    for label, value in lines:
        fund = (
            value if label in (funds or ()) else fund_sum if label in ("合计", name) else Decimal(0)
        )
        table.row([label, "", "", ""], [value, value, value - fund, fund], label)
    return table


def hunan() -> Disclosure:
    """Hunan: four blocks side by side, unit codes among the function rows, economic items as columns."""
    style = Style(decimals=2, zero="", one_line_caption=True, sheet_numbers=False)
    document = Disclosure("hunan", "湖南省湘云县交通运输局", 2023, "approved", style)
    budget = make_budget(22, "road", "100", carry=True, vehicle_purchase=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    e = budget.economic_sum
    one = Table(
        "revenue-expenditure-summary", "收支总表",
        heads("收_入>2 支_出>6",
              "项_目 本年预算 项目（按功能分类） 本年预算 项目（按部门预算经济分类） 本年预算 项目（按政府预算经济分类） 本年预算"),
        ["", Column("本年预算"), "", Column("本年预算"), "", Column("本年预算"), "", Column("本年预算")], number="部门公开表1",
    )  # fmt: skip
    left = [
        income("（一）一般公共预算拨款", whole - carry, "general-public-budget"),
        income("1、经费拨款", whole - carry), income("2、纳入一般公共预算管理的非税收入拨款", None),
        income("（二）政府性基金预算拨款", None), income("（三）国有资本经营预算拨款", None),
        income("（四）财政专户管理资金", None), income("（五）单位资金", None),
    ]  # fmt: skip
    right = by_class(budget, every, brackets=True)
    third = [
        spent("一、基本支出", e()), spent("工资福利支出", e("301")), spent("商品和服务支出", e("302")),
        spent("对个人和家庭的补助", e("303")), spent("资本性支出", e("310")),
        spent("二、项目支出", whole - e()), spent("按项目管理的商品和服务支出", whole - e()),
    ]  # fmt: skip
    fourth = [
        spent("一、机关工资福利支出", e("301")), spent("二、机关商品和服务支出", e("302") + whole - e()),
        spent("三、机关资本性支出（一）", e("310")), spent("四、对个人和家庭的补助", e("303")),
    ]  # fmt: skip
    sides = [left, right, third, fourth]
    height = max(map(len, sides))
    for side in sides:
        side += [["", ""]] * (height - len(side))
    left += [income("本年收入合计", whole - carry), income("上年结转结余", carry, "carry-over"),
             income("收入总计", whole, None, "收 入 总 计")]  # fmt: skip
    for side in sides[1:]:
        side += [spent("本年支出合计", whole, printed="本 年 支 出 合 计"), spent("结转下年", None),
                 spent("支出总计", whole, printed="支 出 总 计")]  # fmt: skip
    side_by_side(one, *sides)
    two = Table(
        "revenue-summary", "收入总表",
        heads("单位代码v2 单位名称v2 合计v2 一般公共预算>3 政府性基金v2 国有资本经营预算v2 财政专户管理资金v2 单位资金v2 上年结转结余v2",
              "小计 经费拨款 纳入一般公共预算管理的非税收入拨款"),
        ["", "", Column("合计"), Column("小计", GPB), Column("经费拨款"), "", "", "", "", "",
         Column("上年结转结余", {"fund_source": "carry-over"})],
        direction="revenue", number="部门公开表2",
    )  # fmt: skip
    for code, name in (("", "合计"), ("305", document.name), ("305001", f"{document.name}机关")):
        two.row([code, name, *[""] * 5], [whole, whole - carry, whole - carry, carry], name)
    three = Table(
        "expenditure-summary", "支出总表",
        heads("科目编码>3 科目名称v2 合计v2 基本支出v2 项目支出v2 事业单位经营支出v2 上缴上级支出v2 对附属单位补助支出v2", "类 款 项"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出"), "", "", ""], number="部门公开表3",
    )  # fmt: skip
    three.row(["", "", "", "合计", "", "", ""], basic_and_project(every), "合计")
    for code, name, u in budget.functions(every, (3, 5, 7)):
        level = (len(code) - 3) // 2
        own = [code[:3], code[3:5], code[5:]][: level + 1]
        cells = [*own, *[""] * (2 - level)]
        three.row([*cells, "　" * level + name, "", "", ""], basic_and_project(u), name, code)
    four = Table(
        ".*", "支出预算分类汇总表（按政府预算经济分类）",
        heads("科目编码>3 单位代码v2 单位名称（功能分类科目）v2 总计v2 机关工资福利支出v2 机关商品和服务支出v2 机关资本性支出（一）v2 对个人和家庭的补助v2", "类 款 项"),
        ["", "", "", "", "", Column("总计"), Column("机关工资福利支出"), Column("机关商品和服务支出"),
         Column("机关资本性支出（一）"), Column("对个人和家庭的补助")],
        number="部门公开表4", loose=True,
    )  # fmt: skip

    def economy(u: Sequence[Leaf]) -> list[Decimal]:
        """Project money is for goods and services, personnel for wages: enough for a table."""
        wages, rest = (
            total(u, lambda leaf: leaf.personnel),
            total(u, lambda leaf: leaf.public + leaf.project),
        )
        return [wages + rest, wages, rest, Decimal(0), Decimal(0)]

    four.row(["", "", "", "", "合计"], economy(every), "合计")
    four.row(["", "", "", "305", document.name], economy(every), document.name)
    four.row(
        ["", "", "", "  305001", "  " + document.name + "机关"],
        economy(every),
        document.name + "机关",
    )
    for code, _, u in budget.functions(every, (7,)):
        four.row(
            [code[:3], code[3:5], code[5:], "    305001", "    " + u[0].name],
            economy(u),
            u[0].name,
            code,
        )
    six = Table(
        "fiscal-appropriation-summary", "财政拨款收支总表",
        heads("收_入>2 支_出>5", "项_目 预算数 项目 合计 一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", Column("预算数"), "", Column("合计"), Column("一般公共预算", GPB), "", ""], number="部门公开表6",
    )  # fmt: skip
    left = [
        income("一、本年收入", whole - carry), income("（一）一般公共预算拨款", whole - carry, "general-public-budget"),
        income("1、经费拨款", whole - carry), income("（二）政府性基金预算拨款", None),
        income("（三）国有资本经营预算拨款", None), income("二、上年结转", carry, "carry-over"),
        income("（一）一般公共预算拨款", carry),
    ]  # fmt: skip
    right = [[*spent("一、本年支出", whole, whole), "", ""]]
    right += [
        [*line, "", ""]
        for line in by_class(
            budget, every, lambda u: [total(u, lambda x: x.total)] * 2, brackets=True
        )
    ]
    right.append(["二、结转下年", "", "", "", ""])
    left += [["", ""]] * (len(right) - len(left))
    right += [["", "", "", "", ""]] * (len(left) - len(right))
    side_by_side(
        six,
        [*left, income("收入总计", whole)],
        [*right, [*spent("支出总计", whole, whole), "", ""]],
    )
    seven = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads("科目编码>3 科目名称v2 合计v2 基本支出>3 项目支出v2", "类 款 项 小计 人员经费 公用经费"),
        ["", "", "", "", Column("合计"), Column("小计", BASIC), Column("人员经费", PERSONNEL),
         Column("公用经费", PUBLIC), Column("项目支出", PROJECT)], dims=GPB, number="部门公开表7",
    )  # fmt: skip

    def five_parts(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "basic", "personnel", "public", "project")

    function_rows(seven, budget, every, five_parts, codes="inherited")
    eight = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表",
        heads("部门预算支出经济分类科目>2 本年一般公共预算基本支出>3", "科目代码 科目名称 合计 人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)],
        dims=GPB, number="部门公开表8",
    )  # fmt: skip
    economic_rows(eight, budget, totals="first", total_in="name")
    nine = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads("单位编码v2 单位名称v2 “三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"),
        ["", "", *(Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）费", "overseas-travel"), ("小计", "vehicles"),
            ("公务用车购置费", "vehicle-purchase"), ("公务用车运行费", "vehicle-operation"), ("公务接待费", "hospitality")))],
        number="部门公开表15",
    )  # fmt: skip
    nine.row(["", "合计"], three_public_row(budget), "合计")
    nine.row(["305", document.name], three_public_row(budget), document.name)
    nine.row(["305001", document.name + "机关"], three_public_row(budget), document.name + "机关")
    ten = Table(
        "government-fund-expenditure", "政府性基金预算支出表",
        heads("科目编码>3 科目名称v2 本年政府性基金预算支出>3", "类 款 项 合计 基本支出 项目支出"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="部门公开表16",
    )  # fmt: skip
    no_data(
        ten, "政府性基金预算拨款", note="注：本部门没有政府性基金预算拨款安排的支出，故本表无数据。"
    )
    cover(document, [one, two, three, four, six, seven, eight, nine, ten])
    narrative(document, budget)
    return document


def hubei() -> Disclosure:
    """Hubei: 元, carried balances by source, units grouped by name, wide project table."""
    style = Style(
        unit=1,
        decimals=2,
        thousands=True,
        zero="",
        one_line_caption=True,
        repeat_head=False,
        cut_text=True,
    )
    document = Disclosure("hubei", "湖北省江渚县水务局", 2024, "approved", style)
    budget = make_budget(23, "water", "0.01", fund=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    now = whole - carry
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    old_gpb = budget.sum(lambda leaf: leaf.carry, "gpb")
    old_fund = budget.sum(lambda leaf: leaf.carry, "fund")
    one = Table(
        "revenue-expenditure-summary", "部门收支总表", heads("收入>2 支出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="表1",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", fund, "government-fund"),
        income("三、国有资本经营预算拨款收入", None), income("四、财政专户管理资金收入", None), income("五、事业收入", None),
        income("六、其他收入", None),
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    side_by_side(
        one, [*left, income("本年收入合计", now), income("上年结转结余", carry, "carry-over"), income("收入总计", whole)],
        [*right, spent("本年支出合计", whole), spent("年终结转结余", None), spent("支出总计", whole)],
    )  # fmt: skip
    two = Table(
        "revenue-summary", "部门收入总表",
        heads("部门（单位）代码v2 部门（单位）名称v2 合计v2 本年收入>5 上年结转结余>4",
              "小计 一般公共预算 政府性基金预算 国有资本经营预算 单位资金 小计 一般公共预算 政府性基金预算 单位资金"),
        ["", "", Column("合计"), Column("本年收入/小计"), Column("本年收入/一般公共预算", GPB),
         Column("本年收入/政府性基金预算", FUND), "", "", Column("上年结转结余/小计"), Column("上年结转结余/一般公共预算"),
         Column("上年结转结余/政府性基金预算"), ""],
        direction="revenue", number="表2",
    )  # fmt: skip
    for code, name in (("", "合计"), ("136", document.name), ("136001", document.name + "本级")):
        two.row([code, name, "", "", ""], [whole, now, gpb, fund, carry, old_gpb, old_fund], name)
    three = Table(
        "expenditure-summary", "部门支出总表", heads("科目编码 科目名称 合计 基本支出 项目支出 事业单位经营支出 上缴上级支出 对附属单位补助支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), "", "", ""], number="表3",
    )  # fmt: skip
    function_rows(
        three,
        budget,
        every,
        basic_and_project,
        codes="indented",
        indent="  ",
        totals="first",
        total_in="code",
        after=("", "", ""),
    )
    five = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads("单位名称v2 科目编码v2 科目名称v2 合计v2 基本支出>3 项目支出v2 备注v2", "小计 人员经费 公用经费"),
        ["", "", "", Column("合计"), Column("小计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC),
         Column("项目支出", PROJECT), ""],
        dims=GPB, number="表5",
    )  # fmt: skip
    _grouped(five, budget, budget.of("gpb"), document.name)
    six = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表",
        heads("部门预算支出经济分类科目>2 本年一般公共预算基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费", "1 2 3=4+5 4 5"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(six, budget, indent="  ", totals="first", total_in="code")
    seven = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads("“三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"),
        [Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）费", "overseas-travel"), ("小计", "vehicles"),
            ("公务用车购置费", "vehicle-purchase"), ("公务用车运行费", "vehicle-operation"), ("公务接待费", "hospitality"))],
        number="表7",
    )  # fmt: skip
    seven.row([], three_public_row(budget), "")
    eight = Table(
        "government-fund-expenditure", "政府性基金预算支出表",
        heads("科目编码v2 科目名称v2 本年政府性基金预算支出>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="表8",
    )  # fmt: skip
    function_rows(
        eight, budget, budget.of("fund"), basic_and_project, totals="first", total_in="code"
    )
    nine = Table(
        ".*project.*", "项目支出表",
        heads("单位名称v2 项目类别v2 项目名称v2 合计v2 本年拨款>3 财政拨款结转结余>2 单位资金v2",
              "一般公共预算 政府性基金预算 国有资本经营预算 一般公共预算 政府性基金预算"),
        ["", "", "", Column("合计"), Column("本年拨款/一般公共预算"), Column("本年拨款/政府性基金预算"), "",
         Column("财政拨款结转结余/一般公共预算"), Column("财政拨款结转结余/政府性基金预算"), ""],
        number="表9", loose=True,
    )  # fmt: skip

    def of_project(leaves: Sequence[Leaf]) -> list[Decimal]:
        a, b = (
            total((x for x in leaves if x.source == s), lambda x: x.project - x.carry)
            for s in ("gpb", "fund")
        )
        c, d = (
            total((x for x in leaves if x.source == s), lambda x: x.carry) for s in ("gpb", "fund")
        )
        return [a + b + c + d, a, b, c, d]

    nine.row(["合计", "", "", "", ""], of_project([leaf for _, leaf, _ in budget.projects]), "合计")
    for name, leaf, _ in budget.projects:
        nine.row([document.name + "本级", "31-部门项目", name, "", ""], of_project([leaf]), name)
    cover(document, [one, two, three, five, six, seven, eight, nine])
    narrative(document, budget)
    return document


def _grouped(table: Table, budget: Budget, leaves: Sequence[Leaf], name: str) -> None:
    """Rows of two units below each other, the unit's name over its rows; then the whole."""

    def parts(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "basic", "personnel", "public", "project")

    table.row(["合计", "", "", ""], parts(leaves), "合计")
    half = len(leaves) // 2
    for unit, own in ((f"{name}本级", leaves[:half]), (f"{name}灌溉站", leaves[half:])):
        rows = budget.functions(own, (7,))
        for index, (code, _, u) in enumerate(rows):
            first = Cell(unit, 1, len(rows)) if index == 0 and len(rows) > 1 else None
            table.row(
                [first, code, u[0].name, "按比例安排" if index == 0 else ""],
                parts(u),
                u[0].name,
                code,
            )


LAYOUTS = {"guangdong": guangdong, "hunan": hunan, "hubei": hubei}
