"""Say where a figure is printed, in Chinese and English, the way an official would point."""

from __future__ import annotations

from dataclasses import dataclass

from yusuan.model.document import Position
from yusuan.model.records import Claim, Fact
from yusuan.model.text import normal
from yusuan.schema import Resource, catalogue
from yusuan.schema.vocabulary import concept_named

__all__ = ["Location", "at_cell", "of_claim", "of_fact", "table_name"]


@dataclass(frozen=True, slots=True)
class Location:
    """A location in words, with the position it stands for."""

    zh: str
    en: str
    page: int | None = None
    line: int | None = None
    cell: str | None = None
    table: str | None = None


def table_name(resource: Resource) -> tuple[str, str]:
    number = f"{resource.number} " if resource.number else ""
    return f"表{number}{resource.title}", f"Table {number}({resource.title_en})"


def of_fact(fact: Fact) -> Location:
    """The cell of a fact: table, row, column, line."""
    resource = catalogue()[fact.table]
    zh, en = table_name(resource)
    named_by_code = fact.row_type != "total" and not fact.project
    code = (fact.functional_code or fact.economic_code or "") if named_by_code else ""
    row = " ".join(filter(None, (code, normal(fact.row_label or ""))))
    column = _column(fact.column_label)
    row_zh = f"“{row}”行" if row else ""
    row_en = f' row "{row}",' if row else ""
    where_zh, where_en = _where(Position(fact.line, fact.page), fact.cell)
    return Location(
        f"{zh}{row_zh}“{column}”列（{where_zh}）",
        f'{en},{row_en} column "{column}" ({where_en})',
        fact.page, fact.line, fact.cell, fact.table,
    )  # fmt: skip


def at_cell(
    resource: Resource | None, position: Position, cell: str | None, label: str = ""
) -> Location:
    """A cell that holds no fact, such as a blank one."""
    zh, en = table_name(resource) if resource else ("表格", "Table")
    where_zh, where_en = _where(position, cell)
    return Location(
        f"{zh}{f'“{label}”' if label else ''}（{where_zh}）",
        f'{en}{f", {chr(34)}{label}{chr(34)}" if label else ""} ({where_en})',
        position.page, position.line, cell, resource.name if resource else None,
    )  # fmt: skip


def of_claim(claim: Claim) -> Location:
    """A statement of the narrative: its subject and line."""
    where_zh, where_en = _where(Position(claim.line, claim.page), None)
    subject = claim.subject_label or ""
    return Location(
        f"文字说明“{subject}”（{where_zh}）",
        f'Narrative, "{subject}" ({where_en})',
        claim.page, claim.line,
    )  # fmt: skip


def _column(label: str) -> str:
    """The innermost heading; with its group where it is just "合计"."""
    path = [normal(part) for part in label.split(" / ")]
    general = concept_named("items", path[-1]) == "total"
    return "/".join(path[-2:]) if general else path[-1]


def _where(position: Position, cell: str | None) -> tuple[str, str]:
    page_zh = f"第{position.page}页" if position.page else ""
    page_en = f"page {position.page}, " if position.page else ""
    cell_text = f" {cell}" if cell else ""
    return (
        f"{page_zh}第{position.line}行{cell_text}",
        f"{page_en}line {position.line}{f', cell {cell}' if cell else ''}",
    )
