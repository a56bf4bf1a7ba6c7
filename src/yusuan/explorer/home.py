"""What the home page of a site shows: what the package holds, the figures of its budgets, the largest
changes, findings. Documents that others supersede are counted apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from yusuan.explorer.findings import CURRENT
from yusuan.explorer.overview import departments_view, years_table
from yusuan.explorer.pages import page_of
from yusuan.explorer.rendering import Addresses, in_language
from yusuan.explorer.views import ExplorerData, Language, View, column_titles, phase_name, word
from yusuan.model.money import yuan
from yusuan.presentation import leading_figures, money, value_label, values_of, wan
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, message

__all__ = ["home_page"]

_MOST_FINDINGS = 4


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """A headline figure in 万元, rounded to two decimals (``exact`` says whether that is all), and
    exactly in yuan; the page of the amount it is, and the page of the finding that doubts it."""

    wan: str
    exact: bool
    yuan: str
    href: str | None
    finding: str | None


@dataclass(frozen=True, slots=True)
class HomeBudget:
    """A budget with the figures that pages lead with, in their order; None: not printed."""

    href: str | None
    department: str | None
    name: str
    year: int
    phase: Texts
    documents: list[str]
    figures: list[HomeFigure | None]


def home_page(
    data: ExplorerData, language: Language, addresses: Addresses, *, most_budgets: int
) -> dict[str, Any]:
    """The variables of ``home.html``. Of more than ``most_budgets`` budgets the years are listed
    instead."""
    names = {
        row["code"]: (row["name"], row["name_en"]) for row in catalogue()["headline-figures"].rows
    }
    totals = _pairs(data.rows(
        "select 'documents', count(*) from documents union all "
        "select 'superseded', count(distinct document) from revisions union all "
        "select 'budgets', count(*) from budgets where part_of is null union all "
        "select 'parts', count(*) from budgets where part_of is not null union all "
        "select 'alone', count(*) from budgets where part_of is null and kind = 'unit' union all "
        "select 'departments', count(*) from departments union all "
        "select 'facts', count(*) from facts union all "
        f"select 'findings', count(*) from findings f where {CURRENT} union all "
        f"select 'set_aside', count(*) from findings f where not {CURRENT} union all "
        "select 'unrecognised', count(*) from unrecognised"
    ))  # fmt: skip
    few = totals["budgets"] <= most_budgets
    budgets = _budgets(data, addresses) if few else []
    figure_names = [names[code] for code in leading_figures()]
    view = departments_view(data, "", {})
    changes = tuple(table for table in view.tables if table.name == "changes")
    years = View("years", "", {}, word("years"), tables=(years_table(data),))
    return {
        "changes": page_of(replace(view, tables=changes), language, addresses),
        "years": None if few else page_of(years, language, addresses),
        "totals": totals,
        "alone": message("units-alone", number=totals["alone"]),
        "set_aside": message("set-aside", number=totals["set_aside"]),
        "budgets": budgets,
        "budget_rows": Markup("").join(
            _budget_row(budget, figure_names, language) for budget in budgets
        ),
        "figure_names": figure_names,
        "ranked": (names["three-public"], addresses.page(_RANKED)),
        "verdicts": _verdicts(data, addresses),
        "worst": _worst(data, addresses),
        "hrefs": {
            path: addresses.page(path)
            for path in ("departments", "compare", "findings")
        },
    }  # fmt: skip


_RANKED = "departments?figure=three-public"


def _pairs(rows: Iterable[sqlite3.Row]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def _budgets(data: ExplorerData, addresses: Addresses) -> list[HomeBudget]:
    """The budgets that are part of no other one of the package, the newest first."""
    rows = data.rows(
        "select budget, department, department_name, fiscal_year, phase, documents "
        "from budgets where part_of is null order by fiscal_year desc, department_name"
    )
    codes = leading_figures()
    figures = {
        (row["budget"], row["code"]): row
        for row in data.rows(
            "select budget, code, amount_fen, fact, claim, finding from figures "
            f"where code in ({', '.join('?' * len(codes))})",
            codes,
        )
    }
    return [
        HomeBudget(
            addresses.page(f"budget/{row['budget']}"),
            addresses.page(f"department/{row['department']}"), row["department_name"],
            row["fiscal_year"], phase_name(row["phase"]),
            [addresses.page(f"id/document/{key}") or "" for key in row["documents"].split("|")],
            [_figure(figures.get((row["budget"], code)), addresses) for code in codes],
        )
        for row in rows
    ]  # fmt: skip


def _figure(row: sqlite3.Row | None, addresses: Addresses) -> HomeFigure | None:
    if row is None or row["amount_fen"] is None:
        return None
    path = f"id/fact/{row['fact']}" if row["fact"] else f"id/claim/{row['claim']}"
    finding = addresses.page(f"id/finding/{row['finding']}") if row["finding"] else None
    shown = wan(row["amount_fen"])
    rounded = money(f"{Decimal(row['amount_fen']).scaleb(-6):.2f}")
    return HomeFigure(
        rounded, rounded == shown, money(yuan(row["amount_fen"]) or ""), addresses.page(path), finding
    )  # fmt: skip


def _budget_row(budget: HomeBudget, figure_names: Sequence[Texts], language: Language) -> Markup:
    """The row of a budget where there are many: in yuan, so that all amounts of a column have two
    decimals. Not a step of the template for a cell, which took most of the page's time."""
    cells = Markup("").join(
        _figure_cell(figure, in_language(label, language), language)
        for figure, label in zip(budget.figures, figure_names, strict=True)
    )
    return Markup(
        '<tr><td data-label="{}"><a href="{}">{}</a></td>'
        '<td data-label="{}"><a href="{}">{} {}</a></td>{}</tr>\n'
    ).format(
        in_language(column_titles("budgets", "department"), language), budget.department, budget.name,
        in_language(column_titles("budgets", "fiscal_year"), language), budget.href, budget.year,
        in_language(budget.phase, language), cells,
    )  # fmt: skip


