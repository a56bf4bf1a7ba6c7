"""The stub of a row, what stands before its amounts: code, label, project and budget unit.

A code or unit that is printed once for several rows is that of each of them. A label may go on in
the next printed row (社会保障和 / 就业支出): OCR prints a wrapped label so, and so does a page break
that cuts a row. That row is no row of the table: it has neither code nor amounts of its own, unless
they stand beside it instead of beside the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from yusuan.codes import public_list
from yusuan.codes.names import folded, same_key
from yusuan.lexicon.phrases import phrase
from yusuan.model.document import Cell
from yusuan.model.text import clean, normal, without_numbering
from yusuan.schema.vocabulary import concept_named, is_concept
from yusuan.schema.wording import wording
from yusuan.tables.columns import ColumnBlock, TableColumn
from yusuan.tables.nesting import level_of

__all__ = [
    "CODE_LISTS",
    "NO_STUB",
    "RowStub",
    "is_code",
    "is_printed_code",
    "is_rounded_code",
    "joined_stubs",
    "read_stub",
    "with_shared_cells",
]

CODE_LISTS = (
    "expenditure-function", "expenditure-economic-department", "expenditure-economic-government",
)  # fmt: skip
"""The lists of codes that stand before amounts."""
_BUDGET_UNIT_DIGITS = 6
"""Digits of a budget unit's code; those of functions and items have an odd number."""
_CODE = re.compile(r"^\d{2,7}$")
_CODED_LABEL = re.compile(r"^(\d{2,7})\s*[-—－:：]?\s*(?=[^\d\s.,%])(.+)$")
_BRACKETED = re.compile(r"^[\[【(（](\d{3,7})[\]】)）]\s*(?=\S)")
_BEHIND = re.compile(r"^(\D.*?)\s*[\[【(（](\d{3}(?:\d{2}){0,2})[\]】)）]$")
_TRAILING = re.compile(r"^(\D*[^\d\s.,:：—\-－])[\s—\-－]*(\d{3}(?:\d{2}){0,2})$")
"""A name and its code without brackets."""
_SPACED = re.compile(r"^\d{3}(?:[ .·\-/](?:\d{4}|\d{2})){1,2}(?=\s|$|[^\d.,%])")
_PRINTED_CODE = re.compile(r"^[\[【(（]?[\d\s.．·・\-－—–‐﹣/／]*\d")
"""How a text that begins with a code begins; the digits may be of full width."""
_APOSTROPHE = re.compile(r"^['’‘`＇=](?=\d)")
_APART = re.compile(r"[\s.·\-—–/]+")
_SIGNS = str.maketrans("０１２３４５６７８９．・－‐﹣／", "0123456789.·---/")
_DIGITS = re.compile(r"^\d{1,3}(?:[\s.·\-—–/]+(?:\d{1,2}|\d{4}))*$|^\d{1,7}$")
_ALONE = re.compile(r"[\[【(（](\d{3,7})[\]】)）]|(\d{3,7})\.0{1,2}")
"""A code in brackets, or one that a program took for a number with decimals."""
_FLOATED = re.compile(r"(\d{1,2})\.0{1,2}")
"""A part of such a code."""
_LOWER_PART = re.compile(r"\d{1,2}(?:\.0{1,2})?")
"""A part of a code below its class, which may have lost its zero."""


_ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+\d{1,2}")


@dataclass(frozen=True, slots=True)
class RowStub:
    """What stands before the amounts of a row; ``budget_unit`` is the budget unit it is for.

    ``code_parts`` are the pieces that the code is printed in, ``rounded_code`` is what stands in place of a
    code that a spreadsheet has rounded.
    """

    code: str | None
    label: str | None
    project: str | None
    budget_unit: str | None = None
    code_parts: tuple[str, ...] = ()
    rounded_code: str | None = None

    @property
    def is_total(self) -> bool:
        """Whether the label names the total of the table."""
        return self.label is not None and concept_named("items", self.label) == "total"


