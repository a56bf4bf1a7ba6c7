"""The form in which the names that documents print are held to be one name."""

from __future__ import annotations

import re
from functools import lru_cache

from yusuan.codes.names import bare, folded
from yusuan.model.text import without_numbering

__all__ = ["cut_off", "same_key"]

_CODE = re.compile(r"^\(?\d+\)?[-_.、:]*")
_ENDING = "支出"


@lru_cache(maxsize=1 << 16)
def same_key(name: str) -> str:
    """A name without what only print adds: numbering, 其中, a code, a level, a department, 支出.

    >>> same_key("其中：行政运行（人大）"), same_key("一、公共安全支出"), same_key("20406 司法（款）")
    ('行政运行', '公共安全', '司法')
    """
    text = folded(_CODE.sub("", without_numbering(folded(name))))
    text = bare(text) or text
    return text.removesuffix(_ENDING) or text


def cut_off(name: str, whole: str) -> bool:
    """Whether one key is the beginning of the other, as where a narrow cell cuts a name.

    >>> cut_off("机关事业单位基本养老保险", "机关事业单位基本养老保险缴费")
    True
    """
    short, long = sorted((name, whole), key=len)
    return len(short) >= 4 and 2 * len(short) >= len(long) and long.startswith(short)
