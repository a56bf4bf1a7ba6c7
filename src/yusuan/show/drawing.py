"""Run the process that draws a place, within limits of time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.show import page_child
from yusuan.show.place import CellPlace
from yusuan.show.table import FACT_KEYS
from yusuan.sources.archive import member_named

__all__ = ["WIDTH", "Drawn", "draw", "run_limited"]

WIDTH = 1200
"""Pixels of a picture, unless another width is asked for."""
PICTURE_SECONDS, TABLE_SECONDS = 30.0, 300.0
"""The longest a picture may take, which is done in less than one second; and a table, for which
the document is read again, perhaps with LibreOffice."""
_GRACE = 3.0
"""Seconds a process has to end those it started."""
_KEPT = 48 * 2**20


def draw(
    place: CellPlace, width: int = WIDTH, height: int | None = None, timeout: float | None = None
) -> bytes:
    """The PNG of the page (a PDF), ``width`` pixels wide, or else the HTML of the table.

    With a ``height`` in pixels, only the part of the page around the cell that is so high.
    Raises YusuanError when the source is missing, changed or damaged, or takes too long.
    """
    content = place.content()
    name = place.document["file"]
    if place.page is None:
        fact = {key: place.fact[key] for key in FACT_KEYS}
        table = {"source": str(place.source.resolve()), "fact": fact, "file": name}
        return run_limited(
            ["-P", "-m", "yusuan.show.table_child"], table, b"", name, timeout or TABLE_SECONDS
        )
    if place.member:
        content = member_named(content, place.member, name)
    asked: dict[str, object] = {
        "page": place.page.page, "box": place.page.box, "width": width, "height": height, "sideways": place.sideways,
    }  # fmt: skip
    # -P: the modules beside the script must not stand in for those of the library.
    return run_limited(
        ["-P", str(Path(page_child.__file__))], asked, content, name, timeout or PICTURE_SECONDS
    )


def run_limited(
    program: list[str], asked: Mapping[str, object], content: bytes, name: str, timeout: float
) -> bytes:
    """What a Python program writes that is asked with JSON and given ``content`` to read.

    Raises YusuanError naming the file when it takes too long or fails.
    """
    command = [sys.executable, *program, json.dumps(asked)]
    search_path = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    child = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": search_path},
    )  # fmt: skip
    try:
        output, errors = child.communicate(content, timeout=timeout)
    except subprocess.TimeoutExpired:
        raise YusuanError(
            f"{name}: not drawn within {timeout:g} seconds; open the file itself"
        ) from None
    finally:
        _end(child)
    if child.returncode == 0 and output:
        return output
    said = errors.decode("utf-8", "replace").strip().splitlines()
    known = child.returncode == page_child.REFUSED and said
    raise YusuanError(f"{name}: cannot be shown ({said[-1] if known else 'the file is damaged?'})")


def _end(child: subprocess.Popen[bytes]) -> None:
    """End a process that still runs; asked first, since it may have started others."""
    if child.poll() is None:
        child.terminate()
        try:
            child.communicate(timeout=_GRACE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()


class Drawn:
    """Pictures already drawn, the latest asked for, up to some megabytes. Safe for threads."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()

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
