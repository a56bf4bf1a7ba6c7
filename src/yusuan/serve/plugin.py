"""Everything that depends on Datasette's plugin hooks (0.65; 1.0 changes some of them).

The pages themselves know nothing of Datasette: they take plain values and return a ``RenderedPage``
or a ``Raw`` response. A hook that meets a Datasette without a site of ours does nothing. Templates
may call for titles, order and links of columns and rows. The files of the package that the
descriptor lists, and the RDF beside it, are served for download.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, parse_qsl, unquote
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette import handle_exception as datasettes_own
from datasette.blob_renderer import render_blob
from datasette.filters import FilterArguments
from datasette.plugins import pm
from datasette.utils.asgi import BadRequest, Base400, asgi_send_file
from datasette.views.base import DatasetteError
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

from yusuan.explorer.downloads import DownloadFormat
from yusuan.files.data import data_path
from yusuan.model.errors import YusuanError
from yusuan.presentation import value_label, values_of
from yusuan.reports.feed import FEED
from yusuan.schema.messages import message
from yusuan.serve.cell_view import EVIDENCE, ROUTE, cell_view, evidence_view
from yusuan.serve.cells import cell, entity_path, key_link, listed_name, row
from yusuan.serve.corrected import (
    corrections_of,
    document_names,
    newer_documents,
    revised_tables,
    superseded,
    view_title,
)
from yusuan.serve.display import DisplayedColumn, column, resource_of, settings
from yusuan.serve.display import column as column_of
from yusuan.serve.entities import entity, vocabulary
from yusuan.serve.explorer import ROUTE as EXPLORER
from yusuan.serve.explorer import explorer_page, rows_as_file
from yusuan.serve.fair_queue import FairQueue, TooBusy
from yusuan.serve.home import feed, home
from yusuan.serve.language import in_its_language, language, say, switched, told
from yusuan.serve.metadata import DATABASE, words_of
from yusuan.serve.questions import question_of
from yusuan.serve.reconcile import PATH as RECONCILE
from yusuan.serve.reconcile import reconcile
from yusuan.serve.search import PATH as SEARCH
from yusuan.serve.search import search_page, table_condition
from yusuan.serve.security import logged, secured
from yusuan.serve.site import Raw, RenderedPage, Site
from yusuan.serve.sparql_page import PATH, form, wants_form
from yusuan.serve.table_page import TablePage, order_of, places_of
from yusuan.serve.visitor_limits import BUSY, guarded, visitor, with_kept_home
from yusuan.serve.void import dataset_iri, void
from yusuan.sparql import Request, handle
from yusuan.sql import add_functions

__all__ = ["install", "site_of"]


def template_globals() -> dict[str, Any]:
    """The names every template knows."""
    return {
        "column_of": column,
        "key_of": key_link,
        "label_of": _label,
        "language": language,
        "operators": settings("display")["filters"],
        "order_of": order_of,
        "places_of": places_of,
        "question_of": question_of,
        "resource_of": resource_of,
        "row_entity": _row_entity,
        "row_of": row,
        "say": say,
        "switched": switched,
        "told": told,
        "words_of": words_of,
        "values_of": values_of,
    }


def _label(name: str, value: object, described: DisplayedColumn) -> str | None:
    """How a value reads in a facet; None where the value itself, or its row's label, will do."""
    if words := value_label(described.values or name, value):
        return str(say(*words))
    if described.format == "boolean" and value is not None:
        return str(say(*message("yes" if value else "no")))
    return listed_name(described.key, str(value))


def _row_entity(table: str, key: str) -> str | None:
    resource = resource_of(table)
    return entity_path(resource, key) if resource else None


_PASSIVE = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".trig": "application/trig",
    ".ttl": "text/turtle; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""What a browser may show: none of these runs a script of ours. What a descriptor says of a file is
