"""Writers that are killed, or meet a full disk: what stood before stands, or the new thing whole.

python -m tests.attacks.kills [--kills 40] [--only NAME]
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from tests.attacks.victim import row, run
from tests.disclosures import ROWS, disclosure_text, write

__all__ = ["Writer", "attacked", "digest", "leftovers", "writers"]

PUBLISHED = (
    "2024年政府收支分类科目", "支出功能分类科目", "科目编码\t科目名称", "213\t农林水支出", "21303\t水利",
    "2130301\t行政运行", "2130306\t水利工程运行与维护",
)  # fmt: skip
"""A list as it is published, in small."""
_IMPORTED = re.compile(rb'"imported": "[^"]*"')
"""When a list was imported: not the same in each run."""


@dataclass(frozen=True, slots=True)
class Writer:
    """A command that writes, its target, and how the target comes to be as it was before."""

    arguments: list[str]
    target: Path
    before: Callable[[], None]


def digest(path: Path) -> str:
    """What a file or folder holds; the store, which is not the same bytes each time, by its being."""
    if not path.exists():
        return ""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    found = hashlib.sha256()
    for each in sorted(path.rglob("*")):
        if (
            each.is_file()
            and "store" not in each.parts
            and each.name not in ("budget.db", "search.db")
        ):
            found.update(
                str(each.relative_to(path)).encode() + _IMPORTED.sub(b"", each.read_bytes())
            )
    store = path / "graph" / "store"
    found.update(str(store.is_dir() and (store / "CURRENT").is_file()).encode())
    return found.hexdigest()


def leftovers(folder: Path) -> list[str]:
    """Names of ours that no reader of the folder should see."""
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob(".*")
        if path.name.startswith((".yusuan-", ".committed")) or path.name.endswith(".partial")
    )  # fmt: skip


def writers(folder: Path) -> Mapping[str, Writer]:
    """The writers, on a package of two documents in a folder."""
    package = folder / "package"
    finished(["build", str(write(folder, disclosure_text())), "--output", str(package)])
    other = folder / "other"
    other.mkdir()
    rows = tuple(line.replace("213", "201").replace("250", "260") for line in ROWS)
    text = disclosure_text(rows=rows).replace("桐庐县水利局", "淳安县教育局")
    finished(["build", str(write(other, text)), "--output", str(other / "package")])
    out = folder / "out"
    out.mkdir()
    write(folder, disclosure_text(rows=(*ROWS[:2], ROWS[2].replace("350", "360"))), "wrong.md")
    published = write(folder, "\n".join(PUBLISHED), "2024年政府收支分类科目.txt")
    lists = folder / "lists"
    os.environ["YUSUAN_CODES"] = str(lists)
    trig = str(package / "graph" / "budget.trig")
    fact = (package / "data" / "facts.csv").read_text("utf-8").splitlines()[1].partition(",")[0]

    def tree(name: str) -> Callable[[], None]:
        kept = folder / "kept" / name
        kept.parent.mkdir(exist_ok=True)

        def before() -> None:
            shutil.rmtree(out / name, ignore_errors=True)
            shutil.copytree(kept, out / name)

        return before

    def empty(name: str) -> Callable[[], None]:
        return lambda: shutil.rmtree(out / name, ignore_errors=True)

    def file(name: str) -> Callable[[], None]:
        def before() -> None:
            (out / name).write_text("before", "utf-8")

        return before

    def gone(name: str) -> Callable[[], None]:
        return lambda: (out / name).unlink(missing_ok=True)

    def no_lists() -> None:
        shutil.rmtree(lists, ignore_errors=True)
        (lists / "expenditure-function").mkdir(parents=True)

    made: dict[str, Writer] = {
        "link": Writer(
            ["link", str(package), str(other / "package"), "--output", str(out / "linked")],
            out / "linked", tree("linked")),
        "publish static": Writer(
            ["publish", "static", str(package), str(out / "site"), "--site", "https://b.example/"],
            out / "site", tree("site")),
        "restore": Writer(["restore", trig, "--output", str(out / "restored")],
                          out / "restored", empty("restored")),
        "codes export": Writer(["codes", "export", str(out / "lists"), "--list", "cofog"],
                               out / "lists", empty("lists")),
        "codes harvest": Writer(
            ["codes", "harvest", str(package), "--output", str(out / "names.csv")],
            out / "names.csv", file("names.csv")),
        "show": Writer(["show", str(package), fact, "-o", str(out / "cell.html")],
                       out / "cell.html", file("cell.html")),
        "check --propose": Writer(
            ["check", str(folder / "wrong.md"), "--propose", str(out / "patch.csv"),
             "--fail-on", "never"], out / "patch.csv", gone("patch.csv")),
        "check --report": Writer(
            ["check", str(folder / "wrong.md"), "--report", str(out / "report.html"),
             "--fail-on", "never"], out / "report.html", file("report.html")),
        "codes import": Writer(
            ["codes", "import", str(published), "--list", "expenditure-function", "--year", "2024",
             "--replace", "--accept-problems"], lists, no_lists),
        "codes harvest --keep": Writer(
            ["codes", "harvest", str(package), str(other / "package"), "--keep"], lists, no_lists),
        "build": Writer(
            ["build", str(folder / "disclosure.md"), "--output", str(out / "built"),
             "--base", "https://b.example/"], out / "built", tree("built")),
        "update": Writer(["update", str(out / "updated"), str(other / "disclosure.md")],
                         out / "updated", tree("updated")),
    }  # fmt: skip
    (folder / "kept").mkdir(exist_ok=True)
    shutil.copytree(package, folder / "kept" / "linked")
    shutil.copytree(package, folder / "kept" / "built")
    shutil.copytree(package, folder / "kept" / "updated")
    finished(["publish", "static", str(package), str(folder / "kept" / "site")])
    return made


def started(arguments: list[str]) -> int:
    """A process of its own that runs a command with all modules loaded; returns its id."""
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        found = run(arguments)
        os._exit(min(found.status, 127) if not found.trace else 99)
    return child


def finished(arguments: list[str]) -> None:
    """Run a command in a process of its own: this one must stay without threads, or forks hang."""
    os.waitpid(started(arguments), 0)


def attacked(writer: Writer, kills: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """What is broken or left behind after each of the kills."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    with patch.object(tempfile, "tempdir", str(temporary)):
        yield from _attacked(writer, kills, chance, folder)
    if left := [path.name for path in temporary.iterdir()]:
        yield f"the next run leaves {left[:3]} among temporary files"


