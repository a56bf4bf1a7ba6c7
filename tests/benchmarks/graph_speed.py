"""A package of many facts to a validated, loaded graph: CPU seconds and peak memory of each step.

``python -m tests.benchmarks.graph_speed [FACTS] [--others]`` copies the documents of the sample
under other names until there are so many facts (100000 if not told), and runs every step in a
process of its own: generation, loading and optimising in Oxigraph, validation; and, with
``--others``, the same triples made with pyoxigraph and with rdflib, term by term, and the shapes
by pySHACL (slow: use few facts).
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT
from yusuan.package import Package, open_package
from yusuan.schema import catalogue

SAMPLE = ROOT / "datapackage"
DOCUMENT = "7a12ebf01553"
COPIED = ("documents", "facts", "projects", "published-tables")


def copies(folder: Path, facts: int) -> Package:
    """A package with the sample's documents, facts and projects under many names."""
    shutil.copytree(SAMPLE, folder)
    package = open_package(SAMPLE)
    each = sum(1 for _ in package.rows("facts"))
    keys = [f"{number:012x}" for number in range(-(-facts // each))]
    for resource_ in catalogue().resources:
        if resource_.name in COPIED:
            rows = list(package.records(resource_.name))
        elif any(field.name in ("document", "finding") for field in resource_.fields):
            rows = []
        else:
            continue
        left = facts if resource_.name == "facts" else len(rows) * len(keys)
        with (folder / resource_.path).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([field.name for field in resource_.fields])
            for place, key in enumerate(keys):
                year = str(2000 + place % 25)
                copied = [
                    [year if field.name == "fiscal_year" else cell.replace(DOCUMENT, key)
                     for field, cell in zip(resource_.fields, row, strict=True)]
                    for row in rows[:left]
                ]  # fmt: skip
                writer.writerows(copied)
                left -= len(copied)
    return open_package(folder)


def generate(folder: Path) -> int:
    from yusuan.graph import quads

    count = 0
    with (folder / "made.nq").open("w", encoding="utf-8", newline="\n") as stream:
        for lines in quads(open_package(folder)):
            stream.write(lines)
            count += lines.count("\n")
    return count


def load(folder: Path) -> int:
    import pyoxigraph as ox

    from yusuan.graph.write import load_quads

    shutil.rmtree(folder / "graph", ignore_errors=True)
    (folder / "graph").mkdir()
    store = ox.Store(str(folder / "graph" / "store"))
    load_quads(store, folder / "made.nq")
    store.optimize()
    store.flush()
    return len(store)


def validate(folder: Path) -> int:
    from yusuan.graph.validate import graph_violations

    found = list(graph_violations(folder / "made.nq"))
    assert not found, found[:3]
    return len(found)


def with_pyoxigraph(folder: Path) -> int:
    """The same quads as terms of pyoxigraph, serialised."""
    import pyoxigraph as ox

    made = (folder / "made.nq").open("rb")
    again = [
        ox.Quad(
            ox.NamedNode(quad.subject.value),
            ox.NamedNode(quad.predicate.value),
            quad.object if isinstance(quad.object, ox.NamedNode) else
            ox.Literal(quad.object.value, language=quad.object.language)
            if quad.object.language else
            ox.Literal(quad.object.value, datatype=quad.object.datatype),
            quad.graph_name,
        )
        for quad in ox.parse(made, format=ox.RdfFormat.N_QUADS)
    ]  # fmt: skip
    ox.serialize(again, output=str(folder / "again.nq"), format=ox.RdfFormat.N_QUADS)
    return len(again)


def with_rdflib(folder: Path) -> int:
    """The same triples in a graph of rdflib, serialised."""
    import rdflib

    graph = rdflib.Graph()
    with (folder / "made.nq").open(encoding="utf-8") as stream:
        graph.parse(data="".join(_triple(line) for line in stream), format="nt")
    graph.serialize(folder / "again.nt", format="nt", encoding="utf-8")
    return len(graph)


def with_pyshacl(folder: Path) -> int:
    import pyshacl
    import rdflib

    from yusuan.graph.shapes import package_shapes

    graph = rdflib.Graph()
    with (folder / "made.nq").open(encoding="utf-8") as stream:
        graph.parse(data="".join(_triple(line) for line in stream), format="nt")
    graph.parse(ROOT / "ontology" / "yusuan.ttl")
    shapes = rdflib.Graph().parse(data=package_shapes(open_package(folder).base))
    conforms, _, text = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, text
    return 0


def _triple(line: str) -> str:
    """A line of ours without its graph, which is what follows the object."""
    rest, _, last = line.rstrip(" .\n").rpartition(" ")
    return f"{rest} .\n" if "/id/budget/" in last and rest.count("> ") >= 2 else line


STEPS: dict[str, Callable[[Path], int]] = {
    "generate": generate, "load": load, "validate": validate,
    "pyoxigraph": with_pyoxigraph, "rdflib": with_rdflib, "pyshacl": with_pyshacl,
}  # fmt: skip


def measured(step: str, folder: Path) -> dict[str, float]:
    """What a step cost in a process of its own: CPU seconds, peak megabytes, and its count."""
    command = [sys.executable, "-m", "tests.benchmarks.graph_speed", "--step", step, str(folder)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def _step(name: str, folder: Path) -> None:
    count = STEPS[name](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"count": count, "cpu": used.ru_utime + used.ru_stime,
                      "mb": used.ru_maxrss / 1024}))  # fmt: skip


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts", nargs="?", type=int, default=100_000)
    parser.add_argument("--others", action="store_true", help="pyoxigraph, rdflib, pySHACL as well")
    parser.add_argument("--step", nargs=2, metavar=("STEP", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.step:
        _step(given.step[0], Path(given.step[1]))
        return
    with tempfile.TemporaryDirectory() as around:
        folder = Path(around) / "package"
        copies(folder, given.facts)
        steps = ["generate", "load", "validate"]
        steps += ["pyoxigraph", "rdflib", "pyshacl"] if given.others else []
        print(f"{'step':12} {'CPU s':>8} {'MB':>6}   of {given.facts} facts")
        total = 0.0
        for step in steps:
            cost = measured(step, folder)
            total += cost["cpu"] if step in ("generate", "load", "validate") else 0
            note = f"{cost['count']:.0f} quads" if step in ("generate", "load") else ""
            print(f"{step:12} {cost['cpu']:8.1f} {cost['mb']:6.0f}   {note}", flush=True)
        print(f"{'together':12} {total:8.1f}")


if __name__ == "__main__":
    main()
