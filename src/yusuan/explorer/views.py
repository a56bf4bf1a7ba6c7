"""A view of the explorer: tables of values with their links, and the charts that are drawn from them.

Values are those of the database; how they are written, in which language and with which addresses,
is a matter of who renders the view. Words are those of ``publish/explorer.yaml``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Protocol

from yusuan.files.data import data_path, read_yaml
from yusuan.model.errors import YusuanError
from yusuan.presentation import value_label
from yusuan.schema import catalogue
from yusuan.schema.messages import Texts

__all__ = [
    "CellFormat",
    "Chart",
    "ChartKind",
    "ChoiceGroup",
    "EvidenceMark",
    "ExplorerData",
    "FindingEvidence",
    "Language",
    "MarkRole",
    "NotInPackage",
    "SentenceExcerpt",
    "TableExcerpt",
    "View",
    "ViewCell",
    "ViewChoice",
    "ViewColumn",
    "ViewRow",
    "ViewTable",
    "code_name",
    "codes_of",
    "column_titles",
    "languages",
    "money_cell",
    "page_number",
    "phase_name",
    "share_cell",
    "text_cell",
    "verdict_name",
    "word",
]  # fmt: skip

Language = Literal["zh", "en"]
languages: tuple[Language, ...] = ("zh", "en")
CellFormat = Literal["text", "code", "year", "money", "percent", "number", "decimal", "printed"]
"""How a column reads. ``money`` is in yuan with two decimals, its values integers of fen; ``printed``
shows a number as the document prints it, in the unit that the column's title states."""
ChartKind = Literal["line", "bar", "columns", "treemap", "sankey"]
Value = str | int | Decimal | Texts | None


class NotInPackage(YusuanError):
    """The address of a view names something that the package does not have."""


