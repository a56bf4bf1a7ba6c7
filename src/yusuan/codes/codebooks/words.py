"""The words of ``schemas/codebooks.yaml``: lists, titles, headings and marks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from yusuan.model.text import clean, normal, unwrapped
from yusuan.schema import data_path, read_yaml

__all__ = [
    "ListShape",
    "change_of",
    "code_above",
    "code_lengths",
    "is_english",
    "is_furniture",
    "is_level",
    "is_note",
    "is_remark",
    "is_sum",
    "level_names",
    "list_ids",
    "list_of_code",
    "lists_named",
    "mark_of",
    "names_a_list",
    "plain_name",
    "role_of",
    "shape",
    "split_note",
]  # fmt: skip

_BRACKETED = re.compile(r"[(（\[〔【［]\s*([^()（）\[\]〔〕【】［］]{1,8})\s*[)）\]〕】］]$")
_LEVEL = re.compile(r"[(（][类款项目][)）]$")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z\s,.;&/()'-]+")


@dataclass(frozen=True, slots=True)
class ListShape:
    """How the codes of a list are built: their first digit, and the digits up to each level."""

    id: str
    first: str
    lengths: tuple[int, ...]
    levels: tuple[str, ...]
    titles: tuple[str, ...]

    def level(self, code: str) -> int | None:
        """The level of a code from 1, or None when it has too many or too few digits."""
        return self.lengths.index(len(code)) + 1 if len(code) in self.lengths else None

    def parent(self, code: str) -> str | None:
        """The code above, or None for a class."""
        level = self.level(code)
        return code[: self.lengths[level - 2]] if level and level > 1 else None


@cache
def _words() -> Any:
    return read_yaml(data_path("schemas", "codebooks.yaml"))


@cache
def _shapes() -> dict[str, ListShape]:
    return {
        name: ListShape(
            name, told["first"], tuple(told["lengths"]), tuple(told["levels"]),
            tuple(told["titles"]),
        )
        for name, told in _words()["lists"].items()
    }  # fmt: skip


def list_ids() -> tuple[str, ...]:
    """The lists that can be imported."""
    return tuple(_shapes())


def level_names(list_id: str) -> tuple[str, ...]:
    """What the levels of a list are called, from the top."""
    return shape(list_id).levels


def code_above(list_id: str, code: str) -> str | None:
    """The code one level up, or None for a class.

    >>> code_above("expenditure-function", "2010101")
    '20101'
    """
    return shape(list_id).parent(code)


def shape(list_id: str) -> ListShape:
    """How a list is built."""
    return _shapes()[list_id]


def list_of_code(code: str) -> ListShape | None:
    """The list that a code belongs to by its first digit, whatever its length.

    >>> list_of_code("2010101").id
    'expenditure-function'
    """
    return next((found for found in _shapes().values() if code.startswith(found.first)), None)


@cache
def code_lengths() -> frozenset[int]:
    """The digits that codes have, whatever their list."""
    return frozenset(length for found in _shapes().values() for length in found.lengths)


def lists_named(title: str) -> set[str]:
    """The lists that a title names."""
    text = normal(title)
    return {found.id for found in _shapes().values() if any(word in text for word in found.titles)}


def names_a_list(title: str) -> bool:
    """Whether a text is the title of a list, or of the whole publication."""
    text = normal(title)
    return bool(lists_named(text)) or any(word in text for word in _words()["titles"])


@cache
def role_of(heading: str) -> str | None:
    """What the cells below a heading are, or None for words that are no heading.

    >>> role_of("科目编码"), role_of("款"), role_of("说 明"), role_of("行政运行")
    ('code', 'code', 'note', None)
    """
    text = normal(heading)
    roles = _words()["roles"].items()
    for role, told in roles:
        if text in told["words"]:
            return str(role)
    ending = [
        (len(word), str(role))
        for role, told in roles for word in told["endings"] if text.endswith(word)
    ]  # fmt: skip
    return max(ending)[1] if ending and len(text) < 24 else None


@cache
def change_of(mark: str) -> str | None:
    """What a mark says of a row: added, withdrawn, changed; None for a text that is no mark."""
    text = normal(mark).strip("()[]〔〕【】")
    for change, words in _words()["marks"].items():
        if text in words or text.removesuffix("科目") in words:
            return str(change)
    return None


def mark_of(change: str) -> str:
    """The word that marks a change, the first that is listed.

    >>> mark_of("withdrawn")
    '删除'
    """
    return str(_words()["marks"][change][0])


def plain_name(printed: str) -> tuple[str, str | None]:
    """A name without signs, footnote marks, level and mark of change; and that change.

    >>> plain_name("★机关事业单位基本养老 保险缴费支出①（新增）")
    ('机关事业单位基本养老保险缴费支出', 'added')
    """
    words = _words()
    text = re.sub(rf"^(?:{words['signs_before']})", "", clean(printed)).strip()
    change = None
    while True:
        before = text
        text = re.sub(rf"(?:{words['signs_after']})$", "", text).strip(" :：")
        text = _LEVEL.sub("", text).strip()
        head, _, last = text.rpartition(" ")
        if (bracket := _BRACKETED.search(text)) and (found := change_of(bracket[1])):
            text, change = text[: bracket.start()].strip(), found
        elif head and (found := change_of(last)):
            text, change = head, found
        elif (bracket := re.match(r"[(（\[【]([^)）\]】]{1,6})[)）\]】]", text)) and (
            found := change_of(bracket[1])
        ):
            text, change = text[bracket.end() :].strip(), found
        if text == before:
            return unwrapped(text), change


def split_note(text: str) -> tuple[str, str | None]:
    """Name and note that stand in one text: the note begins after a blank or a colon, or with
    a word that no name has.

    >>> split_note("行政运行 反映行政单位的基本支出。")
    ('行政运行', '反映行政单位的基本支出。')
    """
    openings = "|".join(map(re.escape, _words()["note_openings"]))
    anywhere = "|".join(map(re.escape, _words()["note_openings_anywhere"]))
    found = re.search(rf"(?:[\s:：]+(?={openings})|(?<=\S)(?={anywhere}))(.*)$", text)
    return (text[: found.start()].strip(), found[1]) if found else (text, None)


def is_note(text: str) -> bool:
    """Whether a text reads like the note to an item rather than a name."""
    return clean(text).startswith(tuple(_words()["note_openings"])) or "。" in text


def is_english(text: str) -> bool:
    """Whether a text is an English name."""
    return bool(_ENGLISH.fullmatch(clean(text)))


def is_level(text: str) -> bool:
    """Whether a text names the level of a code, or whether it is the lowest: 款, 二级, 是."""
    return normal(text) in _words()["levels"]


def is_sum(text: str) -> bool:
    """Whether a text names a sum, which is no item: 小计."""
    return normal(text) in _words()["sums"]


def is_remark(text: str) -> bool:
    """Whether a text begins like a remark below a list: 注：带*的为新增科目。"""
    return normal(text).startswith(tuple(_words()["remarks"]))


def is_furniture(text: str) -> bool:
    """Whether a text belongs to the layout, such as 续表."""
    return normal(text) in map(normal, _words()["furniture"])
