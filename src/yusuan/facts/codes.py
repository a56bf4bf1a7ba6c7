"""Classification codes: what the lists at hand know, and a row for every code printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yusuan.codes import Match, code_list
from yusuan.codes.names import bare, folded
from yusuan.schema import catalogue

__all__ = [
    "Concept",
    "PrintedCode",
    "class_named",
    "concept_id",
    "concepts",
]


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


def concept_id(year: int, code: str) -> str:
    """Key of a concept within its list: the year keeps reused codes apart."""
    return f"{year}-{code}"


def concepts(printed: Iterable[PrintedCode]) -> Mapping[str, list[Concept]]:
    """For each classification the concepts printed, with all those above them."""
    names: dict[tuple[str, int, str], dict[str, None]] = defaultdict(dict)
    for item in printed:
        for code in _with_ancestors(item.list, item.code):
            names[item.list, item.year, code].update({})
        if item.name:
            names[item.list, item.year, item.code][item.name] = None
    result: dict[str, list[Concept]] = {r.name: [] for r in catalogue().of_kind("classification")}
    for (list_name, year, code), known in sorted(names.items()):
        result[list_name].append(_concept(list_name, year, code, tuple(known)))
    return result


def class_named(list_name: str, name: str, year: int) -> str | None:
    """The class (类) that a name without code means in a year, or None when unsure.

    >>> class_named("expenditure-function", "社会保障和就业支出", 2019)
    '208'
    """
    found = [match for match in code_list(list_name).named(name, year) if match.entry.level == 1]
    nearest = {m.entry.code for m in found if m.distance == found[0].distance}
    return nearest.pop() if len(nearest) == 1 else None


def _concept(list_name: str, year: int, code: str, printed: tuple[str, ...]) -> Concept:
    ancestors = _with_ancestors(list_name, code)
    match = _known(list_name, year, code, printed)
    entry = match.entry if match else None
    return Concept(
        concept=concept_id(year, code),
        list=list_name,
        year=year,
        code=code,
        parent=concept_id(year, ancestors[-2]) if len(ancestors) > 1 else None,
        level=len(ancestors),
        name=_name(entry.name, printed) if entry else next(iter(printed), None),
        name_en=entry.name_en if entry else None,
        printed_names=printed,
        valid_from=entry.valid_from if entry else None,
        valid_to=entry.valid_to if entry else None,
        status=_status(match),
        source=entry.source if entry else None,
    )


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


def _with_ancestors(list_name: str, code: str) -> list[str]:
    """The code's prefixes at the list's levels, from the class down to the code itself."""
    lengths = catalogue()[list_name].lengths
    return [*(code[:length] for length in lengths if length < len(code)), code]
