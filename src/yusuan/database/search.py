"""The search index of a database: exact in Chinese, from one character on.

FTS5 has no tokeniser for words of two Chinese characters, so that a text is indexed as its
overlapping pairs of characters, and a word that is looked for is a phrase of pairs: it is found
exactly where it stands, as ``grep`` would. Codes are found by how they begin, names also by the
initials of their pinyin. What is searched is data (``publish/search.yaml``).

An entry is one hit: a row of a resource, or several rows that count once. Rows of documents that
another one supersedes are not indexed.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from yusuan.files.atomic import named
from yusuan.files.data import data_path, read_yaml
from yusuan.model.errors import YusuanError
from yusuan.schema import Resource, catalogue
from yusuan.schema.slugs import syllables

__all__ = [
    "LONGEST_QUERY", "MOST_KEYS", "SEARCH", "FoundGroup", "SearchEntry", "SearchGroup", "SearchHit",
    "code_token", "matching_keys", "normal_pairs", "search", "search_entries", "search_groups", "write_search",
]  # fmt: skip

SEARCH = "search.db"
"""The index in the folder of a package."""
MOST_KEYS = 20_000
"""Rows of a table that a search of it may find; beyond that it says so."""
LONGEST_QUERY = 100
"""Characters."""
_GROUP = 10**9
"""The entries of a group are numbered from a multiple of it on, so that FTS5 itself counts them."""
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class SearchGroup:
    """What is searched of one resource; see ``publish/search.yaml`` for the columns."""

    number: int
    resource: Resource
    title: str
    title_en: str
    text: tuple[str, ...]
    codes: tuple[str, ...] = ()
    initials: str | None = None
    amount: str | None = None
    once: str | None = None
    first: str | None = None

    @property
    def entries(self) -> tuple[int, int]:
        """The first and last number of its entries."""
        return self.number * _GROUP, (self.number + 1) * _GROUP - 1

    def has(self, column: str) -> bool:
        return any(field.name == column for field in self.resource.fields)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A row that was found. ``text`` is that of the column in which the query was found, ``label``
    that of the first column. ``amount`` is in yuan, as the database has it."""

    key: str
    label: str
    text: str
    codes: tuple[str, ...]
    department: str | None
    department_name: str | None
    fiscal_year: int | None
    phase: str | None
    table: str | None
    page: int | None
    amount: int | float | str | None


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """The hits of one group: how many there are, and those of a page."""

    group: SearchGroup
    count: int
    hits: tuple[SearchHit, ...]


@cache
def search_groups() -> tuple[SearchGroup, ...]:
    """The groups of ``publish/search.yaml``, in their order."""
    listed = read_yaml(data_path("publish", "search.yaml"))["groups"]
    return tuple(_group(number, each) for number, each in enumerate(listed, start=1))


def _group(number: int, stated: Mapping[str, Any]) -> SearchGroup:
    return SearchGroup(
        number, catalogue()[stated["resource"]], stated["title"], stated["title@en"],
        tuple(stated["text"]), tuple(stated.get("codes", ())), stated.get("initials"),
        stated.get("amount"), stated.get("once"), stated.get("first"),
    )  # fmt: skip


# --- Index


def write_search(database: Path, path: Path) -> None:
    """Write the search index of a database (``write_database``) into a new SQLite file beside it.

    Visitors may read the database and query it; the index is the site's own.
    """
    with named(path), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("ATTACH ? AS package", [f"{database.resolve().as_uri()}?mode=ro"])
        connection.execute(
            "CREATE TABLE search_entries (entry INTEGER PRIMARY KEY, key TEXT NOT NULL) STRICT"
        )
        connection.execute(
            "CREATE VIRTUAL TABLE search_index USING "
            "fts5(tokens, content='', columnsize=0, tokenize='ascii')"
        )
        for group in search_groups():
            first, _ = group.entries
            rows = connection.execute(_entries_sql(group)).fetchall()
            for begin in range(0, len(rows), _BATCH):
                batch = rows[begin : begin + _BATCH]
                _add(connection, group, first + begin, batch)
        connection.execute("INSERT INTO search_index (search_index) VALUES ('optimize')")
        connection.commit()
        connection.execute("DETACH package")
        connection.execute("VACUUM")


def _add(
    connection: sqlite3.Connection, group: SearchGroup, first: int, rows: Sequence[tuple[Any, ...]]
) -> None:
    connection.executemany(
        "INSERT INTO search_entries VALUES (?, ?)",
        [(entry, key) for entry, (key, *_) in enumerate(rows, start=first)],
    )
    connection.executemany(
        "INSERT INTO search_index (rowid, tokens) VALUES (?, ?)",
        [
            (entry, _tokens_of(group, values))
            for entry, (_, *values) in enumerate(rows, start=first)
        ],
    )


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """An entry as an index elsewhere needs it: ``texts`` as they are searched, with the initials, where
    the group has them; ``amount`` in fen."""

    key: str
    texts: tuple[str, ...]
    codes: tuple[str, ...]
    initials: str | None
    document: str | None
    table: str | None
    page: int | None
    amount: int | None


