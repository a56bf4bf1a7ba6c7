"""What cannot be, whatever the other numbers are: dates, rates, shares, signs, years of tables."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from yusuan.checks import location
from yusuan.checks.families.cells import signed_sum
from yusuan.checks.location import Location
from yusuan.checks.operands import AppliedRule, Operands
from yusuan.checks.registry import DOCUMENT, RELATION
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import of_claim, of_fact
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.findings import Verdict
from yusuan.model.records import Claim
from yusuan.model.text import clean
from yusuan.narrative.claims import stated
from yusuan.narrative.passages import Passage
from yusuan.schema.messages import NOTHING, Texts, joined, message

__all__ = ["as_of", "change", "negative", "no_such_day", "rate_base", "share_range", "table_year",
           "turned"]  # fmt: skip


_WHOLE = 100
_DIGITS = re.compile(r"\d+")
_SENTENCE = re.compile(r"[。；;\n]")
_DAY = re.compile(r"(?<!\d)(?:(20\d\d)\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_STANDING = (
    r"\s*(?P<year>20\d\d)\s*年\s*(?:度?\s*(?P<end>[底末])|(?P<month>\d{1,2})\s*月\s*"
    r"(?:(?P<day>\d{1,2})\s*日|[底末]))"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*(?=年)")
_LEAP = 2000


@RELATION("change")
def change(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A stated change against the amounts of the year and the year before that it lies between."""
    for index, claim in enumerate(subject.claims):
        if claim.measure != "change" or claim.amount is None or claim.reason:
            continue
        same = [other for other in subject.claims[:index]
                if other.measure == "amount" and other.subject and _of_one(other, claim)]  # fmt: skip
        this = [other for other in same if other.fiscal_year == claim.fiscal_year]
        last = [other for other in same if other.fiscal_year == claim.fiscal_year - 1]
        if len(this) != 1 or len(last) != 1:
            continue
        own, one, two = (operands.of_claim(found) for found in (claim, *this, *last))
        if own and one and two:
            exact = Decimal(one.value - two.value) / 100
            found = signed_sum(rule, own, (one, two), (1, -1), own.figure.number(abs(exact)))
            yield found if exact * claim.value >= 0 else turned(found, exact > 0)


def turned(applied: AppliedRule, rise: bool) -> AppliedRule:
    """With words that say which way it really went."""
    way = message("really-rise" if rise else "really-fall")
    return replace(applied, listed=joined(applied.listed or NOTHING, way))


