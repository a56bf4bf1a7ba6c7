"""Grids in, recognised standard tables out: captions, headings, columns, rows.

Nothing here knows any particular document: titles, headings and meanings are in
``schemas/tables``.
"""

from yusuan.tables.recognise import find_tables
from yusuan.tables.records import FURTHER, Amount, Problem, Row, Table, is_again

__all__ = ["FURTHER", "Amount", "Problem", "Row", "Table", "find_tables", "is_again"]
