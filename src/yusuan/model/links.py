"""What things of several documents have to do with each other, as plain frozen records.

Field names are the column names of ``links``, ``organisation-changes``, ``organisation-names``
and ``links-to-review`` in ``schemas/resources``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["DoubtfulLink", "OrganisationChange", "OrganisationName", "RecordLink"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _LinkColumns:
    """``subject`` and ``object`` are keys; the types say of what, as their IRIs begin."""

    link: str
    kind: str
    subject_type: str
    subject: str
    predicate: str
    object_type: str
    object: str
    method: str
    confidence: Decimal
    evidence_zh: str
    evidence_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink(_LinkColumns):
    """A link that holds, and is stated in the graph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLink(_LinkColumns):
    """A link that may hold; what it says is in no graph until someone has judged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChange:
    """An organisation renamed. Both are the same where one row has it under both names.

    ``fiscal_year`` is the first year with a budget under the new name.
    """

    change: str
    before: str
    after: str
    name_before: str
    name_after: str
    fiscal_year: int
    method: str
    confidence: Decimal
    evidence_zh: str
    evidence_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationName:
    """A name of a department besides the preferred one; ``document`` is the first to print it."""

    alias: str
    department: str
    name: str
    document: str
    method: str
    confidence: Decimal
    evidence_zh: str
    evidence_en: str
