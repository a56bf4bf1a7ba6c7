"""表内: a column, or several, whose numbers slipped by a row from some row on (错行).

Forty numbers are wrong then, by one act. What the structure of the table says (parts of a row,
codes below a code, the total, rows of one code in another table) is held against the column as
printed and moved back by one row: a slip is told where nothing but the moving back makes many of
the relations hold and breaks none. Blank cells move with the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from yusuan.checks import location
from yusuan.checks.operands import AppliedRule, Operands
from yusuan.checks.registry import SLIP
from yusuan.checks.report import RawFinding
from yusuan.checks.rounding import fen_of, half_of, of_fact
from yusuan.checks.rules import Rule
from yusuan.checks.subject import Subject
from yusuan.model.findings import Evidence
from yusuan.model.records import Fact
from yusuan.schema import Field
from yusuan.schema.messages import message
from yusuan.tables import StandardTable, TableRow
from yusuan.tables.nesting import children_of

__all__ = ["column_slipped", "settles"]

_OF_BLANKS = frozenset({"row-breakdown", "code-sum-missing"})
"""Families that look at what a row leaves blank."""

_FEWEST = 4
"""So many relations must fail as printed and hold once moved back. Shorter runs are weighed
against other explanations (``yusuan.error_localisation``)."""
_MOST_COLUMNS = 4
"""Of so many columns any may have slipped together; of more each by itself, or all."""
_MOST_ROWS = 400
_MOST_TRIED = 2_000
"""Rows of lists with so many such relations that are tried in a document: with more, not a column
slipped but most of its tables are wrong."""
_NEAR = 2
"""How far from the first and the last relation that fails a slip may begin and end."""

Cell = tuple[int, str]
"""TableRow, counted from 0, and column."""


@dataclass(frozen=True, slots=True)
class _Sum:
    """Cells that add to nothing, each with its sign; ``rest`` is known from elsewhere, in fen."""

    terms: tuple[tuple[Cell, int], ...]
    rest: int = 0

    def fails(self, grid: dict[Cell, int], half: int) -> bool:
        total = self.rest + sum(sign * grid.get(cell, 0) for cell, sign in self.terms)
        printed = sum(1 for cell, _ in self.terms if grid.get(cell)) + (1 if self.rest else 0)
        return abs(total) > half * printed


@dataclass(frozen=True, slots=True)
class _Slip:
    columns: tuple[str, ...]
    first: int
    last: int
    down: bool
    """Whether the numbers stand a row too low."""

    def restored(self, grid: dict[Cell, int]) -> dict[Cell, int | None]:
        """What the cells should be; the one that was pushed out at the end is None."""
        end, step = (self.last, 1) if self.down else (self.first, -1)
        return {
            (row, name): None if row == end else grid.get((row + step, name), 0)
            for name in self.columns
            for row in range(self.first, self.last + 1)
        }


@SLIP("column-slipped")
def column_slipped(rule: Rule, subject: Subject) -> Iterator[RawFinding]:
    """One finding for each run of a column, or of several, that slipped; its evidence has each
    cell with the number that it should have."""
    tried = 0
    for table in subject.tables:
        lists: dict[tuple[object, ...], list[TableRow]] = defaultdict(list)
        for row in table.rows:
            column = row.anchor.rstrip("0123456789")
            lists[row.side, row.phase, row.years_before, row.budget_unit, column].append(row)
        for rows in lists.values():
            if _FEWEST <= len(rows) <= _MOST_ROWS and tried < _MOST_TRIED:
                found = _of_list(rule, subject, table, rows)
                tried += len(rows) if found is not None else 0
                yield from found or ()


def _of_list(
    rule: Rule, subject: Subject, table: StandardTable, rows: list[TableRow]
) -> list[RawFinding] | None:
    """What is found; None where too few relations fail to look for anything."""
    rows.sort(key=lambda row: row.number)
    fields = [f for f in table.resource.with_role("amount") if f.name in table.columns]
    facts = {
        (number, field.name): fact
        for number, row in enumerate(rows)
        for field in fields
        if (fact := subject.fact(table, row, field.name))
    }
    if any(fact.document != subject.record.document for fact in facts.values()):
        return None
    grid = {cell: value for cell, fact in facts.items() if (value := fen_of(fact))}
    if len({fact.unit for fact in facts.values()}) != 1:
        return None
    half = max(half_of(fact.decimals, fact.unit) for fact in facts.values())
    names = [field.name for field in fields if any(name == field.name for _, name in grid)]
    sums = [*_row_sums(rows, fields, names), *_code_sums(rows, names),
            *_elsewhere(subject, table, rows, names)]  # fmt: skip
    failing = {number for number, each in enumerate(sums) if each.fails(grid, half)}
    if len(failing) < _FEWEST:
        return None
    found = _best(grid, sums, failing, half, names, len(rows), rows)
    return [_raw_finding(rule, subject, found, grid, facts, rows)] if found else []


def _row_sums(
    rows: Sequence[TableRow], fields: Sequence[Field], names: Sequence[str]
) -> Iterator[_Sum]:
    by_name = {field.name: field for field in fields}

    def parts(field: Field) -> Iterator[str]:
        for name in field.sum_of:
            if name in names:
                yield name
            elif name in by_name:
                yield from parts(by_name[name])

    for field in fields:
        own = list(dict.fromkeys(parts(field)))
        if field.name in names and len(own) > 1:
            for row in range(len(rows)):
                yield _Sum((((row, field.name), -1), *(((row, name), 1) for name in own)))


def _code_sums(rows: Sequence[TableRow], names: Sequence[str]) -> Iterator[_Sum]:
    number = {row.anchor: index for index, row in enumerate(rows)}
    totals = [index for index, row in enumerate(rows) if row.row_type == "total"]
    for index, row in enumerate(rows):
        below = [number[child.anchor] for child in children_of(row, rows)]
        if len(totals) == 1 and index == totals[0] and not below:
            below = [n for n, each in enumerate(rows)
                     if n != index and not each.parent and each.row_type != "of-which"]  # fmt: skip
            if any(
                rows[n].row_type == "subtotal" and not children_of(rows[n], rows) for n in below
            ):
                continue
        if below:
            for name in names:
                yield _Sum((((index, name), -1), *(((n, name), 1) for n in below)))


def _elsewhere(
    subject: Subject, table: StandardTable, rows: Sequence[TableRow], names: Sequence[str]
) -> Iterator[_Sum]:
    """Rows of one code in another table, where the totals of the column are the same in both."""
    own = table.resource.name
    for other in dict.fromkeys(fact.table for fact in subject.facts.values() if fact.table != own):
        for name in names:
            totals = [subject.facts.get((each, "total", name)) for each in (own, other)]
            if not (totals[0] and totals[1]) or totals[0].amount != totals[1].amount:
                continue
            for index, row in enumerate(rows):
                fact = subject.facts.get((other, row.key, name)) if row.code else None
                if fact and not row.years_before and fact.phase == totals[0].phase:
                    yield _Sum((((index, name), -1),), fen_of(fact) or 0)


def _best(
    grid: dict[Cell, int], sums: Sequence[_Sum], failing: set[int], half: int, names: Sequence[str],
    count: int, rows: Sequence[TableRow],
) -> _Slip | None:  # fmt: skip
    """The slip that repairs most and leaves least, of these the one that moves fewest numbers."""
    of_cell: dict[Cell, list[int]] = defaultdict(list)
    for number, each in enumerate(sums):
        for cell, _ in each.terms:
            of_cell[cell].append(number)
    found: list[tuple[int, int, int, _Slip]] = []
    for columns in _column_sets(names):
        touched = [
            sums[n] for n in failing if any(name in columns for (_, name), _ in sums[n].terms)
        ]
        if len(touched) < _FEWEST:
            continue
        for first, last in _runs(touched, columns, count, rows):
            for down in (True, False):
                slip = _Slip(columns, first, last, down)
                moved = slip.restored(grid)
                changed = {c: v for c, v in moved.items() if v is None or v != grid.get(c, 0)}
                if len(changed) < _FEWEST:
                    continue
                unknown = {cell for cell, value in changed.items() if value is None}
                now = grid | {cell: value for cell, value in changed.items() if value is not None}
                open_ = {n for cell in unknown for n in of_cell[cell]}
                if any(
                    n not in open_ and sums[n].fails(now, half)
                    for cell in changed for n in of_cell[cell]
                ):  # fmt: skip
                    continue
                about = {n for cell in changed for n in of_cell[cell]}
                repaired = (about & failing) - open_
                if len(repaired) >= _FEWEST:
                    rest = failing - open_ - repaired
                    found.append((len(repaired) - len(rest), -len(changed), -len(columns), slip))
    return max(found, key=lambda each: each[:3])[3] if found else None


def _column_sets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if len(names) <= _MOST_COLUMNS:
        for size in range(1, len(names) + 1):
            yield from combinations(names, size)
    else:
        yield from ((name,) for name in names)
        yield tuple(names)


def _runs(
    failing: Sequence[_Sum], columns: Sequence[str], count: int, rows: Sequence[TableRow]
) -> Iterator[tuple[int, int]]:
    """First and last row of what may have slipped, by the relations that fail."""
    within = [[row for (row, name), _ in each.terms if name in columns] for each in failing]
    firsts = {min(own) for own in within} | {max(own) for own in within}
    lowest = min(min(own) for own in within)
    # a sum of codes fails from its parent on, though its parts slipped further down
    until = min(max(own) for own in within) + _NEAR
    begins = range(max(0, lowest - _NEAR), min(count - 1, until) + 1)
    details = [n for n, row in enumerate(rows) if row.row_type != "total"]
    ends = {count - 1, *details[-1:]}
    ends |= {max(firsts) + step for step in range(-_NEAR, _NEAR + 1)}
    for first in begins:
        for last in sorted(ends):
            if first + _FEWEST - 1 <= last < count:
                yield first, last


def _raw_finding(
    rule: Rule, subject: Subject, slip: _Slip, grid: dict[Cell, int], facts: dict[Cell, Fact],
    rows: Sequence[TableRow],
) -> RawFinding:  # fmt: skip
    operands = Operands()
    moved = slip.restored(grid)
    wrong = [
        cell for cell in sorted(moved) if moved[cell] is None or moved[cell] != grid.get(cell, 0)
    ]
    printed = [cell for cell in wrong if cell in facts]
    evidence = tuple(_evidence(facts[cell], moved[cell], operands) for cell in printed)
    main, last = facts[printed[0]], facts[printed[-1]]
    end = location.of_fact(last)
    number = (str(len(wrong)),) * 2
    below = message("row-above" if slip.down else "row-below")
    return RawFinding(
        rule=rule, document=main.document, place=location.of_fact(main), fact=main.fact,
        printed=main.printed, expected=evidence[0].proposed, unit=of_fact(main).unit_name,
        other=(end.zh, end.en), parts=number, reason=below, certainty="likely", slip="shifted",
        proposed=evidence[0].proposed, evidence=evidence,
        covers=frozenset(facts[cell].fact for cell in printed),
        rows=frozenset(f"{main.table}-{rows[row].key}-" for row, _ in wrong),
    )  # fmt: skip


def _evidence(fact: Fact, value: int | None, operands: Operands) -> Evidence:
    """A cell of the run with the number that it should have."""
    operand = operands.of_fact(fact)
    proposed = operand.spelled(value) if operand and value else None
    where, unit = location.of_fact(fact), of_fact(fact).unit_name
    name = "cell-should-be-blank" if value == 0 else "cell-unknown"
    zh, en = message(
        "cell-should-be" if proposed else name, place=where.texts,
        printed=f"{fact.printed}{unit}", proposed=f"{proposed}{unit}",
    )  # fmt: skip
    return Evidence(
        role="repetition", fact=fact.fact, printed=fact.printed, proposed=proposed, slip="shifted",
        statement_zh=zh, statement_en=en,
    )  # fmt: skip


def settles(slip: RawFinding, other: RawFinding | AppliedRule) -> bool:
    """Whether a slip explains what else is said of its amounts, or of what its rows leave blank."""
    if isinstance(other, AppliedRule):
        facts = [operand.source for operand in other.operands if isinstance(operand.source, Fact)]
        if any(fact.fact in slip.covers for fact in facts):
            return True
        rows = {f"{fact.table}-{fact.key}-" for fact in facts if fact.document == slip.document}
        return other.rule.family == "row-sum" and not rows.isdisjoint(slip.rows)
    if other.fact in slip.covers:
        return True
    if other.document != slip.document or other.rule.family not in _OF_BLANKS:
        return False
    return other.rule.family == "row-breakdown" or other.about.startswith(tuple(slip.rows))
