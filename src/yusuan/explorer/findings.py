"""``/findings``: what the checks found, those of a document together, each with the printed numbers that
it rests on; and the list of findings that other views have.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from yusuan.explorer.evidence import evidence_of
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
    column_titles,
    page_number,
    phase_name,
    text_cell,
    verdict_name,
    word,
)
from yusuan.presentation import document_name, values_of

__all__ = ["CURRENT", "findings_table", "findings_view"]

CURRENT = (
    "(f.document not in (select document from revisions) and not exists (select 1 from "
    'table_revisions r where r.document = f.document and r."table" = f."table"))'
)
"""Findings of documents and tables that no other document supersedes."""


def findings_view(data: ExplorerData, key: str, query: Mapping[str, str]) -> View:
    """The findings of the package; ``verdict`` of the query chooses those of one verdict. Raises
    NotInPackage for a verdict there is none of. Only the rows of the page ``page-findings`` are read,
    unless the query says ``whole``."""
    known = list(values_of("verdict"))
    wanted = query.get("verdict")
    if wanted is not None and wanted not in known:
        raise NotInPackage(f"There is no verdict {wanted!r}, but: {', '.join(known)}")
    counts = {
        row["verdict"]: row["n"]
        for row in data.rows(
            f"select f.verdict, count(*) as n from findings f where {CURRENT} group by 1"
        )
    }
    chosen = wanted or next((verdict for verdict in known if counts.get(verdict)), known[0])
    skip = (page_number(query, "findings") - 1) * _ON_A_PAGE
    part = None if "whole" in query else (skip, counts.get(chosen, 0))
    table = findings_table(data, "f.verdict = ?", [chosen], of_documents=True, part=part)
    choices = tuple(
        ViewChoice(
            _counted(verdict, counts[verdict]), "findings", {"verdict": verdict}, verdict == chosen
        )
        for verdict in known
        if counts.get(verdict)
    )
    return View(
        "findings", "findings", {"verdict": wanted} if wanted else {}, word("findings"),
        choices=(ChoiceGroup("findings", word("verdict"), choices),), tables=(table,),
        crumbs=((word("home"), ""),), notes=(word("findings-note"),),
    )  # fmt: skip


def _counted(verdict: str, count: int) -> tuple[str, str]:
    zh, en = verdict_name(verdict)
    return f"{zh} {count:,}", f"{en} {count:,}"


def findings_table(
    data: ExplorerData,
    condition: str,
    parameters: Sequence[object],
    *,
    of_documents: bool = False,
    at_place: bool = False,
    part: tuple[int, int] | None = None,
) -> ViewTable:
    """The findings ``f`` that meet a condition, the worst first, with the cell that each is about;
    ``of_documents`` says whose each is, keeps those of a document together, and has the evidence of
    each. Of a ``part`` the rows of one page are read: from which row on, and how many there are in all.
    ``at_place`` is for the page of one document: those of superseded tables too, each leading to the
    number that it is about."""
    order = (
        f"n.name, f.fiscal_year desc, f.phase, f.document, {_WORST}"
        if of_documents
        else f"{_WORST}, f.document"
    )
    shown = "null" if at_place or of_documents else _SHOWN
    found = data.rows(
        f"select f.*, d.title, d.file, n.name as department_name, {shown} as shown from findings f "
        "join documents d on d.document = f.document join departments n on n.department = f.department "
        f"where {'true' if at_place else CURRENT} and ({condition}) order by "
        f"{order}, f.page, f.line, f.finding limit ? offset ?",
        [*parameters, _ON_A_PAGE if part else -1, part[0] if part else 0],
    )
    evidence = evidence_of(data, found) if of_documents else {}
    whose = (
        ViewColumn("department", word("department")),
        ViewColumn("document", column_titles("findings", "document")),
    )
    rows = []
    for row in found:
        cells = [text_cell(verdict_name(row["verdict"]))]
        if of_documents:
            cells += [
                ViewCell(row["department_name"], f"department/{row['department']}"),
                ViewCell(
                    document_name(row["title"], row["file"]), f"id/document/{row['document']}"
                ),
            ]
        cells += [
            ViewCell(row["fiscal_year"]), text_cell(phase_name(row["phase"])),
            ViewCell(
                (row["message_zh"], row["message_en"]),
                _number(row) if at_place else f"id/finding/{row['finding']}",
                picture=None if at_place or of_documents else row["shown"],
            ),
            ViewCell(row["page"], document=row["document"], page=row["page"], line=row["line"]),
            ViewCell(row["printed"]), ViewCell(row["expected"]), ViewCell(row["proposed"]), ViewCell(row["unit"]),
        ]  # fmt: skip
        rows.append(
            ViewRow(
                tuple(cells),
                anchor=f"finding-{row['finding']}" if at_place else None,
                css=row["verdict"],
                evidence=evidence.get(row["finding"]),
            )
        )
    return ViewTable(
        "findings", word("findings"),
        (
            ViewColumn("verdict", column_titles("findings", "verdict")),
            *(whose if of_documents else ()),
            ViewColumn("fiscal_year", column_titles("budgets", "fiscal_year"), "year"),
            ViewColumn("phase", column_titles("budgets", "phase")),
            ViewColumn("message", word("finding")),
            ViewColumn("page", column_titles("findings", "page"), "number"),
            ViewColumn("printed", column_titles("findings", "printed"), "printed"),
            ViewColumn("expected", column_titles("findings", "expected"), "printed"),
            ViewColumn("proposed", column_titles("findings", "proposed"), "printed"),
            ViewColumn("unit", column_titles("findings", "unit")),
        ),
        tuple(rows), page_rows=_ON_A_PAGE, offset=part[0] if part else 0, count=part[1] if part else None,
        cards=of_documents,
    )  # fmt: skip


_SHOWN = (
    "(select o.fact from evidence o where o.finding = f.finding and o.fact is not null "
    "and o.role in ('contradiction', 'candidate') order by o.evidence limit 1)"
)
"""The number whose cell a finding shows."""
_WORST = (
    "case verdict when 'error' then 0 when 'warning' then 1 when 'truncation' then 2 "
    "when 'rounding' then 3 else 4 end"
)


def _number(row: sqlite3.Row) -> str | None:
    """The number that a finding is about."""
    for kind in ("fact", "claim"):
        if row[kind]:
            return f"id/{kind}/{row[kind]}"
    return None


_ON_A_PAGE = 20
"""Each has its evidence."""
