"""Fragment identifiers: where a cell stands in its file, as the standard of the format says it.

PDF pages by RFC 8118, lines of text by RFC 5147, cells of CSV by RFC 7111, cells of a sheet as
spreadsheets write them. A member of an archive is named first: ``附件1.xlsx#支出表!C5``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from yusuan.model.document import column_letters

__all__ = ["ARCHIVE_TYPES", "PagePlace", "csv_cell", "in_member", "page_box", "page_place", "sheet_cell",
           "split_member", "text_line"]  # fmt: skip

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[RrCc]\d*|TRUE|FALSE", re.IGNORECASE)
_NUMBER = r"\d+(?:\.\d+)?"
_PAGE = re.compile(
    rf"page=(\d{{1,9}})(?:&viewrect=({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER}))?"
)

ARCHIVE_TYPES = frozenset(("application/zip", "application/vnd.rar", "application/x-7z-compressed"))
"""Media types of files whose fragments name a member first."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page (from 1) and a box on it, in points from the top left of the page as displayed."""

    page: int
    box: Box | None


def page_box(page: int, box: Box | None) -> str:
    """A box of a PDF page, to a tenth of a point; without a box the page.

    >>> page_box(3, (61.23, 100.0, 140.0, 120.04)), page_box(3, None)
    ('page=3&viewrect=61.2,100,78.8,20', 'page=3')
    """
    if box is None:
        return f"page={page}"
    left, top, right, bottom = (round(10 * max(edge, 0.0)) for edge in box)
    numbers = ",".join(map(_tenths, (left, top, right - left, bottom - top)))
    return f"page={page}&viewrect={numbers}"


def page_place(fragment: str) -> PagePlace | None:
    """What :func:`page_box` wrote; None for anything else.

    >>> page_place("page=3&viewrect=61.2,100,78.8,20")
    PagePlace(page=3, box=(61.2, 100.0, 140.0, 120.0))
    """
    match = _PAGE.fullmatch(fragment)
    if match is None:
        return None
    if match[2] is None:
        return PagePlace(int(match[1]), None)
    left, top, width, height = (float(number) for number in match.groups()[1:])
    return PagePlace(int(match[1]), (left, top, left + width, top + height))


def sheet_cell(sheet: str, row: int, column: int) -> str:
    """A cell of a sheet, row and column from 0.

    >>> sheet_cell("收支总表", 4, 2), sheet_cell("表 1's", 0, 0), sheet_cell("T1", 0, 26)
    ('收支总表!C5', "'表 1''s'!A1", "'T1'!AA1")
    """
    return f"{_quoted(sheet)}!{column_letters(column)}{row + 1}"


@lru_cache(maxsize=256)
def _quoted(sheet: str) -> str:
    plain = _PLAIN_NAME.fullmatch(sheet) and not _LIKE_A_CELL.fullmatch(sheet)
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def text_line(line: int) -> str:
    """A line (from 1) of a text: the range between the positions before and after it.

    >>> text_line(12)
    'line=11,12'
    """
    return f"line={line - 1},{line}"


def csv_cell(record: int, column: int) -> str:
    """A field of a CSV file, record and column from 0; the first record may be headings.

    >>> csv_cell(4, 1)
    'cell=5,2'
    """
    return f"cell={record + 1},{column + 1}"


def in_member(member: str, fragment: str | None) -> str:
    """A place within a member of an archive; ``#`` in the path is written ``%23``.

    >>> in_member("附件/1#.csv", "cell=5,2"), in_member("说明.docx", None)
    ('附件/1%23.csv#cell=5,2', '说明.docx')
    """
    path = member.replace("%", "%25").replace("#", "%23")
    return path if fragment is None else f"{path}#{fragment}"


def split_member(fragment: str) -> tuple[str, str | None]:
    """The member's path and the place in it, as :func:`in_member` joined them.

    >>> split_member("附件/1%23.csv#cell=5,2"), split_member("说明.docx")
    (('附件/1#.csv', 'cell=5,2'), ('说明.docx', None))
    """
    path, sign, rest = fragment.partition("#")
    return path.replace("%23", "#").replace("%25", "%"), rest if sign else None


def _tenths(number: int) -> str:
    whole, tenth = divmod(number, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)
