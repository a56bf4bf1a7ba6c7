"""What reading left out: columns and rows of a standard table, and numbers that are amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cache

from yusuan.model.document import Cell, Run
from yusuan.model.money import parse_number
from yusuan.model.text import clean, normal
from yusuan.schema import Catalogue, Resource, catalogue, data_path, read_yaml
from yusuan.tables.advice import add_words, shortened
from yusuan.tables.captions import PrintedTable
from yusuan.tables.columns import Block
from yusuan.tables.headings import HeadingPaths, is_numbering
from yusuan.tables.leads import is_rounded_code
from yusuan.tables.matching import match_column
from yusuan.tables.records import Leftover, Row

__all__ = ["amounts_in", "is_headless", "left_in"]

_YEAR = re.compile(r"^20\d\d$")
_FULL_CODE = re.compile(r"^(?:2[0-3]\d|[35]\d\d)(?:\d\d){0,2}$")
"""Codes that stand by themselves: functional 2xx, economic 3xx and 5xx, with 款 and 项."""
_CODE = re.compile(r"^\d{1,7}$")
_BLURRED = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d\d|\d(?:\.\d+)?[eE]\+?\d+)(?![\d.%年月])"
)
_FEW_LETTERS = 3
_WITH_NEXT = re.compile(
    r"-?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d\d)(?=[\s\u3400-\u9fff])(?!\s?(?:[亿万千百十]*元|个百分点|[年月日倍]))"
)
"""An amount with what the next column prints behind it."""


def amounts_in(table: PrintedTable, paths: HeadingPaths, count: int) -> list[Cell]:
    """The cells below ``count`` heading rows that hold amounts or counts.

    Serial numbers, codes, years and the numbers of columns are none.
    """
    first = 0 if is_headless(paths) else count
    rows = table.grid.rows[first:]
    body = [row for row in rows if not is_numbering(row, first=row is rows[0])]
    columns: dict[int, list[Cell]] = {}
    for row in body:
        for cell in row:
            if _is_number(cell) or parse_number(cell.text, ","):
                columns.setdefault(cell.column, []).append(cell)
    return [
        cell
        for column, cells in sorted(columns.items())
        if not _no_amounts(paths[column] if column < len(paths) else (), cells)
        for cell in cells
    ]


def _no_amounts(path: tuple[str, ...], cells: Sequence[Cell]) -> bool:
    if _is_counting(path) or (path and normal(path[-1]) in _codes(catalogue())):
        return True
    texts = [normal(cell.text) for cell in cells]
    counted = len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
    coded = all(_FULL_CODE.match(text) for text in texts) and any(len(text) > 3 for text in texts)
    return counted or coded


def _is_counting(path: tuple[str, ...]) -> bool:
    """Whether a heading says that the numbers below it are no amounts (行次, 序号)."""
    listed = read_yaml(data_path("schemas", "leftovers.yaml"))["not_amounts"]
    heading = normal("".join(path))
    return any(word in heading for word in listed)


@cache
def _codes(known: Catalogue) -> frozenset[str]:
    """The headings of code columns of all standard tables."""
    return frozenset(
        normal(heading)
        for table in known.tables
        for field in table.with_role("code")
        for heading in field.headings
    )


def is_headless(paths: HeadingPaths) -> bool:
    """Whether what stands where headings should be are amounts: a table without headings."""
    texts = [normal(part) for path in paths for part in path]
    return any(parse_number(text) and not _YEAR.match(text) for text in texts)


def left_in(
    resource: Resource,
    blocks: Sequence[Block],
    headings: HeadingPaths,
    body: Iterable[Sequence[Cell]],
    rows: Sequence[Row],
    torn: Container[str | None],
) -> Iterator[Leftover]:
    """What a recognised table leaves out: columns it does not know, numbers in no amount column.

    ``headings`` are those of every column, ``torn`` are the first cells of rows
    that are a finding already.
    """
    body = list(body)
    yield from _not_seen(resource, blocks, body)
    yield from _rounded(resource, blocks, body)
    unknown: dict[str, list[Cell]] = {}
    for amount in (amount for row in rows for amount in row.amounts if not amount.named):
        unknown.setdefault(amount.column_label, []).append(amount.cell)
    paths = {column.label: column.path for block in blocks for column in block.amounts}
    for label, cells in unknown.items():
        yield _column(resource, paths.get(label, ()), cells)
    counting = {index for index, path in enumerate(headings) if _is_counting(path)}
    unplaced = [
        (row, lost) for row, lost in _unplaced(blocks, counting, body, rows)
        if row[0].address not in torn
    ]  # fmt: skip
    times = Counter(cell.column for _, lost in unplaced for cell in lost)
    whole: dict[int, list[Cell]] = {}
    for row, lost in unplaced:
        single = []
        for cell in lost:
            headed = cell.column < len(headings) and bool(headings[cell.column])
            if headed and times[cell.column] > 1:
                whole.setdefault(cell.column, []).append(cell)
            else:
                single.append(cell)
        if single:
            yield _row(resource, row, single)
    for column, cells in whole.items():
        yield _no_amount_column(resource, headings[column], cells)


def _not_seen(
    resource: Resource, blocks: Sequence[Block], body: Sequence[Sequence[Cell]]
) -> Iterator[Leftover]:
    """Numbers that the file holds in amount columns and that a reader of the page does not see;
    the mark of a footnote is none."""
    columns = {column.index for block in blocks for column in block.amounts}
    for row in body:
        for cell in row:
            unseen = [run for run in cell.aside if (run.hidden or run.struck) and _has_digit(run)]
            if not unseen or cell.column not in columns:
                continue
            struck = all(run.struck for run in unseen)
            how = ("已划去", "struck out") if struck else ("看不见", "not visible")
            yield Leftover(
                scope="cell", position=cell.position, cell=cell.address,
                printed=shortened(" ".join(run.text.strip() for run in unseen)),
                rows=1, columns=1, numbers=len(unseen), nearest=resource.name,
                reason=(
                    f"《{resource.title}》此单元格中的这些数在页面上{how[0]}，未取",
                    f"these numbers in a cell of {resource.name} are {how[1]} on the page; not taken",
                ),
                advice=(
                    "请确认原文是否应公布此数；不应公布的请从文件中删去",
                    "decide whether they should be published; if not, delete them from the file",
                ),
            )  # fmt: skip


def _rounded(
    resource: Resource, blocks: Sequence[Block], body: Iterable[Sequence[Cell]]
) -> Iterator[Leftover]:
    """Codes that a spreadsheet has turned into rounded numbers: nobody can tell which they were."""
    columns = {column.index for block in blocks for column in block.lead}
    for cell in (cell for row in body for cell in row if cell.column in columns):
        if is_rounded_code(clean(cell.text)):
            yield Leftover(
                scope="cell", position=cell.position, cell=cell.address, printed=cell.text,
                rows=1, columns=1, numbers=1, nearest=resource.name,
                reason=(
                    f"《{resource.title}》此编码已被表格软件改成科学记数，末几位丢失，未取",
                    f"a spreadsheet has made a rounded number of this code of {resource.name}, "
                    "its last digits are lost; not taken",
                ),
                advice=(
                    "请在电子表格中把编码列设为文本，重新填写编码后另存",
                    "set the column of codes to text in the spreadsheet, type the code again and save",
                ),
            )  # fmt: skip


def _has_digit(run: Run) -> bool:
    return any(char.isdigit() for char in run.text)


def _unplaced(
    blocks: Sequence[Block],
    counting: Container[int],
    body: Sequence[Sequence[Cell]],
    rows: Sequence[Row],
) -> Iterator[tuple[Sequence[Cell], list[Cell]]]:
    """Body rows with the numbers that no row of the table holds; codes are held as codes. An
    amount with a few letters around it is a number as well, where no column of amounts has it."""
    taken = {amount.cell.address for row in rows for amount in row.amounts}
    taken |= {unread.cell.address for row in rows for unread in row.unread}
    leads = {column.index for block in blocks for column in block.lead}
    numeric = {cell.column for row in body for cell in row if _is_blurred(cell.text)}
    for index, row in enumerate(body):
        lost = [
            cell for cell in row
            if (_is_number(cell) or (cell.column in numeric and _WITH_NEXT.match(cell.text)))
            and cell.address not in taken and cell.column not in counting
            and not (cell.column in leads and _CODE.match(normal(cell.text)))
        ]  # fmt: skip
        if lost and not is_numbering(tuple(row), first=not index):
            yield row, lost


def _is_number(cell: Cell) -> bool:
    return parse_number(cell.text) is not None or _is_blurred(cell.text)


def _is_blurred(text: str) -> bool:
    """Whether a text is one amount with a few letters, as of a seal or a mark, before or behind."""
    plain = normal(text)
    rest, count = _BLURRED.subn("", plain)
    return count == 1 and len(rest) <= _FEW_LETTERS and not re.search(r"[\d%元]", rest)


def _column(resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]) -> Leftover:
    label = " / ".join(path) or "（无表头）"
    if path and match_column(resource, path):
        reason = (
            f"《{resource.title}》中有几列的表头都是此表头；此列的数作为事实保留，列（column）为空",
            f"several columns of {resource.name} have this heading; the numbers of this one are "
            "facts without a column",
        )
        advice = ("请对照原文，确认此列的含义", "look at the source to see what this column means")
    elif path:
        reason = (
            f"《{resource.title}》的标准列中没有此表头；其数作为事实保留，列（column）为空",
            f"no column of {resource.name} has this heading; its numbers are facts without a column",
        )
        advice = add_words(resource, headings=[path])
    else:
        reason = (
            "此列没有表头；其数作为事实保留，列（column）为空",
            "this column has no heading; its numbers are facts without a column",
        )
        advice = ("请对照原文，确认此列的含义", "look at the source to see what this column means")
    return Leftover(
        scope="column", position=cells[0].position, cell=cells[0].address,
        printed=shortened(label), rows=len({cell.row for cell in cells}), columns=1,
        numbers=len(cells), nearest=resource.name, reason=reason, advice=advice,
    )  # fmt: skip


def _no_amount_column(resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]) -> Leftover:
    """A column of other numbers, such as rates, counts and second codes: told once."""
    return Leftover(
        scope="column", position=cells[0].position, cell=cells[0].address,
        printed=shortened(" / ".join(path)), rows=len({cell.row for cell in cells}), columns=1,
        numbers=len(cells), nearest=resource.name,
        reason=(
            f"《{resource.title}》此列的这些数不是金额（如增减率、数量），未取",
            f"these numbers of a column of {resource.name} are no amounts (rates, counts); not taken",
        ),
        advice=add_words(resource, headings=[path]),
    )  # fmt: skip


def _row(resource: Resource, row: Sequence[Cell], lost: Sequence[Cell]) -> Leftover:
    return Leftover(
        scope="row", position=lost[0].position, cell=lost[0].address,
        printed=shortened(" | ".join(cell.text for cell in row if cell.text)),
        rows=1, columns=len(lost), numbers=len(lost), nearest=resource.name,
        reason=(
            f"《{resource.title}》的此行中，这些数不在任何金额列内，未取",
            f"these numbers of a row of {resource.name} stand in no amount column; not taken",
        ),
        advice=("请对照原文核实", "compare the row with the source"),
    )  # fmt: skip
