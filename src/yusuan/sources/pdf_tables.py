"""The tables of a page: those that lines draw, and those that only the text's alignment shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yusuan.model.document import Position
from yusuan.model.money import find_unit
from yusuan.model.text import normal
from yusuan.sources.pdf_chars import Glyph
from yusuan.sources.pdf_lattice import Lattice, find_lattices
from yusuan.sources.pdf_lines import PIECE_GAP, Line, lines_of
from yusuan.sources.pdf_rulings import Ruling
from yusuan.sources.pdf_unruled import NOTHING, Evidence, unruled_lattice
from yusuan.sources.pdf_words import TextLine, text_line, typical
from yusuan.sources.source_rows import Box, SourceRow, is_above, is_note, title_of

__all__ = ["caption_evidence", "find_tables"]

_WORD = 0.6
"""Gap between words, in font sizes."""
_PROSE = re.compile(r"[。；]|.{28}")
"""A line of one piece with such text is running text."""
_CONTINUED = re.compile(r"^续表|\(续(?:表)?\d*\)$|续表\d*$")
_FAR = 7.0
"""Rows are at most this many font sizes apart, or twice as far as those above them."""
_HEADINGS = 8
"""Lines of a head, at most."""


@dataclass(slots=True)
class _Segment:
    """Lines that may be one table, with what stands above them."""

    evidence: Evidence
    lines: list[TextLine] = field(default_factory=list)
    above: Lattice | None = None


def find_tables(
    glyphs: Sequence[Glyph], rulings: Sequence[Ruling], before: Evidence = NOTHING
) -> list[Lattice]:
    """All tables of a page; ``before`` is what the end of the page before tells of its top."""
    ruled = find_lattices(rulings)
    outside = [
        glyph for glyph in glyphs
        if not glyph.turn and not any(table.holds(glyph.x, glyph.y) for table in ruled)
    ]  # fmt: skip
    lines = [text_line(line, _WORD) for line in lines_of(outside)]
    if not any(line.is_data for line in lines):
        return ruled
    found = list(ruled)
    for segment in _segments(lines, ruled, before):
        table = _table(segment, rulings)
        if table is not None:
            if segment.above in found and table.top <= segment.above.top:
                found.remove(segment.above)
            found.append(table)
    return found


def _segments(
    lines: Sequence[TextLine], ruled: Sequence[Lattice], before: Evidence
) -> Iterator[_Segment]:
    """Runs of lines between captions, remarks, running text, ruled tables and wide gaps."""
    segment = _Segment(before)
    for line in lines:
        last = segment.lines[-1] if segment.lines else None
        passed = [t for t in ruled if (last.y if last else 0) < t.top and t.bottom <= line.y + 2]
        if passed:
            yield segment
            segment = _Segment(NOTHING, above=passed[-1])
            last = None
        row = _as_row(line.line)
        if is_above(row) or _continued(line.text):
            if segment.lines:
                yield segment
                segment = _Segment(NOTHING)
            segment.above = None
            segment.evidence = caption_evidence(line.line, segment.evidence)
        elif is_note(row) or (len(line.words) < 3 and _PROSE.search(line.text)):
            yield segment
            segment = _Segment(NOTHING)
        elif last is not None and _is_far(segment.lines, line):
            yield segment
            segment = _Segment(NOTHING, [line])
        else:
            segment.lines.append(line)
    yield segment


def _as_row(line: Line) -> SourceRow:
    parts = line.parts(PIECE_GAP, keep="：:")
    return SourceRow(Position(1), {i: Box(part.text) for i, part in enumerate(parts)})


def caption_evidence(line: Line, so_far: Evidence) -> Evidence:
    """What a line above a table adds to what is known; nothing at all if it is no caption."""
    row = _as_row(line)
    continued = _continued(line.text)
    if not (is_above(row) or continued):
        return NOTHING
    return Evidence(
        title=so_far.title or bool(title_of([row])),
        unit=so_far.unit or find_unit(line.text) is not None,
        edges=so_far.edges if continued else None,
    )


def _continued(text: str) -> bool:
    """Whether a caption says that a table goes on."""
    return bool(_CONTINUED.search(normal(text)))


def _is_far(lines: Sequence[TextLine], line: TextLine) -> bool:
    gap = line.y - lines[-1].y
    if line.is_data and line.is_total:
        return False
    if not any(other.is_data for other in lines):
        return gap > 2 * _FAR * line.size
    usual = typical((b.y - a.y for a, b in zip(lines, lines[1:], strict=False)), gap / 2)
    return gap > max(_FAR * line.size, 2.2 * usual)


def _table(segment: _Segment, rulings: Sequence[Ruling]) -> Lattice | None:
    lines = _trimmed(segment.lines, segment.evidence)
    if not lines:
        return None
    evidence = segment.evidence
    if segment.above is not None:
        return None
    if not (evidence.title or evidence.unit or evidence.edges):
        return None
    return unruled_lattice(lines, rulings, evidence)


def _trimmed(lines: list[TextLine], evidence: Evidence) -> list[TextLine]:
    """The lines up to the last that is certainly of the table."""
    data = [index for index, line in enumerate(lines) if line.is_data]
    if not data or (data[0] > _HEADINGS and not evidence.edges):
        return []
    end = data[-1] + 1
    usual = typical((b.y - a.y for a, b in zip(lines[:end], lines[1:end], strict=False)), 0)
    while end < len(lines) and (lines[end].starts_entry or len(lines[end].words) > 1):
        if lines[end].y - lines[end - 1].y > 1.2 * usual:
            break
        end += 1
    return lines[:end]
