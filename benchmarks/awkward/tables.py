"""Small random disclosures whose numbers are right: two or three tables out of one budget.

All amounts are whole hundreds of yuan, so that they are exact in 元 and in 万元 with two decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from benchmarks.awkward.document import Document, Head, Line, Place, Stored, Style, Table
from benchmarks.layouts.budget import ECONOMIC, FUNCTIONS, Leaf, split

__all__ = ["MAKERS", "OTHERS", "Money", "make_document"]

ZERO = Decimal(0)
STEP = Decimal(100)
SURNAMES = ("青石", "云溪", "沙洲", "松岩", "临河", "桂岭", "敖林", "白塔", "南关", "东湖")
OFFICES = ("水务局", "交通运输局", "体育局", "民政局", "统计局", "档案馆", "司法局")
WORK = {
    "2130301": ("2130305", "2130306"), "2140101": ("2140106", "2140112"),
    "2070301": ("2070307", "2070308"), "2010301": ("2010302", "2010399"),
}  # fmt: skip
WELFARE = {"2080505": "30108", "2210201": "30113", "2101101": "30110"}
"""Functions of which the economic item is the same money."""
UNIT_LINES = ("单位：{}", "金额单位：{}", "（单位：{}）", "单位:{}")


class Money:
    """The figures of one department: spending by function, and basic spending by item."""

    def __init__(self, rng: Random, negative: bool) -> None:
        self.rng = rng
        running = rng.choice(sorted(WORK))
        works = rng.sample(WORK[running], rng.choice((1, 2, 2)))
        self.leaves = [Leaf(running, "gpb", self.some(100, 900), self.some(20, 200))]
        self.leaves += [Leaf(code, "gpb", project=self.some(30, 2500)) for code in works]
        welfare = rng.sample(sorted(WELFARE), rng.choice((0, 1, 2)))
        self.leaves += [Leaf(code, "gpb", self.some(10, 90)) for code in welfare]
        if negative:  # money taken back
            extra = next(iter(sorted(set(WORK[running]) - set(works))), None)
            back = -self.some(1, 20)
            if extra:
                self.leaves.append(Leaf(extra, "gpb", project=back))
            else:
                self.leaves[1] = Leaf(works[0], "gpb", project=back)
        self.leaves.sort(key=lambda leaf: leaf.code)
        self.fund = self.some(50, 400) if rng.random() < 0.3 else ZERO
        self.economic = self._economic(welfare)

    def some(self, low: int, high: int) -> Decimal:
        """An amount between so many 万元."""
        return self.rng.randint(low * 100, high * 100) * STEP

    def sum(self, part: str, under: str = "") -> Decimal:
        return sum((getattr(x, part) for x in self.leaves if x.code.startswith(under)), ZERO)

    def _economic(self, welfare: Sequence[str]) -> dict[str, Decimal]:
        fixed = {WELFARE[c]: self.sum("personnel", c) for c in welfare}
        people = [
            "30101",
            *sorted(self.rng.sample(("30102", "30103", "30107"), self.rng.choice((0, 1, 2)))),
        ]
        rest = self.sum("personnel") - sum(fixed.values(), ZERO)
        found = fixed | dict(zip(people, split(rest, len(people), self.rng, STEP), strict=True))
        public = ["30201", "30217", "30231", *self.rng.sample(("30205", "30211", "30216"), 1)]
        whole = split(self.sum("public"), len(public), self.rng, STEP)
        return dict(sorted((found | dict(zip(public, whole, strict=True))).items()))

    def economic_sum(self, prefix: str) -> Decimal:
        return sum((v for c, v in self.economic.items() if c.startswith(prefix)), ZERO)

    def functions(self) -> Iterable[tuple[str, str]]:
        codes = {leaf.code[:n] for leaf in self.leaves for n in (3, 5, 7)}
        return [(code, FUNCTIONS[code]) for code in sorted(codes)]


def place(style: Style, value: Decimal | None) -> Place:
    """An amount as the style prints it, stored as a number in spreadsheets."""
    if value is None:
        return Place.of("")
    text = style.number(value)
    if not any(map(str.isdigit, text)):
        return Place.of(text)
    made = Place.of(text, value)
    made.stored = Stored(value / style.unit, style.sheet_format)
    return made


def _rows(style: Style, rows: Iterable[tuple[str | None, str, Sequence[Decimal | None]]],
          coded: bool = True) -> list[Line]:  # fmt: skip
    found = []
    for code, label, values in rows:
        texts = [Place.of(code or ""), Place.of(label)] if coded else [Place.of(label)]
        found.append(Line([*texts, *(place(style, v) for v in values)], label, code))
    return found


def _functions(money: Money, style: Style, parts: Sequence[str]) -> list[Line]:
    rows = [
        (code, name, [money.sum(part, code) for part in parts]) for code, name in money.functions()
    ]
    whole = [money.sum(part) for part in parts]
    first = money.rng.random() < 0.3
    return _rows(style, [(None, "合计", whole), *rows] if first else [*rows, (None, "合计", whole)])


def general(money: Money, style: Style) -> Table:
    """一般公共预算支出情况表: by function, basic and project."""
    if money.rng.random() < 0.5:
        head = [[Head(t) for t in ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]]
        columns, parts = ["", "", "合计", "基本支出", "项目支出"], ("total", "basic", "project")
    else:
        head = [
            [Head("科目编码", down=2), Head("科目名称", down=2), Head("合计", down=2),
             Head("基本支出", across=3), Head("项目支出", down=2)],
            [Head("小计"), Head("人员经费"), Head("公用经费")],
        ]  # fmt: skip
        columns = ["", "", "合计", "小计", "人员经费", "公用经费", "项目支出"]
        parts = ("total", "basic", "personnel", "public", "project")
    return Table(("general-budget-expenditure",), "一般公共预算支出情况表", head, columns,
                 _functions(money, style, parts), style, number="表5")  # fmt: skip


def expenditure(money: Money, style: Style) -> Table:
    """部门支出总体情况表, without other sources."""
    head = [[Head(t) for t in ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]]
    return Table(
        ("expenditure-summary",), "部门支出总体情况表", head, ["", "", "合计", "基本支出", "项目支出"],
        _functions(money, style, ("total", "basic", "project")), style, number="表3",
    )  # fmt: skip


def basic(money: Money, style: Style) -> Table:
    """一般公共预算基本支出情况表: by economic item, personnel and public."""
    rows: list[tuple[str | None, str, Sequence[Decimal | None]]] = []
    for code in sorted({c[:3] for c in money.economic} | set(money.economic)):
        value = money.economic_sum(code)
        people = code.startswith(("301", "303"))
        rows.append(
            (code, ECONOMIC[code], [value, value if people else ZERO, ZERO if people else value])
        )
    people_sum = money.economic_sum("301") + money.economic_sum("303")
    whole = money.economic_sum("")
    rows.append((None, "合计", [whole, people_sum, whole - people_sum]))
    head = [[Head(t) for t in ("科目编码", "科目名称", "合计", "人员经费", "公用经费")]]
    return Table(
        ("general-budget-basic-expenditure",), "一般公共预算基本支出情况表", head,
        ["", "", "合计", "人员经费", "公用经费"], _rows(style, rows), style, number="表6",
    )  # fmt: skip


def three_public(money: Money, style: Style) -> Table:
    """三公经费支出情况表: items below each other, or beside each other."""
    hospitality, cars = money.economic["30217"], money.economic["30231"]
    rows = [
        ("合计", hospitality + cars), ("因公出国（境）费", ZERO), ("公务用车购置及运行费", cars),
        ("其中：公务用车购置费", ZERO), ("公务用车运行费", cars), ("公务接待费", hospitality),
    ]  # fmt: skip
    title = "一般公共预算“三公”经费支出情况表"
    if money.rng.random() < 0.6:
        return Table(
            ("three-public-expenses",), title, [[Head("项目"), Head("预算数")]], ["", "预算数"],
            _rows(style, ((None, name, [value]) for name, value in rows), coded=False), style,
            number="表8",
        )  # fmt: skip
    head = [
        [Head("合计", down=2), Head("因公出国（境）费", down=2), Head("公务用车购置及运行费", across=3),
         Head("公务接待费", down=2)],
        [Head("小计"), Head("公务用车购置费"), Head("公务用车运行费")],
    ]  # fmt: skip
    columns = ["合计", "因公出国（境）费", "小计", "公务用车购置费", "公务用车运行费", "公务接待费"]
    values = [hospitality + cars, ZERO, cars, ZERO, cars, hospitality]
    line = Line([place(style, value) for value in values], "")
    return Table(("three-public-expenses",), title, head, columns, [line], style, number="表8")


def summary(money: Money, style: Style) -> Table:
    """部门收支总体情况表: revenue beside expenditure."""
    whole = money.sum("total")
    left = [
        ("一般公共预算拨款收入", whole),
        ("政府性基金预算拨款收入", money.fund),
        ("事业收入", ZERO),
    ]
    classes = sorted({leaf.code[:3] for leaf in money.leaves})
    right = [(FUNCTIONS[code], money.sum("total", code)) for code in classes]
    if money.fund:
        right.append(("城乡社区支出", money.fund))
    height = max(len(left), len(right))
    pairs = [
        (left[i] if i < len(left) else ("", None), right[i] if i < len(right) else ("", None))
        for i in range(height)
    ]
    pairs.append((("收入总计", whole + money.fund), ("支出总计", whole + money.fund)))
    lines = []
    for (name, value), (other, spent) in pairs:
        lines.append(Line(
            [Place.of(name), place(style, value), Place.of(other), place(style, spent)], name,
            direction=("", "revenue", "", "expenditure"),
            labels=(("", None), (name, None), ("", None), (other, None)),
        ))  # fmt: skip
    head = [[Head(t) for t in ("收入项目", "预算数", "支出项目", "预算数")]]
    if money.rng.random() < 0.5:
        head = [[Head("收入", across=2), Head("支出", across=2)],
                [Head("项目"), Head("预算数"), Head("项目"), Head("预算数")]]  # fmt: skip
    return Table(("revenue-expenditure-summary",), "部门收支总体情况表", head,
                 ["", "预算数", "", "预算数"], lines, style, number="表1")  # fmt: skip


def fund(money: Money, style: Style) -> Table:
    """政府性基金预算支出情况表."""
    money.fund = money.fund or money.some(50, 400)
    head = [[Head(t) for t in ("科目编码", "科目名称", "合计", "基本支出", "项目支出")]]
    rows = [(code, FUNCTIONS[code], [money.fund, ZERO, money.fund])
            for code in ("212", "21208", "2120804")]  # fmt: skip
    rows.append(("", "合计", [money.fund, ZERO, money.fund]))
    return Table(
        ("government-fund-expenditure",), "政府性基金预算支出情况表", head,
        ["", "", "合计", "基本支出", "项目支出"], _rows(style, [(c or None, n, v) for c, n, v in rows]),
        style, number="表9",
    )  # fmt: skip


def procurement(money: Money, style: Style) -> Table:
    """政府采购预算表: projects of few categories, a category in several rows."""
    rng = money.rng
    names = rng.sample(
        ("办公楼物业管理", "资料印刷", "车辆维修", "堤防维修", "网络租赁", "设备购置", "监测服务"),
        4,
    )
    rows = [(name, rng.choice(("服务", "货物", "工程")), money.some(1, 90)) for name in names]
    rows.append(("合计", "", sum((value for _, _, value in rows), ZERO)))
    lines = [
        Line([Place.of(name), Place.of(category), place(style, value), place(style, value)], name)
        for name, category, value in rows
    ]
    head = [[Head(t) for t in ("采购项目名称", "采购品目", "采购预算总额", "财政拨款")]]
    return Table(("government-procurement",), "政府采购预算表", head, ["", "", "采购预算总额", "财政拨款"], lines,
                 style, number="表14")  # fmt: skip


def procurement_forms(money: Money, style: Style) -> Table:
    """政府采购支出表: the form of organisation stands behind the item, in a column of its own."""
    rng = money.rng
    items = rng.sample(("台式计算机", "物业管理服务", "多功能一体机", "印刷服务", "空调机"), 3)
    rows = [
        (item, rng.choice(("分散自行组织", "部门集中采购", "政府集中采购")), money.some(1, 90))
        for item in items
    ]
    rows.append(("合计", "", sum((value for _, _, value in rows), ZERO)))
    lines = [
        Line([Place.of(item), Place.of(form), place(style, value)], item)
        for item, form, value in rows
    ]
    head = [[Head(t) for t in ("采购物品名称", "采购组织形式", "总计")]]
    return Table(("government-procurement",), "政府采购支出表", head, ["", "", "总计"], lines, style,
                 number="表14")  # fmt: skip


def summary_by_spending(money: Money, style: Style) -> Table:
    """财务收支预算总表: the side of expenditure is split into basic and project."""
    table = summary(money, style)
    parts = ("total", "personnel", "public", "project")
    table.head = [
        [Head("本年收入", across=2), Head("本年支出", across=5)],
        [Head("项目", down=3), Head("预算数", down=3), Head("项目", down=3), Head("预算数", across=4)],
        [Head("合计", down=2), Head("基本支出", across=2), Head("项目支出", down=2)],
        [Head("人员经费"), Head("公用经费")],
    ]  # fmt: skip
    table.title, table.columns = (
        "单位财务收支预算总表",
        ["", "预算数", "", "合计", "人员经费", "公用经费", "项目支出"],
    )
    codes = {name: code for code, name in FUNCTIONS.items() if len(code) == 3}
    for line in table.lines:
        label = line.labels[3][0]
        values: list[Decimal | None] = [None] * 4
        if label == "支出总计":
            values = [money.sum(part) for part in parts]
        elif label == "城乡社区支出" and money.fund:
            values = [money.fund, ZERO, ZERO, money.fund]
        elif label:
            values = [money.sum(part, codes[label]) for part in parts]
        if label == "支出总计" and money.fund:
            values[0], values[3] = values[0] + money.fund, values[3] + money.fund  # type: ignore[operator]
        line.places[3:] = [place(style, value) for value in values]
        line.direction = ("", "revenue", "", *["expenditure"] * 4)
        line.labels = (*line.labels[:3], *[(label, None)] * 4)
    return table


OTHERS: dict[str, Callable[[Money, Style], Table]] = {
    "procurement": procurement, "procurement-forms": procurement_forms,
    "summary-by-spending": summary_by_spending,
}  # fmt: skip
"""Tables that are awkward by themselves."""
MAKERS: dict[str, Callable[[Money, Style], Table]] = {
    "general": general, "basic": basic, "three-public": three_public, "summary": summary,
    "expenditure": expenditure, "fund": fund,
}  # fmt: skip


def make_document(rng: Random, names: Sequence[str] = (), *, negative: bool = False,
                  unit: int | None = None) -> Document:  # fmt: skip
    """A right document with the tables named (two or three of any kind without), in one style."""
    unit = unit or rng.choice((1, 10_000, 10_000))
    style = Style(
        unit=unit, thousands=rng.random() < 0.6, zero=rng.choice(("", "", "0.00", "-")),
        decimals=rng.choice((0, 2)) if unit == 1 else 2,
    )  # fmt: skip
    if style.zero == "0.00" and not style.decimals:
        style.zero = "0"
    money = Money(rng, negative)
    chosen = list(names) or rng.sample(sorted(MAKERS), rng.choice((2, 3)))
    if "fund" in chosen:
        chosen.sort(key="fund".__ne__)  # it decides the fund's money
    if "expenditure" in chosen:
        money.fund = ZERO
        chosen = [name for name in chosen if name != "fund"] or ["expenditure"]
    tables = [replace((MAKERS | OTHERS)[name](money, style), maker=name) for name in chosen]
    tables.sort(key=lambda table: table.number)
    name, year = rng.choice(SURNAMES) + "县" + rng.choice(OFFICES), rng.randint(2019, 2025)
    line = rng.choice(UNIT_LINES).format(style.unit_name)
    for table in tables:
        table.above = [f"编制单位：{name}"] if rng.random() < 0.5 else []
        table.above.append(line)
    return Document(
        name, year, "approved", style, tables, [f"{name}{year}年部门预算公开"],
        sheet_per_table=rng.random() < 0.7,
    )  # fmt: skip
