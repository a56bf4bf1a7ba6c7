"""The layout of a published list: rows of cells with codes and texts, and what its columns hold.

Tables and running text become the same: a line of text is a row of one cell. What a reader
gave as several pieces of one printed line is one row again. Headings say which columns hold codes,
names and notes where there are any and their words are known; what stands in the columns decides
the rest. A table may hold two lists side by side: each is a group of columns."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from yusuan.codes.codebooks.records import PrintedPlace
from yusuan.codes.codebooks.words import (
    change_of,
    code_lengths,
    is_english,
    is_level,
    is_note,
    is_sum,
    list_of_code,
    names_a_list,
    role_of,
)
from yusuan.model.document import Block, Document, Grid, Paragraph
from yusuan.model.text import clean, normal

__all__ = [
    "Layout",
    "ListColumns",
    "Part",
    "PrintedLine",
    "Section",
    "heading_of",
    "is_heading",
    "layout_of",
    "part_of",
    "sections",
]

_CODE = re.compile(r"\d{1,12}(?:[ .·-]\d{1,2}){0,3}(?:\.0)?|\d{3} (?:\d\d){2,3}")
_CODED = re.compile(
    r"(\d{3} (?:\d\d){2,3}(?!\d)|\d{2,12}(?:[ .·-]\d{1,2}(?!\d)){0,3})(?:[\s、.:：·-]+|(?![A-Za-z]))(?=[^\d\s,.%])(?!月|万|亿|元|个(?!人|体)|项(?!目))(.+)"
)
_YEAR = re.compile(r"\d{4}\s*[年-]")
_BRACKETED = re.compile(r"[\[(【]\s*(\d{3,12})\s*[\])】]\s*(.*)")
_PAGE_NUMBER = re.compile(
    r"[-—–·•\s]*(?:第\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?(?:\s*页)?(?:[\s,，/]*共\s*\d{1,4}\s*页)?[-—–·•\s]*"
)
_RUNNING_NUMBER = re.compile(r"\d{1,4}\s+(?=\d{3})")
_SHORT = 2
"""Digits of a level below the class; a class has three."""


@dataclass(frozen=True, slots=True)
class Part:
    """A cell: the code it begins with and the text after it, each "" where there is none."""

    code: str
    text: str
    printed: str
    place: PrintedPlace
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One printed row, its cells by column.

    ``pieces`` are the parts of a line of text that gaps keep apart, where the format tells.
    """

    parts: dict[int, Part]
    place: PrintedPlace
    pieces: tuple[str, ...] = ()

    @property
    def texts(self) -> list[str]:
        """What is printed, from the left."""
        return [part.printed for part in self.parts.values() if part.printed]


@dataclass(slots=True)
class Section:
    """Rows that share their columns: a table, or lines of text one below another."""

    table: bool
    width: int = 1
    lines: list[PrintedLine] = field(default_factory=list)


def sections(document: Document) -> list[Section]:
    """The document's tables and runs of text, without page numbers."""
    found: list[Section] = []
    for block in _joined(document.blocks):
        if isinstance(block, Grid):
            lines = list(_rows(block))
            if lines:
                found.append(Section(True, block.width, lines))
            continue
        place, pieces = block
        text = normal("".join(pieces))
        if not text or (_PAGE_NUMBER.fullmatch(text) and not _is_class(text)):
            continue
        if not found or found[-1].table:
            found.append(Section(False))
        found[-1].lines.append(_text_line(place, pieces))
    return found


