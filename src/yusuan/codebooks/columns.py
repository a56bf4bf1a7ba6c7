"""Which columns of a table hold codes, names and notes.

Headings say it where there are any and their words are known; what stands in the columns
decides the rest. A table may hold two lists side by side: each is a group of columns.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.codebooks.lines import PrintedLine, Section
from yusuan.codebooks.records import PrintedPlace
from yusuan.codebooks.words import (
    change_of,
    code_lengths,
    is_english,
    is_level,
    is_note,
    is_sum,
    list_of_code,
    names_a_list,
    role_of,
)
from yusuan.model.text import clean, normal

__all__ = ["Layout", "ListColumns", "heading_of", "is_heading", "layout_of"]

_MOST = 0.5
_LETTERED = re.compile(r"(?<=(?<!\S)[^\W\d]) (?=[^\W\d](?!\S))")
"""The blank within a word that is spread over its column, as in 说 明."""
_NEARLY_ALL = 0.8
_NO_CODES = ("note", "mark", "serial", "amount", "english", "above", "level")
_SHORT = 2
"""Digits of a level below the class; a class has three."""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The columns of one list, each kind from the left."""

    codes: tuple[int, ...]
    names: tuple[int, ...]
    notes: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    english: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The groups of a table; ``amounts``: where it has a column of amounts, which no list has.

    ``unread`` are columns under headings of unknown meaning.
    """

    groups: tuple[ListColumns, ...]
    amounts: PrintedPlace | None = None
    unread: tuple[tuple[int, str], ...] = ()


def is_heading(line: PrintedLine) -> bool:
    """Whether a row holds headings: no code, and known words in at least half of its cells."""
    if any(part.code for part in line.parts.values()):
        return False
    texts = line.texts
    if len(line.parts) == 1 and " " in clean(texts[0]):
        words = _LETTERED.sub("", clean(texts[0])).split()
        return all(role_of(word) for word in clean(texts[0]).split()) or all(map(role_of, words))
    known = sum(role_of(text) is not None and not is_sum(text) for text in texts)
    known = known and sum(role_of(text) is not None for text in texts)
    titles = sum(names_a_list(text) for text in texts if role_of(text) is None)
    return bool(known) and known + titles >= len(texts) * _MOST


def heading_of(section: Section) -> tuple[str, ...]:
    """The texts of a table's first heading rows; () where it has none."""
    texts: list[str] = []
    for line in section.lines:
        if is_heading(line):
            texts += map(normal, line.texts)
        elif texts:
            break
    return tuple(texts)


def layout_of(lines: Sequence[PrintedLine]) -> Layout:
    """The columns of rows that share them."""
    heads = [line for line in lines if is_heading(line)]
    body = [line for line in lines if not is_heading(line)]
    roles, unknown = _roles(heads)
    counts = _Counts(body)
    codes = [column for column in counts.columns if counts.is_code(column, roles.get(column))]
    if not any(counts.has_class(column) for column in codes) and not (
        any(roles.get(column) == "code" for column in codes)
    ):
        codes = []
    codes = [column for column in codes if len(codes) == 1 or not counts.is_serial(column)]
    parted = _parted(codes, counts)
    by_role: dict[str, list[int]] = {"name": [], "note": [], "mark": [], "english": []}
    unread = []
    for column in counts.columns:
        if not counts.texts[column] or (column in codes and not counts.labels[column]):
            continue
        role = roles.get(column)
        if column in codes or role == "code":
            role = "name"
        if role == "level" and counts.kind(column) != "level":
            role = None
        if role is None and column in unknown and "name" in roles.values():
            role = counts.kind(column)
            if role in ("name", "english"):
                unread.append((column, unknown[column]))
                continue
        role = role or counts.kind(column)
        if role in by_role:
            by_role[role].append(column)
    groups = tuple(_group(index, parted, by_role) for index in range(len(parted)))
    return Layout(groups, _amounts(heads, body, codes, roles), tuple(unread))


def _roles(heads: Sequence[PrintedLine]) -> tuple[dict[int, str], dict[int, str]]:
    """The role of each column by its lowest known heading, and the headings nobody knows."""
    roles: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for line in heads:
        for column, part in line.parts.items():
            role = role_of(part.printed)
            for at in range(column, column + part.across):
                if role:
                    roles[at] = role
                elif not names_a_list(part.printed):
                    unknown[at] = part.printed
    return roles, {column: text for column, text in unknown.items() if column not in roles}


