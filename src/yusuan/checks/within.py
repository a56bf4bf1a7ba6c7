"""表内: rows against their columns, totals against the rows above them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yusuan.checks import place
from yusuan.checks.figures import compare, of_fact
from yusuan.checks.hierarchy import children_of
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.checks.sums import sum_hit
from yusuan.model.money import plain, to_fen
from yusuan.model.records import Fact
from yusuan.schema import Field
from yusuan.tables import Row, Table

__all__ = ["column_sum", "column_sum_empty", "precision", "row_breakdown", "row_sum"]


def row_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A total column against the columns it sums, row by row; blank parts add nothing.

    A row with an amount under an unknown heading is left alone: that may be a part too.
    """
    for table, row, field in _rows_with_sums(subject):
        total = subject.fact(table, row, field.name)
        parts = _parts(subject, table, row, field)
        unknown = any(a.field is None and a.number.value and not a.derived for a in row.amounts)
        if (
            total
            and parts
            and not unknown
            and not _is_of_which(total, parts)
            and not _part_is_wrong(subject, table, row, total, parts)
            and not _holds_with_all(subject, table, row, total, parts)
        ):
            yield from sum_hit(rule, total, parts)


def _part_is_wrong(
    subject: Subject, table: Table, row: Row, total: Fact, parts: Sequence[Fact]
) -> bool:
    """Whether the total holds once each part is taken as the sum of its own parts.

    Then the part that differs from its own parts is the wrong cell, and is reported as such.
    """
    deeper: list[Fact] = []
    for part in parts:
        field = table.resource.field(part.column or "")
        deeper += _parts(subject, table, row, field) or [part]
    figures = [[of_fact(fact) for fact in facts] for facts in (parts, deeper)]
    one, two = (compare(of_fact(total), figure) for figure in figures)
    return one == "error" and two != "error"


def _is_of_which(total: Fact, parts: Sequence[Fact]) -> bool:
    """Whether a single part, smaller than the total, may be printed for information only.

    Under one heading with its total it may not.
    """
    if len(parts) != 1 or abs(parts[0].amount) >= abs(total.amount):
        return False
    above, *rest = (fact.column_label.split(" / ")[:-1] for fact in (total, parts[0]))
    return not above or above != rest[0][: len(above)]


def _holds_with_all(
    subject: Subject, table: Table, row: Row, total: Fact, parts: Sequence[Fact]
) -> bool:
    """Whether the total holds once columns that could be within others stand beside them.

    财政拨款收入 | 政府性基金收入 may be whole and part, or two parts of the total.
    """
    deeper = list(parts)
    for part in parts:
        deeper += _parts(subject, table, row, table.resource.field(part.column or ""))
    beside = len(deeper) > len(parts)
    return beside and compare(of_fact(total), [of_fact(fact) for fact in deeper]) != "error"


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
            yield from sum_hit(rule, total, details)


def column_sum_empty(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A total other than zero over a column whose detail rows are all blank."""
    for total, details in _totals(subject):
        if not details and total.amount and _printed_elsewhere(subject, total):
            yield Hit(
                rule=rule, document=total.document, place=place.of_fact(total), fact=total.fact,
                printed=total.printed, unit=of_fact(total).unit_name,
            )  # fmt: skip


def _printed_elsewhere(subject: Subject, total: Fact) -> bool:
    """Whether details of the table are printed in other columns: else they were not read."""
    return any(
        fact.row_type == "detail"
        for (table, _, _), fact in subject.facts.items()
        if table == total.table
    )


def _rows_with_sums(subject: Subject) -> Iterator[tuple[Table, Row, Field]]:
    for table in subject.tables:
        for row in table.rows:
            for field in table.resource.with_role("amount"):
                if field.sum_of:
                    yield table, row, field


def _parts(subject: Subject, table: Table, row: Row, field: Field) -> list[Fact]:
    names = [part.field.name for part in row.parts(table.resource, field) if part.field]
    return [fact for name in names if (fact := subject.fact(table, row, name))]


def _totals(subject: Subject) -> Iterator[tuple[Fact, list[Fact]]]:
    """Each total of a side with the printed amounts it sums.

    Where a side has a total of the current year, that sums the rows above it, and the grand
    total adds the rows below it (balances brought forward).
    """
    for table in subject.tables:
        for side in subject.sides(table):
            totals = [row for row in side if row.row_type == "total"]
            current = [row for row in side if row.item == "current" and not children_of(row, side)]
            if len(totals) != 1 or len(current) > 1 or not _leaves_known(side):
                continue
            leaves = _leaves(side)
            if current:
                above = [row for row in leaves if row.position < current[0].position]
                below = [row for row in leaves if row.position > current[0].position]
                yield from _total_facts(subject, table, current[0], above)
                leaves = [current[0], *below]
            yield from _total_facts(subject, table, totals[0], leaves)


def _total_facts(
    subject: Subject, table: Table, total: Row, leaves: Sequence[Row]
) -> Iterator[tuple[Fact, list[Fact]]]:
    for field in table.resource.with_role("amount"):
        fact = subject.fact(table, total, field.name)
        if fact and leaves:
            yield fact, [f for row in leaves if (f := subject.fact(table, row, field.name))]


def _leaves_known(side: Sequence[Row]) -> bool:
    """Whether it is certain which rows each subtotal sums; otherwise the side is left alone."""
    return all(
        children_of(row, side)
        for row in side
        if row.row_type == "subtotal" and row.item != "current"
    )


def _leaves(side: Sequence[Row]) -> list[Row]:
    """The detail rows, and the subtotals whose parts are all blank and so stand for them."""
    repeated = {row.key for row in side if row.key.rsplit("-", 1)[-1].isdigit() and not row.code}
    return [
        row
        for row in side
        if (row.row_type == "detail" and (row.parent or row.key not in repeated))
        or (
            row.row_type == "subtotal"
            and row.item != "current"
            and not any(child.amounts for child in children_of(row, side))
        )
    ]


def precision(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Amounts that have no exact integer number of fen, which sums in SQL rest on."""
    for fact in subject.facts.values():
        if to_fen(plain(fact.amount)) is None:
            yield Hit(
                rule=rule, document=fact.document, place=place.of_fact(fact), fact=fact.fact,
                printed=fact.printed, unit=of_fact(fact).unit_name,
            )  # fmt: skip
