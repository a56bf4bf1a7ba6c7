"""The page of a table: which columns it shows, and which facets.

A page of 50 rows with all 34 columns of a fact takes twice as long to make, and most of it is not seen.
It asks for the columns that are shown; ``?_col=*`` asks for all, and files have all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datasette.utils import MultiParams, escape_sqlite
from datasette.utils.asgi import Request
from datasette.views.table import TableView

from yusuan.schema import Resource
from yusuan.serve.corrected import view_named
from yusuan.serve.display import CORRECTED, resource_of, table_settings
from yusuan.serve.language import language, say
from yusuan.serve.visitor_limits import rows_follow_by

__all__ = ["TablePage", "order_of", "places_of"]

_ALL = "*"
_MARKING = ("document", "table", "superseded_by")
"""Columns by which ``yusuan.serve.cells.row`` knows the rows of a superseded document."""


def order_of(table: str, names: Sequence[str], asked: Any = None) -> list[int]:
    """The places of the columns to show, in their order: the main columns, the key, then what the
    request (the arguments ``asked``) sorts or filters by; all that were read where it names columns.

    >>> order_of("items", ["code", "name", "name_en", "parent"])
    [0, 1, 2, 3]
    >>> order_of("glossary", ["entry", "document", "term", "definition", "page", "line"])
    [2, 3, 1, 4, 5, 0]
    """
    main = _main_columns(table) or names
    resource = resource_of(table)
    # Long keys say little to a reader, but lead to the entity: they come last of the main ones.
    last = [resource.primary_key] if resource else []
    used = names if _names_columns(asked) else _used(asked)
    return [names.index(name) for name in dict.fromkeys([*main, *last, *used]) if name in names]


class NextPage(Request):  # type: ignore[misc]  # Datasette has no types
    """The request of a page after the first. Datasette would count its facets among the rows that
    remain, which says little and takes longer than the page."""

    @property
    def args(self) -> MultiParams:
        """The arguments, and that no facets are wanted."""
        given = super().args
        return MultiParams({**{key: given.getlist(key) for key in given}, "_nofacet": ["on"]})


class TablePage(TableView):  # type: ignore[misc]  # Datasette has no types
    """Datasette's page of a table, which asks the database for the columns that it shows."""

    async def dispatch_request(self, request: Any) -> Any:
        """The answer to a request for a page or a file."""
        if "_next" in request.args and not request.url_vars.get("format"):
            request = NextPage(request.scope, request.receive)
        return await super().dispatch_request(request)

    async def columns_to_select(
        self, table_columns: Sequence[str], pks: Sequence[str], request: Any
    ) -> list[str]:
        """Columns as ``_col`` and ``_nocol`` of the request say; ``_col=*`` are all. Without them a
        file has all columns, a page those that are shown.

        Raises DatasetteError for a column that the table does not have.
        """
        rows_follow_by(escape_sqlite(pks[0]) if pks else "")
        if request.args.getlist("_col") == [_ALL]:
            return list(table_columns)
        columns: list[str] = await super().columns_to_select(table_columns, pks, request)
        if request.url_vars.get("format"):
            return columns
        # What rows are sorted by is needed to address the next page.
        needed = [name for name in _sorted_by(request.args) if name in table_columns]
        if not _names_columns(request.args):
            table = request.url_vars["table"]
            settings = self.ds.table_metadata(request.url_vars["database"], table)
            needed += [settings[key] for key in ("sort", "sort_desc") if key in settings]
            shown = order_of(table, columns, request.args)
            needed += [columns[place] for place in shown]
            needed += [name for name in _MARKING if name in columns]
            columns = list(pks)
        return list(dict.fromkeys([*columns, *needed]))


def places_of(names: Sequence[str]) -> list[int]:
    """The places of the columns of a query that a page shows: of two that say the same in both languages
    (``message_zh`` and ``message_en``, ``item_name`` and ``item_name_en``) the one of the page's.

    >>> places_of(["message_zh", "printed", "message_en"])
    [0, 1]
    """
    shown = []
    for place, name in enumerate(names):
        stem = name.removesuffix("_en").removesuffix("_zh")
        chinese = next((each for each in (f"{stem}_zh", stem) if each in names), None)
        english = f"{stem}_en" if f"{stem}_en" in names else None
        if chinese is None or english is None:
            shown.append(place)
        elif name == chinese:  # where that stands
            shown.append(names.index(str(say(chinese, english))))
    return shown


def _main_columns(table: str) -> Sequence[str]:
    if resource := resource_of(table):
        return _in_language(resource)
    if view := view_named(table):
        return [*_in_language(view.resource), view.resource.primary_key, *CORRECTED]
    return ()


def _in_language(resource: Resource) -> list[str]:
    """The main columns, on English pages the English one of two that say the same: of texts of ours, and
    of the ``name`` of what is no list of codes."""
    main: Sequence[str] = table_settings(resource)["main"]
    if language() == "zh":
        return [*main]
    has = {field.name for field in resource.fields}
    ours = {f"{name.removesuffix('_zh')}_en": name for name in main if name.endswith("_zh")}
    if resource.primary_key != "code":
        ours["name_en"] = "name"
    swapped = {chinese: english for english, chinese in ours.items() if english in has}
    return [swapped.get(name, name) for name in main]


def _names_columns(asked: Any) -> bool:
    return asked is not None and ("_col" in asked or "_nocol" in asked)


def _used(asked: Any) -> Iterator[str]:
    if asked is not None:
        yield from _sorted_by(asked)
        yield from (name.partition("__")[0] for name in asked)


def _sorted_by(asked: Any) -> list[str]:
    return [asked[key] for key in ("_sort", "_sort_desc") if asked.get(key)]
