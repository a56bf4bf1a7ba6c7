"""Number formats: what is shown, held against arithmetic, stated examples and LibreOffice."""

import csv
import datetime
import re
import shutil
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.sources.spreadsheets.number_format import BUILT_IN, UnknownFormat, general, parse_format

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
AMOUNTS = st.decimals(-10_000_000_000, 10_000_000_000, places=3).map(lambda value: value + 0)


def shown(code: str, value: object, *, date1904: bool = False) -> str:
    return parse_format(code).number(Decimal(str(value)), date1904=date1904).text.strip()


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        # Excel's own scaling: by a comma, and by a point set among the digits
        ("0!.0000", 10_000_000, "1000.0000"), ("0!.0000", 5, "0.0005"), ("0!.0,", 123_456, "12.3"),
        ("0\\.0000", 10_000_000, "1000.0000"), ('0"."0,', 123_456, "12.3"),
        ("#,##0,", 1_234_567, "1,235"), ("0.00,,", 123_456_789, "123.46"), ("0.0,", 1_250, "1.3"),
        # Zeros and blanks that the places ask for
        ("00", 8, "08"), ("000000", 8, "000008"), ("0,000", 5, "0,005"), ("#,##0", 0, "0"),
        ("#", 0, ""), ("#.##", "0.5", ".5"), ("0.##", 8, "8"), ("0.0#", "1.25", "1.25"),
        ("???0", 12, "12"), ("0.0??", "1.5", "1.5"), (".00", "12.5", "12.50"),
        # Units and signs
        ('0.00"万元"', 12, "12.00万元"), ("0.00万元", 12, "12.00万元"), ("￥#,##0.00", 1234, "￥1,234.00"),
        ("[$￥-804]#,##0", 1234, "￥1,234"), ("0.00%", "0.12345", "12.35%"), ("0%", 1, "100%"),
        ('"￥"0.00', -5, "-￥5.00"), ("General元", "1.5", "1.5元"),
        # Sections: negatives, zero, conditions
        ("#,##0.00;[Red](#,##0.00)", -1234, "(1,234.00)"), ('0;"△"0', -5, "△5"), ("0;-0;", 0, ""),
        (ACCOUNTING, 0, "-"), (ACCOUNTING, "-1234.5", "-1,234.50"), (";;;", 5, ""),
        ('[>=10000]0!.0,"万";0', 123_456, "12.3万"), ('[>=10000]0!.0,"万";0', 999, "999"),
        ('[>=100000000]0.00,,"亿";[>=10000]0!.00,"万";0', 20_000, "0.20万"),
        ('[=0]"";0.00', 0, ""), ("0.00;@", -5, "-5.00"), ("@", "1.50", "1.5"),
        ('[>0]0;[<0]"▲"0;"-"', -3, "▲3"), ("-0", 5, "-5"), ("0-", 5, "5-"),
        # Halves are rounded away from zero, on the decimal digits and not their binary neighbour
        ("0", "0.5", "1"), ("0", "2.5", "3"), ("0", "-2.5", "-3"), ("0.00", "1.005", "1.01"),
        ("0.00", "1000.004", "1000.00"), ("0.00E+00", 12_345, "1.23E+04"), ("0.0E+0", "9.96", "1.0E+1"),
        ("##0.0E+0", 12_345, "12.3E+3"),
        # Dates and times, the day that never was among them
        ("yyyy-mm-dd", 1000, "1902-09-26"), ("yyyy/m/d", 60, "1900/2/29"), ("yyyy/m/d", 1, "1900/1/1"),
        ('yyyy"年"m"月"d"日"', 45_000, "2023年3月15日"), ("yy.mm.dd", 45_000, "23.03.15"),
        ("h:mm:ss", "0.75", "18:00:00"), ("[h]:mm", "1.5", "36:00"), ("上午/下午h:mm", "0.75", "下午6:00"),
        ("aaaa", 45_000, "星期三"), ("mm:ss.0", "0.0012345", "01:46.7"), ("m/d", 45_000, "3/15"),
    ],
)  # fmt: skip
def test_as_excel_shows_it(code: str, value: object, text: str) -> None:
    assert shown(code, value) == text


