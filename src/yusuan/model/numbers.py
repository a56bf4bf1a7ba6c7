r"""The one lexer of printed numbers, for cells of tables and for sentences.

Grammar, over characters that are folded one by one (full-width forms to half width, all blanks
to one kind); ``~`` is any number of blanks, DIGIT is one of 0 to 9 and nothing else: ① and ² are
marks. A text that the grammar reads in two ways, or in none, is no number.

    cell       = ["'"] head core ["-"] tail
               | "(" ~ [currency ~] core ~ ")" tail          (negative)
    head       = {sign ~ | currency ~}                       (at most one sign)
    tail       = ~ [unit] ~ {mark ~}
    sign       = "-" | "+" | "−" | dash | "负" | "△" | "▲"
    dash       = "–" | "‒" | "—"                             (right before the digits only)
    currency   = "¥" | "RMB" | "CNY" | "人民币" ["(大写)" | "大写"] [":"]
    core       = arabic | scientific | composite | chinese
    arabic     = whole ["." DIGIT+]
    whole      = DIGIT+ | DIGIT{1,3} {sep DIGIT DIGIT DIGIT}+ (one kind of sep)
    sep        = "," | "'" | blank
    scientific = DIGIT ["." DIGIT+] "E" ["+"|"-"] DIGIT+     (only if no digit is left unprinted)
    composite  = [part "亿"] [["零"] part "万"] [["零"] part] "元" ["整"]      (2千万, 3万5百元)
    part       = [DIGIT "千"] [["零"] DIGIT "百"] [["零"] DIGIT "十"] [["零"] arabic]
    chinese    = 大写 or 小写 numerals, [亿|万]["元"[N"角"][N"分"]]["整"]; without 元 only where a
                 word for a power of ten or a capital digit makes clear that it is a number
    unit       = "元" | "百元" | "千元" | "万元" | "百万元" | "千万元" | "亿元" | "万" | "亿" | …
    mark       = "*" | "#" | "※" | circled or raised digits | "[1]" | "注1" | "(注…)" | "(含…)" | …

A line break inside a number leaves a blank (``1, 000.00``, ``1,2 00.50``); the pieces are one
number where that is grouped rightly and a piece is none by itself. A comma is the decimal sign
where the number proves it (``1.000,00``) or its column does (see ``decimal_sign``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from yusuan.model.text import clean

__all__ = [
    "UNITS",
    "DecimalSign",
    "Lexeme",
    "PrintedNumber",
    "decimal_sign",
    "fold",
    "numbers_in",
    "parse_number",
    "unread_in",
]

UNITS: dict[str, int] = {
    "元": 1,
    "百元": 100,
    "千元": 1_000,
    "万元": 10_000,
    "百万元": 1_000_000,
    "亿元": 100_000_000,
}
"""Chinese units of account and how many yuan each is."""

DecimalSign = Literal[".", ",", "?"]
"""What parts the decimals of a column; "?" where its numbers prove both."""

_LONGEST = 24
"""Signs of the longest number taken for one; OCR that runs columns together gives longer ones."""
_LONGEST_CELL = 80
"""Characters of a cell that can still be one number with its marks."""

_BLANKS = "\t\v\f\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict.fromkeys(map(ord, _BLANKS), ord(" "))
_FOLD |= dict.fromkeys(map(ord, "﹣−‐‑⁻"), ord("-"))
_FOLD |= dict.fromkeys(map(ord, "’‘`′"), ord("'"))
_FOLD |= {ord("￥"): ord("¥"), ord("﹐"): ord(","), ord("﹒"): ord("."), ord("﹢"): ord("+")}
_FOLD |= {ord("﹙"): ord("("), ord("﹚"): ord(")"), ord("〔"): ord("["), ord("〕"): ord("]")}
_FOLD |= {ord("【"): ord("["), ord("】"): ord("]"), ord("∆"): ord("△"), ord("﹡"): ord("*")}

_WORDS = {
    "亿元": ("亿元", 1), "千万元": ("万元", 1000), "百万元": ("百万元", 1), "十万元": ("万元", 10),
    "万元": ("万元", 1), "千元": ("千元", 1), "百元": ("百元", 1), "元": ("元", 1),
    "亿": ("亿元", 1), "千万": ("万元", 1000), "百万": ("百万元", 1), "万": ("万元", 1),
}  # fmt: skip
"""Words behind a number: the unit, and how many of it one is."""
_UNIT = r"(?:亿\s*元|千\s*万\s*元|百\s*万\s*元|十\s*万\s*元|万\s*元|千\s*元|百\s*元|[元圆](?:\s*[整正])?|千万|百万|万|亿)"
_CURRENCY = r"(?:¥|RMB|CNY|人民币\s*(?:\(大写\)|大写)?\s*:?)"
_SIGN = r"(?:[-+]\s*|[–‒—―](?=[0-9¥])|负\s*|[△▲]\s*)"
_CIRCLED = "⓪①-⑳㉑-㉟㊱-㊿❶-❿⓫-⓴➀-➉➊-➓⓵-⓾"
_RAISED = "²³¹⁰⁴-⁹₀-₉"
_MARK = (
    rf"(?:[*#※†‡★☆]{{1,3}}|[{_CIRCLED}⑴-⒇⒈-⒛]|[{_RAISED}]{{1,2}}|[ⅰ-ⅹ]"
    rf"|\[\s*(?:注释?)?\s*(?:[0-9]{{1,2}}|[{_CIRCLED}])?\s*\]"
    rf"|\(?注释?\s*(?:[0-9]{{1,2}}|[{_CIRCLED}]|[一二三四五六七八九十])?\)?"
    r"|\((?:注|备注|说明|详?见|参见|不?含|包括|其中|扣除|剔除|预计|暂估|估|暂|上年|结转|结余|调整|追加|调剂)"
    r"[^()0-9%]{0,30}\))"
)
_WHOLE = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_ARABIC = r"[0-9](?:[0-9,.' ]*[0-9])?"
_SCIENTIFIC = r"[0-9](?:\.[0-9]+)?[Ee][+-]?[0-9]{1,2}"
_PART = rf"(?:(?:[0-9]\s*[十百千]\s*零?\s*)*{_WHOLE}(?:\.[0-9]+)?|(?:[0-9]\s*[十百千]\s*零?\s*)+)"
_COMPOSITE = (
    rf"(?:(?P<yi>{_PART})\s*亿\s*零?\s*)?(?:(?P<wan>{_PART})\s*万\s*零?\s*)?"
    rf"(?:(?P<rest>{_PART})\s*)?(?P<yuan>[元圆])?"
    r"(?:(?P<jiao>[0-9])\s*角)?\s*(?:(?P<fen>[0-9])\s*分)?\s*[整正]?"
)
_DIGITS = {
    **dict.fromkeys("零〇", 0), **dict.fromkeys("一壹", 1), **dict.fromkeys("二两贰貳", 2),
    **dict.fromkeys("三叁參", 3), **dict.fromkeys("四肆", 4), **dict.fromkeys("五伍", 5),
    **dict.fromkeys("六陆陸", 6), **dict.fromkeys("七柒", 7), **dict.fromkeys("八捌", 8),
    **dict.fromkeys("九玖", 9),
}  # fmt: skip
_POWERS = str.maketrans("仟佰拾萬億圆正〇", "千百十万亿元整零")
_DIGIT = "零〇一壹二两贰貳三叁參四肆五伍六陆陸七柒八捌九玖"
_CHINESE = rf"[{_DIGIT}十拾百佰千仟万萬亿億](?:[{_DIGIT}十拾百佰千仟万萬亿億点元圆角分整正\s]*)"
_FORMAL = frozenset("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟零")

_CELL = re.compile(
    rf"'?\s*(?:{_CURRENCY}\s*)?(?P<sign>{_SIGN})?(?:{_CURRENCY}\s*)?"
    rf"(?P<open>\(\s*)?(?:{_CURRENCY}\s*)?"
    rf"(?:(?P<scientific>{_SCIENTIFIC})|(?P<arabic>{_ARABIC})|(?P<chinese>{_CHINESE})"
    r"|(?P<composite>[0-9][0-9,. 亿万千百十元圆零角分整正]*))"
    rf"(?P<minus>-)?(?P<close>\s*\))?"
    rf"\s*(?P<unit>{_UNIT}|\(\s*{_UNIT}\s*\))?\s*(?P<marks>(?:{_MARK}\s*)*)"
)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number as printed, with the exact value and the decimals it was printed with.

    ``unit`` is what its 1 stands for in yuan, where the cell itself says so (6000000元); it
    wins over the unit of the table. ``note`` is the mark or remark behind the number.
    """

    printed: str
    value: Decimal
    decimals: int
    unit: int | None = None
    note: str = ""

    @property
    def half_step(self) -> Decimal:
        """Half a unit of the last printed digit: how far rounding can have moved the value."""
        return Decimal(5).scaleb(-self.decimals - 1)


