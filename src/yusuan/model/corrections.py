"""A correction that a reviewer signed, as a plain frozen record.

Field names are the column names of ``corrections`` in ``schemas/resources``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

__all__ = ["Correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Either ``fact`` or ``claim`` is set. Amounts are in yuan, ``corrected_value`` in ``unit``;
    ``decimals`` are those that ``corrected`` is spelled with."""

    correction: str
    document: str
    fact: str | None
    claim: str | None
    published: str
    published_amount: Decimal | None
    corrected: str
    corrected_value: Decimal
    unit: str
    corrected_amount: Decimal | None
    reviewer: str
    date: date | None
    comment: str | None
    rule: str | None
    finding: str | None
    patch: str
    patch_line: int
    patch_sha256: str
    decimals: int = field(metadata={"internal": True})