def search_entries(connection: sqlite3.Connection, group: SearchGroup) -> Iterator[SearchEntry]:
    """The entries of a group in their order. ``connection`` is to the database alone."""
    key = group.resource.primary_key
    columns = {
        "document": "t.document" if group.has("document") else "NULL",
        "table": 't."table"' if group.has("table") else "NULL",
        "page": "t.page" if group.has("page") else "NULL",
        "amount": f't."{group.amount}_fen"' if group.amount else "NULL",
    }
    searched = ", ".join(f't."{name}"' for name in (*group.text, *group.codes))
    rows = connection.execute(
        f'SELECT t."{key}", {", ".join(columns.values())}, {searched} '
        f'FROM ({_entries_sql(group, "main")}) e JOIN "{group.resource.sql_name}" t ON t."{key}" = e."{key}" '
        "ORDER BY t.rowid"
    )
    for found, document, table, page, amount, *values in rows:
        texts, codes = values[: len(group.text)], values[len(group.text) :]
        name = values[group.text.index(group.initials)] if group.initials else None
        yield SearchEntry(
            found, tuple(text for text in texts if text), tuple(code for code in codes if code),
            _initials(name) if name else None, document, table, page, amount,
        )  # fmt: skip


def _entries_sql(group: SearchGroup, schema: str = "package") -> str:
    """The key and the searched columns of each entry."""
    resource = group.resource
    names = [*group.text, *group.codes]
    columns = ", ".join(f'"{name}"' for name in (resource.primary_key, *names))
    sql = f'SELECT {columns} FROM {schema}."{resource.sql_name}"'
    if group.has("document"):
        sql += f" WHERE document NOT IN (SELECT document FROM {schema}.revisions)"
    if group.once:
        # Of several rows with one value, that which is part of no other; then the first.
        first = f'"{group.first}" IS NOT NULL, ' if group.first else ""
        ranked = f'row_number() OVER (PARTITION BY "{group.once}" ORDER BY {first}rowid) AS place'
        sql = sql.replace(f"SELECT {columns}", f"SELECT {columns}, {ranked}, rowid AS stored")
        sql = f"SELECT {columns} FROM ({sql}) WHERE place = 1 ORDER BY stored"
    else:
        sql += " ORDER BY rowid"
    return sql


def _tokens_of(group: SearchGroup, values: Sequence[str | None]) -> str:
    texts, codes = values[: len(group.text)], values[len(group.text) :]
    found = [" ".join(_pairs(text)) for text in texts if text]
    found += [f"c{code}" for code in codes if code]
    if group.initials and (name := values[group.text.index(group.initials)]):
        found.append(" ".join(f"i{pair}" for pair in _pairs(_initials(name))))
    return " - ".join(found)  # a phrase of FTS5 does not see the mark, but the place it takes


