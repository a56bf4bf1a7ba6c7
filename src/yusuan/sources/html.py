"""Web pages: the saved page of a content management system, or its printed form.

A position is the line of the file. Tables that only lay out the page are dissolved into
what they hold.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from yusuan.model.document import Block, Note, Position, Run
from yusuan.model.errors import YusuanError
from yusuan.sources import limits
from yusuan.sources.blocks import check_area, table_blocks, text_paragraphs
from yusuan.sources.encoding import decode
from yusuan.sources.html_styles import PLAIN, Looks, looks_of
from yusuan.sources.html_tables import hidden_parts, is_layout, table_rows
from yusuan.sources.html_text import element_runs, field_text, in_lines, is_block, is_unseen
from yusuan.sources.reading import Reading

__all__ = ["read_html"]

_FIELDS = frozenset(("input", "select", "textarea"))
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)


def read_html(content: bytes, file: str, sheets: Sequence[str] = ()) -> Reading:
    """Read the visible text and tables of a page; ``sheets`` are style sheets kept beside it.

    Raises YusuanError when the bytes are no text, or the page is empty or nested absurdly.
    """
    text, encoding = _text(content, file)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    # Blank lines mean nothing in HTML; without them longer files stay within the limit.
    numbers = [number for number, line in enumerate(lines, start=1) if line.strip()]
    if len(numbers) > limits.PAGE_LINES:
        raise YusuanError(f"{file}: more than {limits.PAGE_LINES:,} lines; save the page in parts")
    for mark, most, what in (
        ("<", limits.PAGE_TAGS, "tags"), ("=", limits.PAGE_ATTRIBUTES, "attributes"),
    ):  # fmt: skip
        if (count := text.count(mark)) > most:
            raise YusuanError(
                f"{file}: about {count:,} {what}; pages with at most {most:,} are read. Save the part "
                "that matters in a page of its own"
            )
    source = "\n".join(lines[number - 1] for number in numbers).replace("\0", " ")
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise YusuanError(f"{file}: the page is empty or no HTML") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise YusuanError(f"{file}: tags nested too deep to read; is the page damaged?")
    ids = Counter(element.get("id", "") for element in root.iter(etree.Element))
    page = _Page(file, numbers, ids, looks_of(root, file, sheets))
    title = " ".join((root.findtext(".//title") or "").split())[: limits.TITLE] or None
    blocks = tuple(page.blocks(root))
    return Reading(blocks, len(lines), None, encoding, tuple(page.notes), title)


def _text(content: bytes, file: str) -> tuple[str, str]:
    """The text and its encoding. What is valid UTF-8 is UTF-8 whatever the page declares:
    browsers save pages in UTF-8 and leave the old declaration standing."""
    declared = _DECLARED.search(content[:4096])
    name = declared[1].decode().lower() if declared else ""
    if content[:2] not in (b"\xff\xfe", b"\xfe\xff") and name in ("big5", "big5-hkscs"):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            try:
                return content.decode(name), name
            except UnicodeDecodeError:
                pass
    return decode(content, file)  # GB2312, GBK and GB18030 are read as GB18030, which holds them


class _Page:
    """Walks the page in reading order, without recursion: real pages nest very deep."""

    def __init__(self, file: str, numbers: list[int], ids: Counter[str], looks: Looks) -> None:
        self.file = file
        self.numbers = numbers
        self.ids = ids
        self.looks = looks
        self.pieces: list[Run] = []
        self.notes: list[Note] = []
        self.line = 1
        self.level = 0

    def blocks(self, root: etree._Element) -> Iterator[Block]:
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        tables = 0
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if is_block(tag):
                    yield from self._flush()
                    self.level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else self.level
                if is_unseen(element, self.looks):
                    if self.pieces and self.looks.is_absent(element) and not is_block(tag):
                        self._add("".join(element.itertext()), element, element)
                    walk.skip_subtree()
                elif tag in _FIELDS:
                    self._add(field_text(element) if tag != "select" else None, element, element)
                    walk.skip_subtree()
                elif tag == "table" and not is_layout(element, self.looks):
                    yield from self._table(element)
                    walk.skip_subtree()
                else:
                    tables += tag == "table"
                    self._deep(tables)
                    self._add(element.text, element, element)
                continue
            if tag == "table" and event == "end":
                tables = max(0, tables - 1)
            if is_block(tag):
                yield from self._flush()
                self.level = 0 if re.fullmatch(r"h[1-6]", tag) else self.level
            if element is not root:
                self._add(element.tail, element, element.getparent())
        yield from self._flush()

    def _deep(self, tables: int) -> None:
        if tables > limits.NESTED_TABLES:
            raise YusuanError(
                f"{self.file}: tables within tables, more than {limits.NESTED_TABLES} deep"
            )

    def _add(
        self, text: str | None, element: etree._Element, within: etree._Element | None
    ) -> None:
        """Add text that begins at or behind an element and looks as what it stands within."""
        if not text:
            return
        if not self.pieces and text.strip():
            blank = text[: len(text) - len(text.lstrip())]
            self.line = (element.sourceline or 1) + blank.count("\n")
        if self.pieces or text.strip():
            look = self.looks.of(within) if within is not None else PLAIN
            self.pieces.append(look.run(text))

    def _flush(self) -> Iterator[Block]:
        text, aside = in_lines(self.pieces)
        self.pieces.clear()
        yield from text_paragraphs(text, self._position(self.line), self.level, aside)

    def _position(self, line: int) -> Position:
        """The line of the file; the parser saw it without the blank lines."""
        return Position(self.numbers[min(line, len(self.numbers)) - 1])

    def _table(self, table: etree._Element) -> Iterator[Block]:
        captions = [child for child in table if child.tag == "caption"]
        for caption in captions:
            if not is_unseen(caption, self.looks):
                text, aside = element_runs(caption, self.looks)
                yield from text_paragraphs(
                    " ".join(text.split()), self._position(caption.sourceline or 1), aside=aside
                )
        rows = table_rows(table, self.file, self._position, self.ids, self.looks)
        check_area(rows, self.file)
        self.notes += hidden_parts(table, self._position, self.looks)
        yield from table_blocks(rows, blank_rows_end=False)
