"""The cells of a spreadsheet (XLSX, XLS, ODS) as text, with its merged cells."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

from yusuan.model.document import column_letters
from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["Sheet", "cell_text", "read_cells"]

Value = (
    int | float | str | bool | datetime.time | datetime.date | datetime.datetime
    | datetime.timedelta
)  # fmt: skip


def cell_text(value: Value) -> str:
    """A cell's value as text; numbers in plain decimals, dates in ISO 8601.

    Excel computes in binary but keeps and shows 15 significant digits; so many are given,
    which drops the noise of computed sums and never a digit that was typed.

    >>> cell_text(213.0), cell_text(0.1 + 0.2), cell_text(1e-7), cell_text(12345678.9)
    ('213', '0.3', '0.0000001', '12345678.9')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        plain = format(Decimal(f"{value:.15g}"), "f")
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; rows and columns count from 0.

    ``rows`` are the printed ones, each with the texts by column; ``merges`` are top, left,
    bottom and right of every merged cell within the used range.
    """

    name: str
    rows: tuple[tuple[int, dict[int, str]], ...]
    merges: tuple[tuple[int, int, int, int], ...]


def read_cells(content: bytes, file: str) -> Iterator[Sheet]:
    """The sheets of a workbook in order, hidden ones included.

    The parser is native code, in which one flipped bit can ask for 200 GB and end the
    process: what is not trusted is read in a process of its own (``yusuan.reading``).
    Raises YusuanError when the file is damaged, locked, or too large.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if len(names) > limits.SHEETS:
            raise YusuanError(
                f"{file}: {len(names):,} sheets; at most {limits.SHEETS} are read. "
                "Save the sheets that matter in a new file"
            )
        for index, name in enumerate(names):
            sheet = book.get_sheet_by_index(index)
            place = f"{file}, sheet {name}"
            _refuse_bloated(sheet, place)
            yield _sheet(name, sheet, place)
    except (YusuanError, MemoryError):
        raise
    except PasswordError as error:
        raise YusuanError(f"{file}: locked with a password; save it without one") from error
    except BaseException as error:
        # A panic of the parser is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        said = isinstance(error, Exception)  # a panic only tells where the parser failed
        reason = " ".join(str(error).split())[:200] if said else "damaged"
        raise YusuanError(
            f"{file}: cannot be read as a spreadsheet ({reason}); "
            "open it, save it as XLSX and try again"
        ) from error


def _refuse_bloated(sheet: CalamineSheet, place: str) -> None:
    """What is known only now, as of XLS; other formats were looked into before."""
    if sheet.height * sheet.width > limits.SHEET_PLACES:
        last = sheet.end or (0, 0)
        raise YusuanError(
            f"{place}: the cells in use reach as far as {column_letters(last[1])}{last[0] + 1}, "
            "too far for a budget table; clear the stray cells there and save it again"
        )
    merges = len(sheet.merged_cell_ranges or ())
    if merges > limits.MERGED:
        raise YusuanError(
            f"{place}: {merges:,} merged cells; at most {limits.MERGED:,} are read. "
            "Clear them and save it again"
        )


def _sheet(name: str, sheet: CalamineSheet, place: str) -> Sheet:
    left = sheet.start[1] if sheet.start else 0
    last_row, last_column = sheet.end or (0, 0)
    rows = []
    count = 0
    for index, values in enumerate(sheet.iter_rows()):
        cells = {
            column: text for column, value in enumerate(values, start=left)
            if value != "" and (text := cell_text(value)).strip()
        }  # fmt: skip
        count += len(cells)
        if count > limits.CELLS:
            raise YusuanError(
                f"{place}, row {index + 1:,}: more than {limits.CELLS:,} cells are filled; "
                "save what matters in a file of its own"
            )
        if cells:
            rows.append((index, cells))
    merges = tuple(
        (top, column, min(bottom, last_row), min(right, last_column))
        for (top, column), (bottom, right) in sheet.merged_cell_ranges or ()
        if top <= last_row and column <= last_column
    )
    return Sheet(name, tuple(rows), merges)
