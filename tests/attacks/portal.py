"""A CKAN that fails: each action of a run meets each fault, once or for ever.

Whatever it does, visitors see a whole dataset or none, a run ends well or with one sentence, the
next run without the fault finishes the work without duplicates, and the token is in no message, no
log, and goes to no other host.

    python -m tests.attacks.portal
"""

from __future__ import annotations

import email
import json
import logging
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.attacks.victim import Listener, row, victim
from tests.portals.fake_ckan import READING, FakeCKAN
from yusuan import Package, YusuanError, open_package
from yusuan.portals import ckan as publishing
from yusuan.portals import publish_ckan
from yusuan.portals.ckan_client import Absent, CkanRefused, CkanTooLarge
from yusuan.portals.ckan_desired import DesiredResource, desired_resources
from yusuan.portals.profile import profile

__all__ = ["FAULTS", "IN_SMALL", "Fault", "mistakes", "points", "small"]

TOKEN = "token-that-nobody-may-see-7c1f"
PATHS = ("data/facts.csv", "data/documents.csv", "data/glossary.csv", "datapackage.json")
"""What is published of the package, so that a run is short."""
BATCH = 2
"""Rows a request, so that there are several."""

Answer = tuple[int, dict[str, str], bytes]


def _json(status: int, value: Any, **headers: str) -> Answer:
    return status, headers, json.dumps(value).encode()


def _error(status: int, kind: str, **details: Any) -> Answer:
    return _json(status, {"success": False, "error": {"__type": kind, **details}})


@dataclass(frozen=True, slots=True)
class Fault:
    """``answer`` to an action instead of the right one (None cuts the line), before or after it has
    had its effect; ``passes``: a run outlives it when it happens once."""

    answer: Callable[[Any, str], Answer | None]
    after: bool = False
    passes: bool = False


def _shape(value: Any) -> Callable[[Any, str], Answer]:
    return lambda _result, _host: _json(200, {"success": True, "result": value})


DEEP = b"[" * 50_000
FAULTS: dict[str, Fault] = {
    "429": Fault(lambda *_: (429, {"Retry-After": "7"}, b"slow down"), passes=True),
    "500 before": Fault(lambda *_: (500, {}, b"<html>oops"), passes=True),
    "503 before": Fault(lambda *_: (503, {"Retry-After": "soon"}, b""), passes=True),
    "502 after": Fault(lambda *_: (502, {}, b"bad gateway"), after=True, passes=True),
    "504 after": Fault(lambda *_: (504, {"Retry-After": "-5"}, b""), after=True, passes=True),
    "cut before": Fault(lambda *_: None, passes=True),
    "cut after": Fault(lambda *_: None, after=True, passes=True),
    "cut in the answer": Fault(
        lambda *_: (200, {"Content-Length": "1000"}, b'{"success": tr'), after=True, passes=True
    ),
    "wait for a day": Fault(lambda *_: (503, {"Retry-After": "86400"}, b"")),
    "web page": Fault(lambda *_: (200, {}, b"<html>log in</html>"), after=True),
    "half of JSON": Fault(lambda *_: (200, {}, b'{"success": true, "res'), after=True),
    "nested": Fault(lambda *_: (200, {}, DEEP), after=True),
    "no bytes": Fault(lambda *_: (200, {}, b""), after=True),
    "endless": Fault(lambda *_: (200, {}, b" " * 3_000_000), after=True),
    "null": Fault(_shape(None), after=True),
    "list": Fault(_shape([[]]), after=True),
    "text": Fault(_shape("done"), after=True),
    "other types": Fault(_shape({"id": 5, "name": [], "resources": {}, "meta": 1}), after=True),
    "half a character": Fault(
        _shape({"id": "\ud800", "name": "\ud800", "ckan_version": "\ud800"}), after=True
    ),
    "id of control characters": Fault(_shape({"id": "a\n\x1b[2J", "name": "b"}), after=True),
    "other host": Fault(lambda _, host: (302, {"Location": f"{host}/api/action/x"}, b"")),
    "other host, same method": Fault(lambda _, host: (307, {"Location": f"{host}/"}, b"")),
    "too large": Fault(lambda *_: (413, {}, b"<html>413")),
    "forbidden": Fault(lambda *_: _error(403, "Authorization Error", message="no")),
    "not there": Fault(lambda *_: _error(404, "Not Found Error", message="no")),
    "repeats the token": Fault(
        lambda *_: _error(409, "Validation Error", name=[f"bad {TOKEN}\n\x1b[31m" * 50])
    ),
    "error without words": Fault(lambda *_: _json(409, {"success": False, "error": "x"})),
}  # fmt: skip

