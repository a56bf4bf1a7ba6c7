"""Printed amounts of any number of documents as one DuckDB table, which the rules query.

``amounts`` has one row per fact of a known column: numbers in fen, ``half`` how far rounding
may have moved the amount (0 where it is exact to the fen), totals as numbers of facts (``id``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import TracebackType

from yusuan.checks.rounding import fen_of, half_of
from yusuan.checks.rules import Rule
from yusuan.checks.sql.queries import failing_queries, relations_query, rule_tables
from yusuan.model.records import DocumentRecord, Fact
from yusuan.tables import is_repeat_key

__all__ = ["COLUMNS", "CURRENT", "Ledger"]

CURRENT = "-current-"
"""In the key of a row, set in dashes: a sum of the current year in a summary of both sides."""

COLUMNS = {
    "id": "UBIGINT", "document": "INTEGER", "tab": "VARCHAR", "key": "VARCHAR", "col": "VARCHAR",
    "amount": "BIGINT", "half": "BIGINT", "row_type": "VARCHAR", "direction": "VARCHAR",
    "functional": "VARCHAR", "economic": "VARCHAR", "class": "VARCHAR", "phase": "VARCHAR",
    "own": "BOOLEAN", "whole": "BOOLEAN", "row_total": "UBIGINT", "column_total": "UBIGINT",
}  # fmt: skip
"""Of ``amounts``. ``own`` tells that an amount is of the year and phase of its document, and not
of a further table of its kind; ``whole`` that its row sums up a table, or the current year."""


class Ledger:
    """A DuckDB database in memory for certain rules, filled anew as often as needed."""

    def __init__(self, rules: Sequence[Rule], threads: int = 1) -> None:
        import duckdb  # slow to load

        self.rules = rules
        self.connection = duckdb.connect(
            config={"threads": threads, "autoinstall_known_extensions": False}
        )
        for statement in rule_tables(rules):
            self.connection.execute(statement)
        self._relations = relations_query(rules)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def fill(
        self,
        facts: Sequence[Fact],
        documents: Sequence[DocumentRecord],
        miscoded: Collection[str] = (),
    ) -> Ledger:
        """Hold these facts, and no others; ``id`` is the place of a fact in the sequence.

        What is ``miscoded`` adds to the total of its table, but to no class and parent code.
        """
        ids = {fact.fact: number for number, fact in enumerate(facts)}
        whole = {fact.fact for fact in facts if fact.row_type == "total"} if miscoded else set()
        lost = {f.fact for f in facts if f.fact in miscoded and f.column_total not in whole}
        own = {
            record.document: (number, record.fiscal_year, record.phase)
            for number, record in enumerate(documents)
        }
        rows = [
            (
                number, own[fact.document][0], fact.table, fact.key, fact.column, fen,
                half_of(fact.decimals, fact.unit), fact.row_type, fact.direction,
                fact.functional_code, fact.economic_code, (fact.function or "").rpartition("-")[2],
                fact.phase,
                (fact.fiscal_year, fact.phase) == own[fact.document][1:] and not is_repeat_key(fact.key)
                and fact.fact not in miscoded,
                fact.row_type == "total" or CURRENT in f"-{fact.key}-",
                ids.get(fact.row_total or ""),
                None if fact.fact in lost else ids.get(fact.column_total or ""),
            )
            for number, fact in enumerate(facts)
            if fact.column and (fen := fen_of(fact)) is not None
        ]  # fmt: skip
        columns = ", ".join(f"unnest(?::{kind}[]) as {name}" for name, kind in COLUMNS.items())
        values = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS]
        self.connection.execute(f"create or replace table amounts as select {columns}", values)
        return self

    def relations(self) -> list[tuple[int, int, int, int, int]]:
        """What the rules relate: see ``relations_query``; in its order."""
        return self.connection.execute(self._relations).fetchall()

    def failing(self) -> list[tuple[int, int, int, int, int, int]]:
        """The relations that do not hold as printed: see ``failing_queries``; in its order."""
        queries = failing_queries(self.rules)
        return sorted(row for query in queries for row in self.connection.execute(query).fetchall())
