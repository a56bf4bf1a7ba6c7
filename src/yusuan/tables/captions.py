"""Captions of printed tables: what belongs to one table, and which standard table its title names."""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import find_unit, find_units
from yusuan.model.document import Cell, Document, Grid, Paragraph
from yusuan.model.text import clean, normal, without_numbering
from yusuan.schema import Resource, catalogue
from yusuan.schema.overlay import overlay_folder
from yusuan.schema.wording import wording

__all__ = [
    "CLEAR",
    "PrintedTable",
    "Title",
    "is_of_government",
    "is_titled",
    "match_title",
    "printed_tables",
    "read_title",
    "title_groups",
]

_TABLE = words_of("table")[0]

_BRACKETS = re.compile(r"\([^()]*\)")
_LONGEST = 60
CLEAR = 100.0
"""A match of this or more names the table clearly: nothing but the title, or after an organisation."""
_SHORT = 4
"""A shorter core (支出) is part of too many lines to be looked for within one."""
_MARKS = re.compile(r"[、,;·\-]")


@dataclass(frozen=True, slots=True)
class Title:
    """A line in normal form, its core without words all titles share, and the code list it names."""

    line: str
    core: str
    code_list: str | None


def read_title(line: str) -> Title:
    """Read a line that may be a title.

    >>> read_title("公开05表：一般公共预算支出预算表（按功能分类科目）").core
    '一般公共支出'
    """
    return _read_title(line, overlay_folder())


@lru_cache(maxsize=4_096)
def _read_title(line: str, words: str | None) -> Title:
    """``words`` names the folder of the user's own words, which the title depends on."""
    text = phrase("caption.number_behind").sub("", phrase("caption.unit").sub("", normal(line)))
    for _ in range(2):  # 附件3 表5-1
        text = without_numbering(
            phrase("caption.number").sub("", phrase("caption.year").sub("", text))
        )
    code_list = None
    for word, found in wording().classifications.items():
        if word in text:
            code_list, text = code_list or found, text.replace(word, "")
    text = _BRACKETS.sub("", phrase("caption.continued_end").sub("", text))
    return Title(normal(line), _core(text), code_list)


def match_title(resource: Resource, title: Title) -> float:
    """How well a title names a table: 0 for not at all, more for longer matches.

    A title that is all of the line counts more than one after the name of an organisation, and that
    more than one somewhere in the line. A title that names another classification than the
    rows of the table have does not match.
    """
    lists = {field.code_list for field in resource.with_role("code")} | {*resource.classifications}
    if not title.core or (title.code_list and lists and title.code_list not in lists):
        return 0.0
    named = 0.0 if _TABLE in title.line else -CLEAR
    best = 0.0
    for core in _cores(resource.titles):
        if title.core == core:
            best = max(best, 2 * CLEAR + named + len(core))
        elif title.core.endswith(core) and phrase("organisation.ending").search(
            title.core[: -len(core)]
        ):
            best = max(best, CLEAR + named + len(core))
        elif len(core) >= _SHORT and core in title.core and len(title.line) <= _LONGEST:
            best = max(best, float(len(core)))
    return best


def is_of_government(line: str) -> bool:
    """Whether a title in normal form is that of a table only a whole government has.

    >>> is_of_government("甲县2024年一般公共预算收入预算表"), is_of_government("一般公共预算支出表")
    (True, False)
    """
    return len(line) <= _LONGEST and wording().government_tables.search(line) is not None


def _core(text: str) -> str:
    for word in wording().fillers:
        text = text.replace(word, "")
    return _MARKS.sub("", text)


