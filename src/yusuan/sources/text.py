"""Text files: plain text, Markdown, CSV; tables between tabs, bars, commas or aligned blanks.

In text a run of lines with tabs (or bars) is one grid; a blank line ends it. Tables that only
blanks align are found by ``aligned_text``; those in HTML are read as in a web page. Page breaks
are form feeds, or lines that hold a page marker such as ``<!-- page 3 -->``. Inline markup is
read as a renderer of Markdown shows it (CommonMark 0.31, GitHub's ``~~``, Pandoc's ``^1^`` and
``[^1]``); emphasis only changes the look of letters, so its signs are left out. A CSV file is
one grid (RFC 4180), with the lines of title and unit above it as paragraphs.
"""

from __future__ import annotations

import csv
import html
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from yusuan.model.document import (
    Block,
    Cell,
    Grid,
    Note,
    Paragraph,
    Position,
    Run,
    displayed,
    merged,
)
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.aligned_text import TextPage, aligned_blocks, is_page_foot
from yusuan.sources.blocks import (
    Reading,
    SourceCell,
    SourceRow,
    check_area,
    check_lines,
    check_rows,
    check_width,
    moved,
    shown_field,
    table_blocks,
)
from yusuan.sources.files import decode
from yusuan.sources.fragments import csv_cell, text_line
from yusuan.sources.html import read_html

__all__ = ["read_csv_file", "read_text"]

_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")
_PAGE_MARK = re.compile(r"(?:<!--\s*page\s+(\d{1,5})\s*-->|-{2,}\s*第?\s*(\d{1,5})\s*页\s*-{2,})")
_BAR_RULE = re.compile(r"\|?(?:\s*:?-+:?\s*\|)*(?:\s*:?-+:?)?")
_DRAWN_RULE = re.compile(r"\+[+\-=|\s]{2,}|[\u2500-\u257f][\u2500-\u257f\s]{2,}")
"""A line of a table drawn with signs, which holds nothing."""
_LONGEST_MARK = 200
"""A page mark or number is no longer, nor is it looked for in what is."""