class ExplorerData(Protocol):
    """The database of a package (``write_database``)."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]: ...


@dataclass(frozen=True, slots=True)
class ViewColumn:
    """``name`` is that of the column in downloads; ``total`` marks one that sums others of its row,
    which a chart does not put beside them."""

    name: str
    titles: Texts
    format: CellFormat = "text"
    total: bool = False


@dataclass(frozen=True, slots=True)
class ViewCell:
    """A value, where it leads, and the finding that doubts it (its key).

    ``path`` is that of a page of the explorer or of an entity, without the first slash. ``document``,
    ``page`` and ``line`` tell where the number is printed, ``printed`` what stands there.
    """

    value: Value
    path: str | None = None
    finding: str | None = None
    document: str | None = None
    page: int | None = None
    line: int | None = None
    printed: str | None = None
    picture: str | None = None
    """A fact whose cell is shown as the document prints it."""
    anchor: str | None = None
    """The fact or claim that stands here, for links to the cell itself."""


MarkRole = Literal["named", "contradicted", "candidate"]


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """What a printed number is to a finding: the one it names, one that contradicts it, or one of those
    in doubt, of which ``number`` says to which explanation it belongs; what is ``proposed`` for it; where
    it leads."""

    role: MarkRole
    path: str | None = None
    number: int | None = None
    proposed: str | None = None


@dataclass(frozen=True, slots=True)
class TableExcerpt:
    """Rows of a printed table: ``marks`` are by row and column, before the rows ``gaps`` others are left
    out."""

    titles: Texts
    document: str
    page: int | None
    columns: tuple[ViewColumn, ...]
    rows: tuple[tuple[ViewCell, ...], ...]
    marks: Mapping[tuple[int, int], EvidenceMark]
    gaps: frozenset[int]


@dataclass(frozen=True, slots=True)
class SentenceExcerpt:
    """A sentence in pieces: the numbers in it that are marked, and what stands between them."""

    document: str
    page: int | None
    line: int
    pieces: tuple[tuple[str, EvidenceMark | None], ...]


@dataclass(frozen=True, slots=True)
class FindingEvidence:
    """The printed numbers that a finding rests on. ``pictures`` are the parts of pages of PDFs that show
    them (``picture_parts``), each by its document."""

    finding: str
    excerpts: tuple[TableExcerpt | SentenceExcerpt, ...]
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewRow:
    """``level`` is the depth in a tree of rows, from 1; ``kind`` tells rows that a chart leaves out,
    for others hold the same money, and the residual that belongs to no row."""

    cells: tuple[ViewCell, ...]
    level: int = 1
    kind: Literal["detail", "sum", "total", "residual"] = "detail"
    anchor: str | None = None
    """What the row is of, for links to it."""
    css: str | None = None
    """What kind of thing the row is, for its looks."""
    evidence: FindingEvidence | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """How a table is drawn; the names are those of its columns.

    A line has years at ``x``, a line for each value of the columns ``split`` and one of ``values`` at
    a time. Columns stand for ``values`` of one row at a time, called by ``x``. A bar stacks ``values`` at each row, called by the columns ``x``. A treemap draws the tree of rows
    by ``values[0]``. A sankey flows through the columns ``x`` in their order.
    """

    kind: ChartKind
    x: tuple[str, ...]
    values: tuple[str, ...]
    split: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewTable:
    """``name`` is unique within the view: the anchor, and the name in downloads."""

    name: str
    titles: Texts
    columns: tuple[ViewColumn, ...]
    rows: tuple[ViewRow, ...]
    chart: Chart | None = None
    note: Texts | None = None
    """What a reader must know of it: what is left out, from where it is."""
    more: tuple[Texts, str] | None = None
    """A link to all of it, where a view shows the first rows only."""
    page_rows: int = 200
    count: int | None = None
    """How many rows there are, where ``rows`` are those of a page only: from row ``offset`` on."""
    offset: int = 0
    cards: bool = False
    """Whether its rows are findings, to be shown one below the other with their evidence."""


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """One state of a view that the reader can choose, by its address."""

    titles: Texts
    path: str
    query: Mapping[str, str]
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """What can be chosen of a table of the view."""

    table: str
    titles: Texts
    choices: tuple[ViewChoice, ...]


@dataclass(frozen=True, slots=True)
class SearchForm:
    """A field to type into, on the page itself: ``name`` is the parameter it sets."""

    name: str
    titles: Texts
    value: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """What the page at ``path`` with the parameters ``query`` shows."""

    kind: str
    path: str
    query: Mapping[str, str]
    titles: Texts
    facts: tuple[tuple[Texts, ViewCell], ...] = ()
    """What the thing is, in a line below the title: a name and a value each."""
    links: tuple[tuple[Texts, str], ...] = ()
    """What one may go on to."""
    form: SearchForm | None = None
    choices: tuple[ChoiceGroup, ...] = ()
    tables: tuple[ViewTable, ...] = ()
    crumbs: tuple[tuple[Texts, str], ...] = ()
    entity: str | None = None
    """The page of the same thing for machines."""
    notes: tuple[Texts, ...] = ()
    sources: tuple[str, ...] = field(default=())
    """The documents that the numbers are printed in, by key."""

    def table(self, name: str | None) -> ViewTable:
        """One of its tables. Raises NotInPackage where there is none of that name."""
        for table in self.tables:
            if table.name == name or name is None:
                return table
        names = ", ".join(table.name for table in self.tables)
        raise NotInPackage(f"This view has no table {name!r}, but: {names}")


@cache
def _words() -> Mapping[str, Any]:
    content: Mapping[str, Any] = read_yaml(data_path("publish", "explorer.yaml"))
    return content


def word(name: str, /, **values: object) -> Texts:
    """A text of ``publish/explorer.yaml`` in both languages, with its values.

    >>> word("share")
    ('占比', 'Share')
    """
    texts = _words()["words"][name]
    if not values:
        return texts["zh"], texts["en"]
    zh = {key: value[0] if isinstance(value, tuple) else value for key, value in values.items()}
    en = {key: value[1] if isinstance(value, tuple) else value for key, value in values.items()}
    return texts["zh"].format(**zh), texts["en"].format(**en)


def codes_of(name: str) -> tuple[str, ...]:
    """A list of codes that ``publish/explorer.yaml`` names.

    >>> codes_of("three_public")[0]
    'overseas-travel'
    """
    return tuple(_words()["codes"][name])


def column_titles(resource: str, field_name: str) -> Texts:
    """The titles of a column as the schemas have them.

    >>> column_titles("budgets", "fiscal_year")
    ('预算年度', 'Fiscal year')
    """
    found = catalogue()[resource].field(field_name)
    return found.title, found.title_en


@cache
def _listed(resource: str) -> Mapping[str, Texts]:
    return {
        row["code"]: (row["name"], row["name_en"] or row["name"])
        for row in catalogue()[resource].rows
    }


def code_name(resource: str, code: str) -> Texts:
    """The names of a code of one of the small lists; the code itself where it is none of it.

    >>> code_name("expenditure-types", "basic")
    ('基本支出', 'Basic expenditure')
    """
    return _listed(resource).get(code, (code, code))


def phase_name(code: str) -> Texts:
    """
    >>> phase_name("executed")
    ('决算', 'Executed')
    """
    return code_name("phases", code)


def verdict_name(code: str) -> Texts:
    """
    >>> verdict_name("error")
    ('错误', 'error')
    """
    return value_label("verdict", code) or (code, code)


_MOST_DIGITS = 6


def page_number(query: Mapping[str, str], table: str) -> int:
    """Which page of a table an address asks for, from 1; the first where it names none.

    >>> page_number({"page-findings": "3"}, "findings"), page_number({"page-findings": "x"}, "findings")
    (3, 1)
    """
    text = query.get(f"page-{table}", "1")
    plain = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return max(1, int(text)) if plain else 1


def text_cell(value: str | Texts | None, path: str | None = None) -> ViewCell:
    return ViewCell(value, path)


def money_cell(fen: int | None, row: sqlite3.Row | None = None) -> ViewCell:
    """An amount with the place it is printed at, as far as the row of the database tells: ``fact`` or
    ``claim``, ``document``, ``page``, ``line``, ``printed``, ``unit`` and ``finding``."""
    if row is None or fen is None:
        return ViewCell(fen)
    has = row.keys()
    path = None
    for kind in ("fact", "claim"):
        if kind in has and row[kind]:
            path = f"id/{kind}/{row[kind]}"
            break
    known = {
        name: row[name]
        for name in ("document", "page", "line", "printed", "finding")
        if name in has
    }
    return ViewCell(fen, path, **known)


def share_cell(part: int | None, whole: int | None) -> ViewCell:
    """A share in percent with two decimals; empty where one of them is missing or the whole is 0."""
    if part is None or not whole:
        return ViewCell(None)
    return ViewCell((Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01")))
