"""From relations to verdicts: what rounding explains, and which printed number is wrong.

All relations of one disclosure are judged together (``yusuan.error_localisation``). Those that cannot
tell a wrong number for certain are judged one by one and only ask to verify: rules that are
warnings, tables not read for certain, tables in an unproven unit against others, and rules that most
rows of a table contradict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from string import ascii_uppercase, digits
from typing import Literal

from yusuan.checks.operands import AppliedRule, Operand, Operands
from yusuan.checks.report import RawFinding
from yusuan.checks.subject import Subject
from yusuan.checks.wording import findings_of_causes, plain_finding
from yusuan.error_localisation import RoundedNumber, localise
from yusuan.model.findings import Evidence, Verdict
from yusuan.model.money import UNITS, parse_number
from yusuan.model.records import Claim, Fact

__all__ = ["as_corrected", "judged"]

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
    odd = _odd(applied_rules, failing)
    doubtful = {
        (subject.record.document, table.resource.name)
        for subject in subjects
        for table in subject.tables
        if subject.doubtful(table.resource.name)
    }
    unproven = {
        (subject.record.document, table.resource.name)
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
        """Whether it compares a table whose unit is not proven with anything else: then the unit
        may be wrong, not a number."""
        tables = {_table_of(operand) for operand in applied.operands}
        return len(tables) > 1 and not tables.isdisjoint(unproven)

    for applied in failing:
        if applied.by_itself and applied.rule.verdict == "error" and not across_units(applied):
            yield from _of_some(applied, operands)
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
    told = set()
    for key in found.rounding:
        if by_relation[key].key not in told:
            told.add(by_relation[key].key)
            yield plain_finding(by_relation[key], "rounding")
    known = {key: sum(part.value for part in parts) for key, parts in short.items()}
    yield from findings_of_causes(found.causes, by_relation, operands, known)


def _of_some(applied: AppliedRule, operands: Operands) -> Iterator[RawFinding]:
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


def _odd(
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
        if _apart(own) >= _MOST_FAIL and len(own) * 2 > number[kind] and kind[1] and not _moved(own)
    }  # fmt: skip


def _apart(applied_rules: Iterable[AppliedRule]) -> int:
    """How many of them share no number: one wrong number makes all the sums fail that it is in."""
    seen: set[str] = set()
    count = 0
    for applied in sorted(applied_rules, key=lambda each: len(each.operands)):
        keys = {operand.key for operand in applied.operands}
        if not keys & seen:
            seen |= keys
            count += 1
    return count


def _moved(applied_rules: Sequence[AppliedRule]) -> bool:
    """Whether they print, all but one, what others of them should: rows shifted or swapped."""
    left = [sum(part.value for part in applied.parts) for applied in applied_rules]
    for applied in applied_rules:
        room = sum(operand.quantity().half_step for operand in applied.operands)
        near = next((v for v in left if abs(applied.total.value - v) <= room), None)
        if near is not None:
            left.remove(near)
    return len(left) <= 1


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
    spots: dict[str, tuple[str, int, int]] = {}
    for subject in subjects:
        spots.update(_spots(subject.facts.values()))
    operands = {operand.key: operand for applied in applied_rules for operand in applied.operands}
    found = [operand.quantity(spots.get(key)) for key, operand in operands.items()]
    return [_whole(each, short.get(each.key, ())) for each in found]


def _whole(quantity: RoundedNumber, parts: Sequence[Operand]) -> RoundedNumber:
    if not parts:
        return quantity
    own = [part.quantity() for part in parts]
    return replace(
        quantity, value=sum(q.value for q in own), half_step=sum(q.half_step for q in own)
    )


def _spots(facts: Iterable[Fact]) -> Mapping[str, tuple[str, int, int]]:
    """Table, row and column of each fact, counted as they are printed."""
    tables: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        tables[f"{fact.document}-{fact.table}"].append(fact)
    spots = {}
    for table, printed in tables.items():
        lines = sorted({_line(fact) for fact in printed})
        rows = {line: number for number, line in enumerate(lines)}
        for fact in printed:
            letters = fact.cell.rstrip(digits)
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - 64
            spots[fact.fact] = (table, rows[_line(fact)], column)
    return spots


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
