"""Final accounts with the budget they account for."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.linking.candidate import BUDGET, Candidate
from yusuan.linking.material import PHASES, Material

__all__ = ["outturn_links"]


def outturn_links(material: Material) -> Iterator[Candidate]:
    """The accounts of a department and year with each earlier phase of the same year."""
    found = dict.fromkeys((d.department, d.fiscal_year, d.phase) for d in material.documents)
    for department, year, phase in found:
        for before in PHASES[:-1] if phase == PHASES[-1] else ():
            if (department, year, before) in found:
                yield Candidate(
                    kind="outturn-of",
                    subject=(BUDGET, f"{department}/{year}/{phase}"),
                    object=(BUDGET, f"{department}/{year}/{before}"),
                    method="same-budget",
                    evidence=(
                        f"同一部门{year}年的决算和预算",
                        f"accounts and budget of one department and {year}",
                    ),
                )
