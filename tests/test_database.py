"""SQLite: the same totals as the CSV, to the fen, with keys that hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

import yusuan
from tests.disclosures import disclosure_text, write
from yusuan.database.sqlite import column_names
from yusuan.schema import catalogue


@pytest.fixture
def database(package: yusuan.Package) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(package.folder / "budget.db")) as connection:
        yield connection


def test_every_resource_is_a_table_with_all_rows(
    package: yusuan.Package, database: sqlite3.Connection
) -> None:
    for resource in catalogue().resources:
        (count,) = database.execute(f'SELECT count(*) FROM "{resource.sql_name}"').fetchone()
        assert count == sum(1 for _ in package.rows(resource.name)), resource.name


def test_only_amounts_are_floats_and_these_are_as_published(
    package: yusuan.Package, database: sqlite3.Connection
) -> None:
    for resource in catalogue().resources:
        money = {field.name for field in resource.fields if field.is_money}
        for column in set(column_names(resource)) - money:
            kinds = {row[0] for row in database.execute(
                f'SELECT DISTINCT typeof("{column}") FROM "{resource.sql_name}"')}  # fmt: skip
            assert "real" not in kinds, (resource.name, column)
    shown = {
        fact: str(amount) for fact, amount in database.execute("SELECT fact, amount FROM facts")
    }
    assert shown == {row["fact"]: row["amount"] for row in package.rows("facts")}


def test_amounts_sort_and_filter_as_numbers(database: sqlite3.Connection) -> None:
    amounts = [row[0] for row in database.execute("SELECT amount FROM facts ORDER BY amount")]
    assert amounts == sorted(amounts)
    many = "SELECT count(*) FROM facts WHERE amount > ?"  # Datasette binds digits as a number or as text
    assert (
        database.execute(many, ["9000000"]).fetchone()
        == database.execute(many, [9_000_000]).fetchone()
    )
    assert database.execute(many, [9_000_000]).fetchone() == (
        sum(each > 9_000_000 for each in amounts),
    )


def test_an_amount_that_no_float_holds_stays_whole(tmp_path: Path) -> None:
    rows = (
        "213\t03\t06\t某项\t12345678901234.56\t12345678901234.56\t",
        "213\t03\t08\t某项\t0.1\t\t0.1",
    )
    package = yusuan.build(write(tmp_path, disclosure_text(rows=rows, unit="元")), tmp_path / "out")
    with closing(sqlite3.connect(package.folder / "budget.db")) as connection:
        found = dict(connection.execute("SELECT amount, amount_fen FROM facts"))
    assert found == {"12,345,678,901,234.56": 1_234_567_890_123_456, 0.1: 10}


def test_totals_equal_the_csv_to_the_fen(
    package: yusuan.Package, database: sqlite3.Connection
) -> None:
    (fen,) = database.execute("SELECT sum(amount_fen) FROM facts").fetchone()
    assert Decimal(fen) / 100 == sum(Decimal(row["amount"]) for row in package.rows("facts"))


def test_published_tables_carry_the_same_money_as_the_facts(database: sqlite3.Connection) -> None:
    for resource in catalogue().tables:
        columns = [field.name for field in resource.with_role("amount")]
        sums = " + ".join(f'coalesce(sum("{name}_fen"), 0)' for name in columns)
        (published,) = database.execute(f'SELECT {sums} FROM "{resource.sql_name}"').fetchone()
        (facts,) = database.execute(
            'SELECT coalesce(sum(amount_fen), 0) FROM facts WHERE "table" = ?', [resource.name]
        ).fetchone()
        assert published == facts, resource.name


def test_foreign_keys_hold(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(database.execute("PRAGMA foreign_key_list(facts)").fetchall()) == 14


def test_sums_that_floats_get_wrong(tmp_path: Path) -> None:
    """0.1 + 0.2 and friends: 300 rows of 0.01 万元 differences add up exactly."""
    rows = [f"213\t03\t{i:02d}\t某项{i}\t{i}.{i:02d}\t{i}.{i:02d}\t" for i in range(1, 99)]
    package = yusuan.build(write(tmp_path, disclosure_text(rows=tuple(rows))), tmp_path / "out")
    with closing(sqlite3.connect(package.folder / "budget.db")) as connection:
        (fen,) = connection.execute("SELECT sum(basic_fen) FROM expenditure_summary").fetchone()
    assert Decimal(fen) / 100 == sum(Decimal(f"{i}.{i:02d}") * 10_000 for i in range(1, 99))
