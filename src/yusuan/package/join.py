"""Several packages as one: each document once, the same in all that have it, and links between all."""

from __future__ import annotations

import hashlib
import heapq
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from yusuan.checks import load_rules
from yusuan.checks.families.repeated import candidates, of_budgets
from yusuan.checks.families.units import of_linked, parts_of
from yusuan.checks.registry import BUDGET, LINKED
from yusuan.checks.report import findings_of
from yusuan.facts import PackageContents, in_order
from yusuan.facts.codes import COFOG, DIVISIONS, PrintedCode, code_changes, code_links, concepts
from yusuan.facts.contents import division_codes
from yusuan.facts.departments import match_departments
from yusuan.linking import LinkingInput, find_links
from yusuan.linking.candidates import budget_units_of
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Finding
from yusuan.model.records import (
    Department,
    DocumentRecord,
    Fact,
    Project,
    PublishedTable,
    Unrecognised,
)
from yusuan.package.descriptor import SCHEMA_VERSION, publication, source_path
from yusuan.package.read import Package, records
from yusuan.package.write import resource_rows, write_parts
from yusuan.schema import Resource, catalogue
from yusuan.schema.records import record_of
from yusuan.tables.records import REPEAT_PREFIX

__all__ = ["join_settings", "write_joined"]

_DEPENDENT = frozenset({"findings", "unrecognised"})
"""What is said of a document may depend on what it was built with."""

_PER_PACKAGE = frozenset({"department", "file", "available", "source_url", "retrieved"})
"""Columns that may differ: departments are matched anew, a file may have several names, and what a
manifest says of it may be in one package only."""


