"""One value as HTML: grouped digits, badges, links. For eyes only; JSON and CSV stay exact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from datasette.utils import to_css_class
from markupsafe import Markup, escape

from yusuan.explorer.rendering import in_language
from yusuan.explorer.views import Language
from yusuan.facts.revisions import Superseded
from yusuan.lexicon.units import unit_name
from yusuan.model.money import yuan
from yusuan.presentation import grouped, money, value_label
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import message
from yusuan.serve.display import DisplayedColumn, resource_of
from yusuan.serve.display import column as column_of
from yusuan.serve.language import language, say

__all__ = ["cell", "entity_path", "key_link", "listed_name", "row", "shortened"]

_SHORT = 100
"""Characters of a value whose HTML is worth keeping."""


def shortened(key: str) -> str:
    """The end of a long identifier, which tells most.

    >>> shortened("2022-201"), shortened("7a12ebf01553-expenditure-summary-total-basic")
    ('2022-201', '…summary-total-basic')
    """
    return key if len(key) <= 24 else f"…{key[-19:]}"


def entity_path(resource: Resource, key: str) -> str | None:
    """The page of a row's entity, from the root of the site.

    >>> entity_path(catalogue()["fund-sources"], "carry-over")
    '/def/fund-source/carry-over'
    """
    if not resource.about_url:
        return None
    template = resource.about_url.replace("{+", "{")  # a key with slashes is written {+key}
    return "/" + template.replace("{" + resource.primary_key + "}", key)


def cell(
    name: str, value: Any, column: DisplayedColumn, documents: Mapping[str, str] | None = None
) -> Markup | None:
    """The HTML of a cell, or None where its text will do. ``documents`` gives the names of documents,
    which their titles do not tell apart, by key.

    >>> cell("verdict", "error", DisplayedColumn("结论", "Verdict"))
    Markup('<span class="badge verdict-error" title="error">错误</span>')
    """
    label = None
    if isinstance(value, Mapping):  # a foreign key with the label of its row
        value, label = value["value"], str(value["label"])
    if value is None or value == "":
        return None
    text = str(value)
    if column.format == "documents":
        return Markup(" ").join(
            Markup('<a href="/id/document/{}">{}</a>').format(key, (documents or {}).get(key, key))
            for key in text.split("|")
        )
    if column.key == "documents" and documents:
        label = documents.get(text)
    # Most of a page are values of its other rows: the same department, year, phase, fund source.
    make = _repeated if len(text) <= _SHORT else _one
    return make(name, text, label, column, language())


def _one(
    name: str, text: str, label: str | None, column: DisplayedColumn, lang: Language
) -> Markup | None:
    """A value that is there, in a language (which ``say`` chooses)."""
    label = listed_name(column.key, text) or label
    if column.names and not label and (named := _by_name(column.names).get(text)):
        return escape(say(*named))
    # A name may stand where a key is expected, in a query that calls its columns so.
    if column.key and text.isascii() and (path := entity_path(catalogue()[column.key], text)):
        shown = (
            label
            if label and label != text
            else Markup(f'<span class="id">{escape(shortened(text))}</span>')
        )
        return Markup(f'<a href="{escape(path)}" title="{escape(text)}">{escape(shown)}</a>')
    if words := value_label(column.values or name, text):
        css = f"badge verdict-{text}" if name == "verdict" else "word"
        hint = " · ".join(dict.fromkeys((words[1], text)))
        shown = str(say(*words))
        return Markup(f'<span class="{escape(css)}" title="{escape(hint)}">{escape(shown)}</span>')
    return _formatted(text, column.format)


_repeated = lru_cache(maxsize=8192)(_one)


def row(
    table: str,
    order: Sequence[int],
    cells: Sequence[Mapping[str, Any]],
    superseded: Superseded | None = None,
) -> Markup:
    """A row of a table as Datasette gives its cells, in an order of columns (``order_of``); that of
    what is ``superseded`` says so in its first cell.

    One call for a row, not a step of the template for a cell: that took half of a page's time.
    """
    mark = _superseded_mark(table, cells, superseded) if superseded else ""
    parts = []
    for index in order:
        each = cells[index]
        shown = each["value"]
        if each["value_type"] == "pk":
            link = escape(key_link(table, each["raw"]) or shown)
            shown = Markup(f'<span class="key">{link}</span>')
        start = _cell_start(table, each["column"], each["value_type"], language())
        parts.append(f"{start}{mark}{escape(shown)}</td>\n")
        mark = ""
    return Markup("".join(parts))


def _superseded_mark(table: str, cells: Sequence[Mapping[str, Any]], old: Superseded) -> str:
    raw = {}
    for each in cells:
        if each["column"] == "superseded_by":
            return ""  # a revision is about both documents
        if each["column"] in ("document", "table"):
            value = each["raw"]  # with the label of its row, where that is looked up
            raw[each["column"]] = value["value"] if isinstance(value, Mapping) else value
    resource = resource_of(table)
    name = raw.get("table") or (resource.name if resource else None)
    if not old.by(raw.get("document", ""), name):
        return ""
    return f'<span class="badge superseded">{escape(say(*message("superseded")))}</span> '


@lru_cache(maxsize=4096)
def _cell_start(table: str, name: str, kind: str, lang: Language) -> str:
    described = column_of(name, table)
    css = f"col-{to_css_class(name)} format-{described.format} type-{kind}"
    title = in_language((described.title, described.title_en), lang)
    return f'<td data-label="{escape(title)}" class="{escape(css)}">'


def key_link(table: str, key: str) -> Markup | None:
    """A row's key as a link to its entity."""
    resource = resource_of(table)
    if resource is None:
        return None
    return cell(resource.primary_key, key, column_of(resource.primary_key, table))


def listed_name(resource: str | None, code: str) -> str | None:
    """The name of a code in one of the small lists, in the language of the answer; a reader need not open
    the list."""
    names = _names(resource).get(code) if resource else None
    return str(say(*names)) if names else None


@cache
def _by_name(resource: str) -> Mapping[str, tuple[str | None, str | None]]:
    """The names of a small list by the Chinese ones, which queries give."""
    return {names[0]: names for names in _names(resource).values() if names[0]}


@cache
def _names(resource: str) -> Mapping[str, tuple[str | None, str | None]]:
    return {
        row["code"] or "": (row["name"], row.get("name_en")) for row in catalogue()[resource].rows
    }


def _formatted(text: str, kind: str) -> Markup | None:
    if kind in ("money", "number"):
        shown = money(text) if kind == "money" else grouped(text)
        return Markup(f'<span class="num" title="{escape(text)}">{escape(shown)}</span>')
    if kind == "fen" and text.lstrip("-").isdecimal():
        shown = grouped(yuan(int(text)) or "")
        return Markup('<span class="num" title="{} 分">{} 元</span>').format(text, shown)
    if kind == "unit" and text.isdecimal():
        return Markup('<span title="{}">{}</span>').format(text, unit_name(int(text)))
    if kind == "plain":
        return Markup(f'<span class="num">{escape(text)}</span>')
    if kind == "boolean":
        return Markup(say(*message("yes" if text in ("1", "true", "True") else "no")))
    if kind == "file":
        return Markup('<a href="/-/package/{}">{}</a>').format(text, text)
    if "\n" in text:
        return Markup('<span class="lines">{}</span>').format(escape(text))
    return None
