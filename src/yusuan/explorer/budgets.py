"""``/budget/DEPARTMENT/YEAR/PHASE``: where a budget's money comes from and goes, each of its printed
tables as printed, and the narrative beside the numbers that it restates.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Literal

from yusuan.explorer.findings import findings_table
from yusuan.explorer.spending import composition, flows
from yusuan.explorer.views import (
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
from yusuan.lexicon.units import unit_name
from yusuan.narrative.subjects import equal_cells, subjects
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts

__all__ = ["budget_view"]


def budget_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a budget; ``table`` of the query is the printed table that it shows, the first where
    it names none. Raises NotInPackage."""
    found = data.rows("select * from budgets where budget = ?", [key])
    if not found:
        raise NotInPackage(f"The package has no budget {key!r}; see the page of its department")
    budget = found[0]
    documents = budget["documents"].split("|")
    tables = _tables(data, documents)
    wanted = query.get("table")
    codes = list(dict.fromkeys(row["table"] for row in tables))
    if wanted is not None and wanted not in codes:
        raise NotInPackage(f"This budget has no table {wanted!r}, but: {', '.join(codes)}")
    shown = wanted or (codes[0] if codes else None)
    path = f"budget/{key}"
    year, phase = budget["fiscal_year"], phase_name(budget["phase"])
    parts = [_figures(data, key), flows(data, key), composition(data, key)]
    printed = [_printed(data, row) for row in tables if row["table"] == shown]
    parts += printed
    parts += [
        _claims(data, documents),
        findings_table(data, _among("f.document", documents), documents),
    ]
    title = (
        f"{budget['department_name']} {year} {phase[0]}",
        f"{budget['department_name']} {year} {phase[1]}",
    )
    return View(
        "budget", path, {"table": wanted} if wanted else {}, title,
        facts=tuple(_known(data, budget)),
        choices=(ChoiceGroup(printed[0].name, word("table-shown"), tuple(
            ViewChoice(_title(tables, code), path, {"table": code}, code == shown) for code in codes
        )),) if len(codes) > 1 else (),
        tables=tuple(table for table in parts if table.rows),
        crumbs=(
            (word("home"), ""),
            ((budget["department_name"],) * 2, f"department/{budget['department']}"),
        ),
        links=((word("compare-this"), f"compare?of={key}"),),
        entity=f"id/budget/{key}", sources=tuple(documents),
    )  # fmt: skip


def _known(data: ExplorerData, budget: sqlite3.Row) -> list[tuple[Texts, ViewCell]]:
    known = [
        (column_titles("budgets", "fiscal_year"), ViewCell(budget["fiscal_year"])),
        (column_titles("budgets", "phase"), text_cell(phase_name(budget["phase"]))),
    ]
    if budget["part_of"]:
        known.append(
            (
                column_titles("budgets", "part_of"),
                ViewCell(word("part-of"), f"budget/{budget['part_of']}"),
            )
        )
    for document in data.rows(
        f"select * from documents where {_among('document', budget['documents'].split('|'))}",
        budget["documents"].split("|"),
    ):
        name = document["title"] or document["file"].rpartition("/")[2]
        known.append(
            (
                column_titles("budgets", "documents"),
                ViewCell(name, f"id/document/{document['document']}"),
            )
        )
    return known


def _among(column: str, values: Sequence[str]) -> str:
    return f"{column} in ({', '.join('?' * len(values))})"


def _tables(data: ExplorerData, documents: Sequence[str]) -> list[sqlite3.Row]:
    """The printed tables of the documents in their order, without those superseded singly."""
    return data.rows(
        f"select * from published_tables t where {_among('document', documents)} and state = 'data' "
        'and not exists (select 1 from table_revisions r where r.document = t.document and r."table" = t."table") '
        "order by document, page, line",
        documents,
    )


