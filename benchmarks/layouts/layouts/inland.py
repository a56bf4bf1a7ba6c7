"""Sichuan, Chongqing, Yunnan and Guizhou."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Leaf, make_budget
from benchmarks.layouts.layouts.north import CAPITAL, FUND, GPB, of_source
from benchmarks.layouts.model import Amount, Column, Disclosure, Style, Table, heads
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


def sichuan() -> Disclosure:
    """Sichuan: 表1, 表1-1 … , 元, unit codes in a column of their own, sub-tables of the three public."""
    style = Style(
        unit=1,
        decimals=2,
        thousands=True,
        zero="",
        one_line_caption=True,
        repeat_head=False,
        cut_text=True,
    )
    document = Disclosure("sichuan", "四川省岷溪县水务局", 2024, "approved", style)
    budget = make_budget(41, "water", "0.01", fund=True, carry=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    now = whole - carry
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    one = Table(
        "revenue-expenditure-summary", "部门收支总表", heads("收_入>2 支_出>2", "项_目 2024年预算数 项_目 2024年预算数"),
        ["", Column("2024年预算数"), "", Column("2024年预算数")], number="表1",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", fund, "government-fund"),
        income("三、国有资本经营预算拨款收入", None), income("四、事业收入", None), income("五、事业单位经营收入", None),
        income("六、其他收入", None),
    ]  # fmt: skip
    right = by_class(budget, every, every=True)
    left += [["", ""]] * (len(right) - len(left))
    side_by_side(
        one,
        [*left, income("本年收入合计", now, None, "本 年 收 入 合 计"), income("七、用事业基金弥补收支差额", None),
         income("八、上年结转", carry, "carry-over"), income("收入总计", whole, None, "收 入 总 计")],
        [*right, spent("本年支出合计", whole, printed="本 年 支 出 合 计"), spent("三十、事业单位结余分配", None),
         spent("三十一、结转下年", None), spent("支出总计", whole, printed="支 出 总 计")],
    )  # fmt: skip
    two = Table(
        "revenue-summary", "部门收入总表",
        heads("项_目>2 合计v2 上年结转v2 一般公共预算拨款收入v2 政府性基金预算拨款收入v2 国有资本经营预算拨款收入v2 事业收入v2 "
              "事业单位经营收入v2 其他收入v2 上级补助收入v2 附属单位上缴收入v2 用事业基金弥补收支差额v2",
              "单位代码 单位名称（科目）"),
        ["", "", Column("合计"), Column("上年结转", {"fund_source": "carry-over"}), Column("一般公共预算拨款收入", GPB),
         Column("政府性基金预算拨款收入", FUND), *[""] * 7],
        direction="revenue", number="表1-1",
    )  # fmt: skip
    for code, name in (("", "合    计"), ("", document.name), ("351301", document.name)):
        two.row([code, name, *[""] * 7], [whole, carry, gpb, fund], name.replace(" ", ""))
    three = Table(
        "expenditure-summary", "部门支出总表",
        heads("项_目>5 合计v3 基本支出v3 项目支出v3 上缴上级支出v3 对附属单位补助支出v3",
              "科目编码>3 单位代码v2 单位名称（科目）v2", "类 款 项"),
        ["", "", "", "", "", *amounts_of("合计", "基本支出", "项目支出"), "", ""], number="表1-2",
    )  # fmt: skip
    three.row(["", "", "", "", "合    计", "", ""], basic_and_project(every), "合计")
    three.row(
        ["", "", "", "351301", document.name, "", ""], basic_and_project(every), document.name
    )
    for code, _, u in budget.functions(every, (7,)):
        three.row(
            [code[:3], code[3:5], code[5:], "351301", u[0].name, "", ""],
            basic_and_project(u),
            u[0].name,
            code,
        )
    four = Table(
        "fiscal-appropriation-summary", "财政拨款收支预算总表",
        heads("收_入>2 支_出>5", "项_目 2024年预算数 项_目 合计 一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", Column("2024年预算数"), "", Column("合计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND), ""],
        number="表2",
    )  # fmt: skip

    def parts(u: Sequence[Leaf]) -> list[Decimal]:
        g, f = (total((x for x in u if x.source == s), lambda x: x.total) for s in ("gpb", "fund"))
        return [g + f, g, f]

    left = [
        income("一、本年收入", now), income("一般公共预算拨款收入", gpb, "general-public-budget"),
        income("政府性基金预算拨款收入", fund, "government-fund"), income("国有资本经营预算拨款收入", None),
        income("二、上年结转", carry, "carry-over"), income("一般公共预算拨款收入", budget.sum(lambda x: x.carry, "gpb")),
        income("政府性基金预算拨款收入", budget.sum(lambda x: x.carry, "fund")),
    ]  # fmt: skip
    right = [
        [*spent("一、本年支出", *parts(every)), ""],
        *([*line, ""] for line in by_class(budget, every, parts, numbered=False)),
    ]
    height = max(len(left), len(right))
    left += [["", ""]] * (height - len(left))
    right += [["", "", "", "", ""]] * (height - len(right))
    side_by_side(four, [*left, income("收入总计", whole, None, "收 入 总 计")],
                 [*right, [*spent("支出总计", *parts(every), printed="支 出 总 计"), ""]])  # fmt: skip
    five = Table(
        ".*", "财政拨款支出预算表（政府经济分类科目）",
        heads("项_目>4 总计v3 一般公共预算>3 政府性基金预算>3", "科目编码>2 单位代码v2 单位名称（科目）v2 合计v2 基本支出v2 项目支出v2 合计v2 基本支出v2 项目支出v2", "类 款"),
        ["", "", "", "", Column("总计"), Column("一般公共预算/合计"), Column("一般公共预算/基本支出"), Column("一般公共预算/项目支出"),
         Column("政府性基金预算/合计"), "", Column("政府性基金预算/项目支出")],
        number="表2-1", loose=True,
    )  # fmt: skip
    basic = budget.economic_sum()
    own = budget.sum(lambda x: x.project, "gpb")
    fund_total = budget.sum(lambda x: x.total, "fund")
    five.row(
        ["", "", "", "合    计", ""],
        [basic + own + fund_total, basic + own, basic, own, fund_total, fund_total],
        "合计",
    )
    e = budget.economic_sum
    for code, name, b, p, f in (
        ("501", "机关工资福利支出", e("301"), ZERO, ZERO), ("502", "机关商品和服务支出", e("302"), own, ZERO),
        ("503", "机关资本性支出（一）", e("310"), ZERO, fund_total), ("509", "对个人和家庭的补助", e("303"), ZERO, ZERO),
    ):  # fmt: skip
        five.row([code, "", "351301", name, ""], [b + p + f, b + p, b, p, f, f], name, code)
    six = Table(
        "general-budget-expenditure", "一般公共预算支出预算表",
        heads("项_目>5 合计v3 当年财政拨款安排v3 上年结转安排v3", "科目编码>3 单位代码v2 单位名称（科目）v2", "类 款 项"),
        ["", "", "", "", "", Column("合计"), Column("当年财政拨款安排"), Column("上年结转安排")], dims=GPB, number="表3",
    )  # fmt: skip

    def years(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "current", "carry")

    mine = budget.of("gpb")
    six.row(["", "", "", "", "合    计"], years(mine), "合计")
    for code, _, u in budget.functions(mine, (7,)):
        six.row([code[:3], code[3:5], code[5:], "351301", u[0].name], years(u), u[0].name, code)
    seven = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出预算表",
        heads("项_目>4 基本支出>3", "科目编码>2 单位代码v2 单位名称（科目）v2 合计v2 人员经费v2 公用经费v2", "类 款"),
        ["", "", "", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表3-1",
    )  # fmt: skip
    rows = Table("x", "x", [], ["", "", "", *amounts_of("a", "b", "c")])
    economic_rows(rows, budget, codes="split", totals="first")
    for line in rows.body:
        seven.add(line[0], line[1], "" if line[2] == "合计" else "351301", *line[2:])
    eight = Table(
        "general-budget-project-expenditure", "一般公共预算项目支出预算表",
        heads("科目编码>3 单位代码v2 单位名称（科目）v2 金额v2", "类 款 项"),
        ["", "", "", "", "", Column("金额", PROJECT)], dims=GPB, number="表3-2",
    )  # fmt: skip
    projects = [(n, leaf) for n, leaf, _ in budget.projects if leaf.source == "gpb"]
    eight.row(
        ["", "", "", "", "合    计"], [total((x for _, x in projects), lambda x: x.project)], "合计"
    )
    for name, leaf in projects:
        eight.row(["", "", "", "", leaf.name], [leaf.project], leaf.name)
        eight.row(
            [leaf.code[:3], leaf.code[3:5], leaf.code[5:], "351301", name],
            [leaf.project],
            name,
            leaf.code,
        )
    items = (
        "three-public",
        "overseas-travel",
        "vehicles",
        "vehicle-purchase",
        "vehicle-operation",
        "hospitality",
    )
    words = ("合计", "因公出国（境）费用", "小计", "公务用车购置费", "公务用车运行费", "公务接待费")
    nine = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出预算表",
        heads("单位编码v3 单位名称（科目）v3 当年财政拨款预算安排>6", "合计v2 因公出国（境）费用v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"),
        ["", "", *(Column(w, {"item": i}) for w, i in zip(words, items, strict=True))], number="表3-3",
    )  # fmt: skip
    nine.row(["", "合    计"], three_public_row(budget), "合计")
    nine.row(["351301", document.name], three_public_row(budget), document.name)
    ten = Table(
        "government-fund-expenditure", "政府性基金支出预算表",
        heads("项_目>5 本年政府性基金预算支出>3", "科目编码>3 单位代码v2 单位名称（科目）v2 合计v2 基本支出v2 项目支出v2", "类 款 项"),
        ["", "", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="表4",
    )  # fmt: skip
    ten.row(["", "", "", "", "合    计"], basic_and_project(budget.of("fund")), "合计")
    for code, _, u in budget.functions(budget.of("fund"), (7,)):
        ten.row(
            [code[:3], code[3:5], code[5:], "351301", u[0].name],
            basic_and_project(u),
            u[0].name,
            code,
        )
    eleven = Table(
        "three-public-expenses", "政府性基金预算“三公”经费支出预算表", nine.head,
        ["", "", *[""] * 6], number="表4-1",
    )  # fmt: skip
    no_data(eleven, "", note="注：此表无数据")
    twelve = Table(
        "state-capital-expenditure", "国有资本经营预算支出预算表", ten.head[:0] + heads(
            "项_目>5 本年国有资本经营预算支出>3", "科目编码>3 单位代码v2 单位名称（科目）v2 合计v2 基本支出v2 项目支出v2", "类 款 项"),
        [*[""] * 5, *amounts_of("合计", "基本支出", "项目支出")], dims=CAPITAL, number="表5",
    )  # fmt: skip
    no_data(twelve, "", note="注：此表无数据")
    thirteen = Table(
        ".*", "部门预算项目绩效目标表",
        heads("单位名称 项目名称 年度目标 一级指标 二级指标 三级指标 指标性质 指标值 度量单位 权重"),
        [*[""] * 10], number="表6", loose=True,
    )  # fmt: skip
    thirteen.add(
        document.name,
        "灌区改造专项",
        "完成渠道衬砌12公里。",
        "产出指标",
        "数量指标",
        "渠道衬砌长度",
        "≥",
        "12",
        "公里",
        "20",
    )
    thirteen.add("", "", "", "产出指标", "时效指标", "完成及时率", "＝", "100", "%", "20")
    thirteen.add("", "", "", "满意度指标", "服务对象满意度指标", "群众满意度", "≥", "90", "%", "10")
    cover(
        document,
        [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen],
    )
    narrative(document, budget)
    return document


def chongqing() -> Disclosure:
    """Chongqing: 公开表一 … , last year beside this year, spaces inside names, blank first column."""
    style = Style(decimals=2, zero="", one_line_caption=False, repeat_head=False, cut_text=True)
    document = Disclosure("chongqing", "重庆市黔岩县体育局", 2022, "approved", style)
    budget = make_budget(42, "sport", "100", fund=False, carry=True)
    every = list(budget.leaves)
    whole, carry = budget.sum(lambda leaf: leaf.total), budget.sum(lambda leaf: leaf.carry)
    now = whole - carry
    one = Table(
        "fiscal-appropriation-summary", "财政拨款收支总表",
        heads("收入>2 支出>5", "项目 金额 项目 合计 一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款"),
        ["", Column("金额"), "", Column("合计"), Column("一般公共预算财政拨款", GPB), "", ""], number="公开表一",
    )  # fmt: skip
    left = [
        income("一、本年财政拨款收入", now), income("一般公共预算拨款", now, "general-public-budget"),
        income("政府性基金预算拨款", None), income("国有资本经营预算拨款", None), income("二、上年结转", carry, "carry-over"),
        income("一般公共预算拨款", carry), income("政府性基金预算拨款", None),
    ]  # fmt: skip
    right = [[*spent("一、本年支出", whole, whole), "", ""]]
    right += [
        [*line, "", ""]
        for line in by_class(
            budget, every, lambda u: [total(u, lambda x: x.total)] * 2, numbered=False
        )
    ]
    right.append(["二、结转下年", "", "", "", ""])
    height = max(len(left), len(right))
    left += [["", ""]] * (height - len(left))
    right += [["", "", "", "", ""]] * (height - len(right))
    side_by_side(
        one,
        [*left, income("收入合计", whole)],
        [*right, [*spent("支出合计", whole, whole), "", ""]],
    )
    two = Table(
        "general-budget-expenditure", "一般公共预算财政拨款支出预算表",
        heads("功能分类科目>2 2021年预算数v2 2022年预算数>3 增减%v2", "科目编码 科目名称 总计 基本支出 项目支出"),
        ["", "", Column("2021年预算数", previous=1), *amounts_of("总计", "基本支出", "项目支出"), "%"], dims=GPB, number="公开表二",
    )  # fmt: skip
    before = {leaf.code: budget.near(leaf.total) for leaf in every}

    def line(code: str, label: str, u: Sequence[Leaf], texts: list[str]) -> None:
        old = sum((before[x.code] for x in u), ZERO)
        values = basic_and_project(u)
        rate = f"{(values[0] - old) / old * 100:.2f}%" if old else ""
        two.row([*texts, rate], [old, *values], label, code or None)

    line("", "合计", every, ["合计", ""])
    for code, name, u in budget.functions(every, (3, 5, 7)):
        line(code, name, u, [" " * (len(code) - 3) + code, " " * (len(code) - 3) + name])
    two.notes.append("备注：本表反映2022年当年一般公共预算财政拨款支出情况。")
    three = Table(
        "general-budget-basic-expenditure", "一般公共预算财政拨款基本支出预算表",
        heads("经济分类科目>2 2022年基本支出>3", "科目编码 科目名称 总计 人员经费 日常公用经费"),
        ["", "", Column("总计", BASIC), Column("人员经费", PERSONNEL), Column("日常公用经费", PUBLIC)], dims=GPB, number="公开表三",
    )  # fmt: skip
    economic_rows(three, budget, totals="first", total_in="code", indent="  ", total_label="合计")
    items = (
        "three-public",
        "overseas-travel",
        "vehicles",
        "vehicle-purchase",
        "vehicle-operation",
        "hospitality",
    )
    words = ("合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行费", "公务接待费")
    four = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads("2021年预算数>6 2022年预算数>6", " ".join(["合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2"] * 2),
              " ".join(["小计 公务用车购置费 公务用车运行费"] * 2)),
        [Column(w, {"item": i}, None, back) for back in (1, 0) for w, i in zip(words, items, strict=True)], number="公开表四",
    )  # fmt: skip
    four.add(
        *(
            Amount(v, "")
            for v in [*three_public_row(budget, budget.near), *three_public_row(budget)]
        )
    )
    five = Table(
        "government-fund-expenditure", "政府性基金预算支出表",
        heads("科目编码v2 科目名称v2 本年政府性基金预算财政拨款支出>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="公开表五",
    )  # fmt: skip
    no_data(five, "", note="（备注：本单位无政府性基金收支，故此表无数据。）")
    six = Table(
        "revenue-expenditure-summary", "部门收支总表", heads("收入>2 支出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="公开表六",
    )  # fmt: skip
    left = [
        income("一般公共预算拨款收入", now, "general-public-budget"), income("政府性基金预算拨款收入", None),
        income("国有资本经营预算拨款收入", None), income("财政专户管理资金收入", None), income("事业收入", None),
    ]  # fmt: skip
    right = by_class(budget, every, numbered=False)
    left += [["", ""]] * (len(right) - len(left))
    right += [["", ""]] * (len(left) - len(right))
    side_by_side(
        six, [*left, income("本年收入合计", now), income("用事业基金弥补收支差额", None), income("上年结转", carry, "carry-over"), income("收入总计", whole)],
        [*right, spent("本年支出合计", whole), spent("结转下年", None), ["", ""], spent("支出总计", whole)],
    )  # fmt: skip
    seven = Table(
        "revenue-summary", "部门收入总表",
        heads("科目>2 总计v2 上年结转v2 一般公共预算拨款收入v2 政府性基金预算拨款收入v2 事业收入v2 其他收入v2", "科目编码 科目名称"),
        ["", "", Column("总计"), Column("上年结转", {"fund_source": "carry-over"}), Column("一般公共预算拨款收入", GPB), "", "", ""],
        direction="revenue", number="公开表七",
    )  # fmt: skip
    function_rows(
        seven, budget, every, lambda u: [total(u, lambda x: x.total), total(u, lambda x: x.carry), total(u, lambda x: x.current)],
        total_in="code", after=("", "", ""), indent="  ",
    )  # fmt: skip
    eight = Table(
        "expenditure-summary", "部门支出总表", heads("科目编码 科目名称 总计 基本支出 项目支出"),
        ["", "", *amounts_of("总计", "基本支出", "项目支出")], number="公开表八",
    )  # fmt: skip
    function_rows(
        eight, budget, every, basic_and_project, total_in="code", indent="  ", codes="indented"
    )
    nine = Table(
        "government-procurement", "政府采购预算明细表",
        heads("项目 合计 一般公共预算拨款收入 政府性基金预算拨款收入 财政专户管理资金收入 事业收入"),
        ["", Column("合计"), Column("一般公共预算拨款收入"), "", "", ""], number="公开表九",
    )  # fmt: skip
    for label, value in (("合计", 385000), ("货物类", 85000), ("服务类", 300000), ("工程类", 0)):
        nine.row([label, "", "", ""], [Decimal(value)] * 2, label)
    cover(document, [one, two, three, four, five, six, seven, eight, nine])
    narrative(document, budget)
    return document


def yunnan() -> Disclosure:
    """Yunnan: 预算01-1表, 元 with separators, numbering rows, projects with their codes, 序号 none."""
    style = Style(
        unit=1, decimals=2, thousands=True, zero="", one_line_caption=True, sheet_numbers=False
    )
    document = Disclosure("yunnan", "云南省澜石县交通运输局", 2024, "approved", style)
    budget = make_budget(43, "road", "0.01", fund=False, business=True, carry=False)
    every = list(budget.leaves)
    whole = budget.sum(lambda leaf: leaf.total)
    gpb, business, other = (of_source(every, s) for s in ("gpb", "business", "other"))
    one = Table(
        "revenue-expenditure-summary", "财务收支预算总表部门", heads("收________入>2 支________出>2", "项______目 2024年预算数 项目（按功能分类） 2024年预算数"),
        ["", Column("2024年预算数"), "", Column("2024年预算数")], number="预算01-1表",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", None),
        income("三、国有资本经营预算拨款收入", None), income("四、财政专户管理资金收入", None),
        income("五、单位资金", business + other), income("（一）事业收入", business, "business-income"),
        income("（二）事业单位经营收入", None), income("（三）其他收入", other, "other-income"),
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    right += [["", ""]] * (len(left) - len(right))
    side_by_side(
        one, [*left, income("本年收入合计", whole), income("上年结转结余", None), income("收入总计", whole, None, "收 入 总 计")],
        [*right, spent("本年支出合计", whole), spent("年终结转结余", None), spent("支出总计", whole, printed="支 出 总 计")],
    )  # fmt: skip
    two = Table(
        "revenue-summary", "部门收入预算表",
        heads("部门（单位）代码v3 部门（单位）名称v3 合计v3 本年收入>6 上年结转结余v3",
              "小计v2 一般公共预算v2 政府性基金预算v2 单位资金>3", "小计 事业收入 其他收入", "1 2 3 4 5 6 7 8 9 10"),
        ["", "", Column("合计"), Column("小计"), Column("一般公共预算", GPB), "", Column("单位资金"),
         Column("事业收入", {"fund_source": "business-income"}), Column("其他收入", {"fund_source": "other-income"}), ""],
        direction="revenue", number="预算01-2表",
    )  # fmt: skip
    two.columns = [*two.columns[:6], Column("单位资金/小计"), *two.columns[7:]]
    values = [whole, whole, gpb, business + other, business, other]
    two.row(["121", document.name, "", ""], values, document.name)
    two.row(["121001", document.name, "", ""], values, document.name)
    two.row(["合计", "", "", ""], values, "合计")
    three = Table(
        "expenditure-summary", "部门支出预算表",
        heads("科目编码v2 科目名称v2 合计v2 一般公共预算>3 政府性基金预算v2 单位资金>3", "小计 基本支出 项目支出 小计 事业支出 其他支出",
              "1 2 3 4 5 6 7 8 9 10"),
        ["", "", Column("合计"), Column("一般公共预算/小计", GPB), Column("一般公共预算/基本支出", BASIC),
         Column("一般公共预算/项目支出", PROJECT), "", Column("单位资金/小计"), Column("事业支出"), Column("其他支出")],
        number="预算01-3表",
    )  # fmt: skip

    def sources(u: Sequence[Leaf]) -> list[Decimal]:
        g = [x for x in u if x.source == "gpb"]
        b, o = (
            total((x for x in u if x.source == s), lambda x: x.total) for s in ("business", "other")
        )
        return [total(u, lambda x: x.total), *basic_and_project(g), b + o, b, o]

    function_rows(
        three, budget, every, sources, totals="last", total_in="code", after=("",), indent="  "
    )
    four = Table(
        "general-budget-expenditure", "一般公共预算支出预算表（按功能科目分类）",
        heads("部门预算支出功能分类科目>2 合计v2 基本支出>3 项目支出v2", "科目编码 科目名称 小计 人员经费 公用经费", "1 2 3 4 5 6 7"),
        ["", "", Column("合计"), Column("小计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC), Column("项目支出", PROJECT)],
        dims=GPB, number="预算02-2表",
    )  # fmt: skip
    function_rows(
        four, budget, budget.of("gpb"),
        lambda u: sums(u, "total", "basic", "personnel", "public", "project"),
        totals="last", total_in="code", indent="  ",
    )  # fmt: skip
    five = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出预算表",
        heads("“三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费", "1 2 3 4 5 6"),
        [Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）费", "overseas-travel"), ("小计", "vehicles"),
            ("公务用车购置费", "vehicle-purchase"), ("公务用车运行费", "vehicle-operation"), ("公务接待费", "hospitality"))],
        number="预算03表",
    )  # fmt: skip
    five.row([], three_public_row(budget), "")
    six = Table(
        ".*basic.*", "基本支出预算表（人员类、运转类公用经费项目）",
        heads("单位名称v3 项目代码v3 项目名称v3 功能科目编码v3 功能科目名称v3 部门经济科目编码v3 部门经济科目名称v3 资金来源>3",
              "总计v2 一般公共预算资金>2", "全年数 其中：转隶人员公用经费", "1 2 3 4 5 6 7 8 9 10"),
        ["", "", "", "", "", "", "", Column("总计"), Column("全年数"), ""], number="预算04表", loose=True,
    )  # fmt: skip
    for index, (code, value) in enumerate(sorted(budget.economic.items())):
        six.row([document.name, f"5301212410000{index:06d}", "行政人员支出工资" if budget.is_personnel(code) else "一般公用经费",
                 "2140101", "行政运行", code, ECONOMIC[code], ""], [value, value], ECONOMIC[code], code)  # fmt: skip
    six.row(["合计", "", "", "", "", "", "", ""], [budget.economic_sum()] * 2, "合计")
    seven = Table(
        ".*project.*", "项目支出预算表（其他运转类、特定目标类项目）",
        heads("项目分类v2 项目代码v2 项目名称v2 单位名称v2 功能科目编码v2 功能科目名称v2 合计v2 本年拨款>2 单位资金v2", "小计 一般公共预算", "1 2 3 4 5 6 7 8 9 10"),
        ["", "", "", "", "", "", Column("合计"), Column("小计"), Column("一般公共预算"), Column("单位资金")], number="预算05-1表", loose=True,
    )  # fmt: skip
    running = [ZERO] * 4
    for index, (name, leaf, value) in enumerate(budget.projects):
        g = value if leaf.source == "gpb" else ZERO
        row = [value, g, g, value - g]
        running = [a + b for a, b in zip(running, row, strict=True)]
        seven.row(
            [
                "311专项业务类",
                f"5301212100000{index:06d}",
                name,
                document.name,
                leaf.code,
                leaf.name,
            ],
            row,
            name,
            leaf.code,
        )
    seven.row(["合计", "", "", "", "", ""], running, "合计")
    eight = Table(
        "government-fund-expenditure", "政府性基金预算支出预算表",
        heads("单位名称v2 科目编码v2 科目名称v2 本年政府性基金预算支出>3", "合计 基本支出 项目支出", "1 2 3 4 5 6"),
        ["", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="预算06表",
    )  # fmt: skip
    no_data(eight, "", note="说明：澜石县交通运输局2024年无政府性基金预算支出，故本表为空。")
    nine = Table(
        "government-procurement", "部门政府采购预算表",
        heads("预算项目v2 采购项目v2 采购品目v2 计量单位v2 数量v2 面向中小企业预留资金v2 合计v2 本年拨款>2", "小计 一般公共预算", "1 2 3 4 5 6 7 8 9"),
        ["", "", "", "", "", Column("面向中小企业预留资金", optional=True), Column("合计"), Column("小计"), Column("一般公共预算")], number="预算07表",
    )  # fmt: skip
    nine.row(
        ["一般公用经费", "复印纸采购", "A05040101 复印纸", "箱", "40"],
        [Decimal(7200), Decimal(7200), Decimal(7200), Decimal(7200)],
        "复印纸采购",
    )
    nine.row(
        ["一般公用经费", "公务用车保险", "C1804010201 机动车保险服务", "辆", "3"],
        [None, Decimal(12600), Decimal(12600), Decimal(12600)],
        "公务用车保险",
    )
    nine.row(
        ["合计", "", "", "", ""],
        [Decimal(7200), Decimal(19800), Decimal(19800), Decimal(19800)],
        "合计",
    )
    cover(document, [one, two, three, four, five, six, seven, eight, nine])
    narrative(document, budget)
    return document


def guizhou() -> Disclosure:
    """Guizhou: rows of several units, names padded with wide blanks, 栏次 rows, negatives in brackets."""
    style = Style(decimals=2, zero="0", negative="(", one_line_caption=True, thousands=True)
    document = Disclosure("guizhou", "贵州省乌坪县水务局", 2021, "approved", style)
    budget = make_budget(44, "water", "100", fund=True, carry=True, vehicle_purchase=True)
    every = list(budget.leaves)
    one = Table(
        "expenditure-summary", "部门支出总表",
        heads("科目编码 单位/科目名称 合计 基本支出 项目支出", "栏次 ~ 1 2 3"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], number="表3",
    )  # fmt: skip
    half = len(every) // 2
    one.row(["合　　计", ""], basic_and_project(every), "合计")
    for unit, own in ((f"{document.name}（本级）", every[:half]), ("乌坪县水文站", every[half:])):
        one.row(["", unit], basic_and_project(own), unit)
        for code, name, u in budget.functions(own, (3, 5, 7)):
            one.row([code, "　" * (len(code) - 2) + name], basic_and_project(u), name, code)
    two = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads("科目编码v2 科目名称v2 上年预算数v2 本年预算数>3 本年比上年增减>2", "小计 基本支出 项目支出 增减额 增减率（%）", "栏次 ~ 1 2 3 4 5 6"),
        ["", "", Column("上年预算数", previous=1), *amounts_of("小计", "基本支出", "项目支出"), Column("增减额", optional=True), "%"],
        dims=GPB, number="表5",
    )  # fmt: skip
    mine = budget.of("gpb")
    before = {
        leaf.code: leaf.total + budget.near(Decimal(90_000))
        if index % 2
        else budget.near(leaf.total)
        for index, leaf in enumerate(mine)
    }

    def line(label: str, code: str | None, u: Sequence[Leaf], texts: list[str]) -> None:
        old = sum((before[x.code] for x in u), ZERO)
        values = basic_and_project(u)
        change = values[0] - old
        rate = f"{abs(change) / old * 100:.1f}%"
        two.row([*texts, f"({rate})" if change < 0 else rate], [old, *values, change], label, code)

    line("合计", None, mine, ["合　　计", ""])
    for code, name, u in budget.functions(mine, (3, 5, 7)):
        line(name, code, u, [code, "　" * ((len(code) - 3) // 2) + name])
    three = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表",
        heads("经济分类科目>2 本年基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费", "栏次 ~ 1 2 3"),
        ["", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(three, budget, indent="　", total_in="code")
    four = Table(
        "revenue-expenditure-summary", "部门收支总表", heads("收　　入>2 支　　出>2", "项目（按资金来源） 预算数 项目（按功能科目） 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="表1",
    )  # fmt: skip
    gpb, fund = of_source(every, "gpb"), of_source(every, "fund")
    carry = budget.sum(lambda leaf: leaf.carry)
    adjust = Decimal(-12_300)
    left = [
        income("一、一般公共预算拨款收入", gpb, "general-public-budget"), income("二、政府性基金预算拨款收入", fund, "government-fund"),
        income("三、其他收入", -adjust, "other-income"), income("四、财政收回资金", adjust),
    ]  # fmt: skip
    right = by_class(budget, every)
    left += [["", ""]] * (len(right) - len(left))
    side_by_side(
        four, [*left, income("本年收入合计", gpb + fund), income("上年结转", carry, "carry-over"), income("收入总计", gpb + fund + carry)],
        [*right, spent("本年支出合计", gpb + fund + carry), spent("结转下年", ZERO), spent("支出总计", gpb + fund + carry)],
    )  # fmt: skip
    five = Table(
        "three-public-expenses", "“三公”经费预算表",
        heads("单位名称v2 “三公”经费合计v2 因公出国（境）费用v2 公务接待费v2 公务用车购置及运行费>3 备注v2", "小计 购置费 运行费"),
        ["", *(Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）费用", "overseas-travel"), ("公务接待费", "hospitality"), ("小计", "vehicles"),
            ("购置费", "vehicle-purchase"), ("运行费", "vehicle-operation"))), ""],
        number="表7",
    )  # fmt: skip
    whole, overseas, cars, purchase, running, meals = three_public_row(budget)
    five.row(["合　　计", ""], [whole, overseas, meals, cars, purchase, running], "合计")
    five.row(
        [f"{document.name}（本级）", "购置公务用车1辆"],
        [whole, overseas, meals, cars, purchase, running],
        f"{document.name}（本级）",
    )
    cover(document, [four, one, two, three, five])
    narrative(document, budget)
    return document


LAYOUTS = {"sichuan": sichuan, "chongqing": chongqing, "yunnan": yunnan, "guizhou": guizhou}
