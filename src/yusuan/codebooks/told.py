"""What the rows of a publication gave so far, and what is told of those that gave nothing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from yusuan.codebooks.drafts import Draft
from yusuan.codebooks.lines import PrintedLine
from yusuan.codebooks.pieces import nameless
from yusuan.codebooks.records import ListProblem, PrintedPlace
from yusuan.codebooks.words import ListShape, list_of_code, lists_named, names_a_list
from yusuan.model.text import clean, normal

__all__ = ["LONGEST_REST", "NUMBERED", "Told"]

_LONGEST_TITLE = 60
LONGEST_REST = 30
"""Characters of what may be the rest of a name."""
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十\d]+[部分章节])"
)

_LONG_CODES = re.compile(r"(?<!\d)[1-5](?:\d\d){2,4}(?!\d)")
_SHORT_CODE = re.compile(r"\d{1,2}(?:[^\W\d年月日]|$)")


@dataclass(slots=True)
class Told:
    """What the rows read so far gave; rows of other lists are only counted."""

    shape: ListShape
    drafts: list[Draft] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    remarks: list[ListProblem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    titles: list[tuple[str, PrintedPlace]] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _titled: bool = False
    _above: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _last: Draft | None = None
    _lasts: dict[int, Draft | None] = field(default_factory=dict)
    _last_line: PrintedLine | None = None
    _covered: int = 0
    _loose: list[tuple[PrintedLine, bool]] = field(default_factory=list)

    def title(self, line: PrintedLine) -> None:
        """Note which lists a title names; titles that follow one another count together."""
        text = " ".join(line.texts)
        if not self._titled:
            self._named = set()
        self._titled = True
        self._named |= lists_named(text)
        self.titles.append((text, line.place))

    def _is_title(self, line: PrintedLine) -> bool:
        texts = {normal(text) for text in line.texts}
        if len(texts) != 1 or any(part.code for part in line.parts.values()):
            return False
        text = texts.pop()
        return names_a_list(text) and len(text) <= _LONGEST_TITLE and "。" not in text

    def _settle_loose(self, ours: bool) -> None:
        """Text between two rows of the list may be the rest of the first one."""
        for line, after in self._loose:
            text = " ".join(line.texts)
            if after and ours and "。" not in text and not NUMBERED.match(normal(text)):
                self.problems.append(nameless(text, line.place))
            else:
                self._aside(line)
        self._loose.clear()

    def _is_ours(self, code: str, place: PrintedPlace) -> bool:
        """Whether a code is of the list that is read; a code of another is counted."""
        self._titled = False
        owner = list_of_code(code)
        self._settle_loose(owner is self.shape)
        if owner is not self.shape:
            if owner is None:
                self._problem("not-a-code", f"{code} is no code of any list", place)
            else:
                self.others[owner.id] += 1
            return False
        if self.shape.level(code) is None:
            expected = " or ".join(map(str, self.shape.lengths))
            self._problem(
                "bad-length", f"{code} has {len(code)} digits; expected {expected}", place
            )
            return False
        if self._named and self.shape.id not in self._named:
            title, where = self.titles[-1]
            self._problem(
                "title",
                f"{code} is of {self.shape.id}, but stands below the title {title} ({where})",
                place,
            )
            self._named = set()  # told once a title
        return True

    def _add(self, draft: Draft) -> None:
        self.drafts.append(draft)
        if not draft.above:
            self._last = draft

    def _problem(self, kind: str, message: str, place: PrintedPlace) -> None:
        self.problems.append(ListProblem(kind, message, place))

    def _remark(self, kind: str, message: str, place: PrintedPlace) -> None:
        self.remarks.append(ListProblem(kind, message, place))

    def _aside(self, line: PrintedLine) -> None:
        text = clean(" ".join(line.texts))
        if any(
            self.shape.level(code) and code.startswith(self.shape.first)
            for code in _LONG_CODES.findall(text)
        ):
            self._problem(
                "not-understood", f"{text[:60]}: holds a code, but was not understood", line.place
            )
        elif self.drafts and _SHORT_CODE.match(normal(text)):
            self._problem(
                "level-unknown",
                f"{text[:60]}: a part of a code, but without columns its level is not known; give "
                "the list in a format that keeps its columns (PDF with lines, DOCX, XLSX, HTML)",
                line.place,
            )
        else:
            self._remark("aside", f"not part of the list: {text[:60]}", line.place)
