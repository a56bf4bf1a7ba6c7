"""The records of each resource as rows of text, spelled the same in every face."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from yusuan.facts import PackageContents
from yusuan.model.findings import Evidence, Finding
from yusuan.model.keys import distinct_keys, without_positions
from yusuan.model.money import plain
from yusuan.schema import Field, Resource

__all__ = ["cell_text", "evidence_rows", "resource_rows"]

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
        return findings
    if resource.name == "evidence":
        return evidence_rows(findings)
    records: Iterable[Any] = getattr(contents, resource.sql_name)
    return records


def evidence_rows(findings: Iterable[Finding]) -> Iterator[dict[str, Any]]:
    """What the findings rest on, each with its key and that of its finding."""
    for finding in findings:
        told = list(dict.fromkeys(finding.evidence))
        keys = distinct_keys((_name(each, finding), *_content(each)) for each in told)
        for key, each in zip(keys, told, strict=True):
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
    said = (evidence.printed, evidence.proposed, without_positions(evidence.statement_zh))
    return "\n".join(text or "" for text in said), evidence.statement_zh


def _value(record: Any, field: Field) -> Any:
    if isinstance(record, Mapping):
        return record.get(field.name)
    return getattr(record, field.name)
