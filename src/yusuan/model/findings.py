"""What a check found, and what that rests on, as plain frozen records.

Field names are the column names of ``findings`` and ``evidence`` in ``schemas/resources``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = ["VERDICTS", "Certainty", "Evidence", "EvidenceRole", "Finding", "Verdict"]

Verdict = Literal["error", "warning", "truncation", "rounding", "note"]
"""``error`` cannot hold; ``warning`` needs a look; ``truncation``: cut off at the last printed digit
instead of rounded; ``rounding`` explains the difference; ``note`` informs."""

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
"""Worst first."""

Certainty = Literal["proven", "likely", "tied"]
"""``proven``: no other change of as few numbers would do; ``likely``: others would, and this is clearly
the likeliest; ``tied``: several are as likely, and none is named."""

EvidenceRole = Literal["contradiction", "counterpart", "repetition", "candidate"]
"""A relation that cannot hold; a number of it; another print of a wrong number; what may be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a finding rests on: a relation that cannot hold, or a number that may be wrong.

    Its key and finding are given when it is published (``evidence_rows``); ``about`` is what it
    points at, within the document where that is neither fact nor claim.
    """

    role: EvidenceRole
    statement_zh: str
    statement_en: str
    rule: str | None = None
    explanation: int | None = None
    fact: str | None = None
    claim: str | None = None
    about: str = field(default="", metadata={"internal": True})
    printed: str | None = None
    proposed: str | None = None
    slip: str | None = None
    holds: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found. ``printed``, ``expected`` and ``proposed`` are in ``unit``, as the source has it."""

    finding: str
    rule: str
    verdict: Verdict
    document: str
    location: str
    message_zh: str
    message_en: str
    table: str | None = None
    page: int | None = None
    line: int | None = None
    cell: str | None = None
    fact: str | None = None
    claim: str | None = None
    printed: str | None = None
    expected: str | None = None
    proposed: str | None = None
    unit: str | None = None
    certainty: Certainty | None = None
    slip: str | None = None
    evidence: tuple[Evidence, ...] = field(default=(), metadata={"internal": True})

    @property
    def target(self) -> str:
        """What it is about, as the path of an IRI: the cell of its fact, its claim, else the
        document with a page (RFC 8118) or line (RFC 5147) as its fragment."""
        if self.fact:
            return f"cell/{self.fact}"
        if self.claim:
            return f"claim/{self.claim}"
        if self.page:
            return f"document/{self.document}#page={self.page}"
        if self.line:
            return f"document/{self.document}#line={self.line - 1},{self.line}"
        return f"document/{self.document}"
