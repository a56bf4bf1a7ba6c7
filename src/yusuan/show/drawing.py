"""Cells of facts as people see them: drawn by workers, and kept for the next who asks."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from yusuan.model.errors import YusuanError
from yusuan.show.place import CellPlace
from yusuan.show.table import FACT_KEYS
from yusuan.sources import limits
from yusuan.sources.archive import member_named
from yusuan.workers.messages import Message, TaskError, TaskRefused, TaskTooSlow
from yusuan.workers.pool import Program, WorkerPool

__all__ = ["WIDTH", "CellPictures", "asked_of", "page_workers"]

WIDTH = 1200
"""Pixels of a picture, unless another width is asked for."""
PICTURE_SECONDS, TABLE_SECONDS = 30.0, 300.0
"""The longest a picture may take, which is done in less than one second; and a table, for which
the document is read again, perhaps with LibreOffice."""
MEMORY = 2 * 2**30
"""Bytes that the pictures of one document may take."""
_KEPT = 48 * 2**20


def page_workers(workers: int = 1) -> WorkerPool:
    """Workers that draw pages of PDFs (``page_pictures``)."""
    return WorkerPool(Program("yusuan.show.page_pictures", memory=MEMORY), workers)


def asked_of(
    pool: WorkerPool, task: Mapping[str, Any], content: bytes, name: str, seconds: float
) -> Message:
    """The answer to a task. Raises YusuanError naming the file when there is none."""
    try:
        return pool.ask(task, seconds, content)
    except TaskTooSlow:
        reason = f"not drawn within {seconds:g} seconds; open the file itself"
    except TaskRefused as refused:
        reason = f"cannot be shown ({refused.reason})"
    except TaskError as error:
        known = {
            "memory": "it needs too much memory",
            "not-begun": f"no process can be started: {error}",
            "failed": f"a mistake in yusuan: {error}",
        }
        reason = f"cannot be shown ({known.get(error.outcome, 'the file is damaged?')})"
    raise YusuanError(f"{name}: {reason}")


class CellPictures:
    """Draws cells; keeps the latest pictures asked for, up to some megabytes. Safe for threads. Use
    as a context manager, or call ``close``."""

    def __init__(self, workers: int = 1, most: int = _KEPT) -> None:
        """``workers``: how many pages, and as many tables, are drawn at a time."""
        self.pages = page_workers(workers)
        """What draws pages of PDFs."""
        self._tables = WorkerPool(
            Program("yusuan.show.table", memory=limits.MEMORY, starts_programs=True), workers
        )
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def __enter__(self) -> CellPictures:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that draw."""
        self.pages.close()
        self._tables.close()

    def draw(
        self, place: CellPlace, width: int = WIDTH, height: int | None = None,
        timeout: float | None = None,
    ) -> bytes:  # fmt: skip
        """The PNG of the page (a PDF), ``width`` pixels wide, or else the HTML of the table.

        With a ``height`` in pixels, only the part of the page around the cell that is so high.
        Raises YusuanError when the source is missing, changed or damaged, or takes longer than
        ``timeout`` seconds.
        """
        content = place.content()
        name = place.document["file"]
        if place.page is None:
            fact = {key: place.fact[key] for key in FACT_KEYS}
            path = os.fsdecode(place.source.resolve())
            table = {"path": path, "fact": fact, "file": name}
            _, page = asked_of(self._tables, table, b"", name, timeout or TABLE_SECONDS)
            return page
        if place.member:
            content = member_named(content, place.member, name)
        asked = {"page": place.page.page, "box": place.page.box, "width": width, "height": height,
                 "sideways": place.sideways}  # fmt: skip
        seconds = timeout or PICTURE_SECONDS
        _, picture = asked_of(self.pages, {"draw": asked}, content, name, seconds)
        return picture

    def get(self, tag: str) -> bytes | None:
        """What was drawn under a tag, if it is still kept."""
        with self._lock:
            if tag in self._kept:
                self._kept.move_to_end(tag)
            return self._kept.get(tag)

    def keep(self, tag: str, picture: bytes) -> None:
        """Keep a picture under a tag, and let go of the oldest ones."""
        with self._lock:
            self._kept[tag] = picture
            self._kept.move_to_end(tag)
            while sum(map(len, self._kept.values())) > self._most:
                self._kept.popitem(last=False)
