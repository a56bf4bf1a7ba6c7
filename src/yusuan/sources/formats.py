"""The formats that can be read: file suffix, media type, and the reader of each.

A reader takes the bytes of a file and its name (for messages) and gives a ``Reading``. It
raises YusuanError when the bytes are not what the suffix says. Adding a format is adding a
module and a line here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yusuan.sources.reading import Reading
from yusuan.sources.text import read_text

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    media_type: str
    read: Callable[[bytes, str], Reading]


FORMATS: dict[str, Format] = {
    ".txt": Format("text/plain", read_text),
    ".md": Format("text/markdown", read_text),
    ".markdown": Format("text/markdown", read_text),
    ".tsv": Format("text/tab-separated-values", read_text),
}
"""By suffix, in lower case."""
