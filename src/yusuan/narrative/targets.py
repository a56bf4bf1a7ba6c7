"""Performance target tables (绩效目标表): forms of one project, of a department, and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.lexicon.units import UNITS, find_unit
from yusuan.model.document import Cell, Grid, Position
from yusuan.model.money import Money
from yusuan.model.text import clean, normal, unwrapped, without_numbering
from yusuan.narrative.passages import narrative_words
from yusuan.tables.captions import PrintedTable
from yusuan.tables.unrecognised import UnrecognisedGrid

__all__ = ["TargetTable", "read_target_value", "read_targets"]

# Labels: what a cell names, and the cell that answers it


FormRows = list[tuple[Cell, ...]]

_ASIDE = re.compile(r"^(?:[(\[][^()\[\]]{0,14}[)\]])+")
_UNIT = re.compile(rf"[(\[](?:单位:)?({'|'.join(sorted(UNITS, key=len, reverse=True))})[)\]]")


@dataclass(frozen=True, slots=True)
class FormLabel:
    """A cell that holds a label: its name in ``schemas/narrative.yaml``, what follows it in the
    same cell, and the unit it states, in yuan."""

    name: str
    rest: str
    unit: int | None


@cache
def _spellings() -> tuple[tuple[str, str], ...]:
    """Spelling and name of every label, the longest first."""
    known = [
        (normal(spelling), name)
        for name, spellings in narrative_words()["target_labels"].items()
        for spelling in spellings
    ]
    return tuple(sorted(known, key=lambda item: len(item[0]), reverse=True))


@cache
def label_of(text: str) -> FormLabel | None:
    """The label a cell holds, if it holds one: alone, before a colon, or before a number.

    >>> label_of("其中：财政拨款"), label_of("其他资金 0").rest, label_of("总体目标完成情况较好")
    (FormLabel(name='appropriation', rest='', unit=None), '0', None)
    """
    short = without_numbering(normal(text)).removeprefix("其中:")
    for spelling, name in _spellings():
        if not short.startswith(spelling):
            continue
        rest = short[len(spelling) :]
        aside = _ASIDE.match(rest)
        behind = rest[aside.end() :] if aside else rest
        unit = _UNIT.search(aside[0]) if aside else None
        if not behind or behind.startswith(":") or parse_number(behind):
            return FormLabel(name, behind.lstrip(":"), UNITS[unit[1]] if unit else None)
    return None


def full_rows(grid: Grid) -> FormRows:
    """The rows of a grid, all of one width."""
    rows: FormRows = []
    for row in grid.rows:
        blanks = tuple(
            Cell("", row[0].row, column, row[0].position)
            for column in range(len(row), grid.width)
        )  # fmt: skip
        rows.append((*row, *blanks))
    return rows


def answers_to(
    rows: Sequence[tuple[Cell, ...]], name: str
) -> Iterator[tuple[Cell, str, int | None]]:
    """Label cell, text and unit of what stands behind a label: in the same cell, in the cells
    to its right up to the next label, or else in the cell below it."""
    for index, row in enumerate(rows):
        for column, cell in enumerate(row):
            label = label_of(cell.text)
            if label is None or label.name != name:
                continue
            if label.rest:
                yield cell, _behind_colon(cell.text) or label.rest, label.unit
                continue
            right = next((other for other in row[column + cell.colspan :] if other.text), None)
            if right is not None and label_of(right.text) is None:
                yield cell, right.text, label.unit
                continue
            below = rows[index + 1][column] if index + 1 < len(rows) else None
            if below is not None and below.text and label_of(below.text) is None:
                yield cell, below.text, label.unit


def _behind_colon(text: str) -> str:
    """What follows a label in its own cell, as printed."""
    parts = re.split(r"[：:]", clean(text))
    return parts[-1].strip() if len(parts) == 2 or parts[0] == "其中" else ""


# Indicator rows, and target values as operator, number and unit


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One indicator row; ``name`` and ``text`` are None where the form was left blank.

    ``operator`` and ``unit`` are those printed in columns of their own; ``period`` heads the
    indicators where a form has those of several periods side by side.
    """

    level1: str | None
    level2: str | None
    name: str | None
    text: str | None
    position: Position
    operator: str | None = None
    unit: str | None = None
    weight: Decimal | None = None
    period: str | None = None

    def target(self) -> tuple[str | None, Decimal | None, str | None]:
        """Operator, number and unit, from the text and the columns beside it."""
        operator, value, unit = read_target_value(self.text)
        if value is None:
            return None, None, None
        return operator or _operators().get(normal(self.operator or "")), value, unit or self.unit