NEW = (
    "status_show", "user_show", "license_list", "organization_show", "organization_create",
    "package_show", "package_create", "resource_create", "datastore_create", "datastore_upsert",
    "resource_patch", "datastore_info", "resource_view_list",
    "resource_create_default_resource_views", "package_patch",
)  # fmt: skip
CHANGED = (
    "package_show", "package_patch", "datastore_delete", "datastore_create", "datastore_upsert",
    "resource_patch", "resource_delete", "datastore_info",
)  # fmt: skip
LATER = {
    "package_show": (2, 3),
    "resource_create": (3,),
    "datastore_upsert": (2,),
    "package_patch": (2,),
}
"""Calls of an action, besides its first, that mean something else."""


@dataclass(frozen=True, slots=True)
class Point:
    """The ``nth`` call of an action meets a fault, or each from then on, in a run that makes the
    dataset or changes one."""

    action: str
    nth: int
    fault: str
    ever: bool
    changing: bool

    def __str__(self) -> str:
        run = "changing" if self.changing else "making"
        return f"{run}: {self.fault} at {self.action} {self.nth}{' and on' if self.ever else ''}"


def points() -> list[Point]:
    found = []
    for changing, actions in ((False, NEW), (True, CHANGED)):
        for action in actions:
            later = () if action == "package_patch" and not changing else LATER.get(action, ())
            for nth in (1, *later):
                found += [Point(action, nth, name, False, changing)
                          for name, fault in FAULTS.items() if nth == 1 or fault.passes]  # fmt: skip
            found += [Point(action, 1, fault, True, changing)
                      for fault in ("503 before", "502 after", "cut after")]  # fmt: skip
    return found


IN_SMALL = [
    Point("package_create", 1, "502 after", False, False),
    Point("resource_create", 3, "cut after", False, False),
    Point("datastore_upsert", 2, "cut in the answer", False, False),
    Point("datastore_upsert", 1, "cut after", True, False),
    Point("datastore_info", 1, "other types", False, False),
    Point("status_show", 1, "other host, same method", False, False),
    Point("resource_patch", 1, "repeats the token", False, False),
    Point("resource_create", 1, "endless", False, False),
    Point("package_patch", 1, "429", False, True),
    Point("package_patch", 2, "504 after", False, True),
    Point("resource_delete", 1, "502 after", False, True),
    Point("resource_delete", 1, "not there", False, True),
    Point("resource_patch", 1, "half of JSON", False, True),
]
"""One of each kind, for the suite."""


class Watched(FakeCKAN):
    """Notes when visitors can see what is not whole; ``states`` are the packages that may be seen."""

    def __init__(self, states: list[Package]) -> None:
        super().__init__()
        self.states = [wanted(package) for package in states]
        self.half: list[str] = []

    def call(self, action: str, *arguments: Any, **named: Any) -> Any:
        try:
            return super().call(action, *arguments, **named)
        finally:
            if not action.endswith(READING):
                for name, dataset in self.datasets.items():
                    if not dataset.get("private") and not any(
                        self.holds(dataset, state) for state in self.states
                    ):
                        self.half.append(f"{name} after {action}")

    def holds(self, dataset: Mapping[str, Any], state: Mapping[str, tuple[bytes, int]]) -> bool:
        """Whether a dataset has just these files, each once, and all rows of the tables."""
        paths = sorted(each.get("yusuan_path", "") for each in dataset["resources"])
        return paths == sorted(state) and all(
            self.files.get(each["id"]) == state[each["yusuan_path"]][0]
            and len(self.tables.get(each["id"], {}).get("records", ()))
            == state[each["yusuan_path"]][1]
            for each in dataset["resources"]
        )


