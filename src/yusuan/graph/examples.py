"""An example of each class, out of a package: what the graph says of one thing, in Turtle."""

from __future__ import annotations

from yusuan.graph.csvw import csv_metadata
from yusuan.graph.mapping import TableMapping
from yusuan.graph.prefixes import VOCABULARY, expand
from yusuan.graph.turtle import turtle
from yusuan.package import Package
from yusuan.schema import catalogue

__all__ = ["class_examples"]

_TYPE = f" <{expand('rdf:type')}> <{VOCABULARY}".encode()


def class_examples(package: Package) -> dict[str, str]:
    """The first thing of each class of the vocabulary, by the class's name without prefix.

    A class that the package has nothing of is left out.
    """
    found: dict[str, str] = {}
    tables = csv_metadata(package.base, catalogue().resources)["tables"]
    for resource, table in zip(catalogue().resources, tables, strict=True):
        cells = next(package.records(resource.name), None)
        if cells is None:
            continue
        lines = TableMapping(table).lines(cells).splitlines(keepends=True)
        for line in lines:
            subject, typed, name = line.partition(_TYPE)
            if typed and (kind := name.partition(b">")[0].decode()) not in found:
                own = [said for said in lines if said.startswith(subject + b" ")]
                found[kind] = turtle(own, package.base)
    return found