def part_of(printed: str, place: PrintedPlace, across: int = 1, down: int = 1) -> Part:
    """Part a cell into code and text.

    >>> part_of("２０１ 一般公共服务支出", PrintedPlace(1)).code, part_of("201.01", PrintedPlace(1)).code
    ('201', '20101')
    """
    text = clean(printed)
    if kept := _KEPT_AS_TEXT.fullmatch(text):
        text = kept[2] or kept[3]
    folded = "".join(
        unicodedata.normalize("NFKC", char) if char in _FOLDED else char for char in text
    )
    if _CODE.fullmatch(folded):
        return Part(_digits(folded), "", text, place, across, down)
    if _YEAR.match(folded):
        return Part("", text, text, place, across, down)
    if found := (_BRACKETED.fullmatch(folded) or _CODED.fullmatch(folded)):
        return Part(_digits(found[1]), clean(found[2]), text, place, across, down)
    return Part("", text, text, place, across, down)


_KEPT_AS_TEXT = re.compile(r"""=?(["'])(\d[\d .·-]*)\1|['`’‘](\d[\d .·-]*)""")
"""A code that a spreadsheet was made to keep as text: '201, ="201"."""
_FOLDED = frozenset("０１２３４５６７８９．－　")


def _digits(printed: str) -> str:
    """The digits of a code; parts that lost their zero (201.1.1) get it back."""
    text = re.sub(r"(?<=\d)\.0$", "", printed) if printed.count(".") == 1 else printed
    parts = re.split(r"[ .·-]", text)
    if len(parts) > 2 and all(len(part) == 1 for part in parts):
        return "".join(parts)  # letter-spaced
    code = parts[0] + "".join(part.zfill(2) for part in parts[1:])
    while len(code) > 3 and len(code) % 2 and code.endswith("00"):
        code = code[:-2]  # 2010000 is 201 filled up
    return code


def _is_class(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9]\d\d", text))


def _rows(grid: Grid) -> Iterator[PrintedLine]:
    for row in grid.rows:
        printed = [cell for cell in row if cell.text.strip()]
        if not printed:
            continue
        parts = {
            cell.column: part_of(
                cell.text, PrintedPlace(cell.position.line, cell.position.page, cell.address),
                cell.colspan, cell.rowspan,
            )
            for cell in printed
        }  # fmt: skip
        first = printed[0].position
        if len(parts) == 1 and (part := next(iter(parts.values()))) and (
            not part.code and _PAGE_NUMBER.fullmatch(normal(part.printed))
        ):  # fmt: skip
            continue
        yield PrintedLine(parts, PrintedPlace(first.line, first.page))


def _joined(blocks: Iterable[Block]) -> Iterator[Grid | tuple[PrintedPlace, tuple[str, ...]]]:
    """The grids, and the lines of text with their pieces."""
    place: PrintedPlace | None = None
    pieces: tuple[str, ...] = ()
    for block in blocks:
        at = PrintedPlace(block.position.line, block.position.page)
        if isinstance(block, Paragraph) and at == place and at.page is not None:
            pieces = (*pieces, block.text)
            continue
        if place:
            yield place, pieces
        place, pieces = None, ()
        if isinstance(block, Grid):
            yield block
        else:
            place, pieces = at, (block.text,)
    if place:
        yield place, pieces


def _text_line(place: PrintedPlace, pieces: tuple[str, ...]) -> PrintedLine:
    """A line of text as a row of one cell, without the running number before its code."""
    text = " ".join(pieces)
    if numbered := _RUNNING_NUMBER.match(text):
        part = part_of(text[numbered.end() :], place)
        if len(part.code) > _SHORT and list_of_code(part.code) and len(part.code) in code_lengths():
            return PrintedLine({0: part}, place, pieces)
    return PrintedLine({0: part_of(text, place)}, place, pieces)


_MOST = 0.5
_LETTERED = re.compile(r"(?<=(?<!\S)[^\W\d]) (?=[^\W\d](?!\S))")
"""The blank within a word that is spread over its column, as in 说 明."""
_NEARLY_ALL = 0.8
_NO_CODES = ("note", "mark", "serial", "amount", "english", "above", "level")


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The columns of one list, each kind from the left."""

    codes: tuple[int, ...]
    names: tuple[int, ...]
    notes: tuple[int, ...] = ()
    marks: tuple[int, ...] = ()
    english: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The groups of a table; ``amounts``: where it has a column of amounts, which no list has.

    ``unread`` are columns under headings of unknown meaning.
    """

    groups: tuple[ListColumns, ...]
    amounts: PrintedPlace | None = None
    unread: tuple[tuple[int, str], ...] = ()


