"""表间: the same amount printed in several tables, and classes against their details."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yusuan.checks import place
from yusuan.checks.figures import Figure, compare, of_claim, of_fact
from yusuan.checks.place import Place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.checks.sums import listed, sum_of
from yusuan.model.records import Fact
from yusuan.narrative.claims import stated
from yusuan.schema import catalogue
from yusuan.tables.records import is_again

__all__ = ["class_facts", "class_sum", "equal"]


@dataclass(frozen=True, slots=True)
class _Printed:
    figure: Figure
    printed: str
    place: Place
    fact: str | None = None
    claim: str | None = None


def equal(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """The cells of a rule against the first of them that is printed.

    A cell may name several rows; the first that is printed counts.
    """
    printed = [found for cell in rule.settings["cells"] if (found := _find(cell, subject))]
    for other in printed[1:]:
        first = printed[0]
        verdict = compare(other.figure, [first.figure])
        if verdict:
            yield Hit(
                rule=rule, document=subject.record.document, place=other.place, verdict=verdict,
                fact=other.fact, claim=other.claim, printed=other.printed,
                expected=other.figure.number(first.figure.value), unit=other.figure.unit_name,
                other=(first.place.zh, first.place.en),
            )  # fmt: skip


def class_sum(rule: Rule, subject: Subject) -> Iterator[Hit]:
    """Each class of a summary table against the leaves of that class in a detail table."""
    summary, details = rule.settings["summary"], rule.settings["details"]
    name = place.table_name(catalogue()[details["table"]])
    for (table, row, column), fact in subject.facts.items():
        if is_again(row) or fact.fiscal_year != subject.record.fiscal_year:
            continue
        if (table, column) != (summary["table"], summary["column"]):
            continue
        code = (fact.function or "").rsplit("-", 1)[-1]
        if fact.direction != summary["direction"] or not code:
            continue
        parts = class_facts(subject, details["table"], details["column"], code)
        if not parts:
            continue
        figure = of_fact(fact)
        whole = sum_of([of_fact(part) for part in parts])
        verdict = compare(figure, [whole])
        if verdict:
            yield Hit(
                rule=rule, document=fact.document, place=place.of_fact(fact), verdict=verdict,
                fact=fact.fact, printed=fact.printed, expected=figure.number(whole.value),
                unit=figure.unit_name, parts=listed(parts), other=name,
            )  # fmt: skip


def class_facts(subject: Subject, table: str, column: str, code: str) -> list[Fact]:
    """The detail facts of a table under a functional code, in one column."""
    return [
        fact for (name, row, field), fact in subject.facts.items()
        if name == table and field == column and not is_again(row) and fact.row_type == "detail"
        and (fact.fiscal_year, fact.phase) == (subject.record.fiscal_year, subject.record.phase)
        and fact.functional_code and fact.functional_code.startswith(code)
    ]  # fmt: skip


def _find(cell: Mapping[str, Any], subject: Subject) -> _Printed | None:
    if "claim" in cell:
        claim = subject.claim(cell["claim"], cell["measure"])
        if claim is None:
            return None
        return _Printed(of_claim(claim), stated(claim), place.of_claim(claim), claim=claim.claim)
    rows = cell["row"] if isinstance(cell["row"], list) else [cell["row"]]
    keys = [(cell["table"], row, cell["column"]) for row in rows]
    fact = next((subject.facts[key] for key in keys if key in subject.facts), None)
    if fact is None:
        return None
    return _Printed(of_fact(fact), fact.printed, place.of_fact(fact), fact=fact.fact)
