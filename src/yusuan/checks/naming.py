"""Codes that no list has, and what reading could not settle."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.checks import place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.codes import code_list
from yusuan.facts.codes import Concept
from yusuan.facts.facts import code_list_of
from yusuan.tables import Row, Table

__all__ = ["reading", "unlisted_codes"]


def unlisted_codes(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """One note for each classification on the printed codes that no list at hand knows.

    It names what they are nearest to; nothing is taken for it.
    """
    year = subject.record.fiscal_year
    for list_name, concepts in subject.contents.concepts.items():
        unlisted = {c.code: c for c in concepts if c.status == "unlisted" and c.year == year}
        rows = [(table, row) for table, row, name in _coded_rows(subject)
                if name == list_name and row.code in unlisted]  # fmt: skip
        codes = sorted({row.code or "" for _, row in rows})
        if codes:
            where = place.at_cell(rows[0][0].resource, rows[0][1].position, None)
            told = [_nearest(list_name, unlisted[code], year) for code in codes]
            titles = {table.resource.name: place.table_name(table.resource) for table, _ in rows}
            yield Hit(
                rule=rule, document=subject.record.document, place=where,
                printed=str(len(codes)),
                parts=("；".join(zh for zh, _ in told), "; ".join(en for _, en in told)),
                other=("、".join(zh for zh, _ in titles.values()),
                       ", ".join(en for _, en in titles.values())),
            )  # fmt: skip


def _nearest(list_name: str, concept: Concept, year: int) -> tuple[str, str]:
    """A code with its printed name, and what in the lists is nearest to it."""
    name = next(iter(concept.printed_names), None)
    printed = " ".join(filter(None, (concept.code, name)))
    found = code_list(list_name).candidates(concept.code, name, year)
    near = [f"{match.entry.code} {match.entry.label}" for match in found]
    if not near:
        return f"{printed}（没有相近的）", f"{printed} (nothing like it)"
    return f"{printed}（相近：{'、'.join(near)}）", f"{printed} (nearest: {', '.join(near)})"


def reading(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """What the reader reported under the rule's id."""
    document = subject.record.document
    for table in subject.disclosure.tables:
        for problem in table.problems:
            if problem.rule == rule.id:
                yield Hit(
                    rule=rule, document=document,
                    place=place.at_cell(table.resource, problem.position, problem.cell),
                    printed=problem.printed, reason=(problem.detail_zh, problem.detail_en),
                )  # fmt: skip


def _coded_rows(subject: Subject) -> Iterator[tuple[Table, Row, str]]:
    for table in subject.disclosure.tables:
        list_name = code_list_of(table)
        for row in table.rows:
            if list_name and row.code:
                yield table, row, list_name
