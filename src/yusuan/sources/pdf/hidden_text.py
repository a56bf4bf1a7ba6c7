"""Texts of a PDF page that a reader may not see, found by a cheap look at what the page paints.

Nearly all pages have none. What is found here is no verdict: ``visibility`` looks closely.
"""

from __future__ import annotations

import ctypes
import zlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from ctypes import c_float, c_int, c_void_p
from dataclasses import dataclass, field
from enum import Flag, auto
from math import floor

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources import limits
from yusuan.sources.pdf.glyphs import Char, paper_of, text_object
from yusuan.sources.pdf.markup import is_bright
from yusuan.sources.pdf.objects import (
    PATH,
    Box,
    Matrix,
    Painted,
    bounds,
    colour,
    direct,
    moved,
    painted,
)

__all__ = ["HiddenTextCandidates", "HidingReason", "covered", "find_hidden_text", "has_layers"]

_LIKE = 40
"""Colours whose parts (0 to 255) differ by no more than this may be one to the eye."""
_SHADE = 3.0
"""A shape more than so many points wide and high hides what is under it; less is a line."""
_SHADES = 256
"""Where more colours than these are behind text, it may be like any."""
_OPAQUE = 128
"""Text of less opacity (0 to 255) may not be seen."""
_TOUCHED = 0.25
"""A character is looked at where a shape lies over this share of it."""
_CLIP_POINTS = 16
"""A clip of more points is no rectangle."""
_CATALOGUE = 8_000_000
"""Bytes of an object stream that are searched."""
_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_OUTLINED = (raw.FPDF_TEXTRENDERMODE_STROKE, raw.FPDF_TEXTRENDERMODE_STROKE_CLIP)

