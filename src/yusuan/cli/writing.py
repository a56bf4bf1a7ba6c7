"""Write a file whole or not at all, and never over something that is not to be replaced."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from yusuan.files.atomic import named, whole_file
from yusuan.model.errors import YusuanError

__all__ = ["target_file", "write_whole"]


def target_file(
    path: Path, suffixes: Sequence[str], kind: str, sources: Iterable[Path] = ()
) -> Path:
    """A file that may be written, asked before the work begins.

    Raises YusuanError for a folder, a name that says another format, a place that does not
    exist or may not be written, and a place within what is read: it would be read the next
    time.
    """
    if path.is_dir():
        raise YusuanError(f"{path}: a folder; name a file, such as {path / f'report{suffixes[0]}'}")
    if path.suffix.lower() not in suffixes:
        raise YusuanError(
            f"{path}: {kind} is written; give the file a name that ends in {suffixes[0]}"
        )
    if not path.parent.is_dir():
        raise YusuanError(f"{path.parent}: no such folder; make it first")
    if not os.access(path.parent, os.W_OK):
        raise YusuanError(f"{path.parent}: may not be written; name a file in another folder")
    real = path.resolve()
    for source in sources:
        there = source.resolve()
        if real == there or (source.is_dir() and real.is_relative_to(there)):
            raise YusuanError(
                f"{path}: lies in what is checked ({source}); name a file elsewhere, so that "
                "nothing is replaced and the file is not read as a disclosure"
            )
    return path


def write_whole(path: Path, content: str) -> None:
    """Write a text as UTF-8; the file appears only when all of it is there.

    Raises YusuanError naming the file when it cannot be written.
    """
    with whole_file(path) as made, named(made):
        made.write_text(content, "utf-8", newline="")
