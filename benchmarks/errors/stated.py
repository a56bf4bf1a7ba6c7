"""Whether another number in running text contradicts what the document prints elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from benchmarks.errors.page import Address, Draft, Place
from benchmarks.errors.slips import number
from benchmarks.layouts.model import Table

__all__ = ["stands_out"]

HALF = Decimal("0.5")


def stands_out(
    draft: Draft, printed: Mapping[Address, Place], place: Place, text: str | None
) -> bool:
    """Whether no unrounded figures could be printed like this: a lookalike is no error."""
    value = number(text) if text else None
    if value is None or value == place.value:
        return False
    if place.kind in ("rate", "change"):
        return _contradicts(draft, printed, place, value)
    if place.kind == "share":
        part = _before(draft, printed, place, "amount")
        if part is None or not part.value:
            return False
        margin = place.value * part.step / abs(part.value) + Decimal("0.2")
        return abs(value - place.value) > margin
    if place.kind in ("procurement", "target-amount"):
        forms = sum(isinstance(block, Table) and block.kind == "targets" for block in draft.blocks)
        return abs(value - place.value) > place.step * (max(forms, 3) + 3)
    return abs(value - place.value) > place.step * 2 or place.kind in ("staff", "count")


def _before(
    draft: Draft, printed: Mapping[Address, Place], place: Place, kind: str
) -> Place | None:
    """The figure of a kind that stands last before a place in its paragraph."""
    block, _, part = place.address
    found = [printed[block, 0, at] for at in range(part) if (block, 0, at) in printed]
    return next((p for p in reversed(found) if p.kind == kind), None)


def _contradicts(
    draft: Draft, printed: Mapping[Address, Place], place: Place, value: Decimal
) -> bool:
    """Whether amount, change and rate cannot go together once one of the latter is replaced."""
    block, _, part = place.address
    amount = _before(draft, printed, place, "amount")
    if place.kind == "rate":
        change, rate = _before(draft, printed, place, "change"), place
    else:
        rates = [printed[block, 0, at] for at in range(part, part + 4) if (block, 0, at) in printed]
        change, rate = place, next((p for p in rates if p.kind == "rate"), place)
    if amount is None or change is None or rate.kind != "rate":
        return False
    words = draft.blocks[block]
    before = words[change.address[2] - 1] if isinstance(words, list) else ""
    sign = -1 if "减少" in str(before) else 1
    moved, stated = (change.value, value) if place.kind == "rate" else (value, rate.value)
    possible = []
    for a in (amount.value - HALF * amount.step, amount.value + HALF * amount.step):
        for c in (moved - HALF * change.step, moved + HALF * change.step):
            base = a - sign * c
            if base <= 0:
                return True
            possible.append(c / base * 100)
    return not min(possible) - rate.step * 2 <= stated <= max(possible) + rate.step * 2
