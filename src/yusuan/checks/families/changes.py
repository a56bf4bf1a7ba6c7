"""文表: changes against the year before (比上年增减), held against each other.

A change and its amount imply the amount of the year before. What is made up of parts changed by
as much as the parts did, and one amount has one year before, wherever it is stated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.checks.families.cells import signed_sum
from yusuan.checks.families.plausible import turned
from yusuan.checks.operands import AppliedRule, Operand, Operands
from yusuan.checks.registry import RELATION
from yusuan.checks.rounding import compare, of_claim
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.records import Claim, Fact
from yusuan.narrative.clauses import pattern
from yusuan.narrative.subjects import equal_cells, subjects

__all__ = ["base_agrees", "change_sum"]


@dataclass(frozen=True, slots=True)
class _Moved:
    """What is stated to have changed: its amount, and by how much against what."""

    amount: Claim
    change: Claim
    basis: str
    """``accounts`` or ``budget`` of the year before, blank where only that year is named; ``any``
    where nothing changed."""


@RELATION("change-sum")
def change_sum(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """The change of a total against the changes of its parts, stated in one section.

    The amounts must add up too. Where not all parts of the rule are stated, one of those left
    out may have been there the year before: that is only to be verified.
    """
    moved: dict[str, dict[str, _Moved]] = defaultdict(dict)
    for each in _moves(subject):
        moved[each.change.section or ""].setdefault(each.change.subject or "", each)
    names = rule.settings["parts"]
    for stated in moved.values():
        total = stated.get(rule.settings["total"])
        parts = [stated[name] for name in names if name in stated]
        if total is None or len(parts) < 2:
            continue
        if len({each.basis for each in (total, *parts)} - {"any"}) > 1:
            continue
        amounts = [of_claim(part.amount) for part in parts]
        if compare(of_claim(total.amount), amounts) == "error":
            continue
        own, *found = (operands.of_claim(each.change) for each in (total, *parts))
        if own is None or not all(found):
            continue
        known = [operand for operand in found if operand]
        own_rule = rule if len(parts) == len(names) else replace(rule, verdict="warning")
        yield _listed(signed_sum(own_rule, own, known, [1] * len(known)), own, known)


@RELATION("base-agrees")
def base_agrees(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """The year before that an amount and its change imply, against the same implied in another
    place, stated there or printed in a table. Both must speak of one amount of this year."""
    places = {item["id"]: equal_cells(item) for item in subjects() if "equals" in item}
    first: dict[tuple[str, str], _Moved] = {}
    for each in _moves(subject):
        about = each.change.subject or ""
        known = first.setdefault((about, each.basis), each)
        if known is not each and _one_amount(known.amount, each.amount):
            one, two = operands.of_claim(known.change), operands.of_claim(each.change)
            if one and two:
                yield _listed(signed_sum(rule, two, [one], [1]), two, [one])
            continue
        before = [claim for claim in subject.claims if _is_before(claim, each)]
        before_facts = list(_printed_before(each, subject, places.get(about, ())))
        own, now = operands.of_claim(each.change), operands.of_claim(each.amount)
        base = next(filter(None, (
            *map(operands.of_claim, before), *map(operands.of_fact, before_facts)
        )), None)  # fmt: skip
        if own and now and base:
            exact = Decimal(now.value - base.value) / 100
            found = signed_sum(rule, own, (now, base), (1, -1), own.figure.number(abs(exact)))
            yield found if exact * each.change.value >= 0 else turned(found, exact > 0)


def _listed(applied: AppliedRule, own: Operand, parts: Sequence[Operand]) -> AppliedRule:
    """With the sign of each change, which words say in the text."""
    shown = " ".join(f"{'+' if part.value >= 0 else '−'}{part.printed}" for part in parts)
    value = sum(part.value for part in parts)
    expected = own.figure.number(Decimal(abs(value)) / 100)
    found = replace(applied, listed=(shown, shown), expected=expected)
    return found if value * own.value >= 0 else turned(found, value > 0)


def _moves(subject: Subject) -> Iterator[_Moved]:
    """The changes of known subjects in the year of the document, with what they are changes of."""
    for index, change in enumerate(subject.claims):
        if change.measure != "change" or change.amount is None or not change.subject:
            continue
        basis = _basis(change)
        if not subject.is_own(change) or basis is None:
            continue
        amount = next((
            other for other in reversed(subject.claims[:index])
            if other.measure == "amount" and other.subject == change.subject
            and other.section == change.section and subject.is_own(other)
        ), None)  # fmt: skip
        if amount is not None:
            yield _Moved(amount, change, basis)


def _basis(change: Claim) -> str | None:
    """What a change is said to be against; None where that is not the year before."""
    if not change.value:
        return "any"
    said = list(pattern("against").finditer(change.context))
    if not said or not (said[-1]["before"] or said[-1]["same"]):
        return None
    words = said[-1]["basis"]
    if pattern("executed").search(words):
        return "accounts"
    return "budget" if pattern("budget").search(words) else ""


def _one_amount(one: Claim, two: Claim) -> bool:
    return compare(of_claim(one), [of_claim(two)]) in (None, "rounding", "truncation")


def _is_before(claim: Claim, moved: _Moved) -> bool:
    """Whether a statement in another passage is of the same, and of the year before."""
    about = (claim.measure, claim.subject, claim.fiscal_year, claim.phase)
    change = moved.change
    same = ("amount", change.subject, change.fiscal_year - 1, change.phase)
    return about == same and not claim.reason and claim.group != change.group


def _printed_before(
    moved: _Moved, subject: Subject, cells: Sequence[dict[str, object]]
) -> Iterator[Fact]:
    """What a table prints for the year before beside the amount that is stated."""
    change = moved.change
    for cell in cells:
        rows = cell["row"] if isinstance(cell["row"], list) else [cell["row"]]
        own = {(cell["table"], str(row), cell["column"]) for row in rows}
        facts = [fact for key, fact in subject.facts.items() if key in own]
        for fact in facts:
            if fact.phase != change.phase or fact.fiscal_year != change.fiscal_year:
                continue
            if fact.amount != moved.amount.amount:
                continue
            yield from (
                other for other in subject.facts.values()
                if (other.table, other.column, other.row_label, other.phase)
                == (fact.table, fact.column, fact.row_label, fact.phase)
                and other.fiscal_year == fact.fiscal_year - 1 and other.row_type == fact.row_type
            )  # fmt: skip
