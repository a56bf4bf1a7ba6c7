"""Run every rule over every document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yusuan.checks.families import slipped
from yusuan.checks.families.code_names import miscoded
from yusuan.checks.families.units import of_linked
from yusuan.checks.judging import as_corrected, judged
from yusuan.checks.operands import AppliedRule, Operands
from yusuan.checks.registry import AFTERWARDS, DISCLOSURE, DOCUMENT, RELATION, SLIP
from yusuan.checks.report import RawFinding, findings_of
from yusuan.checks.rules import Rule, Scope, load_rules
from yusuan.checks.sql.related import related
from yusuan.checks.subject import Subject, subjects_of
from yusuan.facts import PackageContents
from yusuan.files.spool import Records, Spool
from yusuan.model.findings import Finding
from yusuan.model.records import Fact

__all__ = ["check"]


def check(contents: PackageContents, rules: Sequence[Rule] | None = None) -> Records[Finding]:
    """All findings, document by document, worst first. The contents are only read.

    No more of the contents is held than one disclosure, and what a few small ones need together.
    """
    rules = load_rules() if rules is None else rules
    order = {record.document: rank for rank, record in enumerate(contents.documents)}
    across: dict[str, list[RawFinding]] = defaultdict(list)
    for raw in of_linked(rules, contents):
        across[raw.document].append(raw)
    waiting: Spool[list[Finding]] = Spool()
    for together in _batches(subjects_of(contents)):
        known = _related(rules, contents, together)
        for subjects in together:
            documents = [subject.record.document for subject in subjects]
            raw_findings = [raw for document in documents for raw in across[document]]
            raw_findings += _raw_findings(rules, subjects, known)
            own: dict[str, list[Finding]] = defaultdict(list)
            for finding in findings_of(_told_once(raw_findings), order):
                own[finding.document].append(finding)
            waiting.update(own)
    found: Records[Finding] = Records()
    for record in contents.documents:
        found.add(record.document, waiting.pop(record.document, []))
    return found


def _told_once(raw_findings: Sequence[RawFinding]) -> Iterator[RawFinding]:
    # a number that contradicts others is told by those; that it cannot be by itself adds nothing
    told = {
        raw.claim
        for raw in raw_findings
        if raw.rule.family not in _BY_ITSELF and raw.verdict == "error"
    }
    new = [
        raw for raw in raw_findings if raw.rule.family not in _BY_ITSELF or raw.claim not in told
    ]
    replaced = {(raw.document, raw.rule.settings.get("instead")) for raw in new}
    return (raw for raw in new if (raw.document, raw.rule.id) not in replaced)


_BY_ITSELF = frozenset({"rate-base", "share-range"})


_TOGETHER = 4_000
"""Amounts that are related at a time: to relate many costs hardly more than to relate few."""


@dataclass(frozen=True, slots=True)
class _Related:
    """The numbers of some disclosures, and what the rules in SQL relate of them, by document."""

    operands: Operands
    applied_rules: Mapping[str, Sequence[AppliedRule]]


def _batches(disclosures: Iterable[list[Subject]]) -> Iterator[list[list[Subject]]]:
    together: list[list[Subject]] = []
    amounts = 0
    for subjects in disclosures:
        together.append([replace(subject, miscoded=miscoded(subject)) for subject in subjects])
        amounts += sum(len(subject.facts) for subject in subjects)
        if amounts >= _TOGETHER:
            yield together
            together, amounts = [], 0
    if together:
        yield together


def _related(
    rules: Sequence[Rule], contents: PackageContents, together: Sequence[Sequence[Subject]]
) -> _Related:
    subjects = [subject for each in together for subject in each]
    documents = [subject.record for subject in subjects]
    facts = [fact for record in documents for fact in contents.facts.of(record.document)]
    lost = frozenset().union(*(subject.miscoded for subject in subjects))
    unread = {(s.record.document, *cell) for s in subjects for cell in s.unread}
    operands = Operands()
    applied_rules: dict[str, list[AppliedRule]] = defaultdict(list)
    for applied in related(rules, facts, documents, operands, lost, unread):
        applied_rules[applied.total.document].append(applied)
    return _Related(operands, applied_rules)


def _raw_findings(
    rules: Sequence[Rule], subjects: Sequence[Subject], known: _Related
) -> Iterator[RawFinding]:
    """What is found in the documents of one disclosure."""
    scope = _scope(subjects)
    applying = [rule for rule in rules if rule.when.applies(scope)]
    slips = [
        _careful(raw, subject) for subject in subjects for rule in applying
        if rule.family in SLIP for raw in SLIP[rule.family](rule, subject)
    ]  # fmt: skip
    yield from slips
    for raw in _alone(applying, subjects):
        if not any(slipped.settles(slip, raw) for slip in slips):
            yield raw
    own = [
        applied for subject in subjects
        for applied in known.applied_rules.get(subject.record.document, ())
        if _covers(applied, scope)
    ]  # fmt: skip
    for subject in subjects:
        for rule in applying:
            if rule.family in RELATION:
                own += RELATION[rule.family](rule, subject, known.operands)
    own = [each for each in own if not any(slipped.settles(slip, each) for slip in slips)]
    named = list(judged(own, subjects, known.operands))
    yield from named
    yield from _afterwards(applying, subjects, named)


def _afterwards(
    rules: Sequence[Rule], subjects: Sequence[Subject], named: Sequence[RawFinding]
) -> Iterator[RawFinding]:
    """What stands as printed, and still does once the numbers named as wrong are put right."""
    for subject in subjects:
        better = as_corrected(subject, named)
        for rule in rules:
            if rule.family in AFTERWARDS:
                find = AFTERWARDS[rule.family]
                left = {(raw.fact, raw.claim) for raw in find(rule, better)}
                for raw in find(rule, subject):
                    if (raw.fact, raw.claim) in left:
                        yield _careful(raw, subject)


def _alone(rules: Sequence[Rule], subjects: Sequence[Subject]) -> Iterator[RawFinding]:
    for rule in rules:
        if rule.family in DISCLOSURE:
            yield from DISCLOSURE[rule.family](rule, subjects)
        for subject in subjects if rule.family in DOCUMENT else ():
            for raw in DOCUMENT[rule.family](rule, subject):
                if raw.fact is None or raw.fact.startswith(subject.record.document):
                    yield _careful(raw, subject)  # a companion's cells are its own concern


def _covers(applied: AppliedRule, scope: Scope) -> bool:
    """Whether a rule applies to an amount; a table may print amounts of several phases."""
    when, source = applied.rule.when, applied.total.source
    return when.covers(scope) and (
        not isinstance(source, Fact) or when.phase in (None, source.phase)
    )


def _scope(subjects: Sequence[Subject]) -> Scope:
    record, contents = subjects[0].record, subjects[0].contents
    department = next(d for d in contents.departments if d.department == record.department)
    return Scope(
        phase=record.phase,
        fiscal_year=record.fiscal_year,
        tables=frozenset(table.resource.name for subject in subjects for table in subject.tables),
        department="、".join((department.name, *department.names)),
        division=department.division or "",
    )


def _careful(raw: RawFinding, subject: Subject) -> RawFinding:
    """An error in a table that was not read for certain is only something to verify."""
    contradiction = raw.verdict in (None, "error") and raw.rule.verdict == "error"
    if contradiction and subject.doubtful(raw.place.table):
        return replace(raw, verdict="warning")
    return raw
