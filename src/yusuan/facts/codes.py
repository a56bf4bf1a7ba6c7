"""Classification codes: a row for every code printed, what it corresponds to and became, where it is printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yusuan.codes import CodeMatch, code_list
from yusuan.codes.correspondences import RELATIONS, changes, link_of, links
from yusuan.codes.name_resolution import CodeOccurrence, Pair, PairKey, key_of, resolve_names
from yusuan.codes.names import bare, folded, leading_code, own_name
from yusuan.model.records import DocumentRecord
from yusuan.schema import catalogue
from yusuan.schema.vocabulary import concept_named

__all__ = [
    "COFOG",
    "COFOG_YEAR",
    "DIVISIONS",
    "CodeChange",
    "CodeLink",
    "Concept",
    "PrintedCode",
    "class_named",
    "code_changes",
    "code_links",
    "code_occurrences",
    "concept_id",
    "concepts",
    "pairs_by_document",
]

COFOG = "cofog"
COFOG_YEAR = 1999
"""The edition that our correspondence leads to."""

DIVISIONS = "administrative-division"

_FUNCTION = "expenditure-function"


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
        result[list_name].append(_concept(list_name, year, code, tuple(sorted(known))))
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
    known = code_list(list_name).for_documents()
    found = [match for match in known.named(name, year) if match.entry.level == 1]
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


def _known(list_name: str, year: int, code: str, printed: tuple[str, ...]) -> CodeMatch | None:
    """The entry that a printed code and name mean, or None when no list has the pair.

    Where an official version covers the year, what it does not have is not listed.
    """
    known = code_list(list_name).for_documents()
    if not printed:
        found = [known.find(code, year)]
    else:
        found = [known.agreeing(code, name, year) for name in printed]
    match = min((m for m in found if m), key=lambda m: m.distance, default=None)
    overruled = match and not match.exact and year in known.official_years
    return None if overruled else match


def _status(match: CodeMatch | None) -> str:
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
    known = code_list(list_name).for_documents()
    return [match.entry.code for match in known.path(code, year)] or [code]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLink:
    """A function and its COFOG counterpart; one of the four matches repeats ``cofog``."""

    link: str
    function: str
    cofog: str
    relation: str
    exact_match: str | None = None
    close_match: str | None = None
    broad_match: str | None = None
    narrow_match: str | None = None
    reason: str
    reason_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """A code of one year and what it became in another, both printed in the package."""

    change: str
    list: str
    from_concept: str
    to_concept: str
    kind: str
    reason: str
    reason_en: str


def code_links(concepts: Mapping[str, Sequence[Concept]]) -> list[CodeLink]:
    """The links of the functions in a package that have one themselves."""
    known = links(_FUNCTION, COFOG)
    found = []
    for concept in concepts.get(_FUNCTION, ()):
        for link in known.get(concept.code, ()):
            target = concept_id(COFOG_YEAR, link.target)
            if concept.cofog != target or not link.holds(concept.year):
                continue
            matches = {f"{relation}_match": None for relation in RELATIONS}
            found.append(
                CodeLink(
                    link=f"{concept.concept}-{link.target}",
                    function=concept.concept,
                    cofog=target,
                    relation=link.relation,
                    reason=link.reason,
                    reason_en=link.reason_en,
                    **{**matches, f"{link.relation}_match": target},
                )
            )
    return found


def code_changes(concepts: Mapping[str, Sequence[Concept]]) -> list[CodeChange]:
    """What became of codes between the years of a package: the last year of the one printed
    and the first of the other. A code that got another meaning became nothing else."""
    found = []
    for name, rows in concepts.items():
        by_code: dict[str, list[Concept]] = defaultdict(list)
        for concept in rows:
            if concept.status != "unlisted":
                by_code[concept.code].append(concept)
        for change in changes(name):
            before = _named_in(by_code[change.from_code], change.from_year)
            after = _named_in(by_code[change.to_code], change.to_year)
            if before and after and change.kind != "reused":
                one, other = before[-1].concept, after[0].concept
                found.append(
                    CodeChange(
                        change=f"{name}-{one}-{other}",
                        list=name,
                        from_concept=one,
                        to_concept=other,
                        kind=change.kind,
                        reason=change.reason,
                        reason_en=change.reason_en,
                    )
                )
    return found


def _named_in(concepts: Sequence[Concept], year: int) -> list[Concept]:
    """The concepts of a code under the name it has in a year, oldest first."""
    return sorted(
        (c for c in concepts
         if c.valid_from is not None and c.valid_from <= year <= (c.valid_to or year)),
        key=lambda concept: concept.year,
    )  # fmt: skip


def code_occurrences(
    rows_of: Callable[[str], Iterable[Mapping[str, Any]]], years: Mapping[str, int]
) -> Iterator[CodeOccurrence]:
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
            if not _names_no_code(name) and leading_code(name) in (None, code):
                yield CodeOccurrence(
                    codes[0].code_list or "", years[row["document"]], code, name,
                    row["document"], row["department"],
                )  # fmt: skip


def pairs_by_document(
    documents: Iterable[DocumentRecord], rows: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Mapping[str, Mapping[PairKey, Pair]]:
    """The codes with names of each document, judged by the lists and by all the documents.

    ``rows`` are those of each table by its name.
    """
    years = {record.document: record.fiscal_year for record in documents}
    seen = list(code_occurrences(lambda table: rows.get(table, ()), years))
    lists = {name: code_list(name).for_documents() for name in {each.list for each in seen}}
    pairs = resolve_names(seen, lists)
    found: dict[str, dict[PairKey, Pair]] = defaultdict(dict)
    for occurrence in seen:
        found[occurrence.document][key_of(occurrence)] = pairs[key_of(occurrence)]
    return found


def _names_no_code(name: str) -> bool:
    """A word for a sum, or no word at all, names no code."""
    return concept_named("items", name) == "total" or not any(char.isalpha() for char in name)