def fold(text: str) -> str:
    """The text with half-width forms and one kind of blank, each character in its place.

    >>> fold("１，２００．５０\u202f万元"), fold("①²")
    ('1,200.50 万元', '①²')
    """
    return text.translate(_FOLD)


@lru_cache(maxsize=1 << 16)
def parse_number(text: str, decimal: DecimalSign = ".") -> PrintedNumber | None:
    """Read a cell as one number, or None when it is anything else or could be several.

    ``decimal`` is the decimal sign of its column. A blank, a dash or any other text is not a
    number: a blank is not zero. A percentage is no amount.

    >>> parse_number("1，234.50").value, parse_number("(3)").value, parse_number("—")
    (Decimal('1234.50'), Decimal('-3'), None)
    >>> parse_number("6000000元").unit, parse_number("400.00②").note, parse_number("5%")
    (1, '②', None)
    """
    printed = clean(text)
    folded = fold(printed).strip()
    if not folded or len(folded) > _LONGEST_CELL:
        return None
    match = _CELL.fullmatch(folded)
    if match is None:
        return None
    sign = (match["sign"] or "").strip()
    negative = [bool(match["open"]), sign not in ("", "+"), bool(match["minus"])]
    if bool(match["open"]) != bool(match["close"]) or sum(negative) + (sign == "+") > 1:
        return None
    core = _core(match, decimal)
    if core is None:
        return None
    note = match["marks"].strip()
    unit = _unit(match["unit"])
    if unit and core.unit is not None:
        return None
    if unit and unit[1] > 1 and core.decimals:
        return None  # 1.5千万 is rare, and not worth a wrong precision
    value = core.value * unit[1] if unit else core.value
    value = -value if any(negative) else value
    factor = UNITS[unit[0]] if unit else core.unit
    return PrintedNumber(printed, value, core.decimals, factor, note)


