"""What a PDF page prints over its text and what is no part of what the text says.

A number is struck out by a line through it or by an annotation (ISO 32000-1, 12.5), a raised
mark behind it points to a footnote, and the seal of a body lies across the cells of a table.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from ctypes import c_int, c_void_p
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from yusuan.model.document import Run, displayed
from yusuan.sources import limits
from yusuan.sources.pdf.glyphs import Char, Frame, Glyph, SlantedChar, text_object
from yusuan.sources.pdf.lines import GlyphLine
from yusuan.sources.pdf.objects import PATH, Box, Painted, bounds, colour, direct
from yusuan.sources.pdf.rulings import Ruling

__all__ = [
    "UndisplayedGlyph",
    "is_bright",
    "open_page",
    "raised_marks",
    "seal_chars",
    "split_undisplayed",
    "struck_by_annotations",
    "struck_out",
    "undisplayed_runs",
]

_MIDDLE, _ABOUT = 0.35, 0.2
"""A line strikes a character out at this height above its baseline, more or less (font sizes)."""
_OVERHANG = 1.2
"""Such a line reaches beyond what it strikes out by so many font sizes at most."""
_SMALLER = 0.78
"""A raised mark has at most this share of the size of the text."""
_RAISED = (0.1, 0.9)
"""It stands so many font sizes of the text above its baseline,"""
_BEHIND = (-0.25, 0.6)
"""and so many behind it."""
_MARK = 6
"""It has so many characters at most."""
_LIFTED, _LIFTED_MARK, _CLOSE = (0.2, 0.6), 2, 0.1
"""A mark of the size of the text stands so many font sizes above it, has so many characters at most,
and touches a digit, less or more so many font sizes."""

_BRIGHT = 80
"""The parts (0 to 255) of a colour that is no grey differ by this."""
_LIKE = 40
_LEAST, _MOST = 36.0, 220.0
"""Points across a seal; real ones have 42 mm (120 points)."""
_ROUND = 1.5
"""A ring is at most so many times as wide as high, or as high as wide."""
_CURVES = 4
_ARC, _TURNS = 4, 3
"""So many slanted characters in so many directions are set along a ring."""

_AMOUNT = re.compile(r"(?<![\d.,])-?\d{1,3}(?:,?\d{3})*\.\d{1,6}(?![\d.])")

_LETTER = re.compile(r"[\u4e00-\u9fff]")

_Ink = tuple[int, int, int, int]
_segments = direct("FPDFPath_CountSegments", c_int, c_void_p)
_segment = direct("FPDFPath_GetPathSegment", c_void_p, c_void_p, c_int)
_segment_kind = direct("FPDFPathSegment_GetType", c_int, c_void_p)

_NOT_SHOWN = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)
_DELETING = (raw.FPDF_ANNOT_STRIKEOUT, raw.FPDF_ANNOT_REDACT)
"""Redaction marks text that is to be taken out before publication."""
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW


@dataclass(frozen=True, slots=True)
class UndisplayedGlyph:
    """A character that is no part of the text, and where it belongs: at itself, or at the
    character that it marks."""

    glyph: Glyph
    at: Glyph
    raised: bool = False


def split_undisplayed(glyphs: Iterable[Glyph]) -> tuple[list[Glyph], list[UndisplayedGlyph]]:
    """What is printed, and what is hidden or struck out."""
    printed: list[Glyph] = []
    undisplayed: list[UndisplayedGlyph] = []
    for glyph in glyphs:
        if glyph.hidden or glyph.struck:
            undisplayed.append(UndisplayedGlyph(glyph, glyph))
        else:
            printed.append(glyph)
    return printed, undisplayed


def raised_marks(lines: Sequence[GlyphLine]) -> list[UndisplayedGlyph]:
    """The raised marks of printed lines, each with the character that it stands behind.

    What is raised and no mark (m²) is text as any other; ``displayed`` decides it.
    """
    found: list[UndisplayedGlyph] = []
    for index, line in enumerate(lines):
        sizes = {glyph.bottom - glyph.top for glyph in line.glyphs}
        small = max(sizes)
        heights = [glyph.origin_y for glyph in line.glyphs]
        below = lines[index + 1] if index + 1 < len(lines) else None
        near = below is not None and below.baseline - line.baseline < below.size
        if min(sizes) < _SMALLER * small or max(heights) - min(heights) > _LIFTED[0] * small:
            text = [*line.glyphs, *(below.glyphs if below and near else ())]
            found += _marks(line.glyphs, text)
        elif below and near and small < _SMALLER * below.size:
            found += _marks(line.glyphs, below.glyphs)
    return found


def _marks(small: Sequence[Glyph], text: Sequence[Glyph]) -> Iterable[UndisplayedGlyph]:
    for words in _touching_glyphs(small):
        bases = [glyph for glyph in text if _is_marked(glyph, words)]
        if not bases or len(words) > _MARK:
            continue
        base = max(bases, key=lambda glyph: glyph.x1)
        mark = Run("".join(glyph.text for glyph in words), raised=True)
        if mark in displayed((Run(base.text), mark))[1]:
            yield from (UndisplayedGlyph(glyph, base, raised=True) for glyph in words)


def _is_marked(base: Glyph, words: Sequence[Glyph]) -> bool:
    """Whether raised characters stand behind a character of the text."""
    size, first = base.size, words[0]
    height, gap = base.origin_y - first.origin_y, first.x0 - base.x1
    if first.size <= _SMALLER * size:
        return (
            _RAISED[0] * size <= height <= _RAISED[1] * size
            and _BEHIND[0] * size <= gap <= _BEHIND[1] * size
        )
    return (
        len(words) <= _LIFTED_MARK and base.text.isdigit() and abs(gap) <= _CLOSE * size
        and _LIFTED[0] * size <= height <= _LIFTED[1] * size
    )  # fmt: skip


def _touching_glyphs(glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
    """Characters of one size and height that touch."""
    word = [glyphs[0]]
    for before, after in pairwise(glyphs):
        if (
            abs(after.size - before.size) > 0.1 * before.size
            or abs(after.origin_y - before.origin_y) > 0.1 * before.size
            or after.x0 - before.x1 > 0.3 * before.size
        ):
            yield word
            word = []
        word.append(after)
    yield word


def undisplayed_runs(
    found: Sequence[UndisplayedGlyph], text_of: Callable[[list[Glyph]], str]
) -> tuple[Run, ...]:
    """The characters put aside at one place, as runs of one look each."""
    by_kind: defaultdict[tuple[bool, bool, bool], list[Glyph]] = defaultdict(list)
    for one in found:
        by_kind[one.glyph.hidden, one.glyph.struck, one.raised].append(one.glyph)
    return tuple(
        Run(text_of(glyphs), hidden, struck, raised)
        for (hidden, struck, raised), glyphs in by_kind.items()
    )


def struck_out(
    glyphs: Sequence[Glyph],
    lines: Sequence[Ruling],
    are_drawn: Callable[[Sequence[Ruling]], Sequence[bool]],
) -> tuple[list[Glyph], list[Ruling]]:
    """The characters, with those struck that a level line goes through; and the other lines.

    ``are_drawn`` tells of lines whether each can be seen from its start to its end: some pages
    paint the lines of a grid and then the cells over them.
    """
    by_height: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for index, glyph in enumerate(glyphs):
        if not glyph.turn and not glyph.hidden:
            at = int(glyph.origin_y - _MIDDLE * (glyph.bottom - glyph.top))
            by_height[at].append((glyph.x, index))
    for row in by_height.values():
        row.sort()
    passing: dict[int, tuple[Ruling, list[int]]] = {}
    for place, line in enumerate(lines):
        if line.horizontal and not line.shade:
            hit = _hit(line, glyphs, by_height)
            through = _through(line, [glyphs[index] for index in hit])
            if through is not None:
                passing[place] = through, hit
    if not passing:
        return list(glyphs), list(lines)
    drawn = are_drawn([through for through, _ in passing.values()])
    striking = {place for place, seen in zip(passing, drawn, strict=True) if seen}
    struck = {index for place in striking for index in passing[place][1]}
    return [
        glyph._replace(struck=True) if index in struck else glyph
        for index, glyph in enumerate(glyphs)
    ], [line for place, line in enumerate(lines) if place not in striking]


def _hit(
    line: Ruling, glyphs: Sequence[Glyph], by_height: dict[int, list[tuple[float, int]]]
) -> list[int]:
    """The characters that a line goes through the middle of."""
    at = int(line.at)
    return [
        index
        for height in range(at - 4, at + 5)
        if (row := by_height.get(height))
        for _, index in row[
            bisect_left(row, (line.start - 1, -1)) : bisect_right(row, (line.end + 1, len(glyphs)))
        ]
        if abs(glyphs[index].origin_y - _MIDDLE * glyphs[index].size - line.at)
        <= _ABOUT * glyphs[index].size
    ]


def _through(line: Ruling, hit: Sequence[Glyph]) -> Ruling | None:
    """The part of a line that strikes characters out; None where it only passes.

    One that is longer than what it strikes out does so where there is a number: a line of the
    grid may pass through a label set over two rows.
    """
    if not hit:
        return None
    x0, x1 = min(glyph.x0 for glyph in hit), max(glyph.x1 for glyph in hit)
    size = max(glyph.size for glyph in hit)
    beyond = max(x0 - line.start, line.end - x1)
    if beyond > _OVERHANG * size and not any(glyph.text.isdigit() for glyph in hit):
        return None
    return replace(line, start=max(line.start, x0), end=min(line.end, x1))


def is_bright(ink: _Ink | None) -> bool:
    """Whether a colour is neither black nor grey nor white, as that of seals is."""
    return ink is not None and max(ink[:3]) - min(ink[:3]) >= _BRIGHT


def seal_chars(
    place: int, chars: Sequence[Char], drawn: Sequence[Painted], slanted: Sequence[SlantedChar]
) -> set[int]:
    """The characters, by place in ``chars``, that belong to seals.

    ``place`` is the address of the page's text, ``drawn`` what else the page paints; ``slanted``
    are characters that stand aslant. Raises limits.Exceeded.
    """
    seals = [*_rings(drawn), *_arcs(slanted)]
    if not seals:
        return set()
    if len(seals) * len(chars) > limits.PAGE_LOOKS:
        raise limits.Exceeded(f"{len(seals):,} seals")
    inks: dict[int, _Ink | None] = {}

    def inked(index: int, seal: _Ink) -> bool:
        owner = text_object(place, chars[index][4])
        if owner not in inks:
            inks[owner] = colour(owner) if owner else None
        ink = inks[owner]
        return ink is not None and is_bright(ink) and _alike(ink, seal)

    found: set[int] = set()
    for box, seal in seals:
        own = {i for i, char in enumerate(chars) if _within(char, box) and inked(i, seal)}
        wide, high = box[2] - box[0], box[3] - box[1]
        around = box[0] - wide / 2, box[1] - high / 2, box[2] + wide / 2, box[3] + high / 2
        for start in sorted(own):  # the name of a body may run out of its ring
            index = start + 1
            while (
                index < len(chars)
                and index not in own
                and _LETTER.match(chars[index][0])
                and _within(chars[index], around)
                and inked(index, seal)
            ):
                own.add(index)
                index += 1
        found |= own
    return found - _numbers(chars, found)


def _within(char: Char, box: Box) -> bool:
    left, bottom, right, top = char[1]
    return box[0] <= (left + right) / 2 <= box[2] and box[1] <= (bottom + top) / 2 <= box[3]


def _alike(one: _Ink, other: _Ink) -> bool:
    return all(abs(a - b) <= _LIKE for a, b in zip(one[:3], other[:3], strict=True))


def _numbers(chars: Sequence[Char], seal: set[int]) -> set[int]:
    """The characters of amounts (a level number with decimals) in the ink of a seal: it has none
    of its own, so they are red numbers of the table below it."""
    text = "".join(char[0] if i in seal else " " for i, char in enumerate(chars))
    return {i for match in _AMOUNT.finditer(text) for i in range(*match.span())}


def _rings(drawn: Sequence[Painted]) -> list[tuple[Box, _Ink]]:
    """The rings among what a page paints, with their colour."""
    found: list[tuple[Box, _Ink]] = []
    for look, item, outer, _ in drawn:
        if look != PATH or (count := _segments(item)) < _CURVES:
            continue
        ink = next(
            (ink for ink in (colour(item, stroke=True), colour(item)) if is_bright(ink)), None
        )
        box = bounds(item, outer)
        if ink is None or box is None:
            continue
        wide, high = box[2] - box[0], box[3] - box[1]
        if not (
            min(wide, high) >= _LEAST and max(wide, high) <= min(_MOST, _ROUND * min(wide, high))
        ):
            continue
        kinds = [_segment_kind(_segment(item, index)) for index in range(min(count, 64))]
        if kinds.count(raw.FPDF_SEGMENT_BEZIERTO) >= _CURVES:
            found.append((box, ink))
    return found


def _arcs(slanted: Sequence[SlantedChar]) -> list[tuple[Box, _Ink]]:
    """What characters set along a ring surround, by their colour."""
    groups: defaultdict[_Ink, list[SlantedChar]] = defaultdict(list)
    for one in slanted:
        ink = colour(one.owner) if one.owner else None
        if ink is not None and is_bright(ink):
            groups[ink].append(one)
    found: list[tuple[Box, _Ink]] = []
    for ink, own in groups.items():
        if len(own) >= _ARC and len({round(one.quarters, 1) for one in own}) >= _TURNS:
            xs, ys = [one.x for one in own], [one.y for one in own]
            size = max(one.size for one in own)
            box = min(xs) - size, min(ys) - size, max(xs) + size, max(ys) + size
            if max(box[2] - box[0], box[3] - box[1]) <= _MOST:
                found.append((box, ink))
    return found


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


def struck_by_annotations(
    glyphs: Iterable[Glyph], places: Sequence[Box], frame: Frame
) -> list[Glyph]:
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
