"""What a document says is empty: tables without numbers, which are not missing, and single cells.

A cell that says in a word that there is nothing (无), though the sums of its table say otherwise,
is as likely a misprint as the numbers around it: it is told, and no sum that it belongs to is
judged. Where a table says nothing in this way throughout, the word is its sign for a blank, and a
sum that fails is an error like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import takewhile, zip_longest

from yusuan.lexicon.phrases import phrase, words_of
from yusuan.model.document import Paragraph
from yusuan.model.text import clean, normal
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import Texts, message
from yusuan.schema.wording import wording
from yusuan.tables.captions import CLEAR, PrintedTable, match_title, read_title
from yusuan.tables.nesting import nearest_below
from yusuan.tables.records import Amount, EmptyStatement, StandardTable, TableRow, UnreadCell

__all__ = ["is_note", "with_contradicted", "with_statements"]

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
        bool(phrase("caption.remark_row").match(text))
        or _speaks_of_table(text)
        or text in words.alone
        or (only and _states_none(text))
    )


def with_statements(
    places: Sequence[tuple[PrintedTable, StandardTable | None]],
) -> list[StandardTable]:
    """The recognised tables, each with the sentence that says it is empty, if there is one.

    ``places`` are all printed tables in order, None for those not recognised. The sentence is a
    row of the table, or stands below it before another title, or between its title and its head;
    it is said of one table only.
    """
    found: list[StandardTable] = []
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


def _of(
    printed: PrintedTable, near: Sequence[Paragraph], table: StandardTable | None
) -> EmptyStatement | None:
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
            return EmptyStatement(clean(line.text), line.position, explicit=True)
    if table is None or table.amounts:
        return None
    for line in lines:
        text = normal(line.text)
        noted = phrase("caption.remark_row").match(text) or (line in rows and not table.rows)
        if noted and _states_none(text):
            return EmptyStatement(clean(line.text), line.position, explicit=False)
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
        wrapped = phrase("caption.remark_row").match(text) and text[-1] not in _END
        if following and wrapped and not _speaks_of_table(text):
            text = clean(line.text) + clean(following.text)
            yield replace(line, text=text)
        else:
            yield line


def _is_title(line: Paragraph) -> bool:
    text = normal(line.text)
    if len(text) > _LINE or phrase("caption.remark_row").match(text):
        return False
    if any(match_title(resource, read_title(text)) >= CLEAR for resource in catalogue().tables):
        return True
    return text.endswith(words_of("table")) and not _speaks_of_table(text)


def _speaks_of_table(text: str) -> bool:
    match = _phrases().search(text)
    return match is not None and match["unless"] is None


def _states_none(text: str) -> bool:
    bare = _AROUND.sub("", _AROUND.sub("", phrase("caption.remark_row").sub("", text)))
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


# Cells


@dataclass(frozen=True, slots=True)
class _PrintedSum:
    """A printed total with its other printed parts, or the parts of a total that is a word."""

    total: Amount | None
    parts: tuple[Amount, ...]

    @property
    def holds(self) -> bool | None:
        """Whether it holds with nothing for the word, as far as rounding tells; None where it is
        no evidence."""
        amounts = (*self.parts, *([self.total] if self.total else ()))
        if not amounts or len({amount.number.unit or amount.unit for amount in amounts}) > 1:
            return None
        slack = sum((Decimal(1).scaleb(-one.number.decimals) / 2 for one in amounts), Decimal(0))
        total = self.total.number.value if self.total else Decimal(0)
        parts = sum((one.number.value for one in self.parts), Decimal(0))
        return abs(total - parts) <= slack


def with_contradicted(
    resource: Resource, rows: Sequence[TableRow], columns: frozenset[str]
) -> tuple[list[TableRow], list[UnreadCell]]:
    """The rows, each word for nothing that sums contradict as a cell that cannot be read; and
    these cells. ``columns`` are the amount columns that have a heading.

    A word is contradicted when a sum fails without an amount in its place and none holds. Where
    only one sum speaks of it, the table must leave cells blank, or print zeros, elsewhere.
    """
    found: list[TableRow] = []
    contradicted: list[UnreadCell] = []
    blank = _leaves_blank(rows, columns)
    for row in rows:
        side = [
            other for other in rows
            if (other.side, other.phase, other.years_before) == (row.side, row.phase, row.years_before)
        ] if row.stated_empty else []  # fmt: skip
        own: list[UnreadCell] = []
        for cell in row.stated_empty:
            sums = [*_across(resource, row, cell), *_down(row, side, cell)]
            failed = [one for one in sums if one.holds is False]
            held = any(one.holds for one in sums)
            sure = blank or len(failed) > 1 or any(one.total is None for one in failed)
            if failed and sure and not held:
                own.append(replace(cell, reason=_reason(cell, failed[0])))
        found.append(replace(row, unread=(*row.unread, *own)) if own else row)
        contradicted += own
    return found, contradicted


def _leaves_blank(rows: Sequence[TableRow], columns: frozenset[str]) -> bool:
    """Whether some row prints a zero, or nothing at all in one of the columns."""
    printed = [
        {cell.field.name for cells in (row.amounts, row.stated_empty, row.unread)
         for cell in cells if cell.field}
        for row in rows
    ]  # fmt: skip
    zeros = any(not amount.number.value for row in rows for amount in row.amounts)
    return zeros or any(columns - own for own in printed)


def _across(resource: Resource, row: TableRow, cell: UnreadCell) -> Iterator[_PrintedSum]:
    """The sums along the row: of the parts that the cell should sum, and those it is a part of."""
    if cell.field is None or row.unread:
        return
    parts = row.parts(resource, cell.field)
    if parts:
        yield _PrintedSum(None, tuple(parts))
        return  # a sum that it belongs to takes these in its place
    for field in resource.with_role("amount"):
        total = row.amount(field.name)
        if total is not None and cell.field.name in _unprinted_parts(resource, row, field.name):
            yield _PrintedSum(total, tuple(row.parts(resource, field)))


def _unprinted_parts(resource: Resource, row: TableRow, name: str) -> set[str]:
    """The columns that one sums, itself or through columns which the row leaves out."""
    found: set[str] = set()
    for part in resource.field(name).sum_of:
        found.add(part)
        if row.amount(part) is None:
            found |= _unprinted_parts(resource, row, part)
    return found


def _down(row: TableRow, side: Sequence[TableRow], cell: UnreadCell) -> Iterator[_PrintedSum]:
    """The sums down the column: of the rows below, and of the nearest row above with an amount."""
    if cell.field is None or row.row_type == "of-which":
        return
    name = cell.field.name
    if any(other.is_unread(name) for other in side):
        return
    below = _amounts(nearest_below(row, side, lambda other: other.amount(name) is not None), name)
    if row.row_type == "total":
        below = _amounts(_tops(side, name), name)
    if below:
        yield _PrintedSum(None, below)
        return
    above: TableRow | None = row
    while above is not None and above.amount(name) is None:
        above = next((o for o in side if above.parent and o.anchor == above.parent), None)
    if above is not None and above is not row:
        parts = nearest_below(above, side, lambda other: other.amount(name) is not None)
        yield _PrintedSum(above.amount(name), _amounts(parts, name))
    totals = [other for other in side if other.row_type == "total"]
    if above is None and len(totals) == 1 and row is not totals[0]:
        total = totals[0].amount(name)
        if total is not None:
            yield _PrintedSum(total, _amounts(_tops(side, name), name))


def _tops(side: Sequence[TableRow], name: str) -> list[TableRow]:
    """The rows with an amount in a column that are part of none with one, without the total."""
    found: list[TableRow] = []
    for row in side:
        if row.parent or row.row_type in ("total", "of-which"):
            continue
        printed = row.amount(name) is not None
        found += (
            [row]
            if printed
            else nearest_below(row, side, lambda other: other.amount(name) is not None)
        )
    return found


def _amounts(rows: Iterable[TableRow], name: str) -> tuple[Amount, ...]:
    return tuple(amount for row in rows if (amount := row.amount(name)) is not None)


def _reason(cell: UnreadCell, failed: _PrintedSum) -> Texts:
    word = cell.cell.text
    if failed.total is None:
        part = failed.parts[0]
        return message(
            "empty-word-with-part",
            word=word, part=part.column_label, printed=part.number.printed,
        )  # fmt: skip
    rest = sum((part.number.value for part in failed.parts), Decimal(0))
    return message(
        "empty-word-in-total", word=word, total=failed.total.number.printed, rest=f"{rest:,}"
    )
