"""Codes and bodies that are printed once for several rows, written into each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yusuan.model.document import Cell
from yusuan.model.text import clean
from yusuan.tables.columns import Block
from yusuan.tables.leads import is_code

__all__ = ["filled"]

CellRow = tuple[Cell, ...]
_LONGEST_PART = 3
"""Digits of a class; the levels below it have two."""


def filled(body: Sequence[CellRow], blocks: Sequence[Block]) -> list[CellRow]:
    """The rows with the codes and bodies that a merged cell above stands for.

    Where 类, 款 and 项 have columns of their own, a blank before a lower level means the one
    printed above it.
    """
    shared = [
        column.index for block in blocks for column in block.lead
        if column.role in ("code", "body-code", "body-name")
    ]  # fmt: skip
    levels = [[c.index for c in block.lead if c.role == "code"] for block in blocks]
    rows = _from_merged(body, shared)
    for columns in levels:
        if len(columns) > 1:
            rows = _from_above(rows, columns)
    return rows


def _from_merged(body: Sequence[CellRow], columns: Sequence[int]) -> list[CellRow]:
    reach: dict[int, tuple[int, str]] = {}
    rows = []
    for index, cells in enumerate(body):
        texts: dict[int, str] = {}
        for column in columns:
            cell = cells[column] if column < len(cells) else None
            if cell is None:
                continue
            end, text = reach.get(column, (0, ""))
            if cell.text:
                reach[column] = (index + cell.rowspan, cell.text)
            elif index < end:
                texts[column] = text
        rows.append(_with(cells, texts))
    return rows


def _from_above(body: Sequence[CellRow], columns: Sequence[int]) -> list[CellRow]:
    above: list[str] = []
    rows = []
    for cells in body:
        parts = [clean(cells[column].text) if column < len(cells) else "" for column in columns]
        first = next((i for i, part in enumerate(parts) if part), None)
        lower = first and all(is_code(p) and len(p) < _LONGEST_PART for p in parts[first:] if p)
        if lower and all(above[:first]) and len(above) >= (first or 0):
            texts = dict(zip(columns[:first], above[:first], strict=True))
            cells = _with(cells, texts)
            parts[:first] = above[:first]
        if any(parts):
            above = parts
        rows.append(cells)
    return rows


def _with(cells: CellRow, texts: dict[int, str]) -> CellRow:
    if not texts:
        return cells
    return tuple(
        replace(cell, text=texts[index]) if index in texts else cell
        for index, cell in enumerate(cells)
    )
