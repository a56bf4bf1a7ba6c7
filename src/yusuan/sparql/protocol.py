"""The SPARQL 1.1 Protocol's query operation, independent of any web framework.

A request goes in as plain values, a response comes out as plain values; blocking, so an async
server calls it in a thread. Section numbers refer to the W3C SPARQL 1.1 Protocol.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from . import negotiate, transfer
from .describe import service_description
from .errors import BadQuery, NotAcceptable, QueryRefused, ServiceBusy, SparqlError
from .pool import QueryPool

# A query's limit is 100 kB; as a form every byte of it may take three.
MAX_BODY = 400_000
ENGINE = "Yusuan-Engine"
"""The header that says what answered: ``rows`` (SQL), or ``store`` (Oxigraph)."""
_METHODS = "GET, HEAD, POST, OPTIONS"
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_TEXT = "text/plain; charset=utf-8"
_READ_ONLY = "This endpoint is read-only: updates are not possible. Send a query instead."


@dataclass(frozen=True, slots=True)
class Request:
    """`query_string` is raw, without the `?`; header names may have any case."""

    method: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """Everything a server needs to answer; `body` is empty for HEAD."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class _TooLong(SparqlError):
    status = 413


class _WrongType(SparqlError):
    status = 415


@dataclass(frozen=True, slots=True)
class _Parameters:
    """What a request may say: the query (exactly one), its dataset and a format."""

    queries: tuple[str, ...]
    updates: tuple[str, ...]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None
    explain: bool = False


def handle(
    request: Request, pool: QueryPool, endpoint: str, dataset: str | None = None
) -> Response | None:
    """Answer one request to the service at `endpoint` (its full URL), which offers `dataset`, the
    IRI of a void:Dataset.

    None: a browser asked for the page itself, without a query; show it a form. Every error is a
    response: its status from `errors` (or 405, 413, 415), its body a sentence in plain text.
    """
    method = request.method.upper()
    if method == "OPTIONS":
        return _respond(204, {"Allow": _METHODS}, b"")
    if method not in ("GET", "HEAD", "POST"):
        message = f"{request.method[:20]} is not supported here; use GET or POST."
        return _respond(405, {"Allow": _METHODS, "Content-Type": _TEXT}, message.encode())
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        if not transfer.usable_address(endpoint):
            raise BadQuery("The Host of the request is not a valid host name.")
        response = _answer(request, method, headers, pool, endpoint, dataset)
    except SparqlError as error:
        extra = {"Retry-After": "5"} if isinstance(error, ServiceBusy) else {}
        extra["Content-Type"] = _TEXT
        response = _respond(error.status, extra, f"{error}\n".encode())
    if response is None:
        return None
    response = _transferred(response, headers, revalidates=method != "POST")
    return Response(response.status, response.headers, b"") if method == "HEAD" else response


def _transferred(response: Response, headers: Mapping[str, str], revalidates: bool) -> Response:
    """A success as its client takes it: not again if unchanged, compressed if asked for."""
    if response.status != 200:
        return response
    body, sent = response.body, dict(response.headers)
    sent["Vary"] = "Accept, Accept-Encoding"
    sent["Cache-Control"] = "no-cache"  # to be kept, but asked about before it is used again
    if revalidates:
        sent["ETag"] = transfer.entity_tag(body, sent["Content-Type"])
        if transfer.matches(headers.get("if-none-match"), sent["ETag"]):
            kept = {name: value for name, value in sent.items() if not name.startswith("Content-")}
            return Response(304, kept, b"")
    if transfer.takes_gzip(headers.get("accept-encoding")):
        body, sent = transfer.compressed(body, sent)
        sent["Content-Length"] = str(len(body))
    return Response(200, sent, body)


