"""Whole files and tables: printed twice, without a cover or tables, or said to be empty when they are not."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.checks import place
from yusuan.checks.families.parts import parts_of
from yusuan.checks.place import Place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.facts.contents import companions

__all__ = ["no_cover", "no_tables", "stated_empty", "tables_twice"]


def tables_twice(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Standard tables that an earlier file of the same department, year and phase has too.

    A narrative and its tables in two files have none in common. A department's own unit is no
    repetition: a link says that its figures are part of the department's.
    """
    groups = companions(subject.contents.documents)
    linked = {pair for pair in parts_of(subject.contents.links) if subject.record.document in pair}
    own = {table.resource.name: table for table in subject.tables if table.number == 1}
    for other in subject.contents.documents:
        if other.document == subject.record.document:
            return
        pair = (subject.record.document, other.document)
        same = groups[other.document] == groups[subject.record.document]
        if not same or {pair, pair[::-1]} & linked:
            continue
        theirs = subject.contents.disclosures[other.document].tables
        names = {table.resource.name for table in theirs}
        both = [table for name, table in own.items() if name in names]
        if both:
            titles = [place.table_name(table.resource) for table in both]
            yield Hit(
                rule=rule, document=subject.record.document,
                place=place.at_cell(both[0].resource, both[0].position, None),
                about=other.document, printed=subject.record.file, other=(other.file, other.file),
                parts=("、".join(zh for zh, _ in titles), ", ".join(en for _, en in titles)),
            )  # fmt: skip


def no_cover(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A document whose year, department and phase had to be gathered from its body."""
    identity = subject.disclosure.identity
    if identity.title is None or {identity.year_from, identity.name_from} & {"text", "file"}:
        phase = ("决算", "final account") if identity.phase == "executed" else ("预算", "budget")
        yield Hit(
            rule=rule, document=subject.record.document,
            place=Place(subject.record.file, subject.record.file, line=1),
            printed=str(identity.fiscal_year),
            parts=(f"{identity.name}、{identity.fiscal_year}年、{phase[0]}",
                   f"{identity.name}, {identity.fiscal_year}, {phase[1]}"),
        )  # fmt: skip


def no_tables(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A narrative whose tables are neither in it nor in another file that was read."""
    groups = companions(subject.contents.documents)
    own = groups[subject.record.document]
    together = [document for document, group in groups.items() if group == own]
    if not any(subject.contents.disclosures[document].tables for document in together):
        yield Hit(
            rule=rule, document=subject.record.document,
            place=Place(subject.record.file, subject.record.file, line=1),
            printed=str(len(subject.claims)),
        )  # fmt: skip


def stated_empty(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Tables that are said to be empty but print amounts; zeros do not contradict it."""
    for table in subject.tables:
        said = table.statement
        amounts = [amount for row in table.rows for amount in row.amounts if amount.number.value]
        if said and amounts:
            yield Hit(
                rule=rule, document=subject.record.document,
                place=place.at_cell(table.resource, said.position, None),
                about=table.resource.name, printed=str(len(amounts)), reason=(said.text, said.text),
            )  # fmt: skip
