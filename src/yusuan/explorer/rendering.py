"""A table of a view as HTML in one language, and a value as text: one definition for the site, the
static site and the downloads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from markupsafe import Markup, escape

from yusuan.explorer.views import (
    CellFormat,
    Language,
    View,
    ViewCell,
    ViewColumn,
    ViewTable,
    word,
)
from yusuan.presentation import grouped
from yusuan.schema.messages import Texts

__all__ = [
    "Addresses",
    "as_yuan",
    "column_title",
    "escaped",
    "in_language",
    "table_html",
    "value_text",
]


class Addresses(Protocol):
    """Where pages and files are: on a site by its paths, in a folder relative to the page."""

    @property
    def assets(self) -> str:
        """What the paths of style sheets and scripts follow."""

    def page(self, path: str) -> str | None:
        """A page of the explorer or of an entity, for a path without the first slash; None where there
        is none."""

    def printed_at(self, cell: ViewCell) -> str | None:
        """The document itself at the place that a cell tells; None where it cannot be opened there."""

    def picture(self, fact: str) -> str | None:
        """The picture of a fact's cell; None where there is none."""

    def evidence(self, finding: str, number: int, document: str) -> str | None:
        """The picture of a part of a page of a document that a finding rests on, from 1; None where
        there is none."""

    def state(self, view: View, query: Mapping[str, object]) -> str:
        """The same view with some parameters changed."""

    def files(self, view: View, table: ViewTable) -> list[tuple[str, str]]:
        """The downloads of a table: names of formats, and addresses."""

    def embedded(self, view: View, table: ViewTable) -> str | None:
        """The page of a table alone, for the pages of others; None where there is none."""


def in_language(texts: Texts | str, language: Language) -> str:
    """One of the two texts; the Chinese one where there is no English.

    >>> in_language(("部门", "Department"), "en"), in_language("甲", "en")
    ('Department', '甲')
    """
    if isinstance(texts, str):
        return texts
    zh, en = texts
    return zh if language == "zh" else en or zh


def as_yuan(fen: int) -> Decimal:
    """
    >>> as_yuan(123450)
    Decimal('1234.50')
    """
    return Decimal(fen).scaleb(-2)


def value_text(cell: ViewCell, kind: CellFormat, language: Language) -> str:
    """What a reader sees of a value.

    >>> value_text(ViewCell(123456700), "money", "zh"), value_text(ViewCell(None), "money", "zh")
    ('1,234,567.00', '')
    >>> value_text(ViewCell(-5), "money", "en")
    '-0.05'
    """
    value = cell.value
    if kind == "printed" and cell.printed is not None:
        return cell.printed
    if value is None:
        return ""
    if type(value) is str and kind != "number":
        return value
    if isinstance(value, tuple):
        return in_language(value, language)
    if kind == "money" and isinstance(value, int):
        yuan, fen = divmod(abs(value), 100)
        return f"{'-' if value < 0 else ''}{yuan:,}.{fen:02d}"
    if kind == "number":
        return grouped(str(value))
    return str(value)


_LONG = 40
"""Characters from which on a text asks for a wide column."""
_RIGHT = frozenset({"money", "percent", "number", "printed"})


def table_html(
    table: ViewTable, language: Language, addresses: Addresses, *, skip: int = 0
) -> Markup:
    """The head and the rows of a table, from row ``skip`` on. Charts read the names of columns, the
    levels and the kinds of rows in it."""
    head = "".join(_head(column, language) for column in table.columns)
    blanks = [_cell(ViewCell(None), column, language, addresses) for column in table.columns]
    rows = []
    for row in table.rows[skip : skip + table.page_rows]:
        marks = "" if row.kind == "detail" else f' class="{row.kind}"'
        if row.anchor:
            marks += f' id="{escaped(row.anchor)}"'
        level = "" if row.level == 1 else f' data-level="{row.level}"'
        cells = "".join([
            _cell(cell, column, language, addresses) if cell.value is not None or cell.finding or cell.picture or cell.anchor else blank
            for cell, column, blank in zip(row.cells, table.columns, blanks, strict=True)
        ])  # fmt: skip
        rows.append(f"<tr{marks}{level}>{cells}</tr>\n")
    return Markup(f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>")


_SPECIAL = re.compile("[&<>\"']")


def escaped(text: str) -> str:
    """A text as HTML has it; most of the many texts of a table have nothing to escape."""
    return str(escape(text)) if _SPECIAL.search(text) else text


def column_title(column: ViewColumn, language: Language) -> str:
    """The title with its unit, where it does not say it.

    >>> column_title(ViewColumn("share", ("占比", "Share"), "percent"), "en")
    'Share (%)'
    """
    title = in_language(column.titles, language)
    unit = {"money": word("yuan-unit"), "percent": word("percent-unit")}.get(column.format)
    if unit is None or unit[0] in column.titles[0]:
        return title
    left, right = ("（", "）") if language == "zh" else (" (", ")")
    return f"{title}{left}{in_language(unit, language)}{right}"


def _head(column: ViewColumn, language: Language) -> str:
    kind = ' class="number"' if column.format in _RIGHT else ""
    title = escape(column_title(column, language))
    return f'<th scope="col" data-column="{escape(column.name)}"{kind}>{title}</th>'


def _cell(cell: ViewCell, column: ViewColumn, language: Language, addresses: Addresses) -> str:
    shown = escaped(value_text(cell, column.format, language))
    css = ' class="number"' if column.format in _RIGHT else ""
    if len(shown) > _LONG:
        css = ' class="long"'
    if cell.anchor:
        css += f' id="{escaped(cell.anchor)}"'
    if cell.path is None and not (cell.finding or cell.picture or column.name in _PLACES):
        return f"<td{css}>{shown}</td>"  # most of a site's many cells
    if shown and (href := _href(cell, column, addresses)):
        title = ""
        if cell.printed and column.format == "money":
            title = f' title="{escaped(cell.printed)}"'
        shown = f'<a href="{escaped(href)}"{title}>{shown}</a>'
    if cell.finding:
        words = escaped(in_language(word("has-finding"), language))
        path = escaped(addresses.page(f"id/finding/{cell.finding}") or "")
        shown += f' <a class="flag" href="{path}" title="{words}" aria-label="{words}">※</a>'
    if cell.picture and (drawn := addresses.picture(cell.picture)):
        words = escaped(in_language(word("cell-picture"), language))
        shown += f'<br><img class="cell" loading="lazy" src="{escaped(drawn)}" alt="{words}">'
    return f"<td{css}>{shown}</td>"


def _href(cell: ViewCell, column: ViewColumn, addresses: Addresses) -> str | None:
    """Where a cell leads; the number of a page leads to the document."""
    if cell.path is not None:
        return addresses.page(cell.path)
    return addresses.printed_at(cell) if column.name in _PLACES else None


_PLACES = frozenset({"page", "place"})
