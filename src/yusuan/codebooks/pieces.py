"""Pieces of rows: codes in parts, texts by column."""

from __future__ import annotations

from collections.abc import Sequence

from yusuan.codebooks.lines import Part, PrintedLine
from yusuan.codebooks.records import ListProblem, PrintedPlace

__all__ = ["PART", "nameless", "texts_in", "whole_code"]

PART = 2
"""Digits of a level below the class."""


def whole_code(above: list[str], codes: Sequence[str]) -> str | None:
    """The whole code of a row whose parts stand in columns; None when those above are missing.

    ``above`` holds the code of each column so far, which blanks inherit; it is brought up to
    date. A part that lost its leading zero gets it back.

    >>> whole_code(["201", "20101", ""], ["", "", "1"])
    '2010101'
    """
    code = None
    for column, part in enumerate(codes):
        if not part:
            continue
        if len(part) > PART:
            code = part
        elif column and above[column - 1]:
            code = above[column - 1] + part.zfill(PART)
        else:
            return None
        if above[column] != code:
            above[column:] = [code] + [""] * (len(codes) - column - 1)
    return code


def texts_in(line: PrintedLine, columns: Sequence[int]) -> list[str]:
    parts: list[Part] = [line.parts[column] for column in columns if column in line.parts]
    return [part.text or part.printed for part in parts if part.printed]


def nameless(text: str, place: PrintedPlace) -> ListProblem:
    return ListProblem(
        "no-code",
        f"{text[:60]}: a name without a code, or the rest of the row above? Give it its code, "
        "or put it into the row it belongs to",
        place,
    )
