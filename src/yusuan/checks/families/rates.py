"""文表: rates of change and shares, against the amounts that they were worked out from.

A rate is compared at the precision it is printed with, rounded or cut off. For arithmetic it
becomes two bounds: whatever the amounts really are, their ratio lies between them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from yusuan.checks import location
from yusuan.checks.operands import AppliedRule, Operand, Operands
from yusuan.checks.registry import AFTER_CORRECTION, RELATION
from yusuan.checks.report import RawFinding, message_of
from yusuan.checks.rounding import NumberInterval, of_claim, of_fact, rate_range, rounded
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.checks.wording import should_be
from yusuan.error_localisation import Relation, likeliest_digit_error
from yusuan.model.money import plain
from yusuan.model.records import Claim
from yusuan.narrative.claims import stated
from yusuan.narrative.subjects import subjects

__all__ = ["growth", "share", "share_of"]

Range = tuple[Decimal, Decimal, Decimal]
"""A rate in per cent: as printed numbers give it, and at least and at most with rounding."""

_WHOLE = 100
_UNBOUNDED = 10**30


@RELATION("growth")
def growth(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A stated rate against the amount of the same subject before it, and its change or the
    amount of the year before."""
    for index, rate in enumerate(subject.claims):
        if rate.measure != "rate" or rate.reason or not index:
            continue
        before = subject.claims[:index]
        by_change = _by_change(rate, before)
        pair = by_change or _by_base(rate, before)
        own = operands.of_claim(rate)
        one, two = [operands.of_claim(claim) for claim in pair or (rate, rate)]
        if pair is None or own is None or one is None or two is None:
            continue
        change = two.figure if by_change else NumberInterval(
            one.figure.value - two.figure.value, one.figure.half_step + two.figure.half_step
        )  # fmt: skip
        expected = rate_range(one.figure, change)
        if expected is None:
            continue
        # rate = change / (amount - change), or (amount - base) / base
        numerator = {two.key: 1} if by_change else {one.key: 1, two.key: -1}
        base = {one.key: 1, two.key: -1} if by_change else {two.key: 1}
        shown = f"{_full(pair[0])}, {_signed(pair[1]) if by_change else _full(pair[1])}"
        yield _ratio(
            rule, rate, own, (one, two), numerator, base, expected, f"({shown})",
            _mistaken(one.figure.value, change.value),
        )  # fmt: skip


def _mistaken(amount: Decimal, change: Decimal) -> list[Decimal]:
    """What the rate is by usual mistakes: of the amount of this year, of that with the change
    added instead of taken off, and this year as a rate of the year before."""
    bases = ((change, amount), (change, amount + change), (amount, amount - change))
    return [part / base * 100 for part, base in bases if base]


