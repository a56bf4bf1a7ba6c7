"""Findings as SARIF 2.1.0, for code scanning and editors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from yusuan.checks.rules import Rule, load_rules
from yusuan.model.document import Document
from yusuan.model.findings import Evidence, Finding
from yusuan.model.records import Claim, Fact
from yusuan.reports.annotations import fingerprint, whole_message
from yusuan.reports.report import CheckReport
from yusuan.reports.words import said, statement, table_title
from yusuan.schema.version import software_version

__all__ = ["as_sarif"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "truncation": "note", "rounding": "note",
           "note": "note"}  # fmt: skip
_ROOT = "SRCROOT"


def as_sarif(report: CheckReport) -> str:
    """One run: all rules, the files read, one result for each finding."""
    rules = load_rules()
    index = {rule.id: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "yusuan",
                "semanticVersion": software_version(),
                "language": "zh-CN" if report.lang == "zh" else "en",
                "rules": [_rule(rule, report.lang) for rule in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": message}} for message in report.skipped
                ],
            }
        ],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder yusuan ran in."}}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [
            {
                "location": _artifact(report, record.document),
                "mimeType": record.media_type,
                "hashes": {"sha-256": record.sha256},
                "length": record.bytes,
                "description": {"text": report.title(record)},
            }
            for record in report.contents.documents
        ],
        "results": [_result(report, finding, index) for finding in report.findings],
    }
    content = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule, lang: str) -> dict[str, Any]:
    zh, en = (rule.title, _help(rule.message)), (rule.title_en, _help(rule.message_en))
    own, other = (zh, en) if lang == "zh" else (en, zh)
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.id.split("-")),
        "shortDescription": {"text": own[0]},
        "fullDescription": {"text": f"{own[0]} / {other[0]}"},
        "help": {"text": f"{own[1]}\n{other[1]}"},
        "defaultConfiguration": {"level": _LEVELS[rule.verdict]},
        "properties": {"tags": ["budget", rule.family]},
    }


def _help(message: str) -> str:
    """The sentence of a rule with its variables as blanks to fill in."""
    names = ("place", "printed", "expected", "parts", "other", "reason")
    return message.format(**dict.fromkeys(names, "…"))


def _result(report: CheckReport, finding: Finding, index: Mapping[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.verdict],
        "kind": "fail",
        "message": {"text": whole_message(report, finding)},
        "locations": [_location(report, finding)],
        "partialFingerprints": {"finding/v1": fingerprint(report, finding)},
        "properties": {
            name: value
            for name in ("finding", "verdict", "printed", "expected", "proposed", "certainty", "slip")
            if (value := getattr(finding, name)) is not None
        },
    }  # fmt: skip
    if finding.rule in index:
        result["ruleIndex"] = index[finding.rule]
    if related := [
        place
        for entry in finding.evidence
        if entry.role != "candidate" and (place := _related(report, entry)) is not None
    ]:
        result["relatedLocations"] = [{"id": n, **place} for n, place in enumerate(related, 1)]
    return result


def _location(report: CheckReport, finding: Finding) -> dict[str, Any]:
    place = report.about(finding) or finding
    return {
        **_place(report, finding.document, place),
        "message": {"text": finding.location if report.lang == "zh" else said(finding, "en")},
    }


def _related(report: CheckReport, entry: Evidence) -> dict[str, Any] | None:
    """The place of what a number contradicts."""
    record = report.about(entry)
    if record is None:
        return None
    return {
        **_place(report, record.document, record),
        "message": {"text": statement(entry, report.lang)},
    }


def _place(report: CheckReport, document: str, place: Finding | Fact | Claim) -> dict[str, Any]:
    found: dict[str, Any] = {"physicalLocation": {"artifactLocation": _artifact(report, document)}}
    source = report.document(document)
    if source.encoding is not None and place.line:
        found["physicalLocation"]["region"] = {"startLine": place.line}
    if names := _logical(source, place, report.lang):
        found["logicalLocations"] = names
    return found


def _artifact(report: CheckReport, document: str) -> dict[str, Any]:
    uri, relative = report.uri(document)
    return {"uri": uri, "uriBaseId": _ROOT} if relative else {"uri": uri}


def _logical(source: Document, place: Finding | Fact | Claim, lang: str) -> list[dict[str, Any]]:
    """The page, table and cell, for people and for formats that have no lines."""
    table, cell = (None, None) if isinstance(place, Claim) else (place.table, place.cell)
    parts = [f"page {place.page}"] if place.page else []
    parts += [f"line {place.line}"] if place.line else []
    parts += [name for name in (table_title(table, lang), cell) if name]
    if not parts:
        return []
    found = {
        "name": parts[-1],
        "fullyQualifiedName": "/".join([source.file, *parts]),
        "kind": "member" if cell else "element",
    }
    if isinstance(place, Fact) and place.fragment:
        return [{**found, "properties": {"fragment": place.fragment}}]
    return [found]
