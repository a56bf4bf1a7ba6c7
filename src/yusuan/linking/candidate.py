"""A link before it is judged: what it says, how it was found, what that rests on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yusuan.linking.settings import settings

__all__ = ["BUDGET", "DEPARTMENT", "DOCUMENT", "PROJECT", "Candidate", "code"]

BUDGET, DEPARTMENT, DOCUMENT, PROJECT = "budget", "department", "document", "project"
"""What a key is of, as the IRIs below ``id/`` begin."""


def code(list_name: str) -> str:
    """What the keys of a code list are of."""
    return f"code/{list_name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """``likeness`` (0 to 1) is 1 unless names were compared. ``evidence`` comes in zh and en."""

    kind: str
    subject: tuple[str, str]
    object: tuple[str, str]
    method: str
    evidence: tuple[str, str]
    likeness: float = 1.0

    @property
    def confidence(self) -> Decimal:
        sure = settings().methods[self.method].confidence * Decimal(str(self.likeness))
        return sure.quantize(Decimal("0.01"))

    @property
    def accepted(self) -> bool:
        return self.confidence >= settings().accept

    def columns(self) -> dict[str, Any]:
        """The columns of its row."""
        (subject_type, subject), (object_type, target) = self.subject, self.object
        own, other = (key.replace("/", "-") for key in (subject, target))
        prefix = f"{subject_type.partition('/')[2]}-" if "/" in subject_type else ""
        return {
            "link": f"{self.kind}-{prefix}{own}--{other}",
            "kind": self.kind,
            "subject_type": subject_type,
            "subject": subject,
            "predicate": settings().predicates[self.kind],
            "object_type": object_type,
            "object": target,
            "method": self.method,
            "confidence": self.confidence,
            "evidence_zh": self.evidence[0],
            "evidence_en": self.evidence[1],
        }
