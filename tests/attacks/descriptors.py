"""Damaged descriptors: each node of ``datapackage.json`` deleted or put to what it may not be.

A command ends with its result, or with one sentence that names the file and the place in it;
never with a traceback, and never reading anything outside the package.

    python -m tests.attacks.descriptors [--nodes 600] [--refused 60] [--accepted 6]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.attacks.victim import commands, row, run, victim
from yusuan.model.errors import YusuanError
from yusuan.package.descriptor import DESCRIPTOR, read_descriptor

__all__ = ["DAMAGES", "WHOLE", "damaged", "nodes", "refusal"]

DEEP: Any = []
for _ in range(60):
    DEEP = [DEEP]

DAMAGES: dict[str, Any] = {
    "null": None, "number": 5, "negative": -1, "float": 1e300, "huge": 10**400, "true": True,
    "text": "x", "empty text": "", "long text": "预" * 300_000, "control": "a\x00\x1b[2Jb\n",
    "half a character": "\ud800", "list": [], "list of lists": [[], [1]], "object": {},
    "nested": DEEP, "path out": "../secret.csv", "absolute": "/etc/passwd",
    "address": "http://127.0.0.1:9/x", "script": "javascript:alert(1)",
}  # fmt: skip
WHOLE = (
    b"", b"null", b"[]", b'"x"', b"5", b"{", b"\xff\xfe", b"{}" * 2, b"[" * 100_000, b'{"a": NaN}',
    b'{"name": "x", "resources": "y"}', b'{"resources": [' + b"{}," * 1000 + b"{}]}",
    b'{"bytes": ' + b"9" * 10_000 + b"}",
)  # fmt: skip
"""Contents of the whole file."""

Keys = tuple[str | int, ...]


def nodes(value: Any, at: Keys = ()) -> Iterator[Keys]:
    """The keys that lead to each node, the whole not among them."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        yield (*at, key)
        if isinstance(each, (dict, list)):
            yield from nodes(each, (*at, key))


def kinds_of_nodes(value: Any) -> list[Keys]:
    """One node of each kind: of the items of a list, the first that has such a node."""
    found: dict[str, Keys] = {}
    for keys in nodes(value):
        found.setdefault(re.sub(r"/\d+", "/*", pointer(keys)), keys)
    return list(found.values())


def pointer(keys: Keys) -> str:
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


@contextlib.contextmanager
def damaged(descriptor: dict[str, Any], keys: Keys, damage: str) -> Iterator[None]:
    """Within, one node of the descriptor is deleted ("delete") or put to one of DAMAGES."""
    place: Any = descriptor
    for key in keys[:-1]:
        place = place[key]
    last, before = keys[-1], list(place) if isinstance(place, list) else dict(place)
    if damage == "delete":
        del place[last]
    else:
        place[last] = DAMAGES[damage]
    try:
        yield
    finally:
        if isinstance(place, list):
            place[:] = before
        else:
            place.clear()
            place.update(before)


def store(folder: Path, descriptor: dict[str, Any]) -> None:
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor), "utf-8")


def refusal(folder: Path) -> str | None:
    """The sentence that refuses the descriptor in a folder; None when it is accepted."""
    try:
        read_descriptor(folder)
    except YusuanError as error:
        return str(error)
    return None


def mistakes(folder: Path, keys: Keys, out: Path, commands_too: bool) -> Iterator[str]:
    """What is wrong with how the commands take the descriptor that stands in a folder."""
    said = refusal(folder)
    if said is not None and ("\n" in said or DESCRIPTOR not in said or pointer(keys) not in said):
        yield f"does not name the place: {said[:200]}"
    if not commands_too:
        return
    for name, arguments in commands(folder, out).items():
        found = run(arguments())
        if found.trace:
            yield f"{name}: traceback {found.trace.splitlines()[-1]}"
        elif said is not None and (found.status == 0 or pointer(keys) not in found.said):
            yield f"{name}: exit status {found.status}, {found.said[:100]}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=600, metavar="N", help="damages in all")
    parser.add_argument("--refused", type=int, default=60, metavar="N",
                        help="refused damages that every command is tried with")  # fmt: skip
    parser.add_argument("--accepted", type=int, default=6, metavar="N",
                        help="damages that change nothing that matters, with every command")  # fmt: skip
    asked = parser.parse_args()
    random.seed(15)
    tried, failures = 0, []
    with tempfile.TemporaryDirectory() as name:
        folder = victim(Path(name)).folder
        out = Path(name, "out")
        out.mkdir()
        descriptor = json.loads((folder / DESCRIPTOR).read_text("utf-8"))
        pairs = [(keys, damage) for keys in kinds_of_nodes(descriptor)
                 for damage in ("delete", *DAMAGES)]  # fmt: skip
        random.shuffle(pairs)
        left = {True: asked.refused, False: asked.accepted}
        for keys, damage in pairs[: asked.nodes]:
            with damaged(descriptor, keys, damage):
                store(folder, descriptor)
            tried += 1
            refused = refusal(folder) is not None
            fully = left[refused] > 0
            left[refused] -= fully
            failures += [f"{pointer(keys)} {damage}: {what}"
                         for what in mistakes(folder, keys, out, fully)]  # fmt: skip
        for content in WHOLE:
            (folder / DESCRIPTOR).write_bytes(content)
            tried += 1
            failures += [f"{content[:30]!r}: {what}" for what in mistakes(folder, (), out, True)]
    return row("Damaged descriptors, every command", tried, failures)


if __name__ == "__main__":
    sys.exit(main())
