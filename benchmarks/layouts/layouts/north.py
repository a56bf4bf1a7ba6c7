"""Beijing, Hebei and Shandong."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import Budget, Leaf, make_budget
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

GPB = {"fund_source": "general-public-budget"}
FUND = {"fund_source": "government-fund"}
CAPITAL = {"fund_source": "state-capital"}


def of_source(leaves: Sequence[Leaf], source: str) -> Decimal:
    return total((leaf for leaf in leaves if leaf.source == source), lambda leaf: leaf.current)


def beijing() -> Disclosure:
    """Beijing: 预算01表 … , 万元 with six decimals, revenue by source in many columns."""
    style = Style(decimals=6, zero="", one_line_caption=True, cut_text=True, repeat_merged=True)
    document = Disclosure("beijing", "北京市云石区体育局", 2023, "approved", style)
    budget = make_budget(11, "sport", "0.01", fund=True, business=True)
    every = list(budget.leaves)
    now, carry = budget.sum(lambda leaf: leaf.current), budget.sum(lambda leaf: leaf.carry)

    one = Table(
        "revenue-expenditure-summary", "收支总表",
        heads("收_入>2 支_出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number="预算01表",
    )  # fmt: skip
    left = [
        income("一、一般公共预算拨款收入", of_source(every, "gpb"), "general-public-budget"),
        income("二、政府性基金预算拨款收入", of_source(every, "fund"), "government-fund"),
        income("三、国有资本经营预算拨款收入", None, "state-capital"),
        income("四、财政专户管理资金收入", None, "fiscal-account"),
        income("五、事业收入", of_source(every, "business"), "business-income"),
        income("六、上级补助收入", None), income("七、附属单位上缴收入", None),
        income("八、事业单位经营收入", None), income("九、其他收入", of_source(every, "other"), "other-income"),
        income("本年收入合计", now), income("上年结转结余", carry, "carry-over"), income("收入总计", now + carry),
    ]  # fmt: skip
    right = by_class(budget, budget.leaves, every=True)[:9]
    shown = {line[0].split("、")[1] for line in right if isinstance(line[0], str)}
    rest = [c for c in budget.functions(budget.leaves, (3,)) if c[1] not in shown]
    right += [spent(name, total(u, lambda leaf: leaf.total), printed=f"十{'一二三'[i]}、{name}")
              for i, (_, name, u) in enumerate(rest)]  # fmt: skip
    right += [["", ""]] * max(0, 9 - len(right))
    left = [*left[:9], *[["", ""]] * (len(right) - 9), *left[9:]]
    right += [
        spent("本年支出合计", now + carry),
        spent("结转下年", None),
        spent("支出总计", now + carry),
    ]
    side_by_side(one, left, right)

    two = Table(
        "revenue-summary", "收入总表",
        heads("部门（单位）代码v2 部门（单位）名称v2 合计v2 本年收入>9 上年结转结余v2",
              "小计 一般公共预算 政府性基金预算 国有资本经营预算 财政专户管理资金 事业收入 "
              "事业单位经营收入 上级补助收入 其他收入"),
        ["", "", Column("合计"), Column("小计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND),
         "", "", Column("事业收入", {"fund_source": "business-income"}), "", "",
         Column("其他收入", {"fund_source": "other-income"}),
         Column("上年结转结余", {"fund_source": "carry-over"})],
        direction="revenue", number="预算02表",
    )  # fmt: skip
    sources = [of_source(every, s) for s in ("gpb", "fund", "business", "other")]
    for code, name in (
        ("", "合计"),
        ("073", document.name),
        ("073001", f"{document.name}本级行政"),
    ):
        two.row([code, name, "", "", "", ""], [now + carry, now, *sources, carry], name)

    three = Table(
        "expenditure-summary", "支出总表",
        heads("科目编码 科目名称 合计 基本支出 项目支出 事业单位经营支出 上缴上级支出 对附属单位补助支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出"), "", "", ""], number="预算03表",
    )  # fmt: skip
    function_rows(
        three, budget, budget.leaves, basic_and_project, totals="last", after=("", "", "")
    )

    four = Table(
        ".*project.*", "项目支出表",
        heads("单位名称v2 项目单位v2 类型v2 项目名称v2 合计v2 本年拨款>3 财政专户管理资金v2 单位资金v2",
              "一般公共预算 政府性基金预算 国有资本经营预算"),
        ["", "", "", "", Column("合计", PROJECT), Column("一般公共预算"), Column("政府性基金预算"), "", "",
         Column("单位资金")],
        number="预算04表", loose=True,
    )  # fmt: skip
    running = [Decimal(0)] * 4
    rows = []
    for name, leaf, value in budget.projects:
        parts = [value if leaf.source == s else Decimal(0) for s in ("gpb", "fund", "business")]
        running = [a + b for a, b in zip(running, [value, *parts], strict=True)]
        rows.append((name, [value, *parts]))
    four.row(["合计", "", "", "", "", ""], running, "合计")
    for name, values in rows:
        four.row([document.name, document.name, "其他运转类", name, "", ""], values, name)

    five = fiscal_five(document, budget, "预算05表")
    six = Table(
        "general-budget-expenditure", "一般公共预算财政拨款支出表",
        heads("科目编码v2 科目名称v2 合计v2 基本支出>3 项目支出v2", "小计 人员经费 公用经费"),
        ["", "", Column("合计"), Column("小计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"}), Column("项目支出", PROJECT)],
        dims=GPB, number="预算06表",
    )  # fmt: skip
    function_rows(
        six, budget, budget.of("gpb"),
        lambda u: sums(u, "total", "basic", "personnel", "public", "project"),
        totals="last",
    )  # fmt: skip
    seven = Table(
        "general-budget-basic-expenditure", "一般公共预算财政拨款基本支出表",
        heads("部门预算支出经济分类科目>2 本年一般公共预算基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费"),
        ["", "", Column("合计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"})],
        dims=GPB, number="预算07表",
    )  # fmt: skip
    economic_rows(seven, budget, totals="last", codes="joined")
    eight = Table(
        "government-fund-expenditure", "政府性基金预算财政拨款支出表",
        heads("科目编码v2 科目名称v2 政府性基金预算财政拨款支出>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="预算08表",
    )  # fmt: skip
    function_rows(eight, budget, budget.of("fund"), basic_and_project, totals="last")
    nine = Table(
        "state-capital-expenditure", "国有资本经营预算财政拨款支出表",
        heads("科目编码v2 科目名称v2 国有资本经营预算财政拨款支出>3", "合计 基本支出 项目支出"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=CAPITAL, number="预算09表",
    )  # fmt: skip
    no_data(nine, "", note="说明：本单位无国有资本经营预算财政拨款支出，此表为空。")
    ten = Table(
        "three-public-expenses", "财政拨款（含一般公共预算和政府性基金预算）“三公”经费支出表",
        heads("年度v2 “三公”经费财政拨款预算总额v2 因公出国（境）费用v2 公务接待费v2 公务用车购置和运行维护费>3",
              "小计 公务用车购置费 公务用车运行维护费"),
        ["", Column("“三公”经费财政拨款预算总额", {"item": "three-public"}),
         Column("因公出国（境）费用", {"item": "overseas-travel"}), Column("公务接待费", {"item": "hospitality"}),
         Column("小计", {"item": "vehicles"}), Column("公务用车购置费", {"item": "vehicle-purchase"}),
         Column("公务用车运行维护费", {"item": "vehicle-operation"})],
        number="预算10表",
    )  # fmt: skip
    whole, overseas, cars, purchase, running, meals = three_public_row(budget)
    ten.row(["2023年"], [whole, overseas, meals, cars, purchase, running], "")
    eleven = Table(
        ".*(procurement|purchase).*", "政府采购预算明细表",
        heads("采购类别 金额"), ["", Column("金额")], number="预算11表",
    )  # fmt: skip
    goods, works, services = (Decimal(v) for v in ("365800.00", "1204500.50", "88012.34"))
    for label, value in (
        ("合计", goods + works + services),
        ("货物", goods),
        ("工程", works),
        ("服务", services),
    ):
        eleven.row([label], [value], label)
    twelve = Table(
        ".*", "政府购买服务预算财政拨款明细表",
        heads("指导性目录>3 服务领域v2 预算金额v2", "一级 二级 三级"),
        ["", "", "", "", Column("预算金额")], number="预算12表", loose=True,
    )  # fmt: skip
    twelve.row(["合计", "", "", ""], [Decimal("245612.30")], "合计")
    twelve.row(
        ["公共服务", "体育公共服务", "体育场馆服务", "体育"], [Decimal("145612.30")], "体育场馆服务"
    )
    twelve.row(
        ["公共服务", "体育公共服务", "体育赛事组织服务", "体育"],
        [Decimal("100000.00")],
        "体育赛事组织服务",
    )
    cover(document, [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve])
    narrative(document, budget)
    return document


def fiscal_five(document: Disclosure, budget: Budget, number: str) -> Table:
    """Fiscal appropriation with 本年收入 and 上年结转 on the left, one column on the right."""
    table = Table(
        "fiscal-appropriation-summary", "财政拨款收支总表",
        heads("收_入>2 支_出>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数")], number=number,
    )  # fmt: skip
    own = budget.of("gpb", "fund", "capital")
    now = [budget.sum(lambda leaf: leaf.current, s) for s in ("gpb", "fund")]
    carry = total(own, lambda leaf: leaf.carry)
    left = [
        income("本年收入", sum(now), None, "一、本年收入"),
        income("一般公共预算资金", now[0], "general-public-budget", "（一）一般公共预算资金"),
        income("政府性基金预算资金", now[1], "government-fund", "（二）政府性基金预算资金"),
        income("国有资本经营预算资金", None, None, "（三）国有资本经营预算资金"),
        income("上年结转", carry, "carry-over", "二、上年结转"),
    ]  # fmt: skip
    right = [spent("本年支出", sum(now) + carry, printed="一、本年支出")]
    right += by_class(budget, own, brackets=True)
    right += [["二、年终结转结余", ""]]
    left += [["", ""]] * (len(right) - len(left))
    left.append(income("收入总计", sum(now) + carry, None, "收_入_总_计".replace("_", " ")))
    right.append(spent("支出总计", sum(now) + carry, printed="支 出 总 计"))
    side_by_side(table, left, right)
    return table


def hebei() -> Disclosure:
    """Hebei: 序号 column, 预算科目, 类款项 codes apart with only what is new, blanks for zero."""
    style = Style(decimals=2, zero="", repeat_merged=True)
    document = Disclosure("hebei", "河北省渠阳县水务局", 2022, "approved", style)
    budget = make_budget(12, "water", "100", fund=True)
    every = list(budget.leaves)
    now, carry = budget.sum(lambda leaf: leaf.current), budget.sum(lambda leaf: leaf.carry)
    one = Table(
        "revenue-expenditure-summary", "部门预算收支总表",
        heads("序号v2 收入>2 支出>2", "项目 预算金额 项目 预算金额"),
        ["", "", Column("预算金额"), "", Column("预算金额")], number="",
    )  # fmt: skip
    left = [
        income("一、一般公共预算财政拨款", of_source(every, "gpb"), "general-public-budget"),
        income("二、政府性基金预算财政拨款", of_source(every, "fund"), "government-fund"),
        income("三、国有资本经营预算财政拨款", None), income("四、财政专户核拨", None), income("五、其他来源收入", None),
    ]  # fmt: skip
    right = [
        spent("一、基本支出", budget.sum(lambda leaf: leaf.basic)),
        spent("1、人员经费", budget.sum(lambda leaf: leaf.personnel)),
        spent("2、日常公用经费", budget.sum(lambda leaf: leaf.public)),
        spent("二、项目支出", budget.sum(lambda leaf: leaf.project)), ["", ""],
    ]  # fmt: skip
    left += [
        income("本年收入合计", now),
        income("上年结转结余", carry, "carry-over"),
        income("收入总计", now + carry),
    ]
    right += [
        spent("本年支出合计", now + carry),
        spent("年终结转结余", None),
        spent("支出总计", now + carry),
    ]
    side_by_side(one, [[str(i + 1)] for i in range(len(left))], left, right)

    two = Table(
        "revenue-summary", "部门预算收入总表",
        heads("序号v2 科目编码v2 科目名称v2 合计v2 当年收入>8 上年结转结余v2",
              "小计 财政拨款 事业收入 经营收入 上级补助收入 附属单位上缴收入 财政专户核拨 其他收入"),
        ["", "", "", Column("合计"), Column("小计"), Column("财政拨款", {"fund_source": "fiscal-appropriation"}),
         "", "", "", "", "", "", Column("上年结转结余", {"fund_source": "carry-over"})],
        direction="revenue",
    )  # fmt: skip

    def received(u: Sequence[Leaf]) -> list[Decimal]:
        current = total(u, lambda leaf: leaf.current)
        return [
            total(u, lambda leaf: leaf.total),
            current,
            current,
            total(u, lambda leaf: leaf.carry),
        ]

    three = Table(
        "expenditure-summary", "部门预算支出总表",
        heads("序号v2 功能分类科目>3 科目名称v2 合计v2 基本支出v2 项目支出v2 经营支出v2 上缴上级支出v2 对附属单位补助支出v2",
              "类 款 项"),
        ["", "", "", "", "", *amounts_of("合计", "基本支出", "项目支出"), "", "", ""],
    )  # fmt: skip
    four = Table(
        "general-budget-expenditure", "部门预算一般公共预算财政拨款支出表",
        heads("序号v2 功能分类科目>3 科目名称v2 合计v2 基本支出v2 项目支出v2", "类 款 项"),
        ["", "", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=GPB,
    )  # fmt: skip
    two.row(["1", "", "合计", *[""] * 6], received(every), "合计")
    for number, (code, name, u) in enumerate(budget.functions(every, (3, 5, 7)), start=2):
        two.row([str(number), code, name, *[""] * 6], received(u), name, code)
    for table, leaves in ((three, every), (four, list(budget.of("gpb")))):
        extra = [""] * (len(table.columns) - 8)
        table.row(["1", "", "", "", "合计", *extra], basic_and_project(leaves), "合计")
        for number, (code, name, u) in enumerate(budget.functions(leaves, (3, 5, 7)), start=2):
            parts = [code[:3], code[3:5], code[5:]]
            only = [p if i == (len(code) - 3) // 2 else "" for i, p in enumerate(parts)]
            table.row([str(number), *only, name, *extra], basic_and_project(u), name, code)
    five = Table(
        "general-budget-basic-expenditure", "部门预算一般公共预算财政拨款基本支出表",
        heads("序号v2 经济分类科目>2 预算数>3", "科目编码 科目名称 合计 人员经费 公用经费"),
        ["", "", "", Column("合计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"})],
        dims=GPB,
    )  # fmt: skip
    rows = Table("x", "x", [], ["", "", *amounts_of("a", "b", "c")])
    economic_rows(rows, budget, totals="first", total_in="name")
    for number, line in enumerate(rows.body, start=1):
        five.add(str(number), *line)
    six = Table(
        "three-public-expenses", "部门预算财政拨款“三公”经费支出表",
        heads("序号 项目 资金来源合计 一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款"),
        ["", "", Column("资金来源合计"), Column("一般公共预算财政拨款", GPB), "", ""],
    )  # fmt: skip
    whole, overseas, cars, purchase, running, meals = three_public_row(budget)
    for number, (label, value, item) in enumerate((
        ("合计", whole, "three-public"), ("因公出国（境）费用", overseas, "overseas-travel"),
        ("公务用车购置及运行维护费", cars, "vehicles"), ("其中：公务用车购置费", purchase, "vehicle-purchase"),
        ("公务用车运行维护费", running, "vehicle-operation"), ("公务接待费", meals, "hospitality"),
    ), start=1):  # fmt: skip
        six.row([str(number), label, "", ""], [value, value], label, item=item)
    seven = Table(
        "government-fund-expenditure", "部门预算政府性基金预算财政拨款支出表",
        heads("序号v2 功能分类科目>2 合计v2 基本支出v2 项目支出v2", "科目编码 科目名称"),
        ["", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND,
    )  # fmt: skip
    seven.row(["1", "", "合计"], basic_and_project(budget.of("fund")), "合计")
    for number, (code, name, u) in enumerate(
        budget.functions(budget.of("fund"), (3, 5, 7)), start=2
    ):
        seven.row([str(number), code, name], basic_and_project(u), name, code)
    cover(document, [one, two, three, four, five, six, seven])
    narrative(document, budget)
    return document


def shandong() -> Disclosure:
    """Shandong: codes apart in every row with Roman-numbered levels, 元 in the title, dashes for zero."""
    style = Style(
        decimals=2,
        zero="-",
        unit_in_title=True,
        thousands=True,
        sheet_per_table=False,
        cut_text=True,
        repeat_caption=True,
    )
    document = Disclosure(
        "shandong", "山东省沂泽县交通运输局", 2021, "approved", style, body_word="部门"
    )
    budget = make_budget(13, "road", "100", fund=True, carry=False)
    every = list(budget.leaves)
    now = budget.sum(lambda leaf: leaf.current)
    one = Table(
        "revenue-expenditure-summary", "收支预算总表",
        heads("收入>2 支出>4", "项目v2 预算数v2 功能分类>2 支出性质>2", "项目 预算数 项目 预算数"),
        ["", Column("预算数"), "", Column("预算数"), "", Column("预算数")], number="表1",
    )  # fmt: skip
    left = [
        income("一、财政拨款收入", now, "fiscal-appropriation"),
        income("一般公共预算拨款收入", of_source(every, "gpb"), "general-public-budget"),
        income("政府性基金预算拨款收入", of_source(every, "fund"), "government-fund"),
        income("二、事业收入", None), income("三、其他收入", None),
    ]  # fmt: skip
    middle = by_class(budget, every)
    right = [
        spent("一、基本支出", budget.sum(lambda leaf: leaf.basic)),
        spent("人员经费", budget.sum(lambda leaf: leaf.personnel)),
        spent("公用经费", budget.sum(lambda leaf: leaf.public)),
        spent("二、项目支出", budget.sum(lambda leaf: leaf.project)),
    ]  # fmt: skip
    height = max(len(left), len(middle), len(right))
    for side in (left, middle, right):
        side += [["", ""]] * (height - len(side))
    left.append(income("收入总计", now))
    middle.append(spent("支出总计", now))
    right.append(spent("支出总计", now))
    side_by_side(one, left, middle, right)
    two = Table(
        "revenue-summary", "收入预算表",
        heads("科目编码>3 单位代码v2 单位名称（科目）v2 总计v2 财政拨款>3 事业收入v2 其他收入v2",
              "类 款 项 小计 一般公共预算 政府性基金"),
        ["", "", "", "", "", Column("总计"), Column("小计", {"fund_source": "fiscal-appropriation"}),
         Column("一般公共预算", GPB), Column("政府性基金", FUND), "", ""],
        direction="revenue", number="表2",
    )  # fmt: skip

    def received(u: Sequence[Leaf]) -> list[Decimal]:
        gpb, fund = of_source(u, "gpb"), of_source(u, "fund")
        return [gpb + fund, gpb + fund, gpb, fund]

    two.row(["", "", "", "", "合计", "", ""], received(every), "合计")
    two.row(["", "", "", "401", document.name, "", ""], received(every), document.name)
    for code, name, u in budget.functions(every, (7,)):
        two.row([code[:3], code[3:5], code[5:], "401", name, "", ""], received(u), name, code)
    three = Table(
        "expenditure-summary", "支出预算表",
        heads("科目编码>3 单位代码v2 单位名称（科目）v2 总计v2 基本支出>3 项目支出v2", "类 款 项 小计 人员经费 公用经费"),
        ["", "", "", "", "", Column("总计"), Column("小计", BASIC),
         Column("人员经费", {"expenditure_type": "personnel"}), Column("公用经费", {"expenditure_type": "public"}),
         Column("项目支出", PROJECT)], number="表3",
    )  # fmt: skip

    def spending(u: Sequence[Leaf]) -> list[Decimal]:
        return sums(u, "total", "basic", "personnel", "public", "project")

    three.row(["", "", "", "", "合计"], spending(every), "合计")
    three.row(["", "", "", "401", document.name], spending(every), document.name)
    for code, name, u in budget.functions(every, (7,)):
        three.row([code[:3], code[3:5], code[5:], "401", name], spending(u), name, code)
    four = Table(
        "fiscal-appropriation-summary", "财政拨款收支预算总表",
        heads("收入>2 支出>4", "项目 预算数 项目 合计 一般公共预算 政府性基金预算"),
        ["", Column("预算数"), "", Column("合计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND)],
        number="表4",
    )  # fmt: skip

    def parts(u: Sequence[Leaf]) -> list[Decimal]:
        gpb, fund = of_source(u, "gpb"), of_source(u, "fund")
        return [gpb + fund, gpb, fund]

    left = [
        income("一、一般公共预算", of_source(every, "gpb"), "general-public-budget"),
        income("二、政府性基金预算", of_source(every, "fund"), "government-fund"),
    ]  # fmt: skip
    right = by_class(budget, every, parts)
    left += [["", ""]] * (len(right) - len(left))
    left.append(income("收入总计", now))
    right.append(spent("支出总计", *parts(every)))
    side_by_side(four, left, right)
    five = Table(
        "general-budget-expenditure", "一般公共预算支出表",
        heads("科目编码>3 科目名称v2 合计v2 基本支出>3 项目支出v2", "类 款 项 小计 人员经费 公用经费"),
        ["", "", "", "", Column("合计"), Column("小计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"}), Column("项目支出", PROJECT)],
        dims=GPB, number="表5",
    )  # fmt: skip
    function_rows(five, budget, budget.of("gpb"), spending, codes="split", totals="first")
    six = Table(
        "general-budget-basic-expenditure", "一般公共预算基本支出表",
        heads("部门预算支出经济分类科目>3 本年一般公共预算基本支出>3", "科目编码>2 科目名称v2 合计v2 人员经费v2 公用经费v2", "类 款"),
        ["", "", "", Column("合计", BASIC), Column("人员经费", {"expenditure_type": "personnel"}),
         Column("公用经费", {"expenditure_type": "public"})],
        dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(six, budget, codes="split")
    seven = Table(
        "three-public-expenses", "一般公共预算“三公”经费支出表",
        heads("单位名称v2 “三公”经费合计v2 因公出国（境）经费v2 公务用车购置及运行维护费>3 公务接待费v2",
              "小计 公务用车购置费 公务用车运行维护费"),
        ["", *(Column(h, {"item": i}) for h, i in (
            ("“三公”经费合计", "three-public"), ("因公出国（境）经费", "overseas-travel"), ("小计", "vehicles"),
            ("公务用车购置费", "vehicle-purchase"), ("公务用车运行维护费", "vehicle-operation"),
            ("公务接待费", "hospitality")))],
        number="表7",
    )  # fmt: skip
    seven.row([document.name], three_public_row(budget), "")
    eight = Table(
        "government-fund-expenditure", "政府性基金预算支出表",
        heads("科目编码>3 科目名称v2 合计v2 基本支出v2 项目支出v2", "类 款 项"),
        ["", "", "", "", *amounts_of("合计", "基本支出", "项目支出")], dims=FUND, number="表8",
    )  # fmt: skip
    function_rows(eight, budget, budget.of("fund"), basic_and_project, codes="split")
    nine = Table(
        "government-procurement", "政府采购预算表",
        heads("科目编码>3 采购项目名称v2 采购数量v2 采购金额>3", "类 款 项 合计 一般公共预算 政府性基金预算"),
        ["", "", "", "", "", Column("合计"), Column("一般公共预算", GPB), Column("政府性基金预算", FUND)], number="表9",
    )  # fmt: skip
    nine.row(["", "", "", "合计", ""], [Decimal(456000), Decimal(456000), Decimal(0)], "合计")
    nine.row(
        ["214", "01", "06", "复印纸", "120"], [Decimal(36000), Decimal(36000), Decimal(0)], "复印纸"
    )
    nine.row(
        ["214", "01", "06", "道路养护工程", "1"],
        [Decimal(420000), Decimal(420000), Decimal(0)],
        "道路养护工程",
    )
    cover(document, [one, two, three, four, five, six, seven, eight, nine])
    narrative(document, budget)
    return document


LAYOUTS = {"beijing": beijing, "hebei": hebei, "shandong": shandong}
