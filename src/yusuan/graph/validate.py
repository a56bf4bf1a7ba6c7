"""A package's graph against the SHACL shapes, in memory that what its budgets hold does not swell:
only their list stands in it whole.

The engine is the ``shacl`` package; only ``violations`` knows it.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from yusuan.graph.prefixes import PROLOGUE
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.graph.slices import common, divided, said_of
from yusuan.model.errors import YusuanError

__all__ = ["Violation", "graph_violations", "violations"]


_SUBJECT = re.compile(rb"^<([^>\n]+)>", re.MULTILINE)


class Violation(NamedTuple):
    """What a shape reports: the thing, the path (as in SPARQL; "" of the thing itself), why."""

    focus: str
    path: str
    constraint: str
    messages: tuple[str, ...]


def violations(data: str | Path, cubes: str = "") -> list[Violation]:
    """What the shapes report of a graph that is small enough for memory, as Turtle.

    A path is a file of it (``.ttl``). ``cubes`` are the shapes of its structures
    (``cube_shapes``), beside those of all the rest. Raises ValueError when it is no graph.
    """
    try:
        report = (
            _shapes(cubes).validate_file(str(data)) if isinstance(data, Path)
            else _shapes(cubes).validate_text(data, format="turtle")
        )  # fmt: skip
    except RuntimeError as error:
        raise ValueError(str(error)) from error
    return [
        Violation(
            result.focus_node.strip("<>"), (result.path or "").strip("<>"), result.component,
            tuple(result.messages),
        )
        for result in report.results
    ]  # fmt: skip


@lru_cache(maxsize=4)
def _shapes(cubes: str):  # type: ignore[no-untyped-def]  # its type is the engine's own
    from shacl import Shapes  # only who validates needs it

    return Shapes.from_turtle(f"{hand_written()}\n{cubes}")


def graph_violations(trig: Path) -> Iterator[Violation]:
    """What the shapes report of ``graph/budget.trig`` of a package, those of its structures and
    those written by hand.

    It is read once, and its budgets are laid aside in files of about a slice each. Raises
    YusuanError when it is no such file.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            yield from _judged(trig, Path(folder))
    except (SyntaxError, ValueError) as error:
        raise YusuanError(
            f"{trig}: not a graph as `yusuan build` writes it ({error}); build the package anew"
        ) from error


def _judged(trig: Path, folder: Path) -> Iterator[Violation]:
    slices, outside = divided(trig, folder)
    rest = common(outside, slices)
    cubes = cube_shapes(b"".join(rest.structural).decode())
    found: list[bytes] = []
    for path, graphs in slices:
        own = path.read_bytes()
        found += said_of(own, rest.neighbours)
        named = (line for graph in graphs for line in rest.budgets[graph])
        yield from _of(own, [*rest.beside, *named], path, cubes)
        path.unlink()
    yield from _of(rest.path.read_bytes(), found, outside, cubes)


def _of(own: bytes, beside: Iterable[bytes], path: Path, cubes: str) -> Iterator[Violation]:
    """What is reported of things that ``own`` speaks of; the rest is beside them."""
    with path.open("wb") as stream:
        stream.writelines((PROLOGUE, own, *beside))
    try:
        reported = violations(path, cubes)
    except ValueError as error:  # its place is one in our own file
        raise ValueError(str(error).rpartition(": ")[2]) from None
    if reported:
        subjects = {found[1].decode() for found in _SUBJECT.finditer(own)}
        yield from (found for found in reported if found.focus in subjects)