def _title(tables: Sequence[sqlite3.Row], code: str) -> Texts:
    printed = next((row["title"] for row in tables if row["table"] == code), None)
    zh, en = code_name("tables", code)
    return printed or zh, en


def _figures(data: ExplorerData, budget: str) -> ViewTable:
    found = data.rows("select * from figures where budget = ? order by rowid", [budget])
    rows = [
        ViewRow((
            text_cell((row["name"], row["name_en"] or row["name"])),
            money_cell(row["amount_fen"], row),
            ViewCell(_quantity(row)),
            ViewCell(row["page"], document=row["document"], page=row["page"]),
            ViewCell((row["chosen_zh"] or "", row["chosen_en"] or "")),
        ))
        for row in found
    ]  # fmt: skip
    return ViewTable(
        "figures", word("figures"),
        (
            ViewColumn("name", column_titles("figures", "name")),
            ViewColumn("amount", column_titles("figures", "amount"), "money"),
            ViewColumn("quantity", column_titles("figures", "quantity"), "printed"),
            ViewColumn("page", column_titles("figures", "page"), "number"),
            ViewColumn("place", word("where-printed")),
        ),
        tuple(rows),
    )  # fmt: skip


def _quantity(row: sqlite3.Row) -> str | None:
    if row["quantity"] is None:
        return None
    return f"{row['quantity']} {row['quantity_unit'] or ''}".strip()


_CELL = re.compile(r"([A-Z]+)([0-9]+)")
Place = tuple[int, str]
"""A printed column: its letters, shorter ones first."""


@dataclass(slots=True)
class _PrintedRow:
    """A row of a printed table: its numbers by their columns, and, by direction, the rows that have a
    label there and no number."""

    page: int
    line: int
    facts: dict[Place, sqlite3.Row] = field(default_factory=dict)
    bare: dict[str | None, sqlite3.Row] = field(default_factory=dict)


def _printed(data: ExplorerData, table: sqlite3.Row) -> ViewTable:
    """A table as printed: its rows and columns in their places, each number with its cell. Halves that
    stand side by side have each its own labels."""
    facts = data.rows(
        "select *, (select min(e.finding) from evidence e where e.fact = facts.fact "
        "and e.role in ('contradiction', 'candidate', 'repetition')) as doubt "
        'from facts where document = ? and "table" = ? order by rowid',
        [table["document"], table["table"]],
    )
    rows = _printed_rows(data, table, facts)
    head: list[ViewColumn] = []
    parts: list[tuple[Literal["code", "label", "amount"], Sequence[Place]]] = []
    resource = catalogue()[table["table"]]
    blocks = _blocks(rows)
    sides = {tuple(block): _direction(rows, block) for block in blocks}
    for number, block in enumerate(blocks, start=1):
        own = [row.facts[place] for row in rows for place in block if place in row.facts]
        last = "" if number == 1 else f"_{number}"
        if any(_code(each) for each in own):
            head.append(ViewColumn(f"code{last}", word("code"), "code"))
            parts.append(("code", block))
        head.append(ViewColumn(f"label{last}", word("row")))
        parts.append(("label", block))
        for place in block:
            example = next(row.facts[place] for row in rows if place in row.facts)
            column, label = example["column"], example["column_label"]
            titles = (label or "", label or "")  # of one that the standard table does not have
            if column:
                described = resource.field(column)
                titles = (label or described.title, described.title_en)
            head.append(ViewColumn(f"{column or 'column'}_{place[1]}", titles, "printed"))
            parts.append(("amount", [place]))
    shown = [
        ViewRow(
            tuple(_part(row, kind, block, sides) for kind, block in parts),
            kind="total" if row.facts and next(iter(row.facts.values()))["row_type"] == "total"
            else "detail",
        )
        for row in rows
    ]  # fmt: skip
    unit = unit_name(int(table["unit"])) if table["unit"] else ""
    zh, en = code_name("tables", table["table"])
    return ViewTable(
        f"table-{table['table']}-{table['document']}", (table["title"] or zh, en), tuple(head),
        tuple(shown), note=word("as-printed", unit=unit, page=table["page"] or 1),
    )  # fmt: skip


