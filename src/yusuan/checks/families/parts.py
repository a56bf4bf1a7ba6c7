"""Units and their department: what a unit prints is part of what the department prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yusuan.checks import place
from yusuan.checks.families import own_row
from yusuan.checks.figures import of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.when import Scope
from yusuan.facts import Contents
from yusuan.model.links import RecordLink
from yusuan.model.records import DocumentRecord, Fact

__all__ = ["ACROSS", "of_linked", "parts_of"]

FAMILY = "unit-within-department"
Keyed = Mapping[str, Fact]


def parts_of(links: Iterable[RecordLink]) -> list[tuple[str, str]]:
    """The documents of units, each with that of its department."""
    return [(link.subject, link.object) for link in links if link.kind == "part-of"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """The document of a unit with that of its department."""

    part: DocumentRecord
    whole: DocumentRecord
    own: Sequence[Fact]
    all: Sequence[Fact]
    compared: Sequence[own_row.Compared]


def of_linked(rules: Sequence[Rule], contents: Contents) -> Iterator[Hit]:
    """What documents linked as part and whole say against each other, by the rules for that.

    Needs no more of the contents than departments, documents, links and the facts of these
    documents.
    """
    own = [rule for rule in rules if rule.family in ACROSS]
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
        compared = own_row.compared(records[part], facts[part], facts[whole])
        pair = _Pair(records[part], records[whole], facts[part], facts[whole], compared)
        scope = _scope(pair.part, pair.own, contents)
        for rule in own:
            if rule.when.applies(scope):
                yield from ACROSS[rule.family](rule, pair)


def _unlike_own_row(rule: Rule, pair: _Pair) -> Iterator[Hit]:
    yield from own_row.unlike_own_row(rule, pair.compared, pair.whole)


def _beyond_department(rule: Rule, pair: _Pair) -> Iterator[Hit]:
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


ACROSS: dict[str, Callable[[Rule, _Pair], Iterable[Hit]]] = {
    FAMILY: _beyond_department,
    own_row.FAMILY: _unlike_own_row,
}
"""Families that relate linked documents to each other."""


def _beyond(rule: Rule, part: Keyed, whole: Keyed, record: DocumentRecord) -> Iterator[Hit]:
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
        yield Hit(
            rule=rule, document=one.document, place=place.of_fact(one), fact=one.fact,
            printed=one.printed, unit=figure.unit_name, expected=figure.number(all_.amount),
            other=(record.file, record.file),
        )  # fmt: skip


def _scope(record: DocumentRecord, facts: Iterable[Fact], contents: Contents) -> Scope:
    department = next(d for d in contents.departments if d.department == record.department)
    return Scope(
        phase=record.phase,
        fiscal_year=record.fiscal_year,
        tables=frozenset(fact.table for fact in facts),
        department="、".join((department.name, *department.names)),
        division=department.division or "",
    )
