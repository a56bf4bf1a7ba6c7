"""A country's worth of facts: the rules in DuckDB against frictionless row constraints.

Run from the top folder::

    python -m benchmarks.rules_sql --facts 1000000 --seed 1

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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from frictionless import Checklist, Resource, Schema, checks, fields

from benchmarks.errors.layouts import make_draft
from benchmarks.errors.page import draw
from benchmarks.layouts.render import FORMATS
from yusuan.checks import load_rules
from yusuan.checks.sql.sweep import Sweep
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.package.write import resource_rows
from yusuan.schema import Resource as Described
from yusuan.schema import catalogue
from yusuan.sources.read import read_document

__all__ = [
    "Run",
    "by_frictionless",
    "by_rules",
    "compared",
    "write_csv",
    "write_facts",
    "write_wide",
]

LAYOUT = "yuan"
"""Printed to the fen: nothing is rounded, so that a plain equation is right for every row."""
Sums = Mapping[str, Mapping[str, Sequence[str]]]
"""By table, which printed column is the sum of which others."""
Row = tuple[str, str]
"""A table, and the row of facts: document, table and row key in one."""


@dataclass(frozen=True)
class Run:
    """The rows found wrong and the processor time in seconds that it took."""

    wrong: frozenset[Row]
    seconds: float


def write_facts(
    folder: Path, facts: int, seed: int, base: int = 20, rate: int = 2_000
) -> tuple[Sums, frozenset[Row]]:
    """``facts.parquet`` with at least so many facts; gives the sums printed and the rows overwritten.

    About one of ``rate`` amounts that are sums or parts of one is replaced.
    """
    contents = _contents(folder, seed, base)
    printed_sums = sums_of(contents)
    resource = catalogue()["facts"]
    write_csv(folder / "base.csv", resource, contents)
    write_csv(folder / "base-documents.csv", catalogue()["documents"], contents)
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
        f'("table" = \'{table}\' and "column" in {tuple(_columns(own))})'
        for table, own in printed_sums.items()
    )
    hit = (f"({sums}) and (row_total <> '' or fact in (select row_total from repeated)) and amount::DECIMAL(28, 2) <> 0 "
           f"and hash(fact || '{seed}') % {rate} = 0")  # fmt: skip
    with duckdb.connect() as database:
        database.execute(
            f"create table base as from read_csv('{folder / 'base.csv'}', all_varchar=true, header=true)"
        )
        (count,) = database.execute("select count(*) from base").fetchone() or (0,)
        copies = -(-facts // count)
        database.execute(
            f"""create table facts as
            with numbered as (
                select *, document || 'x' || n as new, 1 + n % 9 as factor
                from base cross join range({copies}) copies(n)
            ),
            repeated as (select * exclude (new, factor, n) replace ({replaced}) from numbered),
            struck as (
                select *, fact in (select row_total from repeated) as whole, {hit} as wrong
                from repeated
            )
            select * exclude (whole, wrong) replace (
                -- a sum and one of its parts must not be wrong by the same
                case when wrong then (amount::DECIMAL(28, 2) + if(whole, 1700, 1000))::VARCHAR
                else amount end as amount
            ), wrong
            from struck"""
        )
        wrong = database.execute('select distinct "table", "row" from facts where wrong').fetchall()
        database.execute(
            f"copy (select * exclude (wrong) from facts) to '{folder / 'facts.parquet'}'"
        )
        database.execute(
            f"""copy (
                select * exclude (n) replace (document || 'x' || n as document)
                from read_csv('{folder / "base-documents.csv"}', all_varchar=true, header=true)
                cross join range({copies}) copies(n)
            ) to '{folder / "documents.parquet"}'"""
        )
    return printed_sums, frozenset((table, row) for table, row in wrong)


def write_csv(path: Path, resource: Described, contents: PackageContents) -> None:
    """A resource of a package by itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in resource.fields])
        writer.writerows(resource_rows(resource, contents, []))


def sums_of(contents: PackageContents) -> Sums:
    """The sums that the schema states, of the columns that are printed: instead of a part that
    is not, its own parts."""
    columns: dict[str, set[str]] = defaultdict(set)
    for fact in contents.facts:
        if fact.column:
            columns[fact.table].add(fact.column)
    found: dict[str, dict[str, list[str]]] = {}
    for table, printed in sorted(columns.items()):
        resource = catalogue()[table]

        def parts_of(
            name: str, resource: Described = resource, printed: set[str] = printed
        ) -> list[str]:
            below = resource.field(name).sum_of
            return [p for part in below for p in ([part] if part in printed else parts_of(part))]

        own = {name: parts for name in sorted(printed) if (parts := parts_of(name))}
        if own:
            found[table] = own
    return found


