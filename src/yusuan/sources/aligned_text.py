"""Tables in plain text that only blanks align, as ``pdftotext -layout`` writes them.

A line of text is a printed line: each character takes a place of its own, a Chinese one two. So
the text of a page is set like a page of a PDF without ruled lines, and its tables are found by
the same means (``page``): columns by the gaps that the rows share, headings over them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise, product, takewhile
from math import inf

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import find_units
from yusuan.model.document import Block, Cell, Grid, Note, Paragraph, Position
from yusuan.model.text import clean, normal
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.fragments import text_line
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.joining import PageSequence, join_pages
from yusuan.sources.pdf.reading import page_blocks
from yusuan.sources.pdf.running_lines import RunningLines

__all__ = ["TextPage", "aligned_blocks", "is_page_foot"]

_TABLE = words_of("table")[0]

_GAP = re.compile(r"[ \xa0]{2,}|\u3000+")
"""Blanks that part what stands in different columns."""
_ROWS = 3
"""Fewer lines with a number apart from its words make no table."""
_PLACE, _PITCH = 5.0, 12.0
"""Width of a place and distance of lines, in points: a Chinese character is ten wide."""
_HEADS, _APART = 3, 2
"""Headings of one line, at least, and the places between columns."""
Extents = Sequence[tuple[float, float]]
"""The places where each piece of a line begins and must end."""
_YEAR = re.compile(r"20\d\d")
_NEAR = 6
"""Lines above a table among which its title is looked for."""
_COUNT = re.compile(r"\d{1,4}")
_COUNTS = re.compile(r"[^。；，]*\d(?:\s*[页/／\-—–·)）\s].*)?")
"""A line whose last number may count pages: neither a sentence nor a number of something."""
_SURE = 3
"""Pages whose lines count them for certain, though they look like rows."""
_LEVELS = frozenset(words_of("code_part"))
"""Headings over the parts of a code."""
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+")


@dataclass(slots=True)
class TextPage:
    """The text of one page, or of all where a text has no pages: lines with their numbers."""

    page: int | None
    lines: list[tuple[int, str]] = field(default_factory=list)


def is_page_foot(line: str) -> bool:
    """Whether a line is the number of a page, with signs that tell it.

    >>> is_page_foot(" - 3 -"), is_page_foot("第3页 共9页"), is_page_foot("3")
    (True, True, False)
    """
    return len(line) <= limits.TITLE and bool(phrase("layout.page_foot").match(line.strip()))


def aligned_blocks(
    pages: Sequence[TextPage],
) -> tuple[list[Block], list[Note]] | None:
    """The tables and lines of pages set in columns; None where nothing is set so.

    What stands apart on a line and belongs to no table is a paragraph of its own. The notes are
    on tables that were not read.
    """
    if not any(_is_aligned(page) for page in pages):
        return None
    if len(pages) > 1:
        return _best(pages)
    text = pages[0]
    plain = [line for line in text.lines if not is_page_foot(line[1])]
    counting, whole = _counting(text), [TextPage(text.page, plain)]
    blocks, notes = _best(_without_running(text, counting))
    best = _with_first(text, counting, blocks), notes
    for way in (whole, _split_at(whole[0], _repeated(whole[0]))):
        if not best[1] and _cells(best[0]):
            break
        read = _best(way)
        best = read if _cells(read[0]) and not read[1] else best
    return best


def _best(pages: Sequence[TextPage]) -> tuple[list[Block], list[Note]]:
    """The blocks and notes of pages; a Chinese character takes two places, or one as some programs
    count: whichever leaves more amounts in columns of their own."""
    texts = {at: line for page in pages for at, line in page.lines}
    ways = [_doubtful(list(_blocks(pages, wide)), texts, wide) for wide in (2, 1)]
    return max(ways, key=lambda read: _cells(read[0]))


def _split_at(text: TextPage, starts: Collection[int]) -> list[TextPage]:
    """A text without form feeds as its pages, which start at some of its lines."""
    cuts = sorted({0, *starts, len(text.lines)})
    return [TextPage(text.page, text.lines[a:b]) for a, b in pairwise(cuts)]


def _without_running(text: TextPage, counting: Collection[int]) -> list[TextPage]:
    """A text without form feeds as its pages, parted by the lines that count them. These are left
    out unless they may say something else, and the line on either side that all pages have, but for
    the first: what stands further in may be the head of a table that goes on."""
    blank = {index for index, (_, line) in enumerate(text.lines) if not line.strip()}
    running = {index for index in counting if _COUNTS.fullmatch(text.lines[index][1])}
    kinds: dict[str, list[int]] = {}
    for index in sorted(running):
        kinds.setdefault(_kind(text.lines[index][1]), []).append(index)
    for own, step in product(kinds.values(), (-1, 1)):
        beside = {_beside(index, step, running | blank) for index in own}
        found = sorted(index for index in beside if 0 <= index < len(text.lines))
        lines = {normal(text.lines[index][1]) for index in found}
        if len(found) > 1 and len(lines) == 1 and not _is_kept(text.lines[found[0]][1]):
            running.update(found[1:])
    pages = [TextPage(text.page)]
    for index, line in enumerate(text.lines):
        if index not in running:
            pages[-1].lines.append(line)
        if index in counting and pages[-1].lines:
            pages.append(TextPage(text.page))
    return [page for page in pages if any(line.strip() for _, line in page.lines)]


def _with_first(text: TextPage, counting: Collection[int], blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the words of the first of each kind of line that counts pages: they may name
    the department. Those below a table stand at the end, since they part none."""
    first = {_kind(text.lines[at][1]): at for at in sorted(counting, reverse=True)}
    above: list[Block] = []
    below: list[Block] = []
    begin = min((block.position.line for block in blocks if isinstance(block, Grid)), default=0)
    for index in sorted(first.values()):
        if not _COUNTS.fullmatch(text.lines[index][1]):
            continue
        line, printed = text.lines[index]
        pieces = [piece for piece in _GAP.split(printed.strip()) if not is_page_foot(piece)]
        words = [Paragraph(clean(piece), Position(line, text.page)) for piece in pieces
                 if parse_number(piece) is None]  # fmt: skip
        (above if line < begin else below).extend(words)
    lines = [*(block for block in blocks if block.position.line < begin), *above]
    rest = blocks[len(lines) - len(above) :]
    return [*sorted(lines, key=lambda block: block.position.line), *rest, *below]


