"""Tables printed as text outside any grid: read where the text leaves no choice, else told.

Without lines, tabs or wide gaps only the order of words and numbers is left of a table. It comes
as a row a line, its cells parted by single blanks, or as a cell a line, as copying from a PDF
viewer or optical character recognition gives it; a page of a PDF gives the pieces of each line.
A cell left blank leaves nothing behind, so a row with fewer numbers than the table has columns
does not say whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import find_units
from yusuan.model.document import Block, Cell, Document, Grid, Paragraph, Position
from yusuan.model.text import clean, normal
from yusuan.schema import Catalogue, Resource, catalogue
from yusuan.schema.messages import message
from yusuan.schema.resource import Field
from yusuan.sources.fragments import text_line
from yusuan.tables.captions import CLEAR, match_title, read_title
from yusuan.tables.matching import match_column
from yusuan.tables.records import StandardTable, UnrecognisedPart
from yusuan.tables.unrecognised import UnrecognisedGrid, is_headless, shortened

__all__ = ["undetected_tables", "with_detected_tables", "with_unread_rests"]

_TABLE = words_of("table")[0]

_ROWS = 3
"""Fewer lines with a number apart from its words make no table, unless a title says so."""
_LONGEST_TITLE, _LONGEST_LABEL = 60, 40
_NO_AMOUNT = re.compile(r"\d{1,3}|20\d\d")
"""Page numbers, list numbers and years."""
_SURE_AMOUNT = re.compile(r"\d\.\d|\d[,，]\d")
_FLOWED = 6
"""Amounts without a unit that no sentence states: 其中 and 分别为 are followed by units."""
_CODE = re.compile(r"\d{3}(?:\d\d){0,2}")
_BLANK = re.compile(r"[-—–─/]{1,4}")
"""How tables print that a cell holds nothing."""
_GLUED = re.compile(
    r"(?<![\d.])(-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{3,}\.\d|\d+\.\d{2,6}))(?=[-—–─/\u3400-\u9fff（(])"
)
"""An amount with the text of the next cell right behind it."""
_PROSE = re.compile(r"[。；;，？！]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line with its words, which blanks part; ``pieces`` are those that stood apart.

    ``first`` and ``end`` are its place among the blocks of the document.
    """

    pieces: tuple[str, ...]
    words: tuple[str, ...]
    position: Position
    first: int
    end: int

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


@dataclass(slots=True)
class _Region:
    """The lines below a title, or between grids, pages and running text.

    ``resource`` is the standard table that the title right above them names.
    """

    title: _Line | None
    resource: Resource | None
    lines: list[_Line] = field(default_factory=list)

    def rows(self) -> list[_Line]:
        return [line for line in self.lines if _amounts(line)]

    @property
    def is_table(self) -> bool:
        return len(self.rows()) >= (1 if self.resource else _ROWS)


def with_detected_tables(document: Document) -> Document:
    """The document with the tables of its text as grids, where nothing but one table is possible.

    The title is that of a standard table, each heading is one of its own, and each row has a
    number or a dash for each column of amounts, or sums prove which columns are blank.
    """
    blocks: list[Block] = []
    done = 0
    for region in _regions(document):
        found = _read(region, document) if region.is_table else None
        if found:
            grid, first, end = found
            blocks += [*document.blocks[done:first], grid]
            done = end
    if not done:
        return document
    return replace(document, blocks=(*blocks, *document.blocks[done:]))


def undetected_tables(document: Document) -> Iterator[UnrecognisedPart]:
    """One entry for each table that is printed outside the grids of a document.

    On a page, lines in several pieces are one table whatever stands between them. A paragraph of
    many amounts without a unit is a table that lost its lines.
    """
    scattered: dict[int | None, list[_Line]] = {}
    told: set[int] = set()
    for region in _regions(document):
        rows = region.rows()
        if region.is_table:
            told.update(row.first for row in rows)
            yield _undetected(region, rows)
            continue
        page = region.lines[0].position.page if region.lines else None
        scattered.setdefault(page, []).extend(row for row in rows if len(row.pieces) > 1)
    for rows in scattered.values():
        whole = len(rows) >= _ROWS
        rows = rows if whole else [row for row in rows if _is_table_row(row)]
        told.update(row.first for row in rows)
        if whole:
            yield _undetected(_Region(None, None, rows), rows)
        else:
            yield from map(_undetected_row, rows)
    for line in _lines(document):
        if line and line.first not in told and (numbers := _run_together(line)) >= _FLOWED:
            yield _undetected_row(line, numbers)


