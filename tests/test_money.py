"""Printed numbers are read exactly, and a blank is never zero."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.units import find_unit
from yusuan.model.money import plain, to_fen, yuan

amounts = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("2492", "2492"), ("96.5", "96.5"), ("1,326.81", "1326.81"), ("１，２３４", "1234"),
        ("(3.5)", "-3.5"), ("（3.5）", "-3.5"), ("-12", "-12"), ("0.00", "0.00"), ("￥5", "5"),
        (" 7 ", "7"), ("\N{EN DASH}5.00", "-5.00"), ("\N{FIGURE DASH}1,200", "-1200"),
        ("－5.00", "-5.00"), ("\N{MINUS SIGN}5", "-5"),
    ],
)  # fmt: skip
def test_numbers_as_governments_print_them(printed: str, value: str) -> None:
    number = parse_number(printed)
    assert number is not None
    assert number.value == Decimal(value)


@pytest.mark.parametrize(
    "printed", ["", " ", "-", "—", "／", "无", "201 一般公共服务支出", "1,23", "(5", "5%", "1 2",
                "\N{EN DASH}", "\N{FIGURE DASH}", "－", "\N{EN DASH} 5", "\N{EN DASH}\N{EN DASH}5",
                "3\N{EN DASH}5", "(\N{EN DASH}5)"]
)  # fmt: skip
def test_anything_else_is_no_number(printed: str) -> None:
    assert parse_number(printed) is None


@given(amounts)
def test_thousands_separators_change_nothing(value: Decimal) -> None:
    number = parse_number(f"{value:,}")
    assert number is not None
    assert number.value == value
    assert number.decimals == 2


@given(amounts, st.sampled_from("-－\N{MINUS SIGN}\N{EN DASH}\N{FIGURE DASH}"))
def test_a_dash_right_before_the_digits_is_a_minus_and_alone_is_nothing(
    value: Decimal, dash: str
) -> None:
    number = parse_number(f"{dash}{value:,}")
    assert number is not None
    assert (number.value, number.printed) == (-value, f"{dash}{value:,}")
    assert parse_number(dash) is None


@given(amounts)
def test_plain_spelling_round_trips_without_exponent(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


@given(st.lists(amounts, min_size=1, max_size=30))
def test_sums_in_fen_equal_decimal_sums(values: list[Decimal]) -> None:
    fen = [to_fen(plain(value)) for value in values]
    assert None not in fen
    assert yuan(sum(number for number in fen if number is not None)) == f"{sum(values):.2f}"


@pytest.mark.parametrize(
    ("caption", "unit"),
    [("单位：万元", 10_000), ("单位: 元", 1), ("金额单位：人民币亿元", 100_000_000), ("（万元）", 10_000),
     ("编制单位：某局", None), ("单位：", None)],
)  # fmt: skip
def test_units_of_account(caption: str, unit: int | None) -> None:
    assert find_unit(caption) == unit
