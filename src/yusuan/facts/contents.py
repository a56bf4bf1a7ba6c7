"""Everything a package holds, compiled from the disclosures of its documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from yusuan.facts.codes import (
    DIVISIONS,
    CodeChange,
    CodeLink,
    Concept,
    PrintedCode,
    code_changes,
    code_links,
    concepts,
)
from yusuan.facts.departments import match_departments, table_owner_keys
from yusuan.facts.facts import ECONOMIC, FUNCTION, class_of, code_list_of, table_facts, table_rows
from yusuan.facts.unrecognised import unrecognised_file, unrecognised_in
from yusuan.files.spool import Records, Spool
from yusuan.model.corrections import Correction
from yusuan.model.errors import TakesTooLong
from yusuan.model.keys import with_own_keys
from yusuan.model.links import DoubtfulLink, OrganisationChange, OrganisationName, RecordLink
from yusuan.model.records import (
    Claim,
    Department,
    DocumentRecord,
    Fact,
    GlossaryEntry,
    Holding,
    Indicator,
    Project,
    PublishedTable,
    TableState,
    Unit,
    Unrecognised,
)
from yusuan.model.text import unwrapped
from yusuan.narrative.claims import find_claims
from yusuan.narrative.disclosure import Disclosure, is_narrative, without_tables
from yusuan.narrative.projects import find_indicators, find_projects
from yusuan.narrative.sections import find_glossary, find_holdings, find_units
from yusuan.sources import limits
from yusuan.tables import StandardTable
from yusuan.tables.undetected import undetected_tables
from yusuan.workers.system import processor_limit

__all__ = [
    "PackageContents",
    "compile_contents",
    "disclosure_keys",
    "division_codes",
    "printed_codes",
    "taking_too_long",
]

DisclosureKey = tuple[str, int, str, str]


@dataclass(slots=True)
class PackageContents:
    """All records, and for each standard table its rows; ``disclosures`` are by document id.

    What grows with the numbers of documents is put away while others are looked at.

    ``orphans`` are messages about documents that could not be used; ``corrections`` come from
    patches, and change nothing else. Links are found by ``yusuan.linking``.
    """

    departments: list[Department]
    documents: list[DocumentRecord] = field(default_factory=list)
    facts: Records[Fact] = field(default_factory=Records)
    units: list[Unit] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    claims: Records[Claim] = field(default_factory=Records)
    holdings: list[Holding] = field(default_factory=list)
    glossary: Records[GlossaryEntry] = field(default_factory=Records)
    published_tables: list[PublishedTable] = field(default_factory=list)
    unrecognised: list[Unrecognised] = field(default_factory=list)
    rows: dict[str, Records[Mapping[str, Any]]] = field(
        default_factory=lambda: defaultdict(Records)
    )
    concepts: Mapping[str, list[Concept]] = field(default_factory=dict)
    code_links: list[CodeLink] = field(default_factory=list)
    code_changes: list[CodeChange] = field(default_factory=list)
    disclosures: MutableMapping[str, Disclosure] = field(default_factory=Spool)
    orphans: list[str] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    links: list[RecordLink] = field(default_factory=list)
    organisation_changes: list[OrganisationChange] = field(default_factory=list)
    organisation_names: list[OrganisationName] = field(default_factory=list)
    links_to_review: list[DoubtfulLink] = field(default_factory=list)


def compile_contents(
    disclosures: Sequence[Disclosure] | MutableMapping[str, Disclosure],
) -> PackageContents:
    """Compile the contents of one package, in the order of the disclosures (no file twice).

    Those given by the id of their document become the contents' own. A narrative whose tables
    are in another file of the same disclosure is read with those tables; one that has none
    anywhere is read alone. A text that states no number of a budget is left out and named in
    ``orphans``. Raises TakesTooLong.
    """
    if not isinstance(disclosures, MutableMapping):
        disclosures = {disclosure.document.id: disclosure for disclosure in disclosures}
    identities, tabled, records = [], [], []
    for disclosure in disclosures.values():
        identities.append(disclosure.identity)
        tabled.append(bool(disclosure.tables))
        records.append(_document_record(disclosure))
    departments, owners = match_departments(identities, table_owner_keys(identities, tabled))
    contents = PackageContents(departments, disclosures=disclosures)
    printed: dict[PrintedCode, None] = {}
    records = [
        replace(record, department=department)
        for record, department in zip(records, owners, strict=True)
    ]
    groups = disclosure_keys(records)
    with_tables: dict[DisclosureKey, list[str]] = defaultdict(list)
    for document, has in zip(records, tabled, strict=True):
        if has:
            with_tables[groups[document.document]].append(document.document)
    for document in records:
        disclosure = disclosures[document.document]
        known = disclosure.tables or tuple(
            table
            for other in with_tables[groups[document.document]]
            for table in disclosures[other].tables
        )
        if not known and not is_narrative(disclosure):
            message = without_tables(disclosure.document, disclosure.unrecognised)
            contents.orphans.append(message)
            contents.unrecognised.append(unrecognised_file(disclosure.document.file, message))
            contents.unrecognised += (
                replace(entry, document=None) for entry in unrecognised_in(disclosure)
            )
            continue
        with processor_limit(limits.CHECK_SECONDS, taking_too_long(document)):
            _add(contents, disclosure, document, known)
        for table in disclosure.tables:
            printed.update(dict.fromkeys(printed_codes(table, document.fiscal_year)))
    for orphan in {*disclosures} - {document.document for document in contents.documents}:
        del disclosures[orphan]
    used = {document.department for document in contents.documents}
    contents.departments = [d for d in departments if d.department in used]
    printed.update(dict.fromkeys(division_codes(contents.departments)))
    contents.concepts = concepts(printed)
    contents.code_links = code_links(contents.concepts)
    contents.code_changes = code_changes(contents.concepts)
    return contents


def taking_too_long(document: DocumentRecord) -> TakesTooLong:
    """What is said of a document that takes longer than ``limits.CHECK_SECONDS``."""
    return TakesTooLong(
        document.document,
        f"{document.file}: takes more than {limits.CHECK_SECONDS:g} seconds of a processor to check; "
        "is it a budget disclosure? Save the pages or sheets that matter in a new file",
    )


def division_codes(departments: Iterable[Department]) -> Iterator[PrintedCode]:
    """The divisions of departments, each in the list that its department refers to."""
    for department in departments:
        if department.division_concept and department.division:
            year = int(department.division_concept.partition("-")[0])
            yield PrintedCode(DIVISIONS, year, department.division, None)


def disclosure_keys(documents: Iterable[DocumentRecord]) -> dict[str, DisclosureKey]:
    """What the files of one disclosure have in common, by document: department, year, phase,
    and scope: a department's budget and that of its own unit are two.

    A document that does not say whether it is a department's or a unit's is of the one that
    the others are of; where there are both, of the department's.
    """
    documents = list(documents)
    scopes: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    for document in documents:
        if document.scope:
            scopes[document.department, document.fiscal_year, document.phase].add(document.scope)
    found: dict[str, DisclosureKey] = {}
    for document in documents:
        time = (document.department, document.fiscal_year, document.phase)
        scope = document.scope or ("unit" if scopes[time] == {"unit"} else "department")
        found[document.document] = (*time, scope)
    return found


def _add(
    contents: PackageContents,
    disclosure: Disclosure,
    document: DocumentRecord,
    tables: Sequence[StandardTable],
) -> None:
    who = {"document": document.document, "department": document.department}
    dated: dict[str, Any] = {**who, "fiscal_year": document.fiscal_year}
    texts = disclosure.passages
    first = [table for table in disclosure.tables if table.number == 1]
    projects = find_projects(first, texts, disclosure.targets, **dated)
    contents.documents.append(document)
    contents.projects += projects
    contents.indicators += find_indicators(disclosure.targets, projects)
    contents.units += find_units(texts, **who)
    names = disclosure.identity.all_names
    claims = find_claims(texts, names, tables, **dated, phase=document.phase)
    contents.claims.add(
        document.document, with_own_keys(claims, "claim", lambda claim: claim.context)
    )
    contents.holdings += find_holdings(texts, **who)
    contents.glossary.add(document.document, find_glossary(texts, document=document.document))
    contents.unrecognised += unrecognised_in(disclosure)
    undetected = [left.position for left in undetected_tables(disclosure.document)]
    facts: list[Fact] = []
    rows: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for table, following in zip_longest(disclosure.tables, disclosure.tables[1:]):
        facts += table_facts(table, document, projects)
        more = any(
            table.position < place and not (following and following.position < place)
            for place in undetected
        )
        contents.published_tables.append(_published_table(table, document, more_below=more))
        rows[table.resource.name] += table_rows(table, document)
    contents.facts.add(document.document, facts)
    for name, own in rows.items():
        contents.rows[name].add(document.document, own)


def _document_record(disclosure: Disclosure) -> DocumentRecord:
    """The record of a document whose department is not known yet."""
    source, identity = disclosure.document, disclosure.identity
    return DocumentRecord(
        document=source.id,
        file=source.file,
        title=identity.title,
        department="",
        names=identity.names,
        short_names=tuple(dict.fromkeys(identity.short)),
        former_names=identity.former,
        fiscal_year=identity.fiscal_year,
        phase=identity.phase,
        kind=identity.kind,
        published=identity.published,
        media_type=source.media_type,
        encoding=source.encoding,
        sha256=source.sha256,
        bytes=len(source.content),
        pages=source.pages,
        lines=source.lines,
    )


def printed_codes(table: StandardTable, year: int) -> list[PrintedCode]:
    """The codes that a table of a document of a year prints, or its headings stand for."""
    code_list = code_list_of(table)
    printed = [
        PrintedCode(
            code_list,
            year - row.years_before,
            row.code,
            unwrapped(row.label) if row.label else None,
        )
        for row in table.rows
        if code_list and row.code
    ]
    printed += [
        PrintedCode(FUNCTION, year - row.years_before, code, None)
        for row in table.rows
        if (code := class_of(table, row, year - row.years_before))
    ]
    columns = {
        (code_list, year - row.years_before, code)
        for row in table.rows
        for amount in row.amounts
        for name, code_list in ECONOMIC.items()
        if amount.field and (code := amount.field.dimensions.get(name))
    }
    return printed + [PrintedCode(*found, None) for found in sorted(columns)]


def _published_table(
    table: StandardTable, document: DocumentRecord, *, more_below: bool = False
) -> PublishedTable:
    """One table as a record; further ones of a kind are numbered.

    ``more_below`` tells that rows which were not read follow its grid: then it is not empty.
    """
    said = table.statement
    number = f"-{table.number}" if table.number > 1 else ""
    return PublishedTable(
        published_table=f"{document.document}-{table.resource.name}{number}",
        document=document.document,
        department=document.department,
        fiscal_year=document.fiscal_year,
        phase=document.phase,
        table=table.resource.name,
        title=table.caption or None,
        unit=table.unit,
        page=table.position.page,
        line=table.position.line,
        rows=len(table.rows),
        amounts=table.amounts,
        state=_state_of(table, more_below),
        statement=said.text if said else None,
        statement_page=said.position.page if said else None,
        statement_line=said.position.line if said else None,
    )


def _state_of(table: StandardTable, more_below: bool) -> TableState:
    if any(amount.number.value for row in table.rows for amount in row.amounts):
        return "data"  # whatever is said: a finding tells where the two contradict
    if table.statement:
        return "stated-empty"
    unread = more_below or any(row.unread for row in table.rows)
    return "data" if table.amounts or unread else "empty"
