"""Dates and times in the number formats of spreadsheets (ECMA-376 Part 1, 18.8.31).

Days are counted from 1900, or from 1904 (18.17.4.1). Names of months and days are those of
the locale that the format states, and English or Chinese only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from yusuan.lexicon.phrases import words_of

__all__ = ["Token", "UnknownFormat", "show_date"]


class UnknownFormat(ValueError):
    """A format, or what it does with a value, lies outside the grammar."""


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "".join(words_of("weekday"))
_LAST_DAY = 2_958_465  # 9999-12-31

_CHINESE = frozenset(("804", "0804", "zh-cn", "zh"))

Token = tuple[str, str]
"""Kind and text."""


def show_date(
    tokens: Sequence[Token], serial: Decimal, *, locale: str | None, date1904: bool
) -> str:
    """A date or a time of day; the number counts days, its fraction is the time.

    Raises UnknownFormat for letters of dates whose meaning is not settled.
    """
    if serial >= _LAST_DAY + 1:
        raise UnknownFormat("a date beyond the year 9999")
    decimals = _second_decimals(tokens)
    shows_seconds = any(kind in ("date", "elapsed") and text[0] in "sS" for kind, text in tokens)
    with localcontext(prec=40):
        step = Decimal(1).scaleb(-decimals if shows_seconds else 0)
        seconds = (serial * 86_400).quantize(step, ROUND_HALF_UP)
        days, rest = divmod(seconds, 86_400)
    if any(kind == "date" and text[0] in "yYmMdDeEaA" for kind, text in tokens):
        year, month, day, weekday = _calendar(int(days), date1904)
    else:
        year, month, day, weekday = 1900, 1, 1, 0
    noon = any(kind == "noon" for kind, _ in tokens)
    chinese = locale in _CHINESE
    parts = []
    before = ""
    for index, (kind, text) in enumerate(tokens):
        lower = text.lower()
        if kind == "date" and (lower[0] != "m" or not _minutes(tokens, index, before)):
            parts.append(_date_part(lower, year, month, day, weekday, rest, noon, locale))
            before = lower[0]
        elif kind == "date":
            minute = int(rest // 60 % 60)
            if len(lower) > 2:
                raise UnknownFormat(text)
            parts.append(f"{minute:0{len(lower)}d}")
            before = "m"
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[lower[0]]
            parts.append(f"{int(seconds // unit):0{len(lower)}d}")
            before = lower[0]
        elif kind == "noon":
            late = rest >= 43_200
            words = text.split("/")
            if chinese and words[0].upper() == "AM":
                words = ["上午", "下午"]
            parts.append(words[late])
        elif kind == "point":
            parts.append(".")
        elif kind == "place":
            parts.append("")
        elif kind != "fill":
            parts.append(text)
        if kind == "point" and decimals and before == "s":
            fraction = format(rest % 1, f".{decimals}f")
            parts.append(fraction[2:])
    return "".join(parts)


def _second_decimals(tokens: Sequence[Token]) -> int:
    """Zeros behind the point of the seconds. Raises UnknownFormat for places anywhere else."""
    count = 0
    open_ = False
    for index, (kind, text) in enumerate(tokens):
        if kind == "point":
            # a point elsewhere parts days from months
            open_ = tokens[index - 1][1][:1] in "sS" if index else False
        elif kind == "place":
            if not open_ or text != "0" or count >= 3:
                raise UnknownFormat("a date and a number together")
            count += 1
        elif kind != "fill":
            open_ = False
    return count


def _minutes(tokens: Sequence[Token], index: int, before: str) -> bool:
    """Whether this m means minutes: behind hours or before seconds."""
    if before == "h":
        return True
    following = (
        text.lower()[0] for kind, text in tokens[index + 1 :] if kind in ("date", "elapsed")
    )
    return next(following, "") == "s"


def _calendar(days: int, date1904: bool) -> tuple[int, int, int, int]:
    """Year, month, day and weekday (Monday 0) of a day by its number.

    The 1900 system has a 29 February 1900, its day 60, and calls its day 0 the 0 January.
    """
    if days > _LAST_DAY:  # rounded up
        raise UnknownFormat("a date beyond the year 9999")
    if date1904:
        found = date(1904, 1, 1) + timedelta(days)
        return found.year, found.month, found.day, found.weekday()
    if days in (0, 60):
        return 1900, 1 if days == 0 else 2, 0 if days == 0 else 29, (days - 2) % 7
    found = date(1899, 12, 30) + timedelta(days + (1 if days < 60 else 0))
    return found.year, found.month, found.day, (days - 2) % 7


def _date_part(
    letters: str, year: int, month: int, day: int, weekday: int, rest: Decimal, noon: bool,
    locale: str | None,
) -> str:  # fmt: skip
    """One run of date letters."""
    chinese, english = locale in _CHINESE, locale in (None, "409", "0409", "en-us", "en")
    count = len(letters)
    hour = int(rest // 3600)
    match letters[0]:
        case "y" if count <= 4:
            return f"{year % 100:02d}" if count <= 2 else f"{year:04d}"
        case "e" if chinese or locale is None:
            return f"{year:04d}"
        case "m" if count <= 2:
            return f"{month:0{count}d}"
        case "m" if english and count <= 5:
            name = _MONTHS[month - 1]
            return {3: name[:3], 4: name, 5: name[0]}[count]
        case "d" if count <= 2:
            return f"{day:0{count}d}"
        case "d" if count <= 4 and chinese:
            return ("周" if count == 3 else "星期") + _CHINESE_DAYS[weekday]
        case "d" if count <= 4 and english:
            return _DAYS[weekday][:3] if count == 3 else _DAYS[weekday]
        case "a" if chinese or locale is None:
            return ("星期" if count == 4 else "") + _CHINESE_DAYS[weekday]
        case "h" if count <= 2:
            return f"{(hour - 1) % 12 + 1 if noon else hour:0{count}d}"
        case "s" if count <= 2:
            return f"{int(rest % 60):0{count}d}"
    raise UnknownFormat(letters)
