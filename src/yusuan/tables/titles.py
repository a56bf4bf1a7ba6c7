"""Compare the lines above a grid with the titles the standard tables go by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from yusuan.model.text import normal, without_numbering
from yusuan.schema import Resource
from yusuan.schema.wording import wording

__all__ = ["BODY_ENDING", "CLEAR", "Title", "is_of_government", "match_title", "read_title"]

_NUMBER = r"(?:\d+(?:[-.—－]\d+)*|[一二三四五六七八九十]+)"
_LABEL = re.compile(
    rf"^(?:(?:附件|附表|附|部门|单位|公开|预算|财决|部决|决算)*表{_NUMBER}"
    rf"|(?:附件|附表|附|公开|预算|财决|部决|决算)+{_NUMBER}表?|{_NUMBER}(?:[、.:]|表[:：]?))[:：、.]?"
)
_LABEL_AFTER = re.compile(rf"(?:附件|附|公开|财决|部决)+表?{_NUMBER}表?$")
_YEAR = re.compile(r"(?:20\d\d|二[〇○零]\S{2})年?度?(?!\d)")
_UNIT = re.compile(r"\(?(?:金额)?单位[:：].*$|(?:部门|编制单位|填报单位|单位名称|部门名称)[:：].*$")
_BRACKETS = re.compile(r"\([^()]*\)")
_CONTINUED = re.compile(r"\(?续表?\)?$|-\d+$")
BODY_ENDING = re.compile(r"[局委办厅院校心会所队站处部室馆场社府道镇乡区县市省级学司]$")
"""How the name of a body ends."""
_LONGEST = 60
CLEAR = 100.0
"""A match of this or more names the table clearly: nothing but the title, or after a body."""
_SHORT = 4
"""A shorter core (支出) is part of too many lines to be looked for within one."""
_MARKS = re.compile(r"[、,;·\-]")


@dataclass(frozen=True, slots=True)
class Title:
    """A line in normal form, its core without words all titles share, and the code list it names."""

    line: str
    core: str
    code_list: str | None


def read_title(line: str) -> Title:
    """Read a line that may be a title.

    >>> read_title("公开05表：一般公共预算支出预算表（按功能分类科目）").core
    '一般公共支出'
    """
    text = _LABEL_AFTER.sub("", _UNIT.sub("", normal(line)))
    for _ in range(2):  # 附件3 表5-1
        text = without_numbering(_LABEL.sub("", _YEAR.sub("", text)))
    code_list = None
    for word, found in wording().classifications.items():
        if word in text:
            code_list, text = code_list or found, text.replace(word, "")
    text = _BRACKETS.sub("", _CONTINUED.sub("", text))
    return Title(normal(line), _core(text), code_list)


def match_title(resource: Resource, title: Title) -> float:
    """How well a title names a table: 0 for not at all, more for longer matches.

    A title that is all of the line counts more than one after the name of a body, and that
    more than one somewhere in the line. A title that names another classification than the
    rows of the table have does not match.
    """
    lists = {field.code_list for field in resource.with_role("code")} | {*resource.classifications}
    if not title.core or (title.code_list and lists and title.code_list not in lists):
        return 0.0
    named = 0.0 if "表" in title.line else -CLEAR
    best = 0.0
    for core in _cores(resource.titles):
        if title.core == core:
            best = max(best, 2 * CLEAR + named + len(core))
        elif title.core.endswith(core) and BODY_ENDING.search(title.core[: -len(core)]):
            best = max(best, CLEAR + named + len(core))
        elif len(core) >= _SHORT and core in title.core and len(title.line) <= _LONGEST:
            best = max(best, float(len(core)))
    return best


def is_of_government(line: str) -> bool:
    """Whether a title in normal form is that of a table only a whole government has.

    >>> is_of_government("甲县2024年一般公共预算收入预算表"), is_of_government("一般公共预算支出表")
    (True, False)
    """
    return len(line) <= _LONGEST and wording().government_tables.search(line) is not None


def _core(text: str) -> str:
    for word in wording().fillers:
        text = text.replace(word, "")
    return _MARKS.sub("", text)


@cache
def _cores(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({read_title(title).core: None for title in titles})
