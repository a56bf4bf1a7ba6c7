"""When two printed names of a code are the same name: the forms in which names are compared."""

from __future__ import annotations

import re
from functools import lru_cache

from yusuan.model.text import normal, without_numbering

__all__ = ["bare", "cut_off", "folded", "leading_code", "own_name", "same_key", "shared_start"]

_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "{": "(", "}": ")",
                           "【": "(", "】": ")", "〈": "(", "〉": ")", "<": "(", ">": ")"})  # fmt: skip
_LEVEL = re.compile(r"\((?:类|款|项|目)\)$")
_DECORATION = re.compile(r"\([^()]*\)$")


@lru_cache(maxsize=1 << 16)
def folded(name: str) -> str:
    """The form in which names are compared: any brackets, no blanks from wrapping, no level.

    >>> folded("机关事业单位基本养老 保险缴费支出（项）"), folded("行政运行〔人大〕")
    ('机关事业单位基本养老保险缴费支出', '行政运行(人大)')
    """
    return _LEVEL.sub("", normal(name).translate(_BRACKETS))


def bare(name: str) -> str:
    """A folded name without what lists add in some years: a department in brackets, 支出.

    >>> bare("行政运行（人大）"), bare("国防支出")
    ('行政运行', '国防')
    """
    return _DECORATION.sub("", folded(name)).removesuffix("支出")


def shared_start(code: str, other: str) -> int:
    """Leading characters that two codes have in common.

    >>> shared_start("2210101", "2210201")
    4
    """
    return next(
        (n for n, (a, b) in enumerate(zip(code, other, strict=False)) if a != b),
        min(len(code), len(other)),
    )


_NEXT = re.compile(r"(?<=[\u4e00-\u9fff)）])[\s(（\[［【]*\d{3}.*$", re.DOTALL)
_CODE_BEFORE = re.compile(r"^\(?\d+\)?[-_.、:]*")
_ENDING = "支出"


def own_name(label: str) -> str:
    """A label without the code and name of another list that are printed behind it.

    >>> own_name("基本工资 501 01 工资奖金津补贴"), own_name("办公费[50201]办公经费")
    ('基本工资', '办公费')
    """
    return _NEXT.sub("", label)


@lru_cache(maxsize=1 << 16)
def same_key(name: str) -> str:
    """A name without what only print adds: numbering, 其中, a code, a level, a department, 支出.

    >>> same_key("其中：行政运行（人大）"), same_key("一、公共安全支出"), same_key("20406 司法（款）")
    ('行政运行', '公共安全', '司法')
    """
    text = folded(_CODE_BEFORE.sub("", without_numbering(folded(own_name(name)))))
    text = bare(text) or text
    return text.removesuffix(_ENDING) or text


def leading_code(label: str) -> str | None:
    """The code printed at the beginning of a label, if there is one.

    >>> leading_code("2140106 公路养护"), leading_code("30条措施")
    ('2140106', None)
    """
    found = re.match(r"[\s(（\[［【]*(\d{3,7})(?!\d)", label)
    return found.group(1) if found else None


def cut_off(name: str, whole: str) -> bool:
    """Whether one key is the beginning of the other, as where a narrow cell cuts a name.

    >>> cut_off("机关事业单位基本养老保险", "机关事业单位基本养老保险缴费")
    True
    """
    short, long = sorted((name, whole), key=len)
    return len(short) >= 4 and 2 * len(short) >= len(long) and long.startswith(short)
