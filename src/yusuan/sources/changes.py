"""Which source files are new or have changed since the last look."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.sources.read import find_sources

__all__ = ["SourceChanges"]

_Signature = tuple[int, int, int]
"""Of a file: when it was last written (ns), its size, and its number in the file system."""


class SourceChanges:
    """Files, and those of a known format below folders, looked at again and again.

    By polling: notifications of the kernel differ from system to system, and do not reach folders
    that another machine writes to.
    """

    def __init__(self, targets: Iterable[Path]) -> None:
        """Raises YusuanError for a target that is not there."""
        self._targets = tuple(targets)
        find_sources([target for target in self._targets if not target.is_dir()])
        self._first = True
        self._known: dict[Path, _Signature] = {}
        """Files that were told of, as they were then."""
        self._seen: dict[Path, _Signature] = {}
        """Files as they were at the last look."""

    @property
    def suffixes(self) -> frozenset[str]:
        """Those of the files that are there now."""
        return frozenset(path.suffix for path, _ in self._signatures())

    def look(self) -> Sequence[Path]:
        """The files that are new, or other than when they were last told of, in order.

        One that is being written is told of once it is the same in two looks; at the first look
        all are. Nothing is raised for what is gone: it is told of when it is there again.
        """
        first, self._first = self._first, False
        now = dict(self._signatures())
        settled = [
            path
            for path, signature in now.items()
            if signature != self._known.get(path) and (first or signature == self._seen.get(path))
        ]
        self._known = {path: self._known[path] for path in self._known if path in now}
        self._known |= {path: now[path] for path in settled}
        self._seen = now
        return settled

    def _signatures(self) -> Iterable[tuple[Path, _Signature]]:
        for target in self._targets:
            try:
                files = find_sources([target])
            except YusuanError:  # it is gone for now, or there is nothing in it yet
                continue
            for path in files:
                try:
                    status = path.stat()
                except OSError:
                    continue
                if stat.S_ISREG(status.st_mode):
                    yield path, (status.st_mtime_ns, status.st_size, status.st_ino)
