"""表名、表头: a standard term with a character missing, doubled, or swapped with the next (错别字).

The terms are the titles and headings of the standard tables. A text that is a term itself is
right, and one that may be two different terms misprinted is told of none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial

from yusuan.checks import location
from yusuan.checks.location import Location
from yusuan.checks.registry import DOCUMENT
from yusuan.checks.report import RawFinding
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.document import Position
from yusuan.model.records import Fact
from yusuan.model.text import clean, normal
from yusuan.schema import catalogue
from yusuan.schema.messages import message
from yusuan.schema.slugs import slug

__all__ = ["misprinted_as", "misprinted_term"]

_ASIDE = re.compile(r"\([^()]*\)$|\(?(?:金额)?单位[:：].*$|续表?$")
"""What follows a title in its line."""
_LEAD = re.compile(r"^(?:附?表[\d一二三四五六七八九十.-]+[:：、]?)?(?:20\d\d年度?)?")
"""What stands before it."""
_SHORTEST = 4
"""Shorter terms (支出, 合计) are too like other words."""
_OPTIONAL = frozenset("数费额的类款项表年度总合本各性预决算金及和与、()/-·:：“”0123456789")
"""What terms are printed with or without."""


@DOCUMENT("misprint")
def misprinted_term(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Titles and headings of tables, recognised or not, that are a standard term misprinted; each
    heading of a table is told once."""
    reported: set[tuple[str | None, str]] = set()
    for text, table, place in _printed(subject):
        found = misprinted_as(text)
        if found is None or (table, text) in reported:
            continue
        reported.add((table, text))
        term, why = found
        yield RawFinding(
            rule=rule, document=subject.record.document, place=place(), printed=clean(text),
            expected=term, reason=why, about=f"{table or 'table'}-{slug(text)}",
        )  # fmt: skip


def misprinted_as(text: str) -> tuple[str, tuple[str, str]] | None:
    """The one term that a title or heading is with a slip of one character, and the slip in words.

    >>> misprinted_as("基本支支出")[0]
    '基本支出'
    >>> misprinted_as("基本支出") is None
    True
    """
    plain = normal(text)
    if len(plain) < _SHORTEST or plain in _terms():
        return None
    found = _misprints().get(plain, {})
    if len(found) != 1:
        return None
    (term, (kind, characters)) = next(iter(found.items()))
    return term, message(f"slip-{kind}", characters=characters)


def _printed(subject: Subject) -> Iterator[tuple[str, str | None, Callable[[], Location]]]:
    """Titles and headings as printed, each with its standard table and what tells where it is."""
    for table in subject.tables:
        where = partial(location.at_cell, table, table.position, None)
        for line in table.caption.splitlines():
            yield _title(line), table.resource.name, where
    headings: dict[tuple[str, str], Fact] = {}
    for fact in subject.facts.values():
        if fact.document == subject.record.document:
            headings.setdefault((fact.table, fact.column_label), fact)
    for fact in headings.values():
        for part in fact.column_label.split(" / "):
            yield part, fact.table, partial(location.of_fact, fact)
    for entry in subject.unrecognised:
        if entry.scope in ("table", "column"):
            position = Position(entry.line or 0, entry.page)
            resource = catalogue()[entry.nearest] if entry.nearest else None
            where = partial(location.at_cell, resource, position, entry.cell)
            for part in entry.printed.split(" / "):
                yield _title(part) if entry.scope == "table" else part, entry.nearest, where


def _title(line: str) -> str:
    """What of a line above a table may be a term: from the longest end that is one, or nearly.

    What stands before a title names the body, and may end in any character: only of a whole line
    can be told that one is missing.
    """
    plain = _ASIDE.sub("", normal(line))
    # 表6 一般公共预算…: the number of a form may seem to take a character of a term
    return max(_end(plain, whole=False), _end(_LEAD.sub("", plain), whole=True), key=len)


def _end(text: str, *, whole: bool) -> str:
    """The longest end of a text that is a term, or nearly; ``whole`` where the text may be one that
    lacks a character."""
    for at in range(len(text)):
        end = text[at:]
        slips = {kind for kind, _ in _misprints().get(end, {}).values()}
        if end in _terms() or (slips and ((whole and at == 0) or "missing" not in slips)):
            return end
    return ""


@cache
def _terms() -> frozenset[str]:
    """All titles and headings of standard tables in normal form, with their parts."""
    found: set[str] = set()
    for table in catalogue().tables:
        found |= {normal(title) for title in (table.title, *table.titles)}
        for field in table.fields:
            found |= {
                normal(p) for heading in (field.title, *field.headings) for p in heading.split("/")
            }
    return frozenset(found)


@cache
def _misprints() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Every misprint of a term, with the terms it may be and the slip that makes it so."""
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for term in _terms():
        if len(term) < _SHORTEST:
            continue
        for at, character in enumerate(term):
            if "\u4e00" <= character <= "\u9fff":
                found[term[:at] + character + term[at:]].setdefault(term, ("doubled", character))
            if character not in _OPTIONAL and len(term) > _SHORTEST:
                found[term[:at] + term[at + 1 :]].setdefault(term, ("missing", character))
            pair = term[at : at + 2]
            if len(pair) == 2 and pair[0] != pair[1]:
                turned = term[:at] + pair[::-1] + term[at + 2 :]
                found[turned].setdefault(term, ("swapped", pair))
    return found
