"""The attacks in small; each module runs them in full."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import yusuan
from tests.attacks import data_files, descriptors, files, odd_files
from tests.attacks.victim import SECRET, Listener, Watch, commands, run
from tests.representative import few_or
from yusuan.files.resolve import inside
from yusuan.model.errors import YusuanError
from yusuan.package import read, validate
from yusuan.package.descriptor import DESCRIPTOR, known_keys
from yusuan.package.validate import ValidationError, Verdict, validate_package
from yusuan.portals.about import about
from yusuan.schema import catalogue
from yusuan.serve import create_app
from yusuan.serve.plugin import site_of
from yusuan.serve.security import allowed_hosts, secured


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def good(package: yusuan.Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample package beside files with a secret."""
    folder = tmp_path_factory.mktemp("victim")
    shutil.copytree(package.folder, folder / "package")
    (folder / "secret.csv").write_text(f"{SECRET},b\n1,2\n", "utf-8")
    (folder / "secret.json").write_text(f'{{"{SECRET}": 1}}', "utf-8")
    return folder / "package"


IN_SMALL = {
    "absolute path": ("validate", "publish static"),
    "schema at an address": ("validate",),
    "package profile at an address": ("validate",),
    "linked table": ("validate", "publish static"),
    "linked folder of sources": ("check", "publish static"),
    "piped table": ("show", "sweep", "codes harvest"),
    "document id upwards": ("show", "link", "publish static"),
}


