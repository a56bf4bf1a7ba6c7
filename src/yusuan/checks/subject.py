"""What one document states, indexed for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from yusuan.codes.name_resolution import Pair, PairKey
from yusuan.facts.codes import pairs_by_document
from yusuan.facts.contents import DisclosureKey, PackageContents, disclosure_keys
from yusuan.model.document import Note
from yusuan.model.records import Claim, DocumentRecord, Fact, Project, Unrecognised
from yusuan.narrative.disclosure import Disclosure
from yusuan.tables import StandardTable, TableRow

__all__ = ["Subject", "subjects_of"]

FactKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One document under check. ``facts`` are by (table, row key, column).

    ``pairs`` are its codes with their names, judged by the lists and the other documents.
    """

    record: DocumentRecord
    disclosure: Disclosure
    facts: dict[FactKey, Fact]
    claims: tuple[Claim, ...]
    projects: tuple[Project, ...]
    unrecognised: tuple[Unrecognised, ...]
    companions: Sequence[DocumentRecord]
    """All documents of the disclosure, this one among them, in the order of the run."""
    contents: PackageContents
    pairs: Mapping[PairKey, Pair]
    miscoded: frozenset[str] = frozenset()
    """Facts that may be of another code than printed (``checks.families.miscoded``)."""
    partly_hidden: frozenset[int | None] = frozenset()
    """Pages (sheets) with a row or column that no reader sees: sums may need what it holds."""

    @property
    def tables(self) -> tuple[StandardTable, ...]:
        return self.disclosure.tables

    @property
    def unread(self) -> set[tuple[str, str]]:
        """Tables and columns with a cell that holds something that is no amount."""
        return {
            (table.resource.name, cell.field.name)
            for table in self.tables
            for row in table.rows
            for cell in row.unread
            if cell.field
        }

    def doubtful(self, table: str | None) -> bool:
        """Whether rows of a table could not be read for certain, or numbers of it are not seen."""
        return any(
            other.rest_unread
            or other.position.page in self.partly_hidden
            or any(problem.rule in ("torn-row", "unreadable-amount") for problem in other.problems)
            or any(left.scope == "cell" for left in other.unrecognised)
            or any(_is_within(note, other) for note in self.disclosure.document.notes)
            for other in self.tables
            if other.resource.name == table
        )

    def fact(self, table: StandardTable, row: TableRow, column: str) -> Fact | None:
        return self.facts.get((table.resource.name, row.key, column))

    def sides(self, table: StandardTable) -> Iterator[list[TableRow]]:
        """The rows of each side, phase and year of a table."""
        groups: dict[tuple[str | None, str | None, int], list[TableRow]] = defaultdict(list)
        for row in table.rows:
            groups[row.side, row.phase, row.years_before].append(row)
        yield from groups.values()

    def claim(self, subject: str, measure: str) -> Claim | None:
        """The first claim about a subject in the year and phase of the document."""
        return next(
            (c for c in self.claims
             if c.subject == subject and c.measure == measure and self.is_own(c)),
            None,
        )  # fmt: skip

    def first_claims(self, subject: str, measure: str) -> dict[tuple[int, str], Claim]:
        """The first claim about a subject of each year and phase."""
        found: dict[tuple[int, str], Claim] = {}
        for claim in self.claims:
            if claim.subject == subject and claim.measure == measure and not claim.reason:
                found.setdefault((claim.fiscal_year, claim.phase), claim)
        return found

    def is_own(self, claim: Claim) -> bool:
        """Whether a claim is of the document's own year and phase, and no reason for another."""
        own = (self.record.fiscal_year, self.record.phase)
        return (claim.fiscal_year, claim.phase) == own and not claim.reason


def _is_within(note: Note, table: StandardTable) -> bool:
    """Whether a hidden row or column is one of a table: it stands on its page, no lower."""
    return (
        note.hidden
        and note.line is not None
        and any(
            row.position.page == note.page
            and (note.scope == "column" or row.position.line > note.line)
            for row in table.rows
        )
    )


def subjects_of(contents: PackageContents) -> Iterator[list[Subject]]:
    """The documents of each disclosure, ready for checking, in the order of the first of them.

    No more of them are held than the caller holds.
    """
    pairs = pairs_by_document(contents.documents, contents.rows)
    left: dict[str, list[Unrecognised]] = defaultdict(list)
    projects: dict[str, list[Project]] = defaultdict(list)
    for entry in contents.unrecognised:
        if entry.document:
            left[entry.document].append(entry)
    for project in contents.projects:
        projects[project.document].append(project)
    disclosures: dict[DisclosureKey, list[DocumentRecord]] = defaultdict(list)
    groups = disclosure_keys(contents.documents)
    for record in contents.documents:
        disclosures[groups[record.document]].append(record)
    for records in disclosures.values():
        facts = {
            record.document: {
                (fact.table, fact.key, fact.column): fact
                for fact in contents.facts.of(record.document)
                if fact.column
            }
            for record in records
        }
        together = {key: fact for own in facts.values() for key, fact in own.items()}
        yield [
            Subject(
                record=record,
                disclosure=contents.disclosures[record.document],
                # a narrative in a file of its own is checked against the tables in another
                facts=facts[record.document] or together,
                claims=tuple(contents.claims.of(record.document)),
                projects=tuple(projects[record.document]),
                unrecognised=tuple(left[record.document]),
                companions=records,
                contents=contents,
                pairs=pairs.get(record.document, {}),
                partly_hidden=frozenset(
                    entry.page
                    for entry in left[record.document]
                    if entry.scope in ("row", "column") and entry.nearest is None
                ),
            )
            for record in records
        ]
