r"""The one lexer of printed numbers, for cells of tables and for sentences.

Grammar, over characters that are folded one by one (full-width forms to half width, all blanks
to one kind); ``~`` is any number of blanks, DIGIT is one of 0 to 9 and nothing else: ① and ² are
marks. A text that the grammar reads in two ways, or in none, is no number. Its words and phrases
are in ``schemas/lexicon.yaml`` (``amount``).

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
    composite  = [part "亿"] [["零"] part "万"] [["零"] part] ["元"] ["整"]    (2千万, 3万5百元, 3万5百)
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
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from yusuan.lexicon.phrases import phrase, values_of, words_of
from yusuan.lexicon.units import UNITS
from yusuan.model.money import PrintedNumber
from yusuan.model.text import clean

__all__ = [
    "DecimalSign",
    "Lexeme",
    "decimal_sign",
    "fold",
    "numbers_in",
    "parse_number",
    "unread_in",
]

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

_CELL = phrase("amount.cell")
_RUNNING = phrase("amount.running")
_BEHIND = values_of("unit_behind")
_DIGITS: dict[str, int] = values_of("digit")
_POWERS: dict[str, int] = values_of("power")
_FORMS = str.maketrans(values_of("numeral_form"))
_FORMAL = frozenset(words_of("capital"))
(_ZERO,), (_ONE,), (_YUAN,), (_EXACTLY,) = map(words_of, ("zero", "one", "yuan", "exactly"))
_YI, _WAN = words_of("large_power")
_LARGE = re.compile(f"[{_YI}{_WAN}]")
_LARGE_POWERS: dict[str, int] = values_of("large_power")
_, _HUNDRED, _THOUSAND = words_of("power")


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
    bare = re.sub(r"[\s()]", "", word or "").translate(_FORMS).rstrip(_EXACTLY)
    if not bare:
        return None
    count, unit = _BEHIND[bare]
    return unit, count


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


def _composite(text: str) -> PrintedNumber | None:
    """1200万5000元, 3亿2千万, 120万3千元, 1200元5角: parts of falling size, each below the one before."""
    match = phrase("amount.composite").fullmatch(text.strip())
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
        return None if cents else PrintedNumber("", whole, 0, UNITS[_WAN + _YUAN])
    above = 10_000 if match["wan"] else 100_000_000 if match["yi"] else None
    worded = above and not cents and _POWERS.get(text.strip()[-1])  # 120万3千, but not 120万3
    if not (match["yuan"] or worded) or (above and rest >= above) or (cents and _places(rest)):
        return None
    value = whole * 10_000 + rest + _cents(match["jiao"], match["fen"])
    return PrintedNumber("", value, _places(value), UNITS[_YUAN])


_PIECE = phrase("amount.piece")


def _part(text: str) -> Decimal | None:
    """The value of 3千, 3千5百 or 3千零5; None where the powers do not fall, or where it may be short
    for another (3千5 for 3500)."""
    total, above, gap = Decimal(0), 0, False
    for match in _PIECE.finditer(text):
        power = _POWERS[match["power"]] if match["power"] else 1
        value = Decimal(match["digits"].replace(",", "")) * power
        if above and (value >= above or (power == 1 and value * 10 < above and not gap)):
            return None
        total, above, gap = total + value, power, bool(match["gap"])
    return total


def _cents(jiao: str | None, fen: str | None) -> Decimal:
    tenths, hundredths = (_DIGITS.get(digit or "0", digit or 0) for digit in (jiao, fen))
    return Decimal(f"0.{tenths}{hundredths}" if fen else f"0.{tenths}" if jiao else "0")


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _chinese(text: str, unit_follows: bool) -> PrintedNumber | None:
    """壹仟贰佰万元整, 一千二百万零五千元, 叁仟.

    A unit of its own makes a number of an amount; without one it stands in the unit of the
    table, and only capital digits or words for powers of ten tell that it is a number at all.
    """
    bare = re.sub(r"\s", "", text).translate(_FORMS)
    match = phrase("amount.worded").fullmatch(bare)
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
        unit = UNITS[scale + _YUAN] if scale or yuan else None
        return PrintedNumber("", Decimal(f"{value}.{digits}"), len(digits), unit)
    if scale and not (cents or match["exact"] or _LARGE.search(whole)):
        value = _integer(whole)
        unit = UNITS[scale + _YUAN]
        return None if value is None else PrintedNumber("", Decimal(value), 0, unit)
    value = _integer(whole + scale)
    if value is None:
        return None
    if yuan:
        exact = value + _cents(match["jiao"], match["fen"])
        return PrintedNumber("", exact, _places(exact), UNITS[_YUAN])
    if _LARGE.search(whole + scale):
        return None  # 壹万贰仟: of yuan, or of the unit of the table
    formal = len(text) > 1 and any(sign in _FORMAL for sign in text)
    powers = len(whole) > 1 and (_HUNDRED in whole or _THOUSAND in whole)
    if formal or unit_follows or whole == _ZERO or powers:
        return PrintedNumber("", Decimal(value), 0)
    return None


def _integer(text: str) -> int | None:
    """The value of a numeral in words; None where it may be short for another (一千二 for 1200,
    一亿二千 for 1.2亿), or is none."""
    total, rest = 0, text
    for sign, power in (*_LARGE_POWERS.items(), ("", 1)):
        part, found, after = rest.partition(sign) if sign else (rest, "", "")
        if sign and not found:
            continue
        if not part:
            if sign:
                return None
            break
        value = _section(part, alone=not total)
        if value is None or (total and power == 1 and _YI in text and _WAN not in text
                             and not part.startswith(_ZERO)):  # fmt: skip
            return None
        total += value * power
        rest = after
    return total


def _section(text: str, *, alone: bool) -> int | None:
    """A numeral below ten thousand; ``alone`` tells that none stands before it."""
    if text == _ZERO:
        return 0 if alone else None
    match = phrase("amount.below_ten_thousand").fullmatch(text)
    if match is None:
        return None
    tens, ones = match["tens"] or "", match["ones"] or ""
    leading = tens[:-1] or (_ONE if tens else None)
    digits = [match["thousands"], match["hundreds"], leading, ones[-1:] or None]
    if _ZERO in digits or (alone and text[0] == _ZERO):
        return None
    short = ones and not tens and not ones.startswith(_ZERO) and text[0] != _ZERO
    if short and (not alone or match["thousands"] or match["hundreds"]):
        return None
    powers = (1000, 100, 10, 1)
    return sum(_DIGITS[d] * power for d, power in zip(digits, powers, strict=True) if d)


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A number in running text: its place, with its sign and its unit of money if it has one."""

    number: PrintedNumber
    start: int
    end: int


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
_PART_BEFORE = phrase("amount.part_before")


