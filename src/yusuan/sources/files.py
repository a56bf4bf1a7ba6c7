"""The bytes of one file and the characters they stand for, or a sentence on why there are none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from charset_normalizer import from_bytes

from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["decode", "read_file", "shown_name"]

_NOT_FILES = (
    (stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip

# UTF-8 rejects nearly every text that is not UTF-8, and GB18030 is the mandatory Chinese
# character set, so these two in this order settle almost all disclosures.
_ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_file(path: Path, what: str = "the disclosure") -> bytes:
    """The whole of a regular file, that holds ``what``.

    Raises YusuanError for anything else, and when it is empty, too large or may not be read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = next((name for is_kind, name in _NOT_FILES if is_kind(found.st_mode)), "special")
            raise YusuanError(f"{path}: not a file but {kind}; give {what} as a file")
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


def decode(content: bytes, file: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Raises YusuanError when the bytes are no text in any encoding tried.
    """
    marked = _MARKS.get(content[:2])
    for encoding in (marked,) if marked else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _binary(text):
            return text, encoding.removesuffix("-sig")
    guess = from_bytes(content).best()
    if guess is not None and not _binary(str(guess)):
        return str(guess), guess.encoding
    raise YusuanError(f"{file}: not a text in UTF-8 or GB18030; save it as UTF-8 and try again")


def _binary(text: str) -> bool:
    """Whether control characters show that this is no text at all."""
    sample = text[:65536]
    controls = sum(1 for char in sample if char < " " and char not in "\t\n\r\f\v")
    return controls > len(sample) / 100
