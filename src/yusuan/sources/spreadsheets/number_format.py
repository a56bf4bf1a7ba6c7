"""Number formats of spreadsheets: what a reader sees of a stored number.

The grammar is that of ECMA-376 Part 1, 18.8.30 and 18.8.31, as far as it stands here::

    format    = section *3( ";" section )        ; positive; negative; zero; text
    section   = *( bracket / literal / place / "," / "." / "%" / exponent / date / "@" / general )
    bracket   = "[" ( colour / condition / "$" symbol [ "-" locale ] / 1*"h" / 1*"m" / 1*"s" ) "]"
    condition = ( "<" / "<=" / ">" / ">=" / "=" / "<>" ) number
    literal   = DQUOTE *char DQUOTE / ( "\\" / "!" ) char / "_" char / "*" char / sign
    sign      = one of  $ - + / ( ) : ^ & ' ~ { } < > = blank, or any sign beyond ASCII
    place     = "0" / "#" / "?"
    exponent  = ( "E+" / "E-" ) 1*place
    date      = 1*"y" / 1*"m" / 1*"d" / 1*"h" / 1*"s" / "e" / 3*4"a" / "AM/PM" / "A/P" / "上午/下午"
    general   = "General" / "G/通用格式"

``_`` leaves the width of a sign free, ``*`` fills the cell with one. A comma between places
groups by thousands; one behind the last of them divides by a thousand. Signs between places
stand among the digits (``0!.0000`` shows 10000000 as 1000.0000). A section without a place
shows only its literals. A point without digits behind it is left out, as LibreOffice does and
Excel does not (``0.##`` of 8). Whatever is not written here (fractions, numerals in words, eras) is
no guess but ``UnknownFormat``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

from yusuan.lexicon.phrases import words_of
from yusuan.sources.spreadsheets.date_format import Token, UnknownFormat, show_date

__all__ = ["BUILT_IN", "NumberFormat", "ShownValue", "UnknownFormat", "general", "parse_format"]


@dataclass(frozen=True, slots=True)
class ShownValue:
    """What stands in the cell, and the colour (RRGGBB) that the format gives it.

    ``exact``: known to be the value itself, with no digit left out.
    """

    text: str
    colour: str | None = None
    exact: bool = False


_ACCOUNTING = '_ * {0}_ ;_ * -{0}_ ;_ * "-"{1}_ ;_ @_ '
_MONEY = '_ "￥"* {0}_ ;_ "￥"* -{0}_ ;_ "￥"* "-"{1}_ ;_ @_ '
_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
_CLOCK, _NOON_CLOCK = 'h"时"mm"分"', '上午/下午h"时"mm"分"'

BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"￥"#,##0;"￥"-#,##0', 6: '"￥"#,##0;[Red]"￥"-#,##0',
    7: '"￥"#,##0.00;"￥"-#,##0.00', 8: '"￥"#,##0.00;[Red]"￥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH, 28: _MONTH_DAY, 29: _MONTH_DAY, 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: _CLOCK, 33: _CLOCK + 'ss"秒"', 34: _NOON_CLOCK, 35: _NOON_CLOCK + 'ss"秒"',
    36: _YEAR_MONTH, 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;[Red]-#,##0.00", 41: _ACCOUNTING.format("#,##0", ""),
    42: _MONEY.format("#,##0", ""), 43: _ACCOUNTING.format("#,##0.00", "??"),
    44: _MONEY.format("#,##0.00", "??"), 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0",
    48: "##0.0E+0", 49: "@", 50: _YEAR_MONTH, 51: _MONTH_DAY, 52: _YEAR_MONTH, 53: _MONTH_DAY,
    54: _MONTH_DAY, 55: _NOON_CLOCK, 56: _NOON_CLOCK + 'ss"秒"', 57: _YEAR_MONTH, 58: _MONTH_DAY,
}  # fmt: skip
"""Formats that a file names by number only, as a Chinese system shows them (18.8.30)."""

_COLOURS = {"color1": "000000", "color2": "FFFFFF"} | {
    word: value
    for name, value in {
        "black": "000000", "white": "FFFFFF", "red": "FF0000", "green": "00FF00",
        "blue": "0000FF", "yellow": "FFFF00", "magenta": "FF00FF", "cyan": "00FFFF",
    }.items()
    for word in (name, *words_of(f"colour_{name}"))
}  # fmt: skip
_NUMBERED_COLOUR = re.compile(r"(?:color|颜色)\s?\d{1,2}")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|_(?P<width>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|a{3,4}(?!a))|(?P<place>[0#?])|(?P<point>\.)|(?P<comma>,)"
    r"|(?P<percent>%)|(?P<text>@)|(?P<end>;)|(?P<slash>/)|(?P<sign>[-+$():^&'~{}<>= ]|[^\x00-\x7f])",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s?(-?\d{1,15}(?:\.\d{1,15})?)")
_LOCALE = re.compile(r"\$([^-]*)(?:-([0-9A-Fa-f]{1,8}|[A-Za-z]{2}(?:-[A-Za-z]{2,4})*))?")
_PLAIN_CODE = re.compile(r"(l*)(0|p(?:,?p){0,2}0|p,pp0)(?:\.(0{1,10}))?(l*)")
_PLAIN_BELOW = Decimal(10) ** 15
_MOST_PLACES = 127
"""Places of a section; Excel takes formats of up to 255 signs."""


def general(value: Decimal) -> str:
    """A number without a format: plain decimals, 15 significant digits.

    Excel computes in binary but keeps and shows so many, which drops the noise of computed
    sums and never a digit that was typed.

    >>> general(Decimal(213)), general(Decimal("0.30000000000000004")), general(Decimal("1E-7"))
    ('213', '0.3', '0.0000001')
    """
    with localcontext(prec=15, rounding=ROUND_HALF_UP):
        plain = format(+value, "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain


@dataclass(frozen=True, slots=True)
class _PlainNumber:
    """What stands before and behind, whether thousands are grouped, and the last digit shown."""

    before: str
    behind: str
    grouped: bool
    step: Decimal


@dataclass(frozen=True, slots=True)
class _Section:
    """``problem`` says why it cannot be rendered; ``own_sign`` that it writes - or brackets.

    ``plain`` is set where the places are as most are written: literals, ``0`` or ``#,##0``, a
    fixed number of decimals, literals.
    """

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    colour: str | None = None
    locale: str | None = None
    problem: str | None = None
    plain: _PlainNumber | None = None

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.tokens)

    @property
    def own_sign(self) -> bool:
        return any(kind == "literal" and text in "-(" for kind, text in self.tokens if text)

    def meets(self, value: Decimal) -> bool:
        if self.condition is None:
            return True
        sign, limit = self.condition
        return {
            "<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit,
            "=": value == limit, "<>": value != limit,
        }[sign]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format, taken apart: the sections for numbers, and the one for text if there is one."""

    code: str
    numbers: tuple[_Section, ...]
    for_text: _Section | None

    @property
    def is_general(self) -> bool:
        return self.code in ("General", "@", "")

    def number(self, value: Decimal, *, date1904: bool = False) -> ShownValue:
        """What is shown of a number. Raises UnknownFormat when the grammar does not say."""
        if self.is_general:
            return ShownValue(general(value))
        section, magnitude, sign = self._chosen(value)
        if section is None:
            return ShownValue(general(value))
        if section.problem:
            raise UnknownFormat(section.problem)
        if section.plain is not None and magnitude < _PLAIN_BELOW:
            plain = section.plain
            rounded = magnitude.quantize(plain.step, ROUND_HALF_UP)
            digits = f"{rounded:,f}" if plain.grouped else f"{rounded:f}"
            text = f"{sign}{plain.before}{digits}{plain.behind}"
            return ShownValue(text, section.colour, rounded == magnitude)
        if section.has("date", "noon", "elapsed"):
            if value < 0:
                raise UnknownFormat("a date before the first day there is")
            text = show_date(section.tokens, value, locale=section.locale, date1904=date1904)
            return ShownValue(text, section.colour)
        if section.has("general"):
            text = "".join(
                general(magnitude) if kind == "general" else text for kind, text in section.tokens
            )
        elif section.has("exponent"):
            text = _scientific(section.tokens, magnitude)
        else:
            text = _decimal(section.tokens, magnitude)
        return ShownValue(sign + text, section.colour)

    def text(self, value: str) -> ShownValue:
        """What is shown of a text. Raises UnknownFormat where the grammar does not know its section."""
        section = self.for_text
        if section is None:
            return ShownValue(value)
        if section.problem:
            raise UnknownFormat(section.problem)
        written = (
            value if kind == "text" else "" if kind == "fill" else text
            for kind, text in section.tokens
        )  # fmt: skip
        return ShownValue("".join(written), section.colour)

    def _chosen(self, value: Decimal) -> tuple[_Section | None, Decimal, str]:
        """The section for a number, what it shows of it, and the sign before all else."""
        sections = self.numbers
        sign = "-" if value < 0 else ""
        if not sections:
            return None, value, ""
        if any(section.condition for section in sections):
            return self._conditional(value, sign)
        if len(sections) == 1:
            return sections[0], abs(value), sign
        if len(sections) == 3 and value == 0:
            return sections[2], value, ""
        return sections[1 if value < 0 else 0], abs(value), ""

    def _conditional(self, value: Decimal, sign: str) -> tuple[_Section, Decimal, str]:
        sections = self.numbers
        if any(section.condition is None for section in sections[:-1]):
            raise UnknownFormat("sections with a condition behind one without")
        section = next((section for section in sections if section.meets(value)), None)
        if section is None:
            raise UnknownFormat("no section for this number")
        if not sign:
            return section, value, ""
        first = sections[0].condition
        as_usual = first in ((">=", Decimal(0)), (">", Decimal(0))) and (
            section.condition == ("<", Decimal(0))
            or (section.condition is None and first == (">=", Decimal(0)))
        )
        if as_usual or section.own_sign:
            return section, abs(value), ""
        # Spreadsheet programs differ in whether they write a minus here.
        raise UnknownFormat("a negative number below a condition")


