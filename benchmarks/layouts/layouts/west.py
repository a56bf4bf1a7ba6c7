"""Shaanxi, Xinjiang and Ningxia."""

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
    now_of,
    rate,
    sheet,
    source_parts,
    three_public_wide,
    wan,
    written,
)
from benchmarks.layouts.model import Amount, Disclosure, Style, Table
from benchmarks.layouts.parts import (
    basic_and_project,
    economic_rows,
    function_rows,
    income,
    no_data,
    side_by_side,
    spent,
    total,
)

GOVERNMENT = {"301": "501", "302": "502", "303": "509", "310": "503"}
GOVERNMENT_NAMES = {
    "501": "机关工资福利支出",
    "502": "机关商品和服务支出",
    "503": "机关资本性支出（一）",
    "509": "对个人和家庭的补助",
}


def shaanxi() -> Disclosure:
    """Four lists side by side: revenue, functions, both economic classifications; 三公 of two years and the change."""
    style = Style(decimals=2, zero="0", page_rows=20, unit_form="单位：{}", cut_text=True)
    document = Disclosure("shaanxi", "陕西省洛源县水务局", 2023, "approved", style)
    budget = make_budget(81, "water", "100", carry=False)
    every = list(budget.leaves)
    whole = now_of(budget, "whole")
    personnel, public, project = (
        budget.sum(lambda x: x.personnel), budget.sum(lambda x: x.public), budget.sum(lambda x: x.project),
    )  # fmt: skip
    classes = {c: budget.economic_sum(c) for c in ("301", "302", "303", "310")}
    one = sheet(
        "revenue-expenditure-summary", "2023年部门综合预算收支总表",
        ["收入>2 支出>6", "项目 预算数 支出功能分科目（按大类） 预算数 部门预算支出经济科目（按大类） 预算数 政府预算支出经济分类科目（按大类） 预算数"],
        ". 预算数 . 预算数 . 预算数 . 预算数", "表1",
    )  # fmt: skip
    left = [
        income("一、部门预算", whole), income("1、财政拨款", whole, "fiscal-appropriation"),
        income("(1)一般公共预算拨款", whole, "general-public-budget"), income("其中：专项资金列入部门预算的项目", None),
        income("(2)政府性基金拨款", None), income("(3)国有资本经营预算收入", None), income("2、上级补助收入", None),
        income("3、事业收入", None), income("其中：纳入财政专户管理的收费", None), income("4、事业单位经营收入", None),
        income("5、附属单位上缴收入", None), income("6、其他收入", None),
    ]  # fmt: skip
    functions = [spent("一、部门预算", whole)]
    for number, (_, name, u) in enumerate(budget.functions(every, (3,)), start=1):
        functions.append(spent(name, total(u, lambda x: x.total), printed=f"{number}、{name}"))
    nature = [
        spent("一、部门预算", whole), spent("1、人员经费和公用经费支出", personnel + public),
        *(spent(ECONOMIC[c], v, printed=f"({i}){ECONOMIC[c]}") for i, (c, v) in enumerate(classes.items(), start=1)),
        spent("2、专项业务经费支出", project), spent("(1)商品和服务支出", project), spent("(2)对个人和家庭的补助", None),
        spent("3、上缴上级支出", None), spent("4、事业单位经营支出", None), spent("5、对附属单位补助支出", None),
    ]  # fmt: skip
    by_government = {
        "501": classes["301"],
        "502": classes["302"] + project,
        "503": classes["310"],
        "509": classes["303"],
    }
    government = [spent("一、部门预算", whole)]
    government += [
        spent(GOVERNMENT_NAMES[c], v, printed=f"{i}、{GOVERNMENT_NAMES[c]}") for i, (c, v) in enumerate(by_government.items(), start=1)
    ]  # fmt: skip
    sides = [left, functions, nature, government]
    height = max(map(len, sides)) + 1
    for side, (current, after, end) in zip(
        sides,
        [("本年收入合计", "上年结转", "收入总计"), *[("本年支出合计", "结转下年", "支出总计")] * 3],
        strict=True,
    ):
        side += [["", ""]] * (height - len(side))
        maker = income if side is left else spent
        side += [maker(current, whole), maker(after, None), maker(end, whole)]
    side_by_side(one, *sides)
    two = sheet(
        "revenue-summary", "2023年部门综合预算收入总表",
        ["单位编码v2 单位名称v2 合计v2 一般公共预算拨款>2 政府性基金拨款v2 国有资本经营预算收入v2 上级补助收入v2 事业收入v2 事业单位经营收入v2 对附属单位上缴收入v2 其他收入v2 上年结转v2 上年实户资金余额v2",
         "小计 其中：专项资金列入部门预算项目"],
        ". . 合计 小计#gpb . . . . . . . . . .", "表2", direction="revenue",
    )  # fmt: skip
    three = sheet(
        "expenditure-summary", "2023年部门综合预算支出总表",
        ["单位编码v2 单位名称v2 合计v2 公共预算拨款>2 政府性基金拨款v2 国有资本经营预算收入v2 上级补助收入v2 事业收入v2 其他收入v2 上年结转v2",
         "小计 其中：专项资金列入部门预算项目"],
        ". . 合计 小计#gpb . . . . . . .", "表3",
    )  # fmt: skip
    for table in (two, three):
        blank = len(table.columns) - 4
        for code, label in (
            ("", "合计"),
            ("312", document.name),
            ("312001", f"{document.name}机关"),
        ):
            table.row([code, label, *[""] * blank], [whole, whole], label)
    four = sheet(
        "fiscal-appropriation-summary", "2023年部门综合预算财政拨款收支总表",
        ["收入>2 支出>6", "项目 预算数 支出功能分科目（按大类） 预算数 部门预算支出经济科目（按大类） 预算数 政府预算支出经济分类科目（按大类） 预算数"],
        ". 预算数 . 预算数 . 预算数 . 预算数", "表4",
    )  # fmt: skip
    fiscal_left = [
        income("一、财政拨款", whole, "fiscal-appropriation"), income("1、一般公共预算拨款", whole, "general-public-budget"),
        income("其中：专项资金列入部门预算的项目", None), income("2、政府性基金拨款", None), income("3、国有资本经营预算收入", None),
    ]  # fmt: skip
    sides = [fiscal_left, [spent("一、财政拨款", whole), *functions[1:-3]], [spent("一、财政拨款", whole), *nature[1:-3]],
             [spent("一、财政拨款", whole), *government[1:-3]]]  # fmt: skip
    height = max(map(len, sides))
    for side in sides:
        side += [["", ""]] * (height - len(side))
        side += [
            (income if side is fiscal_left else spent)(
                "收入总计" if side is fiscal_left else "支出总计", whole
            )
        ]
    side_by_side(four, *sides)
    parts = ". . 合计 人员经费支出#personnel 公用经费支出#public {}."

    def split(u: Sequence[Leaf]) -> list[Decimal]:
        found = basic_parts(u)
        return [found[0], found[2], found[3], found[4]]

    five = sheet(
        "general-budget-expenditure", "2023年部门综合预算一般公共预算支出明细表（按支出功能分类科目）",
        ["功能科目编码 功能科目名称 合计 人员经费支出 公用经费支出 专项业务经费支出 备注"],
        parts.format("专项业务经费支出#project "), "表5", dims="gpb",
    )  # fmt: skip
    function_rows(five, budget, every, split, total_in="name", after=("",))
    six = sheet(
        "general-budget-economic-expenditure", "2023年部门综合预算一般公共预算支出明细表（按支出经济分类科目）",
        ["部门经济科目编码 部门经济科目名称 政府经济科目编码 政府经济科目名称 合计 人员经费支出 公用经费支出 专项业务经费支出 备注"],
        ". . . . 合计 人员经费支出#personnel 公用经费支出#public 专项业务经费支出#project .", "表6", dims="gpb",
    )  # fmt: skip
    seven = sheet(
        "general-budget-expenditure", "2023年部门综合预算一般公共预算基本支出明细表（按支出功能分类科目）",
        ["功能科目编码 功能科目名称 合计 人员经费支出 公用经费支出 备注"], ". . 合计 人员经费支出#personnel 公用经费支出#public .", "表7", dims="gpb",
    )  # fmt: skip
    seven.kind = "general-budget-basic-function-expenditure"
    function_rows(
        seven, budget, [x for x in every if x.basic],
        lambda u: [basic_parts(u)[1], *basic_parts(u)[2:4]], total_in="name", after=("",),
    )  # fmt: skip
    eight = sheet(
        "general-budget-basic-expenditure", "2023年部门综合预算一般公共预算基本支出明细表（按支出经济分类科目）",
        ["部门经济科目编码 部门经济科目名称 政府经济科目编码 政府经济科目名称 合计 人员经费支出 公用经费支出 备注"],
        ". . . . 合计 人员经费支出#personnel 公用经费支出#public .", "表8", dims="gpb",
    )  # fmt: skip
    for table, with_projects in ((six, True), (eight, False)):
        economic(table, budget, project if with_projects else None)
    nine = sheet(
        "government-fund-expenditure", "2023年部门综合预算政府性基金收支表",
        ["收入>2 支出>6", "项目 预算数 支出功能分科目 预算数 部门预算支出经济科目 预算数 政府预算支出经济分类科目 预算数"],
        ". . . . . . . .", "表9",
    )  # fmt: skip
    no_data(nine, "", note="本部门无政府性基金预算收支，并已公开空表。")
    ten = sheet(
        "project-expenditure", "2023年部门综合预算专项业务经费支出表", ["单位（项目）名称 项目金额 项目简介"], ". 项目金额 .", "表10", loose=True,
    )  # fmt: skip
    ten.kind = ".*project.*"
    ten.row(["合计", ""], [project], "合计")
    for name, _, value in budget.projects:
        ten.row([name, "用于2023年度相关工作"], [value], name)
    upper = "合计v3 一般公共预算拨款安排的“三公”经费>6 会议费v3 培训费v3"
    middle = "小计v2 因公出国（境）费用v2 公务接待费v2 公务用车购置及运行维护费>3"
    eleven = sheet(
        "three-public-expenses", "2023年部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表",
        ["单位编码v4 单位名称v4 2022年>9 2023年>9 增减变化情况>9", f"{upper} {upper} {upper}", f"{middle} {middle} {middle}",
         " ".join(["小计 公务用车购置费 公务用车运行维护费"] * 3)],
        ". . " + " ".join(
            f"合计#total{y}{q} 小计#three-public{y}{q} 因公出国（境）费用#overseas-travel{y}{q} 公务接待费#hospitality{y}{q} 小计#vehicles{y}{q} "
            f"公务用车购置费#vehicle-purchase{y}{q} 公务用车运行维护费#vehicle-operation{y}{q} 会议费#meetings{y}{q} 培训费#training{y}{q}"
            for y, q in (("~1", ""), ("", ""), ("", "?"))
        ), "表11", dims="gpb",
    )  # fmt: skip
    extra = [Decimal(36_000), budget.economic["30216"]]
    now = three_public_wide(budget, order="tohvpn")
    now = [now[0] + sum(extra), *now, *extra]
    last_three = three_public_wide(budget, lambda v: budget.near(v), "ohpn")
    o, h, p, n = last_three
    last_extra = [Decimal(30_000), budget.near(extra[1])]
    last = [o + h + p + n + sum(last_extra), o + h + p + n, o, h, p + n, p, n, *last_extra]
    change = [a - b for a, b in zip(now, last, strict=True)]
    for code, label in (("", "合计"), ("312", document.name)):
        eleven.row([code, label], [*last, *now, *change], label)
    twelve = sheet(
        "government-procurement", "2023年部门综合预算政府采购（资产配置、购买服务）预算表",
        ["科目编码>3 单位（项目）名称v2 采购项目v2 采购目录v2 购买服务内容v2 规格型号v2 数量v2 部门预算支出经济科目编码v2 预算金额v2 实施采购时间v2 说明v2", "类 款 项"],
        ". . . . . . . . . . 预算金额 . .", "表12", loose=True,
    )  # fmt: skip
    twelve.row(["", "", "", "合计", *[""] * 8], [Decimal(360_000)], "合计")
    twelve.row(
        [
            "213",
            "03",
            "05",
            "灌区改造专项",
            "办公设备",
            "台式机",
            "",
            "",
            "12",
            "31002",
            "2023.06",
            "",
        ],
        [Decimal(360_000)],
        "台式机",
    )
    up = whole - budget.near(whole)
    one_three = change[1]
    return written(
        document, [one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve],
        "四、2023年部门预算收支说明",
        "（一）收支预算总体情况。",
        f"按照预算管理有关规定，本部门2023年预算收入{claim('revenue-total', whole)}，其中一般公共预算拨款收入{claim('revenue-general-public-budget', whole)}、"
        f"政府性基金拨款收入{claim('revenue-government-fund', '0')}，2023年本部门预算收入较上年增加{claim('revenue-total', up, measure='change')}，主要原因是项目增加；"
        f"2023年本部门预算支出{claim('expenditure-total', whole)}，较上年增加{claim('expenditure-total', up, measure='change')}，主要原因是项目增加。",
        "（三）一般公共预算拨款支出明细情况。",
        "1.一般公共预算当年拨款规模变化情况。",
        f"本部门2023年一般公共预算拨款支出{claim('general-budget-total', whole)}，较上年增加{claim('general-budget-total', up, measure='change')}，主要原因是项目增加。",
        "2.支出按功能科目分类的明细情况。",
        f"（1）行政运行（2130301）{claim('function/2130301', total([x for x in every if x.code == '2130301'], lambda x: x.total))}，较上年增加{claim('function/2130301', '1.20', measure='change')}，原因是人员增加；",
        "（七）“三公”经费等预算情况。",
        f"本部门2023年一般公共预算“三公”经费预算支出{claim('three-public', now[1])}，较上年增加{claim('three-public', one_three, measure='change')}（"
        f"{rate(one_three, last[1])}%），增加的主要原因是车辆老化。其中：因公出国（境）经费{claim('overseas', '0')}；"
        f"公务接待费{claim('hospitality', now[3])}，较上年增加{claim('hospitality', change[3], measure='change')}；公务用车运行维护费{claim('vehicle-operation', now[6])}，"
        f"较上年增加{claim('vehicle-operation', change[6], measure='change')}；公务用车购置费{claim('vehicle-purchase', '0')}。",
        "（八）机关运行经费安排说明。",
        f"本部门2023年机关运行经费预算安排{claim('operating-expenses', classes['302'])}，较上年减少{claim('operating-expenses', '2.10', measure='change', sign='-')}。",
        "五、部门国有资产占有使用及资产购置情况说明",
        f"截至2022年底，本部门所属预算单位共有车辆{claim('vehicles-held', '6', '辆', 'count')}，单价20万元以上的设备{claim('equipment-over-200k', '2', '台', 'count')}。",
        "六、政府采购情况说明",
        f"2023年本部门政府采购预算共{claim('procurement-total', '36.00')}，其中政府采购货物类预算{claim('procurement-goods', '36.00')}、"
        f"政府采购服务类预算{claim('procurement-services', '0')}、政府采购工程类预算{claim('procurement-works', '0')}。",
    )  # fmt: skip


