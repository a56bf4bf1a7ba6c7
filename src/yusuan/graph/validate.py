"""A package's graph against the SHACL shapes, in memory that does not grow with its budgets.

The engine is the ``shacl`` package; only ``violations`` knows it. Shapes look at one thing and
its neighbours, so a budget is judged with what stands in no budget (lists, departments, the
catalogue) beside it, and what stands in no budget with what it refers to.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from yusuan.graph.prefixes import expand
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

__all__ = ["Violation", "graph_violations", "violations"]

_SLICE = 40_000_000
"""About how many bytes of N-Quads of budgets are judged at once: some 150,000 statements."""
_BLOCK = 200_000
"""Bytes of a file that are looked at together: some 20 facts."""
_TYPE = f" <{expand('rdf:type')}> ".encode()
_DATASET = f" <{expand('dcat:dataset')}> ".encode()
_TYPED = re.compile(re.escape(_TYPE) + rb"[^\n]*\n")
_OBJECT = re.compile(rb" (<[^ ]*>) \.$", re.MULTILINE)


class Violation(NamedTuple):
    """What a shape reports: the thing, the path (as in SPARQL; "" of the thing itself), why."""

    focus: str
    path: str
    constraint: str
    messages: tuple[str, ...]


def violations(ntriples: str | Path, cubes: str = "") -> list[Violation]:
    """What the shapes report of a graph that is small enough for memory, as N-Triples.

    A path is a file of them (``.nt``). ``cubes`` are the shapes of its structures
    (``cube_shapes``), beside those of all the rest. Raises YusuanError when it is no graph.
    """
    try:
        report = (
            _shapes(cubes).validate_file(str(ntriples)) if isinstance(ntriples, Path)
            else _shapes(cubes).validate_text(ntriples, format="ntriples")
        )  # fmt: skip
    except (ValueError, RuntimeError) as error:
        raise YusuanError(f"not N-Triples that can be judged: {error}") from error
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


def graph_violations(nquads: Path) -> Iterator[Violation]:
    """What the shapes report of ``graph/budget.nq`` of a package, those of its structures and
    those written by hand.

    It is read once, and its budgets are laid aside in files of about a slice each.
    """
    with tempfile.TemporaryDirectory() as folder:
        budgets, common_path, names = _divided(nquads, Path(folder))
        vocabulary = ox.parse(
            path=str(data_path("ontology", "yusuan.ttl")), format=ox.RdfFormat.TURTLE
        )
        terms = ox.serialize(vocabulary, format=ox.RdfFormat.N_TRIPLES) or b""
        common = common_path.read_bytes() + terms
        cubes = cube_shapes(common.decode())
        beside = _beside(common, names)
        neighbours = set(_OBJECT.findall(common))
        types: list[bytes] = []
        for path in budgets:
            own = path.read_bytes()
            types += _types(own, neighbours)
            yield from _of(own, beside, path, cubes)
            path.unlink()
        yield from _of(common, b"".join(types), common_path, cubes)


def _divided(nquads: Path, folder: Path) -> tuple[list[Path], Path, set[bytes]]:
    """The triples of the budgets, each whole in one of the files, those of none, and the names.

    The catalogue comes first in the file, and names every budget.
    """
    count = nquads.stat().st_size // _SLICE + 1
    budgets = [folder / f"{number}.nt" for number in range(count)]
    common = folder / "common.nt"
    with ExitStack() as stack:
        opened = [stack.enter_context(path.open("wb")) for path in (*budgets, common)]
        home: dict[bytes, Callable[[bytes], object]] = {}
        for last, lines in _runs(stack.enter_context(nquads.open("rb"))):
            if write := home.get(last):
                write(lines.replace(b" " + last, b" .\n"))
                continue
            opened[-1].write(lines)
            if _DATASET in lines:
                for line in lines.splitlines(keepends=True):
                    if _DATASET in line:
                        home[line[line.rindex(b"<") :]] = opened[len(home) % count].write
    return budgets, common, {name.removesuffix(b" .\n") for name in home}


def _runs(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Lines that stand together and are of one graph, as ``_graph`` has it, with that.

    The lines of a budget are thousands at a time, so most blocks are of one and need no look at
    each line. (No row outside the budgets ends all its lines with the name of one.)
    """
    while block := stream.read(_BLOCK) + stream.readline():
        last = _graph(block[: block.index(b"\n") + 1])
        if last and block.count(b" " + last) == block.count(b"\n"):
            yield last, block
        else:
            for last, lines in groupby(block.splitlines(keepends=True), _graph):
                yield last, b"".join(lines)


def _graph(line: bytes) -> bytes:
    """The end of a line from its graph on; of a triple, nothing or what is no graph's name."""
    return line[line.rfind(b"<") :] if line.count(b" ") > 3 else b""


def _beside(common: bytes, budgets: set[bytes]) -> bytes:
    """What budgets may refer to; of the budgets themselves only that they are some."""
    return b"".join(
        line for line in common.splitlines(keepends=True)
        if _TYPE in line or not {line[: line.index(b" ")], line[line.rindex(b"<") : -3]} & budgets
    )  # fmt: skip


def _types(own: bytes, neighbours: set[bytes]) -> Iterator[bytes]:
    for found in _TYPED.finditer(own):
        subject = own[own.rfind(b"\n", 0, found.start()) + 1 : found.start()]
        if subject in neighbours:
            yield subject + found[0]


def _of(own: bytes, beside: bytes, path: Path, cubes: str) -> Iterator[Violation]:
    """What is reported of things that ``own`` speaks of; the rest is beside them."""
    path.write_bytes(own + beside)
    for found in violations(path, cubes):
        start = f"<{found.focus}> ".encode()
        if own.startswith(start) or b"\n" + start in own:
            yield found
