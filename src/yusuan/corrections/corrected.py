"""The contents as they would be with corrections applied, only to check them once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from yusuan.facts import Contents, compile_contents
from yusuan.model.corrections import Correction
from yusuan.model.money import PrintedNumber
from yusuan.model.records import Claim
from yusuan.narrative.disclosure import Disclosure
from yusuan.tables import Amount, StandardTable

__all__ = ["corrected_contents"]

Spot = tuple[str, str, int | None, int, str]
"""Document, table, page, line and cell."""


def corrected_contents(contents: Contents, corrections: Iterable[Correction]) -> Contents:
    """New contents, compiled from tables that hold the corrected numbers; what is derived from
    them (projects, rows) follows. The contents given are not changed."""
    by_key = {correction.correction: correction for correction in corrections}
    spots = {
        (fact.document, fact.table, fact.page, fact.line, fact.cell): by_key[fact.fact]
        for fact in contents.facts
        if fact.fact in by_key
    }
    changed = compile_contents([_disclosure(each, spots) for each in contents.disclosures.values()])
    changed.claims = [
        _claim(claim, by_key[claim.claim]) if claim.claim in by_key else claim
        for claim in changed.claims
    ]
    return changed


def _disclosure(disclosure: Disclosure, spots: Mapping[Spot, Correction]) -> Disclosure:
    if not any(spot[0] == disclosure.document.id for spot in spots):
        return disclosure
    tables = tuple(_table(table, disclosure.document.id, spots) for table in disclosure.tables)
    return replace(disclosure, tables=tables)


def _table(table: StandardTable, document: str, spots: Mapping[Spot, Correction]) -> StandardTable:
    def amount(read: Amount) -> Amount:
        position = read.cell.position
        spot = (document, table.resource.name, position.page, position.line, read.cell.address)
        found = spots.get(spot)
        return replace(read, number=_number(found, read.number.decimals)) if found else read

    rows = (replace(row, amounts=tuple(map(amount, row.amounts))) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _number(correction: Correction, decimals: int) -> PrintedNumber:
    """As precise as the cell was printed, at least: programs drop the zeros of 64.00."""
    return PrintedNumber(
        correction.corrected, correction.corrected_value, max(correction.decimals, decimals)
    )


def _claim(claim: Claim, correction: Correction) -> Claim:
    return replace(
        claim,
        value=correction.corrected_value,
        amount=correction.corrected_amount,
        decimals=max(correction.decimals, claim.decimals),
    )
