"""Which file a path within a folder of somebody else's means, and which paths mean none.

A package comes from anywhere: its descriptor may name ``/etc/passwd``, ``../secret.csv`` or a
URL, and its files may be links, pipes or devices. Every command and page that reads a file of a
package asks here.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.model.text import printable

__all__ = ["inside", "is_inside_path", "regular_files", "without_links"]

_LONGEST = 1_000
# Control characters, and what means a drive, a scheme, a stream or a separator somewhere.
_REFUSED = re.compile(r"[\x00-\x1f\x7f\\:]|[\ud800-\udfff]")
_KINDS = (
    (stat.S_ISLNK, "a link"), (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip


def is_inside_path(path: object) -> bool:
    """Whether a path is relative, with slashes, and leads nowhere but down (Data Package 1.0,
    Data Resource, ``path``; stricter: no ``.``, no empty part, no backslash, no colon).

    >>> is_inside_path("data/facts.csv"), is_inside_path("source/预算.pdf")
    (True, True)
    >>> [is_inside_path(path) for path in ("/etc/passwd", "../x", "a//b", "http://x/y", "", 5)]
    [False, False, False, False, False, False]
    """
    if not isinstance(path, str) or len(path) > _LONGEST or _REFUSED.search(path):
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def inside(folder: Path, path: str) -> Path:
    """The regular file at a path within a folder; the folder itself may be a link.

    Raises YusuanError, naming the place, for a path that leads out of the folder, for anything
    but a regular file, for one behind a link, and when there is none.
    """
    if not is_inside_path(path):
        raise YusuanError(f"{folder}: {printable(str(path))[:100]!r} is not a path inside it")
    file = folder
    mode = 0
    found = None
    for part in path.split("/"):
        if mode and not stat.S_ISDIR(mode):
            raise YusuanError(f"{file}: {_kind(mode)}; a folder is expected here")
        file = file / part
        try:
            found = file.lstat()
            mode = found.st_mode
        except (FileNotFoundError, NotADirectoryError):
            raise YusuanError(f"{folder / path}: missing; build the package anew") from None
        except OSError as error:  # a name that is too long, a folder that may not be entered
            raise YusuanError(f"{folder / path}: cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(mode):
        raise YusuanError(f"{file}: {_kind(mode)}; only a file of the package itself is read")
    if found is not None and _is_hollow(found):
        raise YusuanError(
            f"{file}: says it has {found.st_size:,} bytes, of which hardly any are there; "
            "build the package anew"
        )
    return file


_LARGE = 1 << 30
_HOLLOW = 100
"""So many times more bytes than are stored; file systems that compress store a tenth of a table."""


def _is_hollow(found: os.stat_result) -> bool:
    """Whether a large file is made of holes, which take no place until they are read or copied."""
    stored = getattr(found, "st_blocks", None)
    return stored is not None and found.st_size > _LARGE and stored * 512 * _HOLLOW < found.st_size


def without_links(path: Path) -> Path:
    """The place that a path means, its links followed; it need not exist.

    Raises YusuanError for a link that leads back to itself.
    """
    try:
        return path.resolve()
    except (RuntimeError, OSError) as error:  # the first up to Python 3.12
        raise YusuanError(
            f"{path}: a link that leads back to itself; name another place"
        ) from error


def regular_files(folder: Path, path: str) -> Path:
    """The folder at a path within a folder, of which every entry is a regular file, as a store is.

    Raises YusuanError as ``inside`` does.
    """
    place = folder
    for part in path.split("/"):
        place = place / part
        if place.is_symlink() or not place.is_dir():
            what = "a link" if place.is_symlink() else "missing"
            raise YusuanError(f"{place}: {what}; build the package anew with `yusuan build`")
    for entry in sorted(place.iterdir()):
        inside(folder, f"{path}/{entry.name}")
    return place


def _kind(mode: int) -> str:
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "no regular file")
