"""The relations between amounts of tables, as the rules in SQL find them in the ledger."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from yusuan.checks import location
from yusuan.checks.families.cells import signed_sum, summands
from yusuan.checks.operands import AppliedRule, Operand, Operands, Texts, sum_of
from yusuan.checks.rules import Rule
from yusuan.checks.sql.ledger import Ledger
from yusuan.checks.sql.queries import IDENTITIES
from yusuan.model.records import DocumentRecord, Fact
from yusuan.schema import catalogue

__all__ = ["related"]


def related(
    rules: Sequence[Rule],
    facts: Sequence[Fact],
    documents: Sequence[DocumentRecord],
    operands: Operands,
    miscoded: Collection[str] = (),
    unread: Collection[tuple[str, str, str]] = (),
) -> Iterator[AppliedRule]:
    """Every rule applied that relates amounts of tables, rule by rule.

    ``operands`` is filled with the amounts they are about; those ``miscoded`` belong to no class.
    ``unread`` are document, table and column of cells that hold something which is no amount: a
    sum over such a column is not known.
    """
    parts: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    totals: dict[tuple[int, int], int] = {}
    for number, relation, part, sign, total in (
        _ledger(rules).fill(facts, documents, miscoded).relations()
    ):
        parts[number, relation].append((part, sign))
        totals[number, relation] = total
    for (number, relation), total in totals.items():
        rule, whole = rules[number], _item(facts[total], operands)
        if any((facts[total].document, *cell) in unread for cell in _added(rule)):
            continue
        added = tuple(_item(facts[part], operands) for part, _ in parts[number, relation])
        if rule.family in IDENTITIES:
            # the relation is named after the cell that is compared with another
            yield sum_of(rule, added[0], (whole,), identity=True)
        elif rule.family == "sum":
            yield signed_sum(rule, whole, added, [sign for _, sign in parts[number, relation]])
        else:
            yield sum_of(rule, whole, added, other=_details(rule))


class _Kept(threading.local):
    ledger: Ledger | None = None
    process: int = 0


_kept = _Kept()
_inherited: list[Ledger] = []


def _ledger(rules: Sequence[Rule]) -> Ledger:
    """The ledger of this thread: to open one takes longer than to check a document with it."""
    if _kept.ledger is not None and _kept.process != os.getpid():
        # that of the process this one was forked from: to close it here would wait for ever
        _inherited.append(_kept.ledger)
        _kept.ledger = None
    if _kept.ledger is None or _kept.ledger.rules is not rules:
        _kept.ledger, _kept.process = Ledger(rules), os.getpid()
    return _kept.ledger


def _item(fact: Fact, operands: Operands) -> Operand:
    operand = operands.of_fact(fact)
    assert operand is not None, "the ledger holds only amounts of whole fen"
    return operand


def _added(rule: Rule) -> list[tuple[str, str]]:
    """Table and column of the cells that a rule adds up by itself, and may find blank."""
    if rule.family == "class-sum":
        cells = [rule.settings["details"]]
    elif rule.family == "sum":
        cells = [cell for _, cell in summands(rule) if "table" in cell]
    else:  # the totals that amounts add to are known with the facts
        cells = []
    return [(cell["table"], cell["column"]) for cell in cells]


def _details(rule: Rule) -> Texts | None:
    """The table whose details a class is compared with."""
    details = rule.settings.get("details")
    return location.table_name(catalogue()[details["table"]]) if details else None