def _kind(line: str) -> str:
    """A line without its numbers."""
    return _COUNT.sub("0", normal(line))


def _beside(index: int, step: int, passed: Collection[int]) -> int:
    """The next line above or below one, but for those to be passed."""
    while index in passed:
        index += step
    return index


def _is_kept(line: str) -> bool:
    """Whether a line says something of a table, though all pages may have it."""
    caption = phrase("layout.caption").search(line) or find_units(line)
    return bool(caption or _is_row(line) or len(line) > limits.TITLE)


def _counting(text: TextPage) -> set[int]:
    """The numbers of pages and the lines that count them: alike but for a number which is one more
    each time (3/26, 某局 2). One of several pieces, as rows are, counts from 1 at the edge of the
    text or on three pages, and has no other number that changes."""
    ends = {i for i, (_, line) in enumerate(text.lines) if is_page_foot(line)}
    counted: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for index, (_, line) in enumerate(text.lines):
        found = _COUNT.findall(normal(line))
        if found and len(line) <= limits.TITLE:
            counted.setdefault(_kind(line), []).append((index, tuple(map(int, found))))
    first, last = (next((i for i in ways if text.lines[i][1].strip()), -1)
                   for ways in (range(len(text.lines)), range(len(text.lines))[::-1]))  # fmt: skip
    for places in counted.values():
        row = any(_is_row(text.lines[index][1]) for index, _ in places)
        sure = len(places) >= _SURE or places[0][0] == first or places[-1][0] == last
        if _count_pages(places) and (not row or (sure and _count_from_one(places))):
            ends.update(index for index, _ in places)
    return ends


def _repeated(text: TextPage) -> set[int]:
    """The lines right behind a row that are printed again and again, as a running head is, or the
    head of a table that goes on."""
    places: dict[str, list[int]] = {}
    for index, (_, line) in enumerate(text.lines):
        if len(line) <= limits.TITLE and not _is_row(line):
            places.setdefault(normal(line), []).append(index)
    return {
        index for line, found in places.items()
        if len(found) > 1 and not phrase("layout.caption").search(line)
        for index in found if index and _is_row(text.lines[index - 1][1])
    }  # fmt: skip


