"""One table without a full grid of lines: printed lines in, the same lattice as of a ruled one out.

Columns come from the gaps that all rows share, rows from the distances between lines and from
level lines or shades, where there are some. Whatever is not evidently a table gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from yusuan.lexicon.phrases import phrase
from yusuan.sources.pdf.columns import (
    TextColumn,
    adjusted_edges,
    close_cuts,
    columns_crossed,
    columns_of,
    edges_between,
    number_cuts,
    widen_columns,
)
from yusuan.sources.pdf.headings import TableHead, heading_spans
from yusuan.sources.pdf.lines import TextLine, starts_entry, text_line
from yusuan.sources.pdf.ruled_tables import Lattice, Span, Walls, cells_between, walls_of
from yusuan.sources.pdf.rulings import Ruling

__all__ = ["NO_EVIDENCE", "TableEvidence", "opened_lattice", "unruled_lattice"]

_GAPS = ((8, 0.12), (3, 0.4), (1, 0.5))
"""Numbers of rows, and the gap between columns, in font sizes, that as many rows share."""
_WORD = 0.6
"""Gap between words, in font sizes."""
_HEADING = 0.35
"""Gap between headings: these fill their columns."""
_MANY = 3
_THROUGH = 0.6
"""A level line along this share of the table's width goes through."""
_COLUMN = 0.3

_BESIDE = 0.85
"""Lines nearer than this many font sizes stand beside each other: parts of one row."""
_HALF, _MOST_BESIDE = 0.6, 1.1
"""So do lines nearer than this share of the distance between rows, and these font sizes."""
_REGULAR = 0.95
_SAME, _FEW = 1.15, 1
_NEARER = 0.8
"""A wrapped line stands nearer to its row than this share of the distance between rows."""
_MOSTLY = 0.7
_LONGEST_REST = 4
"""Where rows and lines are equally far apart, a rest of so many characters is no entry."""

Row = list[TextLine]
_DECIMALS = re.compile(r"\d\.\d")
_DIGITS = re.compile(r"\d{1,3}")
_LEADING = 1.4
"""Lines of one text are this many font sizes apart at most."""
_PAGE = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """What tells that lines are a table.

    ``title``, ``unit``: a caption with a title or unit of account stands above. ``edges``: the
    columns are known, of the page before or of a ruled head. ``open``: lines at the end of the
    page before that this table may begin with. ``head``: the headings of the table that the page
    before ends with, in normal form.
    """

    title: bool = False
    unit: bool = False
    edges: tuple[float, ...] | None = None
    open: tuple[TextLine, ...] = ()
    head: frozenset[str] = frozenset()
    several: bool = False


def unruled_lattice(
    lines: Sequence[TextLine], rulings: Sequence[Ruling], evidence: TableEvidence
) -> Lattice | None:
    """The table that lines from top to bottom make, its head first; None when unsure."""
    size = max(line.size for line in lines)
    level = [rule for rule in rulings if rule.horizontal
             and lines[0].top - 2 * size < rule.at < lines[-1].bottom + 2 * size]  # fmt: skip
    start = _first_row(lines, level)
    if start is None:
        return None
    found: list[tuple[float, Lattice, bool]] = []
    for edges in _edges(lines[:start], lines[start:], rulings, evidence, size):
        table = _over(edges, lines[:start], lines[start:], level, evidence)
        if table is not None:
            found.append(table)
    # Columns that only a heading tells of must explain it clearly better.
    best = min(found, key=lambda table: table[0] + _COLUMN * len(table[1].xs), default=None)
    return best[1] if best and best[2] else None


def opened_lattice(
    lines: Sequence[TextLine], rulings: Sequence[Ruling], edges: tuple[float, ...]
) -> Lattice | None:
    """The start of a table, perhaps its head only, that has its columns from the next page."""
    if any(line.is_data for line in lines):
        return unruled_lattice(lines, rulings, TableEvidence(edges=edges))
    head = [text_line(line.line, _HEADING, heading=True) for line in lines]
    found = heading_spans(head, edges, [rule for rule in rulings if rule.horizontal],
                          (lines[0].top, lines[-1].bottom))  # fmt: skip
    return Lattice(edges, found.ys, found.spans) if found and found.clear else None


