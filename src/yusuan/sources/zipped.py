"""Opening ZIP containers (DOCX, XLSX, ODS, archives) without trusting what they declare."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["ZIP_ERRORS", "chunks", "open_zip", "read_member", "transitional"]

CHUNK = 2**20

_RELATIONS = "_rels/.rels"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")

ZIP_ERRORS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile raises for damaged, encrypted or unknown members."""


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
