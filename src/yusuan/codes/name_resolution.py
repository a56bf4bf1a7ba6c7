"""Which name of a code holds when documents and lists differ; ``_agreement.yaml`` sets how many."""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from yusuan.codes.entries import CodeEntry
from yusuan.codes.lists import CodeList
from yusuan.codes.names import cut_off, same_key
from yusuan.schema import data_path, read_yaml

__all__ = ["AgreementLimits", "CodeOccurrence", "CompetingName", "Pair", "PairKey", "key_of", "limits", "resolve_names"]  # fmt: skip


PairKey = tuple[str, int, str, str]
"""List, year, code, name in the form that is compared."""


@dataclass(frozen=True, slots=True)
class CodeOccurrence:
    """A document of a year prints a code with a name."""

    list: str
    year: int
    code: str
    name: str
    document: str
    department: str


@dataclass(frozen=True, slots=True)
class CompetingName:
    """A code under a name that speaks against a pair: from a list, or printed in documents."""

    code: str
    name: str
    entry: CodeEntry | None = None
    documents: int = 0
    departments: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A code, year and name that documents print, and what is to be thought of it.

    ``verdict`` is agreed, conflict or new. ``competing_names`` are other names of the code, ``competing_codes``
    other codes of the name, as far as they speak against the pair. ``first_year`` and
    ``last_year`` are those in which documents print the pair; ``listed`` is the entry that has
    it, ``covered`` tells whether a list has any name of the code for the year.
    """

    list: str
    year: int
    code: str
    name: str
    documents: int
    departments: int
    first_year: int
    last_year: int
    verdict: str
    listed: CodeEntry | None = None
    covered: bool = False
    competing_names: tuple[CompetingName, ...] = ()
    competing_codes: tuple[CompetingName, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreementLimits:
    """How many departments and years it takes, as ``schemas/codes/_agreement.yaml`` says."""

    departments: int
    many: int
    near: int
    company: int


def key_of(seen: CodeOccurrence) -> PairKey:
    """What occurrences of one pair in one year have in common."""
    return seen.list, seen.year, seen.code, same_key(seen.name)


@cache
def limits() -> AgreementLimits:
    return AgreementLimits(**read_yaml(data_path("schemas", "codes", "_agreement.yaml")))


@dataclass(slots=True)
class _PairOccurrences:
    """All occurrences of a pair in a year."""

    names: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The spelling that is printed most often."""
        return min(self.names, key=lambda name: (-self.names[name], name))

    def competitor(self, code: str) -> CompetingName:
        return CompetingName(code, self.name, None, len(self.documents), len(self.departments))


def resolve_names(
    occurrences: Iterable[CodeOccurrence], lists: Mapping[str, CodeList]
) -> dict[PairKey, Pair]:
    """Every pair that documents print, judged; the order of the occurrences does not matter.

    ``lists`` are those at hand, by name; a document counts once however often it prints a pair.
    """
    groups: dict[PairKey, _PairOccurrences] = defaultdict(_PairOccurrences)
    for seen in sorted(set(occurrences), key=lambda s: (s.name, s.document)):
        group = groups[key_of(seen)]
        group.names[seen.name] += 1
        group.documents.add(seen.document)
        group.departments.add(seen.department)
    resolver = _NameResolver(
        groups, {name: _NameIndex(code_list) for name, code_list in lists.items()}
    )
    return {key: resolver.resolve(key) for key in sorted(groups)}


class _NameIndex:
    """A list indexed by names in the form that is compared."""

    def __init__(self, code_list: CodeList) -> None:
        self.list = code_list
        self._by_name: dict[tuple[str, int], list[CodeEntry]] = defaultdict(list)
        for entry in code_list.entries:
            self._by_name[same_key(entry.name), len(entry.code)].append(entry)

    def having(self, code: str, name: str, year: int) -> CodeEntry | None:
        """The entry of the nearest year by which a code has a name, or one that was cut off."""
        entries = [e for e in self.list.by_code.get(code, ()) if not (e.private and e.away(year))]
        for alike in (operator.eq, cut_off):
            found = [e for e in entries if e.name and alike(name, same_key(e.name))]
            if found:
                return min(found, key=lambda e: (not self.list.valid(e, year), e.away(year)))
        return None

    def names_of(self, code: str, year: int) -> list[CodeEntry]:
        """What a code is called in a year, by every list of that year."""
        return [e for e in self.list.by_code.get(code, ()) if self.list.valid(e, year) and e.name]

    def codes_of(self, code: str, name: str, year: int, *, past: bool) -> list[CodeEntry]:
        """The other code that has a name in a year; [] where several codes share the name.

        ``past`` also takes the code that had it in the nearest other year.
        """
        entries = [
            e for e in self._by_name.get((name, len(code)), ()) if not (e.private and e.away(year))
        ]
        for one in entries:
            same_year = {e.code for e in entries if self.list.valid(e, one.valid_from)}
            if len(same_year) > 1:
                return []
        others = [e for e in entries if e.code != code]
        valid = [e for e in others if self.list.valid(e, year)]
        return valid or sorted(others, key=lambda e: (e.away(year), e.code))[: int(past)]