def _over(
    edges: tuple[float, ...], head: Sequence[TextLine], body: Sequence[TextLine],
    level: Sequence[Ruling], evidence: TableEvidence,
) -> tuple[float, Lattice, bool] | None:  # fmt: skip
    """The table over columns, how far its headings are off their places, and whether no other way
    to see them is nearly as good."""
    head = [text_line(line.line, _HEADING, heading=True) for line in head]
    body = [text_line(line.line, _WORD, edges) for line in body]
    while head and _begins_row(head, body, edges):
        body.insert(0, text_line(head.pop().line, _WORD, edges))
    if not _is_table(body, edges, evidence, bool(head)):
        return None
    width = edges[-1] - edges[0]
    through = sorted({
        rule.at for rule in level
        if min(rule.end, edges[-1]) - max(rule.start, edges[0]) >= _THROUGH * width
    })  # fmt: skip
    rows, ruled = _rows(body, edges, through)
    if _has_broken_numbers(rows) or (not ruled and _has_groups(body, edges)):
        return None
    return _lattice(head, rows, edges, level, through, ruled)


def _first_row(lines: Sequence[TextLine], level: Sequence[Ruling]) -> int | None:
    """Index of the first line below the head: the first with a number, or entries before it."""
    first = next((i for i, line in enumerate(lines) if line.is_data), None)
    if first is None:
        return None
    while first > 0 and starts_entry(lines[first - 1].words[0].text):
        first -= 1
    # Labels alone below a line drawn through are rows without numbers, no part of the head.
    left, right = min((r.start for r in level), default=0), max((r.end for r in level), default=0)
    through = [r.at for r in level if r.start < left + 3 and r.end > right - 3]
    for index in range(1, first):
        above, below = lines[index - 1].y, lines[index].y
        drawn = [at for at in through if at < below]
        alone = all(len(line.words) == 1 for line in lines[index:first])
        if len(drawn) > 1 and drawn[-1] > above and alone:
            return index
    return first


def _edges(
    head: Sequence[TextLine], body: Sequence[TextLine], rulings: Sequence[Ruling],
    evidence: TableEvidence, size: float,
) -> Iterator[tuple[float, ...]]:  # fmt: skip
    """The ways to see the edges of columns."""
    if evidence.edges is not None:
        yield adjusted_edges(evidence.edges, body, size)
        if not head:
            return
    counted = [line for line in body if line.counts_columns]
    head = [text_line(line.line, _HEADING, heading=True) for line in (*head, *counted)]
    body = [line for line in body if line not in counted]
    if not body:
        return
    count = sum(line.is_data for line in body)
    gap = next((gap for least, gap in _GAPS if count >= least), _GAPS[-1][1])
    cuts = close_cuts(body) + number_cuts(body)
    rows = [text_line(line.line, gap, cuts) for line in body
            if len(line.words) > 1 or line.words[0].is_number]  # fmt: skip
    top, bottom = (head or body)[0].top, body[-1].bottom
    near = [
        rule for rule in rulings if rule.horizontal and top - 2 * size < rule.at < bottom + size
    ]
    upright = sorted(
        rule.at for rule in rulings
        if not rule.horizontal and not rule.shade and rule.start < bottom and rule.end > top
    )  # fmt: skip
    words = [word for line in (*head, *body) for word in line.words]
    left = min(word.x0 for word in words) - size / 2
    right = max(word.x1 for word in words) + size / 2
    wide = [rule for rule in near if rule.end - rule.start >= _THROUGH * (right - left)]
    ends = min([left, *(r.start for r in wide)]), max([right, *(r.end for r in wide)])
    alone = [line.words[0] for line in body if len(line.words) == 1]
    for columns in columns_of(rows, head, gap * size, cuts):
        widen_columns(columns, [word for word in alone if not word.is_number])
        heads = [word for line in head for word in line.words]
        yield edges_between(_with_numbering(columns, rows), heads, upright, ends, size)


def _with_numbering(columns: list[TextColumn], lines: Sequence[TextLine]) -> list[TextColumn]:
    """Columns where the number of a list is none of its own."""
    for index, (one, other) in enumerate(pairwise(columns)):
        texts = [word.text for line in lines for word in line.words if one.x0 <= word.x <= one.x1]
        if texts and all(phrase("layout.numbering").fullmatch(text) for text in texts):
            joined = replace(other, x0=one.x0, headings=[*one.headings, *other.headings])
            return _with_numbering([*columns[:index], joined, *columns[index + 2 :]], lines)
    return columns


def _rows(
    body: Sequence[TextLine], edges: tuple[float, ...], through: Sequence[float]
) -> tuple[list[Row], bool]:
    """The rows, and whether drawn lines alone part them."""
    bands: list[list[TextLine]] = []
    for line in body:
        if bands and not any(bands[-1][-1].y < at < line.y for at in through):
            bands[-1].append(line)
        else:
            bands.append([line])
    rows: list[Row] = []
    ruled = True
    for lines in bands:
        if len(bands) > 1 and _is_one_row(lines, edges):
            rows.append(list(lines))
        else:
            rows += _rows_of(lines, edges)
            ruled = False
    return rows, ruled and len(bands) > 1


