"""A classification as published, from a file or document: its items, checked.

A file is read in a process of its own: a damaged one may hang or crash its parser.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from yusuan.codes.codebooks.items import FinishedItems, ItemReader, finish_items
from yusuan.codes.codebooks.layout import (
    Layout,
    PrintedLine,
    Section,
    heading_of,
    is_heading,
    layout_of,
    sections,
)
from yusuan.codes.codebooks.records import Codebook, ListProblem, PrintedPlace
from yusuan.codes.codebooks.words import ListShape, names_a_list, shape
from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.model.text import counted, normal
from yusuan.sources import limits, read_document
from yusuan.workers.messages import Message, TaskError, reason_unread
from yusuan.workers.pool import Program, WorkerPool
from yusuan.workers.serialization import RecordCodec

__all__ = ["codebook", "read_codebook", "start"]

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?:度|版)?(?![\d年]|\d*月)")
_MORE = 10
"""A list has more items than this for each table of amounts, or the file is a budget."""
_DATE = re.compile(r"(?:19|20)\d\d年\d{1,2}月")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def read_codebook(path: Path, list_id: str, year: int) -> Codebook:
    """Read one list of one year from a file.

    Raises YusuanError when the file cannot be read, holds no such list, or takes more time or
    memory than a list can need.
    """
    task = {"path": os.fsdecode(path), "list": list_id, "year": year}
    program = Program("yusuan.codes.codebooks.read", memory=limits.MEMORY, starts_programs=True)
    try:
        with WorkerPool(program) as pool:
            return pool.ask_record(task, limits.SECONDS, RecordCodec(Codebook), Codebook)
    except TaskError as error:
        why = reason_unread(error, str(path), limits.SECONDS, limits.MEMORY, "a published list")
        raise YusuanError(why) from error


def start() -> Callable[[Mapping[str, Any], bytes], Message]:
    """In a worker: what reads a ``list`` of a ``year`` from the file at a ``path``."""

    def answer(task: Mapping[str, Any], _: bytes) -> Message:
        found = codebook(read_document(Path(task["path"])), task["list"], task["year"])
        return {}, RecordCodec(Codebook).encode(found)

    return answer


def codebook(document: Document, list_id: str, year: int) -> Codebook:
    """Read one list of one year from a document.

    Raises YusuanError when the document holds no such list. What is doubtful is told in the
    problems of the result.
    """
    rules = shape(list_id)
    found = [part for section in sections(document) for part in _parted(section)]
    layouts = _layouts(found)
    rows = ItemReader(rules)
    amounts: list[PrintedPlace] = []
    for section, layout in zip(found, layouts, strict=True):
        if layout.amounts and section.table:
            amounts.append(layout.amounts)
            continue
        for column, heading in layout.unread:
            place = section.lines[0].place
            rows.remarks.append(
                ListProblem("column", f"column {column + 1} ({heading}) is not read", place)
            )
        rows.read(section, layout)
    rows.close()
    finished = finish_items(rows.drafts, rules)
    if len(finished.items) < len(amounts) * _MORE or not finished.items:
        raise YusuanError(_nothing(document, rules, rows, amounts))
    problems = [
        *_unread_pages(document),
        *_amounts(amounts),
        *_years(document, rows, year),
        *rows.problems,
        *finished.problems,
        *_orphans(finished, rules),
    ]
    return Codebook(
        list=list_id,
        year=year,
        file=document.file,
        sha256=document.sha256,
        items=tuple(finished.items[code] for code in sorted(finished.items)),
        problems=tuple(problems),
        remarks=(*rows.remarks, *finished.remarks),
        withdrawn=tuple(finished.withdrawn),
        others=dict(sorted(rows.others.items())),
        repeated=finished.repeated,
    )


def _parted(section: Section) -> Iterator[Section]:
    """A table cut before each of its headings: a sheet may hold lists of other columns."""
    part = Section(section.table, section.width)
    body = False
    for line in section.lines:
        heading = section.table and is_heading(line)
        if heading and body:
            yield part
            part, body = Section(section.table, section.width), False
        part.lines.append(line)
        body = body or not heading
    yield part


def _layouts(found: list[Section]) -> list[Layout]:
    """The columns of each section. Tables with the same headings are read alike, and one
    without headings as the table before it, if it is as wide."""
    keys: list[tuple[object, ...]] = []
    last: dict[int, tuple[object, ...]] = {}
    for index, section in enumerate(found):
        heading = heading_of(section)
        key: tuple[object, ...] = (section.table, section.width, heading)
        if section.table and not heading:
            key = last.get(section.width, (index,))
        elif not section.table:
            key = (index,)
        last[section.width] = key
        keys.append(key)
    pooled: dict[tuple[object, ...], list[PrintedLine]] = {}
    for key, section in zip(keys, found, strict=True):
        pooled.setdefault(key, []).extend(section.lines)
    layouts = {key: layout_of(lines) for key, lines in pooled.items()}
    return [layouts[key] for key in keys]


def _nothing(
    document: Document, rules: ListShape, rows: ItemReader, amounts: list[PrintedPlace]
) -> str:
    """Why no item was found, and what to do."""
    if rows.others and not amounts:
        most = max(rows.others, key=lambda name: rows.others[name])
        held = ", ".join(f"{counted(n, 'row')} of {name}" for name, n in rows.others.items())
        return (
            f"{document.file}: no code of {rules.id} (they begin with {rules.first}), but {held}; "
            f"is it --list {most}, or the wrong file?"
        )
    if amounts:
        return (
            f"{document.file}, {amounts[0]}: a table of amounts; this looks like a budget, not a "
            "published classification (政府收支分类科目). To learn codes from budgets, use "
            "yusuan codes harvest"
        )
    if rows.problems:
        return f"{document.file}, {rows.problems[0]}"
    unread = "; ".join(note.reason[1] for note in document.notes)
    return (
        f"{document.file}: no code of {rules.id} found; expected codes of "
        f"{', '.join(map(str, rules.lengths))} digits that begin with {rules.first} "
        f"({'/'.join(rules.levels)}), with their names" + (f" ({unread})" if unread else "")
    )


def _unread_pages(document: Document) -> Iterator[ListProblem]:
    for note in document.notes:
        place = PrintedPlace(1, note.page) if note.page else None
        yield ListProblem("unread", f"{note.reason[1]}; {note.advice[1]}", place)


def _amounts(amounts: list[PrintedPlace]) -> Iterator[ListProblem]:
    for place in dict.fromkeys(amounts):
        yield ListProblem(
            "amounts", "a table of amounts, which no classification has; it was not read", place
        )


def _years(document: Document, rows: ItemReader, year: int) -> Iterator[ListProblem]:
    """A problem where titles or the name of the file tell another year."""
    told: dict[int, tuple[str, PrintedPlace | None]] = {}
    for text, place in [*rows.titles, (document.file, None)]:
        if place is None and not names_a_list(text):
            continue
        plain = normal(text).translate(_DIGITS) if place else normal(text)
        for found in _YEAR.findall(_DATE.sub("", plain)):
            told.setdefault(int(found), (text, place))
    if told and year not in told:
        (other, (text, place)), *_ = sorted(told.items(), key=lambda item: -item[0])
        yield ListProblem(
            "year", f"the file says {other} ({text}), not {year}; give --year {other}?", place
        )


def _orphans(finished: FinishedItems, rules: ListShape) -> Iterator[ListProblem]:
    for item in finished.items.values():
        parent = rules.parent(item.code)
        if parent and parent not in finished.items:
            gone = any(item.code == parent for item in finished.withdrawn)
            yield ListProblem(
                "no-parent",
                f"{item.code} {item.name}: {rules.levels[item.level - 2]} {parent} above it is "
                + ("marked as withdrawn" if gone else "not in the file"),
                item.place,
            )
