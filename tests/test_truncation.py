"""Numbers cut off (截位) instead of rounded: a verdict of their own, below error."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from benchmarks.rules_sql import write_csv
from hypothesis import given
from hypothesis import strategies as st

from tests.disclosures import disclosure_text, write
from tests.reports.made import sample_report
from yusuan.checks import check
from yusuan.checks.rounding import NumberInterval, compare
from yusuan.checks.sql.sweep import Sweep
from yusuan.facts import PackageContents, compile_contents
from yusuan.model.findings import VERDICTS, Finding
from yusuan.narrative.disclosure import understand
from yusuan.reports import as_csv, as_github, as_gitlab, as_html, as_json, as_sarif, terminal_lines
from yusuan.schema import catalogue
from yusuan.sources import read_document

SECTION = "### 三、关于2023年支出预算情况说明\n\n"


def stated(folder: Path, yuan: str, sentence: str) -> list[Finding]:
    """What is found where the table prints an amount in yuan and the narrative states it so."""
    rows = (f"213\t03\t01\t行政运行\t{yuan}\t{yuan}\t", f"\t\t\t合 计\t{yuan}\t{yuan}\t")
    text = disclosure_text(rows=rows, unit="元", narrative=f"{SECTION}2023年{sentence}")
    found = check(compile_contents([understand(read_document(write(folder, text)))]))
    return [each for each in found if each.rule != "unlisted-codes"]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("328661", "truncation"),
        ("328662", None),
        ("328,661.8", None),
        ("328661.80", "truncation"),
        ("328660", "error"),  # more than one unit of the last digit away
        ("328663", "error"),
        ("328661.82", "error"),  # away from zero is no cutting off
    ],
)
def test_a_number_cut_off_is_no_error(tmp_path: Path, printed: str, verdict: str | None) -> None:
    found = stated(tmp_path, "3,286,618,082.20", f"支出预算{printed}万元。")
    assert [each.verdict for each in found] == ([verdict] if verdict else [])
    if verdict == "truncation":
        assert "截位" in found[0].message_zh and "cut off" in found[0].message_en
        assert found[0].claim and found[0].proposed is None


def test_what_rests_on_a_number_cut_off_is_judged_with_what_was_cut(tmp_path: Path) -> None:
    """3.99 after 2.09 are 90.91% more, though 3 after 1.1 would be 172.73%."""
    right = stated(tmp_path, "39900.00", "支出预算3万元，比上年增加1.9万元，增长90.91%。")
    assert [each.verdict for each in right] == ["truncation"]
    wrong = stated(tmp_path, "39900.00", "支出预算3万元，比上年增加1.9万元，增长490.91%。")
    assert "error" in {each.verdict for each in wrong}


def test_a_rate_cut_off_is_told_from_one_that_rounding_explains(tmp_path: Path) -> None:
    found = stated(tmp_path, "3500000.00", "支出预算350.00万元，比上年增加50.00万元，增长16.6%。")
    assert [(each.rule, each.verdict, each.expected) for each in found] == [
        ("growth-rate", "truncation", "16.7")
    ]


amounts = st.decimals(min_value=-(10**6), max_value=10**6, places=4)


def printed(value: Decimal, decimals: int, how: str = ROUND_HALF_UP) -> NumberInterval:
    step = Decimal(1).scaleb(-decimals)
    return NumberInterval(value.quantize(step, how), step / 2)


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(0, 3))
def test_a_sum_cut_off_is_never_an_error(parts: list[Decimal], decimals: int) -> None:
    total = printed(sum(parts, Decimal(0)), decimals, ROUND_DOWN)
    exact = [NumberInterval(part, Decimal(0)) for part in parts]
    assert compare(total, exact) in (None, "rounding", "truncation")


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(0, 3))
def test_a_sum_a_whole_unit_away_always_is(parts: list[Decimal], decimals: int) -> None:
    whole = sum(parts, Decimal(0))
    total, step = printed(whole, decimals, ROUND_DOWN), Decimal(1).scaleb(-decimals)
    exact = [NumberInterval(part, Decimal(0)) for part in parts]
    for off in (-step, 2 * step):
        away = off if whole >= 0 else -off
        assert compare(NumberInterval(total.value + away, total.half_step), exact) == "error"


@given(st.lists(amounts, min_size=1, max_size=6))
def test_numbers_of_one_precision_are_never_cut_off(parts: list[Decimal]) -> None:
    """Their difference is a whole unit at least."""
    rounded = [printed(part, 1) for part in parts]
    for units in range(-len(parts), len(parts)):
        total = sum((part.value for part in rounded), Decimal(0)) + units / Decimal(10)
        assert compare(NumberInterval(total, Decimal("0.05")), rounded) != "truncation"


def test_every_report_shows_every_verdict(contents: PackageContents, sample: Path) -> None:
    enum = catalogue()["findings"].field("verdict").constraints["enum"]
    assert set(enum) == set(VERDICTS)
    report = sample_report(contents, sample, "zh")
    report = replace(
        report, findings=[replace(report.findings[0], verdict=verdict) for verdict in VERDICTS]
    )
    assert "截位" in "".join(str(line) for line in terminal_lines(report))
    assert "截位" in as_html(report)
    for show in (as_csv, as_json, as_sarif, as_github, as_gitlab):
        assert show(report)


BALANCE = """\
表1:

部门收支总体情况表

单位：元

收入\t\t支出\t
项目\t预算数\t项目\t预算数
一、财政拨款收入\t{yuan}\t农林水支出\t{yuan}
收入总计\t{yuan}\t支出总计\t{yuan}
"""


@pytest.mark.parametrize(
    ("yuan", "verdict"), [("3507800.00", "truncation"), ("3511000.00", "error"), ("3492000.00", "error")]
)  # fmt: skip
def test_tables_of_two_units_in_a_document_and_in_a_sweep(
    yuan: str, verdict: str, tmp_path: Path
) -> None:
    """The other table prints 350 万元 for this total."""
    table = disclosure_text().split("\n\n", 1)[1]
    text = disclosure_text(BALANCE.format(yuan=yuan), table)
    contents = compile_contents([understand(read_document(write(tmp_path, text)))])
    found = [each for each in check(contents) if each.rule == "totals-agree"]
    assert {each.verdict for each in found} == {verdict}
    for name in ("facts", "documents"):
        write_csv(tmp_path / "data" / f"{name}.csv", catalogue()[name], contents)
    swept = [each for each in Sweep([tmp_path]) if each.rule == "totals-agree"]
    assert [each.verdict for each in swept] == [verdict]
    if verdict == "truncation":
        assert found[0].printed == "350"
