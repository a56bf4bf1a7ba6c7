"""Rows that many layouts share: functions by level, economic items, tables side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import zip_longest

from benchmarks.layouts.budget import ECONOMIC, FUNCTIONS, Budget, Leaf
from benchmarks.layouts.model import Amount, Cell, Column, Disclosure, Table

__all__ = [
    "BASIC", "PROJECT", "Values", "by_class", "cover", "economic_rows", "function_rows", "income",
    "narrative", "no_data", "side_by_side", "three_public_row",
]  # fmt: skip

Values = Callable[[Sequence[Leaf]], Sequence[Decimal | None]]
Side = Sequence[str | Amount | None]
CHINESE = "一二三四五六七八九十"
WIDE = "\u3000"

BASIC = {"expenditure_type": "basic"}
PROJECT = {"expenditure_type": "project"}


def total(leaves: Iterable[Leaf], measure: Callable[[Leaf], Decimal]) -> Decimal:
    return sum((measure(leaf) for leaf in leaves), Decimal(0))


def sums(leaves: Sequence[Leaf], *parts: str) -> list[Decimal]:
    """The sum of each part (basic, personnel, carry, …) of the leaves."""
    return [sum((getattr(leaf, part) for leaf in leaves), Decimal(0)) for part in parts]


def basic_and_project(leaves: Sequence[Leaf]) -> list[Decimal]:
    """Total, basic and project of the leaves: the commonest three columns."""
    return sums(leaves, "total", "basic", "project")


def code_cells(code: str, style: str) -> list[str]:
    """A functional code as printed: joined, apart in 类款项, or with only what is new."""
    level = (len(code) - 3) // 2
    if style == "joined":
        return [code]
    if style == "indented":
        return [" " * 2 * level + code]
    parts = [code[:3], code[3:5], code[5:7]]
    if style == "inherited":
        parts = ["" if index != level else part for index, part in enumerate(parts)]
    return parts


def function_rows(
    table: Table, budget: Budget, leaves: Iterable[Leaf], values: Values, *,
    levels: tuple[int, ...] = (3, 5, 7), codes: str = "joined", totals: str = "first",
    indent: str = "", total_label: str = "合计", before: Sequence[str] = (),
    after: Sequence[str] = (), total_in: str = "name",
) -> None:  # fmt: skip
    """A row for each function. ``indent`` is put before the name once for each level down.

    ``total_in`` says whether the word 合计 stands in the code or the name column;
    ``before`` and ``after`` are texts of further columns around code and name.
    """
    own = list(leaves)

    def total_row() -> None:
        blank = len(code_cells("2010301", codes)) - 1
        texts = (
            [total_label, *[""] * blank, ""]
            if total_in == "code"
            else [*[""] * (blank + 1), total_label]
        )
        table.row([*[""] * len(before), *texts, *[""] * len(after)], values(own), total_label)

    if totals == "first":
        total_row()
    for code, name, under in budget.functions(own, levels):
        depth = levels.index(len(code))
        texts = [*before, *code_cells(code, codes), indent * depth + name, *after]
        table.row(texts, values(under), name, code)
    if totals == "last":
        total_row()


def economic_rows(
    table: Table, budget: Budget, *, codes: str = "joined", totals: str = "first",
    indent: str = "", values: Callable[[str, Decimal], Sequence[Decimal | None]] | None = None,
    groups: bool = True, total_label: str = "合计", total_in: str = "name",
) -> None:  # fmt: skip
    """Basic expenditure by economic item: total, personnel, public (or ``values``)."""

    def parts(prefix: str, amount: Decimal) -> list[Decimal]:
        personnel = sum(
            (
                v
                for c, v in budget.economic.items()
                if c.startswith(prefix) and budget.is_personnel(c)
            ),
            Decimal(0),
        )
        return [amount, personnel, amount - personnel]

    shown = values or parts

    def cells(code: str) -> list[str]:
        return [code[:3], code[3:]] if codes == "split" else [code]

    def total_row() -> None:
        blank = [""] * (len(cells("301")) - 1)
        texts = [total_label, *blank, ""] if total_in == "code" else ["", *blank, total_label]
        table.row(texts, shown("", budget.economic_sum()), total_label)

    if totals == "first":
        total_row()
    keys = (
        sorted({code[:3] for code in budget.economic} | set(budget.economic))
        if groups
        else sorted(budget.economic)
    )
    for code in keys:
        name = ECONOMIC[code]
        texts = [*cells(code), (indent if len(code) > 3 else "") + name]
        table.row(texts, shown(code, budget.economic_sum(code)), name, code)
    if totals == "last":
        total_row()


def side_by_side(table: Table, *sides: Sequence[Side]) -> None:
    """Rows of tables printed side by side; a shorter one is padded with blanks."""
    widths = [len(side[0]) for side in sides]
    for row in zip_longest(*sides):
        cells: list[str | Amount | Cell | None] = []
        for width, part in zip(widths, row, strict=True):
            cells += part or [""] * width
        table.add(*cells)


def income(
    label: str, value: Decimal | None, source: str | None = None, printed: str = ""
) -> list[str | Amount]:
    """A line of revenue; ``source`` is the fund source that the label names."""
    dims = {"fund_source": source} if source else {}
    cell: str | Amount = "" if value is None else Amount(value, label, None, "revenue", dims)
    return [printed or label, cell]


def by_class(
    budget: Budget, leaves: Iterable[Leaf], values: Values | None = None, *,
    numbered: bool = True, brackets: bool = False, coded: bool = False, every: bool = False,
) -> list[list[str | Amount]]:  # fmt: skip
    """A line for each functional class: a name (一、…) and its amounts.

    With ``every`` the classes without amounts are printed too, blank.
    """
    own = list(leaves)
    found = {code: under for code, _, under in budget.functions(own, (3,))}
    codes = sorted(c for c in FUNCTIONS if len(c) == 3) if every else sorted(found)
    measure = values or (lambda under: [total(under, lambda leaf: leaf.total)])
    width = len(measure(own))
    lines: list[list[str | Amount]] = []
    for index, code in enumerate(codes):
        name = FUNCTIONS[code]
        number = CHINESE[index] if index < 10 else "十" + CHINESE[index - 10]
        printed = name
        if brackets:
            printed = f"（{number}）{name}"
        elif coded:
            printed = f"{code} {name}"
        elif numbered:
            printed = f"{number}、{name}"
        amounts = measure(found[code]) if code in found else [Decimal(0)] * width
        own_code = code if coded else None
        cells: list[str | Amount] = [printed]
        for amount in amounts:
            blank = amount is None or (code not in found)
            cells.append(
                "" if blank else Amount(amount or Decimal(0), name, own_code, "expenditure")
            )
        lines.append(cells)
    return lines


def spent(label: str, *values: Decimal | None, printed: str = "") -> list[str | Amount]:
    """A line of expenditure without a code."""
    return [
        printed or label,
        *("" if value is None else Amount(value, label, None, "expenditure") for value in values),
    ]


def three_public_row(
    budget: Budget, factor: Callable[[Decimal], Decimal] = lambda v: v
) -> list[Decimal]:
    """Total, overseas, vehicles, purchase, operation, hospitality."""
    overseas, purchase, vehicles, hospitality = (
        factor(v) for v in (budget.overseas, budget.purchase, budget.vehicles, budget.hospitality)
    )
    return [
        overseas + purchase + vehicles + hospitality, overseas, purchase + vehicles, purchase,
        vehicles, hospitality,
    ]  # fmt: skip


def no_data(table: Table, what: str, *, blank_rows: int = 1, note: str = "") -> None:
    """An empty table with the remark that governments print below it."""
    for _ in range(blank_rows):
        table.add(*[""] * len(table.columns))
    table.notes.append(note or f"说明：本部门没有使用{what}安排的支出，故本表无数据。")


def cover(document: Disclosure, tables: Sequence[Table], *, contents: bool = True) -> None:
    """Cover, table of contents and the part with the duties, before the tables."""
    kind = "决算" if document.phase == "executed" else "预算"
    word = document.body_word
    document.blocks += [f"# {document.name}", f"# {document.year}年{word}{kind}公开"]
    if contents:
        document.blocks += [
            "# 目  录",
            f"第一部分 {document.name}概况",
            "一、主要职能",
            "二、机构设置",
        ]
        document.blocks.append(f"第二部分 {document.year}年{word}{kind}表")
        document.blocks += [f"{t.number} {t.title}".strip() for t in tables]
        document.blocks += [f"第三部分 {document.year}年{word}{kind}情况说明", "第四部分 名词解释"]
    document.blocks += [
        f"## 第一部分 {document.name}概况", "### 一、主要职能",
        "贯彻执行有关法律法规，拟订本行业发展规划并组织实施。",
        "### 二、机构设置", f"{document.name}内设办公室、规划财务科等5个科室，无下属单位。",
        f"## 第二部分 {document.year}年{word}{kind}表",
    ]  # fmt: skip
    document.blocks += tables


def narrative(document: Disclosure, budget: Budget) -> None:
    """The explanation with the same totals, in 万元 with two decimals."""
    year, name = document.year, document.name
    kind = "决算" if document.phase == "executed" else "预算"

    def wan(value: Decimal) -> str:
        return f"{value / 10_000:.2f}万元"

    whole = budget.sum(lambda leaf: leaf.total)
    own = budget.sum(lambda leaf: leaf.total, "gpb")
    basic = budget.sum(lambda leaf: leaf.basic, "gpb")
    project = budget.sum(lambda leaf: leaf.project, "gpb")
    document.blocks += [
        f"## 第三部分 {year}年{document.body_word}{kind}情况说明",
        f"### 一、{year}年收支{kind}总体情况",
        f"{name}{year}年"
        f"{'本年支出合计' if kind == '决算' else '收支总预算'}{wan(whole)}。",
        "### 二、一般公共预算支出情况",
        f"{year}年一般公共预算支出{wan(own)}，其中：基本支出{wan(basic)}，项目支出{wan(project)}。",
        "## 第四部分 名词解释",
        "一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的支出。",
        "二、项目支出：指为完成特定的工作任务和事业发展目标而发生的支出。",
    ]  # fmt: skip


def amounts_of(*headings: str) -> list[Column]:
    """Columns 合计, 基本支出, 项目支出 under the headings given."""
    return [Column(headings[0]), Column(headings[1], BASIC), Column(headings[2], PROJECT)]
