"""Packages that point elsewhere: at files of the machine, at links, pipes, devices and addresses.

No command and no page gives a byte from outside the package, and none opens a socket.

    python -m tests.attacks.files
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.attacks.victim import SECRET, Listener, Watch, commands, row, run, victim
from yusuan.model.errors import YusuanError
from yusuan.package.descriptor import DESCRIPTOR

__all__ = ["ATTACKS", "ROUTES", "mistakes", "prepared"]

Attack = Callable[[Path, str], None]
"""Changes the package in a folder; the text is an address that gives the secret."""


def described(change: Callable[[dict[str, Any], str], None]) -> Attack:
    """An attack that only changes the descriptor."""

    def attack(folder: Path, address: str) -> None:
        path = folder / DESCRIPTOR
        descriptor = json.loads(path.read_text("utf-8"))
        change(descriptor, address)
        path.write_text(json.dumps(descriptor), "utf-8")

    return attack


def resource(descriptor: dict[str, Any], name: str = "units") -> dict[str, Any]:
    return next(item for item in descriptor["resources"] if item["name"] == name)


def sets(name: str, key: str, value: Any) -> Attack:
    """One key of a resource; ``{address}`` in a text stands for the address of the secret."""

    def change(descriptor: dict[str, Any], address: str) -> None:
        given = value.format(address=address) if isinstance(value, str) else value
        resource(descriptor, name)[key] = given

    return described(change)


def tops(key: str, value: Any) -> Attack:
    def change(descriptor: dict[str, Any], address: str) -> None:
        descriptor[key] = value.format(address=address) if isinstance(value, str) else value

    return described(change)


def adds(path: str) -> Attack:
    """A further resource at a path."""

    def change(descriptor: dict[str, Any], address: str) -> None:
        descriptor["resources"].append(
            {"name": "more", "title": "more", "path": path.format(address=address)}
        )

    return described(change)


def linked(path: str, to: str) -> Attack:
    """A file of the package as a link to a file beside the package."""

    def attack(folder: Path, address: str) -> None:
        (folder / path).unlink(missing_ok=True)
        (folder / path).symlink_to(folder.parent / to)

    return attack


def folder_linked(path: str) -> Attack:
    """A folder of the package as a link to a copy of it beside the package."""

    def attack(folder: Path, address: str) -> None:
        (folder / path).rename(folder.parent / "moved")
        (folder / path).symlink_to(folder.parent / "moved")

    return attack


def piped(path: str) -> Attack:
    def attack(folder: Path, address: str) -> None:
        (folder / path).unlink(missing_ok=True)
        os.mkfifo(folder / path)

    return attack


def renamed(identifier: str) -> Attack:
    """The document under another id, in the table, as it would become a file name."""

    def attack(folder: Path, address: str) -> None:
        path = folder / "data" / "documents.csv"
        head, _, rest = path.read_text("utf-8").partition("\n")
        path.write_text(f"{head}\n{identifier}{rest[rest.index(',') :]}", "utf-8")

    return attack


def evil(folder: Path, address: str) -> None:
    (folder / "evil.html").write_text("<script>document.title = 'run'</script>", "utf-8")
    adds("evil.html")(folder, address)


ATTACKS: Mapping[str, Attack] = {
    "absolute path": adds("/etc/passwd"),
    "path upwards": adds("../secret.csv"),
    "path up in the middle": adds("data/../../secret.csv"),
    "backslashes": adds("..\\secret.csv"),
    "drive": adds("C:/secret.csv"),
    "file address": adds("file:///etc/passwd"),
    "address": adds("{address}/x.csv"),
    "data address": adds("data:text/csv,a"),
    "path with an end of text": adds("data/facts.csv\0.html"),
    "list of paths": sets("units", "path", ["data/units.csv", "../secret.csv"]),
    "table elsewhere": sets("units", "path", "../secret.csv"),
    "table at an address": sets("units", "path", "{address}/units.csv"),
    "schema elsewhere": sets("units", "schema", "../secret.json"),
    "schema at an address": sets("units", "schema", "{address}/schema.json"),
    "dialect elsewhere": sets("units", "dialect", "../secret.json"),
    "dialect at an address": sets("units", "dialect", "{address}/dialect.json"),
    "profile elsewhere": sets("units", "profile", "../secret.json"),
    "profile at an address": sets("units", "profile", "{address}/profile.json"),
    "package profile elsewhere": tops("profile", "../secret.json"),
    "package profile at an address": tops("profile", "{address}/profile.json"),
    "fiscal profile, which is fetched": tops("profile", "fiscal-data-package"),
    "package profiles at an address": tops("profiles", ["http://127.0.0.1:9/x"]),
    "$schema at an address": tops("$schema", "{address}/schema.json"),
    "resource by a path": described(lambda d, address: d["resources"].append("../secret.json")),
    "resource by an address": described(
        lambda d, address: d["resources"].append(f"{address}/resource.json")
    ),
    "further paths": sets("units", "extrapaths", ["../secret.csv"]),
    "base path": sets("units", "basepath", "/"),
    "remote scheme": sets("units", "scheme", "http"),
    "inner path": sets("units", "innerpath", "../secret.csv"),
    "linked table": linked("data/units.csv", "secret.csv"),
    "linked facts": linked("data/facts.csv", "secret.csv"),
    "linked descriptor": linked(DESCRIPTOR, "secret.json"),
    "linked graph": linked("graph/budget.trig", "secret.json"),
    "linked database": linked("budget.db", "secret.csv"),
    "linked folder of data": folder_linked("data"),
    "linked folder of sources": folder_linked("source"),
    "linked store": folder_linked("graph/store"),
    "piped table": piped("data/facts.csv"),
    "piped descriptor": piped(DESCRIPTOR),
    "document id upwards": renamed("../../secret"),
    "document id absolute": renamed("/etc/passwd"),
    "active file": evil,
}  # fmt: skip

ROUTES = (
    "/", "/-/package//etc/passwd", "/-/package/../secret.csv", "/-/package/%2e%2e/secret.csv",
    "/-/package/..%2fsecret.csv", "/-/package/data/..%5c..%5csecret.csv", "/-/package/evil.html",
    "/-/package/data/units.csv", "/-/package/data/facts.csv", "/-/package/datapackage.json",
    "/-/static/../../secret.csv", "/static/..%2f..%2fsecret.csv", "/-/package/graph/budget.trig",
    "/id/document/..%2f..%2fsecret", "/-/page/..%2fsecret.html", "/budget/documents",
)  # fmt: skip


def prepared(good: Path, around: Path, name: str, address: str) -> Path:
    """A copy of the good package in an empty folder, attacked."""
    shutil.rmtree(around, ignore_errors=True)
    around.mkdir()
    folder = shutil.copytree(good, around / "package")
    for secret in good.parent.glob("secret.*"):
        shutil.copy(secret, around)
    ATTACKS[name](folder, address)
    return folder


def mistakes(
    good: Path, folder: Path, out: Path, watch: Watch, listener: Listener,
    only: tuple[str, ...] = (),
) -> Iterator[str]:  # fmt: skip
    """What commands and pages give away of an attacked package."""
    outside = (str(folder.parent / "secret"), "/etc/passwd")
    for command, arguments in commands(good, out).items():
        if only and command not in only:
            continue
        given = [str(folder) if each == str(good) else each for each in arguments()]
        with watch():
            found = run(given)
        written = _holds_secret(out)
        if found.trace:
            yield f"{command}: traceback {found.trace.splitlines()[-1]}"
        if SECRET in found.said or "root:" in found.said or written:
            yield f"{command}: gives the secret away"
        if [path for path in watch.opened if path.startswith(outside)]:
            yield f"{command}: opens what lies outside"
        if listener.connections or (watch.connected and "ckan" not in command):
            yield f"{command}: opens a socket {watch.connected[:1]}"
            listener.connections = 0
    yield from asyncio.run(_pages(folder))


def _holds_secret(out: Path) -> bool:
    return any(
        SECRET.encode() in path.read_bytes() for path in out.rglob("*") if path.is_file()
    )  # fmt: skip


async def _pages(folder: Path) -> list[str]:
    from yusuan.serve import create_app
    from yusuan.serve.plugin import site_of

    found = []
    with suppress(YusuanError):  # a site that is refused shows nothing
        app = create_app(folder)
        try:
            for route in ROUTES:
                answer = await app.client.get(route)
                if SECRET in answer.text or "root:x" in answer.text:
                    found.append(f"GET {route}: gives the secret away")
                if str(folder.parent) in answer.text or "Traceback" in answer.text:
                    found.append(f"GET {route}: names a path of the server")
                if "content-security-policy" not in answer.headers:
                    found.append(f"GET {route}: without a policy")
                kind = answer.headers.get("content-type", "")
                if route.startswith("/-/package") and answer.status_code == 200 and (
                    "html" in kind or "svg" in kind
                ):  # fmt: skip
                    found.append(f"GET {route}: {kind} runs here")
        finally:
            site_of(app).close()
    return found


def main() -> int:
    tried, failures = 0, []
    watch = Watch()
    with tempfile.TemporaryDirectory() as name, Listener() as listener:
        good = victim(Path(name)).folder
        out = Path(name, "out")
        for attack in ATTACKS:
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            address = f"http://127.0.0.1:{listener.port}"
            folder = prepared(good, Path(name, "around"), attack, address)
            tried += 1
            failures += [
                f"{attack}: {what}" for what in mistakes(good, folder, out, watch, listener)
            ]
    return row("Files and addresses outside, 10 commands and "
               f"{len(ROUTES)} pages each", tried, failures)  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
