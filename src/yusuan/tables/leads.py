"""What stands before the amounts of a row: code, label, project, and the body it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from yusuan.codes import code_list
from yusuan.model.document import Cell
from yusuan.model.text import clean
from yusuan.schema.vocabulary import concept_named
from yusuan.tables.columns import Column
from yusuan.tables.titles import BODY_ENDING

__all__ = [
    "CODE_LISTS", "NOTHING", "Lead", "is_code", "is_printed_code", "is_rounded_code", "read_lead",
]  # fmt: skip

CODE_LISTS = (
    "expenditure-function", "expenditure-economic-department", "expenditure-economic-government",
)  # fmt: skip
"""The lists of codes that stand before amounts."""
_BODY_CODE = 6
"""Digits of a budget unit's code; those of functions and items have an odd number."""
_CODE = re.compile(r"^\d{2,7}$")
_CODED_LABEL = re.compile(r"^(\d{2,7})\s*[-—－:：]?\s*(?=[^\d\s.,%])(.+)$")
_BRACKETED = re.compile(r"^[\[【(（](\d{3,7})[\]】)）]\s*(?=\S)")
_BEHIND = re.compile(r"^(\D.*?)\s*[\[【(（](\d{3}(?:\d{2}){0,2})[\]】)）]$")
_SPACED = re.compile(r"^\d{3}(?:[ .·\-](?:\d{4}|\d{2})){1,2}(?=\s|$|[^\d.,%])")
_PRINTED_CODE = re.compile(r"^[\[【(（]?[\d\s.．·・\-－—–‐﹣]*\d")
"""How a text that begins with a code begins; the digits may be of full width."""
_APOSTROPHE = re.compile(r"^['’‘`＇](?=\d)")
_APART = re.compile(r"[\s.·\-—–]+")
_SIGNS = str.maketrans("０１２３４５６７８９．・－‐﹣", "0123456789.·---")
_DIGITS = re.compile(r"^\d{1,3}(?:[\s.·\-—–]+(?:\d{1,2}|\d{4}))*$|^\d{1,7}$")


_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,2}")


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands before the amounts of a row; ``body`` is the budget unit it is for.

    ``parts`` are the pieces that the code is printed in, ``lost`` is what stands in place of a
    code that a spreadsheet has rounded.
    """

    code: str | None
    label: str | None
    project: str | None
    body: str | None = None
    parts: tuple[str, ...] = ()
    lost: str | None = None

    @property
    def is_total(self) -> bool:
        return self.label is not None and concept_named("items", self.label) == "total"


NOTHING = Lead(None, None, None)


def is_code(text: str) -> bool:
    """Whether a text can be a classification code or a part of one."""
    return bool(_CODE.match(text))


def is_printed_code(text: str) -> bool:
    """Whether all that a cell in a column of codes holds can be a code or a part of one, though
    a zero was lost, or points and hyphens part it.

    >>> is_printed_code("213.03.05"), is_printed_code("2"), is_printed_code("1,000.00")
    (True, True, False)
    """
    return bool(_DIGITS.match(_folded(text.strip())))


def _folded(text: str) -> str:
    """A text with the digits and signs of the code it begins with in half width, without the
    apostrophe that keeps a spreadsheet from taking it for a number.

    >>> _folded("２１３－０３农林水支出"), _folded("一、支出")
    ('213-03农林水支出', '一、支出')
    """
    text = _APOSTROPHE.sub("", text)
    match = _PRINTED_CODE.match(text)
    if not match or (match.end() < len(text) and not re.match(r"\D?\d\d", text)):
        return text  # １、支出 is numbered
    return match[0].translate(_SIGNS) + text[match.end() :]


def is_rounded_code(text: str) -> bool:
    """Whether a text is what a spreadsheet makes of a long code, its last digits lost.

    >>> is_rounded_code("2.13E+06"), is_rounded_code("2130301")
    (True, False)
    """
    return bool(_ROUNDED.fullmatch(text))


def _is_listed(code: str) -> bool:
    """Whether some list of expenditure has a code."""
    return any(code in code_list(name).by_code for name in CODE_LISTS)


def read_lead(cells: Iterable[tuple[Column | None, Cell]]) -> Lead:
    """Read the cells before the amounts, in printed order."""
    cells = list(cells)
    named = any(column and column.role in ("label", "code") for column, _ in cells)
    split = sum(column is not None and column.role == "code" for column, _ in cells) > 1
    parts: list[str] = []
    labels: list[str] = []
    project = body = lost = None
    for column, cell in cells:
        text = clean(cell.text)
        role = column.role if column else "label"
        if is_rounded_code(text):
            lost = text
            continue
        if not text or (role == "body-code" and concept_named("items", text) != "total"):
            continue
        if role == "body-name":
            body = text
            if not named:  # the bodies are the rows of this table
                labels.append(text)
        elif role == "project":
            project = project or text
        else:
            _sort(_folded(text), parts, labels, coded=role == "code", split=split)
    code = "".join(parts) or None
    label = " ".join(labels) or None
    coded_body = [*map(len, parts)] == [_BODY_CODE] and not project
    if label and coded_body and BODY_ENDING.search(label):
        return Lead(None, label, None, label)
    if project and concept_named("items", project) == "total":
        return Lead(code, project, None, body)
    if body and not (code or label or project):
        return Lead(None, body, None, body)
    return Lead(code, label, project, body, tuple(parts), None if code else lost)


def _sort(text: str, parts: list[str], labels: list[str], *, coded: bool, split: bool) -> None:
    """Put a text with the parts of the code, with the labels, or split it between them.

    After a label only a column of codes (``coded``) holds more of them. Where a code is
    ``split`` over several columns, a single digit is a part of it that lost its zero.
    """
    pieces = [piece for piece in _APART.split(text) if piece]
    if coded and _DIGITS.match(text) and (split or len("".join(pieces)) > 1):
        parts.extend(pieces)
        return
    if not labels and (match := _BRACKETED.match(text)):
        text = match[1] + text[match.end() :]
    elif not labels and (match := _SPACED.match(text)):
        text = re.sub(r"\D", "", match[0]) + text[match.end() :]
    elif not labels and not parts and (match := _BEHIND.match(text)) and _is_listed(match[2]):
        text = match[2] + " " + match[1]  # 行政运行(2010601)
    if _CODE.match(text) and not labels:
        parts.append(text)
    elif (match := _CODED_LABEL.match(text)) and not labels:
        parts.append(match[1])
        labels.append(match[2])
    else:
        labels.append(text)