@cache
def _cores(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({read_title(title).core: None for title in titles})


_ORGANISATION = re.compile(
    r"(?:编制|填报|预算|公开)?(?:部门|单位)(?:\s*[（(]\s*(?:单位|部门)\s*[）)])?\s*[:：]\s*"
    r"(.+?)(?=\s+(?:金额)?单位\s*[:：]|\s*$)"
)
_SEVERAL = 2
"""Rows that begin with amounts show that the labels stand elsewhere."""
_CAPTION_PARAGRAPHS = 8
_HEAD_ROWS = 3
"""Rows at the top of a grid where its title and unit may stand."""


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A grid with the paragraphs between it and the block before it, and those after it."""

    caption: tuple[Paragraph, ...]
    grid: Grid
    below: tuple[Paragraph, ...] = ()

    @property
    def unit(self) -> int | None:
        """The one unit that the table states."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def units(self) -> tuple[int, ...]:
        """The units that the caption, the head of the grid, its last row or a line below state;
        several where one text leaves it open (元/万元). A remark above the grid is mostly of the table
        before, so that it counts only where nothing else tells."""
        near = [paragraph.text for paragraph in reversed(self.caption)]
        remarks = [text for text in near if phrase("caption.remark").match(normal(text))]
        texts = [text for text in near if text not in remarks]
        texts += [cell.text for row in self.grid.rows[:_HEAD_ROWS] for cell in row]
        texts += [cell.text for row in self.grid.rows[_HEAD_ROWS:][-1:] for cell in row]
        texts += [*self._texts_below, *remarks]
        return next((units for text in texts if (units := find_units(text))), ())

    @property
    def _texts_below(self) -> Iterator[str]:
        """The lines below that speak of this table, not of the one that follows."""
        for paragraph in self.below:
            text = normal(paragraph.text)
            if phrase("caption.of_above").search(text):
                yield text
            elif _TABLE in text and read_title(text).core:
                return

    @property
    def organisation(self) -> str | None:
        """The organisation that the caption says drew the table up."""
        for paragraph in self.caption:
            match = _ORGANISATION.search(clean(paragraph.text))
            if match and find_unit(f"单位:{match[1]}") is None:
                return match[1].strip()
        return None

    @property
    def titles(self) -> list[str]:
        """What may be the title, likeliest first: caption lines, nearest first, then the first
        cells of the grid, in normal form."""
        return self._near + [normal(cell.text) for row in self.grid.rows[:2] for cell in row[:1]]

    @property
    def _near(self) -> list[str]:
        """The caption lines, nearest first; remarks are of the table before."""
        near = [normal(paragraph.text) for paragraph in reversed(self.caption)]
        return [line for line in near if not phrase("caption.remark").match(line)]

    @property
    def wrapped_titles(self) -> Iterator[tuple[str, ...]]:
        """The same, each caption line also with the one above it on the page (in the sheet): a long
        title may be wrapped. A sentence is no part of it."""
        lines = [
            (text, paragraph.position.page)
            for paragraph in reversed(self.caption)
            if (text := normal(paragraph.text)) and not phrase("caption.remark").match(text)
        ]
        for (line, page), (above, page_above) in pairwise([*lines, ("", None)]):
            wrapped = above and page == page_above and not phrase("caption.no_title").search(above)
            yield (line, above + line) if wrapped else (line,)
        for text in self.titles[len(self._near) :]:
            if _TABLE in text:
                yield (text,)

    def as_printed(self, title: str) -> str:
        """The caption line or lines, or the cell, that a title in normal form was read from."""
        lines = [clean(paragraph.text) for paragraph in self.caption]
        lines += [clean(cell.text) for row in self.grid.rows[:2] for cell in row[:1]]
        pairs = [f"{above} {line}" for above, line in pairwise(lines)]
        return next((text for text in [*reversed(lines), *pairs] if normal(text) == title), title)


def printed_tables(document: Document) -> list[PrintedTable]:
    """All grids of a document with their captions; grids with nothing between them are one. Those of
    different members of an archive are not, whatever titles they have.

    Rows at the top of a grid that only hold its title, organisation or unit belong to the caption,
    those at its foot to the caption of the next, whose page begins below its title.
    """
    done: list[_JoinedTable] = []
    tables: list[_JoinedTable] = []
    caption: list[Paragraph] = []
    running = _running_texts(document)
    first_pages, member = [each.page for each in document.members], 0
    for block in document.blocks:
        if (other := bisect(first_pages, block.position.page or 0)) != member:
            _put_below(tables, caption)
            done += tables
            tables, caption, member = [], [], other
        if isinstance(block, Paragraph):
            caption.append(block)
            continue
        block, following = _without_next_title(_without_page_numbers(block))
        inside, count = _caption_rows(block)
        between = {normal(paragraph.text) for paragraph in caption}
        if between and between <= running and tables and tables[-1].goes_on_in(block):
            caption = []  # a running head and the number of a page
        if tables and not caption and not inside and _is_beside(tables[-1].table.grid, block):
            tables[-1:] = map(_JoinedTable, _shared(tables[-1].whole(), block))
        elif tables and not caption and not inside and tables[-1].lacks_columns_of(block):
            tables[-1].add_right(block)
        elif tables and not caption and not inside and not _lacks_labels(block):
            tables[-1].add(block)
        elif count < len(block.rows):
            _put_below(tables, caption)
            near = [*caption, *inside][-_CAPTION_PARAGRAPHS:]
            table = PrintedTable(tuple(near), _without_rows(block, count))
            if tables and _continues(tables[-1], table):
                tables[-1].add(table.grid)
            else:
                tables.append(_JoinedTable(table))
            caption = []
        else:
            caption += inside
        caption += following
    _put_below(tables, caption)
    return [joined.whole() for joined in [*done, *tables]]


class _JoinedTable:
    """A table and the grids that go on with it. A grid is looked at once, however many there are."""

    def __init__(self, table: PrintedTable) -> None:
        self.table = table
        self.width = table.grid.width
        self._rows = list(table.grid.rows)
        self._printed: set[tuple[str, ...]] = set()
        self._looked_at = 0

    def add(self, grid: Grid) -> None:
        """Rows are numbered on, so that each cell keeps an address of its own."""
        offset = self._rows[-1][0].row + 1
        self.width = max(self.width, grid.width)
        self._rows += (
            tuple(replace(cell, row=cell.row + offset) for cell in row) for row in grid.rows
        )

    def whole(self) -> PrintedTable:
        """All as one table."""
        if len(self._rows) == len(self.table.grid.rows):
            return self.table
        return replace(self.table, grid=replace(self.table.grid, rows=tuple(self._rows)))

    def lacks_columns_of(self, grid: Grid) -> bool:
        """Whether a grid is the next page column of a printed sheet: neither has labels, and below
        other headings it has as many rows."""
        if len(self._rows) != len(grid.rows) or grid.position.page in (
            None,
            self.table.grid.position.page,
        ):
            return False
        own = replace(self.table.grid, rows=tuple(self._rows))
        heads = (_texts(each.rows[0]) for each in (own, grid))
        return (
            _is_amounts_only(own)
            and _is_amounts_only(grid)
            and not set.intersection(*map(set, heads))
        )

    def add_right(self, grid: Grid) -> None:
        """Columns are numbered on."""
        self._rows = [
            (
                *row,
                *(replace(cell, row=row[0].row, column=cell.column + self.width) for cell in more),
            )
            for row, more in zip(self._rows, grid.rows, strict=True)
        ]
        self.width += grid.width
        self.table = replace(self.table, grid=replace(self.table.grid, rows=tuple(self._rows)))

    def ends(self) -> PrintedTable:
        """The head and the last row, where titles and units stand."""
        rows = (*self._rows[:_HEAD_ROWS], *self._rows[_HEAD_ROWS:][-1:])
        return replace(self.table, grid=replace(self.table.grid, rows=rows))

    def goes_on_in(self, grid: Grid) -> bool:
        """Whether a grid has as many columns, and no head or the same one again, and is no whole
        table of its own: those begin or end with a total."""
        rows = [_texts(row) for row in grid.rows]
        first = next((row for row in rows if any(map(_is_amount, row))), None)
        if first is None or self.width != grid.width or any(map(_is_total, first)):
            return False
        again = rows[0] == _texts(self.table.grid.rows[0])
        return first is rows[0] or (again and not any(map(_is_total, _texts(self._rows[-1]))))

    def printed(self) -> Set[tuple[str, ...]]:
        """What each row prints."""
        self._printed.update(map(_texts, self._rows[self._looked_at :]))
        self._looked_at = len(self._rows)
        return self._printed


def _running_texts(document: Document) -> Set[str]:
    """What may be a running head or foot among the text of a document without pages, in normal form:
    page numbers, the lines above its first grid that are no captions, and those printed twice or more
    below it."""
    texts = [(index, normal(b.text)) for index, b in enumerate(document.blocks)
             if isinstance(b, Paragraph)]  # fmt: skip
    first = next((i for i, block in enumerate(document.blocks) if isinstance(block, Grid)), 0)
    counts = Counter(text for _, text in texts)
    return {
        text for index, text in texts
        if phrase("layout.page_number").fullmatch(text)
        or (
            (index < first or counts[text] > 1)
            and not (phrase("layout.caption").search(text) or find_units(text))
        )
    }  # fmt: skip


def _without_page_numbers(grid: Grid) -> Grid:
    """The grid without rows that hold nothing but the number of a page, as typed pages have."""
    kept = tuple(row for row in grid.rows if not _is_page_number(_texts(row)))
    return grid if not kept or len(kept) == len(grid.rows) else replace(grid, rows=kept)


def _is_page_number(texts: Sequence[str]) -> bool:
    return len(texts) == 1 and bool(phrase("layout.page_foot").match(texts[0]))


def _is_amount(text: str) -> bool:
    number = parse_number(text)
    return number is not None and number.decimals > 0


def _is_total(text: str) -> bool:
    return bool(phrase("layout.total").search(text))


def _lacks_labels(grid: Grid) -> bool:
    """Whether the rows of a grid begin with amounts: it is no more of the rows above it but another
    page column of a printed sheet, whose labels stand elsewhere."""
    first = [row[0].text for row in grid.rows if any(parse_number(cell.text) for cell in row)]
    amounts = [number for text in first if (number := parse_number(text)) and number.decimals > 1]
    return len(amounts) >= _SEVERAL and 2 * len(amounts) > len(first)


def _is_amounts_only(grid: Grid) -> bool:
    """Whether a row of headings stands above rows that hold amounts alone, as in the table of the
    three public expenses, which has no labels."""
    head, *body = map(_texts, grid.rows)
    texts = [text for row in body for text in row]
    return (
        len(head) > 1
        and not any(map(parse_number, head))
        and any(map(parse_number, texts))
        and all(map(parse_number, texts))
    )


def _is_beside(left: Grid, right: Grid) -> bool:
    """Whether grids of one page begin on one line: they stand side by side, and are two tables."""
    return left.position.page is not None and left.position == right.position


def _shared(left: PrintedTable, right: Grid) -> list[PrintedTable]:
    """Two tables side by side; of two captions on one line each has its own, a single one is of both."""
    lines = [paragraph.position for paragraph in left.caption]
    captions: tuple[list[Paragraph], list[Paragraph]] = [], []
    for index, paragraph in enumerate(left.caption):
        if lines.count(paragraph.position) == 2:
            captions[lines[:index].count(paragraph.position)].append(paragraph)
        else:
            captions[0].append(paragraph)
            captions[1].append(paragraph)
    return [replace(left, caption=tuple(captions[0])), PrintedTable(tuple(captions[1]), right)]


def _continues(joined: _JoinedTable, table: PrintedTable) -> bool:
    """Whether a table goes on under the same title and headings, as on the next page.

    A table whose every row was printed before is the same table printed twice. Where the caption
    says so (续表), the title need not be printed again, nor need the headings.
    """
    before = joined.ends()
    if table.unit not in (None, before.unit):
        return False
    bodies = {t.organisation for t in (before, table) if t.organisation}
    if len(bodies) > 1:
        return False
    names = [_name(t) for t in (before, table)]
    own = [_texts(row) for row in table.grid.rows]
    continued = any(phrase("caption.continued").search(line) for line in table.titles)
    named = names[1] == names[0] or (continued and not names[1])
    if not named or not (continued or names[0]):
        return False
    if {text for text in own if text} <= joined.printed():
        return False
    return _texts(before.grid.rows[0]) == own[0] or (
        continued and joined.width == table.grid.width and any(map(parse_number, own[0]))
    )


def _name(table: PrintedTable) -> str:
    """The core of the nearest title, blank where none is printed."""
    lines = (phrase("caption.continued").sub("", line).lstrip(":：") for line in table.titles)
    cores = (read_title(line).core for line in lines if _TABLE in line)
    return next(filter(None, cores), "")


def _texts(row: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(normal(cell.text) for cell in row if cell.text)


def _put_below(tables: list[_JoinedTable], paragraphs: list[Paragraph]) -> None:
    if tables:
        tables[-1].table = replace(tables[-1].table, below=tuple(paragraphs[:_CAPTION_PARAGRAPHS]))


def _caption_rows(grid: Grid) -> tuple[list[Paragraph], int]:
    """The title, organisation and unit printed at the top of a grid, a paragraph a row; and the rows."""
    found: list[Paragraph] = []
    count = 0
    width = grid.width
    for index, row in enumerate(grid.rows, start=1):
        texts = [cell.text for cell in row if cell.text]
        alone = (
            len(texts) == 1 and width > 1 and bool(phrase("caption.title").search(normal(texts[0])))
        )
        if texts and not alone and not phrase("caption.organisation").match(normal(texts[0])):
            break
        if texts:
            found.append(Paragraph(" ".join(texts), row[0].position))
            count = index
    return found, count


def _without_next_title(grid: Grid) -> tuple[Grid, list[Paragraph]]:
    """The grid without the rows at its foot that are the title of another table (附表5 | 一般公共预算
    支出情况表 | 单位：元), and those, a paragraph a row."""
    rows = grid.rows
    end = len(rows)
    while end > 1 and sum(bool(cell.text) for cell in rows[end - 1]) <= 1:
        end -= 1
    texts = [next((cell.text for cell in row if cell.text), "") for row in rows[end:]]
    lines = [normal(text) for text in texts]
    numbers = [bool(line) and not phrase("caption.number").sub("", line) for line in lines]
    titles = [_TABLE in line and _names_a_table(line) for line in lines]
    if not any(titles):
        return grid, []
    first = [number or title for number, title in zip(numbers, titles, strict=True)].index(True)
    return replace(grid, rows=rows[: end + first]), [
        Paragraph(text, row[0].position)
        for text, row in zip(texts[first:], rows[end + first :], strict=True)
        if text
    ]


def _names_a_table(line: str) -> bool:
    title = read_title(line)
    return any(match_title(resource, title) >= CLEAR for resource in catalogue().tables)


def _without_rows(grid: Grid, count: int) -> Grid:
    """The grid below its caption; rows keep their number, so that addresses stay true."""
    return replace(grid, rows=grid.rows[count:], position=grid.rows[count][0].position)


def title_groups(printed: PrintedTable) -> Iterator[list[Title]]:
    """The titles a grid may have, likeliest first; what is above a unit is no part of it."""
    for lines in printed.wrapped_titles:
        titles = [read_title(line) for line in lines]
        if titles[0].core:
            yield titles


def is_titled(resource: Resource, printed: PrintedTable) -> bool:
    """Whether a line above a grid clearly names a table."""
    return any(
        match_title(resource, title) >= CLEAR
        for titles in title_groups(printed)
        for title in titles
    )
