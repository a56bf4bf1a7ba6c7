"""Layouts by name; each module holds those of a few governments."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.layouts.layouts import (
    central,
    cities,
    coastal,
    east,
    final,
    inland,
    north,
    quirks,
    south,
    west,
)
from benchmarks.layouts.model import Disclosure

__all__ = ["LAYOUTS"]

LAYOUTS: dict[str, Callable[[], Disclosure]] = {
    **central.LAYOUTS, **north.LAYOUTS, **south.LAYOUTS, **coastal.LAYOUTS, **inland.LAYOUTS,
    **final.LAYOUTS, **east.LAYOUTS, **cities.LAYOUTS, **west.LAYOUTS, **quirks.LAYOUTS,
}  # fmt: skip
