"""The text of WordprocessingML elements, as a reader of the printed page sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from yusuan.model.document import Run

__all__ = [
    "Face",
    "FaceOf",
    "children",
    "fill_of",
    "flat_runs",
    "flat_text",
    "ground_of",
    "rgb",
    "tag",
    "text_boxes",
    "w",
]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Content controls, tracked insertions and the like stand around what they hold.
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_UNSEEN = frozenset(
    ("del", "moveFrom", "Fallback", "txbxContent", "rt", "pPr", "rPr", "sdtPr", "instrText")
)
_BREAKS = frozenset(("br", "cr"))
_NEAR = 15
"""Colours that differ by no more of 255 cannot be told apart."""
PLAIN = Run("")


@dataclass(frozen=True, slots=True)
class Face:
    """How a run of text looks: as a ``Run``, and in which colours (RRGGBB; None where nothing
    says so, ``?`` where nobody can tell)."""

    hidden: bool = False
    struck: bool = False
    raised: bool = False
    color: str | None = None
    ground: str | None = None

    def is_lost_on(self, ground: str | None) -> bool:
        """Whether the text is of the colour that it stands on; paper is white."""
        on = self.ground or ground or "FFFFFF"
        if self.color is None or on == "?":
            return False
        pairs = zip(bytes.fromhex(self.color), bytes.fromhex(on), strict=True)
        return all(abs(one - other) <= _NEAR for one, other in pairs)


FaceOf = Callable[[etree._Element, etree._Element | None], Face]
"""How a run of a paragraph looks."""


def w(name: str) -> str:
    """A WordprocessingML name as lxml spells it."""
    return f"{{{_W}}}{name}"


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


@lru_cache(maxsize=1 << 12)
def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


_SHADING = {name: f"{w(f'{name}Pr')}/{w('shd')}" for name in ("p", "tc")}


def children(parent: etree._Element) -> Iterator[etree._Element]:
    """The elements of a parent, those inside wrappers included."""
    for element in parent:
        if tag(element) in _WRAPPERS:
            yield from children(element)
        else:
            yield element


def flat_text(element: etree._Element) -> str:
    """All text of a paragraph or cell as :func:`flat_runs`, whatever it looks like."""
    pieces: list[Run] = []
    _collect(element, pieces, None, lambda run, paragraph: Face())
    return "".join(piece.text for piece in pieces).strip("\n")


def flat_runs(element: etree._Element, face: FaceOf, ground: str | None = None) -> list[Run]:
    """The text of a paragraph or cell in runs of one look; paragraphs and lines end in a line
    feed, cells of an inner table in a blank. Text boxes and field codes are left out; what is
    marked as deleted is struck out.

    ``ground`` is the colour of the cell (RRGGBB), ``?`` where it is not known.
    """
    pieces: list[Run] = []
    _collect(element, pieces, element if tag(element) == "p" else None, face, ground)
    return pieces


def _collect(
    element: etree._Element,
    pieces: list[Run],
    paragraph: etree._Element | None,
    face: FaceOf,
    ground: str | None = None,
    look: Run = PLAIN,
) -> None:
    for child in element:
        name = tag(child)
        if name == "t":
            pieces.append(Run(child.text or "", look.hidden, look.struck, look.raised))
        elif name == "r":
            own = face(child, paragraph)
            run = Run("", own.hidden or own.is_lost_on(ground), own.struck, own.raised)
            _collect(child, pieces, paragraph, face, ground, run)
        elif name in ("del", "moveFrom"):  # moved away: it stands elsewhere
            deleted = "".join(text.text or "" for text in child.iter(w("delText"), w("t")))
            pieces.append(Run(deleted, struck=True))
        elif name in _UNSEEN:
            continue
        elif name == "tab":
            pieces.append(Run("\t", look.hidden, look.struck, look.raised))
        elif name == "noBreakHyphen":
            pieces.append(Run("-", look.hidden, look.struck, look.raised))
        elif name in _BREAKS:
            pieces.append(Run("\n"))
        else:
            within = child if name == "p" else paragraph
            _collect(child, pieces, within, face, ground_of(child) or ground, look)
            if name == "p":
                pieces.append(Run("\n"))
            elif name == "tc":
                pieces.append(Run(" "))


def ground_of(element: etree._Element) -> str | None:
    """The colour that a paragraph or cell stands on by its own properties."""
    path = _SHADING.get(tag(element))
    return fill_of(element.find(path)) if path else None


def fill_of(shading: etree._Element | None) -> str | None:
    """The colour that a shading paints (RRGGBB); None where it paints nothing."""
    if shading is None:
        return None
    if shading.get(w("val"), "clear") not in ("clear", "nil"):
        return "?"  # a pattern of two colours
    if shading.get(w("themeFill")):
        return "?"
    return rgb(shading.get(w("fill")))


def rgb(text: str | None) -> str | None:
    return text.upper() if text and re.fullmatch(r"[0-9A-Fa-f]{6}", text) else None


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of the text boxes anchored in a paragraph, each once, outermost only."""
    for element in paragraph:
        name = tag(element)
        if name == "txbxContent":
            yield element
        elif name not in _UNSEEN:
            yield from text_boxes(element)
