"""``/department/KEY``: a department's figures over the years, what it spends on, its tables, projects
and findings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from yusuan.explorer.findings import findings_table
from yusuan.explorer.spending import composition
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
    codes_of,
    column_titles,
    money_cell,
    phase_name,
    text_cell,
    word,
)

__all__ = ["department_view", "figures_over_years"]


def department_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a department, by its key or one of its names; ``budget`` of the query is the budget
    whose composition is shown, the latest where it names none. Raises NotInPackage."""
    department = _department(data, key)
    key = department["department"]
    budgets = data.rows(
        "select * from budgets where department = ? and part_of is null "
        "order by fiscal_year desc, phase desc",
        [key],
    )
    chosen = _chosen(budgets, query.get("budget"))
    path = f"department/{key}"
    tables = [figures_over_years(data, "figures", codes_of("figures"), department=key)]
    if chosen:
        tables.append(composition(data, chosen["budget"]))
    tables += [
        figures_over_years(data, "three-public", codes_of("three_public"), "bar", department=key),
        _printed_tables(data, key), _projects(data, key), findings_table(data, "f.department = ?", [key]),
    ]  # fmt: skip
    division = department["division_name"]
    known = [(column_titles("departments", "division"), text_cell(division))] if division else []
    return View(
        "department", path, {"budget": chosen["budget"]} if query.get("budget") and chosen else {},
        (department["name"],) * 2,
        facts=tuple(known),
        choices=_budget_choices(path, budgets, chosen),
        tables=tuple(table for table in tables if table.rows),
        crumbs=((word("home"), ""),),
        entity=f"id/department/{key}",
        links=((word("compare-this"), f"compare?of={chosen['budget']}"),) if chosen else (),
    )  # fmt: skip


def _department(data: ExplorerData, key: str) -> sqlite3.Row:
    found = data.rows(
        "select * from departments where department = ? or name = ? limit 2", [key, key]
    )
    if not found:
        raise NotInPackage(f"The package has no department {key!r}; search for its name")
    return found[0]


def _chosen(budgets: Sequence[sqlite3.Row], wanted: str | None) -> sqlite3.Row | None:
    if wanted is None:
        return budgets[0] if budgets else None
    for budget in budgets:
        if budget["budget"] == wanted:
            return budget
    raise NotInPackage(f"The department has no budget {wanted!r}")


def _budget_choices(
    path: str, budgets: Sequence[sqlite3.Row], chosen: sqlite3.Row | None
) -> tuple[ChoiceGroup, ...]:
    """The budgets to choose from; nothing where there is one."""
    if len(budgets) < 2:
        return ()
    return (ChoiceGroup("composition", word("budget-shown"), tuple(
        ViewChoice(
            _budget_name(budget), path, {"budget": budget["budget"]},
            chosen is not None and budget["budget"] == chosen["budget"],
        )
        for budget in budgets
    )),)  # fmt: skip


def _budget_name(budget: sqlite3.Row) -> tuple[str, str]:
    zh, en = phase_name(budget["phase"])
    return f"{budget['fiscal_year']} {zh}", f"{budget['fiscal_year']} {en}"


