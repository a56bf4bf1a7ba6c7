"""Opening RAR and 7z archives without trusting what they declare, by the library libarchive.

Members come one after the other and are unpacked in memory, never to disk; the limits are
those of ZIP containers (``zipped``), and hold for what comes out, not for what is declared.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator

from yusuan.model.errors import YusuanError
from yusuan.sources import limits

__all__ = ["SIGNATURES", "unpack"]

SIGNATURES = {b"Rar!\x1a\x07": ".rar", b"7z\xbc\xaf\x27\x1c": ".7z"}
"""How these files begin, with their suffix."""
_SYSTEM = (
    "the system library libarchive is needed to read RAR and 7z archives; install it "
    "(Debian: libarchive13, macOS: brew install libarchive), or unpack the archive and give its "
    "files, or pack them as ZIP"
)


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
        said = str(error).lower()
        locked = any(word in said for word in ("encrypt", "passphrase", "password"))
        why = "locked with a password; unlock it" if locked else "damaged; download it again"
        raise YusuanError(
            f"{file}: the archive is {why}, or unpack it and give its files"
        ) from error
