"""What is read from a published classification, and what changed in it from one year to the next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from yusuan.codes.names import folded

__all__ = ["Changes", "Codebook", "ListItem", "ListProblem", "PrintedPlace", "compare"]


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """Where something is printed: page and line from 1, and the cell where there are cells."""

    line: int
    page: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        parts = [f"page {self.page}"] if self.page else []
        parts.append(f"line {self.line}")
        if self.cell:
            parts.append(f"cell {self.cell}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class ListItem:
    """One code of the list. ``level`` counts from 1; ``note`` is what the list says of it."""

    code: str
    name: str
    level: int
    place: PrintedPlace
    name_en: str | None = None
    note: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class ListProblem:
    """Something that was not understood, or does not hold; ``place`` None: the whole file."""

    kind: str
    message: str
    place: PrintedPlace | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


@dataclass(frozen=True, slots=True)
class Codebook:
    """A list as read from one file.

    ``problems`` forbid to store it unless they are accepted. ``remarks`` tell what was joined
    or left aside and why. ``withdrawn`` are codes the file itself marks as gone, ``others``
    counts the rows of other lists in the file, ``repeated`` the rows printed twice alike.
    """

    list: str
    year: int
    file: str
    sha256: str
    items: tuple[ListItem, ...]
    problems: tuple[ListProblem, ...] = ()
    remarks: tuple[ListProblem, ...] = ()
    withdrawn: tuple[ListItem, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    repeated: int = 0

    def counts(self) -> dict[int, int]:
        """How many items there are of each level."""
        levels = sorted({item.level for item in self.items})
        return {level: sum(item.level == level for item in self.items) for level in levels}


_NameKey = tuple[int, str]
"""Length of the code, and the name in the form that is compared."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Codes by what became of them: added and withdrawn with their names, renamed with both
    names, moved as (old code, new code, name).

    A code that is used again is both: withdrawn or moved under its old name, added or moved to
    under the new one.
    """

    added: tuple[tuple[str, str], ...]
    renamed: tuple[tuple[str, str, str], ...]
    moved: tuple[tuple[str, str, str], ...]
    withdrawn: tuple[tuple[str, str], ...]
    unchanged: int


def compare(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """Compare two versions of a list, names by code.

    A code is moved when its name went and stands, on the same level, at exactly one other code;
    of names that several codes have (行政运行), only when the code above stayed or moved likewise.
    A code whose name changed is renamed, unless one of the two names moved from or to another code.
    """
    kept = {c for c, name in before.items() if c in now and folded(name) == folded(now[c])}
    gone = {code: name for code, name in before.items() if code not in kept}
    new = {code: name for code, name in now.items() if code not in kept}
    moved = _moved(gone, new, kept, _common(before) | _common(now))
    left = {code: name for code, name in gone.items() if code not in moved}
    come = {code: name for code, name in new.items() if code not in set(moved.values())}
    renamed = sorted(left.keys() & come.keys())
    return Changes(
        added=tuple(sorted((c, n) for c, n in come.items() if c not in left)),
        renamed=tuple((code, before[code], now[code]) for code in renamed),
        moved=tuple(sorted((old, at, now[at]) for old, at in moved.items())),
        withdrawn=tuple(sorted((c, n) for c, n in left.items() if c not in come)),
        unchanged=len(kept),
    )


def _common(names: Mapping[str, str]) -> set[_NameKey]:
    """The names that several codes of a level have."""
    counts = Counter(_name_key(code, name) for code, name in names.items())
    return {key for key, count in counts.items() if count > 1}


def _moved(
    gone: Mapping[str, str], new: Mapping[str, str], kept: set[str], common: set[_NameKey]
) -> dict[str, str]:
    """Old code to new code."""
    where: dict[_NameKey, list[str]] = defaultdict(list)
    for code, name in new.items():
        where[_name_key(code, name)].append(code)
    found: dict[str, str] = {}
    for code in sorted(gone, key=lambda code: (len(code), code)):
        key = _name_key(code, gone[code])
        targets, above = where.get(key, []), code[:-2]
        above = above if above in kept else found.get(above, "")
        if key in common:
            targets = [target for target in targets if above and target[:-2] == above]
        if len(targets) == 1:
            found[code] = targets[0]
    return found


def _name_key(code: str, name: str) -> _NameKey:
    return len(code), folded(name)
