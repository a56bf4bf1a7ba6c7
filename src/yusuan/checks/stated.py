"""文表: what the narrative states, against the tables and against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yusuan.checks import place
from yusuan.checks.across import class_facts
from yusuan.checks.figures import Figure, compare, of_claim, of_fact, rate_range, rounded
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.checks.sums import sum_of
from yusuan.model.money import plain
from yusuan.model.records import Claim
from yusuan.model.text import normal
from yusuan.narrative.claims import stated
from yusuan.narrative.passages import reading
from yusuan.narrative.subjects import equal_cells, subjects
from yusuan.schema import catalogue
from yusuan.tables.records import is_again

__all__ = ["claim_sum", "claim_table", "growth", "share"]

_WHOLE = 100
Stated = tuple[Figure, tuple[str, str]]


def claim_table(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Stated amounts against the cell, or the functional code, that they are about."""
    cells = {item["id"]: equal_cells(item) for item in subjects() if "equals" in item}
    for claim in subject.claims:
        if claim.measure != "amount" or not claim.subject or claim.reason:
            continue
        if claim.fiscal_year != subject.record.fiscal_year:
            continue
        own = of_claim(claim)
        found = list(_in_tables(claim, subject, cells))
        verdicts = [_verdict(own, claim, figure) for figure, _ in found]
        if not found or None in verdicts:
            continue
        best = verdicts.index("rounding") if "rounding" in verdicts else 0
        figure, other = found[best]
        yield Hit(
            rule=rule, document=claim.document, place=place.of_claim(claim),
            verdict=verdicts[best] or "error", claim=claim.claim, printed=stated(claim),
            expected=own.number(figure.value), unit=own.unit_name, other=other,
        )  # fmt: skip


def _verdict(own: Figure, claim: Claim, figure: Figure) -> str | None:
    """None also for a statement that is the printed amount rounded to its own decimals."""
    if rounded(figure.value / own.unit, claim.decimals) == claim.value:
        return None
    return compare(own, [figure])


def _in_tables(
    claim: Claim, subject: Subject, cells: dict[str, list[dict[str, Any]]]
) -> Iterator[Stated]:
    """What the tables print of a claim's subject: it must agree with one of these."""
    if claim.subject and claim.subject.startswith("function/"):
        yield from _of_function(claim, subject, claim.subject.removeprefix("function/"))
        return
    for cell in cells.get(claim.subject or "", ()):
        rows = cell["row"] if isinstance(cell["row"], list) else [cell["row"]]
        keys = [key for row in rows for key in (row, f"{row}-{claim.phase}".strip("-"))]
        facts = (subject.facts.get((cell["table"], key, cell["column"])) for key in keys)
        fact = next((f for f in facts if f is not None and f.phase == claim.phase), None)
        if fact is not None:
            where = place.of_fact(fact)
            yield of_fact(fact), (where.zh, where.en)


def _of_function(claim: Claim, subject: Subject, code: str) -> Iterator[Stated]:
    """A function in the table its section speaks of; in any of them where it speaks of none."""
    for table in _function_tables(claim.section or ""):
        rows = [
            fact for (name, row, column), fact in subject.facts.items()
            if name == table and not is_again(row) and column == "total" and fact.functional_code == code
            and fact.phase == claim.phase
        ]  # fmt: skip
        parts = [fact for fact in class_facts(subject, table, "total", code)
                 if fact.phase == claim.phase]  # fmt: skip
        if len(rows) == 1:
            where = place.of_fact(rows[0])
            yield of_fact(rows[0]), (where.zh, where.en)
        elif parts and not rows:
            zh, en = place.table_name(catalogue()[table])
            yield (
                sum_of([of_fact(part) for part in parts]),
                (
                    f"{zh}中{code}类各项之和",
                    f"the sum of {code} in {en}",
                ),
            )


def _function_tables(section: str) -> list[str]:
    tables: Any = reading()["function_tables"]
    here = normal(section)
    fitting = [item["table"] for item in tables if re.search(item["section"], here)]
    return fitting[:1] or [item["table"] for item in reversed(tables)]


def claim_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A stated total against its stated parts, when all of them are stated."""
    measure = rule.settings["measure"]
    total = subject.claim(rule.settings["total"], measure)
    parts = [c for name in rule.settings["parts"] if (c := subject.claim(name, measure))]
    if total is None or not parts:
        return
    figure = of_claim(total)
    whole = sum_of([of_claim(part) for part in parts])
    verdict = compare(figure, [whole])
    if verdict:
        listed = " + ".join(plain(part.value) for part in parts)
        yield Hit(
            rule=rule, document=total.document, place=place.of_claim(total), verdict=verdict,
            claim=total.claim, printed=stated(total), expected=figure.number(whole.value),
            unit=figure.unit_name, parts=(listed, listed),
        )  # fmt: skip


def growth(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A stated rate against the amount of the same subject before it, and its change or the
    amount of the year before."""
    for index, rate in enumerate(subject.claims):
        if rate.measure != "rate" or rate.reason or not index:
            continue
        before = subject.claims[:index]
        found = _by_change(rate, before) or _by_base(rate, before)
        expected = rate_range(*found[:2]) if found else None
        if found is None or expected is None:
            continue
        exact, low, high = expected
        if rounded(exact, rate.decimals) == rate.value:
            continue
        least, most = _could_be(rate)
        possible = low <= most and least <= high
        yield Hit(
            rule=rule, document=rate.document, place=place.of_claim(rate),
            verdict="rounding" if possible else "error", claim=rate.claim,
            printed=stated(rate), expected=_percent(exact, rate), unit="%",
            parts=(f"（{found[2]}）".replace(", ", "，"), f"({found[2]})"),
        )  # fmt: skip


