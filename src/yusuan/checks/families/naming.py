"""Codes that no list has, and what reading could not settle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yusuan.checks import location
from yusuan.checks.families.code_names import SEARCHED, pair_of
from yusuan.checks.location import Location
from yusuan.checks.registry import DOCUMENT
from yusuan.checks.report import RawFinding
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.codes import CodeMatch, code_list
from yusuan.codes.lists import about
from yusuan.facts.codes import Concept
from yusuan.facts.contents import division_codes, printed_codes
from yusuan.facts.facts import code_list_of
from yusuan.model.text import unwrapped
from yusuan.schema.messages import Texts, listed_texts, message
from yusuan.schema.slugs import slug
from yusuan.tables import StandardTable, TableRow

__all__ = ["private_list", "reading", "unlisted_codes"]


@dataclass(frozen=True, slots=True)
class _Printed:
    """A row with a code that is not in the list of its year under the name printed."""

    list: str
    table: StandardTable
    row: TableRow
    concept: Concept


@DOCUMENT("unlisted-codes")
def unlisted_codes(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Printed codes that the list of the year does not have, in the way the rule's ``case`` says.

    Each is told with what it is nearest to; nothing is taken for it. Where no official list of the
    year is at hand one raw tells all codes of a classification, else there is one for each code.
    """
    found: dict[str, list[_Printed]] = defaultdict(list)
    for item in _unlisted(subject):
        if _case(item, subject) == rule.settings["case"]:
            found[item.list].append(item)
    for items in found.values():
        if rule.settings["case"] == "no-official-list":
            yield _together(rule, subject, items)
        else:
            for number, item in enumerate(_first_of_each(items)):
                yield _alone(rule, subject, item, search=number < SEARCHED)


def _unlisted(subject: Subject) -> Iterator[_Printed]:
    year = subject.record.fiscal_year
    unlisted = {
        (list_name, concept.code): concept
        for list_name, concepts in subject.contents.concepts.items()
        for concept in concepts
        if concept.status == "unlisted" and concept.year == year
    }
    for table in subject.disclosure.tables if unlisted else ():
        list_name = code_list_of(table) or ""
        for row in table.rows:
            if concept := unlisted.get((list_name, row.code or "")):
                yield _Printed(list_name, table, row, concept)


def _case(item: _Printed, subject: Subject) -> str | None:
    """Which case of the family a row is; None where it is none, or ``code-name`` tells of it.

    An official list without a single code of that length says nothing about it.
    """
    known, code, year = code_list(item.list).for_documents(), item.concept.code, item.concept.year
    official = known.official_codes(year)
    if all(len(other) != len(code) for other in official):
        return "no-official-list"
    pair = pair_of(item.table, item.row, subject)
    if pair and pair.verdict == "conflict":
        return None
    if code not in official:
        return "not-in-official-list"
    former = pair and pair.listed and not known.valid(pair.listed, year)
    return "former-name" if former else None


@DOCUMENT("private-list")
def private_list(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """The user's own lists (``yusuan codes import``, ``codes harvest --keep``) by which codes of a
    document are named and checked: the result is not the same without them."""
    printed: dict[tuple[str, int], set[str]] = defaultdict(set)
    for table in subject.tables:
        for found in printed_codes(table, subject.record.fiscal_year):
            printed[found.list, found.year].add(found.code)
    own = (d for d in subject.contents.departments if d.department == subject.record.department)
    for found in division_codes(own):
        printed[found.list, found.year].add(found.code)
    for (list_name, year), codes in sorted(printed.items()):
        sources = {entry.source or "" for entry in code_list(list_name).private(year, codes)}
        if sources:
            stated = "；".join(sorted(filter(None, sources)))
            yield RawFinding(
                rule=rule, document=subject.record.document,
                place=Location(subject.record.file, subject.record.file, line=1),
                about=f"{list_name}-{year}", printed=str(year), parts=_title(list_name), other=(stated, stated),
            )  # fmt: skip


_LISTED = 500
"""Codes that one finding lists."""


def _first_of_each(items: Iterable[_Printed]) -> list[_Printed]:
    """The first row of each code, by code."""
    found: dict[str, _Printed] = {}
    for item in items:
        found.setdefault(item.concept.code, item)
    return [found[code] for code in sorted(found)]


def _together(rule: Rule, subject: Subject, items: Sequence[_Printed]) -> RawFinding:
    one_each = _first_of_each(items)
    described = [
        _with_nearest(item, search=number < SEARCHED)
        for number, item in enumerate(one_each[:_LISTED])
    ]
    described += [("……", "…")] if len(one_each) > _LISTED else []
    tables = {item.table.resource.name: location.table_name(item.table) for item in items}
    return RawFinding(
        rule=rule, document=subject.record.document,
        place=location.at_cell(items[0].table, items[0].row.position, None),
        about=items[0].list, printed=str(len(one_each)), parts=_joined(described, "；", "; "),
        other=_joined(tables.values(), "、", ", "), reason=_title(items[0].list),
    )  # fmt: skip


def _alone(rule: Rule, subject: Subject, item: _Printed, *, search: bool) -> RawFinding:
    code, name = item.concept.code, unwrapped(item.row.label or "")
    match = code_list(item.list).for_documents().find(code, item.concept.year)
    return RawFinding(
        rule=rule, document=subject.record.document,
        place=location.at_cell(item.table, item.row.position, None, name),
        about=f"{item.list}-{code}", printed=" ".join(filter(None, (code, name))),
        expected=f"{code} {match.entry.label}" if match and match.exact else None,
        parts=_nearest(item.concept) if search else message("not-sought"), reason=_title(item.list),
    )  # fmt: skip


def _title(list_name: str) -> Texts:
    described = about(list_name)
    return described.title, described.title_en


def _with_nearest(item: _Printed, *, search: bool) -> Texts:
    """A code with its printed name, and what in the lists is nearest to it."""
    name = next(iter(item.concept.printed_names), None)
    printed = " ".join(filter(None, (item.concept.code, name)))
    if not search:
        return printed, printed
    return message("nearest-to", printed=printed, nearest=_nearest(item.concept))


def _nearest(concept: Concept) -> Texts:
    """What a code may have been meant for, each with its years where it is of other ones."""
    name = next(iter(concept.printed_names), None)
    found = code_list(concept.list).for_documents().candidates(concept.code, name, concept.year)
    return _joined(map(_labelled, found), "、", ", ") if found else message("none")


def _labelled(match: CodeMatch) -> Texts:
    entry = match.entry
    named = f"{entry.code} {entry.label}"
    if match.exact:
        return named, named
    first, last = entry.valid_from, entry.valid_to
    if first == last:
        return message("labelled-year", name=named, year=first)
    until = (str(last or ""), str(last or "now"))
    return message("labelled-years", name=named, first=first, last=until)


def _joined(texts: Iterable[Texts], chinese: str, english: str) -> Texts:
    return listed_texts(texts, (chinese, english))


@DOCUMENT("reading")
def reading(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """What the reader reported under the rule's id."""
    document = subject.record.document
    for table in subject.disclosure.tables:
        for problem in table.problems:
            if problem.rule == rule.id:
                yield RawFinding(
                    rule=rule, document=document,
                    place=location.at_cell(table, problem.position, problem.cell),
                    about="-".join(filter(None, (table.resource.name, slug(problem.printed)))),
                    printed=problem.printed, reason=(problem.detail_zh, problem.detail_en),
                )  # fmt: skip
