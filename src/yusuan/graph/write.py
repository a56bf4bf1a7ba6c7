"""Write the RDF face of a package: metadata, N-Quads, readable Turtle and a SPARQL store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from yusuan.graph.catalogue import catalogue_quads
from yusuan.graph.csvw import csv_metadata
from yusuan.graph.prefixes import VOCABULARY_GRAPH
from yusuan.graph.shapes import package_shapes
from yusuan.graph.triples import DOCUMENT, quads, rows_quads
from yusuan.graph.turtle import turtle
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue, data_path

__all__ = ["load_quads", "write_graph"]

_PART = 100_000
"""Lines of N-Quads that are loaded at a time."""


def write_graph(package: Package, folder: Path) -> int:
    """Write ``csv-metadata.json`` and ``graph/`` below a folder, usually the package's own.

    ``graph/`` gets ``budget.nq`` (everything), ``departments.ttl``, ``links.ttl``,
    ``organisation-changes.ttl``, ``codes.ttl``, ``catalogue.ttl``, ``vocabulary.ttl``, ``shapes.ttl`` and ``store/``, an Oxigraph store that processes
    can open with ``pyoxigraph.Store.read_only``. All files but the store are the same bytes
    for the same package. Returns the number of quads in ``budget.nq``.

    Raises YusuanError when ``graph/`` is there already, or the package cannot be mapped.
    """
    graph = folder / "graph"
    metadata = csv_metadata(package.base, catalogue().resources)
    if graph.exists():
        raise YusuanError(f"{graph}: already there; build the package into a new folder")
    graph.mkdir(parents=True)
    text = json.dumps(metadata, ensure_ascii=False, indent=2)
    (folder / "csv-metadata.json").write_text(text + "\n", "utf-8")
    count = 0
    with (graph / "budget.nq").open("w", encoding="utf-8", newline="\n") as stream:
        for line in quads(package):
            stream.write(line)
            count += line.count("\n")
    for name, lines in _readable(package):
        text = turtle(lines, package.base)
        (graph / f"{name}.ttl").write_text(text, "utf-8", newline="\n")
    shutil.copyfile(data_path("ontology", "yusuan.ttl"), graph / "vocabulary.ttl")
    (graph / "shapes.ttl").write_text(package_shapes(package.base), "utf-8", newline="\n")
    _write_store(graph)
    return count


def _readable(package: Package) -> Iterable[tuple[str, Iterable[str]]]:
    """The small parts that people read: what belongs to no document, and the catalogue."""
    lists: list[Resource] = []
    for resource in catalogue().resources:
        if resource.kind in ("list", "classification"):
            lists.append(resource)
        elif resource.about_url and all(field.name != DOCUMENT for field in resource.fields):
            yield resource.name, rows_quads(package, [resource])
    yield "codes", rows_quads(package, lists)
    yield "catalogue", catalogue_quads(package)


def _write_store(graph: Path) -> None:
    store = ox.Store(graph / "store")
    load_quads(store, graph / "budget.nq")
    store.bulk_load(
        path=graph / "vocabulary.ttl",
        format=ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(VOCABULARY_GRAPH),
    )
    store.optimize()
    store.flush()


def load_quads(store: ox.Store, path: Path) -> None:
    """Load N-Quads of ours into a store, in parts: at once it would take memory by their number."""
    with path.open(encoding="utf-8", newline="\n") as stream:
        while part := "".join(islice(stream, _PART)):
            store.bulk_load(part, format=ox.RdfFormat.N_QUADS)
