"""Numbers and dates that cannot be, whatever else is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import COVER, EXPENDITURE, ROWS, disclosure_text, write
from yusuan.checks import check
from yusuan.facts import compile_contents
from yusuan.model.findings import Finding
from yusuan.narrative.disclosure import understand
from yusuan.sources import read_document

SECTION = "### 三、关于2023年支出预算情况说明\n\n"
HOLDINGS = "### 五、国有资产占用情况\n\n"
ISSUED = "发布日期：2023年2月18日"


def findings(folder: Path, text: str) -> list[Finding]:
    return check(compile_contents([understand(read_document(write(folder, text)))]))


def told(folder: Path, text: str, *rules: str) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.verdict, f.printed) for f in findings(folder, text) if f.rule in rules]


def narrative(text: str) -> str:
    return disclosure_text(narrative=f"{SECTION}2023年{text}")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("支出预算350万元，比上年减少50万元，下降12.5%。", []),
        ("支出预算350万元，比上年增加300万元，增长600%。", []),
        ("支出预算0万元，比上年减少50万元，下降100%。", []),
        ("支出预算350万元，比上年下降120%。", [("impossible-rate", "error", "120")]),
        # the year before was nothing: a rate of it says nothing, whatever is printed
        ("支出预算350万元，比上年增加350万元，增长100%。", [("impossible-rate", "warning", "100")]),
        ("支出预算350万元，比上年增加350万元。", []),
        ("支出预算0万元，比上年增加0万元，增长0%。", []),
        # 0.4 万元 may have been printed as 0: then 100000% is possible
        ("支出预算350万元，比上年增加350万元，增长99900%。", []),
        ("支出预算350万元，比上年增加410万元。", [("impossible-rate", "error", "410")]),
    ],
)
def test_a_rate_needs_a_base(
    tmp_path: Path, sentence: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(tmp_path, narrative(sentence), "impossible-rate") == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2022年支出预算300万元，2023年支出预算350万元，增加50万元。", []),
        ("2022年支出预算300万元，2023年支出预算350万元，减少50万元。", [("50", "50（应为增加）")]),
        ("2022年支出预算300万元，2023年支出预算350万元，增加80万元。", [("80", "50")]),
    ],
)
def test_a_change_lies_between_the_two_years(
    tmp_path: Path, sentence: str, expected: list[tuple[str, str]]
) -> None:
    """增加 though the amounts fall is as wrong as a wrong number."""
    text = disclosure_text(narrative=f"{SECTION}{sentence}")
    found = [f for f in findings(tmp_path, text) if f.rule == "change-of-amounts"]
    way = "（应为增加）"
    told = [(f.printed, f"{f.expected}{way if way in f.message_zh else ''}") for f in found]
    assert told == expected


@pytest.mark.parametrize(("share", "wrong"), [("100", False), ("128.6", True)])
def test_no_share_is_above_the_whole(tmp_path: Path, share: str, wrong: bool) -> None:
    text = narrative(f"支出预算350万元。其中：信息化建设支出占{share}%。")
    assert bool(told(tmp_path, text, "impossible-share")) is wrong


def test_a_share_that_contradicts_its_amounts_is_told_once(tmp_path: Path) -> None:
    text = narrative("支出预算350万元，其中：基本支出100万元，占128.57%。")
    assert told(tmp_path, text, "share", "impossible-share") == [("share", "error", "128.57")]


THREE_PUBLIC = """\
表8:

一般公共预算“三公”经费支出情况表

单位：万元

合 计\t因公出国（境）费\t公务接待费
{}
"""


@pytest.mark.parametrize(("row", "wrong"), [("5\t\t5", []), ("-5\t\t-5", ["-5", "-5"])])
def test_money_for_hospitality_is_not_negative(tmp_path: Path, row: str, wrong: list[str]) -> None:
    text = disclosure_text(THREE_PUBLIC.format(row))
    assert [printed for _, _, printed in told(tmp_path, text, "negative-number")] == wrong


@pytest.mark.parametrize(("year", "wrong"), [("2023", []), ("", []), ("2021", ["2021"])])
def test_a_title_left_from_another_year(tmp_path: Path, year: str, wrong: list[str]) -> None:
    title = f"{year}年部门支出总体情况表" if year else "部门支出总体情况表"
    table = EXPENDITURE.format(unit="万元", rows="\n".join(ROWS))
    text = disclosure_text(table.replace("部门支出总体情况表", title))
    found = told(tmp_path, text, "table-of-another-year")
    assert [printed for _, _, printed in found] == wrong


@pytest.mark.parametrize(
    ("issued", "sentence", "wrong"),
    [
        (ISSUED, "截至2022年底，共有车辆3辆。", ""),
        (ISSUED, "截至2023年1月31日，共有车辆3辆。", ""),
        (ISSUED, "截至2023年底，共有车辆3辆。", "截至2023年底"),
        (ISSUED, "截止 2023 年 3 月末，固定资产300万元。", "截止 2023 年 3 月末"),
        ("", "截至2023年底，共有车辆3辆。", ""),  # nothing says that it was published before
        ("", "截至2028年12月31日，在职人员60人。", "截至2028年12月31日"),
        ("", "截至2019年底，共有车辆3辆。", "截至2019年底"),
        # what is planned, or told of the past, is no state of today
        ("", "截至2028年底，建成水库3座。该项目车辆另计。", ""),
        ("", "项目期限为2023年1月1日至2028年12月31日。", ""),
    ],
)
def test_what_stood_on_a_day_that_had_not_come(
    tmp_path: Path, issued: str, sentence: str, wrong: str
) -> None:
    text = disclosure_text(narrative=f"{HOLDINGS}{sentence}\n\n{issued}")
    found = told(tmp_path, text, "date-out-of-range")
    assert found == ([("date-out-of-range", "warning", wrong)] if wrong else [])


def test_in_final_accounts_the_end_of_the_year_is_right(tmp_path: Path) -> None:
    text = disclosure_text(narrative=f"{HOLDINGS}截至{{}}年12月31日，共有车辆3辆。")
    text = text.replace(COVER, COVER.replace("部门预算", "部门决算")).replace(
        "支出预算", "支出决算"
    )
    rules = ("date-out-of-range", "date-out-of-range-executed")
    assert told(tmp_path, text.format(2023), *rules) == []
    assert told(tmp_path, text.format(2021), *rules) == [
        ("date-out-of-range-executed", "warning", "截至2021年12月31日")
    ]


@pytest.mark.parametrize(
    ("day", "wrong"),
    [("2024年2月29日", False), ("2月29日", False), ("2023年2月29日", True), ("13月1日", True),
     ("2023年6月31日", True), ("2023年6月0日", True), ("2023年12月31日", False)],
)  # fmt: skip
def test_days_that_no_calendar_has(tmp_path: Path, day: str, wrong: bool) -> None:
    text = disclosure_text(narrative=f"{SECTION}自{day}起施行。")
    assert bool(told(tmp_path, text, "no-such-day")) is wrong


def test_the_sample_counts_what_it_cannot_have_known(tmp_path: Path, sample: Path) -> None:
    """Published on 18 February 2022, it tells of the state assets at the end of that year."""
    contents = compile_contents([understand(read_document(sample))])
    (finding,) = (f for f in check(contents) if f.rule.startswith("date-out-of-range"))
    assert (finding.line, finding.printed) == (519, "截至2022年底")
    assert "2022-02-18" in finding.message_zh
