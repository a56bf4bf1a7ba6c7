"""Containers (ZIP, RAR, 7z, OLE compound files), opened without trusting what they declare.

Members are unpacked in memory, never to disk. The limits hold for what comes out, not for
what is declared. RAR and 7z are read by the library libarchive, members one after the other.
"""

from __future__ import annotations

import ctypes
import io
import re
import struct
import sys
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence

from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = [
    "SIGNATURES",
    "ZIP_ERRORS",
    "chunks",
    "open_zip",
    "read_member",
    "refuse_circular",
    "transitional",
    "unpack",
]

CHUNK = 2**20

_RELATIONS = "_rels/.rels"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")

ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile raises for damaged, encrypted or unknown members."""

SIGNATURES = {b"Rar!\x1a\x07": ".rar", b"7z\xbc\xaf\x27\x1c": ".7z"}
"""How these files begin, with their suffix."""
_SYSTEM = (
    "the system library libarchive is needed to read RAR and 7z archives; install it "
    "(Debian: libarchive13, macOS: brew install libarchive), or unpack the archive and give its "
    "files, or pack them as ZIP"
)

_HEADER = 512
_FREE = 0xFFFFFFFA
"""Sector numbers from here on are marks: end of a chain, not used, part of a table."""


def open_zip(content: bytes, file: str) -> zipfile.ZipFile:
    """The container, with its size on paper checked; members are never written to disk.

    Raises YusuanError when it is damaged or would unpack to more than ``limits.UNPACKED_BYTES``.
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
        members = container.infolist()
    except ZIP_ERRORS as error:
        raise YusuanError(f"{file}: damaged or cut off; download it again") from error
    size = sum(member.file_size for member in members)
    if len(members) > limits.MEMBERS or size > limits.UNPACKED_BYTES:
        raise YusuanError(
            f"{file}: would unpack to {len(members):,} files of {size / 2**20:,.0f} MB together; "
            f"at most {limits.MEMBERS:,} files and {limits.UNPACKED_BYTES // 2**20} MB are read"
        )
    return container


def chunks(container: zipfile.ZipFile, member: str | zipfile.ZipInfo, file: str) -> Iterator[bytes]:
    """A member piece by piece; zipfile stops at the declared size and checks the CRC.

    Raises YusuanError when the member is damaged or locked with a password.
    """
    try:
        with container.open(member) as stream:
            while piece := stream.read(CHUNK):
                yield piece
    except ZIP_ERRORS as error:
        locked = "password" in str(error)
        why = "locked with a password; unlock it" if locked else "damaged; download it again"
        name = member if isinstance(member, str) else member.filename
        raise YusuanError(f"{file}: the part {name} is {why}") from error


def transitional(content: bytes, file: str) -> bytes:
    """An Office Open XML file with the namespaces and relationships that all programs know.

    A Strict file (ISO/IEC 29500-1) names them otherwise; any other is given back as it is.
    Raises YusuanError like :func:`chunks`.
    """
    with open_zip(content, file) as container:
        names = container.namelist()
        if _RELATIONS not in names or not _STRICT.search(read_member(container, _RELATIONS, file)):
            return content
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as renamed:
            for name in dict.fromkeys(names):
                part = read_member(container, name, file)
                if name.endswith((".xml", ".rels")):
                    part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
                renamed.writestr(name, part)
    return stream.getvalue()


def read_member(container: zipfile.ZipFile, member: str | zipfile.ZipInfo, file: str) -> bytes:
    """The whole of a member. Raises YusuanError like :func:`chunks`."""
    return b"".join(chunks(container, member, file))


