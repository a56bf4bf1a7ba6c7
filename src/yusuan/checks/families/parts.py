"""Units and their department: what a unit prints is part of what the department prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from yusuan.checks import place
from yusuan.checks.figures import of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.when import Scope
from yusuan.facts import Contents
from yusuan.model.links import Link
from yusuan.model.records import DocumentRecord, Fact

__all__ = ["FAMILY", "beyond_department", "parts_of"]

FAMILY = "unit-within-department"
Keyed = Mapping[str, Fact]


def parts_of(links: Iterable[Link]) -> list[tuple[str, str]]:
    """The documents of units, each with that of its department."""
    return [(link.subject, link.object) for link in links if link.kind == "part-of"]


def beyond_department(rules: Sequence[Rule], contents: Contents) -> Iterator[Hit]:
    """Totals and items that a unit prints higher than its department, one a table.

    Only documents linked as part and whole are looked at, and only what both print at the same
    place of the same standard table. Needs no more of the contents than departments, documents,
    links and the facts of these documents.
    """
    own = [rule for rule in rules if rule.family == FAMILY]
    pairs = parts_of(contents.links)
    if not own or not pairs:
        return
    records = {record.document: record for record in contents.documents}
    wanted = {document for pair in pairs for document in pair}
    facts: dict[str, dict[str, Fact]] = defaultdict(dict)
    for fact in contents.facts:
        if fact.document in wanted and (fact.row_type == "total" or fact.item):
            facts[fact.document][fact.fact.removeprefix(fact.document)] = fact
    for rule in own:
        for part, whole in pairs:
            if rule.when.applies(_scope(records[part], facts[part], contents)):
                yield from _beyond(rule, facts[part], facts[whole], records[whole])


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


def _scope(record: DocumentRecord, facts: Keyed, contents: Contents) -> Scope:
    department = next(d for d in contents.departments if d.department == record.department)
    return Scope(
        phase=record.phase,
        fiscal_year=record.fiscal_year,
        tables=frozenset(fact.table for fact in facts.values()),
        department="、".join((department.name, *department.names)),
        division=department.division or "",
    )