NO_STUB = RowStub(None, None, None)


def is_code(text: str) -> bool:
    """Whether a text can be a classification code or a part of one."""
    return bool(_CODE.match(text))


def is_printed_code(text: str) -> bool:
    """Whether all that a cell in a column of codes holds can be a code or a part of one, though
    a zero was lost, or points and hyphens part it.

    >>> is_printed_code("213.03.05"), is_printed_code("2"), is_printed_code("1,000.00")
    (True, True, False)
    """
    return bool(_DIGITS.match(_folded(text.strip())))


def _folded(text: str) -> str:
    """A text with the digits and signs of the code it begins with in half width, without the
    apostrophe that keeps a spreadsheet from taking it for a number, or the sign of a formula.

    >>> _folded("２１３－０３农林水支出"), _folded("一、支出"), _folded("20805.0"), _folded("[20805]")
    ('213-03农林水支出', '一、支出', '20805', '20805')
    """
    text = _APOSTROPHE.sub("", text)
    if (match := _ALONE.fullmatch(text)) and _is_listed((match[1] or match[2])[:_LONGEST_PART]):
        return match[1] or match[2]
    match = _PRINTED_CODE.match(text)
    if not match or (match.end() < len(text) and not re.match(r"\D?\d\d", text)):
        return text  # １、支出 is numbered
    return match[0].translate(_SIGNS) + text[match.end() :]


def is_rounded_code(text: str) -> bool:
    """Whether a text is what a spreadsheet makes of a long code, its last digits lost.

    >>> is_rounded_code("2.13E+06"), is_rounded_code("2130301")
    (True, False)
    """
    return bool(_ROUNDED.fullmatch(text))


def _is_listed(code: str) -> bool:
    """Whether some list of expenditure has a code."""
    return any(code in public_list(name).by_code for name in CODE_LISTS)


def _is_of(name: str, code: str) -> bool:
    """Whether a number behind a name is its code: a list has both, or one so long."""
    own = same_key(name)
    found = [entry for each in CODE_LISTS for entry in public_list(each).by_code.get(code, ())]
    return any(same_key(entry.name) == own for entry in found) or (
        len(code) == _LONGEST_CODE and _is_listed(code[:-2])
    )


def read_stub(cells: Iterable[tuple[TableColumn | None, Cell]]) -> RowStub:
    """Read the cells before the amounts, in printed order."""
    cells = list(cells)
    named = any(column and column.role in ("label", "code") for column, _ in cells)
    split = sum(column is not None and column.role == "code" for column, _ in cells) > 1
    parts: list[str] = []
    labels: list[str] = []
    project = budget_unit = lost = None
    for column, cell in cells:
        text = clean(cell.text)
        role = column.role if column else "label"
        if is_rounded_code(text):
            lost = text
            continue
        if role == "code" and normal(text) in wording().nothing:
            continue  # a dash before 合计
        if not text or (role == "budget-unit-code" and concept_named("items", text) != "total"):
            continue
        if role == "budget-unit-name":
            budget_unit = text
            if not named:  # the budget units are the rows of this table
                labels.append(text)
        elif role == "project":
            project = project or text
        else:
            _sort(_folded(text), parts, labels, coded=role == "code", split=split)
    code = "".join(parts) or None
    label = " ".join(labels) or None
    coded_body = [*map(len, parts)] == [_BUDGET_UNIT_DIGITS] and not project
    if label and coded_body and phrase("organisation.ending").search(label):
        return RowStub(None, label, None, label)
    if project and concept_named("items", project) == "total":
        return RowStub(code, project, None, budget_unit)
    if budget_unit and not (code or label or project):
        return RowStub(None, budget_unit, None, budget_unit)
    return RowStub(code, label, project, budget_unit, tuple(parts), None if code else lost)


