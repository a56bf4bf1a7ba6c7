"""Colours of spreadsheets as RRGGBB: stated, indexed, or of a theme with a tint."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["Palette"]

_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_FIRST = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
_MORE = (
    "800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080", "9999FF",
    "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF", "000080", "FF00FF",
    "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF", "00CCFF", "CCFFFF", "CCFFCC",
    "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF", "33CCCC", "99CC00", "FFCC00",
    "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300", "993300",
    "993366", "333399", "333333",
)  # fmt: skip
_SYSTEM = {64: "000000", 65: "FFFFFF"}
"""Indexes for the ink and the paper of the system."""


class Palette:
    """The colours that the styles of a workbook may name.

    ``theme`` are those of the theme in the order of ECMA-376 Part 1, 18.8.3; ``indexed`` those
    of the palette (18.8.27) where the workbook has one of its own.
    """

    def __init__(self, theme: Sequence[str] = ()) -> None:
        self.theme = theme
        self.indexed: Sequence[str] = (*_FIRST, *_FIRST, *_MORE)

    def colour(self, named: Mapping[Any, Any]) -> str | None:
        """The colour that the attributes of an element name (18.8.19), None if unsettled.

        >>> Palette().colour({"rgb": "FF00ff00"}), Palette().colour({"indexed": "9"})
        ('00FF00', 'FFFFFF')
        >>> Palette(["FFFFFF"]).colour({"theme": "0", "tint": "-0.5"})
        '808080'
        """
        found = ""
        if "rgb" in named:
            found = str(named["rgb"])
        elif "theme" in named:
            found = _at(self.theme, int(named["theme"]))
        elif "indexed" in named:
            index = int(named["indexed"])
            found = _SYSTEM.get(index) or _at(self.indexed, index)
        match = _RGB.fullmatch(found)
        if match is None:
            return None
        return _tinted(match[1].upper(), float(named.get("tint", 0)))


def _at(colours: Sequence[str], index: int) -> str:
    return colours[index] if 0 <= index < len(colours) else ""


def _tinted(colour: str, tint: float) -> str:
    """A colour made darker (below 0) or lighter, by its luminance."""
    if not tint:
        return colour
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    mixed = colorsys.hls_to_rgb(hue, min(max(light, 0.0), 1.0), saturation)
    return "".join(f"{round(255 * channel):02X}" for channel in mixed)
