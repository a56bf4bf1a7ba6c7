"""Damaged data files: a column gone, words for numbers, no file or one without end, in every command.

Each ends with its result, or with one sentence and a status that is not 0; never with a traceback.

    python -m tests.attacks.data_files [RESOURCE ...]
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.attacks.odd_files import waited, wrong_with
from tests.attacks.victim import Run, commands, row, run, victim
from yusuan.model.errors import YusuanError
from yusuan.serve import create_app

__all__ = ["DAMAGES", "REFUSED", "RESOURCES", "attacked"]

SECONDS = 240
"""After so long, on a machine with other work, a command goes through a file that has no end."""
RESOURCES = ("facts", "budgets", "figures", "spending", "revenue", "documents")
_NO_FILE = ("gone", "a pipe", "a folder", "a link out")


def _rows(path: Path, change: Callable[[list[list[str]]], object]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def _instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


def _sparse(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(1 << 40)


def _cells(text: str) -> Callable[[Path], None]:
    """All cells of the last row but its key."""
    return lambda path: _rows(path, lambda rows: rows[-1].__setitem__(
        slice(1, None), [text] * (len(rows[-1]) - 1)))  # fmt: skip


DAMAGES: Mapping[str, Callable[[Path], None]] = {
    "gone": lambda path: path.unlink(),
    "a pipe": _instead(os.mkfifo),
    "a folder": _instead(Path.mkdir),
    "a link out": _instead(lambda path: path.symlink_to("../../secret.csv")),
    "no bytes": lambda path: path.write_bytes(b"") and None,
    "no UTF-8": lambda path: path.write_bytes(b"\xff\xfe\x00\xd8" * 9) and None,
    "zeros without end": _sparse,
    "a line without end": lambda path: path.write_bytes(b'"' + b"x" * (8 << 20)) and None,
    "a column gone": lambda path: _rows(path, lambda rows: [each.pop(1) for each in rows]),
    "the last column gone": lambda path: _rows(path, lambda rows: [each.pop() for each in rows]),
    "100,000 columns": lambda path: _rows(
        path, lambda rows: rows[0].extend(map(str, range(100_000)))
    ),
    "NUL in the heading": lambda path: _rows(
        path, lambda rows: rows[0].__setitem__(1, "\0" + rows[0][1])
    ),
    "a column renamed": lambda path: _rows(path, lambda rows: rows[0].__setitem__(1, "x")),
    "a row too short": lambda path: _rows(path, lambda rows: rows[-1].__delitem__(slice(2, None))),
    "a row too long": lambda path: _rows(path, lambda rows: rows[-1].extend("xyz")),
    "words for numbers": _cells("二百"),
    "nothing in a row": _cells(""),
    "numbers without end": _cells("9" * 60_000),
    "powers without end": _cells("1e999999999"),
    "no numbers": _cells("NaN"),
    "a row twice": lambda path: _rows(path, lambda rows: rows.append(rows[-1])),
}  # fmt: skip
"""What is done to a data file with all its rows."""
REFUSED = (
    *_NO_FILE,
    "no bytes",
    "no UTF-8",
    "a column gone",
    "a column renamed",
    "100,000 columns",
    "NUL in the heading",
    "words for numbers",
)
"""What ``yusuan validate`` must refuse in whatever resource."""


def attacked(
    package: Path, out: Path, resources: Sequence[str] = RESOURCES,
    damages: Sequence[str] = tuple(DAMAGES),
) -> Iterator[str | None]:  # fmt: skip
    """What went wrong with each damage of each resource in each command; None where nothing did."""
    before = signal.signal(signal.SIGALRM, waited)
    spare, empty = package.parent / "damaged", out / "out"
    try:
        for resource in resources:
            for damage in damages:
                shutil.copytree(package, spare)
                empty.mkdir(exist_ok=True)
                given = commands(spare, empty)
                DAMAGES[damage](spare / "data" / f"{resource}.csv")
                for name, arguments in given.items():
                    signal.alarm(SECONDS)
                    found = run(arguments())
                    signal.alarm(0)
                    case = f"{name}, {resource}: {damage}"
                    missed = name == "validate" and damage in REFUSED and found.status == 0
                    yield "accepts: " + case if missed else wrong_with(found, case)
                signal.alarm(SECONDS)
                yield wrong_with(_served(spare), f"serve, {resource}: {damage}")
                signal.alarm(0)
                shutil.rmtree(spare)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _served(package: Path) -> Run:
    """What becomes of a site that is made of a package."""
    try:
        create_app(package)
    except YusuanError as error:
        return Run(2, f"Error: {error}")
    except Exception as error:
        return Run(1, str(error), f"{type(error).__name__}: {error}")
    return Run(0, "")


def main() -> int:
    asked = tuple(sys.argv[1:]) or RESOURCES
    with tempfile.TemporaryDirectory() as name:
        package = victim(Path(name)).folder
        found = list(attacked(package, Path(name), asked))
    return row("Damaged data files (`data_files`)", len(found), [each for each in found if each])


if __name__ == "__main__":
    sys.exit(main())