def _columns(own: Mapping[str, Sequence[str]]) -> list[str]:
    """The totals of a table and their parts, each once."""
    return list(dict.fromkeys(name for total, parts in own.items() for name in (total, *parts)))


def _contents(folder: Path, seed: int, base: int) -> PackageContents:
    disclosures = []
    for number in range(base):
        draft = make_draft(LAYOUT, f"{seed} {number}")
        draft.format = "markdown"  # always the same bytes, and so the same identifiers
        path = folder / f"{number}.{FORMATS[draft.format][0]}"
        path.write_bytes(draw(draft, {}))
        disclosures.append(understand(read_document(path)))
    return compile_contents(disclosures)


def write_wide(folder: Path, sums: Sums) -> None:
    """The rows of each table that break a total down, as a CSV: row, amounts; blanks as 0."""
    with duckdb.connect() as database:
        for table, own in sums.items():
            names = _columns(own)
            parts = tuple({part for below in own.values() for part in below})
            columns = ", ".join(
                f"coalesce(max(amount::DECIMAL(28, 2)) filter (where \"column\" = '{name}'), 0) as {name}"
                for name in names
            )
            database.execute(
                f"""copy (
                    select "row", {columns} from read_parquet('{folder / "facts.parquet"}')
                    where "table" = '{table}' and "column" in {tuple(names)}
                    group by "row" having count(*) filter (where "column" in {(*parts, "")}) > 0
                    order by "row"
                ) to '{folder / table}.csv' (header, delimiter ',')"""
            )


def by_rules(folder: Path, families: Sequence[str] = ()) -> Run:
    """The rows whose total contradicts their parts, by the rules in SQL; all families by default.

    This is where the engine is plugged in: a package in, rows of ``row-sum`` out.
    """
    rules = [rule for rule in load_rules() if not families or rule.family in families]
    start = time.process_time()
    wrong = {
        (found.table, found.fact.removesuffix(f"-{found.column.replace('_', '-')}"))
        for found in Sweep([folder], rules)
        if found.rule == "row-sum" and found.verdict == "error"
    }
    return Run(frozenset(wrong), time.process_time() - start)


def by_frictionless(folder: Path, sums: Sums) -> Run:
    """The same by frictionless: a Table Schema and a row constraint for each sum of each table."""
    wrong: set[Row] = set()
    seconds = 0.0
    for table, own in sums.items():
        names = [fields.NumberField(name=name) for name in _columns(own)]
        schema = Schema(fields=[fields.StringField(name="row"), *names])
        resource = Resource(path=f"{table}.csv", basepath=str(folder), schema=schema)
        constraints = [
            checks.row_constraint(formula=f"{total} == {' + '.join(parts)}")
            for total, parts in own.items()
        ]
        start = time.process_time()
        report = resource.validate(Checklist(checks=constraints), limit_errors=sys.maxsize)
        seconds += time.process_time() - start
        for error in report.tasks[0].errors:
            assert error.type == "row-constraint", error.message
            wrong.add((table, error.cells[0]))  # type: ignore[attr-defined]
    return Run(frozenset(wrong), seconds)


def compared(facts: int, seed: int) -> Iterator[str]:
    """The report: how many rows are wrong, by both, and how long each took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sums, seeded = write_facts(folder, facts, seed)
        write_wide(folder, sums)
        theirs = by_frictionless(folder, sums)
        every, alone = by_rules(folder), by_rules(folder, ["row-sum"])
        with duckdb.connect() as database:
            (count,) = database.execute(
                f"select count(*) from '{folder / 'facts.parquet'}'"
            ).fetchone() or (0,)
        rows = sum((folder / f"{table}.csv").read_bytes().count(b"\n") - 1 for table in sums)
    yield f"facts {count}, rows in wide form {rows} of {len(sums)} tables, rows overwritten {len(seeded)}"
    yield f"frictionless        {len(theirs.wrong):>6} rows wrong {theirs.seconds:>7.2f} s"
    for label, run in (("all rules in SQL", every), ("row-sum in SQL", alone)):
        yield (f"{label:<20}{len(run.wrong):>6} rows wrong {run.seconds:>7.2f} s, reading of the facts "
               f"included; {theirs.seconds / run.seconds:.1f} x as fast")  # fmt: skip
    same = theirs.wrong == every.wrong == alone.wrong
    yield f"same verdicts: {same}; just the rows overwritten: {seeded == every.wrong}"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.rules_sql", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    for line in compared(given.facts, given.seed):
        print(line)


if __name__ == "__main__":
    main()
