"""The table a cell stands in, as it was read, as one web page that needs nothing else.

A worker reads the document again: parsers meet files of strangers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from yusuan.lexicon.units import unit_name
from yusuan.model.document import Cell, Document
from yusuan.model.errors import YusuanError
from yusuan.presentation import tokens_css
from yusuan.schema import data_path
from yusuan.show.excerpt import excerpt
from yusuan.sources import read_document
from yusuan.sources.fragments import ARCHIVE_TYPES
from yusuan.tables.captions import PrintedTable, printed_tables
from yusuan.workers.messages import Message

__all__ = ["FACT_KEYS", "start", "table_page"]

FACT_KEYS = ("amount", "printed", "unit", "page", "line", "cell", "fragment")
"""What of a fact is needed to find and describe its cell."""

_AROUND = 100
"""Rows above and below the cell; longer tables are cut there."""
_LINES = 3
"""Lines of a text above and below that of the cell."""
_LONGEST = 400
_LINE_END = re.compile(r"\r\n|\r|\n")


def start() -> Callable[[Mapping[str, Any], bytes], Message]:
    """In a worker: what answers with the HTML around the cell of a ``fact`` in the document at a
    ``path``, which is called ``file``."""

    def answer(task: Mapping[str, Any], _: bytes) -> Message:
        page = table_page(read_document(Path(task["path"])), task["fact"], task["file"])
        return {}, page.encode()

    return answer


def table_page(document: Document, fact: Mapping[str, str], file: str) -> str:
    """The HTML of the table that holds a fact's cell: caption, headings, rows, cell outlined.

    Raises YusuanError when the cell is not found, as after an update of yusuan.
    """
    found = [
        (fact["printed"] not in cell.text, printed, index, cell)
        for printed in printed_tables(document)
        for index, row in enumerate(printed.grid.rows)
        for cell in row
        if _is_of(cell, fact)
    ]
    # tables of a web page may all stand on one line: then the number tells them apart
    for _, printed, index, cell in sorted(found, key=lambda place: place[0]):
        return _page(document, printed, index, cell, fact, file)
    raise YusuanError(
        f"{file}, line {fact['line']}, cell {fact['cell']}: no such cell in the document as it is "
        "read now; build the package anew"
    )


def _is_of(cell: Cell, fact: Mapping[str, str]) -> bool:
    return (
        cell.address == fact["cell"]
        and str(cell.position.line) == fact["line"]
        and str(cell.position.page or "") == fact["page"]
        and (cell.fragment or "") == fact["fragment"]
    )


def _page(
    document: Document, printed: PrintedTable, row: int, cell: Cell, fact: Mapping[str, str],
    file: str,
) -> str:  # fmt: skip
    from jinja2 import Environment  # slow to load

    template = Environment(autoescape=True).from_string(
        data_path("publish", "show", "cell.html").read_text("utf-8")
    )
    marks = {(row, printed.grid.rows[row].index(cell)): "here"}
    rows = list(excerpt(printed, range(row - _AROUND, row + _AROUND + 1), marks))
    return template.render(
        tokens=tokens_css(),
        fact=fact,
        file=file,
        unit=unit_name(int(fact["unit"])),
        sheets="spreadsheet" in document.media_type or "excel" in document.media_type,
        caption=[paragraph.text for paragraph in printed.caption],
        rows=rows,
        width=printed.grid.width,
        below=len(printed.grid.rows) - row - _AROUND - 1,
        lines=list(_lines(document, int(fact["line"]))),
    )


def _lines(document: Document, line: int) -> Iterator[tuple[int, str, bool]]:
    """The lines of a plain text around a line: number, text, whether it is the one."""
    if not document.encoding or document.media_type in (ARCHIVE_TYPES | {"text/html"}):
        return
    text = _LINE_END.split(document.content.decode(document.encoding, "replace"))
    for number in range(max(1, line - _LINES), min(len(text), line + _LINES) + 1):
        yield number, text[number - 1][:_LONGEST], number == line
