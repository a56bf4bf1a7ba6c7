"""Short notations for layouts: columns, the sides of summaries, sentences and what they claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from benchmarks.layouts.budget import Budget, Leaf
from benchmarks.layouts.model import Amount, Column, Disclosure, Said, Table, heads
from benchmarks.layouts.parts import (
    Values,
    by_class,
    cover,
    income,
    side_by_side,
    spent,
    three_public_row,
    total,
)

__all__ = [
    "ITEMS", "ZERO", "balance", "basic_parts", "claim", "columns", "flat", "now_of", "rate", "sheet",
    "source_parts", "tell", "three_public_list", "three_public_wide", "wan", "written",
]  # fmt: skip

ZERO = Decimal(0)
ITEMS = (
    "three-public", "overseas-travel", "vehicles", "vehicle-purchase", "vehicle-operation",
    "hospitality",
)  # fmt: skip
SOURCES = {
    "gpb": "general-public-budget", "fund": "government-fund", "capital": "state-capital",
    "fiscal": "fiscal-appropriation", "business": "business-income", "other": "other-income",
    "account": "fiscal-account", "carry": "carry-over", "own": "other-income",
}  # fmt: skip
TYPES = ("basic", "personnel", "public", "project")
PHASES = ("approved", "adjusted", "executed")


def columns(notation: str) -> list[Column | str]:
    """``. 合计 小计#basic 上年数~1 金额@元 增减额?``: a dot for what is no amount, then what it is.

    ``#`` names a source, a kind of spending, an item, a direction or a phase; ``~1`` the year before;
    ``?`` an amount that need not become a fact.
    """
    found: list[Column | str] = []
    for word in notation.split():
        if word == ".":
            found.append("")
            continue
        match = re.fullmatch(r"([^#~@?]+)((?:#[\w-]+)*)(?:~(\d))?(?:@(\w+))?(\?)?", word)
        assert match, word
        dims, phase = {}, None
        for tag in filter(None, match[2].split("#")):
            if tag in SOURCES:
                dims["fund_source"] = SOURCES[tag]
            elif tag in TYPES:
                dims["expenditure_type"] = tag
            elif tag in PHASES:
                phase = tag
            elif tag in ("revenue", "expenditure"):
                dims["direction"] = tag
            else:
                dims["item"] = tag
        unit = {"元": 1, "万元": 10_000}.get(match[4])
        found.append(
            Column(
                match[1].replace("_", " "), dims, phase, int(match[3] or 0), bool(match[5]), unit
            )
        )
    return found


def sheet(
    kind: str, title: str, head: Sequence[str], notation: str, number: str = "", *,
    direction: str = "expenditure", dims: str = "", loose: bool = False, unit: int | None = None,
) -> Table:  # fmt: skip
    """A table by its notations; ``dims`` is the source its title names."""
    return Table(
        kind, title, heads(*head), columns(notation), direction,
        {"fund_source": SOURCES[dims]} if dims else {}, number, loose=loose, unit=unit,
    )  # fmt: skip


def now_of(budget: Budget, source: str) -> Decimal:
    """Revenue of the year: of a source, of ``now`` all, of ``fiscal`` the appropriations."""
    if source == "now":
        return budget.sum(lambda x: x.current)
    if source == "fiscal":
        return budget.sum(lambda x: x.current, "gpb", "fund", "capital")
    if source == "all":
        return budget.sum(lambda x: x.total, "gpb", "fund", "capital")
    if source == "general":
        return now_of(budget, "gpb")
    if source == "own":
        return budget.sum(lambda x: x.current, "business", "other")
    if source == "carry":
        return budget.sum(lambda x: x.carry)
    if source == "whole":
        return budget.sum(lambda x: x.total)
    return budget.sum(lambda x: x.current, source) if budget.of(source) else ZERO


Side = list[list[str | Amount]]


def balance(
    table: Table, budget: Budget, left: Iterable[str], left_end: Iterable[str],
    right: Side, right_end: Side,
) -> None:  # fmt: skip
    """Revenue beside expenditure; ``一、事业收入=business`` is a line, ``=`` one without an amount.

    The ends stand level with each other below both.
    """

    def line(notation: str) -> list[str | Amount]:
        label, _, source = notation.partition("=")
        if not source:
            return [label, ""]
        value = ZERO if source == "0" else now_of(budget, source)
        named = source if source in SOURCES else None
        if source == "carry" and not re.search("结[转余]", label):
            named = None  # what it was left of
        return income(label, value, SOURCES[named] if named else None)

    one, two = [line(n) for n in left], list(right)
    height = max(len(one), len(two))
    width = len((right or right_end)[0])
    one += [["", ""]] * (height - len(one))
    two += [[""] * width] * (height - len(two))
    side_by_side(table, [*one, *(line(n) for n in left_end)], [*two, *right_end])


def ends(value: Decimal, current: str, left_over: str, whole: str) -> Side:
    """本年支出合计, 结转下年 (nothing), 支出总计."""
    return [spent(current, value), spent(left_over, ZERO), spent(whole, value)]


def basic_parts(leaves: Sequence[Leaf]) -> list[Decimal]:
    """Total, basic, personnel, public, project."""
    names = ("total", "basic", "personnel", "public", "project")
    return [total(leaves, lambda x, n=n: getattr(x, n)) for n in names]  # type: ignore[misc]


def source_parts(*sources: str, measure: str = "total") -> Values:
    """The sum of the sources, then each."""

    def values(leaves: Sequence[Leaf]) -> list[Decimal]:
        found = [
            total((x for x in leaves if x.source == s), lambda x: getattr(x, measure))
            for s in sources
        ]
        return [sum(found, ZERO), *found]

    return values


def three_public_list(
    table: Table, labels: Sequence[str], rows: Sequence[Sequence[Decimal | None]],
    order: str = "tovpnh", before: Sequence[str] = (), after: Sequence[str] = (),
) -> None:  # fmt: skip
    """Items below each other. ``order`` of total, overseas, vehicles, purchase, operation, meals."""
    for number, (label, letter) in enumerate(zip(labels, order, strict=True), start=1):
        at = "tovpnh".index(letter)
        texts = [label, *before, *after]
        if "行次" in before:
            texts = [label, str(number), *after]
        table.row(texts, [row[at] for row in rows], label, item=ITEMS[at])


def three_public_wide(budget: Budget, factor: Callable[[Decimal], Decimal] = lambda v: v,
                      order: str = "tovpnh") -> list[Decimal]:  # fmt: skip
    found = dict(zip("tovpnh", three_public_row(budget, factor), strict=True))
    return [found[letter] for letter in order]


def wan(value: Decimal) -> str:
    return f"{value / 10_000:.2f}"


def rate(change: Decimal, before: Decimal) -> str:
    return f"{abs(change) / before * 100:.2f}"


def claim(subject: str, value: Decimal | str, unit: str = "万元", measure: str = "amount",
          sign: str = "") -> str:  # fmt: skip
    """A number as printed, with a mark of what it claims that ``tell`` takes away."""
    shown = value if isinstance(value, str) else wan(value)
    return f"⟦{subject}|{measure}|{sign}⟧{shown}{unit}"


def flat(subject: str) -> str:
    """A mark that the words after an amount say that it did not change."""
    return f"⟦={subject}⟧"


MARK = re.compile(r"⟦([\w/-]+)\|(\w+)\|(-?)⟧([\d.,]+)([^\d，。；、（）⟦]+?)(?=[，。；、（）⟦]|$)")


def tell(document: Disclosure, *paragraphs: str) -> None:
    """Add sentences; what they claim is kept as truth."""
    for text in paragraphs:
        for subject, measure, sign, number, unit in MARK.findall(text):
            value = Decimal(sign + number.replace(",", ""))
            document.said.append(Said(subject, measure, value, unit))
        for subject in re.findall("⟦=([^⟧]*)⟧", text):
            document.said.append(Said(subject, "change", ZERO, "万元"))
        document.blocks.append(re.sub(r"⟦[^⟧]*⟧", "", text))


def written(document: Disclosure, tables: Sequence[Table], *paragraphs: str) -> Disclosure:
    """Cover, tables, then the explanation."""
    cover(document, tables)
    kind = "决算" if document.phase == "executed" else "预算"
    tell(
        document,
        f"## 第三部分 {document.year}年{document.body_word}{kind}情况说明",
        *paragraphs,
        "## 第四部分 名词解释",
        "一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的支出。",
    )
    return document


__all__ += ["by_class", "ends"]