@lru_cache(maxsize=4096)
def parse_format(code: str) -> NumberFormat:
    """Take a format apart. What is outside the grammar is said when it is used."""
    parts: list[list[Token]] = [[]]
    place = 0
    while place < len(code):
        match = _TOKEN.match(code, place)
        if match is None:
            parts[-1].append(("unknown", code[place]))
            place += 1
            continue
        kind = match.lastgroup or ""
        text = match[kind]
        place = match.end()
        if kind == "end":
            parts.append([])
        elif kind in ("quoted", "escaped", "sign"):
            parts[-1].append(("literal", text))
        elif kind == "width":
            parts[-1].append(("literal", " "))
        else:
            parts[-1].append((kind, text))
    if len(parts) > 4:
        parts = [[("unknown", ";")]]
    sections = [_section(tokens) for tokens in parts]
    for_text = None
    if len(sections) == 4 or sections[-1].has("text"):
        for_text = sections.pop()
    if code.lower() == "general":
        code = "General"
    return NumberFormat(code, tuple(sections), for_text)


def _section(tokens: Sequence[Token]) -> _Section:
    kept: list[Token] = []
    condition, colour, locale, problem = None, None, None, None
    for kind, text in tokens:
        lower = text.lower()
        if kind == "unknown":
            problem = problem or f"the sign {text}"
        elif kind == "fill":
            kept.append(("fill", text))
        elif kind != "bracket":
            kept.append((kind, text))
        elif lower in _COLOURS or _NUMBERED_COLOUR.fullmatch(lower):
            colour = _COLOURS.get(lower.replace(" ", ""))
        elif match := _CONDITION.fullmatch(text):
            condition = (match[1], Decimal(match[2]))
        elif re.fullmatch(r"h+|m+|s+", lower):
            kept.append(("elapsed", lower))
        elif match := _LOCALE.fullmatch(text):
            if match[1]:
                kept.append(("literal", match[1]))
            locale = (match[2] or "").lower() or locale
            if locale and re.fullmatch(r"[0-9a-f]{5,8}|f[48]00", locale):
                problem = problem or f"[{text}]"
        else:
            problem = problem or f"[{text}]"
    problem = problem or _fault(kept)
    return _Section(tuple(kept), condition, colour, locale, problem, _plain(kept))


