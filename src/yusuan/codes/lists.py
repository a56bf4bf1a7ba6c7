"""Code lists: what a list is, which name a code has in a year, what is above it and like it.

The classifications are in ``schemas/codes``, the small lists (phases, directions, 三公 items, …) in
``schemas/lists``, the user's own in the folder of ``yusuan.codes.store``."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any

from yusuan.codes.correspondences import CodeSuccession, changes, correspondences, link_of, links
from yusuan.codes.entries import CodeEntry, read_entries
from yusuan.codes.names import bare, folded, shared_start
from yusuan.codes.store import attested_file, own_entries, own_folder, signature
from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue, data_path, read_yaml
from yusuan.schema.overlay import overlay_folder

__all__ = [
    "CodeList",
    "CodeMatch",
    "History",
    "ListDescription",
    "about",
    "code_details",
    "code_list",
    "list_names",
    "sourced_entries",
    "word_entries",
    "word_lists",
]


@dataclass(frozen=True, slots=True)
class ListDescription:
    """``levels`` are the names of the levels from the top, in Chinese and English.

    ``lengths`` are the code lengths of the levels where these tell the level; () where they do
    not. ``gaps`` is whether a code may stand more than one level below its parent, ``unnamed``
    whether a list gives codes without names.
    """

    name: str
    title: str
    title_en: str
    levels: tuple[tuple[str, str], ...]
    lengths: tuple[int, ...]
    gaps: bool
    unnamed: bool
    complete: bool
    completeness: str
    completeness_en: str
    origin: str
    origin_en: str


@cache
def about(name: str) -> ListDescription:
    """What is known of a list; a list that only the user has is known by its name alone."""
    told = _descriptor(name)
    return ListDescription(
        name=name,
        title=told.get("title", name),
        title_en=told.get("title@en", name),
        levels=tuple((level["name"], level["name@en"]) for level in told.get("levels", ())),
        lengths=tuple(told.get("lengths", ())),
        gaps=bool(told.get("gaps")),
        unnamed=bool(told.get("unnamed")),
        complete=bool(told.get("complete")),
        completeness=told.get("completeness", ""),
        completeness_en=told.get("completeness@en", ""),
        origin=told.get("origin", ""),
        origin_en=told.get("origin@en", ""),
    )


def _descriptor(name: str) -> Mapping[str, Any]:
    path = data_path("schemas", "codes") / f"{name}.yaml"
    if path.is_file():
        official: Mapping[str, Any] = read_yaml(path)
        return official
    small = data_path("schemas", "lists")
    if (path := small / f"{name}.yaml").is_file():
        return {**read_yaml(small / "_list.yaml"), **read_yaml(path), "complete": True}
    return {}


def word_lists() -> tuple[str, ...]:
    """The names of the small lists."""
    return tuple(resource.name for resource in catalogue().of_kind("list"))


def word_entries(name: str) -> list[CodeEntry]:
    """The values of a small list, with the ways they are printed; [] for another list.

    They are ours and know no years: all are valid from the first year of the classifications.
    """
    if name not in word_lists():
        return []
    since = read_yaml(data_path("schemas", "lists", "_list.yaml"))["validFrom"]
    rows = {row["code"]: row for row in catalogue()[name].rows}
    return [
        CodeEntry(
            list=name,
            code=code,
            name=row["name"],
            name_en=row.get("name_en"),
            valid_from=since,
            parent=row.get("parent"),
            level=_level(code, {key: other.get("parent") for key, other in rows.items()}),
            status="ours",
            source=about(name).origin,
            printed=tuple(
                dict.fromkeys(
                    word
                    for word in (*row.get("synonyms", ()), *row.get("columns", ()))
                    if word != row["name"]
                )
            ),
        )
        for code, row in rows.items()
    ]


def _level(code: str, parents: dict[str, str | None]) -> int:
    """1 at the top; a code below itself ends where it comes round."""
    seen = [code]
    while (above := parents.get(seen[-1])) and above not in seen:
        seen.append(above)
    return len(seen)


@dataclass(frozen=True, slots=True)
class CodeMatch:
    """An entry found for a year; ``distance`` is how many years its validity is away from it."""

    entry: CodeEntry
    year: int
    distance: int

    @property
    def exact(self) -> bool:
        """Whether the entry is valid in the year asked for."""
        return self.distance == 0


@dataclass(frozen=True, slots=True)
class History:
    """The names of a code, oldest first, and what it came from and what became of it."""

    names: tuple[CodeEntry, ...]
    predecessors: tuple[CodeSuccession, ...]
    successors: tuple[CodeSuccession, ...]


class CodeList:
    """All entries of a list, of all years.

    An official version rules for its year: what other sources attest then counts only for the
    years that no official version covers.
    """

    def __init__(self, name: str, entries: Iterable[CodeEntry]) -> None:
        self.name = name
        self.entries: tuple[CodeEntry, ...] = tuple(
            sorted(entries, key=lambda entry: (entry.code, entry.valid_from))
        )
        self.official_years: frozenset[int] = frozenset(
            year
            for entry in self.entries
            if entry.status == "official"
            for year in range(entry.valid_from, (entry.valid_to or entry.valid_from) + 1)
        )

    def official_codes(self, year: int) -> frozenset[str]:
        """The codes of the official version of a year; none where there is no such version."""
        return self._official_codes.get(year, frozenset())

    @cached_property
    def _official_codes(self) -> Mapping[int, frozenset[str]]:
        official = [entry for entry in self.entries if entry.status == "official"]
        return {
            year: frozenset(entry.code for entry in official if not entry.away(year))
            for year in self.official_years
        }

    @cached_property
    def by_code(self) -> Mapping[str, tuple[CodeEntry, ...]]:
        """The entries of each code, oldest first."""
        found: dict[str, list[CodeEntry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.code].append(entry)
        return {code: tuple(entries) for code, entries in found.items()}

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[CodeEntry, ...]]:
        found: dict[str, list[CodeEntry]] = defaultdict(list)
        for entry in self.entries:
            for name in {*map(folded, (entry.name, entry.name_en or "", *entry.printed))} - {""}:
                found[name].append(entry)
        return {name: tuple(entries) for name, entries in found.items()}

    def find(self, code: str, year: int) -> CodeMatch | None:
        """What a code is in a year, or in the nearest year that has it; None for no such code."""
        return self._nearest_year(self.by_code.get(code, ()), year)

    def for_documents(self) -> CodeList:
        """The list as it speaks of documents: private entries only of their own years."""
        return self._for_documents

    @cached_property
    def _for_documents(self) -> CodeList:
        if isinstance(self, _ForDocuments) or not any(entry.private for entry in self.entries):
            return self
        return _ForDocuments(self.name, self.entries)

    def public(self) -> CodeList:
        """The list without the user's own entries: for reading, where no year is known yet that
        they could be of."""
        return self._public

    @cached_property
    def _public(self) -> CodeList:
        if not any(entry.private for entry in self.entries):
            return self
        return CodeList(self.name, (entry for entry in self.entries if not entry.private))

    def private(self, year: int, codes: Collection[str]) -> tuple[CodeEntry, ...]:
        """The private entries that decide what these codes are in a year: all of an official
        version of the year, of others those of the codes."""
        if self.for_documents() is self:
            return ()
        return tuple(
            entry for entry in self.entries
            if entry.private and not entry.away(year)
            and (entry.status == "official" or entry.code in codes)
        )  # fmt: skip

    def named(self, name: str, year: int) -> list[CodeMatch]:
        """Every code that has or had a name, nearest year first; brackets and blanks may differ."""
        groups: dict[str, list[CodeEntry]] = defaultdict(list)
        for entry in self._by_name.get(folded(name), ()):
            groups[entry.code].append(entry)
        found = [self._nearest_year(entries, year) for entries in groups.values()]
        return sorted(
            (match for match in found if match),
            key=lambda match: (match.distance, match.entry.code),
        )

    def agreeing(self, code: str, name: str, year: int) -> CodeMatch | None:
        """The entry by which a code has a name, of the nearest year; None when it never had it.

        An old list adds the department in brackets, 行政运行（人大）, and leaves out the 支出 that
        later ones end in; under one code these are the same name.
        """
        entries = self.by_code.get(code, ())
        same = [entry for entry in entries if folded(entry.name) == folded(name)]
        like = [entry for entry in entries if bare(entry.name) == bare(name)]
        return self._nearest_year(same, year) or self._nearest_year(like, year)

    def path(self, code: str, year: int) -> tuple[CodeMatch, ...]:
        """The code with all those above it, from the top down; () for no such code."""
        steps: list[CodeMatch] = []
        at: str | None = code
        while at is not None and all(step.entry.code != at for step in steps):
            match = self.find(at, year)
            if match is None:
                break
            steps.append(match)
            at = match.entry.parent
        return tuple(reversed(steps))

    def history(self, code: str) -> History:
        """The names of a code over the years, its predecessors and its successors."""
        known = changes(self.name)
        return History(
            self.by_code.get(code, ()),
            tuple(change for change in known if change.to_code == code),
            tuple(change for change in known if change.from_code == code),
        )

    def children(self, code: str | None, year: int) -> tuple[CodeEntry, ...]:
        """The entries directly below a code that are valid in a year; None asks for the top."""
        return tuple(e for e in self.entries if e.parent == code and self.valid(e, year))

    def valid(self, entry: CodeEntry, year: int) -> bool:
        """Whether an entry holds in a year: an official version of that year overrules others."""
        if year in self.official_years and entry.status != "official":
            return False
        return entry.away(year) == 0

    def nearest(self, wanted: str, year: int, count: int = 3) -> list[CodeMatch]:
        """The entries most like a code or a name, best first; for advice, never to be taken.

        A code is like those of its length that differ in a digit or two, first those that begin
        like it; a name is like those that share most of its characters.
        """
        text = folded(wanted)
        code = text.isascii() and any(map(str.isdigit, text))
        sought = text if code else bare(text)
        matcher = difflib.SequenceMatcher(b=sought, autojunk=False)
        alike = _ALIKE_CODE if code else _ALIKE
        characters = frozenset(sought)
        scored: dict[str, tuple[float, int, CodeMatch]] = {}
        scores: dict[str, float] = {}  # a code or name is in the lists of many years
        for entry in self.entries:
            if code and len(entry.code) != len(text):
                continue
            own = entry.code if code else bare(entry.label)
            if own not in scores:
                # An upper bound of the ratio first, by the characters that both have.
                shared = sum(map(characters.__contains__, own))
                scores[own] = 0.0
                length = len(own) + len(sought)
                if not length or 2.0 * shared / length >= alike:
                    matcher.set_seq1(own)
                    near = matcher.real_quick_ratio() >= alike and matcher.quick_ratio() >= alike
                    scores[own] = matcher.ratio() if near else 0.0
            score = scores[own]
            match = self._nearest_year((entry,), year) if score >= alike else None
            if match is None:
                continue
            if code:
                score += shared_start(entry.code, text) / len(text)
            known = scored.get(entry.code)
            if known is None or (-score, match.distance) < known[:2]:
                scored[entry.code] = (-score, match.distance, match)
        best = sorted(scored.values(), key=lambda rank: (*rank[:2], rank[2].entry.code))
        return [match for _, _, match in best[:count]]

    def candidates(self, code: str, name: str | None, year: int, count: int = 3) -> list[CodeMatch]:
        """What a code in no list may have been meant for: the code under its own name, then the
        codes of that name, then names and codes like it. For advice, never to be taken."""
        found = [self.find(code, year)]
        if name:
            found += self.named(name, year)[:2]
            found += self.nearest(name, year, 1)
        if len(code) > _SHORT:  # any short code is near every other
            found += self.nearest(code, year, count)
        known: dict[str, CodeMatch] = {}
        for match in found:
            if match:
                known.setdefault(match.entry.code, match)
        return list(known.values())[:count]

    def _nearest_year(self, entries: Sequence[CodeEntry], year: int) -> CodeMatch | None:
        best: CodeMatch | None = None
        for entry in entries:
            distance = entry.away(year)
            if distance == 0 and not self.valid(entry, year):
                distance = 1  # overruled by the official version: known, but not for this year
            if best is None or (distance, -entry.valid_from) < (best.distance, -best.entry.valid_from):  # fmt: skip
                best = CodeMatch(entry, year, distance)
        return best


class _ForDocuments(CodeList):
    def _nearest_year(self, entries: Sequence[CodeEntry], year: int) -> CodeMatch | None:
        own = [entry for entry in entries if not (entry.private and entry.away(year))]
        return super()._nearest_year(own, year)


_ALIKE = 0.6
"""Similarity from which a name is worth telling."""

_SHORT = 3
_ALIKE_CODE = 0.66
"""The same for a code: two of three digits, five of seven."""


def list_names() -> tuple[str, ...]:
    """The lists that come with the installation, and those only the user has."""
    folder = own_folder()
    own = {path.name for path in folder.iterdir() if path.is_dir()} if folder.is_dir() else set()
    return tuple(sorted({*_built_in(), *word_lists(), *own}))


@cache
def _built_in() -> frozenset[str]:
    """The classifications that come with the installation."""
    return frozenset(path.stem for path in data_path("schemas", "codes").glob("*.csv"))


def code_list(name: str) -> CodeList:
    """A list with the user's own versions. Raises YusuanError for a list there is not."""
    if name not in _built_in() and name not in list_names():
        raise YusuanError(f"{name}: no such list; there are {', '.join(list_names())}")
    return _code_list(name, signature(name), overlay_folder())