_RIVALS = 20
"""Names of one code that are held against each other; with more it is no code, and each would be
compared with each."""


class _NameResolver:
    def __init__(
        self, groups: Mapping[PairKey, _PairOccurrences], known: Mapping[str, _NameIndex]
    ) -> None:
        self._groups = groups
        self._known = known
        self._years: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        self._by_code: dict[tuple[str, int, str], list[PairKey]] = defaultdict(list)
        self._standings: dict[PairKey, tuple[bool, int, int]] = {}
        self._widely: dict[tuple[str, int, str, int], list[PairKey]] = defaultdict(list)
        for key in sorted(groups):
            name_of_list, year, code, name = key
            self._years[name_of_list, code, name].add(year)
            self._by_code[name_of_list, year, code].append(key)
            if len(groups[key].departments) >= limits().many:
                self._widely[name_of_list, year, name, len(code)].append(key)

    def resolve(self, key: PairKey) -> Pair:
        """Lists first; where they are silent, the other documents."""
        list_name, year, code, name = key
        known, group = self._known.get(list_name), self._groups[key]
        listed = known.having(code, name, year) if known else None
        other_names, other_codes = self._by_lists(known, listed, key)
        competing = bool(other_names or other_codes)
        agreed = listed is not None and not competing
        if not listed and not competing:
            other_names, other_codes = self._by_documents(key)
            competing = bool(other_names or other_codes)
            agreed = not competing and len(group.departments) >= limits().departments
        years = self._years[list_name, code, name]
        return Pair(
            list_name, year, code, group.name, len(group.documents), len(group.departments),
            min(years), max(years), "conflict" if competing else "agreed" if agreed else "new",
            listed, bool(known and known.names_of(code, year)), other_names, other_codes,
        )  # fmt: skip

    @staticmethod
    def _by_lists(
        known: _NameIndex | None, listed: CodeEntry | None, key: PairKey
    ) -> tuple[tuple[CompetingName, ...], tuple[CompetingName, ...]]:
        """What the lists of the year say against a pair."""
        _, year, code, name = key
        if known is None or (listed and known.list.valid(listed, year)):
            return (), ()
        other_names = known.names_of(code, year)
        other_codes = known.codes_of(code, name, year, past=bool(other_names) and listed is None)
        if listed:
            # an old name of the code is no mistake, unless the name has gone to another code
            official = bool(other_names) and all(
                e.status == "official" for e in (*other_names, *other_codes)
            )
            if not other_codes or not (official or listed.away(year) > limits().near):
                return (), ()
        return (
            tuple(CompetingName(entry.code, entry.name, entry) for entry in other_names),
            tuple(CompetingName(entry.code, entry.name, entry) for entry in other_codes),
        )

    def _by_documents(
        self, key: PairKey
    ) -> tuple[tuple[CompetingName, ...], tuple[CompetingName, ...]]:
        """What other documents of the year say against a pair that no list has."""
        list_name, year, code, name = key
        own, standing = self._groups[key], self._standing(key)
        other_names = [
            other
            for other in self._rivals(list_name, year, code)
            if other != key and self._standing(other) >= standing
        ]
        widely = self._widely.get((list_name, year, name, len(code)), ())
        other_codes = [other for other in widely[:3] if other != key and len(own.documents) == 1]
        return (
            tuple(self._groups[other].competitor(other[2]) for other in other_names),
            tuple(
                self._groups[other].competitor(other[2])
                for other in other_codes
                if len(other_codes) == 1
            ),
        )

    def _rivals(self, list_name: str, year: int, code: str) -> list[PairKey]:
        """The pairs of a code in a year; of more than are ever told those of the highest standing."""
        place = list_name, year, code
        pairs = self._by_code[place]
        if len(pairs) > _RIVALS:
            pairs = sorted(sorted(pairs, key=self._standing, reverse=True)[:_RIVALS])
            self._by_code[place] = pairs
        return pairs

    def _standing(self, key: PairKey) -> tuple[bool, int, int]:
        """Whether a list has the pair, then the departments and the documents that print it."""
        if key not in self._standings:
            self._standings[key] = self._standing_of(key)
        return self._standings[key]

    def _standing_of(self, key: PairKey) -> tuple[bool, int, int]:
        list_name, year, code, name = key
        known, group = self._known.get(list_name), self._groups[key]
        listed = known is not None and known.having(code, name, year) is not None
        return listed, len(group.departments), len(group.documents)
