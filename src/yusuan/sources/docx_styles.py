"""What the styles of a Word document say: which paragraphs are headings."""

from __future__ import annotations

import re

from lxml import etree

from yusuan.sources.docx_text import w

__all__ = ["Styles"]

_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)


class Styles:
    """Heading level of each paragraph style, by its name or its outline level."""

    def __init__(self, styles: etree._Element) -> None:
        self._levels: dict[str, int] = {}
        for style in styles.iter(w("style")):
            level = _outline(style.find(w("pPr")))
            name = style.find(w("name"))
            match = _NAME.match(name.get(w("val"), "") if name is not None else "")
            if match:
                level = int(match[1])
            if level:
                self._levels[style.get(w("styleId"), "")] = level

    def level(self, paragraph: etree._Element) -> int:
        """Heading level from 1, or 0 for body text."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            return 0
        style = properties.find(w("pStyle"))
        named = self._levels.get(style.get(w("val"), ""), 0) if style is not None else 0
        return _outline(properties) or named


def _outline(properties: etree._Element | None) -> int:
    """Level that an outline level (0 to 8) stands for; 9 and none are body text."""
    level = properties.find(w("outlineLvl")) if properties is not None else None
    text = level.get(w("val"), "") if level is not None else ""
    return int(text) + 1 if re.fullmatch(r"[0-8]", text) else 0