def _sort(text: str, parts: list[str], labels: list[str], *, coded: bool, split: bool) -> None:
    """Put a text with the parts of the code, with the labels, or split it between them.

    After a label only a column of codes (``coded``) holds more of them. Where a code is
    ``split`` over several columns, a single digit is a part of it that lost its zero.
    """
    if coded and split and (part := _FLOATED.fullmatch(text)):
        text = part[1]
    pieces = [piece for piece in _APART.split(text) if piece]
    if coded and _DIGITS.match(text) and (split or len("".join(pieces)) > 1):
        parts.extend(pieces)
        return
    if not labels and (match := _BRACKETED.match(text)):
        text = match[1] + text[match.end() :]
    elif not labels and (match := _SPACED.match(text)):
        text = re.sub(r"\D", "", match[0]) + text[match.end() :]
    elif not labels and not parts and (match := _BEHIND.match(text)) and _is_listed(match[2]):
        text = match[2] + " " + match[1]  # 行政运行(2010601)
    elif not labels and not parts and (match := _TRAILING.match(text)) and _is_of(*match.groups()):
        text = match[2] + " " + match[1]  # 行政运行 2010601
    if _CODE.match(text) and not labels:
        parts.append(text)
    elif (match := _CODED_LABEL.match(text)) and not labels:
        parts.append(match[1])
        labels.append(match[2])
    else:
        labels.append(text)


# Printed once for several rows


CellRow = tuple[Cell, ...]
_LONGEST_PART = 3
"""Digits of a class; the levels below it have two."""
_LONGEST_CODE = 7
"""Digits of an item of a function."""


def with_shared_cells(body: Sequence[CellRow], blocks: Sequence[ColumnBlock]) -> list[CellRow]:
    """The rows with the codes and budget units that a merged cell above stands for, and with the
    label, where a row has none of its own.

    Where 类, 款 and 项 have columns of their own, a blank before a lower level means the one
    printed above it.
    """
    shared = [
        column.index for block in blocks for column in block.stub
        if column.role in ("code", "budget-unit-code", "budget-unit-name")
    ]  # fmt: skip
    levels = [[c.index for c in block.stub if c.role == "code"] for block in blocks]
    rows = _from_merged(body, shared)
    for block in blocks:
        labels = [column.index for column in block.stub if column.role == "label"]
        rows = [
            row if any(own[at].text for at in labels if at < len(own)) else row_with_label
            for own, row, row_with_label in zip(body, rows, _from_merged(rows, labels), strict=True)
        ]
    for columns in levels:
        if len(columns) > 1:
            rows = _from_above(rows, columns)
    return rows


def _from_merged(body: Sequence[CellRow], columns: Sequence[int]) -> list[CellRow]:
    reach: dict[int, tuple[int, str]] = {}
    rows = []
    for index, cells in enumerate(body):
        texts: dict[int, str] = {}
        for column in columns:
            cell = cells[column] if column < len(cells) else None
            if cell is None:
                continue
            end, text = reach.get(column, (0, ""))
            if cell.text:
                reach[column] = (index + cell.rowspan, cell.text)
            elif index < end:
                texts[column] = text
        rows.append(_with(cells, texts))
    return rows


def _from_above(body: Sequence[CellRow], columns: Sequence[int]) -> list[CellRow]:
    above: list[str] = []
    rows = []
    for cells in body:
        parts = [clean(cells[column].text) if column < len(cells) else "" for column in columns]
        first = next((i for i, part in enumerate(parts) if part), None)
        lower = first and all(_LOWER_PART.fullmatch(_folded(p)) for p in parts[first:] if p)
        if lower and all(above[:first]) and len(above) >= (first or 0):
            texts = dict(zip(columns[:first], above[:first], strict=True))
            cells = _with(cells, texts)
            parts[:first] = above[:first]
        if any(parts):
            above = parts
        rows.append(cells)
    return rows


def _with(cells: CellRow, texts: dict[int, str]) -> CellRow:
    if not texts:
        return cells
    return tuple(
        replace(cell, text=texts[index]) if index in texts else cell
        for index, cell in enumerate(cells)
    )


