"""When two names are of one project, or may be of one organisation."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from yusuan.linking.settings import settings
from yusuan.model.text import normal
from yusuan.narrative.divisions import division_of

__all__ = ["likeness", "place_and_rest", "plain_project"]


@lru_cache(maxsize=1 << 16)
def plain_project(name: str) -> str:
    """A project's name without years, brackets and general words; "" where too little is left.

    >>> plain_project("2024年法律援助工作经费（区级）"), plain_project("项目经费")
    ('法律援助', '')
    """
    text = normal(name)
    for pattern in settings().project_noise:
        text = pattern.sub("", text)
    return text if len(text) >= settings().shortest_project else ""


@lru_cache(maxsize=1 << 16)
def place_and_rest(name: str) -> tuple[str | None, str]:
    """The code of the place that a name begins with, and the rest of the name."""
    division, rest = division_of(normal(name))
    return (division.code if division else None, rest)


def likeness(one: Iterable[str], two: Iterable[str]) -> float:
    """How alike the most similar of two sets of names are: 0 to 1, two decimals."""
    others = sorted(set(two))
    best = max(
        (SequenceMatcher(None, a, b, autojunk=False).ratio() for a in sorted(set(one)) for b in others),
        default=0.0,
    )  # fmt: skip
    return round(best, 2)