_few: dict[Path, list[DesiredResource]] = {}


def few(package: Package) -> list[DesiredResource]:
    """What is published of a package, which does not change."""
    if package.folder not in _few:
        _few[package.folder] = [
            each for each in desired_resources(package) if each.path in PATHS
        ]  # fmt: skip
    return _few[package.folder]


def wanted(package: Package) -> dict[str, tuple[bytes, int]]:
    """Contents and rows by path."""
    return {each.path: (each.file.read_bytes(), each.table.count if each.table else 0)
            for each in few(package)}  # fmt: skip


@dataclass
class Faulty:
    """An HTTP server in front of a CKAN in memory, whose calls meet a fault."""

    ckan: Watched
    other: str
    point: Point | None = None
    met: int = 0
    calls: dict[str, int] = field(default_factory=dict)
    strangers: int = 0
    """Requests without the token."""

    def fault(self, action: str) -> Fault | None:
        self.calls[action] = self.calls.get(action, 0) + 1
        point = self.point
        if point is None or action != point.action:
            return None
        if self.calls[action] == point.nth or (point.ever and self.calls[action] > point.nth):
            self.met += 1
            return FAULTS[point.fault]
        return None

    def answer(self, action: str, data: dict[str, Any], upload: Any) -> Answer | None:
        fault = self.fault(action)
        if fault and not fault.after:
            return fault.answer(None, self.other)
        answer = self._right(action, data, upload)
        return fault.answer(answer, self.other) if fault else answer

    def _right(self, action: str, data: dict[str, Any], upload: Any) -> Answer:
        try:
            return _json(200, {"success": True, "result": self.ckan.call(action, data, upload)})
        except Absent:
            return _error(404, "Not Found Error", message="not found")
        except CkanRefused:
            return _error(403, "Authorization Error", message="no")
        except CkanTooLarge:
            return _error(409, "Validation Error", upload=["File upload too large"])
        except YusuanError as error:
            return _error(409, "Validation Error", data=[str(error)])


@contextmanager
def served(faulty: Faulty, folder: Path) -> Iterator[str]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            action = self.path.rsplit("/", 1)[-1]
            with lock:
                faulty.strangers += self.headers["Authorization"] != TOKEN
                data, upload = _content(self.headers["Content-Type"], body, folder)
                answer = faulty.answer(action, data, upload)
            self.close_connection = True
            if answer is None:
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        thread = threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{httpd.server_port}"
        finally:
            httpd.shutdown()


def _content(kind: str, body: bytes, folder: Path) -> tuple[dict[str, Any], Any]:
    """The values and the file of a request, in JSON or as a form (RFC 7578)."""
    if not kind.startswith("multipart/"):
        return json.loads(body), None
    message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    values: dict[str, Any] = {}
    upload = None
    for part in message.get_payload():
        content = part.get_payload(decode=True)
        if name := part.get_filename():
            path = folder / "upload"
            path.write_bytes(content)
            upload = (name, path, part.get_content_type())
        else:
            values[part.get_param("name", header="content-disposition")] = content.decode()
    return values, upload


