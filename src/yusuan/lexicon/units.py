"""The units of money that disclosures state, and how many yuan each is."""

from __future__ import annotations

from yusuan.lexicon.phrases import phrase, values_of
from yusuan.model.text import normal

__all__ = ["UNITS", "find_unit", "find_units", "unit_name"]

UNITS: dict[str, int] = values_of("money_unit")
"""Chinese units of account and how many yuan each is."""

(_YUAN,) = (name for name, factor in UNITS.items() if factor == 1)


def find_unit(text: str) -> int | None:
    """The unit a caption states ("单位：万元"), in yuan, or None where it states none or several.

    >>> find_unit("单位: 万元"), find_unit("编制单位：某局"), find_unit("单位：元/万元")
    (10000, None, None)
    """
    units = find_units(text)
    return units[0] if len(units) == 1 else None


def find_units(text: str) -> tuple[int, ...]:
    """The units a caption leaves open ("单位：元/万元"), in yuan; mostly one or none.

    >>> find_units("（单位：元、万元）"), find_units("以上金额单位：万元")
    ((1, 10000), (10000,))
    """
    folded = normal(text)
    match = phrase("unit.stated").search(folded) or phrase("unit.in_brackets").search(folded)
    found: list[int] = []
    while match:
        found.append(UNITS[match["unit"]])
        match = phrase("unit.further").match(folded, match.end())
    return tuple(dict.fromkeys(found))


def unit_name(unit: int) -> str:
    """The Chinese name of a multiplier.

    >>> unit_name(10000)
    '万元'
    """
    return next((name for name, factor in UNITS.items() if factor == unit), f"{unit}{_YUAN}")
