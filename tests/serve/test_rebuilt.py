"""A package that is built anew under a running server: all faces switch together, nothing is lost."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pyoxigraph as ox

from yusuan import Package, open_package
from yusuan.virtual_graph import ROWS
from yusuan.virtual_graph.rows import write_statements

from .conftest import Server


def only_edition(answer: httpx.Response) -> str:
    """The edition that a page, or each part of a workbook, says it is of; never two of them."""
    text = answer.text
    if answer.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            text = "".join(book.read(name).decode("utf-8") for name in book.namelist())
    (found,) = set(re.findall(r"edition-\d", text))
    return str(found)


# Each face of the site, and how the edition is read from its answer.
FACES: dict[str, tuple[str, Callable[[httpx.Response], str]]] = {
    "SQL": (
        "/budget.json?sql=select+max(title)+as+t,max(line)+as+l+from+facts,documents&_shape=array",
        lambda answer: answer.json()[0]["t"],
    ),
    "a table": (
        "/budget/documents.json?_shape=array",
        lambda answer: answer.json()[0]["title"],
    ),
    "SPARQL": (
        "/-/sparql?format=csv&query=SELECT+?o+{+<http://example.org/edition>+?p+?o+}",
        lambda answer: answer.text.split("\r\n")[1],
    ),
    "CSV": (
        "/-/package/data/documents.csv",
        lambda answer: answer.text[answer.text.index("edition-") :][:9],
    ),
    "the descriptor": ("/-/package/datapackage.json", lambda answer: answer.json()["title"]),
    "the home page": ("/", lambda answer: answer.text[answer.text.index("edition-") :][:9]),
    "departments": ("/departments", only_edition),
    "a department": ("/department/{department}", only_edition),
    "a budget": ("/budget/{department}/2022/approved", only_edition),
    "search": ("/search?q=办公费", only_edition),
    "a workbook": ("/budget/facts.xlsx?_size=5", only_edition),
}


def edition(package: Package, folder: Path, name: str) -> Path:
    """A copy of a package that says on every face which edition it is."""
    shutil.copytree(package.folder, folder)
    descriptor = json.loads((folder / "datapackage.json").read_text("utf-8"))
    descriptor["title"] = name
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    with contextlib.closing(sqlite3.connect(folder / "budget.db")) as database:
        (old,) = database.execute("select title from documents").fetchone()
        database.execute("update documents set title = ?", [name])
        database.execute("update departments set name = ?", [name])
        database.commit()
    table = folder / "data" / "documents.csv"
    table.write_text(table.read_text("utf-8").replace(old, name), "utf-8")
    store = ox.Store(str(folder / "graph" / "store"))
    about = ox.NamedNode("http://example.org/edition")
    store.add(ox.Quad(about, ox.NamedNode("http://example.org/is"), ox.Literal(name)))
    store.flush()
    (folder / ROWS).unlink()
    write_statements(store, folder / ROWS)
    return folder


def replace(target: Path, new: Path) -> None:
    """As `yusuan build` does it."""
    old = target.with_name("old")
    target.rename(old)
    new.rename(target)
    shutil.rmtree(old)


def test_all_faces_switch_together(
    package: Package,
    tmp_path: Path,
    start: Callable[..., contextlib.AbstractContextManager[Server]],
) -> None:
    names = [f"edition-{number}" for number in range(4)]
    (department,) = (row["department"] for row in package.rows("departments"))
    target = edition(package, tmp_path / "package", names[0])
    following = [edition(package, tmp_path / name, name) for name in names[1:]]
    seen: list[tuple[float, float, str, str]] = []
    lost: list[str] = []
    ended = threading.Event()

    def visit(face: str, url: str) -> None:
        path, read = FACES[face]
        with httpx.Client(base_url=url, timeout=60) as client:
            while not ended.wait(0.02):
                asked = time.monotonic()
                answer = client.get(path.replace("{department}", department))
                if answer.status_code != 200:
                    lost.append(f"{face}: {answer.status_code} {answer.text[:200]}")
                    continue
                seen.append((asked, time.monotonic(), read(answer), face))

    with start(open_package(target)) as server, ThreadPoolExecutor(len(FACES)) as visitors:
        visits = [visitors.submit(visit, face, server.url) for face in FACES]
        switched = []
        for new in following:
            time.sleep(1)
            began = time.monotonic()
            replace(target, new)
            switched.append((began, time.monotonic()))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not all(
            any(name == names[-1] for _, _, name, each in seen if each == face) for face in FACES
        ):
            time.sleep(0.1)
        time.sleep(0.5)  # nothing goes back to an earlier one
        ended.set()
        for each in visits:
            each.result()
    assert lost == []
    for asked, answered, name, face in seen:
        number = names.index(name)
        # Of an edition that stood there at some time between question and answer.
        if number:
            assert switched[number - 1][0] <= answered, face
        if number < len(switched):
            assert asked <= switched[number][1], face
    for face in FACES:
        assert [name for _, _, name, each in seen if each == face][-1] == names[-1]


def test_a_package_that_is_gone_is_told_and_comes_back(
    package: Package,
    tmp_path: Path,
    start: Callable[..., contextlib.AbstractContextManager[Server]],
) -> None:
    target = edition(package, tmp_path / "package", "edition-0")
    with start(open_package(target)) as server:
        target.rename(tmp_path / "away")
        answer = httpx.get(server.url, timeout=30)
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert answer.text == "The package is being replaced; try again in a moment.\n"
        (tmp_path / "away").rename(target)
        assert httpx.get(server.url, timeout=30).status_code == 200