def decimal_sign(texts: Iterable[str]) -> DecimalSign:
    """What the numbers of one column, or table, prove to be its decimal sign.

    The comma is where a number can be read in no other way (1.000,00), or where three numbers
    or more have other than three digits behind a comma (600,00) and none has a point. "?" says that both
    are proven, so that 1.234 and 1,234 stay open.

    >>> decimal_sign(["1.000,00", "12,5"]), decimal_sign(["1,000.00"]), decimal_sign(["12,5"])
    (',', '.', '.')
    """
    comma = point = short = thousands = points = 0
    for text in texts:
        match = _CELL.fullmatch(fold(clean(text)).strip())
        digits = (match["arabic"] or "").replace(" ", "") if match else ""
        if _COMMA_PROVEN.fullmatch(digits):
            comma += 1
        elif _POINT_PROVEN.fullmatch(digits):
            point += 1
        elif _COMMA_SHORT.fullmatch(digits):
            short += 1
        elif "," in digits:
            thousands += 1
        elif "." in digits:
            points += 1
    if point or thousands:
        return "?" if comma else "."
    return "," if comma or (short >= _ENOUGH and not points) else "."


_COMMA_PROVEN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_POINT_PROVEN = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3}){2,}|[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,})"
)
_COMMA_SHORT = re.compile(r"[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")
_ENOUGH = 3


def _core(match: re.Match[str], decimal: DecimalSign) -> PrintedNumber | None:
    if match["scientific"]:
        return _scientific(match["scientific"])
    if match["arabic"]:
        return _arabic(match["arabic"], decimal)
    if match["chinese"]:
        return _chinese(match["chinese"], bool(match["unit"]))
    return _composite(match["composite"])


def _unit(word: str | None) -> tuple[str, int] | None:
    bare = re.sub(r"[\s()整正]", "", word or "").replace("圆", "元")
    return _WORDS[bare] if bare else None


def _plain(whole: str, fraction: str) -> PrintedNumber:
    return PrintedNumber("", Decimal(f"{whole}.{fraction}" if fraction else whole), len(fraction))


_POINT = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+)(?:\.([0-9]+))?")
_COMMA = re.compile(r"([0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:'[0-9]{3})+)(?:,([0-9]+))?")
_SPACED = re.compile(r"([0-9]{1,3}(?: [0-9]{3})+)(?:([.,])([0-9]+))?")
_OPEN = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


