"""SQLite: the same totals as the CSV, to the fen, with keys that hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import yusuan
from tests.disclosures import disclosure_text, write
from yusuan.database.sqlite import column_names
from yusuan.schema import catalogue
from yusuan.sql import add_functions


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


# --- sum, total and avg of amounts in yuan, where the site and yusuan.sql.add_functions replace them


@pytest.mark.parametrize("table", ["facts", "figures", "spending", "revenue", "claims"])
def test_the_column_people_see_sums_exactly(
    package: yusuan.Package, database: sqlite3.Connection, table: str
) -> None:
    add_functions(database)
    amounts = [Decimal(row["amount"]) for row in package.rows(table) if row["amount"]]
    assert amounts
    (found,) = database.execute(f"SELECT sum(amount) FROM {table}").fetchone()
    assert Decimal(repr(found)) == sum(amounts)


@pytest.fixture
def amounts() -> Iterator[sqlite3.Connection]:
    """An empty table ``t`` with a column of amounts as the database of a package has them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (amount NUMERIC)")
        yield connection


def test_large_and_small_amounts_sum_to_the_fen(amounts: sqlite3.Connection) -> None:
    texts = ["219553500", "0.01"] * 50_000
    amounts.executemany("INSERT INTO t VALUES (?)", [[text] for text in texts])
    exact = sum(map(Decimal, texts))
    (naive,) = amounts.execute("SELECT sum(amount) FROM t").fetchone()
    add_functions(amounts)
    (found,) = amounts.execute("SELECT sum(amount) FROM t").fetchone()
    assert Decimal(repr(found)) == exact
    if sqlite3.sqlite_version_info < (3, 43):  # newer ones compensate for much of it
        assert Decimal(repr(naive)) != exact
    assert amounts.execute("SELECT avg(amount), total(amount) FROM t").fetchone() == (
        float(exact / len(texts)), float(exact),
    )  # fmt: skip


_AMOUNTS = st.decimals(Decimal("-1e11"), Decimal("1e11"), places=2) | st.decimals(-1, 1, places=4)


@given(st.lists(_AMOUNTS, max_size=30))
def test_sums_of_any_amounts_are_those_of_decimals(values: list[Decimal]) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        add_functions(connection)
        connection.execute("CREATE TABLE t (amount NUMERIC)")
        connection.executemany("INSERT INTO t VALUES (?)", [[str(value)] for value in values])
        (found,) = connection.execute("SELECT sum(amount) FROM t").fetchone()
        running = connection.execute(
            "SELECT sum(amount) OVER (ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t"
        ).fetchall()
    assert found == (float(sum(values)) if values else None)
    assert [row[0] for row in running] == [
        float(sum(values[max(0, i - 2) : i + 1])) for i in range(len(values))
    ]


def test_what_no_float_holds_sums_to_its_text(amounts: sqlite3.Connection) -> None:
    texts = ["12,345,678,901,234.56", "98,765,432,109,876.54", "0.03"]
    amounts.executemany("INSERT INTO t VALUES (?)", [[text] for text in texts])
    add_functions(amounts)
    assert amounts.execute("SELECT sum(amount) FROM t").fetchone() == ("111111111011111.13",)


@pytest.mark.parametrize(
    "values", ["(1), (2)", "(null)", "('abc')", "(1.5), (null), ('2 人')", "(1e300), (1)",
               "(9e999), (-9e999)", "(9e999)", "(' 12 '), (x'3133')", "(0.0)", "(-0.0), (1e-300)"],
)  # fmt: skip
def test_other_values_sum_as_sqlite_sums_them(amounts: sqlite3.Connection, values: str) -> None:
    asked = f"SELECT sum(column1), total(column1), avg(column1) FROM (VALUES {values})"
    own = amounts.execute(asked).fetchone()
    add_functions(amounts)
    assert amounts.execute(asked).fetchone() == own
