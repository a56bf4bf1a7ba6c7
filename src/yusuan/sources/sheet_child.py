"""The process that parses one spreadsheet: bytes in on standard input, JSON out.

The parser is native code, in which one flipped bit can ask for 200 GB and end the process;
so it gets one of its own. This file runs by itself and imports nothing of yusuan.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import sys
from decimal import Decimal
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError

__all__ = ["cell_text"]

MEMORY = 3 * 2**30
"""Bytes of address space; a sheet of 65,536 full rows by 256 columns takes a third."""

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


def _sheet(name: str, sheet: CalamineSheet) -> dict[str, Any]:
    """One sheet: its printed cells by row, as [row, [[column, text], …]], and its merges.

    Rows and columns count from 0; merges are [top, left, bottom, right] within the used range.
    """
    left = sheet.start[1] if sheet.start else 0
    last_row, last_column = sheet.end or (0, 0)
    rows = []
    for index, values in enumerate(sheet.iter_rows()):
        cells = [
            [column, text] for column, value in enumerate(values, start=left)
            if value != "" and (text := cell_text(value)).strip()
        ]  # fmt: skip
        if cells:
            rows.append([index, cells])
    merges = [
        [top, column, min(bottom, last_row), min(right, last_column)]
        for (top, column), (bottom, right) in sheet.merged_cell_ranges or ()
        if top <= last_row and column <= last_column
    ]
    return {"name": name, "rows": rows, "merges": merges}


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            "sheets": [
                _sheet(name, book.get_sheet_by_index(index))
                for index, name in enumerate(book.sheet_names)
            ]
        }
    except PasswordError:
        return {"error": "password"}
    # A panic of the parser is no Exception.
    except BaseException as error:
        return {"error": " ".join(str(error).split())[:200] or type(error).__name__}


def _main() -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(_parsed(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    _main()
