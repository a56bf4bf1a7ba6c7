"""The rules: what is an error, what rounding explains, and what is left alone."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosures import ROWS, disclosure_text, write
from yusuan.checks import check, load_rules, registry
from yusuan.checks.rounding import NumberInterval, compare, rate_range
from yusuan.checks.rulefile import families
from yusuan.checks.sql.queries import QUERIES
from yusuan.facts import PackageContents, compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

HALF = Decimal("0.5")


def verdicts(folder: Path, text: str) -> list[tuple[str, str, str | None, str | None]]:
    contents = compile_contents([understand(read_document(write(folder, text)))])
    return [(f.rule, f.verdict, f.printed, f.expected) for f in check(contents)
            if f.rule != "unlisted-codes"]  # fmt: skip


def test_a_consistent_disclosure_has_no_findings(tmp_path: Path) -> None:
    assert verdicts(tmp_path, disclosure_text()) == []


def test_a_wrong_total_is_an_error(tmp_path: Path) -> None:
    rows = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
    assert verdicts(tmp_path, disclosure_text(rows=rows)) == [
        ("row-sum", "error", "353", "350"),
    ]


@pytest.mark.parametrize(
    ("unit", "verdict"), [("万元", "error"), ("元/万元", "warning"), ("万元/元", "warning")]
)
def test_a_table_in_an_unproven_unit_is_no_ground_for_an_error_elsewhere(
    tmp_path: Path, unit: str, verdict: str
) -> None:
    narrative = "## 三、关于部门支出总体情况的说明\n\n2023年支出预算合计380万元。"
    text = disclosure_text(unit=unit, narrative=narrative)
    found = [each[:2] for each in verdicts(tmp_path, text) if each[0] == "narrative-table"]
    assert found == [("narrative-table", verdict)]


def test_a_wrong_total_is_an_error_in_whatever_unit(tmp_path: Path) -> None:
    rows = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
    found = verdicts(tmp_path, disclosure_text(rows=rows, unit="元/万元"))
    assert ("row-sum", "error", "353", "350") in found


def test_one_wrong_number_is_one_finding_with_all_it_contradicts(tmp_path: Path) -> None:
    """353 is the total of a row and of a column; only it can be wrong, and 350 mends both."""
    rows = (*ROWS[:2], "\t\t\t合 计\t353\t100\t250")
    contents = compile_contents(
        [understand(read_document(write(tmp_path, disclosure_text(rows=rows))))]
    )
    (finding,) = (f for f in check(contents) if f.verdict == "error")
    assert (finding.proposed, finding.certainty, finding.slip) == ("350", "proven", "digit")
    assert [(e.role, e.rule or e.printed, e.holds) for e in finding.evidence] == [
        ("contradiction", "row-sum", True), ("contradiction", "column-sum", True),
        *(("counterpart", number, None) for number in ("100", "250", "100", "250")),
    ]  # fmt: skip


def test_a_wrong_part_is_named_rather_than_the_total_it_spoils(tmp_path: Path) -> None:
    rows = (ROWS[0].replace("100", "190", 1), *ROWS[1:])
    contents = compile_contents(
        [understand(read_document(write(tmp_path, disclosure_text(rows=rows))))]
    )
    (finding,) = (f for f in check(contents) if f.verdict == "error")
    assert (finding.printed, finding.proposed, finding.certainty) == ("190", "100", "proven")


def test_a_difference_that_rounding_allows_is_no_error(tmp_path: Path) -> None:
    rows = (*ROWS[:2], "\t\t\t合 计\t351\t100\t250")
    assert {verdict for _, verdict, _, _ in verdicts(tmp_path, disclosure_text(rows=rows))} == {
        "rounding"
    }


def test_in_yuan_the_same_difference_is_an_error(tmp_path: Path) -> None:
    """Printed to the fen, a difference of one yuan cannot come from rounding."""
    rows = tuple(
        "\t".join(
            f"{cell}.00" if cell in ("100", "250", "350") else cell for cell in row.split("\t")
        )
        for row in ROWS
    )
    rows = (*rows[:2], rows[2].replace("350.00", "351.00"))
    found = verdicts(tmp_path, disclosure_text(rows=rows, unit="元"))
    assert {verdict for _, verdict, _, _ in found} == {"error"}


def test_narrative_against_table(tmp_path: Path) -> None:
    narrative = "## 第三部分 说明\n\n### 三、关于2023年支出预算情况说明\n\n2023年支出预算{}万元。"
    assert verdicts(tmp_path, disclosure_text(narrative=narrative.format(350))) == []
    assert verdicts(tmp_path, disclosure_text(narrative=narrative.format(380))) == [
        ("narrative-table", "error", "380", "350"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("支出预算350万元，比上年增加50万元，增长16.67%。", []),
        (
            "支出预算350万元，比上年增加50万元，增长16.6%。",
            [("growth-rate", "rounding", "16.6", "16.7")],
        ),
        (
            "支出预算350万元，比上年减少50万元，下降16.67%。",
            [("growth-rate", "error", "16.67", "12.5")],
        ),
        ("支出预算350万元，与上年持平。", []),
        ("支出预算350万元，其中：基本支出100万元，占28.57%。", []),
        ("支出预算350万元，其中：基本支出100万元，占45%。", [("share", "error", "45", "28.6")]),
    ],
)
def test_growth_and_share(
    tmp_path: Path, sentence: str, expected: list[tuple[str, str, str, str]]
) -> None:
    narrative = f"### 三、关于2023年支出预算情况说明\n\n2023年{sentence}"
    assert verdicts(tmp_path, disclosure_text(narrative=narrative)) == expected


values = st.decimals(min_value=0, max_value=10**6, places=3)


@given(st.lists(values, min_size=1, max_size=20))
def test_honest_rounding_is_never_called_an_error(exact: list[Decimal]) -> None:
    """Round the parts and their sum: whatever they were, the sum can still hold."""
    parts = [NumberInterval(value.quantize(Decimal(1)), HALF) for value in exact]
    total = NumberInterval(sum(exact, Decimal(0)).quantize(Decimal(1)), HALF)
    assert compare(total, parts) in (None, "rounding")


@given(st.lists(values, min_size=1, max_size=20), st.integers(1, 1000))
def test_a_difference_beyond_all_rounding_always_is(exact: list[Decimal], extra: int) -> None:
    parts = [NumberInterval(value.quantize(Decimal(1)), HALF) for value in exact]
    total = sum((part.value for part in parts), Decimal(0))
    wrong = NumberInterval(total + (len(parts) + 1) // 2 + extra, HALF)
    assert compare(wrong, parts) == "error"


@given(values, values)
def test_the_exact_rate_lies_in_its_range(before: Decimal, change: Decimal) -> None:
    before += 100
    found = rate_range(NumberInterval(before + change, HALF), NumberInterval(change, HALF))
    assert found is not None
    exact, low, high = found
    assert low <= exact <= high


def test_every_family_of_the_rule_file_has_its_function() -> None:
    stages = [stage for stage in vars(registry).values() if isinstance(stage, registry.Stage)]
    assert {rule.family for rule in load_rules()} == set(families())
    assert set(families()) == set().union(*stages, QUERIES)


def test_a_family_has_one_function_in_a_stage() -> None:
    stage: registry.Stage[Any] = registry.Stage()
    stage("twice")(len)
    with pytest.raises(AssertionError, match="twice"):
        stage("twice")(len)


def test_the_errors_of_the_sample(contents: PackageContents) -> None:
    """Each looked up in the document by hand; see the messages for why."""
    errors = [(f.rule, f.line, f.cell, f.printed, f.expected)
              for f in check(contents) if f.verdict == "error"]  # fmt: skip
    assert errors == [
        ("code-name", 147, None, "2210101 住房公积金", "2210201"),
        ("subtotal-in-other-column", 253, "D15", "392", "392"),
        ("total-without-details", 293, "G10", "1198", None),
        ("row-sum", 307, "C3", "96.5", "64"),
        ("narrative-table", 357, None, "2494", "2492"),
        ("narrative-table", 401, None, "16864", "902"),
        ("narrative-table", 405, None, "2233", "392"),
        ("growth-rate", 497, None, "0.5", "0.8"),
        ("growth-rate", 509, None, "14.39", "11.18"),
    ]


def test_the_wrong_cell_is_named_not_the_total_it_spoils(contents: PackageContents) -> None:
    """Table 8: 64 + 32.5 = 96.5 is right; only the vehicle subtotal is not."""
    table8 = [f for f in check(contents) if f.line == 307 and f.rule == "row-sum"]
    assert [(f.cell, f.expected) for f in table8] == [("C3", "64")]


def test_rounding_in_the_sample_is_not_called_an_error(contents: PackageContents) -> None:
    rounding = {(f.rule, f.printed, f.expected) for f in check(contents) if f.verdict == "rounding"}
    assert ("row-sum", "691", "692") in rounding
    assert ("procurement-parts", "444", "443") in rounding


def test_checking_changes_nothing(contents: PackageContents) -> None:
    before = [fact.printed for fact in contents.facts]
    check(contents)
    assert [fact.printed for fact in contents.facts] == before


def test_a_code_in_no_list_is_told_with_what_is_nearest(contents: PackageContents) -> None:
    """The sample prints 2210101 for 住房公积金; the code is kept, the advice is only told."""
    [finding] = [f for f in check(contents) if f.rule == "unlisted-codes"]
    assert "2210101 住房公积金（相近：2210201 住房公积金、" in finding.message_zh
    assert "2210101 住房公积金 (nearest: 2210201 住房公积金, " in finding.message_en
    assert any(fact.function == "2022-2210101" for fact in contents.facts)
