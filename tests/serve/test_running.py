"""Starting and stopping: what is printed, what goes wrong, what is left behind."""

from __future__ import annotations

import shutil
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from yusuan import Package, YusuanError
from yusuan.serve import create_app, serve

from .conftest import free_port


def test_a_folder_without_a_package_is_a_sentence(tmp_path: Path):
    with pytest.raises(YusuanError, match="no data package here"):
        create_app(tmp_path)


@pytest.mark.parametrize(("missing", "what"), [("budget.db", "database"), ("graph", "graph store")])
def test_an_incomplete_package_says_what_to_do(
    package: Package, tmp_path: Path, missing: str, what: str
):
    folder = tmp_path / "package"
    shutil.copytree(package.folder, folder)
    path = folder / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(YusuanError, match=f"{what} is missing; build the package anew"):
        create_app(folder)


def test_a_package_with_other_columns_is_a_sentence(package: Package, tmp_path: Path):
    """As one that an older yusuan built."""
    folder = tmp_path / "package"
    shutil.copytree(package.folder, folder)
    path = folder / "data" / "figures.csv"
    heading, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(heading.replace(",quantity,", ",", 1) + "\n" + rest, "utf-8")
    with pytest.raises(YusuanError, match=r"figures\.csv, line 1: .*; build the package anew"):
        create_app(folder)


def test_a_port_in_use_is_a_sentence(package: Package):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(YusuanError, match=f"port {port} on 127.0.0.1 is already in use"):
            serve(package.folder, port=port)


def test_ctrl_c_stops_the_server_and_its_query_processes_and_frees_its_port(start):
    port = free_port()
    with start(port=port) as server:
        assert httpx.get(f"{server.url}/id/catalog").status_code == 200
        assert httpx.get(f"{server.url}/-/sparql?query=ASK+%7B%7D").status_code == 200
        workers = server.workers
        assert len(workers) == 2
        server.process.send_signal(signal.SIGINT)
        output, errors = server.process.communicate(timeout=15)
    assert server.process.returncode == 0
    assert errors == ""
    # What to open was printed.
    for path in ("/", "/budget/findings-by-severity", "/budget/facts", "/-/sparql"):
        assert f"{server.url}{path} " in output
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]

    # The next one has the port at once, and does not wait for a slow query.
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with start(port=port) as server, ThreadPoolExecutor() as visitor:
        visitor.submit(httpx.post, f"{server.url}/-/sparql", data={"query": slow}, timeout=30)
        time.sleep(1.5)
        workers = server.workers
        interrupted = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        server.process.communicate(timeout=15)
        assert time.monotonic() - interrupted < 8  # the query alone would run to its limit of 10
    assert workers
    assert not [pid for pid in workers if Path(f"/proc/{pid}").exists()]
