"""Findings for programs: JSON, CSV, SARIF 2.1.0, annotations of GitHub and GitLab, and a badge."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from yusuan.checks.rules import Rule, load_rules
from yusuan.model.document import Document
from yusuan.model.findings import Evidence, Finding, Verdict
from yusuan.model.records import Claim, Fact
from yusuan.model.text import columns, printable
from yusuan.presentation import colours, plural, value_label
from yusuan.reports.report import (
    CheckReport,
    phrase,
    rule_named,
    sentence,
    statement,
    table_title,
)
from yusuan.reports.terminal import advice, alternatives, choices_title
from yusuan.schema import catalogue, data_path
from yusuan.schema.version import software_version

__all__ = [
    "as_badge",
    "as_csv",
    "as_github",
    "as_gitlab",
    "as_json",
    "as_sarif",
    "fingerprint",
    "whole_message",
]


def as_json(report: CheckReport) -> str:
    """An object: ``findings`` with their ``evidence`` and the documents that supersede theirs, and what
    was ``unrecognised``."""
    content = {
        "findings": [
            {
                **asdict(finding),
                **whose(report, finding),
                "superseded_by": list(report.superseded.by(finding.document, finding.table)),
            }
            for finding in report.findings
        ],
        "unrecognised": [asdict(entry) for entry in report.contents.unrecognised],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: CheckReport) -> str:
    """The columns of the resource ``findings``; evidence is a resource of its own."""
    names = [field.name for field in catalogue()["findings"].fields]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(
        {**asdict(finding), "target": finding.target, **whose(report, finding)}
        for finding in report.findings
    )
    return stream.getvalue()


def whose(report: CheckReport, finding: Finding) -> dict[str, object]:
    """Whose number a finding is about, of which year and phase."""
    record = next(each for each in report.contents.documents if each.document == finding.document)
    names = ("department", "fiscal_year", "phase")
    return {name: getattr(record, name) for name in names}


_COMMANDS = {"error": "error", "warning": "warning", "truncation": "notice", "rounding": "notice",
             "note": "notice"}  # fmt: skip
_SEVERITIES = {"error": "critical", "warning": "major", "truncation": "minor", "rounding": "minor",
               "note": "info"}  # fmt: skip


def _weight(report: CheckReport, finding: Finding) -> Verdict:
    """The verdict that a finding counts with: of what another document supersedes, a note."""
    return "note" if report.counts_no_more(finding) else finding.verdict


def as_github(report: CheckReport) -> str:
    """One workflow command for each finding and each file that was not read."""
    lines = list(_commands(report))
    lines += [f"::warning::{_data(message)}" for message in report.skipped]
    return "".join(f"{line}\n" for line in lines)


def _commands(report: CheckReport) -> Iterator[str]:
    for finding in report.findings:
        rule = rule_named(finding.rule)
        title = (rule.title if report.lang == "zh" else rule.title_en) if rule else finding.rule
        where = {
            "file": report.plain_path(finding.document), "line": line_of(report, finding), "title": title,
        }  # fmt: skip
        properties = ",".join(f"{name}={_property(str(value))}" for name, value in where.items())
        message = _data(whole_message(report, finding))
        yield f"::{_COMMANDS[_weight(report, finding)]} {properties}::{message}"


def as_gitlab(report: CheckReport) -> str:
    """A Code Quality report: a list of issues, each with a fingerprint that stays the same."""
    issues = [
        {
            "description": whole_message(report, finding),
            "check_name": finding.rule,
            "fingerprint": fingerprint(report, finding),
            "severity": _SEVERITIES[_weight(report, finding)],
            "location": {
                "path": report.plain_path(finding.document),
                "lines": {"begin": line_of(report, finding)},
            },
        }
        for finding in report.findings
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def line_of(report: CheckReport, finding: Finding) -> int:
    """The line of a file that can be shown by lines; 1 for any other, such as a PDF."""
    readable = report.document(finding.document).encoding is not None
    return (finding.line or 1) if readable else 1


def whole_message(report: CheckReport, finding: Finding) -> str:
    """The sentence, the proposal, or the choices on a tie, on one line."""
    gap = "" if report.lang == "zh" else " "
    sentences = [
        report.mark(finding).strip(),
        sentence(finding, report.lang),
        advice(report, finding),
    ]
    choices = alternatives(report, finding)
    if finding.certainty == "tied" and choices:
        listed = " ".join(f"{number}) {choice}" for number, choice in enumerate(choices, start=1))
        sentences.append(f"{choices_title(finding, report.lang)}{gap}{listed}")
    return printable(gap.join(part for part in sentences if part))


def fingerprint(report: CheckReport, finding: Finding) -> str:
    """The same for a finding as long as file, rule and cell are; a new printing changes no
    more of it than it must: the id of a document, which is that of its bytes, is left out."""
    about = finding.finding.replace(finding.document, "")
    parts = (report.plain_path(finding.document), finding.rule, about)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


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
    if told := report.superseded_by(finding.document, finding.table):
        result["suppressions"] = [{"kind": "external", "justification": told}]
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
        **_physical_place(report, finding.document, place),
        "message": {"text": finding.location if report.lang == "zh" else sentence(finding, "en")},
    }


def _related(report: CheckReport, entry: Evidence) -> dict[str, Any] | None:
    """The place of what a number contradicts."""
    record = report.about(entry)
    if record is None:
        return None
    return {
        **_physical_place(report, record.document, record),
        "message": {"text": statement(entry, report.lang)},
    }


def _physical_place(
    report: CheckReport, document: str, place: Finding | Fact | Claim
) -> dict[str, Any]:
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


_COLUMN, _GAP = 6.2, 7
"""Pixels that a column of text is wide, and that it stands from the edge."""


def as_badge(report: CheckReport) -> str:
    """``budget check | 9 errors``, or passing; to verify where nothing is worse."""
    worst = next((name for name in ("error", "warning") if report.counts[name]), None)
    left = phrase("badge", report.lang)
    right = phrase("badge_clean", report.lang)
    if worst:
        number = report.counts[worst]
        one = value_label("verdict", worst) if number == 1 else None
        what = one[report.lang == "en"] if one else plural(worst, report.lang)
        right = phrase("badge_count", report.lang, number=number, what=what)
    sizes = [round(columns(text) * _COLUMN + 2 * _GAP) for text in (left, right)]
    from jinja2 import Environment  # slow to load

    template = Environment(autoescape=True).from_string(
        data_path("publish", "report", "badge.svg").read_text("utf-8")
    )
    return (
        template.render(left=left, right=right, sizes=sizes, colour=colours()[worst or "good"])
        + "\n"
    )
