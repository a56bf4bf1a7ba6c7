"""What a run over many documents puts away meanwhile: in a file without a name, read again by key.

Only the process that wrote it can read it, and it is gone with the process, however that ends.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import tempfile
from collections.abc import Iterator, MutableMapping, Sequence
from pathlib import Path
from typing import IO, Any, Generic, TypeVar, overload

from yusuan.files.atomic import named

__all__ = ["Records", "Spool"]

T = TypeVar("T")
V = TypeVar("V")
_HELD = 16
"""Values of the latest documents that stay in memory, so that a run over few writes nothing."""


class Spool(MutableMapping[str, V], Generic[V]):
    """Values by key, in the order of their keys' coming; all but the latest lie in a file.

    A value that is asked for again is made anew: who changes one must put it back. Raises
    OSError naming the folder of temporary files where that is full.
    """

    def __init__(self, held: int = _HELD) -> None:
        self._places: dict[str, int | None] = {}
        """By key, where the value begins in the file; None while it is in memory only."""
        self._held: dict[str, V] = {}
        """The values last put or asked for, the latest at the end."""
        self._most = held
        self._file: IO[bytes] | None = None

    def __setitem__(self, key: str, value: V) -> None:
        self._places[key] = None
        self._hold(key, value)

    def __getitem__(self, key: str) -> V:
        if key in self._held:
            value = self._held[key]
        else:
            place = self._places[key]
            assert place is not None and self._file is not None
            self._file.seek(place)
            with _uncollected():
                value = pickle.load(self._file)
        self._hold(key, value)
        return value

    def __delitem__(self, key: str) -> None:
        del self._places[key]
        self._held.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def _hold(self, key: str, value: V) -> None:
        self._held.pop(key, None)
        self._held[key] = value
        while len(self._held) > self._most:
            # Written before it is let go: a run may be interrupted anywhere.
            oldest = next(iter(self._held))
            self._write_out(oldest, self._held[oldest])
            del self._held[oldest]

    def _write_out(self, key: str, value: V) -> None:
        if self._places[key] is not None:
            return
        with named(Path(tempfile.gettempdir())):
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the spool)
            place = self._file.seek(0, os.SEEK_END)
            with _uncollected():
                pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
            self._places[key] = place


class Records(Sequence[T], Generic[T]):
    """Records of documents, in order; those of a document are put away together."""

    def __init__(self, held: int = _HELD) -> None:
        self._spool: Spool[list[T]] = Spool(held)
        self._counts: dict[str, int] = {}

    def add(self, document: str, records: Sequence[T]) -> None:
        """Add the records of a document, behind all others; a document is added once."""
        if records:
            self._spool[document] = list(records)
            self._counts[document] = len(records)

    def of(self, document: str) -> list[T]:
        """The records of a document; none of one that is not known."""
        return self._spool[document] if document in self._counts else []

    def __len__(self) -> int:
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[T]:
        for document in self._counts:
            yield from self._spool[document]

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        return list(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Within, no garbage is collected: while many records are made, none of them is."""
    enabled: Any = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