not asked, for the file is as foreign as the descriptor."""
_TEXTS = frozenset({
    "txt", "md", "htm", "html", "xhtml", "xht", "xml", "svg", "mht", "mhtml", "js", "mjs", "css",
    "xsl", "xslt", "rss", "atom",
})  # fmt: skip
_CHARSET = re.compile(r"[A-Za-z0-9._-]{1,40}")
_ALWAYS = ("datapackage.json", "csv-metadata.json", "graph/budget.trig")


def package_file(site: Site, path: str) -> tuple[Path, str, bool] | None:
    """A file of the package, its media type, and whether it is to be saved rather than shown.

    None for anything that is not published: only names that are listed are looked up, and only
    regular files within the package are found.
    """
    listed = {item["path"] for item in site.package.descriptor["resources"]}
    turtle = {f"graph/{each.name}" for each in (site.package.folder / "graph").glob("*.ttl")}
    if path not in listed and path not in _ALWAYS and path not in turtle:
        return None
    try:
        file = site.package.file(path)
    except YusuanError:
        return None
    suffix = file.suffix.lower()
    if suffix in _PASSIVE:
        return file, _PASSIVE[suffix], False
    if suffix.removeprefix(".") in _TEXTS:  # a published HTML page is shown as its text
        charset = _charset(site, file.stem)
        return file, f"text/plain; charset={charset}", False
    return file, "application/octet-stream", True


def _charset(site: Site, document: str) -> str:
    rows = site.rows("select encoding from documents where document = ?", [document])
    name = str(rows[0]["encoding"]) if rows else ""
    return name if _CHARSET.fullmatch(name) else "utf-8"


_MISTAKE = "This page could not be made because of a mistake in yusuan; the log of the site has it."
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Answer = TypeVar("_Answer")

_SITES: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()
_HOSTS: WeakKeyDictionary[Any, frozenset[str] | None] = WeakKeyDictionary()
# Apart from the default executor, which the site's own pages use: strangers must not take all of
# its threads.
_VISITORS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="visitors")
# As many places as there are query processes, and threads enough for all.
_paused = [0.0]
_PAUSE_SECONDS = 0.01
_SPARQL_QUEUE = FairQueue(2)
_RECONCILE_QUEUE = FairQueue(2)
_FILE_QUEUE = FairQueue(2)


def install() -> None:
    """Register the hooks, once in a process; before Datasette is made, which asks for routes."""
    plugin = sys.modules[__name__]
    if not pm.is_registered(plugin):
        pm.register(plugin)
    # Datasette prints a page of local variables for every 404 when `rich` happens to be
    # installed; real failures are printed all the same.
    datasettes_own.rich = None


def attach(datasette: Any, site: Site, hosts: frozenset[str] | None = None) -> None:
    """Make the hooks serve a site on a Datasette, to those who call it by one of the ``hosts``."""
    _SITES[datasette] = site
    _HOSTS[datasette] = hosts


def site_of(datasette: Any) -> Site:
    """The site of a Datasette that ``create_app`` made. Raises NotFound for any other."""
    try:
        return _SITES[datasette]
    except KeyError:
        raise NotFound("This Datasette serves no package of yusuan.") from None


def _hook(function: _Function) -> _Function:
    """Datasette's marker, which has no types."""
    marked: _Function = hookimpl(function)
    return marked


# --- SQL


@_hook
def prepare_connection(conn: sqlite3.Connection) -> None:
    add_functions(conn)


@_hook
def render_cell(value: Any, column: str, table: str | None, datasette: Any) -> Any:
    if (site := _SITES.get(datasette)) is None:
        return None
    shown = cell(column, value, column_of(column, table), document_names(site))
    now = time.monotonic()
    if now - _paused[0] < _PAUSE_SECONDS:
        return shown
    _paused[0] = now
    return _after_others(shown)


async def _after_others(shown: Any) -> Any:
    """A page of thousands of cells must not keep those who wait for small ones."""
    await asyncio.sleep(0)
    return shown


@_hook
def filters_from_request(request: Any, table: str, datasette: Any) -> Any:
    """``?_search=`` by our index. Datasette knows of none, and would show all rows."""
    query = request.args.get("_search") or ""
    if datasette not in _SITES or not query:
        return None

    async def filtered() -> Any:
        try:
            found = await asyncio.to_thread(table_condition, site_of(datasette), table, query)
        except YusuanError as error:
            raise DatasetteError(str(error), status=400) from None
        if found is None:
            return None
        sql, parameters = found
        shown = str(say(*message("search-contains", query=query)))
        return FilterArguments([sql], params=parameters, human_descriptions=[shown])

    return filtered