def _arabic(text: str, decimal: DecimalSign) -> PrintedNumber | None:
    """Digits with separators, read under a decimal sign."""
    if len(text) > _LONGEST:
        return None
    if " " in text:
        return _spaced(text, decimal)
    if _COMMA_PROVEN.fullmatch(text):
        decimal = ","
    elif _POINT_PROVEN.fullmatch(text):
        decimal = "."
    elif decimal == "?" and _OPEN.fullmatch(text):
        return None
    match = (_COMMA if decimal == "," else _POINT).fullmatch(text)
    return _plain(re.sub(r"[,.']", "", match[1]), match[2] or "") if match else None


def _spaced(text: str, decimal: DecimalSign) -> PrintedNumber | None:
    """A number with blanks inside: between thousands, or where a line was broken."""
    text = re.sub(" +", " ", text)
    match = _SPACED.fullmatch(text)
    if match:
        groups = match[1].split(" ")
        sure = match[3] or len(groups) > 2 or any(group[0] == "0" for group in groups[1:])
        if groups[0].startswith("0") or not sure:
            return None  # two numbers as well as one
        if match[2] == "," and (decimal == "." and len(match[3]) > 2):
            return None
        return _plain("".join(groups), match[3] or "")
    pieces = text.split(" ")
    if not any(_arabic(piece, decimal) is None for piece in pieces):
        return None  # 1 2 and 600.00 580.00
    joined = "".join(pieces)
    broken = next((p for p in pieces[:-1] if p.endswith(".")), None)
    if broken and "," not in joined and len(broken) < 4:
        return None  # 1. 50 may be the first of a list
    return _arabic(joined, decimal) if "," in joined or broken or "." in joined else None


def _scientific(text: str) -> PrintedNumber | None:
    """1.000E+03 is 1000; 1E+03 may be anything from 950 to 1499 and is no number."""
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > 0 or exponent < -9:
        return None
    return PrintedNumber("", value, -exponent)


_PARTS = re.compile(_COMPOSITE)


def _composite(text: str) -> PrintedNumber | None:
    """1200万5000元, 3亿2千万, 120万3千元, 1200元5角: parts of falling size, each below the one before."""
    match = _PARTS.fullmatch(text.strip())
    if match is None:
        return None
    cents = match["jiao"] or match["fen"]
    if len(_PIECE.findall(text)) < 2:
        return None
    parts = [_part(match[name]) if match[name] else Decimal(0) for name in ("yi", "wan", "rest")]
    yi, wan, rest = parts
    if yi is None or wan is None or rest is None or _places(yi) or _places(wan):
        return None
    if match["yi"] and wan >= 10_000:
        return None
    whole = yi * 10_000 + wan
    if not match["rest"]:
        return None if cents else PrintedNumber("", whole, 0, UNITS["万元"])
    above = 10_000 if match["wan"] else 100_000_000 if match["yi"] else None
    if not match["yuan"] or (above and rest >= above) or (cents and _places(rest)):
        return None
    value = whole * 10_000 + rest + _cents(match["jiao"], match["fen"])
    return PrintedNumber("", value, _places(value), UNITS["元"])


_PIECE = re.compile(rf"({_WHOLE}(?:\.[0-9]+)?)\s*([十百千])?\s*(零)?")
_POWER = {"": 1, "十": 10, "百": 100, "千": 1000}


def _part(text: str) -> Decimal | None:
    """The value of 3千, 3千5百 or 3千零5; None where the powers do not fall, or where it may be short
    for another (3千5 for 3500)."""
    total, above, gap = Decimal(0), 0, False
    for match in _PIECE.finditer(text):
        power = _POWER[match[2] or ""]
        value = Decimal(match[1].replace(",", "")) * power
        if above and (value >= above or (power == 1 and value * 10 < above and not gap)):
            return None
        total, above, gap = total + value, power, bool(match[3])
    return total


def _cents(jiao: str | None, fen: str | None) -> Decimal:
    tenths, hundredths = (_DIGITS.get(digit or "0", digit or 0) for digit in (jiao, fen))
    return Decimal(f"0.{tenths}{hundredths}" if fen else f"0.{tenths}" if jiao else "0")


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


_WORDED = re.compile(
    rf"(?P<whole>[{_DIGIT}十百千万亿]+?)(?:点(?P<point>[{_DIGIT}]+))?(?P<scale>[万亿])?"
    rf"(?P<yuan>元)?零?(?:(?P<jiao>[{_DIGIT}])角)?零?(?:(?P<fen>[{_DIGIT}])分)?(?P<exact>整)?"
)
_SECTION = re.compile(
    rf"零?(?:(?P<千>[{_DIGIT}])千)?(?:零?(?P<百>[{_DIGIT}])百)?(?:零?(?P<十>[{_DIGIT}]?十))?"
    rf"(?P<一>零?[{_DIGIT}])?"
)