def read_target_value(text: str | None) -> tuple[str | None, Decimal | None, str | None]:
    """Operator, number and unit of a target, each None where the text states none.

    >>> read_target_value(">=1.75 万元"), read_target_value("95%以上")
    (('≥', Decimal('1.75'), '万元'), ('≥', Decimal('95'), '%'))
    >>> read_target_value("有效提升"), read_target_value("2022年1月15日")
    ((None, None, None), (None, None, None))
    """
    match = _value().match(normal(text)) if text else None
    if match is None or phrase("target.date").match(match["unit"]):
        return None, None, None
    number = parse_number(match["number"])
    if number is None:  # commas that part no thousands, or more digits than a number has
        return None, None, None
    before, after = match["before"], match["after"]
    signs = {_operators()[word] for word in (before, after) if word}
    if len(signs) > 1:
        return None, None, None
    return next(iter(signs), None), number.value, match["unit"] or None


@cache
def _operators() -> dict[str, str]:
    """Each spelling of an operator, and the operator."""
    known: dict[str, list[str]] = narrative_words()["target_operators"]
    return {normal(word): sign for sign, words in known.items() for word in (sign, *words)}


@cache
def _value() -> re.Pattern[str]:
    words = sorted(_operators(), key=len, reverse=True)
    either = "|".join(map(re.escape, words))
    return re.compile(
        rf"^(?P<before>{either})?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)"
        rf"(?P<unit>[^\d,.;，。；、~-]{{0,8}}?)\)?(?P<after>{either})?$"
    )


def read_indicators(
    body: FormRows, columns: dict[str, list[int]], above: FormRows, before: TargetRow | None
) -> Iterator[TargetRow]:
    """The indicators of a form. A level printed once for several rows holds for all of them;
    ``before`` is the row that a page break separates from them."""
    count = len(columns["level3"])
    blocks = [
        {name: at[min(block, len(at) - 1)] for name, at in columns.items()}
        for block in range(count)
    ]  # fmt: skip
    periods = [_period(above, block["level3"]) if count > 1 else None for block in blocks]
    for block, period in zip(blocks, periods, strict=True):
        level1 = before.level1 if before and count == 1 else None
        level2 = before.level2 if before and count == 1 else None
        for row in body:
            at = {name: unwrapped(row[column].text) or None for name, column in block.items()}
            if not any(at.get(name) for name in ("level1", "level2", "level3", "value")):
                continue
            if at.get("level1"):
                level1, level2 = at["level1"], None
            filled = bool(at.get("level3"))
            level2 = at.get("level2") or (level2 if filled else None)
            weight = parse_number((at.get("weight") or "").rstrip("%％分"))
            yield TargetRow(
                level1, level2, at.get("level3"), at.get("value"), row[0].position,
                at.get("operator"), at.get("unit"), weight.value if weight else None, period,
            )  # fmt: skip


def _period(above: FormRows, column: int) -> str | None:
    """The heading over one of several blocks of indicators: 年度目标, 中期目标."""
    for row in reversed(above):
        for cell in reversed(row[: column + 1]):
            if cell.text and phrase("target.period").search(cell.text):
                return normal(cell.text) if len(cell.text) < 30 else None
            if cell.text:
                break
    return None


# Forms and lists


_HEAD = frozenset({"project", "department", "executor", "total", "goal", "funds"})


@dataclass(frozen=True, slots=True)
class TargetTable:
    """One project's targets, or with ``whole`` those of a department."""

    project: str
    position: Position
    total: Money | None = None
    appropriation: Money | None = None
    carryover: Money | None = None
    other: Money | None = None
    goal: str | None = None
    executor: str | None = None
    whole: bool = False
    rows: tuple[TargetRow, ...] = ()


