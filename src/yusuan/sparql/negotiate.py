"""Choosing a result format from an Accept header or a `format=` parameter.

A query's kind (solutions, boolean or graph) is known only once it has been parsed, in the
worker. So negotiation yields a `Choice`: the format to use for each of the two families.

Accept follows RFC 9110 section 12.5.1: the most specific matching range decides a type's
quality, `q=0` excludes it, and the server's own order breaks ties.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import NotAcceptable


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """`media_type` is what the engine is asked for, `content_type` what the client is told."""

    name: str
    media_type: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Choice:
    """`results` serves SELECT and ASK, `graph` serves CONSTRUCT and DESCRIBE; None: neither."""

    results: ResultFormat | None
    graph: ResultFormat | None


_JSON = "application/sparql-results+json"
RESULT_FORMATS = (
    ResultFormat("json", _JSON, _JSON),
    ResultFormat("xml", "application/sparql-results+xml", "application/sparql-results+xml"),
    ResultFormat("csv", "text/csv", "text/csv; charset=utf-8"),
    ResultFormat("tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
)
GRAPH_FORMATS = (
    ResultFormat("turtle", "text/turtle", "text/turtle; charset=utf-8"),
    ResultFormat("ntriples", "application/n-triples", "application/n-triples"),
    ResultFormat("jsonld", "application/ld+json", "application/ld+json"),
    ResultFormat("rdfxml", "application/rdf+xml", "application/rdf+xml"),
)
DEFAULT = Choice(RESULT_FORMATS[0], GRAPH_FORMATS[0])

# Offered after the proper types, so that only a client asking for plain JSON gets it by that name.
_PLAIN_JSON = "application/json"
_RESULT_OFFERS = {
    **{f.media_type: f for f in RESULT_FORMATS},
    _PLAIN_JSON: ResultFormat("json", _JSON, _PLAIN_JSON),
}
_GRAPH_OFFERS = {
    **{f.media_type: f for f in GRAPH_FORMATS},
    _PLAIN_JSON: ResultFormat("jsonld", "application/ld+json", _PLAIN_JSON),
}
_BY_NAME = {f.name: f for f in (*RESULT_FORMATS, *GRAPH_FORMATS)}
_NAMES = {
    **{name: Choice(_BY_NAME[name], None) for name in ("csv", "tsv")},
    **{name: Choice(None, _BY_NAME[name]) for name in ("turtle", "ntriples", "jsonld", "rdfxml")},
    "ttl": Choice(None, _BY_NAME["turtle"]),
    "nt": Choice(None, _BY_NAME["ntriples"]),
    "rdf": Choice(None, _BY_NAME["rdfxml"]),
    # "as JSON" and "as XML" make sense for either kind of result.
    "json": Choice(_BY_NAME["json"], _BY_NAME["jsonld"]),
    "xml": Choice(_BY_NAME["xml"], _BY_NAME["rdfxml"]),
}


def choose(accept: str | None, format_name: str | None = None) -> Choice:
    """The formats for this request; `format_name` (a short name or media type) wins over Accept.

    Raises NotAcceptable when neither family has an acceptable format. A Choice with one None is
    fine at this stage: whether it fits is known when the query's kind is.
    """
    if format_name:
        return _by_name(format_name)
    choice = Choice(
        _RESULT_OFFERS.get(preferred(accept, list(_RESULT_OFFERS)) or ""),
        _GRAPH_OFFERS.get(preferred(accept, list(_GRAPH_OFFERS)) or ""),
    )
    if choice.results is None and choice.graph is None:
        raise NotAcceptable(f"No format in the Accept header is available. {available()}")
    return choice


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """The best of `offers` (media types, in the server's order) for an Accept header, or None.

    A missing or empty header accepts anything.
    """
    ranges = _parse(accept or "")
    if not ranges:
        return offers[0]
    best, best_q = None, 0.0
    for offer in offers:
        q = _quality(offer, ranges)
        if q > best_q:
            best, best_q = offer, q
    return best


def available() -> str:
    """A sentence naming every format, for error messages."""
    tables = ", ".join(f.media_type for f in RESULT_FORMATS)
    graphs = ", ".join(f.media_type for f in GRAPH_FORMATS)
    return f"SELECT and ASK come as {tables}; CONSTRUCT and DESCRIBE as {graphs}."


def _by_name(name: str) -> Choice:
    # An unescaped "+" in a query string arrives as a space.
    key = name.strip().lower().replace(" ", "+")
    choice = _NAMES.get(key) or Choice(_RESULT_OFFERS.get(key), _GRAPH_OFFERS.get(key))
    if choice.results is None and choice.graph is None:
        raise NotAcceptable(f"The format {name[:60]!r} is not available; use {', '.join(_NAMES)}.")
    return choice


def _parse(accept: str) -> list[tuple[str, float]]:
    """Media ranges with their quality; a malformed one is skipped."""
    ranges = []
    for part in accept.split(","):
        media, *params = (p.strip() for p in part.split(";"))
        if media.count("/") != 1:
            continue
        q = 1.0
        for param in params:
            key, _, value = param.partition("=")
            if key.strip().lower() == "q":
                try:
                    q = min(1.0, max(0.0, float(value)))
                except ValueError:
                    q = 0.0
        ranges.append((media.lower(), q))
    return ranges


def _quality(offer: str, ranges: list[tuple[str, float]]) -> float:
    for pattern in (offer, offer.split("/")[0] + "/*", "*/*"):
        for media, q in ranges:
            if media == pattern:
                return q
    return 0.0
