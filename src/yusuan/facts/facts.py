"""Every printed amount of the standard tables as a fact with all its dimensions.

Each fact names the printed amount that it adds to, along its row and down its column. Both come from
the structure of the table (what a column sums, what a row is part of), never
from whether the numbers agree. Only where a table can be laid out in two ways do its numbers
decide, and then all of its rows together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from itertools import pairwise
from typing import Any

from yusuan.facts.codes import class_named, concept_id
from yusuan.model.keys import with_unique_keys
from yusuan.model.money import plain
from yusuan.model.records import DocumentRecord, Fact, Project
from yusuan.model.text import normal, unwrapped, without_numbering
from yusuan.schema import Field, Resource
from yusuan.schema.slugs import slug
from yusuan.tables import Amount, StandardTable, TableRow
from yusuan.tables.nesting import children_of, level_of, nearest_below

__all__ = [
    "ECONOMIC",
    "FUNCTION",
    "class_of",
    "code_list_of",
    "row_id",
    "table_facts",
    "table_rows",
]

RowFacts = dict[str, Fact]
"""The facts of one row by column."""
PartsOf = Callable[[RowFacts], list[str]]
"""The columns of a row that one column sums there."""


def with_totals(table: StandardTable, facts: Sequence[Fact]) -> list[Fact]:
    """The facts of a table, given row by row, each with the totals it adds to."""
    lines: list[RowFacts] = []
    known = iter(facts)
    for row in table.rows:
        printed = [next(known) for _ in row.amounts]
        lines.append({fact.column: fact for fact in reversed(printed) if fact.column})
    grouped = [
        ([table.rows[index] for index in side], [lines[index] for index in side])
        for side in sides(table.rows)
    ]
    below = {id(line): names for side in grouped for line, names in _printed_below(*side)}
    across = dict(_across(table, lines, below))
    down: dict[str, str] = {}
    for rows, own in grouped:
        down.update(_down(table, rows, own))
    return [
        replace(fact, row_total=across.get(fact.fact), column_total=down.get(fact.fact))
        for fact in facts
    ]


def sides(rows: Sequence[TableRow]) -> Iterator[list[int]]:
    """The rows of each side, phase and year, as their numbers."""
    groups: dict[tuple[str | None, str | None, int], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        groups[row.side, row.phase, row.years_before].append(index)
    yield from groups.values()


# Along the row


def _across(
    table: StandardTable, lines: Sequence[RowFacts], below: Mapping[int, frozenset[str]]
) -> Iterator[tuple[str, str]]:
    """Each part with the total of its row. Where an amount stands under an unknown heading,
    that may be a part too, and where a part could not be read, or is blank though printed
    ``below``, it is not known: such a row is left alone."""
    certain = [
        line for row, line in zip(table.rows, lines, strict=True)
        if not row.unread
        and not any(a.field is None and a.number.value and not a.derived for a in row.amounts)
    ]  # fmt: skip
    for field in table.resource.with_role("amount"):
        if not field.sum_of:
            continue
        parts_of = _layout(table, field, certain)
        lacks = cache(partial(_lacks_part, table.resource, field))
        for line in certain:
            total = line.get(field.name)
            if lacks(frozenset(line), below.get(id(line), frozenset())):
                continue
            if total is not None and parts_of is not None:
                for name in parts_of(line):
                    yield line[name].fact, total.fact


def _layout(table: StandardTable, field: Field, lines: Sequence[RowFacts]) -> PartsOf | None:
    """How the parts of a column stand in a table; None when they may be no parts at all."""

    @cache  # few of the rows differ in which columns they print
    def parts(printed: frozenset[str], deeper: bool) -> list[str]:
        return list(_parts(table.resource, field, printed, deeper=deeper))

    def nested(line: RowFacts) -> list[str]:
        return parts(frozenset(line), False)

    def beside(line: RowFacts) -> list[str]:
        return parts(frozenset(line), True)

    wrong = {layout: sum(_fails(field, layout, line) for line in lines)
             for layout in (nested, beside)}  # fmt: skip
    layout = beside if wrong[beside] < wrong[nested] else nested
    if _may_be_of_which(table, field, lines, layout):
        return None
    return layout


def _parts(
    resource: Resource, field: Field, printed: Container[str], *, deeper: bool = False
) -> Iterator[str]:
    """The columns that one sums in a row; a part left blank counts by its own parts."""
    for name in field.sum_of:
        if name in printed:
            yield name
        if name not in printed or deeper:
            yield from _parts(resource, resource.field(name), printed, deeper=deeper)


def _printed_below(
    side: Sequence[TableRow], lines: Sequence[RowFacts]
) -> Iterator[tuple[RowFacts, frozenset[str]]]:
    """Each line that sums others, with the columns in which those print more than zero."""
    line_of = {id(row): line for row, line in zip(side, lines, strict=True)}
    for row, line in zip(side, lines, strict=True):
        under = [line_of[id(child)] for child in children_of(row, side)]
        yield line, frozenset(name for each in under for name, fact in each.items() if fact.amount)


def _lacks_part(
    resource: Resource, field: Field, printed: Container[str], below: frozenset[str]
) -> bool:
    """Whether a column sums one, itself or by its parts, that is blank though printed below."""
    blank = [resource.field(name) for name in field.sum_of if name not in printed]
    return any(
        (part.name in below and not any(_parts(resource, part, printed)))
        or _lacks_part(resource, part, printed, below)
        for part in blank
    )


def _fails(field: Field, parts_of: PartsOf, line: RowFacts) -> bool:
    total = line.get(field.name)
    parts = [line[name] for name in parts_of(line)]
    if total is None or not parts:
        return False
    slack = sum((fact.half_step for fact in (total, *parts)), Decimal(0))
    return abs(total.amount - sum((part.amount for part in parts), Decimal(0))) > slack


def _may_be_of_which(
    table: StandardTable, field: Field, lines: Sequence[RowFacts], parts_of: PartsOf
) -> bool:
    """Whether the only part with a column of its own may be printed for information.

    Under one heading with its total it may not, nor when it mostly equals the total. Several
    columns of parts are parts, unless most rows contradict that by printing too little.
    """
    columns = set(_columns(table.resource, field, table.columns))
    pairs = [(line[field.name], [line[name] for name in parts_of(line)])
             for line in lines if field.name in line]  # fmt: skip
    pairs = [(total, parts) for total, parts in pairs if parts]
    if not pairs:
        return False
    single = [(total, parts[0]) for total, parts in pairs if len(parts) == 1]
    less = sum(abs(part.amount) < abs(total.amount) for total, part in single)
    if len(columns) > 1:
        return less > 2 and less * 2 > len(pairs)
    return bool(single) and not _under_one_heading(*single[0]) and less * 2 >= len(single)


def _columns(resource: Resource, field: Field, printed: frozenset[str]) -> Iterator[str]:
    for name in field.sum_of:
        if name in printed:
            yield name
        else:
            yield from _columns(resource, resource.field(name), printed)


def _under_one_heading(total: Fact, part: Fact) -> bool:
    above, rest = (fact.column_label.split(" / ")[:-1] for fact in (total, part))
    return bool(above) and above == rest[: len(above)]


# Down the column


def _down(
    table: StandardTable, side: Sequence[TableRow], lines: Sequence[RowFacts]
) -> Iterator[tuple[str, str]]:
    """Each amount with the subtotal or total of its column: the nearest that is printed.

    What a total sums is not known where a part of it could not be read: it has no parts then.
    """
    line_of = {id(row): line for row, line in zip(side, lines, strict=True)}
    by_anchor = {row.anchor: row for row in side}
    tops = dict(_tops(side, lines))
    own_totals = dict(_totals_of_columns(side, lines))

    def total_of(row: TableRow, name: str) -> Fact | None:
        above: TableRow | None = row
        while above is not None:
            top = tops.get(above.anchor)
            above = by_anchor.get(above.parent or "") or (by_anchor[top] if top else None)
            if above is not None and name in line_of[id(above)]:
                return line_of[id(above)][name]
        return own_totals.get(name) if row.code else None

    def lacks(row: TableRow, name: str) -> bool:
        return not nearest_below(row, side, lambda other: name in line_of[id(other)])

    summing = [row for row in side if row.row_type != "of-which"]
    unread = [(row, cell.field.name) for row in summing for cell in row.unread if cell.field]
    unknown = {
        total.fact
        for row, name in unread
        if lacks(row, name) and (total := total_of(row, name))
    }  # fmt: skip
    for row in summing:
        for name, fact in line_of[id(row)].items():
            if _is_misplaced(row, name, side, line_of):
                continue
            total = total_of(row, name)
            if total is not None and total is not fact and total.fact not in unknown:
                yield fact.fact, total.fact


def _totals_of_columns(
    side: Sequence[TableRow], lines: Sequence[RowFacts]
) -> Iterator[tuple[str, Fact]]:
    """Rows that total one column only and are named like it (人员经费合计)."""
    for row, line in zip(side, lines, strict=True):
        own = row.expenditure_type
        if own and [*line] == [own] and not row.code and not children_of(row, side):
            yield own, line[own]


def _tops(side: Sequence[TableRow], lines: Sequence[RowFacts]) -> Iterator[tuple[str, str]]:
    """The rows that belong to none, each with the total that sums it, by their anchors.

    Where a side has a total of the current year, that sums the rows above it, and the grand
    total adds the rows below it (balances brought forward). Without one total, or with a
    subtotal of unknown parts, nothing is certain.
    """
    totals = [row for row in side if row.row_type == "total"]
    current = [row for row in side if row.item == "current" and not children_of(row, side)]
    if len(totals) != 1 or len(current) > 1 or not _parts_known(side):
        return
    repeated = _printed_twice(side, lines, totals[0])
    for row in side:
        if row in totals or row.parent or row.row_type == "of-which" or row.anchor in repeated:
            continue
        within = current and row not in current and row.number < current[0].number
        yield row.anchor, (current[0] if within else totals[0]).anchor


def _printed_twice(
    side: Sequence[TableRow], lines: Sequence[RowFacts], total: TableRow
) -> frozenset[str]:
    """The rows, by their anchors, that only print others again and are no parts of the total.

    In a plain list rows of one name are rows of their own, unless they print the same amounts
    and the total is right just without them.
    """
    repeated = frozenset(
        row.anchor for row in side if row.key.rsplit("-", 1)[-1].isdigit() and not row.code
    )
    if not repeated:
        return frozenset()
    plain = all(row.row_type == "detail" for row in side if row is not total)
    if plain:
        repeated &= frozenset(_alike_before(side))
    tops = [
        (row, line) for row, line in zip(side, lines, strict=True)
        if row is not total and not row.parent and row.row_type != "of-which"
    ]  # fmt: skip
    whole = lines[list(side).index(total)]

    def adds_up(left_out: frozenset[str]) -> bool:
        return all(
            sum((line[name].amount for row, line in tops
                 if name in line and row.anchor not in left_out), Decimal(0)) == fact.amount
            for name, fact in whole.items()
        )  # fmt: skip

    if adds_up(frozenset()) or (plain and not adds_up(repeated)):
        return frozenset()
    return repeated


def _alike_before(side: Sequence[TableRow]) -> Iterator[str]:
    """The rows, by their anchors, whose name and amounts an earlier row prints."""
    seen: set[tuple[str, ...]] = set()
    for row in side:
        printed = (_name(row), *(amount.number.printed for amount in row.amounts))
        if printed in seen:
            yield row.anchor
        seen.add(printed)


def _parts_known(side: Sequence[TableRow]) -> bool:
    """Whether each subtotal has parts, and no row stands below 其中 that may go on with it."""
    return all(
        children_of(row, side)
        for row in side
        if row.row_type == "subtotal" and row.item != "current"
    ) and not any(
        above.row_type == "of-which" and row.row_type == "detail"
        and not (row.code or row.parent or row.item or row.fund_source or level_of(_name(row)))
        for above, row in pairwise(side)
    )  # fmt: skip


def _name(row: TableRow) -> str:
    return normal(row.label or "")


def _is_misplaced(
    row: TableRow, column: str, side: Sequence[TableRow], line_of: Mapping[int, RowFacts]
) -> bool:
    """Whether a subtotal stands in a column where its parts are blank, though printed in others.

    Then it adds to nothing here.
    """
    if row.row_type != "subtotal":
        return False
    printed = any(line_of[id(child)] for child in children_of(row, side))
    return printed and not nearest_below(row, side, lambda other: column in line_of[id(other)])


FUNCTION = "expenditure-function"
ECONOMIC = {
    "economic_code": "expenditure-economic-department",
    "government_economic_code": "expenditure-economic-government",
}
"""The columns of economic codes, and the list of each."""


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
