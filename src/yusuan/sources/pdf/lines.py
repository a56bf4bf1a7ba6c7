"""Characters in, printed lines, their words and the text of cells out.

Lengths are points of the frame of the page; thresholds are shares of the font size.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.model.text import clean
from yusuan.sources.pdf.glyphs import Glyph

__all__ = [
    "PIECE_GAP",
    "WORD_GAP",
    "GlyphLine",
    "TextLine",
    "Word",
    "cell_text",
    "is_full",
    "is_page_number",
    "lines_of",
    "pieces_at",
    "starts_entry",
    "text_line",
    "typical",
]

_SAME_LINE = 0.5
"""Origins that differ by less than this share of the font size stand on one line."""
_CHINESE_GAP, _MIXED_GAP, _LATIN_GAP = 0.9, 0.45, 0.2
"""Gap between two characters, as a share of the font size, that is a printed blank."""
WORD_GAP = 1.0
"""Gap that parts what belongs to different columns."""
PIECE_GAP = 3.0
"""Gap that parts texts set at the left and right of one line, such as 部门 and 单位."""
_CHINESE = re.compile(
    r"[\u2014-\u2026\u3000-\u303f\u3400-\u9fff\uff00-\uffef\U00020000-\U0003ffff]"
)
_ON_EACH_OTHER = 0.55
"""The origins of digits of one text are further apart than this share of their width, although
the boxes of slanted ones overlap."""
_PADDING = 12.0
"""Points that a cell keeps free at its left and right together, at most; Word keeps 10.8."""


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
_SPACE = 0.25
_ASIDE = 1.3
"""An ideograph with a column of its own stands this near to the middle of it, in font sizes."""
_CUT = 0.25
"""A gap of so many font sizes at an edge of columns parts words."""
_TOUCH = 0.3
"""Boxes of characters may reach over an edge by so many points."""
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class GlyphLine:
    """Characters on one baseline, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def top(self) -> float:
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def baseline(self) -> float:
        return self.glyphs[0].origin_y

    @property
    def size(self) -> float:
        return max(glyph.size for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """The text, with one blank for each gap that is wider than spacing.

        Numbers printed on each other, which nobody can read, are given one after the other.
        """
        parts = [self.glyphs[0].text]
        for before, after in pairwise(self.glyphs):
            if after.x0 > before.x1:
                if _is_blank(before, after):  # most characters touch
                    parts.append(" ")
            elif after.x0 < before.x1 and _clash(before, after):
                return " / ".join(GlyphLine(tuple(layer)).text for layer in _layers(self.glyphs))
            parts.append(after.text)
        return "".join(parts)

    def parts(self, gap: float, keep: str = "") -> list[GlyphLine]:
        """The pieces between gaps wider than this many font sizes; none ends in ``keep``."""
        words: list[list[Glyph]] = [[self.glyphs[0]]]
        for before, after in pairwise(self.glyphs):
            apart = after.x0 > before.x1 or gap < 0
            if apart and _gap(before, after) > gap and not (keep and before.text in keep):
                words.append([])
            words[-1].append(after)
        return [GlyphLine(tuple(word)) for word in words]


def _clash(before: Glyph, after: Glyph) -> bool:
    """Whether two digits are printed at one place."""
    narrow = min(before.x1 - before.x0, after.x1 - after.x0)
    apart = after.origin_x - before.origin_x
    return before.text.isdigit() and after.text.isdigit() and apart < _ON_EACH_OTHER * narrow


def _layers(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters parted so that no two digits of one part are printed at one place."""
    layers: list[list[Glyph]] = []
    for glyph in glyphs:
        home = next((layer for layer in layers if not _clash(layer[-1], glyph)), None)
        if home is None:
            layers.append([glyph])
        else:
            home.append(glyph)
    return layers


def starts_entry(text: str) -> bool:
    """Whether a text starts an entry of its own: with a number of a list, or 其中."""
    return bool(phrase("layout.starts_entry").match(text))


def is_page_number(text: str) -> bool:
    """Whether a text is nothing but the number of a page."""
    return bool(phrase("layout.page_number").fullmatch(text))


def lines_of(glyphs: Iterable[Glyph]) -> list[GlyphLine]:
    """Characters grouped by baseline, from top to bottom."""
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=attrgetter("origin_y")):
        if groups and glyph.origin_y - groups[-1][0].origin_y < _SAME_LINE * glyph.size:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [GlyphLine(tuple(sorted(group, key=attrgetter("x0")))) for group in groups]


def cell_text(glyphs: list[Glyph], width: float) -> str:
    """The text of a cell ``width`` points wide: its lines joined as one.

    Wrapping leaves no blank beside Chinese characters. A number that was set apart by blanks
    or broken over lines is one number again; two numbers stay two.
    """
    if not glyphs:
        return ""
    if _runs_down(glyphs):
        return "".join(glyph.text for glyph in glyphs)
    if any(glyph.turn for glyph in glyphs):
        glyphs = [glyph.upright() for glyph in glyphs]
        width = max(glyph.x1 for glyph in glyphs) - min(glyph.x0 for glyph in glyphs)
    lines = lines_of(glyphs)
    text = lines[0].text
    full = True
    for before, after in pairwise(lines):
        full = full and is_full(before, width)
        text += _wrap(text[-1], after.text[0]) + after.text
    return _one_number(text, lines, full)


def is_full(line: GlyphLine, width: float) -> bool:
    """Whether a line in a cell ``width`` points wide has no room for one more character.

    The paper around the text is not known; what Word and Excel keep free by default is taken.
    """
    last = line.glyphs[-1]
    return width - (line.x1 - line.x0) < _PADDING + (last.x1 - last.x0)


def _runs_down(glyphs: list[Glyph]) -> bool:
    """Whether the characters follow each other from top to bottom, as in vertical setting."""
    if len(glyphs) < 3:
        return False
    down = sum(
        abs(after.x - before.x) < 0.3 * before.size
        and 0.5 * before.size < after.y - before.y < 2 * before.size
        for before, after in pairwise(glyphs)
    )
    return 3 * down >= 2 * (len(glyphs) - 1)


def _gap(before: Glyph, after: Glyph) -> float:
    return (after.x0 - before.x1) / (max(before.size, after.size) or 1)


def _is_blank(before: Glyph, after: Glyph) -> bool:
    gap = _gap(before, after)
    if gap <= _LATIN_GAP:  # the least
        return False
    chinese = _is_chinese(before.text), _is_chinese(after.text)
    return gap > (_CHINESE_GAP if all(chinese) else _MIXED_GAP if any(chinese) else _LATIN_GAP)


def _is_chinese(text: str) -> bool:
    """Whether a character belongs to Chinese text: ideographs and full-width signs."""
    return bool(_CHINESE.match(text))


def _wrap(before: str, after: str) -> str:
    """What stands for a line break between two characters."""
    if _is_chinese(before) or _is_chinese(after) or before == "-":
        return ""
    return " "


def _one_number(text: str, lines: list[GlyphLine], full: bool) -> str:
    """A number without the blanks inside it; ``full`` tells whether every wrapped line was.

    Pieces that are numbers each are one number only if narrow gaps or full lines part them.
    """
    pieces = text.split()
    together = "".join(pieces)
    if len(pieces) < 2 or parse_number(together) is None:
        return text
    narrow = full and not any(len(line.parts(WORD_GAP)) > 1 for line in lines)
    return together if narrow or any(parse_number(piece) is None for piece in pieces) else text


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
        return bool(phrase("layout.total").search(self.text))


@dataclass(frozen=True, slots=True)
class TextLine:
    """A printed line as words from left to right.

    ``y`` is its vertical centre, ``size`` the width of an ideograph: the boxes of some fonts
    are far higher than what they print.
    """

    line: GlyphLine
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
        words = tuple(_word_of(moved[id(glyph)] for glyph in word.glyphs) for word in self.words)
        return TextLine(GlyphLine(glyphs), words, self.top + down, self.bottom + down, self.size)

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
            and all(phrase("layout.counts_columns").fullmatch(text) for text in others)
            and all(0 < b - a <= 2 or b == 1 for a, b in pairwise(places))
        )

    @property
    def starts_entry(self) -> bool:
        return any(starts_entry(word.text) for word in self.words)


def text_line(
    line: GlyphLine, gap: float, edges: Sequence[float] = (), *, heading: bool = False
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
    words = tuple(_word_of(piece) for piece in pieces)
    return TextLine(line, words, line.top, line.bottom, size)


def _em(line: GlyphLine) -> float:
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
    if len(before) == 1 and phrase("layout.spaced_word").fullmatch(last.text + after.text):
        return after.x0 - last.x1 <= _FURTHER * size
    return (
        bool(_IDEOGRAPH.match(after.text) and _IDEOGRAPH.match(last.text))
        and after.x0 - last.x1 <= most * size
        and (len(before) == 1 or last.x0 - before[-2].x1 > _SPACE * size)
    )


def _word_of(glyphs: Iterable[Glyph]) -> Word:
    """The characters, from left to right, as one word."""
    line = GlyphLine(tuple(glyphs))
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
        own = {_column_at(edges, glyph.x) for glyph in word.glyphs}
        apart = len(own) == len(word.glyphs) and all(
            abs(glyph.x - _middle_of_column(edges, glyph.x)) < _ASIDE * size
            for glyph in word.glyphs
        )
        return [_word_of([glyph]) for glyph in word.glyphs] if apart else [word]
    parts = [[word.glyphs[0]]]
    for (left, right), after in zip(gaps, word.glyphs[1:], strict=True):
        wide = right - left > _CUT * size
        if wide and any(left - _TOUCH <= edge <= right + _TOUCH for edge in edges):
            parts.append([])
        parts[-1].append(after)
    return [word] if len(parts) == 1 else [_word_of(part) for part in parts]


def _column_at(edges: Sequence[float], x: float) -> int:
    return bisect_right(edges, x)


def _middle_of_column(edges: Sequence[float], x: float) -> float:
    """The middle of the column that a place is in; the place itself outside of all."""
    return next((sum(ends) / 2 for ends in pairwise(edges) if ends[0] <= x <= ends[1]), x)


def typical(values: Iterable[float], default: float) -> float:
    """The median, or the default where there is nothing."""
    found = list(values)
    return median(found) if found else default