@DOCUMENT("rate-base")
def rate_base(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Rates and changes whose amount of the year before cannot have been."""
    for index, claim in enumerate(subject.claims):
        if claim.reason or claim.measure not in ("rate", "change"):
            continue
        before = subject.claims[:index]
        why: Texts | None = None
        verdict: Verdict | None = None
        if claim.measure == "rate" and claim.value < -_WHOLE:
            why = message("falls-beyond-whole")
        elif claim.measure == "rate" and claim.value:
            why, verdict = _from_nothing(claim, before), "warning"  # 100% is often written then
        elif claim.amount and claim.amount > 0:
            why = _beyond(claim, before)
        if why:
            yield _of_claim(rule, claim, why, verdict)


def _from_nothing(rate: Claim, before: Sequence[Claim]) -> Texts | None:
    """A rate though the year before had nothing, as far as rounding lets one tell."""
    amount = _amount(rate, before, rate.fiscal_year)
    moved = before[-1] if before and before[-1].measure == "change" else None
    if amount is None or not amount.amount:
        return None
    now = of_claim(amount)
    if moved and moved.amount and _of_one(moved, rate):
        base, room = now.value - moved.amount, now.half_step + of_claim(moved).half_step
    elif last := _amount(rate, before, rate.fiscal_year - 1):
        base, room = of_claim(last).value, of_claim(last).half_step
    else:
        return None
    most = base + room
    if abs(base) > room or (most > 0 and abs(rate.value) * most >= (now.value - most) * _WHOLE):
        return None
    return message("rate-from-nothing", now=now.show())


def _beyond(moved: Claim, before: Sequence[Claim]) -> Texts | None:
    """An increase beyond the amount it led to."""
    amount = _amount(moved, before, moved.fiscal_year)
    if amount is None or amount.amount is None or amount.amount < 0:
        return None
    now, rise = of_claim(amount), of_claim(moved)
    if rise.value - now.value <= now.half_step + rise.half_step:
        return None
    return message("rise-beyond-amount", now=now.show())


@DOCUMENT("share-range")
def share_range(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Shares below nothing or above the whole."""
    for claim in subject.claims:
        if claim.measure == "share" and not claim.reason and not 0 <= claim.value <= _WHOLE:
            yield _of_claim(rule, claim, message("share-beyond-whole"))


@DOCUMENT("negative")
def negative(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Amounts of some tables, and statements of some measures, below zero."""
    tables, measures = rule.settings.get("tables", ()), rule.settings.get("measures", ())
    for fact in subject.facts.values():
        if fact.table in tables and fact.amount < 0:
            yield RawFinding(
                rule=rule, document=fact.document, place=location.of_fact(fact), fact=fact.fact,
                printed=fact.printed, unit=of_fact(fact).unit_name,
            )  # fmt: skip
    for claim in subject.claims:
        if claim.measure in measures and claim.value < 0:
            yield _of_claim(rule, claim, ("", ""))


@DOCUMENT("table-year")
def table_year(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Tables whose title states one year, or whose headings state years, and none of them is the
    document's."""
    year = subject.record.fiscal_year
    for table in subject.tables:
        titled = {int(found) for found in _YEAR.findall(table.caption)}
        headed = {row.year: row.amounts[0].column_label for row in table.rows if row.amounts}
        if len(titled) == 1 and year not in titled:
            printed, where = titled.pop(), clean(table.caption)
        elif all(headed) and headed and year not in headed:
            printed, where = max((stated or 0, label) for stated, label in headed.items())
        else:
            continue
        yield RawFinding(
            rule=rule, document=subject.record.document,
            place=location.at_cell(table, table.position, None),
            about=table.resource.name, printed=str(printed), expected=str(year),
            other=(where, where),
        )  # fmt: skip


@DOCUMENT("as-of")
def as_of(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Dates on which something stood that lie after the publication, or far from the year."""
    settings, record = rule.settings, subject.record
    dated = re.compile(f"(?:{settings['words']}){_STANDING}")
    about = re.compile(settings["about"])
    first, last = record.fiscal_year - settings["before"], record.fiscal_year + settings["after"]
    for passage in _narrative(subject):
        for match in dated.finditer(passage.text):
            day = _day_of(match)
            said = _SENTENCE.split(passage.text[match.end() :], maxsplit=1)[0]
            if day is None or not about.search(said):
                continue
            if record.published and day > record.published:
                why = message("after-publication", day=record.published.isoformat())
            elif not first <= day.year <= last:
                why = message("far-from-year", year=record.fiscal_year)
            else:
                continue
            yield _in_text(rule, subject, passage, match, why)


@DOCUMENT("no-such-day")
def no_such_day(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Dates that no calendar has."""
    for passage in _narrative(subject):
        for match in _DAY.finditer(passage.text):
            year, month, day = int(match[1] or _LEAP), int(match[2]), int(match[3])
            if not (1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
                yield _in_text(rule, subject, passage, match, ("", ""))


def _narrative(subject: Subject) -> Iterator[Passage]:
    yield from (p for p in subject.disclosure.passages if not p.is_in("contents"))


def _day_of(match: re.Match[str]) -> date | None:
    """The day that is meant, the last one of a month or year; None where there is none such."""
    year, month = int(match["year"]), int(match["month"] or 12)
    try:
        return date(year, month, int(match["day"] or monthrange(year, month)[1]))
    except ValueError:  # monthrange raises a kind of it, too
        return None


def _in_text(
    rule: Rule, subject: Subject, passage: Passage, match: re.Match[str], why: Texts
) -> RawFinding:
    position = passage.position_at(match.start())
    at = message("narrative-at", where=location.on_line(position.page, position.line))
    where = Location(*at, position.page, position.line)
    return RawFinding(rule=rule, document=subject.record.document, place=where,
               about="-".join(_DIGITS.findall(clean(match[0]))), printed=clean(match[0]), reason=why)  # fmt: skip


def _of_claim(rule: Rule, claim: Claim, why: Texts, verdict: Verdict | None = None) -> RawFinding:
    sign = "-" if claim.value < 0 and claim.measure not in ("rate", "change") else ""
    return RawFinding(
        rule=rule, document=claim.document, place=location.of_claim(claim), claim=claim.claim,
        verdict=verdict, printed=f"{sign}{stated(claim)}", unit=claim.unit, reason=why,
    )  # fmt: skip


def _of_one(one: Claim, two: Claim) -> bool:
    """Whether two claims of one passage state the same subject."""
    return not one.reason and (one.group, one.subject, one.subject_label) == (
        two.group, two.subject, two.subject_label,
    )  # fmt: skip


def _amount(claim: Claim, before: Sequence[Claim], year: int) -> Claim | None:
    """The amount of a year that is stated last before a claim of the same subject."""
    return next(
        (other for other in reversed(before)
         if other.measure == "amount" and other.fiscal_year == year and _of_one(other, claim)),
        None,
    )  # fmt: skip
