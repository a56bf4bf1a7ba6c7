"""Which rows of a table stand above or below it: titles, bodies, units, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from yusuan.model.document import Position, Run
from yusuan.model.text import normal

__all__ = [
    "Box", "SourceRow", "is_above", "is_lone", "is_note", "is_text", "states_unit", "title_of",
    "titles_in", "with_values",
]  # fmt: skip

_LONG = 24
_ABOVE = re.compile(
    r"(?:单位|部门)(?:名称)?(?:\([^)]{0,60}\))?:|^(?:公开|预算|批复|附)?\S{0,3}表[\d一二三四五六七八九十-]+:?$"
    r"|^公开\d+表$|^附[件表]\d*:?$|^第\d+页"
)
_YEAR = re.compile(r"^\(?20\d\d年度?\)?$")
_TITLE = re.compile(r"^\S{4,40}表(?:\([^)]*\))?$")
_REMARK = re.compile(r"^(?:备注|说明|注|附注)\d*[:：]")
_UNIT = re.compile(r"单位:.{0,6}元")


@dataclass(frozen=True, slots=True)
class Box:
    """What stands at one place of a row; ``rowspan`` and ``colspan`` as the format states them.

    ``fragment`` names it in the file (see ``fragments``); ``aside``, ``stored`` and ``doubt``
    are those of its cell.
    """

    text: str
    rowspan: int = 1
    colspan: int = 1
    position: Position | None = None
    fragment: str | None = None
    aside: tuple[Run, ...] = ()
    stored: str | None = None
    doubt: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row with its boxes by column from 0. Covered columns and blanks may be left out."""

    position: Position
    boxes: dict[int, Box] = field(default_factory=dict)

    def printed(self) -> list[tuple[int, Box]]:
        """The boxes with text, from the left."""
        return [(column, self.boxes[column]) for column in sorted(self.boxes)
                if self.boxes[column].text.strip()]  # fmt: skip

    def filled(self) -> list[int]:
        """The columns in which the file holds anything, shown or not, from the left."""
        return [column for column in sorted(self.boxes)
                if self.boxes[column].text.strip() or self.boxes[column].aside
                or self.boxes[column].doubt]  # fmt: skip


def is_lone(row: SourceRow, first: int) -> bool:
    """Whether nothing is printed but one text at the left edge (or nothing at all)."""
    printed = row.printed()
    return not printed or (len(printed) == 1 and (printed[0][0] <= first or is_text(row)))


def is_above(row: SourceRow) -> bool:
    """Whether a row only holds what stands above tables: number, body, year, unit."""
    texts = [normal(text) for text in with_values(row)]
    titles = [text for text in texts if _TITLE.match(text)]
    others = [text for text in texts if text not in titles]
    if len(texts) == 1:
        return bool(titles or _YEAR.match(texts[0]) or _ABOVE.search(texts[0]))
    return bool(texts) and len(titles) <= 1 and all(_ABOVE.search(text) for text in others)


def is_text(row: SourceRow) -> bool:
    """Whether a row is one title or one piece of running text."""
    texts = [normal(box.text) for _, box in row.printed()]
    return len(texts) == 1 and (
        len(texts[0]) > _LONG or bool(_TITLE.match(texts[0]) or _REMARK.match(texts[0]))
    )


def is_note(row: SourceRow) -> bool:
    texts = [normal(box.text) for _, box in row.printed()]
    return len(texts) == 1 and bool(_REMARK.match(texts[0]))


def states_unit(row: SourceRow) -> bool:
    return any(_UNIT.search(normal(text)) for text in with_values(row)) and is_above(row)


def title_of(rows: list[SourceRow]) -> str:
    """The first title among the rows, in normal form, or nothing."""
    texts = [normal(box.text) for row in rows if is_above(row) for _, box in row.printed()]
    return next((text for text in texts if _TITLE.match(text)), "")


def titles_in(row: SourceRow) -> list[int]:
    """The columns in which titles of tables stand in a row that holds nothing else of a table."""
    texts = {column: normal(box.text) for column, box in row.printed()}
    titles = [column for column, text in texts.items() if _TITLE.match(text)]
    return titles if all(c in titles or _ABOVE.search(texts[c]) for c in texts) else []


def with_values(row: SourceRow) -> list[str]:
    """The texts of a row; a label that ends in a colon takes what stands to its right."""
    texts: list[str] = []
    for _, box in row.printed():
        label = bool(texts) and normal(texts[-1]).endswith(":")
        if label and _ABOVE.search(normal(texts[-1])) and not _ABOVE.search(normal(box.text)):
            texts[-1] += box.text
        else:
            texts.append(box.text)
    return texts
