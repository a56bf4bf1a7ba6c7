"""The form in which the names that documents print are held to be one name."""

from __future__ import annotations

import re
from functools import lru_cache

from yusuan.codes.names import bare, folded
from yusuan.model.text import without_numbering

__all__ = ["cut_off", "leading_code", "own_name", "same_key"]

_NEXT = re.compile(r"(?<=[\u4e00-\u9fff)）])[\s(（\[［【]*\d{3}.*$", re.DOTALL)
_CODE = re.compile(r"^\(?\d+\)?[-_.、:]*")
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
    text = folded(_CODE.sub("", without_numbering(folded(own_name(name)))))
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
