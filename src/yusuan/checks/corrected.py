"""A document as it would be with the numbers that are named as wrong put right.

Only for looking again at what rests on those numbers; nothing published is altered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from yusuan.checks.report import Hit
from yusuan.checks.subject import Subject
from yusuan.model.findings import Evidence
from yusuan.model.money import UNITS, parse_number
from yusuan.model.records import Claim, Fact

__all__ = ["as_corrected"]


def as_corrected(subject: Subject, hits: Iterable[Hit]) -> Subject:
    """The subject with what the hits propose, in every place of a number."""
    proposed: dict[str, Decimal] = {}
    for hit in hits:
        places: list[Hit | Evidence] = [hit]
        places += [each for each in hit.evidence if each.role == "repetition"]
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
