"""Write the RDF face of a package: metadata, N-Quads, readable Turtle and a SPARQL store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

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

_BUFFER = 250_000
"""Bytes that are written at a time: a row has some 8,000, and each call costs as much again."""
_PART = 100_000_000
"""Bytes of N-Quads that are loaded at a time: a part is sorted in memory, which takes four times
as much, and the fewer parts there are, the less the store has to merge."""


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
    with (graph / "budget.nq").open("wb", _BUFFER) as stream:
        stream.writelines(quads(package))
    for name, lines in _readable(package):
        text = turtle(lines, package.base)
        (graph / f"{name}.ttl").write_text(text, "utf-8", newline="\n")
    shutil.copyfile(data_path("ontology", "yusuan.ttl"), graph / "vocabulary.ttl")
    (graph / "shapes.ttl").write_text(package_shapes(package.base), "utf-8", newline="\n")
    return _write_store(graph)


def _readable(package: Package) -> Iterable[tuple[str, Iterable[bytes]]]:
    """The small parts that people read: what belongs to no document, and the catalogue."""
    lists: list[Resource] = []
    for resource in catalogue().resources:
        if resource.kind in ("list", "classification"):
            lists.append(resource)
        elif resource.about_url and all(field.name != DOCUMENT for field in resource.fields):
            yield resource.name, rows_quads(package, [resource])
    yield "codes", rows_quads(package, lists)
    yield "catalogue", map(str.encode, catalogue_quads(package))


def _write_store(graph: Path) -> int:
    store = ox.Store(graph / "store")
    count = load_quads(store, graph / "budget.nq")
    store.bulk_load(
        path=graph / "vocabulary.ttl",
        format=ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(VOCABULARY_GRAPH),
    )
    store.flush()
    return count


class _Part:
    """The lines of a file from where it stands to the end of the line ``size`` bytes on."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        start = stream.tell()
        stream.seek(start + size)
        stream.readline()
        self._left = stream.tell() - start
        stream.seek(start)
        self._stream = stream
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        self.count += data.count(b"\n")
        return data


def load_quads(store: ox.Store, path: Path) -> int:
    """Load N-Quads of ours into a store; returns their number.

    They are loaded in parts: at once it would take memory by their number.
    """
    count, size = 0, path.stat().st_size
    with path.open("rb") as stream:
        while stream.tell() < size:
            part = _Part(stream, _PART)
            # Lenient: our terms are checked and escaped where they are made, and tests parse them.
            store.bulk_load(part, format=ox.RdfFormat.N_QUADS, lenient=True)  # type: ignore[arg-type]
            count += part.count
    return count
