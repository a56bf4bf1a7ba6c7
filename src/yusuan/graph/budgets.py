"""Budgets: a department's, or its own unit's, of one year and phase. Each is a named graph and a
DCAT dataset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from yusuan.facts.contents import disclosure_keys
from yusuan.graph.terms import Template
from yusuan.model.records import DocumentRecord
from yusuan.package import Package
from yusuan.package.read import records

__all__ = ["BudgetGraph", "budget_graphs", "budgets"]

_GRAPHS = {
    "department": "id/budget/{department}/{fiscal_year}/{phase}",
    "unit": "id/budget/{department}/{fiscal_year}/{phase}/unit",
}
"""By scope: 部门预算 holds the figures of all units, 单位预算 those of one."""


@dataclass(frozen=True, slots=True)
class BudgetGraph:
    """A budget with the rows of its documents: usually one, more when it was published anew."""

    graph: str
    documents: tuple[dict[str, str], ...]


def budget_graphs(package: Package) -> dict[str, str]:
    """The named graph, as an N-Triples term, of every document."""
    return {
        row["document"]: budget.graph for budget in budgets(package) for row in budget.documents
    }


def budgets(package: Package) -> Iterator[BudgetGraph]:
    """The budgets of a package, in the order of their first documents."""
    templates = {scope: Template(package.base + graph) for scope, graph in _GRAPHS.items()}
    groups = disclosure_keys(records(package, "documents", DocumentRecord))
    found: dict[str, list[dict[str, str]]] = {}
    for row in package.rows("documents"):
        # Department, year and phase are required columns, so a valid package has them.
        template = templates[groups[row["document"]][-1]]
        found.setdefault(template.expand(row) or "", []).append(row)
    for graph, rows in found.items():
        yield BudgetGraph(graph, tuple(rows))
