"""Where a rule applies: phase, years, tables, departments, divisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ALWAYS", "Scope", "When", "Years", "when_of", "years_of"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the conditions of rules are held against: one disclosure, in one file or several."""

    phase: str
    fiscal_year: int
    tables: frozenset[str]
    department: str
    division: str


@dataclass(frozen=True, slots=True)
class Years:
    """Fiscal years from ``first`` to ``last``, either end open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int) -> bool:
        return (self.first or year) <= year <= (self.last or year)

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first or "")
        return f"{self.first or ''}–{self.last or ''}"


@dataclass(frozen=True, slots=True)
class When:
    """The conditions of a rule; without any it always applies."""

    phase: str | None = None
    years: Years = Years()
    tables: frozenset[str] = frozenset()
    departments: tuple[str, ...] = ()
    divisions: tuple[str, ...] = ()

    def covers(self, scope: Scope) -> bool:
        """Whether all conditions but the phase hold, which tables have for each amount."""
        return (
            scope.fiscal_year in self.years
            and self.tables <= scope.tables
            and (not self.departments or any(word in scope.department for word in self.departments))
            and (not self.divisions or scope.division.startswith(self.divisions))
        )

    def applies(self, scope: Scope) -> bool:
        """Whether all conditions hold."""
        return self.phase in (None, scope.phase) and self.covers(scope)


ALWAYS = When()


def years_of(value: str | int) -> Years:
    """Years as a rule file spells them: 2022, "2020-", "-2019", "2018-2021".

    Raises ValueError where the last is before the first.
    """
    if isinstance(value, int):
        return Years(value, value)
    first, _, last = value.partition("-")
    years = Years(int(first) if first else None, int(last) if last else None)
    if years.first and years.last and years.first > years.last:
        raise ValueError(f"{value} ends before it begins; write {last}-{first}")
    return years


def when_of(content: Mapping[str, Any]) -> When:
    """The conditions below ``when:``; raises ValueError for years that cannot be."""
    return When(
        phase=content.get("phase"),
        years=years_of(content["years"]) if "years" in content else Years(),
        tables=frozenset(content.get("tables", ())),
        departments=tuple(content.get("departments", ())),
        divisions=tuple(content.get("divisions", ())),
    )
