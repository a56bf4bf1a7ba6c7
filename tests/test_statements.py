"""How sentences state numbers: of which year, and of which of several names."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.disclosures import disclosure_text
from tests.test_plausible import SECTION, findings, narrative
from yusuan.facts import compile_contents
from yusuan.narrative.disclosure import understand
from yusuan.narrative.quantities import quantities, unread_sentences
from yusuan.sources import read_document

NAMES = ("因公出国（境）费", "公务接待费", "公务用车购置及运行费", "会议费", "培训费")
Stated = tuple[str | None, str, str, int, str]


def stated(folder: Path, sentence: str, lead: str = "2023年") -> list[Stated]:
    """What a sentence behind a ``lead`` claims: subject, measure, value, year and phase."""
    path = folder / "a.md"
    written = disclosure_text(narrative=f"{SECTION}{lead}{sentence}")
    path.write_text(written, "utf-8")
    line = next(i for i, text in enumerate(written.splitlines(), 1) if sentence in text)
    contents = compile_contents([understand(read_document(path))])
    return [
        (claim.subject, claim.measure, str(claim.value), claim.fiscal_year, claim.phase)
        for claim in contents.claims
        if claim.line == line
    ]


@pytest.mark.parametrize(
    ("compared", "phase"),
    [
        ("比2022年的5万元", "approved"), ("较上年5万元", "approved"), ("比上年预算数5万元", "approved"),
        ("比2022年决算数5万元", "executed"), ("与去年预算5万元相比", "approved"),
    ],
)  # fmt: skip
def test_a_number_compared_with_is_of_its_year(tmp_path: Path, compared: str, phase: str) -> None:
    sentence = f"机关运行经费2.5万元，{compared}减少2.5万元，下降50%。"
    assert stated(tmp_path, sentence) == [
        ("operating-expenses", "amount", "2.5", 2023, "approved"),
        ("operating-expenses", "amount", "5", 2022, phase),
        ("operating-expenses", "change", "-2.5", 2023, "approved"),
        ("operating-expenses", "rate", "-50", 2023, "approved"),
    ]
    assert [f.rule for f in findings(tmp_path, narrative(sentence)) if f.verdict == "error"] == []


def test_the_budget_that_outturn_is_compared_with_is_no_outturn(tmp_path: Path) -> None:
    """1100 is no expenditure of the year: 100 of 1100 are 9.09 %."""
    sentence = "全年支出1200万元，比年初预算1100万元增加100万元，增长9.09%。"
    assert [value for _, _, value, *_ in stated(tmp_path, sentence)] == ["1200", "100", "9.09"]
    assert [f.rule for f in findings(tmp_path, narrative(sentence)) if f.verdict == "error"] == []


@pytest.mark.parametrize(
    ("words", "measure", "sign"),
    [
        ("增长率", "rate", ""),
        ("增幅为", "rate", ""),
        ("下降率为", "rate", "-"),
        ("减少额", "change", "-"),
    ],
)
def test_rates_may_be_named(tmp_path: Path, words: str, measure: str, sign: str) -> None:
    unit = "%" if measure == "rate" else "万元"
    found = stated(tmp_path, f"机关运行经费230万元，{words}4.5{unit}。")
    assert found[1][:3] == ("operating-expenses", measure, f"{sign}4.5")


def test_a_wrong_rate_beside_the_number_compared_with_is_found(tmp_path: Path) -> None:
    sentence = "机关运行经费2.5万元，比2022年的5万元减少2.5万元，下降60%。"
    errors = [f for f in findings(tmp_path, narrative(sentence)) if f.verdict == "error"]
    assert [(f.rule, f.printed) for f in errors] == [("growth-rate", "60")]


def test_a_year_alone_before_a_number_is_its_year(tmp_path: Path) -> None:
    found = stated(tmp_path, "机关运行经费2023年2.5万元，2022年5万元（2021年6万元）。")
    assert [(value, year) for _, _, value, year, _ in found] == [
        ("2.5", 2023), ("5", 2022), ("6", 2021),
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=5, unique=True),
    st.lists(st.integers(1, 900), min_size=5, max_size=5, unique=True),
    st.sampled_from(["为", "安排", "比上年增加", ""]),
    st.sampled_from(["、", "和", "以及"]),
    st.sampled_from(["分别", "依次", "各自"]),
)
@settings(max_examples=60)
def test_each_number_of_a_list_has_its_own_name(
    names: list[str], numbers: list[int], verb: str, last: str, word: str
) -> None:
    own = numbers[: len(names)]
    amounts = [f"{number}万元" for number in own]
    text = f"{'、'.join(names[:-1])}{last}{names[-1]}{word}{verb}{'、'.join(amounts[:-1])}{last}{amounts[-1]}。"
    found = list(quantities(f"全年支出如下。{text}"))
    assert [(q.before, q.value) for q in found] == [
        (f"，{name}{verb}", number) for name, number in zip(names, own, strict=True)
    ]
    assert list(unread_sentences(text)) == []


def test_the_names_may_stand_at_the_numbers_before() -> None:
    text = "公务接待费2万元、会议费3万元，分别比上年减少1万元、4万元。"
    assert [q.before for q in quantities(text)][2:] == [
        "，公务接待费比上年减少", "，会议费比上年减少",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "货物、工程、服务分别为100、200、300万元。",  # numbers without a unit
        "公务接待费、会议费分别为2万元、3万元、4万元。",  # too many
        "商品和服务支出和资本性支出、会议费分别为2万元、3万元。",
        "分别为2万元、3万元。",
        "公务接待费分别为2万元。",
        "货物、工程、服务分别为100、200和300万元。",
    ],
)
def test_a_list_that_is_not_certain_is_told_and_states_nothing(text: str) -> None:
    assert list(quantities(text)) == []
    assert [count for _, _, count in unread_sentences(text)] == [1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("货物、工程、服务为100、200和300万元。", 1),
        ("基本支出1806.36、项目支出1,611.50万元。", 1),
        ("基本支出：1806.36；项目支出：1611.50（单位：万元）。", 2),
        ("基本支出1806.36（万元）。", 0),
        ("基本支出1806.36。", 0),  # of nothing that is money
        (
            "2024.12，占1.10元；1、200万元用于办公；第1、2项5元；表1.05、表2.10为3元；支出1.5、6元",
            1,
        ),
        ("支出1.10元/公里，增长1.25倍，PM2.50、达标。", 0),
    ],
)
def test_amounts_without_a_unit_are_told_where_money_is_spoken_of(text: str, told: int) -> None:
    assert sum(count for _, _, count in unread_sentences(text)) == told


def test_the_order_of_names_is_that_of_the_numbers(tmp_path: Path) -> None:
    for names in permutations(("货物", "工程", "服务")):
        listed = "、".join(names)
        found = stated(
            tmp_path, f"政府采购预算60万元，其中：{listed}分别为10万元、20万元、30万元。"
        )
        subjects = {"货物": "goods", "工程": "works", "服务": "services"}
        assert [(subject, value) for subject, _, value, *_ in found[1:]] == [
            (f"procurement-{subjects[name]}", value)
            for name, value in zip(names, ("10", "20", "30"), strict=True)
        ]


OF_DAYS = (
    "截至2022年12月31日，", "截止2022年8月31日，", "截至2022年12月底，某局", "2022年末", "2022年年末，",
    "至2022年底，本部门", "2022年12月31日，", "2022年6月30日，本部门", "本部门2022年末", "上年末，", "去年底",
)  # fmt: skip
"""A day or year end of the year before that of the document."""


@pytest.mark.parametrize("day", OF_DAYS)
def test_what_stood_on_a_day_is_of_the_year_of_that_day(tmp_path: Path, day: str) -> None:
    sentence = f"{day}实有人数60人，其中在职50人，退休人员10人。其中：编制内45人；遗属2人。"
    found = stated(tmp_path, sentence, "")
    assert [(value, year) for _, _, value, year, _ in found] == [
        ("60", 2022), ("50", 2022), ("10", 2022), ("45", 2022), ("2", 2022),
    ]  # fmt: skip


@pytest.mark.parametrize("day", OF_DAYS)
def test_the_budget_behind_what_stood_on_a_day_is_of_its_own_year(tmp_path: Path, day: str) -> None:
    for sign in ("，", "；", "。"):
        sentence = f"{day}共有车辆3辆{sign}拟购置车辆1辆{sign}机关运行经费2.5万元。"
        found = stated(tmp_path, sentence, "")
        assert [year for *_, year, _ in found] == [2022, 2023, 2023], sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "2022年底前完成整改，机关运行经费2.5万元。",  # a time limit
        "2022年6月30日，经批准成立，机关运行经费2.5万元。",  # an event
        "自2022年12月31日起，机关运行经费2.5万元。",
        "2022年末结转和结余2.5万元。",  # it is carried over into the year of the document
        "机关运行经费2.5万元，比2022年末的水平减少1万元。",
    ],
)
def test_other_days_say_nothing_of_the_year(tmp_path: Path, sentence: str) -> None:
    assert {year for *_, year, _ in stated(tmp_path, sentence, "")} == {2023}


def test_what_stood_last_year_is_added_up_by_itself(tmp_path: Path) -> None:
    section = "### 三、国有资产占用情况\n\n"
    text = "截至2022年12月31日，共有车辆4辆，其中：机要通信用车1辆、应急保障用车2辆、其他用车2辆。"
    errors = [
        (f.rule, f.printed)
        for f in findings(tmp_path, disclosure_text(narrative=section + text))
        if f.verdict == "error"
    ]
    assert errors == [("vehicle-parts", "4")]


@pytest.mark.parametrize(
    "lead",
    [
        "上半年", "2023年上半年，", "1—6月", "2023年1-9月，", "前三季度", "第一季度，", "截至2023年6月30日，",
        "截至9月底，", "7月份", "按可比口径（剔除一次性项目）", "剔除一次性因素后，",
    ],
)  # fmt: skip
def test_amounts_of_a_part_of_the_year_are_in_no_table(tmp_path: Path, lead: str) -> None:
    sentence = f"{lead}支出总计12.5万元，其中：基本支出2.5万元。"
    assert [subject for subject, *_ in stated(tmp_path, sentence, "")] == [None] * 2
    text = disclosure_text(narrative=SECTION + sentence)
    assert [f.rule for f in findings(tmp_path, text) if f.verdict == "error"] == []


@pytest.mark.parametrize(
    "lead",
    ["", "全年", "2023年", "上半年已经完成采购，2023年", "因7月起调整基数，", "6月经批准成立，", "截至2023年12月31日，"],
)  # fmt: skip
def test_amounts_of_the_whole_year_are_those_of_the_tables(tmp_path: Path, lead: str) -> None:
    sentence = f"{lead}支出总计12.5万元。"
    assert [subject for subject, *_ in stated(tmp_path, sentence, "")] == ["expenditure-total"]


def test_a_number_may_be_compared_with_that_of_the_same_time_before(tmp_path: Path) -> None:
    found = stated(tmp_path, "机关运行经费2.5万元，同比上年的5万元减少2.5万元。")
    assert [(value, year) for _, _, value, year, _ in found] == [
        ("2.5", 2023), ("5", 2022), ("-2.5", 2023),
    ]  # fmt: skip