def _chinese(text: str, unit_follows: bool) -> PrintedNumber | None:
    """壹仟贰佰万元整, 一千二百万零五千元, 叁仟.

    A unit of its own makes a number of an amount; without one it stands in the unit of the
    table, and only capital digits or words for powers of ten tell that it is a number at all.
    """
    bare = re.sub(r"\s", "", text).translate(_POWERS)
    match = _WORDED.fullmatch(bare)
    if match is None:
        return None
    whole, scale, yuan = match["whole"], match["scale"] or "", bool(match["yuan"])
    cents = match["jiao"] or match["fen"]
    if (unit_follows and yuan) or ((cents or match["exact"]) and not yuan):
        return None
    if match["point"]:
        value = _integer(whole)
        if value is None or cents or not (scale or yuan or unit_follows):
            return None
        digits = "".join(str(_DIGITS[digit]) for digit in match["point"])
        unit = UNITS[f"{scale}元"] if scale or yuan else None
        return PrintedNumber("", Decimal(f"{value}.{digits}"), len(digits), unit)
    if scale and not (cents or match["exact"] or re.search("[万亿]", whole)):
        value = _integer(whole)
        unit = UNITS[f"{scale}元"]
        return None if value is None else PrintedNumber("", Decimal(value), 0, unit)
    value = _integer(whole + scale)
    if value is None:
        return None
    if yuan:
        exact = value + _cents(match["jiao"], match["fen"])
        return PrintedNumber("", exact, _places(exact), UNITS["元"])
    if re.search("[万亿]", whole + scale):
        return None  # 壹万贰仟: of yuan, or of the unit of the table
    formal = len(text) > 1 and any(sign in _FORMAL for sign in text)
    if formal or unit_follows or whole == "零" or (len(whole) > 1 and re.search("[百千]", whole)):
        return PrintedNumber("", Decimal(value), 0)
    return None


def _integer(text: str) -> int | None:
    """The value of a numeral in words; None where it may be short for another (一千二 for 1200,
    一亿二千 for 1.2亿), or is none."""
    total, rest = 0, text
    for sign, power in (("亿", 100_000_000), ("万", 10_000), ("", 1)):
        part, found, after = rest.partition(sign) if sign else (rest, "", "")
        if sign and not found:
            continue
        if not part:
            if sign:
                return None
            break
        value = _section(part, alone=not total)
        if value is None or (total and power == 1 and "亿" in text and "万" not in text
                             and not part.startswith("零")):  # fmt: skip
            return None
        total += value * power
        rest = after
    return total


