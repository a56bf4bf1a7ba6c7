"""表内: totals over blank rows, rows without parts, subtotals that are blank or stand in another column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yusuan.checks import location
from yusuan.checks.registry import DOCUMENT
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import NumberInterval, compare, listed, of_fact, total_of
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.money import plain, to_fen
from yusuan.model.records import Fact
from yusuan.model.text import normal
from yusuan.schema import Field
from yusuan.schema.messages import NOTHING, message
from yusuan.tables import StandardTable, TableRow
from yusuan.tables.nesting import nearest_below

__all__ = ["code_sum_column", "code_sum_missing", "column_sum_empty", "precision", "row_breakdown"]


@DOCUMENT("row-breakdown")
def row_breakdown(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Rows that print a total only, where other rows of the same side break theirs down."""
    for table in subject.tables:
        for side in subject.sides(table):
            for field in table.resource.with_role("amount"):
                totals = [row for row in side if field.sum_of and row.amount(field.name)]
                bare = [
                    row for row in totals if not row.unread and not row.parts(table.resource, field)
                ]
                if bare and any(row.parts(table.resource, field) for row in side):
                    where = location.at_cell(table, bare[0].position, None)
                    named = filter(None, (table.resource.name, bare[0].side, field.name))
                    yield RawFinding(rule=rule, document=subject.record.document, place=where,
                              about="-".join(named).replace("_", "-"), printed=str(len(bare)))  # fmt: skip


@DOCUMENT("column-sum-empty")
def column_sum_empty(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A total other than zero over a column whose detail rows are all blank, though they are
    printed in other columns: else they were not read."""
    summed = {fact.column_total for fact in subject.facts.values()}
    for table in subject.tables:
        for side in subject.sides(table):
            rows = list(side)
            totals = [row for row in rows if row.row_type == "total"]
            details = [row for row in rows if row.row_type == "detail" and row.amounts]
            for amount in totals[0].amounts if len(totals) == 1 and details else ():
                name = amount.field.name if amount.field else None
                total = subject.fact(table, totals[0], name) if name else None
                if not total or not total.amount or total.fact in summed:
                    continue
                name = total.column or ""
                others = [row for row in rows if row is not totals[0]]
                if any(row.amount(name) or row.is_unread(name) for row in others):
                    continue
                yield RawFinding(
                    rule=rule, document=total.document, place=location.of_fact(total),
                    fact=total.fact, printed=total.printed, unit=of_fact(total).unit_name,
                )  # fmt: skip


@DOCUMENT("precision")
def precision(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Amounts that have no exact integer number of fen, which sums in SQL rest on."""
    for fact in subject.facts.values():
        if to_fen(plain(fact.amount)) is None:
            yield RawFinding(
                rule=rule, document=fact.document, place=location.of_fact(fact), fact=fact.fact,
                printed=fact.printed, unit=of_fact(fact).unit_name,
            )  # fmt: skip


@DOCUMENT("code-sum-column")
def code_sum_column(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A subtotal in a column where the codes below are blank, though printed in another."""
    for table, row, side in parents(subject):
        for total, other, parts in _misplaced(subject, table, row, side):
            figure = of_fact(total)
            fits = compare(figure, [of_fact(part) for part in parts]) != "error"
            expected = figure.value if fits else total_of(parts)
            below = f"{figure.number(total_of(parts))}{figure.unit_name}"
            yield RawFinding(
                rule=rule, document=total.document, place=location.of_fact(total),
                fact=total.fact, printed=total.printed,
                expected=figure.number(expected), unit=figure.unit_name,
                parts=(below, below), other=(other.title, f'"{other.title}"'),
            )  # fmt: skip


@DOCUMENT("code-sum-missing")
def code_sum_missing(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A blank subtotal over codes that are printed. A blank is not zero, so it may be meant.

    Where the subtotal stands in another column instead, that is the finding.
    """
    printing = {id(table): _with_sums(table) for table in subject.tables}
    for table, row, side in parents(subject):
        elsewhere = {other.name for _, other, _ in _misplaced(subject, table, row, side)}
        for field in table.resource.with_role("amount"):
            parts = _below(subject, table, row, side, field)
            if field.name in elsewhere or not total_of(parts):
                continue
            if not row.amounts and _kind_of(row) not in printing[id(table)]:
                continue
            if subject.fact(table, row, field.name) or row.is_unread(field.name):
                continue
            figure = of_fact(parts[0])
            label = f"{row.code or ''} {normal(row.label or '')}·{field.title}".strip()
            beside = _from_row(subject, table, row, field)
            fits = beside is not None and compare(beside, [of_fact(p) for p in parts]) != "error"
            expected = beside.value if beside is not None and fits else total_of(parts)
            yield RawFinding(
                rule=rule, document=subject.record.document,
                place=location.at_cell(table, row.position, None, label),
                about=f"{table.resource.name}-{row.key}-{field.name}".replace("_", "-"),
                expected=figure.number(expected), unit=figure.unit_name,
                parts=listed([part.printed for part in parts]),
                reason=message("by-other-columns") if fits else NOTHING,
            )  # fmt: skip


def _from_row(
    subject: Subject, table: StandardTable, row: TableRow, field: Field
) -> NumberInterval | None:
    """What the other columns of its row leave for a blank cell: rounded once, where the sum of
    many rows is rounded many times."""
    for total in table.resource.with_role("amount"):
        names = [name for name in total.sum_of if name != field.name]
        others = [fact for name in names if (fact := subject.fact(table, row, name))]
        if total is field and others:
            half = sum((fact.half_step for fact in others), Decimal(0))
            return NumberInterval(total_of(others), half, others[0].unit)
        whole = subject.fact(table, row, total.name)
        if field.name in total.sum_of and whole:
            half = sum((fact.half_step for fact in (whole, *others)), Decimal(0))
            return NumberInterval(whole.amount - total_of(others), half, whole.unit)
    return None


def _kind_of(row: TableRow) -> tuple[str, int]:
    """What a row is and at which level its code is: rows alike in both have sums or have none."""
    return row.row_type, len(row.code or "")


def _with_sums(table: StandardTable) -> set[tuple[str, int]]:
    """The kinds of rows that print amounts: the others only head those below them."""
    return {_kind_of(row) for row in table.rows if row.amounts}


def _misplaced(
    subject: Subject, table: StandardTable, row: TableRow, side: Sequence[TableRow]
) -> Iterator[tuple[Fact, Field, list[Fact]]]:
    """Subtotals over a blank column, with the column their parts are printed in."""
    columns = [field for field in table.resource.with_role("amount") if not field.sum_of]
    for field in columns:
        total = subject.fact(table, row, field.name)
        if total is None or not total.amount or _below(subject, table, row, side, field):
            continue
        for other in columns:
            parts = _below(subject, table, row, side, other)
            if parts:
                yield total, other, parts


def _below(
    subject: Subject, table: StandardTable, row: TableRow, side: Sequence[TableRow], field: Field
) -> list[Fact]:
    def fact(each: TableRow) -> Fact | None:
        return subject.fact(table, each, field.name)

    rows = nearest_below(row, side, lambda each: fact(each) is not None)
    return [found for each in rows if (found := fact(each))]


def parents(subject: Subject) -> Iterator[tuple[StandardTable, TableRow, list[TableRow]]]:
    """Rows with amounts in rows below them, by code or by fund source, with all rows of their side."""
    for table in subject.tables:
        for side in subject.sides(table):
            for row in side:
                if row.row_type == "subtotal" and nearest_below(row, side, _has_amounts):
                    yield table, row, side


def _has_amounts(row: TableRow) -> bool:
    return bool(row.amounts)
