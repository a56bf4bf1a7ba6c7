"""``/departments``: what a package holds, as departments by years and phases, with the gaps; a figure of
all of them ranked; and where it changed most, which home shows too. ``/year/2023/approved``: the departments of a year.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from decimal import Decimal

from yusuan.explorer.views import (
    Chart,
    ChoiceGroup,
    ExplorerData,
    NotInPackage,
    View,
    ViewCell,
    ViewChoice,
    ViewColumn,
    ViewRow,
    ViewTable,
    code_name,
    column_titles,
    money_cell,
    phase_name,
    text_cell,
    word,
)
from yusuan.presentation import leading_figures
from yusuan.schema import catalogue

__all__ = ["LARGEST_FIRST", "departments_view", "year_view", "years_table"]

_MOST_CHANGES = 10


def departments_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of all departments; ``figure`` of the query is the one of the figures that pages lead
    with that it shows, total expenditure where it names none. Raises NotInPackage for another."""
    wanted = query.get("figure", LARGEST_FIRST)
    if wanted not in leading_figures():
        raise NotInPackage(f"There is no figure {wanted!r}, but: {', '.join(leading_figures())}")
    tables = (_held(data, wanted), _changes(data, wanted))
    choices = tuple(
        ViewChoice(
            code_name("headline-figures", code), "departments", {"figure": code}, code == wanted
        )
        for code in leading_figures()
    )
    return View(
        "departments", "departments", {"figure": wanted} if "figure" in query else {},
        word("departments"),
        tables=tuple(table for table in tables if table.rows),
        choices=(ChoiceGroup("held", word("figure-shown"), choices),),
        crumbs=((word("home"), ""),), notes=(word("superseded-left-out"),),
    )  # fmt: skip


def _held(data: ExplorerData, figure: str) -> ViewTable:
    """A row for each department, a column for each year and phase: a figure, and blank where the
    package has none. Total expenditure leads to its budget; of another, which leads to its cell, the
    largest stands first."""
    budgets = data.rows(
        "select b.budget, b.department, b.department_name, b.fiscal_year, b.phase, f.amount_fen, f.fact, "
        "f.claim, f.document, f.page, f.finding, f.printed from budgets b "
        "left join figures f on f.budget = b.budget and f.code = ? "
        "where b.part_of is null order by b.department_name, b.department",
        [figure],
    )
    places = sorted(
        {(row["fiscal_year"], row["phase"]) for row in budgets},
        key=lambda place: (place[0], _phase_order(place[1])),
    )
    by_department: dict[str, dict[tuple[int, str], ViewCell]] = {}
    names = {}
    for row in budgets:
        names[row["department"]] = row["department_name"]
        cell = money_cell(row["amount_fen"], row)
        if figure == LARGEST_FIRST:
            value = word("no-total") if row["amount_fen"] is None else row["amount_fen"]
            path = f"budget/{row['budget']}"
            cell = ViewCell(value, path, row["finding"], printed=row["printed"])
        by_department.setdefault(row["department"], {})[row["fiscal_year"], row["phase"]] = cell
    if figure != LARGEST_FIRST:
        latest = {
            department: [
                own[place] for place in places if place in own and own[place].value is not None
            ]
            for department, own in by_department.items()
        }
        by_department = dict(
            sorted(
                by_department.items(),
                key=lambda each: _by_size((latest[each[0]] or [ViewCell(None)])[-1]),
            )
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
        "held", word("held") if figure == LARGEST_FIRST else code_name("headline-figures", figure),
        (ViewColumn("department", word("department")), *columns),
        tuple(rows), note=word("held-note" if figure == LARGEST_FIRST else "ranked-note"),
    )  # fmt: skip


