"""What the home page shows: departments and years, key figures, findings, where to go on; and what is
new, as a feed. Documents that others supersede are counted apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Any

from markupsafe import Markup

from yusuan.explorer.findings import CURRENT
from yusuan.explorer.overview import departments_view
from yusuan.explorer.rendering import in_language, page_of
from yusuan.explorer.views import Language, phase_name
from yusuan.model.money import yuan
from yusuan.package import Package
from yusuan.presentation import leading_figures, money, value_label, values_of, wan
from yusuan.reports.feed import FEED_TYPE, FeedEntry, as_atom, feed_entries
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts, message
from yusuan.serve.cells import entity_path
from yusuan.serve.display import settings
from yusuan.serve.explorer import SiteAddresses
from yusuan.serve.metadata import DATABASE
from yusuan.serve.questions import questions
from yusuan.serve.site import Raw, Site
from yusuan.sparql.transfer import usable_address

__all__ = ["feed", "home"]

_MOST_BUDGETS = 200
_MOST_FINDINGS = 4


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """A headline figure in 万元, rounded to two decimals (``exact`` says whether that is all), and
    exactly in yuan; the page of the amount it is, and the page of the finding that doubts it."""

    wan: str
    exact: bool
    yuan: str
    path: str
    finding: str | None


@dataclass(frozen=True, slots=True)
class HomeBudget:
    """A budget with the figures that pages lead with, in their order; None: not printed."""

    path: str
    department: str
    name: str
    year: int
    phase: Texts
    documents: list[str]
    figures: list[HomeFigure | None]


@lru_cache(maxsize=8)
def home(site: Site, language: Language) -> Mapping[str, Any]:
    """The variables of ``index.html``: made once, for the database of a site never changes."""
    about = site.package.descriptor
    names = {
        row["code"]: (row["name"], row["name_en"]) for row in catalogue()["headline-figures"].rows
    }
    totals = _pairs(site.rows(
        "select 'documents', count(*) from documents union all "
        "select 'budgets', count(*) from budgets where part_of is null union all "
        "select 'parts', count(*) from budgets where part_of is not null union all "
        "select 'alone', count(*) from budgets where part_of is null and kind = 'unit' union all "
        "select 'departments', count(*) from departments union all "
        "select 'facts', count(*) from facts union all "
        f"select 'findings', count(*) from findings f where {CURRENT} union all "
        f"select 'set_aside', count(*) from findings f where not {CURRENT} union all "
        "select 'unrecognised', count(*) from unrecognised"
    ))  # fmt: skip
    budgets = _budgets(site)
    figure_names = [names[code] for code in leading_figures()]
    view = departments_view(site, "", {})
    changes = [table for table in view.tables if table.name == "changes"]
    return {
        "about": about,
        "changes": page_of(
            replace(view, tables=tuple(changes)), language, SiteAddresses("/", "", site)
        ),
        "totals": totals,
        "alone": message("units-alone", number=totals["alone"]),
        "set_aside": message("set-aside", number=totals["set_aside"]),
        "budgets": budgets,
        "budget_rows": Markup("").join(
            _budget_row(budget, figure_names, language) for budget in budgets
        ),
        "figure_names": figure_names,
        "verdicts": _verdicts(site),
        "worst": _worst(site),
        "queries": settings("queries")["queries"],
        "questions": questions(),
        "core": catalogue().of_kind("core"),
        "tables": catalogue().tables,
        "files": [
            ("datapackage.json", *message("link-descriptor")),
            ("csv-metadata.json", *message("link-csvw")),
            ("data/facts.csv", *message("link-facts")),
            ("graph/budget.trig", *message("link-rdf")),
        ],
        "database": DATABASE,
    }


def _pairs(rows: Iterable[sqlite3.Row]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}


def _budgets(site: Site) -> list[HomeBudget]:
    """The budgets that are part of no other one of the package, the newest first."""
    rows = site.rows(
        "select budget, department, department_name, fiscal_year, phase, documents "
        "from budgets where part_of is null order by fiscal_year desc, department_name limit ?",
        [_MOST_BUDGETS],
    )
    codes = leading_figures()
    figures = {
        (row["budget"], row["code"]): row
        for row in site.rows(
            "select budget, code, amount_fen, fact, claim, finding from figures "
            f"where code in ({', '.join('?' * len(codes))})",
            codes,
        )
    }
    return [
        HomeBudget(
            f"/budget/{row['budget']}", row["department"], row["department_name"], row["fiscal_year"], phase_name(row["phase"]),
            row["documents"].split("|"),
            [_figure(figures.get((row["budget"], code))) for code in codes],
        )
        for row in rows
    ]  # fmt: skip


def _figure(row: sqlite3.Row | None) -> HomeFigure | None:
    if row is None or row["amount_fen"] is None:
        return None
    kind = "facts" if row["fact"] else "claims"
    finding = entity_path(catalogue()["findings"], row["finding"]) if row["finding"] else None
    shown = wan(row["amount_fen"])
    rounded = money(f"{Decimal(row['amount_fen']).scaleb(-6):.2f}")
    return HomeFigure(
        rounded, rounded == shown, money(yuan(row["amount_fen"]) or ""),
        entity_path(catalogue()[kind], row["fact"] or row["claim"]) or "/", finding,
    )  # fmt: skip


def _budget_row(budget: HomeBudget, figure_names: Sequence[Texts], language: Language) -> Markup:
    """The row of a budget where there are many: in yuan, so that all amounts of a column have two
    decimals. Not a step of the template for a cell, which took most of the page's time."""
    cells = Markup("").join(
        _figure_cell(figure, in_language(label, language))
        for figure, label in zip(budget.figures, figure_names, strict=True)
    )
    return Markup(
        '<tr><td data-label="{}"><a href="/department/{}">{}</a></td>'
        '<td data-label="{}"><a href="{}">{} {}</a></td>{}</tr>\n'
    ).format(
        catalogue()["budgets"].field("department").title, budget.department, budget.name,
        catalogue()["budgets"].field("fiscal_year").title, budget.path, budget.year, in_language(budget.phase, language), cells,
    )  # fmt: skip


