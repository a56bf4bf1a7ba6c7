"""The bytes of one file, or a sentence on why there are none; never a wait for a pipe."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["read_file", "shown_name"]

_KINDS = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip


def read_file(path: Path) -> bytes:
    """The whole of a regular file.

    Raises YusuanError for anything else, and when it is empty, too large or may not be read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = next((name for is_kind, name in _KINDS if is_kind(found.st_mode)), "special")
            raise YusuanError(f"{path}: not a file but {kind}; give the disclosure as a file")
        if found.st_size > limits.FILE_BYTES:
            raise YusuanError(
                f"{path}: {found.st_size / limits.MB:,.0f} MB; files of up to "
                f"{limits.FILE_BYTES // limits.MB} MB are read. Save the pages that matter in a new file"
            )
        with path.open("rb") as stream:
            content = stream.read(limits.FILE_BYTES + 1)  # some files are longer than they say
    except OSError as error:
        raise YusuanError(f"{path}: {_why(path, error)}") from error
    if len(content) > limits.FILE_BYTES:
        raise YusuanError(f"{path}: the file has no end; give a copy of what it holds")
    if not content.strip():
        raise YusuanError(f"{path}: the file is empty")
    return content


def _why(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        if path.is_symlink():
            return f"a link to {os.fspath(path.readlink())}, which does not exist; give the file"
        return "no such file"
    if isinstance(error, PermissionError):
        return "may not be read; ask for the right to read it"
    return f"cannot be read: {error.strerror}"


def shown_name(path: Path) -> str:
    """The name of a file as its maker saw it: archives made in China leave names in GBK."""
    raw = os.fsencode(path.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")
