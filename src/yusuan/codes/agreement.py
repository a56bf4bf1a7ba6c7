"""Which name of a code holds when documents and lists differ; ``_agreement.yaml`` sets how many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from yusuan.codes.entries import Entry
from yusuan.codes.lists import CodeList
from yusuan.codes.names import same_key
from yusuan.schema import data_path, read_yaml

__all__ = ["Limits", "Pair", "Rival", "Sighting", "judged", "limits"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A document of a year prints a code with a name."""

    list: str
    year: int
    code: str
    name: str
    document: str
    department: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A code under a name that speaks against a pair: from a list, or printed in documents."""

    code: str
    name: str
    entry: Entry | None = None
    documents: int = 0
    departments: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """A code, year and name that documents print, and what is to be thought of it.

    ``verdict`` is agreed, conflict or new. ``meanings`` are other names of the code, ``homes``
    other codes of the name, as far as they speak against the pair. ``first_year`` and
    ``last_year`` are those in which documents print the pair; ``listed`` is the entry that has it.
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
    listed: Entry | None = None
    meanings: tuple[Rival, ...] = ()
    homes: tuple[Rival, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many departments and years it takes, as ``schemas/codes/_agreement.yaml`` says."""

    departments: int
    many: int
    near: int
    company: int


@cache
def limits() -> Limits:
    return Limits(**read_yaml(data_path("schemas", "codes", "_agreement.yaml")))


@dataclass(slots=True)
class _Group:
    """All sightings of a pair in a year."""

    names: Counter[str] = field(default_factory=Counter)
    documents: set[str] = field(default_factory=set)
    departments: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The spelling that is printed most often."""
        return min(self.names, key=lambda name: (-self.names[name], name))

    @property
    def standing(self) -> tuple[int, int]:
        return len(self.departments), len(self.documents)

    def rival(self, code: str) -> Rival:
        return Rival(code, self.name, None, len(self.documents), len(self.departments))


_Key = tuple[str, int, str, str]
"""List, year, code, name in the form that is compared."""


def judged(sightings: Iterable[Sighting], lists: Mapping[str, CodeList]) -> dict[_Key, Pair]:
    """Every pair that documents print, judged; the order of the sightings does not matter.

    ``lists`` are those at hand, by name; a document counts once however often it prints a pair.
    """
    groups: dict[_Key, _Group] = defaultdict(_Group)
    for seen in sorted(set(sightings), key=lambda s: (s.name, s.document)):
        group = groups[seen.list, seen.year, seen.code, same_key(seen.name)]
        group.names[seen.name] += 1
        group.documents.add(seen.document)
        group.departments.add(seen.department)
    court = _Court(groups, {name: _Known(code_list) for name, code_list in lists.items()})
    return {key: court.judge(key) for key in sorted(groups)}


class _Known:
    """A list indexed by names in the form that is compared."""

    def __init__(self, code_list: CodeList) -> None:
        self.list = code_list
        self._homes: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        for entry in code_list.entries:
            self._homes[same_key(entry.name), len(entry.code)].append(entry)

    def having(self, code: str, name: str, year: int) -> Entry | None:
        """The entry of the nearest year by which a code has a name."""
        found = [e for e in self.list.by_code.get(code, ()) if same_key(e.name) == name]
        return min(found, key=lambda e: (not self.list.valid(e, year), e.away(year)), default=None)

    def meanings(self, code: str, year: int) -> list[Entry]:
        """What a code is called in a year, by every list of that year."""
        return [e for e in self.list.by_code.get(code, ()) if self.list.valid(e, year) and e.name]

    def homes(self, code: str, name: str, year: int) -> list[Entry]:
        """The other code that has a name in a year; [] where several codes share the name."""
        entries = self._homes.get((name, len(code)), [])
        valid = [e for e in entries if e.code != code and self.list.valid(e, year)]
        shared = any(
            a.code != b.code and a.away(b.valid_from) == 0 for a in entries for b in entries
        )
        return [] if shared else valid


class _Court:
    def __init__(self, groups: Mapping[_Key, _Group], known: Mapping[str, _Known]) -> None:
        self._groups = groups
        self._known = known
        self._years: dict[tuple[str, str, str], set[int]] = defaultdict(set)
        self._by_code: dict[tuple[str, int, str], list[_Key]] = defaultdict(list)
        self._by_name: dict[tuple[str, int, str, int], list[_Key]] = defaultdict(list)
        for key in sorted(groups):
            name_of_list, year, code, name = key
            self._years[name_of_list, code, name].add(year)
            self._by_code[name_of_list, year, code].append(key)
            self._by_name[name_of_list, year, name, len(code)].append(key)

    def judge(self, key: _Key) -> Pair:
        """Lists first; where they are silent, the other documents."""
        list_name, year, code, name = key
        known, group = self._known.get(list_name), self._groups[key]
        listed = known.having(code, name, year) if known else None
        meanings, homes = self._by_lists(known, listed, key)
        rivals = bool(meanings or homes)
        agreed = listed is not None and not rivals
        if not listed and not rivals:
            meanings, homes = self._by_documents(key)
            rivals = bool(meanings or homes)
            agreed = not rivals and len(group.departments) >= limits().departments
        years = self._years[list_name, code, name]
        return Pair(
            list_name, year, code, group.name, len(group.documents), len(group.departments),
            min(years), max(years), "conflict" if rivals else "agreed" if agreed else "new",
            listed, tuple(meanings), tuple(homes),
        )  # fmt: skip

    @staticmethod
    def _by_lists(
        known: _Known | None, listed: Entry | None, key: _Key
    ) -> tuple[list[Rival], list[Rival]]:
        """What the lists of the year say against a pair."""
        _, year, code, name = key
        if known is None or (listed and known.list.valid(listed, year)):
            return [], []
        meanings, homes = known.meanings(code, year), known.homes(code, name, year)
        if listed:
            # an old name of the code is no mistake, unless the code has been given away
            given_away = homes and meanings and listed.away(year) > limits().near
            official = homes and all(e.status == "official" for e in (*homes, *meanings))
            if not (given_away or (official and meanings)):
                return [], []
        return (
            [Rival(e.code, e.name, e) for e in meanings],
            [Rival(e.code, e.name, e) for e in homes],
        )

    def _by_documents(self, key: _Key) -> tuple[list[Rival], list[Rival]]:
        """What other documents of the year say against a pair that no list has."""
        list_name, year, code, name = key
        own = self._groups[key]
        meanings = [
            other for other in self._by_code[list_name, year, code]
            if other != key and self._groups[other].standing >= own.standing
        ]  # fmt: skip
        homes = [
            other for other in self._by_name[list_name, year, name, len(code)]
            if other != key and len(own.documents) == 1
            and len(self._groups[other].departments) >= limits().many
        ]  # fmt: skip
        return tuple(
            [self._groups[other].rival(other[2]) for other in found]
            for found in (meanings, homes if len(homes) == 1 else [])
        )  # type: ignore[return-value]
