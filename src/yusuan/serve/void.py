"""``/.well-known/void``: what is in the graph and how to get at it, in VoID.

The numbers are counted in the store when first asked for, and again when it was rebuilt. Where
counting takes longer than a query may, they are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox

from yusuan.graph.prefixes import PREFIXES, expand
from yusuan.serve.site import Raw, Site
from yusuan.serve.sparql_page import PATH, VOID_PATH
from yusuan.serve.turtle import media_type_for, serialised
from yusuan.sparql import QueryPool, SparqlError, choose
from yusuan.sparql.transfer import usable_address

__all__ = ["dataset_iri", "void"]

_VOID = "http://rdfs.org/ns/void#"
_DCTERMS = PREFIXES["dcterms"]
_TYPE = ox.NamedNode(expand("rdf:type"))
_COUNTS = "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) { ?s ?p ?o }"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?n) { ?s ?name ?o } GROUP BY ?name ORDER BY ?name"
_CLASSES = "SELECT ?name (COUNT(DISTINCT ?s) AS ?n) { ?s a ?name } GROUP BY ?name ORDER BY ?name"
_EXAMPLE = f"SELECT ?s {{ ?s a <{expand('qb:Observation')}> }} ORDER BY ?s LIMIT 1"


def dataset_iri(base: str) -> str:
    """The IRI of the whole of a package's graph as a void:Dataset."""
    return base + VOID_PATH[1:] + "#dataset"


def void(site: Site, root: str, accept: str | None) -> Raw:
    """The description, with the addresses of this site (its own is `root`) for use."""
    if not usable_address(root):
        return Raw.sentence(400, "The Host of the request is not a valid host name.")
    offered = media_type_for(accept, None)
    # A browser is shown Turtle: the entity page of the catalogue is for people.
    media_type = "text/turtle" if offered == "text/html" else offered
    if media_type is None:
        return Raw.sentence(406, "The description comes as text/turtle, application/ld+json "
                            "or application/n-triples.")  # fmt: skip
    answer = serialised(_triples(site, root.rstrip("/")), media_type, site.package.base)
    return Raw(answer.status, answer.body, {**answer.headers, "Vary": "Accept, Host"})


def _triples(site: Site, root: str) -> Iterator[ox.Triple]:
    about, base = site.package.descriptor, site.package.base
    dataset = ox.NamedNode(dataset_iri(base))
    document = ox.NamedNode(base + VOID_PATH[1:])
    yield ox.Triple(document, _TYPE, _void("DatasetDescription"))
    yield ox.Triple(document, ox.NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), dataset)
    yield ox.Triple(dataset, _TYPE, _void("Dataset"))
    yield ox.Triple(dataset, ox.NamedNode(_DCTERMS + "title"), ox.Literal(about["title"]))
    yield ox.Triple(
        dataset, ox.NamedNode(_DCTERMS + "description"), ox.Literal(about["description"])
    )
    for licence in about.get("licenses", ()):
        if path := licence.get("path"):
            yield ox.Triple(dataset, ox.NamedNode(_DCTERMS + "license"), ox.NamedNode(path))
    for name, iri in (
        ("sparqlEndpoint", root + PATH),
        ("dataDump", f"{root}/-/package/graph/budget.trig"),
        ("rootResource", base + "id/catalog"),
    ):
        yield ox.Triple(dataset, _void(name), ox.NamedNode(iri))
    yield ox.Triple(dataset, _void("uriSpace"), ox.Literal(base))
    store = site.package.folder / "graph" / "store" / "CURRENT"
    try:
        found = _counted(site.visitors, store.stat().st_mtime_ns)
    except (SparqlError, OSError):
        return  # without numbers rather than with wrong ones
    yield from _statistics(dataset, *found)


@lru_cache(maxsize=4)
def _counted(pool: QueryPool, version: int) -> tuple[list[dict[str, str]], ...]:
    """Examples, counts, classes and properties of the store in its present version."""
    queries = (_EXAMPLE, _COUNTS, _CLASSES, _PROPERTIES)
    return tuple(_rows(pool, query) for query in queries)


def _statistics(
    dataset: ox.NamedNode,
    examples: list[dict[str, str]],
    counted: list[dict[str, str]],
    classes: list[dict[str, str]],
    properties: list[dict[str, str]],
) -> Iterator[ox.Triple]:
    """Counts, and a partition for each class and property, named by its IRI."""
    (counts,) = counted
    for row in examples:
        yield ox.Triple(dataset, _void("exampleResource"), ox.NamedNode(row["s"]))
    numbers = {
        "triples": int(counts["triples"]),
        "distinctSubjects": int(counts["subjects"]),
        "classes": len(classes),
        "properties": len(properties),
    }
    for name, number in numbers.items():
        yield ox.Triple(dataset, _void(name), ox.Literal(number))
    used = {row["name"] for row in (*classes, *properties)}
    for namespace in PREFIXES.values():
        if any(iri.startswith(namespace) for iri in used):
            yield ox.Triple(dataset, _void("vocabulary"), ox.NamedNode(namespace))
    for rows, kind, count in ((classes, "class", "entities"), (properties, "property", "triples")):
        for row in rows:
            part = ox.NamedNode(f"{dataset.value}-{kind}-{quote(row['name'], safe='')}")
            yield ox.Triple(dataset, _void(f"{kind}Partition"), part)
            yield ox.Triple(part, _void(kind), ox.NamedNode(row["name"]))
            yield ox.Triple(part, _void(count), ox.Literal(int(row["n"])))


def _rows(pool: QueryPool, query: str) -> list[dict[str, str]]:
    result = json.loads(pool.run(query, choose(None, "json")).body)
    return [
        {name: term["value"] for name, term in row.items()} for row in result["results"]["bindings"]
    ]


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID + name)
