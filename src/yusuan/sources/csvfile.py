"""Comma-separated values: one grid, with the lines of title and unit above it as paragraphs."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace

from yusuan.model.document import Position
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import check_area, check_width, table_blocks
from yusuan.sources.encoding import decode
from yusuan.sources.fragments import csv_cell
from yusuan.sources.reading import Reading
from yusuan.sources.source_rows import Box, SourceRow

__all__ = ["read_csv_file"]

_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_FIRST_DIGITS = re.compile(r"[-(]?\d{1,3}")
_THREE_DIGITS = re.compile(r"\d{3}(?:\.\d+)?\)?")
_CUT = (
    "千分号没有放在引号内，逗号把数拆成了几格，无法确定各格属于哪个数",
    "commas of thousands stand without quotation marks and cut the numbers into several fields; "
    "which belong together is not certain",
)
_DELIMITERS = ",;\t"


def read_csv_file(content: bytes, file: str) -> Reading:
    """Read values separated by commas, semicolons or tabs, whichever divides most lines alike.

    A position is the line of the file a record begins on. Raises YusuanError when the bytes
    are no text or a quoted field never ends.
    """
    text, encoding = decode(content, file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    rows: list[SourceRow] = []
    line = 1
    delimiter = _delimiter(text)
    records = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        for index, record in enumerate(records):
            if max(map(len, record), default=0) > limits.TEXT:
                # the limit of the csv module is one for the process, and others change it
                raise csv.Error(f"field larger than {limits.TEXT:,} characters")
            filled = {
                column: Box(shown, fragment=csv_cell(index, column))
                for column, value in enumerate(record) if (shown := _shown(value)).strip()
            }  # fmt: skip
            check_width(max(filled, default=0), file, f"line {line:,}")
            rows.append(SourceRow(Position(line), filled))
            line = records.line_num + 1
    except csv.Error as error:
        raise YusuanError(
            f"{file}, line {line:,}: {error}; a quotation mark that is not closed does this"
        ) from error
    if delimiter == ",":
        rows = _with_doubts(rows)
    check_area(rows, file)
    return Reading(
        tuple(table_blocks(rows, blank_rows_end=True)), text.count("\n") + 1, None, encoding
    )


def _with_doubts(rows: list[SourceRow]) -> list[SourceRow]:
    """The rows, the fields from the first on that commas of thousands without quotation marks
    may have cut in doubt: 8,205,000 is three fields.

    They are where a record has more fields than the records above the first of them, which
    hold the headings, and some go on by three digits.
    """
    cut = {row.position: at for row in rows if (at := _cut(row)) is not None}
    above = itertools.takewhile(lambda row: row.position not in cut, rows)
    headed = max((row.filled()[-1] for row in above if row.filled()), default=limits.COLUMNS)
    if not any(row.position in cut and row.filled()[-1] > headed for row in rows):
        return rows
    return [
        SourceRow(
            row.position,
            {
                column: replace(box, doubt=_CUT)
                if column >= cut.get(row.position, column + 1)
                else box
                for column, box in row.boxes.items()
            },
        )
        for row in rows
    ]


def _cut(row: SourceRow) -> int | None:
    """The first field of up to three digits that the next field goes on by exactly three."""
    texts = {column: box.text.strip() for column, box in row.boxes.items()}
    return next(
        (
            column
            for column in sorted(texts)
            if _FIRST_DIGITS.fullmatch(texts[column])
            and _THREE_DIGITS.fullmatch(texts.get(column + 1, ""))
        ),
        None,
    )


def _shown(value: str) -> str:
    """What a spreadsheet shows of a field: a text kept from becoming a number is a formula there.

    >>> _shown('="2130301"'), _shown('="甲""乙"'), _shown("=A1")
    ('2130301', '甲"乙', '=A1')
    """
    match = _FORMULA.fullmatch(value.strip())
    return match[1].replace('""', '"') if match else value


def _delimiter(text: str) -> str:
    """The sign that parts the most lines, and of several such the one that parts them most.

    Commas inside quoted amounts ("1,234.50") are no separators.
    """
    lines = text.split("\n")[:200]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.split('"')[::2] for line in lines]
        parted = [sum(piece.count(sign) for piece in pieces) for pieces in counts]
        return sum(1 for count in parted if count), sum(parted)

    return max(_DELIMITERS, key=score)
