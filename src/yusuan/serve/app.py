"""Make and run the website of a package folder."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from yusuan.model.errors import YusuanError
from yusuan.schema import catalogue, data_path
from yusuan.schema.messages import in_both, message
from yusuan.serve import plugin
from yusuan.serve.cells import entity_path
from yusuan.serve.connections import run
from yusuan.serve.metadata import DATABASE, metadata
from yusuan.serve.reload import ReloadingApp
from yusuan.serve.security import allowed_hosts
from yusuan.serve.site import TABLES, WRITTEN, Site, open_site
from yusuan.serve.sparql_page import PATH
from yusuan.serve.visitor_limits import Lane, VisitorsDatabase

__all__ = ["create_app", "serve"]

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
        return site, _create(site, allowed_hosts(host, site.package.base, names)).app()

    current = ReloadingApp(folder, make)
    try:
        with _listen(host, port) as listener:
            root = f"http://{_shown(host)}:{listener.getsockname()[1]}"
            print(_welcome(current.site, root), flush=True)
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


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: only then asyncio sends small answers at once (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port whose last server has just ended is free; one in use still is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Listening here makes a second server fail at once, before it says it is running.
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise YusuanError(
                f"port {port} on {host} is already in use; stop the other server, "
                f"or choose another port with --port {port + 1 if port < 65535 else port - 1}"
            ) from error
        raise YusuanError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return listener


def _shown(host: str) -> str:
    """A host as one opens it: the wildcard addresses are reached as the local host."""
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _welcome(site: Site, root: str) -> str:
    fact = site.rows("select fact from facts order by row_type = 'total' desc, fact limit 1")
    example = (entity_path(catalogue()["facts"], fact[0]["fact"]) or "/") if fact else "/"
    places = [
        (" ".join(message("visit-home")), "/"),
        (" ".join(message("visit-findings")), f"/{DATABASE}/findings-by-severity"),
        (" ".join(message("visit-facts")), f"/{DATABASE}/facts"),
        ("SPARQL", PATH),
        (" ".join(message("visit-a-fact")), example),
        ("JSON", f"/{DATABASE}/facts.json?_shape=array"),
        ("CSV", f"/{DATABASE}/facts.csv?_stream=on"),
    ]
    title = site.package.descriptor["title"]
    lines = [f"  {root}{path}  {name}" for name, path in places]
    return "\n".join([f"{title}: {site.package.folder}", *lines, in_both("ctrl-c")])
