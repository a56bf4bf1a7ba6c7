"""Rows of a publication, one after another: each gives an item, goes on with the one before,
or is told to be something else. Nothing is passed over in silence."""

from __future__ import annotations

from yusuan.codebooks.columns import Layout, ListColumns, is_heading
from yusuan.codebooks.drafts import Draft, is_contents
from yusuan.codebooks.lines import PrintedLine, Section
from yusuan.codebooks.pieces import PART, nameless, texts_in, whole_code
from yusuan.codebooks.told import LONGEST_REST, NUMBERED, Told
from yusuan.codebooks.words import (
    change_of,
    is_furniture,
    is_note,
    is_remark,
    is_sum,
    list_of_code,
    split_note,
)
from yusuan.model.text import normal

__all__ = ["Rows"]

_NEARLY_ALL = 0.9
_FEW = 3


class Rows(Told):
    """Reads rows; what they gave so far is in the attributes of ``Told``."""

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
        if self._loose and self._last_line and self._last:
            line, _ = self._loose[0]
            gap = line.place.line - self._last_line.place.line
            text = " ".join(line.texts)
            if (
                line.place.page == self._last_line.place.page
                and gap == 1
                and len(text) < LONGEST_REST
            ):
                self.problems.append(nameless(text, line.place))
                self._loose.pop(0)
        self._settle_loose(False)

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
        draft = Draft(code, cell.place)
        self._names(draft, line, group)
        draft.notes = texts_in(line, group.notes)
        draft.mark = next((t for t in texts_in(line, group.marks) if change_of(t)), None)
        draft.name_en = " ".join(texts_in(line, group.english)) or None
        self._add(draft)
        self._lasts[index] = draft
        self._covered = cell.down

    def _names(self, draft: Draft, line: PrintedLine, group: ListColumns) -> None:
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
                        Draft(draft.code[: self.shape.lengths[i]], part.place, [texts[i]],
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

    def _is_torn(self, last: Draft, line: PrintedLine) -> bool:
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


def _is_beside(line: PrintedLine) -> bool:
    """Whether a row is a sum of the rows above it, or a remark on them."""
    if not line.texts or any(part.code for part in line.parts.values()):
        return False
    return is_sum(line.texts[0]) or is_remark(line.texts[0])
