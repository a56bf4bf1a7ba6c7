"""Which properties of ours are below one of others, by the vocabulary."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pyoxigraph as ox

from yusuan.graph.prefixes import VOCABULARY, expand
from yusuan.schema import data_path

__all__ = ["families"]


@cache
def families() -> dict[str, tuple[str, ...]]:
    """Each property of others (OpenBudgets.eu, PROV-O …) with all of ours below it, as IRIs.

    A statement with one below is one with that above (RDFS). The graph leaves these out, which
    would be a fifth more; the SPARQL endpoint reads them into queries instead.
    """
    direct: dict[str, dict[str, None]] = defaultdict(dict)
    path = data_path("ontology", "yusuan.ttl")
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        if quad.predicate.value == expand("rdfs:subPropertyOf"):
            assert isinstance(quad.subject, ox.NamedNode)
            assert isinstance(quad.object, ox.NamedNode)
            direct[quad.object.value][quad.subject.value] = None
    return {
        above: tuple(_below(above, direct)) for above in direct if not above.startswith(VOCABULARY)
    }


def _below(above: str, direct: dict[str, dict[str, None]]) -> dict[str, None]:
    found: dict[str, None] = {}
    left = [*direct[above]]
    while left:
        name = left.pop(0)
        if name not in found and name != above:
            found[name] = None
            left += direct.get(name, ())
    return found