def unpack(
    content: bytes, file: str, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, bytes | None]]:
    """The files of an archive by name; the bytes of those ``wanted``, None for the others.

    Raises YusuanError when the archive is damaged, locked with a password or too large, or when
    libarchive is not installed.
    """
    try:
        import libarchive
    except Exception as error:  # ctypes says in many ways that there is no such library
        raise YusuanError(f"{file}: {_SYSTEM}") from error
    # The binding has no name of its own for this function of the library.
    encrypted = libarchive.ffi.libarchive.archive_entry_is_data_encrypted
    encrypted.argtypes, encrypted.restype = [ctypes.c_void_p], ctypes.c_int
    names = 0
    size = 0
    try:
        with libarchive.memory_reader(content) as entries:
            for entry in entries:
                names += 1
                if names > limits.MEMBERS:
                    raise YusuanError(
                        f"{file}: more than {limits.MEMBERS:,} files; unpack it and give those that matter"
                    )
                if not entry.isfile:
                    continue
                name = (entry.pathname or "").replace("\\", "/")
                if not wanted(name):
                    yield name, None
                    continue
                if encrypted(entry._entry_p):
                    raise YusuanError(f"{file}: {name} is locked with a password; unlock it")
                pieces: list[bytes] = []
                for piece in entry.get_blocks():
                    size += len(piece)
                    if size > limits.UNPACKED_BYTES:
                        raise YusuanError(
                            f"{file}: would unpack to more than "
                            f"{limits.UNPACKED_BYTES // 2**20} MB; unpack it and give the files that matter"
                        )
                    pieces.append(piece)
                yield name, b"".join(pieces)
    except libarchive.ArchiveError as error:
        reason = str(error).lower()
        locked = any(word in reason for word in ("encrypt", "passphrase", "password"))
        why = "locked with a password; unlock it" if locked else "damaged; download it again"
        raise YusuanError(
            f"{file}: the archive is {why}, or unpack it and give its files"
        ) from error


def refuse_circular(content: bytes, file: str) -> None:
    """Raise YusuanError when some chain of sectors comes back to where it was."""
    try:
        version, _, shift, small_shift = struct.unpack_from("<HHHH", content, 26)
        if version not in (3, 4) or shift not in (9, 12) or small_shift > shift:
            raise YusuanError(_damaged_compound(file))
        sectors = _Sectors(content, 1 << shift)
        first_small, _, first_more, _ = struct.unpack_from("<IIII", content, 60)
        tables = list(struct.unpack_from("<109I", content, 76))
        tables.extend(sectors.tables_beyond(first_more, file))
    except struct.error as error:
        raise YusuanError(_damaged_compound(file)) from error
    following = sectors.numbers(number for number in tables if number < _FREE)
    if _circular(following):
        raise YusuanError(_damaged_compound(file))
    if _circular(sectors.numbers(_chain(first_small, following))):
        raise YusuanError(_damaged_compound(file))


class _Sectors:
    def __init__(self, content: bytes, size: int) -> None:
        self._content = content
        self._size = size

    def __getitem__(self, number: int) -> bytes:
        start = max(_HEADER, self._size) + number * self._size
        return self._content[start : start + self._size]

    def numbers(self, sectors: Iterator[int]) -> array[int]:
        """What the given sectors hold, as numbers of four bytes."""
        held = b"".join(self[number] for number in sectors)
        numbers = array("I", held[: len(held) // 4 * 4])
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers

    def tables_beyond(self, first: int, file: str) -> Iterator[int]:
        """Numbers of the sectors of the table of chains that the header has no room for.

        Raises YusuanError where the table comes back to a sector."""
        seen: set[int] = set()
        while first < _FREE:
            numbers = struct.unpack(f"<{self._size // 4}I", self[first])
            if first in seen:
                raise YusuanError(_damaged_compound(file))
            seen.add(first)
            yield from numbers[:-1]
            first = numbers[-1]


def _chain(first: int, following: Sequence[int]) -> Iterator[int]:
    while first < len(following):
        yield first
        first = following[first]


def _circular(following: Sequence[int]) -> bool:
    """Whether going from a sector to the one that follows it ever comes back."""
    passed = bytearray(len(following))  # 1 on the way now, 2 known to come to an end
    for start in range(len(following)):
        way = []
        sector = start
        while sector < len(following) and not passed[sector]:
            passed[sector] = 1
            way.append(sector)
            sector = following[sector]
        if sector < len(following) and passed[sector] == 1:
            return True
        for sector in way:
            passed[sector] = 2
    return False


def _damaged_compound(file: str) -> str:
    return (
        f"{file}: cannot be read as a spreadsheet (damaged); open it, save it as XLSX and try again"
    )
