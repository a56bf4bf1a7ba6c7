"""Which cell of a row stands in which column, also where a row has too many or too few cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yusuan.model.document import Cell
from yusuan.model.money import parse_number
from yusuan.model.text import normal
from yusuan.tables.columns import Block, Column
from yusuan.tables.leads import is_code, is_printed_code

__all__ = ["Placed", "place"]

_SPLIT_CODES = (1, 2)
"""How many cells more a code may take up where its 类, 款 and 项 are printed apart."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row of one block: cells before the amounts by column, and the amounts by column.

    A cell that stands under no column of its own has None. ``misfits`` counts the cells that
    cannot belong where they stand, where that is not certain.
    """

    lead: tuple[tuple[Column | None, Cell], ...]
    amounts: tuple[tuple[Column, Cell], ...]
    misfits: int


def place(block: Block, cells: tuple[Cell, ...], alone: bool, fixed: bool) -> Placed:
    """Place the cells of a row; ``alone`` tells that the block is the whole table, ``fixed``
    that its grid has certain columns.

    Where such a row has as many cells as there are columns, each stands in its own. After a page
    break a row may have more cells than there are headings, because a code is printed in two
    cells instead of one, or fewer, because the label of a total spans several. Then the amounts
    are counted from the right, or one or two cells on, whichever puts the fewest cells in columns
    where they cannot belong. Words in an amount column (待定) are no reason to count on.
    """
    first = min((column.index for column in block.amounts), default=len(cells))
    beyond = any(cell.text for cell in cells[block.end :])
    whole = len(cells) == block.width or (len(cells) >= block.end and not beyond)
    free = alone and not (fixed and whole)
    shifts = (0, len(cells) - block.end, *_SPLIT_CODES) if free else (0,)
    found = [
        _shifted(block, cells, shift, first, alone)
        for shift in dict.fromkeys(shifts)
        if first + shift > 0 or not first
    ]
    placed = min(found, key=lambda placed: placed.misfits)
    return placed if free else replace(placed, misfits=0)


def _shifted(block: Block, cells: tuple[Cell, ...], shift: int, first: int, alone: bool) -> Placed:
    amounts = tuple(
        (column, cells[column.index + shift])
        for column in block.amounts
        if 0 <= column.index + shift < len(cells)
    )
    taken = {cell.column for _, cell in amounts}
    lead: list[tuple[Column | None, Cell]] = [
        (column, cells[column.index])
        for column in block.lead
        if column.index < min(len(cells), first + shift if alone else len(cells))
        and cells[column.index].column not in taken
    ]
    if shift > 0:
        known = {cell.column for _, cell in lead}
        lead += [(None, c) for c in cells[first : first + shift] if c.column not in known | taken]
        lead.sort(key=lambda entry: entry[1].column)
    beyond = cells[block.end + shift :] if alone and block.amounts else ()
    misfits = (
        sum(1 for _, cell in amounts if _is_words(cell.text))
        + len(_stray_numbers(lead))
        + sum(1 for cell in beyond if cell.text)
        + (_words_too_many(block, cells[: first + shift]) if shift != len(cells) - block.end else 0)
    )
    return Placed(tuple(lead), amounts, misfits)


def _words_too_many(block: Block, lead: tuple[Cell, ...]) -> int:
    """How many more names stand before the amounts of a row than there are columns for them,
    where not the names but a code takes up more cells: those are words in amount columns."""
    names = sum(column.role not in ("code", "body-code") for column in block.lead)
    return max(0, sum(_is_words(cell.text) for cell in lead) - max(1, names))


def _is_words(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and parse_number(text) is None


def _stray_numbers(lead: Iterable[tuple[Column | None, Cell]]) -> list[Cell]:
    """Numbers where only codes and names belong: the mark of a torn row."""
    return [
        cell for column, cell in lead
        if parse_number(cell.text) and not is_code(normal(cell.text))
        and not (column and column.role == "code" and is_printed_code(cell.text))
    ]  # fmt: skip
