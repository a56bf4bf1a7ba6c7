"""Proof of a list: every code has its place, and no code means two things at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from yusuan.codes.correspondences import changes, correspondences, file_of, links
from yusuan.codes.entries import CodeEntry, numbered_entries
from yusuan.codes.lists import ListDescription, about, list_names, word_entries, word_lists
from yusuan.codes.store import ATTESTED, own_folder, versions
from yusuan.schema import data_path

__all__ = ["Proof", "prove", "prove_correspondences", "prove_file", "prove_lists"]

Numbered = Sequence[tuple[int, CodeEntry]]


class Proof:
    """What was counted, and the violations with the file and line of each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []


def prove_lists() -> Proof:
    """Prove all lists, built-in and the user's own, and all correspondences.

    Raises YusuanError for a file that cannot be read.
    """
    proof = Proof()
    for path in sorted(data_path("schemas", "codes").glob("*.csv")):
        prove_file(proof, path, path.stem)
    for name in list_names():
        for path in sorted((own_folder() / name).glob("*.csv")):
            prove_file(proof, path, name)
        versions(name)  # whose sidecars must tell where each version is from
    for name in word_lists():
        entries = list(enumerate(word_entries(name), start=1))
        proof.counts[f"{name}: entries"] += len(entries)
        proof.violations += (
            f"{data_path('schemas', 'lists') / name}.yaml, row {number}: {what}"
            for number, what in prove(entries, name)
        )
    prove_correspondences(proof)
    return proof


def prove_file(proof: Proof, path: Path, list_name: str) -> None:
    """Prove one file of entries. Raises YusuanError for a file that is none."""
    numbered = list(numbered_entries(path))
    above = _codes(list_name) if path.name == ATTESTED else {}  # what documents add to a list
    proof.counts[f"{list_name}: entries"] += len(numbered)
    proof.violations += (
        f"{path}, line {line}: {what}" for line, what in prove(numbered, list_name, above)
    )


def prove(
    numbered: Numbered, list_name: str, above: Mapping[str, Sequence[CodeEntry]] | None = None
) -> Iterator[tuple[int, str]]:
    """The violations in the entries of one file: line and sentence.

    ``above`` are entries of another file that they may stand below.
    """
    told = about(list_name)
    by_code: dict[str, list[tuple[int, CodeEntry]]] = defaultdict(list)
    for line, entry in numbered:
        by_code[entry.code].append((line, entry))
    parents = {code: [(0, entry) for entry in found] for code, found in (above or {}).items()}
    for code, found in by_code.items():
        parents[code] = [*parents.get(code, ()), *found]
    for line, entry in numbered:
        yield from ((line, what) for what in _of_entry(entry, list_name, told))
        yield from ((line, what) for what in _of_parent(entry, parents, told))
    for code, entries in by_code.items():
        yield from _overlaps(code, entries)


def prove_correspondences(proof: Proof) -> None:
    """Prove that both ends of every correspondence are in their lists, in their years."""
    known = {name: _codes(name) for pair in correspondences() for name in pair}
    for pair in correspondences():
        for found in links(*pair).values():
            for link in found:
                proof.counts[f"{'-'.join(pair)}: links"] += 1
                place = f"{file_of('-'.join(pair))}, line {link.line}"
                year = link.valid_from or link.valid_to
                for name, code, at in ((pair[0], link.source, year), (pair[1], link.target, None)):
                    if not any(at is None or _covers(e, link.valid_from, link.valid_to)
                               for e in known[name].get(code, ())):  # fmt: skip
                        proof.violations.append(f"{place}: {code} is not in {name}{_in(at)}")
                if not (link.reason and link.reason_en):
                    proof.violations.append(
                        f"{place}: {link.source} to {link.target} has no reason"
                    )
    for name in list_names():
        entries = _codes(name)
        for change in changes(name):
            proof.counts[f"{name}-years: changes"] += 1
            for code, year in (
                (change.from_code, change.from_year),
                (change.to_code, change.to_year),
            ):
                if not any(entry.away(year) == 0 for entry in entries.get(code, ())):
                    proof.violations.append(
                        f"{file_of(f'{name}-years')}, line {change.line}: "
                        f"{code} is not in {name} in {year}"
                    )


def _of_entry(entry: CodeEntry, list_name: str, told: ListDescription) -> Iterator[str]:
    if entry.list != list_name:
        yield f"{entry.code} is of the list {entry.list!r}; expected {list_name!r}"
    if not entry.name.strip() and not (entry.name_en or "").strip() and not told.unnamed:
        yield f"{entry.code} has no name"
    if entry.valid_to is not None and entry.valid_to < entry.valid_from:
        yield f"{entry.code} ends in {entry.valid_to}, before it begins in {entry.valid_from}"
    if told.levels and not 1 <= entry.level <= len(told.levels):
        yield f"{entry.code} has level {entry.level}; the list has {len(told.levels)}"
    elif told.lengths and len(entry.code) != told.lengths[entry.level - 1]:
        expected = told.lengths[entry.level - 1]
        yield f"{entry.code} has level {entry.level}, so its length should be {expected}"


def _of_parent(
    entry: CodeEntry, by_code: Mapping[str, Sequence[tuple[int, CodeEntry]]], told: ListDescription
) -> Iterator[str]:
    if entry.parent is None:
        if entry.level != 1:
            yield f"{entry.code} has level {entry.level} and nothing above it (orphan)"
        return
    above = [parent for _, parent in by_code.get(entry.parent, ())]
    if not above:
        yield f"{entry.code} stands below {entry.parent}, which is not in the list (orphan)"
    elif not any(_one_up(parent, entry, told) for parent in above):
        yield f"{entry.code} has level {entry.level}; {entry.parent} above it is not one level up"
    if told.lengths and not entry.code.startswith(entry.parent):
        yield f"{entry.code} does not begin with the code above it, {entry.parent}"
    seen = {entry.code}
    at: str | None = entry.parent
    while at is not None and at not in seen:
        seen.add(at)
        at = next((parent.parent for _, parent in by_code.get(at, ())), None)
    if at == entry.code:
        yield f"{entry.code} stands below itself (cycle)"


def _one_up(parent: CodeEntry, entry: CodeEntry, told: ListDescription) -> bool:
    return parent.level == entry.level - 1 or (told.gaps and parent.level < entry.level)


def _overlaps(code: str, entries: Sequence[tuple[int, CodeEntry]]) -> Iterator[tuple[int, str]]:
    ordered = sorted(entries, key=lambda item: item[1].valid_from)
    for (_, one), (line, other) in pairwise(ordered):
        if one.valid_to is None or other.valid_from <= one.valid_to:
            yield line, (f"{code} is both {one.label} and {other.label} in {other.valid_from} "
                         "(overlap)")  # fmt: skip


def _codes(name: str) -> Mapping[str, Sequence[CodeEntry]]:
    found: dict[str, list[CodeEntry]] = defaultdict(list)
    path = data_path("schemas", "codes") / f"{name}.csv"
    entries: Iterable[tuple[int, CodeEntry]] = numbered_entries(path) if path.is_file() else ()
    for _, entry in entries:
        found[entry.code].append(entry)
    return found


def _covers(entry: CodeEntry, first: int | None, last: int | None) -> bool:
    """Whether an entry holds in any of the years."""
    return (last is None or entry.valid_from <= last) and (
        first is None or entry.valid_to is None or first <= entry.valid_to
    )


def _in(year: int | None) -> str:
    return "" if year is None else f" in {year}"
