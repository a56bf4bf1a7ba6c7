"""Budgets: a department's, of one year and phase. Each is a named graph and a DCAT dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yusuan.graph.terms import Template
from yusuan.package import Package

__all__ = ["Budget", "budget_graphs", "budgets"]

_GRAPH = "id/budget/{department}/{fiscal_year}/{phase}"


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget with the rows of its documents: usually one, more when it was published anew."""

    graph: str
    documents: tuple[dict[str, str], ...]


def budget_graphs(package: Package) -> dict[str, str]:
    """The named graph, as an N-Triples term, of every document."""
    return {
        row["document"]: budget.graph for budget in budgets(package) for row in budget.documents
    }


def budgets(package: Package) -> Iterator[Budget]:
    """The budgets of a package, in the order of their first documents."""
    template = Template(package.base + _GRAPH)
    found: dict[str, list[dict[str, str]]] = {}
    for row in package.rows("documents"):
        # Department, year and phase are required columns, so a valid package has them.
        found.setdefault(template.expand(row) or "", []).append(row)
    for graph, rows in found.items():
        yield Budget(graph, tuple(rows))
