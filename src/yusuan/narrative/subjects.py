"""The subjects that claims are about, as ``schemas/narrative.yaml`` knows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from yusuan.model.text import normal
from yusuan.narrative.passages import reading
from yusuan.narrative.wording import pattern

__all__ = ["Known", "equal_cells", "known_subjects", "subjects"]


def subjects() -> list[dict[str, Any]]:
    """The subjects that ``schemas/narrative.yaml`` knows."""
    known: Any = reading()["subjects"]
    return list(known)


def equal_cells(subject: dict[str, Any]) -> list[dict[str, Any]]:
    """The table cells one of which must print what is stated of a subject."""
    cells = subject.get("equals", [])
    return cells if isinstance(cells, list) else [cells]


@dataclass(frozen=True, slots=True)
class Known:
    """A subject of the schema, ready for matching."""

    id: str
    names: re.Pattern[str]
    section: re.Pattern[str] | None
    after: re.Pattern[str] | None
    units: frozenset[str]
    held: bool
    near: re.Pattern[str] | None = None

    def fits(self, section: str, unit: str, near: str = "") -> bool:
        """Whether it may be spoken of in a section, or after the words near it, and counted
        in a unit."""
        here = self.section is None or self.section.search(section) is not None
        here = here or (self.near is not None and self.near.search(near) is not None)
        return here and (not self.units or unit in self.units)


@cache
def known_subjects() -> tuple[Known, ...]:
    return tuple(
        Known(
            id=subject["id"],
            names=_spellings(subject),
            section=re.compile(subject["section"]) if "section" in subject else None,
            after=re.compile(subject["after"]) if "after" in subject else None,
            units=frozenset(subject.get("units", ())),
            held=subject.get("held", False),
            near=re.compile(subject["near"]) if "near" in subject else None,
        )
        for subject in subjects()
    )


def _spellings(subject: dict[str, Any]) -> re.Pattern[str]:
    """Names and patterns of a subject as one expression; "…" stands for the usual endings."""
    endings = pattern("endings").pattern
    names = [re.escape(normal(name.rstrip("…"))) + (endings if name.endswith("…") else "")
             for name in subject.get("names", [])]  # fmt: skip
    return re.compile("|".join((*names, *subject.get("patterns", []))) or r"(?!)")
