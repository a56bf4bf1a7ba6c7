"""Tables printed without numbers that the document says are empty: which is not missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile, zip_longest

from yusuan.model.document import Paragraph
from yusuan.model.text import clean, normal
from yusuan.schema import catalogue
from yusuan.schema.wording import wording
from yusuan.tables.captions import PrintedTable
from yusuan.tables.records import Statement, Table
from yusuan.tables.titles import CLEAR, match_title, read_title

__all__ = ["is_note", "statements"]

_REMARK = re.compile(r"^\(?(?:备注|说明|注释?)\d*[:.]")
_AROUND = re.compile(r"^[(\[]+|[)\]。.!;]+$")
_END = "。.;!"
_LINE = 40
"""A longer line is a sentence, not a title."""


def is_note(text: str, only: bool) -> bool:
    """Whether the one text of a row (in normal form) is a remark, which is no row of the table.

    ``only`` tells that no other row is printed.
    """
    words = wording().empty
    return (
        bool(_REMARK.match(text))
        or _speaks_of_table(text)
        or text in words.alone
        or (only and _says_none(text))
    )


def statements(places: Sequence[tuple[PrintedTable, Table | None]]) -> list[Table]:
    """The recognised tables, each with the sentence that says it is empty, if there is one.

    ``places`` are all printed tables in order, None for those not recognised. The sentence is a
    row of the table, or stands below it before another title, or between its title and its head;
    it is said of one table only.
    """
    found: list[Table] = []
    taken: set[Paragraph] = set()
    for printed, table in places:
        below = takewhile(lambda line: not _is_title(line), printed.below)
        near = [line for line in (*below, *_since_title(printed.caption)) if line not in taken]
        statement = _of(printed, near, table)
        if statement:
            taken.update(line for line in near if normal(line.text) in normal(statement.text))
        if table:
            found.append(replace(table, statement=statement))
    return found


def _of(printed: PrintedTable, near: Sequence[Paragraph], table: Table | None) -> Statement | None:
    """What is said of a table: the sentence that speaks of it, else one that says there is none
    of what it lists, which counts only where no number is printed."""
    rows = [
        Paragraph(own.pop(), row[0].position)
        for row in printed.grid.rows
        if len(own := {clean(cell.text) for cell in row if cell.text}) == 1
    ]
    lines = [*rows, *_sentences(near)]
    for line in lines:
        if _speaks_of_table(normal(line.text)):
            return Statement(clean(line.text), line.position, explicit=True)
    if table is None or table.amounts:
        return None
    for line in lines:
        text = normal(line.text)
        noted = _REMARK.match(text) or (line in rows and not table.rows)
        if noted and _says_none(text):
            return Statement(clean(line.text), line.position, explicit=False)
    return None


def _since_title(caption: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The lines of a caption from the one that names the table, nearest to the grid first."""
    for line in reversed(caption):
        yield line
        if _is_title(line):
            return


def _sentences(lines: Iterable[Paragraph]) -> Iterator[Paragraph]:
    """The lines, a remark that is wrapped with the line it goes on in."""
    lines = sorted(lines, key=lambda line: line.position)
    for line, following in zip_longest(lines, lines[1:]):
        text = normal(line.text)
        wrapped = _REMARK.match(text) and text[-1] not in _END
        if following and wrapped and not _speaks_of_table(text):
            text = clean(line.text) + clean(following.text)
            yield replace(line, text=text)
        else:
            yield line


def _is_title(line: Paragraph) -> bool:
    text = normal(line.text)
    if len(text) > _LINE or _REMARK.match(text):
        return False
    if any(match_title(resource, read_title(text)) >= CLEAR for resource in catalogue().tables):
        return True
    return text.endswith("表") and not _speaks_of_table(text)


def _speaks_of_table(text: str) -> bool:
    match = _phrases().search(text)
    return match is not None and match["unless"] is None


def _says_none(text: str) -> bool:
    bare = _AROUND.sub("", _AROUND.sub("", _REMARK.sub("", text)))
    words = wording().empty
    if bare in words.alone:
        return True
    for word in words.other_words:
        bare = bare.replace(word, "")
    return _none_of().search(bare) is not None


@cache
def _phrases() -> re.Pattern[str]:
    words = wording().empty
    return re.compile(
        rf"(?P<unless>(?:{'|'.join(words.unless)})[^,。;]{{0,8}})?(?:{'|'.join(words.phrases)})"
    )


@cache
def _none_of() -> re.Pattern[str]:
    words = wording().empty
    return re.compile(rf"(?:{'|'.join(words.none)})[^。;]*(?:{'|'.join(words.of)})")
