"""The page of a view: its tables with their charts, choices, downloads and pages, as the template
``view.html`` shows them.
"""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup, escape

from yusuan.explorer.cards import cards_html
from yusuan.explorer.rendering import Addresses, in_language, table_html, value_text
from yusuan.explorer.views import (
    Chart,
    ChoiceGroup,
    Language,
    View,
    ViewCell,
    ViewTable,
    page_number,
    word,
)

__all__ = ["can_be_drawn", "page_of"]

_PAGE_WORDS = (
    "as-table", "contents", "crumbs", "download", "drawn-from", "embed", "figure-drawn", "find", "machine", "next", "previous",
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
    if table.chart and table.rows and can_be_drawn(table, table.chart):
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
        "cards": cards_html(table, language, addresses, skip=skip - table.offset) if table.cards else None,
        "downloads": [{"title": title, "href": href} for title, href in files],
        "embed": addresses.embedded(view, table),
    }  # fmt: skip


def can_be_drawn(table: ViewTable, chart: Chart) -> bool:
    """Whether a chart says more than its table: a line of a single year does not."""
    if chart.kind != "line":
        return True
    place = [column.name for column in table.columns].index(chart.x[0])
    return len({row.cells[place].value for row in table.rows}) > 1


def _turned(view: View, table: ViewTable, page: int, addresses: Addresses) -> str:
    return _at(addresses.state(view, {f"page-{table.name}": page}), table.name)


def _at(address: str, table: str) -> str:
    """A page at one of its tables, unless the address says where."""
    return address if "#" in address else f"{address}#{table}"


def _chart_json(chart: Chart) -> str:
    """How a table is drawn, for the script."""
    stated = {"kind": chart.kind, "x": chart.x, "values": chart.values, "split": chart.split}
    return json.dumps(stated, ensure_ascii=False)
