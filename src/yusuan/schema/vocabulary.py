"""Looking up printed words in the small code lists of ``schemas/lists``."""

from __future__ import annotations

from functools import cache

from yusuan.model.text import normal, without_numbering
from yusuan.schema.catalogue import Catalogue, catalogue

__all__ = ["concept_named", "is_concept", "names_of", "parent_of", "phase_named"]


def names_of(list_name: str) -> dict[str, str]:
    """Every normalised name and synonym of a list, with its code."""
    return _names(catalogue(), list_name)


@cache
def _names(known: Catalogue, list_name: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for row in known[list_name].rows:
        for name in (row["name"], *row.get("synonyms", ())):
            names[normal(name)] = row["code"]
    return names


def concept_named(list_name: str, label: str) -> str | None:
    """The code of the list's concept that a printed label names, or None.

    >>> concept_named("fund-sources", "一、财政拨款（补助）"), concept_named("items", "合 计")
    ('fiscal-appropriation', 'total')
    """
    return names_of(list_name).get(without_numbering(normal(label)))


def is_concept(lists: tuple[str, ...], label: str) -> bool:
    """Whether a printed label names a concept of any of these lists.

    >>> is_concept(("items", "fund-sources"), "1.财政拨款"), is_concept((), "财政拨款")
    (True, False)
    """
    return without_numbering(normal(label)) in _all_names(catalogue(), lists)


@cache
def _all_names(known: Catalogue, lists: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for each in lists for name in _names(known, each))


def phase_named(heading: str) -> str | None:
    """The phase that a column heading states, or None.

    >>> phase_named("决算数"), phase_named("金额")
    ('executed', None)
    """
    return _phases(catalogue()).get(normal(heading))


@cache
def _phases(known: Catalogue) -> dict[str, str]:
    """The normalised headings of the phases, with their codes; of two phases the first."""
    named: dict[str, str] = {}
    for row in known["phases"].rows:
        for name in row.get("columns", ()):
            named.setdefault(normal(name), str(row["code"]))
    return named


def parent_of(list_name: str, code: str) -> str | None:
    """The code above, or None at the top."""
    return next(
        (row.get("parent") for row in catalogue()[list_name].rows if row["code"] == code), None
    )
