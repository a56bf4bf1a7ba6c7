"""What differs between two packages, as plain records: rows added, removed and changed, by key.

Rows are told apart by the primary key that the schema of their resource declares, and compared as
they stand in the CSV, column by column; the order of rows is no difference. Neither package is held
in memory: digests of all rows lie in a temporary SQLite file, by which those that differ are found,
and a file whose bytes are the same in both is not taken apart.
"""

from __future__ import annotations

import json
import re
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal, localcontext
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

from yusuan.files.atomic import named
from yusuan.model.errors import YusuanError
from yusuan.model.text import printable
from yusuan.package.descriptor import DESCRIPTOR
from yusuan.package.read import Package
from yusuan.schema import Field, Resource, catalogue
from yusuan.schema.messages import message

__all__ = [
    "CellChange",
    "ChangeKind",
    "RowChange",
    "package_changes",
    "publication_changes",
    "row_changes",
]

ChangeKind = Literal["added", "removed", "changed"]
Record = Sequence[str]
"""The cells of a row, in the order of the resource's fields."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """One column of a row before and after, as text; what is not there, or blank, is ``""``."""

    field: Field
    before: str
    after: str
    difference: Decimal | None
    """After less before, of numbers that are printed in the same unit; else None. A blank is not
    zero."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that is in one of two packages only, or differs. ``before`` is empty for an added row,
    ``after`` for a removed one."""

    resource: Resource
    kind: ChangeKind
    key: str
    before: Record
    after: Record

    @property
    def row(self) -> Mapping[str, str]:
        """The row as it is now; a removed one as it was."""
        names = [field.name for field in self.resource.fields]
        return dict(zip(names, self.after or self.before, strict=True))

    def cells(self) -> Iterator[CellChange]:
        """The columns that differ; of an added or removed row those that are not blank."""
        blank = [""] * len(self.resource.fields)
        before, after = self.before or blank, self.after or blank
        for field, old, new in zip(self.resource.fields, before, after, strict=True):
            if old != new:
                yield CellChange(field, old, new, self._difference(field, old, new))

    def _difference(self, field: Field, old: str, new: str) -> Decimal | None:
        if field.type != "number" or self.kind != "changed":
            return None
        if field.role == "amount" and len({*self._units()}) > 1:
            return None  # as printed: 2492 万元 and 24920000 元 are no numbers to subtract
        if not (_DECIMAL.fullmatch(old) and _DECIMAL.fullmatch(new)):
            return None
        with localcontext(prec=2 * _DIGITS + 1):
            return Decimal(new) - Decimal(old)

    def _units(self) -> Iterator[str]:
        at = [field.name for field in self.resource.fields].index("unit")
        yield from (self.before[at], self.after[at])


_DIGITS = 60
_DECIMAL = re.compile(rf"-?[0-9]{{1,{_DIGITS}}}(?:\.[0-9]{{1,{_DIGITS}}})?")
"""Numbers as packages spell them; whoever writes ``1e999999999`` gets no difference."""


def package_changes(
    before: Package, after: Package, names: Iterable[str] | None = None
) -> Iterator[RowChange]:
    """What is different in ``after``, resource by resource as ``row_changes`` gives it.

    ``names`` are the resources to compare, in the order wanted; all of them without it. Raises
    YusuanError for a name that is no resource, for a file that is missing, is no CSV or has other
    columns, and where a key stands for two rows.
    """
    every = (resource.name for resource in catalogue().resources)
    for resource in [catalogue()[name] for name in (every if names is None else names)]:
        old, new = before.file(resource.path), after.file(resource.path)
        if not _same_bytes(old, new):
            records = (
                _ResourceRecords(before, resource.name),
                _ResourceRecords(after, resource.name),
            )
            yield from row_changes(resource, *records, (str(old), str(new)))


def _same_bytes(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while piece := first.read(_PIECE):
            if piece != second.read(_PIECE):
                return False
    return True


_PIECE = 1 << 20
_CACHE = 64
"""MiB of the temporary file that SQLite holds in memory."""
_DIGEST = 16
"""Bytes of the digests that stand for keys and rows: two of a million rows agree once in 10**26."""


@dataclass(frozen=True, slots=True)
class _ResourceRecords:
    """The records of a resource of a package, read from the file each time they are asked for."""

    package: Package
    name: str

    def __iter__(self) -> Iterator[Record]:
        return iter(self.package.records(self.name))


def row_changes(
    resource: Resource,
    before: Iterable[Record],
    after: Iterable[Record],
    places: tuple[str, str] = ("before", "after"),
) -> Iterator[RowChange]:
    """The changes that make the rows ``before`` those ``after``, in any order of rows.

    Both are gone through twice: first for digests of all rows, then for what differs. Removed rows
    come first, in the order of ``before``; then changed and added ones in that of ``after``.
    ``places`` are what errors call the two. Raises YusuanError where a key stands for two rows of
    one of them, or one changes meanwhile, OSError where the folder of temporary files is full.
    """
    at = [field.name for field in resource.fields].index(resource.primary_key)
    with (
        named(Path(tempfile.gettempdir())),
        closing(sqlite3.connect("", isolation_level=None)) as database,  # a file without a name
    ):
        database.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"PRAGMA cache_size = -{_CACHE << 10};"
            "CREATE TABLE old (key BLOB PRIMARY KEY, row BLOB, place INTEGER) WITHOUT ROWID;"
            "CREATE TABLE new (key BLOB PRIMARY KEY, row BLOB, place INTEGER) WITHOUT ROWID;"
            "CREATE TABLE held (key BLOB PRIMARY KEY, cells TEXT) WITHOUT ROWID; BEGIN;"
        )
        for table, records, place in (("old", before, places[0]), ("new", after, places[1])):
            _fill(database, table, at, records, place)
        for record, key, changed in _differing(database, "old", at, before, places[0]):
            if changed:
                cells = json.dumps(record, ensure_ascii=False)
                database.execute("INSERT OR REPLACE INTO held VALUES (?, ?)", (key, cells))
            else:
                yield RowChange(resource, "removed", record[at], record, ())
        for record, key, changed in _differing(database, "new", at, after, places[1]):
            if changed:
                [cells] = database.execute(
                    "SELECT cells FROM held WHERE key = ?", (key,)
                ).fetchone()
                yield RowChange(resource, "changed", record[at], json.loads(cells), record)
            else:
                yield RowChange(resource, "added", record[at], (), record)


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_DIGEST).digest()


def _row_text(record: Record) -> str:
    """One text for one record: joined by a character that cells as good as never hold."""
    text = "\0".join(record)
    return text if text.count("\0") < len(record) else repr(record)


def _fill(
    database: sqlite3.Connection, table: str, at: int, records: Iterable[Record], place: str
) -> None:
    """Put digests of the records into a table; ``at`` is the column of the key."""
    key = ""

    def rows() -> Iterator[tuple[bytes, bytes, int]]:
        nonlocal key
        for number, record in enumerate(records):
            key = record[at]
            yield _digest(key), _digest(_row_text(record)), number

    try:
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", rows())
    except sqlite3.IntegrityError:
        raise YusuanError(
            f"{place}: {printable(key)[:100]!r} stands for two rows; build the package anew"
        ) from None


def _differing(
    database: sqlite3.Connection, table: str, at: int, records: Iterable[Record], place: str
) -> Iterator[tuple[Record, bytes, bool]]:
    """The records of a table that are not in the other, or not the same there, in their order; each
    with the digest of its key, and whether the key is in both. Raises YusuanError where they are no
    longer those that the table was filled with."""
    other = {"old": "new", "new": "old"}[table]
    found = database.execute(
        f"SELECT {table}.place, {table}.key, {other}.key IS NOT NULL FROM {table} "
        f"LEFT JOIN {other} ON {other}.key = {table}.key "
        f"WHERE {other}.row IS NOT {table}.row ORDER BY {table}.place"
    )
    numbered = enumerate(records)
    for wanted, key, in_both in found:
        record = next((record for number, record in numbered if number == wanted), None)
        if record is None or _digest(record[at]) != key:
            raise YusuanError(f"{place}: changed while it was read; try again")
        yield record, key, bool(in_both)


_OF_ROWS = frozenset({"resources", "contributors", "sources", "fiscalPeriod", "phases"})
"""Properties of a descriptor that say what the rows of the package say."""


def publication_changes(before: Package, after: Package) -> Iterator[RowChange]:
    """What the descriptors say of the publication and differs: base, licence, title and the like, as
    rows of the resource ``datapackage.json`` with the columns ``property`` and ``value``."""
    old, new = (_publication(package) for package in (before, after))
    resource = _descriptor_resource()
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key) != new.get(key):
            kind: ChangeKind = (
                "added" if key not in old else "removed" if key not in new else "changed"
            )
            records = [[key, values[key]] if key in values else [] for values in (old, new)]
            yield RowChange(resource, kind, key, *records)


def _publication(package: Package) -> dict[str, str]:
    """Its properties as text: strings as they are, anything else as JSON."""

    def text(value: Any) -> str:
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    return {key: text(value) for key, value in package.descriptor.items() if key not in _OF_ROWS}


def _descriptor_resource() -> Resource:
    """The properties of ``datapackage.json`` as if they were rows of a resource."""
    fields = tuple(
        Field(name, "string", *message(f"descriptor-{name}")) for name in ("property", "value")
    )
    return Resource(
        DESCRIPTOR, DESCRIPTOR, DESCRIPTOR, fields,
        primary_key="property", foreign_keys=(), kind="core",
    )  # fmt: skip
