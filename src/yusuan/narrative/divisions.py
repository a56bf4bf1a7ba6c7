"""The administrative division (GB/T 2260) that an organisation's name begins with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from yusuan.codes import CodeList, code_list

__all__ = ["Division", "division_of"]

_SUFFIX = re.compile(
    r"(?:特别行政区|(?:维吾尔|壮族|回族)?自治区|(?:.{1,6}族)+自治[州县旗]|自治[州县旗]|省|市|地区|盟|县|区|旗)$"
)


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str


@lru_cache(maxsize=4)
def _by_name(known: CodeList) -> dict[str, list[Division]]:
    """Divisions under their full name and under the name without 省/市/县/区 (two or more signs)."""
    names: dict[str, list[Division]] = defaultdict(list)
    for entry in known.entries:
        division = Division(entry.code, entry.name)
        short = _SUFFIX.sub("", entry.name)
        for name in {entry.name, short if len(short) >= 2 else entry.name}:
            if division not in names[name]:
                names[name].append(division)
    return names


def division_of(name: str) -> tuple[Division | None, str]:
    """The most local division a name starts with, and the rest of the name.

    The user's own divisions count too. Several places share a name; only one inside the division named before it, or one that
    is alone with its name, is taken. Otherwise the answer stops at what is certain.

    >>> division_of("江苏省人大常委会办公厅")
    (Division(code='320000', name='江苏省'), '人大常委会办公厅')
    """
    found: Division | None = None
    rest, named = name, _by_name(code_list("administrative-division"))
    while step := _next(rest, found, named):
        found, rest = step[0], rest[step[1] :]
    return found, rest


def _next(
    rest: str, inside: Division | None, named: Mapping[str, list[Division]]
) -> tuple[Division, int] | None:
    for length in range(min(12, len(rest) - 2), 1, -1):
        matches = named.get(rest[:length], [])
        if inside is not None:
            stem = inside.code.rstrip("0") if inside.code.endswith("00") else inside.code
            stem = stem if len(stem) % 2 == 0 else stem + "0"
            matches = [m for m in matches if m.code.startswith(stem) and m.code != inside.code]
        codes = {match.code for match in matches}
        if len(codes) == 1:
            return matches[-1], length
    return None
