"""The printed characters of a PDF page, in one frame: points from the top left corner, y down.

The frame is turned so that most of the text reads from left to right, whatever the page's
own rotation says: a table set sideways on an upright page reads like any other. A viewer shows
the visible box turned by the page's own rotation (ISO 32000-1, 7.7.3.3): ``Display`` tells where
a box of the frame is shown.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_double, c_float, c_int, c_uint, c_ushort, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources import limits
from yusuan.sources.fragments import Box
from yusuan.sources.pdf.objects import address, direct

__all__ = [
    "UNKNOWN",
    "Char",
    "Display",
    "Frame",
    "Glyph",
    "SlantedChar",
    "display_of",
    "frame_of",
    "glyph_of",
    "is_garbled",
    "on_paper",
    "paper_of",
    "read_chars",
    "text_object",
    "without_overprints",
]

_ASLANT = 0.1
"""Text further from level and upright than this share of a quarter turn is no part of the page."""
UNKNOWN = "\ufffd"
"""Stands for a character whose font does not tell which it is."""

_GARBLED = 0.3
"""A page with this share of characters that mean nothing cannot be read."""
_MEANINGLESS = re.compile(
    rf"[{UNKNOWN}\ue000-\uf8ff\u0080-\u00b6\u00b8-\u024f\U000f0000-\U0010ffff]"
)
"""Unmapped and private characters, and the Latin letters that Chinese bytes are misread as."""
_BESIDE = 0.25
"""The same character this share of its width away is the same print once more."""


class Glyph(NamedTuple):
    """One character with its box (advance width, height of the font) and its origin.

    All lengths are points in the frame of the page. ``turn`` counts the quarter turns,
    counter-clockwise, by which the character lies against the frame; 0 is upright. ``hidden``
    and ``struck`` are those of a ``Run``. A named tuple is made in a quarter of the time of a
    frozen dataclass, and a page has thousands.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    origin_x: float
    origin_y: float
    turn: int = 0
    hidden: bool = False
    struck: bool = False

    @property
    def x(self) -> float:
        """Horizontal centre."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Vertical centre."""
        return (self.top + self.bottom) / 2

    @property
    def size(self) -> float:
        """Height of the font along the character's own upright."""
        return self.x1 - self.x0 if self.turn % 2 else self.bottom - self.top

    def moved(self, down: float) -> Glyph:
        """The same character so many points further down."""
        return self._replace(
            top=self.top + down, bottom=self.bottom + down, origin_y=self.origin_y + down
        )

    def upright(self) -> Glyph:
        """The same character in a frame turned so that it stands upright."""
        if self.turn == 0:
            return self
        left, top = _turned(self.x0, self.top, self.turn)
        right, bottom = _turned(self.x1, self.bottom, self.turn)
        x, y = _turned(self.origin_x, self.origin_y, self.turn)
        return Glyph(
            self.text, min(left, right), min(top, bottom), max(left, right), max(top, bottom),
            x, y, 0, self.hidden, self.struck,
        )  # fmt: skip


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point (y down) after ``turn`` clockwise quarter turns of the paper about the origin."""
    for _ in range(turn):
        x, y = -y, x
    return x, y


@dataclass(frozen=True, slots=True)
class Frame:
    """Turns points of PDF user space (y up) into the frame of a page.

    ``turn`` is the number of clockwise quarter turns that make the text upright; the box is
    the visible part of the page in user space.
    """

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turn % 2 else self.top - self.bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space in the frame."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


Char = tuple[str, tuple[float, float, float, float], tuple[float, float], int, int]
"""A character in user space: its text, box (left, bottom, right, top), origin, the turn of its
direction, counter-clockwise, and its index in the page. A plain tuple, since a page has thousands."""


@dataclass(frozen=True, slots=True)
class SlantedChar:
    """A character that stands aslant: its middle in user space, the size of the box around it,
    its direction in quarter turns, counter-clockwise, and the address of the text it is of."""

    x: float
    y: float
    size: float
    quarters: float
    owner: int


_unicode = direct("FPDFText_GetUnicode", c_uint, c_void_p, c_int)


_unmapped = direct("FPDFText_HasUnicodeMapError", c_int, c_void_p, c_int)


_loose_box = direct("FPDFText_GetLooseCharBox", c_int, c_void_p, c_int, c_void_p)


_origin = direct("FPDFText_GetCharOrigin", c_int, c_void_p, c_int, c_void_p, c_void_p)


_angle = direct("FPDFText_GetCharAngle", c_float, c_void_p, c_int)


text_object = direct("FPDFText_GetTextObject", c_void_p, c_void_p, c_int)
"""The address of the text that a character (by index) belongs to."""


def frame_of(page: pdfium.PdfPage, chars: Iterable[Char]) -> Frame:
    """The frame in which most of the characters read from left to right."""
    turns = Counter(turn for _, _, _, turn, _ in chars)
    turn = turns.most_common(1)[0][0] if turns else page.get_rotation() // 90
    return Frame(turn, *page.get_cropbox())


def read_chars(textpage: pdfium.PdfTextPage, slanted: list[SlantedChar]) -> Iterator[Char]:
    """The characters of a page, seen or not, in the order of the content stream.

    Blanks are left out: gaps between boxes tell them more reliably; so is text that runs
    aslant, a watermark across the page, which is put into ``slanted``. Raises limits.Exceeded.
    """
    place = address(textpage.raw)
    sides, point, matrix = (c_float * 4)(), (c_double * 2)(), raw.FS_MATRIX()
    at_sides, at_x = ctypes.addressof(sides), ctypes.addressof(point)
    at_y = at_x + ctypes.sizeof(c_double)
    high = 0
    count = raw.FPDFText_CountChars(textpage.raw)
    if count > limits.PAGE_CHARACTERS:
        raise limits.Exceeded(f"{count:,} characters")
    codes = _codes(textpage, count)
    for index in range(count):
        code = codes[index] if codes else _unicode(place, index)
        if 0xD800 <= code < 0xDC00:  # first half of a pair
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        text = UNKNOWN if _unmapped(place, index) == 1 else _text(code)
        # Those that the library puts in itself are blanks and line ends.
        if not text or not _loose_box(place, index, at_sides):
            continue
        left, top, right, bottom = sides[:]
        _origin(place, index, at_x, at_y)
        x, y = point[:]
        if angle := _angle(place, index):
            # PDFium counts the angle clockwise.
            quarters = -angle / (math.pi / 2)
            if abs(quarters - round(quarters)) > _ASLANT:
                # It is that of the upright stroke, which italics lean; their line is level.
                raw.FPDFText_GetMatrix(textpage.raw, index, matrix)
                quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
                if abs(quarters - round(quarters)) > _ASLANT:
                    size = max(right - left, abs(bottom - top))
                    owner = text_object(place, index) or 0
                    slanted.append(
                        SlantedChar((left + right) / 2, (bottom + top) / 2, size, quarters, owner)
                    )
                    continue
            turn = round(quarters) % 4
        else:
            turn = 0
        yield text, (left, bottom, right, top), (x, y), turn, index


def _codes(textpage: pdfium.PdfTextPage, count: int) -> Sequence[int]:
    """The code points of all characters, got at once; none where they cannot be told one from the
    other: where the library leaves one out, or one takes two places."""
    units = (c_ushort * (count + 1))()
    if raw.FPDFText_GetText(textpage.raw, 0, count, units) != count + 1:
        return ()
    codes: list[int] = units[:count]
    return () if any(0xD800 <= code < 0xE000 for code in codes) else codes


@cache
def _text(code: int) -> str:
    """The character of a code point, or nothing for blanks, controls and half pairs.

    Radicals (⽉) are an artefact of font subsetting; the ideograph (月) is what is printed.
    """
    if code <= 0x20 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        return ""
    text = chr(code)
    if 0x2E80 <= code < 0x2FE0:
        return unicodedata.normalize("NFKC", text)
    return "" if text.isspace() or unicodedata.category(text) in ("Cc", "Cf") else text


def glyph_of(char: Char, frame: Frame, *, hidden: bool = False) -> Glyph:
    """A character in the frame of its page."""
    text, (left, bottom, right, top), origin, own, _ = char
    turn = (own - frame.turn) % 4
    if not frame.turn and left <= right and bottom <= top:  # nearly all characters
        across, down = frame.left, frame.top
        return Glyph(
            text, left - across, down - top, right - across, down - bottom,
            origin[0] - across, down - origin[1], turn, hidden,
        )  # fmt: skip
    x0, y0 = frame.point(left, bottom)
    x1, y1 = frame.point(right, top)
    x, y = frame.point(*origin)
    return Glyph(text, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1), x, y, turn, hidden)


@dataclass(frozen=True, slots=True)
class Display:
    """Turns boxes of ``frame`` into boxes of the page as ``shown``."""

    frame: Frame
    shown: Frame

    def box(self, box: Box) -> Box:
        """Left, top, right and bottom on the displayed page, cut off at its edges."""
        left, top, right, bottom = box
        corners = [
            self.shown.point(*_user(self.frame, x, y)) for x, y in ((left, top), (right, bottom))
        ]
        (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
        width, height = self.shown.width, self.shown.height
        return max(x0, 0.0), max(y0, 0.0), min(x1, width), min(y1, height)


def display_of(page: pdfium.PdfPage, frame: Frame) -> Display:
    """How a page read in a frame is displayed: what both boxes show, turned by /Rotate."""
    return Display(frame, Frame(page.get_rotation() // 90 % 4, *paper_of(page)))


def paper_of(page: pdfium.PdfPage) -> Box:
    """What both boxes of a page show: left, bottom, right and top in user space."""
    crop, media = _ordered(page.get_cropbox()), _ordered(page.get_mediabox())
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    right, top = min(crop[2], media[2]), min(crop[3], media[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def on_paper(page: pdfium.PdfPage, chars: Sequence[Char]) -> list[Char]:
    """The characters whose middle is on the part of the page that a viewer shows."""
    left, bottom, right, top = (2 * side for side in paper_of(page))
    return [
        char for char in chars
        if left <= (box := char[1])[0] + box[2] <= right and bottom <= box[1] + box[3] <= top
    ]  # fmt: skip


def _ordered(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _user(frame: Frame, x: float, y: float) -> tuple[float, float]:
    """A point of a frame in user space: ``Frame.point`` backwards."""
    if frame.turn == 0:
        return x + frame.left, frame.top - y
    if frame.turn == 1:
        return y + frame.left, x + frame.bottom
    if frame.turn == 2:
        return frame.right - x, y + frame.bottom
    return frame.right - y, frame.top - x


def is_garbled(glyphs: Sequence[Glyph]) -> bool:
    """Whether too many characters of a page are unmapped, private, or bytes misread."""
    bad = sum(bool(_MEANINGLESS.match(glyph.text)) for glyph in glyphs)
    return bad > 0 and bad >= _GARBLED * len(glyphs)


def without_overprints(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The characters without those drawn again a little to the side, which fakes bold print."""
    found = list(glyphs)
    order = sorted(
        range(len(found)),
        key=lambda i: (found[i].text, round(found[i].origin_y), found[i].x0),
    )
    again: set[int] = set()
    last: Glyph | None = None
    for index in order:
        glyph = found[index]
        if (
            last is not None
            and glyph.text == last.text
            and glyph.turn == last.turn
            and 0 <= glyph.x0 - last.x0 < _BESIDE * (last.x1 - last.x0)
            and abs(glyph.origin_y - last.origin_y) < 1
        ):
            again.add(index)
        else:
            last = glyph
    return [glyph for index, glyph in enumerate(found) if index not in again] if again else found
