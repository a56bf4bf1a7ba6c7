"""Relations that a rule file spells out cell by cell: signed sums, and one number at most another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from yusuan.checks.items import Instance, Item, Items
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.locate import Relation
from yusuan.model.records import Fact

__all__ = ["at_most", "signed_sum", "stated_sum", "summands"]

_UNBOUNDED = 10**30
Cell = Mapping[str, Any]


def summands(rule: Rule) -> list[tuple[int, Cell]]:
    """The cells of a ``sum`` with their signs, the total first."""
    settings = rule.settings
    plus = [(1, cell) for cell in settings["plus"]]
    return [(-1, settings["total"]), *plus, *((-1, cell) for cell in settings.get("minus", ()))]


def signed_sum(
    rule: Rule, total: Item, parts: Sequence[Item], signs: Sequence[int], expected: str = ""
) -> Instance:
    """``total`` is the sum of the parts, each with its sign."""
    terms = {total.key: -1}
    for part, sign in zip(parts, signs, strict=True):
        terms[part.key] = terms.get(part.key, 0) + sign
    whole = sum(sign * part.value for part, sign in zip(parts, signs, strict=True))
    signed = [f"{'+' if sign > 0 else '−'} {part.printed}"
              for part, sign in zip(parts, signs, strict=True)]  # fmt: skip
    shown = " ".join(signed).removeprefix("+ ")
    key = f"{rule.id} {total.key}"
    return Instance(
        rule, total, tuple(parts), (Relation(key, terms),),
        expected or total.figure.number(Decimal(whole) / 100), key, listed=(shown, shown),
    )  # fmt: skip


def stated_sum(rule: Rule, subject: Subject, items: Items) -> Iterator[Instance]:
    """A ``sum`` with numbers of the narrative in it; those of tables alone are in SQL.

    Without one of its numbers it is not compared, unless that one is optional.
    """
    if not any("claim" in cell for _, cell in summands(rule)):
        return
    found = []
    for sign, cell in summands(rule):
        item = _printed(cell, subject, items)
        if item:
            found.append((sign, item))
        elif not cell.get("optional") or not found:
            return
    if len(found) > 1:
        (_, total), *parts = found
        yield signed_sum(rule, total, [item for _, item in parts], [sign for sign, _ in parts])


def at_most(rule: Rule, subject: Subject, items: Items) -> Iterator[Instance]:
    """Of two numbers the one that may not be larger, in every row where none is named."""
    part, whole = rule.settings["part"], rule.settings["whole"]
    pairs = [(_printed(part, subject, items), _printed(whole, subject, items))]
    if "row" not in part and "row" not in whole and "claim" not in part and "claim" not in whole:
        pairs = [
            (items.of_fact(fact), _item_of(subject.facts.get((whole["table"], row, whole["column"])), items))
            for (table, row, column), fact in subject.facts.items()
            if (table, column) == (part["table"], part["column"])
        ]  # fmt: skip
    for one, two in pairs:
        if one and two and subject.record.document == one.document:
            key = f"{rule.id} {one.key}"
            relation = Relation(key, {two.key: 1, one.key: -1}, 0, _UNBOUNDED)
            expected = one.figure.number(Decimal(two.value) / 100)
            yield Instance(rule, one, (two,), (relation,), expected, key)


def _printed(cell: Cell, subject: Subject, items: Items) -> Item | None:
    """What a cell or claim of a rule says; of several rows, the first that is printed."""
    if "claim" in cell:
        claim = subject.claim(cell["claim"], cell["measure"])
        return items.of_claim(claim) if claim else None
    rows = cell.get("row", [])
    for row in rows if isinstance(rows, list) else [rows]:
        if item := _item_of(subject.facts.get((cell["table"], row, cell["column"])), items):
            return item
    return None


def _item_of(fact: Fact | None, items: Items) -> Item | None:
    return items.of_fact(fact) if fact else None