class _Counts:
    """What stands in each column of the rows below the headings."""

    def __init__(self, body: Sequence[PrintedLine]) -> None:
        self.codes: dict[int, list[str]] = {}
        self.texts: dict[int, list[str]] = {}
        self.labels: Counter[int] = Counter()
        self.rows = len(body)
        for line in body:
            for column, part in line.parts.items():
                if part.code:
                    self.codes.setdefault(column, []).append(part.code)
                    self.labels[column] += bool(part.text)
                if part.text:
                    self.texts.setdefault(column, []).append(part.text)
        self.columns = sorted({*self.codes, *self.texts})
        for column in self.columns:
            self.codes.setdefault(column, [])
            self.texts.setdefault(column, [])

    def is_code(self, column: int, role: str | None) -> bool:
        codes = self.codes[column]
        others = len(self.texts[column]) - self.labels[column]
        if not codes or role in _NO_CODES:
            return False
        if role == "name" and self.labels[column] < others:
            return False
        if len(codes) < (len(codes) + others) * _MOST:
            return False
        return role == "code" or self._plausible(codes)

    def has_class(self, column: int) -> bool:
        return any(_is_plausible(code) for code in self.codes[column] if len(code) > _SHORT)

    def _plausible(self, codes: list[str]) -> bool:
        long = [code for code in codes if len(code) > _SHORT]
        return sum(map(_is_plausible, long)) >= len(long) * _NEARLY_ALL

    def firsts(self, column: int) -> set[str]:
        return {code[0] for code in self.codes[column] if len(code) > _SHORT}

    def is_serial(self, column: int) -> bool:
        """Whether a column numbers the rows."""
        codes = self.codes[column]
        if len(codes) < max(3, self.rows * _NEARLY_ALL):
            return False
        steps = sum(int(b) - int(a) == 1 for a, b in pairwise(codes))
        return steps >= (len(codes) - 1) * _NEARLY_ALL

    def kind(self, column: int) -> str:
        """What the texts of a column without a known heading look like."""
        texts = self.texts[column]
        for kind, test in _KINDS:
            if sum(bool(test(text)) for text in texts) >= len(texts) * _MOST:
                return kind
        return "name"


_KINDS = (
    ("level", is_level), ("mark", change_of), ("note", is_note), ("english", is_english),
)  # fmt: skip


def _is_plausible(code: str) -> bool:
    return list_of_code(code) is not None and len(code) in code_lengths()


def _parted(codes: Sequence[int], counts: _Counts) -> list[tuple[int, ...]]:
    """The code columns of each list: where other first digits begin, another list does."""
    groups: list[list[int]] = []
    firsts: set[str] = set()
    for column in codes:
        own = counts.firsts(column)
        if groups and (not own or not firsts or own & firsts):
            groups[-1].append(column)
        else:
            groups.append([column])
            firsts = set()
        firsts |= own
    return [tuple(group) for group in groups]


def _group(index: int, parted: list[tuple[int, ...]], by_role: dict[str, list[int]]) -> ListColumns:
    """The columns that belong to a list: those up to the next one, or from the one before
    where names stand before their codes."""
    ends = [*(group[0] for group in parted), 10**9]
    low, high = (ends[index] if index else -1), ends[index + 1]
    if len(parted) > 1 and by_role["name"] and max(by_role["name"]) < parted[-1][0]:
        low, high = (parted[index - 1][-1] if index else -1), parted[index][-1]
    inside = {
        role: tuple(column for column in columns if low <= column < high or column in parted[index])
        for role, columns in by_role.items()
    }
    return ListColumns(
        parted[index], inside["name"], inside["note"], inside["mark"], inside["english"]
    )


def _amounts(
    heads: Sequence[PrintedLine],
    body: Sequence[PrintedLine],
    codes: Sequence[int],
    roles: dict[int, str],
) -> PrintedPlace | None:
    """Where a column of amounts stands."""
    for line in heads:
        for part in line.parts.values():
            if role_of(part.printed) == "amount":
                return part.place
    money = [
        part.place
        for line in body for column, part in line.parts.items()
        if column not in codes and roles.get(column) is None and _is_amount(part.printed)
    ]  # fmt: skip
    return money[0] if len(money) > max(2, len(body) * _MOST / 2) else None


def _is_amount(text: str) -> bool:
    digits = normal(text)
    return digits.replace(",", "").replace(".", "").isdigit() and ("." in digits or "," in digits)
