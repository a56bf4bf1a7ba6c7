"""Only what is accepted, signed and fits exactly becomes a correction; all else is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.corrections.patches import read_rows, sign, write_rows
from tests.disclosures import disclosure_text, write
from yusuan.checks import check
from yusuan.corrections import AppliedPatches, corrected_contents, corrections_of, read_patch
from yusuan.model.errors import YusuanError
from yusuan.pipeline import check_sources


def applied(source: Path, *patches: Path) -> AppliedPatches:
    checked = check_sources(source)
    return corrections_of(map(read_patch, patches), checked.contents, checked.findings)


def test_an_accepted_row_is_a_correction_with_both_numbers_who_and_why(
    source: Path, patch: Path
) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, comment="抄写有误")])
    (found,) = applied(source, patch).corrections
    assert (found.published, found.published_amount) == ("353", Decimal(3530000))
    assert (found.corrected, found.corrected_amount, found.unit) == (
        "350",
        Decimal(3500000),
        "万元",
    )
    assert (found.reviewer, found.date, found.comment) == ("预算科", date(2026, 3, 1), "抄写有误")
    assert (found.rule, found.finding) == ("row-sum", row["finding"])
    assert (found.patch, found.patch_line) == ("patch.csv", 2)
    assert len(found.patch_sha256) == 64


def test_rows_that_nobody_accepted_are_counted_and_nothing_else(source: Path, patch: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [row, sign(row, decision="不采纳"), sign(row, decision="reject")])
    assert applied(source, patch) == AppliedPatches((), undecided=1, rejected=2)


def test_a_reviewer_may_know_better_than_the_proposal(source: Path, patch: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, corrected="1,352.50万元")])
    (found,) = applied(source, patch).corrections
    assert (found.corrected, found.corrected_amount) == ("1,352.50", Decimal(13525000))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_as_spreadsheet_programs_save_it(
    source: Path, patch: Path, encoding: str, delimiter: str
) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, date="2026/3/1")], encoding=encoding, delimiter=delimiter)
    (found,) = applied(source, patch).corrections
    assert (found.reviewer, found.date) == ("预算科", date(2026, 3, 1))


def test_columns_in_chinese_and_in_another_order(source: Path, patch: Path) -> None:
    (row,) = read_rows(patch)
    row = sign(row)
    chinese = {"决定": "采纳", "复核人": row["reviewer"], "更正为": "", "序号": "1",
               "印出的文字": "353.0", "建议的数": "350", "事实": row["fact"], "说明中的数据": "",
               "文件的SHA-256": row["sha256"].upper()}  # fmt: skip
    write_rows(patch, [chinese])
    (found,) = applied(source, patch).corrections
    assert (found.corrected, found.rule) == ("350", None)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reviewer": " "}, "line 2: accepted, but nobody signed it"),
        ({"decision": "perhaps"}, "line 2: decision “perhaps”; write accept, reject or nothing"),
        ({"sha256": "0" * 64}, "it has changed since; make a new patch"),
        ({"sha256": "0" * 64, "file": "theirs.md"}, "which is not among the sources"),
        ({"sha256": ""}, r"SHA-256 \(blank\)"),
        ({"fact": "x-1"}, "x-1: no such fact in disclosure.md"),
        ({"fact": ""}, "either a fact or a claim"),
        ({"claim": "x-1"}, "either a fact or a claim"),
        ({"printed": "352"}, "expects “352” at line 18, cell E6 of disclosure.md, where “353”"),
        ({"unit": "元"}, "unit “元”, but the number is printed in 万元"),
        ({"corrected": "三百五十"}, "corrected to “三百五十”, which is no number"),
        ({"corrected": "350元"}, "corrected to “350元”, which is no number"),
        ({"corrected": "1e3"}, "no number"),
        ({"corrected": "0.0000001"}, "no whole number of fen"),
        ({"proposed": ""}, "there is no proposal; write the right number"),
        ({"corrected": "353.00"}, "which is what is printed"),
        ({"date": "3/1/26"}, "date “3/1/26”; write it like 2026-03-01"),
        ({"date": "2026-02-30"}, "date “2026-02-30”"),
    ],
)
def test_a_row_that_does_not_fit_is_an_error(
    source: Path, patch: Path, change: dict[str, str], message: str
) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [{**sign(row), **change}])
    with pytest.raises(YusuanError, match=message) as caught:
        applied(source, patch)
    assert str(patch) in str(caught.value)


def test_two_rows_for_one_number(source: Path, patch: Path, tmp_path: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row), sign(row, corrected="351")])
    with pytest.raises(YusuanError, match=r"line 3: .* is corrected in .*, line 2 already"):
        applied(source, patch)
    other = tmp_path / "other.csv"
    write_rows(patch, [sign(row)])
    write_rows(other, [sign(row, corrected="351")])
    with pytest.raises(YusuanError, match=r"other.csv, line 2: .*patch.csv, line 2 already"):
        applied(source, patch, other)


def test_what_is_given_again_counts_once(source: Path, patch: Path, tmp_path: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row)])
    assert applied(source, patch, patch) == applied(source, patch)
    again = tmp_path / "again.csv"
    write_rows(again, [sign(row, comment="再次")])
    (found,) = applied(source, patch, again).corrections
    assert (found.patch, found.comment) == ("again.csv", "再次")


def test_a_later_patch_withdraws_or_changes_what_an_earlier_one_accepted(
    source: Path, patch: Path, tmp_path: Path
) -> None:
    (row,) = read_rows(patch)
    later = tmp_path / "later.csv"
    write_rows(patch, [sign(row)])
    for value in ({}, {"proposed": ""}, {"corrected": "350.0万元"}):
        write_rows(later, [sign(row, decision="reject", **value)])
        found = applied(source, patch, later)
        assert (found.corrections, found.withdrawn, found.rejected) == ((), 1, 1)
        assert len(applied(source, later, patch).corrections) == 1  # accepted again, later
    write_rows(later, [sign(row, decision="reject", corrected="351")])  # another value
    assert len(applied(source, patch, later).corrections) == 1
    write_rows(later, [sign(row, corrected="351"), sign(row, decision="reject")])
    (changed,) = applied(source, patch, later).corrections
    assert (changed.corrected, changed.patch) == ("351", "later.csv")
    write_rows(later, [sign(row, decision="reject", reviewer="")])
    with pytest.raises(YusuanError, match=r"later.csv, line 2: withdraws .* nobody signed it"):
        applied(source, patch, later)


def test_all_mistakes_are_told_at_once(source: Path, patch: Path) -> None:
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row, reviewer="")] * 23)
    with pytest.raises(YusuanError) as caught:
        applied(source, patch)
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0][-7:] for line in lines[:2]] == [" line 2", " line 3"]
    assert lines[20:] == ["and 3 more like these"]


def test_words_that_state_a_decrease_keep_their_sign(tmp_path: Path) -> None:
    text = "### 三、关于2023年支出预算情况说明\n\n2023年支出预算350万元，比上年减少50万元，下降16.67%。"
    source = write(tmp_path, disclosure_text(narrative=text))
    rate = next(c for c in check_sources(source).contents.claims if c.measure == "rate")
    sha256 = check_sources(source).contents.documents[0].sha256
    row = {"sha256": sha256, "fact": "", "claim": rate.claim, "printed": rate.printed,
           "proposed": "", "corrected": "12.5%"}  # fmt: skip
    patch = tmp_path / "own.csv"
    for corrected, value in (("12.5%", "-12.5"), ("-12.5", "-12.5"), ("+12.5", "12.5")):
        write_rows(patch, [sign(row, corrected=corrected)])
        (found,) = applied(source, patch).corrections
        assert (found.corrected_value, found.corrected_amount) == (Decimal(value), None)


def test_checked_once_more_the_corrected_numbers_agree(source: Path, patch: Path) -> None:
    checked = check_sources(source)
    facts = list(checked.contents.facts)
    (row,) = read_rows(patch)
    write_rows(patch, [sign(row)])
    corrections = applied(source, patch).corrections
    after = corrected_contents(checked.contents, corrections)
    assert [f for f in check(after) if f.verdict == "error"] == []
    assert checked.contents.facts == facts, "the contents themselves stay as published"
    changed = [(a.printed, b.printed) for a, b in zip(facts, after.facts, strict=True) if a != b]
    assert changed == [("353", "350")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("table.csv", b"name,amount\n1,2\n", "line 1: not a patch, for want of sha256, fact"),
        ("patch.xlsx", b"PK\x03\x04rest", "a workbook; save it as CSV"),
        ("empty.csv", b"", "the file is empty"),
        ("noise.csv", bytes(range(256)) * 4, "not a text in UTF-8 or GB18030"),
    ],
)
def test_a_file_that_is_no_patch(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(YusuanError, match=message):
        read_patch(path)


def test_other_things_that_are_no_patch(tmp_path: Path, patch: Path) -> None:
    with pytest.raises(YusuanError, match="a folder, not a patch"):
        read_patch(tmp_path)
    with pytest.raises(YusuanError, match="no such file"):
        read_patch(tmp_path / "none.csv")
    text = patch.read_text("utf-8-sig")
    patch.write_text(text + '"never closed,1\n', "utf-8")
    with pytest.raises(YusuanError, match=r"line 3: .*a quotation mark that is not closed"):
        read_patch(patch)
    patch.write_text(text.replace("353", "3,5,3", 1).replace("location,", "location,printed,", 1))
    with pytest.raises(YusuanError, match="column printed is there twice"):
        read_patch(patch)
    patch.write_text(text.splitlines()[0] + "\n" + "a," * 40 + "b\n", "utf-8")
    with pytest.raises(YusuanError, match="line 2: 41 cells, but 25 columns"):
        read_patch(patch)
