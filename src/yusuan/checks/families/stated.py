"""文表: what the narrative states, against the tables and against itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from yusuan.checks import location
from yusuan.checks.operands import AppliedRule, Operand, Operands, Texts, sum_of
from yusuan.checks.registry import DOCUMENT, RELATION
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import compare, of_fact, rounded
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.lexicon.phrases import expression
from yusuan.model.money import plain
from yusuan.model.records import Claim, Fact
from yusuan.model.text import normal
from yusuan.narrative.claims import stated
from yusuan.narrative.passages import narrative_words
from yusuan.narrative.subjects import equal_cells, subjects
from yusuan.schema import Field, catalogue
from yusuan.schema.messages import NOTHING, message
from yusuan.tables import StandardTable, TableRow, is_repeat_key

__all__ = ["adds_up", "claim_blank", "claim_cell", "claim_sum", "claim_table"]

Printed = tuple[list[Fact], Texts | None]
_RANK: dict[str | None, int] = {None: 0, "rounding": 1, "truncation": 2, "error": 3}


@RELATION("claim-table")
def claim_table(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """Stated amounts against the cell, or the functional code, that they are about.

    Where several tables could be meant, against the one that agrees best.
    """
    cells = {item["id"]: equal_cells(item) for item in subjects() if "equals" in item}
    for claim in subject.claims:
        if claim.measure != "amount" or not claim.subject or claim.reason:
            continue
        if claim.fiscal_year != subject.record.fiscal_year:
            continue
        own = operands.of_claim(claim)
        found = [
            (parts, other)
            for facts, other in _in_tables(claim, subject, cells)
            if (parts := operands.of_facts(facts))
        ]
        if own and found:
            parts, other = min(found, key=lambda option: _RANK[_fit(own, option[0])])
            yield sum_of(rule, own, parts, identity=len(parts) == 1, other=other)


def _fit(own: Operand, parts: Sequence[Operand]) -> str | None:
    """None also for a statement that is the printed amount rounded to its own decimals."""
    if len(parts) == 1:
        figure = parts[0].figure
        if (
            rounded(figure.value / own.figure.unit, own.decimals) * own.figure.unit
            == own.figure.value
        ):
            return None
    return compare(own.figure, [part.figure for part in parts])


def _in_tables(
    claim: Claim, subject: Subject, cells: dict[str, list[dict[str, Any]]]
) -> Iterator[Printed]:
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
            yield [fact], None


def _of_function(claim: Claim, subject: Subject, code: str) -> Iterator[Printed]:
    """A function in the table its section speaks of; in any of them where it speaks of none."""
    for table in _function_tables(claim.section or ""):
        rows = [
            fact for (name, row, column), fact in subject.facts.items()
            if name == table and not is_repeat_key(row) and column == "total" and fact.functional_code == code
            and fact.phase == claim.phase
        ]  # fmt: skip
        parts = [
            fact for (name, row, column), fact in subject.facts.items()
            if name == table and not is_repeat_key(row) and column == "total" and fact.row_type == "detail"
            and (fact.fiscal_year, fact.phase) == (subject.record.fiscal_year, claim.phase)
            and fact.functional_code and fact.functional_code.startswith(code)
        ]  # fmt: skip
        if any(fact.fact in subject.miscoded for fact in (*rows, *parts)):
            continue
        if len(rows) == 1:
            yield rows, None
        elif parts and not rows and (table, "total") not in subject.unread:
            name = location.table_name(catalogue()[table])
            yield parts, message("sum-of-class", table=name, code=code)
    # a class may also be printed, rounded on its own, in a summary without codes
    own = (subject.record.fiscal_year, claim.phase, "expenditure")
    for fact in subject.facts.values():
        of_class = (fact.function or "").endswith(f"-{code}") and not fact.functional_code
        if of_class and (fact.fiscal_year, fact.phase, fact.direction) == own:
            yield [fact], None


def _function_tables(section: str) -> list[str]:
    tables: Any = narrative_words()["function_tables"]
    here = normal(section)
    fitting = [item["table"] for item in tables if re.search(expression(item["section"]), here)]
    return fitting[:1] or [item["table"] for item in reversed(tables)]


@DOCUMENT("claim-blank")
def claim_blank(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Stated amounts whose cell is blank in a row that prints others.

    Where that row adds up without it the blank means zero; else it is only to be verified.
    """
    cells = {item["id"]: equal_cells(item) for item in subjects() if "equals" in item}
    for claim in subject.claims:
        if claim.measure != "amount" or not claim.value or claim.reason:
            continue
        if claim.fiscal_year != subject.record.fiscal_year:
            continue
        blank = _blank(claim, subject, cells.get(claim.subject or "", ()))
        if blank is None:
            continue
        table, row, field = blank
        label = f"{normal(row.label or '')}·{field.title}".strip("·")
        other = location.at_cell(table, row.position, None, label)
        without = adds_up(subject, table, row, field)
        yield RawFinding(
            rule=rule, document=claim.document, place=location.of_claim(claim), claim=claim.claim,
            verdict="error" if without else "warning", printed=stated(claim), unit=claim.unit,
            other=(other.zh, other.en),
            reason=message("row-does-without") if without else NOTHING,
        )  # fmt: skip


