"""Characters in, printed lines and the text of cells out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from yusuan.model.money import parse_number
from yusuan.sources.pdf.glyphs import Glyph

__all__ = ["PIECE_GAP", "WORD_GAP", "Line", "cell_text", "is_full", "is_page_number", "lines_of"]

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

_PAGE_NUMBER = re.compile(
    r"[-—–―─－~·\s]*第?\s*(?:\d{1,4}|[ivxIVX]{1,6})\s*页?"
    r"(?:\s*[,，/／]?\s*共?\s*\d{1,4}\s*页?)?[-—–―─－~·\s]*"
)


@dataclass(frozen=True, slots=True)
class Line:
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
                return " / ".join(Line(tuple(layer)).text for layer in _layers(self.glyphs))
            parts.append(after.text)
        return "".join(parts)

    def parts(self, gap: float, keep: str = "") -> list[Line]:
        """The pieces between gaps wider than this many font sizes; none ends in ``keep``."""
        words: list[list[Glyph]] = [[self.glyphs[0]]]
        for before, after in pairwise(self.glyphs):
            apart = after.x0 > before.x1 or gap < 0
            if apart and _gap(before, after) > gap and not (keep and before.text in keep):
                words.append([])
            words[-1].append(after)
        return [Line(tuple(word)) for word in words]


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


def is_page_number(text: str) -> bool:
    """Whether a text is nothing but the number of a page."""
    return bool(_PAGE_NUMBER.fullmatch(text))


def lines_of(glyphs: Iterable[Glyph]) -> list[Line]:
    """Characters grouped by baseline, from top to bottom."""
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=attrgetter("origin_y")):
        if groups and glyph.origin_y - groups[-1][0].origin_y < _SAME_LINE * glyph.size:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [Line(tuple(sorted(group, key=attrgetter("x0")))) for group in groups]


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


def is_full(line: Line, width: float) -> bool:
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


def _one_number(text: str, lines: list[Line], full: bool) -> str:
    """A number without the blanks inside it; ``full`` tells whether every wrapped line was.

    Pieces that are numbers each are one number only if narrow gaps or full lines part them.
    """
    pieces = text.split()
    together = "".join(pieces)
    if len(pieces) < 2 or parse_number(together) is None:
        return text
    narrow = full and not any(len(line.parts(WORD_GAP)) > 1 for line in lines)
    return together if narrow or any(parse_number(piece) is None for piece in pieces) else text
