"""What reading did not recognise: grids, columns, rows and cells with numbers, why, and what would.

Of a grid that no standard table claimed, the table that comes nearest; of a standard table, its
columns and rows that are none of its own. The advice is what a user can add to ``schemas/tables``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from yusuan.model.document import Cell, Run
from yusuan.model.money import find_unit, parse_number
from yusuan.model.text import clean, normal
from yusuan.schema import Catalogue, Field, Resource, catalogue
from yusuan.schema.wording import wording
from yusuan.tables.captions import PrintedTable, is_titled, read_title
from yusuan.tables.columns import ColumnBlock
from yusuan.tables.headings import HeadingPaths, is_numbering
from yusuan.tables.matching import match_column
from yusuan.tables.records import TableRow, UnrecognisedPart
from yusuan.tables.stubs import is_rounded_code

__all__ = ["UnrecognisedGrid", "amounts_in", "shortened", "unrecognised_in", "unrecognised_table"]

# Within a standard table


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


@dataclass(frozen=True, slots=True)
class UnrecognisedGrid:
    """A grid that is no standard table; ``amounts`` are its cells that hold amounts."""

    table: PrintedTable
    paths: HeadingPaths
    amounts: tuple[Cell, ...] = ()


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
    heading = normal("".join(path))
    return any(word in heading for word in wording().not_amounts)


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


def unrecognised_in(
    resource: Resource,
    blocks: Sequence[ColumnBlock],
    headings: HeadingPaths,
    body: Iterable[Sequence[Cell]],
    rows: Sequence[TableRow],
    torn: Container[str | None],
) -> Iterator[UnrecognisedPart]:
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
    resource: Resource, blocks: Sequence[ColumnBlock], body: Sequence[Sequence[Cell]]
) -> Iterator[UnrecognisedPart]:
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
            yield UnrecognisedPart(
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
    resource: Resource, blocks: Sequence[ColumnBlock], body: Iterable[Sequence[Cell]]
) -> Iterator[UnrecognisedPart]:
    """Codes that a spreadsheet has turned into rounded numbers: nobody can tell which they were."""
    columns = {column.index for block in blocks for column in block.stub}
    for cell in (cell for row in body for cell in row if cell.column in columns):
        if is_rounded_code(clean(cell.text)):
            yield UnrecognisedPart(
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
    blocks: Sequence[ColumnBlock],
    counting: Container[int],
    body: Sequence[Sequence[Cell]],
    rows: Sequence[TableRow],
) -> Iterator[tuple[Sequence[Cell], list[Cell]]]:
    """Body rows with the numbers that no row of the table holds; codes are held as codes. An
    amount with a few letters around it is a number as well, where no column of amounts has it."""
    taken = {amount.cell.address for row in rows for amount in row.amounts}
    taken |= {unread.cell.address for row in rows for unread in row.unread}
    stub_columns = {column.index for block in blocks for column in block.stub}
    numeric = {cell.column for row in body for cell in row if _is_blurred(cell.text)}
    for index, row in enumerate(body):
        lost = [
            cell for cell in row
            if (_is_number(cell) or (cell.column in numeric and _WITH_NEXT.match(cell.text)))
            and cell.address not in taken and cell.column not in counting
            and not (cell.column in stub_columns and _CODE.match(normal(cell.text)))
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


def _column(resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]) -> UnrecognisedPart:
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
    return UnrecognisedPart(
        scope="column", position=cells[0].position, cell=cells[0].address,
        printed=shortened(label), rows=len({cell.row for cell in cells}), columns=1,
        numbers=len(cells), nearest=resource.name, reason=reason, advice=advice,
    )  # fmt: skip


def _no_amount_column(
    resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]
) -> UnrecognisedPart:
    """A column of other numbers, such as rates, counts and second codes: told once."""
    return UnrecognisedPart(
        scope="column", position=cells[0].position, cell=cells[0].address,
        printed=shortened(" / ".join(path)), rows=len({cell.row for cell in cells}), columns=1,
        numbers=len(cells), nearest=resource.name,
        reason=(
            f"《{resource.title}》此列的这些数不是金额（如增减率、数量），未取",
            f"these numbers of a column of {resource.name} are no amounts (rates, counts); not taken",
        ),
        advice=add_words(resource, headings=[path]),
    )  # fmt: skip


def _row(resource: Resource, row: Sequence[Cell], lost: Sequence[Cell]) -> UnrecognisedPart:
    return UnrecognisedPart(
        scope="row", position=lost[0].position, cell=lost[0].address,
        printed=shortened(" | ".join(cell.text for cell in row if cell.text)),
        rows=1, columns=len(lost), numbers=len(lost), nearest=resource.name,
        reason=(
            f"《{resource.title}》的此行中，这些数不在任何金额列内，未取",
            f"these numbers of a row of {resource.name} stand in no amount column; not taken",
        ),
        advice=("请对照原文核实", "compare the row with the source"),
    )  # fmt: skip


# Grids that no standard table claimed


_LINE = 40
"""Longer lines above a table are sentences, not titles."""
_LISTED = 6
_ALIKE = 0.6
"""Below this likeness (1 is the same text) nothing is taken for a variant of a table."""
_NO_TITLE = re.compile(
    r"^(?:金额)?单位:|^(?:编制|填报|预算|公开)?(?:部门|单位)(?:\([^)]*\))?:|[。;；]"
)


def unrecognised_table(other: UnrecognisedGrid) -> UnrecognisedPart:
    """What to say of a grid that no standard table claimed."""
    table, paths, amounts = other.table, other.paths, other.amounts
    title = _printed_title(table)
    headed = [] if is_headless(paths) else [path for path in paths if path]
    ranked = [(_likeness(resource, table, headed), resource) for resource in catalogue().tables]
    likeness, resource = max(ranked, key=lambda entry: sum(entry[0]))
    nearest = resource if max(likeness) >= _ALIKE else None
    printed = title or "、".join(path[-1] for path in headed) or "（无标题）"
    return UnrecognisedPart(
        scope="table",
        position=table.grid.position,
        cell=None,
        printed=shortened(printed),
        rows=len({cell.row for cell in amounts}),
        columns=len({cell.column for cell in amounts}),
        numbers=len(amounts),
        nearest=nearest.name if nearest else None,
        reason=_why(table, title, headed, nearest),
        advice=_advice(other, title, headed, nearest),
    )


def _printed_title(table: PrintedTable) -> str:
    """The line above a grid that names it: the nearest with 表 in it, else the nearest."""
    near = [normal(paragraph.text) for paragraph in reversed(table.caption)]
    lines = [line for line in near if line and not _NO_TITLE.search(line) and not find_unit(line)]
    named = [line for line in lines if "表" in line and len(line) <= _LINE]
    return next(iter([*named, *(line for line in lines[:1] if len(line) <= _LINE)]), "")


def _likeness(
    resource: Resource, table: PrintedTable, headed: list[tuple[str, ...]]
) -> tuple[float, float]:
    """How like a standard table a grid is, in title and in headings: 1 for the same."""
    title = read_title(_printed_title(table)).core
    known = sum(match_column(resource, path) is not None for path in headed)
    if is_titled(resource, table):
        same = 1.0
    else:
        names = {read_title(name).core for name in resource.titles}
        same = max(SequenceMatcher(None, title, name, autojunk=False).ratio() for name in names)
    return same, known / len(headed) if headed else 0.0


def _why(
    table: PrintedTable, title: str, headed: list[tuple[str, ...]], nearest: Resource | None
) -> tuple[str, str]:
    named = f"“{shortened(title)}”" if title else ""
    if not headed:
        return (
            "没有表头，首行即为数字，可能是上一张表的续表",
            "there are no headings, numbers stand in the first row; it may continue the table above",
        )
    if nearest is None:
        every = _listed(headed)
        return (
            f"标题{named or '没有印出'}和表头{every}都不像任何标准表",
            f"neither title ({shortened(title) or 'none'}) nor headings ({every}) "
            "are like any standard table",
        )
    name, known = nearest.title, [path for path in headed if match_column(nearest, path)]
    unknown = [path for path in headed if path not in known]
    if is_titled(nearest, table):
        zh, en = f"标题是《{name}》的", f"the title is that of {nearest.name}"
    elif title:
        zh = f"标题{named}不在标准表的写法之中，最接近《{name}》"
        en = f"the title ({shortened(title)}) is not known; the nearest table is {nearest.name}"
    else:
        zh, en = (
            f"没有标题；最接近《{name}》",
            f"there is no title; the nearest table is {nearest.name}",
        )
    zh += f"；表头{len(headed)}个中识得{len(known)}个"
    en += f"; {len(known)} of {len(headed)} headings are known"
    if unknown:
        zh, en = f"{zh}，不识{_listed(unknown)}", f"{en}, not {_listed(unknown)}"
    if known and not any(_is_amount(match_column(nearest, path)) for path in known):
        zh, en = f"{zh}，没有识得的金额列", f"{en}, and none of them heads an amount"
    return zh, en


def _advice(
    other: UnrecognisedGrid, title: str, headed: list[tuple[str, ...]], nearest: Resource | None
) -> tuple[str, str]:
    if not headed:
        return (
            "如为续表，请去掉两表之间的文字，或重复表头",
            "if so, remove the text between the two, or repeat the headings",
        )
    if nearest is None:
        return (
            "若是标准表，请在 schemas/tables/ 中该表的 titles 和 headings 里加上所印的标题和表头；否则不必处理",
            "if it is a standard table, add its title and headings to the file of that table in "
            "schemas/tables/; if not, nothing needs doing",
        )
    filled = {cell.column for cell in other.amounts}
    unknown = [
        path for column, path in enumerate(other.paths)
        if path and column in filled and match_column(nearest, path) is None
    ]  # fmt: skip
    needed = not title or not any(_is_amount(match_column(nearest, path)) for path in headed)
    titled = not title or is_titled(nearest, other.table)
    zh, en = add_words(nearest, None if titled else title, unknown if needed else ())
    return f"如确是该表，{zh}", f"if it is that table, {en}"


def _is_amount(field: Field | None) -> bool:
    return field is not None and field.role == "amount"


def _listed(paths: Sequence[tuple[str, ...]]) -> str:
    names = list(dict.fromkeys("/".join(normal(part) for part in path) for path in paths))
    return "、".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else "")


# Advice


YEAR = re.compile(r"^.*20\d\d年?度?(?=.*表)")
"""What stands before the name of a table in its title: the body and the year."""
UNKNOWN = "???"
_SHORT = 80
_GENERAL = 4
"""A title that is no longer (预算表) could be that of any table."""
_ALIKE_HEADING = 0.5


def add_words(
    resource: Resource, title: str | None = None, headings: Iterable[tuple[str, ...]] = ()
) -> tuple[str, str]:
    """What to add to the file of a standard table, as it is to be written there."""
    file = f"tables/{resource.name}.yaml"
    lines = []
    if title:
        short = YEAR.sub("", title)
        lines.append(f"titles: ['{short if len(short) > _GENERAL else title}']")
    fields: dict[str, list[str]] = {}
    for path in headings:
        fields.setdefault(_nearest_field(resource, path), []).append(_heading(resource, path))
    if fields:
        entries = (
            f"{{name: {name}, headings: [{', '.join(own)}]}}" for name, own in fields.items()
        )
        lines.append(f"fields: [{', '.join(entries)}]")
    zh = f"请在 --schemas 文件夹的 {file} 中加上 {'；'.join(lines)}"
    en = f"add {'; '.join(lines)} to {file} in the folder given with --schemas"
    if UNKNOWN in fields:
        zh += f"，其中 {UNKNOWN} 换成该列在该文件中的 name"
        en += f", with the name of the column it means for {UNKNOWN}"
    elif fields:
        zh += "（列名请按其含义核对）"
        en += " (check that it is the column meant)"
    return zh, en


def _heading(resource: Resource, path: tuple[str, ...]) -> str:
    """The innermost heading; with its group where other columns share it."""
    own = [normal(part) for part in path]
    general = {normal(word) for field in resource.fields for word in field.headings}
    heading = "/".join(own[-2:]) if own[-1] in general else own[-1]
    return "'" + heading.replace("'", "''") + "'"


def _nearest_field(resource: Resource, path: tuple[str, ...]) -> str:
    """The amount column whose title or headings are most like a heading path, if any is."""

    def likeness(field: Field) -> float:
        own = "".join(normal(part) for part in path)
        names = (normal(field.title), *(normal(word) for word in field.headings))
        return max(
            SequenceMatcher(None, text, name, autojunk=False).ratio()
            for name in names
            for text in (own, normal(path[-1]))
        )

    best = max(resource.with_role("amount"), key=likeness)
    return best.name if likeness(best) >= _ALIKE_HEADING else UNKNOWN


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
