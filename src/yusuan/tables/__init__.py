"""Grids in, recognised standard tables out: captions, headings, columns, rows.

Nothing here knows any particular document: titles, headings and meanings are in
``schemas/tables``.
"""

from yusuan.tables.recognise import find_tables
from yusuan.tables.records import (
    REPEAT_PREFIX,
    Amount,
    ReadingProblem,
    StandardTable,
    TableRow,
    is_repeat_key,
)

__all__ = [
    "REPEAT_PREFIX",
    "Amount",
    "ReadingProblem",
    "StandardTable",
    "TableRow",
    "find_tables",
    "is_repeat_key",
]
