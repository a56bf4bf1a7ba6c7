"""Tell heading rows from body rows, and resolve stacked headings into a path per column."""

from __future__ import annotations

import re
from functools import cache

from yusuan.model.document import Cell, Grid
from yusuan.model.money import parse_number
from yusuan.model.text import clean, normal
from yusuan.schema import catalogue

__all__ = ["HeadingPaths", "heading_rows", "is_numbering", "read_headings"]

HeadingPaths = tuple[tuple[str, ...], ...]
"""For each column its headings from the top, as printed, blanks left out."""

_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|其中:|\d{3,7}\D)"
)
_CODE = re.compile(r"^\d{3,7}$")


@cache
def _words() -> frozenset[str]:
    """Every heading that any standard table declares."""
    words: set[str] = set()
    for table in catalogue().tables:
        for field in table.fields:
            words.update(part for heading in field.headings for part in normal(heading).split("/"))
        words.update(heading for side in table.sides for heading in side.headings)
    return frozenset(words)


def heading_rows(grid: Grid) -> int:
    """How many rows at the top are headings."""
    count = 1
    for row in grid.rows[1:]:
        texts = [normal(cell.text) for cell in row if cell.text]
        if not texts or not _is_heading(texts):
            break
        count += 1
    return count


def _is_heading(texts: list[str]) -> bool:
    """Whether the texts of a row are headings: known words, and neither codes nor amounts."""
    if any(parse_number(text) or _CODE.match(text) or _NUMBERED.match(text) for text in texts):
        return False
    return 2 * sum(text in _words() for text in texts) >= len(texts)


def is_numbering(row: tuple[Cell, ...]) -> bool:
    """Whether a row only numbers the columns ("1 2 3 …", "栏次"): not amounts."""
    texts = [normal(cell.text) for cell in row if cell.text]
    if texts and texts[0] in ("栏次", "行次", "栏目"):
        texts = texts[1:]
    digits = [int(text) for text in texts if re.fullmatch(r"[0-9]{1,3}", text)]
    return len(digits) >= 3 and len(digits) == len(texts) and _counts_up(digits)


def _counts_up(digits: list[int]) -> bool:
    return digits == list(range(digits[0], digits[0] + len(digits))) and digits[0] <= 2


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
