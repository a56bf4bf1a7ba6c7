"""Run every rule over every document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from yusuan.checks import across, code_names, files, hierarchy, naming, projects, stated, within
from yusuan.checks.report import Hit, findings_of
from yusuan.checks.rules import Rule, load_rules
from yusuan.checks.subject import Subject, subjects_of
from yusuan.facts import Contents
from yusuan.model.findings import Finding

__all__ = ["check"]

Family = Callable[[Rule, Subject], Iterable[Hit]]

FAMILIES: dict[str, Family] = {
    "row-sum": within.row_sum,
    "row-breakdown": within.row_breakdown,
    "column-sum": within.column_sum,
    "column-sum-empty": within.column_sum_empty,
    "code-sum": hierarchy.code_sum,
    "code-sum-column": hierarchy.code_sum_column,
    "code-sum-missing": hierarchy.code_sum_missing,
    "equal": across.equal,
    "class-sum": across.class_sum,
    "claim-table": stated.claim_table,
    "claim-sum": stated.claim_sum,
    "growth": stated.growth,
    "share": stated.share,
    "project-amounts": projects.project_amounts,
    "project-targets": projects.project_targets,
    "target-count": projects.target_count,
    "target-amount": projects.target_amount,
    "code-name": code_names.code_name,
    "unlisted-codes": naming.unlisted_codes,
    "precision": within.precision,
    "tables-twice": files.tables_twice,
    "no-cover": files.no_cover,
    "stated-empty": files.stated_empty,
    "reading": naming.reading,
}


def check(contents: Contents, rules: Sequence[Rule] | None = None) -> list[Finding]:
    """All findings, document by document, worst first. The contents are only read."""
    order = {record.document: rank for rank, record in enumerate(contents.documents)}
    return findings_of(_hits(contents, rules or load_rules()), order)


def _hits(contents: Contents, rules: Sequence[Rule]) -> Iterator[Hit]:
    for subject in subjects_of(contents):
        for rule in rules:
            if rule.phase in (None, subject.record.phase):
                for hit in FAMILIES[rule.family](rule, subject):
                    if hit.fact is None or hit.fact.startswith(subject.record.document):
                        yield _careful(hit, subject)  # a companion's cells are its own concern


def _careful(hit: Hit, subject: Subject) -> Hit:
    """An error in a table that was not read for certain is only something to verify."""
    contradiction = hit.verdict in (None, "error") and hit.rule.verdict == "error"
    if contradiction and subject.doubtful(hit.place.table):
        return replace(hit, verdict="warning")
    return hit