# Labels in several rows


StubEntry = tuple[RowStub, bool]
"""What stands before the amounts of a row, and whether it has amounts."""

_MOST = 3
"""A label goes on in at most so many rows."""
_LISTS = (
    "expenditure-function", "expenditure-economic-department", "expenditure-economic-government",
    "revenue",
)  # fmt: skip
_CONCEPTS = ("items", "fund-sources", "expenditure-types")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_DEPARTMENT = re.compile(r"\([^()]*\)$")
"""What lists add to some names in some years: 行政运行(人大)."""


def joined_stubs(entries: Sequence[StubEntry]) -> list[tuple[int, int, RowStub]]:
    """The rows of a block: the printed row that a row begins with, the one that holds its
    amounts, and its stub with the whole label.

    Two labels are one where a code list, of the code if there is one, has the name that both
    make, or where the first plainly breaks off: in a bracket, at 和, before a single character.
    """
    rows: list[tuple[int, int, RowStub]] = []
    index = 0
    while index < len(entries):
        count, holder, stub = _whole(entries[index : index + _MOST + 1])
        rows.append((index, index + holder, stub))
        index += count
    return rows


def _whole(entries: Sequence[StubEntry]) -> tuple[int, int, RowStub]:
    """How many printed rows the first row takes up, which has its amounts, and its stub."""
    stub, filled = entries[0]
    best = (1, 0, stub)
    if not _text(stub) or stub.is_total:
        return best
    holder = 0
    named: bool | None = None  # whether the label so far is a name of its code, once that is known
    for count, (rest, amounts) in enumerate(entries[1:], start=1):
        if not _may_go_on(stub, filled, rest, amounts):
            break
        holder = count if amounts else holder
        before, code = _text(stub), stub.code or rest.code
        known = _is_name(code, before) if named is None or code != stub.code else named
        if known and code is None:
            break
        filled = filled or amounts
        stub = _with_rest(stub, rest, code)
        named = _is_name(code, _text(stub))
        if named or (not (known or amounts or rest.code) and _breaks_off(before, _text(rest))):
            best = (count + 1, holder, stub)
    return best


def _text(stub: RowStub) -> str:
    return normal(stub.label or stub.project or "")


def _may_go_on(stub: RowStub, filled: bool, rest: RowStub, amounts: bool) -> bool:
    """Whether what a row lacks may stand in the next one, and nothing stands in both."""
    text = _text(rest)
    return (
        bool(_CHINESE.search(text))
        and not rest.is_total
        and not (amounts and filled)
        and not (rest.code and (stub.code or filled))
        and rest.budget_unit in (None, stub.budget_unit)
        and bool(stub.label) == bool(rest.label)
        and bool(stub.project) == bool(rest.project)
        and not level_of(text)
        and not phrase("label.begins_own").search(text)
    )


def _with_rest(stub: RowStub, rest: RowStub, code: str | None) -> RowStub:
    if stub.label:
        return replace(stub, code=code, label=stub.label + (rest.label or ""))
    return replace(stub, code=code, project=(stub.project or "") + (rest.project or ""))


def _is_name(code: str | None, text: str) -> bool:
    """Whether a list has the text as the name of a code; without one, of any code or concept."""
    name = folded(without_numbering(text))
    if code is None:
        return is_concept(_CONCEPTS, name) or any(
            folded(match.entry.name) == name
            for match in public_list("expenditure-function").named(name, 0)
        )
    return any(
        name in (folded(entry.name), _DEPARTMENT.sub("", folded(entry.name)))
        for known in _LISTS
        for entry in public_list(known).by_code.get(code, ())
    )


def _breaks_off(text: str, rest: str) -> bool:
    """Whether a label is plainly not whole, whatever it says."""
    if phrase("label.goes_on").search(text) or phrase("label.gone_on").search(rest):
        return True
    opened = text.count("(") > text.count(")")
    return (opened and ")" in rest) or len(rest) == 1