def _section(text: str, *, alone: bool) -> int | None:
    """A numeral below ten thousand; ``alone`` tells that none stands before it."""
    if text == "零":
        return 0 if alone else None
    match = _SECTION.fullmatch(text)
    if match is None:
        return None
    tens, ones = match["十"] or "", match["一"] or ""
    digits = [match["千"], match["百"], tens[:-1] or ("一" if tens else None), ones[-1:] or None]
    if "零" in digits or (alone and text[0] == "零"):
        return None
    short = ones and not tens and not ones.startswith("零") and text[0] != "零"
    if short and (not alone or match["千"] or match["百"]):
        return None
    powers = (1000, 100, 10, 1)
    return sum(_DIGITS[d] * power for d, power in zip(digits, powers, strict=True) if d)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A number in running text: its place, with its sign and its unit of money if it has one."""

    number: PrintedNumber
    start: int
    end: int


_ENDS = r"(?=\s*(?:$|[^\w\s]|[比较与同占增减及和的约各]|用于|其中|左右|以))"
"""What follows 万 where it stands for 万元; 万人, 万平方米 and 万美元 are no amounts."""
_MONEY = (
    r"(?:亿\s*元|千\s*万\s*元|百\s*万\s*元|十\s*万\s*元|万\s*元|千\s*元|百\s*元|元"
    rf"|(?:千万|百万|万|亿){_ENDS})"
)
_ANY = rf"{_WHOLE}(?:\.[0-9]+)?"
_PIECES = rf"(?:{_ANY}\s*(?:[十百千]?\s*[亿万]|[十百千])\s*零?\s*){{0,12}}"
_NUMERAL = rf"[{_DIGIT}十拾百佰千仟万萬亿億]"
_RUNNING = re.compile(
    r"(?<![0-9A-Za-z.])(?<![0-9][,'])(?<![0-9][,.'][,.'])(?P<sign>-|负)?(?:"
    rf"(?P<composite>{_PIECES}{_ANY}\s*(?:[十百千]?\s*[亿万]|[元十百千])\s*零?\s*{_ANY}\s*"
    r"(?:[十百千]?\s*[万亿]?\s*元(?:\s*[0-9]\s*角)?(?:\s*[0-9]\s*分)?|[角]\s*(?:[0-9]\s*分)?"
    rf"|[十百千]?\s*[万亿]{_ENDS})\s*整?)"
    r"|(?:(?<![表图件第附])(?P<spaced>[0-9]{1,3}(?: +[0-9]{3})+(?:\.[0-9]+)?(?![0-9]|[.,][0-9]))"
    r"|(?P<arabic>[0-9]+(?:(?:[.']|,\s?|(?<=,[0-9]{3})\.\s?)[0-9]+)*))"
    rf"(?P<unit>\s*{_MONEY})?"
    rf"|(?<![几数]){_NUMERAL}(?<![百佰千仟万萬亿億零〇])"
    rf"(?P<chinese>(?:{_NUMERAL}|点)+(?:元(?:零?[{_DIGIT}]角)?(?:零?[{_DIGIT}]分)?[整正]?|(?<=[万亿]){_ENDS})"
    rf"|拾?元[整正])"
    r")"
)


def numbers_in(text: str) -> Iterator[Lexeme]:
    """The numbers of running text in order; one that can be read in two ways is left out whole.

    >>> [lexeme.number.value for lexeme in numbers_in("１，２００．５０万元和1200万5000元")]
    [Decimal('1200.50'), Decimal('12005000')]
    """
    folded = fold(text)
    for match in _RUNNING.finditer(folded):
        number = None if _is_rest(folded, match) else _running(match)
        if number is not None:
            negative = bool(match["sign"])
            value = -number.value if negative else number.value
            printed = clean(text[match.start() : match.end()])
            yield Lexeme(replace(number, printed=printed, value=value), match.start(), match.end())


_BROKEN = re.compile(r"[0-9][.,][0-9]+ +$")
_PART_BEFORE = re.compile(rf"[0-9{_DIGIT}]\s*[十百千万亿]+\s*零?\s*$")


def _is_rest(folded: str, match: re.Match[str]) -> bool:
    """Whether a number with its unit may be the end of one that a blank broke (1,200.5 0万元), or
    the last part of one that is written in digits and in words (120万三千元)."""
    before = folded[max(0, match.start() - _LONGEST) : match.start()]
    if match["unit"] and _BROKEN.search(before):
        return True
    money = match["unit"] or match["composite"] or match["chinese"]
    return bool(money and _PART_BEFORE.search(before))


_STATED = re.compile(
    rf"(?<![0-9,.'])(?P<run>[0-9][0-9,.']*)(?:\s*{_MONEY}|\s*[十百千][万亿]?\s*元|\s*%|\s*个百分点)"
)


def unread_in(text: str) -> Iterator[tuple[int, int]]:
    """Where running text states an amount or a share that :func:`numbers_in` leaves out: a number
    that the grammar reads in two ways or in none, with its unit.

    >>> [text[start:end] for text in ("比上年增加1,20.50万元。",) for start, end in unread_in(text)]
    ['1,20.50万元']
    """
    folded = fold(text)
    read = [(lexeme.start, lexeme.end) for lexeme in numbers_in(text)]
    found = [(*match.span(), match.end("run")) for match in _STATED.finditer(folded)]
    found += [
        (*match.span(), match.end()) for match in _RUNNING.finditer(folded)
        if (_running(match) is None or _is_rest(folded, match))
        and (match["unit"] or match["composite"] or match["chinese"])
    ]  # fmt: skip
    last = 0
    for start, end, digits in sorted(found):
        whole = any(first <= start and digits <= stop for first, stop in read)
        if not whole and start >= last:
            yield start, end
            last = end


def _running(match: re.Match[str]) -> PrintedNumber | None:
    if match["composite"]:
        return _composite(match["composite"])
    if match["chinese"]:
        return _chinese(match[0].lstrip("-负"), False)
    digits = match["spaced"] or re.sub(r"\s", "", match["arabic"])
    number = _spaced(digits, ".") if match["spaced"] else _arabic(digits, ".")
    unit = _unit(match["unit"])
    if number is None or unit is None:
        return number
    return replace(number, value=number.value * unit[1], unit=UNITS[unit[0]])
