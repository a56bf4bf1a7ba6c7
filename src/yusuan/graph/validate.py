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
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from yusuan.graph.prefixes import expand
from yusuan.graph.shapes import cube_shapes, hand_written
from yusuan.model.errors import YusuanError
from yusuan.schema import data_path

__all__ = ["Violation", "graph_violations", "violations"]

_SLICE = 40_000_000
"""About how many bytes of N-Quads of budgets are judged at once: some 150,000 statements."""
_DATASET = f" <{expand('dcat:dataset')}> "
_TYPED = re.compile(rf"^(<[^>]*>) <{re.escape(expand('rdf:type'))}> <[^>]*> \.$", re.MULTILINE)
_OBJECT = re.compile(r" (<[^ ]*>) \.$", re.MULTILINE)


class Violation(NamedTuple):
    """What a shape reports: the thing, the path (as in SPARQL; "" of the thing itself), why."""

    focus: str
    path: str
    constraint: str
    messages: tuple[str, ...]


def violations(ntriples: str, cubes: str = "") -> list[Violation]:
    """What the shapes report of a graph that is small enough for memory, as N-Triples.

    ``cubes`` are the shapes of its structures (``cube_shapes``), beside those of all the rest.
    Raises YusuanError when it is no graph.
    """
    try:
        report = _shapes(cubes).validate_text(ntriples, format="ntriples")
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
        budgets, common_path = _divided(nquads, Path(folder))
        vocabulary = ox.parse(
            path=str(data_path("ontology", "yusuan.ttl")), format=ox.RdfFormat.TURTLE
        )
        terms = (ox.serialize(vocabulary, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        common = common_path.read_text("utf-8") + terms
        cubes = cube_shapes(common)
        neighbours = set(_OBJECT.findall(common))
        types: list[str] = []
        for path in budgets:
            own = path.read_text("utf-8")
            types += [f"{found[0]}\n" for found in _TYPED.finditer(own) if found[1] in neighbours]
            yield from _of(own, own + common, cubes)
        yield from _of(common, common + "".join(types), cubes)


def _divided(nquads: Path, folder: Path) -> tuple[list[Path], Path]:
    """The triples of the budgets, each whole in one of the files, and those of no budget."""
    count = nquads.stat().st_size // _SLICE + 1
    budgets = [folder / f"{number}.nt" for number in range(count)]
    common = folder / "common.nt"
    with ExitStack() as stack:
        opened = [stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
                  for path in (*budgets, common)]  # fmt: skip
        rest = opened[-1].write
        home: dict[
            str, Callable[[str], object]
        ] = {}  # the catalogue comes first in the file, and names every budget
        for line in stack.enter_context(nquads.open(encoding="utf-8", newline="\n")):
            triple, _, last = line[:-3].rpartition(" ")
            if (write := home.get(last)) and triple.count(" ", 0, -1) > 1:
                write(triple + " .\n")
                continue
            rest(line)
            if _DATASET in line:
                home[last] = opened[len(home) % count].write
    return budgets, common


def _of(own: str, ntriples: str, cubes: str) -> Iterator[Violation]:
    """What is reported of things that ``own`` speaks of; the rest is beside them."""
    for found in violations(ntriples, cubes):
        start = f"<{found.focus}> "
        if own.startswith(start) or f"\n{start}" in own:
            yield found
