"""A document as lines of cells, each cell parted into a code and a text.

Tables and running text become the same: a line of text is a row of one cell. What a reader
gave as several pieces of one printed line is one row again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yusuan.codebooks.records import PrintedPlace
from yusuan.codebooks.words import code_lengths, list_of_code
from yusuan.model.document import Block, Document, Grid, Paragraph
from yusuan.model.text import clean, normal

__all__ = ["Part", "PrintedLine", "Section", "part_of", "sections"]

_CODE = re.compile(r"\d{1,12}(?:[ .·-]\d{1,2}){0,3}(?:\.0)?|\d{3} (?:\d\d){2,3}")
_CODED = re.compile(
    r"(\d{3} (?:\d\d){2,3}(?!\d)|\d{2,12}(?:[ .·-]\d{1,2}(?!\d)){0,3})(?:[\s、.:：·-]+|(?![A-Za-z]))(?=[^\d\s,.%])(?!月|万|亿|元|个(?!人|体)|项(?!目))(.+)"
)
_YEAR = re.compile(r"\d{4}\s*[年-]")
_BRACKETED = re.compile(r"[\[(【]\s*(\d{3,12})\s*[\])】]\s*(.*)")
_PAGE_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?(?:[\s,，/]*共\s*\d{1,4}\s*页)?[-—–·•\s]*"
)
_RUNNING_NUMBER = re.compile(r"\d{1,4}\s+(?=\d{3})")
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Part:
    """A cell: the code it begins with and the text after it, each "" where there is none."""

    code: str
    text: str
    printed: str
    place: PrintedPlace
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed row, its cells by column.

    ``pieces`` are the parts of a line of text that gaps keep apart, where the format tells.
    """

    parts: dict[int, Part]
    place: PrintedPlace
    pieces: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What is printed, from the left."""
        return [part.printed for part in self.parts.values() if part.printed]


@dataclass(slots=True)
class Section:
    """Rows that share their columns: a table, or lines of text one below another."""

    table: bool
    width: int = 1
    lines: list[PrintedLine] = field(default_factory=list)


def sections(document: Document) -> list[Section]:
    """The document's tables and runs of text, without page numbers."""
    found: list[Section] = []
    for block in _joined(document.blocks):
        if isinstance(block, Grid):
            lines = list(_rows(block))
            if lines:
                found.append(Section(True, block.width, lines))
            continue
        place, pieces = block
        text = normal("".join(pieces))
        if not text or (_PAGE_NUMBER.fullmatch(text) and not _is_class(text)):
            continue
        if not found or found[-1].table:
            found.append(Section(False))
        found[-1].lines.append(_text_line(place, pieces))
    return found


def part_of(printed: str, place: PrintedPlace, across: int = 1, down: int = 1) -> Part:
    """Part a cell into code and text.

    >>> part_of("２０１ 一般公共服务支出", Place(1)).code, part_of("201.01", Place(1)).code
    ('201', '20101')
    """
    text = clean(printed)
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept[2] or kept[3]
    folded = "".join(
        unicodedata.normalize("NFKC", char) if char in _FOLDED else char for char in text
    )
    if _CODE.fullmatch(folded):
        return Part(_digits(folded), "", text, place, across, down)
    if _YEAR.match(folded):
        return Part("", text, text, place, across, down)
    if found := (_BRACKETED.fullmatch(folded) or _CODED.fullmatch(folded)):
        return Part(_digits(found[1]), clean(found[2]), text, place, across, down)
    return Part("", text, text, place, across, down)


_KEPT_AS_TEXT = re.compile(r"""=?(["'])(\d[\d .·-]*)\1|['`’‘](\d[\d .·-]*)""")
"""A code that a spreadsheet was made to keep as text: '201, ="201"."""
_FOLDED = frozenset("０１２３４５６７８９．－　")


def _digits(printed: str) -> str:
    """The digits of a code; parts that lost their zero (201.1.1) get it back."""
    text = re.sub(r"(?<=\d)\.0$", "", printed) if printed.count(".") == 1 else printed
    parts = re.split(r"[ .·-]", text)
    if len(parts) > 2 and all(len(part) == 1 for part in parts):
        return "".join(parts)  # letter-spaced
    code = parts[0] + "".join(part.zfill(2) for part in parts[1:])
    while len(code) > 3 and len(code) % 2 and code.endswith("00"):
        code = code[:-2]  # 2010000 is 201 filled up
    return code


def _is_class(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9]\d\d", text))


def _rows(grid: Grid) -> Iterator[PrintedLine]:
    for row in grid.rows:
        printed = [cell for cell in row if cell.text.strip()]
        if not printed:
            continue
        parts = {
            cell.column: part_of(
                cell.text, PrintedPlace(cell.position.line, cell.position.page, cell.address),
                cell.colspan, cell.rowspan,
            )
            for cell in printed
        }  # fmt: skip
        first = printed[0].position
        if len(parts) == 1 and (part := next(iter(parts.values()))) and (
            not part.code and _PAGE_NUMBER.fullmatch(normal(part.printed))
        ):  # fmt: skip
            continue
        yield PrintedLine(parts, PrintedPlace(first.line, first.page))


def _joined(blocks: Iterable[Block]) -> Iterator[Grid | tuple[PrintedPlace, tuple[str, ...]]]:
    """The grids, and the lines of text with their pieces."""
    place: PrintedPlace | None = None
    pieces: tuple[str, ...] = ()
    for block in blocks:
        at = PrintedPlace(block.position.line, block.position.page)
        if isinstance(block, Paragraph) and at == place and at.page is not None:
            pieces = (*pieces, block.text)
            continue
        if place:
            yield place, pieces
        place, pieces = None, ()
        if isinstance(block, Grid):
            yield block
        else:
            place, pieces = at, (block.text,)
    if place:
        yield place, pieces


def _text_line(place: PrintedPlace, pieces: tuple[str, ...]) -> PrintedLine:
    """A line of text as a row of one cell, without the running number before its code."""
    text = " ".join(pieces)
    if numbered := _RUNNING_NUMBER.match(text):
        part = part_of(text[numbered.end() :], place)
        if len(part.code) > _SHORT and list_of_code(part.code) and len(part.code) in code_lengths():
            return PrintedLine({0: part}, place, pieces)
    return PrintedLine({0: part_of(text, place)}, place, pieces)