@pytest.mark.parametrize(
    "code",
    ["# ?/?", "[DBNum2]General", "[$-F800]yyyy", "0.0.0", "0\n%", "abc", "0x", "#,##0!.00", "e0",
     '0.00*9', "[Purple]0", '"open', "0;0;0;0;0", "[$-404]e/m/d", "0*-"],
)  # fmt: skip
def test_outside_the_grammar_nothing_is_guessed(code: str) -> None:
    with pytest.raises(UnknownFormat):
        shown(code, 1234)


@pytest.mark.parametrize("value", [-1, Decimal(2_958_466), Decimal("1E8"), Decimal("1E300")])
@pytest.mark.parametrize("code", ["yyyy-mm-dd", "[h]:mm:ss.000"])
def test_no_such_date(code: str, value: Decimal) -> None:
    with pytest.raises(UnknownFormat):
        shown(code, value)


@pytest.mark.parametrize("value", ["1E300", "-1E300", "1E-300"])
def test_numbers_of_any_size(value: str) -> None:
    for code in ("0.00", "#,##0,,", "0.0%", "0.0E+0", "##0.0E+0", "General", "0!.0000"):
        assert shown(code, value)


def test_a_minus_below_a_condition_is_not_guessed() -> None:
    with pytest.raises(UnknownFormat, match="negative"):
        shown('[>=10000]0!.0,"万";0', -5)
    assert shown("[>=10000]0;(0)", -5) == "(5)"


def test_text_has_a_section_of_its_own() -> None:
    assert parse_format('@"（元）"').text("合计").text == "合计（元）"
    assert parse_format("0.00").text("合计").text == "合计"
    assert parse_format(";;;").text("合计").text == ""
    assert parse_format("0;-0;0;@").text("合计").text == "合计"


def test_colours_come_with_the_text() -> None:
    assert parse_format("0;[White]0").number(Decimal(-5)).colour == "FFFFFF"
    assert parse_format("0;[White]0").number(Decimal(5)).colour is None


def test_every_format_named_by_number_is_understood() -> None:
    unknown = {12, 13}  # fractions
    for number, code in BUILT_IN.items():
        if number not in unknown:
            assert shown(code, 45_000)


@given(AMOUNTS, st.integers(0, 6))
def test_decimals_are_rounded_and_filled(value: Decimal, decimals: int) -> None:
    code = "#,##0." + "0" * decimals if decimals else "#,##0"
    text = shown(code, value)
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    assert Decimal(text.replace(",", "")) == rounded
    assert len(text.partition(".")[2]) == decimals
    assert re.fullmatch(r"-?\d{1,3}(,\d{3})*(\.\d+)?", text)


@given(st.integers(0, 10**14), st.integers(1, 6), st.sampled_from(["!.", "\\.", '"."']))
def test_a_point_among_the_digits_divides(value: int, places: int, point: str) -> None:
    assert Decimal(shown(f"0{point}" + "0" * places, value)) == Decimal(value).scaleb(-places)


@given(st.integers(0, 10**12), st.integers(1, 3))
def test_a_comma_behind_divides_by_a_thousand(value: int, commas: int) -> None:
    exact = Decimal(value) / 1000**commas
    assert Decimal(shown("0.00" + "," * commas, value)) == round_half_up(exact, 2)


@given(AMOUNTS)
def test_percent_is_a_hundredfold(value: Decimal) -> None:
    assert shown("0.000%", value) == f"{value * 100:.3f}%"


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_leading_zeros(value: int, places: int) -> None:
    assert shown("0" * places, value) == str(value).zfill(places)


@given(AMOUNTS)
def test_sections_show_the_magnitude(value: Decimal) -> None:
    text = shown('0.000;"负"0.000;"零"', value)
    assert text == ("零" if not value else f"{'负' if value < 0 else ''}{abs(value):.3f}")


