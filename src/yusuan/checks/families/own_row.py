"""Units in two documents: what a unit prints against the row its department's tables have of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yusuan.checks import place
from yusuan.checks.figures import compare, of_fact
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.linking.names import unit_among
from yusuan.model.findings import Evidence
from yusuan.model.records import DocumentRecord, Fact

__all__ = ["FAMILY", "Compared", "compared", "unlike_own_row"]

FAMILY = "unit-own-row"
Key = tuple[str, int, str, str, str]
"""Table, year, phase, code ("" for the whole of the unit), and what of it the column is about."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell of a unit's document, and the cells of its department's that print the same."""

    own: Fact
    listed: tuple[Fact, ...]

    @property
    def difference(self) -> Decimal:
        return abs(self.own.amount - sum((fact.amount for fact in self.listed), Decimal(0)))

    @property
    def verdict(self) -> str | None:
        """None where both agree, else whether rounding or cutting off explains it."""
        return compare(of_fact(self.own), [of_fact(fact) for fact in self.listed])


def compared(part: DocumentRecord, own: Iterable[Fact], whole: Iterable[Fact]) -> list[Compared]:
    """The cells of a unit that its department's document has in rows of that unit.

    Rows are of one code, or of the unit as a whole: there a row that the department prints for
    the unit counts, else what it prints by code is added up. A cell that one of the two prints
    more than once is left out, and so is what belongs to a project.
    """
    whole = list(whole)
    body = unit_among(part.all_names, {fact.body for fact in whole if fact.body})
    if body is None:
        return []
    # the row of a body that holds other bodies is of a department, not of one of its units
    holding = {fact.column_total for fact in whole if fact.body != body and fact.body}
    listed = [fact for fact in whole if fact.body == body and fact.fact not in holding]
    own_cells = _cells(fact for fact in own if fact.body is None or fact.body == body)
    cells: Mapping[Key, Sequence[Fact]] = {**_added_up(listed), **_cells(listed)}
    return [
        Compared(own_cells[key][0], tuple(cells[key]))
        for key in own_cells.keys() & cells.keys()
        if len(own_cells[key]) == 1
    ]


def unlike_own_row(rule: Rule, pairs: Sequence[Compared], whole: DocumentRecord) -> Iterator[Hit]:
    """What differs most, one a table: by code where that shows it; contradictions before rounding."""
    tables: dict[str, list[tuple[Compared, str]]] = defaultdict(list)
    for pair in pairs:
        if verdict := pair.verdict:
            tables[pair.own.table].append((pair, verdict))
    for differing in tables.values():
        pair, verdict = max(
            differing,
            key=lambda each: (
                each[1] == "error", bool(_code(each[0].own)), each[0].difference, each[0].own.fact
            ),
        )  # fmt: skip
        yield _hit(rule, pair, verdict, whole)


def _hit(rule: Rule, pair: Compared, verdict: str, whole: DocumentRecord) -> Hit:
    own, figure = pair.own, of_fact(pair.own)
    where = place.of_fact(pair.listed[0])
    more = len(pair.listed) - 1
    other = (
        f"“{whole.file}”{where.zh}" + (f"等{more + 1}处合计" if more else ""),
        f"{whole.file}, {where.en}" + (f" and {more} more cells together" if more else ""),
    )
    return Hit(
        rule=rule, document=own.document, place=place.of_fact(own), fact=own.fact,
        verdict=verdict, printed=own.printed, unit=figure.unit_name,
        expected=figure.number(sum((fact.amount for fact in pair.listed), Decimal(0))),
        other=other, evidence=tuple(_counterpart(fact, whole) for fact in pair.listed),
    )  # fmt: skip


def _counterpart(fact: Fact, whole: DocumentRecord) -> Evidence:
    where, unit = place.of_fact(fact), of_fact(fact).unit_name
    return Evidence(
        role="counterpart", fact=fact.fact, printed=fact.printed,
        statement_zh=f"“{whole.file}”{where.zh}为{fact.printed}{unit}",
        statement_en=f"{whole.file}, {where.en} has {fact.printed}{unit}",
    )  # fmt: skip


def _cells(facts: Iterable[Fact]) -> Mapping[Key, list[Fact]]:
    """Facts by what they are about; of a document that prints a cell twice, both."""
    found: dict[Key, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.project or fact.row_type == "of-which":
            continue
        if code := _code(fact):
            if fact.column:
                found[_key(fact, code, fact.column)].append(fact)
        elif of := _of_whole(fact):
            found[_key(fact, "", of)].append(fact)
    return {key: each for key, each in found.items() if len(each) == 1}


def _added_up(listed: Iterable[Fact]) -> Mapping[Key, tuple[Fact, ...]]:
    """The lowest rows by code, for the unit as a whole."""
    found: dict[Key, list[Fact]] = defaultdict(list)
    for fact in listed:
        if _code(fact) and fact.column and fact.row_type == "detail" and not fact.project:
            found[_key(fact, "", fact.column)].append(fact)
    return {key: tuple(facts) for key, facts in found.items()}


def _key(fact: Fact, code: str, of: str) -> Key:
    return (fact.table, fact.fiscal_year, fact.phase, code, of)


def _code(fact: Fact) -> str:
    return fact.functional_code or fact.economic_code or fact.government_economic_code or ""


def _of_whole(fact: Fact) -> str | None:
    """What a cell says of the body as a whole: its item, else its column; None of a part of it."""
    if fact.item not in (None, "total", "change"):
        return fact.item
    whole = fact.row_type == "total" or (fact.body and fact.row_label == fact.body)
    return fact.column if whole else None
