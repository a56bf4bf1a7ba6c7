"""The site of the sample package: in this process, and as a server of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from yusuan import Package
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
TIMEOUT = 2.0

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="session")
def get(package: Package) -> Iterator[Get]:
    """`get("/path", **httpx_options)` asks the real app; it accepts what a browser does."""
    app = create_app(package.folder, sparql_timeout=TIMEOUT)
    with asyncio.Runner() as runner:

        def request(path: str, method: str = "get", **options: Any) -> httpx.Response:
            options.setdefault("headers", BROWSER)
            response: httpx.Response = runner.run(getattr(app.client, method)(path, **options))
            return response

        yield request
    site_of(app).close()


@dataclass(frozen=True)
class Server:
    """A running `yusuan serve`."""

    url: str
    process: subprocess.Popen[str]

    @property
    def workers(self) -> list[int]:
        """Its query processes, by their id (Linux)."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return [int(line) for line in listed.stdout.split()]


@pytest.fixture(scope="session")
def start(package: Package) -> Callable[..., contextlib.AbstractContextManager[Server]]:
    """Starts a server of a package, the sample by default; leaving the context ends it."""

    @contextlib.contextmanager
    def started(served: Package = package, port: int | None = None) -> Iterator[Server]:
        port = port or free_port()
        process = serve_process(served.folder, port)
        server = Server(f"http://127.0.0.1:{port}", process)
        try:
            wait_until_up(server)
            yield server
        finally:
            process.terminate()
            process.communicate(timeout=15)

    return started


@pytest.fixture(scope="session")
def server(start: Callable[..., contextlib.AbstractContextManager[Server]]) -> Iterator[Server]:
    with start() as running:
        yield running


@pytest.fixture(scope="session")
def mixed_server(
    mixed: Package, start: Callable[..., contextlib.AbstractContextManager[Server]]
) -> Iterator[Server]:
    with start(mixed) as running:
        yield running


def serve_process(folder: Path, port: int) -> subprocess.Popen[str]:
    """A server in a process of its own, its output captured."""
    code = (
        "import sys; from pathlib import Path; from yusuan import YusuanError\n"
        "from yusuan.serve import serve\n"
        "try: serve(Path(sys.argv[1]), port=int(sys.argv[2]))\n"
        "except YusuanError as error: sys.exit(str(error))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_up(server: Server) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            pytest.fail(f"the server ended: {server.process.communicate()[1]}")
        with contextlib.suppress(httpx.TransportError):
            httpx.get(server.url + "/-/versions.json")
            return
        time.sleep(0.1)
    pytest.fail("the server did not start in 30 seconds")
