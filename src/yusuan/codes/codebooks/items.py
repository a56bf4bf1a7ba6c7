"""Items of a publication, row by row: each row gives an item, goes on with the one before, or is
told to be something else. Nothing is passed over in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yusuan.codes.codebooks.layout import (
    Layout,
    ListColumns,
    Part,
    PrintedLine,
    Section,
    is_heading,
)
from yusuan.codes.codebooks.records import ListItem, ListProblem, PrintedPlace
from yusuan.codes.codebooks.words import (
    ListShape,
    change_of,
    is_furniture,
    is_note,
    is_remark,
    is_sum,
    list_of_code,
    lists_named,
    mark_of,
    names_a_list,
    plain_name,
    split_note,
)
from yusuan.codes.names import folded
from yusuan.model.text import clean, normal, unwrapped

__all__ = [
    "LONGEST_REST",
    "NUMBERED",
    "PART",
    "DraftItem",
    "FinishedItems",
    "ItemCollector",
    "ItemReader",
    "finish_items",
    "is_contents",
    "nameless",
    "texts_in",
    "whole_code",
]

_LONGEST = 60
_CONTENTS = re.compile(r"[.…·．\s]{3,}\d{1,4}$|…+$")
_NUMBERED = re.compile(r"\s*\d{1,4}$")
_UNFINISHED = "，、；：,;:（("


@dataclass(slots=True)
class DraftItem:
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
class FinishedItems:
    """Drafts turned into items."""

    items: dict[str, ListItem] = field(default_factory=dict)
    withdrawn: list[ListItem] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    remarks: list[ListProblem] = field(default_factory=list)
    repeated: int = 0


def finish_items(drafts: Iterable[DraftItem], shape: ListShape) -> FinishedItems:
    """One item for each code. The same code under the same name again is counted; under
    another name it is a problem."""
    finished = FinishedItems()
    drafts = list(drafts)
    named = {(draft.code, folded(" ".join(draft.names))) for draft in drafts}
    gone: dict[str, ListItem] = {}
    for draft in drafts:
        item = _item(draft, shape)
        bare = _NUMBERED.sub("", item.name)
        if bare != item.name and not draft.notes and (item.code, folded(bare)) in named:
            finished.remarks.append(
                ListProblem(
                    "contents", f"{item.code} {item.name}: a line of the contents", item.place
                )
            )
            continue
        if change_of_mark(item.mark) == "withdrawn":
            gone.setdefault(item.code, item)
            continue
        known = finished.items.get(item.code)
        if known is None or not known.name:
            finished.items[item.code] = item
        elif not item.name or folded(known.name) == folded(item.name):
            finished.repeated += not draft.above
        else:
            finished.problems.append(
                ListProblem(
                    "conflict",
                    f"{item.code} is {item.name} here and {known.name} at {known.place}; "
                    "which is right? Correct the file",
                    item.place,
                )
            )
    finished.withdrawn.extend(gone[code] for code in gone if code not in finished.items)
    finished.problems.extend(
        problem for item in finished.items.values() for problem in _doubts(item)
    )
    return finished


def change_of_mark(mark: str | None) -> str | None:
    """The change a mark means; None where there is none."""
    return change_of(mark) if mark else None


def is_contents(text: str) -> bool:
    """Whether a text ends like a line of a table of contents.

    >>> is_contents("一般公共服务支出 ……… 3"), is_contents("一般公共服务支出")
    (True, False)
    """
    return bool(_CONTENTS.search(clean(text)))


def _item(draft: DraftItem, shape: ListShape) -> ListItem:
    text, inside = split_note(clean(" ".join(draft.names)))
    name, change = plain_name(text)
    note = unwrapped(" ".join(filter(None, (inside, draft.note)))) or None
    mark = draft.mark or (mark_of(change) if change else None)
    level = shape.level(draft.code)
    assert level is not None  # drafts are only made of codes that fit
    return ListItem(draft.code, name, level, draft.place, draft.name_en, note, mark)


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


PART = 2
"""Digits of a level below the class."""


def whole_code(above: list[str], codes: Sequence[str]) -> str | None:
    """The whole code of a row whose parts stand in columns; None when those above are missing.

    ``above`` holds the code of each column so far, which blanks inherit; it is brought up to
    date. A part that lost its leading zero gets it back.

    >>> whole_code(["201", "20101", ""], ["", "", "1"])
    '2010101'
    """
    code = None
    for column, part in enumerate(codes):
        if not part:
            continue
        if len(part) > PART:
            code = part
        elif column and above[column - 1]:
            code = above[column - 1] + part.zfill(PART)
        else:
            return None
        if above[column] != code:
            above[column:] = [code] + [""] * (len(codes) - column - 1)
    return code


def texts_in(line: PrintedLine, columns: Sequence[int]) -> list[str]:
    parts: list[Part] = [line.parts[column] for column in columns if column in line.parts]
    return [part.text or part.printed for part in parts if part.printed]


def nameless(text: str, place: PrintedPlace) -> ListProblem:
    return ListProblem(
        "no-code",
        f"{text[:60]}: a name without a code, or the rest of the row above? Give it its code, "
        "or put it into the row it belongs to",
        place,
    )


_LONGEST_TITLE = 60
LONGEST_REST = 30
"""Characters of what may be the rest of a name."""
NUMBERED = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|第[一二三四五六七八九十\d]+[部分章节])"
)

_LONG_CODES = re.compile(r"(?<!\d)[1-5](?:\d\d){2,4}(?!\d)")
_SHORT_CODE = re.compile(r"\d{1,2}(?:[^\W\d年月日]|$)")


@dataclass(slots=True)
class ItemCollector:
    """What the rows read so far gave; rows of other lists are only counted."""

    shape: ListShape
    drafts: list[DraftItem] = field(default_factory=list)
    problems: list[ListProblem] = field(default_factory=list)
    remarks: list[ListProblem] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    titles: list[tuple[str, PrintedPlace]] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _titled: bool = False
    _above: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    _last: DraftItem | None = None
    _lasts: dict[int, DraftItem | None] = field(default_factory=dict)
    _last_line: PrintedLine | None = None
    _covered: int = 0
    _undetermined: list[tuple[PrintedLine, bool]] = field(default_factory=list)

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

    def _settle_undetermined(self, ours: bool) -> None:
        """Text between two rows of the list may be the rest of the first one."""
        for line, after in self._undetermined:
            text = " ".join(line.texts)
            if after and ours and "。" not in text and not NUMBERED.match(normal(text)):
                self.problems.append(nameless(text, line.place))
            else:
                self._aside(line)
        self._undetermined.clear()

    def _is_ours(self, code: str, place: PrintedPlace) -> bool:
        """Whether a code is of the list that is read; a code of another is counted."""
        self._titled = False
        owner = list_of_code(code)
        self._settle_undetermined(owner is self.shape)
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

    def _add(self, draft: DraftItem) -> None:
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


_NEARLY_ALL = 0.9
_FEW = 3


class ItemReader(ItemCollector):
    """Reads rows; what they gave so far is in the attributes of ``ItemCollector``."""

    def read(self, section: Section, layout: Layout) -> None:
        """Read the rows of a section by its columns."""
        self._covered = 0
        for line in section.lines:
            self._covered -= 1
            if self._is_title(line):
                self.title(line)
            elif is_heading(line) or is_furniture(" ".join(line.texts)):
                continue
            elif _is_beside(line):
                self._aside(line)
            elif not section.table:
                self._text_row(line)
            else:
                self._table_row(line, layout)

    def close(self) -> None:
        """Say what became of text that was left, once all rows are read."""
        if self._undetermined and self._last_line and self._last:
            line, _ = self._undetermined[0]
            gap = line.place.line - self._last_line.place.line
            text = " ".join(line.texts)
            if (
                line.place.page == self._last_line.place.page
                and gap == 1
                and len(text) < LONGEST_REST
            ):
                self.problems.append(nameless(text, line.place))
                self._undetermined.pop(0)
        self._settle_undetermined(False)

    # Rows of tables

    def _table_row(self, line: PrintedLine, layout: Layout) -> None:
        used = False
        for index, group in enumerate(layout.groups):
            codes = [line.parts[c].code if c in line.parts else "" for c in group.codes]
            if any(codes):
                self._coded(line, group, index, codes)
                used = True
            else:
                used = self._uncoded(line, group, index) or used
        if not used:
            self._aside(line)
        else:
            self._last_line = line

    def _coded(self, line: PrintedLine, group: ListColumns, index: int, codes: list[str]) -> None:
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
            self._last = self._lasts[index] = None
            return
        deepest = max(i for i, part in enumerate(codes) if part)
        cell = line.parts[group.codes[deepest]]
        draft = DraftItem(code, cell.place)
        self._names(draft, line, group)
        draft.notes = texts_in(line, group.notes)
        draft.mark = next((t for t in texts_in(line, group.marks) if change_of(t)), None)
        draft.name_en = " ".join(texts_in(line, group.english)) or None
        self._add(draft)
        self._lasts[index] = draft
        self._covered = cell.down

    def _names(self, draft: DraftItem, line: PrintedLine, group: ListColumns) -> None:
        """The names of a row: one, or one for each level in columns of their own."""
        level = self.shape.level(draft.code) or 1
        texts = {i: line.parts[c].text for i, c in enumerate(group.names)
                 if c in line.parts and line.parts[c].text}  # fmt: skip
        count = len(group.names)
        by_level = count > 1 and count in (len(self.shape.lengths), len(group.codes))
        if by_level and level <= count and (len(texts) != 1 or min(texts) < level):
            draft.names = [texts[level - 1]] if level - 1 in texts else []
            for i in range(level - 1):
                if i in texts:
                    part = line.parts[group.names[i]]
                    self._add(
                        DraftItem(draft.code[: self.shape.lengths[i]], part.place, [texts[i]],
                              above=True)
                    )  # fmt: skip
        elif len(texts) <= 1:
            draft.names = list(texts.values())
        else:
            draft.names = list(texts.values())[:1]
            self._problem(
                "two-names",
                f"{draft.code}: which is its name: {' or '.join(texts.values())}?",
                draft.place,
            )

    def _uncoded(self, line: PrintedLine, group: ListColumns, index: int) -> bool:
        """A row without code in a group: the rest of the item before, or a problem.

        Returns whether the row was of use.
        """
        names = texts_in(line, group.names)
        notes = texts_in(line, group.notes)
        if not names and not notes:
            return False
        last = self._lasts.get(index)
        if len(line.parts) == 1 and names and NUMBERED.match(normal(names[0])):
            return False
        bad = [line.parts[c] for c in group.codes if c in line.parts and c not in group.names]
        if bad and names:
            self._problem("not-a-code", f"{bad[0].printed} is no code; {names[0]}", bad[0].place)
            self._lasts[index] = None
            return True
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

    def _is_torn(self, last: DraftItem, line: PrintedLine) -> bool:
        """Whether a row without code is the rest of the row before: at the top of a page,
        unless that was complete; else only below a note that breaks off where others end."""
        if last.notes and last.ended:
            return False
        if self._last_line and self._last_line.place.page != line.place.page:
            return True
        noted = [draft for draft in self.drafts if draft.notes and draft is not last]
        ended = sum(draft.ended for draft in noted)
        return last.started and ended > _FEW and ended >= len(noted) * _NEARLY_ALL

    # Lines of text

    def _text_row(self, line: PrintedLine) -> None:
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
            self._add(
                DraftItem(part.code, part.place, [name] if name else [], [note] if note else [])
            )
            return
        goes_on = last is not None and not self._undetermined and not part.code
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
            self._undetermined.append((line, last is not None))


def _is_beside(line: PrintedLine) -> bool:
    """Whether a row is a sum of the rows above it, or a remark on them."""
    if not line.texts or any(part.code for part in line.parts.values()):
        return False
    return is_sum(line.texts[0]) or is_remark(line.texts[0])
