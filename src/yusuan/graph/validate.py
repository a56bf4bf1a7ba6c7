"""A package's graph against the SHACL shapes, in memory that does not grow with its budgets.

The engine is the ``shacl`` package; only ``violations`` knows it. Shapes look at one thing and
its neighbours, so a budget is judged with what stands in no budget (lists, departments, the
catalogue) beside it, and what stands in no budget with what it refers to.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from yusuan.graph.prefixes import PROLOGUE, expand
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

__all__ = ["Violation", "graph_violations", "violations"]

_SLICE = 12_000_000
"""About how many bytes of TriG of budgets are judged at once: some 150,000 statements."""
_CHUNK = 4_000_000
"""Bytes of a file that are read together."""
_OPEN = b"GRAPH "
_CLOSE = b"\n}\n"
_DATASET = f" <{expand('dcat:dataset')}> ".encode()
_TYPE = f" <{expand('rdf:type')}> ".encode()
_OBJECT = re.compile(rb" (<[^ ]*>) \.$", re.MULTILINE)


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
    budgets, outside = _divided(trig, folder)
    common = _ntriples(outside) + _ntriples(data_path("ontology", "yusuan.ttl"))
    cubes = cube_shapes(common.decode())
    beside = _beside(common, set(budgets.graphs))
    neighbours = set(_OBJECT.findall(common))
    types: list[bytes] = []
    for path in budgets.paths:
        own = path.read_bytes()
        types += _types(own, neighbours)
        yield from _of(own, beside, path, cubes)
        path.unlink()
    yield from _of(common, b"".join(types), outside, cubes)


class _Budgets(NamedTuple):
    """Files of Turtle in which each budget is whole, and the names of all."""

    paths: list[Path]
    graphs: list[bytes]


def _divided(trig: Path, folder: Path) -> tuple[_Budgets, Path]:
    """What is in the named graphs of a file, and in another what is in none."""
    paths = [folder / f"{n}.ttl" for n in range(trig.stat().st_size // _SLICE + 1)]
    outside = folder / "common.ttl"
    home: dict[bytes, int] = {}
    with ExitStack() as stack:
        opened = [stack.enter_context(path.open("wb")) for path in (*paths, outside)]
        for graph, text in _runs(stack.enter_context(trig.open("rb"))):
            place = home.setdefault(graph, len(home) % len(paths)) if graph else -1
            opened[place].write(text)
    return _Budgets(paths, list(home)), outside


def _runs(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The name of a graph and statements in it, or nothing and statements that are in none.

    No literal has a line of its own, so a line that opens or closes a graph is one. Raises
    ValueError when the last graph is not closed.
    """
    text = b"\n"
    while chunk := stream.read(_CHUNK) + stream.readline():
        text += chunk
        done = 1
        while (start := text.find(b"\n" + _OPEN, done - 1) + 1) > 0:
            if start > done:
                yield b"", text[done:start]
            done = start
            if (end := text.find(_CLOSE, start)) < 0:
                break  # the rest of the graph is still to be read
            first = text.index(b"\n", start) + 1
            yield text[start + len(_OPEN) : first - 3], text[first : end + 1]
            done = end + len(_CLOSE)
        else:
            yield b"", text[done:]
            done = len(text)
        text = b"\n" + text[done:]
    if text != b"\n":
        raise ValueError("it ends in the middle of a graph")


def _ntriples(turtle: Path) -> bytes:
    """A small file of Turtle as lines that can be looked at without a parser."""
    quads = ox.parse(PROLOGUE + turtle.read_bytes(), format=ox.RdfFormat.TURTLE)
    return ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b""


def _beside(common: bytes, budgets: set[bytes]) -> bytes:
    """What budgets may refer to; of the budgets themselves only that they are some."""
    return b"".join(
        line for line in common.splitlines(keepends=True)
        if _TYPE in line or not {line[: line.index(b" ")], line[line.rindex(b"<") : -3]} & budgets
    )  # fmt: skip


def _types(own: bytes, neighbours: set[bytes]) -> Iterator[bytes]:
    """What some things of a budget are, each as a block of its own."""
    for said in own.split(b"\n<"):
        name, _, rest = said.removeprefix(b"<").partition(b">")
        if (subject := b"<%s>" % name) in neighbours:
            for line in rest.splitlines():  # a block of types first, or a line that is one
                if line.startswith((b"  a ", _TYPE)):
                    yield b"%s %s .\n" % (subject, line.rstrip(b" .;"))


def _of(own: bytes, beside: bytes, path: Path, cubes: str) -> Iterator[Violation]:
    """What is reported of things that ``own`` speaks of; the rest is beside them."""
    path.write_bytes(PROLOGUE + own + beside)
    try:
        found_here = violations(path, cubes)
    except ValueError as error:  # its place is one in our own file
        raise ValueError(str(error).rpartition(": ")[2]) from None
    for found in found_here:
        start = b"\n<%s>" % found.focus.encode()
        if own.startswith(start[1:]) or start in own:
            yield found
