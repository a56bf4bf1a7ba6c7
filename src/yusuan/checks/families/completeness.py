"""What a disclosure lacks, and files and tables that are not what they seem.

Mandatory tables and sections that are missing; a narrative without tables, no cover,
a place of another kind than the list has, tables that are said to be empty and are not. The files of
one department, year and phase are one disclosure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yusuan.checks import location
from yusuan.checks.location import Location
from yusuan.checks.registry import DISCLOSURE, DOCUMENT
from yusuan.checks.report import RawFinding
from yusuan.checks.rules import Rule, years_of
from yusuan.checks.subject import Subject
from yusuan.model.records import Unrecognised
from yusuan.model.text import normal
from yusuan.narrative.organisation_names import place_of_other_kind
from yusuan.schema import catalogue
from yusuan.schema.messages import NOTHING, message

__all__ = [
    "no_cover",
    "no_tables",
    "place_kind",
    "sections_missing",
    "stated_empty",
    "tables_missing",
]

_STOP = re.compile(r"[。;]")
_UNREAD = ("page", "member")


@DISCLOSURE("tables-missing")
def tables_missing(rule: Rule, subjects: Sequence[Subject]) -> Iterator[RawFinding]:
    """Mandatory tables that are neither printed, nor said to be empty; one finding for each.

    Only noted is what may be among the tables that were not recognised or on pages that could
    not be read, and what there is nothing of, as the text says.
    """
    printed = {table.resource.name for subject in subjects for table in subject.tables}
    if len(printed) < rule.settings["least"]:
        return
    about = _main(subjects)
    left = _unrecognised(subjects)
    sentences = [
        sentence for subject in subjects for passage in subject.disclosure.passages
        for sentence in _STOP.split(normal(passage.text))
    ]  # fmt: skip
    for item in rule.settings["mandatory"]:
        tables = item["table"] if isinstance(item["table"], list) else [item["table"]]
        if not _applies(item, about) or printed.intersection(tables):
            continue
        named = item.get("named")
        naming = [sentence for sentence in sentences if named and re.search(named, sentence)]
        if any(re.search(rule.settings["empty"], sentence) for sentence in naming):
            continue
        none = any(re.search(rule.settings["none"], sentence) for sentence in naming)
        perhaps = [entry for entry in left if entry.scope == "table" and entry.nearest in tables]
        unread = [entry for entry in left if entry.scope in _UNREAD]
        zh, en = location.table_name(catalogue()[tables[0]])
        yield RawFinding(
            rule=rule, document=about.record.document, place=_whole(about, tables[0]),
            about=tables[0], verdict="note" if perhaps or unread or none else None,
            parts=(zh, en), other=_doubtful_finding(perhaps, unread, none),
        )  # fmt: skip


@DISCLOSURE("sections-missing")
def sections_missing(rule: Rule, subjects: Sequence[Subject]) -> Iterator[RawFinding]:
    """Sections that the narrative nowhere speaks of, in one finding.

    Titles of tables may speak of them as well, but only sentences tell that there is a narrative.
    """
    about = next((s for s in subjects if _has_text(s)), subjects[0])
    texts = [
        normal(passage.text)
        for subject in subjects
        for passage in subject.disclosure.passages
        if not passage.is_in("contents")
    ]
    prose = [text for text in texts if "。" in text]
    wanted = [item for item in rule.settings["sections"] if _applies(item, about)]
    if sum(_is_mentioned(item, prose) for item in wanted) < rule.settings["least"]:
        return
    missing = [item for item in wanted if not _is_mentioned(item, texts)]
    if missing:
        yield RawFinding(
            rule=rule, document=about.record.document, place=_whole(about, None),
            parts=("、".join(item["name"] for item in missing),
                   ", ".join(item["name@en"] for item in missing)),
        )  # fmt: skip


def _is_mentioned(item: Mapping[str, Any], texts: Sequence[str]) -> bool:
    return any(re.search(item["heading"], text) for text in texts)


def _applies(item: Mapping[str, Any], subject: Subject) -> bool:
    return "years" not in item or subject.record.fiscal_year in years_of(item["years"])


def _main(subjects: Sequence[Subject]) -> Subject:
    """The file with the tables, or with most of them."""
    return max(subjects, key=lambda subject: len(subject.tables))


def _has_text(subject: Subject) -> bool:
    return any(passage.heading for passage in subject.disclosure.passages)


def _whole(subject: Subject, table: str | None) -> Location:
    return Location(*message("the-file", file=subject.record.file), table=table)


def _unrecognised(subjects: Sequence[Subject]) -> list[Unrecognised]:
    return [entry for subject in subjects for entry in subject.unrecognised]


def _doubtful_finding(
    tables: Sequence[Unrecognised], unread: Sequence[Unrecognised], none: bool
) -> tuple[str, str]:
    if tables:
        first = tables[0]
        where = location.on_line(first.page, first.line)
        return message("perhaps-unrecognised", printed=first.printed, where=where)
    if unread:
        return message("perhaps-unread", printed=unread[0].printed)
    if none:
        return message("text-says-none")
    return NOTHING


@DOCUMENT("no-cover")
def no_cover(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A document whose year, department and phase had to be gathered from its body."""
    identity = subject.disclosure.identity
    if identity.title is None or {identity.year_from, identity.name_from} & {"text", "file"}:
        phase = message("phase-executed" if identity.phase == "executed" else "phase-approved")
        yield RawFinding(
            rule=rule, document=subject.record.document,
            place=Location(subject.record.file, subject.record.file, line=1),
            printed=str(identity.fiscal_year),
            parts=message("identity-of", name=identity.name, year=identity.fiscal_year, phase=phase),
        )  # fmt: skip


@DOCUMENT("place-kind")
def place_kind(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A department whose place is called another kind (市) than the one of that name in the list
    (县): it was given no division, or that one, where the division above is named."""
    name = normal(subject.disclosure.identity.name)
    if found := place_of_other_kind(name):
        division, taken = found
        yield RawFinding(
            rule=rule, document=subject.record.document,
            place=Location(subject.record.file, subject.record.file, line=1),
            printed=name, expected=f"{division.name} ({division.code})",
            parts=message("place-taken" if taken else "place-left-blank"),
        )  # fmt: skip


@DOCUMENT("no-tables")
def no_tables(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """A narrative whose tables are neither in it nor in another file that was read."""
    disclosures = subject.contents.disclosures
    if not any(disclosures[other.document].tables for other in subject.companions):
        yield RawFinding(
            rule=rule, document=subject.record.document,
            place=Location(subject.record.file, subject.record.file, line=1),
            printed=str(len(subject.claims)),
        )  # fmt: skip


@DOCUMENT("stated-empty")
def stated_empty(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """Tables that are said to be empty but print amounts; zeros do not contradict it."""
    for table in subject.tables:
        said = table.statement
        amounts = [amount for row in table.rows for amount in row.amounts if amount.number.value]
        if said and amounts:
            yield RawFinding(
                rule=rule, document=subject.record.document,
                place=location.at_cell(table, said.position, None),
                about=table.resource.name, printed=str(len(amounts)), reason=(said.text, said.text),
            )  # fmt: skip
