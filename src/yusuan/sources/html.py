"""Web pages: saved pages (HTML, MHT) of a content management system, or their printed form.

A position is the line of the file. Tables that only lay out the page are dissolved into
what they hold. An MHT file is a mail message (RFC 2557): the page is the part that the message
names as its start, else the first part in HTML; style sheets kept beside it are read with it.
"""

from __future__ import annotations

import email
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from email.message import Message
from itertools import islice

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from yusuan.model.document import Block, Note, Position, Run, UnreadScope, displayed, merged
from yusuan.model.errors import YusuanError
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.blocks import (
    Reading,
    SourceCell,
    SourceRow,
    check_area,
    check_width,
    moved,
    table_blocks,
    text_paragraphs,
    within_limits,
)
from yusuan.sources.files import decode
from yusuan.sources.html_styles import PLAIN, ComputedStyles, computed_styles

__all__ = ["read_html", "read_mht"]

_FIELDS = frozenset(("input", "select", "textarea"))
_DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)

_CELL = re.compile(r"<t[dh][\s>]", re.IGNORECASE)

_SCRIPT = re.compile(r"<script\b.*?</script", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"""<[a-z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
_BETWEEN = re.compile(r"""[\s"/]+""")
"""What parts two attributes, values taken out."""
_SHORT_TAG = 2 * limits.TAG_ATTRIBUTES
"""Characters that at least that many attributes take up."""

_PROSE = 300
_FEW_CELLS = 4
_DATA_CELLS = 6

_UNSEEN = frozenset((
    "head", "script", "style", "nav", "noscript", "template", "button", "rp", "object", "iframe", "audio", "video", "canvas", "datalist", "xml",
    "title", "desc", "defs", "symbol", "metadata", "meter", "progress", "annotation", "annotation-xml",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_EMBEDDED = frozenset(("svg", "iframe", "object", "embed"))
_PICTURES = ("img", "object", "embed", "iframe", "canvas")
_NO_FILE = re.compile("about:|javascript:", re.IGNORECASE)
_TINY = 3
"""Pixels that show no number."""
_TYPED = frozenset(("", "text", "number", "none", "tel", "email", "search", "url", "date",
                    "month", "week", "time", "datetime-local"))  # fmt: skip
"""Types of form fields that show their value as text."""
_LINE = "\x1e"
"""Ends a line while text is put together; blank for all that looks for blanks."""

_PAGES = ("text/html", "application/xhtml+xml")


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
    for count, most, what in (
        (text.count("<"), limits.PAGE_TAGS, "tags"),
        (text.count("="), limits.PAGE_ATTRIBUTES, "attributes"),
        (sum(1 for _ in _CELL.finditer(text)), limits.CELLS, "cells of tables"),
    ):
        if count > most:
            raise YusuanError(
                f"{file}: about {count:,} {what}; pages with at most {most:,} are read. Save the part "
                "that matters in a page of its own"
            )
    if (most := _most_attributes(text)) > limits.TAG_ATTRIBUTES:
        raise YusuanError(
            f"{file}: a tag with about {most:,} attributes; tags with at most "
            f"{limits.TAG_ATTRIBUTES:,} are read. Is this the right file?"
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
    page = _PageWalk(file, numbers, ids, computed_styles(root, file, sheets))
    title = " ".join((root.findtext(".//title") or "").split())[: limits.TITLE] or None
    blocks = tuple(within_limits(page.blocks(root), file))
    return Reading(blocks, len(lines), None, encoding, tuple(page.notes), title)


def _most_attributes(text: str) -> int:
    """About how many attributes the tag has that has most of them; what is short has few, and
    scripts have signs that look like tags."""
    end = text.lower().rfind("</script") + 1  # behind it nothing looks for the end of a script
    plain = _SCRIPT.sub("", text[: end + 7]) + text[end + 7 :] if end else text
    found = (tag[0] for tag in _TAG.finditer(plain) if tag.end() - tag.start() > _SHORT_TAG)
    return max((len(_BETWEEN.findall(_QUOTED.sub('""', tag))) for tag in found), default=0)


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


class _PageWalk:
    """Walks the page in reading order, without recursion: real pages nest very deep."""

    def __init__(
        self, file: str, numbers: list[int], ids: Counter[str], styles: ComputedStyles
    ) -> None:
        self.file = file
        self.numbers = numbers
        self.ids = ids
        self.styles = styles
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
                if _is_block(tag):
                    yield from self._flush()
                    self.level = int(tag[1]) if re.fullmatch(r"h[1-6]", tag) else self.level
                if tag in _EMBEDDED and not self.styles.is_absent(element):
                    self._embedded(element)
                if tag == "svg" or _is_unseen(element, self.styles):
                    if self.pieces and self.styles.is_absent(element) and not _is_block(tag):
                        self._add("".join(element.itertext()), element, element)
                    walk.skip_subtree()
                elif tag in _FIELDS:
                    self._add(_field_text(element) if tag != "select" else None, element, element)
                    walk.skip_subtree()
                elif tag == "table" and not _is_layout(element, self.styles):
                    yield from self._table(element)
                    walk.skip_subtree()
                elif text := _preformatted(element, self.styles):
                    yield from self._lines(text, element.sourceline or 1)
                    walk.skip_subtree()
                else:
                    tables += tag == "table"
                    self._deep(tables)
                    self._add(element.text, element, element)
                continue
            if tag == "table" and event == "end":
                tables = max(0, tables - 1)
            if _is_block(tag):
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
            style = self.styles.of(within) if within is not None else PLAIN
            self.pieces.append(style.run(text))

    def _flush(self) -> Iterator[Block]:
        text, undisplayed = _shown_text(self.pieces)
        self.pieces.clear()
        yield from text_paragraphs(text, self._position(self.line), self.level, undisplayed)

    def _lines(self, text: str, first: int) -> Iterator[Block]:
        """The blocks of a text that is shown with its lines and blanks, as browsers show a file
        of text; it begins on the line ``first``."""
        from yusuan.sources.text import read_text  # which reads the tables of pages by this module

        reading = read_text(text.encode("utf-8", "replace"), self.file)
        for note in reading.notes:
            line = self._position(first + (note.line or 1) - 1).line
            self.notes.append(replace(note, page=None, line=line))
        yield from (
            moved(block, lambda at: self._position(first + at.line - 1)) for block in reading.blocks
        )

    def _position(self, line: int) -> Position:
        """The line of the file; the parser saw it without the blank lines."""
        return Position(self.numbers[min(line, len(self.numbers)) - 1])

    def _embedded(self, element: etree._Element) -> None:
        """Tell of another file that is shown within the page, and of numbers in a drawing."""
        line = self._position(element.sourceline or 1).line
        if element.tag == "svg":
            text = " ".join(_element_text(element, self.styles).split())
            if _holds_digit(text):
                reason, advice = message("text-in-drawing"), message("type-out-drawing")
                self.notes.append(Note("row", _cut(text), reason, advice, line=line))
            return
        names = (element.get(name, "").strip() for name in ("src", "data", "srcdoc"))
        name = next((name for name in names if name and not _NO_FILE.match(name)), "")
        if name and not _is_tiny(element) and len(self.notes) < limits.MEMBERS:
            reason, advice = message("page-embedded"), message("save-embedded-itself")
            self.notes.append(Note("member", _cut(name), reason, advice, line=line))

    def _table(self, table: etree._Element) -> Iterator[Block]:
        for inner in table.iter("iframe", "object", "embed"):
            if not self.styles.is_absent(inner):
                self._embedded(inner)
        captions = [child for child in table if child.tag == "caption"]
        for caption in captions:
            if not _is_unseen(caption, self.styles):
                text, undisplayed = _element_runs(caption, self.styles)
                yield from text_paragraphs(
                    " ".join(text.split()),
                    self._position(caption.sourceline or 1),
                    undisplayed=undisplayed,
                )
        _collapse(table, self.styles)
        rows = _table_rows(table, self.file, self._position, self.ids, self.styles)
        check_area(rows, self.file)
        self.notes += _hidden_parts(table, self._position, self.styles)
        yield from table_blocks(rows, blank_rows_end=False)


def _is_layout(table: etree._Element, styles: ComputedStyles) -> bool:
    """Whether a table only arranges the page: it holds one text, long prose, or tables.

    A table that holds small tables in a few of its many cells is data all the same.
    """
    if table.get("role") in ("presentation", "none"):
        return True
    cells = [cell for row in _rows(table, styles) for cell in _cells(row, styles)]
    nesting = [cell for cell in cells if cell.find(".//table") is not None]
    texts = [text for cell in cells if (text := _element_text(cell, styles)) or cell in nesting]
    if nesting:
        plain = len(texts) - len(nesting)
        return plain < _DATA_CELLS or plain < 3 * len(nesting)
    return len(texts) <= 1 or (
        len(texts) <= _FEW_CELLS and max(len(text) for text in texts) > _PROSE
    )


def _table_rows(
    table: etree._Element,
    file: str,
    position: Callable[[int], Position],
    ids: Mapping[str, int],
    styles: ComputedStyles,
) -> list[SourceRow]:
    """The rows of a data table, every cell in its true column.

    ``position`` gives the place of a parser line, ``ids`` how often each element id of the
    page is used. Raises YusuanError for a row too wide.
    """
    found = list(_rows(table, styles))
    rows: list[SourceRow] = []
    taken: dict[int, int] = {}
    """By column, the first row that no cell from above reaches into."""
    for index, element in enumerate(found):
        here = position(element.sourceline or 1)
        boxes: dict[int, SourceCell] = {}
        column = 0
        for cell in _cells(element, styles):
            while taken.get(column, 0) > index:
                column += 1
            check_width(column, file, f"line {here.line:,}")
            down = _span(cell, "rowspan") or len(found)
            across = min(_span(cell, "colspan") or 1, limits.COLUMNS)
            rowspan = min(down, len(found) - index)
            text, undisplayed = _element_runs(cell, styles)
            pictured = not text and any(
                not (styles.is_absent(e) or _is_tiny(e)) for e in cell.iter(*_PICTURES)
            )
            boxes[column] = SourceCell(
                text, rowspan, across, position(cell.sourceline or here.line),
                _fragment(cell, table, ids), undisplayed,
                doubt=message("amount-is-picture") if pictured else None,
            )  # fmt: skip
            for covered in range(column, column + across):
                taken[covered] = index + rowspan
            column += across
        rows.append(SourceRow(here, boxes))
    return rows


_HIDDEN: dict[UnreadScope, str] = {
    "row": "hidden-row",
    "column": "hidden-column",
    "cell": "hidden-cell",
}
_NAMED = 120
"""Characters by which a hidden row or column is named."""


def _hidden_parts(
    table: etree._Element, position: Callable[[int], Position], styles: ComputedStyles
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
        if styles.is_absent(row):
            text = " | ".join(filter(None, texts))
            if _holds_digit(text):
                yield _hidden_note("row", text, here)
            continue
        for index, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            if styles.is_absent(cell) and _holds_digit(text):
                columns.setdefault(index, []).append((here, text))
    for found in columns.values():
        several, (here, _) = len(found) > 1, found[0]
        text = "、".join(text for _, text in found)
        yield _hidden_note("column" if several else "cell", text, here)


def _collapse(table: etree._Element, styles: ComputedStyles) -> None:
    """Let the cells of columns that a style collapses take no place, in a table without merged cells."""
    gone: set[int] = set()
    column = 0
    for element in table.iter("col", "colgroup"):
        if next(element.iterancestors("table"), None) is table and element.find("col") is None:
            span = _span(element, "span")
            gone |= set(range(column, column + span)) if styles.is_absent(element) else set()
            column += span
    rows = [list(_cells(row, styles)) for row in _rows(table, styles)] if gone else []
    if any(
        _span(cell, name) != 1 for row in rows for cell in row for name in ("rowspan", "colspan")
    ):
        return
    for cell in (cell for row in rows for index, cell in enumerate(row) if index in gone):
        styles.special[cell] = replace(styles.of(cell), absent=True)


def _hidden_note(scope: UnreadScope, text: str, place: Position) -> Note:
    reason, advice = message(_HIDDEN[scope]), message("decide-whether-these-published")
    return Note(scope, _cut(text), reason, advice, place.page, place.line)


def _cut(text: str) -> str:
    return text if len(text) <= _NAMED else f"{text[:_NAMED]}…"


def _is_tiny(element: etree._Element) -> bool:
    """Whether something is set too small to show anything, as what counts visitors is."""
    sizes = (element.get(name, "").strip().removesuffix("px") for name in ("width", "height"))
    return any(size.isdecimal() and int(size[:6]) <= _TINY for size in sizes)


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


def _rows(table: etree._Element, styles: ComputedStyles) -> Iterator[etree._Element]:
    """The rows of a table itself, not those of tables inside it."""
    return (
        row for row in table.iter("tr")
        if not _is_unseen(row, styles) and next(row.iterancestors("table"), None) is table
    )  # fmt: skip


def _cells(row: etree._Element, styles: ComputedStyles) -> Iterator[etree._Element]:
    return (
        cell for cell in row.iter("td", "th")
        if not _is_unseen(cell, styles) and next(cell.iterancestors("tr"), None) is row
    )  # fmt: skip


def _is_block(tag: str) -> bool:
    """Whether text before and after such an element stands on different lines."""
    return tag in _BLOCKS


def _is_unseen(element: etree._Element, styles: ComputedStyles) -> bool:
    """Whether a browser shows nothing of an element, or navigation only, and gives it no place."""
    return element.tag in _UNSEEN or styles.is_absent(element)


def _field_text(element: etree._Element) -> str | None:
    """What a form field shows: what was typed or chosen; None for what is no form field."""
    if element.tag == "input":
        kind = element.get("type", "").strip().lower()
        return element.get("value", "") if kind in _TYPED else ""
    if element.tag == "textarea":
        return "".join(element.itertext())
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        return " ".join("".join(option.itertext()) for option in chosen or options[:1])
    return None


def _element_text(root: etree._Element, styles: ComputedStyles) -> str:
    """The visible text of an element; blanks run together, a block ends with a line feed."""
    return _element_runs(root, styles)[0]


def _element_runs(root: etree._Element, styles: ComputedStyles) -> tuple[str, tuple[Run, ...]]:
    """The visible text of an element as :func:`_element_text`, and what else it holds: what is
    struck out, hidden, or a raised mark."""
    return _shown_text(_runs(root, styles))


def _preformatted(root: etree._Element, styles: ComputedStyles) -> str | None:
    """The text of an element that keeps its lines and blanks; None where it does not or has one
    line, where it holds other blocks, or not all of it is shown."""
    if root.tag != "pre" and not (_is_block(str(root.tag)) and styles.of(root).preformatted):
        return None
    if any(_is_block(str(inner.tag)) for inner in root.iterdescendants() if inner.tag != "br"):
        return None
    visible, undisplayed = displayed(merged(_runs(root, styles)))
    text = visible.replace(_LINE, "\n")
    plain = not any(run.text.strip() for run in undisplayed)
    return text if plain and "\n" in text.strip() else None


def _runs(root: etree._Element, styles: ComputedStyles) -> list[Run]:
    """The text of an element with how each part looks; a block ends with a mark of its own."""
    runs: list[Run] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            shown = _field_text(element)
            if styles.is_absent(element) and tag not in _UNSEEN:
                runs.append(styles.of(element).run("".join(element.itertext(etree.Element))))
            if _is_unseen(element, styles):
                walk.skip_subtree()
            elif shown is not None:
                runs.append(styles.of(element).run(shown))
                walk.skip_subtree()
            else:
                runs.append(styles.of(element).run(element.text or ""))
            continue
        if element is root:
            break
        parent = element.getparent()
        style = styles.of(parent) if parent is not None else PLAIN
        runs.append(Run(_LINE if _is_block(tag) or tag == "text" else ""))  # "text" of a drawing
        runs.append(style.run(element.tail or ""))
    return runs


def _shown_text(runs: Iterable[Run]) -> tuple[str, tuple[Run, ...]]:
    """The text that runs show, blanks run together and lines kept, and the runs left aside."""
    visible, undisplayed = displayed(merged(runs))
    lines = visible.split(_LINE)
    left = tuple(replace(run, text=" ".join(run.text.split())) for run in undisplayed)
    return "\n".join(text for line in lines if (text := " ".join(line.split()))), left


def read_mht(content: bytes, file: str) -> Reading:
    """Read the page, and the sheets of a workbook saved so, one below the other.

    Positions are lines of the page, which the file holds encoded; several pages are numbered. Raises YusuanError when no
    part is a page, or there are more parts than any page has.
    """
    try:
        message = email.message_from_bytes(content)
        parts = list(islice(message.walk(), limits.MEMBERS + 1))
    except RecursionError as error:
        raise YusuanError(
            f"{file}: parts within parts too deep to read; save it as HTML"
        ) from error
    if len(parts) > limits.MEMBERS:
        raise YusuanError(f"{file}: more than {limits.MEMBERS:,} parts; save it as HTML")
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    sheets = [_part_text(part) for part in parts if part.get_content_type() == "text/css"]
    start = str(message.get_param("start") or "").strip("<> ")
    pages.sort(key=lambda part: str(part.get("Content-ID", "")).strip("<> ") != start or not start)
    found: list[Reading] = []
    title = None
    for page in pages:
        text = _part_text(page)
        if not text.strip():
            continue
        reading = read_html(text.encode("utf-8", "replace"), file, sheets)
        if "<frameset" in text[:20_000].lower():  # a workbook's frame around its sheets
            title = title or reading.title
        else:
            found.append(reading)
    if not found:
        raise YusuanError(
            f"{file}: a web archive (MHT) without a page that can be read; "
            "open it in a browser and save it as HTML"
        )
    if len(found) == 1:
        return replace(found[0], encoding=None, title=title or found[0].title)
    blocks = tuple(
        block
        for number, reading in enumerate(found, start=1)
        for block in _on_page(reading.blocks, number)
    )
    lines = sum(reading.lines for reading in found)
    notes = tuple(
        replace(note, page=number)
        for number, reading in enumerate(found, start=1)
        for note in reading.notes
    )
    return Reading(blocks, lines, len(found), notes=notes, title=title or found[0].title)


def _on_page(blocks: Iterable[Block], page: int) -> Iterator[Block]:
    return (moved(block, lambda at: Position(at.line, page)) for block in blocks)


def _part_text(part: Message[str, str]) -> str:
    """The text of a part. What is valid UTF-8 is UTF-8 whatever the part declares."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    declared = part.get_content_charset() or "gb18030"
    for name in ("utf-8-sig", declared, "gb18030"):
        try:
            return content.decode("gb18030" if name in ("gb2312", "gbk") else name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("gb18030", "replace")