def figures_over_years(
    data: ExplorerData, name: str, codes: Sequence[str], kind: str = "line", **of: str
) -> ViewTable:
    """Headline figures, a row for each year and phase, a column for each figure. ``of`` is the column
    of ``figures`` that they are chosen by, with its value."""
    ((column, value),) = of.items()
    marks = ", ".join("?" * len(codes))
    found = data.rows(
        f"select * from figures where {column} = ? and code in ({marks}) and amount_fen is not null "
        "and part_of is null order by fiscal_year, phase",
        [value, *codes],
    )
    printed = [code for code in codes if any(row["code"] == code for row in found)]
    budgets: dict[str, dict[str, sqlite3.Row]] = {}
    for row in found:
        budgets.setdefault(row["budget"], {})[row["code"]] = row
    rows = []
    for budget, figures in budgets.items():
        first = next(iter(figures.values()))
        cells = [
            ViewCell(first["fiscal_year"], f"budget/{budget}"),
            text_cell(phase_name(first["phase"])),
            *(_figure(figures.get(code)) for code in printed),
        ]
        rows.append(ViewRow(tuple(cells)))
    columns = [
        ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
        ViewColumn("phase", column_titles("budgets", "phase")),
        *(ViewColumn(code, code_name("headline-figures", code), "money") for code in printed),
    ]
    chart = None
    if printed:
        chart = (
            Chart("line", ("fiscal_year",), tuple(printed), ("phase",))
            if kind == "line"
            else Chart("bar", ("fiscal_year", "phase"), tuple(printed))
        )
    return ViewTable(name, word(name), tuple(columns), tuple(rows), chart, word("figures-note"))


def _figure(row: sqlite3.Row | None) -> ViewCell:
    return ViewCell(None) if row is None else money_cell(row["amount_fen"], row)


def _printed_tables(data: ExplorerData, department: str) -> ViewTable:
    found = data.rows(
        "select t.*, b.budget from published_tables t join documents d on d.document = t.document "
        "join budgets b on b.department = t.department and ('|' || b.documents || '|') like ('%|' || t.document || '|%') "
        "where t.department = ? and t.document not in (select document from revisions) and not exists "
        '(select 1 from table_revisions r where r.document = t.document and r."table" = t."table") '
        "order by t.fiscal_year desc, t.phase desc, t.page, t.line",
        [department],
    )
    rows = [
        ViewRow((
            ViewCell(row["fiscal_year"]), text_cell(phase_name(row["phase"])),
            ViewCell(row["title"] or code_name("tables", row["table"])[0], f"budget/{row['budget']}?table={row['table']}"),
            text_cell(code_name("tables", row["table"])),
            ViewCell(row["page"], document=row["document"], page=row["page"], line=row["line"]),
            ViewCell(row["rows"]), ViewCell(row["amounts"]),
        ))
        for row in found
    ]  # fmt: skip
    return ViewTable(
        "printed-tables", word("printed-tables"),
        (
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("title", column_titles("published-tables", "title")),
            ViewColumn("table", column_titles("published-tables", "table")),
            ViewColumn("page", column_titles("published-tables", "page"), "number"),
            ViewColumn("rows", column_titles("published-tables", "rows"), "number"),
            ViewColumn("amounts", column_titles("published-tables", "amounts"), "number"),
        ),
        tuple(rows),
    )  # fmt: skip


def _projects(data: ExplorerData, department: str) -> ViewTable:
    found = data.rows(
        "select p.*, (select count(*) from indicators i where i.project = p.project) as indicators "
        "from projects p where p.department = ? and p.document not in (select document from revisions) "
        "order by p.fiscal_year desc, coalesce(p.amount_fen, p.target_amount_fen, 0) desc, p.name",
        [department],
    )
    rows = [
        ViewRow((
            ViewCell(row["fiscal_year"]), ViewCell(row["name"], f"project/{row['project']}"),
            ViewCell(row["amount_fen"]), ViewCell(row["target_amount_fen"]),
            ViewCell(row["indicators"] or None), ViewCell(row["goal"]),
        ))
        for row in found
    ]  # fmt: skip
    return ViewTable(
        "projects", word("projects"),
        (
            ViewColumn("fiscal_year", column_titles("projects", "fiscal_year"), "year"),
            ViewColumn("name", column_titles("projects", "name")),
            ViewColumn("amount", column_titles("projects", "amount"), "money"),
            ViewColumn("target_amount", column_titles("projects", "target_amount"), "money"),
            ViewColumn("indicators", word("indicators"), "number"),
            ViewColumn("goal", column_titles("projects", "goal")),
        ),
        tuple(rows),
    )  # fmt: skip
