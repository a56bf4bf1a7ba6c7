"""What documents print: all of them, each one's tables row by row with the place of each number, and
the terms that they explain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from yusuan.explorer.findings import findings_table
from yusuan.explorer.views import (
    ExplorerData,
    NotInPackage,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
    code_name,
    column_titles,
    phase_name,
    text_cell,
    word,
)
from yusuan.lexicon.units import unit_name
from yusuan.presentation import document_name
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import Texts, message

__all__ = ["document_view", "documents_view", "glossary_view"]


def documents_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of all documents."""
    found = data.rows(
        "select d.*, n.name as department_name, (select count(*) from facts f where f.document = "
        "d.document) as facts, d.document in (select document from revisions) as old "
        "from documents d join departments n on n.department = d.department "
        "order by n.name, d.fiscal_year desc, d.phase, d.file"
    )
    rows = []
    for row in found:
        name = document_name(row["title"], row["file"])
        zh, en = message("superseded")
        texts = (f"{name} {zh}", f"{name} ({en})") if row["old"] else (name, name)
        rows.append(ViewRow((
            ViewCell(row["department_name"], f"department/{row['department']}"),
            ViewCell(row["fiscal_year"]), text_cell(phase_name(row["phase"])),
            ViewCell(texts, f"id/document/{row['document']}"),
            ViewCell(row["facts"]), ViewCell(row["file"], f"source/{row['document']}"),
        )))  # fmt: skip
    table = ViewTable(
        "documents", word("documents"),
        (
            ViewColumn("department", word("department")),
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("title", word("document")),
            ViewColumn("amounts", column_titles("published-tables", "amounts"), "number"),
            ViewColumn("file", word("source-file")),
        ),
        tuple(rows),
    )  # fmt: skip
    return View(
        "documents", "documents", {}, word("documents"), tables=(table,),
        crumbs=((word("home"), ""),),
    )  # fmt: skip


