"""What a PDF page paints, in the order of painting: texts, paths, pictures, those of forms inside.

An object is known by its address in PDFium, as a plain integer: a call that takes and gives
integers needs half the time of one that makes a pointer of the right type, and a page has
thousands of objects. Such a call keeps the interpreter's lock, which costs a third less than to
give it back and take it again.
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
    "PATH",
    "PICTURE",
    "Box",
    "Matrix",
    "Painted",
    "activate",
    "address",
    "bounds",
    "colour",
    "direct",
    "matrix_of",
    "moved",
    "painted",
    "product",
]

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in user space."""
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
Painted = tuple[int, int, Matrix, tuple[int, ...]]
"""An object that is no form: its look, its address, the matrix of the forms around it, and the
addresses of those forms from the outermost. The look of a text is its render mode (0 and more);
of others it is ``PATH``, ``PICTURE`` or another number below 0."""
PATH, PICTURE = ~raw.FPDF_PAGEOBJ_PATH, ~raw.FPDF_PAGEOBJ_IMAGE
_FORM = ~raw.FPDF_PAGEOBJ_FORM


def direct(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of PDFium that takes and gives addresses as integers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address(getattr(raw, name)))


def address(handle: object) -> int:
    """The address of an object that the library gave as a pointer."""
    return ctypes.cast(handle, c_void_p).value or 0  # type: ignore[arg-type]


_page_object = direct("FPDFPage_GetObject", c_void_p, c_void_p, c_int)
_form_object = direct("FPDFFormObj_GetObject", c_void_p, c_void_p, c_int)
_form_count = direct("FPDFFormObj_CountObjects", c_int, c_void_p)
_kind = direct("FPDFPageObj_GetType", c_int, c_void_p)
_mode = direct("FPDFTextObj_GetTextRenderMode", c_int, c_void_p)
_matrix = direct("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
_bounds = direct("FPDFPageObj_GetBounds", c_int, *[c_void_p] * 5)
_fill = direct("FPDFPageObj_GetFillColor", c_int, *[c_void_p] * 5)
_stroke = direct("FPDFPageObj_GetStrokeColor", c_int, *[c_void_p] * 5)

activate = direct("FPDFPageObj_SetIsActive", c_int, c_void_p, c_int)
"""Takes an object (by address) out of its page (0), or puts it back (1)."""

_PARTS = (c_uint * 4)()
_PART_PLACES = [ctypes.addressof(_PARTS) + 4 * index for index in range(4)]
_SIDES = (c_float * 4)()
_SIDE_PLACES = [ctypes.addressof(_SIDES) + 4 * index for index in range(4)]
_PLACING = raw.FS_MATRIX()
_PLACING_AT = ctypes.addressof(_PLACING)


def painted(page: pdfium.PdfPage) -> Iterator[Painted]:
    """Every object of a page that is no form, in the order of painting.

    Raises limits.Exceeded.
    """
    place = address(page.raw)
    left = limits.PAGE_OBJECTS
    for index in range(raw.FPDFPage_CountObjects(page.raw)):
        item = _page_object(place, index)
        look = _mode(item)
        if look < 0:
            look = ~_kind(item)
            if look == _FORM:
                for inner in _inside(item, IDENTITY, ()):
                    left -= 1
                    if left < 0:
                        raise limits.Exceeded(f"more than {limits.PAGE_OBJECTS:,} objects")
                    yield inner
                continue
        yield look, item, IDENTITY, ()


def _inside(form: int, outer: Matrix, forms: tuple[int, ...]) -> Iterator[Painted]:
    if len(forms) >= limits.FORM_DEPTH:
        return
    placed = product(matrix_of(form), outer)
    around = (*forms, form)
    for index in range(_form_count(form)):
        item = _form_object(form, index)
        look = _mode(item)
        if look < 0:
            look = ~_kind(item)
        if look == _FORM:
            yield from _inside(item, placed, around)
        else:
            yield look, item, placed, around


def matrix_of(item: int) -> Matrix:
    """The matrix of an object of its own, without those of the forms around it."""
    _matrix(item, _PLACING_AT)
    m = _PLACING
    return m.a, m.b, m.c, m.d, m.e, m.f


def product(first: Matrix, then: Matrix) -> Matrix:
    """What places as both do, one after the other."""
    if then == IDENTITY:
        return first
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
    red, green, blue, alpha = _PARTS[:]
    return red, green, blue, alpha


def bounds(item: int, outer: Matrix = IDENTITY) -> Box | None:
    """The box around an object, in user space; None where it has none."""
    if not _bounds(item, *_SIDE_PLACES):
        return None
    left, bottom, right, top = _SIDES[:]
    return moved((left, bottom, right, top), outer)


def moved(box: Box, matrix: Matrix) -> Box:
    """The box around a box that a matrix places."""
    if matrix == IDENTITY:
        return box
    a, b, c, d, e, f = matrix
    left, bottom, right, top = box
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)
