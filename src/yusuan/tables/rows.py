"""Read the body rows of a grid: codes, labels, and which amount stands in which column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yusuan.model.document import Cell
from yusuan.model.money import parse_number
from yusuan.model.text import clean, normal, slug, without_numbering
from yusuan.schema.vocabulary import concept_named, parent_of
from yusuan.tables.columns import Block, Column
from yusuan.tables.headings import is_numbering
from yusuan.tables.records import Amount, Problem, Row

__all__ = ["read_rows"]

_CODE = re.compile(r"^\d{2,7}$")
_CODED_LABEL = re.compile(r"^(\d{2,7})\s*(?=[^\d\s.,%])(.+)$")
_SPLIT_CODES = (1, 2)
"""How many cells more a code may take up where its 类, 款 and 项 are printed apart."""
_SUBTOTAL = re.compile(r"小计$")
_REMARK = re.compile(r"^(?:备注|说明|注)\d*[:：]")


@dataclass(frozen=True, slots=True)
class _Lead:
    """What stands before the amounts of a row."""

    code: str | None
    label: str | None
    project: str | None


_NOTHING = _Lead(None, None, None)


def read_rows(
    blocks: list[Block],
    head: list[tuple[Cell, ...]],
    body: list[tuple[Cell, ...]],
    *,
    nested: bool = False,
) -> tuple[list[Row], list[Problem]]:
    """All rows of all sides, in reading order, and what could not be placed for certain.

    Rows of ``body`` that repeat a row of ``head`` (as after a page break), number the
    columns, or hold a remark are no rows of the table. In a ``nested`` table the rows that
    start further right are parts of the row above them.
    """
    repeated = {_texts(cells) for cells in head}
    body = [
        cells for cells in body
        if (texts := _texts(cells)) and texts not in repeated
        and not is_numbering(cells) and not _is_remark(texts)
    ]  # fmt: skip
    problems: list[Problem] = []
    rows: list[Row] = []
    for block in blocks:
        side = list(_side_rows(block, len(blocks) == 1, body, problems))
        rows.extend(_nested(side, body) if nested else _with_types(side))
    rows.sort(key=lambda row: row.position)
    return _with_unique_keys(rows), problems


def _side_rows(
    block: Block,
    alone: bool,
    body: list[tuple[Cell, ...]],
    problems: list[Problem],
) -> Iterable[Row]:
    for cells in body:
        misfits, lead_cells, amount_cells = _place(block, cells, alone)
        lead = _read_lead(block, lead_cells)
        amounts, unread = _read_amounts(amount_cells)
        if block.lead and amounts and lead == _NOTHING:
            lead = _read_lead(block, _label_before(block, cells))
        if not amounts and (lead == _NOTHING or _is_total(lead)):
            continue  # this side has ended, or a total line that totals nothing
        problems.extend(unread)
        if misfits:
            problems.append(_torn(cells))
        for phase in dict.fromkeys(amount.phase for amount in amounts) or [None]:
            own = tuple(amount for amount in amounts if amount.phase == phase)
            yield _row(block, lead, own, phase, cells[0])


def _label_before(block: Block, cells: tuple[Cell, ...]) -> list[Cell]:
    """The nearest text to the left: the label of a total that spans blocks side by side."""
    first = block.lead[0].index
    return [cell for cell in cells[:first] if cell.text and not parse_number(cell.text)][-1:]


def _texts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(normal(cell.text) for cell in cells if cell.text)


def _is_total(lead: _Lead) -> bool:
    return lead.label is not None and concept_named("items", lead.label) == "total"


def _is_remark(texts: tuple[str, ...]) -> bool:
    return len(texts) == 1 and bool(_REMARK.match(texts[0]))


def _place(
    block: Block, cells: tuple[Cell, ...], alone: bool
) -> tuple[int, list[Cell], list[tuple[Column, Cell]]]:
    """Cells that cannot belong where they stand, cells before the amounts, amounts by column.

    After a page break a row may have more cells than there are headings, because a code is
    printed in two cells instead of one, or fewer, because the label of a total spans several.
    Then the amounts are counted from the right, or one or two cells on, whichever puts the
    fewest cells in columns where they cannot belong.
    """
    best: tuple[int, list[Cell], list[tuple[Column, Cell]]] | None = None
    extra = len(cells) - 1 - max((c.index for c in (*block.lead, *block.amounts)), default=0)
    first = min((column.index for column in block.amounts), default=len(cells))
    shifts = dict.fromkeys((0, extra, *_SPLIT_CODES) if alone else (0,))
    for shift in shifts:
        if first + shift <= 0 < first:
            continue
        amounts = [
            (column, cells[column.index + shift])
            for column in block.amounts
            if column.index + shift < len(cells)
        ]
        if alone:
            taken = {cell.column for _, cell in amounts}
            lead = [cell for cell in cells[: first + shift] if cell.column not in taken]
        else:
            lead = [cells[c.index] for c in block.lead if c.index < len(cells)]
        beyond = cells[block.amounts[-1].index + shift + 1 :] if alone and block.amounts else ()
        misfits = (
            sum(1 for _, cell in amounts if _is_words(cell.text))
            + len(_stray_numbers(lead))
            + sum(1 for cell in beyond if cell.text)
        )
        if best is None or misfits < best[0]:
            best = (misfits, lead, amounts)
    assert best is not None
    return best


def _is_words(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and parse_number(text) is None


def _stray_numbers(lead: list[Cell]) -> list[Cell]:
    """Numbers where only codes and names belong: the mark of a torn row."""
    return [
        cell for cell in lead
        if parse_number(cell.text) and not _CODE.match(normal(cell.text))
    ]  # fmt: skip


def _torn(cells: tuple[Cell, ...]) -> Problem:
    printed = " | ".join(cell.text for cell in cells if cell.text)
    return Problem(
        "torn-row", cells[0].position, cells[0].address, printed,
        "该行单元格数与表头不符，列的归属不确定，请对照原文核实",
        "the cells of this row do not line up with the headings; compare it with the source",
    )  # fmt: skip


def _read_lead(block: Block, cells: list[Cell]) -> _Lead:
    projects = {column.index for column in block.lead if column.role == "project"}
    project = next((c.text for c in cells if c.column in projects and c.text), None)
    parts: list[str] = []
    labels: list[str] = []
    for cell in cells:
        text = clean(cell.text)
        if not text or cell.column in projects:
            continue
        if _CODE.match(text) and not labels:
            parts.append(text)
        elif (match := _CODED_LABEL.match(text)) and not labels:
            parts.append(match[1])
            labels.append(match[2])
        else:
            labels.append(text)
    code = "".join(parts) or None
    label = " ".join(labels) or None
    if project and concept_named("items", project) == "total":
        return _Lead(code, project, None)
    return _Lead(code, label, project)


def _read_amounts(cells: list[tuple[Column, Cell]]) -> tuple[tuple[Amount, ...], list[Problem]]:
    amounts: list[Amount] = []
    problems: list[Problem] = []
    for column, cell in cells:
        number = parse_number(cell.text)
        if number is not None:
            label = column.label or "（无表头）"
            amounts.append(Amount(cell, number, column.field, label, column.phase))
        elif re.search(r"\d", cell.text):
            problems.append(Problem(
                "unreadable-amount", cell.position, cell.address, cell.text,
                f"“{column.label}”列应为金额，无法读作一个数",
                f'the column "{column.label}" holds amounts; this cannot be read as one',
            ))  # fmt: skip
    return tuple(amounts), problems


def _row(
    block: Block, lead: _Lead, amounts: tuple[Amount, ...], phase: str | None, first: Cell
) -> Row:
    label, total = lead.label, _is_total(lead)
    item = concept_named("items", label) if label else None
    subtotal = label is not None and _SUBTOTAL.search(normal(label)) is not None
    revenue = label is not None and block.direction == "revenue"
    spending = label is not None and not lead.code and block.direction == "expenditure"
    return Row(
        key=_key(lead, block.direction),
        row_type="subtotal" if subtotal else "total" if total else "detail",
        side=block.side,
        direction=block.direction,
        phase=phase,
        label=label,
        code=lead.code,
        project=lead.project,
        fund_source=concept_named("fund-sources", label or "") if revenue else None,
        expenditure_type=concept_named("expenditure-types", label or "") if spending else None,
        item=item if (total and not subtotal) or item == "current" else None,
        amounts=amounts,
        position=first.position,
    )


def _key(lead: _Lead, direction: str | None) -> str:
    """What the row is about, in ASCII."""
    if lead.project:
        return slug(normal(lead.project))
    if lead.code or not lead.label:
        return lead.code or ""
    lists = ("items", "fund-sources" if direction == "revenue" else "expenditure-types")
    names = (concept_named(name, lead.label) for name in lists)
    return next(filter(None, names), None) or slug(without_numbering(normal(lead.label)))


def _with_types(rows: list[Row]) -> list[Row]:
    """Mark as subtotal each row whose parts are rows of the same side."""
    codes = {row.code for row in rows if row.code and not row.project}
    parents = {parent_of("fund-sources", row.fund_source) for row in rows if row.fund_source}

    def has_parts(row: Row) -> bool:
        if row.code and not row.project:
            return any(code != row.code and code.startswith(row.code) for code in codes)
        return row.fund_source is not None and row.fund_source in parents

    return [
        replace(row, row_type="subtotal") if row.row_type == "detail" and has_parts(row) else row
        for row in rows
    ]


def _nested(rows: list[Row], body: list[tuple[Cell, ...]]) -> list[Row]:
    """Mark as subtotal each row that is followed by one which starts further right."""
    start = {
        cells[0].position: next((cell.column for cell in cells if cell.text), 0) for cells in body
    }
    depths = [start[row.position] for row in rows]
    return [
        replace(row, row_type="subtotal")
        if row.row_type == "detail" and depths[index + 1 : index + 2] > [depths[index]]
        else row
        for index, row in enumerate(rows)
    ]


def _with_unique_keys(rows: list[Row]) -> list[Row]:
    """Name side and phase in the key where there are several; count up what is printed twice."""
    phases = len({row.phase for row in rows if row.phase}) > 1
    seen: Counter[str] = Counter()
    unique = []
    for row in rows:
        key = "-".join(filter(None, (row.side, row.key, row.phase if phases else None)))
        seen[key] += 1
        unique.append(replace(row, key=key if seen[key] == 1 else f"{key}-{seen[key]}"))
    return unique
