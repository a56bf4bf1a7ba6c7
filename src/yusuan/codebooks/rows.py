"""Rows of a publication, one after another: each gives an item, goes on with the one before,
or is told to be something else. Nothing is passed over in silence."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from yusuan.codebooks.columns import Group, Layout, is_heading
from yusuan.codebooks.drafts import Draft, is_contents
from yusuan.codebooks.lines import Line, Section
from yusuan.codebooks.pieces import PART, nameless, texts_in, whole_code
from yusuan.codebooks.records import Place, Problem
from yusuan.codebooks.words import (
    ListShape,
    change_of,
    is_furniture,
    is_note,
    list_of_code,
    lists_named,
    names_a_list,
    split_note,
)
from yusuan.model.text import clean, normal

__all__ = ["Rows"]

_LONGEST_TITLE = 60
_LONGEST = 30
"""Characters of what may be the rest of a name."""
_NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十\d]+[部分章节])"
)

_LONG_CODES = re.compile(r"(?<!\d)[1-5](?:\d\d){2,4}(?!\d)")
_SHORT_CODE = re.compile(r"\d{1,2}(?:[^\W\d]|$)")


@dataclass(slots=True)
class Rows:
    """What the rows read so far gave; rows of other lists are only counted."""

    shape: ListShape
    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    titles: list[tuple[str, Place]] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _titled: bool = False
    _above: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _last: Draft | None = None
    _last_line: Line | None = None
    _covered: int = 0
    _loose: list[tuple[Line, bool]] = field(default_factory=list)

    def read(self, section: Section, layout: Layout) -> None:
        """Read the rows of a section by its columns."""
        self._covered = 0
        for line in section.lines:
            self._covered -= 1
            if self._is_title(line):
                self.title(line)
            elif is_heading(line) or is_furniture(" ".join(line.texts)):
                continue
            elif not section.table:
                self._text_row(line)
            else:
                self._table_row(line, layout)

    def close(self) -> None:
        """Say what became of text that was left, once all rows are read."""
        if self._loose and self._last_line and self._last:
            line, _ = self._loose[0]
            gap = line.place.line - self._last_line.place.line
            text = " ".join(line.texts)
            if line.place.page == self._last_line.place.page and gap == 1 and len(text) < _LONGEST:
                self.problems.append(nameless(text, line.place))
                self._loose.pop(0)
        self._settle_loose(False)

    def title(self, line: Line) -> None:
        """Note which lists a title names; titles that follow one another count together."""
        text = " ".join(line.texts)
        if not self._titled:
            self._named = set()
        self._titled = True
        self._named |= lists_named(text)
        self.titles.append((text, line.place))

    def _is_title(self, line: Line) -> bool:
        texts = {normal(text) for text in line.texts}
        if len(texts) != 1 or any(part.code for part in line.parts.values()):
            return False
        text = texts.pop()
        return names_a_list(text) and len(text) <= _LONGEST_TITLE and "。" not in text

    # Rows of tables

    def _table_row(self, line: Line, layout: Layout) -> None:
        used = False
        for index, group in enumerate(layout.groups):
            codes = [line.parts[c].code if c in line.parts else "" for c in group.codes]
            if any(codes):
                self._coded(line, group, index, codes)
                used = True
            else:
                used = self._uncoded(line, group, len(layout.groups)) or used
        if not used:
            self._aside(line)
        else:
            self._last_line = line

    def _coded(self, line: Line, group: Group, index: int, codes: list[str]) -> None:
        first = next(line.parts[c] for c in group.codes if c in line.parts and line.parts[c].code)
        above = self._above.setdefault((index, len(codes)), [""] * len(codes))
        code = whole_code(above, codes)
        if code is None:
            part = "".join(codes)
            self._problem(
                "no-code-above",
                f"{part} is a part of a code, but no code above it is known; expected the class "
                "(类) in an earlier column or row",
                first.place,
            )
        if code is None or not self._is_ours(code, first.place):
            self._last = None
            return
        deepest = max(i for i, part in enumerate(codes) if part)
        cell = line.parts[group.codes[deepest]]
        draft = Draft(code, cell.place)
        self._names(draft, line, group, deepest)
        draft.notes = texts_in(line, group.notes)
        draft.mark = next((t for t in texts_in(line, group.marks) if change_of(t)), None)
        draft.name_en = " ".join(texts_in(line, group.english)) or None
        self._add(draft)
        self._covered = cell.down

    def _names(self, draft: Draft, line: Line, group: Group, deepest: int) -> None:
        """The names of a row: one, or one for each level in columns of their own."""
        level = self.shape.level(draft.code) or 1
        texts = {i: line.parts[c].text for i, c in enumerate(group.names)
                 if c in line.parts and line.parts[c].text}  # fmt: skip
        count = len(group.names)
        by_level = count > 1 and count in (len(self.shape.lengths), len(group.codes))
        if by_level and level - 1 < count and (level - 1 in texts or len(texts) != 1):
            draft.names = [texts[level - 1]] if level - 1 in texts else []
            for i in range(level - 1):
                if i in texts:
                    part = line.parts[group.names[i]]
                    self._add(
                        Draft(draft.code[: self.shape.lengths[i]], part.place, [texts[i]],
                              above=True)
                    )  # fmt: skip
        elif len(texts) <= 1:
            draft.names = list(texts.values())
        else:
            draft.names = list(texts.values())[:1]
            self.problems.append(
                Problem(
                    "two-names",
                    f"{draft.code}: which is its name: {' or '.join(texts.values())}?",
                    draft.place,
                )
            )

    def _uncoded(self, line: Line, group: Group, groups: int) -> bool:
        """A row without code in a group: the rest of the item before, or a problem.

        Returns whether the row was of use.
        """
        names = texts_in(line, group.names)
        notes = texts_in(line, group.notes)
        if not names and not notes:
            return False
        last = self._last
        if len(line.parts) == 1 and names and _NUMBERED.match(normal(names[0])):
            self._aside(line)
            return True
        if names and last is None and (not self.drafts or self.others):
            return False
        if last is None:
            return False
        place = next(p.place for c, p in line.parts.items() if c in (*group.names, *group.notes))
        if names:
            if self._covered > 0:
                pass
            elif len(names) == 1 and change_of(names[0]):
                last.mark, names = names[0], []
            elif not last.names or self._is_torn(last, line):
                self._remark("joined", f"{last.code}: the name goes on with {names[0]}", place)
            else:
                self.problems.append(nameless(names[0], place))
                return True
        last.names += names
        last.notes += notes
        return True

    def _is_torn(self, last: Draft, line: Line) -> bool:
        """Whether a row without code is the rest of the row before: at the top of a page,
        unless that was complete; else only below a note that breaks off."""
        if last.notes and last.ended:
            return False
        if self._last_line and self._last_line.place.page != line.place.page:
            return True
        return last.started and bool(line.parts)

    # Lines of text

    def _text_row(self, line: Line) -> None:
        part = line.parts[0]
        last = self._last
        if part.code and is_contents(part.text):
            self._remark("contents", f"{part.printed}: a line of the contents", part.place)
            self._last = None
            return
        if part.code and len(part.code) > PART and list_of_code(part.code):
            self._last_line = line
            if not self._is_ours(part.code, part.place):
                self._last = None
                return
            name, note = split_note(part.text)
            self._add(Draft(part.code, part.place, [name] if name else [], [note] if note else []))
            return
        goes_on = last is not None and not self._loose and not part.code
        if last and goes_on and last.started and len(line.pieces) > 1:
            self._remark(
                "joined", f"{last.code}: the name goes on with {line.pieces[0]}", line.place
            )
            last.names.append(line.pieces[0])
            last.notes += line.pieces[1:]
        elif last and goes_on and (last.started or (not last.notes and is_note(part.printed))):
            last.notes.append(part.printed)
        elif last and goes_on and not last.names:
            last.names.append(part.printed)
        else:
            self._loose.append((line, last is not None))

    def _settle_loose(self, ours: bool) -> None:
        """Text between two rows of the list may be the rest of the first one."""
        for line, after in self._loose:
            text = " ".join(line.texts)
            if after and ours and "。" not in text and not _NUMBERED.match(normal(text)):
                self.problems.append(nameless(text, line.place))
            else:
                self._aside(line)
        self._loose.clear()

    # What both have in common

    def _is_ours(self, code: str, place: Place) -> bool:
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

    def _problem(self, kind: str, message: str, place: Place) -> None:
        self.problems.append(Problem(kind, message, place))

    def _remark(self, kind: str, message: str, place: Place) -> None:
        self.remarks.append(Problem(kind, message, place))

    def _aside(self, line: Line) -> None:
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
