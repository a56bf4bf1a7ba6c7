"""What a format's reader gives: paragraphs and grids, cut from the rows of a table or a sheet.

Spreadsheets, Word tables and web pages often hold the title, the body and the unit in the
first rows of the table itself, and several tables one below the other. Readers give the
rows as they are, with merged cells stated; this gives blocks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from yusuan.lexicon.phrases import phrase
from yusuan.model.document import ArchiveMember, Block, Cell, Grid, Note, Paragraph, Position, Run
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean, normal
from yusuan.sources import limits

__all__ = [
    "Reading",
    "SourceCell",
    "SourceRow",
    "check_area",
    "check_width",
    "is_above",
    "is_note",
    "moved",
    "shown_field",
    "table_blocks",
    "text_paragraphs",
    "title_of",
    "within_limits",
]

_LONG = 24
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


@dataclass(frozen=True, slots=True)
class Reading:
    """Blocks in reading order, the number of lines, and what the format knows of itself.

    ``notes`` tell which parts of the file could not be read; ``title`` is how the file names
    itself where that is not printed; ``members`` are those of an archive.
    """

    blocks: tuple[Block, ...]
    lines: int
    pages: int | None = None
    encoding: str | None = None
    notes: tuple[Note, ...] = ()
    title: str | None = None
    members: tuple[ArchiveMember, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceCell:
    """What stands at one place of a row; ``rowspan`` and ``colspan`` as the format states them.

    ``fragment`` names it in the file (see ``fragments``); ``undisplayed``, ``stored`` and ``doubt``
    are those of its cell.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    position: Position | None = None
    fragment: str | None = None
    undisplayed: tuple[Run, ...] = ()
    stored: str | None = None
    doubt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row with its cells by column from 0. Covered columns and blanks may be left out."""

    position: Position
    cells: dict[int, SourceCell] = field(default_factory=dict)

    def printed(self) -> list[tuple[int, SourceCell]]:
        """The cells with text, from the left."""
        return [(column, self.cells[column]) for column in sorted(self.cells)
                if self.cells[column].text.strip()]  # fmt: skip

    def filled(self) -> list[int]:
        """The columns in which the file holds anything, shown or not, from the left."""
        return [column for column in sorted(self.cells)
                if self.cells[column].text.strip() or self.cells[column].undisplayed
                or self.cells[column].doubt]  # fmt: skip


def check_width(column: int, file: str, place: str) -> None:
    """Raise YusuanError when a cell stands further right than any budget table reaches."""
    if column >= limits.COLUMNS:
        raise YusuanError(
            f"{file}, {place}: a cell in column {column + 1:,}; budget tables have at most "
            f"{limits.COLUMNS} columns. Clear it if it is a stray cell; is this the right file?"
        )


def check_area(rows: Sequence[SourceRow], place: str) -> None:
    """Raise YusuanError when the rows down to the right make more cells than are ever read."""
    width = max((max(row.cells, default=0) + 1 for row in rows), default=0)
    if len(rows) * width > limits.CELLS:
        raise YusuanError(
            f"{place}: a table of {len(rows):,} rows by {width} columns; "
            f"at most {limits.CELLS:,} cells are read. Save what matters in a file of its own"
        )


def check_lines(count: int, file: str) -> None:
    """Raise YusuanError for a text of more lines than are ever read."""
    if count > limits.LINES:
        raise YusuanError(
            f"{file}: {count:,} lines; at most {limits.LINES:,} are read. Save what matters in a "
            "file of its own"
        )


def check_rows(count: int, place: str) -> None:
    """Raise YusuanError for more rows of a table than are ever read."""
    if count > limits.ROWS:
        raise YusuanError(
            f"{place}: more than {limits.ROWS:,} rows are filled; save what matters in a file of its own"
        )


def within_limits(blocks: Iterable[Block], file: str) -> Iterator[Block]:
    """The blocks, as long as they are no more text than recognition can take in good time.

    Raises YusuanError at the first that is beyond; what comes behind it is not read.
    """
    cells = characters = paragraphs = tables = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            paragraphs += 1
            longest, rows = len(block.text), 0
            characters += longest
        else:
            tables += 1
            cells += sum(map(len, block.rows))
            rows = len(block.rows)
            longest = max((len(cell.text) for row in block.rows for cell in row), default=0)
        position = block.position
        place = f"page {position.page}, " if position.page else ""
        place = f"{file}, {place}line {position.line:,}"
        if longest > limits.TEXT:
            raise YusuanError(
                f"{place}: {longest:,} characters without a break; a paragraph or cell has at most "
                f"{limits.TEXT:,}. Is this the right file?"
            )
        for count, most, name in (
            (cells, limits.CELLS, "cells in tables"),
            (rows, limits.ROWS, "rows of one table"),
            (tables, limits.TABLES, "tables"),
            (paragraphs, limits.PARAGRAPHS, "lines of text"),
            (characters, limits.RUNNING_TEXT, "characters of running text"),
        ):
            if count > most:
                raise YusuanError(
                    f"{place}: more {name} than the {most:,} that are read of a document. Save the "
                    "pages that matter in a new file"
                )
        yield block


def text_paragraphs(
    text: str, position: Position, level: int = 0, undisplayed: tuple[Run, ...] = ()
) -> list[Block]:
    """The lines of a text as paragraphs of one position, blank ones left out; what is not seen
    (``undisplayed``) goes with the first."""
    lines = [line for part in re.split(r"[\n\r\v\f]+", text) if (line := clean(part))]
    return [
        Paragraph(line, position, level, () if index else undisplayed)
        for index, line in enumerate(lines)
    ]


def table_blocks(rows: Sequence[SourceRow], *, blank_rows_end: bool) -> list[Block]:
    """Paragraphs and grids of a table, in order.

    With ``blank_rows_end`` a blank row ends a grid, as in a sheet; what follows without a
    caption is still the same printed table, which the next step joins again. Columns of
    all grids are counted from the leftmost printed one of their table. Tables with titles side
    by side are given one after the other.
    """
    bands = _side_by_side(rows)
    if len(bands) > 1:
        return [
            block for band in bands for block in table_blocks(band, blank_rows_end=blank_rows_end)
        ]
    blocks: list[Block] = []
    opened: list[list[SourceRow]] = []
    title = ""
    # The captions of the table at hand; repeated in it after a page break, they are no rows.
    above: set[tuple[str, ...]] = set()

    def close() -> None:
        columns = [column for part in opened for row in part for column in row.filled()]
        for part in opened:
            blocks.append(_grid(part, min(columns), max(columns)))
        opened.clear()

    for run in _runs(rows) if blank_rows_end else [list(rows)]:
        for part, cut in _parts(run, title):
            lead, body, notes = _captions(part, bool(opened) and not cut)
            if lead:
                close()
                above = {_texts(row) for row in lead}
                for row in lead:
                    blocks.extend(_caption_paragraphs(row))
                title = title_of(lead) or title
            body = [row for row in body if not is_above(row) or _texts(row) not in above]
            if any(row.filled() for row in body):
                opened.append(body)
            if notes:
                close()
                for row in notes:
                    blocks.extend(_caption_paragraphs(row))
    close()
    return blocks


def _side_by_side(rows: Sequence[SourceRow]) -> list[list[SourceRow]]:
    """The rows of each of several tables whose titles stand side by side; else all rows as one.

    A column without anything parts two of them, or the first of a title merged over its table.
    """
    top = next((at for at, row in enumerate(rows) if len(_titles_in(row)) > 1), None)
    if top is None:
        return [list(rows)]
    titled, below = rows[top], rows[top:]
    used = {
        place
        for row in below
        for column in row.filled()
        for place in range(column, column + row.cells[column].colspan)
    }
    starts = [0]
    for left, right in pairwise(_titles_in(titled)):
        gap = next((column for column in range(right - 1, left, -1) if column not in used), None)
        if gap is None and titled.cells[right].colspan == 1:
            return [list(rows)]
        starts.append(right if gap is None else gap + 1)
    ends = [*starts[1:], limits.COLUMNS]
    return [
        [
            SourceRow(row.position, {at: box for at, box in row.cells.items() if start <= at < end})
            for row in (rows if start == 0 else below)
        ]
        for start, end in zip(starts, ends, strict=True)
    ]


def _runs(rows: Sequence[SourceRow]) -> Iterator[list[SourceRow]]:
    """Rows between blank ones; a row that a merged cell reaches into is not blank."""
    run: list[SourceRow] = []
    reach = 0
    for index, row in enumerate(rows):
        printed = row.printed()
        if not row.filled() and index >= reach:
            if run:
                yield run
            run = []
            continue
        spans = [box.rowspan for _, box in printed]
        reach = max([reach, *(index + span for span in spans)])
        run.append(row)
    if run:
        yield run


def _parts(run: list[SourceRow], title: str) -> Iterator[tuple[list[SourceRow], bool]]:
    """A run cut before each new title with a unit below it, and whether it was cut there.

    The title of the table above, repeated after a page break, is no new title.
    """
    start = 0
    current = title_of(run[:4]) or title
    for index in range(1, len(run)):
        found = title_of(run[index : index + 1])
        if not found or found == current:
            continue
        if any(_states_unit(row) for row in run[index + 1 : index + 4]):
            first = index - 1 if index - 1 > start and is_above(run[index - 1]) else index
            yield run[start:first], start > 0
            start, current = first, found
    yield run[start:], start > 0


def _captions(
    part: list[SourceRow], continued: bool
) -> tuple[list[SourceRow], list[SourceRow], list[SourceRow]]:
    """Rows above the table, of the table, and notes below it.

    Where a table is already open (``continued``), a lone label is one of its rows, unless a
    title, a unit or running text stands there.
    """
    first = min((column for row in part for column, _ in row.printed()), default=0)
    count = 0
    while count < len(part) and (is_above(part[count]) or _is_lone(part[count], first)):
        count += 1
    lead = part[:count]
    if continued and not any(is_above(row) or _is_text(row) for row in lead):
        lead = []
    body = part[len(lead) :]
    end = len(body)
    while end and (is_note(body[end - 1]) or not body[end - 1].filled()):
        end -= 1
    notes = [row for row in body[end:] if row.printed()]
    return lead, body if not notes else body[:end], notes


def _texts(row: SourceRow) -> tuple[str, ...]:
    return tuple(normal(box.text) for _, box in row.printed())


def _caption_paragraphs(row: SourceRow) -> Iterator[Block]:
    for text in _with_values(row):
        yield from text_paragraphs(text, row.position)


def _grid(rows: list[SourceRow], first: int, last: int) -> Grid:
    """The grid of the columns first to last, one cell for each column of every row.

    A merged cell stands once, at its top left; blank cells fill the places it covers.
    """
    cells: list[tuple[Cell, ...]] = []
    merged = False
    for index, row in enumerate(rows):
        line: list[Cell] = []
        for column in range(first, last + 1):
            box = row.cells.get(column, SourceCell(""))
            rowspan = max(1, min(box.rowspan, len(rows) - index)) if box.text else 1
            colspan = max(1, min(box.colspan, last + 1 - column)) if box.text else 1
            merged = merged or rowspan > 1 or colspan > 1
            line.append(
                Cell(
                    clean(shown_field(box.text)), index, column - first, box.position or row.position,
                    rowspan, colspan, box.fragment, box.undisplayed, box.stored, box.doubt,
                )
            )  # fmt: skip
        cells.append(tuple(line))
    return Grid(tuple(cells), rows[0].position, merged)


def shown_field(value: str) -> str:
    """What a spreadsheet shows of a field: a text kept from becoming a number is a formula there.

    >>> shown_field('="2130301"'), shown_field('="甲""乙"'), shown_field("=A1")
    ('2130301', '甲"乙', '=A1')
    """
    match = _TEXT_FORMULA.fullmatch(value.strip())
    return match[1].replace('""', '"') if match else value


def _is_title(text: str) -> bool:
    return bool(phrase("layout.title").match(text))


def _is_remark(text: str) -> bool:
    return bool(phrase("layout.remark").match(text))


def _stands_above(text: str) -> bool:
    """Whether a text in normal form is what stands above tables: body, number, annex, page."""
    return bool(phrase("layout.above_table").search(text))


def _is_lone(row: SourceRow, first: int) -> bool:
    """Whether nothing is printed but one text at the left edge (or nothing at all)."""
    printed = row.printed()
    return not printed or (len(printed) == 1 and (printed[0][0] <= first or _is_text(row)))


def is_above(row: SourceRow) -> bool:
    """Whether a row only holds what stands above tables: number, body, year, unit."""
    texts = [normal(text) for text in _with_values(row)]
    if len(texts) == 1 and phrase("layout.year").match(texts[0]):
        return True
    titles = 0
    for text in texts:
        if _is_title(text):
            titles += 1
        elif not _stands_above(text):
            return False
    return bool(texts) and titles <= 1


def _is_text(row: SourceRow) -> bool:
    """Whether a row is one title or one piece of running text."""
    texts = [normal(box.text) for _, box in row.printed()]
    return len(texts) == 1 and (
        len(texts[0]) > _LONG or (_is_title(texts[0]) or _is_remark(texts[0]))
    )


def is_note(row: SourceRow) -> bool:
    """Whether a row is one remark (备注, 说明 …), as they stand below tables."""
    texts = [normal(box.text) for _, box in row.printed()]
    return len(texts) == 1 and _is_remark(texts[0])


def _states_unit(row: SourceRow) -> bool:
    return any(
        phrase("layout.unit").search(normal(text)) for text in _with_values(row)
    ) and is_above(row)


def title_of(rows: list[SourceRow]) -> str:
    """The first title among the rows, in normal form, or nothing."""
    texts = [normal(box.text) for row in rows if is_above(row) for _, box in row.printed()]
    return next((text for text in texts if _is_title(text)), "")


def _titles_in(row: SourceRow) -> list[int]:
    """The columns in which titles of tables stand in a row that holds nothing else of a table."""
    texts = {column: normal(box.text) for column, box in row.printed()}
    titles = [column for column, text in texts.items() if _is_title(text)]
    return titles if all(c in titles or _stands_above(texts[c]) for c in texts) else []


def _with_values(row: SourceRow) -> list[str]:
    """The texts of a row; a label that ends in a colon takes what stands to its right."""
    texts: list[str] = []
    for _, box in row.printed():
        label = bool(texts) and normal(texts[-1]).endswith(":")
        if label and _stands_above(normal(texts[-1])) and not _stands_above(normal(box.text)):
            texts[-1] += box.text
        else:
            texts.append(box.text)
    return texts


def moved(block: Block, to: Callable[[Position], Position]) -> Block:
    """A block with all its positions changed, as where its file is a part of another."""
    if isinstance(block, Paragraph):
        return replace(block, position=to(block.position))
    rows = tuple(
        tuple(replace(cell, position=to(cell.position)) for cell in row) for row in block.rows
    )
    return replace(block, position=to(block.position), rows=rows)
