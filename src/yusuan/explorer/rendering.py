"""A table of a view as HTML in one language, and a value as text: one definition for the site, the
static site and the downloads.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from markupsafe import Markup, escape

from yusuan.explorer.views import (
    CellFormat,
    Chart,
    ChoiceGroup,
    Language,
    View,
    ViewCell,
    ViewColumn,
    ViewTable,
    page_number,
    word,
)
from yusuan.presentation import grouped
from yusuan.schema.messages import Texts

__all__ = [
    "Addresses",
    "as_yuan",
    "column_title",
    "in_language",
    "page_of",
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
            marks += f' id="{_escaped(row.anchor)}"'
        level = "" if row.level == 1 else f' data-level="{row.level}"'
        cells = "".join([
            _cell(cell, column, language, addresses) if cell.value is not None or cell.finding or cell.picture or cell.anchor else blank
            for cell, column, blank in zip(row.cells, table.columns, blanks, strict=True)
        ])  # fmt: skip
        rows.append(f"<tr{marks}{level}>{cells}</tr>\n")
    return Markup(f"<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>")


_SPECIAL = re.compile("[&<>\"']")


def _escaped(text: str) -> str:
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
    shown = _escaped(value_text(cell, column.format, language))
    css = ' class="number"' if column.format in _RIGHT else ""
    if len(shown) > _LONG:
        css = ' class="long"'
    if cell.anchor:
        css += f' id="{_escaped(cell.anchor)}"'
    if shown and (href := _href(cell, column, addresses)):
        title = ""
        if cell.printed and column.format == "money":
            title = f' title="{_escaped(cell.printed)}"'
        shown = f'<a href="{_escaped(href)}"{title}>{shown}</a>'
    if cell.finding:
        words = _escaped(in_language(word("has-finding"), language))
        path = _escaped(addresses.page(f"id/finding/{cell.finding}") or "")
        shown += f' <a class="flag" href="{path}" title="{words}" aria-label="{words}">※</a>'
    if cell.picture and (drawn := addresses.picture(cell.picture)):
        words = _escaped(in_language(word("cell-picture"), language))
        shown += f'<br><img class="cell" loading="lazy" src="{_escaped(drawn)}" alt="{words}">'
    return f"<td{css}>{shown}</td>"


def _href(cell: ViewCell, column: ViewColumn, addresses: Addresses) -> str | None:
    """Where a cell leads; the number of a page leads to the document."""
    if cell.path is not None:
        return addresses.page(cell.path)
    return addresses.printed_at(cell) if column.name in _PLACES else None


_PLACES = frozenset({"page", "place"})


_PAGE_WORDS = (
    "contents", "crumbs", "download", "drawn-from", "embed", "figure-drawn", "find", "machine", "next", "previous",
)  # fmt: skip


def page_of(view: View, language: Language, addresses: Addresses) -> dict[str, Any]:
    """What the template ``view.html`` shows of a view, in one language."""
    shown = [_table(view, table, language, addresses) for table in view.tables]
    return {
        "kind": view.kind, "title": in_language(view.titles, language), "language": language,
        "assets": addresses.assets,
        "facts": [
            {"title": in_language(titles, language), "html": _linked(cell, language, addresses)}
            for titles, cell in view.facts
        ],
        "links": [
            {"title": in_language(titles, language), "href": href}
            for titles, path in view.links
            if (href := addresses.page(path)) is not None
        ],
        "form": {
            "name": view.form.name, "value": view.form.value, "action": addresses.page(view.path),
            "title": in_language(view.form.titles, language),
            "kept": [(name, value) for name, value in view.query.items() if name != view.form.name],
        } if view.form else None,
        "notes": [in_language(note, language) for note in view.notes],
        "crumbs": [
            {"title": in_language(titles, language), "href": addresses.page(path)}
            for titles, path in view.crumbs
        ],
        "tables": shown, "charts": any(table["chart"] for table in shown),
        "choices": {group.table: [_choices(view, group, language, addresses)] for group in view.choices},
        "entity": addresses.page(view.entity) if view.entity else None,
        "words": {
            name.replace("-", "_"): in_language(word(name), language) for name in _PAGE_WORDS
        },
    }  # fmt: skip


def _linked(cell: ViewCell, language: Language, addresses: Addresses) -> Markup:
    shown = escape(value_text(cell, "text", language))
    href = None if cell.path is None else addresses.page(cell.path)
    return shown if href is None else Markup('<a href="{}">{}</a>').format(href, shown)


def _choices(
    view: View, group: ChoiceGroup, language: Language, addresses: Addresses
) -> dict[str, Any]:
    return {
        "title": in_language(group.titles, language),
        "choices": [
            {
                "title": in_language(choice.titles, language), "chosen": choice.chosen,
                "href": _at(addresses.state(view, choice.query), group.table),
            }
            for choice in group.choices
        ],
    }  # fmt: skip


def _table(
    view: View, table: ViewTable, language: Language, addresses: Addresses
) -> dict[str, Any]:
    page = page_number(view.query, table.name)
    skip = (page - 1) * table.page_rows
    count = len(table.rows) if table.count is None else table.count
    chart = None
    if table.chart and table.rows:
        names = {column.name: in_language(column.titles, language) for column in table.columns}
        figures = [(name, names[name]) for name in table.chart.values]
        if table.chart.kind == "columns":  # one row at a time
            place = [column.name for column in table.columns].index(table.chart.x[0])
            figures = [
                (str(number), value_text(row.cells[place], "text", language))
                for number, row in enumerate(table.rows[: table.page_rows])
            ]
        elif table.chart.kind != "line":
            figures = []
        chart = {
            "kind": table.chart.kind, "json": _chart_json(table.chart),
            "figures": [{"name": name, "title": title} for name, title in figures],
        }  # fmt: skip
    paging, files = None, addresses.files(view, table)
    if count > table.page_rows:
        end = min(skip + table.page_rows, count)
        said = word(
            "rows-shown" if files else "rows-shown-only",
            shown=f"{skip + 1}–{end}",
            count=f"{count:,}",
        )
        paging = {
            "said": in_language(said, language),
            "previous": _turned(view, table, page - 1, addresses) if page > 1 else None,
            "next": _turned(view, table, page + 1, addresses) if end < count else None,
        }
    more = None
    if table.more:
        more = {
            "title": in_language(table.more[0], language), "href": addresses.page(table.more[1]),
        }  # fmt: skip
    return {
        "name": table.name, "title": in_language(table.titles, language), "chart": chart,
        "note": in_language(table.note, language) if table.note else None, "paging": paging,
        "html": table_html(table, language, addresses, skip=skip - table.offset), "more": more,
        "downloads": [{"title": title, "href": href} for title, href in files],
        "embed": addresses.embedded(view, table),
    }  # fmt: skip


def _turned(view: View, table: ViewTable, page: int, addresses: Addresses) -> str:
    return _at(addresses.state(view, {f"page-{table.name}": page}), table.name)


def _at(address: str, table: str) -> str:
    """A page at one of its tables, unless the address says where."""
    return address if "#" in address else f"{address}#{table}"


def _chart_json(chart: Chart) -> str:
    """How a table is drawn, for the script."""
    stated = {"kind": chart.kind, "x": chart.x, "values": chart.values, "split": chart.split}
    return json.dumps(stated, ensure_ascii=False)
