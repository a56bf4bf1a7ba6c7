"""What built packages teach about codes: who prints which name, and what holds."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yusuan.codes import CodeEntry, CodeList, code_list
from yusuan.codes.entries import read_entries
from yusuan.codes.name_resolution import CodeOccurrence, CompetingName, Pair, resolve_names
from yusuan.codes.names import same_key
from yusuan.codes.store import attested_file, save_attested
from yusuan.facts.codes import code_occurrences
from yusuan.model.errors import YusuanError
from yusuan.package.read import Package, open_package
from yusuan.schema import catalogue
from yusuan.schema.messages import message

__all__ = ["COLUMNS", "harvest", "harvest_rows", "keep", "kept_entries"]

COLUMNS = (
    "list", "year", "code", "name", "documents", "departments", "first_year", "last_year",
    "verdict", "against", "source",
)  # fmt: skip


def harvest(folders: Iterable[str | Path]) -> list[Pair]:
    """Every code with its name of the packages in the folders, judged, by list, year and code.

    A document that is in several packages counts once. What was kept from an earlier harvest
    does not count as a list, or it would confirm itself.

    Raises YusuanError for a folder that holds no package, or one that cannot be read.
    """
    seen: set[CodeOccurrence] = set()
    for folder in folders:
        seen.update(_occurrences(open_package(folder)))
    lists = {name: _without_kept(name) for name in {occurrence.list for occurrence in seen}}
    return list(resolve_names(seen, lists).values())


def harvest_rows(pairs: Iterable[Pair]) -> Iterator[dict[str, Any]]:
    """The pairs as rows of COLUMNS; a blank is ""."""
    for pair in pairs:
        yield {
            "list": pair.list,
            "year": pair.year,
            "code": pair.code,
            "name": pair.name,
            "documents": pair.documents,
            "departments": pair.departments,
            "first_year": pair.first_year,
            "last_year": pair.last_year,
            "verdict": pair.verdict,
            "against": "；".join(map(_against, (*pair.competing_names, *pair.competing_codes))),
            "source": (pair.listed and pair.listed.source) or _counts(pair),
        }


def keep(pairs: Sequence[Pair]) -> tuple[dict[Path, int], list[CodeEntry]]:
    """Keep what the agreed pairs add to the lists; returns the files with their entries.

    What an earlier harvest kept of the same lists is replaced. Entries whose parent neither
    a list nor the harvest knows have no place in a list: they are the second value.
    """
    by_list: dict[str, list[CodeEntry]] = {pair.list: [] for pair in pairs}
    homeless: list[CodeEntry] = []
    codes = {name: set(_without_kept(name).by_code) for name in by_list}
    for entry in sorted(kept_entries(pairs), key=lambda e: (e.level, e.code, e.valid_from)):
        if entry.parent is None or entry.parent in codes[entry.list]:
            codes[entry.list].add(entry.code)
            by_list[entry.list].append(entry)
        else:
            homeless.append(entry)
    files = save_attested({
        name: sorted(entries, key=lambda e: (e.code, e.valid_from))
        for name, entries in by_list.items()
        if entries or attested_file(name).is_file()
    })  # fmt: skip
    return {path: len(by_list[name]) for name, path in files.items()}, homeless


def kept_entries(pairs: Iterable[Pair]) -> list[CodeEntry]:
    """The agreed pairs as entries, one for each run of years with one name.

    A conflict is kept under no name, a new pair not before others agree, and nothing for a year
    for which a list has a name already.
    """
    years: dict[tuple[str, str], dict[int, Pair]] = defaultdict(dict)
    for pair in pairs:
        if pair.verdict == "agreed" and not pair.covered:
            held = years[pair.list, pair.code]
            before = held.get(pair.year, pair)  # two names that lists have for other years
            held[pair.year] = min(before, pair, key=_rank)
    entries: list[CodeEntry] = []
    for (list_name, code), held in sorted(years.items()):
        run: list[Pair] = []
        for _, pair in sorted(held.items()):
            renamed = run and same_key(run[-1].name) != same_key(pair.name)
            if renamed or (run and run[-1].year + 1 < pair.year):  # a list may have the gap
                entries.append(_entry(list_name, code, run))
                run = []
            run.append(pair)
        entries.append(_entry(list_name, code, run))
    return entries


def _rank(pair: Pair) -> tuple[int, int, int, str]:
    """The name that a list has for the year comes first, then the one most departments print."""
    away = pair.listed.away(pair.year) if pair.listed else 10_000
    return away, -pair.departments, -pair.documents, pair.name


def _entry(list_name: str, code: str, run: Sequence[Pair]) -> CodeEntry:
    above = [length for length in catalogue()[list_name].lengths if length < len(code)]
    return CodeEntry(
        list=list_name,
        code=code,
        name=run[-1].name,
        valid_from=run[0].year,
        valid_to=run[-1].year,
        parent=code[: above[-1]] if above else None,
        level=len(above) + 1,
        status="attested",
        source="；".join(
            message("harvested-in", year=pair.year, source=_counts(pair))[0] for pair in run
        ),
    )


def _occurrences(package: Package) -> Iterator[CodeOccurrence]:
    try:
        years = {row["document"]: int(row["fiscal_year"]) for row in package.rows("documents")}
        yield from code_occurrences(lambda table: _known(package, table, years), years)
    except (ValueError, csv.Error) as error:  # a byte that is no UTF-8, a year that is none
        raise YusuanError(
            f"{package.folder}: its tables cannot be read ({error}); build the package anew"
        ) from error


def _known(package: Package, table: str, years: Mapping[str, int]) -> Iterator[Mapping[str, Any]]:
    for row in package.rows(table):
        if row["document"] not in years:
            raise YusuanError(
                f"{package.folder / catalogue()[table].path}: document {row['document']!r} is "
                "not in data/documents.csv; build the package anew"
            )
        yield row


def _without_kept(list_name: str) -> CodeList:
    path = attested_file(list_name)
    kept = set(read_entries(path)) if path.is_file() else set()
    known = code_list(list_name)
    return (
        CodeList(list_name, (e for e in known.entries if replace(e, private=False) not in kept))
        if kept
        else known
    )


def _counts(pair: Pair | CompetingName) -> str:
    return message("harvested-from", documents=pair.documents, departments=pair.departments)[0]


def _against(competitor: CompetingName) -> str:
    if competitor.entry is None:
        return f"{competitor.code} {competitor.name}（{_counts(competitor)}）"
    entry = competitor.entry
    return f"{competitor.code} {competitor.name}（{entry.status} {entry.valid_from}—{entry.valid_to or ''}）"
