"""Cells that say in a word that there is nothing (无), though the sums of their table say otherwise.

Such a word is as likely printed by mistake as the numbers around it: it is told, and no sum that
it belongs to is judged. Where a table says nothing in this way throughout, the word is its sign for
a blank, and a sum that fails is an error like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from yusuan.schema import Resource
from yusuan.tables.nesting import nearest_below
from yusuan.tables.records import Amount, Row, Unread

__all__ = ["with_contradicted"]


@dataclass(frozen=True, slots=True)
class _Sum:
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
    resource: Resource, rows: Sequence[Row], columns: frozenset[str]
) -> tuple[list[Row], list[Unread]]:
    """The rows, each word for nothing that sums contradict as a cell that cannot be read; and
    these cells. ``columns`` are the amount columns that have a heading.

    A word is contradicted when a sum fails without an amount in its place and none holds. Where
    only one sum speaks of it, the table must leave cells blank, or print zeros, elsewhere.
    """
    found: list[Row] = []
    told: list[Unread] = []
    blank = _leaves_blank(rows, columns)
    for row in rows:
        side = [
            other for other in rows
            if (other.side, other.phase, other.back) == (row.side, row.phase, row.back)
        ] if row.said_none else []  # fmt: skip
        own: list[Unread] = []
        for cell in row.said_none:
            sums = [*_across(resource, row, cell), *_down(row, side, cell)]
            failed = [one for one in sums if one.holds is False]
            held = any(one.holds for one in sums)
            sure = blank or len(failed) > 1 or any(one.total is None for one in failed)
            if failed and sure and not held:
                own.append(replace(cell, reason=_reason(cell, failed[0])))
        found.append(replace(row, unread=(*row.unread, *own)) if own else row)
        told += own
    return found, told


def _leaves_blank(rows: Sequence[Row], columns: frozenset[str]) -> bool:
    """Whether some row prints a zero, or nothing at all in one of the columns."""
    printed = [
        {cell.field.name for cells in (row.amounts, row.said_none, row.unread)
         for cell in cells if cell.field}
        for row in rows
    ]  # fmt: skip
    zeros = any(not amount.number.value for row in rows for amount in row.amounts)
    return zeros or any(columns - own for own in printed)


def _across(resource: Resource, row: Row, cell: Unread) -> Iterator[_Sum]:
    """The sums along the row: of the parts that the cell should sum, and those it is a part of."""
    if cell.field is None or row.unread:
        return
    parts = row.parts(resource, cell.field)
    if parts:
        yield _Sum(None, tuple(parts))
        return  # a sum that it belongs to takes these in its place
    for field in resource.with_role("amount"):
        total = row.amount(field.name)
        if total is not None and cell.field.name in _unprinted_parts(resource, row, field.name):
            yield _Sum(total, tuple(row.parts(resource, field)))


def _unprinted_parts(resource: Resource, row: Row, name: str) -> set[str]:
    """The columns that one sums, itself or through columns which the row leaves out."""
    found: set[str] = set()
    for part in resource.field(name).sum_of:
        found.add(part)
        if row.amount(part) is None:
            found |= _unprinted_parts(resource, row, part)
    return found


def _down(row: Row, side: Sequence[Row], cell: Unread) -> Iterator[_Sum]:
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
        yield _Sum(None, below)
        return
    above: Row | None = row
    while above is not None and above.amount(name) is None:
        above = next((o for o in side if above.parent and o.anchor == above.parent), None)
    if above is not None and above is not row:
        parts = nearest_below(above, side, lambda other: other.amount(name) is not None)
        yield _Sum(above.amount(name), _amounts(parts, name))
    totals = [other for other in side if other.row_type == "total"]
    if above is None and len(totals) == 1 and row is not totals[0]:
        total = totals[0].amount(name)
        if total is not None:
            yield _Sum(total, _amounts(_tops(side, name), name))


def _tops(side: Sequence[Row], name: str) -> list[Row]:
    """The rows with an amount in a column that are part of none with one, without the total."""
    found: list[Row] = []
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


def _amounts(rows: Iterable[Row], name: str) -> tuple[Amount, ...]:
    return tuple(amount for row in rows if (amount := row.amount(name)) is not None)


def _reason(cell: Unread, failed: _Sum) -> tuple[str, str]:
    word = cell.cell.text
    if failed.total is None:
        part = failed.parts[0]
        return (
            f"此处写“{word}”，其分项“{part.column_label}”却有数{part.number.printed}",
            f'this says "{word}", though a part of it, "{part.column_label}", prints '
            f"{part.number.printed}",
        )
    rest = sum((part.number.value for part in failed.parts), Decimal(0))
    return (
        f"此处写“{word}”，但合计为{failed.total.number.printed}，其余各项之和为{rest:,}",
        f'this says "{word}", though the total is {failed.total.number.printed} and the other '
        f"parts sum to {rest:,}",
    )
