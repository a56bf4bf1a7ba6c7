"""The same findings for programs: each format as its readers expect it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.reports.made import pdf_report, sample_report
from yusuan.facts import PackageContents
from yusuan.model.text import columns
from yusuan.reports import (
    CheckReport,
    as_badge,
    as_csv,
    as_github,
    as_gitlab,
    as_json,
    as_sarif,
    terminal_lines,
    wrapped,
)
from yusuan.reports.terminal import TerminalLine


@pytest.fixture
def report(contents: PackageContents, sample: Path, monkeypatch: pytest.MonkeyPatch) -> CheckReport:
    """The sample with findings of each kind, seen from the top of the repository."""
    monkeypatch.chdir(ROOT)
    return sample_report(contents, sample)


def sarif_run(report: CheckReport) -> dict[str, Any]:
    content = json.loads(as_sarif(report))
    assert content["version"] == "2.1.0"
    (run,) = content["runs"]
    return dict(run)


def text(report: CheckReport) -> str:
    return "\n".join(line.text for line in terminal_lines(report))


def test_the_terminal_tells_the_proposal_how_sure_it_is_and_why(report: CheckReport) -> None:
    told = text(report)
    assert "建议改为64万元：误用邻列的数；只有改此数各处才能相符。" in told
    assert "建议改为902万元：照抄别处的数；最为可能，另有别的改法。" in told
    assert "      · 三公合计96.5应为车辆与接待之和129（改正后成立）" in told
    english = text(replace(report, lang="en"))
    assert "Should probably be 64万元: value of a neighbouring column; no other" in english


def test_a_tie_names_nothing_and_lists_the_choices(report: CheckReport) -> None:
    told = text(report)
    tie = told[told.index("不能同时成立") : told.index("四舍五入\n")]
    assert "建议改为" not in tie
    assert "1) 合计印为96.5，应为129（多一位数字）" in tie
    assert "2) 接待费印为32.5，应为0\n" in tie


def test_what_the_message_says_is_not_said_again(report: CheckReport) -> None:
    """A message that names the proposal and the contradiction itself leaves how sure it is."""
    finding = report.findings[0]
    message = f"{finding.evidence[0].statement_zh}。建议改为64万元。"
    told = text(replace(report, findings=[replace(finding, message_zh=message)]))
    assert told.count("建议改为64") == 1
    assert told.count(finding.evidence[0].statement_zh) == 1
    assert "只有改此数各处才能相符" in told


def test_lines_are_cut_to_the_terminal_and_lose_nothing(report: CheckReport) -> None:
    for line in terminal_lines(report):
        cut = list(wrapped(line, 40))
        assert all(columns(piece) <= 40 for piece in cut)
        assert "".join("".join(cut).split()) == "".join(line.text.split())


def test_a_number_is_not_torn_between_lines() -> None:
    assert list(wrapped(TerminalLine("印为1,502.50万元", 2), 11)) == [
        "印为",
        "  1,502.50",
        "  万元",
    ]


def test_control_characters_of_a_document_do_not_reach_the_terminal(report: CheckReport) -> None:
    hostile = replace(report.findings[0], message_zh="\x1b[2J\x9b2J印为1\u202e万元\r\nError: x")
    assert not set(text(replace(report, findings=[hostile]))) & {"\x1b", "\x9b", "\u202e", "\r"}


def test_sarif_names_rule_file_line_cell_and_proposal(report: CheckReport) -> None:
    run = sarif_run(report)
    rules = run["tool"]["driver"]["rules"]
    first = run["results"][0]
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "row-sum"
    assert rules[0]["help"]["text"].count("\n") == 1  # in both languages
    place = first["locations"][0]
    assert place["physicalLocation"]["artifactLocation"] == {
        "uri": "datapackage/source/7a12ebf01553.txt", "uriBaseId": "SRCROOT",
    }  # fmt: skip
    assert place["physicalLocation"]["region"] == {"startLine": 307}
    assert place["logicalLocations"][0]["name"] == "C3"
    assert "建议改为64万元" in first["message"]["text"]
    assert first["properties"]["proposed"] == "64"
    assert [result["level"] for result in run["results"]] == ["error"] * 3 + ["note"]
    assert {place["id"] for place in first["relatedLocations"]} == {1, 2}


def test_sarif_has_no_line_where_a_file_has_none(tmp_path: Path) -> None:
    report = pdf_report(tmp_path)
    place = sarif_run(report)["results"][0]["locations"][0]
    assert "region" not in place["physicalLocation"]
    assert place["physicalLocation"]["artifactLocation"]["uri"].startswith("file:///")
    assert "page 3" in place["logicalLocations"][0]["fullyQualifiedName"]


def test_fingerprints_tell_findings_apart_and_outlive_a_new_printing(
    report: CheckReport, contents: PackageContents
) -> None:
    def prints(report: CheckReport) -> list[str]:
        return [issue["fingerprint"] for issue in json.loads(as_gitlab(report))]

    assert len(set(prints(report))) == len(report.findings)
    assert prints(report) == [
        result["partialFingerprints"]["finding/v1"] for result in sarif_run(report)["results"]
    ]
    corrected = [replace(f, printed="97", message_zh="另一句") for f in report.findings]
    assert prints(replace(report, findings=corrected)) == prints(report)


def test_gitlab_gets_issues(report: CheckReport) -> None:
    issue = json.loads(as_gitlab(report))[0]
    assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
    assert issue["severity"] == "critical"
    assert issue["location"] == {
        "path": "datapackage/source/7a12ebf01553.txt", "lines": {"begin": 307},
    }  # fmt: skip


def test_github_gets_one_command_a_finding_whatever_it_says(report: CheckReport) -> None:
    hostile = replace(report.findings[0], message_zh="100%\n::error::x", rule="a,b:c")
    found = as_github(replace(report, findings=[hostile], skipped=["a.md: empty"])).splitlines()
    assert found[0].startswith("::error file=datapackage/source/7a12ebf01553.txt,line=307,title=")
    assert "title=a%2Cb%3Ac::100%25 ::error::x" in found[0]
    assert found[1:] == ["::warning::a.md: empty"]


def test_json_has_the_evidence_and_csv_the_columns_of_findings(report: CheckReport) -> None:
    first = json.loads(as_json(report))["findings"][0]
    assert [entry["role"] for entry in first["evidence"]] == ["contradiction"] * 2 + ["candidate"]
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert (rows[0]["proposed"], rows[0]["certainty"]) == ("64", "proven")
    assert "evidence" not in rows[0]


@pytest.mark.parametrize(
    ("verdicts", "lang", "says"),
    [
        (["error", "error", "warning"], "en", "budget check: 2 errors"),
        (["error"], "en", "budget check: 1 error"),
        (["warning", "note"], "zh", "预算核对: 1处需核实"),
        (["rounding"], "zh", "预算核对: 通过"),
    ],
)
def test_a_badge_says_the_worst(
    report: CheckReport, verdicts: list[str], lang: str, says: str
) -> None:
    findings = [replace(report.findings[0], verdict=verdict) for verdict in verdicts]
    assert f"<title>{says}</title>" in as_badge(replace(report, findings=findings, lang=lang))
