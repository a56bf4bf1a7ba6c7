"""What stands before the amounts of a row: code, label, project, and the body it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from yusuan.model.document import Cell
from yusuan.model.text import clean
from yusuan.schema.vocabulary import concept_named
from yusuan.tables.columns import Column

__all__ = ["NOTHING", "Lead", "is_code", "is_rounded_code", "read_lead"]

_CODE = re.compile(r"^\d{2,7}$")
_CODED_LABEL = re.compile(r"^(\d{2,7})\s*[-—－:：]?\s*(?=[^\d\s.,%])(.+)$")
_BRACKETED = re.compile(r"^[\[【(（](\d{3,7})[\]】)）]\s*(?=\S)")
_SPACED = re.compile(r"^\d{3}(?:[ .\-]\d{2}){1,2}(?=\s|$|[^\d.,%])")


_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,2}")


_FULL_WIDTH = re.compile(r"^(?=[0-9 .．－-]*[０-９])[0-9０-９]{2}")
_HALF = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands before the amounts of a row; ``body`` is the budget unit it is for."""

    code: str | None
    label: str | None
    project: str | None
    body: str | None = None

    @property
    def is_total(self) -> bool:
        return self.label is not None and concept_named("items", self.label) == "total"


NOTHING = Lead(None, None, None)


def is_code(text: str) -> bool:
    """Whether a text can be a classification code or a part of one."""
    return bool(_CODE.match(text))


def is_rounded_code(text: str) -> bool:
    """Whether a text is what a spreadsheet makes of a long code, its last digits lost.

    >>> is_rounded_code("2.13E+06"), is_rounded_code("2130301")
    (True, False)
    """
    return bool(_ROUNDED.fullmatch(text))


def read_lead(cells: Iterable[tuple[Column | None, Cell]]) -> Lead:
    """Read the cells before the amounts, in printed order."""
    cells = list(cells)
    named = any(column and column.role in ("label", "code") for column, _ in cells)
    parts: list[str] = []
    labels: list[str] = []
    project = body = None
    for column, cell in cells:
        text = clean(cell.text)
        role = column.role if column else "label"
        if (
            not text
            or is_rounded_code(text)
            or (role == "body-code" and concept_named("items", text) != "total")
        ):
            continue
        if role == "body-name":
            body = text
            if not named:  # the bodies are the rows of this table
                labels.append(text)
        elif role == "project":
            project = project or text
        else:
            _sort(text, parts, labels, coded=role == "code")
    code = "".join(parts) or None
    label = " ".join(labels) or None
    if project and concept_named("items", project) == "total":
        return Lead(code, project, None, body)
    if body and not (code or label or project):
        return Lead(None, body, None, body)
    return Lead(code, label, project, body)


def _sort(text: str, parts: list[str], labels: list[str], *, coded: bool) -> None:
    """Put a text with the parts of the code, with the labels, or split it between them.

    After a label only a column of codes (``coded``) holds more of them. Full-width digits of a
    code are those of the list.
    """
    if (coded or not labels) and _FULL_WIDTH.match(text):
        text = text.translate(_HALF)
    if coded and _CODE.match(text):
        parts.append(text)
        return
    if not labels and (match := _BRACKETED.match(text)):
        text = match[1] + text[match.end() :]
    elif not labels and (match := _SPACED.match(text)):
        text = re.sub(r"\D", "", match[0]) + text[match.end() :]
    if _CODE.match(text) and not labels:
        parts.append(text)
    elif (match := _CODED_LABEL.match(text)) and not labels:
        parts.append(match[1])
        labels.append(match[2])
    else:
        labels.append(text)
