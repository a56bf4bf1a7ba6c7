"""Seals on a PDF page that are drawn: a ring with the name of a body in it, red on the text.

A seal lies across the cells of a table and is no part of what they say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from ctypes import c_int, c_void_p

import pypdfium2.raw as raw

from yusuan.sources import limits
from yusuan.sources.pdf.glyphs import Char, Slanted, text_object
from yusuan.sources.pdf.objects import PATH, Box, Painted, bounds, colour, direct

__all__ = ["is_bright", "seal_chars"]

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


def is_bright(ink: _Ink | None) -> bool:
    """Whether a colour is neither black nor grey nor white, as that of seals is."""
    return ink is not None and max(ink[:3]) - min(ink[:3]) >= _BRIGHT


def seal_chars(
    place: int, chars: Sequence[Char], drawn: Sequence[Painted], slanted: Sequence[Slanted]
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


def _arcs(slanted: Sequence[Slanted]) -> list[tuple[Box, _Ink]]:
    """What characters set along a ring surround, by their colour."""
    groups: defaultdict[_Ink, list[Slanted]] = defaultdict(list)
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
