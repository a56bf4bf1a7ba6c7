"""An example of each class, out of a package: what the graph says of one thing, in Turtle."""

from __future__ import annotations

import pyoxigraph as ox

from yusuan.graph.csvw import catalogue_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import PROLOGUE, VOCABULARY, expand
from yusuan.graph.turtle import turtle
from yusuan.package import Package
from yusuan.schema import catalogue

__all__ = ["class_examples"]

_TYPE = ox.NamedNode(expand("rdf:type"))


def class_examples(package: Package) -> dict[str, str]:
    """The first thing of each class of the vocabulary, by the class's name without prefix.

    A class that the package has nothing of is left out.
    """
    found: dict[str, str] = {}
    tables = catalogue_metadata(package.base)["tables"]
    for resource, table in zip(catalogue().resources, tables, strict=True):
        cells = next(package.records(resource.name), None)
        if cells is None:
            continue
        block = "".join(TableMapping(table).blocks([cells])).encode()
        said = list(ox.parse(PROLOGUE + block, format=ox.RdfFormat.TRIG))
        for quad in said:
            kind = quad.object.value if isinstance(quad.object, ox.NamedNode) else ""
            name = kind.removeprefix(VOCABULARY)
            if quad.predicate == _TYPE and name != kind and name not in found:
                own = (f"{q.triple} .\n".encode() for q in said if q.subject == quad.subject)
                found[name] = turtle(own, package.base)
    return found
