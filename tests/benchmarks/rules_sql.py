"""A country's worth of facts: the rules in DuckDB against frictionless row constraints.

Run from the top folder::

    python -m tests.benchmarks.rules_sql --facts 1000000 --seed 1

Generated disclosures in 元 are read as any other, and their facts repeated under other document
identifiers with all amounts multiplied, so that everything still adds up to the fen. Then
amounts are overwritten at a known rate in rows whose total has parts. The same rows in wide form,
one CSV for each table, go through frictionless with one row constraint each (total == part + …).
Both must name the rows that are wrong, and no others. Time is that of the processor.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from frictionless import Checklist, Resource, Schema, checks, fields

from tests.benchmarks.errors.layouts import make_draft
from tests.benchmarks.errors.page import draw
from tests.layouts.render import FORMATS
from yusuan.checks import load_rules
from yusuan.checks.ledger import ledger_of_packages
from yusuan.checks.queries import failing, relate
from yusuan.facts import Contents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.package.rows import resource_rows
from yusuan.schema import catalogue
from yusuan.sources.read import read_document

__all__ = ["SUMS", "Run", "by_frictionless", "by_rules", "compared", "write_facts", "write_wide"]

LAYOUT = "yuan"
"""Printed to the fen: nothing is rounded, so that a plain equation is right for every row."""
SUMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "expenditure-summary": ("total", ("basic", "project")),
    "general-budget-expenditure": ("total", ("basic", "project")),
    "revenue-summary": (
        "total",
        (
            "carry_over", "general_public_budget", "government_fund", "state_capital",
            "business_income", "operating_income", "other_income",
        ),
    ),
}  # fmt: skip
"""Which column of a table is the sum of which, in the layout that is repeated."""
Row = tuple[str, str]
"""A table, and the row of facts: document, table and row key in one."""


@dataclass(frozen=True)
class Run:
    """The rows found wrong and the processor time in seconds that it took."""

    wrong: frozenset[Row]
    seconds: float


def write_facts(
    folder: Path, facts: int, seed: int, base: int = 20, rate: int = 2_000
) -> frozenset[Row]:
    """``facts.parquet`` with at least so many facts; gives the rows overwritten.

    About one of ``rate`` amounts of the tables in ``SUMS`` is replaced.
    """
    resource = catalogue()["facts"]
    source = folder / "base.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in resource.fields])
        writer.writerows(resource_rows(resource, _contents(folder, seed, base), []))
    names = {field.name for field in resource.fields}
    moved = {
        "document": "new", "fact": "new || substr(fact, length(document) + 1)",
        '"row"': "new || substr(\"row\", length(document) + 1)", "amount": "(amount::DECIMAL(28, 2) * factor)::VARCHAR",
        **{key: f"case when {key} <> '' then new || substr({key}, length(document) + 1) end"
           for key in ("row_total", "column_total")},
    }  # fmt: skip
    replaced = ", ".join(
        f"{text} as {key}" for key, text in moved.items() if key.strip('"') in names
    )
    sums = " or ".join(
        f'("table" = \'{table}\' and "column" in {(total, *parts)})'
        for table, (total, parts) in SUMS.items()
    )
    hit = (f"({sums}) and phase = 'approved' and amount::DECIMAL(28, 2) <> 0 "
           f"and hash(fact || '{seed}') % {rate} = 0")  # fmt: skip
    with duckdb.connect() as database:
        database.execute(
            f"create table base as from read_csv('{source}', all_varchar=true, header=true)"
        )
        (count,) = database.execute("select count(*) from base").fetchone() or (0,)
        copies = -(-facts // count)
        database.execute(
            f"""create table facts as
            with numbered as (
                select *, document || 'x' || n as new, 1 + n % 9 as factor
                from base cross join range({copies}) copies(n)
            ),
            repeated as (select * exclude (new, factor) replace ({replaced}) from numbered)
            select * exclude (wrong) replace (
                case when wrong then (amount::DECIMAL(28, 2) + 1000)::VARCHAR else amount end as amount
            ), wrong from (select *, {hit} as wrong from repeated)"""
        )
        wrong = database.execute('select distinct "table", "row" from facts where wrong').fetchall()
        database.execute(
            f"copy (select * exclude (wrong) from facts) to '{folder / 'facts.parquet'}'"
        )
    return frozenset((table, row) for table, row in wrong)


def _contents(folder: Path, seed: int, base: int) -> Contents:
    disclosures = []
    for number in range(base):
        draft = make_draft(LAYOUT, f"{seed} {number}")
        path = folder / f"{number}.{FORMATS[draft.format][0]}"
        path.write_bytes(draw(draft, {}))
        disclosures.append(understand(read_document(path)))
    return compile_contents(disclosures)


def write_wide(folder: Path) -> None:
    """The rows of each table in ``SUMS`` as a CSV: row, total, parts; blanks as 0."""
    with duckdb.connect() as database:
        for table, (total, parts) in SUMS.items():
            columns = ", ".join(
                f"coalesce(max(amount::DECIMAL(28, 2)) filter (where \"column\" = '{name}'), 0) as {name}"
                for name in (total, *parts)
            )
            database.execute(
                f"""copy (
                    select "row", {columns} from read_parquet('{folder / "facts.parquet"}')
                    where "table" = '{table}' and "column" in {(total, *parts)} and phase = 'approved'
                    group by "row" order by "row"
                ) to '{folder / table}.csv' (header, delimiter ',')"""
            )


def by_rules(file: Path, families: Sequence[str] = ()) -> Run:
    """The rows whose total contradicts their parts, by the rules in SQL; all families by default.

    This is where the engine is plugged in: a file of facts in, rows of ``row-sum`` out.
    """
    rules = [rule for rule in load_rules() if not families or rule.family in families]
    start = time.process_time()
    ledger = ledger_of_packages([file])
    relate(ledger, rules)
    found = failing(ledger)
    totals = [relation for rule, relation, difference, slack, *_ in found
              if rules[rule].family == "row-sum" and abs(difference) > slack]  # fmt: skip
    rows = ledger.execute(
        "select tab, document || '-' || tab || '-' || key from amounts where id in (select unnest(?))",
        [totals],
    ).fetchall()
    seconds = time.process_time() - start
    ledger.close()
    return Run(frozenset((table, row) for table, row in rows if table in SUMS), seconds)


def by_frictionless(folder: Path) -> Run:
    """The same by frictionless: a Table Schema and a row constraint for each table."""
    wrong: set[Row] = set()
    seconds = 0.0
    for table, (total, parts) in SUMS.items():
        schema = Schema(fields=[
            fields.StringField(name="row"), *(fields.NumberField(name=name) for name in (total, *parts))
        ])  # fmt: skip
        resource = Resource(path=f"{table}.csv", basepath=str(folder), schema=schema)
        constraint = checks.row_constraint(formula=f"{total} == {' + '.join(parts)}")
        start = time.process_time()
        report = resource.validate(Checklist(checks=[constraint]), limit_errors=sys.maxsize)
        seconds += time.process_time() - start
        for error in report.tasks[0].errors:
            assert error.type == "row-constraint", error.message
            wrong.add((table, error.cells[0]))  # type: ignore[attr-defined]
    return Run(frozenset(wrong), seconds)


def compared(facts: int, seed: int) -> Iterator[str]:
    """The report: how many rows are wrong, by both, and how long each took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seeded = write_facts(folder, facts, seed)
        write_wide(folder)
        theirs = by_frictionless(folder)
        every = by_rules(folder / "facts.parquet")
        alone = by_rules(folder / "facts.parquet", ["row-sum"])
        with duckdb.connect() as database:
            file = folder / "facts.parquet"
            (count,) = database.execute(f"select count(*) from '{file}'").fetchone() or (0,)
        rows = sum((folder / f"{table}.csv").read_bytes().count(b"\n") - 1 for table in SUMS)
    yield f"facts {count}, rows in wide form {rows}, rows seeded {len(seeded)}"
    yield f"frictionless: {len(theirs.wrong)} rows wrong, {theirs.seconds:.1f} s"
    yield f"all rules in SQL: {len(every.wrong)} rows wrong, {every.seconds:.1f} s, {theirs.seconds / every.seconds:.1f} x"
    yield f"row-sum in SQL: {len(alone.wrong)} rows wrong, {alone.seconds:.1f} s, {theirs.seconds / alone.seconds:.1f} x"
    yield f"same verdicts: {theirs.wrong == every.wrong == alone.wrong}; all seeded found: {seeded == every.wrong}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.rules_sql", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    for line in compared(given.facts, given.seed):
        print(line)


if __name__ == "__main__":
    main()
