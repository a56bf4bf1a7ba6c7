"""Findings as JSON, with what each rests on, and as CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

from yusuan.model.findings import Finding
from yusuan.reports.report import CheckReport

__all__ = ["as_csv", "as_json"]


def as_json(report: CheckReport) -> str:
    """An object: ``findings`` with their ``evidence``, and what was ``unrecognised``."""
    content = {
        "findings": [asdict(finding) for finding in report.findings],
        "unrecognised": [asdict(entry) for entry in report.contents.unrecognised],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: CheckReport) -> str:
    """The columns of the resource ``findings``; evidence is a resource of its own."""
    names = [name for name in Finding.__dataclass_fields__ if name != "evidence"]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(asdict(finding) for finding in report.findings)
    return stream.getvalue()