def _is_one_row(lines: Sequence[TextLine], edges: tuple[float, ...]) -> bool:
    """Whether lines between two drawn lines are one row: no column has two numbers."""
    seen: set[int] = set()
    for line in lines:
        columns = {columns_crossed(edges, word)[0] for word in line.words if word.is_number}
        if columns & seen:
            return False
        seen |= columns
    return len(lines) < _MANY or len(seen) > 0


def _lattice(
    head: Sequence[TextLine], rows: list[Row], edges: tuple[float, ...],
    level: Sequence[Ruling], through: Sequence[float], ruled: bool,
) -> tuple[float, Lattice, bool] | None:  # fmt: skip
    size = max(line.size for row in rows for line in row)
    first, last = rows[0], rows[-1]
    bottom = max(line.bottom for line in last)
    ys = [_drawn(through, y, size) for y in _edges_of_rows(rows)]
    end = next((at for at in through if bottom - 2 < at < bottom + size), bottom)
    top = min(line.top for line in first)
    spans: list[Span] = []
    above: tuple[float, ...] = ()
    found: TableHead | None = None
    if head:
        upper = min(line.top for line in head)
        start = max((at for at in through if upper - size < at < upper + 2), default=upper)
        low, high = max(line.y for line in head), min(line.y for line in first)
        between = [at for at in through if low < at < high]
        ends = (start, between[0] if between else (low + high) / 2)
        found = heading_spans(head, edges, level, ends, _columns_of_amounts(rows, edges))
        if found is None:
            return None
        above, spans = found.ys[:-1], list(found.spans)
        ys.insert(0, found.ys[-1])
    else:
        ys.insert(0, max((at for at in through if top - size < at < top + 2), default=top))
    heights = (*ys, end)
    cells = _body_cells(rows, edges, heights, level if ruled else None)
    if cells is None:
        return None
    down = len(above)
    spans += [Span(c.row + down, c.column, c.row_end + down, c.column_end) for c in cells]
    ascending = all(a < b for a, b in pairwise((*above, *heights)))
    if not ascending:
        return None
    lattice = Lattice(edges, (*above, *heights), tuple(spans))
    return (found.cost, lattice, found.clear) if found else (0.0, lattice, True)


def _columns_of_amounts(rows: Sequence[Row], edges: tuple[float, ...]) -> frozenset[int]:
    """The columns that hold numbers with decimals, which no code has."""
    return frozenset(
        columns_crossed(edges, word)[0]
        for row in rows for line in row for word in line.words
        if word.is_number and _DECIMALS.search(word.text)
    )  # fmt: skip


def _drawn(through: Sequence[float], y: float, size: float) -> float:
    return min((at for at in through if abs(at - y) < size), key=lambda at: abs(at - y), default=y)


def _body_cells(
    rows: list[Row], edges: tuple[float, ...], ys: tuple[float, ...], level: Sequence[Ruling] | None
) -> list[Span] | None:
    """Cells of the rows; a text over several columns has one cell if nothing else is there.

    With ``level`` lines, rows without a line between them are one cell.
    """
    width, height = len(edges) - 1, len(rows)
    upright: Walls = {(edge, row) for edge in range(width + 1) for row in range(height)}
    for index, row in enumerate(rows):
        taken = [columns_crossed(edges, word) for line in row for word in line.words]
        for first, last in set(taken):
            if first == last:
                continue
            if sum(a <= last and b >= first for a, b in taken) > 1:
                return None
            upright -= {(edge, index) for edge in range(first + 1, last + 1)}
    if level is None:
        flat: Walls = {(edge, column) for edge in range(height + 1) for column in range(width)}
    else:
        flat = walls_of(list(level), ys, edges)
    return cells_between(height, width, upright, flat)


def _rows_of(lines: Sequence[TextLine], edges: Sequence[float]) -> list[Row]:
    """Lines, from top to bottom, grouped into rows.

    A label may run over several lines, with the numbers beside the first, the last or the
    middle. Its lines stand nearer to each other than rows do; where they do not, only a short
    rest of a label that filled its column is taken for one.
    """
    pitch, certain = _pitch(lines, edges)
    chains: list[Row] = []
    for line in lines:
        if chains and line.y - chains[-1][-1].y < _near(line, pitch, certain):
            chains[-1].append(line)
        else:
            chains.append([line])
    centred = any(not _counts([chain[0]]) and _counts(chain) for chain in chains)
    rows = [row for chain in chains for row in _split(chain, edges, centred)]
    return _wrapped(_nearest(rows, pitch), edges, pitch)