_clip = direct("FPDFPageObj_GetClipPath", c_void_p, c_void_p)
_clip_paths = direct("FPDFClipPath_CountPaths", c_int, c_void_p)
_clip_points = direct("FPDFClipPath_CountPathSegments", c_int, c_void_p, c_int)
_points = direct("FPDFPath_CountSegments", c_int, c_void_p)
_clip_point = direct("FPDFClipPath_GetPathSegment", c_void_p, c_void_p, c_int, c_int)
_point = direct("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
_point_kind = direct("FPDFPathSegment_GetType", c_int, c_void_p)
_draw_mode = direct("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
_stroke_width = direct("FPDFPageObj_GetStrokeWidth", c_int, c_void_p, c_void_p)
_marks = direct("FPDFPageObj_CountMarks", c_int, c_void_p)
_transparent = direct("FPDFPageObj_HasTransparency", c_int, c_void_p)


class HidingReason(Flag):
    """Why a text may not be seen."""

    NOTHING = 0
    INVISIBLE = auto()
    CLIPPED = auto()
    DRAW = auto()
    """Only a drawing of the page can tell."""


@dataclass(slots=True)
class HiddenTextCandidates:
    """The texts of a page by address with their place in the order of painting, those that may
    not be seen, what they are clipped to, what is painted over texts.

    ``drawn`` is all that is no text, ``area`` how often it covers the paper, ``inked`` how often
    the texts of all drawings did. ``cleared`` are texts that a drawing has shown since; ``bright`` tells of coloured text. ``looks`` counts what
    was compared; ``recognised`` tells that text recognised in a picture is taken for what is seen.
    """

    order: dict[int, int] = field(default_factory=dict)
    why: dict[int, HidingReason] = field(default_factory=dict)
    clips: dict[int, Box] = field(default_factory=dict)
    windows: dict[int, Box] = field(default_factory=dict)
    """What texts are clipped to by rectangles, whether or not they reach out of it."""
    covers: list[tuple[int, Box]] = field(default_factory=list)
    drawn: list[Painted] = field(default_factory=list)
    cleared: set[int] = field(default_factory=set)
    bright: bool = False
    recognised: bool = False
    area: float = 0.0
    inked: float = 0.0
    looks: int = 0

    def look(self, count: int) -> None:
        """So many pairs are looked at. Raises limits.Exceeded, where that is too many."""
        self.looks += count
        if self.looks > limits.PAGE_LOOKS:
            raise limits.Exceeded(f"{self.looks:,} places where something may hide a character")

    def allow_drawing(self, page: pdfium.PdfPage) -> None:
        """Raises limits.Exceeded where it takes too long to draw the page once more."""
        paper = paper_of(page)
        boxes = (bounds(item, outer) for look, item, outer, _ in painted(page) if look >= 0)
        self.inked += sum(_share(box, paper) for box in boxes if box is not None)
        area = self.area + self.inked
        if area > limits.PAGE_PAINTED:
            raise limits.Exceeded(f"paint that covers the page {area:,.0f} times")


def find_hidden_text(page: pdfium.PdfPage, layers: bool) -> HiddenTextCandidates:
    """A look at all objects of a page, in the order of painting. Raises limits.Exceeded."""
    found = HiddenTextCandidates()
    transparency = bool(raw.FPDFPage_HasTransparency(page.raw))
    paper = paper_of(page)
    clips: dict[int, tuple[Box, bool, bool]] = {}
    shades = {(255, 255, 255)}
    known: dict[tuple[int, int, int, int] | None, bool] = {}
    within: dict[tuple[int, ...], bool] = {(): False}
    texts = found.order
    points = 0
    covers: dict[Box, int] = {}  # of shapes at one place the last
    for order, painting in enumerate(painted(page)):
        look, item, outer, forms = painting
        if look >= 0:  # a text, by its render mode
            texts[item] = order
            why = None
            if look in _INVISIBLE:
                why = HidingReason.INVISIBLE
            else:
                ink = colour(item, stroke=look in _OUTLINED)
                if ink not in known:
                    known[ink] = _may_fade(ink, shades)
                    found.bright = found.bright or is_bright(ink)
                if forms not in within:
                    within[forms] = layers or any(map(_transparent, forms))
                if (
                    known[ink]
                    or within[forms]
                    or (transparency and _transparent(item))
                    or (layers and _marks(item) > 0)
                ):
                    why = HidingReason.DRAW
            clip = _clip(item)
            if clip and (paths := _clip_paths(clip)) > 0:
                # Texts clipped alike share their paths, so that the first point of the last one
                # tells them.
                key = _clip_point(clip, paths - 1, 0) or 0
                if key not in clips:
                    clips[key] = _clip_box(clip, paths, outer, paper)
                if not clips[key][2]:
                    if clips[key][1]:
                        found.windows[item] = clips[key][0]
                    cut = _clipped(item, outer, clips[key], found)
                    why = cut if why is None else why | cut
            if why:
                found.why[item] = why
            continue
        found.drawn.append(painting)
        if look == PATH:
            points += _points(item)
            if points > limits.PAGE_POINTS:
                raise limits.Exceeded(f"{points:,} points of what is drawn")
            ink = _shade(item)
            if ink is None:
                continue
            box = bounds(item, outer)
            if box is None or min(box[2] - box[0], box[3] - box[1]) < _SHADE:
                continue
            if ink[3] and ink[:3] not in shades and len(shades) <= _SHADES:
                shades.add(ink[:3])
                known.clear()
        else:
            box = bounds(item, outer)
        if box is not None:
            found.area += _share(box, paper)
            if texts:
                covers[box] = order
    found.covers = [(order, box) for box, order in covers.items()]
    return found


def _share(box: Box, paper: Box) -> float:
    """How much of the paper a box covers, from 0 to 1."""
    wide = min(box[2], paper[2]) - max(box[0], paper[0])
    high = min(box[3], paper[3]) - max(box[1], paper[1])
    whole = (paper[2] - paper[0]) * (paper[3] - paper[1])
    return wide * high / whole if wide > 0 and high > 0 and whole > 0 else 0.0


def _may_fade(ink: tuple[int, int, int, int] | None, shades: set[tuple[int, int, int]]) -> bool:
    """Whether ink may be like what is behind it: transparent, a pattern, or like a shade."""
    if ink is None or ink[3] < _OPAQUE or len(shades) > _SHADES:
        return True
    red, green, blue, _ = ink
    return any(
        abs(red - r) <= _LIKE and abs(green - g) <= _LIKE and abs(blue - b) <= _LIKE
        for r, g, b in shades
    )


_NO_COLOUR = (-255, -255, -255, 255)
_FILLED, _STROKED = c_int(), c_int()
_FILLED_AT, _STROKED_AT = ctypes.addressof(_FILLED), ctypes.addressof(_STROKED)
_WIDTH = c_float()
_WIDTH_AT = ctypes.addressof(_WIDTH)


def _shade(path: int) -> tuple[int, int, int, int] | None:
    """The colour that a path covers an area with (a pattern has none); None where it draws at
    most thin lines."""
    if not _draw_mode(path, _FILLED_AT, _STROKED_AT):
        return None
    if _FILLED.value:
        return colour(path) or _NO_COLOUR
    if _STROKED.value and _stroke_width(path, _WIDTH_AT) and _WIDTH.value >= _SHADE:
        return colour(path, stroke=True) or _NO_COLOUR
    return None


def _clipped(
    text: int, outer: Matrix, clip: tuple[Box, bool, bool], found: HiddenTextCandidates
) -> HidingReason:
    """Whether a text reaches out of what it is clipped to (see ``_clip_box``)."""
    allowed, exact, _ = clip
    box = bounds(text, outer)
    if not exact:
        return HidingReason.DRAW
    if box is None:
        return HidingReason.NOTHING
    left, bottom, right, top = box
    slack = _TOUCHED * (top - bottom)
    if (
        left + 1 >= allowed[0]
        and right - 1 <= allowed[2]
        and bottom + slack >= allowed[1]
        and top - slack <= allowed[3]
    ):
        return HidingReason.NOTHING
    found.clips[text] = allowed
    return HidingReason.CLIPPED


def _clip_box(clip: int, paths: int, outer: Matrix, paper: Box) -> tuple[Box, bool, bool]:
    """What all paths of a clip leave, whether they are rectangles, so that it is exact, and
    whether that is all of the paper, so that it cuts nothing."""
    left = bottom = float("-inf")
    right = top = float("inf")
    exact = True
    x, y = c_float(), c_float()
    at_x, at_y = ctypes.addressof(x), ctypes.addressof(y)
    for path in range(paths):
        count = _clip_points(clip, path)
        points = []
        for index in range(min(count, _CLIP_POINTS)):
            point = _clip_point(clip, path, index)
            exact = exact and _point_kind(point) != raw.FPDF_SEGMENT_BEZIERTO
            _point(point, at_x, at_y)
            points.append((x.value, y.value))
        xs, ys = {round(x, 2) for x, _ in points}, {round(y, 2) for _, y in points}
        exact = exact and len(points) == count and len(xs) <= 2 and len(ys) <= 2
        if not points:
            return (0.0, 0.0, 0.0, 0.0), True, False
        left, right = max(left, min(xs)), min(right, max(xs))
        bottom, top = max(bottom, min(ys)), min(top, max(ys))
    box = moved((left, bottom, right, top), outer)
    whole = (
        box[0] <= paper[0] + 1
        and box[1] <= paper[1] + 1
        and box[2] >= paper[2] - 1
        and box[3] >= paper[3] - 1
    )
    return box, exact, exact and whole


def covered(place: int, chars: Sequence[Char], candidates: HiddenTextCandidates) -> set[int]:
    """The characters, by place in ``chars``, over which something is painted later.

    ``place`` is the address of the page's text. Raises limits.Exceeded.
    """
    if not candidates.covers or not chars:
        return set()
    highest = max(max(char[1][3] - char[1][1] for char in chars), 1.0)
    widest = max(char[1][2] - char[1][0] for char in chars)
    rows: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for i, char in enumerate(chars):
        rows[floor(char[1][1] / highest)].append((char[1][0], i))
    heights = sorted(rows)
    for row in rows.values():
        row.sort()
    owners: dict[int, int] = {}
    under: set[int] = set()
    # From the last, so that what it covers need not be looked at again.
    for order, (left, bottom, right, top) in sorted(candidates.covers, reverse=True):
        first = bisect_left(heights, floor(bottom / highest) - 1)
        last = bisect_right(heights, floor(top / highest))
        for height in heights[first:last]:
            row = rows[height]
            start, end = (
                bisect_left(row, (left - widest, -1)),
                bisect_right(row, (right, len(chars))),
            )
            candidates.look(end - start + 1)
            before = len(under)
            for _, i in row[start:end]:
                x0, y0, x1, y1 = chars[i][1]
                wide, high = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
                if wide <= 0 or high <= 0 or wide * high < _TOUCHED * (x1 - x0) * (y1 - y0):
                    continue
                if i not in owners:
                    owners[i] = text_object(place, chars[i][4])
                owner = owners[i]
                if candidates.order.get(owner, order) < order and owner not in candidates.cleared:
                    under.add(i)
            if len(under) > before:
                rows[height] = [one for one in row if one[1] not in under]
    return under


def has_layers(content: bytes) -> bool:
    """Whether a file may have layers (optional content) that a viewer does not show.

    The catalogue that says so may stand in a compressed object stream.
    """
    if b"/OCProperties" in content or b"/Encrypt" in content:
        return True
    start = content.find(b"/ObjStm")
    while start >= 0:
        begin = content.find(b"stream", start)
        after = content[begin + 6 : begin + 8]
        begin += 8 if after == b"\r\n" else 7
        try:
            unpacked = zlib.decompressobj().decompress(content[begin:], _CATALOGUE)
        except zlib.error:
            return True
        if b"/OCProperties" in unpacked:
            return True
        start = content.find(b"/ObjStm", begin)
    return False
