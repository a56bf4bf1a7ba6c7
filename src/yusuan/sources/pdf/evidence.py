"""What tells that lines without a grid of rulings are a table, and what tells that they are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yusuan.sources.pdf.edges import crossed
from yusuan.sources.pdf.rows import Row
from yusuan.sources.pdf.words import TextLine

__all__ = ["NOTHING", "TableEvidence", "fits", "has_broken_numbers", "has_groups"]

_MANY = 3
_DIGITS = re.compile(r"\d{1,3}")
_LEADING = 1.4
"""Lines of one text are this many font sizes apart at most."""
_PAGE = re.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """What tells that lines are a table.

    ``title``, ``unit``: a caption with a title or unit of account stands above. ``edges``: the
    columns are known, of the page before or of a ruled head. ``open``: lines at the end of the
    page before that this table may begin with.
    """

    title: bool = False
    unit: bool = False
    edges: tuple[float, ...] | None = None
    open: tuple[TextLine, ...] = ()


NOTHING = TableEvidence()


def fits(
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
            first, last = crossed(edges, word)
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


def has_broken_numbers(rows: Sequence[Row]) -> bool:
    """Whether numbers go on in the next line: a row of nothing but their last digits."""
    for above, row in pairwise(rows):
        words = [word for line in row for word in line.words]
        close = row[0].y - above[-1].y < _LEADING * row[0].size
        if close and all(_DIGITS.fullmatch(word.text) for word in words):
            return True
    return False


def has_groups(body: Sequence[TextLine], edges: tuple[float, ...]) -> bool:
    """Whether labels stand in the middle of several rows, which nothing but lines could tell.

    Then a row with a text in the second column only comes before one with texts in both.
    """
    alone = False
    for line in body:
        texts = {crossed(edges, word)[0] for word in line.words if not word.is_number}
        if alone and {0, 1} <= texts:
            return True
        alone = alone or (1 in texts and 0 not in {crossed(edges, w)[0] for w in line.words})
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
