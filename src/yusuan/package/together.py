"""The documents of several packages: each once, and the same in all that have it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yusuan.facts.departments import match_departments
from yusuan.model.errors import YusuanError
from yusuan.model.records import Department, DocumentRecord
from yusuan.package.descriptor import SCHEMA_VERSION, source_path
from yusuan.package.read import Package
from yusuan.package.records import records
from yusuan.schema import Resource, catalogue

__all__ = ["DEPENDENT", "Together", "together"]

DEPENDENT = frozenset({"findings", "unrecognised"})
"""What is said of a document may depend on what it was built with."""

_PER_PACKAGE = frozenset({"department", "file"})
"""Columns that may differ: departments are matched anew, and a file may have several names."""


@dataclass(frozen=True, slots=True)
class Together:
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
        """The rows that belong to a document, in the order of packages, with its department."""
        owner = self.owner
        for package in self.packages:
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


def together(packages: Sequence[Package]) -> Together:
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
    found = [record for record, _ in known.values()]
    if not found:
        raise YusuanError("nothing to join: the packages hold no documents")
    # what one package holds as one department stays one
    as_built = [{(str(package.folder), record.department)} for record, package in known.values()]
    departments, owners = match_departments(found, as_built)
    return Together(
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
        if "document" not in names or resource.name in DEPENDENT:
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
