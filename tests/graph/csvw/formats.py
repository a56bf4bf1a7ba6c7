"""Formats of numbers and dates, by the patterns of UAX #35.

https://www.w3.org/TR/tabular-data-model/#formats-for-numeric-types and the section after it
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any


class FormatError(ValueError):
    """A text that has no value under its datatype."""


def number_value(text: str, is_double: bool, given: Any) -> str:
    """The lexical form of a number; raises FormatError."""
    form = given if isinstance(given, dict) else {"pattern": given}
    group, point = form.get("groupChar"), form.get("decimalChar", ".")
    pattern = form.get("pattern")
    if text in ("NaN", "INF", "-INF"):
        return text
    if group is None and pattern:
        group = ","
    if pattern:
        rule = _number_rule(pattern, group or ",", point)
        if rule is not None and not re.fullmatch(rule, text):
            raise FormatError(text)
    plain = text
    if group:
        if re.search(re.escape(group) * 2, plain):
            raise FormatError(text)
        plain = plain.replace(group, "")
    if point != ".":
        if "." in plain:
            raise FormatError(text)
        plain = plain.replace(point, ".")
    scale = {"%": 2, "‰": 3}.get(plain[-1:] or " ") or {"%": 2, "‰": 3}.get(plain[:1] or " ", 0)
    if scale:
        plain = plain.strip("%‰")
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", plain):
        raise FormatError(text)
    return f"{Decimal(plain).scaleb(-scale):f}" if scale else plain.replace("E", "e")


def _number_rule(pattern: str, group: str, point: str) -> str | None:
    """A regular expression for a number pattern; None for one that cannot be used."""
    found = re.fullmatch(r"([+\-%‰]*)([#0,]*)(?:\.([#0,]*))?(?:E([+]?)([#0]+))?([%‰]?)", pattern)
    if found is None:
        return None
    prefix, whole, fraction, plus, exponent, suffix = found.groups()
    rule = re.escape(prefix) + ("" if set(prefix) & {"+", "-"} else "[+-]?")
    rule += _whole_rule(whole, re.escape(group))
    if fraction is not None:
        rule += _fraction_rule(fraction, re.escape(group), re.escape(point))
    if exponent is not None:
        least = exponent.count("0")
        rule += f"E{'[+-]' if plus else '-?'}\\d{{{least},}}"
    return rule + re.escape(suffix)


def _whole_rule(whole: str, group: str) -> str:
    parts = whole.split(",")
    least = whole.count("0")
    if len(parts) == 1:
        return f"\\d{{{least},}}"
    primary = len(parts[-1])
    secondary = len(parts[-2]) if len(parts) > 2 else primary
    # As many digits as the pattern has zeros, and groups exactly where they belong.
    grouped = f"(?:\\d{{1,{secondary}}}(?:{group}\\d{{{secondary}}})*{group}\\d{{{primary}}}|\\d{{1,{primary}}})"
    return f"(?=(?:{group}?\\d){{{least},}}){grouped}"


def _fraction_rule(fraction: str, group: str, point: str) -> str:
    parts = fraction.split(",")
    least, most = fraction.count("0"), len(fraction.replace(",", ""))
    if len(parts) == 1:
        digits = f"\\d{{{max(least, 1)},{most}}}"
        return f"{point}{digits}" if least else f"(?:{point}{digits})?"
    size = len(parts[0])
    grouped = f"(?:\\d{{{size}}}{group})*\\d{{1,{size}}}"
    counted = f"(?=(?:\\d{group}?){{{max(least, 1)},{most}}}(?!\\d|{group}))"
    return f"{point}{counted}{grouped}" if least else f"(?:{point}{counted}{grouped})?"


_TOKENS = {
    "yyyy": r"(?P<y>-?\d{4,})", "MM": r"(?P<m>\d\d)", "M": r"(?P<m>\d{1,2})",
    "dd": r"(?P<d>\d\d)", "d": r"(?P<d>\d{1,2})", "HH": r"(?P<H>\d\d)", "mm": r"(?P<M>\d\d)",
    "ss": r"(?P<S>\d\d)",
}  # fmt: skip
_ZONES = {
    "X": r"(?P<z>Z|[+-]\d\d(?:\d\d)?)", "XX": r"(?P<z>Z|[+-]\d{4})",
    "XXX": r"(?P<z>Z|[+-]\d\d:\d\d)", "x": r"(?P<z>[+-]\d\d(?:\d\d)?)", "xx": r"(?P<z>[+-]\d{4})",
    "xxx": r"(?P<z>[+-]\d\d:\d\d)",
}  # fmt: skip
_STANDARD = {"date": "yyyy-MM-dd", "time": "HH:mm:ss", "dateTime": "yyyy-MM-ddTHH:mm:ss"}


def date_value(text: str, base: str, pattern: str | None) -> str:
    """The lexical form of a date or time; raises FormatError."""
    kind = {"datetime": "dateTime", "dateTimeStamp": "dateTime"}.get(base, base)
    rule = _date_rule(pattern) if pattern else None
    if rule is None:
        rule = _date_rule(_STANDARD[kind]) or ""
        rule += r"(?P<f>\.\d+)?" if kind != "date" else ""
        rule += r"(?P<z>Z|[+-]\d\d:\d\d)?"
        if base == "dateTimeStamp":
            rule = rule.removesuffix("?")
    found = re.fullmatch(rule, text)
    if found is None:
        raise FormatError(text)
    part = {name: value for name, value in found.groupdict().items() if value}
    result = ""
    if kind != "time":
        try:
            date(int(part["y"]), int(part["m"]), int(part["d"]))
        except (ValueError, KeyError) as error:
            raise FormatError(text) from error
        result = f"{part['y']}-{int(part['m']):02}-{int(part['d']):02}"
    if kind != "date":
        fraction = part.get("f", "").rstrip("0").removesuffix(".")
        hour, minute, second = (part.get(name, "00") for name in "HMS")
        if int(hour) > 24 or int(minute) > 59 or int(second) > 59:
            raise FormatError(text)
        result += f"{'T' if result else ''}{hour}:{minute}:{second}{fraction}"
    return result + _zone(part.get("z", ""))


def _zone(text: str) -> str:
    if text in ("", "Z"):
        return text
    digits = text[1:].replace(":", "")
    return f"{text[0]}{digits[:2]}:{digits[2:] or '00'}"


def _date_rule(pattern: str) -> str | None:
    """A regular expression for a date pattern; None for one that cannot be used."""
    rule, rest = "", pattern
    zone = re.search(r"( ?)([Xx]{1,3})$", rest)
    if zone:
        rest = rest[: zone.start()]
    fraction = re.search(r"\.(S+)$", rest)
    if fraction:
        rest = rest[: fraction.start()]
    for token in re.findall(r"yyyy|MM|M|dd|d|HH|mm|ss|[-/.:T ]|.", rest):
        if token in _TOKENS:
            rule += _TOKENS[token]
        elif token in "-/.:T ":
            rule += re.escape(token)
        else:
            return None
    if fraction:
        rule += rf"(?P<f>\.\d{{1,{len(fraction[1])}}})?"
    if zone:
        rule += zone[1] + _ZONES[zone[2]]
    return rule
