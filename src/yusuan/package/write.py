"""Write a package: the rows of each resource, the sources, the descriptor."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from yusuan.facts import PackageContents
from yusuan.figures import derived_rows
from yusuan.files.atomic import named
from yusuan.model.findings import Evidence, Finding
from yusuan.model.keys import distinct_keys, without_positions
from yusuan.model.money import plain
from yusuan.model.records import Department, DocumentRecord
from yusuan.package.descriptor import package_descriptor, source_path
from yusuan.package.read import Package
from yusuan.schema import Field, Resource, catalogue

__all__ = [
    "cell_text",
    "evidence_rows",
    "resource_rows",
    "write_derived",
    "write_package",
    "write_parts",
]

LIST_SEPARATOR = "|"


def resource_rows(
    resource: Resource, contents: PackageContents, findings: Sequence[Finding]
) -> Iterator[list[str]]:
    """Rows of a resource in the order of its fields, blanks as empty text."""
    for record in _records(resource, contents, findings):
        yield [cell_text(_value(record, field), field) for field in resource.fields]


def cell_text(value: Any, field: Field) -> str:
    """The CSV spelling of a value. Decimals have no exponent; None is the empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        # As-published columns keep the decimals they were printed with.
        return format(value, "f") if field.role == "amount" else plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return LIST_SEPARATOR.join(str(item).replace(LIST_SEPARATOR, "/") for item in value)
    return str(value)


def _records(
    resource: Resource, contents: PackageContents, findings: Sequence[Finding]
) -> Iterable[Any]:
    if resource.kind == "table":
        return contents.rows.get(resource.name, ())
    if resource.kind == "list":
        return resource.rows
    if resource.kind == "classification":
        return contents.concepts.get(resource.name, ())
    if resource.name == "findings":
        return finding_rows(contents, findings)
    if resource.name == "evidence":
        return evidence_rows(findings)
    records: Iterable[Any] = getattr(contents, resource.sql_name)
    return records


def finding_rows(
    contents: PackageContents, findings: Iterable[Finding]
) -> Iterator[dict[str, Any]]:
    """The findings, each with whose number it is about, of which year and phase."""
    documents = {record.document: record for record in contents.documents}
    names = [*Finding.__dataclass_fields__, "target"]
    for finding in findings:
        record = documents[finding.document]
        values = {name: getattr(finding, name) for name in names}
        whose = ("department", "fiscal_year", "phase")
        yield {**values, **{name: getattr(record, name) for name in whose}}


def evidence_rows(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """What the findings rest on, each with its key and that of its finding."""
    for finding in findings:
        listed = list(dict.fromkeys(finding.evidence))
        keys = distinct_keys((_name(each, finding), *_content(each)) for each in listed)
        for key, each in zip(keys, listed, strict=True):
            values = {name: getattr(each, name) for name in Evidence.__dataclass_fields__}
            yield {"evidence": key, "finding": finding.finding, **values}


def _name(evidence: Evidence, finding: Finding) -> str:
    """The finding, the part in it, and what it points at within the document."""
    number = str(evidence.explanation) if evidence.explanation else None
    at = (evidence.fact or evidence.claim or evidence.about).removeprefix(f"{finding.document}-")
    parts = (finding.finding, evidence.role, evidence.rule, number, at)
    return "-".join(filter(None, parts))


def _content(evidence: Evidence) -> tuple[str, str]:
    """What it says apart from where, and where."""
    texts = (evidence.printed, evidence.proposed, without_positions(evidence.statement_zh))
    return "\n".join(text or "" for text in texts), evidence.statement_zh


def _value(record: Any, field: Field) -> Any:
    if isinstance(record, Mapping):
        return record.get(field.name)
    return getattr(record, field.name)


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
        if not resource.derived_from:
            with _table(folder, resource) as writer:
                writer.writerows(rows(resource))
    write_derived(folder)
    for resource in catalogue().resources:
        files[resource.path] = _fingerprint(folder / resource.path)
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


def write_derived(folder: Path) -> int:
    """Write what is derived from the other tables of a package; returns the rows.

    Raises YusuanError for a table that is missing or has other columns.
    """
    count = 0
    with ExitStack() as stack:
        writers = {
            resource.name: stack.enter_context(_table(folder, resource))
            for resource in catalogue().derived
        }
        for name, row in derived_rows(Package(folder, {}).rows):
            writers[name].writerow(row)
            count += 1
    return count


@contextmanager
def _table(folder: Path, resource: Resource) -> Iterator[Any]:
    """A CSV writer for the rows of a resource, its heading written."""
    path = folder / resource.path
    with named(path), path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([field.name for field in resource.fields])
        yield writer


def _fingerprint(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"hash": f"sha256:{hashlib.sha256(content).hexdigest()}", "bytes": len(content)}
