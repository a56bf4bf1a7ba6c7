"""Which standard tables a document prints, and whether they hold anything."""

from __future__ import annotations

from yusuan.model.records import DocumentRecord, PublishedTable
from yusuan.tables import StandardTable

__all__ = ["published_table"]


def published_table(
    table: StandardTable, document: DocumentRecord, *, more_below: bool = False
) -> PublishedTable:
    """One table as a record; further ones of a kind are numbered.

    ``more_below`` tells that rows which were not read follow its grid: then it is not empty.
    """
    said = table.statement
    number = f"-{table.number}" if table.number > 1 else ""
    return PublishedTable(
        published_table=f"{document.document}-{table.resource.name}{number}",
        document=document.document,
        department=document.department,
        fiscal_year=document.fiscal_year,
        phase=document.phase,
        table=table.resource.name,
        title=table.caption or None,
        unit=table.unit,
        page=table.position.page,
        line=table.position.line,
        rows=len(table.rows),
        amounts=table.amounts,
        state=_state(table, more_below),
        statement=said.text if said else None,
        statement_page=said.position.page if said else None,
        statement_line=said.position.line if said else None,
    )


def _state(table: StandardTable, more_below: bool) -> str:
    if any(amount.number.value for row in table.rows for amount in row.amounts):
        return "data"  # whatever is said: a finding tells where the two contradict
    if table.statement:
        return "stated-empty"
    unread = more_below or any(row.unread for row in table.rows)
    return "data" if table.amounts or unread else "empty"