def _printed_place(fact: sqlite3.Row) -> tuple[str, Place]:
    """The printed row and column of a fact; those of the standard table where it has no cell."""
    cell = _CELL.fullmatch(fact["cell"] or "")
    if cell is None:
        return str(fact["row"]), (9, fact["column"] or fact["column_label"] or "")
    return f"{fact['page']}/{cell[2]}", (len(cell[1]), cell[1])


def _printed_rows(
    data: ExplorerData, table: sqlite3.Row, facts: Sequence[sqlite3.Row]
) -> list[_PrintedRow]:
    """The rows in the order in which they are printed, those without any number among them."""
    rows: dict[str, _PrintedRow] = {}
    for fact in facts:
        key, place = _printed_place(fact)
        row = rows.setdefault(key, _PrintedRow(fact["page"] or 0, fact["line"] or 0))
        row.facts[place] = fact
    by_line = {(row.page, row.line): row for row in rows.values()}
    numbered = {fact["row"] for fact in facts}
    for label in _labels(data, table):
        if label["row"] not in numbered:
            at = (label["page"] or 0, label["line"] or 0)
            by_line.setdefault(at, _PrintedRow(*at)).bare[label["direction"]] = label
    return sorted(
        {id(row): row for row in (*rows.values(), *by_line.values())}.values(),
        key=lambda row: (row.page, row.line),
    )


def _labels(data: ExplorerData, table: sqlite3.Row) -> list[sqlite3.Row]:
    """The rows of a standard table with their codes and labels."""
    resource = catalogue()[table["table"]]
    named = {each.name for each in resource.fields}
    codes = [f'"{each.name}"' for each in resource.with_role("code")]
    labels = [f'"{each.name}"' for each in resource.with_role("label")]
    return data.rows(
        f"""select "row", page, line, {"direction" if "direction" in named else "null"} as direction,
        coalesce({", ".join([*codes, "null", "null"])}) as code,
        coalesce({", ".join([*labels, "null", "null"])}) as label
        from "{resource.sql_name}" where document = ?""",
        [table["document"]],
    )


def _direction(rows: Sequence[_PrintedRow], block: Sequence[Place]) -> str | None:
    """Whether a half of a table is of revenue or expenditure; None where it is of neither."""
    found = (row.facts[place]["direction"] for row in rows for place in block if place in row.facts)
    return next(found, None)


def _blocks(rows: Sequence[_PrintedRow]) -> list[list[Place]]:
    """The columns in their order, those together whose numbers stand in rows of the same label."""
    places = sorted({place for row in rows for place in row.facts})
    blocks: list[list[Place]] = []
    for place in places:
        before = blocks[-1][-1] if blocks else None
        apart = before is None or any(
            row.facts[place]["row_label"] != row.facts[before]["row_label"]
            for row in rows
            if place in row.facts and before in row.facts
        )
        if apart:
            blocks.append([])
        blocks[-1].append(place)
    return blocks


def _part(
    row: _PrintedRow,
    kind: str,
    block: Sequence[Place],
    sides: Mapping[tuple[Place, ...], str | None],
) -> ViewCell:
    fact = next((row.facts[place] for place in block if place in row.facts), None)
    if kind == "amount":
        return _amount(fact)
    if fact is None:
        side = sides[tuple(block)]
        first = next(each for each, known in sides.items() if known == side)
        bare = row.bare.get(side, row.bare.get(None)) if first == tuple(block) else None
        return ViewCell(None if bare is None else bare[kind])
    if kind == "label":
        return ViewCell(fact["row_label"])
    return ViewCell(
        code := _code(fact), f"item/{code}" if code and fact["functional_code"] else None
    )


