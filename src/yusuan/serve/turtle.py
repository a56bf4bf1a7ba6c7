"""RDF out of the graph as Turtle, JSON-LD or N-Triples, with readable prefixes."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import pyoxigraph as ox

from yusuan.graph.prefixes import PREFIXES, expand
from yusuan.serve.site import Raw, Site
from yusuan.sparql import choose
from yusuan.sparql.negotiate import preferred

__all__ = ["RDF_SUFFIXES", "as_rdf", "media_type_for"]

RDF_SUFFIXES = {".ttl": "Turtle", ".jsonld": "JSON-LD", ".nt": "N-Triples"}
_MEDIA_TYPES = {
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
}
_COMMENT = ox.NamedNode(expand("rdfs:comment"))
# HTML last: a client that takes anything, like curl, gets RDF; browsers ask for HTML.
_OFFERS = [*_MEDIA_TYPES.values(), "text/html"]


def media_type_for(accept: str | None, suffix: str | None) -> str | None:
    """What to answer in; a suffix of the address wins over the Accept header.

    >>> media_type_for("text/html,*/*;q=0.8", None), media_type_for("text/html", ".nt")
    ('text/html', 'application/n-triples')
    """
    return _MEDIA_TYPES[suffix] if suffix else preferred(accept, _OFFERS)


def as_rdf(
    site: Site, query: str, media_type: str, comments: Mapping[str, str] | None = None
) -> Raw:
    """The graph a CONSTRUCT query gives, serialised, with an rdfs:comment on each of some IRIs.

    The worker writes plain N-Triples; only here do they get prefixes.
    """
    result = site.own.run(query, choose(None, "ntriples"))
    triples = (each.triple for each in ox.parse(result.body, format=ox.RdfFormat.N_TRIPLES))
    told = (
        ox.Triple(ox.NamedNode(iri), _COMMENT, ox.Literal(text, language="en"))
        for iri, text in (comments or {}).items()
    )
    return serialised(chain(told, triples), media_type, site.package.base)


def serialised(triples: object, media_type: str, base: str | None = None) -> Raw:
    """Triples as a complete response."""
    chosen = ox.RdfFormat.from_media_type(media_type)
    body = ox.serialize(triples, format=chosen, prefixes=PREFIXES)  # type: ignore[arg-type]
    assert body is not None  # no output was given, so the bytes are returned
    charset = "; charset=utf-8" if media_type == "text/turtle" else ""
    return Raw(
        200,
        body,
        {
            "Content-Type": media_type + charset,
            "Vary": "Accept",
            "Access-Control-Allow-Origin": "*",
            "X-Content-Type-Options": "nosniff",
        },
    )