# --- Files


@hookimpl(trylast=True)  # type: ignore[untyped-decorator]  # what comes last takes the place
def register_output_renderer() -> list[dict[str, Any]]:
    """The rows that a page of a table or a query shows, as a workbook and as Parquet; the bytes of
    a cell."""
    return [
        {"extension": kind, "render": partial(_rows_file, kind)} for kind in ("xlsx", "parquet")
    ] + [{"extension": "blob", "render": _bytes_of_a_cell, "can_render": lambda: False}]


async def _rows_file(
    kind: DownloadFormat,
    datasette: Any,
    columns: Any,
    rows: Any,
    request: Any,
    table: Any,
    query_name: Any,
    data: Any,
) -> Any:
    if data.get("error"):
        return await _respond(Raw.sentence(400, data["error"]), request, datasette)
    site, name = site_of(datasette), table or query_name or "sql"
    resource = resource_of(name)
    title = (resource.title, resource.title_en) if resource else (name, name)
    described = [(each, column_of(each, table)) for each in columns]
    address = datasette.absolute_url(request, request.full_path)
    given = [list(row) for row in rows]  # by place: names may be the same
    answer = await _file_in_turn(
        rows_as_file, site, kind, title, described, given, language(), address
    )
    return await _respond(answer, request, datasette)


async def _bytes_of_a_cell(
    datasette: Any, database: Any, rows: Any, columns: Any, request: Any, table: Any, view_name: Any
) -> Any:
    """As Datasette's, which fails where there is no row, or where a cell holds no bytes."""
    name = request.args.get("_blob_column")
    if datasette in _SITES and name in columns:
        rows = [row for row in rows if isinstance(row[name], bytes)]
        if not rows:
            raise BadRequest("No cell of this column holds bytes.")
    return await render_blob(datasette, database, rows, columns, request, table, view_name)


# --- Routes


@_hook
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/-/sparql$", _sparql),
        (r"^/\.well-known/void$", _void),
        (rf"^/{re.escape(FEED)}$", _feed),
        (rf"^{RECONCILE}(?P<part>/view|/preview|/properties|/suggest/\w+)?$", _reconcile),
        (r"^/-/vocabulary(?P<suffix>\.\w+)?$", _vocabulary),
        (rf"^{SEARCH}(?P<json>\.json)?$", _search),
        (EXPLORER, _explorer),
        (r"^/-/package/(?P<path>.+)$", _file),
        (ROUTE, _cell_view),
        (EVIDENCE, _evidence),
        (r"^/(?P<path>(?:id|def)/.+)$", _entity),
        (rf"^/(?P<database>{DATABASE})/(?P<table>[^/.]+)(?:\.(?P<format>\w+))?$", _table),
    ]


async def _sparql(request: Any, datasette: Any) -> Any:
    site = site_of(datasette)
    headers = dict(request.headers.items())
    if request.method == "GET" and wants_form(headers.get("accept")):
        values = parse_qs(request.query_string)
        if "query" in values and not {"format", "explain"} & values.keys():
            return await _respond(form(site, values["query"][0]), request, datasette)
    body = await request.post_body() if request.method == "POST" else b""
    asked = Request(request.method, request.query_string, headers, body)
    endpoint = datasette.absolute_url(request, datasette.urls.path(PATH))
    dataset = dataset_iri(site.package.base)
    try:
        answer = await _in_turn(_SPARQL_QUEUE, handle, asked, site.visitors, endpoint, dataset)
    except TooBusy as busy:
        return await _respond(_come_again(busy), request, datasette)
    if answer is None:
        return await _respond(form(site), request, datasette)
    return await _respond(Raw(answer.status, answer.body, answer.headers), request, datasette)


