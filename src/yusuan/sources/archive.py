"""ZIP archives: the attachments of one disclosure, read in the order of their names.

Pages number on through the archive: a member with pages or sheets takes as many, any other
one page. So a page tells the member, and the line is that of the member itself.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from yusuan.model.document import Block, Cell, Grid, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean, printable
from yusuan.sources import limits
from yusuan.sources.kinds import kind_of
from yusuan.sources.reading import Reading
from yusuan.sources.zipped import open_zip, read_member

__all__ = ["read_archive"]

Reader = Callable[[bytes, str], Reading]

_NAMED = 5
_LEFTOVERS = ("~$", ".")
_ARCHIVES = frozenset((".zip", ".rar", ".7z"))
_UTF8_FLAG = 0x800


def read_archive(content: bytes, file: str, readers: Mapping[str, Reader]) -> Reading:
    """Read every member that one of the readers (by suffix) can read, as one document.

    ``notes`` name the members of other types. Raises YusuanError when a member is damaged,
    locked or an archive itself, or when none can be read: a table left out in silence would
    look like a blank in the budget.
    """
    blocks: list[Block] = []
    notes: list[str] = []
    pages = lines = 0
    with open_zip(content, file) as container:
        known, left = [], []
        for name, info in _members(container):
            suffix = PurePosixPath(name).suffix.lower()
            if suffix in readers or suffix in _ARCHIVES:
                known.append((name, info))
            else:
                left.append(name)
        if len(known) > limits.ARCHIVE_FILES:
            raise YusuanError(
                f"{file}: {len(known):,} files; one disclosure has at most {limits.ARCHIVE_FILES}"
            )
        for name, info in known:
            reading = _read(container, info, f"{file}: {name}", readers)
            named = _named(PurePosixPath(name).stem, reading.blocks)
            blocks.extend(_on_page(block, pages) for block in named)
            pages += max(1, reading.pages or 1)
            lines += reading.lines
            notes.extend(f"{name}: {note}" for note in reading.notes)
    if not known:
        kinds = ", ".join(sorted(readers))
        raise YusuanError(f"{file}: nothing to read in this archive (looked for {kinds})")
    if left:
        names = ", ".join(left[:_NAMED]) + (", …" if len(left) > _NAMED else "")
        notes.append(f"{len(left)} files of other types in the archive were not read: {names}")
    return Reading(tuple(blocks), lines, pages, notes=tuple(notes))


def _members(container: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Names and members in the order a person counts (附件2 before 附件10), leftovers out."""
    found = [(printable(_name(info)), info) for info in container.infolist() if not info.is_dir()]
    kept = [
        (name, info) for name, info in found
        if not name.startswith("__MACOSX/")
        and not PurePosixPath(name).name.startswith(_LEFTOVERS)
    ]  # fmt: skip
    return sorted(kept, key=lambda entry: _natural(entry[0]))


def _name(info: zipfile.ZipInfo) -> str:
    """The name of a member; Chinese systems write it in GBK without saying so."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    return tuple(
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d{1,9})", name) if part
    )  # fmt: skip


def _read(
    container: zipfile.ZipFile, info: zipfile.ZipInfo, place: str, readers: Mapping[str, Reader]
) -> Reading:
    suffix = PurePosixPath(place).suffix.lower()
    if suffix in _ARCHIVES:
        raise YusuanError(f"{place}: an archive within an archive; unpack it and give its files")
    content = read_member(container, info, place)
    if not content.strip():
        raise YusuanError(f"{place}: the file is empty")
    kind = kind_of(content, suffix, place)
    if kind in _ARCHIVES:
        raise YusuanError(f"{place}: an archive within an archive; unpack it and give its files")
    if kind not in readers:
        raise YusuanError(f"{place}: files of type {kind} cannot be read yet")
    return readers[kind](content, place)


def _named(stem: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The name of the file is the caption of a table that has none, and keeps it apart."""
    if blocks and isinstance(blocks[0], Grid):
        position = replace(blocks[0].position, line=1)
        return (Paragraph(clean(stem), position), *blocks)
    return blocks


def _on_page(block: Block, before: int) -> Block:
    """A block moved behind the pages of the members before."""

    def moved(position: Position) -> Position:
        return replace(position, page=before + (position.page or 1))

    def cell(old: Cell) -> Cell:
        return replace(old, position=moved(old.position))

    if isinstance(block, Paragraph):
        return replace(block, position=moved(block.position))
    rows = tuple(tuple(cell(old) for old in row) for row in block.rows)
    return replace(block, position=moved(block.position), rows=rows)