def _code(fact: sqlite3.Row) -> str | None:
    code: str | None = (
        fact["functional_code"] or fact["economic_code"] or fact["government_economic_code"]
    )
    return code


def _amount(fact: sqlite3.Row | None) -> ViewCell:
    if fact is None:
        return ViewCell(None)
    amount = fact["amount"]
    value = None if amount is None else Decimal(str(amount)) / (fact["unit"] or 1)
    return ViewCell(
        value, f"id/fact/{fact['fact']}", fact["doubt"], fact["document"], fact["page"],
        fact["line"], fact["printed"],
    )  # fmt: skip


def _claims(data: ExplorerData, documents: Sequence[str]) -> ViewTable:
    """The numbers of the narrative, each beside the number of the tables that it restates."""
    found = data.rows(
        "select c.*, (select min(f.finding) from findings f where f.claim = c.claim) as finding "
        f"from claims c where c.measure = 'amount' and {_among('c.document', documents)} "
        "order by c.document, c.page, c.line, c.rowid",
        documents,
    )
    wanted = {row["claim"]: _restated(row["subject"], documents) for row in found}
    keys = sorted({key for each in wanted.values() for key in each})
    facts = {
        row["fact"]: row
        for begin in range(0, len(keys), _AT_ONCE)
        for row in data.rows(
            f"select * from facts where {_among('fact', keys[begin : begin + _AT_ONCE])}",
            keys[begin : begin + _AT_ONCE],
        )
    }
    rows = []
    for row in found:
        fact = next((facts[key] for key in wanted[row["claim"]] if key in facts), None)
        both = fact is not None and None not in (fact["amount_fen"], row["amount_fen"])
        rows.append(ViewRow((
            ViewCell(row["subject_label"]), money_cell(row["amount_fen"], row),
            ViewCell(None) if fact is None else money_cell(fact["amount_fen"], fact),
            ViewCell(row["amount_fen"] - fact["amount_fen"] if fact is not None and both else None),
            ViewCell(row["printed"]),
            ViewCell(row["page"], document=row["document"], page=row["page"], line=row["line"]),
            ViewCell(row["section"]),
        ), anchor=row["claim"]))  # fmt: skip
    return ViewTable(
        "claims", word("claims"),
        (
            ViewColumn("subject", column_titles("claims", "subject_label")),
            ViewColumn("amount", word("in-narrative"), "money"),
            ViewColumn("table_amount", word("in-table"), "money"),
            ViewColumn("difference", word("difference"), "money"),
            ViewColumn("printed", column_titles("claims", "printed"), "printed"),
            ViewColumn("page", column_titles("claims", "page"), "number"),
            ViewColumn("section", column_titles("claims", "section")),
        ),
        tuple(rows), note=word("claims-note"),
    )  # fmt: skip


_AT_ONCE = 500
_CLASS_DIGITS = 3


def _restated(subject: str | None, documents: Sequence[str]) -> list[str]:
    """The keys of the facts one of which says what is stated of a subject, the likeliest first."""
    if subject is None:
        return []
    if subject.startswith("function/"):
        code = subject.removeprefix("function/")
        # A class is printed by the first table, longer codes by the list of functions.
        places = [
            f"revenue-expenditure-summary-expenditure-{code}-amount"
            if len(code) == _CLASS_DIGITS
            else f"general-budget-expenditure-{code}-total"
        ]
    else:
        places = list(_subject_places().get(subject, ()))
    return [f"{document}-{place}" for place in places for document in documents]


@cache
def _subject_places() -> Mapping[str, Sequence[str]]:
    places: dict[str, list[str]] = {}
    for subject in subjects():
        for cell in equal_cells(subject):
            rows = cell["row"] if isinstance(cell["row"], list) else [cell["row"]]
            places.setdefault(subject["id"], []).extend(
                "-".join(
                    part for part in (cell["table"], row, cell["column"].replace("_", "-")) if part
                )
                for row in rows
            )
    return places
