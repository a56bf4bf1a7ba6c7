"""Two ways of sending the requests of the W3C tests: to the handler, and over HTTP."""

from __future__ import annotations

import http.client
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

from tests.serve.w3c.protocol import Answer, Send, Sent, build_store
from yusuan import Package, open_package
from yusuan.sparql import QueryPool, Request, handle
from yusuan.virtual_graph import ROWS
from yusuan.virtual_graph.rows import write_statements

ENDPOINT = "https://example.org/-/sparql"


def to_handler(pool: QueryPool) -> Send:
    """Sends to the protocol's handler in this process."""

    def send(sent: Sent) -> Answer:
        request = Request(sent.method, sent.query_string, sent.headers, sent.body)
        response = handle(request, pool, ENDPOINT)
        assert response is not None
        return Answer(response.status, response.headers.get("Content-Type", ""), response.body)

    return send


def over_http(url: str) -> Send:
    """Sends to a server, with no header but those of the test, Host and Content-Length."""
    where = urlsplit(url)

    def send(sent: Sent) -> Answer:
        connection = http.client.HTTPConnection(where.netloc, timeout=30)
        target = where.path + (f"?{sent.query_string}" if sent.query_string else "")
        connection.putrequest(sent.method, target, skip_accept_encoding=True)
        for name, value in sent.headers.items():
            connection.putheader(name, value)
        if sent.body or sent.method in ("POST", "PUT"):
            connection.putheader("Content-Length", str(len(sent.body)))
        connection.endheaders(sent.body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers["Content-Type"] or "", response.read())
        connection.close()
        return answer

    return send


def package_with_their_data(package: Package, folder: Path) -> Package:
    """A copy of a package whose graph is the data of the W3C tests."""
    shutil.copytree(package.folder, folder)
    shutil.rmtree(folder / "graph" / "store")
    build_store(folder / "graph" / "store")
    (folder / ROWS).unlink()
    write_statements(ox.Store.read_only(str(folder / "graph" / "store")), folder / ROWS)
    return open_package(folder)
