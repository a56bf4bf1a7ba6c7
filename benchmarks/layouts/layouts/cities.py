"""Shenzhen, Tianjin, a county of Shanxi, and final accounts of a district of Chongqing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Leaf, make_budget
from benchmarks.layouts.forms import (
    ITEMS,
    ZERO,
    balance,
    basic_parts,
    by_class,
    claim,
    ends,
    flat,
    now_of,
    rate,
    sheet,
    source_parts,
    three_public_wide,
    wan,
    written,
)
from benchmarks.layouts.layouts.final import Accounts, national
from benchmarks.layouts.model import Amount, Cell, Disclosure, Style
from benchmarks.layouts.parts import (
    basic_and_project,
    economic_rows,
    function_rows,
    income,
    no_data,
    spent,
    three_public_row,
    total,
)

THREE = "因公出国（境）费用#overseas-travel 公务接待费#hospitality 小计#vehicles 公务用车购置费#vehicle-purchase 公务用车运行维护费#vehicle-operation"


def shenzhen() -> Disclosure:
    """Tables by budget unit: sources and kinds of spending as columns, a year column in the three public."""
    style = Style(
        decimals=2,
        thousands=True,
        zero="0",
        body_form="预算单位：{name}",
        unit_form="金额单位：{}",
        one_line_caption=True,
        page_rows=22,
    )
    document = Disclosure("shenzhen", "深圳市云安区交通运输局", 2024, "approved", style)
    budget = make_budget(91, "road", "100", fund=True, carry=True, vehicle_purchase=True)
    every, gpb = list(budget.leaves), budget.of("gpb")
    whole = now_of(budget, "whole")
    sums = basic_parts(every)
    one = sheet(
        "revenue-expenditure-summary", "部门收支预算总表", ["收入>2 支出>2", "项目 2024年预算数 项目 2024年预算数"],
        ". 2024年预算数 . 2024年预算数", "表1",
    )  # fmt: skip
    balance(
        one, budget,
        ["一、财政预算拨款=fiscal", "1、一般公共预算拨款=gpb", "一般性经费拨款=general", "财政专项资金拨款=0", "2、政府性基金预算拨款=fund", "3、国有资本经营预算拨款=0",
         "二、财政专户拨款=0", "三、事业收入=0", "四、事业单位经营收入=0", "五、上级补助收入=0", "六、附属单位上缴收入=0", "七、其他收入=0"],
        ["本年收入合计=now", "上年结余、结转=carry", "收入总计=whole"],
        [spent("一、基本支出", sums[1]), spent("人员支出", sums[2]), spent("公用支出", sums[3]), spent("二、项目支出", sums[4]),
         spent("三、事业单位经营支出", ZERO), spent("四、上缴上级支出", ZERO), spent("五、对附属单位补助支出", ZERO)],
        ends(whole, "本年支出合计", "结转下年", "支出总计"),
    )  # fmt: skip
    two = sheet(
        "revenue-summary", "部门收入预算总表",
        ["预算单位v3 收入总计v3 2024年收入>8 上年结余、结转v3", "财政预算拨款>5 财政专户拨款v2 事业收入v2 其他收入v2", "小计 一般性经费拨款 财政专项资金拨款 政府性基金预算拨款 国有资本经营预算拨款"],
        ". 收入总计 小计#fiscal 一般性经费拨款 财政专项资金拨款 政府性基金预算拨款#fund 国有资本经营预算拨款 财政专户拨款 事业收入 其他收入 上年结余、结转#carry",
        "表2", direction="revenue", loose=True,
    )  # fmt: skip
    values = [
        whole,
        now_of(budget, "fiscal"),
        now_of(budget, "gpb"),
        ZERO,
        now_of(budget, "fund"),
        *[ZERO] * 4,
        now_of(budget, "carry"),
    ]
    three = sheet(
        "expenditure-summary", "部门支出预算总表", ["预算单位v2 支出总计v2 基本支出>3 项目支出v2 上缴上级支出v2", "小计 人员支出 公用支出"],
        ". 支出总计 小计#basic 人员支出#personnel 公用支出#public 项目支出#project .", "表3",
    )  # fmt: skip
    for label in (document.name, f"{document.name}本级"):
        two.row([label], values, label)
        three.row([label, ""], sums, label)
    four = sheet(
        "expenditure-summary", "部门支出预算表（按功能分类）", ["预算单位 科目编码 科目名称 支出合计 基本支出 项目支出 其中：政府采购项目"],
        ". . . 支出合计 基本支出#basic 项目支出#project .", "表4",
    )  # fmt: skip
    four.row([document.name, "", "", ""], basic_and_project(every), document.name)
    for number, (code, label, u) in enumerate(budget.functions(every, (3, 5, 7))):
        four.row(
            [Cell("", 1) if number else "", code, label, ""], basic_and_project(u), label, code
        )
    five = sheet(
        "fiscal-appropriation-summary", "财政拨款收支预算总表", ["收入>2 支出>2", "项目 2024年预算数 项目（按功能分类） 2024年预算数"],
        ". 2024年预算数 . 2024年预算数", "表5",
    )  # fmt: skip
    fiscal = budget.of("gpb", "fund")
    balance(
        five, budget, ["一、一般公共预算拨款=gpb", "二、政府性基金预算拨款=fund", "三、国有资本经营预算拨款=0"], ["本年收入合计=fiscal", "上年结转=carry", "收入总计=whole"],
        [[x, y] for x, y in by_class(budget, fiscal, numbered=False, coded=True)], ends(whole, "本年支出合计", "结转下年", "支出总计"),
    )  # fmt: skip
    six = sheet(
        "general-budget-expenditure", "一般公共预算支出预算表", ["预算单位v2 科目编码v2 科目名称v2 一般公共预算支出>3", "合计 基本支出 项目支出"],
        ". . . 合计 基本支出#basic 项目支出#project", "表6", dims="gpb",
    )  # fmt: skip
    six.row([Cell("合计", 3), None, None], basic_and_project(gpb), "合计")
    for code, label, u in budget.functions(gpb, (3, 5, 7)):
        six.row([document.name, code, label], basic_and_project(u), label, code)
    seven = sheet(
        "general-budget-basic-expenditure", "一般公共预算基本支出预算表", ["经济分类科目编码 经济分类科目名称 合计 其中：人员支出 公用支出"],
        ". . 合计#basic 其中：人员支出#personnel 公用支出#public", "表7", dims="gpb",
    )  # fmt: skip
    economic_rows(seven, budget, total_in="code", totals="last")
    eight = sheet(
        "government-fund-expenditure", "政府性基金预算支出预算表", ["预算单位 科目编码 科目名称 合计 基本支出 项目支出"], ". . . 合计 基本支出#basic 项目支出#project", "表8", dims="fund",
    )  # fmt: skip
    eight.row([Cell("合计", 3), None, None], basic_and_project(budget.of("fund")), "合计")
    for code, label, u in budget.functions(budget.of("fund"), (3, 5, 7)):
        eight.row([document.name, code, label], basic_and_project(u), label, code)
    nine = sheet(
        "state-capital-expenditure", "国有资本经营预算支出预算表", ["预算单位 科目编码 科目名称 合计 基本支出 项目支出"], ". . . 合计 基本支出 项目支出", "表9", dims="capital",
    )  # fmt: skip
    no_data(nine, "", note="备注：本部门无此项内容，故此表为空。", blank_rows=2)
    ten = sheet(
        "three-public-expenses", "“三公”经费财政拨款预算情况表",
        ["预算单位v2 年度v2 “三公”经费财政拨款预算总额v2 因公出国（境）费用v2 公务接待费v2 公务用车购置和运行维护费>3", "小计 公务用车购置费 公务用车运行维护费"],
        f". . “三公”经费财政拨款预算总额#three-public {THREE}", "表10",
    )  # fmt: skip
    now = three_public_wide(budget, order="tohvpn")
    doubled = [v * 2 for v in now]
    ten.row([document.name, "2024年"], now, "")
    ten.notes.append(
        "备注：1.按照党中央、国务院有关文件及部门预算管理有关规定，“三公”经费包括因公出国（境）费用、公务接待费、公务用车购置和运行维护费。"
    )
    eleven = sheet(
        "project-expenditure", "项目支出预算表", ["预算单位/项目名称v2 总计v2 财政预算拨款>3 财政专户拨款v2 上年结余、结转v2", "小计 一般公共预算拨款 政府性基金预算拨款"],
        ". 总计 小计 一般公共预算拨款 政府性基金预算拨款 . 上年结余、结转", "表11", loose=True,
    )  # fmt: skip
    rows = []
    for label, leaf, value in budget.projects:
        rows.append((label, [value, leaf.current if not leaf.basic else value, *(
            (value - leaf.carry) if leaf.source == s else ZERO for s in ("gpb", "fund")), leaf.carry]))  # fmt: skip
    eleven.row(
        [document.name, ""],
        [sum(c, ZERO) for c in zip(*(v for _, v in rows), strict=True)],
        document.name,
    )
    for label, found in rows:
        eleven.row([label, ""], found, label)
    name = document.name
    last = doubled[0]
    return written(
        document, [one, two, three, four, five, six, seven, eight, nine, ten, eleven],
        "一、部门预算收支总体情况",
        f"2024年{name}部门预算收入{claim('revenue-total', whole)}，比2023年增加{claim('revenue-total', '85.00', measure='change')}，增长"
        f"{claim('revenue-total', rate(Decimal(850_000), whole - 850_000), '%', 'rate')}，其中：财政预算拨款{claim('revenue-appropriation', now_of(budget, 'fiscal'))}。",
        f"2024年{name}部门预算支出{claim('expenditure-total', whole)}，比2023年增加{claim('expenditure-total', '85.00', measure='change')}，增长"
        f"{claim('expenditure-total', rate(Decimal(850_000), whole - 850_000), '%', 'rate')}。其中：人员支出{wan(sums[2])}万元、公用支出{wan(sums[3])}万元、"
        f"项目支出{claim('expenditure-project', sums[4])}。",
        "二、“三公”经费财政拨款预算情况",
        f"2024年“三公”经费财政拨款预算{claim('three-public', now[0])}，比2023年“三公”经费财政拨款预算减少{claim('three-public', last - now[0], measure='change', sign='-')}。",
        f"1.因公出国（境）费用。2024年预算数{claim('overseas', '0.00')}{flat('overseas')}，与2023年预算数相同。",
        f"2.公务接待费。2024年预算数{claim('hospitality', now[2])}，比2023年预算数减少{claim('hospitality', now[2], measure='change', sign='-')}。",
        f"3.公务用车购置和运行维护费。2024年预算数{claim('vehicles', now[3])}，其中：公务用车购置费2024年预算数{claim('vehicle-purchase', now[4])}，"
        f"公务用车运行维护费2024年预算数{claim('vehicle-operation', now[5])}。",
        f"三、政府采购预算情况。2024年{name}政府采购项目纳入2024年部门预算共计318.60万元，其中包括货物采购{claim('procurement-goods', '18.60')}、"
        f"工程采购{claim('procurement-works', '100.00')}、服务采购{claim('procurement-services', '200.00')}。",
    )  # fmt: skip


def tianjin() -> Disclosure:
    """Nine tables and projects in long rows: unit in the title line, blank zeros, codes indented, 部门 and 单位 columns."""
    style = Style(
        decimals=1,
        zero="",
        unit_form="单位：{}（保留1位小数）",
        body_form="{word}名称：{name}",
        repeat_merged=True,
    )
    document = Disclosure("tianjin", "天津市海泉区体育局", 2024, "approved", style)
    budget = make_budget(92, "sport", "1000", fund=True, business=True, capital=True)
    every, gpb = list(budget.leaves), budget.of("gpb")
    whole = now_of(budget, "whole")
    one = sheet(
        "revenue-expenditure-summary",
        "收支总表",
        ["收__入>2 支__出>2", "项__目 预算数 功能分类科目 预算数"],
        ". 预算数 . 预算数",
        "附件1-1",
    )
    balance(
        one, budget,
        ["一、一般公共预算拨款收入=gpb", "二、政府性基金预算拨款收入=fund", "三、国有资本经营预算拨款收入=capital", "四、财政专户管理资金收入=", "五、事业收入=business", "六、上级补助收入=", "七、附属单位上缴收入=", "八、事业单位经营收入=", "九、其他收入=other"],
        ["本年收入合计=now", "上年结转结余=carry", "收入总计=whole"], by_class(budget, every), [spent("本年支出合计", whole), spent("年终结转结余", None), spent("支出总计", whole)],
    )  # fmt: skip
    two = sheet(
        "revenue-summary", "收入总表",
        ["部门（单位）代码v2 部门（单位）名称v2 合计v2 本年收入>8 上年结转结余v2", "小计 一般公共预算收入 政府性基金预算收入 国有资本经营预算收入 财政专户管理资金收入 事业收入 事业单位经营收入 其他收入"],
        ". . 合计 小计 一般公共预算收入#gpb 政府性基金预算收入#fund 国有资本经营预算收入#capital . 事业收入#business . 其他收入#other 上年结转结余#carry", "附件1-2", direction="revenue",
    )  # fmt: skip
    values = [
        whole,
        *(
            now_of(budget, s)
            for s in ("now", "gpb", "fund", "capital", "business", "other", "carry")
        ),
    ]
    two.row([Cell("合计", 2), None, "", ""], values, "合计")
    two.row(["217", document.name, "", ""], values, document.name)
    three = sheet(
        "expenditure-summary",
        "支出总表",
        [
            "功能分类科目v2 合计v2 基本支出v2 项目支出v2 事业单位经营支出v2 上缴上级支出v2 对附属单位补助支出v2",
            "_",
        ],
        ". 合计 基本支出#basic 项目支出#project . . .",
        "附件1-3",
    )
    three.head = three.head[:1]
    three.head[0] = [type(h)(h.text) for h in three.head[0]]
    three.row(["合计", *[""] * 3], basic_and_project(every), "合计")
    for code, label, u in budget.functions(every, (3, 5, 7)):
        three.row(
            [f"{'  ' * ((len(code) - 3) // 2)}{code}-{label}", *[""] * 3],
            basic_and_project(u),
            label,
            code,
        )
    four = sheet(
        "fiscal-appropriation-summary", "财政拨款收支总表", ["收__入>2 支__出>5", "项__目 预算数 项__目 合计 一般公共预算 政府性基金预算 国有资本经营预算"],
        ". 预算数 . 合计 一般公共预算#gpb 政府性基金预算#fund 国有资本经营预算#capital", "附件1-4",
    )  # fmt: skip
    fiscal, parts = budget.of("gpb", "fund", "capital"), source_parts("gpb", "fund", "capital")
    owned = total(fiscal, lambda x: x.total)
    balance(
        four, budget, ["一、本年收入=fiscal", "（一）一般公共预算拨款=gpb", "（二）政府性基金预算拨款=fund", "（三）国有资本经营预算拨款=capital", "二、上年结转=carry"], ["收入总计="],
        [spent("一、本年支出", *parts(fiscal)), *by_class(budget, fiscal, parts, brackets=True), spent("二、结转下年", *[None] * 4)], [spent("支出总计", *parts(fiscal))],
    )  # fmt: skip
    four.body[-1] = [*income("收入总计", owned), *four.body[-1][2:]]
    five = sheet(
        "general-budget-expenditure", "一般公共预算支出表", ["功能分类科目>2 2024年预算数>5", "科目编码v2 科目名称v2 合计v2 基本支出>3 项目支出v2", "小计 人员经费 公用经费"],
        ". . 合计 小计#basic 人员经费#personnel 公用经费#public 项目支出#project", "附件1-5", dims="gpb",
    )  # fmt: skip
    function_rows(five, budget, gpb, basic_parts, codes="indented", indent="  ", total_in="code")
    six = sheet(
        "general-budget-basic-expenditure", "一般公共预算基本支出表", ["部门预算支出经济分类科目>2 2024年基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费"],
        ". . 合计#basic 人员经费#personnel 公用经费#public", "附件1-6", dims="gpb",
    )  # fmt: skip
    economic_rows(six, budget, total_in="code", indent="  ")
    seven = sheet(
        "three-public-expenses", "一般公共预算“三公”经费支出表", ["“三公”经费合计v2 因公出国(境)费用v2 公务用车购置及运行维护费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行维护费"],
        "“三公”经费合计#three-public 因公出国(境)费用#overseas-travel 小计#vehicles 公务用车购置费#vehicle-purchase 公务用车运行维护费#vehicle-operation 公务接待费#hospitality", "附件1-7", dims="gpb",
    )  # fmt: skip
    seven.row([], three_public_wide(budget), "")
    tables = [one, two, three, four, five, six, seven]
    for kind, title, number, source, head in (
        (
            "government-fund-expenditure",
            "政府性基金预算支出表",
            "附件1-8",
            "fund",
            "本年政府性基金预算支出",
        ),
        (
            "state-capital-expenditure",
            "国有资本经营预算支出表",
            "附件1-9",
            "capital",
            "本年国有资本经营预算支出",
        ),
    ):
        table = sheet(
            kind,
            title,
            [f"科目编码v2 科目名称v2 {head}>3", "合计 基本支出 项目支出"],
            ". . 合计 基本支出#basic 项目支出#project",
            number,
            dims=source,
        )
        function_rows(
            table, budget, budget.of(source), basic_and_project, total_in="code", codes="indented"
        )
        tables.append(table)
    ten = sheet(
        "project-expenditure", "项目支出表",
        ["主管部门v2 项目单位v2 项目名称v2 本年支出>5 上年结转v2 合计v2", "小计 一般公共预算 政府性基金预算 国有资本经营预算 单位资金"],
        ". . . 小计 一般公共预算 政府性基金预算 国有资本经营预算 单位资金 上年结转 合计", "附件1-10", loose=True,
    )  # fmt: skip
    rows = []
    for label, leaf, value in budget.projects:
        at = [
            value - leaf.carry if leaf.source == s else ZERO
            for s in ("gpb", "fund", "capital", "business")
        ]
        rows.append((label, [value - leaf.carry, *at, leaf.carry, value]))
    ten.row(
        [Cell("合计", 3), None, None],
        [sum(c, ZERO) for c in zip(*(v for _, v in rows), strict=True)],
        "合计",
    )
    for label, found in rows:
        ten.row([document.name, document.name, label], found, label)
    name, basic, project = (
        document.name,
        total(gpb, lambda x: x.basic),
        total(gpb, lambda x: x.project),
    )
    sport = total([x for x in gpb if x.code.startswith("207")], lambda x: x.total)

    def one_decimal(v: Decimal) -> str:
        return f"{v / 10_000:.1f}"

    return written(
        document, [*tables, ten],
        "一、2024年部门预算收支增减变化情况的说明",
        "按照综合预算的原则，所有收入和支出均纳入部门预算管理。",
        f"{name}2024年收支总预算{claim('revenue-and-expenditure-total', one_decimal(whole))}，与2023年预算相比增加{claim('revenue-and-expenditure-total', '15.2', measure='change')}，主要原因是人员经费增加。",
        f"（一）2024年部门收入预算{claim('revenue-total', one_decimal(whole))}，其中：一般公共预算拨款收入{claim('revenue-general-public-budget', one_decimal(now_of(budget, 'gpb')))}，占"
        f"{claim('revenue-general-public-budget', rate(now_of(budget, 'gpb'), whole), '%', 'share')}。",
        f"（二）2024年部门支出预算{claim('expenditure-total', one_decimal(whole))}，其中：基本支出{claim('expenditure-basic', one_decimal(total(every, lambda x: x.basic)))}，占"
        f"{claim('expenditure-basic', rate(total(every, lambda x: x.basic), whole), '%', 'share')}；项目支出{claim('expenditure-project', one_decimal(total(every, lambda x: x.project)))}。",
        "二、一般公共预算支出情况",
        f"{name}2024年一般公共预算支出{claim('general-budget-total', one_decimal(basic + project))}，与2023年预算相比增加{claim('general-budget-total', '15.2', measure='change')}，其中：",
        f"1.“文化旅游体育与传媒支出”{claim('function/207', one_decimal(sport))}，主要用于体育事业发展。",
        "三、“三公”经费情况说明",
        f"{name}2024年“三公”经费预算{claim('three-public', one_decimal(budget.three_public))}{flat('three-public')}，与2023年预算持平。具体情况：",
        f"1.因公出国（境）费预算{claim('overseas', '0')}{flat('overseas')}，与2023年预算持平。",
        f"2.公务用车购置及运行维护费预算{claim('vehicles', one_decimal(budget.vehicles))}（公务用车购置费{claim('vehicle-purchase', '0')}，公务用车运行维护费{claim('vehicle-operation', one_decimal(budget.vehicles))}），与2023年预算相比增加"
        f"{claim('vehicles', '0.2', measure='change')}。",
        f"3.公务接待费预算{claim('hospitality', one_decimal(budget.hospitality))}，与2023年预算相比减少{claim('hospitality', '0.2', measure='change', sign='-')}，主要原因是厉行节约。",
    )  # fmt: skip


def shanxi() -> Disclosure:
    """Three columns a side: last year, this year, change in per cent; and again in the tables by function."""
    style = Style(
        decimals=2,
        unit_form="单位:{}",
        body_form="",
        page_rows=18,
        cut_text=True,
        repeat_caption=True,
    )
    document = Disclosure("shanxi", "山西省汾谷县水务局", 2022, "approved", style)
    budget = make_budget(93, "water", "100", fund=True, carry=False)
    every, gpb = list(budget.leaves), budget.of("gpb")
    whole = now_of(budget, "whole")
    year = "项目 2021年 2022年 2022年比2021年增减%"
    one = sheet(
        "revenue-expenditure-summary",
        f"{document.name}2022年预算收支总表",
        ["收______入>4 支______出>4", f"{year} {year}"],
        ". 2021年~1 2022年 . . 2021年~1 2022年 .",
        "预算公开表1",
    )
    last = {(x.code, x.source): budget.near(x.total) for x in every}

    def before(u: Sequence[Leaf]) -> Decimal:
        return sum((last[x.code, x.source] for x in u), ZERO)

    def compared(
        line: str, u: Sequence[Leaf], direction: str, code: str | None = None, printed: str = ""
    ) -> list[str | Amount]:
        a, b = before(u), total(u, lambda x: x.total)
        percent = f"{(b - a) / a * 100:.2f}%" if a else ""
        return [
            printed or line,
            Amount(a, line, code, direction),
            Amount(b, line, code, direction),
            percent,
        ]

    left = [compared("一、一般公共预算", gpb, "revenue"), compared("二、政府性基金", budget.of("fund"), "revenue"), ["三、国有资本经营预算", "", "", ""],
            ["四、财政专户管理资金", "", "", ""], ["五、单位资金", "", "", ""]]  # fmt: skip
    right = [
        compared(n, u, "expenditure", None, f"{'一二三四五六七八九'[i]}、{n}")
        for i, (_, n, u) in enumerate(budget.functions(every, (3,)))
    ]
    blank = ["", "", "", ""]
    for i in range(max(len(left), len(right))):
        one.add(*(left[i] if i < len(left) else blank), *(right[i] if i < len(right) else blank))
    one.add(
        *compared("本年收入合计", every, "revenue"), *compared("本年支出合计", every, "expenditure")
    )
    one.add("上年结转", "", "", "", "结转下年", "", "", "")
    one.add(*compared("收入总计", every, "revenue"), *compared("支出总计", every, "expenditure"))
    two = sheet(
        "revenue-summary", f"{document.name}2022年预算收入总表", ["项目>2 本年收入>5", "科目编码 科目名称 合计 一般公共预算 政府性基金 国有资本经营预算 财政专户管理资金"],
        ". . 合计 一般公共预算#gpb 政府性基金#fund . .", "预算公开表2", direction="revenue",
    )  # fmt: skip
    function_rows(
        two,
        budget,
        every,
        source_parts("gpb", "fund"),
        totals="last",
        total_in="name",
        after=("", ""),
    )
    three = sheet(
        "expenditure-summary",
        f"{document.name}2022年预算支出总表",
        ["项目>2 本年支出合计v2 基本支出v2 项目支出v2", "科目编码 科目名称"],
        ". . 本年支出合计 基本支出#basic 项目支出#project",
        "预算公开表3",
    )
    function_rows(three, budget, every, basic_and_project, totals="last", total_in="name")
    four = sheet(
        "fiscal-appropriation-summary", f"{document.name}2022年财政拨款收支总表", ["收______入>2 支______出>4", "项目 金额 项目 小计 一般公共预算 政府性基金预算"],
        ". 金额 . 小计 一般公共预算#gpb 政府性基金预算#fund", "预算公开表4",
    )  # fmt: skip
    parts = source_parts("gpb", "fund")
    balance(four, budget, ["一、一般公共预算=gpb", "二、政府性基金预算=fund", "三、国有资本经营预算="], ["本年收入合计=now", "上年结转=", "收入总计=whole"],
            by_class(budget, every, parts), [spent("本年支出合计", *parts(every)), spent("结转下年", *[None] * 3), spent("支出总计", *parts(every))])  # fmt: skip
    compare = "2021年预算数>3 2022年预算数>3 2022年预算数比2021年预算数增减%>3"
    five = sheet(
        "general-budget-expenditure", f"{document.name}2022年一般公共预算支出表", [f"项目>2 {compare}", "科目编码 科目名称 合计 基本支出 项目支出 合计 基本支出 项目支出 合计 基本支出 项目支出"],
        ". . 合计~1 基本支出#basic~1 项目支出#project~1 合计 基本支出#basic 项目支出#project . . .", "预算公开表5", dims="gpb",
    )  # fmt: skip

    def years(u: Sequence[Leaf]) -> list[Decimal]:
        a = [
            sum((last[x.code, x.source] if not p or getattr(x, p) else ZERO for x in u), ZERO)
            for p in ("", "basic", "")
        ]
        a[1] = min(a[1], a[0])
        return [a[0], a[1], a[0] - a[1], *basic_and_project(u)]

    rows = [
        *((c, n, u, c) for c, n, u in budget.functions(gpb, (3, 5, 7))),
        ("", "合      计", gpb, None),
    ]
    for code, label, u, key in rows:
        found = years(u)
        percents = [
            f"{(b - a) / a * 100:.2f}%" if a else ""
            for a, b in zip(found[:3], found[3:], strict=True)
        ]
        five.row([code, label, *percents], found, "合计" if key is None else label, key)
    six = sheet(
        "general-budget-basic-expenditure",
        f"{document.name}2022年一般公共预算安排基本支出分经济科目表",
        ["经济科目名称 预算数 备注"],
        ". 预算数#basic .",
        "预算公开表6",
        dims="gpb",
    )
    numbers = iter("一二三四五六")
    six.kind = "general-budget-basic-expenditure"
    for code in sorted({c[:3] for c in budget.economic} | set(budget.economic)):
        label = ECONOMIC[code]
        printed = f"{next(numbers)}、{label}" if len(code) == 3 else f"    {label}"
        six.row([printed, ""], [budget.economic_sum(code)], label)
    six.row(["合      计", ""], [budget.economic_sum()], "合计")
    seven = sheet(
        "government-fund-expenditure",
        f"{document.name}2022年政府性基金预算支出表",
        [
            "项目>2 2022年预算数>3 2022年预算数比2021年预算数增减%v2",
            "科目编码 科目名称 合计 基本支出 项目支出",
        ],
        ". . 合计 基本支出#basic 项目支出#project .",
        "预算公开表7",
        dims="fund",
    )
    function_rows(
        seven, budget, budget.of("fund"), basic_and_project, totals="last", after=("3.20%",)
    )
    eight = sheet(
        "state-capital-expenditure",
        f"{document.name}2022年国有资本经营预算收支预算表",
        ["项目 2022年预算数 项目 2022年预算数"],
        ". . . .",
        "预算公开表8",
    )
    eight.add("一、利润收入", "", "一、国有资本经营预算支出", "")
    eight.add("收入合计", "", "支出合计", "")
    eight.notes.append("我单位2022年没有国有资本经营预算收支，本表无数据。")
    nine = sheet(
        "three-public-expenses",
        f"{document.name}2022年“三公”经费预算财政拨款情况统计表",
        ["项目 2021年预算数 2022年预算数 2022年比2021年增减"],
        ". 2021年预算数~1 2022年预算数 2022年比2021年增减?",
        "预算公开表9",
    )
    now = three_public_row(budget)
    for label, at in (
        ("因公出国（境）费", 1),
        ("公务接待费", 5),
        ("公务用车购置及运行费", 2),
        ("①公务用车购置费", 3),
        ("②公务用车运行维护费", 4),
        ("合      计", 0),
    ):
        nine.row(
            [label],
            [now[at] * 2, now[at], -now[at]],
            label.strip("①②") if at else "合计",
            item=ITEMS[at],
        )
    ten = sheet(
        "operating-expenses",
        f"{document.name}2022年机关运行经费预算财政拨款情况统计表",
        ["序号 单位名称 2022年预算数 其中：一般公共预算 政府性基金"],
        ". . 2022年预算数 其中：一般公共预算 .",
        "预算公开表10",
        loose=True,
    )
    running = budget.economic_sum("302")
    ten.row(["", "合      计", ""], [running, running], "合计")
    ten.row(["1", document.name, ""], [running, running], document.name)
    up, prior = whole - before(every), before(every)
    own, own_before = total(gpb, lambda x: x.total), before(gpb)
    name = document.name
    return written(
        document, [one, two, three, four, five, six, seven, eight, nine, ten],
        "一、2022年度部门预算数据变动情况及原因",
        f"{name}2022年度收入预算总额{claim('revenue-total', whole)}，比上年增加{claim('revenue-total', up, measure='change')}，增长{claim('revenue-total', rate(up, prior), '%', 'rate')}，其中："
        f"一般公共预算收入{claim('revenue-general-public-budget', own)}，比上年增加{claim('revenue-general-public-budget', own - own_before, measure='change')}。",
        f"2022年度支出预算总额{claim('expenditure-total', whole)}，比上年增加{claim('expenditure-total', up, measure='change')}，增长{claim('expenditure-total', rate(up, prior), '%', 'rate')}。",
        "二、“三公”经费增减变动原因说明",
        f"2022年“三公”经费预算{claim('three-public', now[0])}，比2021年减少{claim('three-public', now[0], measure='change', sign='-')}，下降{claim('three-public', '50.00', '%', 'rate', '-')}。"
        f"其中：公务接待费{claim('hospitality', now[5])}，比2021年减少{claim('hospitality', now[5], measure='change', sign='-')}；公务用车运行维护费{claim('vehicle-operation', now[4])}，比2021年减少"
        f"{claim('vehicle-operation', now[4], measure='change', sign='-')}。",
        "三、机关运行经费增减变动原因说明",
        f"2022年机关运行经费预算{claim('operating-expenses', running)}，比2021年增加{claim('operating-expenses', '2.00', measure='change')}，主要原因是办公用房修缮。",
        "四、政府采购情况",
        f"2022年政府采购预算总额{claim('procurement-total', '52.30')}，其中：政府采购货物预算{claim('procurement-goods', '12.30')}、政府采购工程预算{claim('procurement-works', '0')}、政府采购服务预算{claim('procurement-services', '40.00')}。",
    )  # fmt: skip


def chongqing_final() -> Disclosure:
    """Final accounts of 2024 with the table on how the body works: 三公, counts, running costs, procurement."""
    style = Style(
        decimals=2,
        zero="",
        thousands=True,
        one_line_caption=True,
        body_form="公开部门：{name}",
        unit_form="单位：{}",
    )
    document = Disclosure("chongqing-final", "重庆市江岸区水务局", 2024, "executed", style)
    budget = make_budget(94, "water", "100", fund=True, vehicle_purchase=True)
    accounts = Accounts(budget, {"gpb": "200000", "fund": "30000"})
    tables = national(document, accounts, phases=False)
    run = sheet(
        "three-public-expenses", "机构运行信息表", ["项目 预算数 决算数 项目 决算数"],
        ". 预算数#approved 决算数#executed . 决算数#executed", "公开10表",
    )  # fmt: skip
    run.kind = "operation-information"
    now = three_public_row(budget)
    running = budget.economic_sum("302")
    goods, works, services = Decimal(365_800), Decimal(1_204_500), Decimal(88_000)

    def item(label: str, at: int) -> list[str | Amount]:
        dims: dict[str, str] = {}  # some of the items have other names here
        plain = label.lstrip("0123456789.（）一二三 ")
        return [
            label,
            Amount(now[at] * 2, plain, None, None, dims),
            Amount(now[at], plain, None, None, dims),
        ]

    left = [
        ["一、“三公”经费支出", "—", "—"], item("（一）支出合计", 0), item("1．因公出国（境）费", 1), item("2．公务用车购置及运行维护费", 2),
        item("（1）公务用车购置费", 3), item("（2）公务用车运行维护费", 4), item("3．公务接待费", 5), item("（1）国内接待费", 5), ["其中：外事接待费", "—", ""],
        ["（2）国（境）外接待费", "—", ""], ["（二）相关统计数", "—", "—"], ["1．因公出国（境）团组数（个）", "—", ""], ["2．公务用车购置数（辆）", "—", "1"],
        ["3．公务用车保有量（辆）", "—", "4"], ["4．国内公务接待批次（个）", "—", "25"], ["5．国内公务接待人次（人）", "—", "210"],
    ]  # fmt: skip

    def amount(label: str, v: Decimal) -> list[str | Amount]:
        return [label, Amount(v, label.split("．")[-1].split("）")[-1].split("、")[-1])]

    right = [
        ["二、机关运行经费", "—"], amount("（一）行政单位", running), amount("（二）参照公务员法管理事业单位", ZERO), ["三、国有资产占用情况", "—"],
        ["（一）车辆数合计（辆）", "4"], ["1．副部（省）级及以上领导用车", ""], ["2．机要通信用车", "1"], ["3．应急保障用车", "3"], ["（二）单价100万元（含）以上设备（不含车辆）（台，套）", "2"],
        ["四、政府采购支出信息", "—"], amount("（一）政府采购支出合计", goods + works + services), amount("1．政府采购货物支出", goods), amount("2．政府采购工程支出", works),
        amount("3．政府采购服务支出", services), amount("（二）政府采购授予中小企业合同金额", goods + services), amount("其中：授予小微企业合同金额", goods),
    ]  # fmt: skip
    for a, b in zip(left, right, strict=True):
        run.add(*a, *b)
    run.notes.append(
        "说明：本表反映部门本年度“三公”经费支出、机关运行经费、国有资产占用及政府采购情况。"
    )
    every = list(budget.leaves)
    got = accounts.income(every)
    spending, closing, opening = (
        budget.sum(lambda x: x.total),
        accounts.closing(every),
        budget.sum(lambda x: x.carry),
    )
    basic, project = budget.sum(lambda x: x.basic), budget.sum(lambda x: x.project)
    own = budget.sum(lambda x: x.total, "gpb")
    return written(
        document, [*tables, run],
        "二、部门决算收支情况说明",
        "（一）收入支出决算总体情况说明",
        f"1．总体情况。本部门2024年度收入总计{claim('revenue-total', spending + closing)}，支出总计{claim('expenditure-total', spending + closing)}。收支较上年决算数增加"
        f"{claim('revenue-and-expenditure-total', '31.20', measure='change')}，增长{claim('revenue-and-expenditure-total', '3.1', '%', 'rate')}，主要原因是项目增加。",
        f"2．收入情况。本部门2024年度收入合计{claim('revenue-current', got)}，较上年决算数减少{claim('revenue-current', '14.00', measure='change', sign='-')}，下降"
        f"{claim('revenue-current', rate(Decimal(-140_000), got + 140_000), '%', 'rate', '-')}，主要原因是项目减少。其中：财政拨款收入{claim('revenue-appropriation', got)}，占"
        f"{claim('revenue-appropriation', '100.00', '%', 'share')}。此外，年初结转和结余{claim('carryover-in', opening)}。",
        f"3．支出情况。本部门2024年度支出合计{claim('expenditure-current', spending)}，其中：基本支出{claim('expenditure-basic', basic)}，占"
        f"{claim('expenditure-basic', rate(basic, spending), '%', 'share')}；项目支出{claim('expenditure-project', project)}，占{claim('expenditure-project', rate(project, spending), '%', 'share')}。",
        f"4．结转结余情况。本部门2024年度年末结转和结余{claim('carryover-out', closing)}，较上年决算数增加{claim('carryover-out', '1.00', measure='change')}。",
        "（三）一般公共预算财政拨款收入支出决算情况说明",
        f"2．支出情况。本部门2024年度一般公共预算财政拨款支出{claim('general-budget-total', own)}，较上年决算数增加{claim('general-budget-total', '20.00', measure='change')}。较年初预算数增加{claim('general-budget-total', '120.00', measure='change')}，增长{claim('general-budget-total', rate(Decimal(1_200_000), own - 1_200_000), '%', 'rate')}。",
        "（四）一般公共预算财政拨款基本支出决算情况说明",
        f"本部门2024年度一般公共财政拨款基本支出{claim('general-budget-basic', basic)}。其中：人员经费{claim('personnel', budget.sum(lambda x: x.personnel))}，较上年决算数增加"
        f"{claim('personnel', '3.00', measure='change')}；公用经费{claim('public', budget.sum(lambda x: x.public))}。",
        "三、财政拨款“三公”经费情况说明",
        f"2024年度本部门“三公”经费支出共计{claim('three-public', now[0])}，较年初预算数减少{claim('three-public', now[0], measure='change', sign='-')}，下降{claim('three-public', '50.00', '%', 'rate', '-')}。",
        f"本部门2024年度因公出国（境）费用{claim('overseas', '0.00')}。公务车购置费{claim('vehicle-purchase', now[3])}，费用支出较年初预算数减少{claim('vehicle-purchase', now[3], measure='change', sign='-')}。"
        f"公务车运行维护费{claim('vehicle-operation', now[4])}，主要用于执法。公务接待费{claim('hospitality', now[5])}。",
        f"四、其他需要说明的事项。2024年度本部门机关运行经费支出{claim('operating-expenses', running)}，本部门政府采购支出总额{claim('procurement-total', goods + works + services)}，其中：政府采购货物支出"
        f"{claim('procurement-goods', goods)}、政府采购工程支出{claim('procurement-works', works)}、政府采购服务支出{claim('procurement-services', services)}。授予中小企业合同金额"
        f"{claim('procurement-small-medium', goods + services)}，占政府采购支出总额的{claim('procurement-small-medium', rate(goods + services, goods + works + services), '%', 'share')}。",
    )  # fmt: skip


LAYOUTS = {
    "shenzhen": shenzhen,
    "tianjin": tianjin,
    "shanxi": shanxi,
    "chongqing-final": chongqing_final,
}
