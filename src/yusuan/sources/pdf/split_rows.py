"""Rows that a page break cuts in two: their first lines on one page, the others on the next.

Word processors cut a row so, where they may break it. Each cell is then printed in part: a label,
a code, and also a number (73.3 / 7). What stands above is joined with what stands below, in the
row above.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.model.text import normal
from yusuan.sources.pdf.page import PageCell, PageTable
from yusuan.sources.pdf.ruled_tables import Span

__all__ = ["join_split_row", "usual_decimals"]

_LONGEST_REST = 4
"""A label that runs on over a page break does so with this many characters at most.

What is longer may be an entry of its own below a label that happens to fill its cell; joining
those would lose a row. Where numbers or codes prove that a row was cut, it may be any length.
"""
_USUAL = 0.8
"""This share of the numbers of a table have the same decimals where they are printed alike."""
_FEWEST = 4
_HEADINGS = 8
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_CODE = re.compile(r"\d{1,7}")
_MEASURE = re.compile(r"[（(][\u4e00-\u9fff]{1,4}[）)]")
_IDENTIFIER = re.compile(r"\d{8,}")
"""The number of a project: it may have any length."""
_NUMBER = re.compile(r"[1-9]\d?")
"""The number of a column."""
_CODES = (3, 5, 7)
"""Digits of a classification code."""
_LINE = 2
"""Digits of the number of a line (行次), which proves nothing."""

RowCells = dict[int, PageCell]


def join_split_row(
    upper: PageTable, lower: PageTable, pages: tuple[int, int], usual: int | None = None
) -> tuple[PageTable | None, PageTable | None]:
    """Both parts of a table with a row that was cut between them whole again.

    The lower part is None if it held nothing else, the upper one if it held only the first rows
    of headings. Headings that the lower one repeats stay in it, whole where a row of them was cut
    off. ``pages`` are those of the parts, ``usual`` is how many decimals the document prints.
    """
    if len(upper.xs) != len(lower.xs):
        return upper, lower
    if (both := _with_first_headings(upper, lower, pages[0])) is not None:
        return None, both
    first = _repeated_head(upper, lower)
    lower = _with_head_of(upper, lower, first)
    if any(cell.span.row < first + 1 < cell.span.row_end for cell in lower.cells):
        return upper, lower
    last = {cell.span.column: cell for cell in upper.cells if cell.span.row_end == upper.height}
    rest = {cell.span.column: cell for cell in lower.row(first) if cell.text}
    if not rest or _is_numbered(last):
        return upper, lower
    if not first and _is_half(last, rest):
        return _halves(upper, lower, last)
    decimals = _decimals(upper, lower, first, usual)
    if rest.keys() <= last.keys() and (
        _is_moved(last, rest)
        or (not first and _is_open(upper, lower) and _are_one(last, rest, decimals))
        or _is_cut(last, rest, decimals)
        or _runs_on(last, rest, upper)
    ):
        return _joined(upper, rest, pages[1]), _without_row(lower, first)
    return upper, lower


def _repeated_head(upper: PageTable, lower: PageTable) -> int:
    """How many rows at the top of the lower part repeat those of the upper one.

    Word processors cut off what does not fit into the height of a repeated row.
    """
    count = 0
    while count < min(upper.height - 1, lower.height - 1, _HEADINGS):
        head, again = _texts(upper.row(count)), _texts(lower.row(count))
        same = sum(head.get(column) == text for column, text in again.items())
        if 2 * len(again) <= len(head) or any(
            not head.get(c, "").startswith(text) for c, text in again.items()
        ):
            break
        if any(map(_is_digits, again.values())) and same < len(head):
            break
        count += 1
    return count


def _with_first_headings(upper: PageTable, lower: PageTable, page: int) -> PageTable | None:
    """The lower part with the upper one on top of it, where that is no more than the first rows of
    headings, some of which reach down into the second; None where it is not.

    A heading that goes on is blank below, or the rest of a text beside others that are.
    """
    if upper.height > _HEADINGS or any(parse_number(cell.text) for cell in upper.cells):
        return None
    ends = {
        (cell.span.column, cell.span.column_end): cell
        for cell in upper.cells if cell.span.row_end == upper.height and cell.text
    }  # fmt: skip
    on = {
        (cell.span.column, cell.span.column_end): cell
        for cell in lower.row(0) if cell.span.row_end > 1
    }  # fmt: skip
    on = {columns: cell for columns, cell in on.items() if columns in ends}
    if not any(not cell.text for cell in on.values()):
        return None
    cells: list[PageCell] = []
    for cell in upper.cells:
        rest = on.get((cell.span.column, cell.span.column_end))
        if rest is not None and cell.span.row_end == upper.height:
            end = upper.height + rest.span.row_end
            cell = replace(
                cell, span=replace(cell.span, row_end=end), text=cell.text + rest.text,
                undisplayed=cell.undisplayed + rest.undisplayed,
            )  # fmt: skip
        cells.append(replace(cell, page=cell.page or page))
    gone = {id(cell) for cell in on.values()}
    kept = [
        moved for cell, moved in zip(lower.cells, lower.shifted(upper.height), strict=True)
        if id(cell) not in gone
    ]  # fmt: skip
    return replace(lower, height=upper.height + lower.height, cells=(*cells, *kept))


def _texts(cells: Iterable[PageCell]) -> dict[int, str]:
    return {cell.span.column: normal(cell.text) for cell in cells if cell.text}


def _with_head_of(upper: PageTable, lower: PageTable, count: int) -> PageTable:
    """The lower part with the words of the headings that it repeats."""
    head = {(c.span.row, c.span.column): c.text for c in upper.cells if c.span.row < count}
    cells = tuple(
        replace(cell, text=head[cell.span.row, cell.span.column])
        if cell.span.row < count and cell.text
        else cell
        for cell in lower.cells
    )
    return replace(lower, cells=cells)


def usual_decimals(tables: Iterable[PageTable]) -> int | None:
    """The decimals that nearly all numbers of a document are printed with."""
    return _most_common(cell for table in tables for cell in table.cells)


def _decimals(upper: PageTable, lower: PageTable, first: int, usual: int | None) -> int | None:
    """The decimals of a table, the row that may be cut left out; else those of the document."""
    found = _most_common(
        cell
        for table, row in ((upper, upper.height - 1), (lower, first))
        for cell in table.cells
        if cell.span.row != row
    )
    return usual if found is None else found


def _most_common(cells: Iterable[PageCell]) -> int | None:
    """The decimals that nearly all numbers are printed with, codes apart."""
    counts = Counter(
        number.decimals
        for cell in cells
        if not _CODE.fullmatch(cell.text) and (number := parse_number(cell.text))
    )
    most = counts.most_common(1)
    if not most or sum(counts.values()) < _FEWEST:
        return None
    return most[0][0] if most[0][1] >= _USUAL * sum(counts.values()) else None


def _is_cut(last: RowCells, rest: RowCells, decimals: int | None) -> bool:
    """Whether numbers or codes prove that the second row is the rest of the first.

    They do where a number or a code is whole only together with what stands below it; and they
    speak against it where each is whole by itself. Amounts, of which the decimals are known, go
    before codes, of which some can be read in both ways. Where neither is so, a label that goes
    on without a code of its own decides.
    """
    labels = [column for column, cell in last.items() if _CHINESE.search(cell.text)]
    amounts: list[bool | None] = []
    codes: list[bool | None] = []
    for column, cell in rest.items():
        above, below = _set_close(last[column].text), _set_close(cell.text)
        if not above:  # what is printed at the top of its cell is above, but for codes
            if not (labels and column < labels[0] and _CODE.fullmatch(below)):
                return False
            codes.append(None)
            continue
        if not (_is_digits(above) or _is_digits(below)):
            continue
        plain = bool(_CODE.fullmatch(above) and _CODE.fullmatch(below))
        if plain and decimals and len(above + below) <= _LINE:
            codes.append(False)
        elif plain and (decimals or (labels and column < labels[0])):
            codes.append(_one_code(above, below))
        elif re.search("[%％‰]", below) or (_IDENTIFIER.fullmatch(above) and below.isdigit()):
            codes.append(False)
        else:
            amounts.append(_one_number(last[column], below, decimals))
    if None in amounts:
        return False
    proven = any(amounts)
    if not proven:
        if None in codes:
            return False
        proven = any(codes)
    words = {c: cell for c, cell in rest.items() if not _is_digits(cell.text)}
    coded = 0 in last and _CODE.fullmatch(last[0].text) and 0 not in rest
    return proven or bool(coded and words and _goes_on(last, words))


def _is_open(upper: PageTable, lower: PageTable) -> bool:
    """Whether no line closes the last row above, nor one the first below, over the same columns."""
    ends, begins = (
        {(c.span.column, c.span.column_end) for c in cells}
        for cells in (
            (c for c in upper.cells if c.span.row_end == upper.height), lower.row(0),
        )
    )  # fmt: skip
    return upper.open_bottom and lower.open_top and ends == begins


def _are_one(last: RowCells, rest: RowCells, decimals: int | None) -> bool:
    """Whether two rows that no line parts can be one: nothing is whole in both of them.

    Some programs draw no line at the end of a page, whether it cuts a row or not.
    """
    amounts = [False, False]
    for column, cell in rest.items():
        above, below = _set_close(last[column].text), _set_close(cell.text)
        if above and _is_digits(above) and _is_digits(below):
            if _CODE.fullmatch(above) and _CODE.fullmatch(below):
                whole: bool | None = _one_code(above, below)
            else:
                whole = _one_number(last[column], below, decimals)
            if not whole:
                return False
        amounts[1] = amounts[1] or (not above and parse_number(below) is not None)
    amounts[0] = any(parse_number(c.text) and not _CODE.fullmatch(c.text) for c in last.values())
    both = all(any(_CHINESE.search(c.text) for c in row.values()) for row in (last, rest))
    return not (both and all(amounts))


def _is_moved(last: RowCells, rest: RowCells) -> bool:
    """Whether single cells of a row had no room on its page: only codes stand below a label
    without one, or only amounts below one that has none. Neither is a row by itself."""
    label = [cell.text for cell in last.values() if _CHINESE.search(cell.text)]
    if not label or _starts_no_rest(label[0]) or any(last[column].text for column in rest):
        return False
    codes = [bool(_CODE.fullmatch(cell.text)) for cell in rest.values()]
    if all(codes):
        first = min(column for column, cell in last.items() if _CHINESE.search(cell.text))
        return all(column < first for column in rest)
    amounts = any(
        parse_number(cell.text) for cell in last.values() if not _CODE.fullmatch(cell.text)
    )
    return not amounts and all(parse_number(cell.text) for cell in rest.values())


def _is_numbered(cells: RowCells) -> bool:
    """Whether a row numbers the columns (栏次 1 2 3): it is whole, whatever stands below it."""
    numbers = [int(cell.text) for _, cell in sorted(cells.items()) if _NUMBER.fullmatch(cell.text)]
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _is_digits(text: str) -> bool:
    """Whether a text may be a number, a rate, or a piece of one."""
    return bool(re.fullmatch(r"[\d.,，．()（）\-−%％‰]+", text))


def _set_close(text: str) -> str:
    """The text without the blanks of a line that is justified, where it may be (part of) a number."""
    close = re.sub(r"\s+", "", text)
    return close if _is_digits(close) else text


def _one_code(above: str, below: str) -> bool | None:
    """Whether two texts are one code; None if each is a code by itself, or both make none."""
    both = len(above) in _CODES and len(below) in _CODES
    return True if len(above + below) in _CODES and not both else None


def _one_number(above: PageCell, below: str, decimals: int | None) -> bool | None:
    """Whether two texts are one number and neither is one alone; None if they are none.

    Where numbers are printed with different decimals, one that fills its cell may go on: False.
    """
    start = _set_close(above.text)
    if not re.search(r"\d", start):  # a dash says that there is nothing
        return None
    together = parse_number(start + below)
    alone = [parse_number(text) for text in (start, below)]
    if together is None:
        return None
    if decimals is None:
        return True if None in alone else False if above.full else None
    if together.decimals != decimals:
        return None
    return True if any(n is None or n.decimals != decimals for n in alone) else None


def _starts_no_rest(text: str) -> bool:
    """Whether a text starts an entry or a sum, and goes on from nothing above it."""
    return bool(phrase("layout.starts_no_rest").match(text))


def _goes_on(last: RowCells, words: RowCells) -> bool:
    """Whether each text is short, starts no entry, and stands below a label that fills its cell."""
    return all(
        last[column].full and len(cell.text) <= _LONGEST_REST and not _starts_no_rest(cell.text)
        for column, cell in words.items()
    )


def _runs_on(last: RowCells, rest: RowCells, upper: PageTable) -> bool:
    """Whether the second row holds nothing but words, each below a label that fills its cell,
    and none that starts like an entry of its own. Headings of several columns may run on further, and
    so may what stands beside the end of a label in brackets."""
    heading = not any(parse_number(cell.text) for cell in upper.cells)
    measure = any(_MEASURE.fullmatch(cell.text) for cell in rest.values())
    further = len(rest) > 1 and (heading or measure)
    return all(
        last[column].full
        and not parse_number(last[column].text)
        and not parse_number(cell.text)
        and (further or len(cell.text) <= _LONGEST_REST)
        and (
            not _starts_no_rest(cell.text) or _has_parallel(last[column], cell.text, upper)
        )
        for column, cell in rest.items()
    )  # fmt: skip


def _has_parallel(start: PageCell, rest: str, table: PageTable) -> bool:
    """Whether another label of the row ends as this one does together with its rest.

    当年收入|小计 beside 当年支出小计 is 当年收入小计, although 小计 could start a row of its own.
    """
    return any(
        len(cell.text) > len(rest)
        and cell.text.endswith(rest)
        and cell.text[: -len(rest)][:2] == start.text[:2]
        for cell in table.row(-1) if cell is not start
    )  # fmt: skip


def _joined(upper: PageTable, rest: RowCells, page: int) -> PageTable:
    cells = tuple(
        _with_rest(cell, rest[cell.span.column], page)
        if cell.span.row_end == upper.height and cell.span.column in rest
        else cell
        for cell in upper.cells
    )
    return replace(upper, cells=cells)


def _with_rest(cell: PageCell, rest: PageCell, page: int) -> PageCell:
    """The cell with its rest from the next page; all of it may stand there."""
    if not cell.text:
        return replace(
            rest,
            span=cell.span,
            undisplayed=cell.undisplayed + rest.undisplayed,
            page=rest.page or page,
        )
    text = _set_close(cell.text) + _set_close(rest.text)
    return replace(cell, text=text, undisplayed=cell.undisplayed + rest.undisplayed)


def _without_row(table: PageTable, row: int) -> PageTable | None:
    """The table without a row that no cell reaches over; None if nothing is left."""
    kept = tuple(
        replace(cell, span=Span(at.row - 1, at.column, at.row_end - 1, at.column_end))
        if (at := cell.span).row > row
        else cell
        for cell in table.cells if cell.span.row != row
    )  # fmt: skip
    return replace(table, height=table.height - 1, cells=kept) if kept else None


def _is_half(last: RowCells, rest: RowCells) -> bool:
    """Whether a row was cut so that its code stands on one page and its amounts on the next."""
    first = last.get(0)
    if first is None or parse_number(first.text) is None or 0 in rest:
        return False
    both = [column for column in rest if column in last and last[column].text]
    return (
        bool(both)
        and all(
            last[c].full and len(rest[c].text) <= len(last[c].text)
            and not _starts_no_rest(rest[c].text) for c in both
        )
        and not any(c and parse_number(cell.text) for c, cell in last.items())
        and any(parse_number(cell.text) for cell in rest.values())
    )  # fmt: skip


def _halves(
    upper: PageTable, lower: PageTable, last: RowCells
) -> tuple[PageTable, PageTable | None]:
    """Both parts of a cut row in the lower table, where its amounts are printed."""
    end = upper.height - 1
    if end == 0 or any(cell.span.row_end > end > cell.span.row for cell in upper.cells):
        return upper, lower
    cells = tuple(
        replace(
            cell,
            text=last[cell.span.column].text + cell.text,
            undisplayed=last[cell.span.column].undisplayed + cell.undisplayed,
        )
        if cell.span.row == 0 and cell.span.column in last
        else cell
        for cell in lower.cells
    )
    kept = tuple(cell for cell in upper.cells if cell.span.row < end)
    return replace(upper, height=end, cells=kept), replace(lower, cells=cells)
