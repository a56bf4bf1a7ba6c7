"""The SPARQL 1.1 Protocol, one request and its response at a time."""

import gzip
from urllib.parse import quote, urlencode

import pytest
import rdflib

from yusuan.sparql import QueryPool, Request, Response, handle

ENDPOINT = "https://example.org/-/sparql"
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
Y2023 = "http://example.org/y2023"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/amount> ?o }"


def send(
    pool: QueryPool, method: str, query_string: str = "", body: bytes = b"", **headers: str
) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = handle(Request(method, query_string, named, body), pool, ENDPOINT)
    assert response is not None
    return response


def counted(response: Response) -> str:
    assert response.status == 200, response.body
    return response.body.decode().splitlines()[1]


def test_get(pool: QueryPool) -> None:
    response = send(pool, "GET", urlencode({"query": COUNT}), accept="text/csv")
    assert counted(response) == "4"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"


def test_post_as_a_form(pool: QueryPool) -> None:
    body = urlencode({"query": COUNT, "format": "csv"}).encode()
    assert counted(send(pool, "POST", "", body, Content_Type=FORM + "; charset=UTF-8")) == "4"


def test_post_directly(pool: QueryPool) -> None:
    response = send(pool, "POST", "", COUNT.encode(), CONTENT_TYPE=QUERY, accept="text/csv")
    assert counted(response) == "4"


@pytest.mark.parametrize("how", ["get", "form", "form and url", "direct"])
def test_the_request_names_the_dataset(pool: QueryPool, how: str) -> None:
    graph = urlencode({"default-graph-uri": Y2023, "format": "csv"})
    query = urlencode({"query": COUNT})
    response = {
        "get": lambda: send(pool, "GET", f"{query}&{graph}"),
        "form": lambda: send(pool, "POST", "", f"{query}&{graph}".encode(), content_type=FORM),
        "form and url": lambda: send(pool, "POST", graph, query.encode(), content_type=FORM),
        "direct": lambda: send(pool, "POST", graph, COUNT.encode(), content_type=QUERY),
    }[how]()
    assert counted(response) == "2"


def test_named_graphs(pool: QueryPool) -> None:
    query = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    two = [("named-graph-uri", Y2023), ("named-graph-uri", "http://example.org/y2024")]
    response = send(pool, "GET", urlencode([("query", query), ("format", "csv"), *two]))
    assert counted(response) == "2"


def test_a_graph_result(pool: QueryPool) -> None:
    params = urlencode({"query": "CONSTRUCT WHERE { ?s <http://example.org/amount> ?o }"})
    response = send(pool, "GET", params, accept="application/rdf+xml, */*;q=0.1")
    assert response.headers["Content-Type"] == "application/rdf+xml"
    assert len(rdflib.Graph().parse(data=response.body, format="xml")) == 4


ASK = urlencode({"query": "ASK {}"})


@pytest.mark.parametrize(
    ("method", "query_string", "body", "content_type", "status", "sentence"),
    [
        ("GET", f"{ASK}&{ASK}", b"", "", 400, "2 queries"),
        ("GET", "default-graph-uri=a:b", b"", "", 400, "0 queries"),
        ("GET", "query=", b"", "", 400, "empty"),
        ("GET", "query=ASK%20%7B", b"", "", 400, "not valid SPARQL"),
        ("GET", "query=ASK%20%7B%7D%FF", b"", "", 400, "UTF-8"),
        ("GET", f"{ASK}&default-graph-uri=no%20iri", b"", "", 400, "cannot be run"),
        ("GET", f"{ASK}&format=xlsx", b"", "", 406, "xlsx"),
        ("GET", f"{ASK}&format=ttl", b"", "", 406, "boolean"),
        ("GET", "update=CLEAR%20ALL", b"", "", 403, "read-only"),
        ("GET", "query=CLEAR%20ALL", b"", "", 403, "read-only"),
        ("GET", "a=b&" * 1001, b"", "", 400, "parameters"),
        ("POST", "", b"", FORM, 400, "0 queries"),
        ("POST", ASK, ASK.encode(), FORM, 400, "2 queries"),
        ("POST", "", b"update=CLEAR%20ALL", FORM, 403, "read-only"),
        ("POST", "", b"CLEAR ALL", "application/sparql-update", 403, "read-only"),
        ("POST", "", "ASK {}".encode("utf-16"), QUERY + "; charset=UTF-16", 400, "UTF-8"),
        ("POST", "", "ASK { ?s ?p '部' }".encode("gbk"), QUERY, 400, "UTF-8"),
        ("POST", "", b"ASK {}", "text/plain", 415, "text/plain"),
        ("POST", "", ASK.encode(), "", 415, "missing"),
        ("POST", "", b"query=" + b"x" * 400_000, FORM, 413, "too long"),
        ("PUT", ASK, b"", "", 405, "GET or POST"),
        ("DELETE", ASK, b"", "", 405, "GET or POST"),
    ],
)
def test_wrong_requests(
    pool: QueryPool,
    method: str,
    query_string: str,
    body: bytes,
    content_type: str,
    status: int,
    sentence: str,
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = handle(Request(method, query_string, headers, body), pool, ENDPOINT)
    assert response is not None
    assert response.status == status
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert sentence in response.body.decode()
    assert ("Allow" in response.headers) == (status == 405)


def test_chinese_survives_the_journey(pool: QueryPool) -> None:
    query = "SELECT ?s { ?s ?p '示例部'@zh }"
    response = send(pool, "GET", "format=csv&query=" + quote(query))
    assert counted(response) == "http://example.org/a"


def test_head_is_get_without_the_body(pool: QueryPool) -> None:
    got, head = send(pool, "GET", ASK), send(pool, "HEAD", ASK)
    assert (head.status, head.headers, head.body) == (got.status, got.headers, b"")
    assert head.headers["Content-Length"] == str(len(got.body))


def test_options_for_scripts_on_other_sites(pool: QueryPool) -> None:
    response = send(pool, "OPTIONS")
    assert response.status == 204
    assert response.headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("accept", "parser"),
    [("*/*", "turtle"), ("text/turtle", "turtle"), ("application/rdf+xml", "xml"), ("", "turtle")],
)
def test_without_a_query_the_service_describes_itself(
    pool: QueryPool, accept: str, parser: str
) -> None:
    response = send(pool, "GET", accept=accept)
    graph = rdflib.Graph().parse(data=response.body, format=parser)
    (service,) = graph.subjects(rdflib.RDF.type, SD.Service)
    assert (service, SD.endpoint, rdflib.URIRef(ENDPOINT)) in graph
    assert (service, SD.supportedLanguage, SD.SPARQL11Query) in graph
    assert (service, SD.feature, SD.UnionDefaultGraph) in graph
    assert len(list(graph.objects(service, SD.resultFormat))) == 8


