"""A package's graph against the SHACL shapes, some budgets at a time.

Memory is not that of the graph: shapes look at one thing and its neighbours, so a budget is judged
with what stands in no budget (lists, departments, the catalogue) beside it, and what stands in no
budget with what it refers to. The engine is the ``shacl`` package; only ``violations`` knows it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.files.atomic import scratch_folder
from yusuan.graph.layout import runs
from yusuan.graph.prefixes import PROLOGUE, expand
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

__all__ = ["Violation", "graph_violations", "violations"]

_SIZE = 12_000_000
"""About how many bytes of TriG of budgets are a slice: some 150,000 statements."""
_TYPE = f" <{expand('rdf:type')}> ".encode()
_USED = f" <{expand('prov:used')}> ".encode()
_STRUCTURAL = tuple(f" <{expand(name)}> ".encode() for name in ("qb:component", "qb:codeList"))


class Slice(NamedTuple):
    """A file of Turtle, without prefixes, in which some budgets are whole."""

    path: Path
    graphs: list[bytes]


@dataclass(slots=True)
class Common:
    """What stands in no budget, by who needs it; lines of N-Triples."""

    path: Path
    """All of it."""
    beside: list[bytes] = field(default_factory=list)
    """What things of any budget may refer to."""
    budgets: dict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """That a budget is one, by its name."""
    structural: list[bytes] = field(default_factory=list)
    """The structures of the cubes."""
    neighbours: set[bytes] = field(default_factory=set)
    """What it refers to."""


def divided(trig: Path, folder: Path) -> tuple[list[Slice], Path]:
    """Slices of a file that ``trig`` made, and a file of what is in no budget, with the prefixes.

    Raises ValueError for a file that ends before it should.
    """
    count = trig.stat().st_size // _SIZE + 1
    slices = [Slice(folder / f"{number}.ttl", []) for number in range(count)]
    outside = folder / "outside.ttl"
    home = {b"": outside}
    for one in (outside, *(each.path for each in slices)):
        one.touch()
    with trig.open("rb") as stream:
        for graph, text in runs(stream):
            if graph not in home:
                path, graphs = slices[len(home) % count]
                home[graph] = path
                graphs.append(graph)
            with home[graph].open("ab") as file:  # there may be more than can be open
                file.write(text)
    return slices, outside


def common(outside: Path, slices: list[Slice]) -> Common:
    """What stands in no budget, and the vocabulary. Raises SyntaxError when it is no Turtle."""
    path = outside.with_suffix(".nt")
    turtle = ox.RdfFormat.TURTLE
    parsed = (ox.parse(path=str(one), format=turtle)
              for one in (outside, data_path("ontology", "yusuan.ttl")))  # fmt: skip
    ox.serialize(chain.from_iterable(parsed), str(path), format=ox.RdfFormat.N_TRIPLES)
    names = {graph for one in slices for graph in one.graphs}
    found = Common(path)
    with path.open("rb") as lines:
        for line in lines:
            subject = line[: line.index(b" ")]
            value = line[line.rindex(b" <") + 1 : -3] if line.endswith(b"> .\n") else b""
            found.neighbours.add(value)
            if any(description in line for description in _STRUCTURAL):
                found.structural.append(line)
            if subject in names:
                if _TYPE in line:
                    found.budgets[subject].append(line)
            elif value not in names and _USED not in line:
                found.beside.append(line)
    return found


def descriptions_of(own: bytes, wanted: set[bytes]) -> Iterator[bytes]:
    """What a slice says of some things, as Turtle."""
    for description in own.split(b"\n<"):
        description = description.removeprefix(b"<").rstrip(b"\n")
        if b"<%s>" % description.partition(b">")[0] in wanted:
            yield b"<%s\n" % description


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
        with scratch_folder() as folder:
            yield from _judged(trig, folder)
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
        found += descriptions_of(own, rest.neighbours)
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