def public_list(name: str) -> CodeList:
    """A list without the user's own versions (``CodeList.public``), for what asks it for every text:
    the folder of one's own lists is not looked at. Raises YusuanError for a list there is not."""
    if name not in _built_in():
        return code_list(name).public()
    return _code_list(name, (), overlay_folder())


def sourced_entries(name: str) -> list[CodeEntry]:
    """What sources and documents attest of a list, without any imported version.

    Raises YusuanError for a file that is none of entries.
    """
    path = attested_file(name)
    return _with_own(name, read_entries(path) if path.is_file() else [])


@lru_cache(maxsize=64)
def _code_list(name: str, own: tuple[tuple[str, int, int], ...], words: str | None) -> CodeList:
    return CodeList(name, _with_own(name, own_entries(name) if own else []))


def _with_own(name: str, own: Sequence[CodeEntry]) -> list[CodeEntry]:
    """The built-in entries, and the user's own that do not contradict them or rule them."""
    path = data_path("schemas", "codes") / f"{name}.csv"
    entries = read_entries(path) if path.is_file() else word_entries(name)
    known = CodeList(name, entries).by_code if own else {}
    return entries + [
        replace(entry, private=True)
        for entry in own
        if entry.status == "official" or not _contradicted(entry, known.get(entry.code, ()))
    ]


