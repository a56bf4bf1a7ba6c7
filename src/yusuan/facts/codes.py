"""Classification codes: what the lists at hand know, and a row for every code printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from yusuan.model.text import normal
from yusuan.schema import catalogue, data_path, read_csv

__all__ = [
    "Concept",
    "PrintedCode",
    "attestations_of_name",
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
    printed_names: tuple[str, ...]
    status: str
    source: str | None


@dataclass(frozen=True, slots=True)
class _Attestation:
    year: int
    name: str
    source: str


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


def attestations_of_name(list_name: str, name: str) -> list[tuple[str, int]]:
    """Every code and year under which the lists at hand have a name."""
    return [
        (code, attestation.year)
        for code, attestations in _attestations(list_name).items()
        for attestation in attestations
        if normal(attestation.name) == normal(name)
    ]


def class_named(list_name: str, name: str, year: int) -> str | None:
    """The class (类) that a name without code means in a year, or None when unsure.

    >>> class_named("expenditure-function", "社会保障和就业支出", 2019)
    '208'
    """
    length = catalogue()[list_name].lengths[0]
    found = [
        (abs(at - year), code)
        for code, at in attestations_of_name(list_name, name)
        if len(code) == length
    ]
    nearest = {code for distance, code in found if distance == min(found)[0]}
    return nearest.pop() if len(nearest) == 1 else None


def _concept(list_name: str, year: int, code: str, printed: tuple[str, ...]) -> Concept:
    ancestors = _with_ancestors(list_name, code)
    known = _attestations(list_name).get(code, [])
    agreeing = [item for item in known if not printed or _agrees(item.name, printed)]
    nearest = min(agreeing, key=lambda item: abs(item.year - year), default=None)
    listed_name = nearest.name if nearest and not _decorated(nearest.name, printed) else None
    return Concept(
        concept=concept_id(year, code),
        list=list_name,
        year=year,
        code=code,
        parent=concept_id(year, ancestors[-2]) if len(ancestors) > 1 else None,
        level=len(ancestors),
        name=listed_name or next(iter(printed), None),
        printed_names=printed,
        status="listed" if agreeing else "unlisted",
        source=_source(agreeing),
    )


def _source(attestations: list[_Attestation]) -> str | None:
    years: dict[str, list[int]] = defaultdict(list)
    for item in attestations:
        years[item.source].append(item.year)
    return (
        "；".join(
            f"{source} {'、'.join(str(year) for year in sorted(found))}"
            for source, found in sorted(years.items())
        )
        or None
    )


def _agrees(attested: str, printed: tuple[str, ...]) -> bool:
    return any(
        normal(attested) == normal(name) or _decorated(attested, (name,)) for name in printed
    )


def _decorated(attested: str, printed: tuple[str, ...]) -> bool:
    """Whether an old list adds the department in brackets: 行政运行（人大）."""
    return any(normal(attested).startswith(normal(name) + "(") for name in printed)


def _with_ancestors(list_name: str, code: str) -> list[str]:
    """The code's prefixes at the list's levels, from the class down to the code itself."""
    lengths = catalogue()[list_name].lengths
    return [*(code[:length] for length in lengths if length < len(code)), code]


@cache
def _attestations(list_name: str) -> dict[str, list[_Attestation]]:
    found: dict[str, list[_Attestation]] = defaultdict(list)
    for row in read_csv(data_path("schemas", "codes", f"{list_name}.csv")):
        found[row["code"]].append(_Attestation(int(row["year"]), row["name"], row["source"]))
    return dict(found)
