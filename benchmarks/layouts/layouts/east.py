"""A county of Jiangsu with fifteen tables, a unit of a Shanghai district, Anhui."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from benchmarks.layouts.budget import ECONOMIC, Budget, Leaf, make_budget
from benchmarks.layouts.forms import (
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
    written,
)
from benchmarks.layouts.model import Cell, Disclosure, Style, Table
from benchmarks.layouts.parts import (
    basic_and_project,
    economic_rows,
    function_rows,
    income,
    no_data,
    spent,
    total,
)


def jiangsu_county() -> Disclosure:
    """Fifteen tables of 2025, 万元 with two decimals; sentences with changes to the year before."""
    style = Style(thousands=True, page_rows=24)
    document = Disclosure("jiangsu-county", "通海县体育局", 2025, "approved", style)
    budget = make_budget(71, "sport", "100", fund=True, business=True, vehicle_purchase=True)
    every, gpb, fund = list(budget.leaves), budget.of("gpb"), budget.of("fund")
    fiscal = budget.of("gpb", "fund", "capital")
    whole = now_of(budget, "whole")
    one = sheet(
        "revenue-expenditure-summary", "收支总表", ["收入>2 支出>2", "项目 预算数 项目 预算数"],
        ". 预算数 . 预算数", "公开01表",
    )  # fmt: skip
    balance(
        one, budget,
        ["一、一般公共预算拨款收入=gpb", "二、政府性基金预算拨款收入=fund", "三、国有资本经营预算拨款收入=",
         "四、财政专户管理资金收入=", "五、事业收入=business", "六、事业单位经营收入=", "七、上级补助收入=",
         "八、附属单位上缴收入=", "九、其他收入=other"],
        ["本年收入合计=now", "上年结转结余=carry", "收入总计=whole"],
        by_class(budget, every, every=True), ends(whole, "本年支出合计", "年终结转结余", "支出总计"),
    )  # fmt: skip
    two = sheet(
        "revenue-summary", "收入总表",
        ["部门（单位）代码v2 部门（单位）名称v2 合计v2 本年收入>10 上年结转结余>6",
         "小计 一般公共预算 政府性基金预算 国有资本经营预算 财政专户管理资金 事业收入 事业单位经营收入 上级补助收入 附属单位上缴收入 其他收入 "
         "小计 一般公共预算 政府性基金预算 国有资本经营预算 财政专户管理资金 单位资金"],
        ". . 合计 小计 一般公共预算#gpb 政府性基金预算#fund . . 事业收入#business . . . 其他收入#other "
        "小计#carry 一般公共预算 政府性基金预算 . . .",
        "公开02表", direction="revenue",
    )  # fmt: skip
    carried = source_parts("gpb", "fund", measure="carry")(every)
    received = [
        whole,
        *(now_of(budget, s) for s in ("now", "gpb", "fund", "business", "other")),
        *carried,
    ]
    two.row([Cell("合计", 2), None, *[""] * 8], received, "合计")
    for code, name in (("061", document.name), ("061001", f"{document.name}（本级）")):
        two.row([code, name, *[""] * 8], received, name)
    three = sheet(
        "expenditure-summary", "支出总表",
        ["科目编码 科目名称 合计 基本支出 项目支出 事业单位经营支出 上缴上级支出 对附属单位补助支出"],
        ". . 合计 基本支出#basic 项目支出#project . . .", "公开03表",
    )  # fmt: skip
    function_rows(
        three, budget, every, basic_and_project, totals="first", total_in="code", after=("",) * 3
    )
    four = sheet(
        "fiscal-appropriation-summary", "财政拨款收支总表", ["收_入>2 支_出>2", "项_目 预算数 项_目 预算数"],
        ". 预算数 . 预算数", "公开04表",
    )  # fmt: skip
    owned = total(fiscal, lambda x: x.total)
    balance(
        four, budget,
        ["一、本年收入=fiscal", "（一）一般公共预算拨款=gpb", "（二）政府性基金预算拨款=fund", "（三）国有资本经营预算拨款=",
         "二、上年结转=carry", "（一）一般公共预算拨款=", "（二）政府性基金预算拨款=", "（三）国有资本经营预算拨款="],
        ["收入总计=0"], [spent("一、本年支出", owned), *by_class(budget, fiscal, brackets=True)],
        [spent("支出总计", owned)],
    )  # fmt: skip
    four.body[-1] = [*income("收入总计", owned), *four.body[-1][2:]]
    tables = [one, two, three, four]
    levels = ". . 合计 小计#basic 人员经费#personnel 公用经费#public 项目支出#project"
    for kind, title, number, leaves, source in (
        ("fiscal-appropriation-expenditure", "财政拨款支出表（功能科目）", "公开05表", fiscal, "fiscal"),
        ("fiscal-appropriation-basic-expenditure", "财政拨款基本支出表（经济科目）", "公开06表", None, "fiscal"),
        ("general-budget-expenditure", "一般公共预算支出表", "公开07表", gpb, "gpb"),
        ("general-budget-basic-expenditure", "一般公共预算基本支出表", "公开08表", None, "gpb"),
    ):  # fmt: skip
        if leaves is None:
            what = "财政拨款" if source == "fiscal" else "一般公共预算"
            table = sheet(
                kind, title, [f"部门预算支出经济分类科目>2 本年{what}基本支出>3", "科目编码 科目名称 合计 人员经费 公用经费"],
                ". . 合计#basic 人员经费#personnel 公用经费#public", number, dims=source,
            )  # fmt: skip
            economic_rows(table, budget, total_in="code")
        else:
            table = sheet(
                kind, title, ["科目编码v2 科目名称v2 合计v2 基本支出>3 项目支出v2", "小计 人员经费 公用经费"],
                levels, number, dims=source,
            )  # fmt: skip
            function_rows(table, budget, leaves, basic_parts, total_in="code")
        tables.append(table)
    nine = sheet(
        "three-public-expenses", "一般公共预算“三公”经费、会议费、培训费支出预算表",
        ["“三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行维护费>3 公务接待费v2 会议费v2 培训费v2", "小计 公务用车购置费 公务用车运行维护费"],
        "“三公”经费合计#three-public 因公出国（境）费#overseas-travel 小计#vehicles 公务用车购置费#vehicle-purchase "
        "公务用车运行维护费#vehicle-operation 公务接待费#hospitality 会议费#meetings 培训费#training",
        "公开09表", dims="gpb",
    )  # fmt: skip
    meetings, training = Decimal(36_000), budget.economic["30216"]
    nine.row([], [*three_public_wide(budget), meetings, training], "")
    ten = sheet(
        "government-fund-expenditure", "政府性基金预算支出表",
        ["科目编码v2 科目名称v2 本年政府性基金预算支出>3", "合计 基本支出 项目支出"],
        ". . 合计 基本支出#basic 项目支出#project", "公开10表", dims="fund",
    )  # fmt: skip
    function_rows(ten, budget, fund, basic_and_project, total_in="code")
    eleven = sheet(
        "state-capital-expenditure", "国有资本经营预算支出预算表",
        ["项_目>2 本年国有资本经营预算支出>3", "科目编码 科目名称 合计 基本支出 项目支出"],
        ". . 合计 基本支出 项目支出", "公开11表", dims="capital",
    )  # fmt: skip
    eleven.add(Cell("合计", 2), None, "", "", "")
    eleven.notes.append("注：本部门无国有资本经营预算支出预算，故本表为空表。")
    twelve = sheet(
        "operating-expenses", "一般公共预算机关运行经费支出预算表", ["科目编码 科目名称 机关运行经费支出"],
        ". . 机关运行经费支出", "公开12表", dims="gpb",
    )  # fmt: skip
    running = budget.economic_sum("302")
    twelve.row([Cell("合计", 2), None], [running], "合计")
    for code, value in budget.economic.items():
        if code.startswith("302"):
            twelve.row([code, ECONOMIC[code]], [value], ECONOMIC[code], code)
    thirteen = sheet(
        "government-procurement", "政府采购支出预算表",
        ["采购品目大类v2 专项名称v2 经济科目v2 采购品目名称v2 采购组织形式v2 资金来源>5 总计v2",
         "一般公共预算资金 政府性基金 其他资金 财政专户管理资金 上年结转和结余资金"],
        ". . . . . 一般公共预算资金#gpb 政府性基金#fund 其他资金#other . . 总计", "公开13表",
    )  # fmt: skip
    bought = {"货物": Decimal("365800"), "工程": Decimal("1204500"), "服务": Decimal("88000")}
    sums = sum(bought.values())
    thirteen.row([Cell("合计", 5), *[None] * 4, "", ""], [sums, ZERO, ZERO, sums], "合计")
    for label, value in bought.items():
        thirteen.row([label, *[""] * 4, "", ""], [value, ZERO, ZERO, value], label)
        thirteen.row(
            ["", "场馆维修专项", "维修(护)费", f"{label}采购", "集中采购机构采购", "", ""], [value, ZERO, ZERO, value], f"{label}采购",
        )  # fmt: skip
    fourteen = sheet(
        "purchased-services", "政府购买服务支出表", ["购买服务项目名称 购买服务内容 承接主体类别 合计 一般公共预算 政府性基金 其他资金"],
        ". . . 合计 一般公共预算#gpb . .", "公开14表", loose=True,
    )  # fmt: skip
    fourteen.row(["合计", "", "", "", ""], [Decimal(88_000)] * 2, "合计")
    fourteen.row(
        ["体育赛事保障", "赛事组织", "企业", "", ""], [Decimal(88_000)] * 2, "体育赛事保障"
    )
    fifteen = sheet(
        "project-expenditure", "项目支出表",
        ["类型v2 项目名称v2 项目单位v2 合计v2 本年拨款>3 财政拨款结转结余v2 单位资金v2", "一般公共预算 政府性基金预算 国有资本经营预算"],
        ". . . 合计#project 一般公共预算 政府性基金预算 . 财政拨款结转结余 单位资金", "公开15表", loose=True,
    )  # fmt: skip
    projects(fifteen, document.name, budget)
    tables += [nine, ten, eleven, twelve, thirteen, fourteen, fifteen]
    up, down, more = Decimal(1_200_000), Decimal(-350_000), Decimal(43_000)
    basic, project = total(every, lambda x: x.basic), total(every, lambda x: x.project)
    name = document.name
    written(
        document, tables,
        "一、收支预算总体情况说明",
        f"{name}2025年度收入、支出预算总计{claim('revenue-and-expenditure-total', whole)}，与上年相比收、支预算总计各增加"
        f"{claim('revenue-and-expenditure-total', up, measure='change')}，增长"
        f"{claim('revenue-and-expenditure-total', rate(up, whole - up), '%', 'rate')}。其中：",
        f"（一）收入预算总计{claim('revenue-total', whole)}。包括：",
        f"1．本年收入合计{claim('revenue-current', now_of(budget, 'now'))}。",
        f"（1）一般公共预算拨款收入{claim('revenue-general-public-budget', now_of(budget, 'gpb'))}，与上年相比减少"
        f"{claim('revenue-general-public-budget', -down, measure='change', sign='-')}，减少"
        f"{claim('revenue-general-public-budget', rate(down, now_of(budget, 'gpb') - down), '%', 'rate', '-')}。主要原因是项目减少。",
        f"（2）政府性基金预算拨款收入{claim('revenue-government-fund', now_of(budget, 'fund'))}{flat('revenue-government-fund')}，与上年预算数相同。",
        f"2．上年结转结余为{claim('carryover-in', now_of(budget, 'carry'))}。",
        f"（二）支出预算总计{claim('expenditure-total', whole)}。",
        "三、支出预算情况说明",
        f"{name}2025年支出预算合计{claim('expenditure-total', whole)}，其中：",
        f"基本支出{claim('expenditure-basic', basic)}，占{claim('expenditure-basic', rate(basic, whole), '%', 'share')}；",
        f"项目支出{claim('expenditure-project', project)}，占{claim('expenditure-project', rate(project, whole), '%', 'share')}；",
        "九、一般公共预算“三公”经费、会议费、培训费支出预算情况说明",
        f"{name}2025年度一般公共预算拨款安排的“三公”经费支出预算{claim('three-public', budget.three_public)}，比上年预算增加"
        f"{claim('three-public', more, measure='change')}。其中，因公出国（境）费支出{claim('overseas', '0.00')}；"
        f"公务用车购置及运行维护费支出{claim('vehicles', budget.purchase + budget.vehicles)}；公务接待费支出"
        f"{claim('hospitality', budget.hospitality)}。具体情况如下：",
        f"（1）公务用车购置预算支出{claim('vehicle-purchase', budget.purchase)}，本年数大于上年预算数的主要原因是更新车辆。",
        f"（2）公务用车运行维护费预算支出{claim('vehicle-operation', budget.vehicles)}{flat('vehicle-operation')}，与上年预算数相同。",
        f"十二、机关运行经费：2025年度一般公共预算机关运行经费预算支出{claim('operating-expenses', running)}。",
        f"十三、2025年度政府采购支出预算总额{claim('procurement-total', sums)}，其中：拟采购货物支出"
        f"{claim('procurement-goods', bought['货物'])}、拟采购工程支出{claim('procurement-works', bought['工程'])}、"
        f"拟采购服务支出{claim('procurement-services', bought['服务'])}。",
    )  # fmt: skip
    return document


def projects(table: Table, unit: str, budget: Budget) -> None:
    """Projects by the source of their money: total, two budgets, carried money, own funds."""
    running = [ZERO] * 5
    rows = []
    for name, leaf, value in budget.projects:
        parts = [leaf.current if leaf.source == s else ZERO for s in ("gpb", "fund", "business")]
        if leaf.source == "business":
            parts[2] = value
        if leaf.personnel and leaf.source == "gpb":
            parts[0] = value
        line = [value, parts[0], parts[1], leaf.carry, parts[2]]
        running = [a + b for a, b in zip(running, line, strict=True)]
        rows.append((name, line))
    table.row(["合计", "", "", ""], running, "合计")
    for name, line in rows:
        table.row(["特定目标类", name, unit, ""], line, name)


def shanghai_unit() -> Disclosure:
    """A unit's budget of 2023 in 元: codes apart, totals last, 三公 and running costs in one row in 万元."""
    style = Style(
        unit=1, decimals=2, thousands=True, body_form="编制单位：{name}", unit_form="单位：{}", one_line_caption=True,
    )  # fmt: skip
    document = Disclosure(
        "shanghai-unit", "上海市云川区水务局（本级）", 2023, "approved", style, body_word="单位"
    )
    budget = make_budget(72, "water", "100", fund=False, business=True, carry=False)
    every, gpb = list(budget.leaves), budget.of("gpb")
    whole = now_of(budget, "whole")
    one = sheet(
        "revenue-expenditure-summary", "2023年单位财务收支预算总表", ["本年收入>2 本年支出>2", "项目 预算数 项目 预算数"],
        ". 预算数 . 预算数",
    )  # fmt: skip
    balance(
        one, budget,
        ["一、财政拨款收入=fiscal", "1.一般公共预算资金=gpb", "2.政府性基金=", "3.国有资本经营预算=", "二、事业收入=business",
         "三、事业单位经营收入=", "四、其他收入=other"],
        ["收入总计=whole"], by_class(budget, every), [spent("支出总计", whole)],
    )  # fmt: skip
    codes = "功能分类科目编码>3 功能分类科目名称v2"
    two = sheet(
        "revenue-summary", "2023年单位收入预算总表",
        ["项目>4 收入预算>5", f"{codes} 合计v2 财政拨款收入v2 事业收入v2 事业单位经营收入v2 其他收入v2", "类 款 项"],
        ". . . . 合计 财政拨款收入#fiscal 事业收入#business . 其他收入#other", direction="revenue",
    )  # fmt: skip
    function_rows(two, budget, every, source_parts("gpb", "business", "other"), codes="split", totals="last",
                  total_in="code", after=("",))  # fmt: skip
    three = sheet(
        "expenditure-summary", "2023年单位支出预算总表", ["项目>4 支出预算>3", f"{codes} 合计v2 基本支出v2 项目支出v2", "类 款 项"],
        ". . . . 合计 基本支出#basic 项目支出#project",
    )  # fmt: skip
    four = sheet(
        "fiscal-appropriation-summary", "2023年单位财政拨款收支预算总表",
        ["财政拨款收入>2 财政拨款支出>5", "项目 预算数 项目 合计 一般公共预算 政府性基金预算 国有资本经营预算"],
        ". 预算数 . 合计 一般公共预算#gpb 政府性基金预算#fund .",
    )  # fmt: skip
    fiscal = source_parts("gpb", "fund")
    balance(
        four, budget, ["一、一般公共预算资金=gpb", "二、政府性基金=", "三、国有资本经营预算="], ["收入总计=fiscal"],
        [[*line, ""] for line in by_class(budget, gpb, fiscal)], [[*spent("支出总计", *fiscal(gpb)), ""]],
    )  # fmt: skip
    five = sheet(
        "general-budget-expenditure", "2023年单位一般公共预算支出功能分类预算表",
        ["项目>4 一般公共预算支出>3", f"{codes} 合计v2 基本支出v2 项目支出v2", "类 款 项"],
        ". . . . 合计 基本支出#basic 项目支出#project", dims="gpb",
    )  # fmt: skip
    for table, leaves in ((three, every), (five, gpb)):
        function_rows(
            table, budget, leaves, basic_and_project, codes="split", totals="last", total_in="code"
        )
    six = sheet(
        "government-fund-expenditure", "2023年单位政府性基金预算支出功能分类预算表",
        ["项目>4 政府性基金预算支出>3", f"{codes} 合计v2 基本支出v2 项目支出v2", "类 款 项"],
        ". . . . 合计 基本支出 项目支出", dims="fund",
    )  # fmt: skip
    no_data(six, "", note="注：本单位2023年度未安排政府性基金预算。", blank_rows=3)
    seven = sheet(
        "general-budget-basic-expenditure", "2023年单位一般公共预算基本支出部门预算经济分类预算表",
        ["项目>3 一般公共预算基本支出>3", "经济分类科目编码>2 经济分类科目名称v2 合计v2 人员经费v2 公用经费v2", "类 款"],
        ". . . 合计#basic 人员经费#personnel 公用经费#public", dims="gpb",
    )  # fmt: skip
    economic_rows(seven, budget, codes="split", totals="last", total_in="code")
    eight = sheet(
        "three-public-expenses", "2023年单位“三公”经费和机关运行经费预算表",
        ["2023年“三公”经费预算数>6 2023年机关运行经费预算数v3", "合计v2 因公出国(境)费v2 公务接待费v2 公务用车购置及运行费>3", "小计 购置费 运行费"],
        "合计#three-public 因公出国(境)费#overseas-travel 公务接待费#hospitality 小计#vehicles 购置费#vehicle-purchase "
        "运行费#vehicle-operation 2023年机关运行经费预算数#operating-expenses", unit=10_000,
    )  # fmt: skip
    values = [*three_public_wide(budget, order="tohvpn"), budget.economic_sum("302")]
    eight.row([], values, "")
    lowered = Decimal(250_000)
    running = budget.economic_sum("302")
    return written(
        document, [one, two, three, four, five, six, seven, eight],
        "2023年单位预算编制说明",
        f"2023年，{document.name}预算支出总额为{claim('expenditure-total', whole)}，其中：财政拨款支出预算"
        f"{claim('appropriation-expenditure', now_of(budget, 'gpb'))}，比2022年预算减少{claim('appropriation-expenditure', lowered, measure='change', sign='-')}。"
        f"财政拨款支出预算中，一般公共预算拨款支出预算{claim('general-budget-total', now_of(budget, 'gpb'))}，比2022年预算减少"
        f"{claim('general-budget-total', lowered, measure='change', sign='-')}；政府性基金拨款支出预算{claim('government-fund-total', '0')}{flat('government-fund-total')}，"
        f"与2022年预算持平；国有资本经营预算拨款支出预算{claim('state-capital-total', '0')}{flat('state-capital-total')}，与2022年预算持平。财政拨款支出主要内容如下：",
        f"1. “农林水支出”科目{claim('function/213', total([x for x in gpb if x.code.startswith('213')], lambda x: x.total))}，主要用于水务工程。",
        "其他相关情况说明",
        "一、2023年“三公”经费预算情况说明",
        f"2023年“三公”经费预算数为{claim('three-public', budget.three_public)}，比2022年预算减少{claim('three-public', Decimal(12_000), measure='change', sign='-')}。其中：",
        f"（一）因公出国（境）费{claim('overseas', '0')}{flat('overseas')}，与2022年预算持平，主要原因是无因公出国安排。",
        f"（二）公务用车购置及运行费{claim('vehicles', budget.vehicles)}（其中：公务用车购置费{claim('vehicle-purchase', '0')}，"
        f"公务用车运行费{claim('vehicle-operation', budget.vehicles)}），与2022年预算持平。",
        f"（三）公务接待费{claim('hospitality', budget.hospitality)}，比2022年预算减少{claim('hospitality', Decimal(12_000), measure='change', sign='-')}，主要原因是压缩开支。",
        "二、机关运行经费预算",
        f"2023年{document.name}（单位）财政拨款的机关运行经费预算为{claim('operating-expenses', running)}。",
        "三、政府采购预算情况",
        f"2023年度本单位政府采购预算{claim('procurement-total', '120.50')}，其中：政府采购货物预算{claim('procurement-goods', '20.50')}、"
        f"政府采购工程预算{claim('procurement-works', '0')}、政府采购服务预算{claim('procurement-services', '100.00')}。",
        f"2023年本单位面向中小企业预留政府采购项目预算金额{claim('procurement-small-medium', '80.00')}。",
        "五、国有资产占有使用情况",
        f"截至2022年8月31日，本单位共有车辆{claim('vehicles-held', '3', '辆', 'count')}，其中：一般公务用车{claim('vehicles-general', '1', '辆', 'count')}、"
        f"执法执勤用车{claim('vehicles-enforcement', '2', '辆', 'count')}。",
    )  # fmt: skip


