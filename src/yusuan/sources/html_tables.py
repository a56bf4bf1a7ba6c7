"""Tables of web pages: data or mere layout, and the rows of data with their merged cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from yusuan.model.document import Note, Position, UnreadScope
from yusuan.sources import limits
from yusuan.sources.blocks import check_width
from yusuan.sources.html_styles import Looks
from yusuan.sources.html_text import element_runs, element_text, is_unseen
from yusuan.sources.source_rows import Box, SourceRow

__all__ = ["hidden_parts", "is_layout", "table_rows"]

_PROSE = 300
_FEW_CELLS = 4
_DATA_CELLS = 6


def is_layout(table: etree._Element, looks: Looks) -> bool:
    """Whether a table only arranges the page: it holds one text, long prose, or tables.

    A table that holds small tables in a few of its many cells is data all the same.
    """
    if table.get("role") in ("presentation", "none"):
        return True
    cells = [cell for row in _rows(table, looks) for cell in _cells(row, looks)]
    nesting = [cell for cell in cells if cell.find(".//table") is not None]
    texts = [text for cell in cells if (text := element_text(cell, looks)) or cell in nesting]
    if nesting:
        plain = len(texts) - len(nesting)
        return plain < _DATA_CELLS or plain < 3 * len(nesting)
    return len(texts) <= 1 or (
        len(texts) <= _FEW_CELLS and max(len(text) for text in texts) > _PROSE
    )


def table_rows(
    table: etree._Element,
    file: str,
    position: Callable[[int], Position],
    ids: Mapping[str, int],
    looks: Looks,
) -> list[SourceRow]:
    """The rows of a data table, every cell in its true column.

    ``position`` gives the place of a parser line, ``ids`` how often each element id of the
    page is used. Raises YusuanError for a row too wide.
    """
    found = list(_rows(table, looks))
    rows: list[SourceRow] = []
    taken: dict[int, int] = {}
    """By column, the first row that no cell from above reaches into."""
    for index, element in enumerate(found):
        here = position(element.sourceline or 1)
        boxes: dict[int, Box] = {}
        column = 0
        for cell in _cells(element, looks):
            while taken.get(column, 0) > index:
                column += 1
            check_width(column, file, f"line {here.line:,}")
            down = _span(cell, "rowspan") or len(found)
            across = min(_span(cell, "colspan") or 1, limits.COLUMNS)
            rowspan = min(down, len(found) - index)
            text, aside = element_runs(cell, looks)
            boxes[column] = Box(
                text, rowspan, across, position(cell.sourceline or here.line),
                _fragment(cell, table, ids), aside,
            )  # fmt: skip
            for covered in range(column, column + across):
                taken[covered] = index + rowspan
            column += across
        rows.append(SourceRow(here, boxes))
    return rows


_ADVICE = (
    "请确认原文是否应公布这些数；不应公布的请从文件中删去",
    "decide whether these numbers should be published; if not, delete them from the file",
)
_NAMED = 120
"""Characters by which a hidden row or column is named."""


def hidden_parts(
    table: etree._Element, position: Callable[[int], Position], looks: Looks
) -> Iterator[Note]:
    """What is told of a data table: rows and cells with digits that take no place on the page.

    Hidden cells at one place of several rows are a column.
    """
    columns: dict[int, list[tuple[Position, str]]] = {}
    for row in table.iter("tr"):
        if next(row.iterancestors("table"), None) is not table:
            continue
        here = position(row.sourceline or 1)
        cells = [
            cell for cell in row.iter("td", "th") if next(cell.iterancestors("tr"), None) is row
        ]
        texts = [" ".join("".join(cell.itertext()).split()) for cell in cells]
        if looks.is_absent(row):
            text = " | ".join(filter(None, texts))
            if _holds_digit(text):
                yield _hidden("row", text, "隐藏的行", "a hidden row", here)
            continue
        for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            if looks.is_absent(cell) and _holds_digit(text):
                columns.setdefault(index, []).append((here, text))
    for found in columns.values():
        several, (here, _) = len(found) > 1, found[0]
        zh, en = ("隐藏的列", "a hidden column") if several else ("隐藏的单元格", "a hidden cell")
        text = "、".join(text for _, text in found)
        yield _hidden("column" if several else "cell", text, zh, en, here)


def _hidden(scope: UnreadScope, text: str, zh: str, en: str, place: Position) -> Note:
    printed = text if len(text) <= _NAMED else f"{text[:_NAMED]}…"
    reason = f"{zh}，没有读取", f"{en}, which is not read"
    return Note(scope, printed, reason, _ADVICE, place.page, place.line)


def _holds_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _fragment(cell: etree._Element, table: etree._Element, ids: Mapping[str, int]) -> str | None:
    """The id of the cell, of its row, or of the table: the nearest that names one element."""
    for element in (cell, *cell.iterancestors()):
        name = element.get("id")
        if name and ids.get(name) == 1 and not any(map(str.isspace, name)):
            return name
        if element is table:
            break
    return None


def _span(cell: etree._Element, name: str) -> int:
    """A span as browsers read it: 1 where it is no number; a rowspan of 0 goes to the end."""
    text = cell.get(name, "1").strip()
    return int(text) if text.isdecimal() and len(text) < 6 else 1


def _rows(table: etree._Element, looks: Looks) -> Iterator[etree._Element]:
    """The rows of a table itself, not those of tables inside it."""
    return (
        row for row in table.iter("tr")
        if not is_unseen(row, looks) and next(row.iterancestors("table"), None) is table
    )  # fmt: skip


def _cells(row: etree._Element, looks: Looks) -> Iterator[etree._Element]:
    return (
        cell for cell in row.iter("td", "th")
        if not is_unseen(cell, looks) and next(cell.iterancestors("tr"), None) is row
    )  # fmt: skip
