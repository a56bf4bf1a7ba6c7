"""Which rows of a table are parts of which: by code, numbering, concept or budget unit.

A row with parts is a subtotal. What is uncertain stays a detail row without a parent, unless
the amounts prove it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from yusuan.lexicon.phrases import phrase
from yusuan.model.text import normal
from yusuan.schema.vocabulary import parent_of
from yusuan.tables.records import TableRow

__all__ = ["children_of", "level_of", "nearest_below", "nested_by_column", "nested_by_meaning"]

_LEVELS = range(1, 5)
"""Levels of numbering, the highest first."""
_LEVEL_DIGITS = 2
"""Digits of a code that each level below the class adds."""
_DEEPEST = 10
"""Levels of blank rows that are looked through; printed tables have six."""
_LONGEST_RUN = 60
"""Rows below one that are tried as its parts."""
_CONCEPTS = (
    ("fund-sources", "fund_source"), ("expenditure-types", "expenditure_type"), ("items", "item"),
)  # fmt: skip
Line = list[TableRow]
"""The rows, one for each phase and year, that one printed line gives."""


def children_of(row: TableRow, side: Sequence[TableRow]) -> list[TableRow]:
    """The rows of a side that a row sums; parts printed for information are none.

    ``side`` must not change in between: what was last asked about it is remembered.
    """
    global _asked
    if _asked[0] is not side or len(side) != _asked[1]:
        below: dict[str, list[TableRow]] = {}
        for other in side:
            if other.parent and other.row_type != "of-which":
                below.setdefault(other.parent, []).append(other)
        _asked = side, len(side), below
    return list(_asked[2].get(row.anchor, ()))


_asked: tuple[Sequence[TableRow], int, dict[str, list[TableRow]]] = ((), 0, {})
"""The side last asked about, its length, and its rows by the anchor of the row that sums them."""


def nearest_below(
    row: TableRow,
    side: Sequence[TableRow],
    is_printed: Callable[[TableRow], bool],
    deepest: int = _DEEPEST,
) -> list[TableRow]:
    """The rows whose amounts a row sums in a column: of a part left blank, its own parts, so
    many levels down."""
    found: list[TableRow] = []
    for child in children_of(row, side) if deepest else ():
        if is_printed(child):
            found.append(child)
        else:
            found += nearest_below(child, side, is_printed, deepest - 1)
    return found


def nested_by_meaning(rows: Sequence[TableRow], *, coded: bool) -> list[TableRow]:
    """The rows of one side with their parents; ``coded`` tells that the table has codes."""
    lines = [list(found) for _, found in groupby(rows, key=lambda row: row.anchor)]
    if coded:
        lines = _with_budget_units(lines)
    parents: dict[int, int] = {}
    parents.update(_by_code(lines))
    parents.update(_by_rounded_code(lines))
    parents.update(_by_number(lines) if not coded else _by_budget_unit(lines))
    for child, parent in _of_year(lines):
        parents.setdefault(child, parent)
    for child, parent in _by_concept(lines):
        if child not in parents and not (_level(lines[child]) and _level(lines[parent])):
            parents[child] = parent
    parents.update(_proven(lines, parents))
    parents.update(_of_which_too(lines, parents))
    if not coded and not parents:
        parents.update(_by_sums(lines))
    return _typed(lines, parents)


def nested_by_column(rows: Sequence[TableRow], starts: Sequence[int]) -> list[TableRow]:
    """The rows of a table whose parts start further right than what they are parts of.

    That tells the subtotals, but not for certain what each of them sums.
    """
    lines = [[row] for row in rows]
    parents: dict[int, int] = {}
    open_lines: list[int] = []
    for index, start in enumerate(starts):
        while open_lines and starts[open_lines[-1]] >= start:
            open_lines.pop()
        if open_lines and rows[open_lines[-1]].row_type != "total":
            parents[index] = open_lines[-1]
        open_lines.append(index)
    return [replace(row, parent=None) for row in _typed(lines, parents)]


def _typed(lines: Sequence[Line], parents: dict[int, int]) -> list[TableRow]:
    whole = set(parents.values())
    informing: set[int] = set()  # lines with a part that is printed for information
    typed: list[TableRow] = []
    for index, line in enumerate(lines):
        kind = line[0].row_type
        if kind == "detail" and index in whole:
            kind = "subtotal"
        elif kind == "detail" and (_is_of_which(line) or parents.get(index) in informing):
            kind = "of-which"
            informing.update({parents[index]} if index in parents else ())
        parent = lines[parents[index]][0].anchor if index in parents else None
        typed.extend(
            row if (row.row_type, row.parent) == (kind, parent)
            else replace(row, row_type=kind, parent=parent) for row in line
        )  # fmt: skip
    return typed


def _label(line: Line) -> str:
    return normal(line[0].label or "")


def _level(line: Line) -> int:
    return level_of(_label(line))


def level_of(label: str) -> int:
    """The level of the numbering of a label in normal form, from 1; 0 without numbering."""
    return next((n for n in _LEVELS if phrase(f"label.level_{n}").match(label)), 0)


def _is_of_which(line: Line) -> bool:
    return bool(phrase("label.of_which").match(_label(line))) and not _level(line)


def _is_sum(line: Line) -> bool:
    return line[0].row_type == "total" or bool(phrase("label.sum").search(_label(line)))


def _with_budget_units(lines: Sequence[Line]) -> list[Line]:
    """In a table with codes, a line without one is a budget unit, and that of the lines below it.

    A line without amounts is one only where the codes start anew below it: else it is the rest of
    a label, or a remark.
    """
    budget_unit: str | None = None
    codes: list[str] = []
    result = []
    for line, following in zip(lines, _next_codes(lines), strict=True):
        first = line[0]
        if _is_sum(line):
            budget_unit, codes = None, []
        elif first.code_state == "lost":
            pass
        elif first.code:
            codes.append(first.code)
        elif not _is_budget_unit(line, codes, following):
            pass
        elif not first.project and first.label and not _is_of_which(line):
            budget_unit, codes = first.budget_unit or first.label, []
            line = [replace(row, row_type="subtotal", budget_unit=budget_unit) for row in line]
        if budget_unit is not None and line[0].budget_unit is None:
            line = [replace(row, budget_unit=budget_unit) for row in line]
        result.append(line)
    return result


def _next_codes(lines: Sequence[Line]) -> list[str | None]:
    """The first code below each line."""
    found: list[str | None] = []
    following: str | None = None
    for line in reversed(lines):
        found.append(following)
        if line[0].code and not _is_sum(line):
            following = line[0].code
    return found[::-1]


def _is_budget_unit(line: Line, codes: Sequence[str], following: str | None) -> bool:
    """Whether a line without a code is a budget unit; ``codes`` are those since the last one,
    ``following`` is the first one below."""
    if not codes or any(row.amounts for row in line):
        return True
    return following is not None and following <= codes[-1]


def _by_code(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """A code is a part of the longest other code it starts with, of the same budget unit."""
    places: dict[tuple[str | None, str], int] = {}
    coded = [(i, line[0]) for i, line in enumerate(lines) if line[0].code and not line[0].project]
    for index, row in coded:
        places.setdefault((row.budget_unit, row.code or ""), index)
    for index, row in coded:
        code = row.code or ""
        above = (places.get((row.budget_unit, code[:n])) for n in range(len(code) - 1, 1, -1))
        parent = next((place for place in above if place is not None), None)
        if parent is not None:
            yield index, parent


def _by_rounded_code(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """A code that was rounded (2.13E+06) still tells its level and its class: it is a part of
    the nearest code above of the level over it, if that has the class."""
    nearest: dict[int, int] = {}  # above, by the length of the code
    for index, line in enumerate(lines):
        row = line[0]
        if row.code:
            nearest[len(row.code)] = index
        if row.code_state != "lost" or not row.code_parts:
            continue
        digits, _, exponent = row.code_parts[0].upper().partition("E+")
        over = nearest.get(int(exponent) + 1 - _LEVEL_DIGITS)
        if over is not None and (lines[over][0].code or "")[:2] == digits.replace(".", "")[:2]:
            yield index, over


def _by_budget_unit(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The highest codes below a budget unit are its parts; units without any code hold the next ones."""
    holder: int | None = None
    current: int | None = None
    tops = dict(_by_code(lines))
    for index, line in enumerate(lines):
        row = line[0]
        if _is_sum(line):
            holder = current = None
        elif row.row_type == "subtotal" and not row.code:
            if current is not None and current == index - 1:
                holder = current
            if holder is not None:
                yield index, holder
            current = index
        elif current is not None and row.code and not row.project and index not in tops:
            yield index, current


