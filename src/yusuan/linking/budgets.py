"""Final accounts with the budget they account for."""

from __future__ import annotations

from collections.abc import Iterator

from yusuan.facts.contents import companions
from yusuan.linking.candidate import BUDGET, Candidate
from yusuan.linking.material import PHASES, Material

__all__ = ["outturn_links"]


def outturn_links(material: Material) -> Iterator[Candidate]:
    """The accounts of a department and year with each earlier phase of the same year, those of
    a department (部门) and those of its own unit (单位) apart."""
    found = dict.fromkeys(companions(material.documents).values())
    for department, year, phase, scope in found:
        unit = "/unit" if scope == "unit" else ""
        for before in PHASES[:-1] if phase == PHASES[-1] else ():
            if (department, year, before, scope) in found:
                yield Candidate(
                    kind="outturn-of",
                    subject=(BUDGET, f"{department}/{year}/{phase}{unit}"),
                    object=(BUDGET, f"{department}/{year}/{before}{unit}"),
                    method="same-budget",
                    evidence=(
                        f"同一部门{year}年的决算和预算",
                        f"accounts and budget of one department and {year}",
                    ),
                )
