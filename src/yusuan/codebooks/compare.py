"""What changed in a list from one year to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from yusuan.codes.names import folded

__all__ = ["Changes", "compare"]


@dataclass(frozen=True, slots=True)
class Changes:
    """Codes by what became of them: added and withdrawn with their names, renamed with both
    names, moved as (old code, new code, name)."""

    added: tuple[tuple[str, str], ...]
    renamed: tuple[tuple[str, str, str], ...]
    moved: tuple[tuple[str, str, str], ...]
    withdrawn: tuple[tuple[str, str], ...]
    unchanged: int


def compare(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """Compare two versions of a list, names by code.

    A code is moved when its name went and stands, on the same level, at exactly one new code;
    of names that many codes have (行政运行), only when the code above moved likewise.
    """
    gone = {code: name for code, name in before.items() if code not in now}
    new = {code: name for code, name in now.items() if code not in before}
    both = [code for code in before if code in now]
    renamed = [code for code in both if folded(before[code]) != folded(now[code])]
    moved = _moved(gone, new)
    return Changes(
        added=tuple(sorted((c, n) for c, n in new.items() if c not in set(moved.values()))),
        renamed=tuple(sorted((code, before[code], now[code]) for code in renamed)),
        moved=tuple(sorted((old, at, now[at]) for old, at in moved.items())),
        withdrawn=tuple(sorted((c, n) for c, n in gone.items() if c not in moved)),
        unchanged=len(both) - len(renamed),
    )


def _moved(gone: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Old code to new code."""
    where: dict[tuple[int, str], list[str]] = defaultdict(list)
    whence: dict[tuple[int, str], list[str]] = defaultdict(list)
    for code, name in new.items():
        where[len(code), folded(name)].append(code)
    for code, name in gone.items():
        whence[len(code), folded(name)].append(code)
    found: dict[str, str] = {}
    for code in sorted(gone, key=lambda code: (len(code), code)):
        key = (len(code), folded(gone[code]))
        targets = where.get(key, [])
        if len(targets) == 1 and len(whence[key]) == 1:
            found[code] = targets[0]
            continue
        above = found.get(code[:-2])
        below = [target for target in targets if above and target[:-2] == above]
        if len(below) == 1:
            found[code] = below[0]
    return found
