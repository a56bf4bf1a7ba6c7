"""Run every rule over every document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from yusuan.checks.corrected import as_corrected
from yusuan.checks.families import (
    cells,
    changes,
    code_names,
    complete,
    files,
    hierarchy,
    misprints,
    naming,
    plausible,
    projects,
    rates,
    slipped,
    stated,
    within,
)
from yusuan.checks.families.miscoded import miscoded
from yusuan.checks.families.parts import of_linked
from yusuan.checks.items import Instance, Items
from yusuan.checks.judging import judged
from yusuan.checks.report import Hit, findings_of
from yusuan.checks.rules import Rule, load_rules
from yusuan.checks.sql.related import related
from yusuan.checks.subject import Subject, subjects_of
from yusuan.checks.when import Scope
from yusuan.facts import Contents
from yusuan.facts.contents import Companions, companions
from yusuan.model.findings import Finding
from yusuan.model.records import Fact

__all__ = ["check"]

Family = Callable[[Rule, Subject], Iterable[Hit]]
OfDisclosure = Callable[[Rule, Sequence[Subject]], Iterable[Hit]]
Relating = Callable[[Rule, Subject, Items], Iterable[Instance]]

FAMILIES: dict[str, Family] = {
    "row-breakdown": within.row_breakdown,
    "column-sum-empty": within.column_sum_empty,
    "code-sum-column": hierarchy.code_sum_column,
    "code-sum-missing": hierarchy.code_sum_missing,
    "project-targets": projects.project_targets,
    "target-count": projects.target_count,
    "claim-blank": stated.claim_blank,
    "code-name": code_names.code_name,
    "unlisted-codes": naming.unlisted_codes,
    "precision": within.precision,
    "tables-twice": files.tables_twice,
    "no-cover": files.no_cover,
    "no-tables": files.no_tables,
    "stated-empty": files.stated_empty,
    "reading": naming.reading,
    "rate-base": plausible.rate_base,
    "share-range": plausible.share_range,
    "negative": plausible.negative,
    "misprint": misprints.misprinted_term,
    "table-year": plausible.table_year,
    "as-of": plausible.as_of,
    "no-such-day": plausible.no_such_day,
}
"""Families that find something by themselves."""

AFTERWARDS: dict[str, Family] = {"share": rates.share, "at-most": cells.at_most}
"""Families that hold one number against others, which may be named as wrong themselves."""

COMPLETENESS: dict[str, OfDisclosure] = {
    "tables-missing": complete.tables_missing,
    "sections-missing": complete.sections_missing,
}
"""Families that look at all files of a disclosure together."""

RELATING: dict[str, Relating] = {
    "equal": stated.claim_cell,
    "claim-table": stated.claim_table,
    "claim-sum": stated.claim_sum,
    "growth": rates.growth,
    "share": rates.share_of,
    "project-amounts": projects.project_amounts,
    "target-amount": projects.target_amount,
    "target-parts": projects.target_parts,
    "change": plausible.change,
    "sum": cells.stated_sum,
    "change-sum": changes.change_sum,
    "base-agrees": changes.base_agrees,
}
"""Families that relate numbers of the narrative or of projects; those of tables are in SQL."""


def check(contents: Contents, rules: Sequence[Rule] | None = None) -> list[Finding]:
    """All findings, document by document, worst first. The contents are only read."""
    order = {record.document: rank for rank, record in enumerate(contents.documents)}
    hits = list(_hits(contents, load_rules() if rules is None else rules))
    # a number that contradicts others is told by those; that it cannot be by itself adds nothing
    told = {
        hit.claim for hit in hits if hit.rule.family not in _BY_ITSELF and hit.verdict == "error"
    }
    new = [hit for hit in hits if hit.rule.family not in _BY_ITSELF or hit.claim not in told]
    replaced = {(hit.document, hit.rule.settings.get("instead")) for hit in new}
    return findings_of((hit for hit in new if (hit.document, hit.rule.id) not in replaced), order)


_BY_ITSELF = frozenset({"rate-base", "share-range"})


def _hits(contents: Contents, rules: Sequence[Rule]) -> Iterator[Hit]:
    disclosures: dict[Companions, list[Subject]] = defaultdict(list)
    groups = companions(contents.documents)
    for subject in subjects_of(contents):
        subject = replace(subject, miscoded=miscoded(subject))
        disclosures[groups[subject.record.document]].append(subject)
    items = Items()
    instances: dict[str, list[Instance]] = defaultdict(list)
    lost = frozenset().union(*(s.miscoded for group in disclosures.values() for s in group))
    unread = {
        (subject.record.document, *cell)
        for group in disclosures.values() for subject in group for cell in subject.unread
    }  # fmt: skip
    for instance in related(rules, contents.facts, contents.documents, items, lost, unread):
        instances[instance.total.document].append(instance)
    yield from of_linked(rules, contents)
    for subjects in disclosures.values():
        scope = _scope(subjects)
        applying = [rule for rule in rules if rule.when.applies(scope)]
        slips = [
            _careful(hit, subject) for subject in subjects for rule in applying
            if rule.family == slipped.FAMILY for hit in slipped.column_slipped(rule, subject)
        ]  # fmt: skip
        yield from slips
        for hit in _alone(applying, subjects):
            if not any(slipped.settles(slip, hit) for slip in slips):
                yield hit
        own = [
            instance for subject in subjects for instance in instances[subject.record.document]
            if _covers(instance, scope)
        ]  # fmt: skip
        for subject in subjects:
            for rule in applying:
                if rule.family in RELATING:
                    own += RELATING[rule.family](rule, subject, items)
        own = [each for each in own if not any(slipped.settles(slip, each) for slip in slips)]
        named = list(judged(own, subjects, items))
        yield from named
        yield from _afterwards(applying, subjects, named)


def _afterwards(
    rules: Sequence[Rule], subjects: Sequence[Subject], named: Sequence[Hit]
) -> Iterator[Hit]:
    """What stands as printed, and still does once the numbers named as wrong are put right."""
    for subject in subjects:
        better = as_corrected(subject, named)
        for rule in rules:
            if rule.family in AFTERWARDS:
                family = AFTERWARDS[rule.family]
                left = {(hit.fact, hit.claim) for hit in family(rule, better)}
                for hit in family(rule, subject):
                    if (hit.fact, hit.claim) in left:
                        yield _careful(hit, subject)


def _alone(rules: Sequence[Rule], subjects: Sequence[Subject]) -> Iterator[Hit]:
    for rule in rules:
        if rule.family in COMPLETENESS:
            yield from COMPLETENESS[rule.family](rule, subjects)
        for subject in subjects if rule.family in FAMILIES else ():
            for hit in FAMILIES[rule.family](rule, subject):
                if hit.fact is None or hit.fact.startswith(subject.record.document):
                    yield _careful(hit, subject)  # a companion's cells are its own concern


def _covers(instance: Instance, scope: Scope) -> bool:
    """Whether a rule applies to an amount; a table may print amounts of several phases."""
    when, source = instance.rule.when, instance.total.source
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


def _careful(hit: Hit, subject: Subject) -> Hit:
    """An error in a table that was not read for certain is only something to verify."""
    contradiction = hit.verdict in (None, "error") and hit.rule.verdict == "error"
    if contradiction and subject.doubtful(hit.place.table):
        return replace(hit, verdict="warning")
    return hit