@RELATION("share")
def share_of(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A stated share of a stated whole that the sentence names."""
    for claim, amount, bases in _shares(subject):
        named = [base for base in bases if isinstance(base, Claim)]
        if not claim.whole or len({base.amount for base in named}) != 1:
            continue
        own, part, whole = (operands.of_claim(c) for c in (claim, amount, named[-1]))
        if own and part and whole:
            between = _share_range(part.figure, whole.figure)
            shown = f"{part.figure.show()} ÷ {whole.figure.show()}"
            yield _ratio(
                rule, claim, own, (part, whole), {part.key: 1}, {whole.key: 1}, between, shown
            )  # fmt: skip


@AFTER_CORRECTION("share")
def share(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A stated share against every total it may be a share of.

    Where the sentence does not say of what, only a share that fits none of the totals stated
    in its section, or that the amount adds to in a table, is reported; where no table has the
    amount, none of the grand totals. It may also be of a total that an earlier section states.
    """
    tabled = {item["id"] for item in subjects() if "equals" in item}
    by_id = {fact.fact: fact for fact in subject.facts.values()}
    totals = [fact for fact in by_id.values() if fact.row_type == "total"]
    for claim, amount, bases in _shares(subject):
        if claim.whole and len({base.amount for base in bases}) == 1:
            continue
        part = of_claim(amount)
        figures = [of_claim(base) for base in bases]
        if not claim.whole:
            near = [by_id[total] for fact in by_id.values() if fact.amount == part.value
                    for total in (fact.row_total, fact.column_total) if total in by_id]  # fmt: skip
            figures += [of_fact(fact) for fact in near or totals if fact.amount > 0]
        figures = [base for base in figures if _part_of(part, base) or claim.value > _WHOLE]
        if not figures or any(_share_fits(part, base, claim) for base in figures):
            continue
        stated_before = (
            of_claim(other) for other in subject.claims[: subject.claims.index(claim)]
            if other.subject in tabled and other.measure == "amount" and other.value > 0
        )  # fmt: skip
        if not claim.whole and any(_share_fits(part, base, claim) for base in stated_before):
            continue
        yield _no_share(rule, claim, part, figures)


def _no_share(
    rule: Rule, claim: Claim, part: NumberInterval, bases: Sequence[NumberInterval]
) -> RawFinding:
    """The whole that was probably meant is the one whose share is printed so by one slip.

    Nothing is proposed where that holds for two different shares. Where it holds for none of
    several the share may be of something else, so it is only to be verified.
    """
    shares = {_hundredths(part.value / base.value * 100, claim): base
              for base in sorted(bases, key=lambda figure: figure.value)}  # fmt: skip
    printed, step = _hundredths(claim.value, claim), 10 ** max(2 - claim.decimals, 0)
    ways = {}
    for share, base in shares.items():
        _, low, high = (_hundredths(rate, claim) for rate in _share_range(part, base))
        # rounding of small amounts allows so many shares that one is always a slip away
        near = share, max(low, share - step), min(high, share + step)
        if meant := likeliest_digit_error(printed, near, step):
            ways[share] = meant
    sure = len([base for base in shares.values() if base.value != part.value]) == 1
    share, meant = next(iter(ways.items())) if len(ways) == 1 else (min(shares), None)
    expected = _percent(part.value / shares[share].value * 100, claim)
    parts = f"{part.show()} ÷ {shares[share].show()}"
    raw = RawFinding(
        rule=rule, document=claim.document, place=location.of_claim(claim),
        verdict="error" if ways or sure else "warning",
        claim=claim.claim, printed=stated(claim), parts=(parts, parts), expected=expected, unit="%",
    )  # fmt: skip
    if meant is None:
        return raw
    proposed = _percent(Decimal(meant.value) / 100, claim)
    (zh, en), (mend, mend_en) = message_of(raw), should_be(f"{proposed}%", meant.kind)
    return replace(
        raw, proposed=proposed, certainty="likely", slip=meant.kind, words=(zh + mend, en + mend_en)
    )


def _hundredths(rate: Decimal, like: Claim) -> int:
    """A rate at the precision of a stated one, in hundredths."""
    return int(rounded(rate, like.decimals) * 100)


def _part_of(part: NumberInterval, base: NumberInterval) -> bool:
    """Whether rounding allows that a part is no more than a whole."""
    return part.value - part.half_step <= base.value + base.half_step


def _shares(subject: Subject) -> Iterator[tuple[Claim, Claim, list[Claim]]]:
    """Each share with its amount, and the stated amounts it may be a share of."""
    for index, claim in enumerate(subject.claims):
        if claim.measure != "share" or not index:
            continue
        amount = subject.claims[index - 1]
        if amount.measure != "amount" or not _of_one(amount, claim) or not amount.amount:
            continue
        bases = [
            other
            for other in subject.claims[:index]
            if other.section == claim.section
            and other.measure == "amount"
            and other.amount
            and other is not amount
            and not other.reason
            and (not claim.whole or _same_words(claim.whole, other.subject_label))
        ]
        yield claim, amount, bases


def _ratio(
    rule: Rule, claim: Claim, own: Operand, parts: tuple[Operand, Operand],
    numerator: dict[str, int], base: dict[str, int], could_be: Range, shown: str,
    mistaken: Sequence[Decimal] = (),
) -> AppliedRule:  # fmt: skip
    """``lowest <= 100 * numerator / base <= highest`` as two relations with whole coefficients.

    ``could_be`` is what the numbers give: as printed, at least and at most.
    """
    key = f"{rule.id} {own.key}"
    relations = []
    exact = could_be[0]
    computed, least, most = (_hundredths(rate, claim) for rate in could_be)
    wrong = tuple(_hundredths(rate, claim) for rate in mistaken)
    for bound, name in zip(_could_be(claim), ("least", "most"), strict=True):
        scale = 10 ** (claim.decimals + 1)
        factor = int(bound * scale)
        terms: dict[str, int] = {}
        for key, coefficient in numerator.items():
            terms[key] = terms.get(key, 0) + coefficient * 100 * scale
        for key, coefficient in base.items():
            terms[key] = terms.get(key, 0) - coefficient * factor
        low, high = (0, _UNBOUNDED) if name == "least" else (-_UNBOUNDED, 0)
        relations.append(
            Relation(
                f"{key} {name}",
                terms,
                low,
                high,
                about=own.key,
                computed=computed,
                between=(least, most),
                mistaken=wrong,
            )
        )
    text = shown if not shown.startswith("(") else f"（{shown[1:-1]}）".replace(", ", "，")
    return AppliedRule(
        rule, own, parts, tuple(relations), _percent(exact, claim), key,
        listed=(text, shown), explained=_explained(claim, could_be),
    )  # fmt: skip


def _by_change(rate: Claim, before: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """The amount and the change that is stated right before its rate."""
    change = before[-1]
    if change.measure != "change" or change.amount is None or not _of_one(change, rate):
        return None
    amount = _amount_of(change, before[:-1])
    return (amount, change) if amount else None


def _by_base(rate: Claim, before: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """The amount, and that stated of the year before."""
    if any(claim.measure == "change" and _of_one(claim, rate) for claim in before):
        return None
    amounts = [claim for claim in before
               if claim.measure == "amount" and claim.subject and _of_one(claim, rate)]  # fmt: skip
    this = next((c for c in reversed(amounts) if c.fiscal_year == rate.fiscal_year), None)
    last = next((c for c in reversed(amounts) if c.fiscal_year == rate.fiscal_year - 1), None)
    return (this, last) if this and last else None


def _of_one(one: Claim, two: Claim) -> bool:
    """Whether two claims of one passage state the same subject; reasons state nothing."""
    about = (one.group, one.subject, one.subject_label, one.reason)
    return about == (two.group, two.subject, two.subject_label, False)


def _amount_of(change: Claim, before: Sequence[Claim]) -> Claim | None:
    """The amount a change is a change of: same subject, stated last before it."""
    for claim in reversed(before):
        same = (
            claim.subject == change.subject if change.subject
            else claim.subject_label == change.subject_label and change.subject_label
        )  # fmt: skip
        when = (claim.fiscal_year, claim.phase) == (change.fiscal_year, change.phase)
        if claim.measure == "amount" and same and when and not claim.reason:
            return claim
    return None


def _same_words(whole: str, label: str | None) -> bool:
    return label is not None and (whole in label or label in whole)


def _share_range(part: NumberInterval, base: NumberInterval) -> Range:
    """A share in per cent: exact, lowest, highest."""
    low = (part.value - part.half_step) / (base.value + base.half_step) * 100
    high = (part.value + part.half_step) / (base.value - base.half_step) * 100
    return part.value / base.value * 100, low, high


def _share_fits(part: NumberInterval, base: NumberInterval, claim: Claim) -> bool:
    _, low, high = _share_range(part, base)
    least, most = _could_be(claim)
    return low <= most and least <= high


def _could_be(claim: Claim) -> tuple[Decimal, Decimal]:
    """The rates that are written like this one, whether rounded or cut off."""
    step = Decimal(1).scaleb(-claim.decimals)
    if claim.value < 0:
        return claim.value - step, claim.value + step / 2
    return claim.value - step / 2, claim.value + step


def _explained(claim: Claim, could_be: Range) -> Literal["rounding", "truncation"] | None:
    """Why a rate that holds is not what its numbers give when rounded: by rounding of those, or
    because it was cut off."""
    exact, low, high = could_be
    if rounded(exact, claim.decimals) == claim.value:
        return None
    half = Decimal(5).scaleb(-claim.decimals - 1)
    near = low <= claim.value + half and high >= claim.value - half
    return "rounding" if near else "truncation"


def _percent(value: Decimal, like: Claim) -> str:
    """A rate as the claim would state it: without the sign that 下降 carries in words."""
    same_sign = (value < 0) == (like.value < 0)
    return plain(rounded(abs(value) if same_sign else value, max(like.decimals, 1)))


def _full(claim: Claim) -> str:
    return f"{stated(claim)}{claim.unit}"


def _signed(claim: Claim) -> str:
    return f"{'+' if claim.value > 0 else '-'}{_full(claim)}"
