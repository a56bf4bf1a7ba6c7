"""Say where a figure is printed, in Chinese and English, the way an official would point."""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.model.document import Position
from yusuan.model.records import Claim, Fact, PublishedTable
from yusuan.model.text import normal, unwrapped
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import NOTHING, Texts, message
from yusuan.schema.vocabulary import concept_named
from yusuan.tables import StandardTable

__all__ = [
    "Location", "at_cell", "of_claim", "of_fact", "of_table", "on_line", "table_name", "title_of",
]  # fmt: skip

_LONGEST_TITLE = 60
"""Characters of a title that can name a table in a sentence."""


@dataclass(frozen=True, slots=True)
class Location:
    """A location in words, with the position it stands for."""

    zh: str
    en: str
    page: int | None = None
    line: int | None = None
    cell: str | None = None
    table: str | None = None

    @property
    def texts(self) -> Texts:
        """The words in both languages."""
        return self.zh, self.en


def table_name(table: Resource | StandardTable, printed: str = "") -> Texts:
    """What a table is called: as it is printed, else by the name of the standard table."""
    if isinstance(table, StandardTable):
        return table_name(table.resource, table.caption)
    title = unwrapped(printed)
    if title and len(title) <= _LONGEST_TITLE:
        return message("table-named", title=(title, f'"{title}" ({table.title_en})'))
    return message("table-named", title=(table.title, f'"{table.title_en}"'))


def of_fact(fact: Fact) -> Location:
    """The cell of a fact: table, row, column, line."""
    resource = catalogue()[fact.table]
    named_by_code = fact.row_type != "total" and not fact.project
    code = (fact.functional_code or fact.economic_code or "") if named_by_code else ""
    row = " ".join(filter(None, (code, normal(fact.row_label or ""))))
    column = _column(fact.column_label)
    texts = message(
        "cell-of-fact", table=table_name(resource, fact.table_title), column=column,
        row=message("row-named", row=row) if row else NOTHING,
        where=_where(Position(fact.line, fact.page), fact.cell),
    )  # fmt: skip
    return Location(
        *texts, fact.page, fact.line, fact.cell, fact.table,
    )  # fmt: skip


def at_cell(
    table: Resource | StandardTable | None,
    position: Position,
    cell: str | None,
    label: str = "",
) -> Location:
    """A cell that holds no fact, such as a blank one."""
    resource = table.resource if isinstance(table, StandardTable) else table
    texts = message(
        "cell-of-table", table=table_name(table) if table else message("table-any"),
        label=message("label-in-cell", label=label) if label else NOTHING,
        where=_where(position, cell),
    )  # fmt: skip
    return Location(
        *texts, position.page, position.line, cell, resource.name if resource else None,
    )  # fmt: skip


def title_of(table: PublishedTable) -> Texts:
    """What a table of a package is called."""
    return table_name(catalogue()[table.table], table.title or "")


def of_table(table: PublishedTable) -> Location:
    """A table as a whole, where it begins."""
    texts = message(
        "cell-of-table", table=title_of(table), label=NOTHING,
        where=_where(Position(table.line, table.page), None),
    )  # fmt: skip
    return Location(*texts, table.page, table.line, None, table.table)


def of_claim(claim: Claim) -> Location:
    """A statement of the narrative: its subject and line."""
    where = _where(Position(claim.line, claim.page), None)
    return Location(
        *message("claim-at", subject=claim.subject_label or "", where=where),
        claim.page, claim.line,
    )  # fmt: skip


def _column(label: str) -> str:
    """The innermost heading; with its group where it is just "合计"."""
    path = [normal(part) for part in label.split(" / ")]
    general = concept_named("items", path[-1]) == "total"
    return "/".join(path[-2:]) if general else path[-1]


def _where(position: Position, cell: str | None) -> Texts:
    return on_line(
        position.page, position.line, (f" {cell}", f", cell {cell}") if cell else NOTHING
    )


def on_line(page: int | None, line: int | None, cell: Texts = NOTHING) -> Texts:
    """A line, with its page where there are pages, and a cell in it."""
    own = message("on-page", page=page) if page else NOTHING
    return message("on-line", page=own, line=line, cell=cell)