def _changes(data: ExplorerData, figure: str) -> ViewTable:
    """The departments of which a figure changed most from one year to the next of the same phase."""
    found = data.rows(
        "select a.department, a.department_name, a.phase, a.fiscal_year as before_year, "
        "b.fiscal_year as after_year, a.amount_fen as before_fen, b.amount_fen as after_fen, "
        "a.budget as before_budget, b.budget as budget from figures a join figures b "
        "on b.department = a.department and b.phase = a.phase and b.code = a.code "
        "and b.fiscal_year = (select min(c.fiscal_year) from figures c where c.department = a.department "
        "and c.phase = a.phase and c.code = a.code and c.part_of is null and c.amount_fen is not null "
        "and c.fiscal_year > a.fiscal_year) "
        "where a.code = ? and a.part_of is null and b.part_of is null "
        "and a.amount_fen > 0 and b.amount_fen is not null "
        "order by abs(b.amount_fen - a.amount_fen) desc limit ?",
        [figure, _MOST_CHANGES],
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


def _phase_order(phase: str) -> int:
    order = [row["code"] for row in catalogue()["phases"].rows]
    return order.index(phase) if phase in order else len(order)


def years_table(data: ExplorerData) -> ViewTable:
    """How many departments and budgets there are of each year and phase."""
    found = data.rows(
        "select fiscal_year, phase, count(distinct department) as departments, count(*) as budgets "
        "from budgets where part_of is null group by 1, 2"
    )
    found.sort(key=lambda row: (-row["fiscal_year"], _phase_order(row["phase"])))
    rows = [
        ViewRow((
            ViewCell(row["fiscal_year"], f"year/{row['fiscal_year']}/{row['phase']}"),
            text_cell(phase_name(row["phase"]), f"year/{row['fiscal_year']}/{row['phase']}"),
            ViewCell(row["departments"]), ViewCell(row["budgets"]),
        ))
        for row in found
    ]  # fmt: skip
    return ViewTable(
        "years", word("years"),
        (
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("departments", word("department-count"), "number"),
            ViewColumn("budgets", word("budget-count"), "number"),
        ),
        tuple(rows),
    )  # fmt: skip


def year_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a year and phase, such as ``2023/approved``: the figures that pages lead with of all
    departments, the largest expenditure first. Raises NotInPackage."""
    year, _, phase = key.partition("/")
    codes = leading_figures()
    found = data.rows(
        "select b.budget, b.department, b.department_name, f.code, f.amount_fen, f.fact, f.claim, "
        "f.document, f.page, f.printed, f.finding from budgets b left join figures f "
        f"on f.budget = b.budget and f.code in ({', '.join('?' * len(codes))}) "
        "where b.part_of is null and b.fiscal_year = ? and b.phase = ?",
        [*codes, year, phase],
    )
    if not found:
        raise NotInPackage(f"The package has no budgets of {key!r}")
    budgets: dict[str, dict[str | None, sqlite3.Row]] = {}
    for row in found:
        budgets.setdefault(row["budget"], {})[row["code"]] = row
    rows = []
    for budget, figures in budgets.items():
        whose = next(iter(figures.values()))
        rows.append(ViewRow((
            ViewCell(whose["department_name"], f"budget/{budget}"),
            *(
                money_cell(figures[code]["amount_fen"], figures[code]) if code in figures else ViewCell(None)
                for code in codes
            ),
        )))  # fmt: skip
    place = 1 + codes.index(LARGEST_FIRST)
    rows.sort(key=lambda row: _by_size(row.cells[place]))
    columns = [ViewColumn(code, code_name("headline-figures", code), "money") for code in codes]
    chart = Chart("bar", ("department",), (LARGEST_FIRST,)) if 1 < len(rows) <= _MOST_BARS else None
    zh, en = phase_name(phase)
    return View(
        "year", f"year/{key}", {}, (f"{year} {zh}", f"{year} {en}"),
        tables=(ViewTable(
            "departments", word("figures"),
            (ViewColumn("department", word("department")), *columns), tuple(rows), chart,
            word("figures-note"),
        ),),
        crumbs=((word("home"), ""), (word("departments"), "departments")),
    )  # fmt: skip


LARGEST_FIRST = "expenditure-total"
"""The figure that departments are compared by unless another is asked for."""
_MOST_BARS = 40


def _by_size(cell: ViewCell) -> tuple[bool, int]:
    """The largest first, what is not printed last."""
    return (False, -cell.value) if isinstance(cell.value, int) else (True, 0)
