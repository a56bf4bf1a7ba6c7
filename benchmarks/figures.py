"""How spending and revenue add up: ``python -m benchmarks.figures PACKAGE ...`` prints a table.

A row is a budget with the total that it prints, how many leaves add up to it, from which tables,
and what is left over. The packages may be built anew of any documents.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal

from yusuan.package import Package, open_package

__all__ = ["lines"]

_HEAD = """\
| department, year, phase | | total (yuan) | leaves | finest function | residual | share |
|---|---|---:|---:|---|---:|---:|"""


def lines(package: Package) -> Iterator[str]:
    """The rows of the table, in Markdown."""
    totals = {
        row["figure"]: Decimal(row["amount"]) for row in package.rows("figures") if row["amount"]
    }
    for name in ("spending", "revenue"):
        leaves: dict[str, list[dict[str, str]]] = {}
        for row in package.rows(name):
            own = leaves.setdefault(row["budget"], [])
            if row["part"] == "leaf":
                own.append(row)
                continue
            total, residual = totals[row["total"]], Decimal(row["amount"])
            share = abs(residual) * 100 / total if total else Decimal(0)
            digits = max(len(leaf["function_code"]) for leaf in own) if own else 0
            code = row["total"].rpartition("/")[2]
            yield (
                f"| {row['department_name']}, {row['fiscal_year']}, {row['phase']} | {name}, {code} "
                f"| {total:,} | {len(own)} | {f'{digits} digits' if digits else '—'} "
                f"| {residual:,} | {share:.2f} % |"
            )


if __name__ == "__main__":
    print(_HEAD)
    for folder in sys.argv[1:]:
        for line in lines(open_package(folder)):
            print(line)
