"""A disclosure before it is rendered: paragraphs and tables whose amounts carry their truth."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

__all__ = [
    "COVERED", "Amount", "Cell", "Column", "Disclosure", "Expected", "Head", "Line", "Said", "Style",
    "Table", "heads",
]  # fmt: skip

EXPENDITURE = "expenditure"


@dataclass(frozen=True)
class Style:
    """How a government prints: unit, decimals, separators, zeros, where captions stand."""

    unit: int = 10_000
    decimals: int = 2
    thousands: bool = False
    zero: str = ""
    """What is printed for zero: "" (blank), "-", "—", or "0" for the number itself."""
    negative: str = "-"
    """Sign of negative amounts; "(" puts them in brackets."""
    caption_inside: bool = False
    """Title, body and unit stand in the first rows of the grid."""
    unit_form: str = "单位：{}"
    body_form: str = "{word}：{name}"
    one_line_caption: bool = False
    """Body and unit share a line."""
    unit_in_title: bool = False
    sheet_numbers: bool = True
    """In a workbook amounts are numbers, not text."""
    sheet_per_table: bool = True
    page_rows: int = 18
    """About how many rows of a table a page of a PDF takes."""
    repeat_head: bool = True
    """Where a table is continued on the next page its headings are repeated."""
    cut_text: bool = False
    """In text a longer table is cut as by pages: a page mark, and the headings again or not."""
    repeat_caption: bool = False
    """Where text is cut the caption is printed again too."""
    repeat_merged: bool = False
    """In Markdown the text of a merged cell stands in every place it covers."""

    @property
    def unit_name(self) -> str:
        return {1: "元", 10_000: "万元", 1_000: "千元"}[self.unit]

    def number(self, value: Decimal, unit: int | None = None) -> str:
        """An amount in yuan as printed."""
        if not value and self.zero != "0":
            return self.zero
        shown = abs(value) / (unit or self.unit)
        decimals = self.decimals if unit in (None, self.unit) else 2
        text = f"{shown:,.{decimals}f}" if self.thousands else f"{shown:.{decimals}f}"
        if value < 0:
            return f"({text})" if self.negative == "(" else self.negative + text
        return text


@dataclass(frozen=True)
class Amount:
    """A body cell that is an amount in yuan, and what its row is about."""

    value: Decimal
    label: str
    code: str | None = None
    direction: str | None = None
    dims: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cell:
    """A text that covers more than one place."""

    text: str
    across: int = 1
    down: int = 1


COVERED = None
"""Stands in a body row where a merged cell covers the place."""

Line = Sequence["str | Amount | Cell | None"]


@dataclass(frozen=True)
class Column:
    """An amount column: the heading right above it and what its amounts are.

    ``previous`` counts years back; ``optional`` amounts may or may not become facts.
    """

    heading: str
    dims: dict[str, str] = field(default_factory=dict)
    phase: str | None = None
    previous: int = 0
    optional: bool = False
    unit: int | None = None


@dataclass(frozen=True)
class Head:
    text: str
    across: int = 1
    down: int = 1


def heads(*lines: str) -> list[list[Head]]:
    """Heading rows from a short notation: ``科目编码>3 合计v2`` covers three columns, two rows.

    Cells are parted by blanks; ``_`` stands for a blank, ``~`` for an empty cell.
    """
    rows = []
    for line in lines:
        row = []
        for word in line.split(" "):
            match = re.fullmatch(r"(.*?)(?:>(\d+))?(?:v(\d+))?", word)
            assert match
            text = "" if match[1] == "~" else match[1].replace("_", " ")
            row.append(Head(text, int(match[2] or 1), int(match[3] or 1)))
        rows.append(row)
    return rows


@dataclass
class Table:
    """A printed table. ``kind`` is a pattern for the names of tables its facts may be in."""

    kind: str
    title: str
    head: list[list[Head]]
    columns: Sequence[Column | str]
    """For each place an amount column, or a name for anything else."""
    direction: str = EXPENDITURE
    dims: dict[str, str] = field(default_factory=dict)
    number: str = ""
    body: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    loose: bool = False
    """No standard table: the column concept may stay unknown."""
    unit: int | None = None
    """Where it differs from that of the document."""
    phase: str | None = None

    def add(self, *cells: str | Amount | Cell | None) -> None:
        assert len(cells) == len(self.columns), (self.title, cells)
        self.body.append(cells)

    def row(
        self, texts: Sequence[str | Cell | None], values: Sequence[Decimal | None], label: str,
        code: str | None = None, **dims: str,
    ) -> None:  # fmt: skip
        """One row of a table with a single side: its texts in order, its amounts in order."""
        left, right = iter(texts), iter(values)
        cells: list[str | Amount | Cell | None] = []
        for column in self.columns:
            if isinstance(column, Column):
                value = next(right)
                cells.append("" if value is None else Amount(value, label, code, None, dims))
            else:
                cells.append(next(left))
        assert next(left, "end") == "end" and next(right, "end") == "end", (self.title, label)
        self.add(*cells)


@dataclass(frozen=True)
class Expected:
    """One amount that is printed, and what must become of it."""

    kind: str
    title: str
    label: str
    code: str | None
    heading: str
    phase: str
    year: int
    direction: str
    amount: Decimal
    printed: str
    dims: dict[str, str]
    loose: bool
    optional: bool


@dataclass(frozen=True)
class Said:
    """A number that a sentence claims, in the unit printed; a decrease is negative."""

    subject: str
    measure: str
    value: Decimal
    unit: str


@dataclass
class Disclosure:
    """A whole document: ``blocks`` are paragraphs (a heading as "# text"), tables, page ends."""

    layout: str
    name: str
    year: int
    phase: str
    style: Style
    blocks: list[str | Table] = field(default_factory=list)
    body_word: str = "部门"
    said: list[Said] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def expected(self) -> list[Expected]:
        return [found for table in self.tables for found in self._of(table)]

    def text_of(self, table: Table, column: Column, amount: Amount) -> str:
        return self.style.number(amount.value, column.unit or table.unit)

    def _of(self, table: Table) -> Iterator[Expected]:
        for line in table.body:
            for column, cell in zip(table.columns, line, strict=True):
                if not isinstance(cell, Amount):
                    continue
                assert isinstance(column, Column), (table.title, cell)
                printed = self.text_of(table, column, cell)
                if not re.search(r"\d", printed):
                    continue  # a blank or a dash is not an amount
                yield Expected(
                    kind=table.kind, title=table.title, label=cell.label, code=cell.code,
                    heading=column.heading, phase=column.phase or table.phase or self.phase,
                    year=self.year - column.previous,
                    direction=column.dims.get("direction") or cell.direction or table.direction,
                    amount=cell.value, printed=printed,
                    dims={**table.dims, **cell.dims, **column.dims},
                    loose=table.loose, optional=column.optional,
                )  # fmt: skip
