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
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.graph.layout import runs
from yusuan.graph.prefixes import expand
from yusuan.schema import data_path

__all__ = ["Common", "Slice", "common", "divided", "said_of"]

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
