"""What claims are about: the subjects of ``schemas/narrative.yaml`` and the functions of the tables."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from yusuan.codes import CodeList, public_list
from yusuan.lexicon.phrases import expression, phrase
from yusuan.model.text import normal, without_numbering
from yusuan.narrative.clauses import pattern
from yusuan.narrative.passages import narrative_words
from yusuan.tables import StandardTable

__all__ = ["Functions", "equal_cells", "is_function", "known_subjects", "subjects"]


def subjects() -> list[dict[str, Any]]:
    """The subjects that ``schemas/narrative.yaml`` knows."""
    known: Any = narrative_words()["subjects"]
    return list(known)


def equal_cells(subject: dict[str, Any]) -> list[dict[str, Any]]:
    """The table cells one of which must print what is stated of a subject."""
    cells = subject.get("equals", [])
    return cells if isinstance(cells, list) else [cells]


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """A subject of the schema, ready for matching."""

    id: str
    names: re.Pattern[str]
    section: re.Pattern[str] | None
    after: re.Pattern[str] | None
    units: frozenset[str]
    held: bool
    near: re.Pattern[str] | None = None

    def fits(self, section: str, unit: str, near: str = "") -> bool:
        """Whether it may be spoken of in a section, or after the words near it, and counted
        in a unit."""
        here = self.section is None or self.section.search(section) is not None
        here = here or (self.near is not None and self.near.search(near) is not None)
        return here and (not self.units or unit in self.units)


@cache
def known_subjects() -> tuple[KnownSubject, ...]:
    """The subjects of the schema in its order, ready for matching; the first that fits counts."""
    return tuple(
        KnownSubject(
            id=subject["id"],
            names=_spellings(subject),
            section=re.compile(expression(subject["section"])) if "section" in subject else None,
            after=re.compile(expression(subject["after"])) if "after" in subject else None,
            units=frozenset(subject.get("units", ())),
            held=subject.get("held", False),
            near=re.compile(expression(subject["near"])) if "near" in subject else None,
        )
        for subject in subjects()
    )


def _spellings(subject: dict[str, Any]) -> re.Pattern[str]:
    """Names and patterns of a subject as one expression; "…" stands for the usual endings."""
    endings = pattern("endings").pattern
    names = [re.escape(normal(name.rstrip("…"))) + (endings if name.endswith("…") else "")
             for name in subject.get("names", [])]  # fmt: skip
    return re.compile("|".join((*names, *map(expression, subject.get("patterns", [])))) or r"(?!)")


# Functions as running text names them: 公共安全支出（类）司法（款）行政运行（项）


_LEVEL = re.compile(r"\((\d{2,3})?(?:类|款|项)\)")
_CODED = re.compile(r"([^()]+)\((\d{3}(?:\d{2}){0,2})\)")
_ALL_LEVELS = 3


def is_function(label: str) -> bool:
    """Whether a label is written as a class, group or item of functions."""
    return bool(phrase("function.named").search(label))


def _bare(label: str) -> str:
    return phrase("function.noise").sub("", without_numbering(label))


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions printed in the tables: codes by each way of spelling them out."""

    codes: dict[str, frozenset[str]]
    names: dict[str, frozenset[str]]

    @classmethod
    def of(cls, tables: Sequence[StandardTable]) -> Functions:
        """The codes of all rows, spelled as own name or with the names of class and group."""
        own: dict[str, set[str]] = defaultdict(set)
        for table in tables:
            functional = any(f.code_list == "expenditure-function" for f in table.resource.fields)
            for row in table.rows if functional else ():
                if row.code and row.label and not row.project:
                    own[row.code].add(_bare(normal(row.label)))
        codes: dict[str, set[str]] = defaultdict(set)
        names: dict[str, frozenset[str]] = {}
        listed = _names(public_list("expenditure-function"))
        for code, spellings in own.items():
            above = [own.get(code[:n]) or listed.get(code[:n], set())
                     for n in (3, 5) if n < len(code)]  # fmt: skip
            for path in _paths(above, spellings):
                codes[path].add(code)
            names[code] = frozenset(name for level in above for name in level)
        return cls({path: frozenset(found) for path, found in codes.items()}, names)

    def code(self, label: str, headings: str) -> str | None:
        """The code a label names; where several have the name, that of the headings above."""
        if coded := _CODED.fullmatch(label):  # 行政运行（2010101）
            return coded[2] if coded[2] in self.codes.get(_bare(coded[1]), ()) else None
        printed = "".join(filter(None, _LEVEL.findall(label)))
        found = self.codes.get(_bare(label), frozenset())
        parts = [bare for part in _LEVEL.sub("|", label).split("|") if (bare := _bare(part))]
        if not found and len(parts) == _ALL_LEVELS:  # the group may be misnamed
            found = self.codes.get(parts[0] + parts[-1], frozenset())
        if not found and parts and printed in self.codes.get(parts[-1], ()):
            return printed
        if len(found) > 1:
            near = _bare(headings)
            best = {code: sum(name in near for name in self.names[code]) for code in found}
            most = max(best.values())
            found = frozenset(code for code in found if most and best[code] == most)
        if len(found) != 1 or (printed and printed not in found):
            return None
        return next(iter(found))


def _paths(above: Sequence[Iterable[str]], own: Iterable[str]) -> set[str]:
    """A name alone, after its group, after its class, and after both."""
    paths = set(own)
    for level in reversed(above):
        paths |= {name + path for name in level for path in paths}
    return paths


@lru_cache(maxsize=4)
def _names(known: CodeList) -> Mapping[str, set[str]]:
    """The names that a list knows for each code, in any year."""
    names: dict[str, set[str]] = defaultdict(set)
    for entry in known.entries:
        names[entry.code].add(_bare(normal(entry.name)))
    return names
