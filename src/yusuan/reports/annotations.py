"""Findings as annotations of a merge request: GitHub workflow commands, GitLab Code Quality."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from yusuan.model.findings import Finding
from yusuan.model.text import printable
from yusuan.reports.report import CheckReport
from yusuan.reports.terminal import advice, alternatives, choices_title
from yusuan.reports.words import rule_named, said

__all__ = ["as_github", "as_gitlab", "fingerprint", "whole_message"]

_COMMANDS = {"error": "error", "warning": "warning", "truncation": "notice", "rounding": "notice",
             "note": "notice"}  # fmt: skip
_SEVERITIES = {"error": "critical", "warning": "major", "truncation": "minor", "rounding": "minor",
               "note": "info"}  # fmt: skip


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
        yield f"::{_COMMANDS[finding.verdict]} {properties}::{message}"


def as_gitlab(report: CheckReport) -> str:
    """A Code Quality report: a list of issues, each with a fingerprint that stays the same."""
    issues = [
        {
            "description": whole_message(report, finding),
            "check_name": finding.rule,
            "fingerprint": fingerprint(report, finding),
            "severity": _SEVERITIES[finding.verdict],
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
    told = [said(finding, report.lang), advice(report, finding)]
    choices = alternatives(report, finding)
    if finding.certainty == "tied" and choices:
        listed = " ".join(f"{number}) {choice}" for number, choice in enumerate(choices, start=1))
        told.append(f"{choices_title(finding, report.lang)}{gap}{listed}")
    return printable(gap.join(part for part in told if part))


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