@given(st.dates(datetime.date(1900, 3, 1), datetime.date(9999, 12, 31)))
def test_days_are_counted_in_both_systems(day: datetime.date) -> None:
    since_1900 = (day - datetime.date(1899, 12, 30)).days
    assert shown("yyyy-mm-dd", since_1900) == day.isoformat()
    since_1904 = (day - datetime.date(1904, 1, 1)).days
    if since_1904 >= 0:
        assert shown("yyyy-mm-dd", since_1904, date1904=True) == day.isoformat()


@given(st.integers(0, 86_399))
def test_seconds_of_the_day(second: int) -> None:
    serial = format(second / 86_400, ".15g")
    clock = datetime.time(second // 3600, second // 60 % 60, second % 60)
    assert shown("hh:mm:ss", serial) == clock.isoformat()


@given(st.decimals(-(10**14), 10**14, places=1))
def test_without_a_format_no_digit_is_lost(value: Decimal) -> None:
    assert Decimal(general(value)) == value


@given(
    st.text(st.sampled_from('0#?.,%;@[]"!\\_* -万元EeyYmdhs/-+=<>()RGBnal5\n'), max_size=30),
    AMOUNTS | st.decimals(-(10**308), 10**308, allow_nan=False),
)
def test_any_format_is_rendered_or_refused(code: str, value: Decimal) -> None:
    form = parse_format(code)
    for show in (lambda: form.number(value), lambda: form.text("合计")):
        try:
            assert isinstance(show().text, str)
        except UnknownFormat as problem:
            assert str(problem)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


# LibreOffice, which renders the same formats with code of its own. Left out is what it shows in
# another way than Excel: "!" as a sign of its own, days before March 1900, seconds cut off, and
# no minus before what is rounded to zero.
OFFICE_CODES = (
    "#,##0,", "00", "000000", '0.00"万元"', "0.00", "0.0%", "#,##0.00;[Red](#,##0.00)", ACCOUNTING,
    '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "0.00E+00", "##0.0E+0", 'General"元"', "000-0000",
    "#,###", "#,##0.##", "0.00,,", "0;-0;", "???", "0,000", "#", "0.0?", "0.???", "#.##", ".00",
    "\\(0\\)", "0-", "0;0-", "+0;-0;0", '"￥"#,##0.00', "[$￥-804]#,##0.00", "0\\.00", '0"."0000',
    "#,##0.00_);[Red]\\(#,##0.00\\)", "0.0,", '"△"0;"▲"0', "0.00;@", '0.00%;-0.00%;"—"', "# ##0",
    '[>=100000000]0.00,,"亿";[>=10000]0.00,"千";0.0', '[=0]"-";#,##0.00', "0.000_ ", "@", ";;;",
    "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "d/m/yy", "yy.m.d", "h:mm", "yyyy/m/d h:mm",
)  # fmt: skip
OFFICE_VALUES = ("0", "8", "1000.004", "10000000", "1234567.891", "-1234567.891", "0.5", "-0.5",
                 "2.5", "-8", "0.12345", "123456", "45000", "45000.75", "0.005", "99999.995",
                 "12345678", "-0.001", "1E-7", "-1999.5")  # fmt: skip


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_as_libreoffice_shows_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row, code in enumerate(OFFICE_CODES, start=1):
        for column, value in enumerate(OFFICE_VALUES, start=1):
            book.active.cell(row, column, float(value)).number_format = code
    book.save(tmp_path / "formats.xlsx")
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir", str(tmp_path),
         str(tmp_path / "formats.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    with (tmp_path / "formats.csv").open(encoding="utf-8", newline="") as stream:
        table = list(csv.reader(stream))
    compared = 0
    for code, texts in zip(OFFICE_CODES, table, strict=True):
        for value, said in zip(OFFICE_VALUES, texts, strict=True):
            if re.search("[ymd]", code) and Decimal(value) < 61:
                continue
            try:
                ours = shown(code, value)
            except UnknownFormat:
                continue
            assert unsigned_zero(ours) == unsigned_zero(said.strip()), (code, value)
            compared += 1
    assert compared > 800


def unsigned_zero(text: str) -> str:
    return text if re.search("[1-9]", text) else text.replace("-", "").strip()