def _contradicted(entry: CodeEntry, known: Iterable[CodeEntry]) -> bool:
    """Whether a built-in list has another name for the code in years the entry claims."""
    last = _last(entry)
    return any(
        other.valid_from <= last
        and entry.valid_from <= _last(other)
        and folded(other.name) != folded(entry.name)
        for other in known
    )


def _last(entry: CodeEntry) -> int:
    return 9999 if entry.valid_to is None else entry.valid_to


def code_details(known: CodeList, code: str, year: int | None = None) -> dict[str, Any]:
    """What a code is: name, path, validity, history, who says so, and its COFOG link.

    Without a year it is told of the last one known. ``valid`` says whether the code is known in
    that very year; if not, the nearest year is told. The code must be in the list.
    """
    entries = known.by_code[code]
    at = _last_year(entries[-1]) if year is None else year
    match = known.find(code, at)
    assert match is not None  # the code has entries
    entry = match.entry
    told = about(known.name)
    path = known.path(code, at)
    history = known.history(code)
    levels = told.levels[entry.level - 1] if entry.level <= len(told.levels) else ("", "")
    return {
        "list": known.name,
        "title": told.title,
        "title_en": told.title_en,
        "code": code,
        "year": at,
        "name": entry.name or None,
        "name_en": entry.name_en,
        "printed_as": list(entry.printed),
        "level": entry.level,
        "level_name": levels[0],
        "level_name_en": levels[1],
        "valid": match.exact,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "status": entry.status,
        "source": entry.source,
        "path": [{"code": step.entry.code, "name": step.entry.label} for step in path],
        "names": [
            {"name": item.label, "valid_from": item.valid_from, "valid_to": item.valid_to,
             "status": item.status, "source": item.source}
            for item in history.names
        ],
        "nearby": [] if match.exact else [
            {"name": item.label, "valid_from": item.valid_from, "valid_to": item.valid_to}
            for item in _around(history.names, at)
        ],
        "predecessors": [_change(known, change) for change in history.predecessors
                         if not entry.away(change.to_year)],
        "successors": [_change(known, change) for change in history.successors
                       if not entry.away(change.from_year)],
        "counterparts": list(_counterparts(known.name, code, at)),
        "cofog": _cofog(known.name, [step.entry.code for step in path], at),
    }  # fmt: skip


