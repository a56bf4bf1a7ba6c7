"""The text of WordprocessingML elements, as a reader of the printed page sees it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

__all__ = ["children", "flat_text", "tag", "text_boxes", "w"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
# Content controls, tracked insertions and the like stand around what they hold.
_WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
_UNSEEN = frozenset(
    ("del", "moveFrom", "Fallback", "txbxContent", "rt", "pPr", "rPr", "sdtPr", "instrText")
)
_BREAKS = frozenset(("br", "cr"))


def w(name: str) -> str:
    """A WordprocessingML name as lxml spells it."""
    return f"{{{_W}}}{name}"


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace; comments have none."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def children(parent: etree._Element) -> Iterator[etree._Element]:
    """The elements of a parent, those inside wrappers included."""
    for element in parent:
        if tag(element) in _WRAPPERS:
            yield from children(element)
        else:
            yield element


def flat_text(element: etree._Element) -> str:
    """All text of a paragraph or cell; paragraphs and lines end in a line feed, cells of an
    inner table in a blank. Text boxes, deleted text and field codes are left out."""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces).strip("\n")


def _collect(element: etree._Element, pieces: list[str]) -> None:
    for child in element:
        name = tag(child)
        if name in _UNSEEN:
            continue
        if name == "t":
            pieces.append(child.text or "")
        elif name == "tab":
            pieces.append("\t")
        elif name == "noBreakHyphen":
            pieces.append("-")
        elif name in _BREAKS:
            pieces.append("\n")
        else:
            _collect(child, pieces)
            if name == "p":
                pieces.append("\n")
            elif name == "tc":
                pieces.append(" ")


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of the text boxes anchored in a paragraph, each once, outermost only."""
    for element in paragraph:
        name = tag(element)
        if name == "txbxContent":
            yield element
        elif name not in _UNSEEN:
            yield from text_boxes(element)
