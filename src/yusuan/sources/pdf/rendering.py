"""Drawings of a part of a PDF page, as a viewer draws it, with some of its texts or without them.

They are the last arbiter of what a reader sees, for the few pages where that is in doubt.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ctypes import c_int, c_uint, c_void_p
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources.pdf.glyphs import Frame, display_of
from yusuan.sources.pdf.objects import Box, activate, colour, direct, painted
from yusuan.sources.pdf.rulings import Ruling

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "INKED",
    "SHOWN",
    "Pixels",
    "RenderedRegion",
    "are_drawn",
    "difference_of",
    "extent",
    "grey_range",
    "is_shown",
]

INKED = 64
"""Something is printed at a place if the grey values there differ by this (0 to 255)."""
_DIFFERS = 16
"""Ink that differs from what is behind it by less than this (0 to 255) is not seen."""
SHOWN = 0.5
"""A character is seen if this share of its height and of its width is."""
_ALONG = 0.95
"""A line is seen if this share of it is."""
_SCALE, _PIXELS = 2.5, 6_000_000
"""Pixels of a drawing for a point, and at most in all."""

_paint = direct("FPDFPageObj_SetFillColor", c_int, c_void_p, *[c_uint] * 4)
_mode = direct("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
_set_mode = direct("FPDFTextObj_SetTextRenderMode", c_int, c_void_p, c_int)

Pixels = tuple[int, int, int, int]


class RenderedRegion:
    """The part of a page around some boxes (points of the displayed page), to be drawn."""

    def __init__(self, page: pdfium.PdfPage, boxes: Iterable[Box]) -> None:
        self._page = page
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        width, height = page.get_width(), page.get_height()
        left, top = max(min(lefts) - 2, 0.0), max(min(tops) - 2, 0.0)
        right, bottom = min(max(rights) + 2, width), min(max(bottoms) + 2, height)
        area = max(right - left, 1.0) * max(bottom - top, 1.0)
        self._scale = min(_SCALE, sqrt(_PIXELS / area))
        self._crop = (
            max(min(left, width - 1), 0.0), max(min(height - bottom, height - 1), 0.0),
            max(min(width - right, width - 1), 0.0), max(min(top, height - 1), 0.0),
        )  # fmt: skip
        self._left = ceil(self._crop[0] * self._scale)
        self._top = ceil(self._crop[3] * self._scale)

    def pixels(self, box: Box) -> Pixels:
        """A box of the page in pixels of a drawing, from the top left."""
        left, top, right, bottom = (side * self._scale for side in box)
        return (
            floor(left) - self._left, floor(top) - self._top,
            ceil(right) - self._left, ceil(bottom) - self._top,
        )  # fmt: skip

    def drawing(self) -> Image:
        """The page as it is now."""
        bitmap = self._page.render(
            scale=self._scale, crop=self._crop, draw_annots=False, may_draw_forms=False
        )
        try:
            image: Image = bitmap.to_pil().convert("RGB")
            return image
        finally:
            bitmap.close()

    def without(self, texts: set[int]) -> Image:
        """The page without some texts."""
        for item in texts:
            activate(item, 0)
        try:
            return self.drawing()
        finally:
            for item in texts:
                activate(item, 1)

    def alone(self, texts: set[int]) -> Image:
        """Nothing but some texts, as ink of 255 on 0."""
        from PIL import ImageOps

        others = [item for _, item, _, _ in painted(self._page) if item not in texts]
        appearance = {item: (colour(item), _mode(item)) for item in texts}
        for item in others:
            activate(item, 0)
        for item in texts:
            _paint(item, 0, 0, 0, 255)
            _set_mode(item, raw.FPDF_TEXTRENDERMODE_FILL)
        try:
            return ImageOps.invert(self.drawing().convert("L")).point(_mask(INKED))
        finally:
            for item in others:
                activate(item, 1)
            for item, (ink, mode) in appearance.items():
                if ink is not None:
                    _paint(item, *ink)
                _set_mode(item, mode)


def _mask(least: int) -> list[int]:
    """A table that makes values of at least so much 255, and others 0."""
    return [0] * least + [255] * (256 - least)


def difference_of(one: Image, other: Image) -> Image:
    """Where two drawings differ to the eye: 255 there, else 0."""
    from PIL import ImageChops

    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(_mask(_DIFFERS))


def extent(mask: Image, box: Pixels) -> tuple[int, int]:
    """Width and height of what is marked within a box."""
    found = mask.crop(box).getbbox()
    return (found[2] - found[0], found[3] - found[1]) if found else (0, 0)


def is_shown(shown: tuple[int, int], all_: tuple[int, int]) -> bool:
    """Whether enough of a character (width, height) is to be seen of all that there is."""
    return all(part >= SHOWN * whole - 1 for part, whole in zip(shown, all_, strict=True))


def grey_range(grey: Image, box: Pixels) -> tuple[int, int]:
    """The darkest and the lightest grey value within a box."""
    left, top, right, bottom = box
    inside = max(left, 0), max(top, 0), min(right, grey.width), min(bottom, grey.height)
    darkest, lightest = grey.crop(inside).getextrema()
    return int(darkest), int(lightest)  # type: ignore[arg-type]


def are_drawn(page: pdfium.PdfPage, frame: Frame, lines: Sequence[Ruling]) -> list[bool]:
    """Whether level lines of a frame are each seen all along, and not only ink of text under them.

    Lines near each other share a drawing, of which there are as few as its size allows.
    """
    display = display_of(page, frame)
    boxes = [display.box((line.start, line.at - 1, line.end, line.at + 1)) for line in lines]
    found = [False] * len(lines)
    for group in _near(boxes):
        view = RenderedRegion(page, [_wider(boxes[index]) for index in group])
        grey = view.drawing().convert("L")
        for index in group:
            found[index] = _is_drawn(grey, view.pixels(boxes[index]))
    return found


def _wider(box: Box) -> Box:
    left, top, right, bottom = box
    return left - 3, top - 3, right + 3, bottom + 3


def _near(boxes: Sequence[Box]) -> list[list[int]]:
    """The boxes (by place) from top to bottom, in groups that each fit into a drawing."""
    groups: list[list[int]] = []
    around = (0.0, 0.0, 0.0, 0.0)
    for index in sorted(range(len(boxes)), key=lambda i: boxes[i][1]):
        left, top, right, bottom = _wider(boxes[index])
        both = (
            min(left, around[0]), min(top, around[1]),
            max(right, around[2]), max(bottom, around[3]),
        )  # fmt: skip
        if groups and (both[2] - both[0] + 4) * (both[3] - both[1] + 4) * _SCALE**2 <= _PIXELS:
            groups[-1].append(index)
            around = both
        else:
            groups.append([index])
            around = (left, top, right, bottom)
    return groups


def _is_drawn(grey: Image, pixels: Pixels) -> bool:
    """Whether a line within a box of a drawing is seen all along, the pixels at its ends left out:
    it covers them in part."""
    x0, y0, x1, y1 = pixels
    paper = grey_range(grey, (x0 - 5, y0 - 5, x1 + 5, y1 + 5))[1]
    x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, grey.width), min(y1, grey.height)
    if x1 <= x0 or y1 <= y0:
        return False
    values, width = grey.crop((x0, y0, x1, y1)).tobytes(), x1 - x0
    columns = [values[at : at + width] for at in range(0, len(values), width)]
    if width > y1 - y0:  # else the page is displayed turned
        columns = [bytes(column) for column in zip(*columns, strict=True)]
    columns = columns[1:-1] or columns
    inked = sum(min(column) <= paper - INKED for column in columns)
    return inked >= _ALONG * len(columns)
