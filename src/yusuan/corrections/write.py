"""Write a patch, keeping what reviewers have decided in the one it replaces."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yusuan.corrections.form import COLUMNS, FILLED, PatchRow, harmless, same_printed
from yusuan.corrections.read import read_patch
from yusuan.files.atomic import named, whole_file
from yusuan.model.errors import YusuanError

__all__ = ["Written", "earlier_rows", "write_patch"]


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a patch has: ``proposed`` with a proposal, ``open`` without one, ``kept``
    with what a reviewer had filled in, ``others`` no longer proposed but filled in."""

    proposed: int
    open: int
    kept: int
    others: int


def write_patch(path: Path, rows: Sequence[PatchRow]) -> Written:
    """Write the rows as CSV (UTF-8 with a byte order mark, which spreadsheet programs need).

    When the file is a patch already, decisions about the same printed number are kept, and
    so are rows with decisions that are no longer proposed, at the end. Raises YusuanError when
    it is anything else, or there is no such folder; then nothing is written.
    """
    path = path.resolve()  # a link stays one
    old = earlier_rows(path)
    earlier = {row.figure: row for row in old if row.touched}
    written, kept = [], set()
    for row in rows:
        before = earlier.get(row.figure)
        if before and same_printed(before["printed"], row["printed"]):
            kept.add(id(before))
            row = PatchRow({**row.cells, **{column: before[column] for column in FILLED}})
        written.append(row)
    others = [row for row in old if row.touched and id(row) not in kept]
    _replace(path, [*written, *others])
    proposed = sum(bool(row["proposed"]) for row in written)
    return Written(proposed, len(written) - proposed, len(kept), len(others))


def earlier_rows(path: Path) -> tuple[PatchRow, ...]:
    """The rows of the patch that is there already, if any.

    Raises YusuanError when a patch may not be written there: in no folder, over another file.
    """
    if not path.parent.is_dir():
        raise YusuanError(f"{path}: there is no folder {path.parent}; make it first")
    if not path.exists():
        return ()
    try:
        return read_patch(path).rows
    except YusuanError as error:
        raise YusuanError(
            f"{error}\n{path}: only a patch is overwritten; give another name"
        ) from error


def _replace(path: Path, rows: Sequence[PatchRow]) -> None:
    """Beside the target first, so that an interruption leaves the earlier patch whole."""
    with (
        whole_file(path) as made,
        named(made),
        made.open("w", encoding="utf-8-sig", newline="") as stream,
    ):
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([harmless(row[column]) for column in COLUMNS] for row in rows)
