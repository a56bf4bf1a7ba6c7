"""Write the RDF face of a package: metadata, TriG, readable Turtle and a SPARQL store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from yusuan.files.atomic import named
from yusuan.graph.catalogue import catalogue_lines
from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.layout import in_graph, runs
from yusuan.graph.prefixes import PROLOGUE, VOCABULARY_GRAPH
from yusuan.graph.shapes import package_shapes
from yusuan.graph.trig import DOCUMENT, rows_trig, trig
from yusuan.graph.turtle import turtle
from yusuan.model.errors import YusuanError
from yusuan.package import Package
from yusuan.schema import Resource, catalogue, data_path

__all__ = ["GRAPH", "load_trig", "write_graph"]

GRAPH = "graph/budget.trig"
"""Everything there is in RDF, below the folder of a package."""
_PART = 6_000_000
"""Bytes of TriG that are loaded at a time: a part is sorted in memory, which takes twenty times
as much, and the fewer parts there are, the less the store has to merge."""


def write_graph(package: Package, folder: Path) -> None:
    """Write ``csv-metadata.json`` and ``graph/`` below a folder, usually the package's own.

    ``graph/`` gets ``budget.trig`` (everything), ``departments.ttl``, ``links.ttl``,
    ``organisation-changes.ttl``, ``codes.ttl``, ``catalogue.ttl``, ``vocabulary.ttl``,
    ``shapes.ttl`` and ``store/``, an Oxigraph store that processes can open with
    ``pyoxigraph.Store.read_only``. All files but the store are the same bytes for the same
    package.

    Raises YusuanError when ``graph/`` is there already, or the package cannot be mapped.
    """
    graph = folder / "graph"
    metadata = catalogue_metadata(package.base)
    if graph.exists():
        raise YusuanError(f"{graph}: already there; build the package into a new folder")
    graph.mkdir(parents=True)
    text = json.dumps(metadata, ensure_ascii=False, indent=2)
    with named(folder / "csv-metadata.json"):
        (folder / "csv-metadata.json").write_text(text + "\n", "utf-8")
    with named(folder / GRAPH), (folder / GRAPH).open("wb") as stream:
        stream.writelines(trig(package))
    for name, parts in _readable(package):
        text = turtle(parts, package.base)
        with named(graph / f"{name}.ttl"):
            (graph / f"{name}.ttl").write_text(text, "utf-8", newline="\n")
    shutil.copyfile(data_path("ontology", "yusuan.ttl"), graph / "vocabulary.ttl")
    (graph / "shapes.ttl").write_text(package_shapes(package.base), "utf-8", newline="\n")
    with named(graph / "store"):
        _write_store(graph, folder / GRAPH)


def _readable(package: Package) -> Iterable[tuple[str, Iterable[bytes]]]:
    """The small parts that people read: what belongs to no document, and the catalogue."""
    lists: list[Resource] = []
    for resource in catalogue().resources:
        if resource.kind in ("list", "classification"):
            lists.append(resource)
        elif resource.about_url and all(field.name != DOCUMENT for field in resource.fields):
            yield resource.name, rows_trig(package, [resource])
    yield "codes", rows_trig(package, lists)
    yield "catalogue", map(str.encode, catalogue_lines(package))


def _write_store(graph: Path, trig_file: Path) -> None:
    store = ox.Store(graph / "store")
    load_trig(store, trig_file)
    store.bulk_load(
        path=graph / "vocabulary.ttl",
        format=ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(VOCABULARY_GRAPH),
    )
    store.flush()


def load_trig(store: ox.Store, path: Path) -> None:
    """Load a TriG file of ours into a store, in parts: at once it would take memory by its size."""
    with path.open("rb") as stream:
        for part in _parts(stream):
            # Lenient: our terms are checked and escaped where they are made, and tests parse them.
            store.bulk_load(BytesIO(part), format=ox.RdfFormat.TRIG, lenient=True)


def _parts(stream: BinaryIO) -> Iterator[bytes]:
    """A file as documents of their own, each a little larger than a part."""
    texts, size = [PROLOGUE], 0
    for graph, text in runs(stream):
        texts.append(in_graph(text, graph))
        size += len(text)
        if size >= _PART:
            part = b"".join(texts)
            texts, size = [PROLOGUE], 0
            yield part
    yield b"".join(texts)
