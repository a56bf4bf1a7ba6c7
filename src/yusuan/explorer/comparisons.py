"""``/compare?of=A,B``: the figures of two to six budgets beside each other, of departments or of years."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from yusuan.explorer.views import (
    Chart,
    ExplorerData,
    NotInPackage,
    SearchForm,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    code_name,
    codes_of,
    column_titles,
    money_cell,
    phase_name,
    share_cell,
    text_cell,
    word,
)
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts

__all__ = ["MOST_COMPARED", "compare_view"]

MOST_COMPARED = 6
_OFFERED = 60
_LONGEST_QUERY, _MOST_WORDS = 100, 8
"""SQLite refuses expressions and patterns that are too long."""


def compare_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The comparison of the budgets ``of`` the query, separated by commas; ``q`` narrows down the
    budgets that are offered, by the name of the department or the year. Raises NotInPackage."""
    keys = list(dict.fromkeys(part for part in query.get("of", "").split(",") if part))
    if len(keys) > MOST_COMPARED:
        raise NotInPackage(f"At most {MOST_COMPARED} budgets can be compared, not {len(keys)}")
    budgets = [_budget(data, each) for each in keys]
    tables = [_figures(data, budgets), _shares(data, budgets), _per_head(data, budgets)]
    offered = _offered(data, budgets, query.get("q", "").strip()[:_LONGEST_QUERY])
    state = {name: query[name] for name in ("of", "q") if query.get(name)}
    return View(
        "compare", "compare", state, word("compare"),
        facts=tuple((_name(budget), ViewCell(word("take-out"), _with(keys, without=budget["budget"]))) for budget in budgets),
        tables=(
            *(table for table in tables if budgets and table.rows),
            *([offered] if offered.rows or query.get("q") else ()),
        ),
        crumbs=((word("home"), ""),), form=SearchForm("q", word("find-budget"), query.get("q", "")),
        notes=(word("compare-note", most=MOST_COMPARED),),
    )  # fmt: skip


def _budget(data: ExplorerData, key: str) -> sqlite3.Row:
    found = data.rows("select * from budgets where budget = ?", [key])
    if not found:
        raise NotInPackage(f"The package has no budget {key!r} to compare")
    return found[0]


def _name(budget: sqlite3.Row) -> Texts:
    zh, en = phase_name(budget["phase"])
    name, year = budget["department_name"], budget["fiscal_year"]
    return f"{name} {year} {zh}", f"{name} {year} {en}"


def _with(keys: Sequence[str], more: str | None = None, without: str | None = None) -> str:
    kept = [key for key in keys if key != without] + ([more] if more else [])
    return "compare" + (f"?of={','.join(kept)}" if kept else "")


def _by_code(
    data: ExplorerData, budgets: Sequence[sqlite3.Row]
) -> dict[str, dict[str, sqlite3.Row]]:
    """The figures in yuan that at least one of the budgets has, in the order of the list."""
    marks = ", ".join("?" * len(budgets))
    found = data.rows(
        f"select * from figures where budget in ({marks}) and amount_fen is not null",
        [budget["budget"] for budget in budgets],
    )
    by_code: dict[str, dict[str, sqlite3.Row]] = {}
    for row in found:
        by_code.setdefault(row["code"], {})[row["budget"]] = row
    order = [row["code"] for row in catalogue()["headline-figures"].rows]
    return {code: by_code[code] for code in order if code in by_code}


def _table(
    name: str,
    budgets: Sequence[sqlite3.Row],
    rows: Sequence[ViewRow],
    note: Texts | None,
    *,
    share: bool = False,
) -> ViewTable:
    names = [f"budget_{number}" for number in range(1, len(budgets) + 1)]
    columns = [
        ViewColumn(column, _name(budget), "percent" if share else "money")
        for column, budget in zip(names, budgets, strict=True)
    ]
    chart = Chart("columns", ("name",), tuple(names)) if len(budgets) > 1 else None
    head = ViewColumn("name", column_titles("figures", "name"))
    return ViewTable(name, word(name), (head, *columns), tuple(rows), chart, note)


def _figures(data: ExplorerData, budgets: Sequence[sqlite3.Row]) -> ViewTable:
    rows = [
        ViewRow((
            text_cell(code_name("headline-figures", code)),
            *(_amount(found.get(budget["budget"])) for budget in budgets),
        ))
        for code, found in _by_code(data, budgets).items()
    ]  # fmt: skip
    return _table("compared-figures", budgets, rows, word("figures-note"))


