"""What the styles of a Word document say: which paragraphs are headings, how runs look.

A run looks as its own properties say, else as the styles of its characters and its paragraph
say, each with those it is based on (ISO/IEC 29500-1, 17.7.2 and 17.7.3).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

from yusuan.sources.docx_text import Face, fill_of, rgb, w

__all__ = ["Styles"]

T = TypeVar("T")
_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_OFF = frozenset(("0", "false", "off", "none"))
_RUN, _STYLE = w("rPr"), f"{w('pPr')}/{w('pStyle')}"
_DEEPEST = 20
"""Styles based on styles; Word allows no more than eleven."""
_SMALLEST = 2
"""Half points: text this small or smaller is not seen."""
_SHADES = {"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "darkBlue": "000080"}


@dataclass(frozen=True, slots=True)
class _Said:
    """What one set of run properties says; None where it says nothing."""

    vanish: bool | None = None
    strike: bool | None = None
    double: bool | None = None
    raised: bool | None = None
    color: str | None = None
    shade: str | None = None
    size: int | None = None


class Styles:
    """Heading level of each paragraph style, by its name or outline level; faces of runs."""

    def __init__(self, styles: etree._Element) -> None:
        self._levels: dict[str, int] = {}
        self._said: dict[str, _Said] = {}
        self._above: dict[str, str] = {}
        self._shaded: set[str] = set()
        self._default = ""
        self._plain: dict[str, Face] = {}
        """By style of the paragraph, how a run without properties of its own looks."""
        defaults = styles.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self._defaults = _said(defaults)
        for style in styles.iter(w("style")):
            name = style.find(w("name"))
            own = style.get(w("styleId"), "")
            self._said[own] = _said(style.find(w("rPr")))
            self._above[own] = _value(style.find(w("basedOn"))) or ""
            if next(style.iter(w("shd")), None) is not None:
                self._shaded.add(own)
            if style.get(w("type")) == "paragraph" and style.get(w("default"), "0") not in _OFF:
                self._default = own
            level = _outline(style.find(w("pPr")))
            match = _NAME.match(name.get(w("val"), "") if name is not None else "")
            if match:
                level = int(match[1])
            if level:
                self._levels[own] = level

    def level(self, paragraph: etree._Element) -> int:
        """Heading level from 1, or 0 for body text."""
        properties = paragraph.find(w("pPr"))
        if properties is None:
            return 0
        named = self._levels.get(_value(properties.find(w("pStyle"))) or "", 0)
        return _outline(properties) or named

    def face(self, run: etree._Element, paragraph: etree._Element | None) -> Face:
        """How the text of a run looks; ``paragraph`` is the one it stands in."""
        properties = run.find(_RUN)
        style = paragraph.find(_STYLE) if paragraph is not None else None
        named = _value(style) or self._default
        if properties is not None:
            return self._face(_said(properties), _value(properties.find(w("rStyle"))), named)
        if named not in self._plain:
            self._plain[named] = self._face(_Said(), None, named)
        return self._plain[named]

    def _face(self, own: _Said, character: str | None, paragraph: str) -> Face:
        chains = [
            [self._said[name] for name in self._chain(first)] for first in (character, paragraph)
        ]
        every = [own, *chains[0], *chains[1], self._defaults]
        size = _first([said.size for said in every])
        return Face(
            hidden=_toggled(own.vanish, [[s.vanish for s in chain] for chain in chains],
                            self._defaults.vanish) or (size is not None and size <= _SMALLEST),
            struck=_toggled(own.strike, [[s.strike for s in chain] for chain in chains],
                            self._defaults.strike)
            or bool(_first([said.double for said in every])),
            raised=bool(_first([said.raised for said in every])),
            color=_first([said.color for said in every]),
            ground=_first([said.shade for said in every]),
        )  # fmt: skip

    def is_shaded(self, style: str) -> bool:
        """Whether a style of tables, or one it is based on, paints a ground anywhere."""
        return any(name in self._shaded for name in self._chain(style))

    def _chain(self, name: str | None) -> Iterator[str]:
        """A style and those it is based on."""
        for _ in range(_DEEPEST):
            if not name or name not in self._said:
                return
            yield name
            name = self._above.get(name)


def _first(values: Sequence[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _toggled(own: bool | None, chains: list[list[bool | None]], default: bool | None) -> bool:
    """A property that styles toggle: two styles that set it cancel out."""
    if own is not None:
        return own
    if default:
        return True
    return sum(bool(_first(chain)) for chain in chains) % 2 == 1


def _said(properties: etree._Element | None) -> _Said:
    if properties is None:
        return _Said()

    def switch(name: str) -> bool | None:
        found = properties.find(w(name))
        return None if found is None else (found.get(w("val"), "1").lower() not in _OFF)

    align = _value(properties.find(w("vertAlign")))
    lifted = _value(properties.find(w("position"))) or ""
    up = float(lifted) > 0 if re.fullmatch(r"-?\d{1,4}", lifted) else None
    vanish = switch("vanish") or switch("specVanish")
    size = _value(properties.find(w("sz"))) or ""
    marker = _value(properties.find(w("highlight")))
    return _Said(
        vanish=vanish if vanish else switch("vanish"),
        strike=switch("strike"),
        double=switch("dstrike"),
        raised=align in ("superscript", "subscript") if align and align != "baseline" else up,
        color=rgb(_value(properties.find(w("color")))),
        shade=_SHADES.get(marker or "", "?")
        if marker and marker != "none"
        else fill_of(properties.find(w("shd"))),
        size=int(size) if re.fullmatch(r"\d{1,4}", size) else None,
    )


def _value(element: etree._Element | None) -> str | None:
    return element.get(w("val")) if element is not None else None


def _outline(properties: etree._Element | None) -> int:
    """Level that an outline level (0 to 8) stands for; 9 and none are body text."""
    level = properties.find(w("outlineLvl")) if properties is not None else None
    text = level.get(w("val"), "") if level is not None else ""
    return int(text) + 1 if re.fullmatch(r"[0-8]", text) else 0
