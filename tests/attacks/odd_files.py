"""Files that are none, or are named strangely, in every place where a command takes one.

python -m tests.attacks.odd_files
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import FrameType

from tests.attacks.victim import Run, row, run, victim
from tests.disclosures import disclosure_text

__all__ = ["ODD", "SECONDS", "attacked", "inputs", "outputs", "waited", "wrong_with"]

SECONDS = 60
"""After so long a command waits for something that never comes."""


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def _link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def _bytes(content: bytes) -> Callable[[Path], None]:
    return lambda path: _write(path, content)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(1 << 40)


def _unreadable(path: Path) -> None:
    path.write_text("x", "utf-8")
    path.chmod(0)


def _nothing(path: Path) -> None:
    """No such file."""


_GOOD = disclosure_text().encode()
ODD: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "a pipe": ("pipe.pdf", _fifo),
    "a socket": ("socket.csv", _socket),
    "a folder named like a document": ("folder.xlsx", lambda path: path.mkdir()),
    "a link to nothing": ("broken.pdf", _link("nowhere")),
    "a link to itself": ("loop.html", _link("loop.html")),
    "a link to a device": ("zero.txt", _link("/dev/zero")),
    "a device of no content": ("null.docx", _link("/dev/null")),
    "a link to a pipe": ("far.txt", _link("pipe.pdf")),
    "what may not be read": ("closed.txt", _unreadable),
    "no bytes": ("empty.xlsx", _bytes(b"")),
    "blanks": ("blank.md", _bytes(b" \n" * 99)),
    "zeros without end": ("sparse.csv", _sparse),
    "noise": ("noise.docx", _bytes(bytes(range(256)) * 9)),
    "nothing of that name": ("missing.pdf", _nothing),
    "a line feed in the name": ("new\nline.md", _bytes(_GOOD)),
    "a line feed in the name of no file": ("no\nfile.md", _nothing),
    "an escape in the name": ("\x1b[2J\x07.md", _bytes(_GOOD[:99])),
    "an escape in the name of no document": ("\x1b]0;x\x07.pdf", _bytes(b"x")),
    "letters that turn the line": ("\u202efdp.txt", _bytes(b"x")),
    "bytes that are no UTF-8": (os.fsdecode(b"\xd4\xa4\xff\xcb\xe3.txt"), _bytes(b"x")),
    "a name of 255 bytes": ("a" * 251 + ".txt", _bytes(b"x")),
    "a name too long": ("预" * 200 + ".txt", _nothing),
    "an option as a name": ("--help.txt", _bytes(b"x")),
    "a name of blanks": ("   ", _bytes(b"x")),
}
"""What is odd: a name, and how the file comes to be."""


def inputs(package: Path, good: Path, out: Path) -> Mapping[str, Callable[[str], list[str]]]:
    """Every command that reads a file or folder, by the path it is given."""
    at, source, new = str(package), str(good), str(out / "new")
    return {
        "check": lambda path: ["check", path],
        "check --schemas": lambda path: ["check", source, "--schemas", path],
        "build": lambda path: ["build", path, "-o", new],
        "build --patch": lambda path: ["build", source, "-o", new, "--patch", path],
        "validate": lambda path: ["validate", path],
        "link": lambda path: ["link", path, at, "-o", new],
        "sweep": lambda path: ["sweep", path],
        "show": lambda path: ["show", path, "x"],
        "serve": lambda path: ["serve", path, "--port", "1"],
        "query": lambda path: ["query", path, "ASK {}"],
        "query @": lambda path: ["query", at, f"@{path}"],
        "restore": lambda path: ["restore", path, "-o", new],
        "publish static": lambda path: ["publish", "static", path, new],
        "publish ckan": lambda path: ["publish", "ckan", path, "--url", "http://127.0.0.1:9", "--token", "x"],
        "codes import": lambda path: ["codes", "import", path, "--list", "expenditure-function", "--year",
                                      "2024", "--dry-run"],
        "codes harvest": lambda path: ["codes", "harvest", path],
        "codes show": lambda path: ["codes", "show", "2130301", "--package", path],
        "rules --schemas": lambda path: ["rules", "--schemas", path],
    }  # fmt: skip


def outputs(package: Path, good: Path, out: Path) -> Mapping[str, Callable[[str], list[str]]]:
    """Every command that writes a file or folder, by the path it is given."""
    at, source = str(package), str(good)
    return {
        "check --report": lambda path: ["check", source, "--report", path],
        "check --badge": lambda path: ["check", source, "--badge", path],
        "check --propose": lambda path: ["check", source, "--propose", path],
        "build -o": lambda path: ["build", source, "-o", path],
        "link -o": lambda path: ["link", at, "-o", path],
        "show -o": lambda path: ["show", at, "x", "-o", path],
        "restore -o": lambda path: ["restore", f"{at}/graph/budget.trig", "-o", path],
        "publish static": lambda path: ["publish", "static", at, path],
        "codes harvest -o": lambda path: ["codes", "harvest", at, "-o", path],
        "codes export": lambda path: ["codes", "export", path, "--list", "cofog"],
    }  # fmt: skip


def attacked(
    folder: Path,
    commands: Mapping[str, Callable[[str], list[str]]],
    only: Collection[str] = tuple(ODD),
) -> Iterator[str | None]:
    """What went wrong for each command and each odd file, made in a folder; None where nothing did."""
    before = signal.signal(signal.SIGALRM, waited)
    try:
        for odd in only:
            name, make = ODD[odd]
            path = folder / name
            for command, arguments in commands.items():
                if not os.path.lexists(path):
                    make(path)
                signal.alarm(SECONDS)
                found = run(arguments(str(path)))
                signal.alarm(0)
                yield wrong_with(found, f"{command}, {odd}")
    finally:
        signal.signal(signal.SIGALRM, before)


def wrong_with(found: Run, case: str) -> str | None:
    """What is wrong with how a command ended: a traceback, a sign that no terminal should get,
    or anything beside its sentence."""
    status, said = found.status, found.said
    if found.trace:
        return f"{case}: {found.trace.strip().splitlines()[-1][:200]}"
    if status not in (0, 1, 2):
        return f"{case}: status {status}"
    if shown := {
        char for char in said if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs")
    }:
        return f"{case}: shows {shown!r}: {said[:200]!r}"
    if status == 2 and "Usage:" not in said:
        lines = (found.errors or said).strip().splitlines()
        if strange := [line for line in lines if not line.startswith("Error: ")]:
            return f"{case}: says {strange[0][:200]!r}"
    return None


class _Waits(BaseException):
    """Raised where a command waits, past everything that it catches."""


def waited(number: int, frame: FrameType | None) -> None:
    """What SIGALRM is answered with."""
    raise _Waits(f"more than {SECONDS} s")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = victim(folder).folder
        good = folder / "disclosure.md"
        found: list[str | None] = []
        for kind, commands in (("in", inputs), ("out", outputs)):
            (folder / kind).mkdir()
            found += attacked(folder / kind, commands(package, good, folder))
    return row("Odd files (`odd_files`)", len(found), [each for each in found if each])


if __name__ == "__main__":
    sys.exit(main())