def _blank(
    claim: Claim, subject: Subject, cells: Sequence[dict[str, Any]]
) -> tuple[StandardTable, TableRow, Field] | None:
    """The one cell that should have what is stated, if it is blank and no other has it."""
    found = []
    for cell in cells:
        keys = cell["row"] if isinstance(cell["row"], list) else [cell["row"]]
        for table in subject.tables:
            if table.resource.name != cell["table"] or cell["column"] not in table.columns:
                continue
            for row in table.rows:
                if row.phase not in (claim.phase, None) or row.years_before or not row.amounts:
                    continue
                if row.key in (
                    key for each in keys for key in (each, f"{each}-{claim.phase}".strip("-"))
                ):
                    if subject.fact(table, row, cell["column"]) or row.is_unread(cell["column"]):
                        return None
                    found.append((table, row, table.resource.field(cell["column"])))
    return found[0] if len(found) == 1 else None


def adds_up(subject: Subject, table: StandardTable, row: TableRow, blank: Field) -> bool:
    """Whether a total of the row does without a blank cell: then the blank means zero."""
    for total in table.resource.with_role("amount"):
        whole = subject.fact(table, row, total.name)
        parts = [fact for name in total.sum_of if (fact := subject.fact(table, row, name))]
        if blank.name in total.sum_of and whole and parts:
            return compare(of_fact(whole), [of_fact(part) for part in parts]) != "error"
    return False


@RELATION("equal")
def claim_cell(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """The claims of a rule's cells against the first cell of it that a table prints."""
    wanted = rule.settings["cells"]
    facts = (
        subject.facts.get((cell["table"], row, cell["column"]))
        for cell in wanted if "table" in cell
        for row in (cell["row"] if isinstance(cell["row"], list) else [cell["row"]])
    )  # fmt: skip
    first = operands.of_facts([fact for fact in facts if fact][:1])
    for cell in wanted if first else []:
        claim = subject.claim(cell["claim"], cell["measure"]) if "claim" in cell else None
        own = operands.of_claim(claim) if claim else None
        if own:
            yield sum_of(rule, own, first, identity=True)


@RELATION("claim-sum")
def claim_sum(rule: Rule, subject: Subject, operands: Operands) -> Iterator[AppliedRule]:
    """A stated total against its parts stated of the same year and phase.

    They are all of it where each part of the rule is stated, or its ``rest``; else they may be
    less than the total, and only to be verified, but not more.
    """
    measure, rest = rule.settings["measure"], rule.settings.get("rest")
    totals = subject.first_claims(rule.settings["total"], measure)
    stated_parts = [subject.first_claims(name, measure) for name in rule.settings["parts"]]
    for when, total in totals.items():
        parts = [claims[when] for claims in stated_parts if when in claims]
        own = operands.of_claim(total)
        found = [operand for part in parts if (operand := operands.of_claim(part))]
        if own and found and len(found) == len(parts):
            listed = " + ".join(plain(part.value) for part in parts)
            whole = (
                any(p.subject == rest for p in parts) if rest else len(parts) == len(stated_parts)
            )
            yield sum_of(rule, own, tuple(found), listed=(listed, listed), by_itself=not whole)
