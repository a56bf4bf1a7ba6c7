"""Run every rule over every document.

From relations to verdicts: what rounding explains, and which printed number is wrong.

All relations of one disclosure are judged together (``yusuan.error_localisation``). Those that cannot
tell a wrong number for certain are judged one by one and only ask to verify: rules that are
warnings, tables not read for certain, tables in an unproven unit against others, and rules that most
rows of a table contradict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from string import ascii_uppercase, digits
from typing import Literal

from yusuan.checks.families import slipped
from yusuan.checks.families.code_names import miscoded
from yusuan.checks.families.repeated import of_budgets
from yusuan.checks.families.units import of_linked
from yusuan.checks.operands import AppliedRule, Operand, Operands
from yusuan.checks.registry import AFTER_CORRECTION, DISCLOSURE, DOCUMENT, RELATION, SLIP
from yusuan.checks.report import RawFinding, findings_of
from yusuan.checks.rules import Rule, Scope, load_rules
from yusuan.checks.sql.related import related
from yusuan.checks.subject import Subject, subjects_of
from yusuan.checks.wording import findings_of_causes, plain_finding
from yusuan.error_localisation import RoundedNumber, localise
from yusuan.facts import PackageContents, taking_too_long
from yusuan.files.spool import Records, Spool
from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import UNITS
from yusuan.model.findings import Evidence, Finding, Verdict
from yusuan.model.records import Claim, Fact
from yusuan.sources import limits
from yusuan.workers.system import processor_limit

__all__ = ["check"]

_MOST_FAIL = 3
"""So many failing rows, and most of those of their table, say that the table means something else."""


def judged(
    applied_rules: Sequence[AppliedRule], subjects: Sequence[Subject], operands: Operands
) -> Iterator[RawFinding]:
    """Hits for the relations of one disclosure, which may be in several documents."""
    values = {key: operand.value for key, operand in operands.by_key.items()}
    failing = [applied for applied in applied_rules if applied.fails(values)]
    for applied in applied_rules:
        if applied.explained and applied not in failing:
            yield plain_finding(applied, applied.explained)
    cut = [(applied, whole) for applied in failing if (whole := applied.cut_short())]
    for _, whole in cut:
        yield plain_finding(whole, "truncation")
    settled = {applied.key for applied, _ in cut}
    applied_rules = [applied for applied in applied_rules if applied.key not in settled]
    failing = [applied for applied in failing if applied.key not in settled]
    if not failing:
        return
    odd = _mostly_contradicted(applied_rules, failing)
    doubtful = {
        (subject.record.document, table.resource.name)
        for subject in subjects
        for table in subject.tables
        if subject.doubtful(table.resource.name)
    }
    unproven = {
        (subject.record.document, table.resource.name): table.states_units
        for subject in subjects
        for table in subject.tables
        if table.unit_unproven
    }

    def certain(applied: AppliedRule) -> bool:
        return (
            applied.rule.verdict == "error"
            and not applied.by_itself
            and _kind(applied) not in odd
            and not any(_table_of(operand) in doubtful for operand in applied.operands)
            and not across_units(applied)
        )

    def across_units(applied: AppliedRule) -> bool:
        """Whether it compares a table whose unit is not proven with anything else, or some of its
        cells state a unit themselves: then the unit may be wrong, not a number."""
        tables = {_table_of(operand) for operand in applied.operands}
        return any(table in unproven and (len(tables) > 1 or unproven[table]) for table in tables)

    for applied in failing:
        if applied.by_itself and applied.rule.verdict == "error" and not across_units(applied):
            yield from _partial_sum_findings(applied, operands)
        elif not certain(applied):
            verdict = _alone(applied)
            if verdict:
                soft: Verdict = verdict if verdict == "rounding" else "warning"
                yield plain_finding(applied, soft)
    hard = [applied for applied in applied_rules if certain(applied)]
    if not any(applied.fails(values) for applied in hard):
        return
    by_relation = {relation.key: applied for applied in hard for relation in applied.relations}
    short = {whole.total.key: whole.parts for _, whole in cut}
    found = localise(_quantities(hard, subjects, short), [r for i in hard for r in i.relations])
    reported = set()
    for key in found.rounding:
        if by_relation[key].key not in reported:
            reported.add(by_relation[key].key)
            yield plain_finding(by_relation[key], "rounding")
    known = {key: sum(part.value for part in parts) for key, parts in short.items()}
    yield from findings_of_causes(found.causes, by_relation, operands, known)


def _partial_sum_findings(applied: AppliedRule, operands: Operands) -> Iterator[RawFinding]:
    """A total and parts that need not be all: wrong if they are more, to be verified if less.

    Which number that is goes by the parts being all there are, so it is never proven.
    """
    more = sum(part.value for part in applied.parts) > applied.total.value
    found = localise([operand.quantity() for operand in applied.operands], applied.relations)
    by_relation = {relation.key: applied for relation in applied.relations}
    for raw in findings_of_causes(found.causes, by_relation, operands):
        certainty = "likely" if raw.certainty == "proven" else raw.certainty
        yield replace(raw, verdict="error" if more else "warning", certainty=certainty)


def _alone(applied: AppliedRule) -> Literal["error", "rounding"] | None:
    """The verdict on one relation by itself."""
    if len(applied.relations) != 1:
        return "error"
    values = {operand.key: operand.value for operand in applied.operands}
    if not applied.fails(values):
        return None
    return "error" if applied.fails_by_far(values) else "rounding"


def _mostly_contradicted(
    applied_rules: Iterable[AppliedRule], failing: Iterable[AppliedRule]
) -> set[tuple[str, ...]]:
    """Rules that most relations of a table contradict: then not the numbers are wrong."""
    number = Counter(_kind(applied) for applied in applied_rules)
    wrong: dict[tuple[str, ...], list[AppliedRule]] = defaultdict(list)
    for applied in failing:
        if _alone(applied) == "error":
            wrong[_kind(applied)].append(applied)
    return {
        kind for kind, own in wrong.items()
        if _disjoint_count(own) >= _MOST_FAIL and len(own) * 2 > number[kind] and kind[1] and not _is_shifted(own)
    }  # fmt: skip


def _disjoint_count(applied_rules: Iterable[AppliedRule]) -> int:
    """How many of them share no number: one wrong number makes all the sums fail that it is in."""
    seen: set[str] = set()
    count = 0
    for applied in sorted(applied_rules, key=lambda each: len(each.operands)):
        keys = {operand.key for operand in applied.operands}
        if not keys & seen:
            seen |= keys
            count += 1
    return count


def _is_shifted(applied_rules: Sequence[AppliedRule]) -> bool:
    """Whether they print, all but one, what others of them should: rows shifted or swapped."""
    left = [sum(part.value for part in applied.parts) for applied in applied_rules]
    alone = 0
    for applied in applied_rules:
        room = sum(operand.quantity().half_step for operand in applied.operands)
        near = next((v for v in left if abs(applied.total.value - v) <= room), None)
        if near is not None:
            left.remove(near)
        elif (alone := alone + 1) > 1:
            return False
    return True


def _kind(applied: AppliedRule) -> tuple[str, ...]:
    document, table = _table_of(applied.total)
    column = applied.total.source.column if isinstance(applied.total.source, Fact) else ""
    return applied.rule.id, table, document, column or ""


def _table_of(operand: Operand) -> tuple[str, str]:
    return operand.document, operand.source.table if isinstance(operand.source, Fact) else ""


def _quantities(
    applied_rules: Sequence[AppliedRule],
    subjects: Sequence[Subject],
    short: Mapping[str, Sequence[Operand]],
) -> list[RoundedNumber]:
    """The numbers of the relations; those cut ``short`` stand for what was cut, the sum of these."""
    printed_at: dict[str, tuple[str, int, int]] = {}
    for subject in subjects:
        printed_at.update(_places_printed(subject.facts.values()))
    operands = {operand.key: operand for applied in applied_rules for operand in applied.operands}
    found = [operand.quantity(printed_at.get(key)) for key, operand in operands.items()]
    return [_whole(each, short.get(each.key, ())) for each in found]


def _whole(quantity: RoundedNumber, parts: Sequence[Operand]) -> RoundedNumber:
    if not parts:
        return quantity
    own = [part.quantity() for part in parts]
    return replace(
        quantity, value=sum(q.value for q in own), half_step=sum(q.half_step for q in own)
    )


def _places_printed(facts: Iterable[Fact]) -> Mapping[str, tuple[str, int, int]]:
    """Table, row and column of each fact, counted as they are printed."""
    tables: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        tables[f"{fact.document}-{fact.table}"].append(fact)
    printed_at = {}
    for table, printed in tables.items():
        lines = sorted({_line(fact) for fact in printed})
        rows = {line: number for number, line in enumerate(lines)}
        for fact in printed:
            letters = fact.cell.rstrip(digits)
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            printed_at[fact.fact] = (table, rows[_line(fact)], column)
    return printed_at


def _line(fact: Fact) -> tuple[int, int, int]:
    """Page, line and row of the grid: rows of a web page may all stand on one line."""
    return fact.page or 0, fact.line, int(fact.cell.lstrip(ascii_uppercase))


def as_corrected(subject: Subject, raw_findings: Iterable[RawFinding]) -> Subject:
    """The subject with what the findings propose, in every place of a number."""
    proposed: dict[str, Decimal] = {}
    for raw in raw_findings:
        places: list[RawFinding | Evidence] = [raw]
        places += [each for each in raw.evidence if each.role == "repetition"]
        for each in places:
            number = parse_number(each.proposed or "")
            if number and (key := each.fact or each.claim):
                proposed[key] = number.value
    if not proposed:
        return subject
    return replace(
        subject,
        facts={key: _fact(fact, proposed.get(fact.fact)) for key, fact in subject.facts.items()},
        claims=tuple(_claim(claim, proposed.get(claim.claim)) for claim in subject.claims),
    )


def _fact(fact: Fact, value: Decimal | None) -> Fact:
    return fact if value is None else replace(fact, amount=value * fact.unit)


def _claim(claim: Claim, value: Decimal | None) -> Claim:
    if value is None:
        return claim
    signed = -value if claim.value < 0 else value  # words such as 减少 say the sign
    amount = None if claim.amount is None else signed * UNITS.get(claim.unit, 1)
    return replace(claim, value=signed, amount=amount)


def check(contents: PackageContents, rules: Sequence[Rule] | None = None) -> Records[Finding]:
    """All findings, document by document, worst first. The contents are only read.

    No more of the contents is held than one disclosure, and what a few small ones need together.
    Raises TakesTooLong.
    """
    rules = load_rules() if rules is None else rules
    order = {record.document: rank for rank, record in enumerate(contents.documents)}
    across: dict[str, list[RawFinding]] = defaultdict(list)
    for raw in chain(of_linked(rules, contents), of_budgets(rules, contents)):
        across[raw.document].append(raw)
    waiting: Spool[list[Finding]] = Spool()
    for together in _batches(subjects_of(contents)):
        known = _related(rules, contents, together)
        for subjects in together:
            documents = [subject.record.document for subject in subjects]
            raw_findings = [raw for document in documents for raw in across[document]]
            with processor_limit(limits.CHECK_SECONDS, taking_too_long(subjects[0].record)):
                raw_findings += _raw_findings(rules, subjects, known)
            own: dict[str, list[Finding]] = defaultdict(list)
            for finding in findings_of(_without_duplicates(raw_findings), order):
                own[finding.document].append(finding)
            waiting.update(own)
    found: Records[Finding] = Records()
    for record in contents.documents:
        found.add(record.document, waiting.pop(record.document, []))
    return found


def _without_duplicates(raw_findings: Sequence[RawFinding]) -> Iterator[RawFinding]:
    # a number that contradicts others is told by those; that it cannot be by itself adds nothing
    reported = {
        raw.claim
        for raw in raw_findings
        if raw.rule.family not in _BY_ITSELF and raw.verdict == "error"
    }
    new = [
        raw
        for raw in raw_findings
        if raw.rule.family not in _BY_ITSELF or raw.claim not in reported
    ]
    replaced = {(raw.document, raw.rule.settings.get("instead")) for raw in new}
    return (raw for raw in new if (raw.document, raw.rule.id) not in replaced)


_BY_ITSELF = frozenset({"rate-base", "share-range"})


_TOGETHER = 4_000
"""Amounts that are related at a time: to relate many costs hardly more than to relate few."""


@dataclass(frozen=True, slots=True)
class _RelatedNumbers:
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
) -> _RelatedNumbers:
    subjects = [subject for each in together for subject in each]
    documents = [subject.record for subject in subjects]
    facts = [fact for record in documents for fact in contents.facts.of(record.document)]
    lost = frozenset().union(*(subject.miscoded for subject in subjects))
    unread = {(s.record.document, *cell) for s in subjects for cell in s.unread}
    operands = Operands()
    applied_rules: dict[str, list[AppliedRule]] = defaultdict(list)
    for applied in related(rules, facts, documents, operands, lost, unread):
        applied_rules[applied.total.document].append(applied)
    return _RelatedNumbers(operands, applied_rules)


def _raw_findings(
    rules: Sequence[Rule], subjects: Sequence[Subject], known: _RelatedNumbers
) -> Iterator[RawFinding]:
    """What is found in the documents of one disclosure."""
    scope = _scope(subjects)
    applying = [rule for rule in rules if rule.when.applies(scope)]
    slips = [
        _careful(raw, subject) for subject in subjects for rule in applying
        if rule.family in SLIP for raw in SLIP[rule.family](rule, subject)
    ]  # fmt: skip
    yield from slips
    for raw in _findings_alone(applying, subjects):
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
    yield from _findings_after_correction(applying, subjects, named)


def _findings_after_correction(
    rules: Sequence[Rule], subjects: Sequence[Subject], named: Sequence[RawFinding]
) -> Iterator[RawFinding]:
    """What stands as printed, and still does once the numbers named as wrong are put right."""
    for subject in subjects:
        better = as_corrected(subject, named)
        for rule in rules:
            if rule.family in AFTER_CORRECTION:
                find = AFTER_CORRECTION[rule.family]
                left = {(raw.fact, raw.claim) for raw in find(rule, better)}
                for raw in find(rule, subject):
                    if (raw.fact, raw.claim) in left:
                        yield _careful(raw, subject)


def _findings_alone(rules: Sequence[Rule], subjects: Sequence[Subject]) -> Iterator[RawFinding]:
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
