"""Everything that depends on Datasette's plugin hooks (0.65; 1.0 changes some of them).

The pages themselves know nothing of Datasette: they take plain values and return a ``Page``
or a ``Raw`` response. A hook that meets a Datasette without a site of ours does nothing.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.plugins import pm
from datasette.utils.asgi import asgi_send_file

from yusuan.serve.cells import cell, entity_path
from yusuan.serve.display import (
    Column,
    column,
    resource_of,
    settings,
    table_settings,
    value_label,
)
from yusuan.serve.entities import entity
from yusuan.serve.files import package_file
from yusuan.serve.functions import DecimalSum, yuan
from yusuan.serve.home import home
from yusuan.serve.metadata import DATABASE
from yusuan.serve.site import Page, Raw, Site
from yusuan.serve.sparql_page import PATH, form, wants_form
from yusuan.serve.vocabulary import vocabulary
from yusuan.sparql import Request, handle

__all__ = ["install", "site_of"]

_SITES: WeakKeyDictionary[Any, Site] = WeakKeyDictionary()
# Apart from the default executor, which the site's own pages use: waiting strangers must not
# take all of its threads.
_STRANGERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sparql")


def install() -> None:
    """Register the hooks, once in a process; before Datasette is made, which asks for routes."""
    plugin = __import__(__name__, fromlist=["install"])
    if not pm.is_registered(plugin):
        pm.register(plugin)


def attach(datasette: Any, site: Site) -> None:
    """Make the hooks serve a site on a Datasette."""
    _SITES[datasette] = site


def site_of(datasette: Any) -> Site:
    """The site of a Datasette that ``create_app`` made."""
    try:
        return _SITES[datasette]
    except KeyError:
        raise NotFound("This Datasette serves no package of yusuan.") from None


# --- SQL


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    conn.create_function("yuan", 1, yuan, deterministic=True)
    conn.create_aggregate("decimal_sum", 1, DecimalSum)


@hookimpl
def render_cell(value: Any, column: str, table: str | None, datasette: Any) -> Any:
    if datasette not in _SITES:
        return None
    return cell(column, value, _column(column, table))


# --- Routes


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/-/sparql$", _sparql),
        (r"^/-/vocabulary(?P<suffix>\.\w+)?$", _vocabulary),
        (r"^/-/package/(?P<path>.+)$", _file),
        (r"^/(?P<path>(?:id|def)/.+)$", _entity),
    ]


async def _sparql(request: Any, datasette: Any) -> Any:
    site = site_of(datasette)
    headers = {name: value for name, value in request.headers.items()}
    # URL, headers and body only: what Datasette makes of a request stays here.
    if request.method == "GET" and wants_form(headers.get("accept")):
        values = parse_qs(request.query_string)
        if "query" in values and "format" not in values:
            return await _respond(form(site, values["query"][0]), request, datasette)
    body = await request.post_body() if request.method == "POST" else b""
    asked = Request(request.method, request.query_string, headers, body)
    endpoint = datasette.absolute_url(request, datasette.urls.path(PATH))
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(_STRANGERS, handle, asked, site.visitors, endpoint)
    if answer is None:
        return await _respond(form(site), request, datasette)
    return await _respond(Raw(answer.status, answer.body, answer.headers), request, datasette)


async def _entity(request: Any, datasette: Any) -> Any:
    site, path = site_of(datasette), request.url_vars["path"]
    page = await asyncio.to_thread(entity, site, path, request.headers.get("accept"))
    return await _respond(page, request, datasette)


async def _vocabulary(request: Any, datasette: Any) -> Any:
    suffix = request.url_vars["suffix"] or ""
    accept = request.headers.get("accept")
    page = await asyncio.to_thread(vocabulary, site_of(datasette), suffix, accept)
    return await _respond(page, request, datasette)


async def _file(request: Any, datasette: Any, send: Any) -> Any:
    found = package_file(site_of(datasette), request.url_vars["path"])
    if found is None:
        raise NotFound("The package has no such file.")
    path, media_type = found
    headers = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
    await asgi_send_file(send, str(path), content_type=media_type, headers=headers)


async def _respond(answer: Page | Raw, request: Any, datasette: Any) -> Any:
    if isinstance(answer, Page):
        text = await datasette.render_template(answer.template, dict(answer.context), request)
        return Response.html(text, status=answer.status, headers=dict(answer.headers))
    # Datasette writes the length itself; its own Content-Type argument would come first.
    headers = {k: v for k, v in answer.headers.items()
               if k.lower() not in ("content-length", "content-type")}  # fmt: skip
    media_type = {k.lower(): v for k, v in answer.headers.items()}.get("content-type", "text/plain")
    return _Bytes(answer.body, answer.status, headers, media_type)


class _Bytes(Response):  # type: ignore[misc]  # Datasette has no types
    """A response whose body is bytes already; Datasette would encode a text anew."""

    async def asgi_send(self, send: Callable[[Any], Awaitable[None]]) -> None:
        headers = {**self.headers, "content-type": self.content_type}
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        if self.status != 204:
            raw.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


@hookimpl
def skip_csrf(scope: MutableMapping[str, Any]) -> bool:
    # A query changes nothing, and the protocol knows no tokens.
    return scope.get("path") == PATH


# --- Templates


@hookimpl
def extra_css_urls() -> list[str]:
    return ["/static/yusuan.css"]


@hookimpl
async def extra_template_vars(template: str | None, datasette: Any) -> dict[str, Any]:
    if datasette not in _SITES:
        return {}
    site = site_of(datasette)
    known = {
        "site": site.package.descriptor,
        "db": DATABASE,
        "column_of": _column,
        "order_of": order_of,
        "resource_of": resource_of,
        "row_entity": _row_entity,
        "label_of": _label,
        "operators": settings("display")["filters"],
    }
    if template == "index.html":
        known.update(await asyncio.to_thread(home, site))
    return known


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """End the query processes when the server says that it stops."""

    def wrap(app: Any) -> Any:
        async def wrapped(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "lifespan":
                await app(scope, receive, send)
                return

            async def watched() -> Any:
                message = await receive()
                if message["type"] == "lifespan.shutdown" and datasette in _SITES:
                    await asyncio.to_thread(_SITES[datasette].close)
                return message

            await app(scope, watched, send)

        return wrapped

    return wrap


def _column(name: str, table: str | None = None) -> Any:
    return column(name, table)


def _label(name: str, value: object, described: Column) -> str | None:
    """How a value reads in a facet; None where the value itself, or its row's label, will do."""
    if words := value_label(name, value):
        return words[0]
    if described.format == "boolean" and value is not None:
        return "是" if value else "否"
    return None


def _row_entity(table: str, key: str) -> str | None:
    resource = resource_of(table)
    return entity_path(resource, key) if resource else None


def order_of(table: str, names: list[str]) -> list[tuple[int, bool]]:
    """The order to show a table's columns in, and which are shown at first: the key, the main
    columns, then the rest."""
    resource = resource_of(table)
    main = table_settings(resource)["main"] if resource else names
    first = [resource.primary_key] if resource else []
    wanted = [name for name in [*first, *main] if name in names]
    rest = [name for name in names if name not in wanted]
    return [(names.index(name), True) for name in dict.fromkeys(wanted)] + [
        (names.index(name), False) for name in rest
    ]