def document_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of a document: each of its standard tables with the rows as printed, each row with its
    place; and what the checks found, also in what others supersede. Raises NotInPackage."""
    found = data.rows(
        "select d.*, n.name as department_name from documents d "
        "join departments n on n.department = d.department where d.document = ?",
        [key],
    )
    if not found:
        raise NotInPackage(f"The package has no document {key!r}")
    document = found[0]
    newer = _newer(data, key)
    known: list[tuple[Texts, ViewCell]] = [
        (word("department"), ViewCell(document["department_name"], f"department/{document['department']}")),
        (column_titles("budgets", "fiscal_year"), ViewCell(document["fiscal_year"])),
        (column_titles("budgets", "phase"), text_cell(phase_name(document["phase"]))),
        *(
            (column_titles("documents", name), ViewCell(document[name]))
            for name in ("published", "available")
            if document[name]
        ),
        (word("source-file"), ViewCell(document["file"], f"source/{key}")),
    ]  # fmt: skip
    budget = data.rows(
        "select budget, title from budgets where department = ? and fiscal_year = ? and phase = ? "
        "and ('|' || documents || '|') like ('%|' || ? || '|%')",
        [document["department"], document["fiscal_year"], document["phase"], key],
    )
    known += [(word("budget"), ViewCell(row["title"], f"budget/{row['budget']}")) for row in budget]
    whole = newer.get(None, ())
    tables = [*_printed_tables(data, key, newer), _findings(data, key)]
    title = document["title"] or document["file"]
    return View(
        "document", f"id/document/{key}", {}, (title, title), facts=tuple(known),
        links=tuple(
            (word("newer", name=name), f"id/document/{other}")
            for other, name in dict.fromkeys(each for listed in newer.values() for each in listed)
        ),
        tables=tuple(table for table in tables if table.rows),
        crumbs=((word("home"), ""), (word("documents"), "documents")),
        notes=(word("superseded-document"),) if whole else (), sources=(key,),
    )  # fmt: skip


def _newer(data: ExplorerData, document: str) -> dict[str | None, list[tuple[str, str]]]:
    """The documents, with their names, that supersede a document (None) or a table of it."""
    found: dict[str | None, list[tuple[str, str]]] = {}
    for row in data.rows(
        "select r.part, d.document, d.title, d.file from (select document, superseded_by, null as part "
        'from revisions union all select document, superseded_by, "table" from table_revisions) r '
        "join documents d on d.document = r.superseded_by where r.document = ?",
        [document],
    ):
        name = document_name(row["title"], row["file"])
        found.setdefault(row["part"], []).append((row["document"], name))
    return {None: found[None]} if None in found else found


def _findings(data: ExplorerData, document: str) -> ViewTable:
    return findings_table(data, "f.document = ?", [document], at_place=True)


def _printed_tables(
    data: ExplorerData, document: str, newer: Mapping[str | None, object]
) -> list[ViewTable]:
    facts: dict[str, dict[str, sqlite3.Row]] = {}
    for row in data.rows(
        'select fact, "table", printed, cell, (select min(e.finding) from evidence e where '
        "e.fact = facts.fact and e.role in ('contradiction', 'candidate', 'repetition')) as finding "
        "from facts where document = ?",
        [document],
    ):
        facts.setdefault(row["table"], {})[row["fact"]] = row
    titles = {
        row["table"]: row["title"]
        for row in data.rows(
            'select "table", title from published_tables where document = ? order by rowid desc',
            [document],
        )
    }
    shown = []
    for resource in catalogue().tables:
        rows = data.rows(
            f'select * from "{resource.sql_name}" where document = ? order by rowid', [document]
        )
        if rows:
            title = titles.get(resource.name) or resource.title
            of_table = facts.get(resource.name, {})
            note = word("superseded-table") if resource.name in newer else None
            shown.append(_printed_table(resource, (title, resource.title_en), rows, of_table, note))
    return shown


def _printed_table(
    resource: Resource,
    titles: Texts,
    rows: Sequence[sqlite3.Row],
    facts: Mapping[str, sqlite3.Row],
    note: Texts | None,
) -> ViewTable:
    """The rows of a standard table. Columns in which the document prints nothing are left out."""
    fields = [
        field
        for field in resource.fields
        if field.role and any(row[field.name] is not None for row in rows)
    ]
    units = "、".join(dict.fromkeys(unit_name(int(row["unit"])) for row in rows if row["unit"]))
    zh, en = word("printed-in", unit=units)
    sides = bool(resource.sides)
    # The key of a fact is that of its row and the column.
    columns = [
        (field.name, f"-{field.name.replace('_', '-')}" if field.role == "amount" else None)
        for field in fields
    ]
    listed = []
    for row in rows:
        cells, places = [], []
        if sides:
            cells.append(text_cell(code_name("directions", row["direction"])))
        for name, ending in columns:
            value = row[name]
            fact = None if ending is None or value is None else facts.get(row["row"] + ending)
            if fact is None:
                cells.append(ViewCell(None if value is None else str(value)))
                continue
            printed = fact["printed"]
            cells.append(
                ViewCell(printed, None, fact["finding"], printed=printed, anchor=fact["fact"])
            )
            if fact["cell"]:
                places.append(fact["cell"])
        cells.append(_place(row, " ".join(places)))
        kind = row["row_type"]
        listed.append(ViewRow(
            tuple(cells), kind="total" if kind == "total" else "sum" if kind == "subtotal" else "detail",
            anchor=row["row"],
        ))  # fmt: skip
    return ViewTable(
        resource.name, titles,
        (
            *([ViewColumn("direction", word("side"))] if sides else []),
            *(
                ViewColumn(
                    field.name, (field.title, field.title_en),
                    "printed" if field.role == "amount" else "text",
                )
                for field in fields
            ),
            ViewColumn("place", word("place")),
        ),
        tuple(listed), note=(zh + note[0], f"{en} {note[1]}") if note else (zh, en),
    )  # fmt: skip


def _place(row: sqlite3.Row, printed: str) -> ViewCell:
    """Page and line of a row, and its cells in the printed grid."""
    page, line = row["page"], row["line"]
    if page and line:
        zh, en = word("page-and-line", page=page, line=line)
    elif page or line:
        zh, en = word("page-only", page=page) if page else word("line-only", line=line)
    else:
        zh, en = "", ""
    return ViewCell(
        (f"{zh} {printed}".strip(), f"{en} {printed}".strip()),
        document=row["document"], page=page, line=line,
    )  # fmt: skip


_ON_A_PAGE = 200


def glossary_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The view of the terms that documents explain, by their names."""
    found = data.rows(
        "select g.*, n.name as department_name, d.department, d.fiscal_year, d.phase from glossary g "
        "join documents d on d.document = g.document join departments n on n.department = d.department "
        "where g.document not in (select document from revisions) "
        "order by g.term, d.fiscal_year desc, n.name"
    )
    rows = [
        ViewRow((
            ViewCell(row["term"]), ViewCell(row["definition"]),
            ViewCell(row["department_name"], f"department/{row['department']}"),
            ViewCell(row["fiscal_year"]), text_cell(phase_name(row["phase"])),
            ViewCell(row["page"] or row["line"], document=row["document"], page=row["page"], line=row["line"]),
        ), anchor=row["entry"])
        for row in found
    ]  # fmt: skip
    return View(
        "glossary", "glossary", {}, word("glossary"),
        tables=(ViewTable(
            "glossary", word("glossary"),
            (
                ViewColumn("term", column_titles("glossary", "term")),
                ViewColumn("definition", column_titles("glossary", "definition")),
                ViewColumn("department", word("department")),
                ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
                ViewColumn("phase", column_titles("budgets", "phase")),
                ViewColumn("page", column_titles("glossary", "page"), "number"),
            ),
            tuple(rows), note=word("glossary-note"), page_rows=_ON_A_PAGE,
        ),),
        crumbs=((word("home"), ""),),
    )  # fmt: skip
