"""The explorer's pages of a site: a view by its address, as a page, as JSON, as a file, or as a part of
other people's pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args
from urllib.parse import quote, urlencode

from yusuan.explorer.budgets import budget_view
from yusuan.explorer.comparisons import compare_view
from yusuan.explorer.departments import department_view
from yusuan.explorer.downloads import MEDIA_TYPES, DownloadFormat, DownloadSource, as_file
from yusuan.explorer.findings import findings_view
from yusuan.explorer.items import item_view, project_view
from yusuan.explorer.overview import departments_view, year_view
from yusuan.explorer.pages import page_of
from yusuan.explorer.views import (
    CellFormat,
    ExplorerData,
    Language,
    NotInPackage,
    View,
    ViewCell,
    ViewColumn,
    ViewRow,
    ViewTable,
)
from yusuan.schema.messages import Texts
from yusuan.serve.cell_view import evidence_path, view_path
from yusuan.serve.display import DisplayedColumn
from yusuan.serve.site import Raw, RenderedPage, Site

__all__ = ["ROUTE", "SiteAddresses", "explorer_page", "explorer_path", "rows_as_file"]

_VIEWS: Mapping[str, Callable[[ExplorerData, str, Mapping[str, str]], View]] = {
    "department": department_view,
    "budget": budget_view,
    "compare": compare_view,
    "item": item_view,
    "project": project_view,
    "findings": findings_view,
    "departments": departments_view,
    "year": year_view,
}
_KEYS = {
    "department": r"/[^/]+?", "budget": r"/[^/]+/[0-9]{4}/[^/]+?(?:/unit)?", "compare": "",
    "item": r"/[0-9]+", "project": r"/[^/]+?", "findings": "", "departments": "",
    "year": r"/[0-9]{4}/[^/]+?",
}  # fmt: skip
Form = DownloadFormat | Literal["embed"]
_FORMATS = (*get_args(DownloadFormat), "embed")
ROUTE = (
    "^/(?P<path>(?:"
    + "|".join(f"{kind}{key}" for kind, key in _KEYS.items())
    + rf"))(?:\.(?P<format>{'|'.join(_FORMATS)}))?$"
)
_SAFE_NAME = re.compile(r"[^\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class SiteAddresses:
    """Addresses by the paths of a site, which may stand below a prefix of a proxy (``root``)."""

    root: str
    address: str
    """Of the site, as a stranger calls it."""
    site: Site

    @property
    def assets(self) -> str:
        return self.root

    def page(self, path: str) -> str:
        return self.root + quote(path, safe="/?=&#%~+")

    def printed_at(self, cell: ViewCell) -> str | None:
        return None

    def picture(self, fact: str) -> str | None:
        path = view_path(self.site, fact)
        # of a text the view is a page, no picture
        drawn = path and path.endswith(".png")
        return f"{self.root}{path.removeprefix('/')}?part=1" if path and drawn else None

    def evidence(self, finding: str, number: int, document: str) -> str | None:
        path = evidence_path(self.site, finding, number, document)
        return path and self.root + path.removeprefix("/")

    def state(self, view: View, query: Mapping[str, object]) -> str:
        changed = {**_without_pages(view.query), **query}
        return f"{self.page(view.path)}?{urlencode(changed)}"

    def files(self, view: View, table: ViewTable) -> list[tuple[str, str]]:
        return [
            (kind.upper() if kind != "parquet" else "Parquet", self._file(view, table, kind))
            for kind in get_args(DownloadFormat)
        ]

    def embedded(self, view: View, table: ViewTable) -> str | None:
        path = self._file(view, table, "embed").removeprefix(self.root)
        return f'<iframe src="{self.address}{path}" width="100%" height="640" style="border:0"></iframe>'

    def _file(self, view: View, table: ViewTable, kind: str) -> str:
        query = {**_without_pages(view.query), "part": table.name}
        return f"{self.page(view.path)}.{kind}?{urlencode(query)}"


_ENTITY = re.compile(
    r"/id/(department|budget|project)/(.+)|/id/code/expenditure-[a-z-]+/[0-9]{4}-([0-9]+)"
)


def explorer_path(path: str) -> str | None:
    """The page of the explorer about what has an IRI with this path, if there is one.

    >>> explorer_path("/id/budget/310107-a/2025/approved"), explorer_path("/id/code/expenditure-function/2022-201")
    ('/budget/310107-a/2025/approved', '/item/201')
    """
    found = _ENTITY.fullmatch(path)
    return found and (f"/{found[1]}/{found[2]}" if found[1] else f"/item/{found[3]}")


def explorer_page(
    site: Site,
    path: str,
    form: Form | None,
    query: Mapping[str, str],
    language: Language,
    root: str,
    origin: str,
) -> RenderedPage | Raw:
    """The page of a view at ``path``, or its file in a format. ``root`` is the path that the site
    stands below, ``origin`` how it is called by strangers, both with the last slash."""
    kind, _, key = path.partition("/")
    try:
        whole = form is not None and form != "embed"
        view = _VIEWS[kind](site, key, {**query, "whole": "1"} if whole else query)
        pages = {name: value for name, value in query.items() if name.startswith(_PAGE)}
        view = replace(view, query={**view.query, **pages})
        if form is not None and form != "embed":
            return _download(site, view, form, query, language, origin)
        table = view.table(query.get("part")) if form == "embed" else None
    except NotInPackage as missing:
        return RenderedPage("unknown.html", {"iri": path, "reason": str(missing)}, 404)
    if table is not None:
        view = View(view.kind, view.path, view.query, view.titles, tables=(table,))
    page = page_of(view, language, SiteAddresses(root, origin, site))
    layout = "embed.html" if form == "embed" else "base.html"
    return RenderedPage("shared/view.html", {"page": page, "layout": layout})


def _download(
    site: Site,
    view: View,
    form: DownloadFormat,
    query: Mapping[str, str],
    language: Language,
    origin: str,
) -> Raw:
    about = site.package.descriptor
    source = DownloadSource(
        (about.get("title", ""), about.get("title@en", "")), _licence(about), origin + view.path
    )
    name = query.get("part")
    body = as_file(view, form, name, language, source)
    stem = _SAFE_NAME.sub(
        "-", "-".join([view.path, *([name] if name and form in ("csv", "parquet") else [])])
    )
    headers = {
        "Content-Type": MEDIA_TYPES[form], "Access-Control-Allow-Origin": "*",
    }  # fmt: skip
    if form != "json":
        headers["Content-Disposition"] = f'attachment; filename="{stem}.{form}"'
    return Raw(200, body, headers)


def rows_as_file(
    site: Site,
    form: DownloadFormat,
    title: Texts,
    columns: Sequence[tuple[str, DisplayedColumn]],
    rows: Iterable[Sequence[object]],
    language: Language,
    address: str,
) -> Raw:
    """The rows of a page of Datasette, a table or a query, as a file. Numbers are those of the
    database, amounts in yuan."""
    listed = [list(row) for row in rows]
    shown, values = [], []
    for place, (name, described) in enumerate(columns):
        texts = [None if row[place] in (None, "") else str(row[place]) for row in listed]
        numbers = _numbers(texts) if described.format in _NUMBERS else None
        kind: CellFormat = "text" if numbers is None else "decimal"
        titles = (described.title, described.title_en or described.title)
        shown.append(ViewColumn(name, titles, kind))
        values.append([ViewCell(value) for value in (texts if numbers is None else numbers)])
    read = tuple(ViewRow(cells) for cells in zip(*values, strict=True))
    table = ViewTable("rows", title, tuple(shown), read)
    about = site.package.descriptor
    source = DownloadSource(
        (about.get("title", ""), about.get("title@en", "")), _licence(about), address
    )
    body = as_file(View("table", "rows", {}, title, tables=(table,)), form, None, language, source)
    name = _SAFE_NAME.sub("-", address.partition("?")[0].rpartition("/")[2].partition(".")[0])
    return Raw(200, body, {
        "Content-Type": MEDIA_TYPES[form], "Access-Control-Allow-Origin": "*",
        "Content-Disposition": f'attachment; filename="{name or "rows"}.{form}"',
    })  # fmt: skip


_NUMBERS = frozenset({"money", "number", "fen", "plain"})


def _numbers(texts: Sequence[str | None]) -> list[Decimal | None] | None:
    """The numbers exactly as the database has them; None where one of them is none, or is too long
    for a column of numbers."""
    try:
        found = [None if text is None else Decimal(text) for text in texts]
    except InvalidOperation:
        return None
    fit = all(each is None or (each.is_finite() and each.adjusted() < _DIGITS) for each in found)
    return found if fit else None


_DIGITS = 32
"""Before the point, of 38 of which 6 are behind it, as Parquet's DECIMAL has at most."""


_PAGE = "page-"
"""What the parameters begin with that count the pages of a table, from 1."""


def _without_pages(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if not name.startswith(_PAGE)}


def _licence(about: Mapping[str, Any]) -> str:
    stated: Mapping[str, str] = next(iter(about.get("licenses", ())), {})
    return " ".join(stated[name] for name in ("title", "path") if stated.get(name)) or stated.get(
        "name", ""
    )
