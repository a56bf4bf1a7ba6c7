"""Final accounts: the national form, in 万元 and in 元, and an older one without line numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest

from benchmarks.layouts.budget import ECONOMIC, Budget, Leaf, make_budget
from benchmarks.layouts.layouts.north import CAPITAL, FUND, GPB
from benchmarks.layouts.model import Amount, Cell, Column, Disclosure, Style, Table, heads
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
    three_public_row,
    total,
)

PERSONNEL = {"expenditure_type": "personnel"}
PUBLIC = {"expenditure_type": "public"}
ZERO = Decimal(0)
ITEMS = (
    "three-public",
    "overseas-travel",
    "vehicles",
    "vehicle-purchase",
    "vehicle-operation",
    "hospitality",
)


class Accounts:
    """A budget as it was carried out: what is left at the end of the year is income too."""

    def __init__(self, budget: Budget, closing: dict[str, str]) -> None:
        self.budget = budget
        self.left = {source: Decimal(value) for source, value in closing.items()}

    def closing(self, leaves: Sequence[Leaf]) -> Decimal:
        """What is left of the leaves: all of a source is left on its first project."""
        first = {s: next(x for x in self.budget.of(s) if x.carry) for s in self.left}
        return sum((self.left[s] for s, leaf in first.items() if leaf in leaves), ZERO)

    def income(self, leaves: Sequence[Leaf], *sources: str) -> Decimal:
        own = [x for x in leaves if not sources or x.source in sources]
        return total(own, lambda x: x.current) + self.closing(own)


def numbered(side: list[list[str | Amount]], first: int) -> list[list[str | Amount]]:
    """The line number (行次) after the name of each line."""
    return [[line[0], str(first + index), *line[1:]] for index, line in enumerate(side)]


def national(document: Disclosure, accounts: Accounts, phases: bool) -> list[Table]:
    """The nine tables. With ``phases`` the summaries print budgets beside the outturn."""
    budget, every = accounts.budget, list(accounts.budget.leaves)
    spending, closing = budget.sum(lambda x: x.total), accounts.closing(every)
    opening = budget.sum(lambda x: x.carry)
    sources = ("general-public-budget", "government-fund", "state-capital")
    columns = [Column("金额")]
    head = heads("收入>3 支出>3", "项目 行次 金额 项目 行次 金额", "栏次 ~ 1 栏次 ~ 2")
    if phases:
        columns = [
            Column("年初预算数", phase="approved"),
            Column("全年预算数", phase="adjusted"),
            Column("决算数", phase="executed"),
        ]
        head = heads("收入>5 支出>5", "项目 行次 年初预算数 全年预算数 决算数 项目 行次 年初预算数 全年预算数 决算数",
                     "栏次 ~ 1 2 3 栏次 ~ 4 5 6")  # fmt: skip
    one = Table(
        "revenue-expenditure-summary",
        "收入支出决算总表",
        head,
        ["", "", *columns, "", "", *columns],
        number="公开01表",
    )

    def phased(line: list[str | Amount]) -> list[str | Amount]:
        """The outturn alone, or two invented budgets before it."""
        name, last = line
        if not phases or not isinstance(last, Amount):
            return [name, *[last if not phases else ""] * len(columns)]
        return [name, last, last, last]

    def line(name: str, value: Decimal | None, source: str | None = None) -> list[str | Amount]:
        return income(name.split("、")[-1], value, source, name)

    left = [
        line("一、一般公共预算财政拨款收入", accounts.income(every, "gpb"), sources[0]),
        line("二、政府性基金预算财政拨款收入", accounts.income(every, "fund"), sources[1]),
        line("三、国有资本经营预算财政拨款收入", accounts.income(every, "capital") or None, sources[2]),
        line("四、上级补助收入", None), line("五、事业收入", accounts.income(every, "business") or None, "business-income"),
        line("六、经营收入", None), line("七、附属单位上缴收入", None),
        line("八、其他收入", accounts.income(every, "other") or None, "other-income"),
    ]  # fmt: skip
    right = by_class(budget, every, every=True)
    left += [["", ""]] * (len(right) - len(left))
    left += [line("本年收入合计", accounts.income(every)), line("使用非财政拨款结余", None),
             line("年初结转和结余", opening, "carry-over"), line("总计", spending + closing)]  # fmt: skip
    right += [
        spent("本年支出合计", spending),
        spent("结余分配", None),
        spent("年末结转和结余", closing),
        spent("总计", spending + closing),
    ]
    left, right = [phased(x) for x in left], [phased(x) for x in right]
    side_by_side(one, numbered(left, 1), numbered(right, len(left) + 1))

    two = Table(
        "revenue-summary", "收入决算表",
        heads("项目>2 本年收入合计v2 财政拨款收入v2 上级补助收入v2 事业收入v2 经营收入v2 附属单位上缴收入v2 其他收入v2", "功能分类科目编码 科目名称", "栏次>2 1 2 3 4 5 6 7"),
        ["", "", Column("本年收入合计"), Column("财政拨款收入", {"fund_source": "fiscal-appropriation"}), "",
         Column("事业收入", {"fund_source": "business-income"}), "", "", Column("其他收入", {"fund_source": "other-income"})],
        direction="revenue", number="公开02表",
    )  # fmt: skip

    def received(u: Sequence[Leaf]) -> list[Decimal]:
        return [
            accounts.income(u),
            accounts.income(u, "gpb", "fund", "capital"),
            accounts.income(u, "business"),
            accounts.income(u, "other"),
        ]

    two.row([Cell("合计", 2), None, "", "", ""], received(every), "合计")
    for code, name, u in budget.functions(every, (3, 5, 7)):
        two.row([code, name, "", "", ""], received(u), name, code)
    three = Table(
        "expenditure-summary", "支出决算表",
        heads("项目>2 本年支出合计v2 基本支出v2 项目支出v2 上缴上级支出v2 经营支出v2 对附属单位补助支出v2", "功能分类科目编码 科目名称", "栏次>2 1 2 3 4 5 6"),
        ["", "", *amounts_of("本年支出合计", "基本支出", "项目支出"), "", "", ""], number="公开03表",
    )  # fmt: skip
    four = Table(
        "fiscal-appropriation-summary", "财政拨款收入支出决算总表",
        heads("收_入>3 支_出>6", "项目 行次 金额 项目 行次 合计 一般公共预算财政拨款 政府性基金预算财政拨款 国有资本经营预算财政拨款", "栏次 ~ 1 栏次 ~ 2 3 4 5"),
        ["", "", Column("金额"), "", "", Column("合计"), Column("一般公共预算财政拨款", GPB), Column("政府性基金预算财政拨款", FUND),
         Column("国有资本经营预算财政拨款", CAPITAL)], number="公开04表",
    )  # fmt: skip
    fiscal = budget.of("gpb", "fund", "capital")

    def parts(u: Sequence[Leaf], measure: str = "total") -> list[Decimal]:
        found = [
            total((x for x in u if x.source == s), lambda x: getattr(x, measure))
            for s in ("gpb", "fund", "capital")
        ]
        return [sum(found, ZERO), *found]

    ends = [accounts.left.get(s, ZERO) for s in ("gpb", "fund", "capital")]
    opens, spends = parts(fiscal, "carry"), parts(fiscal)
    left = [
        line("一、一般公共预算财政拨款", accounts.income(fiscal, "gpb"), sources[0]),
        line("二、政府性基金预算财政拨款", accounts.income(fiscal, "fund"), sources[1]),
        line("三、国有资本经营预算财政拨款", accounts.income(fiscal, "capital") or None, sources[2]),
    ]  # fmt: skip
    right = by_class(budget, fiscal, parts, every=True)
    left += [["", ""]] * (len(right) - len(left))
    left += [line("本年收入合计", accounts.income(fiscal)), line("年初财政拨款结转和结余", opens[0]),
             line("一般公共预算财政拨款", opens[1] or None), line("政府性基金预算财政拨款", opens[2] or None),
             line("国有资本经营预算财政拨款", None), line("总计", spends[0] + closing)]  # fmt: skip
    right += [spent("本年支出合计", *spends), spent("年末财政拨款结转和结余", closing, *ends), [""] * 5, [""] * 5, [""] * 5,
              spent("总计", *(a + b for a, b in zip(spends, [closing, *ends], strict=True)))]  # fmt: skip
    side_by_side(four, numbered(left, 1), numbered(right, len(left) + 1))
    five = Table(
        "general-budget-expenditure", "一般公共预算财政拨款支出决算表",
        heads("项_目>2 本年支出>3", "功能分类科目编码 科目名称 小计 基本支出 项目支出", "栏次>2 1 2 3"),
        ["", "", *amounts_of("小计", "基本支出", "项目支出")], dims=GPB, number="公开05表",
    )  # fmt: skip
    for table, leaves in ((three, every), (five, list(budget.of("gpb")))):
        rest = [""] * (len(table.columns) - 5)
        table.row([Cell("合计", 2), None, *rest], basic_and_project(leaves), "合计")
        for code, name, u in budget.functions(leaves, (3, 5, 7)):
            table.row([code, name, *rest], basic_and_project(u), name, code)
    six = three_groups(budget)
    words = (
        "合计",
        "因公出国（境）费",
        "小计",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    )
    upper = "合计v2 因公出国（境）费v2 公务用车购置及运行维护费>3 公务接待费v2"
    seven = Table(
        "three-public-expenses", "财政拨款“三公”经费支出决算表",
        heads("预算数>6 决算数>6", f"{upper} {upper}", " ".join(["小计 公务用车购置费 公务用车运行维护费"] * 2), "1 2 3 4 5 6 7 8 9 10 11 12"),
        [Column(w, {"item": i}, phase) for phase in ("approved", "executed") for w, i in zip(words, ITEMS, strict=True)],
        number="公开07表",
    )  # fmt: skip
    spent_now = three_public_row(budget)
    seven.add(*(Amount(v, "") for v in [*three_public_row(budget, lambda v: v * 2), *spent_now]))
    eight = Table(
        "government-fund-expenditure", "政府性基金预算财政拨款收入支出决算表",
        heads("项_目>2 年初结转和结余v2 本年收入v2 本年支出>3 年末结转和结余v2", "功能分类科目编码 科目名称 小计 基本支出 项目支出", "栏次>2 1 2 3 4 5 6"),
        ["", "", Column("年初结转和结余", {"direction": "revenue"}), Column("本年收入", {"direction": "revenue"}),
         Column("小计"), Column("基本支出", BASIC), Column("项目支出", PROJECT), Column("年末结转和结余")],
        dims=FUND, number="公开08表",
    )  # fmt: skip

    def of_fund(u: Sequence[Leaf]) -> list[Decimal]:
        return [
            total(u, lambda x: x.carry),
            accounts.income(u),
            *basic_and_project(u),
            accounts.closing(u),
        ]

    if budget.of("fund"):
        eight.row([Cell("合计", 2), None], of_fund(budget.of("fund")), "合计")
        for code, name, u in budget.functions(budget.of("fund"), (3, 5, 7)):
            eight.row([code, name], of_fund(u), name, code)
    else:
        no_data(eight, "政府性基金预算财政拨款")
    nine = Table(
        "state-capital-expenditure", "国有资本经营预算财政拨款支出决算表",
        heads("项_目>2 本年支出>3", "功能分类科目编码 科目名称 合计 基本支出 项目支出", "栏次>2 1 2 3"),
        ["", "", *amounts_of("合计", "基本支出", "项目支出")], dims=CAPITAL, number="公开09表",
    )  # fmt: skip
    if budget.of("capital"):
        nine.row([Cell("合计", 2), None], basic_and_project(budget.of("capital")), "合计")
        for code, name, u in budget.functions(budget.of("capital"), (3, 5, 7)):
            nine.row([code, name], basic_and_project(u), name, code)
    else:
        nine.add(Cell("合计", 2), None, "", "", "")
        nine.notes.append("注：本部门本年度没有国有资本经营预算财政拨款收支，故本表为空表。")
    one.notes.append("注：本表反映部门本年度的总收支和年末结转结余情况。")
    return [one, two, three, four, five, six, seven, eight, nine]


def three_groups(budget: Budget) -> Table:
    """Basic expenditure in three groups side by side, the sums of two of them in the last row."""
    table = Table(
        "general-budget-basic-expenditure", "一般公共预算财政拨款基本支出决算表",
        heads("人员经费>3 公用经费>6", "科目编码 科目名称 决算数 科目编码 科目名称 决算数 科目编码 科目名称 决算数"),
        ["", "", Column("决算数"), "", "", Column("决算数"), "", "", Column("决算数")], dims=GPB, number="公开06表",
    )  # fmt: skip

    def group(*classes: str) -> list[list[str | Amount]]:
        keys = sorted({c[:3] for c in budget.economic} | set(budget.economic))
        return [
            [code, ECONOMIC[code], Amount(budget.economic_sum(code), ECONOMIC[code], code)]
            for code in keys if code.startswith(classes)
        ]  # fmt: skip

    public = group("302")
    half = len(public) // 2 + 2
    for row in zip_longest(group("301", "303"), public[:half], [*public[half:], *group("310")]):
        table.add(*(cell for part in row for cell in part or ["", "", ""]))
    personnel = budget.economic_sum("301") + budget.economic_sum("303")
    table.add(
        Cell("人员经费合计", 2), None, Amount(personnel, "人员经费合计", None, None, PERSONNEL),
        Cell("公用经费合计", 5), None, None, None, None,
        Amount(budget.economic_sum() - personnel, "公用经费合计", None, None, PUBLIC),
    )  # fmt: skip
    return table


def final_wan() -> Disclosure:
    """2023, 万元, blanks for zero."""
    document = Disclosure(
        "final-wan", "江西省赣陂县水务局", 2023, "executed", Style(one_line_caption=True)
    )
    budget = make_budget(
        51, "water", "100", fund=True, capital=True, business=True, vehicle_purchase=True
    )
    cover(
        document,
        national(document, Accounts(budget, {"gpb": "152300", "fund": "40000"}), phases=False),
    )
    narrative(document, budget)
    return document


def final_yuan() -> Disclosure:
    """2022, 元 with separators and zeros, three phases beside each other, captions in the grid."""
    style = Style(unit=1, thousands=True, zero="0", caption_inside=True, sheet_per_table=True)
    document = Disclosure("final-yuan", "内蒙古自治区敖林县体育局", 2022, "executed", style)
    budget = make_budget(52, "sport", "0.01", fund=True)
    cover(
        document,
        national(document, Accounts(budget, {"gpb": "98765.43", "fund": "1000.01"}), phases=True),
    )
    narrative(document, budget)
    return document


def final_old() -> Disclosure:
    """2019: 类款项 apart, amounts of basic expenditure in three columns, dashes for zero."""
    style = Style(zero="-", thousands=True)
    document = Disclosure("final-old", "黑龙江省呼泽县交通运输局", 2019, "executed", style)
    budget = make_budget(53, "road", "100", fund=False, business=True)
    accounts, every = Accounts(budget, {"gpb": "230000"}), list(budget.leaves)
    spending, closing, opening = (
        budget.sum(lambda x: x.total),
        accounts.closing(every),
        budget.sum(lambda x: x.carry),
    )
    one = Table(
        "revenue-expenditure-summary", "收入支出决算总表", heads("收入>2 支出>4", "项目（按收入来源） 决算数 项目（按功能分类） 决算数 项目（按支出性质） 决算数"),
        ["", Column("决算数"), "", Column("决算数"), "", Column("决算数")], number="表1",
    )  # fmt: skip
    left = [
        income("一、财政拨款收入", accounts.income(every, "gpb"), "fiscal-appropriation"), income("其中：政府性基金预算财政拨款", None),
        income("二、上级补助收入", None), income("三、事业收入", accounts.income(every, "business"), "business-income"),
        income("四、经营收入", None), income("五、其他收入", accounts.income(every, "other"), "other-income"),
    ]  # fmt: skip
    middle = by_class(budget, every)
    right = [
        spent("一、基本支出", budget.sum(lambda x: x.basic)), spent("人员经费", budget.sum(lambda x: x.personnel)),
        spent("日常公用经费", budget.sum(lambda x: x.public)), spent("二、项目支出", budget.sum(lambda x: x.project)),
        spent("三、经营支出", None),
    ]  # fmt: skip
    height = max(len(left), len(middle), len(right))
    for side in (left, middle, right):
        side += [["", ""]] * (height - len(side))
    left += [
        income("本年收入合计", accounts.income(every)),
        income("年初结转和结余", opening, "carry-over"),
        income("合计", spending + closing),
    ]
    for side in (middle, right):
        side += [
            spent("本年支出合计", spending),
            spent("年末结转和结余", closing),
            spent("合计", spending + closing),
        ]
    side_by_side(one, left, middle, right)
    two = Table(
        "revenue-summary", "收入决算表",
        heads("支出功能分类科目编码>3 科目名称v2 本年收入合计v2 财政拨款收入v2 上级补助收入v2 事业收入>2 经营收入v2 附属单位上缴收入v2 其他收入v2",
              "类 款 项 小计 其中：教育收费"),
        ["", "", "", "", Column("本年收入合计"), Column("财政拨款收入", {"fund_source": "fiscal-appropriation"}), "",
         Column("小计", {"fund_source": "business-income"}), "", "", "", Column("其他收入", {"fund_source": "other-income"})],
        direction="revenue", number="表2",
    )  # fmt: skip
    function_rows(
        two, budget, every,
        lambda u: [accounts.income(u), *(accounts.income(u, s) for s in ("gpb", "business", "other"))],
        codes="split", after=("", "", "", ""),
    )  # fmt: skip
    three = Table(
        "expenditure-summary", "支出决算表",
        heads("支出功能分类科目编码>3 科目名称v2 本年支出合计v2 基本支出v2 项目支出v2 上缴上级支出v2 经营支出v2 对附属单位补助支出v2", "类 款 项"),
        ["", "", "", "", *amounts_of("本年支出合计", "基本支出", "项目支出"), "", "", ""], number="表3",
    )  # fmt: skip
    function_rows(three, budget, every, basic_and_project, codes="split", after=("", "", ""))
    four = Table(
        "general-budget-expenditure", "一般公共预算财政拨款支出决算表",
        heads("支出功能分类科目编码>3 科目名称v2 年初结转和结余v2 本年收入v2 本年支出>3 年末结转和结余v2", "类 款 项 合计 基本支出 项目支出"),
        ["", "", "", "", Column("年初结转和结余", {"direction": "revenue"}), Column("本年收入", {"direction": "revenue"}),
         Column("合计"), Column("基本支出", BASIC), Column("项目支出", PROJECT), Column("年末结转和结余")],
        dims=GPB, number="表5",
    )  # fmt: skip
    function_rows(
        four, budget, budget.of("gpb"),
        lambda u: [total(u, lambda x: x.carry), accounts.income(u), *basic_and_project(u), accounts.closing(u)], codes="split",
    )  # fmt: skip
    five = Table(
        "general-budget-basic-expenditure", "一般公共预算财政拨款基本支出决算表", heads("经济分类科目编码>2 科目名称v2 合计v2 人员经费v2 公用经费v2", "类 款"),
        ["", "", "", Column("合计", BASIC), Column("人员经费", PERSONNEL), Column("公用经费", PUBLIC)], dims=GPB, number="表6",
    )  # fmt: skip
    economic_rows(five, budget, codes="split")
    six = Table(
        "three-public-expenses", "一般公共预算财政拨款“三公”经费支出决算表", heads("项目 行次 预算数 决算数", "栏次 ~ 1 2"),
        ["", "", Column("预算数", phase="approved"), Column("决算数", phase="executed")], number="表7",
    )  # fmt: skip
    rows = zip(
        ("一、“三公”经费支出", "1.因公出国（境）费", "2.公务用车购置及运行维护费", "（1）公务用车购置费", "（2）公务用车运行维护费", "3.公务接待费"),
        ("“三公”经费支出", "因公出国（境）费", "公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费", "公务接待费"),
        three_public_row(budget), ITEMS, strict=True,
    )  # fmt: skip
    for number, (printed, label, value, item) in enumerate(rows, start=1):
        six.row([printed, str(number)], [value * 2, value], label, item=item)
    six.add("二、相关统计数", "7", "—", "—")
    six.add("1.公务用车保有量（辆）", "8", "—", "3")
    six.add("2.国内公务接待批次（个）", "9", "—", "25")
    six.columns = ["", "", Column("预算数", phase="approved"), Column("决算数", phase="executed")]
    seven = Table(
        "government-fund-expenditure", "政府性基金预算财政拨款收入支出决算表",
        heads("支出功能分类科目编码>3 科目名称v2 年初结转和结余v2 本年收入v2 本年支出>3 年末结转和结余v2", "类 款 项 小计 基本支出 项目支出"),
        ["", "", "", "", "", "", *amounts_of("小计", "基本支出", "项目支出"), ""], dims=FUND, number="表8",
    )  # fmt: skip
    no_data(
        seven,
        "",
        blank_rows=2,
        note="本部门2019年度无政府性基金预算财政拨款收入、支出，故本表为空。",
    )
    cover(document, [one, two, three, four, five, six, seven])
    narrative(document, budget)
    return document


LAYOUTS = {"final-wan": final_wan, "final-yuan": final_yuan, "final-old": final_old}