def _run_together(line: _Line) -> int:
    """How many amounts stand for themselves among the words of a sentence, in no unit."""
    following = (*line.words[1:], "")
    return sum(
        bool(_SURE_AMOUNT.search(word)) and parse_number(word) is not None
        and not phrase("number.measured").match(behind)
        for word, behind in zip(line.words, following, strict=True)
    )  # fmt: skip


def _is_table_row(line: _Line) -> bool:
    """Whether a line that stands alone can only be a row of a table: several amounts that stand
    apart, behind a label or so many that a label must stand elsewhere, as on the page before."""
    amounts = _amounts(line)
    sure = [word for word in amounts if _SURE_AMOUNT.search(word)]
    labelled = not _is_value(line.words[0]) or _CODE.fullmatch(line.words[0]) is not None
    return len(sure) >= (2 if labelled else _ROWS) and not any(
        word.endswith(("%", "％")) for word in amounts
    )


def _undetected_row(line: _Line, numbers: int | None = None) -> UnrecognisedPart:
    count = numbers or len(_amounts(line))
    return UnrecognisedPart(
        scope="row", position=line.position, cell=None, printed=shortened(" | ".join(line.pieces)),
        rows=1, columns=count, numbers=count, nearest=None,
        reason=message("line-like-row"), advice=message("compare-row"),
    )  # fmt: skip


def _undetected(region: _Region, rows: Sequence[_Line]) -> UnrecognisedPart:
    counts = [len(_amounts(row)) for row in rows]
    title = region.title
    name = "lines-like-table-of-page" if rows[0].position.page else "lines-like-table"
    return UnrecognisedPart(
        scope="table",
        position=rows[0].position,
        cell=None,
        printed=shortened(title.text if title else rows[0].text),
        rows=len(rows),
        columns=max(counts),
        numbers=sum(counts),
        nearest=region.resource.name if region.resource else None,
        reason=message(name, count=len(rows)),
        advice=message("give-ruled-file"),
    )


# What was read in part


def with_unread_rests(
    tables: Sequence[StandardTable], others: Sequence[UnrecognisedGrid], document: Document
) -> list[StandardTable]:
    """The tables of a document in reading order, those told that go on in what was not read.

    That is rows outside any grid or a grid without headings (one of ``others``) that no title,
    sentence or other table parts from the table, or a page that was not read within or behind it.
    """
    missing = {page for note in document.notes for page in note.pages}
    parts = [part.position for part in undetected_tables(document)]
    parts += [other.table.grid.position for other in others if is_headless(other.paths)]
    if not (parts or missing):
        return list(tables)
    starts = [table.position for table in tables]
    starts += [other.table.grid.position for other in others if not is_headless(other.paths)]
    starts += [
        block.position for block in document.blocks
        if isinstance(block, Paragraph) and _begins_anew(block.text)
    ]  # fmt: skip
    return [
        replace(table, rest_unread=True) if _goes_on(table, starts, parts, missing) else table
        for table in tables
    ]


def _goes_on(
    table: StandardTable, starts: Sequence[Position], parts: Sequence[Position], missing: set[int]
) -> bool:
    """Whether a part that was not read follows a table before anything else starts."""
    last = max((row.position for row in table.rows), default=table.position)
    following = min((start for start in starts if last < start), default=None)
    if any(last < part and (following is None or part < following) for part in parts):
        return True
    first, end = table.position.page, last.page
    if first is None or end is None:
        return False
    behind = following is None or (following.page or end) > end
    return any(first < page < end or (page == end + 1 and behind) for page in missing)


def _begins_anew(text: str) -> bool:
    """Whether a line is a title, a unit or a sentence, so that what follows is of no table above."""
    line = normal(text)
    return bool(phrase("caption.title_end").search(line) or find_units(line) or _PROSE.search(line))


# Lines and what they are


def _regions(document: Document) -> Iterator[_Region]:
    region = _Region(None, None)
    page: int | None = None
    for line in _lines(document):
        if line is None or line.position.page != page:
            yield region
            region = _Region(None, None)
            page = line.position.page if line else page
        if line is None:
            continue
        titled = _titled(catalogue(), line.text)
        if titled or (_is_prose(line) and not _amounts(line)):
            yield region
            region = _Region(line, titled) if titled else _Region(region.title, None)
        elif region.resource is None and phrase("caption.title_end").search(normal(line.text)):
            yield region
            region = _Region(line, None)
        else:
            region.lines.append(line)
    yield region


