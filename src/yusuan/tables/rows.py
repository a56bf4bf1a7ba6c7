"""Read the body rows of a grid: which cell stands in which column, and what each row is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from yusuan.codes import public_list
from yusuan.lexicon.numbers import DecimalSign, decimal_sign, parse_number
from yusuan.lexicon.phrases import phrase
from yusuan.lexicon.units import UNITS
from yusuan.model.document import Cell
from yusuan.model.text import normal, without_numbering
from yusuan.schema.messages import message
from yusuan.schema.slugs import slug
from yusuan.schema.vocabulary import concept_named
from yusuan.schema.wording import wording
from yusuan.tables.columns import ColumnBlock, TableColumn
from yusuan.tables.empty import is_note
from yusuan.tables.headings import is_numbering
from yusuan.tables.matching import is_counted
from yusuan.tables.mending import codes_not_printed, with_mended_codes
from yusuan.tables.nesting import level_of, nested_by_column, nested_by_meaning
from yusuan.tables.records import Amount, ReadingProblem, TableRow, UnreadCell
from yusuan.tables.stubs import (
    CODE_LISTS,
    NO_STUB,
    RowStub,
    is_code,
    is_printed_code,
    joined_stubs,
    read_stub,
    with_shared_cells,
)

__all__ = ["read_rows", "unreadable"]

_SPLIT_CODES = (1, 2)
"""How many cells more a code may take up where its 类, 款 and 项 are printed apart."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of one block: cells before the amounts by column, and the amounts by column.

    A cell that stands under no column of its own has None. ``misfits`` counts the cells that
    cannot belong where they stand, where that is not certain.
    """

    stub: tuple[tuple[TableColumn | None, Cell], ...]
    amounts: tuple[tuple[TableColumn, Cell], ...]
    misfits: int


def place_cells(block: ColumnBlock, cells: tuple[Cell, ...], alone: bool, fixed: bool) -> PlacedRow:
    """Place the cells of a row; ``alone`` tells that the block is the whole table, ``fixed``
    that its grid has certain columns.

    Where such a row has as many cells as there are columns, each stands in its own. After a page
    break a row may have more cells than there are headings, because a code is printed in two
    cells instead of one, or fewer, because the label of a total spans several. Then the amounts
    are counted from the right, or one or two cells on, whichever puts the fewest cells in columns
    where they cannot belong. Words in an amount column (待定) are no reason to count on.
    """
    first = min((column.index for column in block.amounts), default=len(cells))
    beyond = any(cell.text for cell in cells[block.end :])
    whole = len(cells) == block.width or (len(cells) >= block.end and not beyond)
    free = alone and not (fixed and whole) and not block.behind
    shifts = (0, len(cells) - block.end, *_SPLIT_CODES) if free else (0,)
    found = [
        _shifted(block, cells, shift, first, alone)
        for shift in dict.fromkeys(shifts)
        if first + shift > 0 or not first
    ]
    placed = min(found, key=lambda placed: placed.misfits)
    return placed if free or not placed.misfits else replace(placed, misfits=0)


def _shifted(
    block: ColumnBlock, cells: tuple[Cell, ...], shift: int, first: int, alone: bool
) -> PlacedRow:
    amounts = tuple(
        (column, cells[column.index + shift])
        for column in block.amounts
        if 0 <= column.index + shift < len(cells)
    )
    taken = {cell.column for _, cell in amounts}
    stub: list[tuple[TableColumn | None, Cell]] = [
        (column, cells[column.index])
        for column in block.stub
        if column.index < len(cells)
        and (not alone or column.index < first + shift or column in block.behind)
        and cells[column.index].column not in taken
    ]
    if shift > 0:
        known = {cell.column for _, cell in stub}
        stub += [(None, c) for c in cells[first : first + shift] if c.column not in known | taken]
        stub.sort(key=lambda entry: entry[1].column)
    beyond = cells[block.end + shift :] if alone and block.amounts else ()
    misfits = (
        sum(1 for _, cell in amounts if _is_words(cell.text))
        + len(_stray_numbers(stub))
        + sum(1 for cell in beyond if cell.text)
        + (_words_too_many(block, cells[: first + shift]) if shift != len(cells) - block.end else 0)
    )
    return PlacedRow(tuple(stub), amounts, misfits)


def _words_too_many(block: ColumnBlock, stub: tuple[Cell, ...]) -> int:
    """How many more names stand before the amounts of a row than there are columns for them,
    where not the names but a code takes up more cells: those are words in amount columns."""
    names = sum(column.role not in ("code", "budget-unit-code") for column in block.stub)
    return max(0, sum(_is_words(cell.text) for cell in stub) - max(1, names))


def _is_words(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and parse_number(text) is None


def _stray_numbers(stub: Iterable[tuple[TableColumn | None, Cell]]) -> list[Cell]:
    """Numbers where only codes and names belong: the mark of a torn row."""
    return [
        cell for column, cell in stub
        if parse_number(cell.text) and not is_code(normal(cell.text))
        and not (column and column.role == "code" and is_printed_code(cell.text))
    ]  # fmt: skip


def read_rows(
    blocks: list[ColumnBlock],
    head: list[tuple[Cell, ...]],
    body: list[tuple[Cell, ...]],
    *,
    nested: bool = False,
    fixed: bool = True,
) -> tuple[list[TableRow], list[ReadingProblem]]:
    """All rows of all sides, in reading order, and what could not be placed for certain.

    Rows of ``body`` that repeat a row of ``head`` (as after a page break), number the
    columns, or hold a remark are no rows of the table. In a ``nested`` table the rows that
    start further right are parts of the row above them. ``fixed`` is that of the grid.
    """
    repeated = {_texts(cells) for cells in head}
    body = [
        cells for cells in body
        if (texts := _texts(cells)) and texts not in repeated
        and not is_numbering(cells, first=cells is body[0])
    ]  # fmt: skip
    body = _without_notes(body)
    body = with_shared_cells(_with_doubt(body, blocks), blocks)
    signs = _decimal_signs(blocks, body)
    problems: list[ReadingProblem] = []
    rows: list[TableRow] = []
    for group in _together(blocks):
        side: list[TableRow] = []
        for block in group:
            side += _side_rows(block, len(blocks) == 1, fixed, body, signs, problems)
        side, problems_of_codes = with_mended_codes(side, _lists_of(group))
        problems += problems_of_codes
        rows += map(_without_unclear_code, _nested(group, side, body, nested))
    rows.sort(key=lambda row: row.number)
    return _with_unique_keys(rows), problems


def _without_unclear_code(row: TableRow) -> TableRow:
    """A row whose code nobody can tell has none, though what is printed tells what it is part of."""
    if row.code_state != "unclear":
        return row
    return replace(row, code=None, key=slug(without_numbering(normal(row.label or ""))))


def _lists_of(blocks: Iterable[ColumnBlock]) -> tuple[str, ...]:
    """The lists that the code columns of a table are of."""
    found = (
        column.field.code_list for block in blocks for column in block.stub
        if column.role == "code" and column.field and column.field.code_list
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


def _together(blocks: list[ColumnBlock]) -> list[list[ColumnBlock]]:
    """The blocks of each table printed side by side; halves of one table are one."""
    return [blocks] if not any(block.side for block in blocks) else [[block] for block in blocks]


def _levels(labels: Iterable[str | None]) -> frozenset[str]:
    """The levels of functions behind the names of a side, if there are two: then 项 is one as well,
    and no unit that things are counted in."""
    marks = (phrase("function.level").search(normal(label or "")) for label in labels)
    found = frozenset(mark["level"] for mark in marks if mark)
    return found if len(found) > 1 else frozenset()


def _side_rows(
    block: ColumnBlock,
    alone: bool,
    fixed: bool,
    body: list[tuple[Cell, ...]],
    signs: Mapping[int, DecimalSign],
    problems: list[ReadingProblem],
) -> Iterable[TableRow]:
    placed = [place_cells(block, cells, alone, fixed) for cells in body]
    entries = [
        (read_stub(row.stub), any(_is_filled(cell) for _, cell in row.amounts)) for row in placed
    ]
    years = {
        (column.phase, column.years_before): column.year for column in block.amounts if column.year
    }
    levels = _levels(stub.label for stub, _ in entries)
    counted = 0
    for index, holder, stub in joined_stubs(entries):
        cells, amounts_of = body[index], placed[holder]
        label = normal(stub.label or "")
        if (
            is_counted(label)
            and not stub.code
            and not (levels and phrase("function.level").search(label))
        ):
            counted = level_of(label)
            continue
        if counted and (level_of(label) > counted or label.startswith("其中")):
            continue  # 车辆数合计(辆): 1.机要通信用车
        counted = 0 if label else counted
        measure = _measure(block, cells)
        if measure in wording().counted_in:
            continue
        amounts, unread = _without_codes(
            block, stub, *_read_amounts(amounts_of.amounts, signs, UNITS.get(measure))
        )
        if block.stub and amounts and stub == NO_STUB:
            stub = read_stub((None, cell) for cell in _label_before(block, cells))
        if not (amounts or unread) and (
            stub == NO_STUB or stub.is_total or label.endswith(wording().sums)
        ):
            continue  # this side has ended, or a total line that totals nothing
        stated_empty = _stated_empty(amounts_of.amounts)
        if amounts_of.misfits:  # words in an amount column are part of that
            problems.append(_torn(body[holder]))
        problems.extend(
            unreadable(one) for one in unread
            if not amounts_of.misfits or re.search(r"\d", one.cell.text)
        )  # fmt: skip
        groups = _by_phase(block, amounts, unread)
        for at, (group, own) in enumerate(groups.items()):
            row = _row(block, stub, own, *group, _first_of(block, cells))
            left, none = (
                tuple(
                    cell
                    for cell in cells_of
                    if (key := (cell.phase, cell.years_before)) == group
                    or (not at and key not in groups)
                )
                for cells_of in (unread, stated_empty)
            )
            year = years.get(group)
            plain = not (left or none or year)
            yield row if plain else replace(row, unread=left, stated_empty=none, year=year)


def _measure(block: ColumnBlock, cells: tuple[Cell, ...]) -> str:
    """What the row says it is measured in, in a column of its own: 万元, 元, 个; blank for none."""
    texts = [normal(cells[c.index].text) for c in block.units if c.index < len(cells)]
    return texts[0] if len(set(texts)) == 1 else ""


def _first_of(block: ColumnBlock, cells: tuple[Cell, ...]) -> Cell:
    columns = (column.index for column in (*block.stub, *block.amounts))
    first = min(columns, default=0)
    return cells[first] if first < len(cells) else cells[0]


PhaseAndYear = tuple[str | None, int]


def _by_phase(
    block: ColumnBlock, amounts: tuple[Amount, ...], unread: tuple[UnreadCell, ...]
) -> dict[PhaseAndYear, tuple[Amount, ...]]:
    """The amounts of each phase and year; differences between years go with the later one. A row
    left blank is of the one that its columns are of, and one whose only cell of a phase cannot be read
    is of that, too."""
    columns = dict.fromkeys((c.phase, c.years_before) for c in block.amounts if c.role != "change")
    latest = min(columns, key=lambda group: group[1], default=(None, 0))
    groups: dict[PhaseAndYear, list[Amount]] = {}
    for amount in sorted(amounts, key=lambda amount: amount.derived):
        key = latest if amount.derived else (amount.phase, amount.years_before)
        groups.setdefault(key, []).append(amount)
    for cell in unread:
        if cell.field is not None:
            groups.setdefault((cell.phase, cell.years_before), [])
    if not groups:
        groups = {group: [] for group in columns} if len(columns) == 1 else {(None, 0): []}
    return {group: tuple(own) for group, own in groups.items()}


def _label_before(block: ColumnBlock, cells: tuple[Cell, ...]) -> list[Cell]:
    """The nearest text to the left: the label of a total that spans blocks side by side."""
    first = block.stub[0].index
    return [cell for cell in cells[:first] if cell.text and not parse_number(cell.text)][-1:]


def _texts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(normal(cell.text) for cell in cells if cell.text)


def _without_notes(body: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """The rows without remarks, the further points of a remark (2.…。), and signatures."""
    kept: list[tuple[Cell, ...]] = []
    noted = False
    for cells in body:
        text, *others = dict.fromkeys(_texts(cells))
        point = noted and phrase("layout.numbering").match(text)
        noted = not others and bool(
            is_note(text, only=len(body) == 1)
            or phrase("caption.signature").match(text)
            or (point and phrase("caption.no_title").search(text))
        )
        if not noted:
            kept.append(cells)
    return kept


def _torn(cells: tuple[Cell, ...]) -> ReadingProblem:
    printed = " | ".join(cell.text for cell in cells if cell.text)
    return ReadingProblem(
        "torn-row", cells[0].position, cells[0].address, printed, *message("row-torn")
    )


def _decimal_signs(
    blocks: list[ColumnBlock], body: list[tuple[Cell, ...]]
) -> Mapping[int, DecimalSign]:
    """The decimal sign of each amount column: that of the table, unless the table proves both."""
    texts = {
        column.index: [cells[column.index].text for cells in body if column.index < len(cells)]
        for block in blocks for column in block.amounts
    }  # fmt: skip
    whole = decimal_sign(text for column in texts.values() for text in column)
    return {index: whole if whole != "?" else decimal_sign(own) for index, own in texts.items()}


def _without_codes(
    block: ColumnBlock, stub: RowStub, amounts: tuple[Amount, ...], unread: tuple[UnreadCell, ...]
) -> tuple[tuple[Amount, ...], tuple[UnreadCell, ...]]:
    """The amounts without a code that stands alone in an amount column, as where somebody began
    to fill in a blank form: a known item, or below its class where the row has no words."""
    if len(amounts) != 1 or unread or stub.code:
        return amounts, unread
    amount = amounts[0]
    text = normal(amount.cell.text)
    known = any(text in public_list(name).by_code for name in CODE_LISTS)
    coded = any(column.role == "code" for column in block.stub)
    if not known or len(text) < (7 if stub.label or not coded else 5):
        return amounts, unread
    reason = message("amount-is-code", label=amount.column_label, text=text)
    return (), (
        UnreadCell(
            amount.cell,
            amount.field,
            amount.column_label,
            reason,
            amount.phase,
            amount.years_before,
        ),
    )


def _read_amounts(
    cells: Iterable[tuple[TableColumn, Cell]], signs: Mapping[int, DecimalSign], unit: int | None
) -> tuple[tuple[Amount, ...], tuple[UnreadCell, ...]]:
    """The amounts of a row, and the cells whose text is none or stands under several columns;
    ``unit`` is what the row says it is measured in, in yuan."""
    cells = list(cells)
    amounts: list[Amount] = []
    unread: list[UnreadCell] = []
    for column, cell in cells:
        sign = signs.get(column.index, ".")
        number = parse_number(cell.text, sign) if cell.doubt is None else None
        label = column.label or message("no-heading")[0]
        if number is not None and (over := _merged_over(column, cell, cells)):
            reason = message("amount-over-columns", label=label, other=over)
            unread.append(
                UnreadCell(cell, column.field, label, reason, column.phase, column.years_before)
            )
        elif number is not None:
            amounts.append(
                Amount(
                    cell, number, column.field, label, column.phase, column.years_before,
                    number.unit or unit or column.unit, column.role == "change",
                )
            )  # fmt: skip
        elif cell.doubt or _is_filled(cell):
            reason = cell.doubt or message("amount-unreadable", label=label)
            unread.append(
                UnreadCell(cell, column.field, label, reason, column.phase, column.years_before)
            )
    return tuple(amounts), tuple(unread)


def _with_doubt(
    body: Sequence[tuple[Cell, ...]], blocks: Sequence[ColumnBlock]
) -> list[tuple[Cell, ...]]:
    """The rows, an amount that a merged cell gives to several rows in doubt, and numbers beside a
    signature (制表：王某, 2025, tel.).

    The former is of one row where a label is merged over the same rows, or where what stands beside it
    further down has neither a code nor an amount of its own.
    """
    rows = [list(cells) for cells in body]
    columns = [(block, column) for block in blocks for column in block.amounts]
    for row in rows:
        named = (cell.text for cell in row if ":" in cell.text or "：" in cell.text)
        if not any(phrase("caption.signature").match(normal(text)) for text in named):
            continue
        for _, column in columns:
            if column.index < len(row) and parse_number(row[column.index].text) is not None:
                reason = message("amount-in-signature", label=column.label)
                row[column.index] = replace(row[column.index], doubt=reason)
    body = [tuple(cells) for cells in rows]
    if all(cell.rowspan < 2 for cells in body for cell in cells):
        return list(body)
    for block, column in columns:
        codes = [stub.index for stub in block.stub if stub.role == "code"]
        others = [amount.index for amount in block.amounts if amount is not column]
        for at, cells in enumerate(body):
            cell = cells[column.index] if column.index < len(cells) else None
            if cell is None or cell.rowspan < 2 or cell.doubt or parse_number(cell.text) is None:
                continue
            stub = [cells[each.index] for each in block.stub if each.index < len(cells)]
            own = (
                row[index].text
                for row in body[at + 1 : at + cell.rowspan]
                for index in (*codes, *others)
                if index < len(row) and any(char.isdigit() for char in row[index].text)
            )
            if not any(each.rowspan >= cell.rowspan for each in stub) and next(own, None):
                label = column.label or message("no-heading")[0]
                reason = message("amount-over-rows", label=label)
                rows[at][column.index] = replace(cell, doubt=reason)
    return [tuple(cells) for cells in rows]


def _merged_over(
    column: TableColumn, cell: Cell, cells: list[tuple[TableColumn, Cell]]
) -> str | None:
    """The heading of another amount column that a merged cell reaches over, if there is one."""
    reached = range(column.index + 1, column.index + cell.colspan)
    return next(
        (
            other.label
            for other, _ in cells
            if other.index in reached and other.path and other.path != column.path
        ),
        None,
    )


def _is_filled(cell: Cell) -> bool:
    """Whether a cell that is no amount holds more than a sign for nothing (无, —): words, what stands
    for text that cannot be read (a sign of no font, ■■), or signs in place of a number (***, ○)."""
    text = normal(cell.text)
    return text not in wording().nothing and _NO_TEXT.fullmatch(text) is None


_NO_TEXT = re.compile(r"[-\u2010-\u2015\u2212\u2500_/\\.,·…、。'\"\s]*")
"""Dashes, dots and strokes, which tables print for nothing, and marks that a slip leaves behind."""


def _stated_empty(cells: Iterable[tuple[TableColumn, Cell]]) -> tuple[UnreadCell, ...]:
    """The cells that say in a word, not by a sign, that there is nothing."""
    return tuple(
        UnreadCell(cell, column.field, column.label, ("", ""), column.phase, column.years_before)
        for column, cell in cells
        if column.role == "amount" and re.search(r"[^\W\d_]", cell.text)
        and normal(cell.text) in wording().nothing
    )  # fmt: skip


def unreadable(unread: UnreadCell) -> ReadingProblem:
    """What is told of a cell that cannot be read."""
    cell = unread.cell
    return ReadingProblem(
        "unreadable-amount", cell.position, cell.address, cell.text or unread.column_label,
        *unread.reason,
    )  # fmt: skip


def _row(
    block: ColumnBlock,
    stub: RowStub,
    amounts: tuple[Amount, ...],
    phase: str | None,
    years_before: int,
    first: Cell,
) -> TableRow:
    label, total = stub.label, stub.is_total
    item = concept_named("items", label) if label else None
    is_unit_total = stub.budget_unit is not None and label == stub.budget_unit and not total
    named = normal(label or "")
    sums = wording().subtotals if total else (*wording().subtotals, *wording().sums)
    subtotal = named.endswith(sums)
    source = next((named.removesuffix(w) for w in wording().subtotals if named.endswith(w)), named)
    revenue = label is not None and block.direction == "revenue"
    spending = label is not None and not stub.code and block.direction == "expenditure"
    return TableRow(
        key=_key(stub, block.direction),
        row_type="subtotal"
        if subtotal or is_unit_total or item == "current"
        else "total"
        if total
        else "detail",
        side=block.side,
        direction=block.direction,
        phase=phase,
        label=label,
        code=stub.code,
        project=stub.project,
        fund_source=concept_named("fund-sources", source) if revenue else None,
        expenditure_type=concept_named("expenditure-types", label or "") if spending else None,
        item=None if stub.code or (subtotal and total) else item,
        amounts=amounts,
        position=first.position,
        anchor=first.address,
        years_before=years_before,
        budget_unit=None if total and label == stub.budget_unit else stub.budget_unit,
        code_parts=stub.code_parts or tuple(filter(None, (stub.rounded_code or stub.code,))),
        code_state="lost" if stub.rounded_code and label else "printed",
    )


def _key(stub: RowStub, direction: str | None) -> str:
    """What the row is about, in ASCII."""
    if stub.project:
        return slug(normal(stub.project))
    if stub.code or not stub.label:
        return stub.code or ""
    lists = ("items", "fund-sources" if direction == "revenue" else "expenditure-types")
    names = (concept_named(name, stub.label) for name in lists)
    return next(filter(None, names), None) or slug(without_numbering(normal(stub.label)))


def _nested(
    group: list[ColumnBlock], rows: list[TableRow], body: list[tuple[Cell, ...]], by_column: bool
) -> list[TableRow]:
    """A row that prints a known name without its code is where the code would be."""
    if not by_column:
        coded = any(column.role == "code" for column in group[0].stub) and any(r.code for r in rows)
        unprinted = codes_not_printed(rows, _lists_of(group)) if coded else {}
        rows = [replace(row, code=unprinted.get(row.anchor, row.code)) for row in rows]
        return [
            replace(row, code=None) if row.anchor in unprinted else row
            for row in nested_by_meaning(rows, coded=coded)
        ]
    start = {cells[0].row + 1: _first_column(cells) for cells in body}
    return nested_by_column(rows, [start[row.number] for row in rows])


def _first_column(cells: tuple[Cell, ...]) -> int:
    return next((cell.column for cell in cells if cell.text), 0)


def _with_unique_keys(rows: list[TableRow]) -> list[TableRow]:
    """Name side, phase and earlier year in the key where there are several; count up what is
    printed twice."""
    phases = len({row.phase for row in rows if row.phase and not row.years_before}) > 1
    seen: Counter[str] = Counter()
    unique = []
    whole = {(row.side, row.phase, row.years_before) for row in rows if row.row_type == "total"}
    for row in rows:
        if row.row_type == "subtotal" and row.key == "total":  # 小计 above 收入总计
            named = (row.side, row.phase, row.years_before) in whole
            row = replace(row, key="subtotal") if named else row
        phase = row.phase if phases or row.years_before else None
        year = f"{row.years_before}-before" if row.years_before else None
        key = "-".join(filter(None, (row.side, row.key, phase, year)))
        seen[key] += 1
        key = key if seen[key] == 1 else f"{key}-{seen[key]}"
        unique.append(row if row.key == key else replace(row, key=key))
    return unique
