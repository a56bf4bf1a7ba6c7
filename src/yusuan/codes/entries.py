"""A row of a code list, and the CSV files that rows are kept in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yusuan.files.atomic import named
from yusuan.model.errors import YusuanError

__all__ = ["COLUMNS", "STATUSES", "CodeEntry", "entry_rows", "numbered_entries", "read_entries",
           "write_entries"]  # fmt: skip

STATUSES = ("official", "attested", "inferred", "ours")
"""Imported from the official publication; named by a source or by documents; concluded; a word of
this project (``yusuan.codes.lists``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """A code under one name for a span of years.

    ``valid_to`` is None while the entry is in force. The years of an official entry are those of
    its version; those of any other are the first and last year in which a source attests it.
    ``name`` is Chinese and "" in an international list, which has ``name_en`` instead. ``parent``
    is the code above, ``level`` counts from 1. ``printed`` are further ways of printing the name; only
    the small lists have them, and files of entries do not. ``private`` marks those of the user's own
    lists: they say nothing of other years than their own.
    """

    list: str
    code: str
    name: str
    name_en: str | None = None
    valid_from: int
    valid_to: int | None = None
    parent: str | None = None
    level: int
    status: str = "attested"
    source: str | None = None
    printed: tuple[str, ...] = ()
    private: bool = False

    @property
    def label(self) -> str:
        """What people call it: the Chinese name, else the English one, else the code."""
        return self.name or self.name_en or self.code

    def away(self, year: int) -> int:
        """Years between a year and the validity; 0 while it is valid."""
        if year < self.valid_from:
            return self.valid_from - year
        return max(0, year - (year if self.valid_to is None else self.valid_to))


COLUMNS = (
    "list", "valid_from", "valid_to", "code", "parent", "level", "name", "name_en", "status",
    "source",
)  # fmt: skip


def entry_rows(entries: Iterable[CodeEntry]) -> Iterator[list[str]]:
    """The cells of each entry in the order of COLUMNS; None is blank."""
    for entry in entries:
        values = (getattr(entry, column) for column in COLUMNS)
        yield ["" if value is None else str(value) for value in values]


def numbered_entries(path: Path) -> Iterator[tuple[int, CodeEntry]]:
    """The entries of a file with their line numbers.

    Raises YusuanError naming file and line for a file without these columns, a code that is
    missing, or a number that is none.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YusuanError(f"{path}: not UTF-8; save the list as UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != COLUMNS:
        raise YusuanError(f"{path}, line 1: expected the columns {','.join(COLUMNS)}")
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, _entry(cells, f"{path}, line {reader.line_num}")
    except csv.Error as error:
        raise YusuanError(f"{path}, line {reader.line_num}: {error}") from error


def read_entries(path: Path) -> list[CodeEntry]:
    """The entries of a file; errors as in ``numbered_entries``."""
    return [entry for _, entry in numbered_entries(path)]


def write_entries(path: Path, entries: Iterable[CodeEntry]) -> int:
    """Write a file of entries, in a place that is not in use yet; returns their number."""
    count = 0
    with named(path), path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in entry_rows(entries):
            writer.writerow(row)
            count += 1
    return count


def _entry(cells: list[str], place: str) -> CodeEntry:
    if len(cells) != len(COLUMNS):
        raise YusuanError(f"{place}: {len(cells)} cells; expected {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    for column in ("list", "code"):
        if not row[column].strip():
            raise YusuanError(f"{place}: {column} is blank")
    if row["status"] not in STATUSES:
        raise YusuanError(
            f"{place}: status {row['status']!r}; expected one of {', '.join(STATUSES)}"
        )
    return CodeEntry(
        list=row["list"],
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"] or None,
        valid_from=_number(row, "valid_from", place),
        valid_to=_number(row, "valid_to", place) if row["valid_to"] else None,
        parent=row["parent"] or None,
        level=_number(row, "level", place),
        status=row["status"],
        source=row["source"] or None,
    )


def _number(row: Mapping[str, str], column: str, place: str) -> int:
    text = row[column]
    if not (text.isascii() and text.isdigit()):
        raise YusuanError(f"{place}: {column} {text!r} is no number")
    return int(text)