def _lines(document: Document) -> Iterator[_Line | None]:
    """The printed lines of a document, None for a grid. The lines of a web page's file say
    nothing about those of the page."""
    joins = document.media_type != "text/html"
    pieces: list[Paragraph] = []
    for index, block in enumerate((*document.blocks, None)):
        same = isinstance(block, Paragraph) and pieces and block.position == pieces[0].position
        if pieces and not (joins and same):
            texts = tuple(clean(piece.text) for piece in pieces)
            words = tuple(word for text in texts for word in text.split(" ") if word)
            yield _Line(texts, words, pieces[0].position, index - len(pieces), index)
            pieces = []
        if isinstance(block, Paragraph):
            pieces.append(block)
        elif block:
            yield None


@lru_cache(maxsize=1 << 12)
def _titled(known: Catalogue, text: str) -> Resource | None:
    """The standard table that a line alone names."""
    line = normal(text)
    if len(line) > _LONGEST_TITLE or _TABLE not in line or _PROSE.search(line):
        return None
    title = read_title(line)
    scores = [(match_title(resource, title), resource) for resource in known.tables]
    best, resource = max(scores, key=lambda score: score[0])
    return resource if best >= CLEAR else None


def _is_prose(line: _Line) -> bool:
    return len(line.pieces) == 1 and bool(_PROSE.search(line.text))


def _amounts(line: _Line) -> list[str]:
    """The amounts of a line that is a row of a table, or cells of one, and no sentence."""
    words = _unglued(line)
    texts = [word for word in words if not _is_value(word)]
    if any(_PROSE.search(word) or len(word) > _LONGEST_LABEL for word in texts):
        return []
    if len(texts) == len(words):
        return []
    first = next((i for i, word in enumerate(words) if not _is_value(word)), None)
    values: list[str] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        if first is not None and index < first:
            continue  # the number of a heading, or a code
        if parse_number(word) is not None and not phrase("number.measured").match(following):
            values.append(word)
    sure = [word for word in values if not _NO_AMOUNT.fullmatch(normal(word))]
    if first is None:
        sure = [word for word in sure if not _CODE.fullmatch(word) and not _is_list(words)]
        return sure
    return values if len(values) > 1 and sure else sure


def _unglued(line: _Line) -> Sequence[str]:
    """The words of a line, those of pieces that stand apart parted behind each amount."""
    if len(line.pieces) < 2:
        return line.words
    return [part for word in line.words for part in _GLUED.split(word) if part]


def _is_list(words: Sequence[str]) -> bool:
    return len(words) == 1 and not _SURE_AMOUNT.search(words[0])


def _is_value(word: str) -> bool:
    return parse_number(word) is not None or _BLANK.fullmatch(word) is not None


# Reading


def _read(region: _Region, document: Document) -> tuple[Grid, int, int] | None:
    """The grid that a region is for certain, and which blocks it takes the place of."""
    resource = region.resource
    if resource is None or resource.sides:
        return None
    lines = [*region.lines]
    while lines and _is_caption(lines[0]):
        del lines[0]
    while lines and not _amounts(lines[-1]) and phrase("caption.remark_line").match(lines[-1].text):
        del lines[-1]
    for cells in (_by_line, _by_cell):
        found = cells(resource, lines)
        if found is None:
            continue
        plain = document.media_type in ("text/plain", "text/markdown")
        rows = tuple(
            tuple(
                Cell(text, row, column, line.position,
                     fragment=text_line(line.position.line) if plain and text else None)
                for column, (text, line) in enumerate(row_cells)
            )
            for row, row_cells in enumerate(found)
        )  # fmt: skip
        return Grid(rows, lines[0].position), lines[0].first, lines[-1].end
    return None


_Row = list[tuple[str, _Line]]
"""The cells of a row, each with the line that it was printed on."""


def _is_caption(line: _Line) -> bool:
    return bool(
        find_units(line.text) or phrase("caption.organisation_line").match(normal(line.text))
    )


def _columns(resource: Resource, words: Sequence[str]) -> list[Field] | None:
    """The fields that all words head: those that name a row first, then amounts, each once."""
    fields = [match_column(resource, (word,)) for word in words]
    known = [each for each in fields if each is not None]
    roles = [each.role == "amount" for each in known]
    if len(known) < len(words) or len({each.name for each in known}) < len(known):
        return None
    if any(each.role not in ("code", "label", "amount") for each in known):
        return None
    stub_fields = [each.role for each in known if each.role != "amount"]
    ordered = (
        roles == sorted(roles)
        and stub_fields.count("label") == 1
        and stub_fields.count("code") <= 1
    )
    return known if ordered and any(roles) else None