def is_heading(line: PrintedLine) -> bool:
    """Whether a row holds headings: no code, and known words in at least half of its cells."""
    if any(part.code for part in line.parts.values()):
        return False
    texts = line.texts
    if len(line.parts) == 1 and " " in clean(texts[0]):
        words = _LETTERED.sub("", clean(texts[0])).split()
        return all(role_of(word) for word in clean(texts[0]).split()) or all(map(role_of, words))
    known = sum(role_of(text) is not None and not is_sum(text) for text in texts)
    known = known and sum(role_of(text) is not None for text in texts)
    titles = sum(names_a_list(text) for text in texts if role_of(text) is None)
    return bool(known) and known + titles >= len(texts) * _MOST


def heading_of(section: Section) -> tuple[str, ...]:
    """The texts of a table's first heading rows; () where it has none."""
    texts: list[str] = []
    for line in section.lines:
        if is_heading(line):
            texts += map(normal, line.texts)
        elif texts:
            break
    return tuple(texts)


def layout_of(lines: Sequence[PrintedLine]) -> Layout:
    """The columns of rows that share them."""
    heads = [line for line in lines if is_heading(line)]
    body = [line for line in lines if not is_heading(line)]
    roles, unknown = _roles(heads)
    counts = _ColumnContents(body)
    codes = [column for column in counts.columns if counts.is_code(column, roles.get(column))]
    if not any(counts.has_class(column) for column in codes) and not (
        any(roles.get(column) == "code" for column in codes)
    ):
        codes = []
    codes = [column for column in codes if len(codes) == 1 or not counts.is_serial(column)]
    parted = _parted(codes, counts)
    by_role: dict[str, list[int]] = {"name": [], "note": [], "mark": [], "english": []}
    unread = []
    for column in counts.columns:
        if not counts.texts[column] or (column in codes and not counts.labels[column]):
            continue
        role = roles.get(column)
        if column in codes or role == "code":
            role = "name"
        if role == "level" and counts.kind(column) != "level":
            role = None
        if role is None and column in unknown and "name" in roles.values():
            role = counts.kind(column)
            if role in ("name", "english"):
                unread.append((column, unknown[column]))
                continue
        role = role or counts.kind(column)
        if role in by_role:
            by_role[role].append(column)
    groups = tuple(_group(index, parted, by_role) for index in range(len(parted)))
    return Layout(groups, _amounts(heads, body, codes, roles), tuple(unread))


def _roles(heads: Sequence[PrintedLine]) -> tuple[dict[int, str], dict[int, str]]:
    """The role of each column by its lowest known heading, and the headings nobody knows."""
    roles: dict[int, str] = {}
    unknown: dict[int, str] = {}
    for line in heads:
        for column, part in line.parts.items():
            role = role_of(part.printed)
            for at in range(column, column + part.across):
                if role:
                    roles[at] = role
                elif not names_a_list(part.printed):
                    unknown[at] = part.printed
    return roles, {column: text for column, text in unknown.items() if column not in roles}


