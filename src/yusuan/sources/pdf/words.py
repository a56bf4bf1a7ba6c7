"""Printed lines cut into words, for tables that no lines are drawn for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from yusuan.model.money import parse_number
from yusuan.model.text import clean
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import Line

__all__ = ["OWN_START", "TextLine", "Word", "pieces_at", "text_line", "typical", "word_of"]

_SPACED, _SPACED_HEADING = 4.0, 2.5
"""Single ideographs set apart by up to this many font sizes are one word (合 计).

Headings may each be over a narrow column of its own (类 款 项).
"""
_SLIGHT = 0.12
"""A gap of so many font sizes is seen. Behind decimals, digits or a dash are of another cell."""
_BEHIND = frozenset("0123456789-\u2212\u2013\u2014\u2500\uff0d/\uff0f")
_WHOLE = re.compile(r"\d\.\d{1,6}$")
_LONGEST = 9
_FURTHER = 8.0
_PAIR = re.compile(
    "[合总小共]计|[项科]目|收入|支出|名称|金额|备注|单位|编码|部门|[预决]算|序号|数量|内容"
)
"""Two ideographs that are one word up to so many font sizes apart."""
_SPACE = 0.25
_ASIDE = 1.3
"""An ideograph with a column of its own stands this near to the middle of it, in font sizes."""
_CUT = 0.25
"""A gap of so many font sizes at an edge of columns parts words."""
_TOUCH = 0.3
"""Boxes of characters may reach over an edge by so many points."""
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
OWN_START = re.compile(
    r"[一二三四五六七八九十]+[、.．]|[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．](?!\d)|其中[:：]?|[①-⑳]"
)
"""How an entry of its own starts: with a number of a list, or 其中."""
_COLUMNS = re.compile(r"[栏行]\s*次|[-—*×]+|\d+\s*=.*|[a-zA-Z甲乙丙丁]")
_TOTAL = re.compile(r"(?:合|小|总|共)\s*计$")


@dataclass(frozen=True, slots=True)
class Word:
    """Characters of one line with no gap between them; lengths in points of the frame."""

    glyphs: tuple[Glyph, ...]
    x0: float
    x1: float
    y: float
    text: str
    is_number: bool

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def is_total(self) -> bool:
        return bool(_TOTAL.search(self.text))


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line as words from left to right.

    ``y`` is its vertical centre, ``size`` the width of an ideograph: the boxes of some fonts
    are far higher than what they print.
    """

    line: Line
    words: tuple[Word, ...]
    top: float
    bottom: float
    size: float

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        return clean(self.line.text)

    def moved(self, down: float) -> TextLine:
        """The line so many points further down."""
        glyphs = tuple(glyph.moved(down) for glyph in self.line.glyphs)
        moved = dict(zip(map(id, self.line.glyphs), glyphs, strict=True))
        words = tuple(word_of(moved[id(glyph)] for glyph in word.glyphs) for word in self.words)
        return TextLine(Line(glyphs), words, self.top + down, self.bottom + down, self.size)

    @property
    def is_data(self) -> bool:
        """Whether it reads like a row of a table: several words, one of them a number."""
        return len(self.words) > 1 and any(word.is_number for word in self.words)

    @property
    def is_total(self) -> bool:
        return any(word.is_total for word in self.words)

    @property
    def counts_columns(self) -> bool:
        """Whether it only numbers the columns (栏次 1 2 3)."""
        numbers = [word.text for word in self.words if word.text.isdigit()]
        others = [word.text for word in self.words if not word.text.isdigit()]
        places = [int(text) for text in numbers if len(text) < 3]
        return (
            len(places) == len(numbers) > 1
            and all(_COLUMNS.fullmatch(text) for text in others)
            and all(0 < b - a <= 2 or b == 1 for a, b in pairwise(places))
        )

    @property
    def starts_entry(self) -> bool:
        return any(OWN_START.match(word.text) for word in self.words)