def _plain(tokens: Sequence[Token]) -> _PlainNumber | None:
    """The section as a plain one, if it is."""
    letters = {"literal": "l", "point": ".", "comma": ","}
    code = "".join(
        letters.get(kind) or ({"0": "0", "#": "p"}.get(text, "x") if kind == "place" else
                              "l" if kind == "fill" and text == " " else "x")
        for kind, text in tokens
    )  # fmt: skip
    match = _PLAIN_CODE.fullmatch(code)
    if match is None:
        return None
    before, behind = tokens[: match.end(1)], tokens[match.start(4) :]
    if any(re.search(r"[\d.,]", text) for _, text in (*before, *behind)):
        return None  # they would stand among the digits
    decimals = len(match[3] or "")
    return _PlainNumber(
        _literals(before), _literals(behind), "," in match[2], Decimal(1).scaleb(-decimals)
    )  # fmt: skip


def _fault(tokens: Sequence[Token]) -> str | None:
    """What makes a section one that the grammar does not explain."""
    kinds = [kind for kind, _ in tokens]
    if any(kind in ("date", "noon", "elapsed") for kind in kinds):
        if any(kind in ("general", "exponent", "text", "percent", "comma") for kind in kinds):
            return "a date and a number together"
        return None
    places = kinds.count("place")
    if places > _MOST_PLACES:
        return "too many places"
    if "slash" in kinds and places:
        return "a fraction"
    if ("general" in kinds or "text" in kinds) and places:
        return "a number and a text together"
    if kinds.count("point") > 1 or kinds.count("exponent") > 1:
        return "two decimal points"
    if any("\n" in text or "\r" in text for _, text in tokens):
        return "a line break"
    for kind, text in tokens:
        if kind == "fill" and places and (text.isalnum() or text in "-.,()%"):
            return "a cell filled with signs of a number"
    return None


