"""The relations between amounts of tables, as the rules in SQL find them in the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from yusuan.checks import place
from yusuan.checks.cells import signed_sum
from yusuan.checks.items import Instance, Item, Items, Texts, sum_of
from yusuan.checks.ledger import ledger_of
from yusuan.checks.queries import IDENTITIES, relate
from yusuan.checks.rules import Rule
from yusuan.model.records import DocumentRecord, Fact
from yusuan.schema import catalogue

__all__ = ["related"]


def related(
    rules: Sequence[Rule], facts: Sequence[Fact], documents: Sequence[DocumentRecord], items: Items
) -> Iterator[Instance]:
    """Every instance of the rules that relate amounts of tables, rule by rule.

    ``items`` is filled with the amounts they are about.
    """
    ledger = ledger_of(facts, documents)
    relate(ledger, rules)
    terms: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for rule, relation, id_, coefficient in ledger.execute(
        "select rule, relation, id, coefficient from terms order by rule, relation, id"
    ).fetchall():
        terms[rule, relation].append((id_, coefficient))
    ledger.close()
    for (number, relation), found in terms.items():
        # the relation is named after the total, or the cell that is compared with another
        rule, main = rules[number], _item(facts[relation], items)
        signs = [coefficient for id_, coefficient in found if id_ != relation]
        parts = tuple(_item(facts[id_], items) for id_, _ in found if id_ != relation)
        if rule.family in IDENTITIES:
            yield sum_of(rule, main, parts, identity=True)
        elif rule.family == "sum":
            yield signed_sum(rule, main, parts, signs)
        else:
            yield sum_of(rule, main, parts, other=_details(rule))


def _item(fact: Fact, items: Items) -> Item:
    item = items.of_fact(fact)
    assert item is not None, "the ledger holds only amounts of whole fen"
    return item


def _details(rule: Rule) -> Texts | None:
    """The table whose details a class is compared with."""
    details = rule.settings.get("details")
    return place.table_name(catalogue()[details["table"]]) if details else None
