"""What a budget is spent on: the leaves of ``spending`` as a tree of functions, and as a flow from
the funds through the classes to the types of expenditure. Each amount is there once.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from yusuan.explorer.views import (
    Chart,
    ExplorerData,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    code_name,
    column_titles,
    money_cell,
    share_cell,
    text_cell,
    word,
)
from yusuan.schema.messages import Texts

__all__ = ["composition", "flows", "function_names"]

_LEVELS = (3, 5, 7)
"""Digits of a class (类), a division (款) and an item (项)."""


def function_names(data: ExplorerData, year: int, codes: Iterable[str]) -> dict[str, Texts]:
    """The names of functions in the list of a year; the code where the list has none."""
    wanted = sorted(set(codes))
    marks = ", ".join("?" * len(wanted))
    names = {
        row["code"]: (row["name"], row["name_en"] or row["name"])
        for row in data.rows(
            f"select code, name, name_en from expenditure_function where concept in ({marks}) "
            "and name is not null",
            [f"{year}-{code}" for code in wanted],
        )
    }
    return {code: names.get(code, (code, code)) for code in wanted}


def composition(data: ExplorerData, budget: str) -> ViewTable:
    """The tree of functions of a budget: classes, their divisions, their items, with the share of
    the total; last the residual that no table splits, and the printed total."""
    leaves = data.rows(
        "select fiscal_year, part, function_code, function_name, expenditure_type, label, total, "
        "amount_fen, fact, finding, document from spending where budget = ? order by rowid",
        [budget],
    )
    total = _printed_total(data, leaves)
    whole = total["amount_fen"] if total else None
    if whole is None:
        whole = sum(row["amount_fen"] or 0 for row in leaves) or None
    rows = list(_tree(data, leaves, whole))
    rest = sum(row["amount_fen"] or 0 for row in leaves if row["part"] == "residual")
    if rest:
        rows.append(ViewRow(
            (text_cell(""), text_cell(word("residual")), money_cell(rest), share_cell(rest, whole)),
            kind="residual",
        ))  # fmt: skip
    if total:
        rows.append(ViewRow(
            (text_cell(""), text_cell(word("printed-total")), money_cell(total["amount_fen"], total), share_cell(total["amount_fen"], whole)),
            kind="total",
        ))  # fmt: skip
    return ViewTable(
        "composition", word("composition"),
        (
            ViewColumn("function_code", column_titles("spending", "function_code"), "code"),
            ViewColumn("name", word("function")),
            ViewColumn("amount", column_titles("spending", "amount"), "money"),
            ViewColumn("share", word("share"), "percent"),
        ),
        tuple(rows), Chart("treemap", ("name",), ("amount",)), word("composition-note"),
    )  # fmt: skip


def _printed_total(data: ExplorerData, leaves: Sequence[sqlite3.Row]) -> sqlite3.Row | None:
    keys = [row["total"] for row in leaves if row["total"]]
    if not keys:
        return None
    found = data.rows("select * from figures where figure = ?", [keys[0]])
    return found[0] if found else None


def _tree(
    data: ExplorerData, leaves: Sequence[sqlite3.Row], whole: int | None
) -> Iterable[ViewRow]:
    sums: dict[tuple[str, ...], int] = defaultdict(int)
    single: dict[tuple[str, ...], list[sqlite3.Row]] = defaultdict(list)
    names: dict[str, Texts] = {}
    year = leaves[0]["fiscal_year"] if leaves else 0
    for row in leaves:
        if row["part"] == "residual" or row["amount_fen"] is None:
            continue
        path = _path_of(row)
        names[path[-1]] = (row["function_name"] or row["label"], "")
        for depth in range(1, len(path) + 1):
            sums[path[:depth]] += row["amount_fen"]
            single[path[:depth]].append(row)
    codes = {path[-1] for path in sums if path[-1].isdigit()}
    listed = function_names(data, year, codes)
    for path in sorted(sums, key=lambda path: _order(path, sums)):
        code, facts = path[-1], single[path]
        name = _name(code, listed, names)
        below = any(len(other) > len(path) and other[: len(path)] == path for other in sums)
        amount = money_cell(sums[path], facts[0]) if len(facts) == 1 else ViewCell(
            sums[path], None, next((row["finding"] for row in facts if row["finding"]), None)
        )  # fmt: skip
        digits = code.isdigit()
        yield ViewRow(
            (
                text_cell(code if digits else "", f"item/{code}" if digits else None),
                text_cell(name), amount, share_cell(sums[path], whole),
            ),
            len(path), "sum" if below else "detail",
        )  # fmt: skip


def _path_of(row: sqlite3.Row) -> tuple[str, ...]:
    """Class, division and item of a leaf; its type of expenditure or its label where it has no code."""
    code = row["function_code"]
    if not code:
        return (row["expenditure_type"] or row["label"],)
    return tuple(code[:digits] for digits in _LEVELS if len(code) >= digits) or (code,)


def _order(
    path: tuple[str, ...], sums: Mapping[tuple[str, ...], int]
) -> tuple[tuple[int, str], ...]:
    """The largest first, each followed by its parts."""
    return tuple((-sums[path[:depth]], path[depth - 1]) for depth in range(1, len(path) + 1))


def _name(code: str, listed: Mapping[str, Texts], printed: Mapping[str, Texts]) -> Texts:
    zh, en = listed.get(code, (code, code))
    if code.isdigit():
        if zh != code:
            return zh, en
        return (printed[code][0],) * 2 if code in printed else (code, code)
    return code_name("expenditure-types", code)


def flows(data: ExplorerData, budget: str) -> ViewTable:
    """What flows from each fund through each class of functions into each type of expenditure."""
    found = data.rows(
        "select fiscal_year, fund_source, function_class, function_class_name, expenditure_type, "
        "sum(amount_fen) as fen, count(*) as facts, min(fact) as fact, min(document) as document, "
        "min(finding) as finding from spending where budget = ? and part = 'leaf' and "
        "amount_fen is not null group by 1, 2, 3, 4, 5 order by fen desc",
        [budget],
    )
    year = found[0]["fiscal_year"] if found else 0
    classes = function_names(
        data, year, (row["function_class"] for row in found if row["function_class"])
    )
    rows = []
    for row in found:
        code = row["function_class"]
        names = classes.get(code) if code else None
        if names is None or names[0] == code:
            label = row["function_class_name"] or code
            names = (label, label) if label else word("not-stated")
        fund, kind = row["fund_source"], row["expenditure_type"]
        rows.append(ViewRow((
            text_cell(code_name("fund-sources", fund) if fund else word("not-stated")),
            text_cell(names, f"item/{code}" if code else None),
            text_cell(code_name("expenditure-types", kind) if kind else word("not-stated")),
            money_cell(row["fen"], row) if row["facts"] == 1 else ViewCell(row["fen"], None, row["finding"]),
        )))  # fmt: skip
    return ViewTable(
        "flows", word("flows"),
        (
            ViewColumn("fund_source", column_titles("spending", "fund_source")),
            ViewColumn("function_class", word("function-class")),
            ViewColumn("expenditure_type", column_titles("spending", "expenditure_type")),
            ViewColumn("amount", column_titles("spending", "amount"), "money"),
        ),
        tuple(rows), Chart("sankey", ("fund_source", "function_class", "expenditure_type"), ("amount",)),
        word("flows-note"),
    )  # fmt: skip
