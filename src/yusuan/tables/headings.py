"""Tell heading rows from body rows, and resolve stacked headings into a path per column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Cell, Grid
from yusuan.model.text import clean, normal
from yusuan.schema import Catalogue, catalogue
from yusuan.schema.wording import wording
from yusuan.tables.matching import read_qualifiers

__all__ = ["HeadingPaths", "heading_rows", "is_numbering", "read_headings"]

HeadingPaths = tuple[tuple[str, ...], ...]
"""For each column its headings from the top, as printed, blanks left out."""

_CODE = re.compile(r"^\d{3,7}$")
_LIKE_AMOUNT = re.compile(
    r"[^\w(]{0,2}\d+(?:[.,']\d+)+(?:E[+-]?\d{1,3})?\W{0,4}(?:\(\w{1,3}\)|注\d?)?|\d+E[+-]?\d{1,3}",
    re.IGNORECASE,
)
"""Digits with signs that amounts have, though they may be none (46,47)."""
_CHINESE = re.compile("[\u4e00-\u9fff]")
_COUNTED = 5
"""So many numbers in their places leave no doubt that a row counts the columns."""
_ORDINAL = re.compile(r"^\(?(\d{1,2})\)?(?:=[\d+\-*/()=]+)?$")
_DEEPEST = 8
"""Headings reach no further down than this."""


@cache
def _words(known: Catalogue) -> frozenset[str]:
    """Every heading that any standard table declares."""
    words: set[str] = set(wording().generic)
    for table in known.tables:
        for field in table.fields:
            words.update(part for heading in field.headings for part in normal(heading).split("/"))
        words.update(heading for side in table.sides for heading in side.headings)
    return frozenset(words)


def heading_rows(grid: Grid) -> int:
    """How many rows at the top are headings: all above a row that numbers the columns, else
    those that a merged heading reaches into or divides, or whose words are known.

    Below a heading of its own a known word may be the label of a row as well (合计): there all
    words of a row must be known, and one in the first column alone is a label."""
    for index, row in enumerate(grid.rows[:_DEEPEST]):
        if index and is_numbering(row, first=True):
            return index
        if _has_amounts(row):
            break
    reach = _reach(grid.rows[0], 0)
    count = 1
    above = grid.rows[0]
    for index, row in enumerate(grid.rows[1:], start=1):
        texts = _texts(row)
        if not texts and index < _DEEPEST and not _has_amounts(row):
            continue  # a blank row between headings; one below them is no heading
        below = reach > index or _divides(above, row)
        if not texts or _has_amounts(row) or not (below or _are_known(texts)):
            break
        if not below and _is_headed(above, row) and _is_labelled(row):
            break
        reach = max(reach, _reach(row, index))
        count = index + 1
        above = row
    return count


def _texts(row: tuple[Cell, ...]) -> list[str]:
    return [normal(cell.text) for cell in row if cell.text]


def _reach(row: tuple[Cell, ...], index: int) -> int:
    """The index of the first row that no cell of a row reaches into."""
    return index + max((cell.rowspan for cell in row if cell.text), default=1)


def _divides(above: tuple[Cell, ...], row: tuple[Cell, ...]) -> bool:
    """Whether a row divides headings of the row above: where the format states merged cells,
    each text stands below a heading over several columns (not all of them); elsewhere some
    text stands below a blank that follows a heading."""
    wide = [cell for cell in above if cell.text and 1 < cell.colspan < len(above)]
    printed = [cell for cell in row if cell.text]
    numbered = any(
        phrase("label.numbered").match(phrase("label.of_which_colon").sub("", normal(cell.text)))
        for cell in printed
    )
    if len(printed) < 2 or numbered:
        return False
    if wide:
        return all(
            any(group.column <= cell.column < group.column + group.colspan for group in wide)
            for cell in printed
        )
    if any(cell.rowspan > 1 for cell in above):
        return False
    heads = [cell.column for cell in above if cell.text]
    return any(heads and heads[0] < cell.column and cell.column not in heads for cell in printed)


def _has_amounts(row: tuple[Cell, ...]) -> bool:
    """Whether a row holds amounts, or what stands where one does: numbers shown as something
    else, formulas without a result, spellings that cannot be read."""
    return any(map(_holds_amount, row))


def _holds_amount(cell: Cell) -> bool:
    text = normal(cell.text)
    if cell.doubt is not None or (cell.stored is not None and not _CHINESE.search(text)):
        return True
    return bool(
        parse_number(cell.text)
        or parse_number(text)
        or _CODE.match(text)
        or _LIKE_AMOUNT.fullmatch(text)
    )


def _are_known(texts: list[str]) -> bool:
    """Whether at least half of the texts are words of headings, and none is a numbered label."""
    numbered = any(phrase("label.numbered").match(text) for text in texts)
    return not numbered and 2 * sum(_is_known(text) for text in texts) >= len(texts)


def _is_headed(above: tuple[Cell, ...], row: tuple[Cell, ...]) -> bool:
    """Whether each text of a row stands below a heading of its own column, no two alike."""
    heads = {cell.column: normal(cell.text) for cell in above if cell.text and cell.colspan == 1}
    over = [heads.get(cell.column, "") for cell in row if cell.text]
    return all(over) and len(set(over)) == len(over)


def _is_labelled(row: tuple[Cell, ...]) -> bool:
    """Whether a row below headings of its columns is a label with what stands for its amounts."""
    printed = [cell for cell in row if cell.text]
    alone = len(printed) == 1 and printed[0].column == 0
    return alone or not all(_is_known(normal(cell.text)) for cell in printed)


def _is_known(text: str) -> bool:
    qualifiers = read_qualifiers((text,))
    stated = (
        qualifiers.year
        or qualifiers.years_before is not None
        or qualifiers.phase
        or qualifiers.kind != "amount"
    )
    words = _words(catalogue())
    return bool(stated or text in words or (qualifiers.path and qualifiers.path[0] in words))


def is_numbering(row: tuple[Cell, ...], *, first: bool = False) -> bool:
    """Whether a row only numbers the columns ("1 2 3 …", "类 款 项 栏次 1 2", "3=4+5"): not amounts.

    Over the columns of labels it may say that it does, and name the levels of the codes below.
    Without such a word fewer than three numbers may be amounts, unless they number every column,
    or the last ones in the ``first`` row below the headings.
    """
    texts = [normal(cell.text) for cell in row if cell.text]
    numbers = [match for text in texts if (match := _ORDINAL.match(text))]
    words = [text for text in texts if not _ORDINAL.match(text)]
    if _counts_but_one(texts):
        return True
    if not numbers or not all(_is_of_numbering(text) for text in words):
        return False
    states_numbering = any(text in wording().numbering for text in words)
    if states_numbering or words:
        return states_numbering or (
            len(numbers) >= 3 and _counts_up([int(match[1]) for match in numbers])
        )
    last = first and (len(numbers) > 1 or len(row) == 2)
    filled = len(row) == len(numbers) or (last and all(cell.text for cell in row[-len(numbers) :]))
    if filled and texts == [str(number) for number in range(1, len(texts) + 1)]:
        return len(row) > 1
    return len(numbers) >= 3 and _counts_up([int(match[1]) for match in numbers])


def _counts_but_one(texts: Sequence[str]) -> bool:
    """Whether texts count from 1 at every place but one, which holds its number among other
    signs: the end of a heading that is printed over it."""
    odd = [(at, text) for at, text in enumerate(texts, start=1) if text != str(at)]
    return len(texts) > _COUNTED and len(odd) == 1 and str(odd[0][0]) in odd[0][1]


def _is_of_numbering(text: str) -> bool:
    """Whether a text is one or several of the words of a row that numbers the columns."""
    known = wording()
    words = "|".join(map(re.escape, sorted({*known.numbering, *known.code_levels}, key=len)[::-1]))
    return bool(re.fullmatch(f"(?:(?:{words})[、,/]?)+", text))


def _counts_up(digits: list[int]) -> bool:
    """Whether numbers count the columns, formulas and gaps for label columns allowed."""
    return digits[0] <= 2 and all(0 < b - a <= 2 for a, b in pairwise(digits))


def read_headings(grid: Grid, count: int) -> HeadingPaths:
    """The heading path of every column of a grid whose first ``count`` rows are headings.

    Where the format states merged cells they are followed. Where it does not, a blank to
    the right of a heading belongs to it only if something is printed below that blank:
    otherwise it is a column without heading, or one whose heading stands above.
    """
    width = max(cell.column + cell.colspan for row in grid.rows[:count] for cell in row)
    levels = [[""] * width for _ in range(count)]
    # Blank cells fill the places a merged cell covers; they must not blot it out.
    for level, cells in enumerate(grid.rows[:count]):
        for cell in (cell for cell in cells if cell.text):
            for row in range(level, min(level + cell.rowspan, count)):
                for column in range(cell.column, min(cell.column + cell.colspan, width)):
                    levels[row][column] = clean(cell.text)
    if not grid.merged:
        _spread(levels)
    return tuple(_path([level[column] for level in levels]) for column in range(width))


def _spread(levels: list[list[str]]) -> None:
    """Fill a heading to the right over blanks that have headings of their own below."""
    for depth, level in enumerate(levels[:-1]):
        printed = list(level)
        for column in range(1, len(level)):
            if printed[column] or not level[column - 1]:
                continue
            below = any(lower[column] for lower in levels[depth + 1 :])
            same_parent = depth == 0 or levels[depth - 1][column] == levels[depth - 1][column - 1]
            if below and same_parent:
                level[column] = level[column - 1]


def _path(headings: list[str]) -> tuple[str, ...]:
    path: list[str] = []
    for heading in headings:
        if heading and (not path or path[-1] != heading):
            path.append(heading)
    return tuple(path)
