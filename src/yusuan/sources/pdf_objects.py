"""What a PDF page paints, in the order of painting: texts, paths, pictures, those of forms inside.

An object is known by its address in PDFium, as a plain integer: a call that takes and gives
integers needs half the time of one that makes a pointer of the right type, and a page has
thousands of objects.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import c_float, c_int, c_uint, c_void_p
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources import limits

__all__ = [
    "IDENTITY",
    "Box",
    "Matrix",
    "activate",
    "address",
    "bounds",
    "colour",
    "direct",
    "moved",
    "painted",
]

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in user space."""
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def direct(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of PDFium that takes and gives addresses as integers."""
    return ctypes.CFUNCTYPE(result, *arguments)(address(getattr(raw, name)))


def address(handle: object) -> int:
    """The address of an object that the library gave as a pointer."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]


_page_object = direct("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
_form_object = direct("FPDFFormObj_GetObject", c_void_p, c_void_p, c_int)
_form_count = direct("FPDFFormObj_CountObjects", c_int, c_void_p)
_kind = direct("FPDFPageObj_GetType", c_int, c_void_p)
_matrix = direct("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
_bounds = direct("FPDFPageObj_GetBounds", c_int, *[c_void_p] * 5)
_fill = direct("FPDFPageObj_GetFillColor", c_int, *[c_void_p] * 5)
_stroke = direct("FPDFPageObj_GetStrokeColor", c_int, *[c_void_p] * 5)

activate = direct("FPDFPageObj_SetIsActive", c_int, c_void_p, c_int)
"""Takes an object (by address) out of its page (0), or puts it back (1)."""

_PARTS = [c_uint() for _ in range(4)]
_PART_PLACES = [ctypes.addressof(part) for part in _PARTS]
_SIDES = [c_float() for _ in range(4)]
_SIDE_PLACES = [ctypes.addressof(side) for side in _SIDES]


def painted(page: pdfium.PdfPage) -> Iterator[tuple[int, int, Matrix, tuple[int, ...]]]:
    """Every object that is no form: its kind, address, the matrix of the forms around it, and
    the addresses of those forms from the outermost."""
    place = address(page.raw)
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = _page_object(place, index)
        kind = _kind(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            yield from _inside(item, IDENTITY, ())
        else:
            yield kind, item, IDENTITY, ()


def _inside(
    form: int, outer: Matrix, forms: tuple[int, ...]
) -> Iterator[tuple[int, int, Matrix, tuple[int, ...]]]:
    if len(forms) >= limits.FORM_DEPTH:
        return
    placed = _product(_own(form), outer)
    around = (*forms, form)
    for index in range(_form_count(form)):
        item = _form_object(form, index)
        kind = _kind(item)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            yield from _inside(item, placed, around)
        else:
            yield kind, item, placed, around


def _own(item: int) -> Matrix:
    matrix = raw.FS_MATRIX()
    _matrix(item, ctypes.addressof(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def colour(item: int, *, stroke: bool = False) -> tuple[int, int, int, int] | None:
    """Red, green, blue and opacity (0 to 255) that an object is painted with.

    None where that is no colour but a pattern.
    """
    if not (_stroke if stroke else _fill)(item, *_PART_PLACES):
        return None
    red, green, blue, alpha = _PARTS
    return red.value, green.value, blue.value, alpha.value


def bounds(item: int, outer: Matrix = IDENTITY) -> Box | None:
    """The box around an object, in user space; None where it has none."""
    if not _bounds(item, *_SIDE_PLACES):
        return None
    left, bottom, right, top = _SIDES
    return moved((left.value, bottom.value, right.value, top.value), outer)


def moved(box: Box, matrix: Matrix) -> Box:
    """The box around a box that a matrix places."""
    if matrix == IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