def _around(names: Sequence[CodeEntry], year: int) -> list[CodeEntry]:
    """The last entry before a year and the first one after it."""
    before = [entry for entry in names if entry.valid_to is not None and entry.valid_to < year]
    after = [entry for entry in names if entry.valid_from > year]
    return [*before[-1:], *after[:1]]


def _change(known: CodeList, change: CodeSuccession) -> dict[str, Any]:
    before = known.find(change.from_code, change.from_year)
    after = known.find(change.to_code, change.to_year)
    return {
        "kind": change.kind,
        "from": {"year": change.from_year, "code": change.from_code,
                 "name": before.entry.label if before else None},
        "to": {"year": change.to_year, "code": change.to_code,
               "name": after.entry.label if after else None},
        "reason": change.reason,
        "reason_en": change.reason_en,
    }  # fmt: skip


def _counterparts(name: str, code: str, year: int) -> Iterator[dict[str, Any]]:
    """What corresponds to a code in the other economic classification, from either side."""
    for source, target in correspondences():
        if target == "cofog" or name not in (source, target):
            continue
        forth = name == source
        for link in (link for found in links(source, target).values() for link in found):
            here, there = (link.source, link.target) if forth else (link.target, link.source)
            if here != code or not link.holds(year):
                continue
            other = code_list(target if forth else source)
            match = other.find(there, year)
            yield {
                "list": other.name,
                "code": there,
                "name": match.entry.label if match else None,
                "relation": link.relation if forth else _INVERSE.get(link.relation, link.relation),
                "reason": link.reason,
                "reason_en": link.reason_en,
            }


_INVERSE = {"broad": "narrow", "narrow": "broad"}


def _cofog(list_name: str, path: list[str], year: int) -> dict[str, Any] | None:
    link = link_of(list_name, path, year)
    if link is None:
        return None
    target = code_list(link.target_list).find(link.target, year)
    return {
        "code": link.target,
        "name_en": target.entry.label if target else None,
        "relation": link.relation,
        "of": link.source,
        "reason": link.reason,
        "reason_en": link.reason_en,
        "origin": "yusuan, not official",
    }


def _last_year(entry: CodeEntry) -> int:
    return entry.valid_from if entry.valid_to is None else entry.valid_to