def economic(table: Table, budget: Budget, project: Decimal | None) -> None:
    """Economic items with the codes of both classifications; projects, where given, go to 30299."""
    own = dict(budget.economic)
    extra = {"30299": project or ZERO}
    keys = sorted({c[:3] for c in own} | set(own))

    def values(prefix: str) -> list[Decimal]:
        here = [c for c in own if c.startswith(prefix)]
        personnel = sum((own[c] for c in here if budget.is_personnel(c)), ZERO)
        basic = sum((own[c] for c in here), ZERO)
        more = extra["30299"] if "30299" in here else ZERO
        found = [basic + more, personnel, basic - personnel]
        return found if project is None else [*found, more]

    table.row(["", "合计", "", "", ""], values(""), "合计")
    for code in keys:
        name, government = ECONOMIC[code], GOVERNMENT[code[:3]]
        beside = ["", ""] if len(code) == 3 else [f"{government}01", GOVERNMENT_NAMES[government]]
        table.row([code, name, *beside, ""], values(code), name, code)


def xinjiang() -> Disclosure:
    """表一 …: captions 编制部门, functions with their codes in one cell, every class printed, projects by economic class."""
    style = Style(
        zero="",
        one_line_caption=True,
        body_form="编制部门：{name}",
        unit_form="单位：{}",
        page_rows=22,
    )
    document = Disclosure("xinjiang", "新疆维吾尔自治区塔源县水利局", 2022, "approved", style)
    budget = make_budget(82, "water", "100", fund=True, business=True)
    every, gpb = list(budget.leaves), budget.of("gpb")
    whole = now_of(budget, "whole")
    one = sheet(
        "revenue-expenditure-summary", "部门收支总体情况表", ["收______入>2 支______出>2", "项目 预算数 功能分类 预算数"],
        ". 预算数 . 预算数", "表一",
    )  # fmt: skip
    balance(
        one, budget,
        ["财政拨款（补助）=fiscal", "一般公共预算=gpb", "政府性基金预算=fund", "教育收费（财政专户）=", "事业收入=business", "事业单位经营收入=",
         "其他收入=other", "用事业基金弥补收支差额="],
        ["小_计=now".replace("_", " "), "单位上年结余（包括国库集中支付额度结余）=carry", "收_入_总_计=whole".replace("_", " ")],
        by_class(budget, every, every=True, coded=True),
        [spent("小 计", whole), ["", ""], spent("支 出 总 计", whole)],
    )  # fmt: skip
    codes = "类 款 项"
    two = sheet(
        "revenue-summary", "部门收入总体情况表",
        ["功能分类科目编码>3 功能分类科目名称v2 总计v2 财政拨款（补助）v2 一般公共预算v2 政府性基金预算v2 财政专户资金v2 事业收入v2 事业单位经营收入v2 其他收入v2 用事业基金弥补收支差额v2 单位上年结余（不包括国库集中支付额度结余）v2", codes],
        ". . . . 总计 财政拨款（补助）#fiscal 一般公共预算#gpb 政府性基金预算#fund . 事业收入#business . 其他收入#other . 单位上年结余（不包括国库集中支付额度结余）#carry",
        "表二", direction="revenue",
    )  # fmt: skip

    def received(u: Sequence[Leaf]) -> list[Decimal]:
        gpb_, fund_, business, other = source_parts(
            "gpb", "fund", "business", "other", measure="current"
        )(u)[1:]
        return [
            total(u, lambda x: x.total),
            gpb_ + fund_,
            gpb_,
            fund_,
            business,
            other,
            total(u, lambda x: x.carry),
        ]

    function_rows(
        two,
        budget,
        every,
        received,
        codes="inherited",
        totals="last",
        after=("", "", ""),
        total_in="name",
    )
    three = sheet(
        "expenditure-summary", "部门支出总体情况表", ["项_目>4 支出预算>3", "功能分类科目编码>3 功能分类科目名称v2 合计v2 基本支出v2 项目支出v2", codes],
        ". . . . 合计 基本支出#basic 项目支出#project", "表三",
    )  # fmt: skip
    four = sheet(
        "fiscal-appropriation-summary", "财政拨款收支预算总体情况表",
        ["财政拨款收入>2 财政拨款支出>4", "项目 合计 功能分类 合计 一般公共预算 政府性基金预算"], ". 合计 . 合计 一般公共预算#gpb 政府性基金预算#fund", "表四",
    )  # fmt: skip
    fiscal = budget.of("gpb", "fund")
    parts = source_parts("gpb", "fund")
    balance(
        four, budget, ["财政拨款（补助）=fiscal", "一般公共预算=gpb", "政府性基金预算=fund"], ["单位上年结余（不包括国库集中支付额度结余）=carry", "收入总计=all"],
        by_class(budget, fiscal, parts, every=True, coded=True), [["", "", "", ""], spent("支出总计", *parts(fiscal))],
    )  # fmt: skip
    five = sheet(
        "general-budget-expenditure", "一般公共预算支出情况表",
        ["项_目>4 一般公共预算支出>3", "功能分类科目编码>3 功能分类科目名称v2 小计v2 基本支出v2 项目支出v2", codes],
        ". . . . 小计 基本支出#basic 项目支出#project", "表五", dims="gpb",
    )  # fmt: skip
    for table, leaves in ((three, every), (five, gpb)):
        function_rows(
            table,
            budget,
            leaves,
            basic_and_project,
            codes="inherited",
            totals="last",
            total_in="name",
        )
    six = sheet(
        "general-budget-basic-expenditure", "一般公共预算基本支出情况表",
        ["项_目>3 一般公共预算基本支出>3", "经济分类科目编码>2 经济分类科目名称v2 小计v2 人员经费v2 公用经费v2", "类 款"],
        ". . . 小计#basic 人员经费#personnel 公用经费#public", "表六", dims="gpb",
    )  # fmt: skip
    economic_rows(six, budget, codes="split", totals="last")
    classes = [
        "工资福利支出",
        "商品和服务支出",
        "对个人和家庭的补助",
        "债务利息及费用支出",
        "资本性支出（基本建设）",
        "资本性支出",
        "对企业补助（基本建设）",
        "对企业补助",
        "对社会保障基金补助",
        "其他支出",
    ]
    seven = sheet(
        "general-budget-project-expenditure", "一般公共预算项目支出情况表",
        ["科目编码>3 科目名称v2 项目名称v2 项目支出合计v2 " + " ".join(f"{c}v2" for c in classes), codes],
        ". . . . . 项目支出合计#project . 商品和服务支出 . . . 资本性支出 . . . .", "表七", dims="gpb", loose=True,
    )  # fmt: skip
    own = [(name, leaf, value) for name, leaf, value in budget.projects if leaf.source == "gpb"]
    for name, leaf, value in own:
        code = leaf.code
        half = (value / 3 / 100).to_integral_value() * 100
        seven.row(
            [code[:3], code[3:5], code[5:], leaf.name, name, *[""] * 8],
            [value, value - half, half],
            "",
        )
    halves = [(v / 3 / 100).to_integral_value() * 100 for _, _, v in own]
    whole_project = sum((v for _, _, v in own), ZERO)
    seven.row(
        ["", "", "", "", "合计", *[""] * 8],
        [whole_project, whole_project - sum(halves), sum(halves)],
        "合计",
    )
    eight = sheet(
        "three-public-expenses", "一般公共预算“三公”经费支出情况表",
        ["合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2", "小计 公务用车购置费 公务用车运行费"],
        "合计#three-public 因公出国（境）费#overseas-travel 小计#vehicles 公务用车购置费#vehicle-purchase 公务用车运行费#vehicle-operation 公务接待费#hospitality",
        "表八", dims="gpb",
    )  # fmt: skip
    eight.row([], three_public_wide(budget), "")
    nine = sheet(
        "government-fund-expenditure", "政府性基金预算支出情况表",
        ["项_目>4 政府性基金预算支出>3", "功能分类科目编码>3 功能分类科目名称v2 合计v2 基本支出v2 项目支出v2", codes],
        ". . . . 合计 基本支出#basic 项目支出#project", "表九", dims="fund",
    )  # fmt: skip
    function_rows(
        nine,
        budget,
        budget.of("fund"),
        basic_and_project,
        codes="inherited",
        totals="last",
        total_in="name",
    )
    nine.notes.append("备注：无内容应公开空表并说明情况。")
    fund = budget.sum(lambda x: x.total, "fund")
    own_total, basic = total(gpb, lambda x: x.total), total(gpb, lambda x: x.basic)
    name = document.name
    return written(
        document, [one, two, three, four, five, six, seven, eight, nine],
        f"一、关于{name}2022年收支预算情况的总体说明",
        f"按照全口径预算的原则，{name}2022年所有收入和支出均纳入部门预算管理。收支总预算{claim('revenue-and-expenditure-total', whole)}。",
        f"二、关于{name}2022年收入预算情况说明",
        f"{name}收入预算{claim('revenue-total', whole)}，其中：",
        f"一般公共预算{claim('revenue-general-public-budget', now_of(budget, 'gpb'))}，占{claim('revenue-general-public-budget', rate(now_of(budget, 'gpb'), whole), '%', 'share')}，"
        f"比上年预算减少{claim('revenue-general-public-budget', '35.00', measure='change', sign='-')}，主要原因是项目减少。",
        f"三、关于{name}2022年支出预算情况说明",
        f"{name}2022年支出预算{claim('expenditure-total', whole)}，其中：",
        f"基本支出{claim('expenditure-basic', total(every, lambda x: x.basic))}，占{claim('expenditure-basic', rate(total(every, lambda x: x.basic), whole), '%', 'share')}，比上年预算增加"
        f"{claim('expenditure-basic', '12.00', measure='change')}，主要原因是人员增加。",
        f"五、关于{name}2022年一般公共预算当年拨款情况说明",
        "（一）一般公共预算当年拨款规模变化情况",
        f"{name}2022年一般公共预算拨款合计{claim('general-budget-total', own_total)}，其中：基本支出{claim('general-budget-basic', basic)}，比上年执行数增加"
        f"{claim('general-budget-basic', '4.00', measure='change')}，增长{claim('general-budget-basic', rate(Decimal(40_000), basic - 40_000), '%', 'rate')}。项目支出{claim('general-budget-project', own_total - basic)}。",
        "（三）一般公共预算当年拨款具体使用情况",
        f"1.农林水支出（类）水利（款）行政运行（项）：2022年预算数为{claim('function/2130301', total([x for x in gpb if x.code == '2130301'], lambda x: x.total))}，比上年执行数增加{claim('function/2130301', '0.50', measure='change')}。",
        f"八、关于{name}2022年一般公共预算“三公”经费预算情况说明",
        f"{name}2022年“三公”经费财政拨款预算数为{claim('three-public', budget.three_public)}，其中：因公出国（境）费{claim('overseas', '0')}，公务用车购置{claim('vehicle-purchase', '0')}，"
        f"公务用车运行费{claim('vehicle-operation', budget.vehicles)}，公务接待费{claim('hospitality', budget.hospitality)}。",
        f"2022年“三公”经费财政拨款预算比上年减少{claim('three-public', '0.40', measure='change', sign='-')}，其中：公务接待费减少{claim('hospitality', '0.40', measure='change', sign='-')}，主要原因是厉行节约。",
        f"九、关于{name}2022年政府性基金预算拨款情况说明",
        f"{name}2022年政府性基金预算支出{claim('government-fund-total', fund)}。",
        "十、其他重要事项的情况说明",
        f"（一）机关运行经费情况：2022年，{name}机关运行经费财政拨款预算{claim('operating-expenses', budget.economic_sum('302'))}，比上年预算减少{claim('operating-expenses', '1.00', measure='change', sign='-')}。",
        f"（二）政府采购情况：2022年，{name}政府采购预算{claim('procurement-total', '73.00')}，其中：政府采购货物预算{claim('procurement-goods', '23.00')}，政府采购工程预算{claim('procurement-works', '0')}，"
        f"政府采购服务预算{claim('procurement-services', '50.00')}。",
    )  # fmt: skip