def _is_rest(folded: str, match: re.Match[str]) -> bool:
    """Whether a number with its unit may be the end of one that a blank broke (1,200.5 0万元), or
    the last part of one that is written in digits and in words (120万三千元)."""
    before = folded[max(0, match.start() - _LONGEST) : match.start()]
    if match["unit"] and _BROKEN.search(before):
        return True
    money = match["unit"] or match["composite"] or match["chinese"]
    return bool(money and _PART_BEFORE.search(before))


def unread_in(text: str) -> Iterator[tuple[int, int]]:
    """Where running text states an amount or a share that :func:`numbers_in` leaves out: a number
    that the grammar reads in two ways or in none, with its unit.

    >>> [text[start:end] for text in ("比上年增加1,20.50万元。",) for start, end in unread_in(text)]
    ['1,20.50万元']
    """
    folded = fold(text)
    read = [(lexeme.start, lexeme.end) for lexeme in numbers_in(text)]
    found = [
        (*match.span(), match.end("run")) for match in phrase("amount.stated").finditer(folded)
    ]
    found += [(*match.span(), match.end()) for match in phrase("amount.short").finditer(folded)]
    found += [
        (*match.span(), match.end()) for match in _RUNNING.finditer(folded)
        if (_running(match) is None or _is_rest(folded, match))
        and (match["unit"] or match["composite"] or match["chinese"])
    ]  # fmt: skip
    last = 0
    for start, end, digits in sorted(found):
        at = bisect(read, (start, len(folded) + 1)) - 1  # the last that begins no later
        whole = at >= 0 and digits <= read[at][1]
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
