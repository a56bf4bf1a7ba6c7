"""Refuse an OLE compound file (XLS) whose chains of sectors run in a circle.

The parser follows a chain to its end and keeps what it passes, so one that has no end takes
all memory. Layout of the file: [MS-CFB] sections 2.2 to 2.5.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator, Sequence

from yusuan.model.errors import YusuanError

__all__ = ["refuse_circular"]

_HEADER = 512
_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of a chain, not used, part of a table."""


def refuse_circular(content: bytes, file: str) -> None:
    """Raise YusuanError when some chain of sectors comes back to where it was."""
    try:
        version, _, shift, small_shift = struct.unpack_from("<HHHH", content, 26)
        if version not in (3, 4) or shift not in (9, 12) or small_shift > shift:
            raise YusuanError(_damaged(file))
        sectors = _Sectors(content, 1 << shift)
        first_small, _, first_more, _ = struct.unpack_from("<IIII", content, 60)
        tables = list(struct.unpack_from("<109I", content, 76))
        tables.extend(sectors.tables_beyond(first_more, file))
    except struct.error as error:
        raise YusuanError(_damaged(file)) from error
    following = sectors.numbers(number for number in tables if number < _FREE)
    if _circular(following):
        raise YusuanError(_damaged(file))
    if _circular(sectors.numbers(_chain(first_small, following))):
        raise YusuanError(_damaged(file))


class _Sectors:
    def __init__(self, content: bytes, size: int) -> None:
        self._content = content
        self._size = size

    def __getitem__(self, number: int) -> bytes:
        start = max(_HEADER, self._size) + number * self._size
        return self._content[start : start + self._size]

    def numbers(self, sectors: Iterator[int]) -> array[int]:
        """What the given sectors hold, as numbers of four bytes."""
        held = b"".join(self[number] for number in sectors)
        numbers = array("I", held[: len(held) // 4 * 4])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def tables_beyond(self, first: int, file: str) -> Iterator[int]:
        """Numbers of the sectors of the table of chains that the header has no room for."""
        seen: set[int] = set()
        while first < _FREE:
            numbers = struct.unpack(f"<{self._size // 4}I", self[first])
            if first in seen:
                raise YusuanError(_damaged(file))
            seen.add(first)
            yield from numbers[:-1]
            first = numbers[-1]


def _chain(first: int, following: Sequence[int]) -> Iterator[int]:
    while first < len(following):
        yield first
        first = following[first]


def _circular(following: Sequence[int]) -> bool:
    """Whether going from a sector to the one that follows it ever comes back."""
    passed = bytearray(len(following))  # 1 on the way now, 2 known to come to an end
    for start in range(len(following)):
        way = []
        sector = start
        while sector < len(following) and not passed[sector]:
            passed[sector] = 1
            way.append(sector)
            sector = following[sector]
        if sector < len(following) and passed[sector] == 1:
            return True
        for sector in way:
            passed[sector] = 2
    return False


def _damaged(file: str) -> str:
    return (
        f"{file}: cannot be read as a spreadsheet (damaged); open it, save it as XLSX and try again"
    )
