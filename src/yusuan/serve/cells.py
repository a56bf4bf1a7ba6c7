"""One value as HTML: grouped digits, badges, links. For eyes only; JSON and CSV stay exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from yusuan.model.money import yuan
from yusuan.presentation import grouped, money, value_label
from yusuan.schema import Resource, catalogue
from yusuan.schema.messages import message
from yusuan.serve.display import DisplayedColumn

__all__ = ["cell", "entity_path", "shortened"]


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
    return "/" + resource.about_url.replace("{" + resource.primary_key + "}", key)


def cell(name: str, value: Any, column: DisplayedColumn) -> Markup | None:
    """The HTML of a cell, or None where its text will do.

    >>> cell("verdict", "error", DisplayedColumn("结论", "Verdict"))
    Markup('<span class="badge verdict-error" title="error">错误</span>')
    """
    label = None
    if isinstance(value, Mapping):  # a foreign key with the label of its row
        value, label = value["value"], str(value["label"])
    if value is None or value == "":
        return None
    text = str(value)
    label = label or _listed(column.key, text)
    # A name may stand where a key is expected, in a query that calls its columns so.
    if column.key and text.isascii() and (path := entity_path(catalogue()[column.key], text)):
        shown = (
            label
            if label and label != text
            else Markup('<span class="id">{}</span>').format(shortened(text))
        )
        return Markup('<a href="{}" title="{}">{}</a>').format(path, text, shown)
    if words := value_label(name, value):
        css = f"badge verdict-{text}" if name == "verdict" else "word"
        told = " · ".join(dict.fromkeys((words[1], text)))
        return Markup('<span class="{}" title="{}">{}</span>').format(css, told, words[0])
    return _formatted(text, column.format)


def _listed(resource: str | None, code: str) -> str | None:
    """The name of a code in one of the small lists, which a reader need not open."""
    rows = catalogue()[resource].rows if resource else ()
    return next((str(row["name"]) for row in rows if row["code"] == code), None)


def _formatted(text: str, kind: str) -> Markup | None:
    if kind in ("money", "number"):
        shown = money(text) if kind == "money" else grouped(text)
        return Markup('<span class="num" title="{}">{}</span>').format(text, shown)
    if kind == "fen" and text.lstrip("-").isdecimal():
        shown = grouped(yuan(int(text)) or "")
        return Markup('<span class="num" title="{} 分">{} 元</span>').format(text, shown)
    if kind == "plain":
        return Markup('<span class="num">{}</span>').format(text)
    if kind == "boolean":
        return Markup(message("yes" if text in ("1", "true", "True") else "no")[0])
    if kind == "file":
        return Markup('<a href="/-/package/{}">{}</a>').format(text, text)
    if "\n" in text:
        return Markup('<span class="lines">{}</span>').format(escape(text))
    return None
