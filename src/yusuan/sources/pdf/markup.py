"""Characters of a PDF page that are printed and no part of what they stand in.

A number is struck out by a line through it, and a raised mark behind it points to a footnote.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from yusuan.model.document import Run, displayed
from yusuan.sources.pdf.glyphs import Glyph
from yusuan.sources.pdf.lines import Line
from yusuan.sources.pdf.rulings import Ruling

__all__ = ["Aside", "aside_runs", "parted", "raised_marks", "struck_out"]

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


@dataclass(frozen=True, slots=True)
class Aside:
    """A character that is no part of the text, and where it belongs: at itself, or at the
    character that it marks."""

    glyph: Glyph
    at: Glyph
    raised: bool = False


def parted(glyphs: Iterable[Glyph]) -> tuple[list[Glyph], list[Aside]]:
    """What is printed, and what is hidden or struck out."""
    printed: list[Glyph] = []
    aside: list[Aside] = []
    for glyph in glyphs:
        if glyph.hidden or glyph.struck:
            aside.append(Aside(glyph, glyph))
        else:
            printed.append(glyph)
    return printed, aside


def raised_marks(lines: Sequence[Line]) -> list[Aside]:
    """The raised marks of printed lines, each with the character that it stands behind.

    What is raised and no mark (m²) is text as any other; ``displayed`` decides it.
    """
    found: list[Aside] = []
    for index, line in enumerate(lines):
        sizes = {glyph.bottom - glyph.top for glyph in line.glyphs}
        small = max(sizes)
        if min(sizes) < _SMALLER * small:
            found += _marks(line.glyphs, line.glyphs)
        elif index + 1 < len(lines):
            below = lines[index + 1]
            if small < _SMALLER * below.size and below.baseline - line.baseline < below.size:
                found += _marks(line.glyphs, below.glyphs)
    return found


def _marks(small: Sequence[Glyph], text: Sequence[Glyph]) -> Iterable[Aside]:
    for words in _words(small):
        first = words[0]
        bases = [
            glyph for glyph in text
            if first.size <= _SMALLER * glyph.size
            and _RAISED[0] * glyph.size <= glyph.origin_y - first.origin_y <= _RAISED[1] * glyph.size
            and _BEHIND[0] * glyph.size <= first.x0 - glyph.x1 <= _BEHIND[1] * glyph.size
        ]  # fmt: skip
        if not bases or len(words) > _MARK:
            continue
        base = max(bases, key=lambda glyph: glyph.x1)
        mark = Run("".join(glyph.text for glyph in words), raised=True)
        if mark in displayed((Run(base.text), mark))[1]:
            yield from (Aside(glyph, base, raised=True) for glyph in words)


def _words(glyphs: Sequence[Glyph]) -> Iterable[list[Glyph]]:
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


def aside_runs(found: Sequence[Aside], text_of: Callable[[list[Glyph]], str]) -> tuple[Run, ...]:
    """The characters put aside at one place, as runs of one look each."""
    looks: defaultdict[tuple[bool, bool, bool], list[Glyph]] = defaultdict(list)
    for one in found:
        looks[one.glyph.hidden, one.glyph.struck, one.raised].append(one.glyph)
    return tuple(
        Run(text_of(glyphs), hidden, struck, raised)
        for (hidden, struck, raised), glyphs in looks.items()
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
