"""What a disclosure lacks: mandatory tables, and sections of the narrative.

The files of one department, year and phase are one disclosure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yusuan.checks import place
from yusuan.checks.place import Place
from yusuan.checks.report import Hit
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.checks.when import years_of
from yusuan.model.records import Unrecognised
from yusuan.model.text import normal
from yusuan.schema import catalogue

__all__ = ["sections_missing", "tables_missing"]

_STOP = re.compile(r"[。;]")
_UNREAD = ("page", "member")


def tables_missing(rule: Rule, subjects: Sequence[Subject]) -> Iterator[Hit]:
    """Mandatory tables that are neither printed, nor said to be empty; one hit for each.

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
        said = [sentence for sentence in sentences if named and re.search(named, sentence)]
        if any(re.search(rule.settings["empty"], sentence) for sentence in said):
            continue
        none = any(re.search(rule.settings["none"], sentence) for sentence in said)
        perhaps = [entry for entry in left if entry.scope == "table" and entry.nearest in tables]
        unread = [entry for entry in left if entry.scope in _UNREAD]
        zh, en = place.table_name(catalogue()[tables[0]])
        yield Hit(
            rule=rule, document=about.record.document, place=_whole(about, tables[0]),
            about=tables[0], verdict="note" if perhaps or unread or none else None,
            parts=(zh, en), other=_perhaps(perhaps, unread, none),
        )  # fmt: skip


def sections_missing(rule: Rule, subjects: Sequence[Subject]) -> Iterator[Hit]:
    """Sections that the narrative nowhere speaks of, in one hit.

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
    if sum(_spoken_of(item, prose) for item in wanted) < rule.settings["least"]:
        return
    missing = [item for item in wanted if not _spoken_of(item, texts)]
    if missing:
        yield Hit(
            rule=rule, document=about.record.document, place=_whole(about, None),
            parts=("、".join(item["name"] for item in missing),
                   ", ".join(item["name@en"] for item in missing)),
        )  # fmt: skip


def _spoken_of(item: Mapping[str, Any], texts: Sequence[str]) -> bool:
    return any(re.search(item["heading"], text) for text in texts)


def _applies(item: Mapping[str, Any], subject: Subject) -> bool:
    return "years" not in item or subject.record.fiscal_year in years_of(item["years"])


def _main(subjects: Sequence[Subject]) -> Subject:
    """The file with the tables, or with most of them."""
    return max(subjects, key=lambda subject: len(subject.tables))


def _has_text(subject: Subject) -> bool:
    return any(passage.heading for passage in subject.disclosure.passages)


def _whole(subject: Subject, table: str | None) -> Place:
    file = subject.record.file
    return Place(f"文件“{file}”", f"the file “{file}”", table=table)


def _unrecognised(subjects: Sequence[Subject]) -> list[Unrecognised]:
    documents = {subject.record.document for subject in subjects}
    return [entry for entry in subjects[0].contents.unrecognised if entry.document in documents]


def _perhaps(
    tables: Sequence[Unrecognised], unread: Sequence[Unrecognised], none: bool
) -> tuple[str, str]:
    if tables:
        first = tables[0]
        where = (f"第{first.page}页", f"page {first.page}, ") if first.page else ("", "")
        return (
            f"；未能识别的“{first.printed}”（{where[0]}第{first.line}行）可能就是该表",
            f"; “{first.printed}” ({where[1]}line {first.line}), which was not recognised, may be it",
        )
    if unread:
        return (
            f"；有未能读取的部分（{unread[0].printed}），该表可能在其中",
            f"; it may be in what could not be read ({unread[0].printed})",
        )
    if none:
        return "（说明文字写明没有此项收支）", " (the text says that there is nothing of the kind)"
    return "", ""
