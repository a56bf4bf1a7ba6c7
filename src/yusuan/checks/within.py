"""表内: rows against columns, totals against details, parents against children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yusuan.checks import place
from yusuan.checks.figures import Figure, compare, of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.records import Fact
from yusuan.model.text import normal
from yusuan.schema import Field
from yusuan.schema.vocabulary import parent_of
from yusuan.tables import Row, Table

__all__ = [
    "children_of", "code_sum", "code_sum_column", "code_sum_missing", "column_sum",
    "column_sum_empty", "listed", "row_breakdown", "row_sum", "sum_of",
]  # fmt: skip


def row_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A total column against the columns it sums, row by row; blank parts add nothing.

    A row with an amount under an unknown heading is left alone: that may be a part too.
    """
    for table, row, field in _rows_with_sums(subject):
        total = subject.fact(table, row, field.name)
        parts = _parts(subject, table, row, field)
        unknown = any(a.field is None and a.number.value for a in row.amounts)
        if total and parts and not unknown:
            yield from _sum_hit(rule, total, parts)


def row_breakdown(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Rows that print a total only, where other rows of the same side break theirs down."""
    for table in subject.tables:
        for side in subject.sides(table):
            for field in table.resource.with_role("amount"):
                totals = [row for row in side if field.sum_of and row.amount(field.name)]
                bare = [row for row in totals if not row.parts(table.resource, field)]
                if bare and any(row.parts(table.resource, field) for row in side):
                    where = place.at_cell(table.resource, bare[0].position, None)
                    yield Hit(rule=rule, document=subject.record.document, place=where,
                              printed=str(len(bare)))  # fmt: skip


def column_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """The total row of each side against the rows that are summed, column by column."""
    for total, details in _totals(subject):
        if details:
            yield from _sum_hit(rule, total, details)


def column_sum_empty(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A total other than zero over a column whose detail rows are all blank."""
    for total, details in _totals(subject):
        if not details and total.amount:
            yield Hit(
                rule=rule, document=total.document, place=place.of_fact(total), fact=total.fact,
                printed=total.printed, unit=of_fact(total).unit_name,
            )  # fmt: skip


def code_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A parent code against the sum of the codes directly below it in the same column."""
    for table, row, children in _parents(subject):
        for field in table.resource.with_role("amount"):
            total = subject.fact(table, row, field.name)
            parts = [f for child in children if (f := subject.fact(table, child, field.name))]
            if total and parts:
                yield from _sum_hit(rule, total, parts)


def code_sum_column(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A subtotal in a column where the codes below are blank, though printed in another."""
    for table, row, children in _parents(subject):
        for field in table.resource.with_role("amount"):
            total = subject.fact(table, row, field.name)
            if total is None or not total.amount or field.sum_of:
                continue
            if any(subject.fact(table, child, field.name) for child in children):
                continue
            for other in table.resource.with_role("amount"):
                parts = [f for c in children if (f := subject.fact(table, c, other.name))]
                if parts and not other.sum_of:
                    figure = of_fact(total)
                    expected = sum((f.amount for f in parts), start=Decimal(0))
                    yield Hit(
                        rule=rule, document=total.document, place=place.of_fact(total),
                        fact=total.fact, printed=total.printed,
                        expected=figure.number(expected), unit=figure.unit_name,
                        other=(other.title, f'"{other.title}"'),
                    )  # fmt: skip


def code_sum_missing(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A blank subtotal over codes that are printed. A blank is not zero, so it may be meant."""
    for table, row, children in _parents(subject):
        if not row.amounts:
            continue
        for field in table.resource.with_role("amount"):
            parts = [f for child in children if (f := subject.fact(table, child, field.name))]
            if (
                subject.fact(table, row, field.name)
                or not parts
                or not any(f.amount for f in parts)
            ):
                continue
            figure = of_fact(parts[0])
            label = f"{row.code or ''} {normal(row.label or '')}·{field.title}".strip()
            yield Hit(
                rule=rule, document=subject.record.document,
                place=place.at_cell(table.resource, row.position, None, label),
                expected=figure.number(sum((f.amount for f in parts), start=Decimal(0))),
                unit=figure.unit_name, parts=listed(parts),
            )  # fmt: skip


def _rows_with_sums(subject: Subject) -> Iterator[tuple[Table, Row, Field]]:
    for table in subject.tables:
        for row in table.rows:
            for field in table.resource.with_role("amount"):
                if field.sum_of:
                    yield table, row, field


def _parts(subject: Subject, table: Table, row: Row, field: Field) -> list[Fact]:
    names = [part.field.name for part in row.parts(table.resource, field) if part.field]
    return [fact for name in names if (fact := subject.fact(table, row, name))]


def _parents(subject: Subject) -> Iterator[tuple[Table, Row, list[Row]]]:
    """Rows with the rows directly below them: by code, or by fund source."""
    for table in subject.tables:
        for side in subject.sides(table):
            for row in side:
                if row.row_type == "subtotal" and (children := children_of(row, side)):
                    yield table, row, children


def children_of(row: Row, side: Sequence[Row]) -> list[Row]:
    """The rows of a side that a row sums: the nearest level below its code."""
    if row.code and not row.project:
        below = [r for r in side if r.code and r.code != row.code and r.code.startswith(row.code)]
        return [
            r for r in below
            if not any(o is not r and o.code and r.code and r.code != o.code
                       and r.code.startswith(o.code) for o in below)
        ]  # fmt: skip
    if row.fund_source:
        return [
            r
            for r in side
            if r.fund_source and parent_of("fund-sources", r.fund_source) == row.fund_source
        ]
    return []


def _totals(subject: Subject) -> Iterator[tuple[Fact, list[Fact]]]:
    """Each total of a side with the printed details it sums.

    A subtotal whose parts are all blank stands for them. Sides with several total rows
    (本年合计 and 总计) are left alone: what they sum is not certain.
    """
    for table in subject.tables:
        for side in subject.sides(table):
            totals = [row for row in side if row.row_type == "total"]
            if len(totals) != 1 or len(side) < 2:
                continue
            leaves = [
                row for row in side
                if row.row_type == "detail"
                or (row.row_type == "subtotal"
                    and not any(child.amounts for child in children_of(row, side)))
            ]  # fmt: skip
            for field in table.resource.with_role("amount"):
                total = subject.fact(table, totals[0], field.name)
                if total and leaves:
                    facts = [f for row in leaves if (f := subject.fact(table, row, field.name))]
                    yield total, facts


def _sum_hit(rule: Rule, total: Fact, parts: Sequence[Fact]) -> Iterator[Hit]:
    figure = of_fact(total)
    figures = [of_fact(part) for part in parts]
    verdict = compare(figure, figures)
    if verdict:
        expected = sum((part.value for part in figures), start=Decimal(0))
        yield Hit(
            rule=rule, document=total.document, place=place.of_fact(total), verdict=verdict,
            fact=total.fact, printed=total.printed, expected=figure.number(expected),
            unit=figure.unit_name, parts=listed(parts),
        )  # fmt: skip


def listed(facts: Sequence[Fact]) -> tuple[str, str]:
    """The printed numbers as a sum, the middle left out when there are many."""
    shown = [fact.printed for fact in facts]
    if len(shown) > 12:
        shown = [*shown[:6], "…", *shown[-3:]]
    text = " + ".join(shown)
    return text, text


def sum_of(figures: Sequence[Figure]) -> Figure:
    """The figures' sum as one figure in the first one's unit."""
    first = figures[0]
    return Figure(
        sum((f.value for f in figures), start=Decimal(0)),
        sum((f.half_step for f in figures), start=Decimal(0)),
        first.unit,
        first.suffix,
    )