class Log(logging.Handler):
    """Keeps all that any library writes to a log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def small(log: Log, waited: list[float]) -> Iterator[None]:
    """Runs are short, do not sleep, and are logged in full."""
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        with (
            patch.object(publishing, "desired_resources", few),
            patch("yusuan.portals.ckan_client.sleep", waited.append),
            patch("yusuan.portals.ckan_client._MOST_BYTES", 2_000_000),
            patch.dict(profile("ckan"), {"batch": BATCH, "timeouts": [2, 2]}),
        ):
            yield
    finally:
        root.removeHandler(log)
        root.setLevel(level)


def mistakes(before: Package, after: Package, point: Point, folder: Path) -> Iterator[str]:
    """What is wrong with how a run took a fault. ``after`` is ``before`` with other rows."""
    log, waited = Log(), []  # type: tuple[Log, list[float]]
    with Listener() as listener, small(log, waited):
        ckan = Watched([before, after])
        faulty = Faulty(ckan, f"http://127.0.0.1:{listener.port}")
        with served(faulty, folder) as url:
            if point.changing:
                _forgetful(before, url)
                faulty.calls.clear()
            faulty.point = point
            error = _forgetful(after, url)
            if faulty.met == 0:
                yield "the fault was never met"
            if error is None and point.ever and not FAULTS[point.fault].after:
                yield "went through a fault that does not end"
            if error and FAULTS[point.fault].passes and not point.ever and not _first_cut(point):
                yield f"gave up: {error}"
            if error and ("\n" in error or len(error) > 1200 or not error.isprintable()):
                yield f"is not one sentence: {error[:300]!r}"
            if point.fault == "429" and max(waited, default=0) < 7:
                yield f"waited {waited}, not for the 7 s of Retry-After"
            faulty.point = None
            if again := _forgetful(after, url):
                yield f"the next run failed: {again}"
            writes = len(ckan.writes)
            _forgetful(after, url)
            if len(ckan.writes) > writes:
                yield f"a third run changes {ckan.writes[writes:]}"
        if len(ckan.datasets) != 1 or len(ckan.organizations) != 1:
            yield f"{len(ckan.datasets)} datasets, {len(ckan.organizations)} organizations"
        for dataset in ckan.datasets.values():
            if dataset["private"] or not ckan.holds(dataset, wanted(after)):
                yield "is not whole and public in the end"
        yield from ckan.half
        if listener.connections:
            yield f"{listener.connections} connections to another host"
        if faulty.strangers:
            yield f"{faulty.strangers} requests without the token"
        if TOKEN in "".join(log.lines) or TOKEN in (error or ""):
            yield "the token is in a log or a message"


def _first_cut(point: Point) -> bool:
    """A line that is cut at the first call: the address may be wrong, nothing is waited for."""
    return point.action == "status_show" and "cut" in point.fault


def _forgetful(package: Package, url: str) -> str | None:
    """A run that remembers nothing; its error. Anything but a YusuanError is let through."""
    (package.folder / "portals.json").unlink(missing_ok=True)
    try:
        publish_ckan(package, url=url, token=TOKEN)
    except YusuanError as error:
        return str(error)
    return None


def changed(package: Package, folder: Path) -> Package:
    """A copy with a row more in one table, a row less in another, and a table without rows."""
    shutil.copytree(package.folder, folder)
    facts, documents = folder / "data" / "facts.csv", folder / "data" / "documents.csv"
    facts.write_bytes(b"".join(facts.read_bytes().splitlines(True)[:-1]))
    documents.write_bytes(documents.read_bytes().replace(b".md", b".txt"))
    glossary = folder / "data" / "glossary.csv"
    glossary.write_bytes(glossary.read_bytes().splitlines(True)[0])
    return open_package(folder)


def with_terms(package: Package) -> Package:
    """The package, with rows in the table that ``changed`` empties."""
    glossary = package.folder / "data" / "glossary.csv"
    columns = glossary.read_text("utf-8").splitlines()[0].count(",") + 1
    rows = "".join(f"term-{number}{',' * (columns - 1)}\n" for number in range(5))
    glossary.write_text(glossary.read_text("utf-8").splitlines(True)[0] + rows, "utf-8")
    return package


def main() -> int:
    failures: list[str] = []
    started = time.monotonic()
    every = points()
    with tempfile.TemporaryDirectory() as name:
        before = with_terms(victim(Path(name)))
        after = changed(before, Path(name, "changed"))
        for point in every:
            try:
                failures += [
                    f"{point}: {what}" for what in mistakes(before, after, point, Path(name))
                ]
            except Exception as error:  # any traceback is what is looked for
                failures.append(f"{point}: {type(error).__name__}: {error}")
    print(f"  {time.monotonic() - started:.0f} s", file=sys.stderr)
    return row("A CKAN that fails (`portal`), each action with each fault", len(every), failures)


if __name__ == "__main__":
    sys.exit(main())
