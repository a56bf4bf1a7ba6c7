"""Where files are from: the manifest beside disclosures, ``sources.csv``.

Its columns are those of ``schemas/manifest.yaml``. What it says of a file is not printed in the
file, and stands in columns of its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from yusuan.files.data import data_path, read_yaml
from yusuan.model.errors import YusuanError
from yusuan.model.records import DocumentRecord
from yusuan.model.text import day, printable
from yusuan.sources.files import decode, read_file

__all__ = ["COLUMNS", "NAME", "Provenance", "official_address", "provenance_of"]

_FORM: dict[str, Any] = read_yaml(data_path("schemas", "manifest.yaml"))
NAME: str = _FORM["name"]
"""The file name of a manifest; in a folder of disclosures it is no disclosure."""
_MOST_BYTES = 64 << 20
_LONGEST_ADDRESS = 2000
_SEPARATORS = re.compile("[;；|]")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a file is from: its official address, when it was made public and when retrieved; and
    which files it ``replaces``, by name or SHA-256. ``place`` says where that is stated."""

    source_url: str | None = None
    available: date | None = None
    retrieved: date | None = None
    replaces: tuple[str, ...] = ()
    place: str = field(default="", compare=False)

    @classmethod
    def of(cls, record: DocumentRecord) -> Provenance:
        """What a package says of one of its documents."""
        return cls(record.source_url, record.available, record.retrieved, record.replaces)

    def and_also(self, other: Provenance, file: str) -> Provenance:
        """What both say of one file. Raises YusuanError where they contradict each other."""
        for name in COLUMNS:
            one, two = getattr(self, name), getattr(other, name)
            if one and two and one != two:
                raise YusuanError(
                    f"{other.place}: {name} of {file} is {two}, but in {self.place} it is {one}, and "
                    "both are one file; correct one of the two"
                )
        return self.but(other)

    def but(self, newer: Provenance) -> Provenance:
        """The same with all that a newer statement states."""
        stated = {name: value for name in COLUMNS if (value := getattr(newer, name))}
        return replace(self, **stated, place=newer.place)


COLUMNS = ("source_url", "available", "retrieved", "replaces")
"""What a manifest states of a file, by the names of the columns of a document."""


def official_address(text: str) -> str:
    """An address as it was given. Raises ValueError for what is no http or https address.

    >>> official_address("https://example.gov.cn/2024/预算.pdf")
    'https://example.gov.cn/2024/预算.pdf'
    """
    parts = urlsplit(text)
    port = parts.port  # raises ValueError for what is no port
    whole = parts.scheme in ("http", "https") and parts.hostname and port != 0
    if (
        not whole
        or len(text) > _LONGEST_ADDRESS
        or any(c <= " " or c in '<>"\\^`{|}' for c in text)
    ):
        raise ValueError("no http or https address")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a name or password, which would be published")
    return text


def provenance_of(targets: Iterable[Path], files: Iterable[Path]) -> dict[Path, Provenance]:
    """What manifests say of files that were found: those of the folders among the targets, and the
    one beside a file that is a target itself.

    The manifest nearest to a file counts. Raises YusuanError with file and line for one that is
    no manifest, names a file that is not there or was changed since, or holds what is no address
    or date.
    """
    known = set(files)
    within = {
        above
        for target in targets
        for above in (
            (each for file in known if file.is_relative_to(target) for each in _between(file, target))
            if target.is_dir() else (target.parent,)
        )
    }  # fmt: skip
    manifests = [manifest for above in within if (manifest := above / NAME).is_file()]
    found: dict[Path, Provenance] = {}
    for manifest in sorted(manifests, key=lambda path: len(path.parts)):
        found |= {path: said for path, said in _entries(manifest) if path in known}
    return found


def _between(file: Path, folder: Path) -> Iterator[Path]:
    """The folders from that of a file up to one that holds it."""
    for above in file.parents:
        yield above
        if above == folder:
            return


def _entries(manifest: Path) -> Iterator[tuple[Path, Provenance]]:
    lines: dict[Path, int] = {}
    for line, row in _rows(manifest):
        where = f"{manifest}, line {line}"
        path = manifest.parent / row["file"]
        if not row["file"] or Path(row["file"]).is_absolute() or ".." in Path(row["file"]).parts:
            raise YusuanError(f"{where}: file “{row['file']}”; name a file of this folder")
        if not path.is_file():
            raise YusuanError(f"{where}: {printable(row['file'])} is not in this folder")
        if other := lines.get(path):
            raise YusuanError(f"{where}: {printable(row['file'])} is in line {other} already")
        lines[path] = line
        if row.get("sha256"):
            actual = hashlib.sha256(read_file(path)).hexdigest()
            if actual != row["sha256"].lower():
                raise YusuanError(
                    f"{where}: {printable(row['file'])} has SHA-256 {actual}, not as stated; "
                    "it has changed since it was retrieved"
                )
        yield path, _provenance(row, where)


def _provenance(row: Mapping[str, str], where: str) -> Provenance:
    address = row.get("url") or None
    if address:
        try:
            official_address(address)
        except ValueError as error:
            raise YusuanError(f"{where}: url “{printable(address[:200])}”: {error}") from None
    dates: dict[str, date | None] = {}
    for name in ("available", "retrieved"):
        dates[name] = day(row[name]) if row.get(name) else None
        if row.get(name) and dates[name] is None:
            raise YusuanError(f"{where}: {name} “{printable(row[name])}”; write it like 2026-03-01")
    replaced = tuple(filter(None, map(str.strip, _SEPARATORS.split(row.get("replaces", "")))))
    return Provenance(address, dates["available"], dates["retrieved"], replaced, where)


def _rows(manifest: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that are not blank, with their lines; columns of others are let be."""
    if manifest.stat().st_size > _MOST_BYTES:
        raise YusuanError(
            f"{manifest}: {manifest.stat().st_size:,} bytes; too large for a manifest"
        )
    text, _ = decode(read_file(manifest, "the manifest"), str(manifest))
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), strict=True)
    try:
        columns = [_names().get(cell.strip().lower()) for cell in next(reader, [])]
        missing = [name for name in _FORM["needed"] if name not in columns]
        if missing:
            raise YusuanError(
                f"{manifest}, line 1: not a manifest, for want of {', '.join(missing)} among its "
                f"columns; expected {', '.join(column['name'] for column in _FORM['columns'])}"
            )
        for record in reader:
            if any(cell.strip() for cell in record):
                cells = zip(columns, record, strict=False)
                yield reader.line_num, {name: cell.strip() for name, cell in cells if name}
    except csv.Error as error:
        raise YusuanError(f"{manifest}, line {reader.line_num}: {error}") from error


@cache
def _names() -> dict[str, str]:
    """The columns by the headings that name them, in English or Chinese."""
    return {
        name.lower(): column["name"]
        for column in _FORM["columns"]
        for name in (column["name"], column["title"])
    }