# Numbers


def _rounded(value: Decimal, decimals: int) -> tuple[str, str]:
    """Digits before (none for zero) and behind the point, rounded as a spreadsheet does.

    >>> _rounded(Decimal("1000.005"), 2), _rounded(Decimal("0.4"), 0)
    (('1000', '01'), ('', ''))
    """
    with localcontext(prec=1000):
        whole, _, fraction = format(
            value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), "f"
        ).partition(".")
    return whole.lstrip("0"), fraction


def _decimal(tokens: Sequence[Token], value: Decimal) -> str:
    """A number through places, literals, groups of thousands, scales and percents."""
    kinds = [kind for kind, _ in tokens]
    point = kinds.index("point") if "point" in kinds else len(kinds)
    before = [index for index, kind in enumerate(kinds[:point]) if kind == "place"]
    behind = [index for index, kind in enumerate(kinds) if kind == "place" and index > point]
    grouped, scale = _commas(kinds, point, before, behind)
    if not before and not behind:
        if point < len(kinds):
            raise UnknownFormat("a decimal point without digits")
        return _literals(tokens)
    with localcontext(prec=1000):
        value = value.scaleb(2 * kinds.count("percent") - 3 * scale)
    whole, fraction = _rounded(value, len(behind))
    between = kinds[before[0] : before[-1] + 1] if before else []
    if grouped and any(kind in ("literal", "fill") for kind in between):
        raise UnknownFormat("signs among digits grouped by thousands")
    shown = dict(_whole(tokens, before, whole, grouped))
    shown.update(_behind(tokens, behind, fraction))
    written = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "place":
            written.append(shown[index])
        elif kind == "point":
            written.append("" if before else whole)
            written.append(text if any(shown[place] for place in behind) else "")
        elif kind not in ("comma", "fill"):
            written.append(text)
        elif kind == "fill" and text == " ":
            written.append(" ")
    return "".join(written)


