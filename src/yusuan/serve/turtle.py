"""RDF out of the graph as Turtle, JSON-LD or N-Triples, with readable prefixes."""

from __future__ import annotations

import pyoxigraph as ox

from yusuan.graph.prefixes import PREFIXES
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
# HTML last: a client that takes anything, like curl, gets RDF; browsers ask for HTML.
_OFFERS = [*_MEDIA_TYPES.values(), "text/html"]


def media_type_for(accept: str | None, suffix: str | None) -> str | None:
    """What to answer in; a suffix of the address wins over the Accept header.

    >>> media_type_for("text/html,*/*;q=0.8", None), media_type_for("text/html", ".nt")
    ('text/html', 'application/n-triples')
    """
    return _MEDIA_TYPES[suffix] if suffix else preferred(accept, _OFFERS)


def as_rdf(site: Site, query: str, media_type: str) -> Raw:
    """The graph a CONSTRUCT query gives, serialised.

    The worker writes plain N-Triples; only here do they get prefixes.
    """
    result = site.own.run(query, choose(None, "ntriples"))
    triples = ox.parse(result.body, format=ox.RdfFormat.N_TRIPLES)
    return serialised((each.triple for each in triples), media_type, site.package.base)


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
