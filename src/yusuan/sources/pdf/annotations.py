"""What a viewer shows over a PDF page: values of form fields, comments, stamps, deletions.

Annotations (ISO 32000-1, 12.5) are painted into the page, so that their text is text of the page
and their shapes hide what is under them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.sources import limits
from yusuan.sources.pdf.glyphs import Frame, Glyph
from yusuan.sources.pdf.objects import Box

__all__ = ["deleted", "open_page"]

_NOT_SHOWN = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
_DELETING = (raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_REDACT)
"""Redaction marks text that is to be taken out before publication."""
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


def open_page(document: pdfium.PdfDocument, index: int) -> tuple[pdfium.PdfPage, list[Box]]:
    """A page with its annotations painted into it, and the places they strike out, in user space.

    Raises limits.Exceeded.
    """
    page = document[index]
    count = raw.FPDFPage_GetAnnotCount(page.raw)
    if count > limits.PAGE_OBJECTS:
        raise limits.Exceeded(f"{count:,} annotations")
    places: list[Box] = []
    shown = False
    for number in range(count):
        annotation = raw.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind not in _NOT_SHOWN and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
            shown = True
            if kind in _DELETING:
                places += _places(annotation)
        raw.FPDFPage_CloseAnnot(annotation)
    if shown and raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    count = raw.FPDFPage_CountObjects(page.raw)
    if count > limits.PAGE_OBJECTS:
        raise limits.Exceeded(f"{count:,} objects")
    return page, places


def _places(annotation: raw.FPDF_ANNOTATION) -> list[Box]:
    """The boxes of text that an annotation is about."""
    found: list[Box] = []
    quad = raw.FS_QUADPOINTSF()
    count = min(raw.FPDFAnnot_CountAttachmentPoints(annotation), limits.PAGE_OBJECTS)
    for number in range(count):
        if raw.FPDFAnnot_GetAttachmentPoints(annotation, number, quad):
            xs = quad.x1, quad.x2, quad.x3, quad.x4
            ys = quad.y1, quad.y2, quad.y3, quad.y4
            found.append((min(xs), min(ys), max(xs), max(ys)))
    rectangle = raw.FS_RECTF()
    if not found and raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rectangle)):
        box = rectangle
        found.append((box.left, min(box.bottom, box.top), box.right, max(box.bottom, box.top)))
    return found


def deleted(glyphs: Iterable[Glyph], places: Sequence[Box], frame: Frame) -> list[Glyph]:
    """The characters, with those struck whose middle is in one of the places."""
    boxes = []
    for left, bottom, right, top in places:
        (x0, y0), (x1, y1) = frame.point(left, bottom), frame.point(right, top)
        boxes.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return [
        glyph._replace(struck=True)
        if any(a <= glyph.x <= c and b <= glyph.y <= d for a, b, c, d in boxes)
        else glyph
        for glyph in glyphs
    ]
