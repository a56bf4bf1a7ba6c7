"""The codes with names that the tables of documents print, from a build or a package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from yusuan.codes import code_list
from yusuan.codes.agreement import Pair, PairKey, Sighting, judged, key_of
from yusuan.codes.keys import leading_code, own_name
from yusuan.facts.contents import Contents
from yusuan.schema import catalogue
from yusuan.schema.vocabulary import concept_named

__all__ = ["code_sightings", "pairs_by_document"]


def code_sightings(
    rows_of: Callable[[str], Iterable[Mapping[str, Any]]], years: Mapping[str, int]
) -> Iterator[Sighting]:
    """Each code with the name printed beside it.

    ``rows_of`` gives the rows of a table by its name, ``years`` the fiscal year of each
    document: a document names codes as the list of its own year does, also in the columns for
    other years.
    """
    for table in catalogue().tables:
        codes = [field for field in table.with_role("code") if field.code_list]
        labels = table.with_role("label")
        if not codes or not labels:
            continue
        for row in rows_of(table.name):
            code, name = row.get(codes[0].name), row.get(labels[0].name)
            if not code or not name or row["row_type"] == "total":
                continue
            name = own_name(name)
            if not _general(name) and leading_code(name) in (None, code):
                yield Sighting(
                    codes[0].code_list or "", years[row["document"]], code, name,
                    row["document"], row["department"],
                )  # fmt: skip


def pairs_by_document(contents: Contents) -> Mapping[str, Mapping[PairKey, Pair]]:
    """The codes with names of each document, judged by the lists and by all the documents."""
    years = {record.document: record.fiscal_year for record in contents.documents}
    seen = list(code_sightings(lambda table: contents.rows.get(table, ()), years))
    lists = {name: code_list(name) for name in {sighting.list for sighting in seen}}
    pairs = judged(seen, lists)
    found: dict[str, dict[PairKey, Pair]] = defaultdict(dict)
    for sighting in seen:
        found[sighting.document][key_of(sighting)] = pairs[key_of(sighting)]
    return found


def _general(name: str) -> bool:
    """A word for a sum, or no word at all, names no code."""
    return concept_named("items", name) == "total" or not any(char.isalpha() for char in name)
