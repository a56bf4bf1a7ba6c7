"""Find source files and read each with the reader of its format."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.sources.formats import FORMATS
from yusuan.sources.kinds import kind_of

__all__ = ["find_sources", "read_document"]


def find_sources(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those of a known format below each folder named, sorted.

    Raises YusuanError for a path that does not exist or a folder with nothing to read.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(_below(path))
            if not inside:
                kinds = ", ".join(sorted(FORMATS))
                raise YusuanError(f"{path}: no disclosure in this folder (looked for {kinds})")
            found.extend(inside)
        elif path.exists():
            found.append(path)
        else:
            raise YusuanError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def _below(folder: Path) -> Iterator[Path]:
    """Files of a known format below a folder; packages that were built there are no sources."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not (path / "datapackage.json").exists():
                yield from _below(path)
        elif path.suffix.lower() in FORMATS:
            yield path


def read_document(path: Path) -> Document:
    """Read one file as what its first bytes say it is; else by its suffix.

    Raises YusuanError when it is missing, empty, or of a format that cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise YusuanError(f"{path}: cannot be read: {error.strerror}") from error
    if not content.strip():
        raise YusuanError(f"{path}: the file is empty")
    known = FORMATS.get(kind_of(content, path.suffix.lower(), str(path)))
    if known is None:
        kinds = ", ".join(sorted(FORMATS))
        raise YusuanError(
            f"{path}: files of type {path.suffix or '(none)'} cannot be read yet; "
            f"give one of {kinds}"
        )
    reading = known.read(content, str(path))
    return Document(
        file=path.name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=known.media_type,
        blocks=reading.blocks,
        lines=reading.lines,
        encoding=reading.encoding,
        pages=reading.pages,
        notes=reading.notes,
    )
