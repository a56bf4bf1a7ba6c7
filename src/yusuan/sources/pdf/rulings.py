"""The ruled lines of a PDF page: strokes, and the thin filled rectangles drawn in their place."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from ctypes import c_float, c_int, c_void_p
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources.pdf.glyphs import Frame
from yusuan.sources.pdf.objects import (
    PATH,
    PICTURE,
    Matrix,
    Painted,
    colour,
    direct,
    matrix_of,
    painted,
    product,
)

__all__ = ["SNAP", "TOUCH", "Ruling", "drawn_lines", "merged_rulings", "read_rulings"]

THICKEST = 3.0
"""A filled shape thicker than this many points is a shade, not a line."""
SNAP = 3.0
"""Parallel lines nearer than this are one: double rules, and cells drawn each on its own."""
JOIN = 3.0
"""Pieces of one line may have gaps of this size."""
TOUCH = 3.0
"""Lines that miss each other by this many points are meant to meet."""
_SHORTEST = 2.0
_DOT = 1.5
"""A filled shape of this size may be a dot of a dotted line."""
_DASHES, _DASH = 6, 12.0
"""So many pieces in a row, of this length at most, are a dashed line."""
_DASH_GAP = 8.0
_PALE = 250
"""A colour with all parts at least this (of 255) cannot be seen on white paper."""


@dataclass(frozen=True, slots=True, order=True)
class Ruling:
    """A straight line at ``at`` from ``start`` to ``end``, in points of the frame.

    A horizontal line lies at a y and runs along x; a vertical one at an x along y. The edge
    of a coloured area (``shade``) tells rows apart but draws no box.
    """

    horizontal: bool
    at: float
    start: float
    end: float
    shade: bool = False


_Points = list[tuple[float, float]]

_draw_mode = direct("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
_count = direct("FPDFPath_CountSegments", c_int, c_void_p)
_segment = direct("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
_kind = direct("FPDFPathSegment_GetType", c_int, c_void_p)
_point = direct("FPDFPathSegment_GetPoint", c_int, c_void_p, c_void_p, c_void_p)
_closes = direct("FPDFPathSegment_GetClose", c_int, c_void_p)

_FILLED, _STROKED, _X, _Y = c_int(), c_int(), c_float(), c_float()
_FILLED_AT, _STROKED_AT = ctypes.addressof(_FILLED), ctypes.addressof(_STROKED)
_X_AT, _Y_AT = ctypes.addressof(_X), ctypes.addressof(_Y)


def read_rulings(page: pdfium.PdfPage, frame: Frame) -> list[Ruling]:
    """All lines of a page that can be seen, merged; form objects are looked into.

    Raises limits.Exceeded.
    """
    return merged_rulings(drawn_lines(painted(page), frame))


def drawn_lines(objects: Iterable[Painted], frame: Frame) -> list[Ruling]:
    """All lines that can be seen of what a page paints, as they are drawn."""
    cut = (_on_paper(line, frame) for line in _lines(objects, frame))
    return [line for line in cut if line is not None]


def _on_paper(line: Ruling, frame: Frame) -> Ruling | None:
    """The part of a line within the page; some pages draw their neighbours too."""
    along, across = frame.width, frame.height
    if not line.horizontal:
        along, across = across, along
    start, end = max(line.start, 0.0), min(line.end, along)
    if not -TOUCH <= line.at <= across + TOUCH or start >= end:
        return None
    return replace(line, start=start, end=end)


def _lines(objects: Iterable[Painted], frame: Frame) -> Iterator[Ruling]:
    for look, item, outer, _ in objects:
        if look == PICTURE:
            yield from _thin_picture(product(matrix_of(item), outer), frame)
            continue
        if look != PATH or not _draw_mode(item, _FILLED_AT, _STROKED_AT):
            continue
        is_filled, is_stroked = _FILLED.value, _STROKED.value
        stroked = bool(is_stroked) and _visible(colour(item, stroke=True))
        filled = bool(is_filled) and _visible(colour(item))
        if not (stroked or filled):
            continue
        for points in _subpaths(item, product(matrix_of(item), outer)):
            shape = [frame.point(x, y) for x, y in points]
            if stroked:
                yield from _sides(shape)
            if filled:
                yield from _filled(shape)


def _thin_picture(placed: Matrix, frame: Frame) -> Iterator[Ruling]:
    """A picture (of one pixel, say) that is drawn as a line. It fills the unit square."""
    a, b, c, d, e, f = placed
    corners = [(e, f), (a + e, b + f), (a + c + e, b + d + f), (c + e, d + f)]
    drawn = _filled([frame.point(x, y) for x, y in corners])
    yield from (line for line in drawn if not line.shade)


def _visible(ink: tuple[int, int, int, int] | None) -> bool:
    """Whether a colour shows on white paper. White shades under cells are no lines."""
    if ink is None:
        return True
    red, green, blue, alpha = ink
    return alpha > 0 and min(red, green, blue) < _PALE


def _subpaths(path: int, matrix: Matrix) -> Iterator[_Points]:
    """The corner points of each subpath, in user space; one with a curve in it is left out."""
    a, b, c, d, e, f = matrix
    points: _Points = []
    curved = False
    for index in range(_count(path)):
        segment = _segment(path, index)
        kind = _kind(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        _point(segment, _X_AT, _Y_AT)
        x, y = _X.value, _Y.value
        points.append((a * x + c * y + e, b * x + d * y + f))
        if _closes(segment):
            points.append(points[0])
    if len(points) > 1 and not curved:
        yield points


def _sides(points: _Points) -> Iterator[Ruling]:
    """The level and upright sides of a stroked shape; a dot is both."""
    for (x0, y0), (x1, y1) in pairwise(points):
        wide, high = abs(x0 - x1), abs(y0 - y1)
        if high <= 1 and wide >= high:
            yield Ruling(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
        if wide <= 1 and high >= wide:
            yield Ruling(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _filled(points: _Points) -> Iterator[Ruling]:
    """The middle line of a filled shape that is thin enough to be drawn for a line.

    A dot may belong to a line either way; alone it is too short to count. A thick shape is a
    shade, of which the upper and lower edge are given.
    """
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    width, height = right - left, bottom - top
    dot = max(width, height) <= _DOT
    if height <= THICKEST and (width > height or dot):
        yield Ruling(True, (top + bottom) / 2, left, right)
    if width <= THICKEST and (height > width or dot):
        yield Ruling(False, (left + right) / 2, top, bottom)
    if min(width, height) > THICKEST:
        yield Ruling(True, top, left, right, shade=True)
        yield Ruling(True, bottom, left, right, shade=True)


def merged_rulings(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Lines brought onto common positions, and touching pieces of one line made one."""
    everything = sorted(rulings, key=lambda line: (line.shade, line.horizontal, line.at))
    merged: list[Ruling] = []
    for group in _near(everything):
        at = sum(line.at for line in group) / len(group)
        pieces = sorted((line.start, line.end) for line in group)
        gap = _gap_between(pieces)
        start, end = pieces[0]
        for next_start, next_end in pieces[1:]:
            if next_start > end + gap:
                merged.append(replace(group[0], at=at, start=start, end=end))
                start, end = next_start, next_end
            end = max(end, next_end)
        merged.append(replace(group[0], at=at, start=start, end=end))
    return [line for line in merged if line.end - line.start >= _SHORTEST]


def _gap_between(pieces: list[tuple[float, float]]) -> float:
    """How wide a gap pieces of one line may have between them; more where they are dashes."""
    if len(pieces) < _DASHES or median(end - start for start, end in pieces) > _DASH:
        return JOIN
    usual = median(b[0] - a[1] for a, b in pairwise(pieces))
    return max(JOIN, 1.2 * usual) if usual <= _DASH_GAP else JOIN


def _near(lines: list[Ruling]) -> Iterator[list[Ruling]]:
    """Runs of parallel lines (sorted by position), none further than the snap from the first."""
    group: list[Ruling] = []
    for line in lines:
        if group and (
            (line.shade, line.horizontal) != (group[0].shade, group[0].horizontal)
            or line.at - group[0].at > SNAP
        ):
            yield group
            group = []
        group.append(line)
    if group:
        yield group
