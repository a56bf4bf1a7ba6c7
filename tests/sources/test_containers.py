"""RAR and 7z archives: read like ZIP, with the same guards."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import libarchive
import pytest

from tests.disclosures import disclosure_text
from yusuan.model.document import Document
from yusuan.model.errors import YusuanError
from yusuan.sources import limits, read_document
from yusuan.sources.archive import member_named


def seven_zip(members: Mapping[str, bytes]) -> bytes:
    chunks: list[bytes] = []

    def written(data: bytes) -> int:
        chunks.append(bytes(data))
        return len(data)

    with libarchive.custom_writer(written, "7zip") as archive:
        for name, content in members.items():
            archive.add_file_from_memory(name, len(content), content)
    return b"".join(chunks)


def _header(kind: int, flags: int, fields: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body


def rar(members: Mapping[str, bytes], flags: int = 0) -> bytes:
    """A RAR 4 archive whose members are stored (technote.txt of RAR 4.20)."""
    parts = [b"Rar!\x1a\x07\x00", _header(0x73, 0, bytes(6))]
    for name, content in members.items():
        plain = name.isascii()
        raw = name.encode("ascii") if plain else name.encode("utf-8")
        fields = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 3, zlib.crc32(content), 0x58000000, 20, 0x30,
            len(raw), 0o100644,
        ) + raw  # fmt: skip
        parts += [_header(0x74, 0x8000 | flags | (0 if plain else 0x200), fields), content]
    return b"".join([*parts, _header(0x7B, 0x4000, b"")])


PACKERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {"7z": seven_zip, "rar": rar}
every_packer = pytest.mark.parametrize("suffix", PACKERS)
SHEET = "部门收入总表\n单位：元\n项目,金额\n甲,1\n".encode()


def read(folder: Path, content: bytes, name: str) -> Document:
    (folder / name).write_bytes(content)
    return read_document(folder / name)


@pytest.mark.smoke
@every_packer
def test_members_in_the_order_a_person_counts(tmp_path: Path, suffix: str) -> None:
    content = PACKERS[suffix]({"10.csv": SHEET, "2.md": disclosure_text().encode(), "a.jpg": b"x"})
    document = read(tmp_path, content, f"files.{suffix}")
    assert [grid.position.page for grid in document.grids] == [1, 2]
    assert [note.printed for note in document.notes] == ["a.jpg"]
    assert document.media_type in ("application/x-7z-compressed", "application/vnd.rar")
    assert member_named(content, "10.csv", "files") == SHEET


def test_chinese_names(tmp_path: Path) -> None:
    document = read(tmp_path, seven_zip({"附件/表1.csv": SHEET}), "files.7z")
    cell = next(document.grids).rows[1][1]
    assert cell.fragment == "附件/表1.csv#cell=4,2"


@every_packer
def test_archives_within_archives_are_refused(tmp_path: Path, suffix: str) -> None:
    inner = PACKERS[suffix]({"a.csv": SHEET})
    for name in (f"b.{suffix}", "b.csv"):
        with pytest.raises(YusuanError, match="an archive within an archive"):
            read(tmp_path, PACKERS[suffix]({name: inner}), f"files.{suffix}")


@every_packer
def test_damaged_and_cut_archives(tmp_path: Path, suffix: str) -> None:
    content = PACKERS[suffix]({"a.csv": SHEET * 50})
    for broken in (content[:40], content[: len(content) // 2], content[:33] + b"\xff" * 40):
        with pytest.raises(YusuanError, match=rf"files\.{suffix}"):
            read(tmp_path, broken, f"files.{suffix}")


def test_a_password_is_told(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match=r"files\.rar: .*password"):
        read(tmp_path, rar({"a.csv": SHEET}, flags=0x4), "files.rar")


@every_packer
def test_what_unpacks_to_more_than_anybody_reads(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNPACKED_BYTES", 10_000)
    with pytest.raises(YusuanError, match="would unpack to more than"):
        read(tmp_path, PACKERS[suffix]({"a.csv": b"1,2\n" * 10_000}), f"files.{suffix}")


@every_packer
def test_too_many_members(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMBERS", 3)
    with pytest.raises(YusuanError, match="more than 3 files"):
        read(tmp_path, PACKERS[suffix]({f"{n}.jpg": b"x" for n in range(5)}), f"files.{suffix}")