def _count_pages(places: Sequence[tuple[int, tuple[int, ...]]]) -> bool:
    """Whether lines (their places and numbers) count the pages: one of the numbers does, and
    there is room for a page between them."""
    counts = any(
        all(after - before == 1 for before, after in pairwise(numbers))
        for numbers in zip(*(numbers for _, numbers in places), strict=True)
    )
    apart = all(after - before > 1 for (before, _), (after, _) in pairwise(places))
    return len(places) > 1 and counts and apart


def _count_from_one(places: Sequence[tuple[int, tuple[int, ...]]]) -> bool:
    """Whether one number of lines counts them from 1, and all others stay as they are."""
    columns = list(zip(*(numbers for _, numbers in places), strict=True))
    count = tuple(range(1, len(places) + 1))
    return all(column == count or len(set(column)) == 1 for column in columns)


def _doubtful(
    blocks: Sequence[Block], texts: Mapping[int, str], wide: int
) -> tuple[list[Block], list[Note]]:
    """The blocks with the tables that blanks do not tell for certain as lines of text, and a
    note on each of these.

    Without lines nothing but its place says which columns a heading spans: where two columns end
    up with the same headings it was taken for wider or narrower than it is. And a table that goes
    on in lines which fit its columns no more is not whole.
    """
    left: set[int] = set()
    below: int | None = None
    for part in reversed(_tables(blocks)):
        between = blocks[part[-1] + 1 : below]
        again = _captions(between) & _captions(_above(blocks, part[0]))
        further = below in left and (bool(again) or not _captions(between))
        grids = [block for index in part if isinstance(block := blocks[index], Grid)]
        if (
            not (_has_notes(grids) and _are_alike(grids, texts, wide))
            or _goes_on(between)
            or further
        ):
            left.update(part)
        below = part[0]
    kept: list[Block] = []
    notes: list[Note] = []
    for index, block in enumerate(blocks):
        if isinstance(block, Paragraph) or index not in left:
            kept.append(block)
            continue
        notes.append(_note(block, kept))
        kept += [
            Paragraph(cell.text, cell.position) for row in block.rows for cell in row if cell.text
        ]
    return kept, notes


def _above(blocks: Sequence[Block], index: int) -> list[Block]:
    """The lines between a table and the one before it."""
    return list(takewhile(lambda block: isinstance(block, Paragraph), reversed(blocks[:index])))


def _captions(blocks: Sequence[Block]) -> set[str]:
    """The lines that look like titles of tables, in normal form."""
    texts = (normal(block.text) for block in blocks if isinstance(block, Paragraph))
    return {text for text in texts if phrase("caption.title_end").search(text)}


def _tables(blocks: Sequence[Block]) -> list[list[int]]:
    """Where the grids of each table stand: rows without headings right behind a grid of as many
    columns go on with it, on the next page."""
    found: list[list[int]] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Grid):
            continue
        before = blocks[index - 1] if index else None
        same = isinstance(before, Grid) and before.width == block.width
        if same and any(map(_is_amount, block.rows[0])):
            found[-1].append(index)
        else:
            found.append([index])
    return found


def _has_notes(grids: Sequence[Grid]) -> bool:
    """Whether each column with amounts has headings of its own, and no cell holds two amounts."""
    rows = [row for grid in grids for row in grid.rows]
    if any(_holds_several(cell.text) for row in rows for cell in row):
        return False
    head = list(takewhile(lambda row: not any(map(_is_amount, row)), rows))
    paths: list[tuple[str, ...]] = []
    for column in range(grids[0].width):
        if any(_is_amount(row[column]) for row in rows[len(head) :] if column < len(row)):
            over = [c for row in head for c in row if c.column <= column < c.column + c.colspan]
            paths.append(tuple(normal(cell.text) for cell in over if cell.text))
    return bool(head) and len(set(paths)) == len(paths)


def _are_alike(grids: Sequence[Grid], texts: Mapping[int, str], wide: int) -> bool:
    """Whether the amounts of each page of a table stand in the same columns for certain.

    They do where no column is blank. Programs place the text of each page for itself, and where one
    column is blank the others move together: then the numbers must end where those above end.
    """
    first = _places(grids[0], texts, wide)
    for grid in grids[1:]:
        own = _places(grid, texts, wide)
        if own.keys() >= first.keys():
            continue
        for column, places in own.items():
            above, below = _sides(first.get(column, places)), _sides(places)
            few = min(map(len, above))
            if not any(b <= a for a, b in zip(above, below, strict=True) if len(a) == few):
                return False
    return True


