"""What the home page shows: departments and years, key figures, findings, where to go on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yusuan.model.money import yuan
from yusuan.presentation import money, value_label, values_of, wan
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.serve.display import settings
from yusuan.serve.metadata import DATABASE
from yusuan.serve.questions import questions
from yusuan.serve.site import Site

__all__ = ["home"]

_MOST_BUDGETS = 200
_MOST_FINDINGS = 4


@dataclass(frozen=True, slots=True)
class HomeFigure:
    """An amount in 万元 and exactly in yuan, with the fact it stands for; None: not printed."""

    title: str
    title_en: str
    wan: str | None
    yuan: str | None
    fact: str | None


@dataclass(frozen=True, slots=True)
class Budget:
    """A document with its key figures."""

    document: str
    department: str
    name: str
    year: int
    phase: str
    figures: list[HomeFigure]


def home(site: Site) -> dict[str, Any]:
    """The variables of ``index.html``."""
    about = site.package.descriptor
    totals = _pairs(site.rows(
        "select 'documents', count(*) from documents union all "
        "select 'departments', count(*) from departments union all "
        "select 'facts', count(*) from facts union all "
        "select 'findings', count(*) from findings union all "
        "select 'unrecognised', count(*) from unrecognised"
    ))  # fmt: skip
    return {
        "about": about,
        "totals": totals,
        "budgets": _budgets(site),
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


def _budgets(site: Site) -> list[Budget]:
    rows = site.rows(
        "select o.document, o.department, d.name, o.fiscal_year, p.name as phase "
        "from documents o join departments d using (department) join phases p on p.code = o.phase "
        "order by o.fiscal_year desc, d.name limit ?",
        [_MOST_BUDGETS],
    )
    amounts = [
        {
            row["document"]: row
            for row in site.rows(
                'select document, fact, amount_fen from facts where "table" = ? and "column" = ? '
                "and row_type = ?",
                [figure["table"], figure["column"], figure["row_type"]],
            )
        }
        for figure in settings("display")["figures"]
    ]
    return [
        Budget(
            row["document"], row["department"], row["name"], row["fiscal_year"], row["phase"],
            [_figure(figure, found.get(row["document"]))
             for figure, found in zip(settings("display")["figures"], amounts, strict=True)],
        )
        for row in rows
    ]  # fmt: skip


def _figure(figure: Any, row: Any) -> HomeFigure:
    if row is None or row["amount_fen"] is None:
        return HomeFigure(figure["title"], figure["title@en"], None, None, None)
    exact = money(yuan(row["amount_fen"]) or "")
    return HomeFigure(
        figure["title"], figure["title@en"], wan(row["amount_fen"]), exact, row["fact"]
    )


def _worst(site: Site) -> list[sqlite3.Row]:
    """Some contradictions of different kinds: the first one that each rule found."""
    rows = site.rows(
        "select rule, verdict, message_zh, message_en, finding, min(line) from findings "
        "where verdict = 'error' group by rule"
    )
    order = list(values_of("rule"))
    rows.sort(key=lambda row: order.index(row["rule"]) if row["rule"] in order else len(order))
    return rows[:_MOST_FINDINGS]


def _verdicts(site: Site) -> list[tuple[str, str, str, int]]:
    """Verdict, its names and the number of findings, worst first."""
    counts = _pairs(site.rows("select verdict, count(*) from findings group by verdict"))
    found = []
    for verdict in values_of("verdict"):
        zh, en = value_label("verdict", verdict) or (verdict, "")
        found.append((verdict, zh, en, counts.get(verdict, 0)))
    return found
