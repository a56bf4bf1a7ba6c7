"""Which body a document is of: from its cover, tables, titles, sentences, or its file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from yusuan.model.text import normal
from yusuan.narrative.bodies import alike, body_in, ends_as_body, is_body, may_be_name
from yusuan.narrative.passages import Passage
from yusuan.narrative.titles import digits, name_in, tidy
from yusuan.schema import data_path, read_yaml

__all__ = ["Known", "is_letter", "names_of_body", "of_table", "responsible", "spoken_names"]

Known = Literal["cover", "table", "text", "file"]
"""Where something is known from, the most certain first."""

_LONGEST_TITLE = 60
_ABOUT = re.compile(
    r"^(?:[一二三四五六七八九十]+、)?(?:关于)?([^\d:,，。、〔〕]{3,40}?)(20\d\d)年?度?"
    r"(?=[^,，。;；]{0,12}(?:预算|决算|收入|支出|收支|拨款|三公|经费|采购|绩效))"
)
"""A sentence that begins with whose year it speaks of."""
_DUTIES = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))?([^\d:,，。、〔〕]{3,40}?)(?:的)?"
    r"(?:主要职责|主要职能|职责是|部门职责|部门概况|单位概况|基本情况|机构设置|内设机构|系.{2,20}单位)"
)
_CITED = re.compile(r"《[^《》]{0,200}》?")
_RESPONSIBLE = re.compile(
    r"^(?:预算)?(?:主管|编制|填报|公开)?(?:部门|单位)(?:\((?:单位|部门)\))?(?:名称)?"
    r"(?:\((?:公章|盖章)\))?:([^\d:,，。]{4,40}?)(?:\((?:公章|盖章)\))?(?:(?:金额)?单位:.*)?$"
)
_MOST_NAMES = 100
"""Of more than this many different names the first are compared."""


def responsible(text: str) -> str | None:
    """The body that a line in normal form says is responsible (编制单位：…)."""
    match = _RESPONSIBLE.match(text)
    return match[1] if match else None


def names_of_body(
    cover: str | None,
    stated: Sequence[str],
    titles: Sequence[str],
    spoken: Sequence[str],
    outside: Sequence[str],
) -> tuple[tuple[str, ...], Known]:
    """The names of one body: that of the surest place, then others that are of the same body.

    Names of a superior body, of one that approved the budget, or of units are not. Where
    nothing but titles, text and file name tell, the name that most of them say is taken.
    """
    sources: list[tuple[Known, list[str]]] = [
        ("cover", [cover] if cover else []),
        ("table", list(stated)),
        ("table", [name for text in titles if of_table(text) and (name := body_in(text))]),
        ("text", list(spoken)),
        ("file", [name for text in outside if (name := _name_outside(text))]),
    ]
    found = [(known, [name for raw in names if is_body(name := tidy(raw))])
             for known, names in sources]  # fmt: skip
    for known, names in found:
        if names:
            first = names[0] if known in ("cover", "file") else _commonest(names)
            own = [name for _, others in found[:-1] for name in others if alike(first, name)]
            return tuple(dict.fromkeys([first, *own])), known
    return (), "file"


def _name_outside(text: str) -> str | None:
    """The body that the title of a page or the name of a file names."""
    name = body_in(text) or tidy(name_in(text) or text)
    return name if ends_as_body(name) and is_body(name) and may_be_name(name) else None


def _commonest(names: Sequence[str]) -> str:
    """The name that most are like; of several the first."""
    counts = Counter(names)
    kept = list(counts)[:_MOST_NAMES]
    alikes = {one: sum(counts[two] for two in kept if alike(one, two)) for one in kept}
    return max(alikes, key=lambda name: alikes[name])


def spoken_names(passages: Iterable[Passage]) -> list[str]:
    """The names that sentences of the text begin with, as whose year or duties they speak of.

    What stands in a cited title (《…批复》) is another's.
    """
    found = []
    for passage in passages:
        for sentence in re.split(r"[。；;]", _CITED.sub("《》", passage.text)):
            text = digits(normal(sentence))
            match = _ABOUT.match(text) or _DUTIES.match(text)
            if not match or is_letter(text[:_LONGEST_TITLE]):
                continue
            name = tidy(match[1])
            if ends_as_body(name) and may_be_name(name) and not name.endswith("关于"):
                found.append(name)
    return found


@cache
def _letters() -> re.Pattern[str]:
    return re.compile(read_yaml(data_path("schemas", "narrative.yaml"))["identity"]["letters"])


def is_letter(title: str) -> bool:
    """Whether a title is that of a letter of another body, such as one of approval."""
    return _letters().search(title) is not None


def of_table(title: str) -> bool:
    """Whether a title is that of a table."""
    return re.search(r"表(?:\(.*\))?$", title) is not None
