"""Where a page may have tables without lines, and what tells that they are tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.lexicon.units import find_unit
from yusuan.model.document import Position
from yusuan.model.text import normal
from yusuan.sources.blocks import SourceCell, SourceRow, is_above, is_note, title_of
from yusuan.sources.pdf.columns import close_cuts, columns_crossed
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import (
    PIECE_GAP,
    GlyphLine,
    TextLine,
    Word,
    is_page_number,
    lines_of,
    text_line,
    typical,
)
from yusuan.sources.pdf.ruled_tables import Lattice, Span
from yusuan.sources.pdf.rulings import Ruling
from yusuan.sources.pdf.unruled_tables import (
    NO_EVIDENCE,
    TableEvidence,
    opened_lattice,
    unruled_lattice,
)

__all__ = ["DetectedTables", "caption_evidence", "find_unruled_tables", "is_continued"]

_WORD = 0.6
"""Gap between words, in font sizes."""
_DIGIT = re.compile(r"\d")
_TITLE = 4
"""A title of a table has so many characters; 附表 is none."""
_SENTENCE = re.compile(r"[。；]")
_SENTENCE_WIDE, _INDENT = 0.35, 3
_LONG, _WIDE = 28, 0.5
"""A line of one piece, so many characters and this share of the page wide, is running text."""
_FAR = 7.0
"""Rows are at most this many font sizes apart, or twice as far as those above them."""
_BELOW = 2.5
"""A head stands at most this many font sizes above its first row."""
_LEADING, _OTHER_SIZE = 1.4, 0.08
"""Lines of one text are this many font sizes apart; fonts that differ by more are of others."""
_REST = 4
"""A line of so few characters may be the end of a label."""
_FOOT = 16
"""A line of more characters is no page number."""
_HEADINGS = 8
_ROWS, _ACROSS = 2, 3
"""Lines of a head, at most."""
_LEFT = 0.3
"""A label begins within this share of its column."""


@dataclass(frozen=True, slots=True)
class DetectedTables:
    """The ruled tables of a page that stay, those found without lines, and lines at its end.

    These may be the start of a table that only the next page tells the columns of. ``began``
    are the columns of the table at the top, if the lines left open before are its start.
    """

    kept: list[Lattice]
    tables: list[Lattice]
    open: tuple[TextLine, ...] = ()
    began: tuple[float, ...] | None = None


@dataclass(slots=True)
class _TableCandidate:
    """Lines that may be one table, with what stands above them."""

    evidence: TableEvidence
    lines: list[TextLine] = field(default_factory=list)
    above: Lattice | None = None
    torn: bool = False
    """Whether a ruled table follows: a single line is a row torn off it."""


def find_unruled_tables(
    glyphs: Sequence[Glyph], rulings: Sequence[Ruling], ruled: Sequence[Lattice],
    partly: Sequence[Lattice], before: TableEvidence = NO_EVIDENCE,
    after: tuple[float, ...] | None = None,
) -> DetectedTables:  # fmt: skip
    """The tables of a page that are drawn without lines.

    ``glyphs`` are those outside the ruled tables or in such that miss lines (``partly``);
    ``before`` is what the end of the page before tells of the top of this one; ``after`` are
    the columns, known from the next page, of the lines that were left ``open`` at the end.
    """
    lines = [text_line(line, _WORD) for line in lines_of(g for g in glyphs if not g.turn)]
    whole = [table for table in ruled if table not in partly]
    found: list[Lattice] = []
    last: list[TextLine] = []
    began: tuple[float, ...] | None = None
    for segment in _table_candidates(lines, whole, before):
        _note_rulings(segment, partly)
        table = _table(segment, rulings)
        if table is not None:
            found.append(table)
            began = table.xs if segment.evidence.open else began
            last = []
        elif segment.evidence != NO_EVIDENCE and len(segment.lines) > 1 and not segment.above:
            last = segment.lines
        elif any(len(line.words) > 1 or len(line.text) > _FOOT for line in segment.lines):
            last = []
    while last and is_page_number(last[-1].text):
        last = last[:-1]
    if max((len(line.words) for line in last), default=0) < _ACROSS:
        last = []
    if last and after is not None:
        table = opened_lattice(last, rulings, after)
        if table is not None:
            found.append(table)
    kept = [table for table in ruled if not any(_overlap(table, other) for other in found)]
    return DetectedTables(kept, found, tuple(last), began)


def _overlap(one: Lattice, other: Lattice) -> bool:
    return (
        one.top < other.bottom - 1
        and other.top < one.bottom - 1
        and (one.xs[0] < other.xs[-1] and other.xs[0] < one.xs[-1])
    )


def _note_rulings(segment: _TableCandidate, partly: Sequence[Lattice]) -> None:
    """Lines inside a table that is drawn with some of its lines only are a table for certain."""
    if segment.lines and any(
        table.top <= segment.lines[0].y and segment.lines[-1].y <= table.bottom for table in partly
    ):
        segment.evidence = replace(segment.evidence, title=True, unit=True)


def _table_candidates(
    lines: Sequence[TextLine], ruled: Sequence[Lattice], before: TableEvidence
) -> Iterator[_TableCandidate]:
    """Runs of lines between captions, remarks, running text, ruled tables and wide gaps."""
    left = min((line.line.x0 for line in lines), default=0.0)
    extent = max((line.line.x1 for line in lines), default=1.0) - left
    segment = _TableCandidate(before)
    for line in lines[_foreign(lines, before) :]:
        last = segment.lines[-1] if segment.lines else None
        passed = [t for t in ruled if (last.y if last else 0) < t.top and t.bottom <= line.y + 2]
        if passed:
            segment.torn = sum(line.is_data for line in segment.lines) < _ROWS
            yield segment
            segment = _TableCandidate(NO_EVIDENCE, above=passed[-1])
            last = None
        row = _as_row(line.line)
        if _titles_beside(row) > 1:
            yield segment
            segment = _TableCandidate(TableEvidence(several=True))
        elif is_above(row) or is_continued(line.text):
            if segment.lines:
                yield segment
                segment = _TableCandidate(NO_EVIDENCE)
            segment.above = None
            segment.evidence = caption_evidence(line.line, segment.evidence)
        elif is_note(row) or _is_prose(line, left, extent):
            yield segment
            segment = _TableCandidate(NO_EVIDENCE)
        elif last is not None and _is_far(segment.lines, line):
            yield segment
            segment = _TableCandidate(NO_EVIDENCE, [line])
        else:
            segment.lines.append(line)
    yield segment


def _foreign(lines: Sequence[TextLine], before: TableEvidence) -> int:
    """How many lines at the top of a page are of no table, though the page before ends with one.

    They are those above rows with amounts that repeat no heading of that table and are no headings of
    another, which stand over each column of amounts: what runs along the margin of this page alone.
    """
    edges = before.edges
    first = next((i for i, line in enumerate(lines) if _amounts(line)), None)
    if edges is None or not before.head or first is None or first > _ACROSS:
        return 0
    top = list(lines[:first])
    while top and any(normal(word.text) in before.head for word in top[-1].words):
        top.pop()
    if not top or any(is_above(_as_row(line.line)) or is_continued(line.text) for line in top):
        return 0
    if all(len(line.words) == 1 and _within(line.words[0], edges) for line in top):
        return 0  # perhaps the rest of a label
    columns = {columns_crossed(edges, word)[0] for line in lines[first:] for word in _amounts(line)}
    over = {
        column
        for line in lines[:first] for word in line.words
        for column in range(columns_crossed(edges, word)[0], columns_crossed(edges, word)[1] + 1)
    }  # fmt: skip
    return 0 if len(top) == first and columns <= over else len(top)


def _amounts(line: TextLine) -> list[Word]:
    """The words of a row that are numbers with decimals."""
    numbers = ((word, parse_number(word.text)) for word in line.words)
    return [word for word, number in numbers if number and number.decimals]


def _within(word: Word, edges: Sequence[float]) -> bool:
    """Whether a word begins where a column does, and ends in it."""
    first, last = columns_crossed(edges, word)
    wide = edges[first + 1] - edges[first]
    return first == last and word.x0 - edges[first] < _LEFT * wide


def _is_prose(line: TextLine, left: float, extent: float) -> bool:
    """Whether a line is running text: a sentence ends in it, or it is as wide as the page.

    A cell may hold a sentence as well; its lines are narrow and do not begin at the margin.
    """
    if len(line.words) > 2 or (len(line.words) == 2 and line.is_data):
        return False
    share = (line.line.x1 - line.line.x0) / extent
    if _SENTENCE.search(line.text):
        return share > _SENTENCE_WIDE or line.line.x0 - left < _INDENT * line.size
    return len(line.words) == 1 and share > _WIDE and len(line.text) >= _LONG


def _as_row(line: GlyphLine) -> SourceRow:
    parts = line.parts(PIECE_GAP, keep="：:")
    return SourceRow(Position(1), {i: SourceCell(part.text) for i, part in enumerate(parts)})


def caption_evidence(line: GlyphLine, so_far: TableEvidence) -> TableEvidence:
    """What a line above a table adds to what is known; nothing at all if it is no caption."""
    row = _as_row(line)
    continued = is_continued(line.text)
    if not (is_above(row) or continued):
        return NO_EVIDENCE
    return TableEvidence(
        title=so_far.title or bool(title_of([row])),
        unit=so_far.unit or find_unit(line.text) is not None,
        edges=so_far.edges if continued else None,
        several=so_far.several,
    )


def _titles_beside(row: SourceRow) -> int:
    """How many titles of tables a line holds, apart from each other; a number (公开01表) is none."""
    texts = (normal(cell.text) for cell in row.cells.values())
    return sum(
        len(text) >= _TITLE
        and not _DIGIT.search(text)
        and bool(phrase("caption.title_end").search(text))
        for text in texts
    )


def is_continued(text: str) -> bool:
    """Whether a caption says that a table goes on."""
    return bool(phrase("layout.continued").search(normal(text)))


def _is_far(lines: Sequence[TextLine], line: TextLine) -> bool:
    gap = line.y - lines[-1].y
    if line.is_data and line.is_total:
        return False
    if not any(other.is_data for other in lines):
        return gap > 2 * _FAR * line.size
    usual = typical((b.y - a.y for a, b in pairwise(lines)), gap / 2)
    return gap > max(_FAR * line.size, 2.2 * usual)


def _table(segment: _TableCandidate, rulings: Sequence[Ruling]) -> Lattice | None:
    cuts = close_cuts(segment.lines)
    own = [text_line(line.line, _WORD, cuts) for line in segment.lines] if cuts else segment.lines
    lines = _trimmed(own, segment.evidence)
    if not lines or segment.evidence.several or (segment.torn and segment.evidence.edges):
        return None
    evidence, above = segment.evidence, segment.above
    if evidence.open:
        return _continuing(lines, rulings, evidence)
    if evidence.title or evidence.unit or evidence.edges:
        return unruled_lattice(lines, rulings, evidence)
    if above is None or lines[0].top - above.bottom > _BELOW * lines[0].size or len(lines) < 2:
        return None
    below = unruled_lattice(lines, rulings, TableEvidence(edges=above.xs))
    return _joined(above, below) if below else None


def _continuing(
    lines: Sequence[TextLine], rulings: Sequence[Ruling], evidence: TableEvidence
) -> Lattice | None:
    """The table that lines at the top of a page make with those at the end of the page before."""
    own = replace(evidence, open=())
    alone = unruled_lattice(lines, rulings, own) if not lines[0].is_data else None
    if alone is not None:
        return alone
    step = min([b.y - a.y for a, b in pairwise(lines)], default=2 * lines[0].size)
    down = lines[0].y - step - evidence.open[-1].y
    both = unruled_lattice([*(line.moved(down) for line in evidence.open), *lines], (), own)
    return unruled_lattice(lines, rulings, TableEvidence(edges=both.xs)) if both else None


def _joined(head: Lattice, body: Lattice) -> Lattice:
    """One table of a ruled head and the rows below it, which have the same columns."""
    rows = len(head.ys) - 1
    moved = (
        Span(cell.row + rows, cell.column, cell.row_end + rows, cell.column_end)
        for cell in body.cells
    )
    return Lattice(head.xs, (*head.ys, *body.ys[1:]), (*head.cells, *moved))


def _runs_on(lines: Sequence[TextLine], rest: TextLine) -> bool:
    """Whether a text goes on with a word of the lines above it."""
    return rest.y - lines[-1].y < _LEADING * rest.size and any(
        abs(word.x0 - rest.words[0].x0) < rest.size / 2 for line in lines for word in line.words
    )


def _trimmed(lines: list[TextLine], evidence: TableEvidence) -> list[TextLine]:
    """The lines up to the last that is certainly of the table."""
    data = [index for index, line in enumerate(lines) if line.is_data]
    if not data or (data[0] > _HEADINGS and not evidence.edges):
        return []
    end = data[-1] + 1
    usual = typical((b.y - a.y for a, b in pairwise(lines[:end])), 0)
    while end < len(lines) and (
        lines[end].starts_entry
        or len(lines[end].words) > 1
        or len(lines[end].text) <= _REST
        or _runs_on(lines[max(end - 2, 0) : end], lines[end])
    ):
        other = abs(lines[end].size - lines[end - 1].size) > _OTHER_SIZE * lines[end].size
        if other or lines[end].y - lines[end - 1].y > 1.2 * usual:
            break
        end += 1
    return lines[:end]
