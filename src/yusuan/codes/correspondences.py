"""Correspondences: from one list to another, and from the codes of one year to those of another.

The files are ``schemas/codes/correspondences/``: ``<source>-<target>.csv`` between two lists,
``<list>-years.csv`` within one. They are ours unless their reason names a publication.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

__all__ = [
    "KINDS",
    "RELATIONS",
    "CodeSuccession",
    "Correspondence",
    "changes",
    "correspondences",
    "link_of",
    "links",
]

RELATIONS = ("exact", "close", "broad", "narrow")
"""What the target is to the source, in the words of SKOS."""

KINDS = ("renamed", "moved", "split", "merged", "reused")
"""What happened to a code; ``reused`` says that two meanings have nothing to do with each other."""

_BETWEEN = (
    ("expenditure-function", "cofog"),
    ("expenditure-economic-government", "expenditure-economic-department"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """A code and its counterpart in another list, in the years stated (None is no limit)."""

    source_list: str
    source: str
    valid_from: int | None
    valid_to: int | None
    target_list: str
    target: str
    relation: str
    reason: str
    reason_en: str
    line: int

    def holds(self, year: int) -> bool:
        return (self.valid_from or year) <= year <= (self.valid_to or year)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSuccession:
    """What became of a code: the last year of the one and the first year of the other."""

    list: str
    from_year: int
    from_code: str
    to_year: int
    to_code: str
    kind: str
    reason: str
    reason_en: str
    line: int


def correspondences() -> tuple[tuple[str, str], ...]:
    """The pairs of lists that are linked: source and target."""
    return _BETWEEN


def links(source_list: str, target_list: str) -> Mapping[str, Sequence[Correspondence]]:
    """The links between two lists, by source code; none where the lists are not linked."""
    return _links(source_list, target_list) if (source_list, target_list) in _BETWEEN else {}


def link_of(
    source_list: str, path: Sequence[str], year: int, target_list: str = "cofog"
) -> Correspondence | None:
    """The link of a code, or of the nearest one above it that has any.

    ``path`` are the codes from the top down to the code itself.
    """
    known = links(source_list, target_list)
    for code in reversed(path):
        for link in known.get(code, ()):
            if link.holds(year):
                return link
    return None


@cache
def changes(list_name: str) -> tuple[CodeSuccession, ...]:
    """What is known of codes that were renamed, moved, split or used again in a list."""
    path = file_of(f"{list_name}-years")
    return tuple(
        CodeSuccession(
            list=list_name,
            from_year=_year(row, "from_year", place) or 0,
            from_code=row["from_code"],
            to_year=_year(row, "to_year", place) or 0,
            to_code=row["to_code"],
            kind=_word(row, "kind", KINDS, place),
            reason=row["reason"],
            reason_en=row["reason_en"],
            line=line,
        )
        for line, place, row in _rows(path)
    )


def file_of(name: str) -> Path:
    """Where a correspondence is kept; the file need not exist."""
    return data_path("schemas", "codes", "correspondences") / f"{name}.csv"


@cache
def _links(source_list: str, target_list: str) -> Mapping[str, Sequence[Correspondence]]:
    found: dict[str, list[Correspondence]] = {}
    for line, place, row in _rows(file_of(f"{source_list}-{target_list}")):
        link = Correspondence(
            source_list=source_list,
            source=row["source"],
            valid_from=_year(row, "valid_from", place),
            valid_to=_year(row, "valid_to", place),
            target_list=target_list,
            target=row["target"],
            relation=_word(row, "relation", RELATIONS, place),
            reason=row["reason"],
            reason_en=row["reason_en"],
            line=line,
        )
        found.setdefault(link.source, []).append(link)
    return found


def _rows(path: Path) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            yield reader.line_num, f"{path.name}, line {reader.line_num}", row


def _year(row: Mapping[str, str], column: str, place: str) -> int | None:
    text = row[column]
    if text and not text.isdigit():
        raise YusuanError(f"{place}: {column} {text!r} is no year")
    return int(text) if text else None


def _word(row: Mapping[str, str], column: str, known: Sequence[str], place: str) -> str:
    if row[column] not in known:
        raise YusuanError(f"{place}: {column} {row[column]!r}; expected {', '.join(known)}")
    return row[column]
