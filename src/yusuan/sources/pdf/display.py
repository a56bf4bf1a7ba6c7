"""From the frame a page is read in to the page as a viewer displays it.

A viewer shows the visible box turned by the page's own rotation; the frame is turned so that
the text is upright (see ``glyphs``). Both are points from the top left corner, y down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from yusuan.sources.fragments import Box
from yusuan.sources.pdf.glyphs import Char, Frame

__all__ = ["Display", "display_of", "on_paper", "paper_of"]


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
