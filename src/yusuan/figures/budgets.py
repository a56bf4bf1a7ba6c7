"""The budgets of a package: each once, however many files print it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from yusuan.facts.contents import disclosure_keys
from yusuan.figures.printed import Budget
from yusuan.model.records import DocumentRecord
from yusuan.schema import catalogue
from yusuan.schema.records import record_of

__all__ = ["Budgets", "Rows", "find_budgets"]

Row = Mapping[str, str]
Rows = Callable[[str], Iterable[Row]]
"""The rows of a resource of a package, by its name."""


@dataclass(frozen=True, slots=True)
class Budgets:
    """``of`` is the budget of each document, ``table_from`` the document that a table of a budget
    is taken from, by the keys of both."""

    listed: tuple[Budget, ...]
    of: Mapping[str, str]
    table_from: Mapping[tuple[str, str], str]


def find_budgets(rows: Rows) -> Budgets:
    """The budgets in the order of their first documents.

    Where documents of one budget print the same table, the one issued last counts; of those
    issued on one day, or without a date, the one that prints most.
    """
    resource = catalogue()["documents"]
    documents = [record_of(DocumentRecord, resource, row) for row in rows("documents")]
    keys = disclosure_keys(documents)
    held: dict[str, list[DocumentRecord]] = defaultdict(list)
    for document in documents:
        held[_key(*keys[document.document])].append(document)
    of = {each.document: budget for budget, found in held.items() for each in found}
    printed = _printed(rows("published-tables"))
    part_of = {
        of[row["subject"]]: of[row["object"]]
        for row in rows("links")
        if row["kind"] == "part-of" and of[row["subject"]] != of[row["object"]]
    }
    table_from: dict[tuple[str, str], str] = {}
    listed = []
    for budget, found in held.items():
        order = sorted(found, key=lambda each: sum(printed[each.document].values()), reverse=True)
        order.sort(key=lambda each: str(each.published or ""), reverse=True)
        for document in order:
            for table in printed[document.document]:
                table_from.setdefault((budget, table), document.document)
        counted = {table_from[budget, table] for each in found for table in printed[each.document]}
        superseded = [
            d.document for d in found if printed[d.document] and d.document not in counted
        ]
        first = found[0]
        scopes = {document.scope for document in found} - {None}
        listed.append(
            Budget(
                budget=budget,
                title=next((d.title for d in found if d.title), None),
                department=first.department,
                fiscal_year=str(first.fiscal_year),
                phase=first.phase,
                kind=next(iter(scopes), None),
                part_of=part_of.get(budget),
                documents=tuple(d.document for d in found if d.document not in superseded),
                superseded=tuple(superseded),
            )
        )
    return Budgets(tuple(listed), of, table_from)


def _key(department: str, year: int, phase: str, scope: str) -> str:
    """As in the IRIs of budgets: that of a unit's own budget beside its department's says so."""
    return "/".join([department, str(year), phase, *(["unit"] if scope == "unit" else [])])


def _printed(tables: Iterable[Row]) -> dict[str, dict[str, int]]:
    """How many amounts each document prints in each kind of table, where it prints some."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in tables:
        if int(row["amounts"]):
            counts = found[row["document"]]
            counts[row["table"]] = counts.get(row["table"], 0) + int(row["amounts"])
    return found
