"""Units and their department: what a unit prints is part of what the department prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yusuan.checks import location
from yusuan.checks.registry import LINKED
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import compare, of_fact
from yusuan.checks.rules import Rule, Scope
from yusuan.facts import PackageContents
from yusuan.linking.organisations import unit_among
from yusuan.model.findings import Evidence, Verdict
from yusuan.model.links import RecordLink
from yusuan.model.records import DocumentRecord, Fact
from yusuan.schema.messages import joined, message

__all__ = ["LinkedDocuments", "of_linked", "parts_of", "scope_of"]

Keyed = Mapping[str, Fact]


def parts_of(links: Iterable[RecordLink]) -> list[tuple[str, str]]:
    """The documents of units, each with that of its department."""
    return [(link.subject, link.object) for link in links if link.kind == "part-of"]


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """A cell of a unit's document, and the cells of its department's that print the same."""

    own: Fact
    listed: tuple[Fact, ...]

    @property
    def difference(self) -> Decimal:
        return abs(self.own.amount - sum((fact.amount for fact in self.listed), Decimal(0)))

    @property
    def verdict(self) -> Verdict | None:
        """None where both agree, else whether rounding or cutting off explains it."""
        return compare(of_fact(self.own), [of_fact(fact) for fact in self.listed])


@dataclass(frozen=True, slots=True)
class LinkedDocuments:
    """The document of a unit with that of its department."""

    part: DocumentRecord
    whole: DocumentRecord
    own: Sequence[Fact]
    all: Sequence[Fact]
    compared: Sequence[ComparedCell]


def of_linked(rules: Sequence[Rule], contents: PackageContents) -> Iterator[RawFinding]:
    """What documents linked as part and whole say against each other, by the rules for that.

    Needs no more of the contents than departments, documents, links and the facts of these
    documents.
    """
    own = [rule for rule in rules if rule.family in LINKED]
    pairs = parts_of(contents.links)
    if not own or not pairs:
        return
    records = {record.document: record for record in contents.documents}
    wanted = {document for pair in pairs for document in pair}
    facts: dict[str, list[Fact]] = defaultdict(list)
    for fact in contents.facts:
        if fact.document in wanted:
            facts[fact.document].append(fact)
    for part, whole in pairs:
        cells = _compared(records[part], facts[part], facts[whole])
        pair = LinkedDocuments(records[part], records[whole], facts[part], facts[whole], cells)
        scope = scope_of(pair.part, (fact.table for fact in pair.own), contents)
        for rule in own:
            if rule.when.applies(scope):
                yield from LINKED[rule.family](rule, pair)


@LINKED("unit-within-department")
def _beyond_department(rule: Rule, pair: LinkedDocuments) -> Iterator[RawFinding]:
    """Totals and items that a unit prints higher than its department, one a table.

    Only what both print at the same place of the same standard table is looked at, and not what
    the department's tables have in a row of the unit: that tells more.
    """
    rows = {each.own.fact for each in pair.compared}
    part, whole = ({fact.fact.removeprefix(fact.document): fact for fact in facts
                    if fact.row_type == "total" or fact.item}
                   for facts in (pair.own, pair.all))  # fmt: skip
    left = {key: fact for key, fact in part.items() if fact.fact not in rows}
    yield from _beyond(rule, left, whole, pair.whole)


def _beyond(rule: Rule, part: Keyed, whole: Keyed, record: DocumentRecord) -> Iterator[RawFinding]:
    worst: dict[str, tuple[Fact, Fact]] = {}
    for key in part.keys() & whole.keys():
        one, all_ = part[key], whole[key]
        over = one.amount - all_.amount
        if over <= one.half_step + all_.half_step:
            continue
        known = worst.get(one.table)
        if known is None or (over, one.fact) > (known[0].amount - known[1].amount, known[0].fact):
            worst[one.table] = (one, all_)
    for one, all_ in worst.values():
        figure = of_fact(one)
        yield RawFinding(
            rule=rule, document=one.document, place=location.of_fact(one), fact=one.fact,
            printed=one.printed, unit=figure.unit_name, expected=figure.number(all_.amount),
            other=(record.file, record.file),
        )  # fmt: skip


def scope_of(record: DocumentRecord, tables: Iterable[str], contents: PackageContents) -> Scope:
    """What rules on a document with these tables may apply to."""
    department = next(d for d in contents.departments if d.department == record.department)
    return Scope(
        phase=record.phase,
        fiscal_year=record.fiscal_year,
        tables=frozenset(tables),
        department="、".join((department.name, *department.names)),
        division=department.division or "",
    )


Key = tuple[str, int, str, str, str]
"""Table, year, phase, code ("" for the whole of the unit), and what of it the column is about."""


def _compared(
    part: DocumentRecord, own: Iterable[Fact], whole: Iterable[Fact]
) -> list[ComparedCell]:
    """The cells of a unit that its department's document has in rows of that unit.

    Rows are of one code, or of the unit as a whole: there a row that the department prints for
    the unit counts, else what it prints by code is added up. A cell that one of the two prints
    more than once is left out, and so is what belongs to a project.
    """
    whole = list(whole)
    body = unit_among(part.all_names, {fact.body for fact in whole if fact.body})
    if body is None:
        return []
    # the row of a body that holds other bodies is of a department, not of one of its units
    holding = {fact.column_total for fact in whole if fact.body != body and fact.body}
    listed = [fact for fact in whole if fact.body == body and fact.fact not in holding]
    own_cells = _cells(fact for fact in own if fact.body is None or fact.body == body)
    cells: Mapping[Key, Sequence[Fact]] = {**_added_up(listed), **_cells(listed)}
    return [
        ComparedCell(own_cells[key][0], tuple(cells[key]))
        for key in own_cells.keys() & cells.keys()
        if len(own_cells[key]) == 1
    ]


@LINKED("unit-own-row")
def unlike_own_row(rule: Rule, pair: LinkedDocuments) -> Iterator[RawFinding]:
    """What differs most, one a table: by code where that shows it; contradictions before rounding."""
    tables: dict[str, list[tuple[ComparedCell, Verdict]]] = defaultdict(list)
    for cell in pair.compared:
        if differs := cell.verdict:
            tables[cell.own.table].append((cell, differs))
    for differing in tables.values():
        cell, verdict = max(
            differing,
            key=lambda each: (
                each[1] == "error", bool(_code(each[0].own)), each[0].difference, each[0].own.fact
            ),
        )  # fmt: skip
        yield _raw_finding(rule, cell, verdict, pair.whole)


def _raw_finding(
    rule: Rule, pair: ComparedCell, verdict: Verdict, whole: DocumentRecord
) -> RawFinding:
    own, figure = pair.own, of_fact(pair.own)
    where = location.of_fact(pair.listed[0])
    more = len(pair.listed) - 1
    other = message("cell-in-file", file=whole.file, place=where.texts)
    if more:
        other = joined(other, message("cells-together", count=more + 1, others=more))
    return RawFinding(
        rule=rule, document=own.document, place=location.of_fact(own), fact=own.fact,
        verdict=verdict, printed=own.printed, unit=figure.unit_name,
        expected=figure.number(sum((fact.amount for fact in pair.listed), Decimal(0))),
        other=other, evidence=tuple(_counterpart(fact, whole) for fact in pair.listed),
    )  # fmt: skip


def _counterpart(fact: Fact, whole: DocumentRecord) -> Evidence:
    where, unit = location.of_fact(fact), of_fact(fact).unit_name
    zh, en = message(
        "counterpart-in-file", file=whole.file, place=where.texts, printed=f"{fact.printed}{unit}"
    )
    return Evidence(
        role="counterpart", fact=fact.fact, printed=fact.printed, statement_zh=zh, statement_en=en
    )


def _cells(facts: Iterable[Fact]) -> Mapping[Key, list[Fact]]:
    """Facts by what they are about; of a document that prints a cell twice, both."""
    found: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.project or fact.row_type == "of-which":
            continue
        if code := _code(fact):
            if fact.column:
                found[_key(fact, code, fact.column)].append(fact)
        elif of := _of_whole(fact):
            found[_key(fact, "", of)].append(fact)
    return {key: each for key, each in found.items() if len(each) == 1}


def _added_up(listed: Iterable[Fact]) -> Mapping[Key, tuple[Fact, ...]]:
    """The lowest rows by code, for the unit as a whole."""
    found: dict[Key, list[Fact]] = defaultdict(list)
    for fact in listed:
        if _code(fact) and fact.column and fact.row_type == "detail" and not fact.project:
            found[_key(fact, "", fact.column)].append(fact)
    return {key: tuple(facts) for key, facts in found.items()}


def _key(fact: Fact, code: str, of: str) -> Key:
    return (fact.table, fact.fiscal_year, fact.phase, code, of)


def _code(fact: Fact) -> str:
    return fact.functional_code or fact.economic_code or fact.government_economic_code or ""


def _of_whole(fact: Fact) -> str | None:
    """What a cell says of the body as a whole: its item, else its column; None of a part of it."""
    if fact.item not in (None, "total", "change"):
        return fact.item
    whole = fact.row_type == "total" or (fact.body and fact.row_label == fact.body)
    return fact.column if whole else None
