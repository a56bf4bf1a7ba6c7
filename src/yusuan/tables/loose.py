"""Numbers in rows outside any grid: a table without ruled lines, which no reader made out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from yusuan.model.document import Block, Document, Paragraph
from yusuan.model.money import parse_number
from yusuan.model.text import normal
from yusuan.tables.advice import shortened
from yusuan.tables.records import Leftover

__all__ = ["loose_tables"]

_ROWS = 3
"""Fewer lines than this with a number apart from its words make no table."""
_NO_AMOUNT = re.compile(r"^\d{1,3}$|^20\d\d$")
"""Page numbers, list numbers and years."""


def loose_tables(document: Document) -> Iterator[Leftover]:
    """One entry for each page that prints rows of words and numbers outside its grids."""
    for _, blocks in groupby(document.blocks, key=lambda block: block.position.page):
        found = list(blocks)
        rows = [row for row in _rows(found) if any(_is_amount(piece) for piece in row)]
        if len(rows) < _ROWS:
            continue
        first = rows[0][0].position
        amounts = [piece for row in rows for piece in row if _is_amount(piece)]
        titles = [
            normal(block.text) for block in found
            if isinstance(block, Paragraph) and block.position < first and "表" in block.text
        ]  # fmt: skip
        yield Leftover(
            scope="table",
            position=first,
            cell=None,
            printed=shortened(titles[-1] if titles else " ".join(p.text for p in rows[0])),
            rows=len(rows),
            columns=max(sum(map(_is_amount, row)) for row in rows),
            numbers=len(amounts),
            nearest=None,
            reason=(
                f"本页有{len(rows)}行数字排列如表，但没有表格线，未读作表",
                f"{len(rows)} lines of this page are set like a table without ruled lines, "
                "and were not read as one",
            ),
            advice=(
                "请改用带表格线的文件，或该表的 Excel、Word 文件",
                "give a file with ruled lines, or the table as a sheet or a Word document",
            ),
        )


def _rows(blocks: list[Block]) -> Iterator[list[Paragraph]]:
    """The pieces of each line that is printed in several pieces."""
    texts = (block for block in blocks if isinstance(block, Paragraph))
    for _, pieces in groupby(texts, key=lambda piece: piece.position):
        row = list(pieces)
        if len(row) > 1:
            yield row


def _is_amount(piece: Paragraph) -> bool:
    return parse_number(piece.text) is not None and not _NO_AMOUNT.match(normal(piece.text))