def _by_number(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """A numbered line is a part of the nearest line above with a higher numbering."""
    opened: list[int] = []
    for index, line in enumerate(lines):
        level = _level(line)
        if _is_sum(line):
            opened = []
        elif level:
            while opened and _level(lines[opened[-1]]) >= level:
                opened.pop()
            if opened:
                yield index, opened[-1]
            opened.append(index)
        elif _is_of_which(line) and index:
            yield index, index - 1 if not _is_of_which(lines[index - 1]) else index - 2


def _by_concept(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """A line whose concept has a parent in its list is a part of the line of that concept.

    Only where nothing else stands between: an unknown line there may be a part as well.
    """
    for list_name, attribute in _CONCEPTS:
        places: dict[str, int] = {}
        parents: dict[int, int] = {}
        for index, line in enumerate(lines):
            code = getattr(line[0], attribute)
            if not code or line[0].code:
                continue
            parent = places.get(parent_of(list_name, code) or "")
            if parent is not None:
                parents[index] = parent
            places.setdefault(code, index)
        seen: dict[int, int] = {}
        for index, parent in parents.items():
            between = range(seen.get(parent, parent) + 1, index)
            if all(parents.get(i, -1) >= parent or _is_of_which(lines[i]) for i in between):
                seen[parent] = index
                yield index, parent


def _of_year(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Below a leading line named as the whole of the year (本年收入) the fund sources are its
    parts, up to the balances brought forward."""
    if not lines or lines[0][0].item != "current" or _is_sum(lines[0]):
        return
    level = _level(lines[0])
    for index, line in enumerate(lines[1:], 1):
        if _is_sum(line) or line[0].fund_source in (None, "carry-over"):
            return
        if _level(line) and _level(line) <= level:
            return
        yield index, 0


def _proven(lines: Sequence[Line], parents: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Parts that the amounts prove: lines without number below a numbered one, or below one
    named as the whole of the year, that add up to it; and all lines below one that prints the
    same as the total."""
    wholes = set(parents.values())
    totals = [line for line in lines if line[0].row_type == "total"]
    for index, head in enumerate(lines):
        leads = (_level(head) or head[0].item == "current") and index not in wholes
        whole = not leads and len(totals) == 1 and _adds_up(head, totals)
        if not leads and not whole:
            continue
        run: list[int] = []
        for below in range(index + 1, min(len(lines), index + _LONGEST_RUN)):
            if _level(lines[below]) or _is_sum(lines[below]) or lines[below][0].code:
                break
            if below in parents:
                continue
            run.append(below)
            if leads and _adds_up(head, [lines[i] for i in run]):
                yield from ((i, index) for i in run)
                break
        else:
            if whole and len(run) > 1 and _adds_up(head, [lines[i] for i in run]):
                yield from ((i, index) for i in run)


def _of_which_too(lines: Sequence[Line], parents: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Below 其中 the lines that add up with it to the line above are parts as well, without
    the word for it: 其中:购置费 | 运行费."""
    for index, line in enumerate(lines):
        head = parents.get(index)
        if head is None or not _is_of_which(line):
            continue
        run = [index]
        for below in range(index + 1, min(len(lines), index + _LONGEST_RUN)):
            other = lines[below]
            if _level(other) or _is_sum(other) or other[0].code or below in parents:
                break
            run.append(below)
            if _adds_up(lines[head], [lines[i] for i in run]):
                yield from ((i, head) for i in run)
                break


def _by_sums(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The parts of lines that say nothing of it, where sums alone prove them in every column: each
    line is followed by its parts, and the lines that are part of none add up to the total, which
    all lines together do not."""
    totals = [index for index, line in enumerate(lines) if line[0].row_type == "total"]
    open_ = [index for index in range(len(lines)) if index not in totals]
    if (
        not open_
        or len(totals) != 1
        or any(_level(lines[i]) or _is_of_which(lines[i]) for i in open_)
    ):
        return
    if any(row.item or row.fund_source or row.expenditure_type for i in open_ for row in lines[i]):
        return  # what these are part of is known
    values = [_by_column(line) for line in lines]
    total = values[totals[0]]
    if not total or _sum_of(values[i] for i in open_) == total:
        return
    behind = dict(zip(open_, [*open_[1:], -1], strict=True))
    parts: dict[int, list[int]] = {}
    for index in reversed(open_):
        run: list[int] = []
        below = behind[index]
        while below >= 0 and len(run) < _LONGEST_RUN:
            run.append(below)
            below = behind[below]
            if values[index] and _sum_of(values[i] for i in run) == values[index]:
                parts[index] = run
                behind[index] = below
                break
    first, top = open_[0], []
    while first >= 0:
        top.append(first)
        first = behind[first]
    if _sum_of(values[i] for i in top) == total:
        yield from ((part, head) for head, run in parts.items() for part in run)


def _by_column(line: Line) -> dict[int, Decimal]:
    """The amounts of a line by the columns of the grid, zeros left out."""
    amounts = (amount for row in line for amount in row.amounts)
    return {a.cell.column: a.number.value * (a.unit or 1) for a in amounts if a.number.value}


def _sum_of(lines: Iterable[Mapping[int, Decimal]]) -> dict[int, Decimal]:
    total: defaultdict[int, Decimal] = defaultdict(Decimal)
    for line in lines:
        for column, value in line.items():
            total[column] += value
    return {column: value for column, value in total.items() if value}


def _adds_up(whole: Line, parts: Sequence[Line]) -> bool:
    """Whether the amounts of the first filled column add up to that of a line."""
    for row in whole:
        for amount in row.amounts:
            column = amount.cell.column
            values = [
                other.number.value for line in parts for part in line for other in part.amounts
                if other.cell.column == column
            ]  # fmt: skip
            if amount.number.value and values:
                return sum(values, start=Decimal(0)) == amount.number.value
    return False