def _figure_cell(figure: HomeFigure | None, label: str, language: Language) -> Markup:
    start = Markup('<td data-label="{}" class="format-money">').format(label)
    if figure is None:
        return start + Markup("—</td>")
    flag = Markup("")
    if figure.finding:
        flag = Markup(' <a class="flag" href="{}" title="{}">※</a>').format(
            figure.finding, in_language(word("has-finding"), language)
        )
    return start + Markup('<a class="num" href="{}">{}</a>{}</td>').format(
        figure.href, figure.yuan, flag
    )


def _worst(data: ExplorerData, addresses: Addresses) -> list[Mapping[str, Any]]:
    """Some contradictions of different kinds: the first one that each rule found."""
    rows = data.rows(
        "select f.rule, f.verdict, f.message_zh, f.message_en, f.finding, f.page, min(f.line), "
        "f.fiscal_year, d.name as department_name, f.phase from findings f "
        "join departments d on d.department = f.department "
        f"where f.verdict = 'error' and {CURRENT} group by f.rule"
    )
    order = list(values_of("rule"))
    rows.sort(key=lambda row: order.index(row["rule"]) if row["rule"] in order else len(order))
    return [
        {
            "verdict": row["verdict"], "messages": (row["message_zh"], row["message_en"]),
            "href": addresses.page(f"id/finding/{row['finding']}"), "year": row["fiscal_year"],
            "department": row["department_name"], "phase": phase_name(row["phase"]),
        }
        for row in rows[:_MOST_FINDINGS]
    ]  # fmt: skip


def _verdicts(data: ExplorerData, addresses: Addresses) -> list[tuple[str, Texts, int, str | None]]:
    """Verdict, its names, the number of findings and their page, worst first."""
    counts = _pairs(
        data.rows(f"select verdict, count(*) from findings f where {CURRENT} group by verdict")
    )
    return [
        (
            verdict, value_label("verdict", verdict) or (verdict, ""), counts.get(verdict, 0),
            addresses.page(f"findings?verdict={verdict}"),
        )
        for verdict in values_of("verdict")
    ]  # fmt: skip
