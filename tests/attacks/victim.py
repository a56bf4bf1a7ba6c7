"""What is attacked: a small package beside a secret, and the commands that take a package."""

from __future__ import annotations

import contextlib
import shutil
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import yusuan
from tests.disclosures import disclosure_text, write
from yusuan.cli import main

__all__ = ["SECRET", "Listener", "Run", "Watch", "commands", "row", "run", "victim"]

SECRET = "geheim-9f3b1c"
"""Stands in files outside the package; an answer with it has read them."""


@dataclass(slots=True)
class Run:
    """What a command did: exit status, all it said, the traceback if it had one, and what of it
    was said on stderr."""

    status: int
    said: str
    trace: str = ""
    errors: str = ""


class Watch:
    """Notes which files are opened and which sockets connect while it is on, by audit events
    (PEP 578), which cannot be switched off once they are asked for: hence one of these."""

    def __init__(self) -> None:
        self.on = False
        self.opened: list[str] = []
        self.connected: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in ("open", "sqlite3.connect"):
            self.opened.append(str(arguments[0]))
        elif event in ("socket.connect", "socket.getaddrinfo", "urllib.Request", "socket.sendto"):
            self.connected.append(f"{event} {arguments[1:]!r}")

    @contextlib.contextmanager
    def __call__(self) -> Iterator[Watch]:
        self.opened.clear()
        self.connected.clear()
        self.on = True
        try:
            yield self
        finally:
            self.on = False


@dataclass(slots=True)
class Listener:
    """A server on this machine that answers any connection with the secret and counts them."""

    port: int = 0
    connections: int = 0
    _socket: socket.socket = field(default_factory=socket.socket)

    def __enter__(self) -> Listener:
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _answer(self) -> None:
        body = f'{{"fields": [{{"name": "{SECRET}", "type": "string"}}]}}'
        with contextlib.suppress(OSError):
            while True:
                visitor, _ = self._socket.accept()
                self.connections += 1
                with visitor:
                    visitor.sendall(f"HTTP/1.0 200 OK\r\n\r\n{body}".encode())


def victim(folder: Path) -> yusuan.Package:
    """A package built in a folder, with files that hold the secret beside it."""
    source = write(folder, disclosure_text())
    package = yusuan.build(source, folder / "package")
    (folder / "secret.csv").write_text(f"{SECRET},b\n1,2\n", "utf-8")
    (folder / "secret.json").write_text(f'{{"{SECRET}": 1}}', "utf-8")
    return package


def commands(package: Path, out: Path) -> Mapping[str, Callable[[], list[str]]]:
    """Every command that takes a package, with arguments that do right on a good one."""

    def fresh(name: str) -> str:
        shutil.rmtree(out / name, ignore_errors=True)
        return str(out / name)

    fact = next(iter((package / "data" / "facts.csv").read_text("utf-8").splitlines()[1:]))
    key = fact.partition(",")[0]
    at = str(package)
    return {
        "validate": lambda: ["validate", at],
        "show": lambda: ["show", at, key, "-o", str(out / "cell.html")],
        "sweep": lambda: ["sweep", at],
        "query": lambda: ["query", at, "ASK { ?s ?p ?o }"],
        "link": lambda: ["link", at, "--output", fresh("linked")],
        "publish static": lambda: ["publish", "static", at, fresh("site")],
        "codes harvest": lambda: ["codes", "harvest", at],
        "codes show": lambda: ["codes", "show", "2130301", "--package", at],
        "check": lambda: ["check", at],
        "diff": lambda: ["diff", at, at],
        "publish ckan": lambda: ["publish", "ckan", at, "--url", "http://127.0.0.1:9", "--token", "x"],
    }  # fmt: skip


def run(arguments: list[str]) -> Run:
    """Run a command in this process."""
    found = CliRunner().invoke(main, arguments)
    trace = ""
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        trace = "".join(traceback.format_exception(found.exception))
    return Run(found.exit_code, found.output, trace, found.stderr)


def row(test: str, tried: int, failures: list[str]) -> int:
    """Print a row of the table, and what failed; returns the exit status."""
    for failure in failures[:50]:
        print(f"  {failure}", file=sys.stderr)
    print(f"| {test} | {tried:,} | {len(failures)} |")
    return 1 if failures else 0
