"""Proposals: a row for each number an error is about, and no decision is ever lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corrections.patches import propose, read_rows, sign, write_rows
from tests.disclosures import disclosure_text, write
from yusuan.corrections import proposals, write_patch
from yusuan.corrections.patches import COLUMNS
from yusuan.facts import PackageContents
from yusuan.model.errors import YusuanError
from yusuan.model.findings import Evidence, Finding


def test_a_wrong_total_is_one_row_with_its_place_and_what_mends_it(patch: Path) -> None:
    (row,) = read_rows(patch)
    assert tuple(row) == COLUMNS
    assert (row["printed"], row["unit"], row["proposed"]) == ("353", "万元", "350")
    assert (row["certainty"], row["slip"], row["rule"]) == ("proven", "digit", "row-sum")
    assert (row["line"], row["cell"]) == ("18", "E6")
    assert row["fact"].startswith(row["document"]) and row["sha256"].startswith(row["document"])
    assert "印为353万元" in row["reason_zh"]
    assert {row[name] for name in ("decision", "corrected", "reviewer", "date", "comment")} == {""}


def test_it_opens_in_spreadsheet_programs(patch: Path) -> None:
    assert patch.read_bytes().startswith(b"\xef\xbb\xbflocation,")


def test_the_sample_s_figures(signed: Path) -> None:
    """A tie has a row for each number that may be wrong, and none has a proposal."""
    found = [(row["printed"], row["proposed"], row["certainty"]) for row in read_rows(signed)]
    assert ("96.5", "64", "likely") in found
    assert ("16864万元", "902", "proven") in found
    assert [row for row in found if row[2] == "tied"] == [
        ("0.5%", "", "tied"), ("0.5 万元", "", "tied"),
    ]  # fmt: skip
    assert ("1198", "", "") in found


def test_errors_about_no_number_are_counted(contents: PackageContents) -> None:
    code = _finding("code-name")
    assert proposals(contents, [code]).uncorrectable == 1


def test_two_findings_that_disagree_leave_it_to_a_person(contents: PackageContents) -> None:
    fact = contents.facts[0]
    one = _finding("one", fact=fact.fact, proposed="5")
    two = _finding("two", fact=fact.fact, proposed="6")
    (row,) = proposals(contents, [one, two]).rows
    assert (row["proposed"], row["note"]) == ("", "可能应为5或6")
    (row,) = proposals(contents, [one, _finding("three", fact=fact.fact)]).rows
    assert (row["proposed"], row["rule"]) == ("5", "one")


def test_what_a_rule_leads_to_is_a_note_where_it_is_no_proposal(contents: PackageContents) -> None:
    claim = _finding("share", fact=contents.facts[0].fact, expected="28.6")
    (row,) = proposals(contents, [claim]).rows
    assert (row["proposed"], row["note"]) == ("", "依规则推算为28.6")


def test_a_tie_of_many_numbers_has_one_row_that_counts_them(contents: PackageContents) -> None:
    facts = contents.facts[:9]
    evidence = tuple(
        Evidence(role="candidate", statement_zh="甲", statement_en="a", fact=fact.fact)
        for fact in facts
    )
    tied = _finding("r", fact=facts[0].fact, evidence=evidence, certainty="tied")
    found = proposals(contents, [tied])
    assert [(row["fact"], row["note"]) for row in found.rows] == [
        (facts[0].fact, "可能有误的数有9个")
    ]


def test_only_errors_are_proposed(contents: PackageContents) -> None:
    fact = contents.facts[0].fact
    doubts = [_finding("r", verdict=verdict, fact=fact) for verdict in ("warning", "rounding")]
    assert proposals(contents, doubts).rows == []


def test_what_reviewers_filled_in_is_kept(source: Path, patch: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, comment="见总账", corrected="351")], encoding="gb18030")
    propose(source, patch)
    (kept,) = read_rows(patch)
    assert kept == sign(row, comment="见总账", corrected="351")


def test_a_decision_is_not_carried_to_another_version_of_the_document(
    source: Path, patch: Path
) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row)])
    source.write_text(source.read_text("utf-8") + "\n附注。\n", "utf-8")
    propose(source, patch)
    new, old = read_rows(patch)
    assert new["decision"] == "" and new["sha256"] != old["sha256"]
    assert old == sign(row), "what a person decided is never thrown away"


def test_an_undecided_row_that_is_no_longer_proposed_goes(tmp_path: Path, patch: Path) -> None:
    right = write(tmp_path, disclosure_text(), "right.md")
    propose(right, patch)
    assert read_rows(patch) == []


@pytest.mark.parametrize("content", ["name,amount\n", "", "PK\x03\x04", "路遥知马力\n"])
def test_nothing_else_is_overwritten(tmp_path: Path, content: str) -> None:
    path = tmp_path / "books.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(YusuanError, match="only a patch is overwritten"):
        write_patch(path, [])
    assert path.read_text("utf-8") == content
    assert [each.name for each in tmp_path.iterdir()] == ["books.csv"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(YusuanError, match="no folder"):
        write_patch(tmp_path / "none" / "patch.csv", [])


def test_no_text_of_a_document_becomes_a_formula(tmp_path: Path) -> None:
    name = "=cmd.md"
    path = propose(
        write(tmp_path, disclosure_text(rows=("213\t03\t01\t行政运行\t5\t100\t",)), name),
        tmp_path / "patch.csv",
    )
    assert {row["file"] for row in read_rows(path)} == {"'=cmd.md"}


def _finding(
    rule: str, *, verdict: str = "error", fact: str | None = None, proposed: str | None = None,
    evidence: tuple[Evidence, ...] = (), certainty: str | None = None, expected: str | None = None,
) -> Finding:  # fmt: skip
    return Finding(
        finding=f"{rule}-1", rule=rule, verdict=verdict, document="7a12ebf01553", location="表",
        message_zh="有误。", message_en="Wrong.", fact=fact, proposed=proposed, evidence=evidence,
        certainty=certainty, expected=expected,
    )  # fmt: skip