_TOKEN = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
    | (?P<fence>`+)
    | <!--(?P<comment>.*?)-->
    | <(?P<closing>/?)(?P<tag>[A-Za-z][A-Za-z0-9]*)(?P<attributes>(?:\s[^<>]*)?)/?>
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)
    | (?P<strike>~~)
    | \^(?P<raised>[^\s^]{1,6})\^
    | \[\^(?P<note>[^\]\s]{1,20})\]
    | (?P<strong>\*\*|__)
    | (?<![\w*])\*(?P<italic>(?=[^\s*])[^*\n]{1,200}?(?<=[^\s*]))\*(?![\w*])
    """,
    re.VERBOSE | re.DOTALL,
)
_STRUCK, _RAISED = frozenset(("del", "s", "strike")), frozenset(("sup", "sub"))
_PLAIN = frozenset((
    "a", "abbr", "b", "big", "center", "code", "em", "font", "i", "ins", "kbd", "mark",
    "small", "span", "strong", "u",
))  # fmt: skip
_BREAKS = frozenset(("br", "p", "div"))
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:^|\s)hidden(?=$|[\s=/])", re.IGNORECASE
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SIGNS = re.compile(r"[*_.\s]*")
"""Marks with nothing between them stand for themselves."""
_BARS = "|｜│┃║"
_LONGEST = 20_000
"""Longer lines are no prose that anybody marked up by hand."""

_FIRST_DIGITS = re.compile(r"[-(]?\d{1,3}")
_THREE_DIGITS = re.compile(r"\d{3}(?:\.\d+)?\)?")
_SNIFFED, _SNIFFED_BELOW = 60, 12
"""Lines in which the headings of separated values are looked for, and lines below them."""
_DELIMITERS = ",;\t"


def read_text(content: bytes, file: str) -> Reading:
    """Read a text; it has pages only where page marks or form feeds tell them.

    Raises YusuanError when the bytes are no text, or a table is larger than any budget's.
    """
    text, encoding = decode(content, file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    check_lines(text.count("\n") + 1, file)
    if _is_separated(text):
        return read_csv_file(content, file)
    lines = text.split("\n")
    reader = _TextWalk(file, 1 if "\f" in text else None)
    for block in reader.blocks(_without_comments(text).split("\n")):
        reader.found.append(block)
    found = tuple(reader.found)
    return Reading(found, len(lines), reader.page, encoding, tuple(reader.notes))


@dataclass(slots=True)
class _TextWalk:
    """Walks the lines of a text. ``rows`` are those of the grid at hand, ``pages`` the text
    since the last grid, page by page."""

    file: str
    page: int | None
    found: list[Block] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    pages: list[TextPage] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    cells: int = 0
    barred: bool = False
    """Whether bars part the cells of the grid at hand."""

    def blocks(self, lines: list[str]) -> Iterator[Block]:
        barred, ends = _between_bars(lines), _ends_of_tables(lines)
        number = 0
        while number < len(lines):
            number += 1
            raw = lines[number - 1]
            if "<table" in raw.lower() and (end := ends.get(number)):
                yield from self._close()
                yield from self._html(lines[number - 1 : end], number)
                number = end
                continue
            *parts, line = raw.split("\f")
            for before in parts:
                yield from self._close_grid()
                if before.strip():
                    self._add(number, before)
                self.page = (self.page or 1) + 1
            sign = line.strip()
            if len(sign) <= _LONGEST_MARK:
                if mark := _PAGE_MARK.fullmatch(sign):
                    yield from self._close_grid()
                    self.page = int(mark[1] or mark[2])
                    continue
                if is_page_foot(sign):
                    if not self.rows:  # else it stands in a table, which it does not end
                        self._add(number, line)
                    continue
                if "|" in sign and _BAR_RULE.fullmatch(sign):
                    continue
                if _DRAWN_RULE.fullmatch(sign) and _cells_of(sign) is None:
                    continue
            cells = _split(line, number in barred)
            if cells is None:
                yield from self._close_grid()
                if line.strip():
                    self._add(number, line)
                continue
            yield from self._close_text()
            self._count(cells, number)
            self.barred = self.barred if self.rows else "\t" not in line
            self.rows.append((number, cells))
        yield from self._close()

    def _add(self, number: int, line: str) -> None:
        if not self.pages or self.pages[-1].page != self.page:
            self.pages.append(TextPage(self.page))
        self.pages[-1].lines.append((number, line))

    def _count(self, cells: list[str], number: int) -> None:
        if len(cells) > limits.COLUMNS:
            raise YusuanError(
                f"{self.file}, line {number}: a row of {len(cells):,} columns; "
                f"budget tables have at most {limits.COLUMNS}. Is this the right file?"
            )
        self.cells += len(cells)
        if self.cells > limits.CELLS:
            raise YusuanError(
                f"{self.file}, line {number}: more than {limits.CELLS:,} cells so far; "
                "save the tables that matter in a file of their own"
            )

    def _close(self) -> Iterator[Block]:
        yield from self._close_grid()
        yield from self._close_text()

    def _close_grid(self) -> Iterator[Block]:
        if self.rows:
            yield _grid(self.rows, self.page, fixed=self.barred)
            self.rows.clear()

    def _close_text(self) -> Iterator[Block]:
        aligned = aligned_blocks(self.pages)
        if aligned is not None:
            blocks, notes = aligned
            self.notes += notes
            yield from blocks
        for page in self.pages if aligned is None else ():
            for number, line in page.lines:
                if is_page_foot(line):
                    continue
                paragraph = _paragraph(number, line, page.page)
                if paragraph.text:
                    yield paragraph
        self.pages.clear()

    def _html(self, lines: list[str], first: int) -> Iterator[Block]:
        """The blocks of lines that hold a table in HTML, each at its line of the file."""

        def at(position: Position) -> Position:
            return Position(position.line + first - 1, self.page)

        reading = read_html("\n".join(lines).encode("utf-8", "replace"), self.file)
        for note in reading.notes:
            place = at(Position(note.line or 1))
            self.notes.append(replace(note, page=place.page, line=place.line))
        yield from (moved(block, at) for block in reading.blocks)


def _ends_of_tables(lines: list[str]) -> dict[int, int]:
    """The line on which each table ends, by the line that it begins on; some never end."""
    ends: dict[int, int] = {}
    opened: list[tuple[int, int]] = []  # lines, and how many tables are open before each
    depth = 0
    for number, line in enumerate(lines, start=1):
        if "table" not in (text := line.lower()):
            continue
        if "<table" in text:
            opened.append((number, depth))
        depth += text.count("<table") - text.count("</table")
        while opened and depth <= opened[-1][1]:
            ends[opened.pop()[0]] = number
    return ends


def _between_bars(lines: list[str]) -> frozenset[int]:
    """Lines of tables whose rows neither begin nor end in a bar: above and below a rule."""
    found: set[int] = set()
    for index, line in enumerate(lines):
        sign = line.strip()
        if len(sign) > _LONGEST_MARK or "|" not in sign or not _BAR_RULE.fullmatch(sign):
            continue
        found.add(index)
        end = index + 1
        while end < len(lines) and "|" in lines[end]:
            end += 1
            found.update((end,))
    return frozenset(found)


def _split(line: str, barred: bool) -> list[str] | None:
    """Cells of a table line, or None for running text."""
    if "\t" in line and line.strip():
        return line.split("\t")
    cells = _cells_of(line)
    if cells is None and barred and "|" in line:
        return _split_at_bars(line.strip().removeprefix("|"))
    return cells


def _paragraph(number: int, line: str, page: int | None) -> Paragraph:
    heading = _HEADING.match(line)
    text, undisplayed = _inline(line)
    level = len(heading[1]) if heading else 0
    return Paragraph(clean(text), Position(number, page), level, undisplayed)


def _grid(rows: list[tuple[int, list[str]]], page: int | None, *, fixed: bool) -> Grid:
    return Grid(
        tuple(
            tuple(
                Cell(
                    clean(shown_field(shown)),
                    row,
                    column,
                    Position(number, page),
                    1,
                    1,
                    fragment,
                    undisplayed,
                )
                for column, text in enumerate(cells)
                for shown, undisplayed in (_inline(text),)
            )
            for row, (number, cells) in enumerate(rows)
            for fragment in (text_line(number),)
        ),
        Position(rows[0][0], page),
        fixed=fixed,
    )


def _inline(text: str) -> tuple[str, tuple[Run, ...]]:
    """What a piece of text shows, and the runs left aside (see ``displayed``).

    >>> _inline("~~980.00~~ 1,000.00")
    (' 1,000.00', (Run(text='980.00', hidden=False, struck=True, raised=False),))
    >>> _inline("农林水\\\\|支出<sup>①</sup>")[0]
    '农林水|支出'
    >>> _inline(" *** ")
    (' *** ', ())
    """
    if len(text) > _LONGEST or not _TOKEN.search(text) or _SIGNS.fullmatch(text):
        return text, ()
    return displayed(merged(_runs(text)))


def _runs(text: str) -> Iterator[Run]:
    """The runs of a text; a mark that is never closed stands for itself."""
    style = Run("")
    opened: list[tuple[str, Run]] = []
    place = 0
    while match := _TOKEN.search(text, place):
        yield replace(style, text=text[place : match.start()])
        place = match.end()
        tag = (match["tag"] or "").lower()
        if match["escaped"]:
            yield replace(style, text=match["escaped"])
        elif match["entity"]:
            yield replace(style, text=html.unescape(match["entity"]))
        elif match["fence"]:
            end = re.compile(rf"(?<!`){match['fence']}(?!`)").search(text, place)
            inner = text[place : end.start()] if end else match["fence"]
            yield replace(style, text=inner)
            place = end.end() if end else place
        elif match["comment"] is not None:
            yield Run(match["comment"], hidden=True)
        elif match["strike"]:
            if style.struck and any(name == "~~" for name, _ in opened):
                style = _closed_mark("~~", opened, style)
            elif "~~" in text[place:]:
                opened.append(("~~", style))
                style = replace(style, struck=True)
            else:
                yield replace(style, text="~~")
        elif match["raised"] or match["note"]:
            yield replace(style, text=match["raised"] or f"[{match['note']}]", raised=True)
        elif match["italic"]:
            yield replace(style, text=match["italic"])
        elif tag:
            if tag in _BREAKS:
                yield Run("\n")
            elif match["closing"]:
                style = _closed_mark(tag, opened, style)
            elif tag in _STRUCK | _RAISED or _UNSEEN.search(match["attributes"]):
                if re.search(rf"</{tag}\s*>", text[place:], re.IGNORECASE):
                    opened.append((tag, style))
                    style = replace(
                        style,
                        struck=style.struck or tag in _STRUCK,
                        raised=style.raised or tag in _RAISED,
                        hidden=style.hidden or bool(_UNSEEN.search(match["attributes"])),
                    )
            elif tag not in _PLAIN:
                yield replace(style, text=match[0])  # no tag, such as <A4>
    yield replace(style, text=text[place:])


def _closed_mark(name: str, opened: list[tuple[str, Run]], style: Run) -> Run:
    """The look after the innermost mark of a name ends; the same where none was open."""
    for index in range(len(opened) - 1, -1, -1):
        if opened[index][0] == name:
            before = opened[index][1]
            del opened[index:]
            return before
    return style


def _without_comments(text: str) -> str:
    """A text without its HTML comments that span lines; the lines stay."""
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n") or found[0], text)


def _cells_of(line: str) -> list[str] | None:
    """The cells of a row between bars; None for a line that does not begin and end in one.

    A bar behind a backslash is none.

    >>> _cells_of("| 农林水\\\\|支出 | 1 |"), _cells_of("甲｜乙")
    ([' 农林水\\\\|支出 ', ' 1 '], None)
    """
    stripped = line.strip()
    if len(stripped) < 2 or stripped[0] not in _BARS or stripped[-1] not in _BARS:
        return None
    if stripped.endswith("\\|"):
        return None
    return _split_at_bars(stripped[1:-1], stripped[0])


def _split_at_bars(text: str, bar: str = "|") -> list[str]:
    """A text cut at its bars, but not at those behind a backslash."""
    bars = "│┃║" if bar in "│┃║" else bar
    return re.split(rf"(?<!\\)[{re.escape(bars)}]", text)


def read_csv_file(content: bytes, file: str) -> Reading:
    """Read values separated by commas, semicolons or tabs, whichever divides most lines alike.

    A position is the line of the file a record begins on. Raises YusuanError when the bytes
    are no text or a quoted field never ends.
    """
    text, encoding = decode(content, file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    check_lines(text.count("\n") + 1, file)
    rows: list[SourceRow] = []
    line = 1
    filled_rows = 0
    delimiter = _delimiter(text)
    blanks = re.search(re.escape(delimiter) + ' +"', text) is not None  # before quoted fields
    records = csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=blanks)
    try:
        for index, record in enumerate(records):
            if max(map(len, record), default=0) > limits.TEXT:
                # the limit of the csv module is one for the process, and others change it
                raise csv.Error(f"field larger than {limits.TEXT:,} characters")
            filled = {
                column: SourceCell(shown, fragment=csv_cell(index, column))
                for column, value in enumerate(record) if (shown := shown_field(value)).strip()
            }  # fmt: skip
            check_width(max(filled, default=0), file, f"line {line:,}")
            filled_rows += bool(filled)
            check_rows(filled_rows, f"{file}, line {line:,}")
            rows.append(SourceRow(Position(line), filled))
            line = records.line_num + 1
    except csv.Error as error:
        raise YusuanError(
            f"{file}, line {line:,}: {error}; a quotation mark that is not closed does this"
        ) from error
    if delimiter == ",":
        rows = _with_doubts(rows)
    check_area(rows, file)
    return Reading(
        tuple(table_blocks(rows, blank_rows_end=True)), text.count("\n") + 1, None, encoding
    )


def _with_doubts(rows: list[SourceRow]) -> list[SourceRow]:
    """The rows, the fields from the first on that commas of thousands without quotation marks
    may have cut in doubt: 8,205,000 is three fields.

    They are where a record has more fields than the records above the first of them, which
    hold the headings, and some go on by three digits.
    """
    cut = {row.position: at for row in rows if (at := _cut_number(row)) is not None}
    above = itertools.takewhile(lambda row: row.position not in cut, rows)
    headed = max((row.filled()[-1] for row in above if row.filled()), default=limits.COLUMNS)
    if not any(row.position in cut and row.filled()[-1] > headed for row in rows):
        return rows
    return [
        SourceRow(
            row.position,
            {
                column: replace(box, doubt=message("number-cut-by-commas"))
                if column >= cut.get(row.position, column + 1)
                else box
                for column, box in row.cells.items()
            },
        )
        for row in rows
    ]


def _cut_number(row: SourceRow) -> int | None:
    """The first field of up to three digits that the next field goes on by exactly three."""
    texts = {column: box.text.strip() for column, box in row.cells.items()}
    return next(
        (
            column
            for column in sorted(texts)
            if _FIRST_DIGITS.fullmatch(texts[column])
            and _THREE_DIGITS.fullmatch(texts.get(column + 1, ""))
        ),
        None,
    )


def _is_separated(text: str) -> bool:
    """Whether a text is a file of separated values under another name: a line of at least three
    headings, words all of them, and right below it records of as many fields, with numbers."""
    if "|" in text or "\t" in text:
        return False
    lines = text.split("\n")[:_SNIFFED]
    sign = _delimiter(text)
    for at, line in enumerate(lines):
        if line.count(sign) < 2:
            continue
        below = [each for each in lines[at + 1 : at + 1 + _SNIFFED_BELOW] if each.strip()]
        try:
            head, *records = csv.reader([line, *below], delimiter=sign, strict=True)
        except (csv.Error, ValueError):
            continue
        worded = all(re.search(r"[\u4e00-\u9fff]", each) for each in head if each.strip())
        alike = [record for record in records if len(record) == len(head)]
        if (
            worded and sum(map(bool, map(str.strip, head))) > 2
            and len(alike) > 1 and 4 * len(alike) >= 3 * len(records)
            and all(any(re.search(r"\d", each) for each in record[1:]) for record in alike[-2:])
        ):  # fmt: skip
            return True
    return False


def _delimiter(text: str) -> str:
    """The sign that parts the most lines, and of several such the one that parts them most.

    Commas inside quoted amounts ("1,234.50") are no separators.
    """
    lines = text.split("\n")[:200]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.split('"')[::2] for line in lines]
        parted = [sum(piece.count(sign) for piece in pieces) for pieces in counts]
        return sum(1 for count in parted if count), sum(parted)

    return max(_DELIMITERS, key=score)
