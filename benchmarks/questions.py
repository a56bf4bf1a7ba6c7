"""What the ten questions cost in both languages: ``python -m benchmarks.questions PACKAGE ...``.

Each question of ``publish/queries`` is asked in SQL of the SQLite file and in SPARQL of the graph of
each package, one after the other in one process; CPU time is printed, and whether both languages gave
as many rows. Before that: what a plain sum of all facts gives against the spending of each package::

    python -m benchmarks.questions ten/ hundred/
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox

from yusuan.files.data import data_path, read_yaml
from yusuan.package import Package, open_package
from yusuan.sql.functions import add_functions

__all__ = ["costs", "sums"]


def sums(package: Package) -> str:
    """The sum of all facts of expenditure, that of spending, and that of the printed totals."""
    facts = sum(
        (Decimal(row["amount"]) for row in package.rows("facts")
         if row["direction"] == "expenditure" and row["amount"]),
        Decimal(0),
    )  # fmt: skip
    spending = sum((Decimal(row["amount"]) for row in package.rows("spending")), Decimal(0))
    figures = {row["figure"]: row["amount"] for row in package.rows("figures")}
    wanted = {row["total"] for row in package.rows("spending") if row["part"] == "residual"}
    printed = sum((Decimal(figures[key]) for key in wanted), Decimal(0))
    documents = sum(1 for _ in package.rows("documents"))
    return (
        f"| {documents} | {facts:,.2f} | {spending:,.2f} | {printed:,.2f} "
        f"| {facts / spending:.1f} |"
    )


def costs(packages: Sequence[Package]) -> Iterator[str]:
    """A row for each question: its lines, and for each package rows and seconds of CPU."""
    for question in read_yaml(data_path("publish", "queries", "questions.yaml"))["questions"]:
        name = question["id"]
        sql, sparql = (
            data_path("publish", "queries", f"{name}.{ending}").read_text("utf-8")
            for ending in ("sql", "rq")
        )
        cells = [name, f"{_lines(sql)} / {_lines(sparql)}"]
        for package in packages:
            one, other = _in_sql(package, sql), _in_sparql(package, sparql)
            rows = f"{one[0]}" if one[0] == other[0] else f"{one[0]} ≠ {other[0]}"
            cells += [rows, f"{one[1]:.3f}", f"{other[1]:.3f}"]
        yield "| " + " | ".join(cells) + " |"


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _in_sql(package: Package, query: str) -> tuple[int, float]:
    file = package.file("budget.db")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as database:
        add_functions(database)
        begun = time.process_time()
        return len(database.execute(query).fetchall()), time.process_time() - begun


def _in_sparql(package: Package, query: str) -> tuple[int, float]:
    store = ox.Store.read_only(str(package.store()))
    begun = time.process_time()
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return sum(1 for _ in found), time.process_time() - begun


def main(folders: Sequence[str]) -> None:
    packages = [open_package(Path(folder)) for folder in folders]
    print(
        "| documents | sum of facts (expenditure) | sum of spending | printed totals | facts / spending |"
    )
    print("|---:|---:|---:|---:|---:|")
    for package in packages:
        print(sums(package))
    documents = [sum(1 for _ in package.rows("documents")) for package in packages]
    heads = [f"rows, {n} documents | SQL s | SPARQL s" for n in documents]
    print(f"\n| question | lines SQL / SPARQL | {' | '.join(heads)} |")
    print("|---|---|" + "---:|---:|---:|" * len(packages))
    for line in costs(packages):
        print(line)


if __name__ == "__main__":
    main(sys.argv[1:])
