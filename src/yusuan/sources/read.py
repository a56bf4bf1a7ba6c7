"""Find source files and read each with the reader of its format."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from yusuan.model.document import Block, Document, Paragraph
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.sources import limits
from yusuan.sources.files import read_file, shown_name
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
        elif os.path.lexists(path):  # a link to nothing is a finding, not a mistyped name
            found.append(path)
        else:
            raise YusuanError(f"{path}: no such file or folder")
    return list(dict.fromkeys(found))


def _below(folder: Path, above: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Files of a known format below a folder; packages that were built there are no sources.

    A folder that may not be listed stands for itself, so that reading says so.
    """
    real = folder.resolve()
    if real in above:
        return  # a link back to where it stands
    try:
        entries = list(folder.iterdir())
    except OSError:
        yield folder
        return
    for path in entries:
        if path.name.startswith("."):
            continue
        try:
            if path.is_dir():
                if not (path / "datapackage.json").exists():
                    yield from _below(path, above | {real})
                continue
        except OSError:  # reading will say that it may not be looked into
            yield path
            continue
        if path.suffix.lower() in FORMATS:
            yield path


def read_document(path: Path) -> Document:
    """Read one file as what its first bytes say it is; else by its suffix.

    It is read in this process. What may do harm is read by ``yusuan.reading``, in another
    that can be killed: a damaged spreadsheet can end the process it is parsed in.

    Raises YusuanError when it is missing, empty, too large, or of a format that cannot be read.
    """
    content = read_file(path)
    known = FORMATS.get(kind_of(content, path.suffix.lower(), str(path)))
    if known is None:
        kinds = ", ".join(sorted(FORMATS))
        raise YusuanError(
            f"{path}: files of type {path.suffix or '(none)'} cannot be read yet; "
            f"give one of {kinds}"
        )
    reading = known.read(content, str(path))
    _refuse_endless(reading.blocks, path)
    return Document(
        file=printable(shown_name(path)),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=known.media_type,
        blocks=reading.blocks,
        lines=reading.lines,
        encoding=reading.encoding,
        pages=reading.pages,
        notes=reading.notes,
        title=reading.title,
    )


def _refuse_endless(blocks: tuple[Block, ...], path: Path) -> None:
    """Raise YusuanError for more text than recognition can take in good time."""
    cells = paragraphs = tables = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            paragraphs += 1
            longest, position = len(block.text), block.position
        else:
            tables += 1
            cells += sum(map(len, block.rows))
            longest = max((len(cell.text) for row in block.rows for cell in row), default=0)
            position = block.position
        if longest > limits.TEXT:
            page = f"page {position.page}, " if position.page else ""
            raise YusuanError(
                f"{path}, {page}line {position.line:,}: {longest:,} characters without a break; "
                f"a paragraph or cell has at most {limits.TEXT:,}. Is this the right file?"
            )
    for count, most, name in (
        (cells, limits.CELLS, "cells in tables"),
        (tables, limits.TABLES, "tables"),
        (paragraphs, limits.PARAGRAPHS, "lines of text"),
    ):
        if count > most:
            raise YusuanError(
                f"{path}: {count:,} {name}; at most {most:,} are read. "
                "Save the pages that matter in a new file"
            )