@pytest.mark.parametrize("attack", IN_SMALL)
def test_nothing_outside_a_package_is_read(
    attack: str, good: Path, tmp_path: Path, watch: Watch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with Listener() as listener:
        address = f"http://127.0.0.1:{listener.port}"
        folder = files.prepared(good, tmp_path / "around", attack, address)
        found = files.mistakes(good, folder, out, watch, listener, IN_SMALL[attack])
        assert list(found) == []


def test_a_good_package_is_valid_and_nothing_else_is_opened(good: Path, watch: Watch) -> None:
    with watch():
        found = run(["validate", str(good)])
    assert found.status == 0 and not watch.connected


ODD_IN_SMALL = (
    "a pipe", "a folder named like a document", "a link to itself", "a link to a device", "zeros without end",
    "a line feed in the name of no file", "an escape in the name of no document",
    "bytes that are no UTF-8", "a name too long",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_IN_SMALL)
def test_a_file_that_is_none_is_one_sentence(odd: str, good: Path, tmp_path: Path) -> None:
    commands = odd_files.inputs(good, good.parent / "secret.csv", tmp_path)
    folder = tmp_path / "odd"
    folder.mkdir()
    assert [each for each in odd_files.attacked(folder, commands, [odd]) if each] == []


@pytest.mark.parametrize("odd", ["a pipe", "a link to itself", "a name too long"])
def test_no_file_can_be_written_in_such_a_place(odd: str, good: Path, tmp_path: Path) -> None:
    commands = odd_files.outputs(good, good.parent / "secret.csv", tmp_path)
    folder = tmp_path / "odd"
    folder.mkdir()
    assert [each for each in odd_files.attacked(folder, commands, [odd]) if each] == []


@pytest.fixture(scope="module")
def spare(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the package, to damage the descriptor of; its database and graph are left out."""
    folder = tmp_path_factory.mktemp("spare") / "package"
    shutil.copytree(good, folder, ignore=shutil.ignore_patterns("graph", "budget.db"))
    return folder


@settings(max_examples=few_or(15, 40), deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(st.randoms(use_true_random=False))
def test_a_damaged_descriptor_is_refused_at_its_place_or_does_no_harm(
    good: Path, spare: Path, chance: random.Random
) -> None:
    descriptor = json.loads((good / DESCRIPTOR).read_text("utf-8"))
    keys = chance.choice(descriptors.kinds_of_nodes(descriptor))
    damage = chance.choice(["delete", *descriptors.DAMAGES])
    with descriptors.damaged(descriptor, keys, damage):
        descriptors.store(spare, descriptor)
    said = descriptors.refusal(spare)
    if said is None:
        package = yusuan.open_package(spare)
        about(package)
        known_keys(package.descriptor)
    else:
        assert descriptors.pointer(keys) in said and "\n" not in said


@pytest.mark.parametrize(("keys", "damage"), [
    (("resources",), "text"), (("resources", 0, "path"), "number"),
    (("resources", 3, "path"), "null"), (("name",), "delete"), (("licenses",), "text"),
    (("licenses", 0, "path"), "script"), (("base",), "nested"),
])  # fmt: skip
def test_every_command_names_the_place_of_the_damage(
    keys: descriptors.Keys, damage: str, good: Path, spare: Path, tmp_path: Path
) -> None:
    descriptor = json.loads((good / DESCRIPTOR).read_text("utf-8"))
    with descriptors.damaged(descriptor, keys, damage):
        descriptors.store(spare, descriptor)
    for name, arguments in commands(spare, tmp_path).items():
        found = run(arguments())
        assert not found.trace, name
        assert found.status and descriptors.pointer(keys) in found.said, (name, found.said)


@pytest.mark.parametrize(("kind", "limit", "fits"), [
    ("integer", 5, True), ("integer", "5", True), ("integer", 5.5, False), ("integer", "x", False),
    ("number", -5.5, True), ("number", 1e300, False), ("number", "2024-01-31", False),
    ("date", "2024-01-31", True), ("date", 5, False), ("duration", "P1D", False),
])  # fmt: skip
def test_limits_of_a_column_are_values_of_its_type(
    kind: str, limit: float | str, fits: bool, good: Path, spare: Path
) -> None:
    """The framework would fail on others when it compares them."""
    descriptor = json.loads((good / DESCRIPTOR).read_text("utf-8"))
    descriptor["resources"][0]["schema"]["fields"][0] |= {
        "type": kind,
        "constraints": {"maximum": limit},
    }
    descriptors.store(spare, descriptor)
    said = descriptors.refusal(spare)
    assert (
        said is None
        if fits
        else said and "/resources/0/schema/fields/0/constraints/maximum" in said
    )


@pytest.mark.parametrize("content", descriptors.WHOLE)
def test_a_file_that_is_no_descriptor_is_one_sentence(content: bytes, spare: Path) -> None:
    (spare / DESCRIPTOR).write_bytes(content)
    found = run(["check", str(spare)])
    assert found.status == 2 and not found.trace and DESCRIPTOR in found.said
    assert len(found.said.splitlines()) == 1


def test_headers_stand_on_every_answer(good: Path) -> None:
    async def answers() -> None:
        app = create_app(good, hosts=allowed_hosts("127.0.0.1", "https://data.example.org/"))
        try:
            for path in ("/", "/budget/facts", "/budget/facts.json", "/nothing", "/-/threads",
                         "/budget?sql=selct", "/-/sparql?query=x", "/-/package/nothing"):  # fmt: skip
                answer = await app.client.get(path)
                assert answer.headers["x-content-type-options"] == "nosniff", path
                assert "default-src 'none'" in answer.headers["content-security-policy"], path
                assert str(good.parent) not in answer.text and " object at 0x" not in answer.text
            asked = "/budget.json?sql=select+file+from+pragma_database_list&_shape=array"
            assert (await app.client.get(asked)).json() == [{"file": None}]
            for host, status in (("localhost:8001", 200), ("[::1]:8001", 200), ("data.example.org", 200),
                                 ("evil.example", 421), ("", 421), ("127.0.0.1.evil.example", 421)):  # fmt: skip
                answer = await app.client.get("/", headers={"Host": host})
                assert answer.status_code == status, host
            for method in ("TRACE", "PROPFIND", "_", "__INIT__"):
                for path in ("/", "/budget/facts", "/search", "/-/package/nothing"):
                    assert (await app.client.request(method, path)).status_code == 405
            for of, status in (("x'00ff'+a", 200), ("1+a", 400), ("'text'+a", 400), ("null+a", 400),
                               ("1+a+where+0", 400), ("x'00'+a&_blob_hash=x", 400), ("1+b", 400)):  # fmt: skip
                answer = await app.client.get(f"/budget.blob?_blob_column=a&sql=select+{of}")
                assert (answer.status_code, "content-type" in answer.headers) == (status, True), of
        finally:
            site_of(app).close()

    asyncio.run(answers())


@pytest.mark.parametrize("odd", ["pipe", "device", "folder"])
def test_restore_waits_for_nothing_that_is_no_file(odd: str, tmp_path: Path) -> None:
    path = Path("/dev/zero") if odd == "device" else tmp_path / "odd.trig"
    if odd == "pipe":
        os.mkfifo(path)
    elif odd == "folder":
        path.mkdir()
    found = run(["restore", str(path), "--output", str(tmp_path / "restored")])
    assert found.status and not found.trace and "no regular file" in found.said
    assert not (tmp_path / "restored").exists()


@pytest.mark.parametrize(("size", "refused"), [(1 << 20, False), (1 << 40, True)])
def test_a_file_of_holes_is_never_read(size: int, refused: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 2_000)
    with path.open("r+b") as stream:
        stream.truncate(size)
    if not refused:
        assert inside(tmp_path, "a.csv") == path
        return
    with pytest.raises(YusuanError, match=r"a\.csv: says it has 1,099,511,627,776 bytes"):
        inside(tmp_path, "a.csv")


@pytest.mark.parametrize(("longest", "refused"), [(5_000, False), (60, True)])
def test_a_line_without_end_is_not_taken_into_memory(
    longest: int, refused: bool, package: yusuan.Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "_LONGEST_LINE", longest)
    if refused:
        with pytest.raises(
            YusuanError, match=r"figures\.csv, after line 1: .*\(a line of 60 characters"
        ):
            list(package.records("figures"))
        assert "60 characters" in str(validate_package(package.folder).errors[0])
    else:
        assert list(package.records("figures"))


def test_a_row_with_too_many_cells_is_not_compared_with_itself(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The framework compares each cell with all: 100,000 took it minutes."""
    package = tmp_path / "package"
    shutil.copytree(good, package)
    most = max(len(resource.fields) for resource in catalogue().resources)
    monkeypatch.setattr(validate, "_MOST_CELLS", most)
    assert not list(validate._endless(yusuan.open_package(package)))
    data_files.DAMAGES["NUL in the heading"](package / "data" / "figures.csv")
    (told,) = {str(error) for error in validate_package(package).errors if error.field}
    assert told.isprintable()
    monkeypatch.setattr(validate, "_MOST_CELLS", most - 1)
    assert f"a row of {most} cells" in str(validate_package(package).errors[0])


@pytest.mark.parametrize(("command", "resource", "damage", "said"), [
    ("publish static", "figures", "words for numbers", "figures.csv: cannot be written"),
    ("publish static", "budgets", "nothing in a row", "budgets, line 4: as told; `yusuan validate`"),
    ("check", "documents", "words for numbers", ""),
    ("check", "documents", "nothing in a row", "documents, line 4: as told; `yusuan validate`"),
])  # fmt: skip
def test_values_that_are_none_of_their_column_are_one_sentence(
    command: str, resource: str, damage: str, said: str,
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Where a command fails on a value, what validation says of the package is told."""
    told = ValidationError(resource, 4, None, "x", "as told")
    monkeypatch.setattr("yusuan.package.validate_package", lambda _: Verdict(False, 1, (told,)))
    monkeypatch.setattr(ValidationError, "__str__", lambda e: f"{e.resource}, line 4: {e.message}")
    spare = tmp_path / "spare"
    shutil.copytree(good, spare)
    arguments = commands(spare, tmp_path)[command]()
    data_files.DAMAGES[damage](spare / "data" / f"{resource}.csv")
    found = run(arguments)
    assert odd_files.wrong_with(found, damage) is None and said in found.said
    assert (found.status == 2, len(found.errors.splitlines())) == (
        (True, 1) if said else (False, 0)
    )


def _other_tables(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIEW budgets AS SELECT 1")


@pytest.mark.parametrize(("damage", "said"), [
    (lambda path: path.write_bytes(b"SQLite format 3\0" + b"x" * 4096), "file is not a database"),
    (lambda path: path.write_bytes(b""), "no such table"),
    (_other_tables, "no such table"),
], ids=["bytes", "nothing", "a view"])  # fmt: skip
def test_a_database_of_something_else_is_one_sentence(
    damage: Callable[[Path], object], said: str, good: Path, tmp_path: Path
) -> None:
    spare = tmp_path / "spare"
    shutil.copytree(good, spare)
    damage(spare / "budget.db")
    found = run(commands(spare, tmp_path)["publish static"]())
    assert odd_files.wrong_with(found, "database") is None
    for told in (found.errors, data_files._served(spare).said):
        assert f"budget.db: not the database of this package ({said}" in told


def test_an_answer_that_fails_before_its_first_bytes_begins_anew() -> None:
    """As Datasette's does: its error is sent where its answer could not be."""
    sent: list[Any] = []

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        for status in (200, 500):
            await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})

    async def send(message: Any) -> None:
        sent.append(message.get("status") or message["body"])

    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    asyncio.run(secured(answer, None)(scope, None, send))
    assert sent == [500, b"a", b"b"]
