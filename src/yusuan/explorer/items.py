"""``/item/CODE``: what is spent under one code over departments and years, under the names it had; and
``/project/KEY``: one project with its targets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from yusuan.explorer.views import (
    Chart,
    ExplorerData,
    NotInPackage,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    column_titles,
    money_cell,
    phase_name,
    share_cell,
    text_cell,
    word,
)
from yusuan.schema.messages import Texts

__all__ = ["item_view", "project_view"]

_LISTS = ("expenditure-function", "expenditure-economic-department")
_MOST_LINES = 12


def item_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a code of functions or of economic items, with the codes it had before and has now.
    Raises NotInPackage."""
    listed = _listed(data, key)
    if not listed:
        raise NotInPackage(f"No list of codes of this package has {key!r}")
    name = listed[-1]["list"]
    codes = _through_changes(data, name, key)
    latest = next((row for row in reversed(listed) if row["name"]), listed[-1])
    spent = _functions(data, codes) if name == _LISTS[0] else _economic(data, codes)
    titles = tuple(
        f"{key} {text}".strip()
        for text in (latest["name"] or "", latest["name_en"] or latest["name"] or "")
    )
    tables = (_spent(spent), _names(data, name, codes), _parts(data, latest))
    return View(
        "item", f"item/{key}", {}, (titles[0], titles[1]),
        tables=tuple(table for table in tables if table.rows),
        crumbs=((word("home"), ""), *_above(data, latest)),
        notes=() if spent else (word("item-unused"),),
        entity=f"id/code/{name}/{latest['concept']}",
    )  # fmt: skip


def _listed(data: ExplorerData, code: str) -> list[sqlite3.Row]:
    for name in _LISTS:
        table = name.replace("-", "_")
        found = data.rows(f'select * from "{table}" where code = ? order by year', [code])
        if found:
            return found
    return []


def _above(data: ExplorerData, row: sqlite3.Row) -> list[tuple[Texts, str]]:
    table, above, parent = row["list"].replace("-", "_"), list[tuple[Texts, str]](), row["parent"]
    while parent and len(above) < 4:
        found = data.rows(f'select * from "{table}" where concept = ?', [parent])
        if not found:
            break
        name = found[0]["name"] or ""
        zh, en = f"{found[0]['code']} {name}", f"{found[0]['code']} {found[0]['name_en'] or name}"
        above.insert(0, ((zh, en), f"item/{found[0]['code']}"))
        parent = found[0]["parent"]
    return above


def _through_changes(data: ExplorerData, name: str, code: str) -> list[str]:
    """The code with those that it was moved from or to, before and since."""
    changes = [
        (row["from_concept"].partition("-")[2], row["to_concept"].partition("-")[2])
        for row in data.rows("select * from code_changes where list = ? and kind = 'moved'", [name])
    ]
    codes, waiting = [code], [code]
    while waiting:
        current = waiting.pop()
        for before, after in changes:
            for one, other in ((before, after), (after, before)):
                if one == current and other not in codes:
                    codes.append(other)
                    waiting.append(other)
    return codes


def _functions(data: ExplorerData, codes: Sequence[str]) -> list[sqlite3.Row]:
    """Spending under the codes, summed for each budget: leaves that do not overlap."""
    likes = " or ".join("s.function_code like ?" for _ in codes)
    return data.rows(
        "select s.budget, s.department, s.department_name, s.fiscal_year, s.phase, "
        "sum(s.amount_fen) as fen, count(*) as facts, min(s.fact) as fact, min(s.document) as document, "
        "min(s.finding) as finding, (select f.amount_fen from figures f where f.budget = s.budget "
        "and f.code = 'expenditure-total') as total_fen from spending s "
        f"where s.part = 'leaf' and ({likes}) group by s.budget "
        "order by s.fiscal_year, s.phase, fen desc",
        [f"{code}%" for code in codes],
    )


def _economic(data: ExplorerData, codes: Sequence[str]) -> list[sqlite3.Row]:
    """Basic expenditure under the codes, as the table of economic items prints it."""
    marks = ", ".join("?" * len(codes))
    return data.rows(
        "select b.budget, f.department, b.department_name, f.fiscal_year, f.phase, f.amount_fen as fen, "
        "1 as facts, f.fact, f.document, f.page, f.line, f.printed, null as finding, "
        "(select g.amount_fen from figures g where g.budget = b.budget and g.code = 'basic') as total_fen "
        "from facts f join budgets b on b.department = f.department and ('|' || b.documents || '|') like ('%|' || f.document || '|%') "
        f"where f.economic_code in ({marks}) and f.\"column\" = 'total' and "
        "(f.\"table\" = 'fiscal-appropriation-basic-expenditure' or "
        "f.\"table\" = 'general-budget-basic-expenditure' and not exists (select 1 from facts g where "
        "g.document = f.document and g.\"table\" = 'fiscal-appropriation-basic-expenditure')) "
        "and f.amount_fen is not null and b.part_of is null "
        "order by f.fiscal_year, f.phase, fen desc",
        list(codes),
    )


