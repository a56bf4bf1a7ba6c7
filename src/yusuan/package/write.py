"""Write a package into a folder. The caller decides where; nothing here replaces anything."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from yusuan.facts import PackageContents
from yusuan.files.atomic import named
from yusuan.model.findings import Finding
from yusuan.model.records import Department, DocumentRecord
from yusuan.package.descriptor import package_descriptor, source_path
from yusuan.package.rows import resource_rows
from yusuan.schema import Resource, catalogue

__all__ = ["write_package", "write_parts"]


def write_package(
    contents: PackageContents,
    findings: Sequence[Finding],
    folder: Path,
    settings: Mapping[str, Any],
) -> None:
    """Write ``datapackage.json``, ``data/*.csv`` and ``source/*`` below an empty folder.

    The same contents give the same bytes: no clock, no machine, no order left to chance.
    """
    write_parts(
        folder, settings, contents.documents, contents.departments,
        rows=lambda resource: resource_rows(resource, contents, findings),
        source=lambda document: contents.disclosures[document.document].document.content,
    )  # fmt: skip


def write_parts(
    folder: Path,
    settings: Mapping[str, Any],
    documents: Sequence[DocumentRecord],
    departments: Sequence[Department],
    *,
    rows: Callable[[Resource], Iterable[Sequence[str]]],
    source: Callable[[DocumentRecord], bytes],
) -> None:
    """Write a package whose ``rows`` are asked for a resource at a time, as texts of its fields.

    ``source`` gives the bytes of a document.
    """
    files: dict[str, dict[str, Any]] = {}
    (folder / "data").mkdir(parents=True)
    (folder / "source").mkdir()
    for resource in catalogue().resources:
        path = folder / resource.path
        with named(path), path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([field.name for field in resource.fields])
            writer.writerows(rows(resource))
        files[resource.path] = _fingerprint(path)
    for document in documents:
        path = folder / source_path(document)
        content = source(document)
        with named(path):
            path.write_bytes(content)
        files[source_path(document)] = _fingerprint(path)
    descriptor = package_descriptor(settings, documents, departments, files)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2)
    with named(folder / "datapackage.json"):
        (folder / "datapackage.json").write_text(text + "\n", "utf-8")


def _fingerprint(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