def _normal(text: str) -> str:
    """Full-width forms folded, in lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def normal_pairs(text: str) -> set[str]:
    """The pairs of characters of a text as it is searched, and its last character.

    >>> sorted(normal_pairs("ＡＢ c"))
    ['ab', 'bc', 'c']
    """
    normal = _normal(text)
    return {one + following for one, following in pairwise(normal)} | set(normal[-1:])


def code_token(code: str) -> str:
    """What codes that begin alike are looked up by.

    >>> code_token("30211")
    'c302'
    """
    return f"c{code[:3]}"


def _pairs(text: str) -> Iterator[str]:
    """A token for each pair of characters that follow each other, and one for the last.

    >>> list(_pairs("差旅费"))
    ['5deex65c5', '65c5x8d39', '8d39x']
    """
    normal = _normal(text)
    for one, following in pairwise(normal):
        yield f"{ord(one):x}x{ord(following):x}"
    if normal:
        yield f"{ord(normal[-1]):x}x"


def _initials(name: str) -> str:
    """
    >>> _initials("上海市财政局")
    'shsczj'
    """
    return "".join(part[0] for part in syllables(name) if part)


# --- Query


def _expression(query: str) -> str | None:
    """A query as one of FTS5: all its words, each as text, code or initials; None for a blank one.

    >>> _expression("差旅")
    '("5deex65c5")'
    >>> _expression("差")
    '("5deex" *)'
    >>> _expression("30211")
    '("33x30 30x32 32x31 31x31" OR "c30211" *)'
    """
    words = [word for word in unicodedata.normalize("NFKC", query).casefold().split() if word]
    return " AND ".join(map(_word_expression, words)) or None


def _word_expression(word: str) -> str:
    ways = [_phrase(word)]
    if word.isascii() and word.isdigit():
        ways.append(f'"c{word}" *')
    elif word.isascii() and word.isalpha():
        ways.append(_phrase(word, "i"))
    return f"({' OR '.join(ways)})"


def _phrase(word: str, prefix: str = "") -> str:
    pairs = [f"{prefix}{pair}" for pair in _pairs(word)]
    return f'"{" ".join(pairs[:-1])}"' if len(pairs) > 1 else f'"{pairs[0]}" *'


def search(
    connection: sqlite3.Connection,
    query: str,
    *,
    only: str | None = None,
    size: int = 10,
    skip: int = 0,
) -> list[FoundGroup]:
    """What is found, by group; ``only`` is the name of a resource, ``size`` the hits of each group.

    ``connection`` is to the database, with the index attached as ``search``.
    The same label as the query comes first, then the newest years, then the largest amounts.
    Raises YusuanError for a query that is too long, or a group that is none.
    """
    expression = _expression(_checked(query))
    groups = [group for group in search_groups() if only in (None, group.resource.name)]
    if not groups:
        known = ", ".join(group.resource.name for group in search_groups())
        raise YusuanError(f"There is no group {only!r} to search in; there are {known}")
    if expression is None:
        return []
    found = []
    for group in groups:
        (count,) = connection.execute(
            "SELECT count(*) FROM search.search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?",
            [expression, *group.entries],
        ).fetchone()
        hits = _hits(connection, group, expression, query, size, skip) if count else ()
        found.append(FoundGroup(group, count, tuple(hits)))
    return found


def _hits(
    connection: sqlite3.Connection, group: SearchGroup, expression: str, query: str, size: int, skip: int
) -> Iterator[SearchHit]:  # fmt: skip
    resource = group.resource
    has_document = group.has("document")
    columns = {
        "department": "o.department" if has_document else "t.department",
        "department_name": "d.name",
        "fiscal_year": "t.fiscal_year" if group.has("fiscal_year") else "o.fiscal_year" if has_document else "NULL",
        "phase": "t.phase" if group.has("phase") else "o.phase" if has_document else "NULL",
        "table": 't."table"' if group.has("table") else "NULL",
        "page": "t.page" if group.has("page") else "NULL",
        "amount": f't."{group.amount}"' if group.amount else "NULL",
    }  # fmt: skip
    listed = ", ".join(f'{value} AS "{name}"' for name, value in columns.items())
    texts = ", ".join(f't."{name}"' for name in (*group.text, *group.codes))
    joined = " JOIN documents o ON o.document = t.document" if has_document else ""
    department = columns["department"]
    rows = connection.execute(
        f'SELECT t."{resource.primary_key}", {listed}, {texts} FROM search_index i '
        "JOIN search_entries e ON e.entry = i.rowid "
        f'JOIN "{resource.sql_name}" t ON t."{resource.primary_key}" = e.key{joined} '
        f"LEFT JOIN departments d ON d.department = {department} "
        "WHERE i.search_index MATCH ? AND i.rowid BETWEEN ? AND ? "
        f'ORDER BY t."{group.text[0]}" = ? DESC, "fiscal_year" DESC, "amount" DESC, e.entry '
        "LIMIT ? OFFSET ?",
        [expression, *group.entries, query.strip(), size, skip],
    )
    for key, *values in rows:
        context = dict(zip(columns, values, strict=False))
        rest = values[len(columns) :]
        found = [text for text in rest[: len(group.text)] if text]
        codes = tuple(code for code in rest[len(group.text) :] if code)
        text = next((text for text in found if _normal(query) in _normal(text)), found[0])
        yield SearchHit(key, found[0], text, codes, **context)


def matching_keys(connection: sqlite3.Connection, group: SearchGroup, query: str) -> list[str]:
    """The keys of all entries of a group that a query finds, at most ``MOST_KEYS`` and one.

    Raises YusuanError for a query that is blank or too long.
    """
    expression = _expression(_checked(query))
    if expression is None:
        raise YusuanError("A search needs a word to look for")
    rows = connection.execute(
        "SELECT e.key FROM search.search_index i JOIN search.search_entries e ON e.entry = i.rowid "
        "WHERE i.search_index MATCH ? AND i.rowid BETWEEN ? AND ? LIMIT ?",
        [expression, *group.entries, MOST_KEYS + 1],
    )
    return [key for (key,) in rows]


def _checked(query: str) -> str:
    if len(query) > LONGEST_QUERY:
        raise YusuanError(f"A search has at most {LONGEST_QUERY} characters; this has {len(query)}")
    return query
