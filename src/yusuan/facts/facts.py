"""Every printed amount of the standard tables as a fact with all its dimensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yusuan.facts.codes import class_named, concept_id
from yusuan.facts.totals import with_totals
from yusuan.model.keys import with_unique_keys
from yusuan.model.money import plain
from yusuan.model.records import DocumentRecord, Fact, Project
from yusuan.model.text import normal, unwrapped, without_numbering
from yusuan.schema.slugs import slug
from yusuan.tables import Amount, StandardTable, TableRow

FUNCTION = "expenditure-function"
ECONOMIC = {
    "economic_code": "expenditure-economic-department",
    "government_economic_code": "expenditure-economic-government",
}
"""The columns of economic codes, and the list of each."""

__all__ = [
    "ECONOMIC",
    "FUNCTION",
    "class_of",
    "code_list_of",
    "row_id",
    "table_facts",
    "table_rows",
]


def table_facts(
    table: StandardTable, document: DocumentRecord, projects: Sequence[Project]
) -> list[Fact]:
    """The facts of a table: one for each printed amount, none for a blank."""
    facts = (
        _fact(table, row, amount, document, projects)
        for row in table.rows
        for amount in row.amounts
    )
    # two columns can stand under one heading
    return with_totals(table, with_unique_keys(facts, "fact"))


def table_rows(table: StandardTable, document: DocumentRecord) -> Iterator[Mapping[str, Any]]:
    """The rows of a table as published, under the column names of its schema."""
    code_field = next(iter(table.resource.with_role("code")), None)
    label_field = next(iter(table.resource.with_role("label")), None)
    project_field = next(iter(table.resource.with_role("project")), None)
    for row in table.rows:
        values: dict[str, Any] = {
            "row": row_id(document.document, table, row),
            "document": document.document,
            "department": document.department,
            "fiscal_year": document.fiscal_year - row.years_before,
            "row_type": row.row_type,
            "unit": table.unit,
            "page": row.position.page,
            "line": row.position.line,
        }
        if table.resource.sides:
            values["direction"] = row.direction
        values["phase"] = row.phase or document.phase
        for field, value in (
            (code_field, row.code), (label_field, row.label), (project_field, row.project),
        ):  # fmt: skip
            if field:
                values[field.name] = unwrapped(value) if value else None
        for amount in row.amounts:
            if amount.field:
                values[amount.field.name] = _in_unit(amount, table.unit)
        yield values


def _in_unit(amount: Amount, unit: int) -> Decimal:
    """The number in the unit of the row, where the heading states another one."""
    if amount.unit in (None, unit):
        return amount.number.value
    return Decimal(plain(amount.number.value * (amount.unit or unit))) / unit


def row_id(document: str, table: StandardTable, row: TableRow) -> str:
    """Identifier of a row: document, table and what the row is about."""
    return "-".join(filter(None, (document, table.resource.name, row.key)))


def code_list_of(table: StandardTable) -> str | None:
    """The classification that the row codes of a table belong to."""
    return next((field.code_list for field in table.resource.with_role("code")), None)


def class_of(table: StandardTable, row: TableRow, year: int) -> str | None:
    """The functional class that a summary row names without printing its code."""
    if row.code or row.side != "expenditure" or not row.label or row.row_type == "total":
        return None
    return class_named(FUNCTION, without_numbering(normal(row.label)), year)


def _fact(
    table: StandardTable,
    row: TableRow,
    amount: Amount,
    document: DocumentRecord,
    projects: Sequence[Project],
) -> Fact:
    field = amount.field
    dimensions = {**table.resource.dimensions, **(field.dimensions if field else {})}
    if row.fund_source and not (field and "fund_source" in field.dimensions):
        dimensions["fund_source"] = row.fund_source
    code_list = code_list_of(table)
    functional = row.code if code_list == FUNCTION else None
    function = functional or class_of(table, row, document.fiscal_year - row.years_before)
    economic, government = (
        dimensions.get(name) or (row.code if code_list == own else None)
        for name, own in ECONOMIC.items()
    )
    year = document.fiscal_year - row.years_before
    unit = amount.unit or table.unit
    column = field.name if field else None
    name = (column or slug(amount.column_label)).replace("_", "-")
    return Fact(
        fact=f"{row_id(document.document, table, row)}-{name}",
        document=document.document,
        department=document.department,
        fiscal_year=year,
        phase=row.phase or document.phase,
        direction=(
            (field.dimensions.get("direction") if field else None)
            or row.direction
            or dimensions.get("direction", "expenditure")
        ),
        table=table.resource.name,
        row_type=row.row_type,
        is_total=(
            row.row_type != "detail"
            or amount.derived
            or bool(field and row.parts(table.resource, field))
        ),
        row_label=unwrapped(row.project or row.label or "") or None,
        body=unwrapped(row.budget_unit) if row.budget_unit else None,
        column_label=amount.column_label,
        column=column,
        functional_code=functional,
        function=concept_id(year, function) if function else None,
        economic_code=economic,
        economic_item=concept_id(year, economic) if economic else None,
        government_economic_code=government,
        government_economic_item=concept_id(year, government) if government else None,
        project=_project_of(row, projects),
        fund_source=dimensions.get("fund_source"),
        expenditure_type=row.expenditure_type or dimensions.get("expenditure_type"),
        item=_item(row, amount, dimensions),
        amount=Decimal(plain(amount.number.value * unit)),
        printed=amount.number.printed,
        unit=unit,
        page=amount.cell.position.page,
        line=amount.cell.position.line,
        cell=amount.cell.address,
        fragment=amount.cell.fragment,
        decimals=amount.number.decimals,
        row=row_id(document.document, table, row),
        key=row.key,
        table_title=table.caption,
    )


def _item(row: TableRow, amount: Amount, dimensions: Mapping[str, str]) -> str | None:
    """The item of a row that names one, else that of its column."""
    if amount.derived:
        return "change"
    named = row.item if row.item not in ("total", "current") else None
    return named or dimensions.get("item") or row.item


def _project_of(row: TableRow, projects: Sequence[Project]) -> str | None:
    name = unwrapped(row.project) if row.project else None
    return next((project.project for project in projects if name in project.names), None)
