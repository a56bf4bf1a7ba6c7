"""Which document a table of a budget counts from, where several print it: the one rule for reissues.

Of two documents of a budget that print the same table

1. the one counts that is stated to replace the other (column ``replaces`` of the manifest);
2. else the one that was made public later: by the manifest, else by the date that it prints;
3. else the one that was retrieved later, where the manifest says so of both.

A step decides nothing where one of the two has no date, or both have the same. What no step decides
is undecided: both stay, neither is superseded, and where their amounts differ a finding says so. The
figures then take, so that they are the same each time, the one with a date before one without, else
the one that prints more amounts, else the first by file name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Literal

from yusuan.model.errors import YusuanError
from yusuan.model.records import DocumentRecord
from yusuan.model.text import printable
from yusuan.schema.messages import Texts, message

__all__ = [
    "Basis",
    "CountedTables",
    "Revision",
    "Superseded",
    "counted_tables",
    "replaced_documents",
    "why_taken",
    "why_undecided",
]

Basis = Literal["stated", "issued", "retrieved"]
"""What makes one document the later one: the steps of the rule, in their order."""


@dataclass(frozen=True, slots=True)
class Revision:
    """That one document prints tables of another anew, which then count from it.

    ``whole`` tells that all tables of the other are printed anew: then it is superseded.
    """

    superseded: DocumentRecord
    by: DocumentRecord
    basis: Basis
    tables: tuple[str, ...]
    whole: bool

    @property
    def reason(self) -> Texts:
        """Why the later one is the later one, in Chinese and English."""
        if self.basis == "stated":
            return message("revised-as-stated")
        if self.basis == "issued":
            old, new = self.superseded.issued, self.by.issued
            return message("revised-by-date", new=str(new), old=str(old))
        old, new = self.superseded.retrieved, self.by.retrieved
        return message("revised-by-retrieval", new=str(new), old=str(old))


@dataclass(frozen=True, slots=True)
class CountedTables:
    """``source`` is the document that each table is taken from; ``rivals`` are others that nothing
    makes older, by table."""

    source: Mapping[str, DocumentRecord]
    rivals: Mapping[str, tuple[DocumentRecord, ...]]
    revisions: tuple[Revision, ...]

    def is_open(self, table: str, document: str) -> bool:
        """Whether a document prints a table, and nothing makes it older than another that does."""
        known = (self.source.get(table), *self.rivals.get(table, ()))
        return any(each is not None and each.document == document for each in known)

    @property
    def superseded(self) -> tuple[str, ...]:
        """The documents that do not count, each once."""
        return tuple(
            dict.fromkeys(each.superseded.document for each in self.revisions if each.whole)
        )


def counted_tables(
    documents: Sequence[DocumentRecord], printed: Mapping[str, Mapping[str, int]]
) -> CountedTables:
    """Where the tables of one budget count from.

    ``documents`` are those of the budget in the order of the package; ``printed`` says how many
    amounts each prints in each table, where it prints some.
    """
    stated = set(_stated(documents))
    source: dict[str, DocumentRecord] = {}
    rivals: dict[str, tuple[DocumentRecord, ...]] = {}
    lost: dict[tuple[str, str], tuple[Basis, list[str]]] = {}
    by_key = {document.document: document for document in documents}
    left = {key: len(printed.get(key, ())) for key in by_key}
    for table in dict.fromkeys(
        table for each in documents for table in printed.get(each.document, ())
    ):
        found = [each for each in documents if table in printed.get(each.document, ())]
        older: dict[str, tuple[Basis, list[DocumentRecord]]] = {}
        for basis, is_newer in _steps(stated):
            for document in found:
                newer = [each for each in found if is_newer(each, document)]
                if newer:
                    older[document.document] = (basis, newer)
            found = [each for each in found if each.document not in older] or found
        taken = min(found, key=lambda each: _preference(each, printed[each.document][table]))
        source[table] = taken
        rivals[table] = tuple(each for each in found if each is not taken)
        for key, (basis, newer) in older.items():
            if by_key[key] in found:
                continue  # documents that are each said to replace the other
            by = taken if taken in newer else newer[0]
            lost.setdefault((key, by.document), (basis, []))[1].append(table)
            left[key] -= 1
    return CountedTables(
        source, {table: others for table, others in rivals.items() if others},
        tuple(
            Revision(by_key[old], by_key[new], basis, tuple(tables), whole=not left[old])
            for (old, new), (basis, tables) in lost.items()
        ),
    )  # fmt: skip


def _stated(documents: Sequence[DocumentRecord]) -> Iterator[tuple[str, str]]:
    """Each document with those that it is stated to replace, and that those replace."""
    own = {document.document: document.replaces for document in documents}
    for document in own:
        open_, seen = [*own[document]], set()
        while open_:
            if (other := open_.pop()) not in seen:
                seen.add(other)
                yield document, other
                open_ += own.get(other, ())


def _steps(
    stated: set[tuple[str, str]],
) -> Iterator[tuple[Basis, Callable[[DocumentRecord, DocumentRecord], bool]]]:
    yield "stated", lambda new, old: (new.document, old.document) in stated
    yield "issued", lambda new, old: bool(new.issued and old.issued and new.issued > old.issued)
    yield (
        "retrieved",
        lambda new, old: bool(new.retrieved and old.retrieved and new.retrieved > old.retrieved),
    )


def _preference(document: DocumentRecord, amounts: int) -> tuple[bool, int, str, str]:
    return document.issued is None, -amounts, document.file, document.sha256


def why_taken(taken: DocumentRecord, other: DocumentRecord, amounts: tuple[int, int]) -> Texts:
    """Why the figures take one of two documents, though nothing makes the other older."""
    if bool(taken.issued) != bool(other.issued):
        return message("taken-dated", date=str(taken.issued))
    if amounts[0] != amounts[1]:
        return message("taken-amounts")
    return message("taken-first")


def why_undecided(one: DocumentRecord, other: DocumentRecord) -> Texts:
    """Why nothing makes either of two documents the later one."""
    if bool(one.issued) != bool(other.issued):
        dated, undated = (one, other) if one.issued else (other, one)
        return message(
            "undecided-one-date", file=dated.file, date=str(dated.issued), other=undated.file
        )
    if one.issued:
        return message("undecided-same-date", date=str(one.issued))
    return message("undecided-no-date")


# What counts no more, as the rows of a package say it


@dataclass(frozen=True, slots=True)
class Superseded:
    """Documents that do not count, and single tables of others, each with the keys of the documents
    that supersede them. One definition, so that all faces count the same findings.
    """

    documents: Mapping[str, tuple[str, ...]]
    tables: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of(cls, rows: Callable[[str], Iterable[Mapping[str, str]]]) -> Superseded:
        """``rows`` gives those of ``revisions`` and ``table-revisions``."""
        documents: dict[str, tuple[str, ...]] = {}
        for row in rows("revisions"):
            key = row["document"]
            documents[key] = (*documents.get(key, ()), row["superseded_by"])
        tables: dict[tuple[str, str], tuple[str, ...]] = {}
        for row in rows("table-revisions"):
            at = (row["document"], row["table"])
            tables[at] = (*tables.get(at, ()), row["superseded_by"])
        return cls(documents, tables)

    def by(self, document: str, table: str | None = None) -> tuple[str, ...]:
        """The documents that supersede a document, or one of its tables; mostly none."""
        return self.documents.get(document, ()) or self.tables.get((document, table or ""), ())


# What a manifest says is replaced

_DIGEST = re.compile(r"[0-9a-f]{12,64}")


def replaced_documents(
    documents: Sequence[DocumentRecord], names: Mapping[str, Sequence[str]]
) -> tuple[list[DocumentRecord], list[str]]:
    """The documents with the keys of those that they replace, instead of file names, and what is to
    be told: a file that is not there, or of another budget. What is not there stays as it is stated.

    ``names`` are all names that each document was given under. A name stands for all other documents
    of that name, 12 to 64 hexadecimal digits for the one of that SHA-256. Raises YusuanError where
    two documents are each to replace the other.
    """
    known: dict[str, list[str]] = defaultdict(list)
    for document in documents:
        for name in dict.fromkeys((document.file, *names.get(document.document, ()))):
            known[name].append(document.document)
    files = {document.document: document for document in documents}
    found, told = [], []
    for document in documents:
        keys: dict[str, None] = {}
        for name in document.replaces:
            text = name.lower()
            others = (
                [text[:12]] if _DIGEST.fullmatch(text) and text[:12] in files
                else known.get(PurePath(name).name, [])
            )  # fmt: skip
            others = [other for other in others if other != document.document]
            keys.update(dict.fromkeys(others or [name]))
            if not others:
                told.append(
                    f"{document.file}: is to replace {printable(name)}, which is not among the documents"
                )
            for other in others:
                old = files[other]
                if (old.fiscal_year, old.phase) != (document.fiscal_year, document.phase):
                    told.append(
                        f"{document.file}: is to replace {old.file}, which is of another year or "
                        "phase; nothing of it is superseded"
                    )
        found.append(replace(document, replaces=tuple(keys)))
    both = set(_stated(found))
    for new, replaced in both:
        if (replaced, new) in both:
            raise YusuanError(
                f"{files[new].file} and {files[replaced].file} are each to replace the other; correct "
                "column replaces of the manifest (sources.csv)"
            )
    return found, told
