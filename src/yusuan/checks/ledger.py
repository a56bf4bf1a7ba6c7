"""Printed amounts of any number of documents as one DuckDB table, which the rules query.

``amounts`` has one row per fact of a known column: numbers in fen, ``half`` how far rounding
may have moved the amount (0 where it is exact to the fen), totals as row numbers (``id``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from yusuan.model.money import plain, to_fen
from yusuan.model.records import DocumentRecord, Fact
from yusuan.tables import is_again

__all__ = ["fen_of", "half_of", "ledger_of", "ledger_of_packages", "step_of"]

_CURRENT = r"(^|-)current(-|$)"
_COLUMNS = {
    "id": "INTEGER", "document": "VARCHAR", "tab": "VARCHAR", "key": "VARCHAR", "col": "VARCHAR",
    "amount": "BIGINT", "half": "BIGINT", "row_type": "VARCHAR", "direction": "VARCHAR",
    "functional": "VARCHAR", "economic": "VARCHAR", "class": "VARCHAR", "phase": "VARCHAR",
    "own": "BOOLEAN", "current": "BOOLEAN", "row_total": "INTEGER", "column_total": "INTEGER",
}  # fmt: skip


def fen_of(fact: Fact) -> int | None:
    """The amount in fen; None where it has no whole number of them (rule ``amount-below-fen``)."""
    return to_fen(plain(fact.amount))


def step_of(decimals: int, unit: int) -> int:
    """What one more in the last printed digit means, in fen; at least one."""
    return max(int(Decimal(unit * 100).scaleb(-decimals)), 1)


def half_of(decimals: int, unit: int) -> int:
    """How far rounding may have moved an amount, in fen: money has no part of a fen."""
    return step_of(decimals, unit) // 2


def ledger_of(
    facts: Sequence[Fact], documents: Sequence[DocumentRecord]
) -> duckdb.DuckDBPyConnection:
    """A ledger in memory; ``id`` is the place of a fact in the sequence."""
    ids = {fact.fact: number for number, fact in enumerate(facts)}
    own = {record.document: (record.fiscal_year, record.phase) for record in documents}
    rows = [
        (
            number, fact.document, fact.table, fact.key, fact.column, fen,
            half_of(fact.decimals, fact.unit), fact.row_type, fact.direction,
            fact.functional_code, fact.economic_code, (fact.function or "").rpartition("-")[2],
            fact.phase,
            (fact.fiscal_year, fact.phase) == own[fact.document] and not is_again(fact.key),
            re.search(_CURRENT, fact.key) is not None,
            ids.get(fact.row_total or "", -1), ids.get(fact.column_total or "", -1),
        )
        for number, fact in enumerate(facts)
        if fact.column and (fen := fen_of(fact)) is not None
    ]  # fmt: skip
    connection = _empty()
    if rows:
        frame = pd.DataFrame(rows, columns=list(_COLUMNS))
        connection.register("frame", frame)
        connection.execute("insert into amounts select * from frame")
        connection.unregister("frame")
    return connection


def ledger_of_packages(files: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """A ledger of the ``facts`` files (CSV or Parquet) of packages; ``fact`` names each row.

    Read and converted by DuckDB alone, so that a country's worth of facts takes seconds.
    """
    connection = _empty()
    paths = [str(file) for file in files]
    source = "read_parquet(?)" if paths[0].endswith(".parquet") else (
        "read_csv(?, all_varchar=true, header=true)"
    )  # fmt: skip
    connection.execute(
        f"""create table printed as select
            (row_number() over ())::INTEGER - 1 as id, *,
            (100 * unit::BIGINT) // (10 ** least(decimals::INTEGER, 18))::BIGINT // 2 as half,
            round(amount::DECIMAL(28, 4) * 100)::BIGINT as fen
        from {source} where "column" is not null and "column" <> ''""",
        [paths],
    )
    connection.execute(
        f"""insert into amounts select
            f.id, f.document, f."table", substr(f."row", length(f.document) + length(f."table") + 3),
            f."column", f.fen, f.half, f.row_type, f.direction, nullif(f.functional_code, ''),
            nullif(f.economic_code, ''), regexp_extract(f."function", '[^-]*$'), f.phase, true,
            regexp_matches(f."row", '{_CURRENT}'), coalesce(r.id, -1), coalesce(c.id, -1)
        from printed f
        left join printed r on f.row_total = r.fact left join printed c on f.column_total = c.fact"""
    )
    return connection


def _empty() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute(f"create table amounts ({columns})")
    return connection
