"""When two names are of one project, or may be of one organisation."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from yusuan.linking.candidates import settings
from yusuan.model.text import normal
from yusuan.narrative.organisation_names import division_of

__all__ = ["core_name", "likeness", "place_and_rest", "unit_among"]


@lru_cache(maxsize=1 << 16)
def core_name(name: str) -> str:
    """A project's name without years, brackets and general words; "" where too little is left.

    >>> core_name("2024年法律援助工作经费（区级）"), core_name("项目经费")
    ('法律援助', '')
    """
    text = normal(name)
    for pattern in settings().project_noise:
        text = pattern.sub("", text)
    return text if len(text) >= settings().shortest_project else ""


@lru_cache(maxsize=1 << 16)
def place_and_rest(name: str) -> tuple[str | None, str]:
    """The code of the place that a name begins with, and the rest of the name, to which the kind of
    the place belongs where the list has another (县水利局)."""
    division, rest = division_of(normal(name), doubtful=True)
    return (division.code if division else None, rest)


def unit_among(names: Iterable[str], units: Collection[str]) -> str | None:
    """The budget unit of a table that has one of the names; None where there is none, or several.

    A place that only one of two names begins with tells them not apart, nor does "(本级)".

    >>> unit_among(["浙江省水利厅"], ["水利厅（本级）", "浙江省水文中心"])
    '水利厅（本级）'
    """
    forms = {_form(name) for name in names}
    found = [unit for unit in sorted(units) if any(_same(_form(unit), form) for form in forms)]
    return found[0] if len(found) == 1 else None


def _form(name: str) -> tuple[str | None, str]:
    return place_and_rest(settings().own_level.sub("", normal(name)))


def _same(one: tuple[str | None, str], two: tuple[str | None, str]) -> bool:
    return one[1] == two[1] != "" and (None in (one[0], two[0]) or one[0] == two[0])


def likeness(one: Iterable[str], two: Iterable[str]) -> float:
    """How alike the most similar of two sets of names are: 0 to 1, two decimals."""
    others = sorted(set(two))
    best = max(
        (SequenceMatcher(None, a, b, autojunk=False).ratio() for a in sorted(set(one)) for b in others),
        default=0.0,
    )  # fmt: skip
    return round(best, 2)
