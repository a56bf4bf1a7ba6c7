"""Every amount of a PDF with its row, headings and unit, as pdfplumber alone sees the page.

Nothing of our reader is used: a table is what pdfplumber's lines enclose, a heading what stands
above an amount in it, a label what stands to the left in the same row. Merged cells need no
rules, because a cell is found by the point it covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber

from benchmarks.pdf_oracle import is_visible, plain

__all__ = ["AmountCell", "amount_cells"]

_NUMBER = re.compile(r"[-−–]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?|[（(]\d[\d,.]*[)）]")
_DIGITS = re.compile(r"\d{1,9}")
_NO_AMOUNTS = ("编码", "代码", "序号", "行次", "栏次", "类", "款", "项", "年份")
"""What the innermost heading of a column of codes or serial numbers is, or ends with."""
_UNIT = re.compile(r"单位[:：](?:人民币)?(亿元|万元|千元|元)|[（(](亿元|万元|千元|元)[）)]")
_CAPTION = re.compile(r"单位[:：]|表$|^\d{4}年.*表")
"""What may stand in the first rows of a table and is no heading."""
_BELOW = 1e9
"""A height below every row of any table."""
_UNITS = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
_TARGETS = ("绩效目标", "绩效指标", "三级指标")
"""Tables with one of these are forms of performance targets, no budget tables."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class AmountCell:
    """A printed amount. ``names`` and ``codes`` are the texts to its left, nearest last;
    ``headings`` the texts above it, from the top; ``unit`` is None where none is stated."""

    page: int
    box: Box
    text: str
    names: tuple[str, ...]
    codes: tuple[str, ...]
    headings: tuple[str, ...]
    unit: int | None


@dataclass(slots=True)
class _Table:
    """The cells of a table with their boxes; ``start`` is where its first row of numbers is."""

    cells: list[tuple[Box, str]]
    box: Box
    start: float = 0.0
    before: _Table | None = None
    heads: list[tuple[Box, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        bodies = [box[1] for box, text in self.cells if _NUMBER.fullmatch(text)
                  and not self._counts_columns(box)]  # fmt: skip
        self.start = min(bodies, default=self.box[3])
        self.heads = [
            (box, text) for box, text in self.cells
            if text and (box[1] + box[3]) / 2 < self.start and not _CAPTION.search(text)
            and not self._counts_columns(box)
        ]  # fmt: skip

    def row(self, box: Box) -> list[tuple[Box, str]]:
        """The cells that reach over the middle of a cell, from left to right."""
        middle = (box[1] + box[3]) / 2
        return sorted(cell for cell in self.cells if cell[0][1] < middle < cell[0][3])

    def _counts_columns(self, box: Box) -> bool:
        """Whether the row of a cell numbers the columns: 栏次 1 2 3."""
        texts = [text for _, text in self.row(box) if text]
        digits = [int(text) for text in texts if _DIGITS.fullmatch(text)]
        named = bool(texts) and texts[0] in ("栏次", "行次", "栏目")
        return named or (len(digits) > 2 and digits == list(range(1, len(texts) + 1)))

    def above(self, box: Box) -> tuple[str, ...]:
        """The headings over the middle of a column, those of the page before if there are none."""
        middle = (box[0] + box[2]) / 2
        found = [
            text
            for (left, top, right, _), text in sorted(self.heads, key=lambda cell: cell[0][1])
            if left < middle < right and top < box[1]
        ]
        if found or self.before is None:
            return tuple(dict.fromkeys(found))
        return self.before.above((box[0], _BELOW, box[2], _BELOW))

    def is_amount(self, box: Box, text: str) -> bool:
        if not _NUMBER.fullmatch(text) or self._counts_columns(box):
            return False
        heading = next(reversed(self.above(box)), "")
        short = len(heading) == 1 and heading in _NO_AMOUNTS
        return not (short or heading.endswith(tuple(w for w in _NO_AMOUNTS if len(w) > 1)))


def amount_cells(path: Path) -> Iterator[AmountCell]:
    """The amounts in the budget tables of a PDF, page by page."""
    before: _Table | None = None
    unit: int | None = None
    with pdfplumber.open(path) as document:
        for number, page in enumerate(document.pages, start=1):
            seen = page.filter(is_visible)
            lines = [(line["top"], plain(line["text"])) for line in seen.extract_text_lines()]
            top = 0.0
            for found in sorted(seen.find_tables(), key=lambda table: table.bbox[1]):
                table = _Table(_cells(found), found.bbox)
                texts = [text for _, text in table.cells]
                if any(word in text for word in _TARGETS for text in texts):
                    continue
                near = [text for at, text in lines if top <= at < found.bbox[1]]
                near += [text for _, text in table.cells if "单位" in text]
                stated = next((u for text in reversed(near) if (u := _unit(text))), None)
                titled = any(text.endswith("表") for text in near)
                table.before = None if titled else before
                unit = stated or unit
                yield from _amounts(table, number, unit)
                before, top = table, found.bbox[3]


def _cells(found: Any) -> list[tuple[Box, str]]:
    boxes = [box for row in found.rows for box in row.cells if box]
    texts = [text for row in found.extract() for text in row if text is not None]
    return [(box, plain(text)) for box, text in zip(boxes, texts, strict=True)]


def _amounts(table: _Table, page: int, unit: int | None) -> Iterator[AmountCell]:
    for box, text in table.cells:
        if box[1] >= table.start - 1 and table.is_amount(box, text):
            names, codes = _left(table, box)
            headings = table.above(box)
            own = next((u for part in reversed(headings) if (u := _unit(part))), None)
            yield AmountCell(page, box, text, names, codes, headings, own or unit)


def _left(table: _Table, box: Box) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names and codes left of an amount in its row, back to the amounts of another side."""
    names: list[str] = []
    codes: list[str] = []
    for other, text in reversed([cell for cell in table.row(box) if cell[0][0] < box[0]]):
        if not text:
            continue
        if table.is_amount(other, text):
            if names or codes:
                break
        elif _DIGITS.fullmatch(text):
            codes.append(text)
        else:
            names.append(text)
    return tuple(reversed(names)), tuple(reversed(codes))


def _unit(text: str) -> int | None:
    match = _UNIT.search(text)
    return _UNITS[match[1] or match[2]] if match else None


def _inside(box: Box, point: tuple[float, float]) -> bool:
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def at(cells: Sequence[AmountCell], page: int, box: Box) -> AmountCell | None:
    """The amount whose cell covers the middle of a box."""
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    return next((c for c in cells if c.page == page and _inside(c.box, middle)), None)