def _by_change(rate: Claim, before: tuple[Claim, ...]) -> tuple[Figure, Figure, str] | None:
    """The amount and the change that is stated right before its rate."""
    change = before[-1]
    if change.measure != "change" or change.amount is None or not _of_one(change, rate):
        return None
    amount = _amount_of(change, before[:-1])
    if amount is None:
        return None
    return of_claim(amount), of_claim(change), f"{_full(amount)}, {_signed(change)}"


def _by_base(rate: Claim, before: tuple[Claim, ...]) -> tuple[Figure, Figure, str] | None:
    """The amount and the change since the amount stated of the year before."""
    if any(claim.measure == "change" and _of_one(claim, rate) for claim in before):
        return None
    amounts = [claim for claim in before
               if claim.measure == "amount" and claim.subject and _of_one(claim, rate)]  # fmt: skip
    this = next((c for c in reversed(amounts) if c.fiscal_year == rate.fiscal_year), None)
    last = next((c for c in reversed(amounts) if c.fiscal_year == rate.fiscal_year - 1), None)
    if this is None or last is None:
        return None
    now, then = of_claim(this), of_claim(last)
    change = Figure(now.value - then.value, now.half_step + then.half_step, now.unit)
    return now, change, f"{_full(this)}, {_full(last)}"


def _of_one(one: Claim, two: Claim) -> bool:
    """Whether two claims of one passage state the same subject; reasons state nothing."""
    about = (one.group, one.subject, one.subject_label, one.reason)
    return about == (two.group, two.subject, two.subject_label, False)


def _amount_of(change: Claim, before: tuple[Claim, ...]) -> Claim | None:
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


def share(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """A stated share against its amount and every total it may be a share of.

    Where the sentence says of what, that amount counts if it is stated too. Where it does
    not, only a share that fits none of the totals stated in its section, or printed as a
    table's grand total, is reported.
    """
    totals = [fact for fact in subject.facts.values()
              if fact.row_type == "total" and fact.amount > 0]  # fmt: skip
    for index, claim in enumerate(subject.claims):
        if claim.measure != "share" or not index:
            continue
        amount = subject.claims[index - 1]
        if amount.measure != "amount" or not _of_one(amount, claim) or not amount.amount:
            continue
        part = of_claim(amount)
        bases = [
            of_claim(other)
            for other in subject.claims[:index]
            if other.section == claim.section
            and other.measure == "amount"
            and other.amount
            and other is not amount
            and not other.reason
            and (not claim.whole or _same_words(claim.whole, other.subject_label))
        ]
        if not claim.whole:
            bases += [of_fact(fact) for fact in totals]
        bases = [base for base in bases if base.value >= part.value or claim.value > _WHOLE]
        if not bases or any(_share_fits(part, base, claim) for base in bases):
            continue
        base = max(bases, key=lambda figure: figure.value)
        exact = part.value / base.value * 100
        parts = (f"{part.show()} ÷ {base.show()}",) * 2
        yield Hit(
            rule=rule, document=claim.document, place=place.of_claim(claim), verdict="error",
            claim=claim.claim, printed=stated(claim), parts=(parts[0], parts[1]),
            expected=_percent(exact, claim), unit="%",
        )  # fmt: skip


def _same_words(whole: str, label: str | None) -> bool:
    return label is not None and (whole in label or label in whole)


def _share_fits(part: Figure, base: Figure, claim: Claim) -> bool:
    low = (part.value - part.half_step) / (base.value + base.half_step) * 100
    high = (part.value + part.half_step) / (base.value - base.half_step) * 100
    least, most = _could_be(claim)
    return low <= most and least <= high


def _could_be(claim: Claim) -> tuple[Decimal, Decimal]:
    """The rates that are written like this one, whether rounded or cut off."""
    step = Decimal(1).scaleb(-claim.decimals)
    if claim.value < 0:
        return claim.value - step, claim.value + step / 2
    return claim.value - step / 2, claim.value + step


def _percent(value: Decimal, like: Claim) -> str:
    """A rate as the claim would state it: without the sign that 下降 carries in words."""
    same_sign = (value < 0) == (like.value < 0)
    return plain(rounded(abs(value) if same_sign else value, max(like.decimals, 1)))


def _full(claim: Claim) -> str:
    return f"{stated(claim)}{claim.unit}"


def _signed(claim: Claim) -> str:
    return f"{'+' if claim.value > 0 else '-'}{_full(claim)}"
