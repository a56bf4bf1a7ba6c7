"""The figures a page leads with: which printed amounts they are, and where they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from yusuan.model.money import plain, unit_name
from yusuan.portals.profile import profile

__all__ = ["SiteFigure", "grouped", "lead_figures", "money"]

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


def money(text: str) -> str:
    """An exact decimal with thousands separators.

    >>> money("24920000"), money("1234.50"), money("")
    ('24,920,000', '1,234.5', '')
    """
    return f"{Decimal(plain(Decimal(text))):,f}" if text else ""


def grouped(text: str) -> str:
    """Thousands separators for a number that is printed without; any other text unchanged.

    >>> grouped("2492.50"), grouped("1,234"), grouped("12 人")
    ('2,492.50', '1,234', '12 人')
    """
    whole, point, fraction = text.partition(".")
    digits = whole.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or (point and not fraction.isdigit()):
        return text
    return f"{int(whole):,}{point}{fraction}" if digits == str(int(digits)) else text
