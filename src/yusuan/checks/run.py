"""Run every rule over every document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from yusuan.checks import (
    code_names,
    files,
    hierarchy,
    naming,
    projects,
    rates,
    stated,
    within,
)
from yusuan.checks.items import Instance, Items
from yusuan.checks.judging import judged
from yusuan.checks.miscoded import miscoded
from yusuan.checks.related import related
from yusuan.checks.report import Hit, findings_of
from yusuan.checks.rules import Rule, load_rules
from yusuan.checks.subject import Subject, subjects_of
from yusuan.facts import Contents
from yusuan.facts.contents import Companions, companions
from yusuan.model.findings import Finding

__all__ = ["check"]

Family = Callable[[Rule, Subject], Iterable[Hit]]
Relating = Callable[[Rule, Subject, Items], Iterable[Instance]]

FAMILIES: dict[str, Family] = {
    "row-breakdown": within.row_breakdown,
    "column-sum-empty": within.column_sum_empty,
    "code-sum-column": hierarchy.code_sum_column,
    "code-sum-missing": hierarchy.code_sum_missing,
    "share": rates.share,
    "project-targets": projects.project_targets,
    "target-count": projects.target_count,
    "code-name": code_names.code_name,
    "unlisted-codes": naming.unlisted_codes,
    "precision": within.precision,
    "tables-twice": files.tables_twice,
    "no-cover": files.no_cover,
    "stated-empty": files.stated_empty,
    "reading": naming.reading,
}
"""Families that find something by themselves."""

RELATING: dict[str, Relating] = {
    "equal": stated.claim_cell,
    "claim-table": stated.claim_table,
    "claim-sum": stated.claim_sum,
    "growth": rates.growth,
    "share": rates.share_of,
    "project-amounts": projects.project_amounts,
    "target-amount": projects.target_amount,
    "target-parts": projects.target_parts,
}
"""Families that relate numbers of the narrative or of projects; those of tables are in SQL."""


def check(contents: Contents, rules: Sequence[Rule] | None = None) -> list[Finding]:
    """All findings, document by document, worst first. The contents are only read."""
    order = {record.document: rank for rank, record in enumerate(contents.documents)}
    return findings_of(_hits(contents, rules or load_rules()), order)


def _hits(contents: Contents, rules: Sequence[Rule]) -> Iterator[Hit]:
    disclosures: dict[Companions, list[Subject]] = defaultdict(list)
    for subject in subjects_of(contents):
        subject = replace(subject, miscoded=miscoded(subject))
        disclosures[companions(subject.record)].append(subject)
        for rule in rules:
            if rule.family in FAMILIES and rule.phase in (None, subject.record.phase):
                for hit in FAMILIES[rule.family](rule, subject):
                    if hit.fact is None or hit.fact.startswith(subject.record.document):
                        yield _careful(hit, subject)  # a companion's cells are its own concern
    items = Items()
    instances: dict[str, list[Instance]] = defaultdict(list)
    lost = frozenset().union(*(s.miscoded for group in disclosures.values() for s in group))
    for instance in related(rules, contents.facts, contents.documents, items, lost):
        instances[instance.total.document].append(instance)
    for subjects in disclosures.values():
        own = [i for subject in subjects for i in instances[subject.record.document]]
        for subject in subjects:
            for rule in rules:
                if rule.family in RELATING and rule.phase in (None, subject.record.phase):
                    own += RELATING[rule.family](rule, subject, items)
        yield from judged(own, subjects, items)


def _careful(hit: Hit, subject: Subject) -> Hit:
    """An error in a table that was not read for certain is only something to verify."""
    contradiction = hit.verdict in (None, "error") and hit.rule.verdict == "error"
    if contradiction and subject.doubtful(hit.place.table):
        return replace(hit, verdict="warning")
    return hit
