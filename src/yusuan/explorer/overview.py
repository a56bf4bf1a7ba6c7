"""``/departments``: what a package holds, as departments by years and phases, with the gaps; and where
expenditure changed most. Home shows the first rows of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from yusuan.explorer.views import (
    ExplorerData,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    column_titles,
    money_cell,
    phase_name,
    text_cell,
    word,
)
from yusuan.schema import catalogue

__all__ = ["departments_view"]

_MOST_CHANGES = 10


def departments_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of all departments."""
    tables = (_held(data), _changes(data))
    return View(
        "departments", "departments", {}, word("departments"),
        tables=tuple(table for table in tables if table.rows),
        crumbs=((word("home"), ""),), notes=(word("superseded-left-out"),),
    )  # fmt: skip


def _held(data: ExplorerData) -> ViewTable:
    """A row for each department, a column for each year and phase: total expenditure, and blank where
    the package has no budget."""
    budgets = data.rows(
        "select b.*, f.amount_fen, f.fact, f.claim, f.finding, f.printed from budgets b "
        "left join figures f on f.budget = b.budget and f.code = 'expenditure-total' "
        "where b.part_of is null order by b.department_name, b.department"
    )
    order = [row["code"] for row in catalogue()["phases"].rows]
    places = sorted(
        {(row["fiscal_year"], row["phase"]) for row in budgets},
        key=lambda place: (place[0], order.index(place[1]) if place[1] in order else len(order)),
    )
    by_department: dict[str, dict[tuple[int, str], ViewCell]] = {}
    names = {}
    for row in budgets:
        names[row["department"]] = row["department_name"]
        value = word("no-total") if row["amount_fen"] is None else row["amount_fen"]
        by_department.setdefault(row["department"], {})[row["fiscal_year"], row["phase"]] = (
            ViewCell(value, f"budget/{row['budget']}", row["finding"], printed=row["printed"])
        )
    rows = [
        ViewRow((
            ViewCell(names[department], f"department/{department}"),
            *(found.get(place, ViewCell(None)) for place in places),
        ))
        for department, found in by_department.items()
    ]  # fmt: skip
    columns = []
    for year, phase in places:
        zh, en = phase_name(phase)
        columns.append(ViewColumn(f"{phase}_{year}", (f"{year} {zh}", f"{year} {en}"), "money"))
    return ViewTable(
        "held", word("held"), (ViewColumn("department", word("department")), *columns),
        tuple(rows), note=word("held-note"),
    )  # fmt: skip


def _changes(data: ExplorerData) -> ViewTable:
    """The departments whose expenditure changed most from one year to the next of the same phase."""
    found = data.rows(
        "select a.department, a.department_name, a.phase, a.fiscal_year as before_year, "
        "b.fiscal_year as after_year, a.amount_fen as before_fen, b.amount_fen as after_fen, "
        "a.budget as before_budget, b.budget as budget from figures a join figures b "
        "on b.department = a.department and b.phase = a.phase and b.code = a.code "
        "and b.fiscal_year = (select min(c.fiscal_year) from figures c where c.department = a.department "
        "and c.phase = a.phase and c.code = a.code and c.part_of is null and c.amount_fen is not null "
        "and c.fiscal_year > a.fiscal_year) "
        "where a.code = 'expenditure-total' and a.part_of is null and b.part_of is null "
        "and a.amount_fen > 0 and b.amount_fen is not null "
        "order by abs(b.amount_fen - a.amount_fen) desc limit ?",
        [_MOST_CHANGES],
    )
    rows = []
    for row in found:
        change = row["after_fen"] - row["before_fen"]
        rate = (Decimal(change) * 100 / Decimal(row["before_fen"])).quantize(Decimal("0.01"))
        compared = f"compare?of={row['before_budget']},{row['budget']}"
        rows.append(ViewRow((
            ViewCell(row["department_name"], f"department/{row['department']}"),
            text_cell(phase_name(row["phase"])),
            ViewCell(row["before_year"], f"budget/{row['before_budget']}"),
            ViewCell(row["after_year"], f"budget/{row['budget']}"),
            money_cell(row["before_fen"]), money_cell(row["after_fen"]),
            ViewCell(change, compared), ViewCell(rate),
        )))  # fmt: skip
    return ViewTable(
        "changes", word("changes"),
        (
            ViewColumn("department", word("department")),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("before_year", word("first-year"), "year"),
            ViewColumn("after_year", word("last-year"), "year"),
            ViewColumn("before", word("before"), "money"), ViewColumn("after", word("after"), "money"),
            ViewColumn("change", word("change"), "money"), ViewColumn("rate", word("rate"), "percent"),
        ),
        tuple(rows), note=word("changes-note"),
    )  # fmt: skip
