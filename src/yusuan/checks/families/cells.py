"""Relations that a rule file spells out cell by cell: signed sums, and one number at most another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from yusuan.checks import location
from yusuan.checks.families.stated import adds_up
from yusuan.checks.location import Location
from yusuan.checks.operands import AppliedRule, Operand, Operands
from yusuan.checks.registry import AFTER_CORRECTION, RELATION
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import NumberInterval, cut_short, of_claim, of_fact
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.error_localisation import Relation
from yusuan.model.records import Claim, Fact
from yusuan.model.text import normal
from yusuan.narrative.claims import stated

__all__ = ["at_most", "signed_sum", "stated_sum", "summands"]

Cell = Mapping[str, Any]


def summands(rule: Rule) -> list[tuple[int, Cell]]:
    """The cells of a ``sum`` with their signs, the total first."""
    settings = rule.settings
    plus = [(1, cell) for cell in settings["plus"]]
    return [(-1, settings["total"]), *plus, *((-1, cell) for cell in settings.get("minus", ()))]


def signed_sum(
    rule: Rule, total: Operand, parts: Sequence[Operand], signs: Sequence[int], expected: str = ""
) -> AppliedRule:
    """``total`` is the sum of the parts, each with its sign."""
    terms = {total.key: -1}
    for part, sign in zip(parts, signs, strict=True):
        terms[part.key] = terms.get(part.key, 0) + sign
    whole = sum(sign * part.value for part, sign in zip(parts, signs, strict=True))
    signed = [f"{'+' if sign > 0 else '−'} {part.printed}"
              for part, sign in zip(parts, signs, strict=True)]  # fmt: skip
    shown = " ".join(signed).removeprefix("+ ")
    key = f"{rule.id} {total.key}"
    return AppliedRule(
        rule, total, tuple(parts), (Relation(key, terms),),
        expected or total.figure.number(Decimal(whole) / 100), key, listed=(shown, shown),
    )  # fmt: skip


@RELATION("sum")
def stated_sum(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A ``sum`` with numbers of the narrative in it; those of tables alone are in SQL.

    Without one of its numbers it is not compared, unless that one is optional.
    """
    if not any("claim" in cell for _, cell in summands(rule)):
        return
    found = []
    for sign, cell in summands(rule):
        operand = _printed(cell, subject, operands)
        if operand:
            found.append((sign, operand))
        elif not cell.get("optional") or not found:
            return
    if len(found) > 1:
        (_, total), *parts = found
        yield signed_sum(
            rule, total, [operand for _, operand in parts], [sign for sign, _ in parts]
        )


@AFTER_CORRECTION("at-most")
def at_most(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Of two numbers the one that may not be larger, in every row where none is named."""
    part, whole = rule.settings["part"], rule.settings["whole"]
    pairs = [(_stated(part, subject), _stated(whole, subject))]
    if not any(key in cell for cell in (part, whole) for key in ("row", "claim")):
        pairs = [
            (fact, subject.facts.get((whole["table"], row, whole["column"])))
            for (table, row, column), fact in subject.facts.items()
            if (table, column) == (part["table"], part["column"])
            # a key that is counted up is of several rows, of which none can be told to be the same
            and not any((name, f"{row}-2", c) in subject.facts for name, c in _columns(part, whole))
        ]
    for one, two in pairs:
        if one is None or one.document != subject.record.document:
            continue
        if isinstance(one, Fact) and isinstance(two, Fact) and _when(one) != _when(two):
            continue
        small = _figure(one)
        if two is not None:
            large, where = _figure(two), _place(two)
        elif blank := _blank(whole, one, subject):
            large, where = replace(small, value=Decimal(0), half_step=Decimal(0)), blank
        else:
            continue
        if small.value <= large.value:
            continue
        yield RawFinding(
            rule=rule, document=one.document, place=_place(one),
            verdict=_why(small, large),
            fact=one.fact if isinstance(one, Fact) else None,
            claim=one.claim if isinstance(one, Claim) else None,
            printed=one.printed if isinstance(one, Fact) else stated(one),
            expected=small.number(large.value), unit=small.unit_name, other=(where.zh, where.en),
        )  # fmt: skip


def _when(fact: Fact) -> tuple[int, str]:
    return fact.fiscal_year, fact.phase


def _blank(cell: Cell, like: Fact | Claim, subject: Subject) -> Location | None:
    """The cell that a rule names, of the year and phase of another number, where it is blank and
    means zero: its row adds up without it."""
    rows = cell.get("row", [])
    for table in subject.tables if rows else ():
        if table.resource.name != cell["table"] or cell["column"] not in table.columns:
            continue
        field = table.resource.field(cell["column"])
        for row in table.rows:
            year = subject.record.fiscal_year - row.years_before
            when = (year, row.phase or subject.record.phase)
            if row.key not in rows or when != (like.fiscal_year, like.phase):
                continue
            if not row.amount(field.name) and adds_up(subject, table, row, field):
                label = f"{normal(row.label or '')}·{field.title}".strip("·")
                return location.at_cell(table, row.position, None, label)
    return None


def _why(small: NumberInterval, large: NumberInterval) -> Literal["rounding", "truncation"] | None:
    """What explains that a part is more than its whole; None where it cannot be."""
    if small.value - large.value <= small.half_step + large.half_step:
        return "rounding"
    coarser = large.half_step > small.half_step
    cut = coarser and cut_short(large.value, small.value, 2 * large.half_step)
    return "truncation" if cut else None


def _columns(*cells: Cell) -> list[tuple[str, str]]:
    return [(cell["table"], cell["column"]) for cell in cells]


def _figure(source: Fact | Claim) -> NumberInterval:
    return of_fact(source) if isinstance(source, Fact) else of_claim(source)


def _place(source: Fact | Claim) -> Location:
    return location.of_fact(source) if isinstance(source, Fact) else location.of_claim(source)


def _printed(cell: Cell, subject: Subject, operands: Operands) -> Operand | None:
    source = _stated(cell, subject)
    if isinstance(source, Claim):
        return operands.of_claim(source)
    return operands.of_fact(source) if source else None


def _stated(cell: Cell, subject: Subject) -> Fact | Claim | None:
    """What a cell or claim of a rule says; of several rows, the first that is printed."""
    if "claim" in cell:
        return subject.claim(cell["claim"], cell["measure"])
    rows = cell.get("row", [])
    keys = [
        (cell["table"], row, cell["column"]) for row in (rows if isinstance(rows, list) else [rows])
    ]
    return next((fact for key in keys if (fact := subject.facts.get(key))), None)
