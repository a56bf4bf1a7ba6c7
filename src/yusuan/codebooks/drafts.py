"""Items while they are read: a name or note may go on in the next row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from yusuan.codebooks.records import ListItem, ListProblem, PrintedPlace
from yusuan.codebooks.words import ListShape, change_of, plain_name, split_note
from yusuan.codes.names import folded
from yusuan.model.text import clean, normal, unwrapped

__all__ = ["Draft", "Settled", "is_contents", "settle"]

_LONGEST = 60
_CONTENTS = re.compile(r"[.…·．\s]{3,}\d{1,4}$|…+$")
_NUMBERED = re.compile(r"\s*\d{1,4}$")
_UNFINISHED = "，、；：,;:（("


@dataclass(slots=True)
class Draft:
    """A code with the pieces of its name and note as printed."""

    code: str
    place: PrintedPlace
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    name_en: str | None = None
    mark: str | None = None
    above: bool = False
    """Named only beside a lower code, in a column of its own."""

    @property
    def note(self) -> str:
        return unwrapped(" ".join(self.notes))

    @property
    def ended(self) -> bool:
        """Whether its note is complete."""
        return self.note.endswith(("。", "！", ")", "）", "同上"))

    @property
    def started(self) -> bool:
        """Whether its note began and goes on."""
        return bool(self.notes) and not self.ended


@dataclass(slots=True)
class Settled:
    """Drafts turned into items."""

    items: dict[str, ListItem] = field(default_factory=dict)
    withdrawn: list[ListItem] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    remarks: list[ListProblem] = field(default_factory=list)
    repeated: int = 0


def settle(drafts: Iterable[Draft], shape: ListShape) -> Settled:
    """One item for each code. The same code under the same name again is counted; under
    another name it is a problem."""
    settled = Settled()
    drafts = list(drafts)
    named = {(draft.code, folded(" ".join(draft.names))) for draft in drafts}
    gone: dict[str, ListItem] = {}
    for draft in drafts:
        item = _item(draft, shape)
        bare = _NUMBERED.sub("", item.name)
        if bare != item.name and not draft.notes and (item.code, folded(bare)) in named:
            settled.remarks.append(
                ListProblem(
                    "contents", f"{item.code} {item.name}: a line of the contents", item.place
                )
            )
            continue
        if change_of_mark(item.mark) == "withdrawn":
            gone.setdefault(item.code, item)
            continue
        known = settled.items.get(item.code)
        if known is None or not known.name:
            settled.items[item.code] = item
        elif not item.name or folded(known.name) == folded(item.name):
            settled.repeated += not draft.above
        else:
            settled.problems.append(
                ListProblem(
                    "conflict",
                    f"{item.code} is {item.name} here and {known.name} at {known.place}; "
                    "which is right? Correct the file",
                    item.place,
                )
            )
    settled.withdrawn.extend(gone[code] for code in gone if code not in settled.items)
    settled.problems.extend(problem for item in settled.items.values() for problem in _doubts(item))
    return settled


def change_of_mark(mark: str | None) -> str | None:
    """The change a mark means; None where there is none."""
    return change_of(mark) if mark else None


def is_contents(text: str) -> bool:
    """Whether a text ends like a line of a table of contents.

    >>> is_contents("一般公共服务支出 ……… 3"), is_contents("一般公共服务支出")
    (True, False)
    """
    return bool(_CONTENTS.search(clean(text)))


def _item(draft: Draft, shape: ListShape) -> ListItem:
    text, inside = split_note(clean(" ".join(draft.names)))
    name, change = plain_name(text)
    note = unwrapped(" ".join(filter(None, (inside, draft.note)))) or None
    mark = draft.mark or _WORD_OF.get(change or "")
    level = shape.level(draft.code)
    assert level is not None  # drafts are only made of codes that fit
    return ListItem(draft.code, name, level, draft.place, draft.name_en, note, mark)


_WORD_OF = {"added": "新增", "withdrawn": "删除", "changed": "更名"}


def _doubts(item: ListItem) -> Iterable[ListProblem]:
    if not item.name:
        yield ListProblem("blank-name", f"{item.code} has no name", item.place)
    elif item.name[-1].isdigit() and not item.name[0].isascii():
        yield ListProblem(
            "doubtful-name",
            f"{item.code} {item.name}: does the name end in a number, or is that a footnote mark "
            "or a page number?",
            item.place,
        )
    elif len(item.name) > _LONGEST or "。" in item.name:
        yield ListProblem(
            "doubtful-name",
            f"{item.code} {item.name[:40]}…: too long for a name; is it a note?",
            item.place,
        )
    elif item.name.endswith(tuple(_UNFINISHED)) or _is_open(item.name):
        yield ListProblem(
            "doubtful-name", f"{item.code} {item.name}: the name breaks off", item.place
        )


def _is_open(name: str) -> bool:
    """Whether a bracket is opened and not closed, or the other way round."""
    return any(normal(name).count(a) != normal(name).count(b) for a, b in ("()", "[]", "〔〕"))
