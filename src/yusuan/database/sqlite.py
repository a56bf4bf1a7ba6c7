"""Build the SQLite database of a package: one table per resource, with keys and indexes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from yusuan.files.atomic import named
from yusuan.model.errors import YusuanError
from yusuan.model.money import to_fen
from yusuan.package import Package
from yusuan.schema import Field, Resource, catalogue
from yusuan.schema.resource import Correcting

__all__ = [
    "FEN_SUFFIX",
    "CorrectedView",
    "column_names",
    "corrected_views",
    "reading",
    "write_database",
]

FEN_SUFFIX = "_fen"
"""Each money column ``x`` (a number of yuan, to sort, filter and facet by) has a companion ``x_fen``
(integer, 1/100 yuan), whose sums are exact."""

# Numbers that are no money (rates, target values) stay exact text: a REAL column would round
# them, and SQLite compares such text as numbers only after an explicit cast. Amounts of
# up to 15 digits are the same as numbers; longer ones stay text, with separators.
_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "TEXT"}
_BATCH = 5_000
_MOST_DIGITS = 15
"""Digits of a decimal number that a REAL holds without change."""


def write_database(package: Package, path: Path) -> None:
    """Write the package's rows into a new SQLite file.

    Foreign keys are declared and checked; every key and label column is indexed. Raises
    AssertionError where they do not hold: rows were written that no package may have.
    """
    with named(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        for resource in catalogue().resources:
            connection.execute(_create(resource))
        for resource in catalogue().resources:
            _fill(connection, package, resource)
        for resource in catalogue().resources:
            for statement in _indexes(resource):
                connection.execute(statement)
        for view in corrected_views():
            connection.execute(view.sql)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise AssertionError(f"foreign keys do not hold: {broken[:3]}")
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("VACUUM")


@contextmanager
def reading(path: Path, address: str) -> Iterator[sqlite3.Connection]:
    """A connection to the database of a package at ``path``, opened by its ``address``.

    Raises YusuanError where that is no database or lacks one of the tables, also where that is met
    within.
    """
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            found = {name for (name,) in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'")}  # fmt: skip
            for resource in catalogue().resources:
                if resource.sql_name not in found:
                    raise sqlite3.OperationalError(f"no such table: {resource.sql_name}")
            yield connection
    except sqlite3.Error as error:
        raise YusuanError(
            f"{path}: not the database of this package ({error}); build the package anew"
        ) from error


def column_names(resource: Resource) -> list[str]:
    """The SQLite columns of a resource, companions in fen after their money column."""
    return [name for field in resource.fields for name, _ in _columns(field)]


@dataclass(frozen=True, slots=True)
class CorrectedView:
    """An SQL view of the rows of a resource with corrections applied.

    It has the columns of the resource and two more: ``is_corrected`` (0 or 1) and ``correction``,
    the key of the correction, or null.
    """

    name: str
    resource: Resource
    correcting: Resource
    sql: str


def corrected_views() -> list[CorrectedView]:
    """One view for each resource that another corrects, such as ``facts_corrected``."""
    return [
        _view(resource, each) for resource in catalogue().resources for each in resource.corrects
    ]


def _view(correcting: Resource, how: Correcting) -> CorrectedView:
    key = correcting.key_of(how.by)
    assert key is not None, f"{correcting.name}: {how.by} is no foreign key"
    target = catalogue()[key.resource]
    changed = dict(how.columns)
    for column, by in how.columns.items():
        if target.field(column).is_money:
            changed[column + FEN_SUFFIX] = by + FEN_SUFFIX
    own = f"c.{_quoted(correcting.primary_key)}"
    columns = []
    for column, kind in (pair for field in target.fields for pair in _columns(field)):
        if column in changed:
            value = (
                f"CASE WHEN {own} IS NULL THEN t.{_quoted(column)} "
                f"ELSE c.{_quoted(changed[column])} END"
            )
            # An expression has no type of its own, and then no text parameter equals it.
            columns.append(f"CAST({value} AS {kind}) AS {_quoted(column)}")
        else:
            columns.append(f"t.{_quoted(column)}")
    columns.append(f"CAST({own} IS NOT NULL AS INTEGER) AS is_corrected")
    columns.append(f"{own} AS correction")
    name = f"{target.sql_name}_corrected"
    listed = ",\n  ".join(columns)
    sql = (
        f"CREATE VIEW {_quoted(name)} AS SELECT\n  {listed}\n"
        f"FROM {_quoted(target.sql_name)} t LEFT JOIN {_quoted(correcting.sql_name)} c "
        f"ON c.{_quoted(how.by)} = t.{_quoted(key.reference)}"
    )
    return CorrectedView(name, target, correcting, sql)


def _columns(field: Field) -> list[tuple[str, str]]:
    columns = [(field.name, "NUMERIC" if field.is_money else _TYPES.get(field.type, "TEXT"))]
    if field.is_money:
        columns.append((field.name + FEN_SUFFIX, "INTEGER"))
    return columns


def _create(resource: Resource) -> str:
    lines = []
    for field in resource.fields:
        for name, kind in _columns(field):
            required = (
                " NOT NULL" if field.constraints.get("required") and name == field.name else ""
            )
            lines.append(f"  {_quoted(name)} {kind}{required}")
    lines.append(f"  PRIMARY KEY ({_quoted(resource.primary_key)})")
    for key in resource.foreign_keys:
        target = catalogue()[key.resource].sql_name if key.resource else resource.sql_name
        lines.append(
            f"  FOREIGN KEY ({_quoted(key.field)}) "
            f"REFERENCES {_quoted(target)} ({_quoted(key.reference)})"
        )
    return f"CREATE TABLE {_quoted(resource.sql_name)} (\n" + ",\n".join(lines) + "\n)"


def _fill(connection: sqlite3.Connection, package: Package, resource: Resource) -> None:
    names = column_names(resource)
    marks = ", ".join("?" * len(names))
    statement = (
        f"INSERT INTO {_quoted(resource.sql_name)} "
        f"({', '.join(_quoted(name) for name in names)}) VALUES ({marks})"
    )
    batch: list[tuple[str | int | None, ...]] = []
    for row in package.rows(resource.name):
        batch.append(tuple(_values(resource, row)))
        if len(batch) >= _BATCH:
            connection.executemany(statement, batch)
            batch.clear()
    connection.executemany(statement, batch)


def _values(resource: Resource, row: dict[str, str]) -> Iterator[str | int | None]:
    for field in resource.fields:
        text = row[field.name]
        if not text:
            yield None
        elif field.type == "integer":
            yield int(text)
        elif field.type == "boolean":
            yield int(text == "true")
        elif field.is_money and sum(map(str.isdigit, text)) > _MOST_DIGITS:
            yield f"{Decimal(text):,f}"  # with separators it is text to SQLite, and stays whole
        else:
            yield text
        if field.is_money:
            # The as-published tables keep the printed number; its unit is in the row.
            unit = int(row["unit"]) if field.role == "amount" else 1
            yield to_fen(text, unit)


def _indexes(resource: Resource) -> Iterator[str]:
    for key in resource.foreign_keys:
        name = f"{resource.sql_name}_{key.field}"
        yield f"CREATE INDEX {_quoted(name)} ON {_quoted(resource.sql_name)} ({_quoted(key.field)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
