"""The narrative of a disclosure: every figure of it follows from the department's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from benchmarks.errors.page import Draft, Figure, Paragraph
from benchmarks.errors.truth import Department, Project, function_names
from benchmarks.layouts.budget import Leaf
from benchmarks.layouts.model import Amount, Cell, Column, Table

__all__ = ["Totals", "front", "narrative", "target_forms"]

ZERO = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """Amounts that a layout adds up in its own way (final accounts have balances left)."""

    whole: Decimal
    received: Decimal
    general_received: Decimal
    fund_received: Decimal
    fiscal: Decimal


class _Writer:
    def __init__(self, draft: Draft, department: Department) -> None:
        self.draft, self.department = draft, department
        self.word = "决算" if draft.phase == "executed" else "预算"
        self.who = f"{draft.name}{draft.year}年"

    def add(self, *parts: str | Figure) -> None:
        self.draft.blocks.append(list(parts))

    def money(self, value: Decimal, kind: str = "amount") -> Figure:
        return Figure(value, "万元", self.draft.narrative_decimals, kind)

    def share(self, part: Decimal, whole: Decimal) -> Paragraph:
        return ["，占", Figure(part / whole * 100, "%", self.draft.rate_decimals, "share")]

    def change(self, now: Decimal, before: Decimal) -> Paragraph:
        """Change and rate since the year before; no rate where there was nothing."""
        if not before:
            return []
        up = now >= before
        rate = abs(now - before) / before * 100
        return [
            f"，比上年{self.word}{'增加' if up else '减少'}", self.money(abs(now - before), "change"),
            f"，{'增长' if up else '下降'}", Figure(rate, "%", self.draft.rate_decimals, "rate"),
        ]  # fmt: skip

    def sum(
        self, measure: Callable[[Leaf], Decimal], *sources: str, before: bool = False
    ) -> Decimal:
        leaves = self.department.before if before else self.department.leaves
        return sum((measure(x) for x in leaves if not sources or x.source in sources), ZERO)

    def both(self, measure: Callable[[Leaf], Decimal], *sources: str) -> tuple[Decimal, Decimal]:
        return self.sum(measure, *sources), self.sum(measure, *sources, before=True)


def front(draft: Draft, department: Department) -> None:
    """Cover, duties and staff, before the tables."""
    writer = _Writer(draft, department)
    active, cadres, retired = department.staff
    draft.blocks += [
        f"# {draft.name}", f"# {draft.year}年部门{writer.word}公开",
        f"## 第一部分 {draft.name}概况", "### 一、主要职能",
        "贯彻执行有关法律法规，拟订本行业发展规划并组织实施。", "### 二、机构设置及人员情况",
    ]  # fmt: skip

    def staff(count: int) -> Figure:
        return Figure(Decimal(count), "人", 0, "staff")

    writer.add(f"{draft.name}实有人数", staff(sum(department.staff)), "，其中：在职人员", staff(active),
               "，离休人员", staff(cadres), "，退休人员", staff(retired), "。")  # fmt: skip
    draft.blocks.append(f"## 第二部分 {draft.year}年部门{writer.word}公开表")


def narrative(draft: Draft, department: Department, totals: Totals, *, targets: bool) -> None:
    """The explanation after the tables, with target forms where wanted, and the date."""
    writer = _Writer(draft, department)
    draft.blocks.append(f"## 第三部分 {draft.year}年部门{writer.word}情况说明")
    _totals(writer, totals)
    _general(writer)
    _basic_and_projects(writer)
    _three_public(writer)
    _others(writer, targets)
    draft.blocks += [
        "## 第四部分 名词解释",
        "一、基本支出：指为保障机构正常运转而发生的支出。",
        draft.name,
    ]
    year = draft.year + (1 if draft.phase == "executed" else 0)
    writer.add(Figure(Decimal(year), "", 0, "date", f"{year}年2月18日"))


def _totals(writer: _Writer, totals: Totals) -> None:
    add, money, who, word = writer.add, writer.money, writer.who, writer.word
    fund = writer.sum(lambda x: x.total, "fund")
    writer.draft.blocks.append(f"### 一、关于{who}收支{word}情况的总体说明")
    add(f"{who}收支总{word}", money(totals.whole), "。")
    writer.draft.blocks.append(f"### 二、关于{who}收入{word}情况说明")
    name = "本年收入" if word == "决算" else "收入预算"
    all_of = totals.received if word == "决算" else totals.whole
    add(f"{who}{name}", money(all_of), "，其中：一般公共预算拨款", money(totals.general_received),
        *writer.share(totals.general_received, all_of), "。")  # fmt: skip
    if fund:
        add(
            "政府性基金预算拨款",
            money(totals.fund_received),
            *writer.share(totals.fund_received, all_of),
            "。",
        )
    writer.draft.blocks.append(f"### 三、关于{who}支出{word}情况说明")
    whole = writer.both(lambda x: x.total)
    name = "本年支出" if word == "决算" else "支出预算"
    add(f"{who}{name}", money(whole[0]), *writer.change(*whole), "，其中：")
    for label, part in (
        ("基本支出", writer.both(lambda x: x.basic)),
        ("项目支出", writer.both(lambda x: x.project)),
    ):
        if part[0]:
            add(
                label, money(part[0]), *writer.share(part[0], whole[0]), *writer.change(*part), "。"
            )
    writer.draft.blocks.append(f"### 四、关于{who}财政拨款收支{word}情况的总体说明")
    add(f"{who}财政拨款收支总{word}", money(totals.fiscal), "。")


def _general(writer: _Writer) -> None:
    add, money, department = writer.add, writer.money, writer.department
    names, word = function_names(), writer.word
    whole = writer.both(lambda x: x.total, "gpb")
    writer.draft.blocks += [
        f"### 五、关于{writer.who}一般公共预算拨款情况说明",
        "#### （一）一般公共预算拨款规模变化情况",
    ]
    add(f"{writer.who}一般公共预算拨款支出", money(whole[0]), *writer.change(*whole), "。")
    writer.draft.blocks.append("#### （二）一般公共预算拨款结构情况")
    leaves = department.of("gpb")
    for _, name, under in department.functions(leaves, (3,)):
        part = sum((leaf.total for leaf in under), ZERO)
        add(f"{name}（类）", money(part), *writer.share(part, whole[0]), "。")
    writer.draft.blocks.append("#### （三）一般公共预算拨款具体使用情况")
    before = {leaf.code: leaf.total for leaf in department.before if leaf.source == "gpb"}
    for number, leaf in enumerate(leaves, start=1):
        code = leaf.code
        path = f"{names[code[:3]]}（类）{names[code[:5]]}（款）{names[code]}（项）"
        add(f"{number}.{path}：{writer.draft.year}年{word}数为", money(leaf.total),
            *writer.change(leaf.total, before[code]), "，主要原因是：相应支出变动。")  # fmt: skip


def _basic_and_projects(writer: _Writer) -> None:
    add, money, department = writer.add, writer.money, writer.department
    basic = department.economic_sum()
    public = sum(
        (v for c, v in department.economic.items() if not department.is_personnel(c)), ZERO
    )
    writer.draft.blocks.append(f"### 六、关于{writer.who}一般公共预算基本支出情况说明")
    add(f"{writer.who}一般公共预算基本支出", money(basic), "，其中：人员经费", money(basic - public),
        "，主要包括：基本工资、津贴补贴。公用经费", money(public), "，主要包括：办公费、差旅费。")  # fmt: skip
    writer.draft.blocks.append(f"### 七、关于{writer.who}一般公共预算项目支出情况说明")
    if writer.draft.table("general-budget-project-expenditure") is None:
        return  # nothing else in the document says what a project costs
    for number, project in enumerate(department.list_of_projects, start=1):
        writer.draft.blocks.append(f"{number}.项目名称：{project.name}")
        writer.draft.blocks.append("设立的政策依据：根据单位职能需要。")
        add("预算安排规模：", money(project.amount, "project"))
        writer.draft.blocks.append("项目承担单位：机关本级")


def _three_public(writer: _Writer) -> None:
    department, money = writer.department, writer.money
    writer.draft.blocks.append(
        f"### 八、关于{writer.who}一般公共预算“三公”经费{writer.word}情况说明"
    )
    writer.add(
        f"{writer.who}“三公”经费", money(department.three_public), "，其中：因公出国（境）费",
        money(department.overseas), "，公务用车购置费", money(department.purchase), "，公务用车运行费",
        money(department.vehicles), "，公务接待费", money(department.hospitality), "。",
    )  # fmt: skip


def _others(writer: _Writer, targets: bool) -> None:
    add, money, department = writer.add, writer.money, writer.department
    fund = writer.sum(lambda x: x.total, "fund")
    writer.draft.blocks.append(f"### 九、关于{writer.who}政府性基金预算拨款情况说明")
    add("政府性基金预算拨款支出", money(fund), "。")
    goods, works, services = department.procurement
    writer.draft.blocks += ["### 十、其他重要事项的情况说明", "#### （一）政府采购情况"]
    add(f"{writer.who}政府采购{writer.word}", money(sum(department.procurement, ZERO), "procurement"),
        f"，其中：政府采购货物{writer.word}", money(goods, "procurement"), f"，政府采购工程{writer.word}",
        money(works, "procurement"), f"，政府采购服务{writer.word}", money(services, "procurement"), "。")  # fmt: skip
    held, general = department.vehicles_held

    def cars(count: int) -> Figure:
        return Figure(Decimal(count), "辆", 0, "count")

    writer.draft.blocks.append("#### （二）国有资产占用使用情况")
    last = Decimal(writer.draft.year - 1)
    add("截至", Figure(last, "", 0, "date", f"{last}年底"), "，占用使用国有资产总体情况为：车辆", cars(held), "；其中：一般公务用车",
        cars(general), "，执法执勤用车", cars(held - general), "。")  # fmt: skip
    if targets and department.list_of_projects:
        writer.draft.blocks.append("#### （三）预算绩效情况")
        whole = sum((p.amount for p in department.list_of_projects), ZERO)
        add(f"{writer.draft.year}年，实行预算绩效管理的项目",
            Figure(Decimal(len(department.list_of_projects)), "个", 0, "count"),
            "，涉及预算金额", money(whole, "target-amount"), "。")  # fmt: skip
        target_forms(writer.draft, department.list_of_projects)


def target_forms(draft: Draft, projects: Sequence[Project]) -> None:
    """A form of targets for each project, in the unit of the narrative."""
    for project in projects:
        form = Table("targets", "项目支出绩效目标表", [], ["", "", Column(""), "", ""], unit=10_000)
        amount = Amount(project.amount, project.name)
        none = Cell("", 1)
        form.body += [
            (Cell("项目名称", 2), None, Cell(project.name, 3), None, None),
            (Cell("主管部门", 2), None, draft.name, "实施单位", "机关本级"),
            (Cell("项目资金（万元）", 1, 2), "年度资金总额：", amount, "", none),
            (None, "其中：财政拨款", Amount(project.amount, project.name), "", none),
            ("年度总体目标", Cell("完成年度任务，发挥资金效益。", 4), None, None, None),
            ("一级指标", "二级指标", "三级指标", "指标值", "权重"),
            ("产出指标", "数量指标", "完成任务数", "≥20项", "50"),
            ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "10"),
        ]
        draft.blocks.append(form)