def _answer(
    request: Request,
    method: str,
    headers: Mapping[str, str],
    pool: QueryPool,
    endpoint: str,
    dataset: str | None,
) -> Response | None:
    accept = headers.get("accept")
    if method == "POST":
        given = _post_parameters(request, headers)
    else:
        given = _parameters(request.query_string)
        if not (given.queries or given.updates or given.default_graphs or given.named_graphs):
            return _without_query(accept, given.format, endpoint, dataset)
    if given.updates:
        raise QueryRefused(_READ_ONLY)
    if len(given.queries) != 1:
        raise BadQuery(
            f"The request has {len(given.queries)} queries; send exactly one, "
            "as the parameter `query` or as the body of a POST."
        )
    result = pool.run(
        given.queries[0],
        negotiate.choose(accept, given.format),
        default_graphs=given.default_graphs,
        named_graphs=given.named_graphs,
        base=endpoint,
        explain=given.explain,
    )
    found = {"Content-Type": result.media_type, ENGINE: result.engine}
    return _respond(200, found, result.body)


def _post_parameters(request: Request, headers: Mapping[str, str]) -> _Parameters:
    """The two kinds of POST: a form (section 2.1.2) or the query itself (section 2.1.3)."""
    content_type, _, rest = headers.get("content-type", "").partition(";")
    media_type = content_type.strip().lower()
    if media_type == _UPDATE:
        raise QueryRefused(_READ_ONLY)
    if media_type not in (_FORM, _QUERY):
        raise _WrongType(
            f"A POST must be {_QUERY} or {_FORM}, "
            f"and say so in Content-Type (which is {media_type[:60] or 'missing'})."
        )
    if len(request.body) > MAX_BODY:
        raise _TooLong(f"The request is too long; at most {MAX_BODY} bytes are read.")
    text = _decode(request.body, rest)
    if media_type == _QUERY:
        given = _parameters(request.query_string)
        queries = (text, *given.queries)
        return replace(given, queries=queries)
    # A form carries everything in its body. Clients also send dataset parameters in the URL, and
    # nothing is gained by ignoring them.
    return _parameters("&".join(part for part in (request.query_string, text) if part))


def _decode(body: bytes, content_type_parameters: str) -> str:
    """Section 2.1.3: the encoding is UTF-8, whatever else a client may declare."""
    for parameter in content_type_parameters.split(";"):
        name, _, value = parameter.partition("=")
        charset = value.strip(" \"'").lower()
        if name.strip().lower() == "charset" and charset not in ("utf-8", "utf8", "us-ascii"):
            raise BadQuery("The query must be encoded as UTF-8.")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadQuery("The query is not valid UTF-8.") from None


def _parameters(query_string: str) -> _Parameters:
    try:
        pairs = parse_qsl(
            query_string, keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except UnicodeDecodeError:
        raise BadQuery("A parameter is not percent-encoded UTF-8.") from None
    except ValueError:
        raise BadQuery("The request has more than 1000 parameters.") from None
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    formats = values.get("format", [])
    return _Parameters(
        queries=tuple(values.get("query", ())),
        updates=tuple(values.get("update", ())),
        default_graphs=tuple(values.get("default-graph-uri", ())),
        named_graphs=tuple(values.get("named-graph-uri", ())),
        format=formats[0] if formats else None,
        explain="explain" in values,
    )


def _without_query(
    accept: str | None, format_name: str | None, endpoint: str, dataset: str | None
) -> Response | None:
    """A description of the service for programs, None (a form) for browsers."""
    formats = {f.media_type: f for f in negotiate.GRAPH_FORMATS}
    if format_name:
        chosen = negotiate.choose(None, format_name).graph
    else:
        # HTML last: a client that takes anything, like curl, gets RDF.
        best = negotiate.preferred(accept, [*formats, "text/html"])
        if best == "text/html":
            return None
        chosen = formats.get(best or "")
    if chosen is None:
        raise NotAcceptable(f"The service description comes as {', '.join(formats)}.")
    body = service_description(endpoint, chosen, dataset)
    return _respond(200, {"Content-Type": chosen.content_type}, body)


def _respond(status: int, headers: Mapping[str, str], body: bytes) -> Response:
    """Add what every response has: its length and the permission to read it from any site."""
    common = {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": _METHODS,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
        "Access-Control-Expose-Headers": f"ETag, Retry-After, {ENGINE}",
        "X-Content-Type-Options": "nosniff",
    }
    if status != 204:
        common["Content-Length"] = str(len(body))
    return Response(status, {**common, **headers}, body)