def _begins_row(head: Sequence[TextLine], body: Sequence[TextLine], edges: Sequence[float]) -> bool:
    """Whether the last line above the first row with a number is of that row, or one itself.

    A label without numbers stands as far from the lines above and below it as rows do; the first
    line of a label stands clearly nearer to the row than to the headings.
    """
    line = head[-1]
    gap = body[0].y - line.y
    pitch, certain = _pitch(body, edges)
    if gap < _near(line, pitch, certain):
        return True
    if len(head) == 1 or len(line.words) > 1:
        return False
    above = line.y - head[-2].y
    begun = columns_crossed(edges, line.words[0]) == (0, 0) and gap < _NEARER * above
    return begun or (gap < _SAME * pitch and above > _REGULAR * pitch)


def _near(line: TextLine, pitch: float, certain: bool) -> float:
    """Lines nearer than this, in points, stand beside each other."""
    half = _HALF * pitch if certain else min(_HALF * pitch, _MOST_BESIDE * line.size)
    return max(_BESIDE * line.size, half)


def _split(chain: Row, edges: Sequence[float], centred: bool) -> list[Row]:
    """Lines that stand near each other, cut where a column gets its second number.

    Numbers stand at the first line of their row, or (``centred``) in the middle of it.
    """
    start = anchor = 0
    for index, line in enumerate(chain):
        if not _collide(chain[start:index], line, edges):
            if _counts([line]):
                anchor = index
            continue
        cut = index
        if centred:
            above = chain[anchor].y - chain[start].y
            cut = min(
                range(anchor + 1, index + 1),
                key=lambda i: (
                    abs(chain[i - 1].y - chain[anchor].y - above) - (chain[i].y - chain[i - 1].y)
                ),
            )
        return [chain[start:cut], *_split(chain[cut:], edges, centred)]
    return [chain]


def _collide(row: Row, line: TextLine, edges: Sequence[float]) -> bool:
    """Whether both have a number in one column."""
    columns = {columns_crossed(edges, word)[0] for word in line.words if word.is_number}
    return any(
        word.is_number and columns_crossed(edges, word)[0] in columns
        for other in row
        for word in other.words
    )


def _pitch(lines: Sequence[TextLine], edges: Sequence[float]) -> tuple[float, bool]:
    """The distance between rows, and whether it is seen more than once or twice.

    It is the least distance between numbers, or starts of entries, of one column.
    """
    last: dict[int, float] = {}
    steps: list[float] = []
    for line in lines:
        for word in line.words:
            if word.is_number or starts_entry(word.text):
                column, _ = columns_crossed(edges, word)
                if column in last:
                    steps.append(line.y - last[column])
                last[column] = line.y
    least = min(steps, default=float("inf"))
    return least, sum(step < _SAME * least for step in steps) > _FEW


def _counts(row: Row) -> bool:
    return any(word.is_number for line in row for word in line.words)


def _is_rest(row: Row) -> bool:
    """Whether a row could be a piece of another: one text, no entry of its own."""
    line = row[0]
    single = len(row) == len(line.words) == 1
    return single and not (_counts(row) or line.starts_entry or line.is_total)


def _nearest(rows: list[Row], pitch: float) -> list[Row]:
    """Lines of labels joined with the row that they stand clearly nearest to."""
    joined: list[Row] = []
    pending: Row = []
    for index, row in enumerate(rows):
        if not _is_rest(row):
            joined.append([*pending, *row])
            pending = []
            continue
        before = row[0].y - rows[index - 1][-1].y if index else float("inf")
        after = rows[index + 1][0].y - row[0].y if index + 1 < len(rows) else float("inf")
        if min(before, after) >= _NEARER * pitch or 0.9 * max(before, after) < min(before, after):
            joined.append([*pending, *row])
            pending = []
        elif after < before:
            pending += row
        else:
            joined[-1].extend([*pending, *row])
            pending = []
    return joined


