"""Word documents (DOCX): paragraphs and tables of the body in order.

A position is the running number of the paragraph or table row, from 1, blank paragraphs
included, tables inside cells not; Word lays out pages only when it prints, so there are none.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from docx import Document
from lxml import etree

from yusuan.model.document import Block, Note, Position, Run, displayed, merged
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import check_area, check_width, table_blocks, text_paragraphs
from yusuan.sources.docx_styles import Styles
from yusuan.sources.docx_text import (
    children,
    fill_of,
    flat_runs,
    flat_text,
    ground_of,
    tag,
    text_boxes,
    w,
)
from yusuan.sources.reading import Reading
from yusuan.sources.source_rows import Box, SourceRow
from yusuan.sources.zipped import chunks, open_zip, transitional

__all__ = ["read_docx"]


def read_docx(content: bytes, file: str) -> Reading:
    """Read the body; headers, footers, footnotes and deleted text are left out.

    A Strict document (ISO/IEC 29500-1) is read like the usual, Transitional one (29500-4).

    Raises YusuanError when the file is damaged or no Word document.
    """
    with open_zip(content, file) as container:
        _refuse_endless(container, file)
    try:
        document = Document(io.BytesIO(transitional(content, file)))
        reader = _Body(file, Styles(document.styles.element))
        blocks = list(reader.blocks(document.element.body))
    except (YusuanError, MemoryError):
        raise
    # python-docx meets broken packages with whatever its parts raise.
    except Exception as error:
        raise YusuanError(
            f"{file}: damaged, or no Word document; open it in Word, save it as DOCX and try again"
        ) from error
    return Reading(tuple(blocks), reader.line, notes=tuple(reader.notes))


_PARAGRAPH = re.compile(rb"<(?:\w+:)?p[ />]")


def _refuse_endless(container: zipfile.ZipFile, file: str) -> None:
    """Raise YusuanError for more paragraphs than are read, before they are taken apart."""
    count = sum(
        len(_PARAGRAPH.findall(piece))
        for name in container.namelist() if name.startswith("word/") and name.endswith(".xml")
        for piece in chunks(container, name, file)
    )  # fmt: skip
    if count > limits.WORD_PARAGRAPHS:
        raise YusuanError(
            f"{file}: {count:,} paragraphs, those of cells and blank ones included; at most "
            f"{limits.WORD_PARAGRAPHS:,} are read. Save the pages that matter in a new file"
        )


class _Body:
    """Walks the body and counts its paragraphs and rows."""

    def __init__(self, file: str, styles: Styles) -> None:
        self.file = file
        self.styles = styles
        self.line = 0
        self.notes: list[Note] = []

    def blocks(self, parent: etree._Element) -> Iterator[Block]:
        for element in children(parent):
            if tag(element) == "p":
                yield from self._paragraph(element)
            elif tag(element) == "tbl":
                yield from self._table(element)
            elif tag(element) == "altChunk":
                self.notes.append(_embedded(self.line))

    def _paragraph(self, element: etree._Element) -> Iterator[Block]:
        self.line += 1
        text, aside = displayed(merged(flat_runs(element, self.styles.face, ground_of(element))))
        yield from text_paragraphs(
            text, Position(self.line), self.styles.level(element), _words(aside)
        )
        for box in text_boxes(element):
            yield from self.blocks(box)

    def _box(self, cell: etree._Element, ground: str | None, span: int, deleted: bool) -> Box:
        own = ground_of(cell) or ground
        text, aside = displayed(merged(flat_runs(cell, self.styles.face, own)))
        deleted = deleted or cell.find(f"{w('tcPr')}/{w('cellDel')}") is not None
        if deleted and text.strip():
            return Box("", 1, span, aside=_words((Run(text, struck=True), *aside)))
        return Box(text.strip("\n"), 1, span, aside=_words(aside))

    def _table(self, table: etree._Element) -> Iterator[Block]:
        cells = [cell for row in children(table) if tag(row) == "tr" for cell in _cells(row)]
        printed = [cell for cell in cells if flat_text(cell).strip()]
        if len(printed) == 1 and printed[0].find(f".//{w('tbl')}") is not None:
            yield from self.blocks(printed[0])  # a frame around a table is no table
            return
        rows = self._rows(table)
        check_area(rows, self.file)
        yield from table_blocks(rows, blank_rows_end=False)

    def _rows(self, table: etree._Element) -> list[SourceRow]:
        rows: list[SourceRow] = []
        above: dict[int, tuple[int, int]] = {}
        """By column, where the merged cell began that a cell below may continue."""
        style = table.find(f"{w('tblPr')}/{w('tblStyle')}")
        shaded = style is not None and self.styles.is_shaded(style.get(w("val"), ""))
        ground = "?" if shaded else fill_of(table.find(f"{w('tblPr')}/{w('shd')}"))
        for row in (element for element in children(table) if tag(element) == "tr"):
            self.line += 1
            # deleted, and so marked until somebody accepts it
            deleted = row.find(f"{w('trPr')}/{w('del')}") is not None
            boxes: dict[int, Box] = {}
            column = _number(row, "trPr/gridBefore", 0)
            begun: dict[int, tuple[int, int]] = {}
            for cell in _cells(row):
                check_width(column, self.file, f"row {self.line}")
                span = max(1, _number(cell, "tcPr/gridSpan", 1))
                merge = cell.find("/".join(map(w, ("tcPr", "vMerge"))))
                continues = merge is not None and merge.get(w("val"), "continue") == "continue"
                if continues and column in above:
                    begun[column] = above[column]
                else:
                    if merge is not None:
                        begun[column] = (len(rows), column)
                    boxes[column] = self._box(cell, ground, span, deleted)
                column += span
            for place in begun.values():
                if place[0] < len(rows):
                    _extend(rows, place, len(rows) + 1 - place[0])
            above = begun
            rows.append(SourceRow(Position(self.line), boxes))
        return rows


def _embedded(line: int) -> Note:
    """A file of another format within the document (altChunk, ECMA-376 Part 1, 17.17.2.1)."""
    return Note(
        scope="member", printed=f"段落 {line}",
        reason=("此段之后嵌有另一文件，没有读取", "another file is embedded behind it and was not read"),
        advice=(
            "请在 Word 中打开并另存为 DOCX，嵌入的内容即成为正文",
            "open the document in Word and save it as DOCX: what is embedded becomes text",
        ),
        line=line,
    )  # fmt: skip


def _extend(rows: list[SourceRow], place: tuple[int, int], rowspan: int) -> None:
    boxes = rows[place[0]].boxes
    boxes[place[1]] = replace(boxes[place[1]], rowspan=rowspan)


def _words(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(replace(run, text=" ".join(run.text.split())) for run in runs) if runs else ()


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    return (element for element in children(row) if tag(element) == "tc")


def _number(element: etree._Element, path: str, default: int) -> int:
    """The number a property states; properties of older files can hold anything."""
    found = element.find("/".join(map(w, path.split("/"))))
    text = found.get(w("val"), "") if found is not None else ""
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default