def _commas(
    kinds: Sequence[str], point: int, before: Sequence[int], behind: Sequence[int]
) -> tuple[bool, int]:
    """Whether thousands are grouped, and by how many thousands the number is divided."""
    grouped, scale = False, 0
    for index in (index for index, kind in enumerate(kinds) if kind == "comma"):
        places = before if index < point else behind
        left = any(place < index for place in places) or (index > point and not behind)
        right = any(place > index for place in places)
        if left and right and index < point:
            grouped = True
        elif left and not right:
            scale += 1
        else:
            raise UnknownFormat("a comma where no digit is")
    return grouped, scale


def _whole(
    tokens: Sequence[Token], places: Sequence[int], digits: str, grouped: bool
) -> list[tuple[int, str]]:
    """What each place before the point shows; the first one takes all digits left."""
    shown = []
    for order, index in enumerate(reversed(places)):
        last = order == len(places) - 1
        here = digits[: len(digits) - order] if last else digits[len(digits) - order - 1 :][:1]
        if order >= len(digits):
            here = {"0": "0", "?": " "}.get(tokens[index][1], "")
        text = ""
        for offset, digit in enumerate(reversed(here)):
            position = order + offset
            comma = grouped and position > 0 and position % 3 == 0
            text = digit + ((" " if digit == " " else ",") if comma else "") + text
        shown.append((index, text))
    return shown


def _behind(tokens: Sequence[Token], places: Sequence[int], digits: str) -> list[tuple[int, str]]:
    """What each place behind the point shows; zeros at the end only where a 0 asks for them."""
    shown = []
    needed = False
    for index, digit in zip(reversed(places), reversed(digits), strict=True):
        needed = needed or digit != "0" or tokens[index][1] == "0"
        shown.append((index, digit if needed else " " if tokens[index][1] == "?" else ""))
    return shown


def _literals(tokens: Sequence[Token]) -> str:
    return "".join(text for kind, text in tokens if kind in ("literal", "percent", "fill", "slash"))


def _scientific(tokens: Sequence[Token], value: Decimal) -> str:
    """A mantissa and a power of ten, which is a multiple of the places before the point."""
    kinds = [kind for kind, _ in tokens]
    middle = kinds.index("exponent")
    mantissa, power = tokens[:middle], tokens[middle + 1 :]
    point = kinds.index("point") if "point" in kinds[:middle] else middle
    step = kinds[:point].count("place")
    decimals = kinds[point:middle].count("place")
    if not step or "percent" in kinds or "comma" in kinds or "point" in kinds[middle:]:
        raise UnknownFormat("powers of ten of this form")
    exponent = 0
    if value:
        exponent = value.adjusted() // step * step
        with localcontext(prec=1000):
            whole, _ = _rounded(value.scaleb(-exponent), decimals)
        if len(whole) > step:
            exponent += step
    with localcontext(prec=1000):
        shown = _decimal(mantissa, value.scaleb(-exponent))
    width = 0
    while width < len(power) and power[width][0] == "place":
        width += 1
    if not width or any(kind == "place" for kind, _ in power[width:]):
        raise UnknownFormat("powers of ten of this form")
    letter, plus = tokens[middle][1][0], tokens[middle][1][1]
    sign = "-" if exponent < 0 else plus if plus == "+" else ""
    return f"{shown}{letter}{sign}{abs(exponent):0{width}d}{_literals(power[width:])}"