def _by_line(resource: Resource, lines: Sequence[_Line]) -> list[_Row] | None:
    """The rows of a table that prints one on each line."""
    if len(lines) < 2:
        return None
    head, *body = lines
    columns = _columns(resource, head.words)
    if columns is None:
        return None
    stub_fields = [each for each in columns if each.role != "amount"]
    amounts = columns[len(stub_fields) :]
    names: list[list[str]] = []
    printed: list[tuple[str, ...]] = []
    for line in body:
        first = len(line.words)
        while first and len(line.words) - first < len(amounts) and _is_value(line.words[first - 1]):
            first -= 1
        named, values = _named(stub_fields, line.words[:first]), line.words[first:]
        full = len(values) == len(amounts)
        if named is None or (_may_be_joined(values) and not (full and _adds_up(amounts, values))):
            return None
        names.append(named)
        printed.append(values)
    placed = _in_columns(stub_fields, amounts, names, printed)
    if placed is None:
        return None
    found: list[_Row] = [[(word, head) for word in head.words]]
    for line, named, texts in zip(body, names, placed, strict=True):
        found.append([(text, line) for text in (*named, *texts)])
    return found


def _by_cell(resource: Resource, lines: Sequence[_Line]) -> list[_Row] | None:
    """The rows of a table that prints a cell on each line."""
    taken: set[str] = set()
    for line in lines:
        heads = match_column(resource, (line.text,))
        if heads is None or heads.name in taken:
            break  # the label of the first row, such as 合计, may be a heading as well
        taken.add(heads.name)
    head, rest = lines[: len(taken)], list(lines[len(taken) :])
    columns = _columns(resource, [line.text for line in head])
    if columns is None or not rest:
        return None
    stub_fields = [each for each in columns if each.role != "amount"]
    found: list[_Row] = [[(line.text, line) for line in head]]
    while rest:
        texts = [line.text for line in rest]
        size = next((i for i, text in enumerate(texts) if not _is_value(text)), len(texts)) + 1
        if (
            stub_fields[0].role == "label"
            and len(stub_fields) > 1
            and _CODE.fullmatch("".join(texts[1:2]))
        ):
            size += 1  # the code stands behind the label
        named = _named(stub_fields, texts[:size])
        values = texts[size : size + len(columns) - len(stub_fields)]
        if named is None or len(values) < len(columns) - len(stub_fields):
            return None
        if not all(map(_is_value, values)):
            return None
        if any(map(_CODE.fullmatch, values)) and not _adds_up(columns[len(stub_fields) :], values):
            return None
        places = [*rest[:1] * (len(stub_fields) - size), *rest[: size + len(values)]]
        found.append(list(zip((*named, *values), places, strict=True)))
        del rest[: size + len(values)]
    return found


def _named(stub_fields: Sequence[Field], words: Sequence[str]) -> list[str] | None:
    """What stands in the columns that name a row; a total has no code."""
    codes = [word for word in words if _CODE.fullmatch(word)]
    label = [word for word in words if not _CODE.fullmatch(word)]
    first = stub_fields[0].role == "code"
    placed = not codes or words[0 if first else -1] == codes[0]
    coded = any(each.role == "code" for each in stub_fields)
    if not label or any(map(_is_value, label)) or len(codes) > coded or not placed:
        return None
    if any(_PROSE.search(word) for word in label):
        return None
    name = " ".join(label)
    return [(codes[0] if codes else "") if each.role == "code" else name for each in stub_fields]