def _spent(found: Sequence[sqlite3.Row]) -> ViewTable:
    rows = [
        ViewRow((
            ViewCell(row["department_name"], f"department/{row['department']}"),
            ViewCell(row["fiscal_year"], f"budget/{row['budget']}"), text_cell(phase_name(row["phase"])),
            money_cell(row["fen"], row) if row["facts"] == 1 else ViewCell(row["fen"], None, row["finding"]),
            share_cell(row["fen"], row["total_fen"]),
        ))
        for row in found
    ]  # fmt: skip
    lines = {(row["department"], row["phase"]) for row in found}
    chart = (
        Chart("line", ("fiscal_year",), ("amount",), ("department", "phase"))
        if len(lines) <= _MOST_LINES
        else None
    )
    return ViewTable(
        "spent", word("spent"),
        (
            ViewColumn("department", word("department")),
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("amount", column_titles("spending", "amount"), "money"),
            ViewColumn("share", word("share-of-total"), "percent"),
        ),
        tuple(rows), chart, word("spent-note"),
    )  # fmt: skip


def _names(data: ExplorerData, name: str, codes: Sequence[str]) -> ViewTable:
    table, marks = name.replace("-", "_"), ", ".join("?" * len(codes))
    found = data.rows(
        f'select code, name, name_en, min(year) as first, max(year) as last from "{table}" '
        f"where code in ({marks}) and name is not null group by code, name order by first, code",
        list(codes),
    )
    rows = [
        ViewRow((
            ViewCell(row["code"], f"item/{row['code']}"),
            text_cell((row["name"], row["name_en"] or row["name"])),
            ViewCell(row["first"]), ViewCell(row["last"]),
        ))
        for row in found
    ]  # fmt: skip
    return ViewTable(
        "names", word("names-over-years"),
        (
            ViewColumn("code", word("code"), "code"), ViewColumn("name", word("name")),
            ViewColumn("first", word("first-year"), "year"), ViewColumn("last", word("last-year"), "year"),
        ),
        tuple(rows) if len(rows) > 1 else (),
    )  # fmt: skip


def _parts(data: ExplorerData, row: sqlite3.Row) -> ViewTable:
    table = row["list"].replace("-", "_")
    found = data.rows(f'select * from "{table}" where parent = ? order by code', [row["concept"]])
    rows = [
        ViewRow((
            ViewCell(each["code"], f"item/{each['code']}"),
            text_cell((each["name"] or each["code"], each["name_en"] or each["name"] or each["code"])),
        ))
        for each in found
    ]  # fmt: skip
    return ViewTable(
        "parts", word("parts-of-code"),
        (ViewColumn("code", word("code"), "code"), ViewColumn("name", word("name"))), tuple(rows),
    )  # fmt: skip


_TEXTS = ("goal", "basis", "executor", "allocation", "period")


def project_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a project: its amounts over the years, what it is for, its indicators. Raises
    NotInPackage."""
    found = data.rows(
        "select p.*, d.name as department_name from projects p "
        "join departments d on d.department = p.department where p.project = ?",
        [key],
    )
    if not found:
        raise NotInPackage(f"The package has no project {key!r}; search for its name")
    project = found[0]
    years = data.rows(
        "select * from projects where department = ? and name = ? "
        "and document not in (select document from revisions) order by fiscal_year",
        [project["department"], project["name"]],
    )
    department = project["department_name"]
    tables = (_amounts(years or found), _described(project), _indicators(data, key))
    return View(
        "project", f"project/{key}", {}, (project["name"],) * 2,
        facts=(
            (word("department"), ViewCell(department, f"department/{project['department']}")),
            (column_titles("projects", "fiscal_year"), ViewCell(project["fiscal_year"])),
        ),
        tables=tuple(table for table in tables if table.rows),
        crumbs=((word("home"), ""), ((department, department), f"department/{project['department']}")),
        entity=f"id/project/{key}",
    )  # fmt: skip


def _amounts(years: Sequence[sqlite3.Row]) -> ViewTable:
    kinds = ("amount", "stated_amount", "target_amount")
    rows = [
        ViewRow((
            ViewCell(row["fiscal_year"], f"project/{row['project']}"),
            *(ViewCell(row[f"{kind}_fen"]) for kind in kinds),
            ViewCell(row["page"], document=row["document"], page=row["page"], line=row["line"]),
        ))
        for row in years
    ]  # fmt: skip
    return ViewTable(
        "amounts", word("project-amounts"),
        (
            ViewColumn("fiscal_year", column_titles("projects", "fiscal_year"), "year"),
            *(ViewColumn(kind, column_titles("projects", kind), "money") for kind in kinds),
            ViewColumn("page", column_titles("projects", "page"), "number"),
        ),
        tuple(rows), note=word("project-amounts-note"),
    )  # fmt: skip


def _described(project: sqlite3.Row) -> ViewTable:
    rows = [
        ViewRow((text_cell(column_titles("projects", name)), ViewCell(project[name])))
        for name in _TEXTS
        if project[name]
    ]
    return ViewTable(
        "described", word("what-for"),
        (ViewColumn("about", word("about")), ViewColumn("text", word("text-printed"))), tuple(rows),
    )  # fmt: skip


def _indicators(data: ExplorerData, project: str) -> ViewTable:
    names = ("level1", "level2", "name", "text", "weight")
    found = data.rows("select * from indicators where project = ? order by line, rowid", [project])
    rows = [
        ViewRow(
            (
                *(ViewCell(None if row[name] is None else str(row[name])) for name in names),
                ViewCell(row["page"]),
            )
        )
        for row in found
    ]
    return ViewTable(
        "indicators", word("indicators"),
        (
            *(ViewColumn(name, column_titles("indicators", name), "printed" if name == "weight" else "text") for name in names),
            ViewColumn("page", column_titles("indicators", "page"), "number"),
        ),
        tuple(rows),
    )  # fmt: skip