def anhui() -> Disclosure:
    """部门公开表 1 …: 元-free 万元 with dashes, the share of 财政拨款 in three levels of headings, 备注 columns."""
    style = Style(
        zero="—",
        body_form="部门名称：{name}",
        unit_form="金额单位：{}",
        cut_text=True,
        repeat_head=False,
    )
    document = Disclosure("anhui", "安徽省淠源县交通运输局", 2024, "approved", style)
    budget = make_budget(73, "road", "100", fund=True, business=True, capital=True)
    every, gpb = list(budget.leaves), budget.of("gpb")
    fiscal, whole = budget.of("gpb", "fund", "capital"), now_of(budget, "whole")
    one = sheet(
        "revenue-expenditure-summary", f"{document.name}2024年收支总表", ["收入>2 支出>2", "项目 预算数 项目 预算数"],
        ". 预算数 . 预算数", "部门公开表1",
    )  # fmt: skip
    balance(
        one, budget,
        ["一、一般公共预算拨款收入=gpb", "二、政府性基金预算拨款收入=fund", "三、国有资本经营预算拨款收入=capital",
         "四、财政专户管理资金收入=0", "五、单位资金收入=own", "其中：事业收入=business", "事业单位经营收入=0", "上级补助收入=0",
         "附属单位上缴收入=0", "其他收入=other"],
        ["本年收入小计=now", "上年结转结余=carry", "收入合计=whole"],
        by_class(budget, every), ends(whole, "本年支出小计", "结转下年", "支出合计"),
    )  # fmt: skip
    two = sheet(
        "revenue-summary", f"{document.name}2024年收入总表",
        ["单位v3 合计v3 本年收入>8 上年结转结余v3", "小计v2 财政拨款>4 财政专户管理资金v2 单位资金>2", "财政拨款小计 一般公共预算 政府性基金预算 国有资本经营预算 事业收入 其他收入"],
        ". 合计 小计 财政拨款小计#fiscal 一般公共预算#gpb 政府性基金预算#fund 国有资本经营预算#capital . 事业收入#business 其他收入#other 上年结转结余#carry",
        "部门公开表2", direction="revenue",
    )  # fmt: skip
    values = [
        whole,
        *(
            now_of(budget, s)
            for s in ("now", "fiscal", "gpb", "fund", "capital", "business", "other", "carry")
        ),
    ]
    for label in ("合计", document.name, f"{document.name}本级"):
        two.row([label, ""], values, label)
    three = sheet(
        "expenditure-summary", f"{document.name}2024年支出总表", ["科目代码 科目名称 合计 基本支出 项目支出 事业单位经营支出 上缴上级支出 对附属单位补助支出"],
        ". . 合计 基本支出#basic 项目支出#project . . .", "部门公开表3",
    )  # fmt: skip
    function_rows(
        three, budget, every, basic_and_project, total_in="name", indent="　", after=("",) * 3
    )
    four = sheet(
        "fiscal-appropriation-summary", f"{document.name}2024年财政拨款收支总表",
        ["收_入>2 支_出>5", "项_目 预算数 项_目 合计 一般公共预算 政府性基金预算 国有资本经营预算"],
        ". 预算数 . 合计 一般公共预算#gpb 政府性基金预算#fund 国有资本经营预算#capital", "部门公开表4",
    )  # fmt: skip
    parts = source_parts("gpb", "fund", "capital")
    balance(
        four, budget,
        ["一、本年收入=fiscal", "（一）一般公共预算拨款=gpb", "（二）政府性基金预算拨款=fund", "（三）国有资本经营预算拨款=capital", "二、上年结转=carry"],
        ["收入总计=0"], [spent("一、本年支出", *parts(fiscal)), *by_class(budget, fiscal, parts, brackets=True), spent("二、结转下年", *[ZERO] * 4)],
        [spent("支出总计", *parts(fiscal))],
    )  # fmt: skip
    four.body[-1] = [*income("收入总计", parts(fiscal)[0]), *four.body[-1][2:]]
    five = sheet(
        "general-budget-expenditure", f"{document.name}2024年一般公共预算支出表",
        ["功能分类科目>2 2024年预算数>5", "科目代码v2 科目名称v2 合计v2 基本支出>3 项目支出v2", "小计 人员经费 公用经费"],
        ". . 合计 小计#basic 人员经费#personnel 公用经费#public 项目支出#project", "部门公开表5", dims="gpb",
    )  # fmt: skip
    function_rows(five, budget, gpb, basic_parts, indent="　")
    six = sheet(
        "general-budget-basic-expenditure", f"{document.name}2024年一般公共预算基本支出表",
        ["部门预算支出经济分类科目>2 2024年一般公共预算基本支出>3", "科目代码 科目名称 合计 人员经费 公用经费"],
        ". . 合计#basic 人员经费#personnel 公用经费#public", "部门公开表6", dims="gpb",
    )  # fmt: skip
    economic_rows(six, budget, indent="　")
    seven = sheet(
        "three-public-expenses", f"{document.name}2024年一般公共预算“三公”经费支出表",
        ["单位编码v2 单位名称v2 “三公”经费合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行维护费"],
        ". . “三公”经费合计#three-public 因公出国（境）费#overseas-travel 小计#vehicles 公务用车购置费#vehicle-purchase 公务用车运行维护费#vehicle-operation 公务接待费#hospitality",
        "部门公开表7", dims="gpb",
    )  # fmt: skip
    seven.row(["", "合计"], three_public_wide(budget), "合计")
    seven.row(["305001", f"{document.name}本级"], three_public_wide(budget), f"{document.name}本级")
    eight = sheet(
        "government-fund-expenditure", f"{document.name}2024年政府性基金预算支出表",
        ["功能分类科目>2 2024年政府性基金预算支出>3", "科目代码 科目名称 合计 基本支出 项目支出"],
        ". . 合计 基本支出#basic 项目支出#project", "部门公开表8", dims="fund",
    )  # fmt: skip
    nine = sheet(
        "state-capital-expenditure", f"{document.name}2024年国有资本经营预算支出表",
        ["功能分类科目>2 2024年国有资本经营预算支出>3", "科目代码 科目名称 合计 基本支出 项目支出"],
        ". . 合计 基本支出#basic 项目支出#project", "部门公开表9", dims="capital",
    )  # fmt: skip
    function_rows(eight, budget, budget.of("fund"), basic_and_project)
    function_rows(nine, budget, budget.of("capital"), basic_and_project)
    ten = sheet(
        "project-expenditure", f"{document.name}2024年项目支出表",
        ["项目单位v2 项目类别v2 项目名称v2 合计v2 一般公共预算>2 政府性基金预算>2 国有资本经营预算v2 单位资金v2", "本年 结转 本年 结转"],
        ". . . 合计#project 本年 结转 本年 结转 国有资本经营预算 单位资金", "部门公开表10", loose=True,
    )  # fmt: skip

    def line(leaf: Leaf, value: Decimal) -> list[Decimal]:
        found = [value, *[ZERO] * 6]
        at = {"gpb": 1, "fund": 3, "capital": 5, "business": 6}[leaf.source]
        found[at] = value - leaf.carry
        if leaf.carry:
            found[at + 1] = leaf.carry
        return found

    lines = [(name, line(leaf, value)) for name, leaf, value in budget.projects]
    ten.row(
        [Cell("合计", 3), None, None],
        [sum(c, ZERO) for c in zip(*(v for _, v in lines), strict=True)],
        "合计",
    )
    for name, found in lines:
        ten.row([f"{document.name}本级", "特定目标类", name], found, name)
    eleven = sheet(
        "government-procurement", f"{document.name}2024年政府采购支出表",
        ["项目单位 项目名称 采购品目 计量单位 采购数量 单价（元） 采购金额 一般公共预算 政府性基金预算 单位资金"],
        ". . . . . . 采购金额 一般公共预算 . .", "部门公开表11", loose=True,
    )  # fmt: skip
    bought(
        eleven,
        [
            ("台式计算机", "台", "12", "5,000.00", "60000"),
            ("多功能一体机", "台", "3", "2,500.00", "7500"),
        ],
    )
    twelve = sheet(
        "purchased-services", f"{document.name}2024年政府购买服务支出表",
        ["项目名称 购买服务指导性目录代码 购买服务指导性目录名称 预算金额 一般公共预算 单位资金"], ". . . 预算金额 一般公共预算 .", "部门公开表12", loose=True,
    )  # fmt: skip
    no_data(twelve, "", note=f"注：{document.name}2024年没有政府购买服务支出，本表以空表列示。")
    cut = Decimal(900_000)
    basic, project = total(gpb, lambda x: x.basic), total(gpb, lambda x: x.project)
    own = basic + project
    return written(
        document, [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve],
        "一、关于2024年收支总表的说明",
        f"按照综合预算的原则，{document.name}所有收入和支出均纳入部门预算管理。{document.name}2024年收支总预算{claim('revenue-and-expenditure-total', whole)}，"
        "收入包括：一般公共预算拨款收入、单位资金收入；支出包括：社会保障和就业支出、交通运输支出。",
        "二、关于2024年收入总表的说明",
        f"{document.name}2024年收入预算{claim('revenue-total', whole)}，其中：本年收入{claim('revenue-current', now_of(budget, 'now'))}，占"
        f"{claim('revenue-current', rate(now_of(budget, 'now'), whole), '%', 'share')}；上年结转结余{claim('carryover-in', now_of(budget, 'carry'))}，占"
        f"{claim('carryover-in', rate(now_of(budget, 'carry'), whole), '%', 'share')}。",
        "五、关于2024年一般公共预算支出表的说明",
        "（一）一般公共预算支出规模变化情况",
        f"{document.name}2024年一般公共预算支出{claim('general-budget-total', own)}，比2023年预算减少{claim('general-budget-total', cut, measure='change', sign='-')}，"
        f"下降{claim('general-budget-total', rate(cut, own + cut), '%', 'rate', '-')}，主要原因：一是项目减少；二是厉行节约。",
        "六、关于2024年一般公共预算基本支出表的说明",
        f"{document.name}2024年一般公共预算基本支出{claim('general-budget-basic', basic)}，其中：人员经费{claim('personnel', total(gpb, lambda x: x.personnel))}，"
        f"主要包括基本工资；公用经费{claim('public', total(gpb, lambda x: x.public))}，主要包括办公费。",
        "七、关于2024年一般公共预算“三公”经费支出表的说明",
        f"{document.name}2024年“三公”经费财政拨款预算{claim('three-public', budget.three_public)}{flat('three-public')}，与2023年预算相比持平。具体情况如下：",
        f"（一）因公出国（境）费支出{claim('overseas', '0')}。",
        f"（二）公务接待费支出{claim('hospitality', budget.hospitality)}，占{claim('hospitality', rate(budget.hospitality, budget.three_public), '%', 'share')}。",
        "十三、其他重要事项情况说明",
        f"（一）机关运行经费。2024年{document.name}机关运行经费财政拨款预算{claim('operating-expenses', budget.economic_sum('302'))}，比2023年预算增加"
        f"{claim('operating-expenses', '3.20', measure='change')}，增长{claim('operating-expenses', rate(Decimal(32_000), budget.economic_sum('302') - 32_000), '%', 'rate')}。",
        f"（三）政府采购情况。2024年{document.name}政府采购预算总额{claim('procurement-total', '6.75')}，其中：政府采购货物预算{claim('procurement-goods', '6.75')}。",
        f"（四）国有资产占有使用情况。截至2023年12月31日，{document.name}共有车辆{claim('vehicles-held', '5', '辆', 'count')}，其中：应急保障用车"
        f"{claim('vehicles-emergency', '3', '辆', 'count')}；其他用车{claim('vehicles-other', '2', '辆', 'count')}。",
    )  # fmt: skip


def bought(table: Table, goods: Sequence[tuple[str, str, str, str, str]]) -> None:
    """Goods with their number and price, which are no amounts of the budget."""
    whole = sum((Decimal(g[-1]) for g in goods), ZERO)
    table.row(["合计", *[""] * 7], [whole, whole], "合计")
    for name, measure, count, price, value in goods:
        table.row(
            ["交通运输局本级", "信息化运行专项", name, measure, count, price, "", ""],
            [Decimal(value)] * 2,
            name,
        )


LAYOUTS = {"jiangsu-county": jiangsu_county, "shanghai-unit": shanghai_unit, "anhui": anhui}
