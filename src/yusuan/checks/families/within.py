"""表内: what a table leaves blank, and amounts that cannot be added up."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.checks import place
from yusuan.checks.figures import of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.money import plain, to_fen

__all__ = ["column_sum_empty", "precision", "row_breakdown"]


def row_breakdown(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Rows that print a total only, where other rows of the same side break theirs down."""
    for table in subject.tables:
        for side in subject.sides(table):
            for field in table.resource.with_role("amount"):
                totals = [row for row in side if field.sum_of and row.amount(field.name)]
                bare = [
                    row for row in totals if not row.unread and not row.parts(table.resource, field)
                ]
                if bare and any(row.parts(table.resource, field) for row in side):
                    where = place.at_cell(table.resource, bare[0].position, None)
                    named = filter(None, (table.resource.name, bare[0].side, field.name))
                    yield Hit(rule=rule, document=subject.record.document, place=where,
                              about="-".join(named).replace("_", "-"), printed=str(len(bare)))  # fmt: skip


def column_sum_empty(rule: Rule, subject: Subject) -> Iterator[Hit]:
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
                yield Hit(
                    rule=rule, document=total.document, place=place.of_fact(total),
                    fact=total.fact, printed=total.printed, unit=of_fact(total).unit_name,
                )  # fmt: skip


def precision(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Amounts that have no exact integer number of fen, which sums in SQL rest on."""
    for fact in subject.facts.values():
        if to_fen(plain(fact.amount)) is None:
            yield Hit(
                rule=rule, document=fact.document, place=place.of_fact(fact), fact=fact.fact,
                printed=fact.printed, unit=of_fact(fact).unit_name,
            )  # fmt: skip