def _attacked(writer: Writer, kills: int, chance: random.Random, folder: Path) -> Iterator[str]:
    writer.before()
    old = digest(writer.target)
    begun = time.monotonic()
    finished(writer.arguments)
    took = time.monotonic() - begun
    new = digest(writer.target)
    if new == old or not new:
        yield "the command itself writes nothing"
        return
    for number in range(kills):
        writer.before()
        earlier = {*leftovers(folder)}  # of SIGKILL, for a run that comes as far as to sweep
        sent = signal.SIGTERM if number % 3 == 0 else signal.SIGKILL
        child = started(writer.arguments)
        # Most of the time goes by before anything is written: look more closely at the end.
        time.sleep(took * (chance.random() ** 0.5) * 1.02)
        os.kill(child, sent)
        os.waitpid(child, 0)
        at = f"kill {number + 1} ({sent.name})"
        if sent is signal.SIGTERM and (
            left := [each for each in leftovers(folder) if each not in earlier]
        ):
            yield f"{at}: left {left[:3]}"
        if digest(writer.target) not in (old, new) and not _settles(writer, old, new):
            yield f"{at}: the target is broken"
    writer.before()
    finished(writer.arguments)
    if digest(writer.target) != new:
        yield "the next run gives something else"
    if left := leftovers(folder):
        yield f"the next run leaves {left[:3]}"


def _settles(writer: Writer, old: str, new: str) -> bool:
    """Whether what was committed is whole for the next reader (lists of the user's own)."""
    from yusuan.files.atomic import settle

    if writer.target.is_dir():
        settle(writer.target)
    return digest(writer.target) in (old, new)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=40, help="of each writer")
    parser.add_argument("--only", help="the name of one writer")
    asked = parser.parse_args()
    for module in ("yusuan.pipeline", "yusuan.portals", "yusuan.show", "yusuan.package.harvest"):
        importlib.import_module(module)
    chance = random.Random(15)
    status = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for writer, each in writers(folder).items():
            if asked.only in (None, writer):
                failures = list(attacked(each, asked.kills, chance, folder))
                status |= row(f"Kills of `{writer}` (`kills`)", asked.kills, failures)
                sys.stdout.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
