"""When two printed names of a code are the same name."""

from __future__ import annotations

import re
from functools import lru_cache

from yusuan.model.text import normal

__all__ = ["bare", "folded", "shared_start"]

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
