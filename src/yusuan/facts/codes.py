"""Classification codes: what the lists at hand know, and a row for every code printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yusuan.codes import Match, code_list
from yusuan.codes.links import link_of
from yusuan.codes.names import bare, folded
from yusuan.schema import catalogue

__all__ = [
    "COFOG",
    "COFOG_YEAR",
    "DIVISIONS",
    "Concept",
    "PrintedCode",
    "class_named",
    "concept_id",
    "concepts",
]

COFOG = "cofog"
COFOG_YEAR = 1999
"""The edition that our correspondence leads to."""

DIVISIONS = "administrative-division"


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code with the name printed beside it (None where there is none)."""

    list: str
    year: int
    code: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A row of a classification resource."""

    concept: str
    list: str
    year: int
    code: str
    parent: str | None
    level: int
    name: str | None
    name_en: str | None
    printed_names: tuple[str, ...]
    valid_from: int | None
    valid_to: int | None
    status: str
    source: str | None
    cofog: str | None = None


def concept_id(year: int, code: str) -> str:
    """Key of a concept within its list: the year keeps reused codes apart."""
    return f"{year}-{code}"


def concepts(printed: Iterable[PrintedCode]) -> Mapping[str, list[Concept]]:
    """For each classification the concepts printed, with all those above them."""
    names: dict[tuple[str, int, str], dict[str, None]] = defaultdict(dict)
    for item in printed:
        for code in _with_ancestors(item.list, item.year, item.code):
            names[item.list, item.year, code].update({})
        if item.name:
            names[item.list, item.year, item.code][item.name] = None
    result: dict[str, list[Concept]] = {r.name: [] for r in catalogue().of_kind("classification")}
    for (list_name, year, code), known in sorted(names.items()):
        result[list_name].append(_concept(list_name, year, code, tuple(known)))
    result[COFOG] = _targets(concept.cofog for found in result.values() for concept in found)
    return result


def _targets(wanted: Iterable[str | None]) -> list[Concept]:
    """The COFOG concepts that others link to, with those above them."""
    codes = {
        (int(year), code)
        for year, _, target in (key.partition("-") for key in wanted if key)
        for code in _with_ancestors(COFOG, int(year), target)
    }
    return [_concept(COFOG, year, code, ()) for year, code in sorted(codes)]


def class_named(list_name: str, name: str, year: int) -> str | None:
    """The class (类) that a name without code means in a year, or None when unsure.

    >>> class_named("expenditure-function", "社会保障和就业支出", 2019)
    '208'
    """
    found = [match for match in code_list(list_name).named(name, year) if match.entry.level == 1]
    nearest = {m.entry.code for m in found if m.distance == found[0].distance}
    return nearest.pop() if len(nearest) == 1 else None


def _concept(list_name: str, year: int, code: str, printed: tuple[str, ...]) -> Concept:
    ancestors = _with_ancestors(list_name, year, code)
    match = _known(list_name, year, code, printed)
    entry = match.entry if match else None
    return Concept(
        concept=concept_id(year, code),
        list=list_name,
        year=year,
        code=code,
        parent=concept_id(year, ancestors[-2]) if len(ancestors) > 1 else None,
        level=len(ancestors),
        name=(_name(entry.name, printed) or None) if entry else next(iter(printed), None),
        name_en=entry.name_en if entry else None,
        printed_names=printed,
        valid_from=entry.valid_from if entry else None,
        valid_to=entry.valid_to if entry else None,
        status=_status(match),
        source=entry.source if entry else None,
        cofog=_cofog(list_name, year, ancestors if match else ancestors[:-1]),
    )


def _cofog(list_name: str, year: int, path: Sequence[str]) -> str | None:
    """The COFOG concept of a code or of the nearest code above it that has one.

    What no list knows has the link of the code above it alone.
    """
    link = link_of(list_name, path, year, COFOG)
    return concept_id(COFOG_YEAR, link.target) if link else None


def _known(list_name: str, year: int, code: str, printed: tuple[str, ...]) -> Match | None:
    """The entry that a printed code and name mean, or None when no list has the pair.

    Where an official version covers the year, what it does not have is not listed.
    """
    known = code_list(list_name)
    if not printed:
        found = [known.find(code, year)]
    else:
        found = [known.agreeing(code, name, year) for name in printed]
    match = min((m for m in found if m), key=lambda m: m.distance, default=None)
    overruled = match and not match.exact and year in known.official_years
    return None if overruled else match


def _status(match: Match | None) -> str:
    """Of a concept: the status of its entry, inferred when that is of another year."""
    if match is None:
        return "unlisted"
    return match.entry.status if match.exact else "inferred"


def _name(listed: str, printed: tuple[str, ...]) -> str:
    """The listed name, or the printed one where the list of another year spells it otherwise."""
    for name in printed:
        if folded(name) != folded(listed) and bare(name) == bare(listed):
            return name
    return listed


def _with_ancestors(list_name: str, year: int, code: str) -> list[str]:
    """The code with those above it, from the top down.

    These are its prefixes where the lengths of codes tell the level, so that a code in no list
    has its place as well.
    """
    if lengths := catalogue()[list_name].lengths:
        return [*(code[:length] for length in lengths if length < len(code)), code]
    return [match.entry.code for match in code_list(list_name).path(code, year)] or [code]
