"""The ruled lines of a PDF page: strokes, and the thin filled rectangles drawn in their place."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources import limits
from yusuan.sources.pdf_chars import Frame

__all__ = ["TOUCH", "Ruling", "drawn_lines", "merged_rulings", "read_rulings"]

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


_Matrix = tuple[float, float, float, float, float, float]
_Points = list[tuple[float, float]]


def read_rulings(page: pdfium.PdfPage, frame: Frame) -> list[Ruling]:
    """All lines of a page that can be seen, merged; form objects are looked into."""
    return merged_rulings(drawn_lines(page, frame))


def drawn_lines(page: pdfium.PdfPage, frame: Frame) -> list[Ruling]:
    """All lines of a page that can be seen, as they are drawn."""
    cut = (_on_paper(line, frame) for line in _lines(page, frame))
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


def _lines(page: pdfium.PdfPage, frame: Frame) -> Iterator[Ruling]:
    count = raw.FPDFPage_CountObjects(page.raw)
    objects = (raw.FPDFPage_GetObject(page.raw, index) for index in range(count))
    for path, placed in _paths(objects, (1, 0, 0, 1, 0, 0), 0):
        if raw.FPDFPageObj_GetType(path) == raw.FPDF_PAGEOBJ_IMAGE:
            yield from _thin_picture(placed, frame)
            continue
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(path, fill, stroke):
            continue
        stroked = bool(stroke.value) and _visible(path, raw.FPDFPageObj_GetStrokeColor)
        filled = bool(fill.value) and _visible(path, raw.FPDFPageObj_GetFillColor)
        if not (stroked or filled):
            continue
        for points in _subpaths(path, placed):
            shape = [frame.point(x, y) for x, y in points]
            if stroked:
                yield from _sides(shape)
            if filled:
                yield from _filled(shape)


def _thin_picture(placed: _Matrix, frame: Frame) -> Iterator[Ruling]:
    """A picture (of one pixel, say) that is drawn as a line. It fills the unit square."""
    a, b, c, d, e, f = placed
    corners = [(e, f), (a + e, b + f), (a + c + e, b + d + f), (c + e, d + f)]
    drawn = _filled([frame.point(x, y) for x, y in corners])
    yield from (line for line in drawn if not line.shade)


def _paths(
    objects: Iterable[raw.FPDF_PAGEOBJECT], outer: _Matrix, depth: int
) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, _Matrix]]:
    """Every path and picture with the matrix that places it on the page."""
    for item in objects:
        kind = raw.FPDFPageObj_GetType(item)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM):
            continue
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, own)
        matrix = _product((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield item, matrix
        elif depth < limits.FORM_DEPTH:
            count = raw.FPDFFormObj_CountObjects(item)
            inner = (raw.FPDFFormObj_GetObject(item, index) for index in range(count))
            yield from _paths(inner, matrix, depth + 1)


def _product(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _visible(path: raw.FPDF_PAGEOBJECT, read: Callable[..., int]) -> bool:
    """Whether a colour shows on white paper. White shades under cells are no lines."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not read(path, red, green, blue, alpha):
        return True
    pale = min(red.value, green.value, blue.value) >= _PALE
    return alpha.value > 0 and not pale


def _subpaths(path: raw.FPDF_PAGEOBJECT, matrix: _Matrix) -> Iterator[_Points]:
    """The corner points of each subpath, in user space; one with a curve in it is left out."""
    a, b, c, d, e, f = matrix
    points: _Points = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1 and not curved:
                yield points
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
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
