"""Which elements of a web page are seen, and which stand on lines of their own."""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["element_text", "is_block", "is_unseen"]

_UNSEEN = frozenset((
    "head", "script", "style", "nav", "noscript", "template", "select", "button", "textarea",
    "svg", "object", "iframe", "audio", "video", "canvas", "datalist", "xml",
))  # fmt: skip
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)


def is_block(tag: str) -> bool:
    """Whether text before and after such an element stands on different lines."""
    return tag in _BLOCKS


def is_unseen(element: etree._Element) -> bool:
    """Whether a browser shows nothing of an element, or navigation only."""
    if element.tag in _UNSEEN or element.get("hidden") is not None:
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def element_text(root: etree._Element) -> str:
    """The visible text of an element; blanks run together, a block ends with a line feed."""
    pieces: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if is_unseen(element):
                walk.skip_subtree()
            else:
                pieces.append(element.text or "")
            continue
        if element is root:
            break
        pieces.append("\0" if is_block(tag) else "")
        pieces.append(element.tail or "")
    lines = ("".join(pieces)).split("\0")
    return "\n".join(text for line in lines if (text := " ".join(line.split())))