def _sides(places: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The places where numbers end, and those where they begin; of one side there are few."""
    return [set(side) for side in zip(*places, strict=True)]


def _places(grid: Grid, texts: Mapping[int, str], wide: int) -> dict[int, list[tuple[int, int]]]:
    """Where the amounts of each column end and begin on their lines."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in grid.rows:
        place = 0
        for cell in row:
            line = texts.get(cell.position.line, "")
            at = line.find(cell.text, place) if cell.text else -1
            if at < 0:
                continue
            place = at + len(cell.text)
            if _is_amount(cell):
                end, start = (sum(_width(char, wide) for char in line[:n]) for n in (place, at))
                found.setdefault(cell.column, []).append((end, start))
    return found


def _holds_several(text: str) -> bool:
    numbers = [part for part in text.split() if parse_number(part) is not None]
    return len(numbers) > 1 and parse_number(text) is None


def _goes_on(following: Sequence[Block]) -> bool:
    """Whether rows of numbers follow a table before another caption does."""
    rows: dict[Position, list[str]] = {}
    for block in following:
        if isinstance(block, Paragraph):
            rows.setdefault(block.position, []).append(block.text)
    for texts in rows.values():
        if len(texts) == 1 and phrase("layout.caption").search(normal(texts[0])):
            return False
        if len(texts) > 1 and any(parse_number(text) is not None for text in texts[1:]):
            return True
    return False


def _is_amount(cell: Cell) -> bool:
    return parse_number(cell.text) is not None and not _YEAR.fullmatch(cell.text)


def _note(grid: Grid, before: Sequence[Block]) -> Note:
    lines = [b.text for b in before if isinstance(b, Paragraph) and b.position < grid.position]
    titles = [line for line in lines[-_NEAR:] if _TABLE in line]
    return Note(
        scope="table",
        printed=(titles or [cell.text for cell in grid.rows[0] if cell.text] or ["?"])[-1],
        reason=message("table-aligned-by-blanks"),
        advice=message("give-table-with-rulings"),
        page=grid.position.page,
        line=grid.position.line,
    )


def _cells(blocks: Sequence[Block]) -> int:
    """The amounts that stand in a column of their own."""
    grids = (block for block in blocks if isinstance(block, Grid))
    return sum(parse_number(cell.text) is not None for g in grids for row in g.rows for cell in row)


def _is_aligned(page: TextPage) -> bool:
    return sum(_is_row(line) for _, line in page.lines) >= _ROWS


def _is_row(line: str) -> bool:
    """Whether a line is several pieces apart, one of them a number."""
    if len(line) > limits.TEXT:
        return False
    pieces = _GAP.split(line.strip())
    return len(pieces) > 1 and any(parse_number(piece) is not None for piece in pieces)


def _blocks(pages: Sequence[TextPage], wide: int) -> Iterator[Block]:
    """The blocks of all pages, at their lines of the text."""
    sequence = PageSequence(RunningLines(len(pages)))
    numbers: dict[int, list[int]] = {}
    for index, page in enumerate(pages, start=1):
        pushed = _pushed_heads(page, wide)
        glyphs = [
            glyph for at, line in page.lines
            for glyph in _glyphs(line, at, page, wide, pushed.get(at, ()))
        ]  # fmt: skip
        numbers[index] = [at for at, line in page.lines if line.strip()]
        height = _PITCH * (page.lines[-1][0] - page.lines[0][0] + 2)
        sequence.add(index, height, glyphs)
    texts = {at: line for page in pages for at, line in page.lines}
    for joined in join_pages(sequence.read()):
        for block in page_blocks(joined):
            yield _placed(block, numbers, pages, texts)


def _glyphs(line: str, number: int, page: TextPage, wide: int, extents: Extents) -> Iterator[Glyph]:
    """The characters of a line, each at its place; the pieces of one within ``extents`` if there are."""
    top = _PITCH * (number - page.lines[0][0] + 1)
    place, left_of, step = 0, 0.0, 1.0
    pieces = _pieces(line, wide) if extents else []
    for char in line:
        width = _width(char, wide)
        if pieces and place == pieces[0][0]:
            (start, end), (left_of, right_of) = (
                pieces.pop(0),
                extents[len(extents) - len(pieces) - 1],
            )
            step = min(1.0, (right_of - left_of) / (end - start))
            left_of -= start * step
        if not char.isspace() and unicodedata.category(char) not in ("Mn", "Cf", "Cc"):
            left, right = ((at * step + left_of) * _PLACE for at in (place, place + width))
            yield Glyph(char, left, top - 10, right, top, left, top)
        place += width


def _pieces(line: str, wide: int) -> list[tuple[int, int]]:
    """Where the pieces of a line that stand apart begin and end, in places."""
    gaps = [match.span() for match in _GAP.finditer(line)]
    ends = [0, *(at for gap in gaps for at in gap), len(line)]
    places = [0, *accumulate(_width(char, wide) for char in line)]
    return [
        (places[start], places[end])
        for start, end in zip(ends[::2], ends[1::2], strict=True) if start < end
    ]  # fmt: skip


def _pushed_heads(page: TextPage, wide: int) -> dict[int, Extents]:
    """The lines of headings of which one wider than its column pushed the others on, and where they
    belong: right above rows that have as many columns as the line has pieces."""
    found: dict[int, Extents] = {}
    lines = [(at, line) for at, line in page.lines if line.strip()]
    for index, (at, line) in enumerate(lines[:-1]):
        heads = _pieces(line, wide) if len(line) <= limits.TEXT else []
        above = lines[index - 1][1].strip() if index else ""
        if len(heads) < _HEADS or _is_row(line) or not _is_row(lines[index + 1][1]):
            continue
        if _GAP.search(above) and not find_units(above):
            continue  # headings over several columns, whose places say which
        rows = takewhile(_is_row, (text for _, text in lines[index + 1 :]))
        columns: list[tuple[int, int]] = []
        for start, end in sorted(extent for text in rows for extent in _pieces(text, wide)):
            if columns and start - columns[-1][1] < _APART:
                columns[-1] = columns[-1][0], max(columns[-1][1], end)
            else:
                columns.append((start, end))
        if len(columns) != len(heads):
            continue
        over = [
            [at for at, column in enumerate(columns) if column[0] < end and start < column[1]]
            for start, end in heads
        ]
        if any(own and own != [at] for at, own in enumerate(over)):
            room = [after - _APART for after, _ in columns[1:]] + [inf]
            found[at] = [
                (max(start, min(end, right) - (b - a)) if at else start, right)
                for at, ((start, end), right, (a, b)) in enumerate(zip(columns, room, heads, strict=True))
            ]  # fmt: skip
    return found


def _width(char: str, wide: int) -> int:
    """The places that a character takes."""
    return wide if unicodedata.east_asian_width(char) in "WF" else 1


def _placed(
    block: Block,
    numbers: dict[int, list[int]],
    pages: Sequence[TextPage],
    texts: dict[int, str],
) -> Block:
    """A block at the line of the text that it was printed on."""

    def at(position: Position) -> Position:
        lines = numbers[position.page or 1]
        line = lines[min(position.line, len(lines)) - 1]
        return Position(line, pages[(position.page or 1) - 1].page)

    def cell(old: Cell) -> Cell:
        new = at(old.position)
        return replace(old, position=new, fragment=text_line(new.line) if old.text else None)

    if isinstance(block, Paragraph):
        position = at(block.position)
        line = texts[position.line]
        heading = _HEADING.match(line)
        level = len(heading[1]) if heading else 0
        whole = "".join(line.split()) == "".join(block.text.split())
        text = line if whole else block.text  # words of a line keep the blanks between them
        return replace(block, position=position, text=clean(text), level=level)
    rows = tuple(
        tuple(new for old in row for new in _apart(cell(old))) for row in _without_covered(block)
    )
    return replace(block, position=at(block.position), rows=rows)


def _levels(cell: Cell) -> list[str]:
    """The words of a heading that stand over one column of codes each: 类 款 over two."""
    words = cell.text.split()
    wide = 1 < cell.colspan == len(words)
    return words if wide and all(word in _LEVELS for word in words) else []


def _without_covered(grid: Grid) -> Iterator[list[Cell]]:
    """The rows without the blanks that fill the places of a heading which is taken apart."""
    for row in grid.rows:
        covered = {
            cell.column + further
            for cell in row
            for further in range(1, len(_levels(cell)))
        }  # fmt: skip
        yield [cell for cell in row if cell.column not in covered]


def _apart(cell: Cell) -> list[Cell]:
    """A heading of several columns of codes as a cell for each."""
    words = _levels(cell)
    return [
        replace(cell, text=word, column=cell.column + index, colspan=1)
        for index, word in enumerate(words)
    ] or [cell]