@dataclass(slots=True)
class _FormReader:
    """Walks the grids in reading order; a form may run on from one grid into the next."""

    forms: list[TargetTable] = field(default_factory=list)
    columns: dict[str, list[int]] = field(default_factory=dict)
    above: FormRows = field(default_factory=list)
    width: int = 0

    def read(self, table: PrintedTable) -> bool:
        """Take the forms of a grid; whether it holds any, or continues one."""
        rows = full_rows(table.grid)
        titles = [*table.titles, *(normal(cell.text) for row in rows[:3] for cell in row[:1])]
        named = any(phrase("target.title").search(title) for title in titles)
        headers = {i for i, row in enumerate(rows) if _levels(row)}
        lists = {} if headers and not named else _list_headers(rows, named)
        if not headers and not lists:
            return self._continue(rows)
        whole = any(phrase("target.whole").search(title) for title in titles)
        unit = table.unit
        head: FormRows = []
        body: FormRows = []
        for index, row in enumerate(rows):
            if index in headers:
                self._end(body, unit)
                body = []
                columns = _columns(row, rows[index - 1] if index else ())
                if "project" not in columns:
                    self._begin(head, table, unit, whole)
                self.columns, self.above, head = columns, head, []
                self.width = table.grid.width
            elif index in lists and index + 1 not in headers:
                self._end(body, unit)
                body, head = [], []
                self.columns, self.above = lists[index], []
                self.width = table.grid.width
            elif (
                self.columns
                and self.width == table.grid.width
                and not head
                and (not _starts_head(row))
            ):
                body.append(row)
            else:
                self._end(body, unit)
                body, self.columns = [], {}
                head.append(row)
        self._end(body, unit)
        if head and not headers and not lists:
            self._begin(head, table, unit, whole)
        return True

    def _continue(self, rows: FormRows) -> bool:
        """Whether a grid without headings goes on with the indicators of the form before."""
        known = {normal(name) for name in narrative_words()["target_levels"]}
        same = bool(self.forms) and bool(self.columns) and len(rows[0]) == self.width
        if not same or not any(normal(cell.text) in known for row in rows for cell in row):
            return False
        self._end(rows, None)
        return True

    def _begin(self, head: FormRows, table: PrintedTable, unit: int | None, whole: bool) -> None:
        """A form with the head given; without one the form before goes on."""
        near = [tuple(Cell(part, 0, 0, paragraph.position)
                      for part in re.split(r"\s{2,}|\t", paragraph.text))
                for paragraph in table.caption]  # fmt: skip
        name = _text(head, "project") or _text(near, "project")
        if not name and not whole and self.forms and not _text(head, "goal"):
            return
        title = next(
            (line for line in table.titles if phrase("target.title").search(line)), "绩效目标表"
        )
        position = head[0][0].position if head else table.grid.position
        stated = next((u for row in head for cell in row if (u := find_unit(cell.text))), None)
        form = TargetTable(
            project="部门整体支出" if whole and not name else unwrapped(name or title),
            position=position, whole=whole and not name,
        )  # fmt: skip
        goal, executor = _text(head, "goal"), _text(head, "executor")
        self.forms.append(replace(
            _with_amounts(form, head, stated or unit), goal=clean(goal) if goal else None,
            executor=unwrapped(executor) if executor else None,
        ))  # fmt: skip

    def _end(self, body: FormRows, unit: int | None) -> None:
        """Add the rows that were gathered: indicators of a form, or the entries of a list."""
        if not body:
            return
        if "project" not in self.columns:
            self._add(body)
            return
        group: FormRows = []
        for row in body:
            name = unwrapped(row[self.columns["project"][0]].text)
            if phrase("target.total_row").match(normal(name)) or (
                not name
                and any(phrase("target.total_row").match(normal(cell.text)) for cell in row)
            ):
                continue
            if name and not (self.forms and group and self.forms[-1].project == name):
                self._add(group)
                group = []
                self.forms.append(_entry(row, name, self.columns, unit))
            elif not name and self.forms and "level3" not in self.columns:
                self._run_on(row)
            if self.forms:
                group.append(row)
        self._add(group)

    def _run_on(self, row: tuple[Cell, ...]) -> None:
        """A list entry torn by a page break: the goal goes on."""
        goal = " ".join(row[column].text for column in self.columns.get("goal", []))
        if goal and self.forms[-1].goal:
            self.forms[-1] = replace(self.forms[-1], goal=unwrapped(self.forms[-1].goal + goal))

    def _add(self, body: FormRows) -> None:
        if body and self.forms and "level3" in self.columns:
            last = self.forms[-1]
            rows = read_indicators(
                body, self.columns, self.above, last.rows[-1] if last.rows else None
            )
            self.forms[-1] = replace(last, rows=(*last.rows, *rows))


