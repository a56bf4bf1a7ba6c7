"""Read a patch as a spreadsheet program may have saved it."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from yusuan.corrections.form import NEEDED, PatchRow, column_named
from yusuan.model.errors import YusuanError
from yusuan.sources.encoding import decode
from yusuan.sources.files import read_file, shown_name

__all__ = ["Patch", "read_patch"]

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch as it was read; ``name`` is that of its file, ``sha256`` of its bytes."""

    path: Path
    name: str
    sha256: str
    rows: tuple[PatchRow, ...]


def read_patch(path: Path) -> Patch:
    """Read a patch in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs between cells.

    Columns may be in any order and named in Chinese; others than ours are left alone.
    Raises YusuanError for anything that is no patch.
    """
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "no regular file"
        raise YusuanError(f"{path}: {kind}, not a patch; give the CSV file")
    content = read_file(path)
    if content.startswith(_WORKBOOKS):
        raise YusuanError(f"{path}: a workbook; save it as CSV (UTF-8) and give that file")
    text, _ = decode(content, str(path))
    records = _records(path, text.replace("\r\n", "\n").replace("\r", "\n"))
    if not records:
        raise YusuanError(_no_patch(path, NEEDED))
    (_, heading), *body = records
    names = [column_named(cell) for cell in heading]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise YusuanError(_no_patch(path, missing))
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise YusuanError(f"{path}, line 1: column {twice} is there twice; delete one of them")
    rows = []
    for line, record in body:
        if any(cell.strip() for cell in record[len(names) :]):
            raise YusuanError(
                f"{path}, line {line}: {len(record)} cells, but {len(names)} columns; "
                "a comma in a text that is not in quotation marks does this"
            )
        cells = {
            name: cell.strip().removeprefix("'")
            for name, cell in zip(names, record, strict=False)
            if name
        }
        rows.append(PatchRow(cells, line))
    return Patch(path, shown_name(path), hashlib.sha256(content).hexdigest(), tuple(rows))


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The records that are not blank, each with the line it begins on."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda sign: len(_known(head, sign)))
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    records, line = [], 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        raise YusuanError(
            f"{path}, line {line}: {error}; a quotation mark that is not closed does this"
        ) from error
    return records


def _known(head: str, delimiter: str) -> set[str]:
    found = {column_named(cell.strip().strip('"')) for cell in head.split(delimiter)}
    return {name for name in found if name}


def _no_patch(path: Path, missing: tuple[str, ...] | list[str]) -> str:
    return (
        f"{path}, line 1: not a patch, for want of {', '.join(missing)} among its columns; "
        "make one with `yusuan check SOURCE --propose FILE`"
    )
