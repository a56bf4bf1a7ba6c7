"""The figures a page leads with: which printed amounts they are, and where they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yusuan.model.money import unit_name
from yusuan.portals.profile import profile
from yusuan.presentation import money

__all__ = ["SiteFigure", "lead_figures"]

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SiteFigure:
    """One printed amount. ``yuan`` is exact; ``printed`` and ``unit`` are as published."""

    title: str
    title_en: str
    printed: str
    unit: str
    yuan: str
    fact: Row
    parts: tuple[SiteFigure, ...] = field(default=())


def lead_figures(facts: Iterable[Row]) -> list[SiteFigure]:
    """The figures of one document that it prints, as ``publish/portals/static.yaml`` lists them.

    A figure that is not printed anywhere is left out: nothing is added up here.
    """
    rows = list(facts)
    found = (_figure(rows, item) for item in profile("static")["figures"])
    return [figure for figure in found if figure is not None]


def _figure(facts: list[Row], item: Mapping[str, Any]) -> SiteFigure | None:
    for source in item["from"]:
        matching = [row for row in facts if all(row[key] == value for key, value in source.items())]
        if matching:
            row = matching[-1]
            parts = (_figure(facts, part) for part in item.get("parts", ()))
            return SiteFigure(
                title=item["title"],
                title_en=item["title@en"],
                printed=row["printed"],
                unit=unit_name(int(row["unit"])),
                yuan=money(row["amount"]),
                fact=row,
                parts=tuple(part for part in parts if part is not None),
            )
    return None