async def _entity(request: Any, datasette: Any) -> Any:
    site, path = site_of(datasette), request.url_vars["path"]
    page = await asyncio.to_thread(entity, site, path, request.headers.get("accept"))
    return await _respond(page, request, datasette)


async def _explorer(request: Any, datasette: Any) -> Any:
    site, values = site_of(datasette), request.url_vars
    query = dict(parse_qsl(request.query_string))
    root = datasette.urls.instance()
    origin = datasette.absolute_url(request, root)
    path = unquote(values["path"])
    given = (site, path, values["format"], query, language(), root, origin)
    if values["format"] is None:
        page = await asyncio.to_thread(explorer_page, *given)
    else:
        page = await _file_in_turn(explorer_page, *given)
    return await _respond(page, request, datasette)


async def _table(request: Any, datasette: Any) -> Any:
    """The page or a file of a table, or of a canned query."""
    return await TablePage(datasette).dispatch_request(request)


async def _file_in_turn(
    function: Callable[..., RenderedPage | Raw], *arguments: Any
) -> RenderedPage | Raw:
    """Files of many rows take long to make: two at a time, each visitor in turn."""
    try:
        return await _in_turn(_FILE_QUEUE, function, *arguments)
    except TooBusy as busy:
        return _come_again(busy)


async def _reconcile(request: Any, datasette: Any) -> Any:
    body = await request.post_body() if request.method == "POST" else b""
    root = datasette.absolute_url(request, datasette.urls.instance())
    part = request.url_vars["part"] or ""
    site = site_of(datasette)
    try:
        answer = await _in_turn(
            _RECONCILE_QUEUE,
            reconcile,
            site,
            part,
            request.method,
            request.query_string,
            body,
            root,
        )
    except TooBusy as busy:
        answer = _come_again(busy)
    return await _respond(answer, request, datasette)


async def _void(request: Any, datasette: Any) -> Any:
    root = datasette.absolute_url(request, datasette.urls.instance())
    accept = request.headers.get("accept")
    page = await asyncio.to_thread(void, site_of(datasette), root, accept)
    return await _respond(page, request, datasette)


async def _feed(request: Any, datasette: Any) -> Any:
    root = datasette.absolute_url(request, datasette.urls.instance())
    loop = asyncio.get_running_loop()
    page = await loop.run_in_executor(_VISITORS, feed, site_of(datasette), root)
    return await _respond(page, request, datasette)


async def _vocabulary(request: Any, datasette: Any) -> Any:
    suffix = request.url_vars["suffix"] or ""
    accept = request.headers.get("accept")
    page = await asyncio.to_thread(vocabulary, site_of(datasette), suffix, accept)
    return await _respond(page, request, datasette)


async def _search(request: Any, datasette: Any) -> Any:
    given = request.args  # which is read anew each time
    values = {name: given[name] for name in given}
    as_json = request.url_vars["json"] is not None
    page = await asyncio.to_thread(search_page, site_of(datasette), values, as_json=as_json)
    return await _respond(page, request, datasette)


async def _file(request: Any, datasette: Any, send: Any) -> Any:
    found = package_file(site_of(datasette), request.url_vars["path"])
    if found is None:
        return Response.text(_to(request, "The package has no such file.") + "\n", status=404)
    path, media_type, saved = found
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    if saved:
        headers["Content-Disposition"] = "attachment"
    await asgi_send_file(send, str(path), content_type=media_type, headers=headers)


async def _cell_view(request: Any, datasette: Any) -> Any:
    site, values = site_of(datasette), request.url_vars
    known = request.headers.get("if-none-match")
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(
        _VISITORS,
        cell_view,
        site,
        values["fact"],
        values["suffix"],
        bool(request.args.get("part")),
        known,
    )
    return await _respond(answer, request, datasette)


async def _evidence(request: Any, datasette: Any) -> Any:
    site, values = site_of(datasette), request.url_vars
    known = request.headers.get("if-none-match")
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(
        _VISITORS, evidence_view, site, values["finding"], int(values["number"]), known
    )
    return await _respond(answer, request, datasette)