class _ColumnContents:
    """What stands in each column of the rows below the headings."""

    def __init__(self, body: Sequence[PrintedLine]) -> None:
        self.codes: dict[int, list[str]] = {}
        self.texts: dict[int, list[str]] = {}
        self.labels: Counter[int] = Counter()
        self.rows = len(body)
        for line in body:
            for column, part in line.parts.items():
                if part.code:
                    self.codes.setdefault(column, []).append(part.code)
                    self.labels[column] += bool(part.text)
                if part.text:
                    self.texts.setdefault(column, []).append(part.text)
        self.columns = sorted({*self.codes, *self.texts})
        for column in self.columns:
            self.codes.setdefault(column, [])
            self.texts.setdefault(column, [])

    def is_code(self, column: int, role: str | None) -> bool:
        codes = self.codes[column]
        others = len(self.texts[column]) - self.labels[column]
        if not codes or role in _NO_CODES:
            return False
        if role == "name" and self.labels[column] < others:
            return False
        if len(codes) < (len(codes) + others) * _MOST:
            return False
        return role == "code" or self._plausible(codes)

    def has_class(self, column: int) -> bool:
        return any(_is_plausible(code) for code in self.codes[column] if len(code) > _SHORT)

    def _plausible(self, codes: list[str]) -> bool:
        long = [code for code in codes if len(code) > _SHORT]
        return sum(map(_is_plausible, long)) >= len(long) * _NEARLY_ALL

    def firsts(self, column: int) -> set[str]:
        return {code[0] for code in self.codes[column] if len(code) > _SHORT}

    def is_serial(self, column: int) -> bool:
        """Whether a column numbers the rows."""
        codes = self.codes[column]
        if len(codes) < max(3, self.rows * _NEARLY_ALL):
            return False
        steps = sum(int(b) - int(a) == 1 for a, b in pairwise(codes))
        return steps >= (len(codes) - 1) * _NEARLY_ALL

    def kind(self, column: int) -> str:
        """What the texts of a column without a known heading look like."""
        texts = self.texts[column]
        for kind, test in _KINDS:
            if sum(bool(test(text)) for text in texts) >= len(texts) * _MOST:
                return kind
        return "name"


_KINDS = (
    ("level", is_level), ("mark", change_of), ("note", is_note), ("english", is_english),
)  # fmt: skip


def _is_plausible(code: str) -> bool:
    return list_of_code(code) is not None and len(code) in code_lengths()


def _parted(codes: Sequence[int], counts: _ColumnContents) -> list[tuple[int, ...]]:
    """The code columns of each list: where other first digits begin, another list does."""
    groups: list[list[int]] = []
    firsts: set[str] = set()
    for column in codes:
        own = counts.firsts(column)
        if groups and (not own or not firsts or own & firsts):
            groups[-1].append(column)
        else:
            groups.append([column])
            firsts = set()
        firsts |= own
    return [tuple(group) for group in groups]


def _group(index: int, parted: list[tuple[int, ...]], by_role: dict[str, list[int]]) -> ListColumns:
    """The columns that belong to a list: those up to the next one, or from the one before
    where names stand before their codes."""
    ends = [*(group[0] for group in parted), 10**9]
    low, high = (ends[index] if index else -1), ends[index + 1]
    if len(parted) > 1 and by_role["name"] and max(by_role["name"]) < parted[-1][0]:
        low, high = (parted[index - 1][-1] if index else -1), parted[index][-1]
    inside = {
        role: tuple(column for column in columns if low <= column < high or column in parted[index])
        for role, columns in by_role.items()
    }
    return ListColumns(
        parted[index], inside["name"], inside["note"], inside["mark"], inside["english"]
    )


def _amounts(
    heads: Sequence[PrintedLine],
    body: Sequence[PrintedLine],
    codes: Sequence[int],
    roles: dict[int, str],
) -> PrintedPlace | None:
    """Where a column of amounts stands."""
    for line in heads:
        for part in line.parts.values():
            if role_of(part.printed) == "amount":
                return part.place
    money = [
        part.place
        for line in body for column, part in line.parts.items()
        if column not in codes and roles.get(column) is None and _is_amount(part.printed)
    ]  # fmt: skip
    return money[0] if len(money) > max(2, len(body) * _MOST / 2) else None


def _is_amount(text: str) -> bool:
    digits = normal(text)
    return digits.replace(",", "").replace(".", "").isdigit() and ("." in digits or "," in digits)