@dataclass(frozen=True, slots=True)
class CombinedPackages:
    """``origin`` is the package whose rows of a document are taken: the first that has it.

    ``repeated`` says which documents others have as well.
    """

    packages: Sequence[Package]
    departments: list[Department]
    documents: list[DocumentRecord]
    origin: Mapping[str, Package]
    repeated: tuple[str, ...]

    @property
    def owner(self) -> dict[str, str]:
        """The department of each document."""
        return {record.document: record.department for record in self.documents}

    def rows(self, resource: Resource) -> Iterator[dict[str, str]]:
        """The rows that belong to a document, in the order of documents, with its department.

        Raises YusuanError where a row is of a document that no package lists."""
        owner = self.owner
        rank = {record.document: rank for rank, record in enumerate(self.documents, start=1)}
        parts = [self._rows_of(package, resource, owner) for package in self.packages]
        return heapq.merge(*parts, key=lambda row: rank.get(row["document"], 0))

    def _rows_of(
        self, package: Package, resource: Resource, owner: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        for row in package.rows(resource.name):
            document = row["document"]
            if not document:
                yield row
            elif document not in owner:
                raise YusuanError(
                    f"{package.folder / resource.path}: document {document!r} is not in "
                    "data/documents.csv; build the package anew"
                )
            elif self.origin[document] is package:
                if "department" in row:
                    row["department"] = owner[document]
                yield row

    def source(self, document: DocumentRecord) -> bytes:
        """The bytes of a document; raises YusuanError when they are not those that were read."""
        path = self.origin[document.document].file(source_path(document))
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != document.sha256:
            raise YusuanError(
                f"{path}: not the file that was read (its SHA-256 differs from the one in "
                "data/documents.csv); build the package anew"
            )
        return content


def combined(packages: Sequence[Package]) -> CombinedPackages:
    """Put packages together; departments are matched over all documents.

    Raises YusuanError when they are of another schema version, were changed since they were
    built, or two have different rows of the same document.
    """
    for package in packages:
        version = package.descriptor.get("schemaVersion")
        if version != SCHEMA_VERSION:
            raise YusuanError(
                f"{package.folder}: schema version {version}; this yusuan joins packages of "
                f"version {SCHEMA_VERSION}; build the package anew"
            )
        _unchanged(package)
    known: dict[str, tuple[DocumentRecord, Package]] = {}
    also: dict[str, list[Package]] = defaultdict(list)
    repeated = []
    for package in packages:
        for record in records(package, "documents", DocumentRecord):
            if record.document not in known:
                known[record.document] = (record, package)
                continue
            first, origin = known[record.document]
            if origin is package or first.sha256 != record.sha256:
                raise YusuanError(
                    f"{package.folder / 'data/documents.csv'}: document {record.document} stands "
                    f"for another file than in {origin.folder}; build the package anew"
                )
            also[record.document].append(package)
            repeated.append(f"{package.folder}: {record.file} is in {origin.folder} too")
    if also:
        _agree({document: known[document][1] for document in also}, also, known)
    known = dict(sorted(known.items(), key=lambda each: (each[1][0].file, each[1][0].sha256)))
    found = [record for record, _ in known.values()]
    if not found:
        raise YusuanError("nothing to join: the packages hold no documents")
    # what one package holds as one department stays one
    as_built = [{(str(package.folder), record.department)} for record, package in known.values()]
    departments, owners = match_departments(found, as_built)
    return CombinedPackages(
        packages=packages,
        departments=departments,
        documents=[
            replace(record, department=owner) for record, owner in zip(found, owners, strict=True)
        ],
        origin={document: package for document, (_, package) in known.items()},
        repeated=tuple(repeated),
    )


def _unchanged(package: Package) -> None:
    """Raise YusuanError when a table is not the one that was written with the package."""
    listed = {entry.get("path"): entry.get("hash") for entry in package.descriptor["resources"]}
    for resource in catalogue().resources:
        path = package.file(resource.path)
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if listed.get(resource.path) != f"sha256:{digest}":
            raise YusuanError(
                f"{path}: changed since the package was built (its hash is not the one in "
                "datapackage.json); build the package anew"
            )


def _agree(
    first: Mapping[str, Package],
    also: Mapping[str, Sequence[Package]],
    known: Mapping[str, tuple[DocumentRecord, Package]],
) -> None:
    concerned = {id(p): p for p in (*first.values(), *(p for ps in also.values() for p in ps))}
    digests = {key: _digests(package, set(first)) for key, package in concerned.items()}
    for document, others in also.items():
        own = digests[id(first[document])][document]
        for package in others:
            other = digests[id(package)][document]
            differing = sorted(name for name in own | other if own.get(name) != other.get(name))
            if differing:
                raise YusuanError(
                    f"{package.folder} and {first[document].folder} disagree about document "
                    f"{document} ({known[document][0].file}): {', '.join(differing)} differ; "
                    "build both with the same version of yusuan, words and patches, or leave one out"
                )


def _digests(package: Package, documents: set[str]) -> dict[str, dict[str, str]]:
    """Of each document, by resource, what the package has of it."""
    sums: dict[str, dict[str, str]] = {document: {} for document in documents}
    for resource in catalogue().resources:
        names = [field.name for field in resource.fields]
        if "document" not in names or resource.name in _DEPENDENT or resource.derived_from:
            continue
        hashes = {document: hashlib.sha256() for document in documents}
        kept = [name for name in names if name not in _PER_PACKAGE]
        for row in package.rows(resource.name):
            if row["document"] in hashes:
                line = "\x1f".join(row[name] for name in kept) + "\x1e"
                hashes[row["document"]].update(line.encode("utf-8"))
        for document, digest in hashes.items():
            sums[document][resource.name] = digest.hexdigest()
    return sums


def join_settings(
    packages: Sequence[Package], base: str | None = None, licence: str | None = None
) -> dict[str, Any]:
    """Publication metadata of the joined package; what is not given is that of the packages.

    Raises YusuanError when they have different bases and none is given.
    """
    bases = {package.base for package in packages}
    if base is None and len(bases) > 1:
        listed = ", ".join(sorted(bases))
        raise YusuanError(
            f"the packages have different bases of IRIs ({listed}); give one with --base"
        )
    settings = publication(base or min(bases), licence)
    if licence is None:
        stated = (entry for package in packages for entry in package.descriptor["licenses"])
        settings["licenses"] = list({str(entry): entry for entry in stated}.values())
    return settings


def write_joined(
    packages: Sequence[Package], folder: Path, settings: Mapping[str, Any]
) -> tuple[str, ...]:
    """Write one package of several into an empty folder; returns what was in more than one.

    Findings are those of the packages, and of units against departments, and of documents of one
    budget, anew. Facts and rows
    are streamed: memory does not grow with them.

    Raises YusuanError when the packages cannot be joined (``yusuan.package.join``).
    """
    found = combined(packages)
    contents = _compiled(found)
    findings, new = _findings(found, contents)
    kept = dict.fromkeys(row["finding"] for row in findings)
    unrecognised = _unrecognised(found)

    def rows(resource: Resource) -> Iterable[Sequence[str]]:
        names = [field.name for field in resource.fields]
        if resource.name == "findings":
            return _texts(findings, names)
        if resource.name == "evidence":
            every = (row for package in packages for row in package.rows("evidence"))
            # those of rules across documents are told anew, with what they rest on
            old = _once(every, "evidence", kept.keys() - {each.finding for each in new})
            both = chain(_texts(old, names), resource_rows(resource, contents, new))
            place, at = {key: n for n, key in enumerate(kept)}, names.index("finding")
            return sorted(both, key=lambda row: place[row[at]])
        if resource.name == "unrecognised":
            return _texts(unrecognised, names)
        if resource.name != "documents" and "document" in names:
            return _texts(found.rows(resource), names)
        return resource_rows(resource, contents, ())

    write_parts(
        folder, settings, contents.documents, contents.departments,
        rows=rows, source=found.source,
    )  # fmt: skip
    return found.repeated


def _compiled(found: CombinedPackages) -> PackageContents:
    """What is about the documents together: departments, codes and links."""
    contents = PackageContents(list(found.departments), documents=list(found.documents))
    contents.concepts = concepts(_printed_codes(found))
    contents.code_links = code_links(contents.concepts)
    contents.code_changes = code_changes(contents.concepts)
    facts = catalogue()["facts"]
    projects = catalogue()["projects"]
    linked = find_links(
        LinkingInput(
            departments=found.departments,
            documents=found.documents,
            projects=[record_of(Project, projects, row) for row in found.rows(projects)],
            concepts=contents.concepts,
            code_changes=contents.code_changes,
            budget_units=budget_units_of(
                (row["document"], row["body"]) for row in found.rows(facts)
            ),
        )
    )
    contents.links, contents.organisation_changes = linked.links, linked.changes
    contents.organisation_names, contents.links_to_review = linked.names, linked.review
    tables = catalogue()["published-tables"]
    contents.published_tables = [
        record_of(PublishedTable, tables, row) for row in found.rows(tables)
    ]
    concerned = {document for pair in parts_of(contents.links) for document in pair} | {
        each.document for pair in candidates(contents) for each in (pair.one, pair.other)
    }
    if concerned:
        own: dict[str, list[Fact]] = defaultdict(list)
        titles = {each.published_table: each.title or "" for each in contents.published_tables}
        for row in found.rows(facts):
            if row["document"] in concerned:
                fact = record_of(Fact, facts, row)
                own[row["document"]].append(
                    replace(fact, table_title=titles.get(_published_table(fact), ""))
                )
        for document, printed in own.items():
            contents.facts.add(document, printed)
    return contents


def _published_table(fact: Fact) -> str:
    """The key of the published table that a fact stands in."""
    table = f"{fact.document}-{fact.table}"
    further = re.match(rf"-{REPEAT_PREFIX}(\d+)", fact.row.removeprefix(table))
    return f"{table}-{further[1]}" if further else table


def _printed_codes(found: CombinedPackages) -> Iterator[PrintedCode]:
    """The codes of all packages; those of departments' places, in the list of their latest year."""
    for resource in catalogue().of_kind("classification"):
        if resource.name in (DIVISIONS, COFOG):
            continue
        for package in found.packages:
            for row in package.rows(resource.name):
                where = (resource.name, int(row["year"]), row["code"])
                names: list[str | None] = [*filter(None, row["printed_names"].split("|"))]
                for name in names or [None]:
                    yield PrintedCode(*where, name)
    yield from division_codes(found.departments)


def _findings(
    found: CombinedPackages, contents: PackageContents
) -> tuple[list[dict[str, str]], Sequence[Finding]]:
    """All findings as rows, and those that relate documents, which are made anew."""
    resource = catalogue()["findings"]
    rules = load_rules()
    across = {rule.id for rule in rules if rule.family in LINKED or rule.family in BUDGET}
    order = {record.document: rank for rank, record in enumerate(found.documents)}
    rows = [row for row in found.rows(resource) if row["rule"] not in across]
    names = [field.name for field in resource.fields]
    new = findings_of(chain(of_linked(rules, contents), of_budgets(rules, contents)), order)
    for texts in resource_rows(resource, contents, new):
        rows.append(dict(zip(names, texts, strict=True)))
    return sorted(rows, key=lambda row: order[row["document"]]), new


def _unrecognised(found: CombinedPackages) -> list[dict[str, str]]:
    """What was not recognised, with keys of its own where two packages left a file out."""
    resource = catalogue()["unrecognised"]
    entries = [record_of(Unrecognised, resource, row) for row in found.rows(resource)]
    contents = PackageContents([], unrecognised=in_order(entries))
    names = [field.name for field in resource.fields]
    return [dict(zip(names, row, strict=True)) for row in resource_rows(resource, contents, ())]


def _once(
    rows: Iterable[Mapping[str, str]], key: str, findings: set[str]
) -> Iterator[Mapping[str, str]]:
    seen: set[str] = set()
    for row in rows:
        if row["finding"] in findings and row[key] not in seen:
            seen.add(row[key])
            yield row


def _texts(rows: Iterable[Mapping[str, str]], names: Sequence[str]) -> Iterator[list[str]]:
    for row in rows:
        yield [row[name] for name in names]
