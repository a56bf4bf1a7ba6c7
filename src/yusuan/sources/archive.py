"""Archives (ZIP, RAR, 7z): the attachments of one disclosure, read in the order of their names.

Pages number on through the archive: a member with pages or sheets takes as many, any other
one page. So a page tells the member, and the line is that of the member itself.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath

from yusuan.model.document import ArchiveMember, Block, Cell, Grid, Note, Paragraph, Position
from yusuan.model.errors import YusuanError
from yusuan.model.text import clean, printable
from yusuan.schema.messages import message
from yusuan.sources import limits
from yusuan.sources.blocks import Reading
from yusuan.sources.containers import SIGNATURES, open_zip, read_member, unpack
from yusuan.sources.fragments import in_member

__all__ = ["member_named", "read_archive"]

Reader = Callable[[bytes, str], Reading]
KindOf = Callable[[bytes, str, str], str]
"""The suffix whose reader fits some bytes, from these, the suffix of the file and its name."""
Member = tuple[str, Callable[[str], bytes]]
"""Name of a member, and what gives its bytes (for a place to name in messages)."""

_TEMPORARY = ("~$", ".")
_ARCHIVES = frozenset((".zip", ".rar", ".7z"))
_UTF8_FLAG = 0x800


def read_archive(
    content: bytes, file: str, readers: Mapping[str, Reader], kind_of: KindOf
) -> Reading:
    """Read every member that one of the readers (by suffix) can read, as one document.

    ``notes`` name the members of other types; ``title`` are the titles and names of the members,
    which a reader of the archive sees. Raises YusuanError when a member is damaged,
    locked or an archive itself, when two have one name, or when none can be read: a table left
    out in silence would look like a blank in the budget.
    """
    blocks: list[Block] = []
    notes: list[Note] = []
    pages = lines = 0
    titles: list[str] = []
    known, left = [], []
    read: list[ArchiveMember] = []

    def is_known(name: str) -> bool:
        suffix = PurePosixPath(name).suffix.lower()
        return suffix in readers or suffix in _ARCHIVES

    with _open_members(content, file, is_known) as members:
        for name, bytes_of in members:
            if is_known(name):
                known.append((name, bytes_of))
            else:
                left.append(name)
        if len(known) > limits.ARCHIVE_FILES:
            raise YusuanError(
                f"{file}: {len(known):,} files; one disclosure has at most {limits.ARCHIVE_FILES}"
            )
        names = Counter(name for name, _ in known)
        if twice := next((name for name, count in names.items() if count > 1), None):
            raise YusuanError(f"{file}: two files are named {twice}; unpack it and give its files")
        for name, bytes_of in known:
            reading = _read(bytes_of, f"{file}: {name}", readers, kind_of)
            named = _with_caption(PurePosixPath(name).stem, reading.blocks)
            blocks.extend(_placed_in_member(block, pages, name) for block in named)
            notes.extend(_member_note(note, name, pages) for note in reading.notes)
            read.append(ArchiveMember(name, pages + 1))
            pages += max(1, reading.pages or 1)
            lines += reading.lines
            titles += filter(None, (reading.title, PurePosixPath(name).stem))
    if not known:
        kinds = ", ".join(sorted(readers))
        raise YusuanError(f"{file}: nothing to read in this archive (looked for {kinds})")
    notes.extend(_unread_note(name, readers) for name in left)
    return Reading(
        tuple(blocks), lines, pages, notes=tuple(notes), title=" | ".join(titles),
        members=tuple(read),
    )  # fmt: skip


def member_named(content: bytes, member: str, file: str) -> bytes:
    """The bytes of the member that a reading names so. Raises YusuanError when there is none."""
    with _open_members(content, file, lambda name: name == member) as members:
        for name, bytes_of in members:
            if name == member:
                return bytes_of(file)
    raise YusuanError(f"{file}: no member {member} in this archive")


@contextmanager
def _open_members(
    content: bytes, file: str, wanted: Callable[[str], bool]
) -> Iterator[list[Member]]:
    """The members of an archive of any kind; of RAR and 7z only those ``wanted`` can be read."""
    if any(content.startswith(sign) for sign in SIGNATURES):
        kept: list[tuple[str, bytes]] = []
        for name, unpacked in unpack(content, file, lambda name: wanted(printable(name))):
            kept.append((printable(name), unpacked or b""))
            if len(kept) > limits.MEMBERS:
                break
        yield _in_order([(name, partial(_kept_bytes, unpacked)) for name, unpacked in kept])
        return
    with open_zip(content, file) as container:
        yield _in_order([
            (printable(_name(info)), partial(read_member, container, info))
            for info in container.infolist() if not info.is_dir()
        ])  # fmt: skip


def _kept_bytes(unpacked: bytes, place: str) -> bytes:
    return unpacked


def _in_order(found: list[Member]) -> list[Member]:
    """Members in the order a person counts (附件2 before 附件10), leftovers out."""
    kept = [
        (name, bytes_of) for name, bytes_of in found
        if not name.startswith("__MACOSX/")
        and not PurePosixPath(name).name.startswith(_TEMPORARY)
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
    bytes_of: Callable[[str], bytes], place: str, readers: Mapping[str, Reader], kind_of: KindOf
) -> Reading:
    suffix = PurePosixPath(place).suffix.lower()
    if suffix in _ARCHIVES:
        raise YusuanError(f"{place}: an archive within an archive; unpack it and give its files")
    content = bytes_of(place)
    if not content.strip():
        raise YusuanError(f"{place}: the file is empty")
    kind = kind_of(content, suffix, place)
    if kind in _ARCHIVES:
        raise YusuanError(f"{place}: an archive within an archive; unpack it and give its files")
    if kind not in readers:
        raise YusuanError(f"{place}: files of type {kind} cannot be read yet")
    return readers[kind](content, place)


def _unread_note(name: str, readers: Mapping[str, Reader]) -> Note:
    suffix = PurePosixPath(name).suffix or "(none)"
    kinds = ", ".join(sorted(readers))
    return Note(
        scope="member",
        printed=name,
        reason=message("member-of-unread-type", suffix=suffix),
        advice=message("convert-member", kinds=kinds),
    )


def _member_note(note: Note, name: str, before: int) -> Note:
    """A note of a member, on the pages of the archive."""
    page = note.page and note.page + before
    return replace(
        note,
        printed=f"{name}: {note.printed}",
        reason=message("of-member", name=name, reason=note.reason),
        page=page,
    )


def _with_caption(stem: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The name of the file is the caption of a table that has none, and keeps it apart."""
    if blocks and isinstance(blocks[0], Grid):
        position = replace(blocks[0].position, line=1)
        return (Paragraph(clean(stem), position), *blocks)
    return blocks


def _placed_in_member(block: Block, before: int, member: str) -> Block:
    """A block moved behind the pages of the members before, its cells placed in its member."""

    def moved(position: Position) -> Position:
        return replace(position, page=before + (position.page or 1))

    def cell(old: Cell) -> Cell:
        fragment = in_member(member, old.fragment) if old.text else None
        return replace(old, position=moved(old.position), fragment=fragment)

    if isinstance(block, Paragraph):
        return replace(block, position=moved(block.position))
    rows = tuple(tuple(cell(old) for old in row) for row in block.rows)
    return replace(block, position=moved(block.position), rows=rows)
