"""A document as lines of cells, each cell parted into a code and a text.

Tables and running text become the same: a line of text is a row of one cell. What a reader
gave as several pieces of one printed line is one row again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from yusuan.codebooks.records import Place
from yusuan.model.document import Document, Grid, Paragraph
from yusuan.model.text import clean, normal

__all__ = ["Line", "Part", "Section", "part_of", "sections"]

_CODE = re.compile(r"\d{1,12}(?:[ .·-]\d{1,2}){0,3}(?:\.0)?")
_CODED = re.compile(
    r"(\d{2,12}(?:[ .·-]\d{1,2}(?!\d)){0,3})[\s、.:：·-]*(?=[^\d\s,.%])(?!年|月|万|亿|元|个(?!人|体)|项(?!目))(.+)"
)
_BRACKETED = re.compile(r"[\[(【]\s*(\d{3,12})\s*[\])】]\s*(.*)")
_PAGE_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?(?:[\s,，/]*共\s*\d{1,4}\s*页)?[-—–·•\s]*"
)
_RUNNING = 3
"""A line of text that stands so often in a file runs at the head or foot of its pages."""


@dataclass(frozen=True, slots=True)
class Part:
    """A cell: the code it begins with and the text after it, each "" where there is none."""

    code: str
    text: str
    printed: str
    place: Place
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One printed row, its cells by column."""

    parts: dict[int, Part]
    place: Place

    @property
    def texts(self) -> list[str]:
        """What is printed, from the left."""
        return [part.printed for part in self.parts.values() if part.printed]


@dataclass(slots=True)
class Section:
    """Rows that share their columns: a table, or lines of text one below another."""

    table: bool
    width: int = 1
    lines: list[Line] = field(default_factory=list)


def sections(document: Document) -> list[Section]:
    """The document's tables and runs of text, without page numbers and running heads."""
    running = Counter(normal(p.text) for p in document.paragraphs)
    found: list[Section] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            lines = list(_rows(block))
            if lines:
                found.append(Section(True, block.width, lines))
            continue
        text = normal(block.text)
        if not text or (_PAGE_NUMBER.fullmatch(text) and not _is_class(text)):
            continue
        if running[text] >= _RUNNING and not part_of(block.text, Place(1)).code:
            continue
        if not found or found[-1].table:
            found.append(Section(False))
        _add_text(found[-1], block)
    return found


def part_of(printed: str, place: Place, across: int = 1, down: int = 1) -> Part:
    """Part a cell into code and text.

    >>> part_of("２０１ 一般公共服务支出", Place(1)).code, part_of("201.01", Place(1)).code
    ('201', '20101')
    """
    text = clean(printed)
    folded = "".join(
        unicodedata.normalize("NFKC", char) if char in _FOLDED else char for char in text
    )
    if _CODE.fullmatch(folded):
        return Part(_digits(folded), "", text, place, across, down)
    if found := (_BRACKETED.fullmatch(folded) or _CODED.fullmatch(folded)):
        return Part(_digits(found[1]), clean(found[2]), text, place, across, down)
    return Part("", text, text, place, across, down)


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


def _rows(grid: Grid) -> Iterator[Line]:
    for row in grid.rows:
        printed = [cell for cell in row if cell.text.strip()]
        if not printed:
            continue
        parts = {
            cell.column: part_of(
                cell.text, Place(cell.position.line, cell.position.page, cell.address),
                cell.colspan, cell.rowspan,
            )
            for cell in printed
        }  # fmt: skip
        first = printed[0].position
        if len(parts) == 1 and (part := next(iter(parts.values()))) and (
            not part.code and _PAGE_NUMBER.fullmatch(normal(part.printed))
        ):  # fmt: skip
            continue
        yield Line(parts, Place(first.line, first.page))


def _add_text(section: Section, paragraph: Paragraph) -> None:
    """Add a line of text; a further piece of the line before goes to its end."""
    place = Place(paragraph.position.line, paragraph.position.page)
    text = paragraph.text
    if section.lines and section.lines[-1].place == place and place.page is not None:
        text = f"{section.lines.pop().parts[0].printed} {text}"
    section.lines.append(Line({0: part_of(text, place)}, place))
