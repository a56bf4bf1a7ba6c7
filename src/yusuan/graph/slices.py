"""A package's graph taken apart, to be judged some budgets at a time.

Shapes look at one thing and its neighbours, so a budget is judged with what stands in no budget
(lists, departments, the catalogue) beside it, and what stands in no budget with what it refers to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from yusuan.graph.prefixes import expand
from yusuan.schema import data_path

__all__ = ["Common", "Slice", "common", "divided", "said_of"]

_SIZE = 12_000_000
"""About how many bytes of TriG of budgets are a slice: some 150,000 statements."""
_CHUNK = 4_000_000
"""Bytes of a file that are read together."""
_OPEN = b"GRAPH "
_CLOSE = b"\n}\n"
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
        for graph, text in _runs(stream):
            if graph not in home:
                path, graphs = slices[len(home) % count]
                home[graph] = path
                graphs.append(graph)
            with home[graph].open("ab") as file:  # there may be more than can be open
                file.write(text)
    return slices, outside


def _runs(stream: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The name of a graph and statements in it, or nothing and statements that are in none.

    No literal has a line of its own, so a line that opens or closes a graph is one.
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
            if any(said in line for said in _STRUCTURAL):
                found.structural.append(line)
            if subject in names:
                if _TYPE in line:
                    found.budgets[subject].append(line)
            elif value not in names and _USED not in line:
                found.beside.append(line)
    return found


def said_of(own: bytes, wanted: set[bytes]) -> Iterator[bytes]:
    """What a slice says of some things, as Turtle."""
    for said in own.split(b"\n<"):
        said = said.removeprefix(b"<").rstrip(b"\n")
        if b"<%s>" % said.partition(b">")[0] in wanted:
            yield b"<%s\n" % said