def read_targets(
    others: Sequence[UnrecognisedGrid],
) -> tuple[list[TargetTable], list[UnrecognisedGrid]]:
    """The target forms among the grids that are no standard table, and the grids left."""
    reader = _FormReader()
    left = [other for other in others if not reader.read(other.table)]
    return reader.forms, left


def _names(row: Sequence[Cell]) -> dict[str, list[int]]:
    """The columns of each bare label in a row."""
    found: dict[str, list[int]] = {}
    for cell in row:
        label = label_of(cell.text) if cell.text else None
        if label and not label.rest:
            found.setdefault(label.name, []).append(cell.column)
    return found


def _levels(row: Sequence[Cell]) -> bool:
    """Whether a row heads indicators: it names the third level and one above it."""
    names = _names(row)
    return "level3" in names and bool(names.keys() & {"level1", "level2"})


def _columns(row: tuple[Cell, ...], before: tuple[Cell, ...]) -> dict[str, list[int]]:
    """Which column holds what, from the heading row and, for a list, the row above it."""
    columns = _names(row)
    upper = _names(before)
    texts = [cell for cell in before if cell.text]
    if (
        "project" in upper
        and "project" not in columns
        and (2 * sum(label_of(cell.text) is not None for cell in texts) > len(texts))
    ):
        columns = {name: at for name, at in upper.items() if not row[at[0]].text} | columns
    return columns


def _list_headers(rows: FormRows, named: bool) -> dict[int, dict[str, list[int]]]:
    """The rows that head a list of projects, each with its columns."""
    found = {}
    for index, row in enumerate(rows[:-1]):
        names = _names(row)
        if "project" not in names or not names.keys() & {"total", "goal"}:
            continue
        if "goal" not in names and not named:
            continue
        column = names["project"][0]
        below = next((r for r in rows[index + 1 :] if r[column].text), None)
        if (
            below is None
            or label_of(below[column].text)
            or any(parse_number(cell.text) for cell in row)
        ):
            continue
        found[index] = names
    return found


def _starts_head(row: tuple[Cell, ...]) -> bool:
    """Whether a row below indicators begins the next form."""
    texts = [cell.text for cell in row if cell.text]
    if not texts:
        return False
    label = label_of(texts[0])
    title = len(texts) == 1 and phrase("target.title_row").search(normal(texts[0]))
    return bool(title) or (label is not None and label.name in _HEAD)


def _entry(
    row: tuple[Cell, ...], name: str, columns: dict[str, list[int]], unit: int | None
) -> TargetTable:
    """One project of a list."""

    def text(key: str) -> str | None:
        return row[columns[key][0]].text or None if key in columns else None

    def amount(key: str) -> Money | None:
        number = parse_number(text(key) or "")
        own = number.unit if number else None
        return Money(number, own or unit or 1) if number and (own or unit) else None

    goal, executor = text("goal"), text("executor")
    return TargetTable(
        project=name, position=row[0].position, total=amount("total"),
        appropriation=amount("appropriation"), carryover=amount("carryover"),
        other=amount("other"), goal=unwrapped(goal) if goal else None,
        executor=unwrapped(executor) if executor else None,
    )  # fmt: skip


def _with_amounts(form: TargetTable, head: FormRows, unit: int | None) -> TargetTable:
    """The form with the amounts of its head by source. Of two columns of amounts (中期, 年度) that of the year."""
    at: int | None = None
    amounts: dict[str, Money | None] = {}
    for name in ("total", "appropriation", "carryover", "other"):
        found = list(answers_to(head, name))
        if name == "total" and found:
            at = found[0][0].column
        same = [item for item in found if item[0].column == at]
        chosen = (same or found)[0] if found else None
        number = parse_number(chosen[1]) if chosen else None
        own = number.unit if number else None
        factor = own or (chosen[2] if chosen else None) or unit
        amounts[name] = Money(number, factor) if number and factor else None
    return replace(
        form, total=amounts["total"], appropriation=amounts["appropriation"],
        carryover=amounts["carryover"], other=amounts["other"],
    )  # fmt: skip


def _text(head: Sequence[tuple[Cell, ...]], name: str) -> str | None:
    return next((text for _, text, _ in answers_to(head, name)), None)
