"""Comparing Chinese text: one normal form; dates as people write them; lines of a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

__all__ = [
    "clean",
    "columns",
    "counted",
    "day",
    "folded",
    "normal",
    "printable",
    "unwrapped",
    "without_numbering",
]

_TAGS = re.compile(r"</?(?:b|p|i|u|em|strong|br|span|sup|sub)\b[^<>]*>", re.IGNORECASE)
_STRONG = re.compile(r"(\*\*|__)(?=[^*_]*[^\W_])([^*_]+)\1")
_MARKDOWN = re.compile(r"^\s{0,3}#{1,6}\s+(?=\S)|\\(?=[*_#|])")
_BLANKS = re.compile(r"[\s\u3000\xa0\x00-\x1f\x7f]+")  # no control character is ever printed
_UNPRINTED = dict.fromkeys((
    0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, 0x061C, 0x2066, 0x2068, 0x2069,
))  # fmt: skip
"""Soft hyphens, what joins or parts words without being seen, and marks of a direction of writing
that turn no digits around, as copied numbers have at their ends; what turns them is left."""
_UNCLEAN = re.compile(
    r"[\s\u3000\xa0\x00-\x1f\x7f\xad\u061c\u200b-\u200f\u2060\u2066\u2068\u2069\ufeff*_#\\<]"
)
"""What a text has one of wherever any of the above would change it; most texts have none."""
_LEFT_OUT = re.compile(r"[\s“”‘’\"'「」『』《》]+")
_MARKS = re.compile(r"[①-⑳²³¹⁰⁴-⁹₀-₉]")
_CIRCLED = {ord("①") + index: f"({index + 1})" for index in range(20)}
_RAISED = re.compile(r"(?<=[\u3000-\u9fff\d)）])[²³¹⁰⁴-⁹₀-₉]+")
"""Marks of footnotes; behind a letter they are a power (m²)."""
_NUMBERING = re.compile(
    r"^(?:\(?[一二三四五六七八九十百]+[、.)]|\(\d+\)|\d+[、.](?!\d)|(?:其中|加|减|其它):)+"
)
_OPENING = "（“《"
"""No line ends in one of these."""
_UNSHOWN = frozenset(("Cc", "Cf", "Zl", "Zp"))


@lru_cache(maxsize=1 << 16)
def clean(text: str) -> str:
    """Text without markup, with runs of blanks as one space; the characters stay as printed.

    >>> clean("**合 计**"), clean("***"), clean("926.20**"), clean("208\u200b05")
    ('合 计', '***', '926.20**', '20805')
    """
    if not _UNCLEAN.search(text):
        return text
    plain = _MARKDOWN.sub("", _STRONG.sub(r"\2", text.translate(_UNPRINTED)))
    return _BLANKS.sub(" ", _TAGS.sub(" ", plain)).strip()


def printable(text: str) -> str:
    """A name from outside as one line that a terminal and a CSV file can show.

    >>> printable("a\\n\\x1b[2Jb\\udcff")
    'a [2Jb?'
    """
    shown = text.encode("utf-8", "replace").decode()
    kept = "".join(" " if unicodedata.category(char) in _UNSHOWN else char for char in shown)
    return " ".join(kept.split())


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "document"), counted(1200, "fact")
    ('1 document', '1,200 facts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


@lru_cache(maxsize=1 << 16)
def normal(text: str) -> str:
    """The form in which labels are compared: no blanks, no quotes, half-width signs (NFKC).

    A number in a circle (①) is one in brackets, and so is the raised mark of a footnote.

    >>> normal("合 计"), normal("机关事业单位基本养老 保险缴费支出（项）")
    ('合计', '机关事业单位基本养老保险缴费支出(项)')
    >>> normal("行政运行²"), normal("m²")
    ('行政运行(2)', 'm2')
    """
    plain = clean(text)
    if _MARKS.search(plain):
        plain = _RAISED.sub(lambda mark: f"({mark[0]})", plain.translate(_CIRCLED))
    return _LEFT_OUT.sub("", plain if plain.isascii() else unicodedata.normalize("NFKC", plain))


def unwrapped(text: str) -> str:
    """Text without the blanks that wrapping left between Chinese characters.

    >>> unwrapped("安邦信息 服务、法律 顾问费"), unwrapped("ISO 9000 认证")
    ('安邦信息服务、法律顾问费', 'ISO 9000 认证')
    """
    cjk = r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef()]"
    return re.sub(rf"(?<={cjk}) (?={cjk})", "", clean(text))


def without_numbering(label: str) -> str:
    """A normal label without its leading list number.

    >>> without_numbering("一、一般公共服务支出"), without_numbering("(二)宣传部")
    ('一般公共服务支出', '宣传部')
    """
    return _NUMBERING.sub("", label)


_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?"
)


def day(text: str) -> date | None:
    """A date as people and spreadsheet programs write it, year first; None for anything else.

    >>> day("2026/3/1"), day("2026年3月1日"), day("3/1/26")
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 1), None)
    """
    match = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def columns(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> columns("64万元")
    6
    """
    return sum(2 if _is_wide(char) else 1 for char in text)


def folded(text: str, width: int, indent: int = 0) -> Iterator[str]:
    """A text cut to lines of a width in columns, of which a Chinese character takes two; those that
    go on begin ``indent`` columns in.

    Words of other scripts and numbers stay whole where they fit.

    >>> list(folded("应为64万元。", 8, 2))
    ['应为64万', '  元。']
    """
    now, used = "", 0
    for piece in _pieces(text):
        size = columns(piece)
        if used + size > width and used > indent:
            yield now.rstrip()
            now, used = " " * indent, indent
            piece = piece.lstrip()
            size = columns(piece)
        now, used = now + piece, used + size
    yield now.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What a line may be cut between: wide characters, and runs of others up to a blank."""
    piece = ""
    for char in text:
        wide = _is_wide(char)
        if wide and char in "，。；：、）”！？" and piece:
            yield piece + char  # no line begins with a closing sign
            piece = ""
        elif piece[-1:] in _OPENING and piece:
            piece += char
        elif wide or (piece and piece[-1] == " " and char != " ") or _is_wide(piece[-1:]):
            if piece:
                yield piece
            piece = char
        else:
            piece += char
    if piece:
        yield piece


def _is_wide(char: str) -> bool:
    return char != "" and unicodedata.east_asian_width(char) in "WF"