def text_line(
    line: Line, gap: float, edges: Sequence[float] = (), *, heading: bool = False
) -> TextLine:
    """A line cut into words at gaps wider than ``gap`` font sizes, and at edges of columns."""
    size = _em(line)
    spaced = _SPACED_HEADING if heading else _SPACED
    pieces = [[line.glyphs[0]]]
    following = [*line.glyphs[2:], None]
    for (before, after), then in zip(pairwise(line.glyphs), following, strict=False):
        edge = any(before.x1 - _TOUCH <= edge <= after.x0 + _TOUCH for edge in edges)
        wide = after.x0 - before.x1 > gap * size or (
            after.x0 - before.x1 > _SLIGHT * size
            and after.text in _BEHIND
            and _WHOLE.search("".join(glyph.text for glyph in pieces[-1][-_LONGEST:])) is not None
        )
        if (edge or wide) and not (wide and _spaced(pieces[-1], after, then, size, spaced)):
            pieces.append([])
        pieces[-1].append(after)
    words = tuple(word_of(piece) for piece in pieces)
    return TextLine(line, words, line.top, line.bottom, size)


def _em(line: Line) -> float:
    wide = [g.x1 - g.x0 for g in line.glyphs if _IDEOGRAPH.match(g.text)]
    if wide:
        return median(wide) or line.size
    digits = [g.x1 - g.x0 for g in line.glyphs if g.text.isdigit()]
    return 2 * median(digits) if digits and median(digits) else line.size


def _spaced(
    before: list[Glyph], after: Glyph, then: Glyph | None, size: float, most: float
) -> bool:
    """Whether a character after a gap goes on with the single ideographs before it."""
    last = before[-1]
    if then is not None and then.x0 - after.x1 <= _SPACE * size:
        return False
    if len(before) == 1 and _PAIR.fullmatch(last.text + after.text):
        return after.x0 - last.x1 <= _FURTHER * size
    return (
        bool(_IDEOGRAPH.match(after.text) and _IDEOGRAPH.match(last.text))
        and after.x0 - last.x1 <= most * size
        and (len(before) == 1 or last.x0 - before[-2].x1 > _SPACE * size)
    )


def word_of(glyphs: Iterable[Glyph]) -> Word:
    """The characters, from left to right, as one word."""
    line = Line(tuple(glyphs))
    y = sum(glyph.y for glyph in line.glyphs) / len(line.glyphs)
    text = clean(line.text)
    number = parse_number(text.rstrip("%％")) is not None
    return Word(line.glyphs, line.x0, line.x1, y, text, number)


def pieces_at(word: Word, edges: Sequence[float]) -> list[Word]:
    """A word cut at the edges that gaps in it stand over.

    Single ideographs set apart are one word (支 出), unless each stands in the middle of a
    column of its own (类 款 项).
    """
    size = max(glyph.x1 - glyph.x0 for glyph in word.glyphs)
    gaps = [(a.x1, b.x0) for a, b in pairwise(word.glyphs)]
    if len(gaps) > 0 and all(right - left > _SPACE * size for left, right in gaps):
        own = {_column(edges, glyph.x) for glyph in word.glyphs}
        apart = len(own) == len(word.glyphs) and all(
            abs(glyph.x - _middle(edges, glyph.x)) < _ASIDE * size for glyph in word.glyphs
        )
        return [word_of([glyph]) for glyph in word.glyphs] if apart else [word]
    parts = [[word.glyphs[0]]]
    for (left, right), after in zip(gaps, word.glyphs[1:], strict=True):
        wide = right - left > _CUT * size
        if wide and any(left - _TOUCH <= edge <= right + _TOUCH for edge in edges):
            parts.append([])
        parts[-1].append(after)
    return [word] if len(parts) == 1 else [word_of(part) for part in parts]


def _column(edges: Sequence[float], x: float) -> int:
    return bisect_right(edges, x)


def _middle(edges: Sequence[float], x: float) -> float:
    """The middle of the column that a place is in; the place itself outside of all."""
    return next((sum(ends) / 2 for ends in pairwise(edges) if ends[0] <= x <= ends[1]), x)


def typical(values: Iterable[float], default: float) -> float:
    """The median, or the default where there is nothing."""
    found = list(values)
    return median(found) if found else default