def _amount(row: sqlite3.Row | None) -> ViewCell:
    return ViewCell(None) if row is None else money_cell(row["amount_fen"], row)


def _shares(data: ExplorerData, budgets: Sequence[sqlite3.Row]) -> ViewTable:
    """The parts of expenditure in percent of the total, where both are printed."""
    by_code = _by_code(data, budgets)
    totals = {key: row["amount_fen"] for key, row in by_code.get("expenditure-total", {}).items()}
    rows = []
    for code in codes_of("shares"):
        cells = [
            share_cell(row["amount_fen"], totals.get(budget["budget"]))
            if (row := by_code.get(code, {}).get(budget["budget"]))
            else ViewCell(None)
            for budget in budgets
        ]
        if any(cell.value is not None for cell in cells):
            rows.append(ViewRow((text_cell(code_name("headline-figures", code)), *cells)))
    return _table("compared-shares", budgets, rows, word("shares-note"), share=True)


def _per_head(data: ExplorerData, budgets: Sequence[sqlite3.Row]) -> ViewTable:
    """Amounts for each member of the staff, where the narrative states how many there are."""
    staff = {budget["budget"]: _staff(data, budget) for budget in budgets}
    by_code = _by_code(data, budgets)
    rows = []
    counts = [staff[budget["budget"]] for budget in budgets]
    for code in codes_of("per_head"):
        cells = []
        for budget, count in zip(budgets, counts, strict=True):
            row = by_code.get(code, {}).get(budget["budget"])
            fen = _divided(row["amount_fen"], count) if row is not None and count else None
            cells.append(ViewCell(fen))
        if any(cell.value is not None for cell in cells):
            rows.append(ViewRow((text_cell(code_name("headline-figures", code)), *cells)))
    said = "、".join(
        f"{_name(budget)[0]} {count}"
        for budget, count in zip(budgets, counts, strict=True)
        if count
    )
    return _table("compared-per-head", budgets, rows, word("per-head-note", counts=said))


def _divided(fen: int, count: int) -> int:
    """Rounded half up to the fen, without a float.

    >>> _divided(250, 100), _divided(249, 100), _divided(10**20 + 1, 2)
    (3, 2, 50000000000000000001)
    """
    return (2 * fen + count) // (2 * count)


def _staff(data: ExplorerData, budget: sqlite3.Row) -> int | None:
    """The staff that the narrative of a budget states; None where it states none, or several."""
    documents = budget["documents"].split("|")
    marks = ", ".join("?" * len(documents))
    for subject in codes_of("staff"):
        found = {
            row["value"]
            for row in data.rows(
                f"select value from claims where document in ({marks}) and subject = ? "
                "and measure = 'count' and fiscal_year = ?",
                [*documents, subject, budget["fiscal_year"]],
            )
        }
        if len(found) == 1 and (text := str(found.pop())).isdecimal():
            return int(text) or None
    return None


def _offered(data: ExplorerData, budgets: Sequence[sqlite3.Row], wanted: str) -> ViewTable:
    """Budgets to add: those of the same departments first, then those of the same years."""
    keys = [budget["budget"] for budget in budgets]
    departments = {budget["department"] for budget in budgets}
    years = {budget["fiscal_year"] for budget in budgets}
    words = wanted.split()[:_MOST_WORDS]
    conditions = " and ".join(
        "(department_name like ? escape '\\' or cast(fiscal_year as text) = ?)" for _ in words
    )
    found = data.rows(
        "select * from budgets where part_of is null" + (f" and {conditions}" if words else "")
        + " order by department_name, fiscal_year desc, phase desc",
        [value for each in words for value in (f"%{_escaped(each)}%", each)],
    )  # fmt: skip
    found = [row for row in found if row["budget"] not in keys]
    found.sort(
        key=lambda row: (row["department"] not in departments, row["fiscal_year"] not in years)
    )
    full = len(keys) >= MOST_COMPARED
    rows = [
        ViewRow((
            ViewCell(row["department_name"], f"department/{row['department']}"),
            ViewCell(row["fiscal_year"]), text_cell(phase_name(row["phase"])),
            ViewCell(None) if full else ViewCell(word("add"), _with(keys, row["budget"])),
        ))
        for row in found[:_OFFERED]
    ]  # fmt: skip
    left = len(found) - len(rows)
    return ViewTable(
        "offered", word("budgets-to-compare"),
        (
            ViewColumn("department", word("department")),
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("add", word("add")),
        ),
        tuple(rows), note=word("not-offered", count=f"{left:,}") if left > 0 else None,
    )  # fmt: skip


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