def _in_columns(
    stub_fields: Sequence[Field], amounts: Sequence[Field], names: Sequence[Sequence[str]],
    printed: Sequence[Sequence[str]],
) -> list[list[str]] | None:  # fmt: skip
    """The values of each row in their columns, a blank where a cell was; None when not certain.

    A row with as many values as there are columns fills them. What is missing elsewhere is only
    certain where a row of the total, the rows below it and the sums within each row leave exactly
    one way to place all values.
    """
    if all(len(values) == len(amounts) for values in printed):
        return [list(values) for values in printed]
    code = next(
        (at for at, stub_field in enumerate(stub_fields) if stub_field.role == "code"), None
    )
    label = next(at for at, stub_field in enumerate(stub_fields) if stub_field.role == "label")
    if (
        code is None
        or len(amounts) > _MOST_COLUMNS
        or not any(_parts(amounts, at) for at in range(len(amounts)))
    ):
        return None
    codes = [row[code] for row in names]
    totals = [
        at
        for at, row in enumerate(names)
        if normal(row[label]) in words_of("total_row") and not row[code]
    ]
    if len(totals) != 1 or len(set(codes)) < len(codes) or codes.count("") != 1:
        return None
    leaves = [
        at for at, own in enumerate(codes)
        if own and not any(other != own and other.startswith(own) for other in codes)
    ]  # fmt: skip
    ways = [_ways(amounts, values) for values in printed]
    solved = [
        (total, chosen) for total in ways[totals[0]]
        for chosen in _summing([ways[at] for at in leaves], _numbers(total))
    ]  # fmt: skip
    if len(solved) != 1:
        return None
    rows = dict(zip(leaves, solved[0][1], strict=True)) | {totals[0]: solved[0][0]}
    for at, own in enumerate(codes):
        if at in rows:
            continue
        below = [_numbers(rows[leaf]) for leaf in leaves if codes[leaf].startswith(own)]
        wanted = tuple(sum(column) for column in zip(*below, strict=True))
        fitting = [way for way in ways[at] if _numbers(way) == wanted]
        if len(fitting) != 1:
            return None
        rows[at] = fitting[0]
    return [list(rows[at]) for at in range(len(names))]


_Way = tuple[str, ...]
"""A row with its values in their columns, blanks where nothing is."""
_MOST_WAYS, _MOST_COLUMNS, _MOST_ROWS = 5_000, 10, 200
"""What is tried for one row at most, and the largest table in which cells may be blank."""


def _parts(amounts: Sequence[Field], at: int) -> list[int]:
    """Which columns a column is the sum of."""
    return [i for i, field in enumerate(amounts) if field.name in amounts[at].sum_of]


def _ways(amounts: Sequence[Field], values: Sequence[str]) -> list[_Way]:
    """The ways to place values in the columns, in their order, that agree with the sums of a row."""
    found: list[_Way] = []
    for places in combinations(range(len(amounts)), len(values)):
        filled = dict(zip(places, values, strict=True))
        way = tuple(filled.get(at, "") for at in range(len(amounts)))
        numbers = _numbers(way)
        sums = [(at, _parts(amounts, at)) for at in range(len(amounts))]
        if all(not parts or numbers[at] == sum(numbers[i] for i in parts) for at, parts in sums):
            found.append(way)
    return found


def _numbers(way: _Way) -> tuple[Decimal, ...]:
    return tuple(number.value if (number := parse_number(text)) else Decimal(0) for text in way)


def _summing(ways: Sequence[Sequence[_Way]], total: tuple[Decimal, ...]) -> list[list[_Way]]:
    """One way for each row, so that the columns sum to the total; no more than two such choices.

    Rows with negative numbers, and tables with too many ways, are not solved.
    """
    states: dict[tuple[Decimal, ...], list[list[_Way]]] = {tuple(Decimal(0) for _ in total): [[]]}
    for options in ways:
        if len(states) * len(options) > _MOST_WAYS:
            return []
        following: dict[tuple[Decimal, ...], list[list[_Way]]] = {}
        for sums, chosen in states.items():
            for way in options:
                after = tuple(a + b for a, b in zip(sums, _numbers(way), strict=True))
                if any(a > b or a < c for a, b, c in zip(after, total, sums, strict=True)):
                    continue
                kept = following.setdefault(after, [])
                kept += [[*each, way] for each in chosen][: 2 - len(kept)]
        states = following
    return states.get(total, [])


def _may_be_joined(values: Sequence[str]) -> bool:
    """Whether two of the numbers could be one with a blank between its thousands."""
    return any(
        re.fullmatch(r"-?[1-9]\d{0,2}", one) and re.fullmatch(r"\d{3}(?:\.\d+)?", two)
        for one, two in pairwise(values)
    )


def _adds_up(columns: Sequence[Field], values: Sequence[str]) -> bool:
    """Whether a total among the numbers is the sum of the others that are its parts."""
    numbers = {
        column.name: number.value
        for column, value in zip(columns, values, strict=True)
        if (number := parse_number(value)) is not None
    }
    for column in columns:
        parts = [numbers[name] for name in column.sum_of if name in numbers]
        if len(parts) > 1 and numbers.get(column.name) == sum(parts):
            return True
    return False
