"""Codes against names and lists, and what reading could not settle."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.checks import place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.facts.codes import attestations_of_name
from yusuan.facts.facts import code_list_of
from yusuan.model.text import unwrapped
from yusuan.tables import Row, Table

__all__ = ["code_name", "reading", "unlisted_codes"]

_NEAR = 5
"""Years a list may be away and still tell: codes are reused with other names over time."""


def code_name(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A code whose name is known under another code, in years before and after."""
    seen: set[tuple[str, str]] = set()
    for table, row, code_list in _coded_rows(subject):
        code, name = row.code or "", unwrapped(row.label or "")
        if (code, name) in seen or not name:
            continue
        seen.add((code, name))
        year = subject.record.fiscal_year
        found = [(other, at) for other, at in attestations_of_name(code_list, name)
                 if len(other) == len(code) and abs(at - year) <= _NEAR]  # fmt: skip
        codes = {other for other, _ in found}
        years = sorted({at for _, at in found})
        certain = bool(years) and years[0] <= year <= years[-1]
        if len(codes) != 1 or code in codes or not certain:
            continue
        text = "、".join(str(at) for at in years)
        yield Hit(
            rule=rule, document=subject.record.document,
            place=place.at_cell(table.resource, row.position, None, name),
            printed=f"{code} {name}", expected=codes.pop(), reason=(f"{text}年", ", ".join(text.split("、"))),
        )  # fmt: skip


def unlisted_codes(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """One note for each classification on the printed codes that no list at hand knows."""
    year = subject.record.fiscal_year
    for code_list, concepts in subject.contents.concepts.items():
        unlisted = {c.code for c in concepts if c.status == "unlisted" and c.year == year}
        rows = [(table, row) for table, row, name in _coded_rows(subject)
                if name == code_list and row.code in unlisted]  # fmt: skip
        codes = sorted({row.code or "" for _, row in rows})
        if codes:
            where = place.at_cell(rows[0][0].resource, rows[0][1].position, None)
            listed = "、".join(codes)
            titles = {table.resource.name: place.table_name(table.resource) for table, _ in rows}
            yield Hit(
                rule=rule, document=subject.record.document, place=where,
                printed=str(len(codes)), parts=(listed, listed.replace("、", ", ")),
                other=("、".join(zh for zh, _ in titles.values()),
                       ", ".join(en for _, en in titles.values())),
            )  # fmt: skip


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
        code_list = code_list_of(table)
        for row in table.rows:
            if code_list and row.code:
                yield table, row, code_list