def _wrapped(rows: list[Row], edges: Sequence[float], pitch: float) -> list[Row]:
    """Rests of labels that fill their column joined with them, where rows have no other mark.

    Where nearly every row has a number, what has none is a rest; else only a short one is. What
    stands as far below as rows do is a row.
    """
    ends: dict[int, float] = {}
    for word in (word for row in rows for line in row for word in line.words):
        column, last = columns_crossed(edges, word)
        if column == last:
            ends[column] = max(word.x1, ends.get(column, word.x1))
    numbered = sum(_counts(row) for row in rows) >= _MOSTLY * len(rows)
    joined: list[Row] = []
    for row in rows:
        near = bool(joined) and row[0].y - joined[-1][-1].y < _REGULAR * pitch
        if near and _is_rest(row) and _runs_on(joined[-1], row[0], edges, ends, numbered):
            joined[-1].extend(row)
        else:
            joined.append(row)
    return joined


def _runs_on(
    row: Row, rest: TextLine, edges: Sequence[float], ends: dict[int, float], numbered: bool
) -> bool:
    """Whether a line goes on with the label above it, which has no room for more."""
    word = rest.words[0]
    column, last = columns_crossed(edges, word)
    above = [w for line in row for w in line.words if columns_crossed(edges, w) == (column, column)]
    return (
        column == last
        and bool(above)
        and (numbered or len(word.text) <= _LONGEST_REST)
        and len(word.text) <= len(above[-1].text)
        and not above[-1].is_number
        and ends[column] - above[-1].x1 < rest.size
        and abs(above[-1].x0 - word.x0) < 2.5 * rest.size
    )


def _edges_of_rows(rows: Sequence[Row]) -> list[float]:
    """The heights that part rows: half way between the middles of their lines."""
    return [
        (max(line.y for line in above) + min(line.y for line in below)) / 2
        for above, below in pairwise(rows)
    ]


NO_EVIDENCE = TableEvidence()


def _is_table(
    body: Sequence[TextLine], edges: tuple[float, ...], evidence: TableEvidence, headed: bool
) -> bool:
    """Whether rows and columns are evidently those of a table."""
    width = len(edges) - 1
    if width < 2 or _contents(body, evidence):
        return False
    counts, texts = [0] * width, [0] * width
    for line in body:
        held: dict[int, list[bool]] = {}
        for word in line.words:
            first, last = columns_crossed(edges, word)
            if first != last:
                if word.is_number or (len(line.words) > 1 and evidence.edges is not None):
                    return False
                continue
            held.setdefault(first, []).append(word.is_number)
            counts[first] += word.is_number
            texts[first] += not word.is_number
        if any(sum(numbers) > 1 for numbers in held.values()) and not _is_spaced(line):
            return False
    numeric = sum(count > text for count, text in zip(counts, texts, strict=True))
    data = sum(line.is_data for line in body)
    if not numeric:
        return False
    if data >= _MANY or (evidence.edges is not None and (data > 1 or headed or numeric > 1)):
        return True
    return evidence.unit and headed and (data > 1 or numeric > 1)


def _has_broken_numbers(rows: Sequence[Row]) -> bool:
    """Whether numbers go on in the next line: a row of nothing but their last digits."""
    for above, row in pairwise(rows):
        words = [word for line in row for word in line.words]
        close = row[0].y - above[-1].y < _LEADING * row[0].size
        if close and all(_DIGITS.fullmatch(word.text) for word in words):
            return True
    return False


def _has_groups(body: Sequence[TextLine], edges: tuple[float, ...]) -> bool:
    """Whether labels stand in the middle of several rows, which nothing but lines could tell.

    Then a row with a text in the second column only comes before one with texts in both.
    """
    alone = False
    for line in body:
        texts = {columns_crossed(edges, word)[0] for word in line.words if not word.is_number}
        if alone and {0, 1} <= texts:
            return True
        alone = alone or (
            1 in texts and 0 not in {columns_crossed(edges, w)[0] for w in line.words}
        )
    return False


def _is_spaced(line: TextLine) -> bool:
    """Whether two numbers in one column are near enough to be one, set apart (1 326.81)."""
    numbers = [(a, b) for a, b in pairwise(line.words) if a.is_number and b.is_number]
    return all(b.x0 - a.x1 < line.size or b.x0 - a.x1 > 2 * line.size for a, b in numbers)


def _contents(body: Sequence[TextLine], evidence: TableEvidence) -> bool:
    """Whether the lines are a table of contents: leaders of dots, or pages at the right."""
    if any(re.search(r"[.．·…•]{3}|…", line.text.replace(" ", "")) for line in body):
        return True
    if evidence.unit:
        return False
    last = [line.words[-1].text for line in body if line.is_data]
    return all(_PAGE.fullmatch(text) for text in last) and all(
        len(line.words) == 2 for line in body if line.is_data
    )