def test_a_browser_without_a_query_gets_the_form(pool: QueryPool) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert handle(Request("GET", "", browser), pool, ENDPOINT) is None
    assert handle(Request("HEAD", "", browser), pool, ENDPOINT) is None


def test_no_description_in_an_image(pool: QueryPool) -> None:
    assert send(pool, "GET", accept="image/png").status == 406


def test_busy_says_when_to_retry(pool: QueryPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool._pool, "_wait", 0.0)
    taken = [pool._pool._slots.get(), pool._pool._slots.get()]
    try:
        response = send(pool, "GET", ASK)
    finally:
        for slot in taken:
            pool._pool._slots.put(slot)
    assert response.status == 503
    assert response.headers["Retry-After"] == "5"


def test_a_known_answer_is_not_sent_again(pool: QueryPool) -> None:
    first = send(pool, "GET", ASK)
    tag = first.headers["ETag"]
    again = send(pool, "GET", ASK, If_None_Match=f'"other", {tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["ETag"] == tag and again.headers["Vary"] == first.headers["Vary"]
    assert "Content-Length" not in again.headers and "Content-Type" not in again.headers
    assert send(pool, "HEAD", ASK, If_None_Match=tag).status == 304
    # Another answer, or the same in another format, has another tag.
    assert send(pool, "GET", ASK, If_None_Match=tag, Accept="text/csv").status != 304
    assert send(pool, "GET", urlencode({"query": COUNT}), If_None_Match=tag).status == 200
    assert "ETag" not in send(pool, "POST", "", b"ASK {}", content_type=QUERY).headers
    described = send(pool, "GET")
    assert send(pool, "GET", If_None_Match=described.headers["ETag"]).status == 304


def test_what_changes_with_every_run_is_never_the_same(pool: QueryPool) -> None:
    params = urlencode({"query": "SELECT (STRUUID() AS ?n) {}"})
    tag = send(pool, "GET", params).headers["ETag"]
    assert send(pool, "GET", params, If_None_Match=tag).status == 200


def test_a_long_answer_is_compressed_for_those_who_can_read_it(pool: QueryPool) -> None:
    params = urlencode({"query": "SELECT * { ?s ?p ?o }"})
    plain = send(pool, "GET", params, accept_encoding="br, gzip;q=0")
    packed = send(pool, "GET", params, accept_encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert len(packed.body) * 5 < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in send(pool, "GET", ASK, accept_encoding="gzip").headers


def test_relative_iris_are_relative_to_the_endpoint(pool: QueryPool) -> None:
    params = urlencode({"query": "CONSTRUCT { <s> <p> 1 } {}", "format": "nt"})
    assert send(pool, "GET", params).body.startswith(b"<https://example.org/-/s> ")


@pytest.mark.parametrize("host", ["a b", "a>", "", "[::"])
def test_a_host_that_is_none_is_a_bad_request(pool: QueryPool, host: str) -> None:
    for asked in (ASK, ""):
        response = handle(Request("GET", asked, {}), pool, f"http://{host}/-/sparql")
        assert response is not None and response.status == 400
        assert b"Host" in response.body


def test_the_description_names_the_dataset(pool: QueryPool) -> None:
    dataset = "https://example.org/.well-known/void#dataset"
    response = handle(Request("GET", "", {}), pool, ENDPOINT, dataset)
    assert response is not None
    graph = rdflib.Graph().parse(data=response.body, format="turtle")
    assert list(graph.objects(None, SD.defaultDataset)) == [rdflib.URIRef(dataset)]
