"""What the narrative adds up and works out by itself, with no table to hold it against."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.disclosures import disclosure_text
from tests.test_plausible import HOLDINGS, findings, narrative

VEHICLES = HOLDINGS + "占用使用国有资产总体情况为：车辆{}辆；其中：{}。"
PROCUREMENT = "### 六、政府采购情况\n\n2023年，政府采购预算{}万元，其中：政府采购货物预算{}万元，政府采购工程预算{}万元，政府采购服务预算{}万元。"  # fmt: skip


@pytest.mark.parametrize(
    ("held", "kinds", "expected"),
    [
        ("11", "一般公务用车8辆，执法执勤用车3辆", []),
        # fewer than the total: the kinds listed need not be all
        ("11", "一般公务用车8辆", [("warning", None)]),
        # more than the total cannot be, whatever else there is
        ("18", "一般公务用车5辆，执法执勤用车31辆", [("error", "31")]),
        # one of them may have been 0, or the total 5: neither is named
        ("2", "一般公务用车3辆，执法执勤用车2辆", [("error", None)]),
        ("18", "一般公务用车5辆，执法执勤用车13辆，其他用车0辆", []),
        # with 其他用车 they are all: then fewer cannot be either
        ("18", "一般公务用车5辆，其他用车31辆", [("error", "31")]),
        ("81", "一般公务用车52辆，其他用车26辆", [("error", None)]),
    ],
)
def test_kinds_of_vehicles_are_no_more_than_all(
    tmp_path: Path, held: str, kinds: str, expected: list[tuple[str, str | None]]
) -> None:
    found = [
        (f.verdict, f.printed if f.certainty != "tied" else None)
        for f in findings(tmp_path, disclosure_text(narrative=VEHICLES.format(held, kinds)))
        if f.rule == "vehicle-parts"
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("parts", "verdicts"),
    [
        ("政府采购货物预算60万元", ["warning"]),  # services need not be stated
        ("政府采购货物预算60万元，政府采购服务预算60万元", ["error"]),  # too much, whatever else
        ("政府采购货物预算60万元，政府采购服务预算40万元", []),
        ("政府采购货物预算60万元，政府采购工程预算0万元，政府采购服务预算30万元", ["error"]),
    ],
)
def test_parts_that_are_not_stated_may_be_the_rest(
    tmp_path: Path, parts: str, verdicts: list[str]
) -> None:
    text = f"### 六、政府采购情况\n\n2023年，政府采购预算100万元，其中：{parts}。"
    found = findings(tmp_path, disclosure_text(narrative=text))
    assert [f.verdict for f in found if f.rule == "procurement-parts"] == verdicts


def test_a_number_is_not_thought_to_be_below_zero_where_none_is(tmp_path: Path) -> None:
    """10 + 78 + 31 is not 58: that 31 should have been -30 is no explanation, that 78 should
    have been 18 is one."""
    text = disclosure_text(narrative=PROCUREMENT.format(58, 10, 78, 31))
    [found] = [f for f in findings(tmp_path, text) if f.rule == "procurement-parts"]
    assert (found.printed, found.proposed, found.certainty) == ("78", "18", "likely")


@pytest.mark.parametrize(
    ("rate", "meant", "slip"),
    [
        # 29.44 / (154.97 - 29.44) is 23.4526 %: rounded amounts allow 23.44 to 23.46
        ("32.46", "23.46", "transposition"),
        ("23.95", "23.45", "digit"),
        ("61.08", "23.45", "miscalculated"),
    ],
)
def test_a_rate_is_proposed_that_one_slip_explains_within_rounding(
    tmp_path: Path, rate: str, meant: str, slip: str
) -> None:
    sentence = f"机关运行经费154.97万元，比上年增加29.44万元，增长{rate}%。"
    [found] = [f for f in findings(tmp_path, narrative(sentence)) if f.rule == "growth-rate"]
    assert (found.printed, found.proposed, found.slip) == (rate, meant, slip)
