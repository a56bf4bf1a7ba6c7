"""The form that a patch is: its columns, and how what people fill in is to be understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from yusuan.model.money import parse_number
from yusuan.schema import data_path, read_yaml

__all__ = [
    "COLUMNS", "FILLED", "NEEDED", "PatchRow", "column_named", "day", "decision", "harmless",
    "same_printed",
]  # fmt: skip

_FORM: dict[str, Any] = read_yaml(data_path("schemas", "patch.yaml"))
COLUMNS: tuple[str, ...] = tuple(column["name"] for column in _FORM["columns"])
FILLED: tuple[str, ...] = tuple(column["name"] for column in _FORM["columns"] if column.get("fill"))
"""The columns that a reviewer fills in."""
NEEDED: tuple[str, ...] = tuple(_FORM["needed"])
"""A file without these is no patch."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?"
)


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One row of a patch: texts by column, and the line of the file it begins on."""

    cells: dict[str, str]
    line: int = 0

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def figure(self) -> tuple[str, str]:
        """What it is about: the document by its digest, and the key of the fact or claim."""
        return self["sha256"].lower(), self["fact"] or self["claim"]

    @property
    def touched(self) -> bool:
        """Whether a reviewer has filled in anything."""
        return any(self[column] for column in FILLED)


@cache
def _names() -> dict[str, str]:
    return {
        name.lower(): column["name"]
        for column in _FORM["columns"]
        for name in (column["name"], column["title"])
    }


def column_named(heading: str) -> str | None:
    """The column that a heading names, in English or Chinese; None for a column of one's own.

    >>> column_named("Decision "), column_named("决定"), column_named("序号")
    ('decision', 'decision', None)
    """
    return _names().get(heading.strip().lower())


def decision(text: str) -> str | None:
    """``accept``, ``reject`` or ``""``; None for any other word.

    >>> decision("采纳"), decision("Reject"), decision(" "), decision("perhaps")
    ('accept', 'reject', '', None)
    """
    word = text.strip().lower()
    if not word:
        return ""
    return next((name for name, words in _FORM["decisions"].items() if word in words), None)


def day(text: str) -> date | None:
    """A date as people and spreadsheet programs write it, year first; None for anything else.

    >>> day("2026/3/1"), day("2026年3月1日"), day("3/1/26")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    match = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def same_printed(one: str, two: str) -> bool:
    """Whether two spellings are of one printed text: the same characters, or the same number
    or percentage, because spreadsheet programs drop the zeros of 96.50 and add some to 0.5%.

    >>> same_printed("96.50", "96.5"), same_printed("0.50%", "0.5%"), same_printed("1%", "1")
    (True, True, False)
    """
    if one == two:
        return True
    if one.endswith("%") != two.endswith("%"):
        return False
    numbers = [parse_number(text.removesuffix("%")) for text in (one, two)]
    return None not in numbers and len({(n.value, n.unit) for n in numbers if n}) == 1


def harmless(text: str) -> str:
    """A text from a document that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("-5"), harmless("说明")
    ("'=1+1", '-5', '说明')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not parse_number(text) else text
