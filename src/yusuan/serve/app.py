"""Make and run the website of a package folder.

After a rebuild all pages switch together, between two requests: `yusuan build` puts a new folder in
the place of the old one, and each folder has an application of its own here, with its database, its
graph and its pages. A request is answered from one of them; if the folder was replaced before the
answer began, it is answered once more, from the new one. An answer that has begun ends as it began:
its files are open, and open files outlive their names.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue, data_path
from yusuan.schema.messages import either, message, spoken
from yusuan.serve import plugin
from yusuan.serve.cells import entity_path
from yusuan.serve.connections import listening, run
from yusuan.serve.metadata import DATABASE, metadata
from yusuan.serve.security import allowed_hosts
from yusuan.serve.site import TABLES, WRITTEN, Site, open_site
from yusuan.serve.sparql_page import PATH
from yusuan.serve.visitor_limits import Lane, VisitorsDatabase

__all__ = ["create_app", "serve"]

_SETTLE_SECONDS = 10.0
"""How long a request waits while the folder is missing or cannot be opened."""
_LOOK_SECONDS = 0.02
_ATTEMPTS = 5

Version = tuple[int, ...]


class _Replaced(BaseException):
    """The folder was replaced before the answer began. No Exception, which Datasette would take for
    a mistake and answer."""


@dataclass(slots=True)
class _Edition:
    """One folder with its application; ``users`` are the requests that it answers."""

    version: Version
    site: Site
    app: Any
    users: int = 0


class ReloadingApp:
    """An ASGI application that serves the package in a folder, whatever stands there by now."""

    def __init__(self, folder: Path, make: Callable[[], tuple[Site, Any]]) -> None:
        """``make`` opens the folder and makes an application for it; raises YusuanError."""
        self._folder = folder
        self._make = make
        version = _version(folder) or ()
        self._edition = _Edition(version, *make())
        self._old: list[_Edition] = []
        self._opening = asyncio.Lock()

    @property
    def site(self) -> Site:
        """The site that is served now."""
        return self._edition.site

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        received: list[Any] = []
        for _ in range(_ATTEMPTS):
            edition = await self._current()
            if edition is None:
                break
            edition.users += 1
            try:
                await edition.app(scope, _recorded(received, receive), self._checked(edition, send))
                return
            except _Replaced:
                continue
            finally:
                edition.users -= 1
                self._retire()
        await _come_again(send)

    def close(self) -> None:
        """End the query processes of all editions."""
        for edition in (self._edition, *self._old):
            edition.site.close()
        self._old.clear()

    def _checked(self, edition: _Edition, send: Any) -> Any:
        begun = False

        async def sending(message: Any) -> None:
            nonlocal begun
            if not begun and _version(self._folder) != edition.version:
                raise _Replaced
            begun = True
            await send(message)

        return sending

    async def _current(self) -> _Edition | None:
        """The edition of the folder as it stands; None when there is none for too long."""
        if _version(self._folder) == self._edition.version:
            return self._edition
        async with self._opening:
            gives_up = time.monotonic() + _SETTLE_SECONDS
            problem: YusuanError | None = None
            while time.monotonic() < gives_up:
                version = _version(self._folder)
                if version == self._edition.version:
                    return self._edition
                if version is not None:
                    try:
                        site, app = await asyncio.to_thread(self._make)
                    except YusuanError as error:
                        problem = error
                    else:
                        if _version(self._folder) == version:
                            self._old.append(self._edition)
                            self._edition = _Edition(version, site, app)
                            self._retire()
                            return self._edition
                        site.close()
                await asyncio.sleep(_LOOK_SECONDS)
        logging.getLogger("yusuan.serve").error(
            "the package was replaced, and the new one cannot be served: %s",
            problem or f"{self._folder} is missing",
        )
        return None

    def _retire(self) -> None:
        """Close the old editions that no request needs any more."""
        for edition in [each for each in self._old if not each.users]:
            self._old.remove(edition)
            # Ending processes takes a moment, in which others want to be served.
            asyncio.get_running_loop().run_in_executor(None, edition.site.close)

    async def _live(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.close)
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _version(folder: Path) -> Version | None:
    """What changes when a folder or its descriptor is replaced; None while there is none."""
    try:
        whole, descriptor = folder.stat(), (folder / "datapackage.json").stat()
    except OSError:
        return None
    return whole.st_dev, whole.st_ino, descriptor.st_ino, descriptor.st_mtime_ns, descriptor.st_size


def _recorded(received: list[Any], receive: Any) -> Any:
    """What a request sends, from its beginning, also when some of it was read before. (Whoever
    reads it does so within the limits of a body.)"""
    position = 0

    async def replayed() -> Any:
        nonlocal position
        if position == len(received):
            received.append(await receive())
        position += 1
        return received[position - 1]

    return replayed


async def _come_again(send: Any) -> None:
    body = b"The package is being replaced; try again in a moment.\n"
    headers = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(body)),
               "retry-after": "5"}  # fmt: skip
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 503, "headers": raw})
    await send({"type": "http.response.body", "body": body})


_SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 5000,
    "facet_time_limit_ms": 500,
    # Suggestions would be identifiers mostly; the facets that make sense are declared.
    "suggest_facets": False,
    "truncate_cells_html": 160,
}


def create_app(
    folder: Path, *, sparql_timeout: float = 10.0, hosts: frozenset[str] | None = None
) -> Datasette:
    """The site of a package folder as a Datasette, for a server or for ``.client``.

    Query processes start when the first query comes. They end when the server shuts down,
    or with ``site_of(app).close()``. ``hosts`` are the names it answers to, otherwise all.

    Raises YusuanError when the package, its database or its graph is missing.
    """
    return _create(open_site(folder, sparql_timeout), hosts)


def serve(
    folder: Path, host: str = "127.0.0.1", port: int = 8001, names: Sequence[str] = ()
) -> None:
    """Serve a package folder until interrupted; port 0 takes any free port.

    ``names`` are further host names it answers to (``yusuan.serve.security.allowed_hosts``).

    Raises YusuanError when the folder is no complete package, or the port is taken.
    """

    def make() -> tuple[Site, Any]:
        site = open_site(folder, sparql_timeout=10.0)
        datasette = _create(site, allowed_hosts(host, site.package.base, names))
        # Datasette would do it with the first request, and fail at those that come meanwhile.
        asyncio.run(datasette.invoke_startup())
        return site, datasette.app()

    current = ReloadingApp(folder, make)
    try:
        with listening(host, port) as listener:
            root = f"http://{_shown(host)}:{listener.getsockname()[1]}"
            print(_addresses(current.site, root), flush=True)
            run(current, listener)
    except KeyboardInterrupt:
        pass  # uvicorn has finished its requests and passes the interrupt on
    finally:
        current.close()


class _Public(Datasette):  # type: ignore[misc]  # Datasette has no types
    """Everything of a package is public. Datasette would look through a copy of all its metadata to
    see whether it says otherwise, for every table of a page."""

    def _table_permission_allows(self, database: str, table: str) -> list[Any]:
        return []


def _create(site: Site, hosts: frozenset[str] | None = None) -> Any:
    plugin.install()
    datasette = _Public(
        files=[],
        immutables=[str(site.database)],
        metadata=metadata(site.package),
        template_dir=str(data_path("publish", "datasette", "templates")),
        static_mounts=[
            ("static", str(data_path("publish", "datasette", "static"))),
            ("style", str(data_path("publish", "style"))),
            ("charts", str(data_path("publish", "charts"))),
        ],
        settings=_SETTINGS,
        cors=True,
    )
    database = VisitorsDatabase(
        datasette, str(site.database), Lane(site.written, WRITTEN), Lane(site.tables, TABLES)
    )
    datasette.remove_database(DATABASE)
    datasette.add_database(database, name=DATABASE)
    plugin.attach(datasette, site, hosts)
    return datasette


def _shown(host: str) -> str:
    """A host as one opens it: the wildcard addresses are reached as the local host."""
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _addresses(site: Site, root: str) -> str:
    fact = site.rows("select fact from facts order by row_type = 'total' desc, fact limit 1")
    example = (entity_path(catalogue()["facts"], fact[0]["fact"]) or "/") if fact else "/"
    places = [
        (either(message("visit-home"), " "), "/"),
        (either(message("visit-findings"), " "), f"/{DATABASE}/findings-by-severity"),
        (either(message("visit-facts"), " "), f"/{DATABASE}/facts"),
        ("SPARQL", PATH),
        (either(message("visit-a-fact"), " "), example),
        ("JSON", f"/{DATABASE}/facts.json?_shape=array"),
        ("CSV", f"/{DATABASE}/facts.csv?_stream=on"),
    ]
    title = site.package.descriptor["title"]
    lines = [f"  {root}{path}  {name}" for name, path in places]
    return "\n".join([f"{title}: {site.package.folder}", *lines, spoken("ctrl-c")])
