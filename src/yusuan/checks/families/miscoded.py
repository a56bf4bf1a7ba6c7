"""Amounts whose code is in doubt: they can be added up, but not by class or by parent code."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yusuan.checks.families.code_names import cases, pair_of
from yusuan.checks.subject import Subject
from yusuan.tables import StandardTable, TableRow

__all__ = ["miscoded"]

_CLASS = 3
"""Digits of a class."""


def miscoded(subject: Subject) -> frozenset[str]:
    """The facts of rows whose code contradicts their name or is not whole, and of all rows of the
    classes that such a row may belong to: the one printed, that of its name, and those printed beside it."""
    doubted = dict(cases(subject))
    keys: set[tuple[str, str]] = set()
    for table in subject.tables:
        wrong = {row.key: pair for row in table.rows
                 if (pair := pair_of(table, row, subject)) and pair in doubted}  # fmt: skip
        broken = {row.key for row in table.rows if row.code_state in ("unclear", "lost")}
        if not wrong and not broken:
            continue
        classes = {home.code[:_CLASS] for pair in wrong.values() for home in pair.homes}
        classes |= set(_classes_beside(table, wrong.keys() | broken))
        keys |= {(table.resource.name, row.key) for row in table.rows
                 if row.key in broken or (row.code or "")[:_CLASS] in classes}  # fmt: skip
    return frozenset(
        fact.fact for (table, row, _), fact in subject.facts.items() if (table, row) in keys
    )


def _classes_beside(table: StandardTable, wrong: Collection[str]) -> Iterator[str]:
    """The classes of certain rows, and of the rows with codes right above and below them."""
    coded: list[TableRow] = [row for row in table.rows if row.code or row.code_state == "lost"]
    for place, row in enumerate(coded):
        if row.key in wrong:
            for near in coded[max(place - 1, 0) : place + 2]:
                if near.code:
                    yield near.code[:_CLASS]
