"""The statements of a graph by subject, in the order of the file, in a database on disk.

A package has tens of millions of statements, so they are never all in memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.model.errors import YusuanError

__all__ = ["StatementIndex", "StatementObject"]

_BATCH = 20_000
_LAST = "\U0010ffff"


class StatementObject(NamedTuple):
    """The object of a statement: an IRI (no datatype), or a literal in the spelling it has."""

    text: str
    datatype: str | None
    language: str | None


class StatementIndex:
    """An index of a TriG or N-Quads file. Use it in ``with``; it is gone afterwards.

    Which named graph a statement is in makes no difference.
    """

    def __init__(self, path: Path) -> None:
        """Raises YusuanError when the file cannot be read or is no TriG (N-Quads if it ends in nq)."""
        self._database = sqlite3.connect("")  # a private file of SQLite's own, removed on closing
        self._database.execute(
            "CREATE TABLE said (subject TEXT, predicate TEXT, text TEXT, datatype TEXT, "
            "language TEXT)"
        )
        kind = ox.RdfFormat.N_QUADS if path.suffix == ".nq" else ox.RdfFormat.TRIG
        try:
            quads = iter(ox.parse(path=str(path), format=kind))
            while batch := list(islice(_rows(quads), _BATCH)):
                self._database.executemany("INSERT INTO said VALUES (?, ?, ?, ?, ?)", batch)
        except (OSError, SyntaxError) as error:
            self.close()
            raise YusuanError(f"{path}: cannot be read as {kind.name}: {error}") from error
        self._database.execute("CREATE INDEX by_subject ON said (subject)")

    def __enter__(self) -> StatementIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    def subjects(self, predicate: str, prefix: str = "") -> Iterator[str]:
        """The subjects below a prefix that a predicate is said of, in the order of the file."""
        query = (
            "SELECT DISTINCT subject FROM said WHERE subject >= ? AND subject < ? "
            "AND predicate = ? ORDER BY rowid"
        )
        with closing(self._database.execute(query, (prefix, prefix + _LAST, predicate))) as found:
            for (subject,) in found:
                yield subject

    def of(self, subject: str) -> Mapping[str, list[StatementObject]]:
        """What is said of a subject: the different values of each predicate, in order."""
        query = (
            "SELECT predicate, text, datatype, language FROM said WHERE subject = ? ORDER BY rowid"
        )
        said: dict[str, dict[StatementObject, None]] = {}
        for predicate, *value in self._database.execute(query, (subject,)):
            said.setdefault(predicate, {})[StatementObject(*value)] = None
        return {predicate: list(values) for predicate, values in said.items()}


def _rows(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str, str, str | None, str | None]]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode):
            continue  # a package says nothing about blank nodes
        if isinstance(value, ox.Literal):
            yield (subject.value, quad.predicate.value, value.value, value.datatype.value,
                   value.language)  # fmt: skip
        elif isinstance(value, ox.NamedNode):
            yield subject.value, quad.predicate.value, value.value, None, None
