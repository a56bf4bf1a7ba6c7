"""Which characters of a PDF page a reader of the page sees.

A file may hold text that its page does not show: invisible (text render mode 3 of ISO 32000-1,
9.3.6), of the colour of what is behind it, transparent, clipped away, in a layer that is
switched off, or painted over. For texts for which that is possible (``hidden_text``) the page
is drawn with and without them, as a viewer draws it, and a character is seen if that makes a
difference at its place.

The invisible text over the picture of a page is another thing: it is what a program recognised
in the picture (OCR), and says what a reader sees there.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from ctypes import c_double, c_int, c_void_p
from dataclasses import dataclass
from math import sqrt

import pypdfium2 as pdfium

from yusuan.sources import limits
from yusuan.sources.pdf.glyphs import (
    UNKNOWN,
    Char,
    Frame,
    Glyph,
    SlantedChar,
    display_of,
    frame_of,
    glyph_of,
    on_paper,
    paper_of,
    read_chars,
    text_object,
)
from yusuan.sources.pdf.hidden_text import (
    HiddenTextCandidates,
    HidingReason,
    covered,
    find_hidden_text,
)
from yusuan.sources.pdf.markup import seal_chars
from yusuan.sources.pdf.objects import PICTURE, Box, activate, address, bounds, direct
from yusuan.sources.pdf.rendering import (
    INKED,
    SHOWN,
    RenderedRegion,
    difference_of,
    extent,
    grey_range,
    is_shown,
)

__all__ = ["read_glyphs"]

_RECOGNISED = 0.8
"""Text over no picture says what is seen if something is printed behind this share of it."""
_WHOLE_PAGE = 0.3
"""A picture of this share of the page is that of the page, as in ``reading``."""
_CUT = 0.2
"""A character that reaches out by so many points is cut."""
_IN_NUMBER = re.compile(r"[\d.,]")
_TURNS = 4
"""Candidates that lie on each other are drawn in so many turns at most."""
_CELL, _CELLS = 3.0, 100_000
"""Points; what lies in one square of this size lies on each other. A page has so many at most."""

_char_box = direct("FPDFText_GetCharBox", c_int, c_void_p, c_int, *[c_void_p] * 4)


@dataclass(frozen=True, slots=True)
class _PageCharacters:
    """The characters of a page: seen, and hidden with the texts they belong to; and the texts
    of which all is hidden."""

    seen: list[Char]
    hidden: list[tuple[Char, int]]
    whole: set[int]


def read_glyphs(
    page: pdfium.PdfPage, candidates: HiddenTextCandidates | None = None
) -> tuple[Frame, list[Glyph]]:
    """The frame of a page and its characters in the order of the content stream.

    Those that a reader does not see are ``hidden`` and stand at the end; text outside of the
    page is left out. ``hidden_text`` is what the page paints, where that is known already; without
    it the file has no layers. Raises limits.Exceeded.
    """
    candidates = candidates or find_hidden_text(page, layers=False)
    read = _page_characters(page, candidates)
    hidden = read.hidden
    gone: set[int] = set()
    try:
        # The library drops characters that repeat others at the same place, and it may drop those
        # that are seen. Without the hidden texts they come forth.
        rounds = 0
        while read.whole:
            rounds += 1
            if rounds > limits.PAGE_ROUNDS:
                raise limits.Exceeded(f"{rounds} layers of hidden text")
            for item in read.whole:
                activate(item, 0)
            gone |= read.whole
            read = _page_characters(page, candidates)
            hidden = [one for one in hidden if one[1] in gone] + read.hidden
    finally:
        for item in gone:
            activate(item, 1)
    frame = frame_of(page, read.seen or [char for char, _ in hidden])
    glyphs = [glyph_of(char, frame) for char in on_paper(page, read.seen)]
    again = _repeated([char for char, _ in hidden], read.seen) if hidden else set()
    whole = {owner for i, (_, owner) in enumerate(hidden) if i not in again}
    unseen = [char for i, (char, owner) in enumerate(hidden) if owner in whole]
    glyphs += [glyph_of(char, frame, hidden=True) for char in on_paper(page, unseen)]
    return frame, glyphs


def _repeated(hidden: Sequence[Char], seen: Sequence[Char]) -> set[int]:
    """Which hidden characters (by place) stand where the same ones are seen."""
    at = {(char[0], round(char[2][0]), round(char[2][1])) for char in seen}
    return {
        i for i, (text, _, (x, y), _, _) in enumerate(hidden)
        if any((text, round(x) + dx, round(y)) in at for dx in (-1, 0, 1))
    }  # fmt: skip


def _page_characters(page: pdfium.PdfPage, candidates: HiddenTextCandidates) -> _PageCharacters:
    textpage = page.get_textpage()
    try:
        slanted: list[SlantedChar] = []
        chars = list(read_chars(textpage, slanted))
        place = address(textpage.raw)
        if candidates.bright:
            seal = seal_chars(place, chars, candidates.drawn, slanted)
            chars = [char for i, char in enumerate(chars) if i not in seal]
        under = covered(place, chars, candidates)
        if not candidates.why and not under:
            return _PageCharacters(chars + _cut_signs(page, place, chars, candidates), [], set())
        owners = [text_object(place, char[4]) for char in chars]
        test = _VisibilityTest(page, place, chars, owners, candidates, under)
        unseen = test.hidden()
        signs = _cut_signs(page, place, chars, candidates)
    finally:
        textpage.close()
    hidden = [(chars[i], owners[i]) for i in sorted(unseen)]
    seen = [char for i, char in enumerate(chars) if i not in unseen]
    left = {owner for i, owner in enumerate(owners) if i not in unseen}
    whole = {owner for _, owner in hidden if owner} - left
    return _PageCharacters(seen + signs, hidden, whole)


def _cut_signs(
    page: pdfium.PdfPage, textpage: int, chars: Sequence[Char], candidates: HiddenTextCandidates
) -> list[Char]:
    """A sign for an unknown character where the edge of the paper, or of what its text is
    clipped to, cuts a number: nobody can tell whether more digits stood beyond it.

    Programs leave out the characters that are all beyond the edge, so that 1.34 would be 1.
    """
    paper = paper_of(page)
    rights = {box[2] for box in candidates.windows.values()} | {paper[2]}
    lefts = {box[0] for box in candidates.windows.values()} | {paper[0]}
    nearest, furthest = min(rights), max(lefts)
    if not any(c[1][2] > nearest + _CUT or c[1][0] < furthest - _CUT for c in chars):
        return []
    signs: list[Char] = []
    before: Char | None = None
    for char in chars:
        text, (left, bottom, right, top), origin, turn, index = char
        last, before = before, char if _IN_NUMBER.match(text) and not turn else None
        if before is None or (right <= nearest + _CUT and left >= furthest - _CUT):
            continue
        window = candidates.windows.get(text_object(textpage, index) or 0, paper)
        start, end = max(window[0], paper[0]), min(window[2], paper[2])
        goes_on = (
            last is not None
            and last[2][1] == origin[1]
            and left - top + bottom < last[1][2] <= end + _CUT
        )
        if right > end + _CUT and (left < end - _CUT or goes_on):
            signs.append((UNKNOWN, (end, bottom, end, top), (end, origin[1]), turn, index))
        elif left + _CUT < start < right - _CUT:
            signs.append((UNKNOWN, (start, bottom, start, top), (start, origin[1]), turn, index))
    return signs


class _VisibilityTest:
    """A close look at the characters of a page that may not be seen; all are known by their
    place in ``chars``."""

    def __init__(
        self, page: pdfium.PdfPage, textpage: int, chars: list[Char], owners: list[int],
        candidates: HiddenTextCandidates, under: set[int],
    ) -> None:  # fmt: skip
        self._page = page
        self._textpage = textpage
        self._chars = chars
        self._owners = owners
        self._candidates = candidates
        self._under = under
        self._shown = display_of(page, Frame(0, *page.get_cropbox())).shown
        self._boxes: dict[int, Box] = {}

    def hidden(self) -> set[int]:
        """The characters that are not seen."""
        why, cleared = self._candidates.why, self._candidates.cleared
        reasons = [why.get(owner, HidingReason.NOTHING) for owner in self._owners]
        invisible = {i for i, look in enumerate(reasons) if look & HidingReason.INVISIBLE}
        cut = {
            i for i, look in enumerate(reasons)
            if look & HidingReason.CLIPPED and i not in invisible and self._is_cut(i)
        }  # fmt: skip
        doubtful = [
            i for i, look in enumerate(reasons)
            if (i in self._under or look & HidingReason.DRAW)
            and i not in invisible and i not in cut and self._owners[i] not in cleared
        ]  # fmt: skip
        undrawn = self._undrawn(doubtful) if doubtful else set()
        for i in doubtful:
            if i not in undrawn:
                cleared.add(self._owners[i])
        cleared -= {self._owners[i] for i in undrawn}
        unseen = invisible | cut | undrawn
        recognised = self._recognised(invisible, undrawn & self._under, unseen)
        self._candidates.recognised = self._candidates.recognised or bool(recognised)
        return unseen - recognised

    def _box(self, i: int) -> Box:
        """The box of a character's ink in points of the displayed page, y down: left, top,
        right, bottom."""
        if i not in self._boxes:
            sides = [c_double() for _ in range(4)]  # left, right, bottom, top
            left, bottom, right, top = self._chars[i][1]
            if _char_box(self._textpage, self._chars[i][4], *map(ctypes.addressof, sides)):
                x0, x1, y0, y1 = (side.value for side in sides)
                if x1 > x0 and y1 > y0:
                    left, bottom, right, top = x0, y0, x1, y1
            (x0, y0), (x1, y1) = self._shown.point(left, bottom), self._shown.point(right, top)
            self._boxes[i] = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
        return self._boxes[i]

    def _is_cut(self, i: int) -> bool:
        """Whether too little of a character is within what its text is clipped to."""
        left, bottom, right, top = self._candidates.clips[self._owners[i]]
        (x0, y0), (x1, y1) = self._shown.point(left, bottom), self._shown.point(right, top)
        a, b, c, d = self._box(i)
        wide = min(c, max(x0, x1)) - max(a, min(x0, x1))
        high = min(d, max(y0, y1)) - max(b, min(y0, y1))
        return wide < SHOWN * (c - a) or high < SHOWN * (d - b) or wide <= 0 or high <= 0

    def _undrawn(self, doubtful: list[int]) -> set[int]:
        """The characters that make no difference to a drawing of the page."""
        self._candidates.allow_drawing(self._page)
        turns = self._turns(doubtful)
        view = RenderedRegion(self._page, [self._box(i) for i in doubtful])
        full = view.drawing()
        unseen: set[int] = set()
        unclear: set[int] = set()
        for turn in turns:
            with_out = view.without({self._owners[i] for i in turn})
            difference = difference_of(full, with_out)
            open_: dict[int, tuple[int, int]] = {}
            for i in turn:
                box = view.pixels(self._box(i))
                wide, high = extent(difference, box)
                if wide and is_shown((wide, high), (box[2] - box[0], box[3] - box[1])):
                    continue
                if not wide and self._chars[i][0].isascii():
                    unseen.add(i)
                else:
                    open_[i] = wide, high
            if open_:
                # How much ink there is to see, by the texts alone on white paper.
                alone = view.alone({self._owners[i] for i in open_})
                for i, shown in open_.items():
                    ink = extent(alone, view.pixels(self._box(i)))
                    if not ink[0]:
                        unclear.add(i)
                    elif not shown[0] or not is_shown(shown, ink):
                        unseen.add(i)
        # Without a font for it a character is drawn nowhere: it is like those around it.
        decided = Counter(self._owners[i] for i in unseen)
        for i in unclear:
            if decided[self._owners[i]] or len(unseen) + len(unclear) == len(doubtful) > len(
                unclear
            ):
                unseen.add(i)
        return unseen

    def _turns(self, doubtful: list[int]) -> list[list[int]]:
        """The characters in groups of which no two texts lie on each other."""
        width, height = self._shown.width, self._shown.height
        cell = max(_CELL, sqrt(width * height / _CELLS))
        members: dict[int, list[int]] = {}
        for i in doubtful:
            members.setdefault(self._owners[i], []).append(i)
        taken: list[set[tuple[int, int]]] = []
        turns: list[list[int]] = []
        for own in members.values():
            squares: set[tuple[int, int]] = set()
            for i in own:
                left, top, right, bottom = self._box(i)
                xs = range(int(max(left, 0) // cell), int(min(right, width) // cell) + 1)
                ys = range(int(max(top, 0) // cell), int(min(bottom, height) // cell) + 1)
                self._candidates.look(len(xs) * len(ys))
                squares.update((x, y) for x in xs for y in ys)
            turn = next((n for n, other in enumerate(taken) if not other & squares), len(taken))
            turn = min(turn, _TURNS - 1)
            if turn == len(taken):
                taken.append(set())
                turns.append([])
            taken[turn] |= squares
            turns[turn] += own
        return turns

    def _recognised(self, invisible: set[int], under: set[int], unseen: set[int]) -> set[int]:
        """The unseen characters that say what is seen: recognised in a picture of text.

        ``invisible`` is so itself; ``under`` is painted over, which counts where the picture of
        the whole page was painted over its text.
        """
        if not invisible and not under:
            return set()
        pictures = [
            box for look, item, outer, _ in self._candidates.drawn
            if look == PICTURE and (box := bounds(item, outer)) is not None
        ]  # fmt: skip
        paper = self._shown.width * self._shown.height
        whole = [b for b in pictures if (b[2] - b[0]) * (b[3] - b[1]) >= _WHOLE_PAGE * paper]
        self._candidates.look(len(under) * len(whole))
        seen = [i for i in range(len(self._chars)) if i not in unseen]
        layer = {i for i in invisible if not self._chars[i][0].isspace()}
        layer |= {i for i in under if _holds(whole, self._chars[i])}
        layer -= self._overprinted(layer, seen)
        if not layer:
            return set()
        self._candidates.look(len(layer) * len(pictures))
        pictured = {i for i in layer if _holds(pictures, self._chars[i])}
        if len(pictured) > len(seen) and pictured <= invisible:
            return pictured
        self._candidates.allow_drawing(self._page)
        view = RenderedRegion(self._page, [self._box(i) for i in layer])
        grey = view.drawing().convert("L")
        ranges = {i: grey_range(grey, view.pixels(self._box(i))) for i in layer}
        inked = {i for i, (least, most) in ranges.items() if most - least >= INKED}
        mostly = len(inked) >= _RECOGNISED * len(layer) and len(inked) > len(seen)
        return layer if mostly else inked & pictured & invisible

    def _overprinted(self, layer: set[int], seen: list[int]) -> set[int]:
        """The characters of a layer of which a seen one stands in the place."""
        chars = self._chars
        ordered = sorted(seen, key=lambda i: chars[i][1][1])
        bottoms = [chars[i][1][1] for i in ordered]
        highest = max((chars[i][1][3] - chars[i][1][1] for i in seen), default=0.0)
        found: set[int] = set()
        for i in layer:
            left, bottom, right, top = chars[i][1]
            x, y = (left + right) / 2, (bottom + top) / 2
            near = ordered[bisect_left(bottoms, y - highest) : bisect_right(bottoms, y)]
            self._candidates.look(len(near))
            if any(chars[j][1][0] <= x <= chars[j][1][2] and y <= chars[j][1][3] for j in near):
                found.add(i)
        return found


def _holds(boxes: Sequence[Box], char: Char) -> bool:
    left, bottom, right, top = char[1]
    x, y = (left + right) / 2, (bottom + top) / 2
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes)
