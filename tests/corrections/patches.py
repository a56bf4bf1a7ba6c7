"""What a reviewer does with a patch, as functions on its rows."""

from __future__ import annotations

import csv
from pathlib import Path

from yusuan.corrections import proposals, write_patch
from yusuan.pipeline import check_sources

__all__ = ["propose", "read_rows", "sign", "write_rows"]

Row = dict[str, str]


def propose(source: Path, path: Path) -> Path:
    checked = check_sources(source)
    write_patch(path, proposals(checked.contents, checked.findings).rows)
    return path


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def write_rows(
    path: Path, rows: list[Row], *, encoding: str = "utf-8-sig", delimiter: str = ","
) -> None:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def sign(row: Row, **filled: str) -> Row:
    """The row accepted by a reviewer, or filled in otherwise."""
    decided = {"decision": "accept", "reviewer": "预算科", "date": "2026-03-01"}
    return {**row, **decided, **filled}
