"""What reading did not recognise: grids, columns, rows and cells with numbers, why, and what would.

Of a grid that no standard table claimed, the table that comes nearest; of a standard table, its
columns and rows that are none of its own. The advice is what a user can add to ``schemas/tables``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache

from yusuan.lexicon.numbers import parse_number
from yusuan.lexicon.phrases import phrase, words_of
from yusuan.lexicon.units import find_unit
from yusuan.model.document import Cell, Run
from yusuan.model.records import UnrecognisedScope
from yusuan.model.text import clean, normal
from yusuan.schema import Catalogue, Field, Resource, catalogue
from yusuan.schema.messages import Texts, joined, message
from yusuan.schema.wording import wording
from yusuan.tables.captions import PrintedTable, is_titled, read_title
from yusuan.tables.columns import ColumnBlock
from yusuan.tables.headings import HeadingPaths, is_numbering
from yusuan.tables.matching import match_column, read_qualifiers
from yusuan.tables.records import TableRow, UnrecognisedPart
from yusuan.tables.stubs import is_rounded_code

__all__ = ["UnrecognisedGrid", "amounts_in", "shortened", "unrecognised_in", "unrecognised_table"]

_TABLE = words_of("table")[0]

# Within a standard table


_YEAR = re.compile(r"^20\d\d$")
_FULL_CODE = re.compile(r"^(?:2[0-3]\d|[35]\d\d)(?:\d\d){0,2}$")
"""Codes that stand by themselves: functional 2xx, economic 3xx and 5xx, with 款 and 项."""
_CODE = re.compile(r"^\d{1,7}$")
_BLURRED = re.compile(
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d\d|\d(?:\.\d+)?[eE]\+?\d+)(?![\d.%年月])"
)
_PERCENT = re.compile(r"[-+−－△▲(（]{0,2}\s?\d[\d,.]*\s?[%％‰][)）]?")
_FEW_LETTERS = 3
_LONGEST_AMOUNT = 60
"""Characters of an amount with a few letters; the national budget in fen has 20."""
_BEHIND_LABEL = re.compile(r"(?:[\u3400-\u9fff)）]\s?|\d\s)(\d{1,3}(,\d{3})+|\d+)\.\d\d")
"""How a label ends that the amount of the next column, printed close behind it, has run into."""
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
    yield from _stub_not_seen(resource, blocks, body)
    yield from _rounded(resource, blocks, body)
    unknown: dict[str, list[Cell]] = {}
    for amount in (amount for row in rows for amount in row.amounts if not amount.named):
        unknown.setdefault(amount.column_label, []).append(amount.cell)
    paths = {column.label: column.path for block in blocks for column in block.amounts}
    for label, cells in unknown.items():
        yield _column(resource, paths.get(label, ()), cells)
    counting = {index for index, path in enumerate(headings) if _is_counting(path)}
    rates = {index for index, path in enumerate(headings) if read_qualifiers(path).kind == "rate"}
    unplaced = [
        (row, lost) for row, lost in _unplaced(blocks, counting, rates, headings, body, rows)
        if row[0].address not in torn
    ]  # fmt: skip
    times = Counter(cell.column for _, lost in unplaced for cell in lost)
    whole: dict[int, list[Cell]] = {}
    for row, lost in unplaced:
        single = []
        for cell in lost:
            headed = cell.column < len(headings) and bool(headings[cell.column])
            if headed and (times[cell.column] > 1 or cell.column in rates):
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
            unseen = [
                run for run in cell.undisplayed if (run.hidden or run.struck) and _has_digit(run)
            ]
            if not unseen or cell.column not in columns:
                continue
            struck = all(run.struck for run in unseen)
            yield _part(
                resource, "cell", [cell], " ".join(run.text.strip() for run in unseen),
                "numbers-struck-out" if struck else "numbers-not-visible",
                message("decide-whether-published"), numbers=len(unseen),
            )  # fmt: skip


def _stub_not_seen(
    resource: Resource, blocks: Sequence[ColumnBlock], body: Sequence[Sequence[Cell]]
) -> Iterator[UnrecognisedPart]:
    """Codes and labels that the file holds beside amounts and that a reader of the page does not see
    whole, as where rows are too low for them: once for a column."""
    amounts = {column.index for block in blocks for column in block.amounts}
    rows = [row for row in body if any(cell.text and cell.column in amounts for cell in row)]
    for column in (column.index for block in blocks for column in block.stub):
        own = [(cell, _unseen_text(cell)) for row in rows for cell in row if cell.column == column]
        cut = [(cell, text) for cell, text in own if text]
        if cut:
            part = _part(
                resource, "cell", [cell for cell, _ in cut], "、".join(text for _, text in cut),
                "labels-not-visible", message("make-rows-higher"), numbers=0,
            )  # fmt: skip
            yield replace(part, columns=1)


def _unseen_text(cell: Cell) -> str:
    """What nobody sees of the text of a cell, but for signs and marks."""
    texts = (run.text for run in cell.undisplayed if run.hidden and not run.struck)
    return " ".join(text.strip() for text in texts if any(map(str.isalnum, text)))


def _rounded(
    resource: Resource, blocks: Sequence[ColumnBlock], body: Iterable[Sequence[Cell]]
) -> Iterator[UnrecognisedPart]:
    """Codes that a spreadsheet has turned into rounded numbers: nobody can tell which they were."""
    columns = {column.index for block in blocks for column in block.stub}
    for cell in (cell for row in body for cell in row if cell.column in columns):
        if is_rounded_code(clean(cell.text)):
            part = _part(
                resource, "cell", [cell], cell.text, "code-rounded", message("type-code-as-text")
            )
            yield replace(part, printed=cell.text)


def _has_digit(run: Run) -> bool:
    return any(char.isdigit() for char in run.text)


def _unplaced(
    blocks: Sequence[ColumnBlock],
    counting: Container[int],
    rates: Container[int],
    headings: HeadingPaths,
    body: Sequence[Sequence[Cell]],
    rows: Sequence[TableRow],
) -> Iterator[tuple[Sequence[Cell], list[Cell]]]:
    """Body rows with the numbers that no row of the table holds; codes are held as codes. An
    amount with a few letters around it is a number as well, where no column of amounts has it,
    and so are a rate (+5.2%) and whatever has a digit in a column headed as rates, but for its
    headings again."""
    taken = {amount.cell.address for row in rows for amount in row.amounts}
    taken |= {unread.cell.address for row in rows for unread in row.unread}
    stub_columns = {column.index for block in blocks for column in block.stub}
    numeric = {cell.column for row in body for cell in row if _is_blurred(cell.text)}
    for index, row in enumerate(body):
        lost = [
            cell for cell in row
            if (
                _is_number(cell)
                or (cell.column in numeric and _WITH_NEXT.match(cell.text))
                or _PERCENT.fullmatch(cell.text)
                or (cell.column in stub_columns and _ends_in_amount(cell.text))
                or (cell.column in rates and _is_rate(cell, headings[cell.column]))
            )
            and cell.address not in taken and cell.column not in counting
            and not (cell.column in stub_columns and _CODE.match(normal(cell.text)))
        ]  # fmt: skip
        if lost and not is_numbering(tuple(row), first=not index):
            yield row, lost


def _is_number(cell: Cell) -> bool:
    return parse_number(cell.text) is not None or _is_blurred(cell.text)


def _ends_in_amount(text: str) -> bool:
    return any(match.end() == len(text) for match in _BEHIND_LABEL.finditer(text))


def _is_rate(cell: Cell, path: tuple[str, ...]) -> bool:
    return any(char.isdigit() for char in cell.text) and clean(cell.text) not in path


def _is_blurred(text: str) -> bool:
    """Whether a text is one amount with a few letters, as of a seal or a mark, before or behind."""
    plain = normal(text)
    if len(plain) > _LONGEST_AMOUNT:
        return False
    rest, count = _BLURRED.subn("", plain)
    return count == 1 and len(rest) <= _FEW_LETTERS and not re.search(r"[\d%元]", rest)


def _column(resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]) -> UnrecognisedPart:
    """A column of amounts whose heading is unknown, missing, or that of several columns."""
    advice = message("look-what-column-means")
    if not path:
        return _part(
            resource, "column", cells, message("no-heading")[0], "column-without-heading", advice
        )
    label = " / ".join(path)
    if match_column(resource, path):
        return _part(resource, "column", cells, label, "heading-of-several-columns", advice)
    return _part(
        resource, "column", cells, label, "heading-unknown", add_words(resource, headings=[path])
    )


def _no_amount_column(
    resource: Resource, path: tuple[str, ...], cells: Sequence[Cell]
) -> UnrecognisedPart:
    """A column of other numbers, such as rates, counts and second codes: told once."""
    return _part(
        resource, "column", cells, " / ".join(path), "column-of-no-amounts",
        add_words(resource, headings=[path]),
    )  # fmt: skip


def _row(resource: Resource, row: Sequence[Cell], lost: Sequence[Cell]) -> UnrecognisedPart:
    """A row with numbers that stand in no amount column."""
    return _part(
        resource, "row", lost, " | ".join(cell.text for cell in row if cell.text),
        "numbers-in-no-amount-column", message("compare-row"),
    )  # fmt: skip


def _part(
    resource: Resource, scope: UnrecognisedScope, cells: Sequence[Cell], printed: str, reason: str,
    advice: Texts, *, numbers: int | None = None,
) -> UnrecognisedPart:  # fmt: skip
    """A part of a standard table with its cells; ``reason`` names the message."""
    return UnrecognisedPart(
        scope=scope, position=cells[0].position, cell=cells[0].address,
        printed=shortened(printed), rows=len({cell.row for cell in cells}),
        columns=1 if scope == "column" else len(cells),
        numbers=len(cells) if numbers is None else numbers, nearest=resource.name,
        reason=message(reason, title=resource.title, name=resource.name), advice=advice,
    )  # fmt: skip


# Grids that no standard table claimed


_LINE = 40
"""Longer lines above a table are sentences, not titles."""
_LISTED = 6
_ALIKE = 0.6
"""Below this likeness (1 is the same text) nothing is taken for a variant of a table."""


def unrecognised_table(other: UnrecognisedGrid) -> UnrecognisedPart:
    """What to say of a grid that no standard table claimed."""
    table, paths, amounts = other.table, other.paths, other.amounts
    title = _printed_title(table)
    headed = [] if is_headless(paths) else [path for path in paths if path]
    ranked = [(_likeness(resource, table, headed), resource) for resource in catalogue().tables]
    likeness, resource = max(ranked, key=lambda entry: sum(entry[0]))
    nearest = resource if max(likeness) >= _ALIKE else None
    printed = title or "、".join(path[-1] for path in headed) or message("no-title")[0]
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
    lines = [
        line
        for line in near
        if line and not phrase("caption.no_title").search(line) and not find_unit(line)
    ]
    named = [line for line in lines if _TABLE in line and len(line) <= _LINE]
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
) -> Texts:
    """Why a grid is no standard table, and how near it comes to the nearest one."""
    printed = shortened(title)
    if not headed:
        return message("grid-without-headings")
    if nearest is None:
        name = "grid-like-none" if title else "grid-like-none-without-title"
        return message(name, printed=printed, headings=_listed(headed))
    known = [path for path in headed if match_column(nearest, path)]
    unknown = [path for path in headed if path not in known]
    titled = is_titled(nearest, table)
    name = "grid-titled" if titled else "grid-title-unknown" if title else "grid-without-title"
    sentences = [
        message(name, printed=printed, title=nearest.title, name=nearest.name),
        message("headings-known", count=len(headed), known=len(known)),
    ]
    if unknown:
        sentences.append(message("headings-unknown", headings=_listed(unknown)))
    if known and not any(_is_amount(match_column(nearest, path)) for path in known):
        sentences.append(message("no-amount-heading"))
    return joined(*sentences)


def _advice(
    other: UnrecognisedGrid, title: str, headed: list[tuple[str, ...]], nearest: Resource | None
) -> Texts:
    if not headed:
        return message("join-or-repeat-headings")
    if nearest is None:
        return message("add-if-standard")
    filled = {cell.column for cell in other.amounts}
    unknown = [
        path for column, path in enumerate(other.paths)
        if path and column in filled and match_column(nearest, path) is None
    ]  # fmt: skip
    needed = not title or not any(_is_amount(match_column(nearest, path)) for path in headed)
    titled = not title or is_titled(nearest, other.table)
    advice = add_words(nearest, None if titled else title, unknown if needed else ())
    return message("if-that-table", advice=advice)


def _is_amount(field: Field | None) -> bool:
    return field is not None and field.role == "amount"


def _listed(paths: Sequence[tuple[str, ...]]) -> str:
    names = list(dict.fromkeys("/".join(normal(part) for part in path) for path in paths))
    return "、".join(names[:_LISTED]) + ("…" if len(names) > _LISTED else "")


# Advice


UNKNOWN = "???"
_SHORT = 80
_GENERAL = 4
"""A title that is no longer (预算表) could be that of any table."""
_ALIKE_HEADING = 0.5


def add_words(
    resource: Resource, title: str | None = None, headings: Iterable[tuple[str, ...]] = ()
) -> Texts:
    """What to add to the file of a standard table, as it is to be written there."""
    file = f"tables/{resource.name}.yaml"
    lines = []
    if title:
        short = phrase("caption.before_name").sub("", title)
        lines.append(f"titles: ['{short if len(short) > _GENERAL else title}']")
    fields: dict[str, list[str]] = {}
    for path in headings:
        fields.setdefault(_nearest_field(resource, path), []).append(_heading(resource, path))
    if fields:
        entries = (
            f"{{name: {name}, headings: [{', '.join(own)}]}}" for name, own in fields.items()
        )
        lines.append(f"fields: [{', '.join(entries)}]")
    sentences = [message("add-to-file", file=file, lines=("；".join(lines), "; ".join(lines)))]
    if UNKNOWN in fields:
        sentences.append(message("name-unknown-column", unknown=UNKNOWN))
    elif fields:
        sentences.append(message("check-column"))
    return joined(*sentences)


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
    """A text on one line, its end cut off beyond 80 characters."""
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
