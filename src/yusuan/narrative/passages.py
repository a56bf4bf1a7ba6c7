"""Running text as whole passages: lines that a page break tore apart are one again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Document, Paragraph, Position
from yusuan.model.text import clean, normal
from yusuan.narrative.quantities import quantities
from yusuan.schema import data_path, read_yaml

__all__ = ["Passage", "narrative_words", "passages"]

_END = re.compile(r"[。；：:;!！?？]$")
_SENTENCE_END = re.compile(r"[。\n]")
_LONGEST_HEADING = 60
_SAID = 3_000
"""Characters before a number that can say what it is about; no paragraph in print is longer."""
_NEAR = 200
"""Characters of a sentence before and after a number that are kept with it."""
_LONGEST_PASSAGE = 10_000
"""Lines that never end a sentence are no longer joined beyond this many characters."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of text with the source position of each of its pieces.

    ``part`` is the innermost 一、 heading above, ``section`` adds the （一） heading.
    """

    text: str
    pieces: tuple[tuple[int, Position], ...]
    part: str
    section: str
    heading: bool

    @property
    def position(self) -> Position:
        """Where it begins."""
        return self.pieces[0][1]

    def before(self, offset: int) -> str:
        """The text that leads up to an offset, as far back as it may matter there."""
        return self.text[max(0, offset - _SAID) : offset]

    def beginning(self, offset: int) -> str:
        """The first words of the passage, up to an offset at most."""
        return self.text[: min(offset, _SAID)]

    def sentence(self, start: int, end: int) -> str:
        """The sentence that what stands from one offset to another is in, as far as it is near."""
        before, after = self.text[max(0, start - _NEAR) : start], self.text[end : end + _NEAR]
        begin = max(before.rfind("。"), before.rfind("\n")) + 1
        close = _SENTENCE_END.search(after)
        return clean(
            before[begin:] + self.text[start:end] + after[: close.end() if close else None]
        )

    def position_at(self, offset: int) -> Position:
        """Where the character at an offset of the text is printed."""
        return [where for start, where in self.pieces if start <= offset or not start][-1]

    def is_in(self, section: str) -> bool:
        """Whether this stands in one of the sections of ``schemas/narrative.yaml``."""
        here = normal(self.part + self.section)
        return any(word in here for word in narrative_words()["sections"][section])


@cache
def narrative_words() -> dict[str, dict[str, list[str]]]:
    """The contents of ``schemas/narrative.yaml``."""
    content: dict[str, dict[str, list[str]]] = read_yaml(data_path("schemas", "narrative.yaml"))
    return content


def passages(document: Document) -> Iterator[Passage]:
    """The passages of a document in reading order, each with the headings above it."""
    part = section = ""
    for pieces in _joined(document):
        text = "".join(piece.text for piece in pieces)
        short = normal(text)
        heading = _is_heading(pieces[0], short)
        named = (
            heading
            and phrase("passage.named_heading").match(short)
            and not phrase("passage.sub").match(short)
        )
        if heading and (phrase("passage.top").match(short) or pieces[0].level == 1 or named):
            part, section = text, ""
        elif heading and phrase("passage.sub").match(short):
            section = text
        offsets, offset = [], 0
        for piece in pieces:
            offsets.append((offset, piece.position))
            offset += len(piece.text)
        yield Passage(text, tuple(offsets), part, section, heading)


def _is_heading(paragraph: Paragraph, short: str) -> bool:
    if phrase("passage.sub").match(short) and phrase("passage.heading_with_stop").fullmatch(short):
        short = short[:-1]
    if len(short) > _LONGEST_HEADING or phrase("passage.no_heading").search(short):
        return False
    if re.search(r"[,，。；]", short) is None and phrase("passage.named_heading").match(short):
        return True
    return paragraph.level > 0 or bool(
        phrase("passage.top").match(short) or phrase("passage.sub").match(short)
    )


def _joined(document: Document) -> Iterator[list[Paragraph]]:
    """Group paragraphs that one sentence runs through."""
    group: list[Paragraph] = []
    length = 0
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            if group:
                yield group
            group = []
            continue
        if block.position.page and phrase("passage.page_number").match(block.text):
            continue
        if group and (length > _LONGEST_PASSAGE or not _continues(group[-1], block)):
            yield group
            group = []
        length = len(block.text) + (length if group else 0)
        group.append(block)
    if group:
        yield group


def _continues(before: Paragraph, after: Paragraph) -> bool:
    if before.level or after.level or _END.search(before.text):
        return False
    if before.text.endswith(("（", "(")) or _is_wrapped_heading(before, after):
        return True
    if _breaks_number(before.text, after.text):
        return True
    if phrase("passage.begins").match(after.text) or _is_heading(before, normal(before.text)):
        return False
    return len(before.text) >= 15


def _breaks_number(before: str, after: str) -> bool:
    """Whether a line ends inside a number of which the next line has the rest: 1,2 and 00.50万元."""
    if phrase("passage.open_end").search(before) is None or not re.match(r"[,，.．]?\d", after):
        return False
    start = len(before)
    return any(each.start < start < each.end for each in quantities(before + after[:40]))


def _is_wrapped_heading(before: Paragraph, after: Paragraph) -> bool:
    """Whether a numbered heading goes on in the next line: "…支" and "出预算情况说明"."""
    above, below = normal(before.text), normal(after.text)
    return (
        bool(phrase("passage.top").match(above) and phrase("passage.named_heading").match(below))
        and not phrase("passage.named_heading").match(above)
        and not phrase("passage.begins").match(below)
    )