def _figure_cell(figure: HomeFigure | None, label: str) -> Markup:
    start = Markup('<td data-label="{}" class="format-money">').format(label)
    if figure is None:
        return start + Markup("—</td>")
    flag = Markup("")
    if figure.finding:
        flag = Markup(' <a class="flag" href="{}" title="{}">※</a>').format(
            figure.finding, " ".join(message("has-finding"))
        )
    return start + Markup('<a class="num" href="{}">{}</a>{}</td>').format(
        figure.path, figure.yuan, flag
    )


def _worst(site: Site) -> list[sqlite3.Row]:
    """Some contradictions of different kinds: the first one that each rule found."""
    rows = site.rows(
        "select f.rule, f.verdict, f.message_zh, f.message_en, f.finding, f.page, min(f.line), "
        "f.fiscal_year, d.name as department_name, p.name as phase_name, p.name_en as phase_name_en from findings f "
        "join departments d on d.department = f.department join phases p on p.code = f.phase "
        f"where f.verdict = 'error' and {CURRENT} group by f.rule"
    )
    order = list(values_of("rule"))
    rows.sort(key=lambda row: order.index(row["rule"]) if row["rule"] in order else len(order))
    return rows[:_MOST_FINDINGS]


def _verdicts(site: Site) -> list[tuple[str, str, str, int]]:
    """Verdict, its names and the number of findings, worst first."""
    counts = _pairs(
        site.rows(f"select verdict, count(*) from findings f where {CURRENT} group by verdict")
    )
    found = []
    for verdict in values_of("verdict"):
        zh, en = value_label("verdict", verdict) or (verdict, "")
        found.append((verdict, zh, en, counts.get(verdict, 0)))
    return found


def feed(site: Site, root: str) -> Raw:
    """The Atom feed with the addresses of this site, which is called by ``root``."""
    if not usable_address(root):
        return Raw.sentence(400, "The Host of the request is not a valid host name.")
    with _FEED:  # those who come meanwhile wait for the first
        entries = _feed_entries(site.package)
    body = as_atom(
        site.package, entries, f"{root.rstrip('/')}/", "id/document/{document}", "-/package/"
    )
    return Raw(200, body, {
        "Content-Type": f"{FEED_TYPE}; charset=utf-8", "Vary": "Host",
        "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff",
    })  # fmt: skip


_FEED = Lock()


@lru_cache(maxsize=2)
def _feed_entries(package: Package) -> list[FeedEntry]:
    """Those of an edition: where documents were reissued, facts are read."""
    return feed_entries(package)
