"""One lexer reads numbers in cells and in sentences; what has two readings is no number.

Every form is made from a known amount and put into every position it can take: the truth is
there before the text is.
"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yusuan.lexicon.numbers import decimal_sign, numbers_in, parse_number, unread_in
from yusuan.lexicon.units import UNITS
from yusuan.narrative.quantities import quantities

amounts = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)
whole = st.integers(min_value=1, max_value=10**10)
FULL_WIDTH = str.maketrans("0123456789,.-()", "０１２３４５６７８９，．－（）")
SEPARATORS = [
    ",",
    "，",
    "'",
    "’",
    "\N{NARROW NO-BREAK SPACE}",
    "\xa0",
    "\N{THIN SPACE}",
    " ",
    ",<br>",
]
MARKS = [
    "①", "⑳", "²", "¹²", "*", "＊", "※", "#", "⑴", "[1]", "［12］", "【1】", "注1", "注",
    "（注）", "（注1）", "(含结转)", "（含上年结转）", " *", "❶", "†",
]  # fmt: skip
MINUS = ["-", "－", "−", "﹣", "–", "—", "负", "△", "▲", "△ "]
UNIT_WORDS = {
    "元": 1, "万元": 10_000, "亿元": 10**8, "万": 10_000, "亿": 10**8, "万 元": 10_000,
    "千元": 1000, "（万元）": 10_000, " 元": 1, "百万元": 10**6,
}  # fmt: skip


def grouped(value: Decimal, separator: str) -> str:
    return f"{value:,.2f}".replace(",", separator)


def worded(number: int, capital: bool) -> str:
    """A whole number in Chinese numerals, as banks write it."""
    digits, powers = (
        ("零壹贰叁肆伍陆柒捌玖", "仟佰拾") if capital else ("零一二三四五六七八九", "千百十")
    )
    text, gap = "", False
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = number // power % 10_000 if power < 10**8 else number // power
        written = ""
        for place, sign in ((1000, powers[0]), (100, powers[1]), (10, powers[2]), (1, "")):
            digit = section // place % 10
            if digit:
                written += ("零" if gap and (written or text) else "") + digits[digit] + sign
            gap = not digit
        if written:
            text += written + name
        gap = gap if written else bool(text)
    return text


@given(amounts, st.sampled_from(SEPARATORS), st.booleans())
def test_separators_and_widths_change_nothing(value: Decimal, separator: str, wide: bool) -> None:
    text = grouped(value, separator)
    number = parse_number(text.translate(FULL_WIDTH) if wide and "<" not in text else text)
    assert number is not None
    assert (number.value, number.decimals, number.unit) == (value, 2, None)


@given(amounts, st.sampled_from(MARKS), st.sampled_from([",", ""]))
def test_a_mark_or_remark_behind_is_no_part_of_the_amount(
    value: Decimal, mark: str, separator: str
) -> None:
    number = parse_number(grouped(value, separator) + mark)
    assert number is not None
    assert (number.value, number.decimals) == (value, 2)
    assert number.note


@given(amounts, st.sampled_from(sorted(UNIT_WORDS)), st.sampled_from(["", "￥", "RMB ", "人民币"]))
def test_a_unit_in_the_cell_is_its_own(value: Decimal, word: str, before: str) -> None:
    number = parse_number(f"{before}{value:,}{word}")
    assert number is not None
    assert (number.value, number.unit) == (value, UNIT_WORDS[word])


@given(amounts, st.sampled_from(MINUS), st.sampled_from(["", "元", "②", "万元*"]))
def test_every_sign_of_a_negative_amount(value: Decimal, sign: str, behind: str) -> None:
    for text in (f"{sign}{value:,}{behind}", f"{value:,}-{behind}", f"（{value:,}）{behind}"):
        number = parse_number(text)
        assert number is not None, text
        assert number.value == -value


@given(amounts, st.sampled_from(MINUS))
def test_two_signs_are_two_readings(value: Decimal, sign: str) -> None:
    assert parse_number(f"({sign}{value})") is None
    assert parse_number(f"{sign}{value}-") is None
    assert parse_number(sign) is None


@given(whole, st.booleans(), st.sampled_from(["元", "元整", "圆整", "元正"]))
def test_amounts_in_words(number: int, capital: bool, behind: str) -> None:
    text = worded(number, capital) + behind
    read = parse_number(text)
    assert read is not None, text
    assert read.unit is not None
    assert read.value * read.unit == number


@given(st.integers(1, 9999), st.integers(1, 9), st.integers(1, 9))
def test_jiao_and_fen(yuan: int, jiao: int, fen: int) -> None:
    value = yuan + Decimal(jiao) / 10 + Decimal(fen) / 100
    capital = "零壹贰叁肆伍陆柒捌玖"
    for text in (
        f"{yuan}元{jiao}角{fen}分",
        f"{worded(yuan, True)}元{capital[jiao]}角{capital[fen]}分",
    ):
        number = parse_number(text)
        assert number is not None
        assert (number.value, number.decimals, number.unit) == (value, 2, 1)


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_amounts_in_parts(above: int, below: int) -> None:
    for text, value in (
        (f"{above}万{below}元", above * 10_000 + below), (f"{above}万零{below}元", above * 10_000 + below),
        (f"{above}亿{below}万元", (above * 10_000 + below) * 10_000),
    ):  # fmt: skip
        number = parse_number(text)
        assert number is not None
        assert number.unit is not None
        assert number.value * number.unit == value
        assert [q.amount for q in quantities(f"收入总计{text}。")] == [value]


def in_pieces(number: int) -> str:
    """A number below ten thousand with words for its powers of ten: 3千, 2千零5, 1百2十."""
    text, gap = "", False
    for power, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        text += ("零" if gap and text else "") + f"{digit}{sign}" if digit else ""
        gap = not digit
    return text


@given(
    st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999),
    st.tuples(st.booleans(), st.booleans(), st.booleans()), st.sampled_from(["", "零"]),
)  # fmt: skip
def test_amounts_in_pieces_are_read_whole_or_told(
    yi: int, wan: int, rest: int, pieces: tuple[bool, bool, bool], zero: str
) -> None:
    value = (yi * 10_000 + wan) * 10_000 + rest
    words = [
        (in_pieces(part) if cut else f"{part}") + sign
        for part, sign, cut in zip((yi, wan, rest), ("亿", "万", ""), pieces, strict=True)
        if part
    ]
    text = zero.join(words) + "元"
    stated = [q.amount for q in quantities(f"收入总计{text}。")]
    told = [*unread_in(f"收入总计{text}。")]
    assert stated == [value] or (not stated and told) or not value
    if len(re.findall("[0-9]+", text)) > 1:
        assert stated == [value], text
        number = parse_number(text)
        assert number is not None
        assert number.value * (number.unit or 1) == value


@pytest.mark.parametrize(
    "text",
    [
        "3千5元",
        "1.5亿2千万元",
        "1万2千万元",
        "12百3元",
        "120万三千元",
        "三百万零3千元",
        "1,200.5万3千元",
    ],
)
def test_pieces_with_two_readings_are_told_whole(text: str) -> None:
    sentence = f"收入总计{text}。"
    assert not [*quantities(sentence)]
    assert [*unread_in(sentence)]
    assert parse_number(text) is None


@given(
    st.integers(1, 9999), st.integers(1, 9), st.sampled_from("千百"), st.sampled_from(["", "零"])
)
def test_pieces_may_lack_the_word_for_yuan(wan: int, rest: int, power: str, zero: str) -> None:
    value = wan * 10_000 + rest * {"千": 1000, "百": 100}[power]
    text = f"{wan}万{zero}{rest}{power}"
    for end in ("", "。", "，比上年增加", "元。"):
        assert [q.amount for q in quantities(f"收入总计{text}{end}")] == [value]
    assert not [*quantities(f"服务人口{text}人。")]
    number = parse_number(text)
    assert number is not None
    assert (number.value, number.unit) == (value, 1)


@pytest.mark.parametrize("text", ["120万3", "1亿2", "1,200万3.5", "3.5亿 2"])
def test_amounts_said_in_short_are_told(text: str) -> None:
    for end in ("。", "，主要用于修缮。", ""):
        assert not [*quantities(f"收入总计{text}{end}")]
        assert [*unread_in(f"收入总计{text}{end}")]


@pytest.mark.parametrize(
    ("text", "decimals"), [("120万3千元", -3), ("3千万元", -3), ("500万元", -2)]
)
def test_a_rough_amount_in_pieces_is_as_rough(text: str, decimals: int) -> None:
    assert [q.decimals for q in quantities(f"支出约{text}。")] == [decimals]


@given(amounts)
def test_a_broken_line_inside_a_grouped_number(value: Decimal) -> None:
    text = f"{value + 1000:,}"
    for at in range(1, len(text)):
        number = parse_number(f"{text[:at]} {text[at:]}")
        assert number is None or number.value == value + 1000
    comma = text.index(",")
    for at in (comma, comma + 1, text.index(".")):
        assert parse_number(f"{text[:at]}<br>{text[at:]}") is not None


@given(st.lists(amounts, min_size=1, max_size=8), st.integers(1000, 10**8))
def test_a_column_proves_the_decimal_comma(values: list[Decimal], large: int) -> None:
    turn = str.maketrans(",.", ".,")
    numbers = [*values, Decimal(large)]
    texts = [f"{value:,.2f}".translate(turn) for value in numbers]
    assert decimal_sign(texts) == ","
    read = [parse_number(text, ",") for text in texts]
    assert [number.value for number in read if number] == numbers


@pytest.mark.parametrize(
    ("texts", "sign"),
    [(["12,5"], "."), (["600,00", "12,50"], "."), (["600,00", "12,50", "7,25"], ","),
     (["600,00", "12,50", "1,000"], "."), (["1.000,00", "1,000.00"], "?"), (["1,000.00", "3.5"], "."),
     ([], ".")],
)  # fmt: skip
def test_what_proves_a_decimal_comma_and_what_does_not(texts: list[str], sign: str) -> None:
    assert decimal_sign(texts) == sign


@pytest.mark.parametrize(
    "printed",
    ["①", "²", "12,5", "1,23", "1 2", "100 200", "600.00 580.00", "12 345", "1E+03", "1.00E+03",
     "5%", "83．3％", "400（辆）", "400.00(50.00)", "400（含2023年结转）", "一千二", "一万二元", "一亿二千元",
     "壹万贰仟", "一", "十", "三", "万元", "百元", "2024年", "12号", "100万美元", "1,20万元", "0571-85551234",
     "〔2019〕12号", "2-3", "1.5亿2000万元", "20000万30000元", "5 -", "- -", "无", "—", "——", "/", "213.03.05",
     "1.200,500", "1,000.00元元"],
)  # fmt: skip
def test_two_readings_or_none_are_no_number(printed: str) -> None:
    assert parse_number(printed) is None


@pytest.mark.parametrize("printed", ["1.234", "1,234"])
def test_a_column_that_proves_both_signs_leaves_some_numbers_open(printed: str) -> None:
    assert parse_number(printed, "?") is None
    point, comma = parse_number(printed, "."), parse_number(printed, ",")
    assert point and comma and point.value != comma.value


@given(amounts, st.integers(0, 3))
def test_scientific_notation_is_read_where_it_prints_every_digit(value: Decimal, more: int) -> None:
    value += 1
    number = parse_number(f"{value:.{value.adjusted() + 2 + more}E}")
    assert number is not None
    assert number.value == value


CONTEXTS = [
    "{}",
    "收入总计{}。",
    "其中：{}，支出",
    "（一）收入{}；",
    "比上年增加{}，增长",
    "\n{}\n",
]


@given(amounts, st.sampled_from(CONTEXTS), st.sampled_from(["万元", "元", "亿元", " 万 元", "万", "亿"]),
       st.sampled_from([",", "，", ""]), st.booleans())  # fmt: skip
def test_amounts_in_sentences(
    value: Decimal, context: str, word: str, separator: str, wide: bool
) -> None:
    text = grouped(value, separator)
    printed = (text.translate(FULL_WIDTH) if wide else text) + word
    found = list(quantities(context.format(printed)))
    factor = UNIT_WORDS.get(word.strip(), 10_000)
    assert [(each.amount, each.printed) for each in found] == [(value * factor, printed)]


@given(whole, st.sampled_from(CONTEXTS), st.booleans())
def test_amounts_in_words_in_sentences(number: int, context: str, capital: bool) -> None:
    printed = worded(number + 10, capital) + "元整"
    found = list(quantities(context.format(printed)))
    assert [(each.amount, each.printed) for each in found] == [(number + 10, printed)]


@given(st.decimals(0, 100, places=1), st.sampled_from(["%", "％", " %"]))
def test_shares_in_any_width(value: Decimal, sign: str) -> None:
    found = list(quantities(f"占{str(value).translate(FULL_WIDTH)}{sign}；"))
    assert [(each.value, each.unit) for each in found] == [(value, "%")]


@pytest.mark.parametrize(
    "text",
    ["50万元以上", "五十万元以上", "100-200万元", "100万元至200万元", "100万元-200万元", "分别为100，200，300万元", "100～200万元", "1.2万人", "100万美元",
     "几百万元", "数十万元", "一元化管理", "〔2019〕12号", "2024年1月1日", "电话0571-85551234", "（300万元）",
     "1,20.50万元", "1.5亿2000万元", "2130305项", "3万平方米土地"],
)  # fmt: skip
def test_sentences_without_an_amount(text: str) -> None:
    assert [each for each in quantities(text) if each.is_money] == []


@given(
    st.text(
        alphabet="0123456789.,，．　 '%()（）-—△负万元亿角整零一二十百千壹拾①²*[]注Ee", max_size=40
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    number = parse_number(text)
    assert number is None or (number.value.is_finite() and number.decimals >= 0)
    assert number is None or number.unit is None or number.unit in UNITS.values()
    for lexeme in numbers_in(text):
        assert 0 <= lexeme.start < lexeme.end <= len(text)


UNREADABLE = (
    "1,20.50万元", "1.234.5万元", "12..5万元", "1,,200万元", "1 200万元", "83.3.1%", "1，200，50元",
    "一千二万元", "1200.00.万元", "1,200.5 0万元",
)  # fmt: skip
ORDINARY = (
    "2024年2月10日", "财预〔2024〕12号", "电话0571-88001234", "100-200万元", "50万元以上", "第1.2.3条", "10:30",
    "1,200.50万元", "１，２００．５０万元", "增长5%", "1200万元（壹仟贰佰万元整）", "1200万5000元", "科目2080505",
    "0.5、1.2万元", "几百万元", "（2）项目支出1,200.00万元", "1. 50万元", "版本3.1.2", "比例为1:2.5",
)  # fmt: skip


@pytest.mark.parametrize("number", UNREADABLE)
@pytest.mark.parametrize("sentence", ["比上年增加{}。", "其中：{}，用于水利。", "2024年支出{}"])
def test_a_number_of_a_sentence_that_cannot_be_read_is_found(number: str, sentence: str) -> None:
    text = sentence.format(number)
    found = [text[start:end] for start, end in unread_in(text)]
    assert len(found) == 1 and found[0] in number
    assert not [each for each in numbers_in(text) if each.number.unit]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_holds_no_unreadable_number(text: str) -> None:
    assert not [*unread_in(f"本部门{text}，用于水利。")]


@given(st.text(alphabet="0123456789,.' 亿万元%年上升（）-~、，。", max_size=40))
def test_an_amount_with_digits_is_read_or_found(text: str) -> None:
    """No 万元 stands behind a digit of which nothing is said."""
    places = [(each.start, each.end) for each in numbers_in(text)] + [*unread_in(text)]
    for match in re.finditer(r"(?<=\d)万元", text):
        assert any(start < match.start() <= end for start, end in places), text
