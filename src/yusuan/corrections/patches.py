"""Patches: the form that people fill in, how it is read back as a spreadsheet program saved it, how it
is written without losing what reviewers decided.

The columns are those of ``schemas/patch.yaml``.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from yusuan.files.atomic import named, whole_file
from yusuan.files.resolve import without_links
from yusuan.lexicon.numbers import parse_number
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path, read_yaml
from yusuan.sources.files import decode, read_file, shown_name

__all__ = [
    "COLUMNS",
    "FILLED",
    "NEEDED",
    "Patch",
    "PatchRow",
    "WrittenPatch",
    "carried_patches",
    "column_named",
    "decide",
    "decision",
    "earlier_rows",
    "harmless",
    "read_patch",
    "same_printed",
    "write_patch",
]

_FORM: dict[str, Any] = read_yaml(data_path("schemas", "patch.yaml"))
COLUMNS: tuple[str, ...] = tuple(column["name"] for column in _FORM["columns"])
FILLED: tuple[str, ...] = tuple(column["name"] for column in _FORM["columns"] if column.get("fill"))
"""The columns that a reviewer fills in."""
NEEDED: tuple[str, ...] = tuple(_FORM["needed"])
"""A file without these is no patch."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class PatchRow:
    """One row of a patch: texts by column, and the line of the file it begins on."""

    cells: dict[str, str]
    line: int = 0

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def figure(self) -> tuple[str, str]:
        """What it is about: the document by its digest, and the key of the fact or claim."""
        return self["sha256"].lower(), self["fact"] or self["claim"]

    @property
    def touched(self) -> bool:
        """Whether a reviewer has filled in anything."""
        return any(self[column] for column in FILLED)


@cache
def _names() -> dict[str, str]:
    return {
        name.lower(): column["name"]
        for column in _FORM["columns"]
        for name in (column["name"], column["title"])
    }


def column_named(heading: str) -> str | None:
    """The column that a heading names, in English or Chinese; None for a column of one's own.

    >>> column_named("Decision "), column_named("决定"), column_named("序号")
    ('decision', 'decision', None)
    """
    return _names().get(heading.strip().lower())


def decision(text: str) -> str | None:
    """``accept``, ``reject`` or ``""``; None for any other word.

    >>> decision("采纳"), decision("Reject"), decision(" "), decision("perhaps")
    ('accept', 'reject', '', None)
    """
    word = text.strip().lower()
    if not word:
        return ""
    return next((name for name, words in _FORM["decisions"].items() if word in words), None)


def same_printed(one: str, two: str) -> bool:
    """Whether two spellings are of one printed text: the same characters, or the same number
    or percentage, because spreadsheet programs drop the zeros of 96.50 and add some to 0.5%.

    >>> same_printed("96.50", "96.5"), same_printed("0.50%", "0.5%"), same_printed("1%", "1")
    (True, True, False)
    """
    if one == two:
        return True
    if one.endswith("%") != two.endswith("%"):
        return False
    numbers = [parse_number(text.removesuffix("%")) for text in (one, two)]
    return None not in numbers and len({(n.value, n.unit) for n in numbers if n}) == 1


def harmless(text: str) -> str:
    """A text from a document that no spreadsheet program takes for a formula.

    >>> harmless("=1+1"), harmless("-5"), harmless("说明")
    ("'=1+1", '-5', '说明')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not parse_number(text) else text


_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Patch:
    """A patch as it was read; ``name`` is that of its file, ``sha256`` of its bytes."""

    path: Path
    name: str
    sha256: str
    rows: tuple[PatchRow, ...]
    carried: bool = False
    """Whether these are corrections of a package that is built anew: what no longer fits is told."""


def read_patch(path: Path) -> Patch:
    """Read a patch in UTF-8, UTF-16 or GB18030, with commas, semicolons or tabs between cells.

    Columns may be in any order and named in Chinese; others than ours are left alone.
    Raises YusuanError for anything that is no patch, or cannot be read.
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


def carried_patches(path: Path, corrections: Iterable[Mapping[str, str]]) -> list[Patch]:
    """Rows of the corrections of a package, with the columns ``file`` and ``sha256`` of their
    documents, as the accepted rows of the patches that they came from; ``path`` is their file."""
    patches: dict[tuple[str, str], list[PatchRow]] = {}
    for row in corrections:
        own = {name: row[name] for name in COLUMNS if name in row}
        cells = {**own, "printed": row["published"], "decision": "accept"}
        patches.setdefault((row["patch"], row["patch_sha256"]), []).append(
            PatchRow(cells, int(row["patch_line"]))
        )
    return [
        Patch(path, name, sha256, tuple(rows), carried=True)
        for (name, sha256), rows in patches.items()
    ]


def _records(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The records that are not blank, each with the line it begins on."""
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=lambda sign: len(_columns_in(head, sign)))
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


def _columns_in(head: str, delimiter: str) -> set[str]:
    found = {column_named(cell.strip().strip('"')) for cell in head.split(delimiter)}
    return {name for name in found if name}


def _no_patch(path: Path, missing: tuple[str, ...] | list[str]) -> str:
    return (
        f"{path}, line 1: not a patch, for want of {', '.join(missing)} among its columns; "
        "make one with `yusuan check SOURCE --propose FILE`"
    )


@dataclass(frozen=True, slots=True)
class WrittenPatch:
    """How many rows a patch has: ``proposed`` with a proposal, ``open`` without one, ``kept``
    with what a reviewer had filled in, ``others`` no longer proposed but filled in."""

    proposed: int
    open: int
    kept: int
    others: int


def write_patch(path: Path, rows: Sequence[PatchRow]) -> WrittenPatch:
    """Write the rows as CSV (UTF-8 with a byte order mark, which spreadsheet programs need).

    When the file is a patch already, decisions about the same printed number are kept, and
    so are rows with decisions that are no longer proposed, at the end. Raises YusuanError when
    it is anything else, or there is no such folder; then nothing is written.
    """
    path = without_links(path)  # a link stays one
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
    return WrittenPatch(proposed, len(written) - proposed, len(kept), len(others))


def decide(path: Path, figure: tuple[str, str], filled: Mapping[str, str]) -> None:
    """Write into a patch what a reviewer fills in (the columns ``FILLED``) for the printed number
    that ``PatchRow.figure`` names.

    Raises YusuanError where the file is no patch or has no row of this number; then nothing is
    written.
    """
    rows = list(read_patch(path).rows)
    places = [number for number, row in enumerate(rows) if row.figure == figure]
    if not places:
        raise YusuanError(f"{path}: no row of {figure[1]!r}; check the files again")
    for place in places:
        cells = {**rows[place].cells, **{name: filled.get(name, "") for name in FILLED}}
        rows[place] = PatchRow(cells)
    _replace(path, rows)


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
