"""Say what a judgement means: which cell is wrong, what contradicts it, what it should be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice

from yusuan.checks.operands import AppliedRule, Operand, Operands, Texts
from yusuan.checks.report import RawFinding, message_of
from yusuan.checks.rounding import listed
from yusuan.error_localisation import Cause, Explanation, NumberChange, likeliest
from yusuan.model.findings import Certainty, Evidence, Verdict
from yusuan.schema import catalogue
from yusuan.schema.messages import NOTHING, joined, listed_texts, message

__all__ = ["findings_of_causes", "plain_finding", "should_be"]

_COUNTERPARTS = 12
"""Sums of more parts than these name only the first."""
_PLACES = 3
"""More places of one number are counted, not named, in a sentence; the evidence has all."""
_NAMED = 6
"""More candidates than these are counted, not named, in the sentence of a tie."""


def plain_finding(applied: AppliedRule, verdict: Verdict) -> RawFinding:
    """What a rule says of the total it speaks of."""
    total = applied.total
    return RawFinding(
        rule=applied.rule, document=total.document, place=total.place, verdict=verdict,
        fact=total.fact, claim=total.claim, about=total.about, printed=total.printed, expected=applied.expected,
        unit=total.figure.unit_name, parts=applied.listed or listed([part.printed for part in applied.parts]),
        other=applied.other or _place(applied.parts[0]),
    )  # fmt: skip


def findings_of_causes(
    causes: Sequence[Cause], by_relation: Mapping[str, AppliedRule], operands: Operands,
    known: Mapping[str, int] | None = None,
) -> Iterator[RawFinding]:  # fmt: skip
    """One finding for each number that a cause names, and one for what is left to explain once
    all of them are corrected. ``known`` are numbers that stand for more than is printed."""
    rates = {relation.about for each in by_relation.values() for relation in each.relations}
    named = [_changes(cause, rates) for cause in causes]
    corrected = {key: operand.value for key, operand in operands.by_key.items()} | dict(known or {})
    for change in chain.from_iterable(named):
        if change.proposed is not None:
            corrected.update(dict.fromkeys((change.key, *change.together), change.proposed))
    for cause, own in zip(causes, named, strict=True):
        others = [change for each in named if each is not own for change in each]
        yield from _findings_of_cause(cause, own, others, corrected, by_relation, operands)


def _changes(cause: Cause, rates: Collection[str | None]) -> list[NumberChange]:
    """What a cause names: a number that every likely explanation changes alike is wrong,
    whatever else is."""
    likely = likeliest(cause)
    named = [
        change for change in (likely[0].changes if likely else ())
        if (len(likely) == 1 and cause.certainty != "tied") or _shared(change, likely)
    ]  # fmt: skip
    # an amount that its own rate of change confirms may be right, and be of something else
    if len(named) > 1 and any(c.proposed is None and c.key in rates for c in named):
        return []
    return named


def _findings_of_cause(
    cause: Cause, named: Sequence[NumberChange], others: Sequence[NumberChange],
    corrected: Mapping[str, int], by_relation: Mapping[str, AppliedRule], operands: Operands,
) -> Iterator[RawFinding]:  # fmt: skip
    """The findings of one cause, that names these numbers; ``others`` are named by other causes
    and ``corrected`` has what each should be."""
    violated = list({by_relation[key].key: by_relation[key] for key in cause.violated}.values())
    own = {key for change in named for key in (change.key, *change.together)}
    keys = own | {key for change in others for key in (change.key, *change.together)}
    mended = [
        applied for applied in violated
        if any(operand.key in own for operand in applied.operands) and not applied.fails_by_far(corrected, keys)
    ] or violated  # fmt: skip
    if named:
        evidence = _contradictions(mended, corrected, keys)
        if len(cause.explanations) > 1:
            evidence += _candidates(cause.explanations, operands)
        for change in named:
            everywhere = all(
                any(other.key == change.key for other in each.changes)
                for each in cause.explanations
            )
            certainty: Certainty = "proven" if cause.searched and everywhere else "likely"
            yield _named(change, certainty, mended, evidence, operands)
    unknown = {change.key for change in (*named, *others) if change.proposed is None}
    left = [
        applied for applied in violated
        if not any(operand.key in unknown for operand in applied.operands)
        and applied.fails_by_far(corrected, keys)
    ]  # fmt: skip
    if left or not named:
        rest = [
            Explanation(tuple(c for c in explanation.changes if c not in named), explanation.cost)
            for explanation in likeliest(cause)
        ]
        yield _tied([each for each in rest if each.changes], left or violated, operands)


def _shared(change: NumberChange, explanations: Sequence[Explanation]) -> bool:
    """Whether all of several explanations have the same change."""
    return len(explanations) > 1 and all(
        any((c.key, c.proposed) == (change.key, change.proposed) for c in each.changes)
        for each in explanations
    )


def _named(
    change: NumberChange, certainty: Certainty, violated: Sequence[AppliedRule], evidence: tuple[Evidence, ...],
    operands: Operands,
) -> RawFinding:  # fmt: skip
    operand = operands.by_key[change.key]
    main = next(
        (applied for applied in violated if applied.total.key == operand.key),
        next((applied for applied in violated if operand in applied.operands), violated[0]),
    )
    raw = plain_finding(main, "error")
    proposed = _proposed(change, main, operand)
    unit = operand.figure.unit_name
    if main.total.key == operand.key:
        lead, mend = ("", ""), should_be(f"{proposed}{unit}", change.slip)
    else:
        where, slip = operand.place, _slip(change.slip)
        lead = message("named-elsewhere", place=where.texts, printed=f"{operand.printed}{unit}")
        mend = message("mended-there", proposed=f"{proposed}{unit}", slip=slip)
    if not proposed:
        mend = message("value-unknown")
    also = [operands.by_key[key] for key in change.together]
    if also:
        more = message("and-others") if len(also) > _PLACES else NOTHING
        places = listed_texts(each.place.texts for each in also[:_PLACES])
        mend = joined(mend, message("same-number", count=len(also), places=places, more=more))
    words = message_of(raw)
    return RawFinding(
        rule=main.rule, document=operand.document, place=operand.place, verdict="error",
        fact=operand.fact, claim=operand.claim, about=operand.about, printed=operand.printed,
        expected=main.expected if main.total.key == operand.key else None,
        unit=unit, proposed=proposed or None, certainty=certainty, slip=change.slip,
        evidence=(*evidence, *_repetitions(change, also)), words=(lead[0] + words[0] + mend[0], lead[1] + words[1] + mend[1]),
    )  # fmt: skip


def should_be(proposed: str, slip: str | None) -> Texts:
    """The sentence that proposes a number, given with its unit."""
    return message("should-be", proposed=proposed, slip=_slip(slip))


def _tied(
    explanations: Sequence[Explanation], violated: Sequence[AppliedRule], operands: Operands
) -> RawFinding:
    main = violated[0]
    raw = plain_finding(main, "error")
    keys = list(dict.fromkeys(
        change.key for explanation in explanations for change in explanation.changes
    ))  # fmt: skip
    if 0 < len(keys) <= _NAMED:
        named = [operands.by_key[key] for key in keys]
        numbers = listed_texts(
            message("number-of-place", place=operand.place.texts, printed=_with_unit(operand))
            for operand in named
        )
        why = message("wrong-of-several", numbers=numbers)
    else:
        why = message("wrong-unknown")
    words = message_of(raw)
    evidence = _contradictions(violated, None) + _candidates(explanations, operands)
    return RawFinding(
        rule=raw.rule, document=raw.document, place=raw.place, verdict="error", fact=raw.fact,
        claim=raw.claim, about=raw.about, printed=raw.printed, expected=raw.expected, unit=raw.unit,
        certainty="tied", evidence=evidence, words=(words[0] + why[0], words[1] + why[1]),
    )  # fmt: skip


def _contradictions(
    violated: Sequence[AppliedRule], corrected: Mapping[str, int] | None, free: Collection[str] = ()
) -> tuple[Evidence, ...]:
    """The relations that cannot hold, each with whether it does once corrected."""
    found = []
    for applied in violated:
        total = applied.total
        zh, en = message_of(plain_finding(applied, "error"))
        found.append(Evidence(
            role="contradiction", statement_zh=zh, statement_en=en, rule=applied.rule.id,
            fact=total.fact, claim=total.claim, about=total.about, printed=total.printed,
            holds=None if corrected is None else not applied.fails_by_far(corrected, free),
        ))  # fmt: skip
    return (*found, *_counterparts(violated))


def _counterparts(violated: Sequence[AppliedRule]) -> Iterator[Evidence]:
    """The other numbers of relations: what a reader compares the first with."""
    totals = {applied.total.key for applied in violated}
    operands = {operand.key: operand for applied in violated for operand in applied.parts
             if operand.key not in totals and (operand.fact or operand.claim)}  # fmt: skip
    for operand in islice(operands.values(), _COUNTERPARTS):
        zh, en = message("place-has", place=operand.place.texts, printed=_with_unit(operand))
        yield Evidence(
            role="counterpart", fact=operand.fact, claim=operand.claim, about=operand.about, printed=operand.printed,
            statement_zh=zh, statement_en=en,
        )  # fmt: skip


def _repetitions(change: NumberChange, operands: Sequence[Operand]) -> Iterator[Evidence]:
    """The other places of a wrong number, each with what it should be in the way it is printed."""
    for operand in operands:
        if not (operand.fact or operand.claim):
            continue
        value = operand.spelled(change.proposed) if change.proposed is not None else None
        zh, en = message(
            "place-prints-too", place=operand.place.texts, printed=_with_unit(operand),
            should=message("which-should-be", value=value) if value else NOTHING,
        )  # fmt: skip
        yield Evidence(
            role="repetition", fact=operand.fact, claim=operand.claim, about=operand.about, printed=operand.printed,
            proposed=value, slip=change.slip,
            statement_zh=zh, statement_en=en,
        )  # fmt: skip


def _candidates(explanations: Sequence[Explanation], operands: Operands) -> tuple[Evidence, ...]:
    found = []
    for number, explanation in enumerate(explanations, start=1):
        for change in explanation.changes:
            operand = operands.by_key[change.key]
            value = operand.spelled(change.proposed) if change.proposed is not None else None
            zh, en = message(
                "may-have-to-be" if value else "may-be-wrong",
                place=operand.place.texts, printed=_with_unit(operand),
                value=f"{value}{operand.figure.unit_name}", slip=_slip(change.slip),
            )  # fmt: skip
            found.append(Evidence(
                role="candidate", explanation=number, fact=operand.fact, claim=operand.claim,
                about=operand.about, printed=operand.printed, proposed=value, slip=change.slip,
                statement_zh=zh, statement_en=en,
            ))  # fmt: skip
    return tuple(found)


def _proposed(change: NumberChange, main: AppliedRule, operand: Operand) -> str:
    if change.proposed is not None:
        return operand.spelled(change.proposed)
    # a stated rate is in no equation; what its rule works out is what it should be
    return main.expected if main.total.key == operand.key and main.relations[0].about else ""


def _slip(code: str | None) -> Texts:
    """In brackets, how the number went wrong; nothing when that is unknown."""
    row = next((row for row in catalogue()["slips"].rows if row["code"] == code), None)
    if row is None or code == "other":
        return NOTHING
    return message("in-brackets", text=(str(row["name"]), str(row["name_en"]).lower()))


def _with_unit(operand: Operand) -> str:
    return f"{operand.printed}{operand.figure.unit_name}"


def _place(operand: Operand) -> Texts:
    return operand.place.texts