def ningxia() -> Disclosure:
    """Fiscal appropriation first, last year's outturn beside this year's budget with change, title and year in the head."""
    style = Style(
        decimals=2,
        zero="0",
        caption_inside=True,
        unit_form="金额单位：{}",
        body_form="填报部门：{name}",
        page_rows=16,
    )
    document = Disclosure("ningxia", "宁夏回族自治区沙湖市交通运输局", 2020, "approved", style)
    budget = make_budget(83, "road", "100", fund=False, carry=True)
    every = list(budget.leaves)
    whole = now_of(budget, "whole")
    one = sheet(
        "fiscal-appropriation-summary", "一、财政拨款收支预算总表",
        ["收_入>2 支_出>4", "项_目 预算数 项目（按功能分类） 小计 一般公共预算财政拨款 政府性基金预算财政拨款"],
        ". 预算数 . 小计 一般公共预算财政拨款#gpb .", 
    )  # fmt: skip
    parts = source_parts("gpb")
    balance(
        one, budget, ["一、本年收入=fiscal", "（一）一般公共预算财政拨款=gpb", "（二）政府性基金预算财政拨款=0", "二、上年结转=carry", "（一）一般公共预算财政拨款=carry", "（二）政府性基金预算财政拨款=0"],
        ["收入总计=whole"], [[*spent("一、本年支出", *parts(every)), ""], *([*x, ""] for x in by_class(budget, every, parts, brackets=True)), [*spent("二、结转下年", ZERO, ZERO), ""]],
        [[*spent("支出总计", *parts(every)), ""]],
    )  # fmt: skip
    head = [
        "支出功能分类科目>2 2019年执行数v2 2020年预算数>6 2020年预算数与2019年执行数比较>2",
        "科目编码 科目名称 合计 基本支出小计 人员经费 公用经费 项目支出小计 其中：上年结转 增减额 增减%",
    ]
    two = sheet(
        "general-budget-expenditure", "二、一般公共预算财政拨款支出表", head,
        ". . 2019年执行数~1#executed 合计 基本支出小计#basic 人员经费#personnel 公用经费#public 项目支出小计#project 其中：上年结转 增减额? .".replace("~1#executed", "#executed~1"),
        dims="gpb",
    )  # fmt: skip
    last = {x.code: budget.near(x.total) for x in every}

    def compared(u: Sequence[Leaf]) -> list[Decimal]:
        before = sum((last[c] for c in {x.code for x in u}), ZERO)
        found = basic_parts(u)
        return [before, *found, total(u, lambda x: x.carry), found[0] - before]

    own = list(every)
    rows = [
        ("", "合_计".replace("_", " "), own, None),
        *((c, n, u, c) for c, n, u in budget.functions(own, (3, 5, 7))),
    ]
    for code, label, u, key in rows:
        values = compared(u)
        two.row([code, label, rate(values[-1], values[0])], values, label, key)
    three = sheet(
        "general-budget-basic-expenditure", "三、一般公共预算财政拨款基本支出表",
        ["支出经济分类科目>2 2020年基本支出>3", "科目编码 科目名称 小计 人员经费 公用经费"], ". . 小计#basic 人员经费#personnel 公用经费#public", dims="gpb",
    )  # fmt: skip
    economic_rows(three, budget, total_in="name", totals="last")
    half = "合计v2 因公出国（境）费v2 公务用车购置及运行费>3 公务接待费v2"
    tags = "合计#three-public{0} 因公出国（境）费#overseas-travel{0} 小计#vehicles{0} 公务用车购置费#vehicle-purchase{0} 公务用车运行费#vehicle-operation{0} 公务接待费#hospitality{0}"
    four = sheet(
        "three-public-expenses", "四、一般公共预算财政拨款“三公”经费支出表",
        ["2019年预算数>6 2019年执行数>6 2020年预算数>6", f"{half} {half} {half}", " ".join(["小计 公务用车购置费 公务用车运行费"] * 3)],
        " ".join((tags.format("~1"), tags.format("#executed~1"), tags.format(""))), dims="gpb",
    )  # fmt: skip
    row = three_public_wide(budget)
    four.add(*(Amount(v, "") for v in [*(v * 2 for v in row), *(v * 3 for v in row), *row]))
    five = sheet(
        "government-fund-expenditure", "五、政府性基金预算财政拨款支出表",
        ["支出功能分类科目>2 2020年预算数>3", "科目编码 科目名称 小计 基本支出 项目支出"], ". . 小计 基本支出 项目支出", dims="fund",
    )  # fmt: skip
    five.add("", "无", "", "", "")
    five.notes.append("备注：我单位没有政府性基金预算安排的支出，所以此表无数据。")
    six = sheet(
        "revenue-expenditure-summary", "六、部门收支预算总表", ["收入>2 支出>2", "项目 2020年预算数 项目 2020年预算数"], ". 2020年预算数 . 2020年预算数", 
    )  # fmt: skip
    balance(
        six, budget,
        ["一、财政拨款预算收入=fiscal", "（1）一般公共预算拨款收入=gpb", "（2）政府性基金预算拨款收入=0", "二、事业预算收入=0", "三、上级补助预算收入=0", "四、附属单位上缴预算收入=0", "五、经营预算收入=0", "六、债务预算收入=0", "七、非同级财政拨款预算收入=0", "八、投资预算收益=0", "九、其他预算收入=0"],
        ["本年收入合计=now", "上年结转=carry", "收入总计=whole"], [spent("一、行政支出", whole), spent("二、事业支出", ZERO), spent("三、经营支出", ZERO)],
        [spent("本年支出合计", whole), spent("结转下年", ZERO), spent("支出总计", whole)],
    )  # fmt: skip
    seven = sheet(
        "revenue-summary", "七、部门收入预算总表",
        ["功能分类科目>2 合计v2 财政拨款预算收入v2 事业预算收入>2 上级补助预算收入v2 附属单位上缴预算收入v2 经营预算收入v2 其他预算收入v2 上年结转v2", "科目编码 科目名称 小计 其中：教育收费"],
        ". . 合计 财政拨款预算收入#fiscal . . . . . . 上年结转#carry", direction="revenue",
    )  # fmt: skip
    eight = sheet(
        "expenditure-summary", "八、部门支出预算总表", ["功能分类科目>2 合计v2 基本支出v2 项目支出v2 上缴上级支出v2 经营支出v2 对附属单位补助支出v2", "科目编码 科目名称"],
        ". . 合计 基本支出#basic 项目支出#project . . .", 
    )  # fmt: skip
    function_rows(
        seven,
        budget,
        every,
        lambda u: [
            total(u, lambda x: x.total),
            total(u, lambda x: x.current),
            total(u, lambda x: x.carry),
        ],
        after=("",) * 6,
    )
    function_rows(eight, budget, every, basic_and_project, after=("",) * 3)
    name = document.name
    before = sum(last.values())
    basic = total(every, lambda x: x.basic)
    return written(
        document, [one, two, three, four, five, six, seven, eight],
        f"一、{name}2020年部门预算公开情况说明",
        f"（一）关于{name}2020年财政拨款收支预算情况的总体说明",
        f"{name}2020年财政拨款收支总预算{claim('appropriation-total', whole)}。收入包括：本年收入{wan(now_of(budget, 'now'))}万元，上年结转{claim('carryover-in', now_of(budget, 'carry'))}。",
        f"（二）关于{name}2020年一般公共预算财政拨款支出情况说明",
        f"{name}2020年一般公共预算财政拨款支出{claim('general-budget-total', whole)}，比2019年执行数增加{claim('general-budget-total', whole - before, measure='change')}，"
        f"增长{claim('general-budget-total', rate(whole - before, before), '%', 'rate')}。其中：基本支出{claim('general-budget-basic', basic)}，占"
        f"{claim('general-budget-basic', rate(basic, whole), '%', 'share')}。",
        f"（四）关于{name}2020年“三公”经费预算情况说明",
        f"2020年“三公”经费预算数为{claim('three-public', row[0])}，其中：因公出国（境）费{claim('overseas', '0.00')}，公务用车购置及运行费{claim('vehicles', row[2])}，公务接待费{claim('hospitality', row[5])}。",
        f"2020年“三公”经费预算比2019年减少{claim('three-public', row[0], measure='change', sign='-')}，主要原因是压缩支出。",
    )  # fmt: skip


LAYOUTS = {"shaanxi": shaanxi, "xinjiang": xinjiang, "ningxia": ningxia}