async def _in_turn(turns: FairQueue, function: Callable[..., _Answer], *arguments: Any) -> _Answer:
    async with turns.turn(visitor()):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_VISITORS, function, *arguments)


def _come_again(busy: TooBusy) -> Raw:
    said = Raw.sentence(503, str(busy))
    return Raw(said.status, said.body, {**said.headers, **BUSY, "Access-Control-Allow-Origin": "*"})


async def _respond(answer: RenderedPage | Raw, request: Any, datasette: Any) -> Any:
    if isinstance(answer, RenderedPage):
        text = await datasette.render_template(answer.template, dict(answer.context), request)
        return Response.html(text, status=answer.status, headers=dict(answer.headers))
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status >= 400 and headers.get("content-type", "").startswith("text/plain"):
        sentence = _to(request, answer.body.decode("utf-8", "replace").rstrip("\n"))
        answer = Raw(answer.status, f"{sentence}\n".encode(), answer.headers)
    return _Bytes(answer.body, answer.status, headers, headers.pop("content-type", ""))


def _to(request: Any, sentence: str) -> str:
    """A sentence in the language of whoever reads pages; to programs in English."""
    reads = "text/html" in (request.headers.get("accept") or "")
    return str(told(sentence)) if reads else sentence


class _Bytes(Response):  # type: ignore[misc]  # Datasette has no types
    """A response whose body is bytes already; Datasette would encode a text anew."""

    async def asgi_send(self, send: Callable[[Any], Awaitable[None]]) -> None:
        headers = dict(self.headers)
        if self.status not in (204, 304):
            headers["content-type"] = self.content_type or "text/plain"
            # An answer to HEAD says how long the body would be.
            headers.setdefault("content-length", str(len(self.body)))
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


@_hook
def skip_csrf(scope: MutableMapping[str, Any]) -> bool:
    # A query changes nothing, and the protocol knows no tokens.
    return scope.get("path") in (PATH, RECONCILE)


@_hook
def handle_exception(datasette: Any, request: Any, exception: BaseException) -> Any:
    """A mistake of ours is for the log: its text may name files, its repr addresses in memory."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400  # what Datasette complains of is the request: an unknown column …
    if datasette not in _SITES or isinstance(exception, (Base400, DatasetteError)):
        return None
    logged(exception)
    headers = {"Access-Control-Allow-Origin": "*"}
    return Response.text(_to(request, _MISTAKE) + "\n", status=500, headers=headers)


# --- Templates


@_hook
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    if datasette not in _SITES:
        return
    shared = PrefixLoader({"shared": FileSystemLoader(data_path("publish", "templates"))})
    env.loader = ChoiceLoader([env.loader, shared])
    # Globals rather than template variables: Datasette renders its error page without those.
    site = site_of(datasette)
    old = superseded(site)
    env.globals.update(
        template_globals(),
        site=site.package.descriptor, db=DATABASE, view_title=view_title,
        superseded=list(old.documents), revised=revised_tables(site),
        revised_of=partial(revised_tables, site),
        corrections_of=partial(corrections_of, site), newer_of=partial(newer_documents, site),
        row_of=partial(row, superseded=old if old.documents or old.tables else None),
    )  # fmt: skip


@_hook
async def extra_template_vars(template: str | None, datasette: Any) -> dict[str, Any]:
    if datasette not in _SITES or template != "index.html":
        return {}
    return dict(await asyncio.to_thread(home, _SITES[datasette], language()))


@_hook
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """Secure all answers; end the query processes when the server says that it stops."""

    def wrap(app: Any) -> Any:
        limited = with_kept_home(guarded(app))

        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "lifespan":
                # Datasette makes a client of its own before the site is attached: ask each time.
                ours = datasette in _SITES
                answer = secured(in_its_language(limited), _HOSTS[datasette]) if ours else limited
                await answer(scope, receive, send)
                return

            async def watched() -> Any:
                message = await receive()
                if message["type"] == "lifespan.shutdown" and datasette in _SITES:
                    await asyncio.to_thread(_SITES[datasette].close)
                return message

            await app(scope, watched, send)

        return wrapped

    return wrap
