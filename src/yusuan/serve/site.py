"""What every page of a running site shares: the package, its database and the query pools."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yusuan.database import SEARCH, reading
from yusuan.graph.families import families
from yusuan.graph.prefixes import PREFIXES, VOCABULARY, VOCABULARY_GRAPH
from yusuan.model.errors import YusuanError
from yusuan.package import Package, open_package
from yusuan.show.drawing import CellPictures
from yusuan.sparql import QueryPool
from yusuan.sql import SqlPool, add_functions
from yusuan.virtual_graph import ROWS

__all__ = ["TABLES", "WRITTEN", "Raw", "RenderedPage", "Site", "open_site"]

WRITTEN, TABLES = 3, 2
"""Processes for SQL that strangers wrote, and for the pages of tables."""


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page to render: a template and what it shows."""

    template: str
    context: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """A response that is complete."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    @classmethod
    def sentence(cls, status: int, text: str) -> Raw:
        return cls(status, f"{text}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"})


class SiteReader:
    """Reads the database, by a connection of each thread that asks: to open one takes longer than most
    questions."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def rows(self, sql: str, parameters: Sequence[object]) -> list[sqlite3.Row]:
        """The rows of a statement."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = sqlite3.connect(
                _read_only(self._database), uri=True, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            add_functions(connection)
            self._own.connection = connection
            self._opened.append(connection)
        return connection.execute(sql, parameters).fetchall()

    def close(self) -> None:
        """Close all connections; who asks again opens one."""
        self._own = threading.local()
        while self._opened:
            self._opened.pop().close()


@dataclass(frozen=True, slots=True)
class Site:
    """``visitors`` runs the queries of strangers, ``own`` those of the site's own pages: a slow
    stranger must not make the entity pages wait. So ``written`` runs SQL that strangers wrote, and
    ``tables`` the statements that the pages of tables are made with."""

    package: Package
    database: Path
    visitors: QueryPool
    own: QueryPool
    written: SqlPool
    tables: SqlPool
    pictures: CellPictures
    reader: SiteReader

    def searching(self) -> sqlite3.Connection:
        """The database with its index as ``search``, for reading; to be closed by who asks for it."""
        connection = sqlite3.connect(_read_only(self.database), uri=True)
        connection.execute("ATTACH ? AS search", [_read_only(self.package.file(SEARCH))])
        return connection

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """Rows of the database; for the site's own queries only."""
        return self.reader.rows(sql, parameters)

    def local(self, iri: str) -> str | None:
        """Where an IRI of the package, or a term of our vocabulary, is shown here.

        By path, so that links also work when the site runs at another address than the base.
        """
        if iri == VOCABULARY_GRAPH or iri.startswith(VOCABULARY):
            return "/-/vocabulary" + iri.removeprefix(VOCABULARY_GRAPH)
        if iri.startswith(self.package.base):
            path = iri.removeprefix(self.package.base)
            return None if path.startswith(("/", "\\")) else f"/{path}"  # //host is another site
        return None

    def close(self) -> None:
        """End the query processes; the site answers no more queries."""
        self.visitors.close()
        self.own.close()
        self.written.close()
        self.tables.close()
        self.pictures.close()
        self.reader.close()


def _read_only(file: Path) -> str:
    return file.resolve().as_uri() + "?mode=ro&immutable=1"


_SHOWN_FIRST = ("documents", "budgets", "figures", "findings")
"""Resources that the home page needs."""


def open_site(folder: Path, sparql_timeout: float) -> Site:
    """Open a package folder that has its database and its graph.

    ``sparql_timeout`` is in seconds. Raises YusuanError when one of them is missing, or
    tables have other columns.
    """
    package = open_package(folder)
    for name, what in (
        ("budget.db", "database"), (SEARCH, "search index"), ("graph/store/CURRENT", "graph store"),
        (ROWS, "rows of the graph"),
    ):  # fmt: skip
        if not (package.folder / name).exists():
            raise YusuanError(
                f"{package.folder / name}: the package's {what} is missing; "
                f"build the package anew with `yusuan build SOURCE --output {folder}`"
            )
    for name in _SHOWN_FIRST:  # a package of an older yusuan is refused here, not on its pages
        next(package.batches(name), None)
    database, store = package.file("budget.db"), package.store()
    with reading(database, _read_only(database)):
        pass  # so that what is none is told here
    return Site(
        package,
        database,
        visitors=QueryPool(
            store,
            rows=package.file(ROWS),
            timeout=sparql_timeout,
            families=families(),
            prefixes=PREFIXES,
        ),
        own=QueryPool(store, workers=1, timeout=sparql_timeout, wait=sparql_timeout),
        # Pages come first.
        written=SqlPool(database, workers=WRITTEN, nice=10),
        tables=SqlPool(database, workers=TABLES),
        pictures=CellPictures(workers=2),
        reader=SiteReader(database),
    )
