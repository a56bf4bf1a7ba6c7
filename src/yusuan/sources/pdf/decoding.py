"""Text layers that do not say which characters are printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from yusuan.sources.pdf.glyphs import UNKNOWN, Glyph

__all__ = ["is_garbled", "once"]

_GARBLED = 0.3
"""A page with this share of characters that mean nothing cannot be read."""
_MEANINGLESS = re.compile(
    rf"[{UNKNOWN}\ue000-\uf8ff\u0080-\u00b6\u00b8-\u024f\U000f0000-\U0010ffff]"
)
"""Unmapped and private characters, and the Latin letters that Chinese bytes are misread as."""
_BESIDE = 0.25
"""The same character this share of its width away is the same print once more."""


def is_garbled(glyphs: Sequence[Glyph]) -> bool:
    """Whether too many characters of a page are unmapped, private, or bytes misread."""
    bad = sum(bool(_MEANINGLESS.match(glyph.text)) for glyph in glyphs)
    return bad > 0 and bad >= _GARBLED * len(glyphs)


def once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """The characters without those drawn again a little aside, which fakes bold print."""
    found = list(glyphs)
    order = sorted(
        range(len(found)),
        key=lambda i: (found[i].text, round(found[i].origin_y), found[i].x0),
    )
    again: set[int] = set()
    last: Glyph | None = None
    for index in order:
        glyph = found[index]
        if (
            last is not None
            and glyph.text == last.text
            and glyph.turn == last.turn
            and 0 <= glyph.x0 - last.x0 < _BESIDE * (last.x1 - last.x0)
            and abs(glyph.origin_y - last.origin_y) < 1
        ):
            again.add(index)
        else:
            last = glyph
    return [glyph for index, glyph in enumerate(found) if index not in again] if again else found
